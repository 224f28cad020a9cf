//! A markdown tree as elements. Nothing is ever parsed as HTML: the tree comes from our own total parser, and links
//! only from its checked URL type.

use crate::dom::{El, el};
use dashboard::text::{Block, Inline};

/// The elements of `blocks`.
pub fn render(blocks: &[Block]) -> Vec<El> {
    blocks.iter().map(block).collect()
}

fn block(block: &Block) -> El {
    match block {
        // The panel's own title is a second-level heading: a text's headings stand below it.
        Block::Heading { level, content } => {
            let level = (u32::from(*level) + 2).to_string();
            inlines(el("div").class("heading").attr("role", "heading").attr("aria-level", &level), content)
        }
        Block::Paragraph(content) => inlines(el("p"), content),
        Block::List { start, items } => {
            let list = start.map_or_else(|| el("ul"), |start| el("ol").attr("start", &start.to_string()));
            list.children(items.iter().map(|item| el("li").children(render(item))))
        }
        Block::Quote(blocks) => el("blockquote").children(render(blocks)),
        Block::Code { text, .. } => el("pre").child(el("code").text(text)),
        Block::Rule => el("hr"),
    }
}

fn inlines(parent: El, parts: &[Inline]) -> El {
    parts.iter().fold(parent, inline)
}

fn inline(parent: El, part: &Inline) -> El {
    match part {
        Inline::Text(text) => parent.text(text),
        Inline::Code(text) => parent.child(el("code").text(text)),
        Inline::Emphasis(content) => parent.child(inlines(el("em"), content)),
        Inline::Strong(content) => parent.child(inlines(el("strong"), content)),
        Inline::Strikethrough(content) => parent.child(inlines(el("s"), content)),
        Inline::Link { url, content } => {
            let link = el("a").attr("href", url.as_str()).attr("rel", "noopener noreferrer");
            parent.child(inlines(link, content))
        }
        Inline::Break => parent.child(el("br")),
    }
}
