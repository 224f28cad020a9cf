//! What is written is what was read, and what was changed since.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code)]
mod corpus;
mod json_files;

use dashboard::model::{
    Dashboard, FieldOptions, Hide, LinkTarget, Panel, PanelKind, SharedCursor, StackingMode, VariableKind,
};
use dashboard::{export, import};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// The model as text, without what only says where in the file things stood.
fn described(dashboard: &Dashboard) -> String {
    let mut dashboard = dashboard.clone();
    dashboard.json = Value::Null;
    for panel in &mut dashboard.panels {
        panel.json_pointer.clear();
        panel.path.clear();
    }
    format!("{dashboard:?}")
}

/// Imports, exports and imports again; the second export must be the first.
fn assert_stable(text: &str, name: &str) {
    let Ok(first) = import(text) else { return };
    let exported = export::to_text(&first.dashboard);
    let second = import(&exported).unwrap();
    assert_same(&described(&first.dashboard), &described(&second.dashboard), name);
    assert_same(&exported, &export::to_text(&second.dashboard), name);
}

/// Shows where they begin to differ, not two dashboards.
fn assert_same(before: &str, after: &str, name: &str) {
    if before != after {
        let same = before.chars().zip(after.chars()).take_while(|(before, after)| before == after).count();
        let around = |text: &str| text.chars().skip(same.saturating_sub(100)).take(200).collect::<String>();
        panic!("{name}:\n{}\nbecame\n{}", around(before), around(after));
    }
}

#[test]
fn every_dashboard_is_the_same_after_export() {
    let mut files = Vec::new();
    json_files::add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden"), &mut files);
    json_files::add(&corpus::folder().join("dashboards/dashboards"), &mut files);
    for file in &files {
        let text = std::fs::read(file).unwrap();
        assert_stable(&String::from_utf8_lossy(&text), &file.display().to_string());
    }
    println!("{} files", files.len());
}

fn fixture(name: &str) -> Dashboard {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    import(&std::fs::read_to_string(file).unwrap()).unwrap().dashboard
}

#[test]
fn every_fixture_is_the_same_after_export() {
    for name in ["graph.json", "angular.json", "modern.json", "rows.json", "v2.json"] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
        assert_stable(&std::fs::read_to_string(file).unwrap(), name);
    }
}

#[test]
fn a_changed_model_is_written_as_changed() {
    let check = |change: &dyn Fn(&mut Dashboard)| {
        let mut changed = fixture("modern.json");
        let before = described(&changed);
        change(&mut changed);
        let expected = described(&changed);
        assert!(before != expected, "nothing was changed");
        let read = import(&export::to_text(&changed)).unwrap().dashboard;
        assert_same(&expected, &described(&read), "after a change");
    };
    check(&|dashboard| dashboard.title = "Other".into());
    check(&|dashboard| dashboard.tags.clear());
    check(&|dashboard| dashboard.refresh = None);
    check(&|dashboard| dashboard.time = Some(dashboard::time::RawRange::new("now-2d", "now")));
    check(&|dashboard| dashboard.cursor = SharedCursor::Off);
    check(&|dashboard| dashboard.timezone = frame::Zone::Browser);
    check(&|dashboard| dashboard.calendar.week_start = 6);
    check(&|dashboard| dashboard.time_picker.hidden = false);
    check(&|dashboard| drop(dashboard.links.remove(0)));
    check(&|dashboard| dashboard.links[1].target = LinkTarget::Url("/other".into()));
    check(&|dashboard| drop(dashboard.variables.remove(2)));
    check(&|dashboard| dashboard.variables[0].hide = Hide::Variable);
    check(&|dashboard| dashboard.variables.swap(0, 1));
    check(&|dashboard| {
        let VariableKind::Query { regex, .. } = &mut dashboard.variables[1].kind else { panic!("a query") };
        *regex = "/c/".into();
    });
    check(&|dashboard| dashboard.panels[1].title = "Other".into());
    check(&|dashboard| dashboard.panels[1].grid.w = 3);
    check(&|dashboard| dashboard.panels[1].targets[0].expr = "down".into());
    check(&|dashboard| dashboard.panels[1].targets[0].hide = false);
    check(&|dashboard| dashboard.panels[1].repeat = None);
    check(&|dashboard| dashboard.panels[1].interval = None);
    check(&|dashboard| dashboard.panels[1].transparent = false);
    check(&|dashboard| fields(dashboard).defaults.unit = "s".into());
    check(&|dashboard| fields(dashboard).defaults.min = None);
    check(&|dashboard| fields(dashboard).defaults.draw.stacking.mode = StackingMode::None);
    check(&|dashboard| fields(dashboard).defaults.draw.axis.label.clear());
    check(&|dashboard| fields(dashboard).defaults.mappings.truncate(2));
    check(&|dashboard| drop(fields(dashboard).overrides.remove(1)));
    check(&|dashboard| drop(dashboard.panels.remove(2)));
    check(&|dashboard| dashboard.panels[13].kind = PanelKind::Row { collapsed: false });
    check(&|dashboard| {
        let PanelKind::Stat(stat) = &mut dashboard.panels[2].kind else { panic!("a stat") };
        stat.centered = false;
        stat.reduce.calcs = vec!["min".into()];
    });
}

/// How the fields of the second panel look, to change it.
fn fields(dashboard: &mut Dashboard) -> &mut FieldOptions {
    Arc::make_mut(&mut dashboard.panels[1].fields)
}

