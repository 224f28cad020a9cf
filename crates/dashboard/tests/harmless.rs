//! What files hold that makes no difference: nobody is told that it is not supported. What would make one is told.
#![allow(clippy::unwrap_used)]

use dashboard::model::{Candidate, GridPos, LineStyle, PanelKind, SourceRef, TextMode};
use serde_json::{Value, json};

/// What is told of a dashboard of this schema.
fn notes(dashboard: Value) -> Vec<String> {
    let imported = dashboard::import(&dashboard.to_string()).unwrap();
    imported.notes.iter().map(|note| format!("{}: {}", note.path, note.what)).collect()
}

#[test]
fn leftovers_and_usual_values_are_not_told() {
    let check = |kind: &str, mut panel: Value, expected: &[&str]| {
        panel["type"] = json!(kind);
        assert_eq!(notes(json!({ "schemaVersion": 42, "panels": [panel] })), expected, "{panel}");
    };
    let custom = |custom: Value| json!({ "fieldConfig": { "defaults": { "custom": custom }, "overrides": [] } });
    let legend = |legend: Value| json!({ "options": { "legend": legend } });
    check("timeseries", legend(json!({ "asTable": true, "rightSide": true, "hideEmpty": true, "values": true })), &[]);
    check("timeseries", legend(json!({ "blinks": true })), &["panels[0].options.legend.blinks: is not supported"]);
    check("timeseries", json!({ "options": { "alertThreshold": true, "tooltip": { "maxHeight": 600 } } }), &[]);
    check("stat", json!({ "options": { "legend": { "calcs": ["max"] }, "tooltip": { "mode": "multi" } } }), &[]);
    check("timeseries", custom(json!({ "showValues": false })), &[]);
    check("timeseries", custom(json!({ "lineStyle": { "fill": "solid", "dash": [10, 5] } })), &[]);
    let thresholds = |value: Value| {
        let steps = json!([{ "color": "green", "value": value }, { "color": "red", "value": 5 }]);
        json!({ "fieldConfig": { "defaults": { "thresholds": { "steps": steps } } } })
    };
    check("stat", thresholds(json!("null")), &[]);
    check("stat", thresholds(json!("")), &[]);
    let what = "panels[0].fieldConfig.defaults.thresholds.steps[0].value: expected a number, found text";
    check("stat", thresholds(json!("low")), &[what]);
    check(
        "timeseries",
        custom(json!({ "showValues": true })),
        &["panels[0].fieldConfig.defaults.custom.showValues: is not supported"],
    );
    let annotations = |lanes: bool| json!({ "options": { "annotations": { "clustering": -1, "multiLane": lanes } } });
    check("timeseries", annotations(false), &[]);
    check("timeseries", annotations(true), &["panels[0].options.annotations.multiLane: is not supported"]);
}

#[test]
fn a_query_of_another_data_source_is_one_thing() {
    let influx = json!({ "refId": "A", "query": "SELECT 1", "rawQuery": true, "resultFormat": "time_series" });
    let what = "this is a query for another kind of data source; only Prometheus is asked";
    assert_eq!(
        notes(json!({ "schemaVersion": 42, "panels": [{ "type": "timeseries", "targets": [influx] }] })),
        [format!("panels[0].targets[0]: {what}")]
    );
    let changed = json!({ "refId": "A", "expr": "up", "query": "SELECT 1", "rawQuery": true });
    assert_eq!(
        notes(json!({ "schemaVersion": 42, "panels": [{ "type": "timeseries", "targets": [changed] }] })),
        [""; 0]
    );
}

