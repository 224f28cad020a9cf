//! The text panel.

use crate::dom::{El, el};
use crate::ui::markdown;

/// Markdown, variables already put in.
pub fn text(content: impl Fn() -> String + 'static) -> El {
    let prose = el("div").class("prose").attr("role", "region").attr("aria-label", "Text").attr("tabindex", "0");
    prose.children_with(move || markdown::render(&dashboard::text::parse(&content())))
}
