//! Text within a line: emphasis, code, links, line ends.

use super::Inline;
use crate::link::SafeUrl;

/// Emphasis and links within each other deeper than this are read as text.
const MAX_OPEN: usize = 16;
/// How far the end of a code span, a link or a tag is looked for.
const LOOK_AHEAD: usize = 4_000;

pub(super) fn parse(text: &str) -> Vec<Inline> {
    let mut reader = Reader { rest: text, done: Vec::new(), open: Vec::new(), plain: String::new(), last: ' ' };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.finish()
}

/// What was opened and not yet closed.
struct Open {
    /// `*`, `**`, `_`, `__`, `~~`, `[` or `![`.
    mark: &'static str,
    /// How much stood before it.
    before: usize,
}

struct Reader<'a> {
    rest: &'a str,
    done: Vec<Inline>,
    open: Vec<Open>,
    plain: String,
    /// The character before `rest`.
    last: char,
}

impl<'a> Reader<'a> {
    fn step(&mut self) {
        let Some(next) = self.rest.chars().next() else { return };
        let handled = match next {
            '\\' => self.escape(),
            '`' => self.code(),
            '\n' => self.line_end(),
            '*' | '_' | '~' => self.emphasis(next),
            '[' | '!' => self.open_link(),
            ']' => self.close_link(),
            '<' => self.tag(),
            'h' => self.bare_url(),
            '&' => self.entity(),
            _ => false,
        };
        if !handled {
            self.plain.push(next);
            self.advance(next.len_utf8());
        }
    }

    fn advance(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.last = taken.chars().next_back().unwrap_or(self.last);
        self.rest = rest;
    }

    fn push(&mut self, inline: Inline) {
        self.end_plain();
        self.done.push(inline);
    }

    fn end_plain(&mut self) {
        if !self.plain.is_empty() {
            self.done.push(Inline::Text(std::mem::take(&mut self.plain)));
        }
    }

    fn escape(&mut self) -> bool {
        match self.rest.chars().nth(1) {
            Some('\n') => {
                self.push(Inline::Break);
                self.advance(2);
                true
            }
            Some(next) if next.is_ascii_punctuation() => {
                self.plain.push(next);
                self.advance(2);
                true
            }
            _ => false,
        }
    }

    fn code(&mut self) -> bool {
        let length = self.rest.len() - self.rest.trim_start_matches('`').len();
        let (fence, body) = self.rest.split_at(length);
        let mut searched = near(body);
        let mut start = 0;
        // The closing run must be exactly as long.
        while let Some(offset) = searched.find(fence) {
            let run = searched.get(offset..).map_or(0, |tail| tail.len() - tail.trim_start_matches('`').len());
            let end = start + offset;
            if run == length {
                let code = body.get(..end).unwrap_or_default().replace('\n', " ");
                let padded = code.starts_with(' ') && code.ends_with(' ') && !code.trim().is_empty();
                let code = if padded { code.get(1..code.len() - 1).unwrap_or_default() } else { &code };
                self.push(Inline::Code(code.to_owned()));
                self.advance(length + end + length);
                return true;
            }
            searched = searched.get(offset + run..).unwrap_or_default();
            start = end + run;
        }
        self.plain.push_str(fence);
        self.advance(length);
        true
    }

    /// A line end is a space, unless two spaces before it ask for a new line.
    fn line_end(&mut self) -> bool {
        let hard = self.plain.ends_with("  ");
        self.plain.truncate(self.plain.trim_end().len());
        if hard {
            self.push(Inline::Break);
        } else {
            self.plain.push(' ');
        }
        let indent = self.rest.len() - self.rest.trim_start().len();
        self.advance(indent.max(1));
        true
    }

    fn emphasis(&mut self, mark: char) -> bool {
        let doubled = self.rest.chars().nth(1) == Some(mark);
        let mark: &'static str = match (mark, doubled) {
            ('*', true) => "**",
            ('_', true) => "__",
            ('~', true) => "~~",
            ('*', false) => "*",
            ('_', false) => "_",
            _ => return false,
        };
        let next = self.rest.get(mark.len()..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
        let within_word = mark.starts_with('_') && is_word(self.last) && is_word(next);
        if within_word {
            return false;
        }
        let opened = self.open.iter().rposition(|open| open.mark == mark);
        match opened {
            Some(index) if !self.last.is_whitespace() => self.close_emphasis(index, mark),
            _ if next.is_whitespace() || self.open.len() >= MAX_OPEN => return false,
            _ => {
                self.end_plain();
                self.open.push(Open { mark, before: self.done.len() });
            }
        }
        self.advance(mark.len());
        true
    }

    fn close_emphasis(&mut self, index: usize, mark: &str) {
        let content = self.close(index);
        self.done.push(match mark {
            "~~" => Inline::Strikethrough(content),
            "**" | "__" => Inline::Strong(content),
            _ => Inline::Emphasis(content),
        });
    }

    /// Takes back what stands behind the opening mark at `index`; marks opened within and never closed are text.
    fn close(&mut self, index: usize) -> Vec<Inline> {
        self.end_plain();
        self.restore_marks(index + 1);
        let before = self.open.pop().map_or(self.done.len(), |open| open.before);
        self.done.split_off(before.min(self.done.len()))
    }

