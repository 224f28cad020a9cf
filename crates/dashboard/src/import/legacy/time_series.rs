//! Steps of the time series panel.

use super::type_of;
use crate::import::json::{Object, at, set, take, take_list, take_object};
use serde_json::{Value, json};

/// 30: its tooltip was called `tooltipOptions`.
pub(super) fn tooltip(panel: &mut Object) {
    if !matches!(type_of(panel), "timeseries" | "xychart") || !panel.contains_key("options") {
        return;
    }
    let mut options = take_object(panel, "options");
    let tooltip = take(&mut options, "tooltipOptions");
    set(&mut options, "tooltip", tooltip);
    panel.insert("options".to_owned(), Value::Object(options));
}

/// 31: `labelsToFields` no longer merges its tables by itself.
pub(super) fn merge_labels(panel: &mut Object) {
    let is_labels = |step: &Value| step.get("id").is_some_and(|id| id == "labelsToFields");
    if !panel.get("transformations").and_then(Value::as_array).is_some_and(|steps| steps.iter().any(is_labels)) {
        return;
    }
    let mut steps = Vec::new();
    for step in take_list(panel, "transformations") {
        let merge = is_labels(&step);
        steps.push(step);
        if merge {
            steps.push(json!({"id": "merge", "options": {}}));
        }
    }
    panel.insert("transformations".to_owned(), Value::Array(steps));
}

/// 35: hiding the axes of all fields no longer leaves that of time; so an override shows it.
pub(super) fn keep_time_axis(panel: &mut Object) {
    let hidden = at(panel, "fieldConfig.defaults.custom.axisPlacement").is_some_and(|placement| placement == "hidden");
    if type_of(panel) != "timeseries" || !hidden {
        return;
    }
    let mut config = take_object(panel, "fieldConfig");
    let mut overrides = take_list(&mut config, "overrides");
    overrides.push(json!({
        "matcher": {"id": "byType", "options": "time"},
        "properties": [{"id": "custom.axisPlacement", "value": "auto"}],
    }));
    config.insert("overrides".to_owned(), Value::Array(overrides));
    panel.insert("fieldConfig".to_owned(), Value::Object(config));
}