#[test]
fn a_query_for_somebody_else_is_told() {
    let check = |kind: &str, of_panel: Value, own: Value, expected: &[&str]| {
        let target = json!({ "refId": "A", "expr": "x", "datasource": own, "maxLines": 5 });
        let panel = json!({ "type": kind, "datasource": of_panel, "targets": [target] });
        let notes = notes(json!({ "schemaVersion": 42, "panels": [panel] }));
        assert_eq!(notes, expected, "{kind} {of_panel} {own}");
    };
    let told = |whom: &str| format!("panels[0].targets[0]: this query is for {whom}; only Prometheus is asked");
    let (loki, grafana) = (json!({ "type": "loki", "uid": "l" }), json!({ "type": "datasource", "uid": "grafana" }));
    check("stat", loki.clone(), Value::Null, &[&told("a data source of type loki")]);
    check("stat", Value::Null, loki.clone(), &[&told("a data source of type loki")]);
    check(
        "stat",
        json!({ "type": "prometheus", "uid": "p" }),
        loki,
        &["panels[0].targets[0].maxLines: is not supported"],
    );
    check("stat", grafana.clone(), Value::Null, &[&told("Grafana itself")]);
    check("stat", Value::Null, Value::Null, &["panels[0].targets[0].maxLines: is not supported"]);
    check("row", grafana, Value::Null, &["panels[0].targets[0].maxLines: is not supported"]);
    for promql in ["prometheus", "grafana-azureprometheus-datasource", "victoriametrics-metrics-datasource"] {
        let source = json!({ "type": promql, "uid": "p" });
        check("stat", source, Value::Null, &["panels[0].targets[0].maxLines: is not supported"]);
    }
    for other in ["victoriametrics-logs-datasource", "camptocamp-prometheus-alertmanager-datasource"] {
        let source = json!({ "type": other, "uid": "o" });
        check("stat", source, Value::Null, &[&told(&format!("a data source of type {other}"))]);
    }
}

#[test]
fn queries_are_for_whom_the_panel_names_unless_that_is_several() {
    let check = |of_panel: &Value, own: &[&Value], expected: &[&str]| {
        let targets: Vec<Value> = own.iter().map(|own| json!({ "expr": "x", "datasource": own })).collect();
        let panel = json!({ "type": "stat", "datasource": of_panel, "targets": targets });
        let input = json!({ "name": "DS", "type": "datasource", "pluginId": "prometheus" });
        let file = json!({ "schemaVersion": 42, "__inputs": [input], "panels": [panel] });
        let panel = dashboard::import(&file.to_string()).unwrap().dashboard.panels.remove(0);
        let names = panel.targets.iter().map(|target| match panel.source_of(target) {
            SourceRef::Default => "default",
            SourceRef::Mixed => "mixed",
            SourceRef::Named { reference, .. } | SourceRef::Internal(reference) => reference,
        });
        assert_eq!(names.collect::<Vec<_>>(), expected, "{of_panel} {own:?}");
    };
    let (none, a, b) = (&Value::Null, &json!({ "uid": "a" }), &json!({ "uid": "b" }));
    let expression = &json!({ "type": "__expr__", "uid": "__expr__" });
    check(a, &[b, none, expression], &["a", "a", "__expr__"]);
    check(&json!("$source"), &[a], &["$source"]);
    check(&json!({ "uid": "default" }), &[a], &["default"]);
    // What is asked for when it is imported is the default one here.
    check(&json!("${DS}"), &[a], &["default"]);
    check(none, &[none, a, b], &["a", "a", "a"]);
    check(none, &[expression, a], &["__expr__", "a"]);
    check(none, &[none], &["default"]);
    check(&json!("-- Mixed --"), &[a, b, none], &["a", "b", "mixed"]);
    check(&json!("-- Dashboard --"), &[a], &["-- Dashboard --"]);
}

#[test]
fn an_annotation_says_it_in_old_words() {
    let read = |annotation: Value| {
        let file = json!({ "schemaVersion": 42, "panels": [], "annotations": { "list": [annotation] } });
        assert_eq!(notes(file.clone()), [""; 0]);
        let read = dashboard::import(&file.to_string()).unwrap().dashboard.annotations.remove(0);
        (read.expr, read.use_value_for_time)
    };
    let written = |own: Value, target: Value, switch: Value| json!({ "name": "a", "expr": own, "target": { "expr": target }, "useValueForTime": switch });
    assert_eq!(read(written(json!("up"), json!("up"), json!("on"))), ("up".to_owned(), true));
    assert_eq!(read(written(json!("up"), Value::Null, json!(false))), ("up".to_owned(), false));
    assert_eq!(read(written(Value::Null, json!("x"), json!(true))), ("x".to_owned(), true));
}

#[test]
fn a_variable_says_what_is_usual() {
    let check = |key: &str, value: Value, expected: &[&str]| {
        let mut variable = json!({ "type": "query", "name": "v", "query": "label_values(up, job)" });
        variable[key] = value;
        assert_eq!(notes(json!({ "schemaVersion": 42, "templating": { "list": [variable] } })), expected, "{key}");
    };
    check("auto_count", json!(30), &[]);
    check("allowCustomValue", json!(true), &[]);
    check("allowCustomValue", json!(false), &[]);
    check("regexApplyTo", json!("value"), &[]);
    check("regexApplyTo", json!("text"), &[]);
}

