//! A button to choose a file by.

use crate::browser::files;
use crate::dom::{El, el};
use web_sys::File;

/// A button called `words`; `take` gets each file that is chosen.
pub fn file_button(words: &str, take: impl Fn(File) + 'static) -> El {
    let input = el("input").attr("type", "file").attr("accept", ".json,application/json").class("visually-hidden");
    let input = input.on("change", move |event| {
        if let Some(file) = files::chosen(&event) {
            take(file);
        }
    });
    el("label").class("button").text(words).child(input)
}
