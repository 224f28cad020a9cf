//! Reading the options of a transformation. Dashboards hold what users and old versions left there, so a value of another
//! type than expected counts as absent.

use super::TransformError;
use serde_json::Value;
use std::sync::Arc;

/// A piece of JSON and where it is.
#[derive(Clone, Debug)]
pub(super) struct Options<'a> {
    pub(super) json: &'a Value,
    path: String,
}

impl<'a> Options<'a> {
    pub(super) fn new(json: &'a Value, path: impl Into<String>) -> Self {
        Self { json, path: path.into() }
    }

    /// What is under `key`; null where there is nothing.
    pub(super) fn get(&self, key: &str) -> Self {
        Self { json: self.json.get(key).unwrap_or(&Value::Null), path: format!("{}.{key}", self.path) }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.json.is_null()
    }

    pub(super) fn str(&self, key: &str) -> Option<&'a str> {
        self.json.get(key)?.as_str()
    }

    pub(super) fn text(&self, key: &str) -> Option<Arc<str>> {
        self.str(key).map(Arc::from)
    }

    /// A text, or a number written as one.
    pub(super) fn scalar(&self, key: &str) -> Option<Arc<str>> {
        match self.json.get(key)? {
            Value::String(text) => Some(text.as_str().into()),
            Value::Number(number) => Some(super::cell::Cell::Number(number.as_f64()?).to_text()),
            Value::Bool(flag) => Some(if *flag { "true" } else { "false" }.into()),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        self.json.get(key)?.as_f64()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.json.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The texts of a list.
    pub(super) fn texts(&self, key: &str) -> Vec<Arc<str>> {
        let list = self.json.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(Arc::from).collect()
    }

    /// The items of a list.
    pub(super) fn items(&self, key: &str) -> Vec<Options<'a>> {
        let list = self.json.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().map(|(index, item)| Self::new(item, format!("{}.{key}[{index}]", self.path))).collect()
    }

    /// Names and values of the object under `key`.
    pub(super) fn entries(&self, key: &str) -> Vec<(Arc<str>, Options<'a>)> {
        self.get(key).members()
    }

    /// Names and values of this object.
    pub(super) fn members(&self) -> Vec<(Arc<str>, Options<'a>)> {
        let entry = |(name, value): (&'a String, &'a Value)| {
            (Arc::from(name.as_str()), Self::new(value, format!("{}.{name}", self.path)))
        };
        self.json.as_object().into_iter().flatten().map(entry).collect()
    }

    pub(super) fn error(&self, message: impl Into<String>) -> TransformError {
        TransformError { path: self.path.clone(), message: message.into() }
    }
}