#[test]
fn what_is_not_supported_is_kept_beside_a_change() {
    let json = json!({"schemaVersion": 41, "title": "t", "odd": {"a": 1}, "panels": [
        {"id": 1, "type": "geomap", "options": {"layers": [1, 2]}, "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}},
        {"id": 2, "type": "timeseries", "options": {"annotations": {"multiLane": true}, "legend": {"calcs": ["mean"]}},
         "fieldConfig": {"defaults": {"unit": "s", "custom": {"showValues": true}}}, "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8}}
    ]});
    let mut dashboard = import(&json.to_string()).unwrap().dashboard;
    fields(&mut dashboard).defaults.unit = "bytes".into();
    let rename = |panel: &mut Panel| panel.title = "Other".into();
    dashboard.panels.iter_mut().for_each(rename);
    let exported = export::to_json(&dashboard);
    assert_eq!(exported["odd"], json!({"a": 1}));
    let [map, series] = [&exported["panels"][0], &exported["panels"][1]];
    assert_eq!((&map["title"], &map["options"]), (&json!("Other"), &json!({"layers": [1, 2]})));
    assert_eq!(series["options"], json!({"annotations": {"multiLane": true}, "legend": {"calcs": ["mean"]}}));
    assert_eq!(series["fieldConfig"], json!({"defaults": {"unit": "bytes", "custom": {"showValues": true}}}));
}

#[test]
fn a_lifted_dashboard_is_of_the_schema_that_it_says() {
    let target = |source: Value| json!({"refId": "A", "expr": "a", "datasource": source});
    let panel = |source: Value, own: Value| {
        json!({"id": 1, "type": "timeseries", "datasource": source, "targets": [target(own)],
            "options": {"legend": {"displayMode": "hidden"}}})
    };
    let exported = |source: Value, own: Value| {
        let variable = json!({"name": "v", "type": "query", "query": "up", "datasource": source});
        let annotation = json!({"name": "a", "enable": true, "expr": "up", "datasource": source});
        let json = json!({"schemaVersion": 26, "title": "t", "panels": [panel(source, own)],
            "templating": {"list": [variable]}, "annotations": {"list": [annotation]}});
        export::to_json(&import(&json.to_string()).unwrap().dashboard)
    };
    let named = exported(json!("-- Mixed --"), json!("Prom A"));
    assert_eq!(named["panels"][0]["datasource"], json!({"uid": "-- Mixed --"}));
    assert_eq!(named["panels"][0]["targets"][0]["datasource"], json!({"uid": "Prom A"}));
    assert_eq!(named["templating"]["list"][0]["datasource"], json!({"uid": "-- Mixed --"}));
    assert_eq!(named["annotations"]["list"][0]["datasource"], json!({"uid": "-- Mixed --"}));
    assert_eq!(named["panels"][0]["options"]["legend"], json!({"showLegend": false}));
    let usual = exported(json!("default"), json!({"uid": "a"}));
    assert_eq!(usual["panels"][0].get("datasource"), None);
    assert_eq!(usual["panels"][0]["targets"][0]["datasource"], json!({"uid": "a"}));
}

#[test]
fn the_browser_s_zone_is_a_choice() {
    let check = |zone: Value, expected: Option<&Value>| {
        let json = json!({"schemaVersion": 41, "title": "t", "panels": [], "timezone": zone});
        let exported = export::to_json(&import(&json.to_string()).unwrap().dashboard);
        assert_eq!(exported.get("timezone"), expected, "{zone}");
    };
    check(json!("browser"), Some(&json!("browser")));
    check(json!("utc"), Some(&json!("utc")));
    check(json!(""), Some(&json!("")));
    let without = json!({"schemaVersion": 41, "title": "t", "panels": []});
    let exported = export::to_json(&import(&without.to_string()).unwrap().dashboard);
    assert_eq!(exported.get("timezone"), None);
}

#[test]
fn of_panels_that_are_not_known_nothing_is_taken_for_usual() {
    let config = json!({"defaults": {"custom": {"fillOpacity": 0, "lineWidth": 1}, "mappings": []}, "overrides": []});
    let panel = |kind: &str| {
        json!({"id": 1, "type": kind, "title": "", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "links": [],
            "fieldConfig": config, "options": {"width": null}})
    };
    let exported = |kind: &str| {
        let json = json!({"schemaVersion": 41, "title": "t", "panels": [panel(kind)]});
        export::to_json(&import(&json.to_string()).unwrap().dashboard)["panels"][0].clone()
    };
    let unknown = exported("xychart");
    assert_eq!(unknown["fieldConfig"], config);
    assert_eq!(unknown.get("pluginVersion"), None);
    assert_eq!(unknown.get("links"), None);
    let known = exported("timeseries");
    assert_eq!(known.get("fieldConfig"), None);
    assert_eq!(known["pluginVersion"], "12.0.0");
}

#[test]
fn saving_again_changes_nothing_in_version_control() {
    let saved = |version: u32| {
        json!({"id": version, "version": version, "iteration": version, "schemaVersion": 41, "title": "t", "uid": "u", "panels": [
            {"type": "stat", "id": 1, "title": "p", "pluginVersion": "12.0.0", "options": {"colorMode": "value", "graphMode": "none", "text": {}},
             "fieldConfig": {"defaults": {"mappings": [], "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}]}}, "overrides": []},
             "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}}
        ]})
    };
    let text = |version: u32| export::to_text(&import(&saved(version).to_string()).unwrap().dashboard);
    assert_eq!(text(1), text(2));
    let expected = json!({"schemaVersion": 41, "title": "t", "uid": "u", "panels": [
        {"type": "stat", "id": 1, "title": "p", "pluginVersion": "12.0.0", "options": {"graphMode": "none"}, "gridPos": {"x": 0, "y": 0, "w": 6, "h": 4}}
    ]});
    assert_eq!(text(1), format!("{expected:#}\n"));
}
