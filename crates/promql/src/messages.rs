//! The sentences of syntax errors, worded as Prometheus words them, so that a search for one finds its explanations.

use crate::ast::Extent;
use crate::lexer::Lexer;
use crate::parse::{Bracket, Context, ErrorKind, SyntaxError};
use crate::quoting::{unknown_escape, write_quoted};
use crate::token::{Keyword, Span, TokenKind};

impl SyntaxError {
    /// What the server says to this error in `text`.
    #[must_use]
    pub fn message(&self, text: &str) -> String {
        let written = self.span.of(text);
        match self.kind {
            ErrorKind::Unexpected(context) => unexpected(written, context),
            ErrorKind::BadNumber => format!("bad number or duration syntax: {}", quoted(written)),
            ErrorKind::BadDuration => format!("not a valid duration string: {}", quoted(written)),
            ErrorKind::BadEscape => match unknown_escape(written) {
                Some(c) => format!("unknown escape sequence U+{:04X} '{c}'", u32::from(c)),
                None => "escape sequence not terminated".to_owned(),
            },
            ErrorKind::AggregateArguments { expected, got } => {
                format!("wrong number of arguments for aggregate expression provided, expected {expected}, got {got}")
            }
            ErrorKind::ExtentPlace(extent) => format!("{} modifier not implemented", extent_name(extent)),
            ErrorKind::ExtentOfSubquery(extent) => {
                format!("{} modifier is not supported for subqueries", extent_name(extent))
            }
            kind => fixed(kind).to_owned(),
        }
    }
}

fn fixed(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Empty => "no expression found in input",
        ErrorKind::Unclosed(Bracket::Paren) => "unclosed left parenthesis",
        ErrorKind::Unclosed(Bracket::Brace) => "unexpected end of input inside braces",
        ErrorKind::Unclosed(Bracket::Square) => "unclosed left bracket",
        ErrorKind::Unopened(Bracket::Paren) => "unexpected right parenthesis ')'",
        ErrorKind::Unopened(Bracket::Brace) => "unexpected character: '}'",
        ErrorKind::Unopened(Bracket::Square) => "unexpected right bracket ']'",
        ErrorKind::UnclosedText => "unterminated quoted string",
        ErrorKind::DurationNotPositive => "duration must be greater than 0",
        ErrorKind::DurationOutOfRange => "duration out of range",
        ErrorKind::DivisionByZero => "division by zero",
        ErrorKind::ModuloByZero => "modulo by zero",
        ErrorKind::TrailingComma => "trailing commas not allowed in function call args",
        ErrorKind::NoAggregateArguments => "no arguments for aggregate expression provided",
        ErrorKind::OffsetPlace => {
            "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        }
        ErrorKind::OffsetTwice => "offset may not be set multiple times",
        ErrorKind::OffsetBeforeRange => "no offset modifiers allowed before range",
        ErrorKind::AtPlace => {
            "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery"
        }
        ErrorKind::AtTwice => "@ <timestamp> may not be set multiple times",
        ErrorKind::AtBeforeRange => "no @ modifiers allowed before range",
        ErrorKind::AtOutOfBounds => "timestamp out of bounds for @ modifier",
        ErrorKind::RangePlace => "ranges only allowed for vector selectors",
        ErrorKind::SubqueryOfRange => "subquery is only allowed on instant vector, got matrix instead",
        ErrorKind::BothExtents => "anchored and smoothed modifiers cannot be used together",
        ErrorKind::TooDeep => "the expression nests too deep",
        // Those that need the text are above.
        ErrorKind::Unexpected(_)
        | ErrorKind::BadNumber
        | ErrorKind::BadDuration
        | ErrorKind::BadEscape
        | ErrorKind::AggregateArguments { .. }
        | ErrorKind::ExtentPlace(_)
        | ErrorKind::ExtentOfSubquery(_) => "",
    }
}

fn extent_name(extent: Extent) -> &'static str {
    match extent {
        Extent::Anchored => "anchored",
        Extent::Smoothed => "smoothed",
    }
}

fn unexpected(written: &str, context: Context) -> String {
    let in_braces = matches!(
        context,
        Context::MatcherName | Context::MatcherOperator | Context::MatcherValue | Context::MatcherSeparator
    );
    let first = Lexer::new(written).next().map(|token| token.kind);
    if let Some(message) = impossible(first, written, context, in_braces) {
        return message;
    }
    let (place, expected) = expectation(context);
    let place = if place.is_empty() { String::new() } else { format!(" in {place}") };
    let expected = if expected.is_empty() { String::new() } else { format!(", expected {expected}") };
    format!("unexpected {}{place}{expected}", described(first, written, in_braces))
}

