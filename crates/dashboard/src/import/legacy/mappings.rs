//! 30: a mapping became an object of its own kind. Before, each was a text for a value (1) or a range (2).

use crate::import::json::{Object, at, json_number, number, put_back, take, take_list, take_object};
use serde_json::{Value, json};

/// Lifts the mappings of a panel's fields, in the defaults and in overrides.
pub(super) fn migrate(panel: &mut Object) {
    if !panel.contains_key("fieldConfig") {
        return;
    }
    let mut config = take_object(panel, "fieldConfig");
    let mut defaults = take_object(&mut config, "defaults");
    if let Some(Value::Array(old)) = defaults.remove("mappings") {
        let steps = at(&defaults, "thresholds.steps").and_then(Value::as_array).cloned().unwrap_or_default();
        defaults.insert("mappings".to_owned(), Value::Array(lifted(old, &steps)));
    }
    put_back(&mut config, "defaults", defaults);
    let overrides = config.get_mut("overrides").and_then(Value::as_array_mut);
    let rules = overrides.into_iter().flatten().filter_map(|rule| rule.get_mut("properties")?.as_array_mut());
    for property in rules.flatten().filter_map(Value::as_object_mut) {
        if property.get("id").is_some_and(|id| id == "mappings") && property.get("value").is_some_and(Value::is_array) {
            let old = take_list(property, "value");
            property.insert("value".to_owned(), Value::Array(lifted(old, &[])));
        }
    }
    put_back(panel, "fieldConfig", config);
}

/// Mappings of values are gathered in one object, in front. A text that is a number keeps the colour it had by thresholds.
fn lifted(old: Vec<Value>, steps: &[Value]) -> Vec<Value> {
    if !old.iter().any(is_old) {
        return old;
    }
    let mut values = Object::new();
    let mut others = Vec::new();
    for mapping in old {
        let Value::Object(mut mapping) = mapping else { continue };
        if mapping.contains_key("options") {
            others.push(Value::Object(mapping));
            continue;
        }
        let kind = take(&mut mapping, "type");
        let text = take(&mut mapping, "text");
        let color = number(&text).and_then(|number| color_at(steps, number)).unwrap_or_default();
        let shown = json!({"text": text, "color": color});
        match number(&kind) {
            Some(1.0) => match take(&mut mapping, "value") {
                Value::String(value) if value == "null" => others.push(special_null(&shown)),
                Value::Null => {}
                value => {
                    let value = text_of(value);
                    values.insert(value, shown);
                }
            },
            Some(2.0) => others.push(range(&mut mapping, &shown)),
            _ => {}
        }
    }
    if !values.is_empty() {
        others.insert(0, json!({"type": "value", "options": values}));
    }
    others
}

fn is_old(mapping: &Value) -> bool {
    mapping.is_object() && mapping.get("options").is_none() && mapping.get("type").and_then(number).is_some()
}

fn special_null(shown: &Value) -> Value {
    json!({"type": "special", "options": {"match": "null", "result": shown}})
}

/// A range; from null to null meant the absence of a value.
fn range(mapping: &mut Object, shown: &Value) -> Value {
    let ends = [take(mapping, "from"), take(mapping, "to")];
    if ends.iter().all(|end| end == "null") {
        return special_null(shown);
    }
    let [from, to] = ends.map(|end| number(&end).map_or(Value::Null, json_number));
    json!({"type": "range", "options": {"from": from, "to": to, "result": shown}})
}

/// The colour of the highest step that a number has reached.
fn color_at(steps: &[Value], reached: f64) -> Option<Value> {
    let step_value = |step: &&Value| step.get("value").and_then(number).unwrap_or(f64::NEG_INFINITY);
    steps.iter().take_while(|step| step_value(step) <= reached).last()?.get("color").cloned()
}

fn text_of(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
