//! The text panel.

use crate::dom::{El, el};
use crate::state::links::Links;
use crate::ui::markdown;
use dashboard::model::TextOptions;

/// A text, with the values of variables in it.
pub fn text(links: Links, text: TextOptions) -> El {
    let prose = el("div").class("prose").attr("role", "region").attr("aria-label", "Text").attr("tabindex", "0");
    prose.children_with(move || {
        let now = links.now_for_texts([&*text.content]);
        markdown::render(&now.read(&text), &|url| now.address(url))
    })
}
