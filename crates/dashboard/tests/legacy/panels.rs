//! Panels beside the graph: singlestats, gauges, tables, heatmaps, pie charts.

use crate::{check, import_panel};
use dashboard::model::{Candidate, PanelKind, Visualization};
use serde_json::{Value, json};

#[test]
fn a_singlestat_becomes_a_stat() {
    let stat = |old: Value, defaults: Value, options: Value| {
        let mut all = json!({"colorMode": "none", "graphMode": "none", "orientation": "horizontal", "reduceOptions": {"calcs": ["mean"]}});
        all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        check("singlestat", old, json!({"type": "stat", "options": all, "fieldConfig": {"defaults": defaults}}));
    };
    stat(json!({}), json!({}), json!({}));
    stat(json!({"valueName": "current"}), json!({}), json!({"reduceOptions": {"calcs": ["lastNotNull"]}}));
    stat(json!({"valueName": "name"}), json!({}), json!({"textMode": "name"}));
    stat(json!({"colorValue": true}), json!({}), json!({"colorMode": "value"}));
    stat(json!({"colorValue": true, "colorBackground": true}), json!({}), json!({"colorMode": "background"}));
    stat(
        json!({"format": "s", "decimals": 0, "nullText": "none"}),
        json!({"unit": "s", "decimals": 0, "noValue": "none"}),
        json!({}),
    );
    stat(json!({"format": "none", "postfix": " ago"}), json!({"unit": "suffix: ago"}), json!({}));
    stat(json!({"valueFontSize": "80%"}), json!({}), json!({}));
    stat(json!({"valueFontSize": "200%"}), json!({}), json!({"text": {"valueSize": 76}}));
    stat(json!({"prefix": "v"}), json!({"unit": "prefix:v"}), json!({}));
    let column = |format: &str| json!({"tableColumn": "host", "targets": [{"refId": "A", "format": format}]});
    stat(column("table"), json!({}), json!({"reduceOptions": {"calcs": ["mean"], "fields": "/^host$/"}}));
    stat(column("time_series"), json!({}), json!({}));
    stat(
        json!({"thresholds": "50, 80", "colors": ["a", "b", "c"]}),
        json!({"thresholds": {"mode": "absolute", "steps": [
            {"value": null, "color": "a"}, {"value": 50, "color": "b"}, {"value": 80, "color": "c"}]}}),
        json!({}),
    );
    stat(
        json!({"sparkline": {"show": true, "lineColor": "red", "ymin": 0}}),
        json!({"color": {"mode": "fixed", "fixedColor": "red"}, "min": 0}),
        json!({"graphMode": "area"}),
    );
    let mappings = |old: Value, expected: Value| stat(old, json!({"mappings": expected}), json!({}));
    mappings(
        json!({"valueMaps": [{"op": "=", "value": "null", "text": "N/A"}, {"op": "=", "value": "1", "text": "up"}]}),
        json!([
            {"type": "value", "options": {"1": {"text": "up"}}},
            {"type": "special", "options": {"match": "null", "result": {"text": "N/A"}}}
        ]),
    );
    mappings(
        json!({"mappingType": 2, "valueMaps": [{"value": "1", "text": "up"}], "rangeMaps": [{"from": "1", "to": "5", "text": "low"}]}),
        json!([{"type": "range", "options": {"from": 1, "to": 5, "result": {"text": "low"}}}]),
    );
    mappings(
        json!({"mappingType": 2, "rangeMaps": [{"from": "null", "to": "null", "text": "N/A"}]}),
        json!([{"type": "special", "options": {"match": "null", "result": {"text": "N/A"}}}]),
    );
}

#[test]
fn a_singlestat_with_a_gauge_becomes_one() {
    check(
        "singlestat",
        json!({"gauge": {"show": true, "minValue": 0, "maxValue": 50, "thresholdLabels": true, "thresholdMarkers": false}}),
        json!({
            "type": "gauge",
            "options": {"orientation": "horizontal", "reduceOptions": {"calcs": ["mean"]}, "showThresholdLabels": true, "showThresholdMarkers": false},
            "fieldConfig": {"defaults": {"min": 0, "max": 50}}
        }),
    );
}

