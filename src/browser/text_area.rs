//! A text area's caret and its text, in bytes of UTF-8; the browser counts in units of UTF-16.

use std::ops::Range;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlTextAreaElement};

#[wasm_bindgen]
extern "C" {
    /// Discouraged, and still the one way to change a field's text that the user can undo.
    #[wasm_bindgen(js_namespace = document, js_name = execCommand)]
    fn exec_command(name: &str, with_dialog: bool, value: &str) -> bool;
}

/// What is selected; an empty range is the caret alone.
pub fn selection(area: &HtmlTextAreaElement) -> Range<usize> {
    let text = area.value();
    let at = |unit: Result<Option<u32>, JsValue>| unit.ok().flatten().map_or(text.len(), |unit| byte_at(&text, unit));
    at(area.selection_start())..at(area.selection_end())
}

/// Selects `range`.
pub fn select(area: &HtmlTextAreaElement, range: Range<usize>) {
    let text = area.value();
    // Fails only for inputs that have no text.
    let _ = area.set_selection_range(unit_at(&text, range.start), unit_at(&text, range.end));
}

/// Puts `new` in the place of `range` and the caret behind its first `caret` bytes, as if it were typed: the user can
/// undo it, and the area gets an `input` event.
pub fn replace(area: &HtmlTextAreaElement, range: Range<usize>, new: &str, caret: usize) {
    // The browser types into what has the focus.
    let _ = area.focus();
    select(area, range.clone());
    let typed = match new {
        "" if range.is_empty() => true,
        "" => exec_command("delete", false, ""),
        new => exec_command("insertText", false, new),
    };
    if !typed {
        let text = area.value();
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        area.set_value(&[part(0..range.start), new, part(range.end..text.len())].concat());
        if let Ok(event) = Event::new("input") {
            // Nobody cancels it.
            let _ = area.dispatch_event(&event);
        }
    }
    let caret = range.start + caret;
    select(area, caret..caret);
}

/// The byte at which unit number `unit` begins; the end for one behind it.
fn byte_at(text: &str, unit: u32) -> usize {
    let mut units = 0;
    let found = text.char_indices().find(|(_, c)| {
        let begins = units >= unit;
        units += c.len_utf16() as u32;
        begins
    });
    found.map_or(text.len(), |(byte, _)| byte)
}

/// The number of the unit that begins at `byte`; that of the end for one behind it.
fn unit_at(text: &str, byte: usize) -> u32 {
    text.char_indices().take_while(|(at, _)| *at < byte).map(|(_, c)| c.len_utf16() as u32).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_units_are_counted_alike() {
        let text = "aü😀b";
        for (byte, unit) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5)] {
            assert_eq!((byte_at(text, unit), unit_at(text, byte)), (byte, unit));
        }
        // Within a character, and behind the end.
        assert_eq!([byte_at(text, 3), byte_at(text, 9)], [7, 8]);
        assert_eq!(unit_at(text, 99), 5);
    }
}
