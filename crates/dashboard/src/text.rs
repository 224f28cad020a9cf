//! The markdown and the HTML of text panels, as a tree that holds nothing dangerous.
//!
//! A small part of CommonMark: headings, paragraphs, lists, quotes, code, rules, emphasis, links. HTML tags are left out
//! and their text stays, scripts and styles vanish, images become links, so that nothing is loaded from elsewhere.
//! Reading is total and takes time proportional to the text.

use crate::link::SafeUrl;
use crate::model::TextMode;

mod html;
mod inline;

/// A block of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading, level 1 to 6.
    Heading {
        /// 1 is the greatest.
        level: u8,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// The first number of a numbered list.
        start: Option<u32>,
        /// What stands in each item.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// Source code, line ends included.
    Code {
        /// Its language, empty if not told.
        language: String,
        /// The code.
        text: String,
    },
    /// A line across.
    Rule,
}

/// A piece of a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Emphasised text.
    Emphasis(Vec<Inline>),
    /// Strongly emphasised text.
    Strong(Vec<Inline>),
    /// Struck-out text.
    Strikethrough(Vec<Inline>),
    /// Source code.
    Code(String),
    /// A link.
    Link {
        /// Where it leads.
        url: SafeUrl,
        /// What is clicked.
        content: Vec<Inline>,
    },
    /// The end of a line.
    Break,
}

/// Lists and quotes within each other deeper than this are read as text.
const MAX_DEPTH: usize = 8;
/// Texts longer than this are cut.
pub(crate) const MAX_BYTES: usize = 1_000_000;

/// Reads a text, variables already filled in.
#[must_use]
pub fn read(text: &str, mode: &TextMode) -> Vec<Block> {
    match mode {
        TextMode::Markdown => parse(text),
        TextMode::Html => parse_html(text),
        TextMode::Code { language } => vec![Block::Code { language: language.clone(), text: text.to_owned() }],
    }
}

/// Reads HTML.
#[must_use]
pub fn parse_html(html: &str) -> Vec<Block> {
    html::parse(&without_scripts(crate::prefix(html, MAX_BYTES)))
}

/// Reads markdown.
#[must_use]
pub fn parse(markdown: &str) -> Vec<Block> {
    let text = without_scripts(crate::prefix(markdown, MAX_BYTES));
    let lines: Vec<&str> = text.lines().collect();
    parse_blocks(&lines, 0)
}

/// Leaves out what stands in `<script>`, `<style>` and comments: their content is no text.
fn without_scripts(text: &str) -> String {
    const PAIRS: [(&str, &str); 3] = [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")];
    // ASCII case folding keeps every byte where it is.
    let lower = text.to_ascii_lowercase();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(offset) = lower.get(at..).and_then(|rest| rest.find('<')) {
        let open = at + offset;
        let tail = lower.get(open..).unwrap_or_default();
        let end = match PAIRS.iter().find(|(start, _)| tail.starts_with(start)) {
            Some((_, close)) => tail.find(close).map_or(lower.len(), |length| open + length + close.len()),
            None => open + 1,
        };
        let keep_until = if end == open + 1 { end } else { open };
        kept.push_str(text.get(at..keep_until).unwrap_or_default());
        at = end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept
}

fn parse_blocks(lines: &[&str], depth: usize) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        let block = if line.trim().is_empty() { Some((None, 1)) } else { parse_block(rest, depth, &paragraph) };
        match block {
            Some((block, taken)) => {
                end_paragraph(&mut paragraph, &mut blocks);
                blocks.extend(block);
                at += taken;
            }
            None => {
                paragraph.push(line);
                at += 1;
            }
        }
    }
    end_paragraph(&mut paragraph, &mut blocks);
    blocks
}

fn end_paragraph(lines: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    if !lines.is_empty() {
        let content = inline::parse(&lines.join("\n"));
        if !content.is_empty() {
            blocks.push(Block::Paragraph(content));
        }
        lines.clear();
    }
}

