//! Dashboards that nobody would write: each is read, every panel of it is something that has a name, and what is wrong is told
//! with its place.
#![allow(clippy::unwrap_used)]

use dashboard::{Imported, export, import};
use serde_json::{Value, json};

/// Imports `file`: the names of its panels' kinds, and the places of what is told, each once.
fn check(file: &Value, kinds: &[&str], told: &[&str]) -> Imported {
    let imported = import(&file.to_string()).unwrap_or_else(|error| panic!("{error}: {file}"));
    let found: Vec<&str> = imported.dashboard.panels.iter().map(|panel| panel.kind.name()).collect();
    assert_eq!(found, kinds, "{file}");
    let mut places: Vec<&str> = imported.notes.iter().map(|note| note.path.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places, told, "{:#?}", imported.notes);
    assert!(imported.notes.iter().all(|note| !note.what.is_empty()));
    // What is written of it is read again.
    import(&export::to_text(&imported.dashboard)).unwrap();
    imported
}

fn refused(text: &str) {
    let error = import(text).map(|imported| imported.dashboard).unwrap_err();
    assert!(!error.message.is_empty());
}

#[test]
fn what_is_no_dashboard_is_refused() {
    for text in ["", "null", "[]", "7", "\"panels\"", "{", "{\"panels\":", "\u{feff}", "[{\"panels\":[]}]"] {
        refused(text);
    }
    refused(&"[".repeat(100_000));
    refused(&("{\"panels\":".repeat(50_000) + "1"));
}

#[test]
fn null_everywhere() {
    let file = json!({
        "schemaVersion": 42, "title": null, "uid": null, "tags": null, "time": null, "timepicker": null, "refresh": null,
        "templating": null, "annotations": null, "links": null, "graphTooltip": null, "panels": [
            { "id": null, "type": "timeseries", "title": null, "gridPos": null, "targets": null, "fieldConfig": null,
              "options": null, "links": null, "transformations": null, "datasource": null, "repeat": null },
            null,
            { "type": "stat", "targets": [null], "options": { "reduceOptions": null }, "fieldConfig": { "defaults": null, "overrides": null } },
        ],
    });
    check(&file, &["timeseries", "stat"], &["panels[1]"]);
}

#[test]
fn wrong_types_everywhere() {
    let file = json!({
        "schemaVersion": "42", "title": 7, "uid": [], "tags": "a", "time": [1, 2], "refresh": {}, "links": { "title": "x" },
        "templating": { "list": { "0": { "name": "x" } } }, "annotations": [], "panels": [
            { "type": "timeseries", "title": ["a"], "gridPos": "wide", "targets": { "refId": "A", "expr": "up" },
              "fieldConfig": [], "options": "legend" },
            { "type": 12, "title": true },
            "panel",
            { "type": "table", "targets": [{ "expr": { "query": "up" }, "refId": 3 }], "transformations": "organize" },
        ],
    });
    let imported = import(&file.to_string()).unwrap();
    assert_eq!(imported.dashboard.panels.len(), 3);
    let places: Vec<&str> = imported.notes.iter().map(|note| note.path.as_str()).collect();
    for place in ["panels[0].gridPos", "panels[0].targets", "panels[1]", "panels[2]", "tags", "time"] {
        assert!(places.iter().any(|told| told.starts_with(place)), "{place} in {places:?}");
    }
}

#[test]
fn lists_for_objects_and_objects_for_lists() {
    let file = json!({ "schemaVersion": 42, "panels": { "0": { "type": "stat" } }, "title": "x" });
    check(&file, &[], &["panels"]);
    let file = json!([{ "type": "stat" }]);
    refused(&file.to_string());
    let file = json!({ "schemaVersion": 42, "panels": [[{ "type": "stat" }], { "type": "stat", "fieldConfig": { "defaults": [],
        "overrides": { "matcher": {} } }, "options": [] }] });
    let imported = import(&file.to_string()).unwrap();
    assert_eq!(imported.dashboard.panels.len(), 1);
    let places: Vec<&str> = imported.notes.iter().map(|note| note.path.as_str()).collect();
    assert!(places.contains(&"panels[0]") && places.contains(&"panels[1].fieldConfig.overrides"), "{places:?}");
}

