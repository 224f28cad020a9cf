//! Older schemas, step by step: a panel or variable as it was, and what of the model it becomes.
#![allow(clippy::unwrap_used)]

use dashboard::model::{Dashboard, Panel, PanelKind, Visualization};
use dashboard::{Imported, NoteKind, import};
use serde_json::{Value, json};

fn import_json(json: &Value) -> Imported {
    import(&json.to_string()).unwrap()
}

fn import_panel(version: u32, panel: Value) -> (Panel, Imported) {
    let imported = import_json(&json!({"schemaVersion": version, "panels": [panel]}));
    (imported.dashboard.panels[0].clone(), imported)
}

/// The panel of `kind` that says `options` is one that says `expected` in the newest schema.
fn check(kind: &str, options: Value, expected: Value) {
    let mut old = options;
    old["type"] = json!(kind);
    let (old_panel, _) = import_panel(14, old.clone());
    let (new_panel, imported) = import_panel(42, expected.clone());
    let mut notes = imported.notes.iter().filter(|note| note.kind != NoteKind::Unsupported);
    assert_eq!(notes.next(), None, "{expected}");
    let described = |panel: &Panel| format!("{:?}\n{:?}\n{:?}", panel.kind, panel.fields, panel.transformations);
    assert_eq!(described(&old_panel), described(&new_panel), "{old} became\n{}", lifted(&old));
}

/// What became of a panel, for messages.
fn lifted(panel: &Value) -> String {
    let imported = import_json(&json!({"schemaVersion": 14, "panels": [panel]}));
    imported.dashboard.panel_json(&imported.dashboard.panels[0]).unwrap().to_string()
}

/// What a graph is in the newest schema, where only `custom` differs from the usual.
fn series(custom: Value) -> Value {
    series_with(json!({}), custom, json!([]), json!({}))
}

fn series_with(defaults: Value, custom: Value, overrides: Value, options: Value) -> Value {
    let mut all = json!({"fillOpacity": 10, "showPoints": "never"});
    all.as_object_mut().unwrap().extend(custom.as_object().unwrap().clone());
    let mut defaults = defaults;
    defaults["custom"] = all;
    json!({"type": "timeseries", "fieldConfig": {"defaults": defaults, "overrides": overrides}, "options": options})
}

#[test]
fn a_graph_becomes_a_time_series() {
    let graph = |options: Value, custom: Value| check("graph", options, series(custom));
    graph(json!({}), json!({}));
    graph(json!({"linewidth": 3, "fill": 5}), json!({"lineWidth": 3, "fillOpacity": 50}));
    graph(json!({"bars": true, "lines": false}), json!({"drawStyle": "bars", "fillOpacity": 100}));
    graph(
        json!({"points": true, "pointradius": 3, "lines": false}),
        json!({"drawStyle": "points", "showPoints": "always", "pointSize": 8}),
    );
    graph(json!({"points": true, "lines": true}), json!({"showPoints": "always", "pointSize": 5}));
    graph(json!({"stack": true}), json!({"stacking": {"mode": "normal", "group": "A"}}));
    graph(json!({"stack": true, "percentage": true}), json!({"stacking": {"mode": "percent", "group": "A"}}));
    graph(json!({"stack": false, "percentage": true}), json!({}));
    graph(json!({"steppedLine": true}), json!({"lineInterpolation": "stepAfter"}));
    graph(json!({"nullPointMode": "connected"}), json!({"spanNulls": true}));
    graph(json!({"nullPointMode": "null"}), json!({}));
    graph(json!({"dashes": true}), json!({"lineStyle": {"fill": "dash", "dash": [10, 10]}}));
    graph(
        json!({"dashes": true, "dashLength": 3, "spaceLength": 4}),
        json!({"lineStyle": {"fill": "dash", "dash": [3, 4]}}),
    );
    graph(json!({"fill": 2, "fillGradient": 4}), json!({"gradientMode": "opacity", "fillOpacity": 40}));
    let zero = series_with(json!({"nullValueMode": "null as zero"}), json!({}), json!([]), json!({}));
    check("graph", json!({"nullPointMode": "null as zero"}), zero);
}

