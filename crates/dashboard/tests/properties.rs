//! Whatever comes from outside: nothing panics, and what is written reads back.

use dashboard::follow::{Catalog, Parameters, Surroundings};
use dashboard::grid::Cell;
use dashboard::interpolate::{Scope, Value};
use dashboard::link::SafeUrl;
use dashboard::model::{Candidate, VariableOption};
use dashboard::resolution::Wanted;
use dashboard::text::{self, Block, Inline};
use dashboard::time::{RawRange, parse_duration, parse_instant, url_time};
use dashboard::variable_query::VariableQuery;
use frame::{Millis, Zone, Zones};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}

/// A dashboard that uses most of what is read.
fn sample() -> Json {
    json!({
        "title": "Sample", "uid": "sample", "schemaVersion": 39, "tags": ["a"], "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"}, "timezone": "utc", "graphTooltip": 1,
        "__inputs": [{"name": "DS_X", "type": "datasource", "pluginId": "prometheus"}],
        "links": [{"title": "Docs", "url": "https://example.org", "type": "link"}],
        "templating": {"list": [
            {"name": "job", "type": "query", "query": "label_values(up, job)", "multi": true, "includeAll": true,
             "datasource": "${DS_X}", "current": {"text": "All", "value": ["$__all"]}, "sort": 1, "refresh": 2},
            {"name": "step", "type": "interval", "query": "1m,5m", "auto": true, "auto_count": 10},
            {"name": "mode", "type": "custom", "query": "a, b : c", "current": {"text": "a", "value": "a"}},
        ]},
        "panels": [
            {"type": "row", "title": "Row", "collapsed": true, "gridPos": {"x": 0, "y": 0, "w": 24, "h": 1}, "panels": [
                {"type": "stat", "title": "Up", "gridPos": {"x": 0, "y": 1, "w": 4, "h": 4},
                 "options": {"reduceOptions": {"calcs": ["mean"]}, "colorMode": "background", "graphMode": "none"}},
            ]},
            {"type": "timeseries", "title": "Rate $job", "id": 3, "gridPos": {"x": 0, "y": 9, "w": 12, "h": 8},
             "targets": [{"expr": "rate(x[$__rate_interval])", "legendFormat": "{{job}}"}, {"refId": "B", "hide": true}],
             "fieldConfig": {
                "defaults": {"unit": "reqps", "decimals": 1, "min": 0, "color": {"mode": "palette-classic"},
                    "thresholds": {"mode": "absolute", "steps": [{"value": null, "color": "green"}, {"value": 80, "color": "red"}]},
                    "mappings": [{"type": "value", "options": {"0": {"text": "down"}}},
                                 {"type": "special", "options": {"match": "nan", "result": {"text": "?"}}}],
                    "custom": {"drawStyle": "bars", "stacking": {"mode": "normal"}, "lineStyle": {"fill": "dash", "dash": [4, 4]}}},
                "overrides": [{"matcher": {"id": "byRegexp", "options": "/err.*/"},
                               "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}},
                                              {"id": "custom.lineWidth", "value": 3}]}]},
             "options": {"legend": {"displayMode": "table", "placement": "right", "calcs": ["max"]}}},
            {"type": "text", "gridPos": {"x": 12, "y": 9, "w": 12, "h": 8}, "options": {"mode": "markdown", "content": "# Hi"}},
        ],
    })
}

/// A value of every kind, to put where another kind is expected.
fn any_leaf() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        ".{0,12}".prop_map(Json::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([1, "a", null, {"x": []}])),
    ]
}

/// How many values there are in a document, itself included.
fn count(json: &Json) -> usize {
    1 + match json {
        Json::Array(items) => items.iter().map(count).sum(),
        Json::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

/// Replaces the value numbered `at`, counted in depth-first order.
fn replace(json: &mut Json, at: &mut usize, with: &Json) {
    if *at == 0 {
        *json = with.clone();
    }
    *at = at.wrapping_sub(1);
    match json {
        Json::Array(items) => items.iter_mut().for_each(|item| replace(item, at, with)),
        Json::Object(fields) => fields.values_mut().for_each(|value| replace(value, at, with)),
        _ => {}
    }
}

fn links(blocks: &[Block]) -> Vec<&SafeUrl> {
    fn of_inlines<'a>(inlines: &'a [Inline], found: &mut Vec<&'a SafeUrl>) {
        for inline in inlines {
            match inline {
                Inline::Link { url, content } => {
                    found.push(url);
                    of_inlines(content, found);
                }
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strikethrough(inner) => {
                    of_inlines(inner, found)
                }
                Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
            }
        }
    }
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { content, .. } | Block::Paragraph(content) => of_inlines(content, &mut found),
            Block::List { items, .. } => items.iter().for_each(|item| found.extend(links(item))),
            Block::Quote(inner) => found.extend(links(inner)),
            Block::Code { .. } | Block::Rule => {}
        }
    }
    found
}

