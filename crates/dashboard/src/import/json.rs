//! Small tools for changing JSON that may be anything.

use serde_json::{Number, Value};

pub(super) type Object = serde_json::Map<String, Value>;

/// Takes what `object` has under `key`; `null` where there is nothing.
pub(super) fn take(object: &mut Object, key: &str) -> Value {
    object.remove(key).unwrap_or_default()
}

/// Takes the object under `key`; an empty one where there is none.
pub(super) fn take_object(object: &mut Object, key: &str) -> Object {
    match take(object, key) {
        Value::Object(inner) => inner,
        _ => Object::new(),
    }
}

/// Takes the list under `key`; an empty one where there is none.
pub(super) fn take_list(object: &mut Object, key: &str) -> Vec<Value> {
    match take(object, key) {
        Value::Array(list) => list,
        _ => Vec::new(),
    }
}

/// Takes what is under `key` if it is yes or no, in the sense of JavaScript.
pub(super) fn take_flag(object: &mut Object, key: &str) -> bool {
    is_true(&take(object, key))
}

/// Removes what says nothing more than that something is off.
pub(super) fn drop_off(object: &mut Object, keys: &[&str]) {
    for key in keys {
        if object.get(*key).is_some_and(|value| !is_true(value) || is_empty(value)) {
            object.remove(*key);
        }
    }
}

/// Removes what means nothing to anyone any more.
pub(super) fn drop_all(object: &mut Object, keys: &[&str]) {
    for key in keys {
        object.remove(*key);
    }
}

/// Puts back under `key` what is left of an object, if anything is.
pub(super) fn put_back(object: &mut Object, key: &str, rest: Object) {
    if !rest.is_empty() {
        object.insert(key.to_owned(), Value::Object(rest));
    }
}

/// Puts back under `key` what is left of the elements of a list, if anything is. Each keeps its place, so that the path of
/// what is left is that of the file.
pub(super) fn put_back_list(object: &mut Object, key: &str, rest: Vec<Value>) {
    if rest.iter().any(|rest| !rest.is_null() && !is_empty(rest)) {
        object.insert(key.to_owned(), Value::Array(rest));
    }
}

/// Whether JavaScript would take it for yes.
pub(super) fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// Whether it is a list or an object without content.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}

/// A number, or a text that is one.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => frame::decimal::parse(text.trim()),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// A text that is not empty.
pub(super) fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

/// A number as JSON, whole ones without a fraction.
pub(crate) fn json_number(number: f64) -> Value {
    const EXACT: f64 = 9e15;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// What stands at the end of a path such as `fieldConfig.defaults.unit`.
pub(super) fn at<'a>(object: &'a Object, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        Some((key, rest)) => at(object.get(key)?.as_object()?, rest),
        None => object.get(path).filter(|value| !value.is_null()),
    }
}

/// Sets what stands at the end of a path; `null` sets nothing.
pub(super) fn set(object: &mut Object, path: &str, value: Value) {
    if value.is_null() {
        return;
    }
    match path.split_once('.') {
        Some((key, rest)) => {
            let mut inner = take_object(object, key);
            set(&mut inner, rest, value);
            object.insert(key.to_owned(), Value::Object(inner));
        }
        None => {
            object.insert(path.to_owned(), value);
        }
    }
}

/// Sets what stands at the end of a path unless there is something already.
pub(super) fn set_if_absent(object: &mut Object, path: &str, value: Value) {
    if at(object, path).is_none() {
        set(object, path, value);
    }
}
