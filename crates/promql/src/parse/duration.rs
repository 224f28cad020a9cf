//! Durations, and calculations of durations.

use super::{Bracket, Context, DEEPEST, ErrorKind, Parser};
use crate::ast::{Duration, DurationKind};
use crate::number;
use crate::ops::BinaryOp;
use crate::token::{Span, Token, TokenKind};

impl Parser<'_> {
    /// What a range or a resolution may be.
    pub(super) fn positive_duration(&mut self, context: Context) -> Duration {
        self.operators = 0;
        let duration = self.duration(BinaryOp::Add.binding(), context);
        if duration.literal_seconds().is_some_and(|seconds| seconds <= 0.0) {
            self.error(ErrorKind::DurationNotPositive, duration.span);
        }
        duration
    }

    /// What follows `offset`: arithmetic needs brackets here, since `a offset 5m * 2` is `(a offset 5m) * 2`.
    pub(super) fn offset_duration(&mut self) -> Duration {
        self.operators = 0;
        let sign = self.peek().filter(|token| matches!(token.kind, TokenKind::Minus | TokenKind::Plus));
        self.at += usize::from(sign.is_some());
        let duration = self.duration_operand(Context::Offset);
        self.signed_duration(sign, duration)
    }

    fn duration(&mut self, floor: u8, context: Context) -> Duration {
        if self.depth >= DEEPEST {
            self.too_deep();
            return self.no_duration();
        }
        self.depth += 1;
        let mut lhs = self.signed_operand(context);
        while let Some((op, sign)) = self.duration_op().filter(|(op, _)| op.binding() >= floor) {
            self.at += 1;
            self.operators += 1;
            if self.operators > DEEPEST {
                self.too_deep();
                break;
            }
            let rhs = self.duration(op.binding() + u8::from(op != BinaryOp::Power), context);
            self.check_divisor(op, &rhs, sign);
            let span = Span { start: lhs.span.start, end: rhs.span.end };
            lhs = Duration { kind: DurationKind::Binary(op, Box::new([lhs, rhs])), span };
        }
        self.depth -= 1;
        lhs
    }

    fn signed_operand(&mut self, context: Context) -> Duration {
        let sign = self.peek().filter(|token| matches!(token.kind, TokenKind::Minus | TokenKind::Plus));
        let Some(sign) = sign else { return self.duration_operand(context) };
        self.at += 1;
        let operand = self.duration(BinaryOp::Power.binding(), context);
        self.signed_duration(Some(sign), operand)
    }

    fn signed_duration(&mut self, sign: Option<Token>, mut duration: Duration) -> Duration {
        let Some(sign) = sign else { return duration };
        let span = Span { start: sign.span.start, end: duration.span.end };
        match (&mut duration.kind, sign.kind) {
            (_, TokenKind::Plus) | (DurationKind::Missing, _) => Duration { span, ..duration },
            (DurationKind::Literal { seconds, .. }, _) => {
                *seconds = -*seconds;
                Duration { span, ..duration }
            }
            _ => Duration { kind: DurationKind::Negative(Box::new(duration)), span },
        }
    }

    fn duration_operand(&mut self, context: Context) -> Duration {
        if let Some((span, parts)) = self.word_with_variable() {
            self.at += parts;
            return Duration { kind: DurationKind::Variable, span };
        }
        match self.peek() {
            Some(token @ Token { kind: TokenKind::Number | TokenKind::Duration | TokenKind::BadNumber, .. }) => {
                self.literal_duration(token)
            }
            Some(Token { kind: TokenKind::LeftParen, .. }) => self.bracketed(context),
            Some(Token { kind: TokenKind::Name | TokenKind::Keyword(_), span }) => self.duration_call(span, context),
            Some(Token { span, .. }) => {
                self.error(ErrorKind::Unexpected(context), span);
                self.no_duration()
            }
            None => {
                // Within brackets, the bracket that is not closed is the news.
                if context == Context::Offset {
                    self.error(ErrorKind::Unexpected(context), self.here());
                }
                self.no_duration()
            }
        }
    }

    fn literal_duration(&mut self, token: Token) -> Duration {
        let units = token.kind == TokenKind::Duration;
        match self.literal() {
            None => {}
            Some(seconds) if number::millis(seconds).is_none() => {
                self.error(ErrorKind::DurationOutOfRange, token.span);
            }
            Some(seconds) => {
                return Duration { kind: DurationKind::Literal { seconds, units }, span: token.span };
            }
        }
        Duration { kind: DurationKind::Missing, span: token.span }
    }

    fn bracketed(&mut self, context: Context) -> Duration {
        let open = self.take();
        let inner = self.duration(BinaryOp::Add.binding(), context);
        let end = self.close(TokenKind::RightParen, open, ErrorKind::Unclosed(Bracket::Paren), Context::Expression);
        let span = Span { start: open.start, end };
        // Prometheus forgets brackets around what is no calculation.
        match inner.kind {
            DurationKind::Literal { .. } => Duration { span, ..inner },
            _ => Duration { kind: DurationKind::Paren(Box::new(inner)), span },
        }
    }

    /// `step()`, `range()`, `min_of(…)`, `max_of(…)`.
    fn duration_call(&mut self, name: Span, context: Context) -> Duration {
        let word = name.of(self.text);
        let is = |known: &str| word.eq_ignore_ascii_case(known);
        let kind = if is("step") || is("range") {
            self.at += 1;
            if !self.empty_call(context) {
                return self.no_duration();
            }
            if is("step") { DurationKind::Step } else { DurationKind::Range }
        } else if is("min_of") || is("min") || is("max_of") || is("max") {
            self.at += 1;
            match self.two_durations(context) {
                Some(of) => DurationKind::Choice { name, larger: is("max_of") || is("max"), of },
                None => return self.no_duration(),
            }
        } else {
            self.error(ErrorKind::Unexpected(context), name);
            self.at += 1;
            return self.no_duration();
        };
        Duration { kind, span: Span { start: name.start, end: self.end_of_last() } }
    }

    fn two_durations(&mut self, context: Context) -> Option<Box<[Duration; 2]>> {
        let Some(open) = self.take_if(TokenKind::LeftParen) else {
            self.error(ErrorKind::Unexpected(context), self.here());
            return None;
        };
        let first = self.duration(BinaryOp::Add.binding(), context);
        if self.take_if(TokenKind::Comma).is_none() {
            self.error(ErrorKind::Unexpected(Context::Expression), self.here());
            return None;
        }
        let second = self.duration(BinaryOp::Add.binding(), context);
        self.close_paren(open);
        Some(Box::new([first, second]))
    }

    fn duration_op(&self) -> Option<(BinaryOp, Span)> {
        let token = self.peek()?;
        let op = self.binary_op(token).filter(|op| op.binding() >= BinaryOp::Add.binding())?;
        (op != BinaryOp::Atan2).then_some((op, token.span))
    }

    fn check_divisor(&mut self, op: BinaryOp, rhs: &Duration, sign: Span) {
        let is_zero = rhs.literal_seconds() == Some(0.0);
        match op {
            BinaryOp::Divide if is_zero => self.error(ErrorKind::DivisionByZero, sign),
            BinaryOp::Modulo if is_zero => self.error(ErrorKind::ModuloByZero, sign),
            _ => {}
        }
    }

    fn no_duration(&self) -> Duration {
        Duration { kind: DurationKind::Missing, span: self.nowhere() }
    }
}