#[test]
fn a_graph_without_axes_is_drawn_as_its_fields_say() {
    let former = json!({"defaults": {"custom": {"fillOpacity": 25, "showPoints": "auto", "axisLabel": "l"}}});
    let graph = |old: Value, custom: Value| {
        let mut old = old;
        old["fieldConfig"] = former.clone();
        check("graph", old, series(custom));
    };
    graph(json!({}), json!({"fillOpacity": 25, "showPoints": "auto", "axisLabel": "l"}));
    graph(json!({"lines": true, "fill": 2}), json!({"fillOpacity": 20, "axisLabel": "l"}));
    graph(json!({"lines": true, "yaxes": [{"show": true}, {}]}), json!({}));
}

#[test]
fn axes_of_a_graph_become_properties_of_fields() {
    let axis = |left: Value, defaults: Value, custom: Value| {
        check("graph", json!({"yaxes": [left, {}]}), series_with(defaults, custom, json!([]), json!({})));
    };
    axis(json!({"format": "bytes", "show": true}), json!({"unit": "bytes"}), json!({}));
    axis(json!({"min": "0", "max": 10, "decimals": 2}), json!({"min": 0, "max": 10, "decimals": 2}), json!({}));
    let decimals = |own: Value, of_axis: Value, expected: Value| {
        let old = json!({"decimals": own, "yaxes": [{"decimals": of_axis}]});
        check("graph", old, series_with(json!({"decimals": expected}), json!({}), json!([]), json!({})));
    };
    decimals(json!(2), json!(null), json!(2));
    decimals(json!("1"), json!(""), json!(1));
    decimals(json!(null), json!(3), json!(3));
    decimals(json!(2), json!(0), json!(0));
    decimals(json!(-1), json!(null), json!(null));
    axis(json!({"min": "", "max": null, "decimals": -3}), json!({}), json!({}));
    axis(json!({"show": false, "label": "x"}), json!({}), json!({"axisPlacement": "hidden", "axisLabel": "x"}));
    axis(json!({"logBase": 10}), json!({}), json!({"scaleDistribution": {"type": "log", "log": 10}}));
    axis(json!({"logBase": 2}), json!({}), json!({"scaleDistribution": {"type": "log", "log": 2}}));
    axis(json!({"logBase": 1024}), json!({}), json!({"scaleDistribution": {"type": "log", "log": 10}}));
    axis(json!({"logBase": 1}), json!({}), json!({}));

    let axes = json!([{"format": "s", "min": 0}, {"format": "bytes", "label": "right", "show": true}]);
    let right = json!([{"matcher": {"id": "byName", "options": "b"}, "properties": [
        {"id": "custom.axisPlacement", "value": "right"},
        {"id": "custom.axisLabel", "value": "right"},
        {"id": "unit", "value": "bytes"},
        {"id": "min", "value": null}
    ]}]);
    check(
        "graph",
        json!({"yaxes": axes, "seriesOverrides": [{"alias": "b", "yaxis": 2}, {"alias": "c", "yaxis": 1}]}),
        series_with(json!({"unit": "s", "min": 0}), json!({}), right, json!({})),
    );
}

#[test]
fn series_overrides_become_overrides() {
    let properties = |entry: Value, expected: Value| {
        let mut entry = entry;
        entry["alias"] = json!("a");
        let overrides = json!([{"matcher": {"id": "byName", "options": "a"}, "properties": expected}]);
        check("graph", json!({"seriesOverrides": [entry]}), series_with(json!({}), json!({}), overrides, json!({})));
    };
    let property = |id: &str, value: Value| json!({"id": id, "value": value});
    properties(
        json!({"bars": true}),
        json!([property("custom.drawStyle", json!("bars")), property("custom.fillOpacity", json!(100))]),
    );
    properties(json!({"lines": false}), json!([property("custom.lineWidth", json!(0))]));
    properties(json!({"lines": true}), json!([property("custom.drawStyle", json!("line"))]));
    properties(json!({"fill": 0}), json!([property("custom.fillOpacity", json!(0))]));
    properties(json!({"stack": false}), json!([property("custom.stacking", json!({"mode": "none", "group": "A"}))]));
    properties(json!({"stack": "B"}), json!([property("custom.stacking", json!({"mode": "normal", "group": "B"}))]));
    properties(json!({"transform": "negative-Y"}), json!([property("custom.transform", json!("negative-Y"))]));
    properties(json!({"color": "#fff"}), json!([property("color", json!({"mode": "fixed", "fixedColor": "#fff"}))]));
    properties(
        json!({"legend": false}),
        json!([property("custom.hideFrom", json!({"legend": true, "tooltip": false, "viz": false}))]),
    );
    properties(
        json!({"dashes": true}),
        json!([property("custom.lineStyle", json!({"fill": "dash", "dash": [10, 10]}))]),
    );
    properties(json!({"nullPointMode": "connected"}), json!([property("custom.spanNulls", json!(true))]));
    let pattern = json!([{"matcher": {"id": "byRegexp", "options": "/a.*/i"}, "properties": [{"id": "custom.lineWidth", "value": 4}]}]);
    check(
        "graph",
        json!({"seriesOverrides": [{"alias": "/a.*/i", "linewidth": 4}]}),
        series_with(json!({}), json!({}), pattern, json!({})),
    );
    let colors = json!([{"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": "red"}}]}]);
    check("graph", json!({"aliasColors": {"a": "red"}}), series_with(json!({}), json!({}), colors, json!({})));
    let band = json!([{"matcher": {"id": "byName", "options": "low"}, "properties": [{"id": "custom.fillBelowTo", "value": "high"}]}]);
    check(
        "graph",
        json!({"seriesOverrides": [{"alias": "low", "fillBelowTo": "high"}]}),
        series_with(json!({}), json!({"fillOpacity": 35}), band, json!({})),
    );
}

