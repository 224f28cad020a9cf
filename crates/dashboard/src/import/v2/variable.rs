//! Variables of schema v2.

use super::{data_source, number_of};
use crate::import::json::{Object, drop_all, put_back, set, take, take_object};
use serde_json::{Value, json};

/// Converts a variable: its kind becomes a type, words become the numbers they were. What the classic schema has no place
/// for stays.
pub(super) fn convert(variable: &mut Object) -> Object {
    let kind = take(variable, "kind");
    let group = take(variable, "group");
    let own_source = take(variable, "datasource");
    let mut spec = take_object(variable, "spec");
    let kind = match kind.as_str().unwrap_or_default() {
        "QueryVariable" => "query",
        "DatasourceVariable" => "datasource",
        "CustomVariable" => "custom",
        "ConstantVariable" => "constant",
        "IntervalVariable" => "interval",
        "TextVariable" => "textbox",
        "AdhocVariable" => "adhoc",
        "SwitchVariable" => "switch",
        "GroupByVariable" => "groupby",
        other => other,
    };
    set(&mut spec, "type", Value::from(kind));
    match kind {
        "query" => {
            let rest = query(&mut spec);
            put_back(variable, "spec", rest);
        }
        "datasource" => {
            let plugin = take(&mut spec, "pluginId");
            set(&mut spec, "query", plugin);
        }
        "switch" => switch(&mut spec),
        "adhoc" | "groupby" => {
            let mut query = Object::new();
            set(&mut query, "group", group);
            set(&mut query, "datasource", own_source);
            let older = take(&mut spec, "datasource");
            set(&mut spec, "datasource", data_source(&mut query, older));
        }
        _ => {}
    }
    for (key, words) in [("sort", SORTS), ("refresh", REFRESHES)] {
        if let Some(number) = number_of(&spec, key, words) {
            set(&mut spec, key, Value::from(number));
        }
    }
    spec
}

const REFRESHES: &[&str] = &["never", "onDashboardLoad", "onTimeRangeChanged"];
const SORTS: &[&str] = &[
    "disabled",
    "alphabeticalAsc",
    "alphabeticalDesc",
    "numericalAsc",
    "numericalDesc",
    "alphabeticalCaseInsensitiveAsc",
    "alphabeticalCaseInsensitiveDesc",
    "naturalAsc",
    "naturalDesc",
];

/// Takes the query apart, and returns what of the spec is left of it.
fn query(spec: &mut Object) -> Object {
    let mut rest = Object::new();
    let older = take(spec, "datasource");
    let source = match take(spec, "query") {
        Value::Object(mut query) if query.contains_key("kind") => {
            let source = data_source(&mut query, older);
            spec.insert("query".to_owned(), text_or_object(take(&mut query, "spec")));
            drop_all(&mut query, &["version"]);
            put_back(&mut rest, "query", query);
            source
        }
        query => {
            set(spec, "query", query);
            older
        }
    };
    set(spec, "datasource", source);
    rest
}

/// Where Grafana keeps a query that was a text: now and at first.
const TEXTS: &[&str] = &["__legacyStringValue", "__grafana_string_value"];

/// A query as the classic schema has it: the text that it was before, or an object.
fn text_or_object(query: Value) -> Value {
    let text = TEXTS.iter().find_map(|key| query.get(*key).filter(|text| text.is_string())).cloned();
    text.unwrap_or(query)
}

fn switch(spec: &mut Object) {
    let [on, off] = [("enabledValue", "true"), ("disabledValue", "false")]
        .map(|(key, usual)| spec.remove(key).unwrap_or_else(|| Value::from(usual)));
    if let Some(Value::String(current)) = spec.get("current") {
        let current = json!({"text": current, "value": current});
        spec.insert("current".to_owned(), current);
    }
    spec.insert("options".to_owned(), json!([{"text": on, "value": on}, {"text": off, "value": off}]));
}