/// The block that starts at the first of `lines`, and how many lines it takes. None continues the paragraph.
fn parse_block(lines: &[&str], depth: usize, paragraph: &[&str]) -> Option<(Option<Block>, usize)> {
    let line = lines.first()?;
    let trimmed = line.trim_start();
    if let Some(heading) = parse_heading(trimmed) {
        return Some((Some(heading), 1));
    }
    if let Some(fence) = fence_of(trimmed) {
        return Some(parse_fenced(lines, fence));
    }
    if is_rule(trimmed) {
        return Some((Some(Block::Rule), 1));
    }
    if depth < MAX_DEPTH && trimmed.starts_with('>') {
        return Some(parse_quote(lines, depth));
    }
    if depth < MAX_DEPTH
        && let Some(marker) = Marker::of(line)
    {
        // A number that happens to start a line does not interrupt a paragraph, unless it is 1.
        if paragraph.is_empty() || marker.start.is_none_or(|start| start == 1) {
            return Some(parse_list(lines, depth, &marker));
        }
    }
    None
}

fn parse_heading(line: &str) -> Option<Block> {
    let level = line.bytes().take_while(|byte| *byte == b'#').count();
    let rest = line.get(level..)?;
    if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
        return None;
    }
    let content = inline::parse(rest.trim().trim_end_matches('#').trim_end());
    Some(Block::Heading { level: level as u8, content })
}

/// The backticks or tildes that open or close a block of code.
fn fence_of(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    let info = line.get(length..)?;
    (length >= 3 && !(mark == '`' && info.contains('`'))).then_some(line.get(..length)?)
}

fn parse_fenced(lines: &[&str], fence: &str) -> (Option<Block>, usize) {
    let language = lines.first().map_or("", |line| line.trim_start().trim_start_matches(['`', '~']).trim());
    let is_end = |line: &&&str| {
        let line = line.trim();
        line.starts_with(fence) && line.trim_matches(['`', '~']).is_empty()
    };
    let body: Vec<&str> = lines.iter().skip(1).take_while(|line| !is_end(line)).copied().collect();
    let mut text = body.join("\n");
    if !text.is_empty() {
        text.push('\n');
    }
    let language = language.split_whitespace().next().unwrap_or_default().to_owned();
    (Some(Block::Code { language, text }), (body.len() + 2).min(lines.len()))
}

fn is_rule(line: &str) -> bool {
    let mut marks = line.chars().filter(|c| !c.is_whitespace());
    let Some(first @ ('-' | '*' | '_')) = marks.next() else { return false };
    let mut more = 0;
    marks.all(|mark| {
        more += 1;
        mark == first
    }) && more >= 2
}

fn parse_quote(lines: &[&str], depth: usize) -> (Option<Block>, usize) {
    let quoted: Vec<&str> = lines
        .iter()
        .map_while(|line| line.trim_start().strip_prefix('>'))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    (Some(Block::Quote(parse_blocks(&quoted, depth + 1))), quoted.len())
}

/// What an item of a list starts with.
struct Marker {
    /// The number of a numbered item.
    start: Option<u32>,
    /// How far the marker is indented.
    indent: usize,
    /// Where the item's text starts.
    content: usize,
}

impl Marker {
    fn of(line: &str) -> Option<Self> {
        let indent = line.len() - line.trim_start().len();
        let rest = line.get(indent..)?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (start, length) = match digits {
            0 => (None, usize::from(rest.starts_with(['-', '*', '+']))),
            1..=9 => {
                (rest.get(..digits)?.parse().ok(), digits + usize::from(rest.get(digits..)?.starts_with(['.', ')'])))
            }
            _ => return None,
        };
        let after = rest.get(length..)?;
        let is_marker = length > digits && (after.is_empty() || after.starts_with([' ', '\t']));
        is_marker.then_some(Self { start, indent, content: indent + length + 1 })
    }
}

