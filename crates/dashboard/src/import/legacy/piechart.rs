//! The pie chart of the Angular era, a plugin.

use super::graph::{color_overrides, reducer, set_fields};
use super::{set_type, type_of};
use crate::import::json::{
    Object, drop_all, drop_off, json_number, number, put_back, set, take, take_flag, take_object,
};
use serde_json::{Value, json};

/// Whether a pie chart has its options in the panel itself.
pub(super) fn is_old(panel: &Object) -> bool {
    let kind = type_of(panel);
    kind == "grafana-piechart-panel" || (kind == "piechart" && panel.contains_key("pieType"))
}

/// Moves the options to where the newest schema has them.
pub(super) fn migrate(panel: &mut Object) {
    if !is_old(panel) {
        return;
    }
    set_type(panel, "piechart");
    let mut standard = Object::new();
    set(&mut standard, "unit", take(panel, "format"));
    set(&mut standard, "decimals", json_number(number(&take(panel, "decimals")).unwrap_or(0.0).max(0.0)));
    let name = take(panel, "valueName");
    let calc = name.as_str().and_then(reducer).unwrap_or("lastNotNull");
    set(panel, "options.reduceOptions.calcs", json!([calc]));
    let kind = if take(panel, "pieType") == "donut" { "donut" } else { "pie" };
    set(panel, "options.pieType", Value::from(kind));
    set_legend(panel);
    let overrides = color_overrides(panel);
    set_fields(panel, standard, Object::new(), overrides);
    drop_leftovers(panel);
}

/// The legend stood beside, below or on the chart.
fn set_legend(panel: &mut Object) {
    let mut legend = take_object(panel, "legend");
    let shown = take_flag(&mut legend, "show");
    let mut values = Vec::new();
    for (old, new) in [("values", "value"), ("percentage", "percent")] {
        if take_flag(&mut legend, old) {
            values.push(new);
        }
    }
    let place = take(panel, "legendType");
    let on_chart = place == "On graph";
    let placement = if place == "Under graph" { "bottom" } else { "right" };
    if on_chart {
        let labels: Vec<&str> = std::iter::once("name").chain(values.iter().copied()).collect();
        set(panel, "options.displayLabels", json!(labels));
    }
    let new = json!({
        "displayMode": "table",
        "placement": placement,
        "showLegend": shown && !on_chart,
        "values": values,
    });
    set(panel, "options.legend", new);
    drop_off(&mut legend, &["header", "sort", "sortDesc", "percentageDecimals"]);
    put_back(panel, "legend", legend);
}

/// What the plugin could and nothing can any more, where it says the usual.
fn drop_leftovers(panel: &mut Object) {
    drop_all(panel, &["breakPoint", "fontSize", "strokeWidth", "nullPointMode", "cacheTimeout"]);
    let joins_none = |combine: &Value| combine.get("threshold").and_then(number).unwrap_or(0.0) == 0.0;
    if panel.get("combine").is_some_and(joins_none) {
        drop_all(panel, &["combine"]);
    }
}
