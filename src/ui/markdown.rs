//! A markdown tree as elements. Nothing is ever parsed as HTML: the tree comes from our own total parser, and links
//! only from its checked URL type.

use crate::view::view;
use dashboard::text::{Block, Inline};
use leptos::prelude::*;

/// The elements of `blocks`.
pub fn render(blocks: &[Block]) -> AnyView {
    blocks.iter().map(block).collect_view().into_any()
}

fn block(block: &Block) -> AnyView {
    match block {
        // The panel's own title is a second-level heading: a text's headings stand below it.
        Block::Heading { level, content } => {
            let level = (u32::from(*level) + 2).to_string();
            view! { <div class="heading" role="heading" attr:aria-level=level>{inlines(content)}</div> }
        }
        Block::Paragraph(content) => view! { <p>{inlines(content)}</p> },
        Block::List { start, items } => {
            let items = items.iter().map(|item| view! { <li>{render(item)}</li> }).collect_view();
            match start {
                Some(start) => view! { <ol start=start.to_string()>{items}</ol> },
                None => view! { <ul>{items}</ul> },
            }
        }
        Block::Quote(blocks) => view! { <blockquote>{render(blocks)}</blockquote> },
        Block::Code { text, .. } => view! { <pre><code>{text.clone()}</code></pre> },
        Block::Rule => view! { <hr /> },
    }
}

fn inlines(inlines: &[Inline]) -> AnyView {
    inlines.iter().map(inline).collect_view().into_any()
}

fn inline(part: &Inline) -> AnyView {
    match part {
        Inline::Text(text) => text.clone().into_any(),
        Inline::Code(text) => view! { <code>{text.clone()}</code> },
        Inline::Emphasis(content) => view! { <em>{inlines(content)}</em> },
        Inline::Strong(content) => view! { <strong>{inlines(content)}</strong> },
        Inline::Strikethrough(content) => view! { <s>{inlines(content)}</s> },
        Inline::Link { url, content } => {
            view! { <a href=url.as_str().to_owned() rel="noopener noreferrer">{inlines(content)}</a> }
        }
        Inline::Break => view! { <br /> },
    }
}
