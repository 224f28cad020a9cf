//! What of a document was not read: options that have no effect. It is computed, so nothing can be forgotten. What is read,
//! and has no effect for all that, is listed in [`crate::undrawn`].

use super::NoteKind;
use super::document::escaped;
use super::node::{Finding, Reading};
use serde_json::Value;

/// Names of so many of an object's keys are told.
const MAX_NAMES: usize = 8;

/// Notes every part of `json` that was not looked at, an object or list of which nothing was read as one.
pub(super) fn note_unread(json: &Value, reading: &Reading) {
    let mut walk = Walk { reading, unread: Vec::new(), pointer: String::new() };
    walk.visit(json);
    for (pointer, what) in walk.unread {
        reading.note(Finding { pointer, what, kind: NoteKind::Unread });
    }
}

struct Walk<'a> {
    reading: &'a Reading,
    unread: Vec<(String, String)>,
    /// The way to the value that is looked at now.
    pointer: String,
}

impl Walk<'_> {
    /// Whether anything in `value` was read. What says nothing counts as neither.
    fn visit(&mut self, value: &Value) -> bool {
        if self.reading.was_read(value) {
            return true;
        }
        let before = self.unread.len();
        let mut any_read = false;
        match value {
            Value::Null => return false,
            Value::Object(object) => {
                for (key, value) in object {
                    any_read |= self.enter(&escaped(key), value);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    any_read |= self.enter(&index.to_string(), value);
                }
            }
            _ => self.unread.push((self.pointer.clone(), "is not supported".to_owned())),
        }
        if !any_read && self.unread.len() > before + 1 {
            self.unread.truncate(before);
            self.unread.push((self.pointer.clone(), names_of(value)));
        }
        any_read
    }

    fn enter(&mut self, step: &str, value: &Value) -> bool {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(step);
        let any_read = self.visit(value);
        self.pointer.truncate(length);
        any_read
    }
}

fn names_of(value: &Value) -> String {
    let Value::Object(object) = value else { return "is not supported".to_owned() };
    let names: Vec<&str> = object.keys().take(MAX_NAMES).map(|key| crate::prefix(key, 40)).collect();
    let more = if object.len() > MAX_NAMES { ", …" } else { "" };
    format!("is not supported: {}{more}", names.join(", "))
}