fn parse_list(lines: &[&str], depth: usize, first: &Marker) -> (Option<Block>, usize) {
    let mut items: Vec<Vec<&str>> = Vec::new();
    let mut taken = 0;
    let mut after_blank = false;
    for line in lines {
        let indent = line.len() - line.trim_start().len();
        let marker = Marker::of(line).filter(|marker| marker.indent < first.content);
        match (marker, items.last_mut()) {
            (Some(marker), _) if marker.start.is_some() == first.start.is_some() && !is_rule(line.trim_start()) => {
                items.push(vec![line.get(marker.content..).unwrap_or_default()]);
            }
            (None, Some(item)) if line.trim().is_empty() => item.push(""),
            (None, Some(item)) if indent >= 2.min(first.content) => {
                item.push(line.get(indent.min(first.content)..).unwrap_or_default());
            }
            // A line that merely follows belongs to the item's paragraph.
            (None, Some(item)) if !after_blank && parse_block(&[line], MAX_DEPTH, &[]).is_none() => item.push(line),
            _ => break,
        }
        after_blank = line.trim().is_empty();
        taken += 1;
    }
    let items = items.iter().map(|item| parse_blocks(item, depth + 1)).collect();
    (Some(Block::List { start: first.start, items }), taken.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree in one line: blocks and inlines as their letter and brackets around what they hold.
    fn check(markdown: &str, expected: &str) {
        assert_eq!(all(&parse(markdown)), expected, "{markdown:?}");
    }

    /// The same of HTML.
    fn check_html(html: &str, expected: &str) {
        assert_eq!(all(&parse_html(html)), expected, "{html:?}");
    }

    fn all(blocks: &[Block]) -> String {
        blocks.iter().map(block).collect::<Vec<_>>().join(" ")
    }

    fn block(block: &Block) -> String {
        match block {
            Block::Heading { level, content } => format!("h{level}[{}]", inlines(content)),
            Block::Paragraph(content) => format!("p[{}]", inlines(content)),
            Block::List { start, items } => {
                let items: Vec<String> = items.iter().map(|item| format!("[{}]", all(item))).collect();
                format!("{}{}", start.map_or("ul".into(), |start| format!("ol{start}")), items.concat())
            }
            Block::Quote(blocks) => format!("quote[{}]", all(blocks)),
            Block::Code { language, text } => format!("code({language})[{}]", text.trim_end().replace('\n', "⏎")),
            Block::Rule => "hr".into(),
        }
    }

    fn inlines(content: &[Inline]) -> String {
        content.iter().map(inline).collect()
    }

    fn inline(inline: &Inline) -> String {
        match inline {
            Inline::Text(text) => text.clone(),
            Inline::Emphasis(content) => format!("em[{}]", inlines(content)),
            Inline::Strong(content) => format!("b[{}]", inlines(content)),
            Inline::Strikethrough(content) => format!("s[{}]", inlines(content)),
            Inline::Code(code) => format!("`{code}`"),
            Inline::Link { url, content } => format!("a({url})[{}]", inlines(content)),
            Inline::Break => "⏎".into(),
        }
    }

    #[test]
    fn blocks() {
        check("# One\n## Two ##\ntext", "h1[One] h2[Two] p[text]");
        check("#hashtag", "p[#hashtag]");
        check("a\nb\n\nc", "p[a b] p[c]");
        check("a  \nb", "p[a⏎b]");
        check("---", "hr");
        check("```rust\nfn a() {}\n\nb\n```\nafter", "code(rust)[fn a() {}⏎⏎b] p[after]");
        check("```\nnever closed", "code()[never closed]");
        check("> a\n> - b\n\nc", "quote[p[a] ul[p[b]]] p[c]");
    }

    #[test]
    fn lists() {
        check("- a\n- b", "ul[p[a]][p[b]]");
        check("3. a\n4. b", "ol3[p[a]][p[b]]");
        check("- a\n  - b\n  - c\n- d", "ul[p[a] ul[p[b]][p[c]]][p[d]]");
        check("- a\n\n  more\n- b", "ul[p[a] p[more]][p[b]]");
        check("- a\nlazy\n\nafter", "ul[p[a lazy]] p[after]");
        check("In 1999\n2000. was", "p[In 1999 2000. was]");
    }

    #[test]
    fn inline_marks() {
        check("*a* **b** _c_ __d__ ~~e~~", "p[em[a] b[b] em[c] b[d] s[e]]");
        check("**a *b* c**", "p[b[a em[b] c]]");
        check("snake_case_name and 2 * 3 * 4", "p[snake_case_name and 2 * 3 * 4]");
        check("*open and **never closed", "p[*open and **never closed]");
        check("`a*b*` ``c`d``", "p[`a*b*` `c`d`]");
        check("\\*plain\\*", "p[*plain*]");
        check("a &lt;b&gt; &amp;c", "p[a <b> &c]");
    }

    #[test]
    fn links_are_checked_and_images_are_links() {
        check("[docs](https://a.b/c \"title\")", "p[a(https://a.b/c)[docs]]");
        check("[x](javascript:alert(1)) y", "p[x y]");
        check("[x](https://a.b/A_(b)?q=sum(up)) (y)", "p[a(https://a.b/A_(b)?q=sum(up))[x] (y)]");
        check("([x](https://a.b/c) [y](https://a.b/(d) z", "p[(a(https://a.b/c)[x] a(https://a.b/(d)[y] z]");
        check("[**x**](#/d/a)", "p[a(#/d/a)[b[x]]]");
        check("![logo](https://a.b/i.png)", "p[a(https://a.b/i.png)[logo]]");
        check("see https://a.b/c?d=e.", "p[see a(https://a.b/c?d=e)[https://a.b/c?d=e].]");
        check("<https://a.b>", "p[a(https://a.b)[https://a.b]]");
        check("[just brackets] [a]()", "p[[just brackets] a]");
    }

    #[test]
    fn html_is_left_out() {
        check("a<br>b<br/>c", "p[a⏎b⏎c]");
        check("<b>bold</b> <img src=x onerror=alert(1)>", "p[bold ]");
        check("a<script>alert(1)</script>b", "p[ab]");
        check("a<SCRIPT>never closed", "p[a]");
        check("<style>@import url(x)</style>", "");
        check("<!-- gone -->kept", "p[kept]");
        check("1 < 2 and a<3", "p[1 < 2 and a<3]");
    }

    #[test]
    fn html_has_blocks() {
        check_html("<h1 style=\"color:red\">One</h1><p>a\n  b</p>c", "h1[One] p[a b] p[c]");
        check_html("<br><center><b><font size=5>Unifi</font></b></center>\n", "p[b[Unifi]]");
        check_html("<b><h5> Server</h5></b> after", "h5[b[Server]] p[after]");
        check_html("<div>a</div> <div> b <br/>c<br></div>", "p[a] p[b ⏎c]");
        check_html("a<hr>b", "p[a] hr p[b]");
        check_html("<ul><li>a<li>b<ol><li>c</li></ol></li></ul>d", "ul[p[a]][p[b] ol1[p[c]]] p[d]");
        check_html("<ul>a</ul></ul><li>b", "ul[p[a]] p[b]");
        let (open, close) = ("<ul>".repeat(MAX_DEPTH), "</ul>".repeat(MAX_DEPTH));
        let expected = format!("{}p[a] p[b] p[c]{} p[d]", "ul[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        check_html(&format!("{open}a<ul>b</ul>c{close}d"), &expected);
        check_html("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "p[a b] p[c]");
        check_html("<pre>a\n  <b>b</b> &lt;</pre>c", "code()[a⏎  b <] p[c]");
        check_html("# *a*\n- b_c_", "p[# *a* - b_c_]");
        check_html("<!DOCTYPE html><script>alert(1)</script><style>a{}</style><!-- b -->c", "p[c]");
    }

    #[test]
    fn html_has_marks() {
        check_html("<b>a <i>b</i></b> <del>c</del> <CODE>d&amp;</CODE>", "p[b[a em[b]] s[c] `d&`]");
        check_html("<b>a<i>b</b>c</i>", "p[b[aem[b]]c]");
        check_html("<a class='x' href='https://a.b/?c=1&amp;d=e f'>g</a>.", "p[a(https://a.b/?c=1&d=e%20f)[g].]");
        check_html("<a href=/d/x>x</a> <a href=\"javascript:alert(1)\">y</a>", "p[a(/d/x)[x] y]");
        check_html("<h1><img src=\"https://a.b/i.png\" alt=\"logo\"> a</h1>", "h1[a(https://a.b/i.png)[logo] a]");
        check_html("<a href=\"/d/x\"><img src=\"/i.png\"></a><img>", "p[a(/d/x)[image]image]");
        check_html("1 < 2 &amp;&nbsp;a<3", "p[1 < 2 &\u{a0}a<3]");
        check_html("<a href=/x>x<a href=/y>y</a>z</a>", "p[a(/x)[x]a(/y)[y]z]");
        check_html("<b", "p[<b]");
    }

    #[test]
    fn each_mode_reads_its_own() {
        let check = |mode: &TextMode, expected: &str| assert_eq!(all(&read("# <b>a</b>\n*b*", mode)), expected);
        check(&TextMode::Markdown, "h1[a] p[em[b]]");
        check(&TextMode::Html, "p[# b[a] *b*]");
        check(&TextMode::Code { language: "yaml".into() }, "code(yaml)[# <b>a</b>⏎*b*]");
    }
}
