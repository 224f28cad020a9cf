//! JSON text to [`serde_json::Value`] and back, in a fifth of the code that serde's general way takes.
//!
//! Accepts what `serde_json::from_str` accepts, with the same values and the same limit on nesting. Numbers are read to the
//! last bit.
//!
//! ```
//! let value = json::parse(r#"{"title": "Fleet"}"#)?;
//! assert_eq!(value["title"], "Fleet");
//! # Ok::<(), json::Error>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

use serde_json::{Map, Number, Value};
use std::fmt;

/// How deep lists and objects may be nested.
const MAX_DEPTH: u8 = 127;

/// A text that is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The line, from 1.
    pub line: usize,
    /// The column of the byte that does not fit, from 1; at the end of the text that of the last byte.
    pub column: usize,
    /// What is wrong, in a few words.
    pub message: &'static str,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.message, self.line, self.column)
    }
}

impl std::error::Error for Error {}

/// Reads JSON text. Of a key that an object has twice the last value counts.
///
/// # Errors
/// The text is not JSON, or is nested more than 127 deep.
pub fn parse(text: &str) -> Result<Value, Error> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    parser.document().map_err(|message| {
        let read = text.as_bytes().get(..parser.at.saturating_add(1)).unwrap_or(text.as_bytes());
        let start = read.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        // A line that ends too early is complained about where it ends.
        let line = 1 + read.iter().take(start).filter(|byte| **byte == b'\n').count();
        Error { line, column: read.len() - start, message }
    })
}

/// A number as JavaScript writes it.
#[must_use]
pub fn number_text(number: &Number) -> String {
    match (number.as_i64(), number.as_u64()) {
        (Some(whole), _) => whole.to_string(),
        (_, Some(whole)) => whole.to_string(),
        _ => frame::decimal::text(number.as_f64().unwrap_or(f64::NAN)),
    }
}

/// Appends `text` as a JSON string.
pub fn push_string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('"');
}

/// Appends `value` as JSON text without blanks.
///
/// ```
/// let mut text = String::new();
/// json::push_value(&json::parse(r#"{"steps": [1, null, "a"]}"#)?, &mut text);
/// assert_eq!(text, r#"{"steps":[1,null,"a"]}"#);
/// # Ok::<(), json::Error>(())
/// ```
pub fn push_value(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::String(text) => push_string(text, out),
        Value::Array(items) => push_list(items.iter(), out),
        Value::Object(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                push_string(key, out);
                out.push(':');
                push_value(value, out);
            }
            out.push('}');
        }
    }
}

/// Appends `items` as a JSON list.
pub fn push_list<'a>(items: impl Iterator<Item = &'a Value>, out: &mut String) {
    out.push('[');
    for (index, item) in items.enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        push_value(item, out);
    }
    out.push(']');
}

/// What is wrong at the parser's place.
type Fault = &'static str;

