//! The text panel, and the descriptions of panels.

use super::links::path;
use crate::dom::{El, RwSignal, el};
use crate::state::links::Links;
use crate::ui::icon::drawn;
use crate::ui::markdown;
use crate::ui::popover::{Popover, stays_in_window};
use dashboard::model::{LinkIcon, TextMode, TextOptions};

/// A text, with the values of variables in it.
pub fn text(links: Links, text: TextOptions) -> El {
    let prose = el("div").class("prose").attr("role", "region").attr("aria-label", "Text").attr("tabindex", "0");
    filled(prose, links, text)
}

/// A button that opens what is told of a panel.
pub fn description(links: Links, text: String) -> El {
    let open = RwSignal::new(false);
    let label = Box::new(|| "Description".to_owned());
    let popover = Popover { open, label, face: vec![drawn(path(LinkIcon::Info))], class: "icon-only", end: false };
    let text = TextOptions { mode: TextMode::Markdown, content: text };
    let content = move || filled(el("div").class("prose"), links.clone(), text.clone());
    stays_in_window(popover.build(content), open)
}

fn filled(prose: El, links: Links, text: TextOptions) -> El {
    prose.children_with(move || {
        let now = links.now_for_texts([&*text.content]);
        markdown::render(&now.read(&text), &|url| now.address(url))
    })
}
