//! Calls, aggregations, and the lists of labels in their clauses and in those of operators.

use super::{Context, ErrorKind, Parser};
use crate::ast::{Group, Grouping, Id, Kind, MatchLabels, Matching};
use crate::ops::AggregateOp;
use crate::token::{Keyword, Span, Token, TokenKind};

impl Parser<'_> {
    /// A name that is no keyword: of a function if a bracket follows, else of a metric.
    pub(super) fn named(&mut self, name: Span) -> Id {
        self.at += 1;
        let is_call = self.peek_kind() == Some(TokenKind::LeftParen) && !name.of(self.text).contains(':');
        if is_call { self.call(name) } else { self.selector(Some(name)) }
    }

    pub(super) fn call(&mut self, name: Span) -> Id {
        let (args, end) = self.arguments();
        self.push(Kind::Call { name, args }, Span { start: name.start, end })
    }

    /// Whether the word here begins an aggregation, and is not the name of a metric.
    pub(super) fn is_aggregate(&self) -> bool {
        let next = self.tokens.get(self.at + 1).map(|token| token.kind);
        matches!(next, Some(TokenKind::LeftParen | TokenKind::Keyword(Keyword::Grouping)))
    }

    /// An aggregation whose name was read already.
    pub(super) fn aggregate(&mut self, name: Span) -> Id {
        let op = AggregateOp::parse(name.of(self.text));
        let mut grouping = self.grouping();
        if self.peek_kind() != Some(TokenKind::LeftParen) {
            self.error(ErrorKind::Unexpected(Context::Aggregation), self.here());
            let span = Span { start: name.start, end: self.end_of_last() };
            return self.push(Kind::Aggregate { op, name, grouping, args: Vec::new() }, span);
        }
        let was_in_aggregation = std::mem::replace(&mut self.in_aggregation, true);
        let (args, mut end) = self.arguments();
        self.in_aggregation = was_in_aggregation;
        if grouping.is_none() {
            grouping = self.grouping();
            end = end.max(self.end_of_last());
        }
        let span = Span { start: name.start, end };
        self.check_arity(op, args.len(), span);
        self.push(Kind::Aggregate { op, name, grouping, args }, span)
    }

    fn check_arity(&mut self, op: Option<AggregateOp>, got: usize, span: Span) {
        let Some(op) = op else { return };
        let expected = 1 + usize::from(op.has_parameter());
        if got == 0 {
            self.error(ErrorKind::NoAggregateArguments, span);
        } else if got != expected {
            self.error(ErrorKind::AggregateArguments { expected, got }, span);
        }
    }

    /// `(a, b)` with the bracket known to be there; the arguments and where they end.
    fn arguments(&mut self) -> (Vec<Id>, usize) {
        let open = self.take();
        let mut args = Vec::new();
        if self.peek_kind() == Some(TokenKind::RightParen) {
            return (args, self.take().end);
        }
        loop {
            args.push(self.expr(0));
            let Some(comma) = self.take_if(TokenKind::Comma).or_else(|| self.comma_after_error()) else {
                return (args, self.close_paren(open));
            };
            if matches!(self.peek_kind(), Some(TokenKind::RightParen | TokenKind::Comma)) {
                self.error(ErrorKind::TrailingComma, comma);
                while self.take_if(TokenKind::Comma).is_some() {}
                if self.peek_kind() == Some(TokenKind::RightParen) {
                    return (args, self.take().end);
                }
            }
        }
    }

    /// Where something else than a comma or a bracket follows an argument: the next comma of this list.
    fn comma_after_error(&mut self) -> Option<Span> {
        let token = self.peek().filter(|token| token.kind != TokenKind::RightParen)?;
        self.error(ErrorKind::Unexpected(Context::Expression), token.span);
        self.skip_until(&[TokenKind::Comma, TokenKind::RightParen]);
        self.take_if(TokenKind::Comma)
    }

    fn grouping(&mut self) -> Option<Box<Grouping>> {
        let without = match self.take_keyword("by") {
            Some(_) => false,
            None => self.take_keyword("without").map(|_| true)?,
        };
        Some(Box::new(Grouping { without, labels: self.labels() }))
    }

    pub(super) fn match_labels(&mut self) -> Option<MatchLabels> {
        let on = match self.take_keyword("on") {
            Some(_) => true,
            None => self.take_keyword("ignoring").map(|_| false)?,
        };
        Some(MatchLabels { on, labels: self.labels() })
    }

    pub(super) fn group(&mut self) -> Option<Group> {
        let left = match self.take_keyword("group_left") {
            Some(_) => true,
            None => self.take_keyword("group_right").map(|_| false)?,
        };
        let has_list = self.peek_kind() == Some(TokenKind::LeftParen);
        Some(Group { left, include: if has_list { self.labels() } else { Vec::new() } })
    }

    /// `fill (0)`, or `fill_left (0)` and `fill_right (0)` in any order.
    pub(super) fn fill(&mut self, matching: &mut Matching) {
        if self.take_keyword("fill").is_some() {
            matching.fill_left = self.fill_value();
            matching.fill_right = matching.fill_left;
            return;
        }
        for _ in 0..2 {
            if matching.fill_left.is_none() && self.take_keyword("fill_left").is_some() {
                matching.fill_left = self.fill_value();
            } else if matching.fill_right.is_none() && self.take_keyword("fill_right").is_some() {
                matching.fill_right = self.fill_value();
            }
        }
    }

    /// `(-1)`: the span of the number, sign included.
    fn fill_value(&mut self) -> Option<Span> {
        let Some(open) = self.take_if(TokenKind::LeftParen) else {
            self.error(ErrorKind::Unexpected(Context::Expression), self.here());
            return None;
        };
        let start = self.here().start;
        let _sign = self.take_if(TokenKind::Minus).or_else(|| self.take_if(TokenKind::Plus));
        let parts = match (self.peek_kind(), self.word_with_variable()) {
            (_, Some((_, parts))) => parts,
            (Some(TokenKind::Number | TokenKind::Duration), _) => 1,
            _ => {
                self.error(ErrorKind::Unexpected(Context::Expression), self.here());
                0
            }
        };
        self.at += parts;
        let span = Span { start, end: self.end_of_last() };
        self.close_paren(open);
        (parts > 0).then_some(span)
    }

    /// `(a, "b.c", $d)`
    fn labels(&mut self) -> Vec<Span> {
        let mut labels = Vec::new();
        let Some(open) = self.take_if(TokenKind::LeftParen) else {
            self.error(ErrorKind::Unexpected(Context::GroupingOpen), self.here());
            return labels;
        };
        while let Some(token) = self.peek().filter(|token| token.kind != TokenKind::RightParen) {
            let Some(label) = self.grouping_label(token) else {
                self.error(ErrorKind::Unexpected(Context::GroupingLabel), token.span);
                self.skip_until(&[TokenKind::RightParen]);
                break;
            };
            labels.push(label);
            let is_end = matches!(self.peek_kind(), None | Some(TokenKind::RightParen));
            if self.take_if(TokenKind::Comma).is_none() && !is_end {
                self.error(ErrorKind::Unexpected(Context::GroupingSeparator), self.here());
                self.skip_until(&[TokenKind::RightParen]);
                break;
            }
        }
        self.close_paren(open);
        labels
    }

    fn grouping_label(&mut self, token: Token) -> Option<Span> {
        if let Some((span, parts)) = self.word_with_variable() {
            self.at += parts;
            return Some(span);
        }
        match token.kind {
            TokenKind::Name | TokenKind::Keyword(_) => {}
            TokenKind::Text { closed } => self.check_text(token.span, closed),
            _ => return None,
        }
        self.at += 1;
        Some(token.span)
    }

    /// A word with a variable in it, in the place of an operand. What it stands for shows in what follows.
    pub(super) fn variable(&mut self, span: Span, parts: usize) -> Id {
        let is_number =
            !matches!(self.peek_kind(), Some(TokenKind::Variable | TokenKind::Name | TokenKind::Keyword(_)));
        self.at += parts;
        match self.peek_kind() {
            Some(TokenKind::LeftParen) => self.call(span),
            Some(TokenKind::Keyword(Keyword::Grouping)) => self.aggregate(span),
            Some(
                TokenKind::LeftBrace
                | TokenKind::LeftBracket
                | TokenKind::At
                | TokenKind::Keyword(Keyword::Offset | Keyword::Modifier),
            ) => self.selector(Some(span)),
            _ if parts > 1 && !is_number => self.selector(Some(span)),
            _ => self.push(Kind::Variable, span),
        }
    }
}
