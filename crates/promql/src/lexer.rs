//! Text to tokens. Total: every byte is in exactly one token.

use crate::token::{Keyword, Span, Token, TokenKind};

/// All tokens of `text`, in order and without gaps, blanks and comments included.
#[must_use]
pub fn lex(text: &str) -> Vec<Token> {
    Lexer::new(text).collect()
}

/// Takes the tokens of a text off, one by one.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// How many `[` are open: inside, `:` separates range and resolution; outside, it is part of a name.
    open_brackets: usize,
}

impl<'a> Lexer<'a> {
    /// A lexer at the beginning of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, open_brackets: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The kind and the length of the token that `rest` begins with.
    fn measure(&self, rest: &str, first: char) -> (TokenKind, usize) {
        let second = rest.as_bytes().get(1).copied();
        match first {
            '#' => (TokenKind::Comment, rest.find(['\n', '\r']).unwrap_or(rest.len())),
            c if is_space(c) => (TokenKind::Space, length_while(rest, is_space)),
            '"' | '\'' => quoted(rest, first),
            '`' => raw(rest),
            '$' => variable(rest),
            '[' => match old_variable(rest) {
                Some(length) => (TokenKind::Variable, length),
                None => (TokenKind::LeftBracket, 1),
            },
            '0'..='9' => number(rest),
            '.' if second.is_some_and(|byte| byte.is_ascii_digit()) => number(rest),
            ':' if self.open_brackets > 0 => (TokenKind::Colon, 1),
            c if c == ':' || c == '_' || c.is_ascii_alphabetic() => self.word(rest),
            _ => symbol(first, second),
        }
    }

    fn word(&self, rest: &str) -> (TokenKind, usize) {
        let colon_is_part = self.open_brackets == 0;
        let length = length_while(rest, |c| c == '_' || c.is_ascii_alphanumeric() || (c == ':' && colon_is_part));
        let word = rest.get(..length).unwrap_or_default();
        let kind = match Keyword::parse(word) {
            Some(keyword) => TokenKind::Keyword(keyword),
            None if word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("nan") => TokenKind::Number,
            None => TokenKind::Name,
        };
        (kind, length)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let (kind, length) = self.measure(rest, first);
        match kind {
            TokenKind::LeftBracket => self.open_brackets += 1,
            TokenKind::RightBracket => self.open_brackets = self.open_brackets.saturating_sub(1),
            _ => {}
        }
        let span = Span { start: self.at, end: self.at + length.max(1) };
        self.at = span.end;
        Some(Token { kind, span })
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn length_while(text: &str, accepts: impl Fn(char) -> bool) -> usize {
    text.find(|c| !accepts(c)).unwrap_or(text.len())
}

/// A string in `quote`s, in which a backslash makes the next character harmless. It ends at its line at the latest.
fn quoted(rest: &str, quote: char) -> (TokenKind, usize) {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return (TokenKind::Text { closed: false }, index),
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return (TokenKind::Text { closed: true }, index + 1),
            _ => {}
        }
    }
    (TokenKind::Text { closed: false }, rest.len())
}

/// A string in back quotes: no escapes, and line ends are part of it.
fn raw(rest: &str) -> (TokenKind, usize) {
    match rest.get(1..).and_then(|inner| inner.find('`')) {
        Some(length) => (TokenKind::Text { closed: true }, length + 2),
        None => (TokenKind::Text { closed: false }, rest.len()),
    }
}

/// Whether there is a variable anywhere in `text`.
pub(crate) fn has_variable(text: &str) -> bool {
    let is_variable = |at: usize| match &text[at..] {
        rest if rest.starts_with('$') => variable(rest).0 == TokenKind::Variable,
        rest => old_variable(rest).is_some(),
    };
    text.match_indices(['$', '[']).any(|(at, _)| is_variable(at))
}

/// `$name` or `${anything}`, which is no further variable: that would be looked through again and again.
fn variable(rest: &str) -> (TokenKind, usize) {
    let after = rest.get(1..).unwrap_or_default();
    let length = match after.starts_with('{') {
        true => after.find(['}', '\n', '$']).filter(|end| after[*end..].starts_with('}')).map_or(0, |end| end + 1),
        false => length_while(after, |c| c == '_' || c.is_ascii_alphanumeric()),
    };
    if length == 0 { (TokenKind::Unknown, 1) } else { (TokenKind::Variable, length + 1) }
}

/// `[[name]]` or `[[name:format]]`.
fn old_variable(rest: &str) -> Option<usize> {
    let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let inner = rest.strip_prefix("[[")?;
    let mut length = length_while(inner, is_word);
    if let Some(format) = inner[length..].strip_prefix(':').filter(|_| length > 0) {
        length += 1 + length_while(format, is_word);
    }
    (length > 0 && inner[length..].starts_with("]]")).then_some(length + 4)
}

