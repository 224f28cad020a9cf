//! The HTML of text panels, as far as a text says something by it: headings, paragraphs, lists, emphasis, code, links.
//!
//! Any other element is its content, and a table a line for each row. Attributes beside those that say where a link leads
//! and what a picture shows are not looked at.

use super::inline::entity_at;
use super::{Block, Inline, MAX_DEPTH};
use crate::link::SafeUrl;

/// Emphasis and links within each other deeper than this are not marked.
const MAX_OPEN: usize = 16;
/// What marks that go on in further lines may take, in bytes: behind that, marks end with their line.
const MOST_CARRIED: usize = 1_000_000;
/// Longer tags are text.
const LONGEST_TAG: usize = 4_000;
/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "header",
    "html",
    "main",
    "nav",
    "p",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
];

pub(super) fn parse(html: &str) -> Vec<Block> {
    let mut reader = Reader { rest: html, ..Reader::default() };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.end_line();
    while !reader.lists.is_empty() {
        reader.end_list();
    }
    reader.blocks
}

#[derive(Default)]
struct Reader<'a> {
    rest: &'a str,
    /// The blocks outside of lists.
    blocks: Vec<Block>,
    /// The lists that are open, each within the one before it.
    lists: Vec<List>,
    /// How many more are open within those, too deep to be lists.
    flat_lists: usize,
    /// The level of the heading that is open.
    heading: Option<u8>,
    /// What is read of a line, outside of marks.
    line: Vec<Inline>,
    /// The marks that are open, each within the one before it, with what is read of each.
    marks: Vec<(Mark, Vec<Inline>)>,
    /// What the marks take that went on in further lines.
    carried: usize,
}

struct List {
    is_numbered: bool,
    items: Vec<Vec<Block>>,
}

#[derive(Clone, PartialEq)]
enum Mark {
    Strong,
    Emphasis,
    Strikethrough,
    Link(Option<SafeUrl>),
}

impl Mark {
    /// The memory that it takes, in bytes.
    fn size(&self) -> usize {
        let url = if let Self::Link(Some(url)) = self { url.as_str() } else { "" };
        size_of::<Inline>() + url.len()
    }

    fn around(self, content: Vec<Inline>) -> Vec<Inline> {
        match self {
            _ if content.is_empty() => content,
            Self::Strong => vec![Inline::Strong(content)],
            Self::Emphasis => vec![Inline::Emphasis(content)],
            Self::Strikethrough => vec![Inline::Strikethrough(content)],
            Self::Link(Some(url)) => vec![Inline::Link { url, content }],
            Self::Link(None) => content,
        }
    }
}

