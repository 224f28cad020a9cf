//! Bytes to JSON tokens, resumable at every byte.

use super::Fault;
use std::borrow::Cow;

/// A JSON token.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'a> {
    Open(Bracket),
    Close(Bracket),
    Colon,
    Comma,
    /// A string, unescaped; empty when it was not wanted.
    Text(Cow<'a, str>),
    /// A number as it is spelled.
    Number(&'a str),
    Bool(bool),
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    Object,
    Array,
}

/// Cuts tokens out of chunks. A token that a chunk cuts in two is kept until the next chunk brings the rest.
#[derive(Debug, Default)]
pub(super) struct Lexer {
    /// How many bytes came before the next one.
    offset: u64,
    /// Where the token in progress began.
    start: u64,
    partial: Partial,
    /// What earlier chunks held of the token in progress.
    carry: Vec<u8>,
}

/// Which token is in progress.
#[derive(Clone, Copy, Debug, Default)]
enum Partial {
    #[default]
    None,
    /// A string: whether the last byte was a backslash, and whether there was any.
    Text { escaped: bool, escapes: bool },
    /// A number, or one of the words true, false and null.
    Scalar,
}

/// No double needs more digits than this to be spelled out (767 significant ones, and the zeros before them).
const MAX_SCALAR_BYTES: usize = 1_200;

impl Lexer {
    /// How many bytes are consumed.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Where the last token began.
    pub(super) fn token_start(&self) -> u64 {
        self.start
    }

    /// Whether no token is in progress.
    pub(super) fn is_between_tokens(&self) -> bool {
        matches!(self.partial, Partial::None)
    }

    /// Takes blanks off `input`, between two tokens. Whether anything else is left.
    pub(super) fn skip_blanks(&mut self, input: &mut &[u8]) -> bool {
        let blanks = input.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.consume(input, blanks);
        self.start = self.offset;
        !input.is_empty()
    }

    /// Counts bytes that somebody else consumed, between two tokens.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.offset += bytes as u64;
    }

    /// The next token, taken off `input`; none when all of `input` is consumed. A string's content is kept only when
    /// `wanted`, which must not change before the token is complete.
    pub(super) fn next<'t, 'c: 't>(
        &'t mut self,
        input: &mut &'c [u8],
        wanted: bool,
    ) -> Result<Option<Token<'t>>, Fault> {
        if matches!(self.partial, Partial::None) {
            self.skip_blanks(input);
            let Some(&first) = input.first() else { return Ok(None) };
            let token = match first {
                b'{' => Token::Open(Bracket::Object),
                b'[' => Token::Open(Bracket::Array),
                b'}' => Token::Close(Bracket::Object),
                b']' => Token::Close(Bracket::Array),
                b':' => Token::Colon,
                b',' => Token::Comma,
                b'"' => {
                    self.consume(input, 1);
                    self.carry.clear();
                    self.partial = Partial::Text { escaped: false, escapes: false };
                    return self.text(input, wanted);
                }
                b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                    self.carry.clear();
                    self.partial = Partial::Scalar;
                    return self.scalar(input);
                }
                _ => return Err(Fault::What("a character that begins no JSON value")),
            };
            self.consume(input, 1);
            return Ok(Some(token));
        }
        match self.partial {
            Partial::Scalar => self.scalar(input),
            _ => self.text(input, wanted),
        }
    }

    /// Goes on with a string, after its opening quote.
    fn text<'t, 'c: 't>(&'t mut self, input: &mut &'c [u8], wanted: bool) -> Result<Option<Token<'t>>, Fault> {
        let Partial::Text { mut escaped, mut escapes } = self.partial else { return Ok(None) };
        for (index, &byte) in input.iter().enumerate() {
            match byte {
                0..0x20 => return Err(Fault::What("a control character in a string")),
                _ if escaped => escaped = false,
                b'\\' => (escaped, escapes) = (true, true),
                b'"' => {
                    let content = self.consume(input, index);
                    self.consume(input, 1);
                    self.partial = Partial::None;
                    return self.finish_text(content, escapes, wanted).map(Some);
                }
                _ => {}
            }
        }
        self.partial = Partial::Text { escaped, escapes };
        let content = self.consume(input, input.len());
        if wanted { self.keep(content).map(|()| None) } else { Ok(None) }
    }

    fn finish_text<'a>(&'a mut self, content: &'a [u8], escapes: bool, wanted: bool) -> Result<Token<'a>, Fault> {
        if !wanted {
            return Ok(Token::Text(Cow::Borrowed("")));
        }
        let content = self.whole(content)?;
        let text = if escapes { unescape(content).map(Cow::Owned) } else { borrow_utf8(content) };
        Ok(Token::Text(text?))
    }

    /// Goes on with a number or a word, which ends before the first byte that cannot be part of one.
    fn scalar<'t, 'c: 't>(&'t mut self, input: &mut &'c [u8]) -> Result<Option<Token<'t>>, Fault> {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.');
        let len = input.iter().take_while(|byte| is_part(byte)).count();
        let ends_here = len < input.len();
        let content = self.consume(input, len);
        if self.carry.len() + len > MAX_SCALAR_BYTES {
            return Err(Fault::What("a number of too many digits"));
        }
        if !ends_here {
            return self.keep(content).map(|()| None);
        }
        self.partial = Partial::None;
        Ok(Some(match self.whole(content)? {
            b"true" => Token::Bool(true),
            b"false" => Token::Bool(false),
            b"null" => Token::Null,
            number if is_number(number) => match std::str::from_utf8(number) {
                Ok(number) => Token::Number(number),
                Err(_) => return Err(Fault::What("a malformed number")),
            },
            _ => return Err(Fault::What("neither a number nor true, false or null")),
        }))
    }

    /// Takes `len` bytes off `input`.
    fn consume<'a>(&mut self, input: &mut &'a [u8], len: usize) -> &'a [u8] {
        let (taken, rest) = input.split_at_checked(len).unwrap_or((input, &[]));
        *input = rest;
        self.offset += taken.len() as u64;
        taken
    }

    fn keep(&mut self, content: &[u8]) -> Result<(), Fault> {
        self.carry.try_reserve(content.len())?;
        self.carry.extend_from_slice(content);
        Ok(())
    }

    /// The token's bytes from earlier chunks with its last ones, copied only when there were earlier ones.
    fn whole<'a>(&'a mut self, last: &'a [u8]) -> Result<&'a [u8], Fault> {
        if self.carry.is_empty() {
            return Ok(last);
        }
        self.keep(last)?;
        Ok(&self.carry)
    }
}