#[test]
fn a_singlestat_keeps_its_overrides() {
    let rule = json!({"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "unit", "value": "s"}]});
    let config = json!({"defaults": {"unit": "bytes"}, "overrides": [rule]});
    let (panel, _) = import_panel(14, json!({"type": "singlestat", "fieldConfig": config}));
    assert_eq!((&*panel.fields.defaults.unit, panel.fields.overrides.len()), ("", 1));
}

#[test]
fn field_options_of_version_6_become_a_field_configuration() {
    let expected = json!({
        "type": "gauge",
        "options": {"reduceOptions": {"calcs": ["max"]}},
        "fieldConfig": {"defaults": {
            "unit": "percent", "min": 0, "max": 100, "displayName": "T",
            "thresholds": {"mode": "absolute", "steps": [{"value": null, "color": "a"}, {"value": 3, "color": "b"}]}
        }}
    });
    let steps = json!([{"index": 1, "value": 3, "color": "b"}, {"index": 0, "value": null, "color": "a"}]);
    let defaults = json!({"unit": "percent", "title": "T", "thresholds": steps});
    check(
        "gauge",
        json!({"options": {"fieldOptions": {"calcs": ["max"], "values": false, "defaults": defaults}}}),
        expected.clone(),
    );
    let old = json!({"options": {"valueOptions": {"unit": "percent", "stat": "max"}, "thresholds": steps, "fieldOptions": {"defaults": {"title": "T"}}}});
    check("gauge", old, expected);
}

#[test]
fn percentages_of_panels_before_version_8_go_from_0_to_their_whole() {
    let check = |kind: &str, version: Value, defaults: Value, expected: (Option<f64>, Option<f64>)| {
        for schema in [30, 39, 42] {
            let config = json!({"defaults": defaults, "overrides": []});
            let (panel, _) =
                import_panel(schema, json!({"type": kind, "pluginVersion": version, "fieldConfig": config}));
            let limits = (panel.fields.defaults.min, panel.fields.defaults.max);
            assert_eq!(limits, expected, "{kind} {version} {defaults} in schema {schema}");
        }
    };
    let percent = || json!({"unit": "percent"});
    check("gauge", Value::Null, percent(), (Some(0.0), Some(100.0)));
    check("stat", json!("7.5.17"), json!({"unit": "percentunit"}), (Some(0.0), Some(1.0)));
    check("bargauge", json!("6.7.4"), json!({"unit": "percent", "max": 50}), (Some(0.0), Some(50.0)));
    check("gauge", json!("8.0.0"), percent(), (None, None));
    check("gauge", json!("10.1.0"), percent(), (None, None));
    check("timeseries", Value::Null, percent(), (None, None));
    check("gauge", Value::Null, json!({"unit": "s"}), (None, None));
}

#[test]
fn tables_with_styles_become_tables_with_fields() {
    check(
        "table",
        json!({"transform": "table", "styles": [
            {"pattern": "/.*/", "type": "number", "unit": "s", "decimals": 1},
            {"pattern": "Time", "type": "date", "alias": "When", "dateFormat": "YYYY"},
            {"pattern": "/v.*/", "type": "number", "colorMode": "value", "colors": ["a", "b"], "thresholds": ["5"]},
            {"pattern": "x", "type": "hidden"}
        ]}),
        json!({
            "type": "table",
            "transformations": [{"id": "merge", "options": {}}],
            "fieldConfig": {"defaults": {"unit": "s", "decimals": 1}, "overrides": [
                {"matcher": {"id": "byName", "options": "x"}, "properties": [{"id": "custom.hidden", "value": true}]},
                {"matcher": {"id": "byRegexp", "options": "/v.*/"}, "properties": [
                    {"id": "custom.cellOptions", "value": {"type": "color-text"}},
                    {"id": "thresholds", "value": {"mode": "absolute", "steps": [{"value": null, "color": "a"}, {"value": 5, "color": "b"}]}}]},
                {"matcher": {"id": "byName", "options": "Time"}, "properties": [
                    {"id": "unit", "value": "time: YYYY"}, {"id": "displayName", "value": "When"}]}
            ]}
        }),
    );
    // The first style that fits counts: here only what has one of its own is shown.
    check(
        "table-old",
        json!({"styles": [{"pattern": "a", "type": "string"}, {"pattern": "/b/", "type": "hidden"},
            {"pattern": "/.*/", "type": "hidden"}]}),
        json!({"type": "table", "fieldConfig": {"defaults": {"custom": {"hidden": true}}, "overrides": [
            {"matcher": {"id": "byRegexp", "options": "/b/"}, "properties": [{"id": "custom.hidden", "value": true}]},
            {"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "custom.hidden", "value": false}]}
        ]}}),
    );
    let sorted = |old: Value, column: &str| {
        let (panel, imported) = import_panel(14, old.clone());
        assert_eq!(imported.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{old}");
        let PanelKind::Table(options) = panel.kind else { panic!("{old}") };
        let sort: Vec<_> = options.sort.iter().map(|sort| (&*sort.column, sort.descending)).collect();
        assert_eq!(sort, [(column, true)], "{old}");
    };
    let table = |transform: &str, column: u32| {
        json!({"type": "table-old", "transform": transform,
        "columns": [{"text": "Avg", "value": "avg"}], "sort": {"col": column, "desc": true}})
    };
    sorted(table("table", 0), "Time");
    sorted(table("timeseries_to_columns", 0), "Time");
    sorted(table("timeseries_to_rows", 2), "Value");
    sorted(table("timeseries_aggregations", 0), "Field");
    sorted(table("timeseries_aggregations", 1), "Mean");
    let mut named = table("timeseries_to_rows", 1);
    named["styles"] = json!([{"pattern": "Metric", "alias": "Series", "type": "string"}]);
    sorted(named, "Series");
    let (_, imported) = import_panel(14, table("table", 3));
    assert_eq!(imported.notes[0].to_string(), "panels[0].sort: is not supported: col, desc", "its name is not known");
    let cell = |mode: &str, expected: Value| {
        check(
            "table",
            json!({"fieldConfig": {"defaults": {"custom": {"displayMode": mode}}}}),
            json!({"type": "table", "fieldConfig": {"defaults": {"custom": {"cellOptions": expected}}}}),
        );
    };
    cell("color-background", json!({"type": "color-background", "mode": "gradient"}));
    cell("color-background-solid", json!({"type": "color-background", "mode": "basic"}));
    cell("lcd-gauge", json!({"type": "gauge", "mode": "lcd"}));
    cell("color-text", json!({"type": "color-text"}));
}

#[test]
fn old_heatmaps_and_pie_charts_have_their_options_in_one_place() {
    let (panel, imported) = import_panel(
        22,
        json!({"type": "heatmap", "dataFormat": "tsbuckets", "yAxis": {"format": "s"}, "color": {"mode": "spectrum",
            "colorScheme": "interpolateBlues", "min": 5, "max": 1}, "hideZeroBuckets": true, "highlightCards": true}),
    );
    let PanelKind::Unsupported { kind: Visualization::Heatmap(heatmap) } = panel.kind else {
        panic!("{:?}", panel.kind)
    };
    assert!(!heatmap.calculate);
    assert_eq!(heatmap.y_axis.unit, "s");
    assert_eq!((heatmap.color.scheme.as_str(), heatmap.color.reverse), ("Blues", true));
    assert_eq!((heatmap.color.min, heatmap.color.max, heatmap.min_shown), (Some(1.0), Some(5.0), Some(1e-9)));
    assert_eq!(imported.notes.len(), 1, "{:?}", imported.notes);

    check(
        "grafana-piechart-panel",
        json!({"pieType": "donut", "valueName": "total", "format": "bytes", "legendType": "On graph", "legend": {"show": true, "percentage": true}}),
        json!({
            "type": "piechart",
            "options": {"pieType": "donut", "reduceOptions": {"calcs": ["sum"]}, "displayLabels": ["name", "percent"],
                "legend": {"displayMode": "table", "placement": "right", "showLegend": false, "values": ["percent"]}},
            "fieldConfig": {"defaults": {"unit": "bytes", "decimals": 0}}
        }),
    );
}

#[test]
fn what_is_hidden_from_a_chart_was_hidden_from_its_tooltip() {
    let check = |version: u32, places: Value, expected: bool| {
        let rule = json!({
            "matcher": { "id": "byName", "options": "a" },
            "properties": [{ "id": "custom.hideFrom", "value": places }],
        });
        let panel = json!({ "type": "timeseries", "fieldConfig": { "defaults": {}, "overrides": [rule] } });
        let (panel, _) = import_panel(version, panel);
        assert_eq!(
            panel.fields.resolve(Candidate { shown_name: "a", metric_name: None, ref_id: "" }).draw.hide_from.tooltip,
            expected,
            "{version}"
        );
    };
    check(36, json!({ "viz": true, "legend": false, "tooltip": false }), true);
    check(41, json!({ "viz": true }), true);
    check(41, json!({ "viz": false, "legend": true, "tooltip": false }), false);
    check(42, json!({ "viz": true, "tooltip": false }), false);
}