/// What Prometheus does not even take for a token where it stands.
fn impossible(kind: Option<TokenKind>, written: &str, context: Context, in_braces: bool) -> Option<String> {
    let c = written.chars().next()?;
    if in_braces {
        let is_possible = matches!(c, '_' | ',' | '}' | '"' | '\'' | '`' | '=' | '!' | '$') || c.is_ascii_alphabetic();
        return match c {
            '{' => Some("unexpected left brace '{'".to_owned()),
            _ if is_possible => None,
            _ => Some(format!("unexpected character inside braces: '{c}'")),
        };
    }
    let in_brackets =
        matches!(context, Context::RangeStart | Context::RangeEnd | Context::SubqueryStep | Context::SubqueryEnd);
    match kind? {
        TokenKind::Matches => Some("unexpected character after '=': '~'".to_owned()),
        TokenKind::DoesNotMatch => Some("unexpected character after '!': '~'".to_owned()),
        TokenKind::RightBracket if !in_brackets => Some(fixed(ErrorKind::Unopened(Bracket::Square)).to_owned()),
        TokenKind::RightBrace | TokenKind::Unknown => Some(format!("unexpected character: '{c}'")),
        _ => None,
    }
}

fn expectation(context: Context) -> (&'static str, &'static str) {
    match context {
        Context::Expression => ("", ""),
        Context::Aggregation => ("aggregation", ""),
        Context::GroupingOpen => ("grouping opts", "\"(\""),
        Context::GroupingLabel => ("grouping opts", "label"),
        Context::GroupingSeparator => ("grouping opts", "\",\" or \")\""),
        Context::Offset => ("offset", "number, duration, step(), or range()"),
        Context::At => ("@", "timestamp"),
        Context::RangeStart => ("subquery or range selector", "number, duration, step(), or range()"),
        Context::RangeEnd => ("subquery or range", "\":\" or \"]\""),
        Context::SubqueryStep => ("subquery selector", "number, duration, step(), range(), or \"]\""),
        Context::SubqueryEnd => ("subquery selector", "\"]\""),
        Context::MatcherName => ("label matching", "identifier or \"}\""),
        Context::MatcherOperator => ("label matching", "label matching operator"),
        Context::MatcherValue => ("label matching", "string"),
        Context::MatcherSeparator => ("label matching", "\",\" or \"}\""),
    }
}

/// A token as Prometheus names it.
fn described(kind: Option<TokenKind>, written: &str, in_braces: bool) -> String {
    let text = shortened(written);
    match kind {
        None => "end of input".to_owned(),
        Some(TokenKind::Name | TokenKind::Keyword(_)) if in_braces => format!("identifier {}", quoted(written)),
        Some(TokenKind::Equal) if in_braces => quoted("="),
        // Reserved where they can be, names elsewhere.
        Some(TokenKind::Name) if ["start", "end", "step", "range"].contains(&written) => text,
        Some(TokenKind::Name) if written.contains(':') => format!("metric identifier {}", quoted(written)),
        Some(TokenKind::Name) => format!("identifier {}", quoted(written)),
        Some(TokenKind::Number | TokenKind::BadNumber) => format!("number {text}"),
        Some(TokenKind::Duration) => format!("duration {text}"),
        Some(TokenKind::Text { .. }) => format!("string {text}"),
        Some(TokenKind::Variable) => format!("variable {text}"),
        Some(TokenKind::Keyword(Keyword::Aggregation)) => format!("<aggr:{written}>"),
        Some(TokenKind::Keyword(Keyword::Operator)) => format!("<op:{written}>"),
        Some(TokenKind::Keyword(_)) => format!("<{written}>"),
        Some(kind) if is_operator(kind) => format!("<op:{written}>"),
        Some(_) => text,
    }
}

fn is_operator(kind: TokenKind) -> bool {
    use TokenKind as T;
    let others = [
        T::LeftParen,
        T::RightParen,
        T::LeftBrace,
        T::RightBrace,
        T::LeftBracket,
        T::RightBracket,
        T::Comma,
        T::Colon,
        T::Assign,
    ];
    !others.contains(&kind)
}

/// `text` as a string literal in double quotes, as Go writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_quoted(&mut out, text.as_bytes());
    out
}

/// In quotes, and cut after ten characters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(10) {
        Some((end, _)) => quoted(&text[..end]) + "...",
        None => quoted(text),
    }
}

/// Line and column of a byte of `text`, both from 1, the column in bytes, as Prometheus counts them.
#[must_use]
pub fn position(text: &str, span: Span) -> (usize, usize) {
    let before = text.get(..span.start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before.len() - line_start + 1)
}