const EXPECTED_VALUE: Fault = "expected value";
const INVALID_NUMBER: Fault = "invalid number";
const INVALID_ESCAPE: Fault = "invalid escape";
const OPEN_STRING: Fault = "EOF while parsing a string";

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Result<Value, Fault> {
        let value = self.value()?;
        match self.next_token() {
            None => Ok(value),
            Some(_) => Err("trailing characters"),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The first byte that is no white space; the parser stays before it.
    fn next_token(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
        self.peek()
    }

    fn skip_if(&mut self, wanted: u8) -> bool {
        let is_there = self.peek() == Some(wanted);
        self.at += usize::from(is_there);
        is_there
    }

    fn value(&mut self) -> Result<Value, Fault> {
        match self.next_token() {
            None => Err("EOF while parsing a value"),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            Some(b'-' | b'0'..=b'9') => Ok(Value::Number(self.number()?)),
            Some(_) => Err(EXPECTED_VALUE),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        for expected in word.bytes() {
            if !self.skip_if(expected) {
                return Err(if self.peek().is_none() { "EOF while parsing a value" } else { "expected ident" });
            }
        }
        Ok(value)
    }

    /// Reads what is between brackets; the parser is at the first of them.
    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, Fault>) -> Result<Value, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err("recursion limit exceeded");
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<Value, Fault> {
        let mut items = Vec::new();
        loop {
            match self.next_token() {
                Some(b']') if items.is_empty() => break,
                None if items.is_empty() => return Err("EOF while parsing a list"),
                _ => items.push(self.value()?),
            }
            match self.next_token() {
                Some(b']') => break,
                Some(b',') => self.at += 1,
                None => return Err("EOF while parsing a list"),
                Some(_) => return Err("expected `,` or `]`"),
            }
            if self.next_token() == Some(b']') {
                return Err("trailing comma");
            }
        }
        self.at += 1;
        Ok(Value::Array(items))
    }

    fn object(&mut self) -> Result<Value, Fault> {
        let mut entries = Map::new();
        loop {
            match self.next_token() {
                Some(b'}') if entries.is_empty() => break,
                Some(b'"') => {}
                None => return Err("EOF while parsing an object"),
                Some(_) => return Err("key must be a string"),
            }
            let key = self.string()?;
            match self.next_token() {
                Some(b':') => self.at += 1,
                None => return Err("EOF while parsing an object"),
                Some(_) => return Err("expected `:`"),
            }
            let value = self.value()?;
            entries.insert(key, value);
            match self.next_token() {
                Some(b'}') => break,
                Some(b',') => self.at += 1,
                None => return Err("EOF while parsing an object"),
                Some(_) => return Err("expected `,` or `}`"),
            }
            if self.next_token() == Some(b'}') {
                return Err("trailing comma");
            }
        }
        self.at += 1;
        Ok(Value::Object(entries))
    }

    fn digits(&mut self) -> Result<(), Fault> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(if self.peek().is_none() { "EOF while parsing a value" } else { INVALID_NUMBER });
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        self.skip_if(b'-');
        if !self.skip_if(b'0') {
            self.digits()?;
        } else if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(INVALID_NUMBER);
        }
        if self.skip_if(b'.') {
            self.digits()?;
        }
        if self.skip_if(b'e') || self.skip_if(b'E') {
            _ = self.skip_if(b'+') || self.skip_if(b'-');
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        // Minus zero is no whole number.
        match (text.parse::<u64>(), text.parse::<i64>()) {
            (Ok(whole), _) => Ok(whole.into()),
            (_, Ok(whole)) if whole != 0 => Ok(whole.into()),
            _ => frame::decimal::parse(text).and_then(Number::from_f64).ok_or("number out of range"),
        }
    }

    /// A string; the parser is at its first quote.
    fn string(&mut self) -> Result<String, Fault> {
        let mut out = String::new();
        self.at += 1;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let end = rest.bytes().position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\');
            let (plain, rest) = rest.split_at(end.unwrap_or(rest.len()));
            out.push_str(plain);
            self.at += plain.len();
            match rest.as_bytes().first() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    out.push(self.escape()?);
                }
                Some(_) => return Err("control character (\\u0000-\\u001F) found while parsing a string"),
                None => return Err(OPEN_STRING),
            }
        }
        self.at += 1;
        Ok(out)
    }

    /// The letter that an escape stands for; the parser is behind the backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let letter = match self.peek() {
            Some(quoted @ (b'"' | b'\\' | b'/')) => char::from(quoted),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            Some(_) => return Err(INVALID_ESCAPE),
            None => return Err(OPEN_STRING),
        };
        self.at += 1;
        Ok(letter)
    }

    /// A character by its number in UTF-16, which for some is two.
    fn unicode(&mut self) -> Result<char, Fault> {
        const LONE: Fault = "lone leading surrogate in hex escape";
        let first = self.hex()?;
        let mut code = first;
        if (0xD800..0xDC00).contains(&first) {
            if !self.skip_if(b'\\') || !self.skip_if(b'u') {
                return Err("unexpected end of hex escape");
            }
            let second = self.hex()?;
            if !(0xDC00..0xE000).contains(&second) {
                return Err(LONE);
            }
            code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        }
        char::from_u32(code).ok_or(LONE)
    }

    fn hex(&mut self) -> Result<u32, Fault> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(byte) = self.peek() else { return Err(OPEN_STRING) };
            code = code * 16 + char::from(byte).to_digit(16).ok_or(INVALID_ESCAPE)?;
            self.at += 1;
        }
        Ok(code)
    }
}