#[test]
fn words_of_a_resource_are_not_a_dashboards() {
    let metadata = json!({ "name": "n", "annotations": { "grafana.app/folder": "f" } });
    let spec = json!({ "title": "t", "elements": {}, "layout": { "kind": "GridLayout", "spec": { "items": [] } } });
    assert_eq!(notes(json!({ "kind": "Dashboard", "metadata": metadata, "spec": spec })), [""; 0]);
}

#[test]
fn a_dashboard_stands_in_what_it_was_fetched_with() {
    let dashboard = json!({ "schemaVersion": 41, "title": "t", "panels": [{ "type": "stat" }] });
    let resource = |version: &str, spec: &Value| {
        let metadata = json!({ "name": "uid", "resourceVersion": "1", "annotations": { "grafana.app/folder": "f" } });
        json!({ "apiVersion": format!("dashboard.grafana.app/{version}"), "kind": "Dashboard", "metadata": metadata, "spec": spec })
    };
    let check = |file: Value, uid: &str| {
        let read = dashboard::import(&file.to_string()).unwrap();
        assert_eq!(
            (&*read.dashboard.title, &*read.dashboard.uid, read.dashboard.panels.len()),
            ("t", uid, 1),
            "{file}"
        );
        assert!(read.notes.is_empty(), "{:?}", read.notes);
    };
    check(dashboard.clone(), "");
    check(json!({ "dashboard": dashboard, "meta": { "slug": "t" } }), "");
    for version in ["v0alpha1", "v1alpha1", "v1beta1", "v1"] {
        check(resource(version, &dashboard), "uid");
        check(json!({ "dashboard": resource(version, &dashboard) }), "uid");
    }
    let mut named = dashboard;
    named["uid"] = json!("own");
    check(resource("v1", &named), "own");
    let other =
        json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "x" }, "data": { "a.json": "{}" } });
    assert!(dashboard::import(&other.to_string()).is_err());
}

#[test]
fn a_variable_tells_of_which_kind_a_data_source_is() {
    let check = |variable: Value, source: Value, expected: &[&str]| {
        let panel = json!({ "type": "stat", "datasource": source, "targets": [{ "refId": "A", "expr": "x" }] });
        let file = json!({ "schemaVersion": 42, "templating": { "list": [variable] }, "panels": [panel] });
        assert_eq!(notes(file), expected, "{variable} {source}");
    };
    let variable = |plugin: &str| json!({ "type": "datasource", "name": "source", "query": plugin });
    let told = ["panels[0].targets[0]: this query is for a data source of type loki; only Prometheus is asked"];
    for source in [json!("$source"), json!("${source}"), json!("[[source]]"), json!({ "uid": "${source}" })] {
        check(variable("loki"), source.clone(), &told);
        check(variable("prometheus"), source, &[]);
    }
    check(variable("loki"), json!({ "type": "prometheus", "uid": "$source" }), &told);
    check(variable("loki"), json!("$other"), &[]);
    check(json!({ "type": "custom", "name": "source", "query": "loki" }), json!("$source"), &[]);
}

