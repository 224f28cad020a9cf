//! Arrow keys through a list.

use crate::dom::El;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Lets the arrow keys, Home and End move the focus among what matches the CSS selector `items` in `list`, wherever in it
/// the focus is.
pub fn list_keys(list: El, items: &'static str) -> El {
    let node: Element = list.node();
    list.on("keydown", move |event: Event| {
        let key = event.unchecked_ref::<KeyboardEvent>().key();
        let Ok(found) = node.query_selector_all(items) else { return };
        let found: Vec<HtmlElement> =
            (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
        let focused = event.target().and_then(|target| found.iter().position(|item| target.loose_eq(item)));
        let last = found.len().saturating_sub(1);
        let next = match (key.as_str(), focused) {
            ("ArrowDown", None) | ("Home", Some(_)) => 0,
            ("ArrowDown" | "ArrowRight", Some(index)) => (index + 1).min(last),
            ("ArrowUp" | "ArrowLeft", Some(index)) => index.saturating_sub(1),
            ("End", Some(_)) => last,
            _ => return,
        };
        if let Some(item) = found.get(next) {
            event.prevent_default();
            // An element that can be clicked can be focused.
            let _ = item.focus();
        }
    })
}