#[test]
fn numbers_beyond_all_measure() {
    let panel = |id: f64| {
        json!({ "type": "timeseries", "id": id, "gridPos": { "x": 1e300, "y": -1e300, "w": 1e18, "h": 1e18 }, "maxDataPoints": 1e300,
        "fieldConfig": { "defaults": { "decimals": 1e9, "min": 1e308, "max": -1e308, "custom": { "lineWidth": 1e300, "pointSize": -1e300,
        "insertNulls": 1e300, "spanNulls": -1e300, "barAlignment": 1e9 } } }, "targets": [{ "expr": "up", "intervalFactor": 1e18 }] })
    };
    let file = json!({ "schemaVersion": 1e300, "refresh": "99999999999999999999d", "time": { "from": "now-99999999999999y", "to": "now" },
        "panels": [panel(1e300), panel(-1.5), panel(0.0)] });
    let imported = import(&file.to_string()).unwrap();
    assert_eq!(imported.dashboard.panels.len(), 3);
    let ids: std::collections::BTreeSet<u32> = imported.dashboard.panels.iter().map(|panel| panel.id).collect();
    assert_eq!(ids.len(), 3, "every panel has an id of its own");
    let text = r#"{"schemaVersion":42,"panels":[{"type":"stat","id":1e999,"gridPos":{"h":-0,"w":1e-999}}]}"#;
    let _ = import(text).map(|imported| assert_eq!(imported.dashboard.panels.len(), 1));
}

#[test]
fn deep_nesting() {
    let mut row = json!({ "type": "text", "title": "innermost" });
    for _ in 0..40 {
        row = json!({ "type": "row", "collapsed": true, "panels": [row] });
    }
    let imported = import(&json!({ "schemaVersion": 42, "panels": [row] }).to_string()).unwrap();
    assert_eq!(imported.dashboard.panels.len(), 41, "rows in rows stand one after the other");
    let mut layout = json!({ "kind": "GridLayout", "spec": { "items": [] } });
    for _ in 0..20 {
        layout = json!({ "kind": "TabsLayout", "spec": { "tabs": [{ "kind": "TabsLayoutTab", "spec": { "title": "t", "layout": layout } }] } });
    }
    let spec = json!({ "title": "deep", "elements": {}, "layout": layout });
    let imported =
        import(&json!({ "apiVersion": "dashboard.grafana.app/v2", "kind": "Dashboard", "spec": spec }).to_string())
            .unwrap();
    assert!(!imported.notes.is_empty(), "tabs in tabs in tabs are told");
}

#[test]
fn constants_that_ask_for_each_other() {
    let title = |constants: &[(&str, &str)], title: &str| {
        let input = |(name, value): &(&str, &str)| json!({ "name": name, "type": "constant", "value": value });
        let inputs: Vec<Value> = constants.iter().map(input).collect();
        let file = json!({ "schemaVersion": 42, "__inputs": inputs, "panels": [{ "type": "stat", "title": title }] });
        import(&file.to_string()).unwrap().dashboard.panels.remove(0).title
    };
    assert_eq!(title(&[("A", "a"), ("B", "b")], "${A}} ${B}$ ${C} ${ {A} $A}"), "a} b$ ${C} ${ {A} $A}");
    assert_eq!(title(&[("A", "${B}${B}"), ("B", "${A}${A}")], "${A}"), "${B}${B}");
    assert_eq!(title(&[("", "x")], "${}"), "${}");
    let long = "x".repeat(100_000);
    assert!(title(&[("A", &long)], &"${A}".repeat(1_000)).len() < 11_000_000);
}