#[test]
fn legend_tooltip_and_thresholds_of_a_graph() {
    let options =
        |old: Value, options: Value| check("graph", old, series_with(json!({}), json!({}), json!([]), options));
    options(json!({"legend": {"show": false}}), json!({"legend": {"showLegend": false}}));
    options(
        json!({"legend": {"show": true, "values": true, "alignAsTable": true, "rightSide": true, "avg": true, "current": true}}),
        json!({"legend": {"displayMode": "table", "placement": "right", "calcs": ["mean", "lastNotNull"]}}),
    );
    options(
        json!({"legend": {"values": true, "total": true, "min": true, "max": true, "current": true, "avg": true, "show": true}}),
        json!({"legend": {"calcs": ["mean", "lastNotNull", "max", "min", "sum"]}}),
    );
    options(json!({"legend": {"show": true, "values": false, "avg": true}}), json!({}));
    options(
        json!({"legend": {"show": true, "sort": "current", "sortDesc": true, "sideWidth": 150}}),
        json!({"legend": {"sortBy": "Last *", "sortDesc": true, "width": 150}}),
    );
    let hidden = |option: &str, reducer: &str| {
        let rule = json!({
            "matcher": {"id": "byValue", "options": {"reducer": reducer, "op": "gte", "value": 0}},
            "properties": [{"id": "custom.hideFrom", "value": {"legend": true, "tooltip": true, "viz": false}}],
        });
        let old = json!({"legend": {"show": true, option: true}});
        check("graph", old, series_with(json!({}), json!({}), json!([rule]), json!({})));
    };
    hidden("hideEmpty", "allIsNull");
    hidden("hideZero", "allIsZero");
    options(json!({"legend": {"show": true, "hideEmpty": false, "hideZero": false}}), json!({}));
    options(json!({"tooltip": {"shared": true, "sort": 2}}), json!({"tooltip": {"mode": "multi", "sort": "desc"}}));
    options(json!({"tooltip": {"shared": false, "sort": 2}}), json!({"tooltip": {"mode": "single"}}));

    let thresholds = |old: Value, mode: &str, steps: Value| {
        let defaults = json!({"thresholds": {"mode": "absolute", "steps": steps}});
        let custom = json!({"thresholdsStyle": {"mode": mode}});
        check("graph", json!({"thresholds": old}), series_with(defaults, custom, json!([]), json!({})));
    };
    let step = |value: Value, color: &str| json!({"value": value, "color": color});
    thresholds(
        json!([{"value": 20, "op": "gt", "colorMode": "critical", "fill": true}, {"value": 10, "op": "gt", "colorMode": "warning", "line": true}]),
        "line+area",
        json!([step(json!(null), "transparent"), step(json!(10), "orange"), step(json!(20), "red")]),
    );
    let nowhere = json!({"op": "gt", "colorMode": "critical", "fill": true, "line": true});
    check("graph", json!({"thresholds": [nowhere]}), series(json!({})));
    thresholds(
        json!([{"value": 10, "op": "lt", "colorMode": "critical", "fill": true}]),
        "area",
        json!([step(json!(null), "red"), step(json!(10), "transparent")]),
    );
    thresholds(
        json!([{"value": 1, "op": "lt", "colorMode": "critical", "line": true}, {"value": 2, "op": "lt", "colorMode": "warning", "line": true}]),
        "line",
        json!([step(json!(null), "red"), step(json!(1), "orange"), step(json!(2), "transparent")]),
    );
}

