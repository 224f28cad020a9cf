//! Variables, and links with variables in them.

use crate::{import_json, import_panel};
use dashboard::model::LinkTarget;
use serde_json::{Value, json};

#[test]
fn variables_of_older_versions() {
    let check = |version: u32, old: Value, expected: Value| {
        let variable = |version: u32, json: &Value| {
            let json = json!({"schemaVersion": version, "templating": {"list": [json]}, "panels": []});
            format!("{:?}", import_json(&json).dashboard.variables)
        };
        assert_eq!(variable(version, &old), variable(42, &expected), "{old}");
    };
    check(5, json!({"name": "a", "query": "up"}), json!({"name": "a", "type": "query", "query": "up", "refresh": 1}));
    check(
        11,
        json!({"name": "a", "type": "custom", "query": "1", "hideLabel": true}),
        json!({"name": "a", "type": "custom", "query": "1", "hide": 1}),
    );
    let custom =
        |current: Value| json!({"name": "a", "type": "custom", "query": "1,2", "multi": false, "current": current});
    check(22, custom(json!({"text": ["1"], "value": ["1", "2"]})), custom(json!({"text": "1", "value": "1"})));
    check(22, custom(json!({"text": [], "value": []})), custom(json!({"text": "", "value": ""})));
    check(
        26,
        json!({"name": "a", "type": "constant", "query": "1", "hide": 0}),
        json!({"name": "a", "type": "textbox", "query": "1", "current": {"text": "1", "value": "1"}}),
    );
    check(
        26,
        json!({"name": "a", "type": "constant", "query": "1", "hide": 2}),
        json!({"name": "a", "type": "constant", "query": "1"}),
    );
    check(
        28,
        json!({"name": "a", "type": "query", "query": "up", "refresh": 0}),
        json!({"name": "a", "type": "query", "query": "up", "refresh": 1}),
    );
    check(
        28,
        json!({"name": "a", "type": "query", "query": "up", "refresh": 2}),
        json!({"name": "a", "type": "query", "query": "up", "refresh": 2}),
    );
}

#[test]
fn links_of_older_versions() {
    let check = |link: Value, url: &str| {
        let (panel, _) = import_panel(18, json!({"type": "text", "links": [link]}));
        assert_eq!(panel.links[0].target, LinkTarget::Url(url.to_owned()), "{link}");
    };
    check(json!({"dashboard": "Some Other: one", "type": "dashboard"}), "dashboard/db/some-other-one");
    check(json!({"dashUri": "db/x", "params": "a=1"}), "dashboard/db/x?a=1");
    check(json!({"url": "/x?b", "keepTime": true, "includeVars": true}), "/x?b&$__url_time_range&$__all_variables");
    check(json!({}), "/");
}

#[test]
fn names_in_data_links_of_older_versions() {
    let check = |version: u32, url: &str, expected: &str| {
        let old = json!({"type": "graph", "options": {"dataLinks": [{"title": "t", "url": url}]}});
        let (panel, _) = import_panel(version, old);
        let link = &panel.fields.defaults.links[0];
        assert_eq!(link.target, LinkTarget::Url(expected.to_owned()), "{version} {url}");
    };
    check(19, "/d/a?x=$__series_name", "/d/a?x=${__series.name}");
    check(20, "/d/a?x=${__series.labels.job}", "/d/a?x=${__field.labels.job}");
    check(21, "/d/a?x=${__field.labels.job}", "/d/a?x=${__field.labels.job}");
}