fn number(rest: &str) -> (TokenKind, usize) {
    let candidates = [(TokenKind::Duration, duration(rest)), (TokenKind::Number, hex(rest).or_else(|| decimal(rest)))];
    let is_whole = |length: usize| !rest[length..].starts_with(|c: char| c == '_' || c.is_ascii_alphanumeric());
    for (kind, length) in candidates {
        if let Some(length) = length.filter(|length| is_whole(*length)) {
            return (kind, length);
        }
    }
    (TokenKind::BadNumber, length_while(rest, |c| c == '_' || c == '.' || c.is_ascii_alphanumeric()))
}

/// `1h30m`: digits and a unit, once or more.
fn duration(rest: &str) -> Option<usize> {
    let mut length = 0;
    loop {
        let part = &rest[length..];
        let digits = length_while(part, |c| c.is_ascii_digit());
        let unit = part[digits..]
            .starts_with("ms")
            .then_some(2)
            .or_else(|| part[digits..].starts_with(['s', 'm', 'h', 'd', 'w', 'y']).then_some(1));
        match unit.filter(|_| digits > 0) {
            Some(unit) => length += digits + unit,
            None => return (length > 0).then_some(length),
        }
    }
}

fn hex(rest: &str) -> Option<usize> {
    let digits = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X"))?;
    let length = length_while(digits, |c| c == '_' || c.is_ascii_hexdigit());
    (length > 0).then_some(length + 2)
}

/// Digits with underscores between, a fraction, an exponent.
fn decimal(rest: &str) -> Option<usize> {
    let digits = |text: &str| length_while(text, |c| c == '_' || c.is_ascii_digit());
    let mut length = digits(rest);
    if rest[length..].starts_with('.') {
        length += 1 + digits(&rest[length + 1..]);
    }
    if let Some(exponent) = rest[length..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let exponent_digits = digits(&exponent[sign..]);
        length += if exponent_digits > 0 { 1 + sign + exponent_digits } else { 0 };
    }
    Some(length)
}

