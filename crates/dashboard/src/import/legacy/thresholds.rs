//! Thresholds of the graph panel: each said from where on, upwards or downwards, in which colour, as line or area.

use crate::import::json::{Object, drop_all, json_number, number, put_back_list, take, take_flag, take_list};
use serde_json::{Value, json};

struct Threshold {
    value: f64,
    below: bool,
    color: Value,
    line: bool,
    fill: bool,
}

/// Takes `thresholds` of a panel and writes steps and how they are drawn.
pub(super) fn migrate(panel: &mut Object, standard: &mut Object, custom: &mut Object) {
    let mut rest = Vec::new();
    let mut thresholds = Vec::new();
    for mut threshold in take_list(panel, "thresholds") {
        thresholds.extend(threshold.as_object_mut().and_then(read));
        rest.push(threshold);
    }
    put_back_list(panel, "thresholds", rest);
    if thresholds.is_empty() {
        return;
    }
    frame::sort_by(&mut thresholds, |a, b| a.value.total_cmp(&b.value));
    let style = match (thresholds.iter().any(|one| one.line), thresholds.iter().any(|one| one.fill)) {
        (true, true) => "line+area",
        (false, true) => "area",
        (_, false) => "line",
    };
    custom.insert("thresholdsStyle".to_owned(), json!({"mode": style}));
    standard.insert("thresholds".to_owned(), json!({"mode": "absolute", "steps": steps(&thresholds)}));
}

fn read(threshold: &mut Object) -> Option<Threshold> {
    drop_all(threshold, &["$$hashKey"]);
    if threshold.get("yaxis").and_then(Value::as_str) == Some("left") {
        drop_all(threshold, &["yaxis"]);
    }
    if threshold.get("visible") == Some(&Value::Bool(true)) {
        drop_all(threshold, &["visible"]);
    }
    let Some(value) = threshold.get("value").and_then(number) else {
        // Nothing was ever drawn of it.
        drop_all(threshold, &["value", "op", "colorMode", "line", "fill", "lineColor", "fillColor"]);
        return None;
    };
    let below = threshold.get("op").and_then(Value::as_str) == Some("lt");
    let (line, fill) = (take_flag(threshold, "line"), take_flag(threshold, "fill"));
    let own = own_color(threshold, line && fill);
    let color = match threshold.get("colorMode").and_then(Value::as_str) {
        Some("warning") => Value::from("orange"),
        Some("ok") => Value::from("green"),
        Some("custom") => own,
        _ => Value::from("red"),
    };
    drop_all(threshold, &["value", "op", "colorMode"]);
    Some(Threshold { value, below, color, line, fill })
}

/// A step has one colour: that of the area, or else of the line. Where both are drawn, another one of the line is left.
fn own_color(threshold: &mut Object, both: bool) -> Value {
    let area = take(threshold, "fillColor");
    let line = take(threshold, "lineColor");
    if both && !area.is_null() && !line.is_null() && line != area {
        threshold.insert("lineColor".to_owned(), line);
        return area;
    }
    [area, line].into_iter().find(|color| !color.is_null()).unwrap_or_else(|| Value::from("red"))
}

/// Steps go upwards only: one that is meant downwards colours what lies below it, and what lies above is transparent
/// unless the next one says otherwise.
fn steps(thresholds: &[Threshold]) -> Vec<Value> {
    let step = |value: Option<f64>, color: &Value| json!({"value": value.map(json_number), "color": color});
    let transparent = Value::from("transparent");
    let mut steps = Vec::new();
    for (index, threshold) in thresholds.iter().enumerate() {
        if !threshold.below {
            if steps.is_empty() {
                steps.push(step(None, &transparent));
            }
            steps.push(step(Some(threshold.value), &threshold.color));
            continue;
        }
        if steps.is_empty() {
            steps.push(step(None, &threshold.color));
        }
        let above = thresholds.get(index + 1).filter(|next| next.below).map_or(&transparent, |next| &next.color);
        steps.push(step(Some(threshold.value), above));
    }
    steps
}
