//! The heatmap of the Angular era.

use super::type_of;
use crate::import::json::{
    Object, drop_all, is_true, json_number, number, put_back, set, take, take_flag, take_object, text,
};
use serde_json::{Value, json};

/// The least value of a cell that is shown where empty ones are not.
const ALMOST_ZERO: f64 = 1e-9;

/// Whether a heatmap has its options in the panel itself.
pub(super) fn is_old(panel: &Object) -> bool {
    let options = panel.get("options").and_then(Value::as_object);
    type_of(panel) == "heatmap"
        && options.is_none_or(Object::is_empty)
        && ["color", "dataFormat", "yAxis", "cards"].iter().any(|key| panel.contains_key(*key))
}

/// Moves the options to where the newest schema has them.
pub(super) fn migrate(panel: &mut Object) {
    if !is_old(panel) {
        return;
    }
    let mut options = Object::new();
    let calculate = take(panel, "dataFormat") != "tsbuckets";
    set(&mut options, "calculate", Value::Bool(calculate));
    let mut axis = take_object(panel, "yAxis");
    set_calculation(panel, &mut axis, &mut options, calculate);
    set_color(panel, &mut options);
    set_cells(panel, &mut options);
    set_axis(panel, &mut axis, &mut options);
    drop_all(&mut axis, &["logBase", "splitFactor"]);
    put_back(panel, "yAxis", axis);
    panel.insert("options".to_owned(), Value::Object(options));
    drop_leftovers(panel);
}

/// How values become cells.
fn set_calculation(panel: &mut Object, axis: &mut Object, options: &mut Object, calculate: bool) {
    for side in ["x", "y"] {
        let (size, count) = (take(panel, &format!("{side}BucketSize")), take(panel, &format!("{side}BucketNumber")));
        let (mode, value) = if is_true(&size) { ("size", size) } else { ("count", count) };
        if calculate && is_true(&value) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            set(options, &format!("calculation.{side}Buckets"), json!({"mode": mode, "value": value}));
        }
    }
    let base = number(&take(axis, "logBase")).filter(|base| *base > 1.0);
    let split = number(&take(axis, "splitFactor")).filter(|split| *split > 0.0);
    if let Some(base) = base.filter(|_| calculate) {
        set(options, "calculation.yBuckets.mode", Value::from("count"));
        set(options, "calculation.yBuckets.value", split.map_or(Value::Null, |split| Value::from(split.to_string())));
        set(options, "calculation.yBuckets.scale", json!({"type": "log", "log": json_number(base)}));
    }
}

fn set_color(panel: &mut Object, options: &mut Object) {
    let mut color = take_object(panel, "color");
    let scheme = take(&mut color, "colorScheme");
    // Schemes were called by the function that computes them.
    let scheme = scheme.as_str().map(|name| name.trim_start_matches("interpolate"));
    let by_opacity = take(&mut color, "mode") == "opacity";
    let scale = if take(&mut color, "colorScale") == "linear" { "linear" } else { "exponential" };
    let exponent = number(&take(&mut color, "exponent")).unwrap_or(0.5);
    let (mut min, mut max) = (number(&take(&mut color, "min")), number(&take(&mut color, "max")));
    let reverse = matches!((min, max), (Some(min), Some(max)) if min > max);
    if reverse {
        std::mem::swap(&mut min, &mut max);
    }
    let mut new = Object::new();
    set(&mut new, "mode", Value::from(if by_opacity { "opacity" } else { "scheme" }));
    set(&mut new, "scheme", scheme.map_or(Value::Null, Value::from));
    set(&mut new, "scale", Value::from(scale));
    set(&mut new, "exponent", json_number(exponent));
    set(&mut new, "fill", take(&mut color, "cardColor"));
    set(&mut new, "steps", Value::from(128));
    set(&mut new, "min", min.map_or(Value::Null, json_number));
    set(&mut new, "max", max.map_or(Value::Null, json_number));
    set(&mut new, "reverse", Value::Bool(reverse));
    put_back(options, "color", new);
    put_back(panel, "color", color);
}

/// Gaps, corners and which cells are left out.
fn set_cells(panel: &mut Object, options: &mut Object) {
    let mut cards = take_object(panel, "cards");
    let gap = number(&take(&mut cards, "cardPadding")).filter(|gap| *gap > 0.0);
    set(options, "cellGap", gap.map_or(Value::from(1), json_number));
    set(options, "cellRadius", number(&take(&mut cards, "cardRound")).map_or(Value::Null, json_number));
    put_back(panel, "cards", cards);
    let hidden = take_flag(panel, "hideZeroBuckets").then_some(ALMOST_ZERO);
    set(options, "filterValues", json!({"le": hidden}));
    let layout = match text(&take(panel, "yBucketBound")) {
        Some("upper") => "ge",
        Some("lower") => "le",
        Some("middle") => "unknown",
        _ => "auto",
    };
    set(options, "rowsFrame.layout", Value::from(layout));
    set(options, "cellValues.decimals", number(&take(panel, "tooltipDecimals")).map_or(Value::Null, json_number));
}

fn set_axis(panel: &mut Object, axis: &mut Object, options: &mut Object) {
    let hidden = take(axis, "show") == Value::Bool(false);
    set(options, "yAxis.axisPlacement", Value::from(if hidden { "hidden" } else { "left" }));
    set(options, "yAxis.reverse", Value::Bool(take_flag(panel, "reverseYBuckets")));
    set(options, "yAxis.unit", take(axis, "format"));
    for (old, new) in [("min", "min"), ("max", "max"), ("decimals", "decimals"), ("width", "axisWidth")] {
        set(options, &format!("yAxis.{new}"), number(&take(axis, old)).map_or(Value::Null, json_number));
    }
    let mut legend = take_object(panel, "legend");
    set(options, "legend.show", Value::Bool(take_flag(&mut legend, "show")));
    let mut tooltip = take_object(panel, "tooltip");
    let shown = take_flag(&mut tooltip, "show");
    set(options, "tooltip.mode", Value::from(if shown { "single" } else { "none" }));
    set(options, "tooltip.yHistogram", Value::Bool(take_flag(&mut tooltip, "showHistogram")));
    let shown = take_object(panel, "xAxis").get("show") != Some(&Value::Bool(false));
    if !shown {
        set(panel, "xAxis.show", Value::Bool(false));
    }
}

/// What highlighted a cell is done for all now; `heatmap` was never used.
fn drop_leftovers(panel: &mut Object) {
    drop_all(panel, &["highlightCards", "heatmap"]);
}