fn symbol(first: char, second: Option<u8>) -> (TokenKind, usize) {
    let two = match (first, second) {
        ('=', Some(b'=')) => Some(TokenKind::Equal),
        ('=', Some(b'~')) => Some(TokenKind::Matches),
        ('!', Some(b'=')) => Some(TokenKind::NotEqual),
        ('!', Some(b'~')) => Some(TokenKind::DoesNotMatch),
        ('<', Some(b'=')) => Some(TokenKind::LessOrEqual),
        ('>', Some(b'=')) => Some(TokenKind::GreaterOrEqual),
        ('<', Some(b'/')) => Some(TokenKind::TrimUpper),
        ('>', Some(b'/')) => Some(TokenKind::TrimLower),
        _ => None,
    };
    if let Some(kind) = two {
        return (kind, 2);
    }
    let one = match first {
        '(' => TokenKind::LeftParen,
        ')' => TokenKind::RightParen,
        '{' => TokenKind::LeftBrace,
        '}' => TokenKind::RightBrace,
        '[' => TokenKind::LeftBracket,
        ']' => TokenKind::RightBracket,
        ',' => TokenKind::Comma,
        ':' => TokenKind::Colon,
        '@' => TokenKind::At,
        '=' => TokenKind::Assign,
        '<' => TokenKind::Less,
        '>' => TokenKind::Greater,
        '+' => TokenKind::Plus,
        '-' => TokenKind::Minus,
        '*' => TokenKind::Times,
        '/' => TokenKind::Divide,
        '%' => TokenKind::Modulo,
        '^' => TokenKind::Power,
        _ => TokenKind::Unknown,
    };
    (one, first.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind::*;

    fn check(text: &str, expected: &[(TokenKind, &str)]) {
        let tokens: Vec<(TokenKind, &str)> = lex(text)
            .into_iter()
            .filter(|token| token.kind != Space)
            .map(|token| (token.kind, token.span.of(text)))
            .collect();
        assert_eq!(tokens, expected, "{text}");
    }

    #[test]
    fn numbers_and_durations() {
        for number in
            ["0", "12", "1.5", ".5", "5.", "1e3", "1.5E-3", "1_000_000", "0x1F", "0XaB", "Inf", "NaN", "inf", "nan"]
        {
            check(number, &[(Number, number)]);
        }
        for duration in ["5m", "1h30m", "100ms", "1y2w3d4h5m6s7ms", "05m"] {
            check(duration, &[(Duration, duration)]);
        }
        for bad in ["5x", "0x", "1.5h", "5mm", "1h30", "0xg", "1e"] {
            check(bad, &[(BadNumber, bad)]);
        }
        check("-1", &[(Minus, "-"), (Number, "1")]);
        check("1+.5", &[(Number, "1"), (Plus, "+"), (Number, ".5")]);
    }

    #[test]
    fn strings_of_three_kinds() {
        for text in [
            r#""a""#,
            r#"'a'"#,
            "`a`",
            r#""a\"b""#,
            r"'a\'b'",
            "`a\\`",
            r#""'`""#,
            r#""""#,
            "`a\nb`",
            r#""\\""#,
            "\"ü\"",
        ] {
            check(text, &[(Text { closed: true }, text)]);
        }
        for text in [r#""a"#, r#"'a""#, "`a", r#""a\""#, "\"", "\"\\", "`"] {
            check(text, &[(Text { closed: false }, text)]);
        }
        check("\"a\nb", &[(Text { closed: false }, "\"a"), (Name, "b")]);
    }

    #[test]
    fn names_keywords_and_operators() {
        check("job:rate:sum5m", &[(Name, "job:rate:sum5m")]);
        check(":a", &[(Name, ":a")]);
        check("SUM", &[(Keyword(crate::Keyword::Aggregation), "SUM")]);
        check("a == bool b", &[(Name, "a"), (Equal, "=="), (Keyword(crate::Keyword::Bool), "bool"), (Name, "b")]);
        check(
            r#"{"http.status"=~"5..", x!~'y'}"#,
            &[
                (LeftBrace, "{"),
                (Text { closed: true }, r#""http.status""#),
                (Matches, "=~"),
                (Text { closed: true }, r#""5..""#),
                (Comma, ","),
                (Name, "x"),
                (DoesNotMatch, "!~"),
                (Text { closed: true }, "'y'"),
                (RightBrace, "}"),
            ],
        );
        check("a</b", &[(Name, "a"), (TrimUpper, "</"), (Name, "b")]);
        check("a>/ b", &[(Name, "a"), (TrimLower, ">/"), (Name, "b")]);
        check("a>=b<c", &[(Name, "a"), (GreaterOrEqual, ">="), (Name, "b"), (Less, "<"), (Name, "c")]);
        check("a # b\r\nc", &[(Name, "a"), (Comment, "# b"), (Name, "c")]);
        check("a # b\nc", &[(Name, "a"), (Comment, "# b"), (Name, "c")]);
    }

    #[test]
    fn colons_separate_inside_of_brackets_only() {
        check(
            "a:b[1h:5m] @ 3",
            &[
                (Name, "a:b"),
                (LeftBracket, "["),
                (Duration, "1h"),
                (Colon, ":"),
                (Duration, "5m"),
                (RightBracket, "]"),
                (At, "@"),
                (Number, "3"),
            ],
        );
        check("[1h:step]", &[(LeftBracket, "["), (Duration, "1h"), (Colon, ":"), (Name, "step"), (RightBracket, "]")]);
    }

    #[test]
    fn variables_of_dashboards() {
        check(
            "rate(x[$__rate_interval])",
            &[
                (Name, "rate"),
                (LeftParen, "("),
                (Name, "x"),
                (LeftBracket, "["),
                (Variable, "$__rate_interval"),
                (RightBracket, "]"),
                (RightParen, ")"),
            ],
        );
        check("${job:regex}", &[(Variable, "${job:regex}")]);
        check("${job", &[(Unknown, "$"), (LeftBrace, "{"), (Name, "job")]);
        check("$", &[(Unknown, "$")]);
        check("${a${b}", &[(Unknown, "$"), (LeftBrace, "{"), (Name, "a"), (Variable, "${b}")]);
        assert_eq!(lex(&"${".repeat(500_000)).len(), 1_000_000);
        check("a[[[b]]]", &[(Name, "a"), (LeftBracket, "["), (Variable, "[[b]]"), (RightBracket, "]")]);
        check("[[a:csv]]", &[(Variable, "[[a:csv]]")]);
        check("[[", &[(LeftBracket, "["), (LeftBracket, "[")]);
    }

    #[test]
    fn variables_are_found_anywhere() {
        for text in ["$x", "\"a$b\"", "'^${a:regex}$'", "[[a]]", "a[[b:csv]]c", "$$x", "[$1"] {
            assert!(has_variable(text), "{text}");
        }
        for text in ["", "\"^$\"", "a$|b$", "[[:alpha:]]", "${", "[a]", "$.", "[["] {
            assert!(!has_variable(text), "{text}");
        }
    }

    #[test]
    fn what_has_no_place_is_unknown() {
        check("a ü;", &[(Name, "a"), (Unknown, "ü"), (Unknown, ";")]);
        check("!", &[(Unknown, "!")]);
    }
}