impl Reader<'_> {
    fn step(&mut self) {
        if let Some((tag, length)) = Tag::at(self.rest) {
            self.advance(length);
            self.tag(&tag);
        } else if let Some((entity, text)) = entity_at(self.rest) {
            self.text(text);
            self.advance(entity.len());
        } else {
            let end =
                self.rest.char_indices().skip(1).find(|(_, letter)| matches!(letter, '<' | '&')).map(|(at, _)| at);
            let (text, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or((self.rest, ""));
            self.text(text);
            self.rest = rest;
        }
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        match name.as_str() {
            "br" => self.push(Inline::Break),
            "hr" => {
                self.end_line();
                self.add(Block::Rule);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_line();
                self.heading = name.as_bytes().get(1).map(|digit| digit - b'0').filter(|_| tag.opens);
            }
            "ul" | "ol" if tag.opens => self.begin_list(name == "ol"),
            "ul" | "ol" => self.end_list(),
            "li" => {
                self.end_line();
                self.lists.last_mut().filter(|_| tag.opens).into_iter().for_each(|list| list.items.push(Vec::new()));
            }
            "pre" if tag.opens => {
                let text = self.verbatim("</pre");
                self.end_line();
                self.add(Block::Code { language: String::new(), text });
            }
            "code" | "kbd" | "samp" if tag.opens => {
                let text = self.verbatim(&format!("</{name}"));
                self.push(Inline::Code(text));
            }
            "b" | "strong" => self.mark(tag, Mark::Strong),
            "i" | "em" => self.mark(tag, Mark::Emphasis),
            "s" | "del" | "strike" => self.mark(tag, Mark::Strikethrough),
            "a" => self.mark(tag, Mark::Link(tag.url("href"))),
            "img" => self.picture(tag),
            "td" | "th" => self.text(" "),
            block if BLOCKS.contains(&block) => self.end_line(),
            _ => {}
        }
    }

    /// What is read of the line, or of the innermost mark in it.
    fn content(&mut self) -> &mut Vec<Inline> {
        self.marks.last_mut().map_or(&mut self.line, |(_, content)| content)
    }

    /// Whether nothing that is seen is on the line yet.
    fn is_at_start(&self) -> bool {
        self.line.is_empty() && self.marks.iter().all(|(_, content)| content.is_empty())
    }

    fn push(&mut self, inline: Inline) {
        if inline != Inline::Break || !self.is_at_start() {
            self.content().push(inline);
        }
    }

    /// Adds to the line: blanks and line ends in a row are one blank.
    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            let letter = if letter.is_ascii_whitespace() { ' ' } else { letter };
            let is_at_start = self.is_at_start();
            match self.content().last_mut() {
                Some(Inline::Text(before)) if letter == ' ' && before.ends_with(' ') => {}
                Some(Inline::Text(before)) => before.push(letter),
                Some(Inline::Break) if letter == ' ' => {}
                None if letter == ' ' && is_at_start => {}
                _ => self.content().push(Inline::Text(letter.into())),
            }
        }
    }

    fn mark(&mut self, tag: &Tag<'_>, mark: Mark) {
        // A link ends the one before it.
        if !tag.opens || matches!(mark, Mark::Link(_)) {
            let is_same = |open: &Mark| std::mem::discriminant(open) == std::mem::discriminant(&mark);
            if let Some(at) = self.marks.iter().rposition(|(open, _)| is_same(open)) {
                self.close_marks(at);
            }
        }
        if tag.opens && self.marks.len() < MAX_OPEN {
            self.marks.push((mark, Vec::new()));
        }
    }

    /// Closes the marks from the one at `from` on.
    fn close_marks(&mut self, from: usize) {
        while self.marks.len() > from {
            let Some((mark, content)) = self.marks.pop() else { return };
            self.content().extend(mark.around(content));
        }
    }

    fn picture(&mut self, tag: &Tag<'_>) {
        let text = tag.attribute("alt").filter(|text| !text.is_empty()).unwrap_or_else(|| "image".to_owned());
        let within_link = self.marks.iter().any(|(mark, _)| matches!(mark, Mark::Link(_)));
        match tag.url("src").filter(|_| !within_link) {
            Some(url) => self.push(Inline::Link { url, content: vec![Inline::Text(text)] }),
            None => self.text(&text),
        }
    }

    /// The marks that go on in the next line: those that are open.
    fn carry_marks(&mut self) -> Vec<Mark> {
        self.carried += self.marks.iter().map(|(mark, _)| mark.size()).sum::<usize>();
        let open = self.marks.iter().filter(|_| self.carried <= MOST_CARRIED);
        open.map(|(mark, _)| mark.clone()).collect()
    }

    /// Ends the line; marks that are open go on in the next.
    fn end_line(&mut self) {
        let open = self.carry_marks();
        self.close_marks(0);
        self.marks = open.into_iter().map(|mark| (mark, Vec::new())).collect();
        let mut content = std::mem::take(&mut self.line);
        while content.last().is_some_and(is_blank) {
            content.pop();
        }
        if let Some(Inline::Text(last)) = content.last_mut() {
            last.truncate(last.trim_end().len());
        }
        if !content.is_empty() {
            self.add(match self.heading {
                Some(level) => Block::Heading { level, content },
                None => Block::Paragraph(content),
            });
        }
        self.heading = None;
    }

    fn add(&mut self, block: Block) {
        let Some(list) = self.lists.last_mut() else { return self.blocks.push(block) };
        match list.items.last_mut() {
            Some(item) => item.push(block),
            None => list.items.push(vec![block]),
        }
    }

    fn begin_list(&mut self, is_numbered: bool) {
        self.end_line();
        if self.lists.len() < MAX_DEPTH {
            self.lists.push(List { is_numbered, items: Vec::new() });
        } else {
            self.flat_lists += 1;
        }
    }

    fn end_list(&mut self) {
        self.end_line();
        if self.flat_lists > 0 {
            self.flat_lists -= 1;
        } else if let Some(List { is_numbered, items }) = self.lists.pop() {
            self.add(Block::List { start: is_numbered.then_some(1), items });
        }
    }

    /// The text up to `end`, as it is written but for tags.
    fn verbatim(&mut self, end: &str) -> String {
        let mut text = String::new();
        while let Some(letter) = self.rest.chars().next() {
            if self.rest.get(..end.len()).is_some_and(|here| here.eq_ignore_ascii_case(end)) {
                break;
            }
            if let Some((_, length)) = Tag::at(self.rest) {
                self.advance(length);
            } else if let Some((entity, meant)) = entity_at(self.rest) {
                text.push_str(meant);
                self.advance(entity.len());
            } else {
                text.push(letter);
                self.advance(letter.len_utf8());
            }
        }
        text
    }
}

fn is_blank(inline: &Inline) -> bool {
    match inline {
        Inline::Break => true,
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// What stands between `<` and `>`.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    opens: bool,
}

impl<'a> Tag<'a> {
    /// The tag that `text` starts with, and how long it is.
    fn at(text: &'a str) -> Option<(Self, usize)> {
        let inner = text.strip_prefix('<')?;
        // What is no name is a comment or the kind of the document, or else a text such as `a < b`.
        if !inner.starts_with(|letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!' | '?')) {
            return None;
        }
        let (inner, _) = crate::prefix(inner, LONGEST_TAG).split_once('>')?;
        let named = inner.strip_prefix('/');
        let start = named.unwrap_or(inner);
        let end = start.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(start.len());
        let (name, attributes) = start.split_at(end);
        Some((Self { name, attributes, opens: named.is_none() }, inner.len() + 2))
    }

    /// The value of an attribute, variables and entities in it filled in.
    fn attribute(&self, name: &str) -> Option<String> {
        let mut rest = self.attributes;
        while let Some((before, behind)) = rest.split_once('=') {
            let found = before.split_ascii_whitespace().next_back().is_some_and(|word| word.eq_ignore_ascii_case(name));
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|letter| matches!(letter, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => behind.get(1..)?.split_once(quote)?,
                None => behind.split_at(behind.find(|c: char| c.is_ascii_whitespace()).unwrap_or(behind.len())),
            };
            if found {
                return Some(without_entities(value));
            }
            rest = after;
        }
        None
    }

    /// Where an attribute leads, if that is safe.
    fn url(&self, name: &str) -> Option<SafeUrl> {
        // Browsers do so, too.
        SafeUrl::parse(&self.attribute(name)?.trim().replace(' ', "%20"))
    }
}

fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        let (entity, meant) = entity_at(tail).unwrap_or(("&", "&"));
        out.push_str(before);
        out.push_str(meant);
        rest = tail.get(entity.len()..).unwrap_or_default();
    }
    out + rest
}