proptest! {
    #[test]
    fn import_survives_wrong_types_anywhere(places in prop::collection::vec((any::<prop::sample::Index>(), any_leaf()), 1..4)) {
        let mut json = sample();
        for (place, leaf) in &places {
            let mut at = place.index(count(&json));
            replace(&mut json, &mut at, leaf);
        }
        if let Ok(imported) = dashboard::import(&json.to_string()) {
            for panel in &imported.dashboard.panels {
                let _ = panel.fields.resolve(Candidate { shown_name: "errors", metric_name: None, ref_id: "A" });
            }
            let panels = &imported.dashboard.panels;
            let all: Vec<_> = panels.iter().filter_map(|panel| panel.repeat.as_ref()).map(|repeat| {
                (repeat.variable.clone(), vec![VariableOption::plain("a"), VariableOption::plain("b")])
            }).collect();
            let instances = dashboard::repeat::expand(panels, &all).instances;
            let ids: std::collections::HashSet<_> = instances.iter().map(|instance| &instance.id).collect();
            prop_assert_eq!(ids.len(), instances.len());
            let cells = instances.iter().map(|instance| Cell::of(&panels[instance.index], instance.grid, false));
            prop_assert_eq!(dashboard::grid::layout(cells).len(), instances.len());
            let variables = &imported.dashboard.variables;
            let wanted = Wanted { asked: Vec::new(), range: None, now: Millis(0) };
            let scope = dashboard::resolution::without_asking(variables, wanted).scope;
            prop_assert!(variables.iter().all(|variable| scope.get(&variable.name).is_some()));
        }
    }

    #[test]
    fn import_survives_damaged_text(cut in any::<prop::sample::Index>(), inserted in ".{0,8}") {
        let text = sample().to_string();
        let at = cut.index(text.len());
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let _ = dashboard::import(&format!("{}{inserted}{}", &text[..at], &text[at..]));
        let _ = dashboard::import(&text[..at]);
    }

    #[test]
    fn import_survives_any_text(text in ".{0,200}") {
        let _ = dashboard::import(&text);
        let _ = VariableQuery::parse(&text);
    }

    #[test]
    fn interpolation_leaves_text_without_variables_alone(text in "[^$\\[]{0,60}") {
        prop_assert_eq!(Scope::default().promql(&text), text);
    }

    #[test]
    fn a_value_never_ends_the_literal_it_stands_in(value in ".{0,20}", quote in prop_oneof![Just('"'), Just('\'')]) {
        let mut scope = Scope::default();
        scope.set("v", Value::One(value.clone()));
        let written = scope.promql(&format!("{quote}$v{quote}"));
        let inner = &written[1..written.len() - 1];
        let mut letters = inner.chars();
        let mut read = String::new();
        while let Some(letter) = letters.next() {
            prop_assert!(letter != quote, "{} ends its literal", written);
            read.push(if letter == '\\' { letters.next().expect("a backslash escapes something") } else { letter });
        }
        prop_assert_eq!(read, value);
    }

    #[test]
    fn any_text_is_a_time_or_none(text in "(now)?[-+/]?[0-9]{0,6}[smhdwMQyf]{0,2}.{0,12}", round_up in any::<bool>()) {
        let _ = parse_instant(&text, Millis(1_749_994_662_123), &Zone::Utc, &Utc, round_up);
        let _ = RawRange::new(text.as_str(), "now").describe();
        let _ = parse_duration(&text);
        let _ = url_time(&text);
    }

    #[test]
    fn any_markdown_gives_safe_links_only(
        markdown in "([-*_#>`\\[\\]()!<~ \n0-9.]|\\]\\(|javascript:|data:|https://a\\.b/|<script>|<b>|text|\u{202e}){0,80}"
    ) {
        for url in links(&text::parse(&markdown)).into_iter().chain(links(&text::parse_html(&markdown))) {
            let lower = url.as_str().to_ascii_lowercase();
            prop_assert!(!lower.starts_with("javascript:") && !lower.starts_with("data:"), "{}", url);
            prop_assert!(!url.as_str().chars().any(char::is_control));
        }
    }
}