#[test]
fn schema_v2_with_parts_missing() {
    let wrapped =
        |spec: Value| json!({ "apiVersion": "dashboard.grafana.app/v2beta1", "kind": "Dashboard", "spec": spec });
    check(&wrapped(json!({ "title": "bare", "elements": {} })), &[], &[]);
    check(
        &wrapped(json!({ "title": "no layout", "elements": { "a": { "kind": "Panel", "spec": { "id": 1, "title": "a",
        "vizConfig": { "kind": "stat", "spec": {} } } } } })),
        &[],
        &["spec.elements.a"],
    );
    let dangling = json!({ "kind": "GridLayout", "spec": { "items": [
        { "kind": "GridLayoutItem", "spec": { "x": 0, "y": 0, "width": 6, "height": 4, "element": { "kind": "ElementReference", "name": "gone" } } },
        { "kind": "GridLayoutItem", "spec": {} }, { "kind": "GridLayoutItem" }, null, 7,
    ] } });
    let imported = import(&wrapped(json!({ "title": "x", "elements": {}, "layout": dangling })).to_string()).unwrap();
    let places: Vec<&str> = imported.notes.iter().map(|note| note.path.as_str()).collect();
    let items = "spec.layout.spec.items";
    let told = [format!("{items}[4]"), format!("{items}[0].spec.element"), format!("{items}[1].spec.element")];
    assert_eq!(imported.dashboard.panels.len(), 0);
    assert!(told.iter().all(|place| places.contains(&place.as_str())), "{places:?}");
    for (elements, layout) in [
        (json!({}), json!([])),
        (
            json!({ "a": null, "b": 7, "c": { "kind": "Panel" }, "d": { "kind": "LibraryPanel", "spec": { "id": 2 } } }),
            json!(null),
        ),
        (
            json!({ "a": { "kind": "Panel", "spec": { "data": { "spec": { "queries": { "0": {} }, "transformations": 3 } } } } }),
            json!("x"),
        ),
    ] {
        import(
            &wrapped(
                json!({ "title": "x", "elements": elements, "layout": layout, "variables": {}, "annotations": 3 }),
            )
            .to_string(),
        )
        .unwrap();
    }
}

#[test]
fn the_oldest_with_wrong_parts() {
    let file = json!({ "title": "rows", "schemaVersion": 6, "rows": [
        { "panels": { "type": "graph" } }, null, 4,
        { "height": { "px": 4 }, "panels": [{ "type": "graph", "span": "half", "yaxes": {}, "seriesOverrides": { "alias": "x" },
            "legend": [], "grid": 3, "aliasColors": [], "thresholds": {}, "tooltip": 7, "xaxis": [] },
          { "type": "singlestat", "gauge": [], "thresholds": [1, 2], "valueMaps": { "x": 1 }, "colors": "red", "sparkline": true },
          { "type": "table", "styles": { "pattern": 1 }, "columns": 7, "sort": [] }, { "type": "text", "content": {} }] },
    ] });
    let imported = import(&file.to_string()).unwrap();
    let kinds: Vec<&str> =
        imported.dashboard.panels.iter().map(|panel| panel.kind.name()).filter(|kind| *kind != "row").collect();
    assert_eq!(kinds, ["timeseries", "stat", "table", "text"]);
    let places: Vec<&str> = imported.notes.iter().map(|note| note.path.as_str()).collect();
    for place in ["rows[3].panels[0]", "rows[3].panels[1]", "rows[3].panels[2]"] {
        assert!(places.iter().any(|told| told.starts_with(place)), "{place} in {places:?}");
    }
}

#[test]
fn thousands_of_everything() {
    let panel = json!({ "type": "stat", "targets": vec![json!({ "expr": "up" }); 300] });
    let file = json!({ "schemaVersion": 42, "panels": vec![panel; 30], "tags": vec!["t"; 5_000],
        "templating": { "list": vec![json!({ "name": "v", "type": "custom", "query": "a,b" }); 3_000] },
        "annotations": { "list": vec![json!({ "name": "a", "expr": "up" }); 3_000] } });
    let imported = import(&file.to_string()).unwrap();
    assert_eq!(imported.dashboard.panels.len(), 30);
    assert!(imported.dashboard.annotations.len() <= 100 && imported.dashboard.panels[0].targets.len() <= 200);
}

#[test]
fn strange_texts() {
    let strange = "\u{0}\u{202e}<script>alert(1)</script>${${__proto__}}[[]]{{}}\u{ffff}😀".repeat(50);
    let file = json!({ "schemaVersion": 42, "title": strange, "panels": [
        { "type": strange, "title": strange, "description": strange, "targets": [{ "expr": strange, "legendFormat": strange }] },
        { "type": "constructor" }, { "type": "__proto__" }, { "type": "" }, {},
    ] });
    let imported = import(&file.to_string()).unwrap();
    assert_eq!(imported.dashboard.panels.len(), 5);
    let unsupported = |place: &str| imported.notes.iter().any(|note| note.path == place);
    assert!((0..5).all(|panel| unsupported(&format!("panels[{panel}]"))), "{:?}", imported.notes);
}
