//! Graphs, which became time series.

use crate::{check, import_panel};
use serde_json::{Value, json};

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
fn what_a_graph_left_behind_says_nothing_in_any_version() {
    for version in [14, 39, 42] {
        let rest = json!({"type": "timeseries", "lines": true, "bars": true, "renderer": "flot", "decimals": 2});
        let (panel, imported) = import_panel(version, rest);
        assert_eq!(imported.notes.iter().map(ToString::to_string).collect::<Vec<_>>(), [""; 0], "{version}");
        let (expected, _) = import_panel(version, json!({"type": "timeseries"}));
        assert_eq!(format!("{:?}", panel.fields), format!("{:?}", expected.fields), "{version}");
    }
}