#[test]
fn what_is_not_said_is_as_in_grafana() {
    let read = |file: Value| dashboard::import(&file.to_string()).unwrap().dashboard;
    let grid = |place: Value| {
        let GridPos { x, y, w, h } = read(json!({ "panels": [{ "type": "stat", "gridPos": place }] })).panels[0].grid;
        [x, y, w, h]
    };
    assert_eq!(grid(Value::Null), [0, 0, 6, 3]);
    assert_eq!(grid(json!({ "x": 3, "w": 12 })), [3, 0, 12, 3]);
    let enabled = |enable: Value| {
        let annotation = json!({ "name": "a", "expr": "up", "enable": enable });
        read(json!({ "panels": [], "annotations": { "list": [annotation] } })).annotations[0].enabled
    };
    assert_eq!([json!(true), json!(false), Value::Null].map(enabled), [true, false, false]);
    let mode = |mode: &str| {
        let panel = json!({ "type": "text", "options": { "mode": mode, "content": "**a**" } });
        match read(json!({ "schemaVersion": 42, "panels": [panel] })).panels.remove(0).kind {
            PanelKind::Text(options) => options.mode,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(mode("text"), TextMode::Markdown);
    assert_eq!(mode("html"), TextMode::Html);
    assert!(matches!(mode("code"), TextMode::Code { .. }));
}

#[test]
fn lines_are_dashed_by_any_word_but_solid() {
    let check = |style: Value, expected: &LineStyle| {
        let field = json!({ "defaults": { "custom": { "lineStyle": style } } });
        let file = json!({ "schemaVersion": 42, "panels": [{ "type": "timeseries", "fieldConfig": field }] });
        let read = dashboard::import(&file.to_string()).unwrap().dashboard;
        assert_eq!(read.panels[0].fields.defaults.draw.line_style, *expected, "{style}");
    };
    check(Value::Null, &LineStyle::Solid);
    check(json!({ "fill": "solid", "dash": [1, 2] }), &LineStyle::Solid);
    check(json!({ "fill": "dash", "dash": [1, 2] }), &LineStyle::Dash(vec![1.0, 2.0]));
    check(json!({ "fill": "dot", "dash": [0, 2] }), &LineStyle::Dots(vec![0.0, 2.0]));
    check(json!({ "dash": [1, 2] }), &LineStyle::Dash(vec![1.0, 2.0]));
    check(json!({ "fill": "dashed" }), &LineStyle::Dash(Vec::new()));
}

#[test]
fn a_property_that_is_null_is_as_if_it_were_not_there() {
    let read = |defaults: Value| {
        let file =
            json!({ "schemaVersion": 42, "panels": [{ "type": "stat", "fieldConfig": { "defaults": defaults } }] });
        let fields = dashboard::import(&file.to_string()).unwrap().dashboard.panels.remove(0).fields;
        format!("{:?}", fields.defaults)
    };
    for id in
        ["thresholds", "color", "unit", "decimals", "mappings", "custom", "links", "displayName", "noValue", "min"]
    {
        assert_eq!(read(json!({ id: null })), read(json!({})), "{id}");
    }
    assert_ne!(read(json!({ "thresholds": { "steps": [] } })), read(json!({})));
}

#[test]
fn properties_in_other_words() {
    let resolved = |id: &str, value: &Value| {
        let rule =
            json!({ "matcher": { "id": "byName", "options": "a" }, "properties": [{ "id": id, "value": value }] });
        let table = json!({ "type": "table", "fieldConfig": { "defaults": {}, "overrides": [rule] } });
        let json = json!({ "schemaVersion": 42, "panels": [table] });
        assert_eq!(notes(json.clone()), [""; 0], "{id}");
        let panel = &dashboard::import(&json.to_string()).unwrap().dashboard.panels[0];
        format!("{:?}", panel.fields.resolve(Candidate { shown_name: "a", metric_name: None, ref_id: "A" }))
    };
    let same = |(id, value): (&str, Value), (other_id, other): (&str, Value)| {
        assert_eq!(resolved(id, &value), resolved(other_id, &other), "{id} {value}");
    };
    same(("custom.hideFrom.viz", json!(true)), ("custom.hideFrom", json!({ "viz": true })));
    same(("color", json!("red")), ("color", json!({ "mode": "fixed", "fixedColor": "red" })));
}

/// What the file chooses of a variable.
fn chosen(variable: &Value) -> Vec<String> {
    let json = json!({ "schemaVersion": 42, "templating": { "list": [variable] }, "panels": [] });
    dashboard::import(&json.to_string()).unwrap().dashboard.variables[0].current.values.clone()
}

#[test]
fn a_list_chooses_nothing_of_a_variable_with_one_value() {
    let check = |variable: Value, expected: &[&str]| {
        assert_eq!(chosen(&variable), expected, "{variable}");
    };
    let list = json!({ "value": ["a", "b"], "text": ["a", "b"] });
    check(json!({ "name": "v", "type": "custom", "multi": true, "current": list }), &["a", "b"]);
    check(json!({ "name": "v", "type": "custom", "current": list }), &[]);
    check(json!({ "name": "v", "type": "custom", "current": { "value": ["$__all"] } }), &["$__all"]);
    check(json!({ "name": "v", "type": "custom", "current": { "value": "a" } }), &["a"]);
}

#[test]
fn a_text_box_without_a_value_has_its_default() {
    let check = |current: Value, expected: &[&str]| {
        let variable = json!({ "name": "v", "type": "textbox", "query": ".*", "current": current });
        assert_eq!(chosen(&variable), expected, "{current}");
    };
    check(Value::Null, &[".*"]);
    check(json!({ "text": "", "value": "" }), &[".*"]);
    check(json!({ "text": ["a"], "value": ["a", "b"] }), &["a"]);
    check(json!({ "text": "a", "value": "a" }), &["a"]);
}
