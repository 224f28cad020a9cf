//! A panel that says what Grafana's editor saves by default is one that says nothing.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code)]
mod corpus;

use corpus::{Compared, compare};
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
    compare("panel_defaults", |row| {
        let [panel, export, value] = row.as_slice() else { panic!("{row:?}") };
        let none = json!({});
        let described = |kind: &str| match export.as_str() {
            Some("defaultOptions") => Some(described(kind, value, &none)),
            Some("defaultFieldConfig") => Some(described(kind, &none, value)),
            _ => None,
        };
        let kind = KINDS.iter().find(|(name, _)| panel == name).map(|(_, kind)| *kind);
        Some(match kind.and_then(|kind| described(kind).map(|said| (said, blank(kind)))) {
            Some(compared) => compared.into(),
            None => Compared::left_out("parts of options, and what there is no visualization for"),
        })
    });
}

fn blank(kind: &str) -> String {
    described(kind, &json!({}), &json!({}))
}
