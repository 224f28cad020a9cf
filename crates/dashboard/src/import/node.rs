//! Reading JSON that may be anything: every access gives a value of the right type or none, and notes what was wrong.

use super::NoteKind;
use super::document::escaped;
use crate::Patterns;
use rustc_hash::FxHashSet;
use serde_json::Value;
use std::cell::RefCell;
use std::fmt::Write;

/// What reading a document leaves behind.
#[derive(Default)]
pub(crate) struct Reading {
    notes: RefCell<Vec<Finding>>,
    /// The values that were looked at, by their address: the document stands still while it is read.
    read: Option<RefCell<FxHashSet<usize>>>,
    patterns: Patterns,
}

/// A note whose place is a JSON pointer into the document as it was read.
pub(crate) struct Finding {
    pub(crate) pointer: String,
    pub(crate) what: String,
    pub(crate) kind: NoteKind,
}

impl Finding {
    /// Stands for all that comes behind it.
    fn more() -> Self {
        let what = format!("there is more to say than {MAX_NOTES} notes, which is left out");
        Self { pointer: String::new(), what, kind: NoteKind::More }
    }
}

impl Reading {
    /// A reading that compiles these patterns.
    pub(crate) fn with(patterns: Patterns) -> Self {
        Self { patterns, ..Self::default() }
    }

    /// A reading that keeps track of what was looked at.
    pub(crate) fn tracked(patterns: Patterns) -> Self {
        Self { read: Some(RefCell::default()), ..Self::with(patterns) }
    }

    pub(crate) fn into_notes(self) -> Vec<Finding> {
        self.notes.into_inner()
    }

    /// Whether `value` was looked at, or everything in it.
    pub(crate) fn was_read(&self, value: &Value) -> bool {
        self.read.as_ref().is_some_and(|read| read.borrow().contains(&address(value)))
    }

    fn mark(&self, value: &Value) {
        if let Some(read) = &self.read {
            read.borrow_mut().insert(address(value));
        }
    }

    pub(crate) fn note(&self, finding: Finding) {
        let mut notes = self.notes.borrow_mut();
        match notes.len() {
            ..MAX_NOTES => notes.push(finding),
            MAX_NOTES => notes.push(Finding::more()),
            _ => {}
        }
    }
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

/// A place in a JSON document, and the way that led there.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    step: Step<'a>,
    reading: &'a Reading,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a Node<'a>, &'a str),
    Index(&'a Node<'a>, usize),
}

/// How many notes are kept: a hostile file could cause one per byte. Those of several hundred panels have room.
const MAX_NOTES: usize = 20_000;

/// How many elements of a list are read. Nothing a person made comes near it, and each becomes a value many times as large
/// as its text.
const MAX_ITEMS: usize = 5_000;

static ABSENT: Value = Value::Null;

impl<'a> Node<'a> {
    pub(crate) fn root(value: &'a Value, reading: &'a Reading) -> Self {
        Self { value, step: Step::Root, reading }
    }

    /// What compiles the patterns of the document.
    pub(crate) fn patterns(&self) -> Patterns {
        self.reading.patterns
    }

    /// The JSON at this place, looked at but not read.
    pub(crate) fn value(&self) -> &'a Value {
        self.value
    }

    /// The JSON at this place, all of it.
    pub(crate) fn whole(&self) -> &'a Value {
        self.reading.mark(self.value);
        self.value
    }

    /// Passes over what says nothing about what is shown.
    pub(crate) fn skip(&self, keys: &[&str]) {
        keys.iter().filter_map(|key| self.value.get(*key)).for_each(|value| self.reading.mark(value));
    }

    /// Passes over a word or a switch (`true`, `false`) that says what holds without it.
    pub(crate) fn skip_usual(&self, key: &str, usual: &str) {
        let is_usual = match self.value.get(key) {
            Some(Value::Bool(is_on)) => usual == if *is_on { "true" } else { "false" },
            Some(Value::String(word)) => word == usual,
            _ => false,
        };
        if is_usual {
            self.skip(&[key]);
        }
    }

    /// What the object here has under `key`; `null` where there is none.
    pub(crate) fn get<'b>(&'b self, key: &'b str) -> Node<'b> {
        Node { value: self.value.get(key).unwrap_or(&ABSENT), step: Step::Key(self, key), reading: self.reading }
    }

    /// The element numbered `index`; `null` where there is none.
    pub(crate) fn index<'b>(&'b self, index: usize) -> Node<'b> {
        Node { value: self.value.get(index).unwrap_or(&ABSENT), step: Step::Index(self, index), reading: self.reading }
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
        self.note_kind(NoteKind::Problem, what.into());
    }

    /// Notes that this whole place, with all that is in it, cannot be used.
    pub(crate) fn unsupported(&self, what: impl Into<String>) {
        self.reading.mark(self.value);
        self.note_kind(NoteKind::Unsupported, what.into());
    }

    fn note_kind(&self, kind: NoteKind, what: String) {
        self.reading.note(Finding { pointer: self.pointer(), what, kind });
    }

    /// A list or an object in the place of something simple was not read.
    fn mark_scalar(&self) {
        if !self.value.is_array() && !self.value.is_object() {
            self.reading.mark(self.value);
        }
    }

    fn expected<T>(&self, what: &str) -> Option<T> {
        if !self.is_absent() {
            self.reading.mark(self.value);
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
        self.mark_scalar();
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(json::number_text(number)),
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
        self.mark_scalar();
        match self.value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => match frame::decimal::parse(text.trim()) {
                Some(number) if number.is_finite() => Some(number),
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
        self.mark_scalar();
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
            Step::Key(_, key) => write!(pointer, "/{}", escaped(key)),
            Step::Index(_, index) => write!(pointer, "/{index}"),
        };
        pointer
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