    /// Turns the marks that are open from `from` on into text again.
    fn restore_marks(&mut self, from: usize) {
        for open in self.open.drain(from.min(self.open.len())..).rev() {
            self.done.insert(open.before.min(self.done.len()), Inline::Text(open.mark.to_owned()));
        }
    }

    fn open_link(&mut self) -> bool {
        let mark = if self.rest.starts_with("![") { "![" } else { "[" };
        if !self.rest.starts_with(mark) || self.open.len() >= MAX_OPEN {
            return false;
        }
        self.end_plain();
        self.open.push(Open { mark, before: self.done.len() });
        self.advance(mark.len());
        true
    }

    fn close_link(&mut self) -> bool {
        let Some(index) = self.open.iter().rposition(|open| open.mark.ends_with('[')) else { return false };
        let is_image = self.open.get(index).is_some_and(|open| open.mark == "![");
        let Some(target) = self.rest.strip_prefix("](").and_then(link_target) else {
            self.restore_marks(index);
            return false;
        };
        let length = target.len() + 3;
        // A title may follow the URL.
        let url = target.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>']);
        let url = SafeUrl::parse(url);
        let mut content = self.close(index);
        if is_image && content.is_empty() {
            content.push(Inline::Text("image".into()));
        }
        match url {
            Some(url) => self.done.push(Inline::Link { url, content }),
            None => self.done.extend(content),
        }
        self.advance(length);
        true
    }

    /// `<https://…>` is a link, `<br>` a new line, any other tag is left out.
    fn tag(&mut self) -> bool {
        let Some((inner, _)) = self.rest.strip_prefix('<').and_then(|rest| near(rest).split_once('>')) else {
            return false;
        };
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            return false;
        }
        let name = inner.split([' ', '/', '\n']).next().unwrap_or_default();
        if inner.starts_with("http") || inner.starts_with("mailto:") {
            self.auto_link(inner);
        } else if name.eq_ignore_ascii_case("br") {
            self.push(Inline::Break);
        }
        self.advance(inner.len() + 2);
        true
    }

    fn bare_url(&mut self) -> bool {
        let is_url = self.rest.starts_with("http://") || self.rest.starts_with("https://");
        let in_link = self.open.iter().any(|open| open.mark.ends_with('['));
        if !is_url || in_link || is_word(self.last) {
            return false;
        }
        let end = self.rest.find(|c: char| c.is_whitespace() || "<>()[]\"`*".contains(c)).unwrap_or(self.rest.len());
        let url = self.rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        self.auto_link(url);
        self.advance(url.len());
        true
    }

    fn auto_link(&mut self, text: &str) {
        let shown = Inline::Text(text.to_owned());
        match SafeUrl::parse(text) {
            Some(url) => self.push(Inline::Link { url, content: vec![shown] }),
            None => self.push(shown),
        }
    }

    fn entity(&mut self) -> bool {
        let Some((entity, text)) = entity_at(self.rest) else { return false };
        self.plain.push_str(text);
        self.advance(entity.len());
        true
    }

    fn finish(mut self) -> Vec<Inline> {
        self.end_plain();
        self.restore_marks(0);
        join_texts(self.done)
    }
}

/// The entity that `text` starts with, and what it stands for.
pub(super) fn entity_at(text: &str) -> Option<(&'static str, &'static str)> {
    const ENTITIES: [(&str, &str); 6] =
        [("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&#39;", "'")];
    ENTITIES.into_iter().find(|(entity, _)| text.starts_with(entity))
}

/// What stands in a link's brackets, of which the first is read: brackets in it come in pairs, or it ends at the first.
fn link_target(text: &str) -> Option<&str> {
    /// Brackets within each other deeper than this are no pairs.
    const DEEPEST: usize = 32;
    let text = near(text);
    let mut ends = text.match_indices(['(', ')']);
    let mut open = 0_usize;
    let paired = ends.find_map(|(at, bracket)| match (bracket, open) {
        (")", 0) => Some(Some(at)),
        ("(", DEEPEST..) => Some(None),
        _ => {
            open = if bracket == "(" { open + 1 } else { open - 1 };
            None
        }
    });
    text.get(..paired.flatten().or_else(|| text.find(')'))?)
}

/// The part of a text that is looked through for an end.
fn near(text: &str) -> &str {
    crate::prefix(text, LOOK_AHEAD)
}

/// Marks that turned out to be text join the text beside them.
fn join_texts(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut joined: Vec<Inline> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match (joined.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
            (_, inline) => joined.push(inline),
        }
    }
    joined
}
/// Whether a letter or digit of any script: what is neither white space nor in a block of signs. The exact table weighs
/// more than all of Markdown.
fn is_word(c: char) -> bool {
    let is_sign = matches!(
        c,
        '\u{80}'..='\u{bf}' | '×' | '÷' | '\u{2000}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}' | '\u{3000}'..='\u{303f}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fe10}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff0f}' | '\u{1f000}'..='\u{1faff}'
    );
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { !is_sign && !c.is_whitespace() }
}
