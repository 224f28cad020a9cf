//! The tokens that are still to be read, and what they can be.

use super::Parser;
use crate::ops::BinaryOp;
use crate::token::{Keyword, Span, Token, TokenKind};

impl Parser<'_> {
    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn peek_kind(&self) -> Option<TokenKind> {
        self.peek().map(|token| token.kind)
    }

    /// Goes past the next token, if there is one. Gives its span.
    pub(super) fn take(&mut self) -> Span {
        let span = self.here();
        self.at = (self.at + 1).min(self.tokens.len());
        span
    }

    pub(super) fn take_if(&mut self, kind: TokenKind) -> Option<Span> {
        (self.peek_kind() == Some(kind)).then(|| self.take())
    }

    pub(super) fn take_keyword(&mut self, word: &str) -> Option<Span> {
        let token = self.peek().filter(|token| matches!(token.kind, TokenKind::Keyword(_)))?;
        token.span.of(self.text).eq_ignore_ascii_case(word).then(|| self.take())
    }

    pub(super) fn here(&self) -> Span {
        let end = Span { start: self.text.len(), end: self.text.len() };
        self.peek().map_or(end, |token| token.span)
    }

    /// Between the last token and the next.
    pub(super) fn nowhere(&self) -> Span {
        let end = self.end_of_last();
        Span { start: end, end }
    }

    pub(super) fn end_of_last(&self) -> usize {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.span.end)
    }

    /// The tokens from here on that stand together without blanks and make one word with a variable in it:
    /// `$x`, `node_${unit}_total`. Gives its span and how many tokens it is.
    pub(super) fn word_with_variable(&mut self) -> Option<(Span, usize)> {
        if self.at < self.plain_until {
            return None;
        }
        let mut span = Span { start: self.here().start, end: self.here().start };
        let (mut parts, mut has_variable) = (0, false);
        for token in &self.tokens[self.at..] {
            use TokenKind as T;
            let is_part =
                matches!(token.kind, T::Variable | T::Name | T::Keyword(_) | T::Number | T::Duration | T::BadNumber);
            if token.span.start != span.end || !is_part {
                break;
            }
            span.end = token.span.end;
            parts += 1;
            has_variable |= token.kind == T::Variable;
        }
        if !has_variable {
            self.plain_until = self.at + parts;
        }
        has_variable.then_some((span, parts))
    }

    pub(super) fn binary_op(&self, token: Token) -> Option<BinaryOp> {
        Some(match token.kind {
            TokenKind::Plus => BinaryOp::Add,
            TokenKind::Minus => BinaryOp::Subtract,
            TokenKind::Times => BinaryOp::Multiply,
            TokenKind::Divide => BinaryOp::Divide,
            TokenKind::Modulo => BinaryOp::Modulo,
            TokenKind::Power => BinaryOp::Power,
            TokenKind::Equal => BinaryOp::Equal,
            TokenKind::NotEqual => BinaryOp::NotEqual,
            TokenKind::Less => BinaryOp::Less,
            TokenKind::LessOrEqual => BinaryOp::LessOrEqual,
            TokenKind::Greater => BinaryOp::Greater,
            TokenKind::GreaterOrEqual => BinaryOp::GreaterOrEqual,
            TokenKind::TrimUpper => BinaryOp::TrimUpper,
            TokenKind::TrimLower => BinaryOp::TrimLower,
            TokenKind::Keyword(Keyword::Operator) => match token.span.of(self.text).as_bytes() {
                [b'o' | b'O', ..] => BinaryOp::Or,
                [b'u' | b'U', ..] => BinaryOp::Unless,
                [_, b't' | b'T', ..] => BinaryOp::Atan2,
                _ => BinaryOp::And,
            },
            _ => return None,
        })
    }
}

pub(super) fn starts_operand(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::LeftParen
            | T::LeftBrace
            | T::Name
            | T::Keyword(_)
            | T::Variable
            | T::Number
            | T::Duration
            | T::BadNumber
            | T::Text { .. }
    )
}

/// Prometheus takes most of its reserved words as names of metrics, where nothing else makes sense.
pub(super) fn can_name_a_metric(keyword: Keyword, word: &str) -> bool {
    match keyword {
        Keyword::Bool | Keyword::Matching => false,
        Keyword::Operator => !word.eq_ignore_ascii_case("atan2"),
        Keyword::Grouping | Keyword::Fill | Keyword::Offset | Keyword::Modifier | Keyword::Aggregation => true,
    }
}
