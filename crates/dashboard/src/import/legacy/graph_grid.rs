//! The graph panel before version 13, whose axes and thresholds stood in `grid`.

use super::{set_type, type_of};
use crate::import::json::{Object, is_true, number, put_back, take, take_flag, take_object};
use serde_json::{Value, json};

/// 2: the panel was called graphite, its legend was on or off, and it had one axis format.
pub(super) fn from_graphite(panel: &mut Object) {
    if type_of(panel) == "graphite" {
        set_type(panel, "graph");
    }
    if type_of(panel) != "graph" {
        return;
    }
    if let Some(Value::Bool(show)) = panel.get("legend") {
        let legend = json!({"show": *show});
        panel.insert("legend".to_owned(), legend);
    }
    let formats = [take(panel, "y_format"), take(panel, "y2_format")];
    if formats.iter().any(is_true) {
        panel.insert("y_formats".to_owned(), Value::from(formats.to_vec()));
    }
    let mut grid = take_object(panel, "grid");
    for (old, new) in [("min", "leftMin"), ("max", "leftMax")] {
        let value = take(&mut grid, old);
        if is_true(&value) {
            grid.insert(new.to_owned(), value);
        }
    }
    put_back(panel, "grid", grid);
}

/// 4: series were put on an axis by a list of their names.
pub(super) fn series_overrides_from_aliases(panel: &mut Object) {
    if type_of(panel) != "graph" {
        return;
    }
    let axes = take_object(panel, "aliasYAxis");
    if !axes.is_empty() {
        let rules: Vec<Value> = axes.into_iter().map(|(alias, axis)| json!({"alias": alias, "yaxis": axis})).collect();
        panel.insert("seriesOverrides".to_owned(), Value::Array(rules));
    }
}

/// 12: both y axes got a list of their own.
pub(super) fn axes(panel: &mut Object) {
    if type_of(panel) != "graph" || panel.contains_key("yaxes") || !panel.get("grid").is_some_and(Value::is_object) {
        return;
    }
    let mut grid = take_object(panel, "grid");
    let formats = take(panel, "y_formats");
    let show = panel.remove("y-axis").unwrap_or(Value::Bool(true));
    let mut axis = |side: &str, index: usize| {
        json!({
            "show": show,
            "min": take(&mut grid, &format!("{side}Min")),
            "max": take(&mut grid, &format!("{side}Max")),
            "logBase": take(&mut grid, &format!("{side}LogBase")),
            "format": formats.get(index),
            "label": take(panel, &format!("{side}YAxisLabel")),
        })
    };
    let axes = json!([axis("left", 0), axis("right", 1)]);
    panel.insert("yaxes".to_owned(), axes);
    let show_time = panel.remove("x-axis").unwrap_or(Value::Bool(true));
    panel.insert("xaxis".to_owned(), json!({"show": show_time, "mode": "time"}));
    put_back(panel, "grid", grid);
}

/// 13: thresholds became a list.
pub(super) fn thresholds(panel: &mut Object) {
    if type_of(panel) != "graph" || !panel.get("grid").is_some_and(Value::is_object) {
        return;
    }
    let mut grid = take_object(panel, "grid");
    let as_line = take_flag(&mut grid, "thresholdLine");
    let mut threshold = |number: u8| {
        (take(&mut grid, &format!("threshold{number}")), take(&mut grid, &format!("threshold{number}Color")))
    };
    let (first, second) = (threshold(1), threshold(2));
    put_back(panel, "grid", grid);
    let Some(first_value) = number(&first.0) else { return };
    let falls = number(&second.0).is_some_and(|second| first_value > second);
    let with_op = |(value, color): (Value, Value)| {
        let (how, where_color) = if as_line { ("line", "lineColor") } else { ("fill", "fillColor") };
        let op = if falls { "lt" } else { "gt" };
        number(&value)
            .map(|value| json!({"value": value, "op": op, "colorMode": "custom", how: true, where_color: color}))
    };
    let list: Vec<Value> = [first, second].into_iter().filter_map(with_op).collect();
    panel.insert("thresholds".to_owned(), Value::Array(list));
}
