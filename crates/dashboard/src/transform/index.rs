//! Texts and cells numbered in the order in which they first come.

use super::cell::Cell;
use std::collections::HashMap;
use std::sync::Arc;

/// Numbers texts.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: HashMap<Arc<str>, usize>,
    texts: Vec<Arc<str>>,
}

impl Index {
    /// The number of `text`: that of the last time, or else the next one, which is [`Index::len`] before the call.
    pub(super) fn place(&mut self, text: &str) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let text: Arc<str> = text.into();
        self.places.insert(text.clone(), self.texts.len());
        self.texts.push(text);
        self.texts.len() - 1
    }

    /// How many different texts there were.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    /// All of them, in order of their numbers.
    pub(super) fn texts(&self) -> &[Arc<str>] {
        &self.texts
    }
}

/// A text that is equal for rows with equal cells.
pub(super) fn row_key(cells: impl Iterator<Item = Cell>) -> String {
    let mut key = String::new();
    for cell in cells {
        key.push_str(&cell.to_text());
        key.push('\u{1}');
    }
    key
}
