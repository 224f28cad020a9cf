//! The tree of a text as elements. Nothing is ever parsed as HTML: the tree comes from our own total parser, and links
//! only from its checked URL type.

use crate::dom::{El, el};
use dashboard::link::SafeUrl;
use dashboard::text::{Block, Inline};

/// Where an address of the text leads.
type Address<'a> = &'a dyn Fn(&SafeUrl) -> SafeUrl;

/// The elements of `blocks`.
pub fn render(blocks: &[Block], address: Address<'_>) -> Vec<El> {
    blocks.iter().map(|part| block(part, address)).collect()
}

fn block(block: &Block, address: Address<'_>) -> El {
    match block {
        // The panel's own title is a second-level heading: a text's headings stand below it.
        Block::Heading { level, content } => {
            let level = (u32::from(*level) + 2).to_string();
            let heading = el("div").class("heading").attr("role", "heading").attr("aria-level", &level);
            inlines(heading, content, address)
        }
        Block::Paragraph(content) => inlines(el("p"), content, address),
        Block::List { start, items } => {
            let list = start.map_or_else(|| el("ul"), |start| el("ol").attr("start", &start.to_string()));
            list.children(items.iter().map(|item| el("li").children(render(item, address))))
        }
        Block::Quote(blocks) => el("blockquote").children(render(blocks, address)),
        Block::Code { text, .. } => el("pre").child(el("code").text(text)),
        Block::Rule => el("hr"),
    }
}

fn inlines(parent: El, parts: &[Inline], address: Address<'_>) -> El {
    parts.iter().fold(parent, |parent, part| inline(parent, part, address))
}

fn inline(parent: El, part: &Inline, address: Address<'_>) -> El {
    let within = |name, content: &[Inline]| inlines(el(name), content, address);
    match part {
        Inline::Text(text) => parent.text(text),
        Inline::Code(text) => parent.child(el("code").text(text)),
        Inline::Emphasis(content) => parent.child(within("em", content)),
        Inline::Strong(content) => parent.child(within("strong", content)),
        Inline::Strikethrough(content) => parent.child(within("s", content)),
        Inline::Link { url, content } => {
            let link = el("a").attr("href", address(url).as_str()).attr("rel", "noopener noreferrer");
            parent.child(inlines(link, content, address))
        }
        Inline::Break => parent.child(el("br")),
    }
}
