//! Reading JSON that may be anything: every access gives a value of the right type or none, and notes what was wrong.

use super::Note;
use serde_json::Value;
use std::cell::RefCell;
use std::fmt::Write;

/// A place in a JSON document, and the way that led there.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    step: Step<'a>,
    notes: &'a RefCell<Vec<Note>>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a Node<'a>, &'a str),
    Index(&'a Node<'a>, usize),
}

/// How many notes are kept: a hostile file could cause one per byte.
const MAX_NOTES: usize = 200;

/// How many elements of a list are read. Nothing a person made comes near it, and each becomes a value many times as large
/// as its text.
const MAX_ITEMS: usize = 5_000;

static ABSENT: Value = Value::Null;

impl<'a> Node<'a> {
    pub(crate) fn root(value: &'a Value, notes: &'a RefCell<Vec<Note>>) -> Self {
        Self { value, step: Step::Root, notes }
    }

    /// The JSON at this place.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// What the object here has under `key`; `null` where there is none.
    pub(crate) fn get<'b>(&'b self, key: &'b str) -> Node<'b> {
        Node { value: self.value.get(key).unwrap_or(&ABSENT), step: Step::Key(self, key), notes: self.notes }
    }

    /// The element numbered `index`; `null` where there is none.
    pub(crate) fn index<'b>(&'b self, index: usize) -> Node<'b> {
        Node { value: self.value.get(index).unwrap_or(&ABSENT), step: Step::Index(self, index), notes: self.notes }
    }

    /// Whether there is nothing here.
    pub(crate) fn is_absent(&self) -> bool {
        self.value.is_null()
    }

    /// Whether there is an object here.
    pub(crate) fn is_object(&self) -> bool {
        self.value.is_object()
    }

    /// Notes that something is wrong with this place.
    pub(crate) fn note(&self, what: impl Into<String>) {
        let mut notes = self.notes.borrow_mut();
        if notes.len() < MAX_NOTES {
            notes.push(Note { path: self.path(), what: what.into() });
        }
    }

    fn expected<T>(&self, what: &str) -> Option<T> {
        if !self.is_absent() {
            self.note(format!("expected {what}, found {}", kind_name(self.value)));
        }
        None
    }

    /// The elements of the list here.
    pub(crate) fn items<'b>(&'b self) -> impl Iterator<Item = Node<'b>> {
        let count = match self.value {
            Value::Array(items) if items.len() > MAX_ITEMS => {
                self.note(format!("only the first {MAX_ITEMS} of {} are read", items.len()));
                MAX_ITEMS
            }
            Value::Array(items) => items.len(),
            _ => self.expected("a list").unwrap_or(0),
        };
        (0..count).map(move |index| self.index(index))
    }

    /// The keys and values of the object here.
    pub(crate) fn entries<'b>(&'b self) -> impl Iterator<Item = (&'b str, Node<'b>)> {
        let object = match self.value {
            Value::Object(object) => Some(object),
            _ => self.expected("an object"),
        };
        object.into_iter().flat_map(|object| object.keys()).map(move |key| (key.as_str(), self.get(key)))
    }

    /// A text; a number or a truth value is taken as written.
    pub(crate) fn text(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            _ => self.expected("text"),
        }
    }

    /// A text that is not empty.
    pub(crate) fn filled_text(&self) -> Option<String> {
        self.text().filter(|text| !text.is_empty())
    }

    /// A finite number; a text that is one counts too, and an empty text is nothing.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Some(number),
                _ => self.expected("a number"),
            },
            _ => self.expected("a number"),
        }
    }

    /// A whole number of at least 0, limited to `max`. Fractions are cut off.
    pub(crate) fn count(&self, max: u32) -> Option<u32> {
        let number = self.number()?;
        if number < 0.0 {
            self.note("must not be negative");
            return None;
        }
        Some(number.min(f64::from(max)) as u32)
    }

    /// Yes or no.
    pub(crate) fn flag(&self) -> Option<bool> {
        match self.value {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" || text.is_empty() => Some(false),
            Value::Number(number) => Some(number.as_f64() != Some(0.0)),
            _ => self.expected("true or false"),
        }
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| *choice);
        if found.is_none() {
            self.note(format!("\"{}\" is not known here", shortened(&text)));
        }
        found
    }

    /// The texts of a list.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.items().filter_map(|item| item.text()).collect()
    }

    /// This place as a JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = match self.step {
            Step::Root => return String::new(),
            Step::Key(parent, _) | Step::Index(parent, _) => parent.pointer(),
        };
        let _ = match self.step {
            Step::Root => Ok(()),
            Step::Key(_, key) => write!(pointer, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(_, index) => write!(pointer, "/{index}"),
        };
        pointer
    }

    /// This place as people write it: `panels[3].fieldConfig`.
    fn path(&self) -> String {
        let mut path = match self.step {
            Step::Root => return String::new(),
            Step::Key(parent, _) | Step::Index(parent, _) => parent.path(),
        };
        let _ = match self.step {
            Step::Root => Ok(()),
            Step::Key(_, key) if path.is_empty() => write!(path, "{}", shortened(key)),
            Step::Key(_, key) => write!(path, ".{}", shortened(key)),
            Step::Index(_, index) => write!(path, "[{index}]"),
        };
        path
    }
}

fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The start of a text from outside, short enough for a message.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}