/// JSON's grammar of numbers: no leading zeros, digits on both sides of the point.
fn is_number(text: &[u8]) -> bool {
    fn digits(text: &[u8]) -> (usize, &[u8]) {
        let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count, text.get(count..).unwrap_or_default())
    }
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let (integer_digits, mut rest) = digits(text);
    if integer_digits == 0 || (integer_digits > 1 && text.first() == Some(&b'0')) {
        return false;
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        let (count, after) = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = after;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            let (count, after) = digits(exponent);
            count > 0 && after.is_empty()
        }
        _ => false,
    }
}

const NOT_UTF8: Fault = Fault::What("a string that is not UTF-8");

fn borrow_utf8(content: &[u8]) -> Result<Cow<'_, str>, Fault> {
    std::str::from_utf8(content).map(Cow::Borrowed).map_err(|_| NOT_UTF8)
}

/// Resolves the escapes of a string's content. Half a surrogate pair becomes U+FFFD, as in Go.
fn unescape(content: &[u8]) -> Result<String, Fault> {
    const BAD_ESCAPE: Fault = Fault::What("an unknown escape in a string");
    let content = std::str::from_utf8(content).map_err(|_| NOT_UTF8)?;
    let mut text = String::new();
    // Escapes are never shorter than what they stand for.
    text.try_reserve(content.len())?;
    let mut rest = content;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let mut chars = escape.chars();
        let unescaped = match chars.next() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let (c, after) = unicode_escape(chars.as_str()).ok_or(BAD_ESCAPE)?;
                text.push(c);
                rest = after;
                continue;
            }
            _ => return Err(BAD_ESCAPE),
        };
        text.push(unescaped);
        rest = chars.as_str();
    }
    text.push_str(rest);
    Ok(text)
}

