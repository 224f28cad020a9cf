//! Gauge, bar gauge and stat before version 7, whose field options were the panel's.

use super::graph::reducer;
use super::type_of;
use crate::import::json::{
    Object, at, drop_all, is_true, number, put_back, set, set_if_absent, take, take_list, take_object,
};
use serde_json::{Value, json};

/// 18: the options of a gauge stood under a name of their own.
pub(super) fn from_options_gauge(panel: &mut Object) {
    let mut options = take_object(panel, "options-gauge");
    if options.is_empty() {
        return;
    }
    let mut value = Object::new();
    for key in ["unit", "stat", "decimals", "prefix", "suffix"] {
        set(&mut value, key, take(&mut options, key));
    }
    let mut thresholds = take_list(&mut options, "thresholds");
    thresholds.reverse();
    set(&mut options, "thresholds", Value::Array(thresholds));
    set(&mut options, "valueOptions", Value::Object(value));
    drop_all(&mut options, &["options"]);
    panel.insert("options".to_owned(), Value::Object(options));
}

/// Moves `options.fieldOptions`, and `options.valueOptions` before it, to `fieldConfig` and `options.reduceOptions`.
pub(super) fn field_options(panel: &mut Object) {
    if !is_meant(panel) || !panel.get("options").is_some_and(Value::is_object) {
        return;
    }
    let mut options = take_object(panel, "options");
    let mut defaults = value_options(&mut options);
    let mut old = take_object(&mut options, "fieldOptions");
    defaults.extend(take_object(&mut old, "defaults"));
    for key in ["mappings", "thresholds"] {
        let value = [take(&mut old, key), take(&mut options, key)].into_iter().find(is_true);
        set_if_absent(&mut defaults, key, value.unwrap_or_default());
    }
    lift_defaults(&mut defaults);
    for (key, usual) in [("calcs", Value::Null), ("values", Value::Bool(false)), ("limit", Value::Null)] {
        let value = take(&mut old, key);
        if value != usual {
            set(&mut options, &format!("reduceOptions.{key}"), value);
        }
    }
    let overrides = take_list(&mut old, "overrides");
    drop_all(&mut old, &["override"]);
    put_back(&mut options, "fieldOptions", old);
    for (key, value) in defaults {
        set_if_absent(panel, &format!("fieldConfig.defaults.{key}"), value);
    }
    if !overrides.is_empty() {
        set_if_absent(panel, "fieldConfig.overrides", Value::Array(overrides));
    }
    put_back(panel, "options", options);
}

fn is_meant(panel: &Object) -> bool {
    matches!(type_of(panel), "gauge" | "bargauge" | "stat")
}

/// The form of version 6.1 and before.
fn value_options(options: &mut Object) -> Object {
    let mut defaults = Object::new();
    let mut value = take_object(options, "valueOptions");
    if value.is_empty() {
        return defaults;
    }
    for key in ["unit", "decimals"] {
        set(&mut defaults, key, take(&mut value, key));
    }
    for (old, new) in [("minValue", "min"), ("maxValue", "max"), ("valueMappings", "mappings")] {
        set(&mut defaults, new, take(options, old));
    }
    if let Some(stat) = take(&mut value, "stat").as_str() {
        set(options, "reduceOptions.calcs", json!([reducer(stat).unwrap_or(stat)]));
    }
    for key in ["prefix", "suffix"] {
        if value.get(key).is_some_and(|text| !is_true(text)) {
            value.remove(key);
        }
    }
    put_back(options, "valueOptions", value);
    defaults
}

/// Thresholds were a list, a colour a text, the name a title.
fn lift_defaults(defaults: &mut Object) {
    if let Some(Value::Array(steps)) = defaults.get_mut("thresholds") {
        let mut steps: Vec<Value> = steps.drain(..).map(without_index).collect();
        frame::sort_by(&mut steps, |a, b| step_value(a).total_cmp(&step_value(b)));
        if let Some(Value::Object(base)) = steps.first_mut() {
            base.insert("value".to_owned(), Value::Null);
        }
        defaults.insert("thresholds".to_owned(), json!({"mode": "absolute", "steps": steps}));
    }
    if defaults.get("color").is_some_and(Value::is_string) {
        let color = take(defaults, "color");
        defaults.insert("color".to_owned(), json!({"mode": "fixed", "fixedColor": color}));
    }
    let title = take(defaults, "title");
    set_if_absent(defaults, "displayName", title);
}

/// The version of Grafana that saved the panel; those before 6.2 did not say.
fn plugin_version(panel: &Object) -> f64 {
    let version = panel.get("pluginVersion").and_then(Value::as_str).unwrap_or("6.1");
    let mut parts = version.trim_start_matches('v').split('.').map_while(frame::decimal::parse);
    parts.next().unwrap_or(6.1)
}

/// Before version 8 percentages went from 0 to their whole unless told otherwise. That goes by the version of the panel,
/// whatever that of the document is.
pub(super) fn whole_range(panel: &mut Object) {
    if let Some(whole) = whole(panel) {
        set_if_absent(panel, "fieldConfig.defaults.min", Value::from(0));
        set_if_absent(panel, "fieldConfig.defaults.max", Value::from(whole));
    }
}

/// Whether a limit is missing that the panel had in its time.
pub(super) fn misses_range(panel: &Object) -> bool {
    whole(panel).is_some()
        && ["fieldConfig.defaults.min", "fieldConfig.defaults.max"].iter().any(|limit| at(panel, limit).is_none())
}

/// What the values of an old panel are parts of, where they are percentages.
fn whole(panel: &Object) -> Option<u32> {
    let unit = at(panel, "fieldConfig.defaults.unit").filter(|_| is_meant(panel)).and_then(Value::as_str);
    let whole = match unit {
        Some("percent") => 100,
        Some("percentunit") => 1,
        _ => return None,
    };
    (plugin_version(panel) < 8.0).then_some(whole)
}

fn without_index(mut step: Value) -> Value {
    if let Value::Object(step) = &mut step {
        drop_all(step, &["index"]);
    }
    step
}

fn step_value(step: &Value) -> f64 {
    step.get("value").and_then(number).unwrap_or(f64::NEG_INFINITY)
}
