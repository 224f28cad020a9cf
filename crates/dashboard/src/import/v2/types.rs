//! Parts of a dashboard of schema v2 that are of another type than the schema has there. What is converted is looked for by
//! its type, and these would be lost.

use crate::import::document::escaped;
use crate::import::json::is_empty;
use serde_json::Value;

const OBJECTS: &[&str] =
    &["data", "element", "layout", "metadata", "queryOptions", "spec", "timeSettings", "vizConfig"];
/// Lists of objects.
const LISTS: &[&str] = &["annotations", "items", "queries", "rows", "tabs", "transformations", "variables"];
/// What is inside these is not the schema's own.
const CLOSED: &[&str] = &["conditionalRendering", "fieldConfig", "options", "query"];

/// Takes such parts out of `value`, whose place is `path`, and tells of them.
pub(super) fn take_out(value: &mut Value, path: &str, lost: &mut Vec<(String, &'static str)>) {
    let Value::Object(object) = value else { return };
    for (key, value) in object {
        let path = format!("{path}/{}", escaped(key));
        let expected = match key.as_str() {
            key if CLOSED.contains(&key) => continue,
            key if OBJECTS.contains(&key) => (!value.is_object()).then_some("expected an object"),
            key if LISTS.contains(&key) => (!value.is_array()).then_some("expected a list"),
            _ => None,
        };
        if let Some(expected) = expected {
            if !value.is_null() && !is_empty(value) {
                lost.push((path, expected));
            }
            *value = Value::Null;
            continue;
        }
        match value {
            Value::Array(items) if LISTS.contains(&key.as_str()) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let path = format!("{path}/{index}");
                    match item {
                        Value::Object(_) => take_out(item, &path, lost),
                        Value::Null => {}
                        _ => lost.push((path, "expected an object")),
                    }
                }
            }
            value => take_out(value, &path, lost),
        }
    }
}