/// Texts made to be slow for a reader that looks ahead too often.
#[test]
fn hostile_markdown_takes_linear_time() {
    let markdown = [
        "*", "**a ", "[", "![", "[a](", "`a``", "<", "<a", "> ", "- ", "1. ", "~~", "_a", "&", "http://", "(((",
        "\n\n", "#",
    ];
    let html = ["<a href=/>", "<li>", "<b><p>", "<code>", "<ul>"];
    for part in markdown.into_iter().chain(html) {
        let text = part.repeat(50_000 / part.len());
        let _ = (text::parse(&text), text::parse_html(&text));
    }
    for part in ["${", "[[", "$", "${a:", "${a.", "[[a"] {
        let _ = Scope::default().promql(&part.repeat(50_000 / part.len()));
    }
    for part in ["$a", "](${a}"] {
        let _ = filled(&part.repeat(50_000 / part.len()));
    }
}

/// What nobody would read is not filled in.
#[test]
fn texts_are_cut_before_they_are_filled_in() {
    assert_eq!(filled(&"a".repeat(1_200_000)).len(), 1_000_000);
}

/// A text without variables.
fn filled(text: &str) -> String {
    let (scope, parameters, catalog) = (Scope::default(), Parameters::default(), NoDashboards);
    Surroundings { scope: &scope, parameters: &parameters, data: None, catalog: &catalog }.markup(text)
}

struct NoDashboards;

impl Catalog for NoDashboards {
    fn has(&self, _: &str) -> bool {
        false
    }

    fn by_slug(&self, _: &str) -> Option<String> {
        None
    }
}

/// Marks that nobody closes go on in each line that follows.
#[test]
fn hostile_html_is_no_larger_as_a_tree() {
    let long_link = format!("<a href=/{}>", "a".repeat(3_900));
    for open in [long_link, "<b>".repeat(16), "<ul>".repeat(100)] {
        let tree = text::parse_html(&(open + &"x<p>".repeat(100_000)));
        let size = format!("{tree:?}").len();
        assert!(size < 10_000_000, "{size} bytes");
    }
}

/// Files made to grow when they are read.
#[test]
fn hostile_dashboards_are_cut_to_size() {
    let panels = |count: usize| format!(r#"{{"panels": [{}]}}"#, vec!["{}"; count].join(","));
    let imported = dashboard::import(&panels(20_000)).expect("a dashboard");
    assert_eq!(imported.dashboard.panels.len(), 5_000);
    assert!(imported.notes.iter().any(|note| note.to_string() == "panels: only the first 5000 of 20000 are read"));

    let rows = vec![r#"{"type": "row", "panels": [{}, {}]}"#; 4_000].join(",");
    let imported = dashboard::import(&format!(r#"{{"panels": [{rows}]}}"#)).expect("a dashboard");
    assert!(imported.dashboard.panels.len() <= 5_001);

    let error = dashboard::import(&format!("{}{}", "[".repeat(1_000), "]".repeat(1_000))).expect_err("too deep");
    assert_eq!(error.to_string(), "not JSON at line 1, column 128: nested too deeply");
    let error = dashboard::import(&" ".repeat(11_000_000)).expect_err("too long");
    assert_eq!(error.to_string(), "not a dashboard: the file is larger than 10 MB");
}

#[test]
fn what_is_no_dashboard_is_told() {
    let check = |text: &str, expected: &str| {
        assert_eq!(dashboard::import(text).expect_err("an error").to_string(), expected);
    };
    check("{\n  \"title\": x}", "not JSON at line 2, column 12: expected value");
    check("", "not JSON at line 1, column 0: EOF while parsing a value");
    check("[]", "not a dashboard: it must be a JSON object");
    check(r#"{"groups": []}"#, "not a dashboard: it has neither a title nor panels");
}
