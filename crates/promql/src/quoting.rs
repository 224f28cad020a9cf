//! Strings and names: what is between quotes, and how Prometheus would quote it. The rules are those of Go's strings.

use std::borrow::Cow;

/// Whether `name` may be a label's name without quotes.
#[must_use]
pub fn is_plain_label(name: &str) -> bool {
    name.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// A selector of the metric `name`: the name itself, or in quotes within braces where it is no plain one.
///
/// ```
/// assert_eq!(promql::selector("job:up:sum"), "job:up:sum");
/// assert_eq!(promql::selector("http.status"), r#"{"http.status"}"#);
/// ```
#[must_use]
pub fn selector(name: &str) -> String {
    let is_plain = is_plain_label(&name.replace(':', "_"));
    let mut written = String::from("{");
    write_quoted(&mut written, name.as_bytes());
    written.push('}');
    if is_plain { name.to_owned() } else { written }
}

/// What a string literal says. It may be any bytes: `"\xff"` is valid. `None` where it is not a whole, valid literal.
#[must_use]
pub fn unquote(literal: &str) -> Option<Cow<'_, [u8]>> {
    let quote = literal.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inner = literal.get(1..)?.strip_suffix(quote)?;
    if quote == '`' || !inner.contains('\\') {
        return Some(Cow::Borrowed(inner.as_bytes()));
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = escaped(&rest[at + 1..], quote, &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(Cow::Owned(bytes))
}

/// Takes one escape sequence, without its backslash, and gives what follows it.
fn escaped<'a>(rest: &'a str, quote: char, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let first = rest.chars().next()?;
    let simple = match first {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        '\\' => b'\\',
        c if c == quote => quote as u8,
        _ => return coded(rest, first, bytes),
    };
    bytes.push(simple);
    rest.get(1..)
}

/// A byte as `\377` or `\xff`, or a character as `\u00e9` or `\U0001f600`.
fn coded<'a>(rest: &'a str, first: char, bytes: &mut Vec<u8>) -> Option<&'a str> {
    let (from, length, radix) = match first {
        '0'..='7' => (0, 3, 8),
        'x' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        _ => return None,
    };
    let digits = rest.get(from..from + length).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    let code = u32::from_str_radix(digits, radix).ok()?;
    match first {
        'u' | 'U' => bytes.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes()),
        _ => bytes.push(u8::try_from(code).ok()?),
    }
    rest.get(from + length..)
}

/// The character after the first backslash that means nothing in a string literal.
pub(crate) fn unknown_escape(literal: &str) -> Option<char> {
    let quote = literal.chars().next()?;
    let mut rest = literal.get(1..)?;
    while let Some(at) = rest.find('\\') {
        let after = &rest[at + 1..];
        match escaped(after, quote, &mut Vec::new()) {
            Some(next) => rest = next,
            None => return after.chars().next(),
        }
    }
    None
}

/// What the string literal `text` says; of what is no string, such as a plain name or a variable, the text itself. Bytes
/// that are no UTF-8 are replaced.
#[must_use]
pub fn string_value(text: &str) -> Cow<'_, str> {
    match unquote(text) {
        None => Cow::Borrowed(text),
        Some(Cow::Borrowed(bytes)) => String::from_utf8_lossy(bytes),
        Some(Cow::Owned(bytes)) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Writes `bytes` as a string literal in double quotes, as Go does.
pub fn write_quoted(out: &mut String, bytes: &[u8]) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|c| write_char(out, c));
        chunk.invalid().iter().for_each(|byte| write_code(out, "\\x", u32::from(*byte), 2));
    }
    out.push('"');
}

fn write_char(out: &mut String, c: char) {
    let simple = match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\x07' => "\\a",
        '\x08' => "\\b",
        '\x0c' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\x0b' => "\\v",
        _ if is_printable(c) => return out.push(c),
        _ if c < ' ' || c == '\x7f' => return write_code(out, "\\x", u32::from(c), 2),
        _ if u32::from(c) < 0x10000 => return write_code(out, "\\u", u32::from(c), 4),
        _ => return write_code(out, "\\U", u32::from(c), 8),
    };
    out.push_str(simple);
}

fn write_code(out: &mut String, prefix: &str, code: u32, digits: u32) {
    out.push_str(prefix);
    for digit in (0..digits).rev() {
        out.push(char::from_digit((code >> (4 * digit)) & 0xf, 16).unwrap_or('0'));
    }
}

/// Whether Go prints `c` as it is. Characters that Unicode has not assigned are taken to be printable, to go without
/// tables.
fn is_printable(c: char) -> bool {
    !matches!(u32::from(c),
        0..=0x1f | 0x7f..=0xa0 | 0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x1680 | 0x180e
        | 0x2000..=0x200f | 0x2028..=0x202f | 0x205f..=0x206f | 0x3000 | 0xe000..=0xf8ff | 0xfeff | 0xfff9..=0xfffb
        | 0xe0000..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_and_written_as_in_go() {
        for (literal, written) in [
            (r#""a""#, r#""a""#),
            ("'a\"b'", r#""a\"b""#),
            ("`a\\n\n`", r#""a\\n\n""#),
            (r"'\'\\'", r#""'\\""#),
            (r#""\a\b\f\n\r\t\v\x00\x7f""#, r#""\a\b\f\n\r\t\v\x00\x7f""#),
            (r#""\377\xff""#, r#""\xff\xff""#),
            (r#""\303\251 \u00e9 \U0001f600""#, "\"é é 😀\""),
            ("\"\u{a0}\u{200b}\u{e000}\u{e0001}\"", r#""\u00a0\u200b\ue000\U000e0001""#),
            (r#""""#, r#""""#),
        ] {
            let mut out = String::new();
            write_quoted(&mut out, &unquote(literal).unwrap());
            assert_eq!(out, written, "{literal}");
            assert_eq!(unquote(&out), unquote(literal));
        }
    }

    #[test]
    fn broken_strings() {
        for literal in [
            r#""a"#,
            r#"a"#,
            "",
            "\"",
            r#""\""#,
            r#""\q""#,
            r#""\'""#,
            r#""\x1""#,
            r#""\ud800""#,
            r#""\400""#,
            r#""\u+123""#,
        ] {
            assert_eq!(unquote(literal), None, "{literal}");
        }
    }

    #[test]
    fn plain_labels() {
        assert!(["a", "_b1", "A_"].into_iter().all(is_plain_label));
        assert!(!["", "1a", "a:b", "a.b", "é"].into_iter().any(is_plain_label));
    }
}
