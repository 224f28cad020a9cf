//! The readers of text panels.

use dashboard::text::{Block, Inline, parse, parse_html};

/// Lists, quotes and emphasis within each other: text from there on.
const DEEPEST: usize = 64;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    check_blocks(&parse(&text), 0);
    check_blocks(&parse_html(&text), 0);
}

fn check_blocks(blocks: &[Block], depth: usize) {
    assert!(depth < DEEPEST);
    for block in blocks {
        match block {
            Block::Heading { level, content } => {
                assert!((1..=6).contains(level));
                check_line(content, depth + 1);
            }
            Block::Paragraph(content) => check_line(content, depth + 1),
            Block::List { items, .. } => items.iter().for_each(|item| check_blocks(item, depth + 1)),
            Block::Quote(content) => check_blocks(content, depth + 1),
            Block::Code { .. } | Block::Rule => {}
        }
    }
}

fn check_line(line: &[Inline], depth: usize) {
    assert!(depth < DEEPEST);
    for piece in line {
        match piece {
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Strikethrough(content) => {
                check_line(content, depth + 1);
            }
            Inline::Link { url, content } => {
                crate::links::check_harmless(url);
                check_line(content, depth + 1);
            }
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}