/// The character of an escape, of which `text` is what follows `\u`, and what comes after it. Looks at a second
/// `\uXXXX` where the first is the high half of a pair.
fn unicode_escape(text: &str) -> Option<(char, &str)> {
    fn unit(text: &str) -> Option<(u32, &str)> {
        let (digits, rest) = text.split_at_checked(4)?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some((u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)?, rest))
    }
    let (high, rest) = unit(text)?;
    if let 0xD800..0xDC00 = high
        && let Some(Some((low @ 0xDC00..0xE000, rest))) = rest.strip_prefix("\\u").map(unit)
    {
        return Some((char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00))?, rest));
    }
    Some((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of `text`, the same for every size of chunks.
    fn check(text: &[u8], expected: &str) {
        for size in 1..=text.len().max(1) {
            let mut lexer = Lexer::default();
            let mut tokens = String::new();
            'chunks: for mut chunk in text.chunks(size) {
                loop {
                    match lexer.next(&mut chunk, true) {
                        Ok(Some(token)) => tokens.push_str(&format!("{token:?} ")),
                        Ok(None) => break,
                        Err(Fault::What(what)) => {
                            tokens.push_str(&format!("{}: {what}", lexer.token_start()));
                            break 'chunks;
                        }
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }
            assert_eq!(tokens.trim_end(), expected, "{} in chunks of {size}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn tokens() {
        check(b" {\t}\r\n[ ] , : ", "Open(Object) Close(Object) Open(Array) Close(Array) Comma Colon");
        check(b"true,false,null,", "Bool(true) Comma Bool(false) Comma Null Comma");
        check(b"0,-1.5e+7,12E-3,", "Number(\"0\") Comma Number(\"-1.5e+7\") Comma Number(\"12E-3\") Comma");
        check(br#""" "abc" "#, r#"Text("") Text("abc")"#);
        check("\"köln 😀\"".as_bytes(), r#"Text("köln 😀")"#);
        check(b"123", "");
        check(b"\"abc", "");
    }

    #[test]
    fn escapes() {
        check(br#""\"\\\/\b\f\n\r\t""#, r#"Text("\"\\/\u{8}\u{c}\n\r\t")"#);
        check(br#""a\u00e9\uD83D\uDE00b""#, r#"Text("aé😀b")"#);
        check(
            br#""\ud83d" "\ude00x" "\ud83d\n" "\ud83d\u0041""#,
            "Text(\"\u{fffd}\") Text(\"\u{fffd}x\") Text(\"\u{fffd}\\n\") Text(\"\u{fffd}A\")",
        );
        for bad in [r#""\x""#, r#""\u12""#, r#""\u+123""#, r#""\u12ü4""#] {
            check(bad.as_bytes(), "0: an unknown escape in a string");
        }
    }

    #[test]
    fn broken_tokens() {
        check(b" \xEF\xBB\xBF{", "1: a character that begins no JSON value");
        check(b"\"a\nb\"", "0: a control character in a string");
        check(b"[\"\xff\"", "Open(Array) 1: a string that is not UTF-8");
        for bad in ["01", "-", "1.", ".5", "1e", "1e+", "+1", "tru", "nulll", "1-2", "0x1", "-Infinity"] {
            let expected = match bad {
                ".5" | "+1" => "0: a character that begins no JSON value",
                _ => "0: neither a number nor true, false or null",
            };
            check(format!("{bad},").as_bytes(), expected);
        }
        let digits = "1".repeat(MAX_SCALAR_BYTES + 1);
        let mut lexer = Lexer::default();
        let fault = lexer.next(&mut digits.as_bytes(), true).unwrap_err();
        assert!(matches!(fault, Fault::What("a number of too many digits")));
    }
}