#[test]
fn a_graph_over_something_else_than_time_is_another_panel() {
    let kind = |options: Value| import_panel(14, options).0.kind.name().to_owned();
    let graph = |x_axis: Value, legend: Value| kind(json!({"type": "graph", "xaxis": x_axis, "legend": legend}));
    assert_eq!(graph(json!({"mode": "time"}), json!({})), "timeseries");
    assert_eq!(graph(json!({"mode": "series"}), json!({})), "barchart");
    assert_eq!(graph(json!({"mode": "series"}), json!({"values": true})), "bargauge");
    assert_eq!(graph(json!({"mode": "histogram"}), json!({})), "histogram");
}

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
fn properties_in_other_words() {
    let resolved = |id: &str, value: &Value| {
        let rule = json!({"matcher": {"id": "byName", "options": "a"}, "properties": [{"id": id, "value": value}]});
        let table = json!({"type": "table", "fieldConfig": {"defaults": {}, "overrides": [rule]}});
        let (panel, imported) = import_panel(42, table);
        assert_eq!(imported.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{id}");
        format!("{:?}", panel.field_config("a", "A"))
    };
    let same = |(id, value): (&str, Value), (other_id, other): (&str, Value)| {
        assert_eq!(resolved(id, &value), resolved(other_id, &other), "{id} {value}");
    };
    same(("custom.hideFrom.viz", json!(true)), ("custom.hideFrom", json!({"viz": true})));
    same(("color", json!("red")), ("color", json!({"mode": "fixed", "fixedColor": "red"})));
}

#[test]
fn what_a_graph_left_behind_says_nothing_in_any_version() {
    for version in [14, 39, 42] {
        let rest = json!({"type": "timeseries", "lines": true, "bars": true, "renderer": "flot", "decimals": 2});
        let (panel, imported) = import_panel(version, rest);
        assert_eq!(imported.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{version}");
        let (expected, _) = import_panel(version, json!({"type": "timeseries"}));
        assert_eq!(format!("{:?}", panel.fields), format!("{:?}", expected.fields), "{version}");
    }
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

fn places(dashboard: &Dashboard) -> Vec<(String, [u32; 4], String)> {
    let place = |panel: &Panel| [panel.grid.x, panel.grid.y, panel.grid.w, panel.grid.h];
    dashboard.panels.iter().map(|panel| (panel.title.clone(), place(panel), panel.path.clone())).collect()
}

#[test]
fn rows_are_laid_out_on_the_grid() {
    let check = |rows: Value, expected: &[(&str, [u32; 4], &str)]| {
        let imported = import_json(&json!({"schemaVersion": 14, "rows": rows}));
        let expected: Vec<_> =
            expected.iter().map(|(title, place, path)| ((*title).to_owned(), *place, (*path).to_owned())).collect();
        assert_eq!(places(&imported.dashboard), expected);
    };
    let panel = |title: &str, span: u32| json!({"type": "text", "title": title, "span": span});
    // 266 pixels are 7 cells; the third panel does not fit beside the others.
    check(
        json!([{"height": "266px", "panels": [panel("a", 6), panel("b", 6), panel("c", 12)]}, {"height": 100, "panels": [panel("d", 3)]}]),
        &[
            ("a", [0, 0, 12, 7], "rows[0].panels[0]"),
            ("b", [12, 0, 12, 7], "rows[0].panels[1]"),
            ("c", [0, 7, 24, 7], "rows[0].panels[2]"),
            ("d", [0, 14, 6, 3], "rows[1].panels[0]"),
        ],
    );
    // Lower panels stand below each other.
    let low = |title: &str| json!({"type": "text", "title": title, "span": 4, "height": 114});
    check(
        json!([{"height": 228, "panels": [panel("a", 8), low("b"), low("c")]}]),
        &[
            ("a", [0, 0, 16, 6], "rows[0].panels[0]"),
            ("b", [16, 0, 8, 3], "rows[0].panels[1]"),
            ("c", [16, 3, 8, 3], "rows[0].panels[2]"),
        ],
    );
    // One row with a title makes all rows visible; a closed one takes no room.
    check(
        json!([
            {"title": "One", "collapse": true, "height": 228, "panels": [panel("a", 12)]},
            {"title": "Two", "height": 228, "panels": [panel("b", 12)]}
        ]),
        &[
            ("One", [0, 0, 24, 1], "rows[0]"),
            ("a", [0, 1, 24, 6], "rows[0].panels[0]"),
            ("Two", [0, 1, 24, 1], "rows[1]"),
            ("b", [0, 2, 24, 6], "rows[1].panels[0]"),
        ],
    );
}

#[test]
fn what_is_left_over_is_told_with_its_path_in_the_file() {
    let imported = import_json(&json!({"schemaVersion": 14, "rows": [{"panels": [
        {"type": "text"},
        {"type": "graph", "timeRegions": [{"op": "time", "from": "1"}], "legend": {"show": true, "asColumns": true},
            "seriesOverrides": [{"alias": "a", "linewidth": 2}, {"alias": "b", "zindex": 3}], "hiddenSeries": false}
    ]}]}));
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "rows[0].panels[1].legend.asColumns: is not supported",
            "rows[0].panels[1].seriesOverrides[1]: is not supported: alias, zindex",
            "rows[0].panels[1].timeRegions[0]: is not supported: from, op",
        ]
    );
    // And it is kept.
    let exported = dashboard::export::to_json(&imported.dashboard);
    assert_eq!(exported["panels"][1]["seriesOverrides"][1], json!({"alias": "b", "zindex": 3}));
    assert_eq!(exported["panels"][1]["timeRegions"][0]["op"], "time");
}

#[test]
fn what_is_left_of_the_elements_of_lists_is_told_and_kept() {
    let check = |panel: Value, expected: &[&str]| {
        let imported = import_json(&json!({"schemaVersion": 14, "panels": [panel]}));
        let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
        let expected: Vec<String> = expected.iter().map(|note| format!("panels[0].{note}")).collect();
        assert_eq!(notes, expected, "{panel}");
        let again = import(&dashboard::export::to_text(&imported.dashboard)).unwrap();
        let described = |dashboard: &Dashboard| format!("{:?}", dashboard.panels[0].fields);
        assert_eq!(described(&again.dashboard), described(&imported.dashboard), "{panel}");
        assert_eq!(again.notes, imported.notes, "{panel}");
    };
    let usual =
        json!({"pattern": "y", "type": "number", "unit": "s", "sanitize": false, "colors": ["a"], "colorMode": null});
    check(
        json!({"type": "table-old", "styles": [usual, {"pattern": "x", "type": "string", "sanitize": true, "odd": 5}]}),
        &["styles[1]: is not supported: odd, sanitize"],
    );
    check(
        json!({"type": "table-old", "styles": [{"pattern": "x", "type": "number", "colorMode": "row", "colors": ["a"]}]}),
        &["styles[0].colorMode: is not supported"],
    );
    check(
        json!({"type": "graph", "yaxes": [{"format": "s"}, {"format": "s", "$$hashKey": "a", "odd": 1}]}),
        &["yaxes[1].odd: is not supported"],
    );
    check(
        json!({"type": "graph", "seriesOverrides": ["x", {"alias": "a", "odd": 1}], "thresholds": [7, {"value": 1, "odd": 1}]}),
        &["seriesOverrides: is not supported", "thresholds: is not supported"],
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
fn a_list_chooses_nothing_of_a_variable_with_one_value() {
    let check = |variable: Value, expected: &[&str]| {
        let json = json!({"schemaVersion": 42, "templating": {"list": [variable]}, "panels": []});
        assert_eq!(import_json(&json).dashboard.variables[0].current.values, expected, "{variable}");
    };
    let list = json!({"value": ["a", "b"], "text": ["a", "b"]});
    check(json!({"name": "v", "type": "custom", "multi": true, "current": list}), &["a", "b"]);
    check(json!({"name": "v", "type": "custom", "current": list}), &[]);
    check(json!({"name": "v", "type": "custom", "current": {"value": ["$__all"]}}), &["$__all"]);
    check(json!({"name": "v", "type": "custom", "current": {"value": "a"}}), &["a"]);
}

#[test]
fn a_text_box_without_a_value_has_its_default() {
    let check = |current: Value, expected: &[&str]| {
        let variable = json!({"name": "v", "type": "textbox", "query": ".*", "current": current});
        let json = json!({"schemaVersion": 42, "templating": {"list": [variable]}, "panels": []});
        assert_eq!(import_json(&json).dashboard.variables[0].current.values, expected, "{current}");
    };
    check(Value::Null, &[".*"]);
    check(json!({"text": "", "value": ""}), &[".*"]);
    check(json!({"text": ["a"], "value": ["a", "b"]}), &["a"]);
    check(json!({"text": "a", "value": "a"}), &["a"]);
}

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
        assert_eq!(panel.links[0].target, dashboard::model::LinkTarget::Url(url.to_owned()), "{link}");
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
        assert_eq!(link.target, dashboard::model::LinkTarget::Url(expected.to_owned()), "{version} {url}");
    };
    check(19, "/d/a?x=$__series_name", "/d/a?x=${__series.name}");
    check(20, "/d/a?x=${__series.labels.job}", "/d/a?x=${__field.labels.job}");
    check(21, "/d/a?x=${__field.labels.job}", "/d/a?x=${__field.labels.job}");
}

#[test]
fn a_library_panel_is_what_came_along() {
    let model = json!({"type": "graph", "title": "Shared", "bars": true, "gridPos": {"w": 24}, "unknown": 1,
        "targets": [{"refId": "A", "expr": "up"}]});
    let named =
        |uid: &str| json!({"id": 7, "gridPos": {"x": 3, "w": 5, "h": 4}, "libraryPanel": {"uid": uid, "name": "Lib"}});
    let row = json!({"id": 1, "type": "row", "collapsed": true, "panels": [named("a/b")]});
    let imported = import_json(&json!({
        "schemaVersion": 42, "title": "t", "__elements": {"a/b": {"uid": "a/b", "name": "Lib", "model": model}},
        "panels": [row, named("gone")],
    }));
    let [_, shared, gone] = imported.dashboard.panels.as_slice() else { panic!("three panels") };
    assert_eq!((shared.id, &*shared.title, shared.grid.w, shared.kind.name()), (7, "Shared", 5, "timeseries"));
    assert_eq!((&*shared.targets[0].expr, gone.kind.name()), ("up", "library-panel-ref"));
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    let expected =
        ["panels[1]: the library panel \"Lib\" is not in the file", "__elements.a/b.model.unknown: is not supported"];
    assert_eq!(notes, expected);
    let exported = dashboard::export::to_json(&imported.dashboard);
    assert_eq!(exported["panels"][0]["panels"][0].get("libraryPanel"), None);
    assert_eq!(exported["panels"][1]["libraryPanel"], json!({"uid": "gone", "name": "Lib"}));
    for elements in [json!([]), json!({}), json!(null), json!({"x": 5}), json!({"x": {"model": []}})] {
        import_json(&json!({"schemaVersion": 42, "title": "t", "__elements": elements, "panels": [named("x")]}));
    }
}

#[test]
fn copies_that_repeating_made_are_left_out() {
    let imported = import_json(&json!({"schemaVersion": 30, "panels": [
        {"type": "text", "title": "a", "repeat": "x"},
        {"type": "text", "title": "a", "repeatPanelId": 1, "scopedVars": {}}
    ]}));
    assert_eq!(imported.dashboard.panels.len(), 1);
    assert!(imported.notes.is_empty(), "{:?}", imported.notes);
    let count = |panel: Value| import_json(&json!({"schemaVersion": 30, "panels": [panel]})).dashboard.panels.len();
    assert_eq!(count(json!({"type": "text", "repeatPanelId": 0})), 1);
    assert_eq!(count(json!({"type": "text", "repeatPanelId": 1, "repeat": "x"})), 1);
    assert_eq!(count(json!({"type": "text", "repeatPanelId": 1, "repeat": "x", "repeatedByRow": true})), 0);
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
        assert_eq!(panel.field_config("a", "").draw.hide_from.tooltip, expected, "{version}");
    };
    check(36, json!({ "viz": true, "legend": false, "tooltip": false }), true);
    check(41, json!({ "viz": true }), true);
    check(41, json!({ "viz": false, "legend": true, "tooltip": false }), false);
    check(42, json!({ "viz": true, "tooltip": false }), false);
}
