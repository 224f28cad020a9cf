//! Buttons that copy something.

use crate::browser::clipboard;
use crate::dom::{El, RwSignal, button, el};
use leptos::prelude::*;

/// What came of copying.
#[derive(Clone, PartialEq)]
enum Outcome {
    Copied,
    /// The browser lets nobody but the user copy: here is what to copy.
    Text(String),
}

/// A button that copies what `text` gives, if it gives something, and says what came of it. Where the browser does not
/// let it, a field called `what` shows the text.
pub fn copy_button(words: &str, title: &str, what: &'static str, text: impl Fn() -> Option<String> + 'static) -> El {
    let outcome = RwSignal::new(None);
    let copy = move || {
        let Some(text) = untrack(&text) else { return };
        leptos::task::spawn_local(async move {
            let copied = clipboard::copy(&text).await;
            // The page may be left by now.
            let _ = outcome.try_set(Some(if copied { Outcome::Copied } else { Outcome::Text(text) }));
        });
    };
    let told = move || {
        Some(match outcome.get()? {
            Outcome::Copied => el("span").class("hint").text("Copied"),
            Outcome::Text(text) => {
                let lines = text.lines().count().clamp(1, 3).to_string();
                let area =
                    el("textarea").class("mono").attr("readonly", "").attr("rows", &lines).attr("aria-label", what);
                area.prop("value", &text.into())
            }
        })
    };
    let button = button("button").attr("title", title).text(words).on_click(copy);
    el("span").class("copy").child(button).child(el("span").class("part").attr("role", "status").child_with(told))
}
