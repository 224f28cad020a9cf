//! A panel that says what Grafana's editor saves by default is one that says nothing.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code)]
mod corpus;

use dashboard::import;
use serde_json::{Value, json};

/// Grafana's name of a panel kind, and where its options and those of its fields are imported.
const KINDS: &[(&str, &str)] = &[
    ("barchart", "barchart"),
    ("bargauge", "bargauge"),
    ("gauge", "gauge"),
    ("heatmap", "heatmap"),
    ("histogram", "histogram"),
    ("piechart", "piechart"),
    ("stat", "stat"),
    ("statetimeline", "state-timeline"),
    ("statushistory", "status-history"),
    ("table", "table"),
    ("timeseries", "timeseries"),
];

fn described(kind: &str, options: &Value, custom: &Value) -> String {
    let panel = json!({"type": kind, "options": options, "fieldConfig": {"defaults": {"custom": custom}}});
    let imported = import(&json!({"schemaVersion": 42, "panels": [panel]}).to_string()).unwrap();
    let panel = &imported.dashboard.panels[0];
    format!("{:?} {:?}", panel.kind, panel.fields.defaults)
}

#[test]
fn grafana_s_defaults_are_ours() {
    let file = corpus::folder().join("conformance/panel_defaults.jsonl");
    let Ok(text) = std::fs::read_to_string(&file) else {
        println!("skipped: no {}", file.display());
        return;
    };
    let rows = text.lines().filter_map(|line| serde_json::from_str::<Vec<Value>>(line).ok());
    let mut checked = 0;
    for row in rows {
        let [_, panel, export, value] = row.as_slice() else { panic!("{row:?}") };
        let Some((_, kind)) = KINDS.iter().find(|(name, _)| panel == name) else { continue };
        let none = json!({});
        let blank = described(kind, &none, &none);
        match export.as_str() {
            Some("defaultOptions") => assert_eq!(described(kind, value, &none), blank, "{kind}: {value}"),
            Some("defaultFieldConfig") => assert_eq!(described(kind, &none, value), blank, "{kind}: {value}"),
            _ => continue,
        }
        checked += 1;
    }
    println!("{checked} defaults");
    assert!(checked > 0);
}
