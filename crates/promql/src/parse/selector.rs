//! Selectors, and what may follow them.

use super::{Bracket, Context, ErrorKind, Parser};
use crate::ast::{At, Braces, Conditions, Duration, Extent, Id, Kind, Matcher, Modifiers, Selector, Window};
use crate::ops::MatchOp;
use crate::token::{Keyword, Span, Token, TokenKind};

impl Parser<'_> {
    /// A selector whose name, if it has one, was read already.
    pub(super) fn selector(&mut self, name: Option<Span>) -> Id {
        let start = name.map_or_else(|| self.here().start, |name| name.start);
        let braces = (self.peek_kind() == Some(TokenKind::LeftBrace)).then(|| self.braces());
        let span = Span { start, end: self.end_of_last() };
        self.push(Kind::Selector(Box::new(Selector { name, braces, modifiers: Modifiers::default() })), span)
    }

    fn braces(&mut self) -> Braces {
        let open = self.take();
        let conditions = self.conditions();
        let mut alternatives = Vec::new();
        while self.is_or() {
            self.take();
            alternatives.push(self.conditions());
        }
        alternatives.retain(|conditions| !conditions.matchers.is_empty());
        let close = self.take_if(TokenKind::RightBrace);
        match self.peek_kind() {
            _ if close.is_some() => {}
            None => self.error(ErrorKind::Unclosed(Bracket::Brace), open),
            Some(_) => self.error(ErrorKind::Unexpected(Context::MatcherSeparator), self.here()),
        }
        Braces { open, conditions, alternatives, close }
    }

    /// What stands up to the end of the braces, or up to an `or` behind a condition.
    fn conditions(&mut self) -> Conditions {
        let mut conditions = Conditions::default();
        loop {
            let is_complete = !conditions.matchers.is_empty() && conditions.trailing_comma.is_none();
            if is_end_of_matchers(self.peek_kind()) || (is_complete && self.is_or()) {
                return conditions;
            }
            self.list_item(&mut conditions);
        }
    }

    /// Whether an `or` comes next that is no label.
    fn is_or(&self) -> bool {
        let is_word = self.peek().is_some_and(|token| {
            matches!(token.kind, TokenKind::Keyword(_)) && token.span.of(self.text).eq_ignore_ascii_case("or")
        });
        let next = self.tokens.get(self.at + 1).map(|token| token.kind);
        is_word && matches!(next, Some(TokenKind::Name | TokenKind::Keyword(_) | TokenKind::Text { .. }))
    }

    /// A condition and the comma after it; at least one token, unless the next one ends the list.
    fn list_item(&mut self, conditions: &mut Conditions) {
        use TokenKind as T;
        match self.matcher() {
            Ok(matcher) => conditions.matchers.push(matcher),
            Err(context) => {
                self.matcher_error(context);
                return self.skip_matcher();
            }
        }
        conditions.trailing_comma = self.take_if(T::Comma);
        if conditions.trailing_comma.is_some() || is_end_of_matchers(self.peek_kind()) {
            return;
        }
        self.matcher_error(Context::MatcherSeparator);
        // Only the comma may be missing.
        if !matches!(self.peek_kind(), Some(T::Name | T::Keyword(_) | T::Text { .. })) {
            self.skip_matcher();
        }
    }

    fn matcher_error(&mut self, context: Context) {
        // What ends too early is told of by its brace.
        if self.peek().is_some() {
            self.error(ErrorKind::Unexpected(context), self.here());
        }
    }

    /// On to the next condition.
    fn skip_matcher(&mut self) {
        while self.peek_kind() != Some(TokenKind::Comma) && !is_end_of_matchers(self.peek_kind()) {
            self.at += 1;
        }
        self.take_if(TokenKind::Comma);
    }

    fn matcher(&mut self) -> Result<Matcher, Context> {
        let Some(token) = self.peek() else { return Err(Context::MatcherName) };
        let variable = self.word_with_variable();
        let name = match (variable, token.kind) {
            (Some((span, parts)), _) => {
                self.at += parts;
                span
            }
            (_, TokenKind::Text { closed }) => {
                self.at += 1;
                self.check_text(token.span, closed);
                token.span
            }
            _ if is_label(token, self.text) => self.take(),
            _ => return Err(Context::MatcherName),
        };
        let op = match self.peek_kind() {
            Some(TokenKind::Assign) => MatchOp::Equal,
            Some(TokenKind::NotEqual) => MatchOp::NotEqual,
            Some(TokenKind::Matches) => MatchOp::Matches,
            Some(TokenKind::DoesNotMatch) => MatchOp::DoesNotMatch,
            _ if variable.is_some() => return Ok(Matcher::Variable(name)),
            _ if matches!(token.kind, TokenKind::Text { .. }) => return Ok(Matcher::Metric(name)),
            _ => return Err(Context::MatcherOperator),
        };
        self.at += 1;
        let value = self.matcher_value().ok_or(Context::MatcherValue)?;
        Ok(Matcher::Label { name, op, value })
    }

    fn matcher_value(&mut self) -> Option<Span> {
        if let Some((span, parts)) = self.word_with_variable() {
            self.at += parts;
            return Some(span);
        }
        let token = self.peek()?;
        let TokenKind::Text { closed } = token.kind else { return None };
        self.at += 1;
        self.check_text(token.span, closed);
        Some(token.span)
    }

    /// What follows an operand: ranges and modifiers.
    pub(super) fn postfix(&mut self, mut id: Id) -> Id {
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::LeftBracket => id = self.bracket(id),
                TokenKind::At => self.at_modifier(id),
                TokenKind::Keyword(Keyword::Offset) => self.offset(id),
                TokenKind::Keyword(Keyword::Modifier) => self.extent(id, token.span),
                _ => return id,
            }
        }
        id
    }

    fn bracket(&mut self, operand: Id) -> Id {
        let open = self.take();
        let range = self.positive_duration(Context::RangeStart);
        let colon = self.take_if(TokenKind::Colon);
        let has_step = colon.is_some() && !matches!(self.peek_kind(), None | Some(TokenKind::RightBracket));
        let step = has_step.then(|| self.positive_duration(Context::SubqueryStep));
        let context = if colon.is_some() { Context::SubqueryEnd } else { Context::RangeEnd };
        let end = self.close(TokenKind::RightBracket, open, ErrorKind::Unclosed(Bracket::Square), context);
        let span = Span { start: self.span(operand).start, end };
        match colon {
            Some(_) => self.subquery(operand, Window { range, step }, span),
            None => self.range(operand, range, Span { start: open.start, end }, span),
        }
    }

    fn subquery(&mut self, expr: Id, window: Window, span: Span) -> Id {
        // Never valid, and the only way to nest without brackets around.
        if matches!(self.nodes[expr.index()].kind, Kind::Range { .. } | Kind::Subquery { .. }) {
            self.error(ErrorKind::SubqueryOfRange, span);
            return expr;
        }
        self.push(Kind::Subquery { expr, window: Box::new(window), modifiers: Box::default() }, span)
    }

    fn range(&mut self, operand: Id, range: Duration, bracket: Span, span: Span) -> Id {
        let node = &mut self.nodes[operand.index()];
        let modifiers = match &mut node.kind {
            Kind::Selector(selector) => std::mem::take(&mut selector.modifiers),
            Kind::Missing => Modifiers::default(),
            _ => {
                self.error(ErrorKind::RangePlace, bracket);
                return operand;
            }
        };
        // Like Prometheus, which looks for times that are written down; others are those of the range.
        if modifiers.offset.as_ref().and_then(Duration::literal_seconds).is_some_and(|seconds| seconds != 0.0) {
            self.error(ErrorKind::OffsetBeforeRange, bracket);
        } else if matches!(modifiers.at, Some(At::Time(_))) {
            self.error(ErrorKind::AtBeforeRange, bracket);
        }
        self.push(Kind::Range { selector: operand, range, modifiers: Box::new(modifiers) }, span)
    }

    /// The modifiers of what `id` is, and where it ends, if it can have any.
    fn modifiers(&mut self, id: Id) -> Option<(&mut Modifiers, &mut usize)> {
        let node = &mut self.nodes[id.index()];
        let modifiers = match &mut node.kind {
            Kind::Selector(selector) => &mut selector.modifiers,
            Kind::Range { modifiers, .. } | Kind::Subquery { modifiers, .. } => modifiers,
            _ => return None,
        };
        Some((modifiers, &mut node.span.end))
    }

    fn offset(&mut self, id: Id) {
        self.at += 1;
        let offset = self.offset_duration();
        let (operand, end) = (self.span(id), self.end_of_last());
        let Some((modifiers, node_end)) = self.modifiers(id) else {
            return self.error(ErrorKind::OffsetPlace, operand);
        };
        *node_end = end;
        let is_set = modifiers.offset.as_ref().is_some_and(|offset| offset.literal_seconds() != Some(0.0));
        if is_set {
            self.error(ErrorKind::OffsetTwice, operand);
        } else {
            modifiers.offset = Some(offset);
        }
    }

    fn at_modifier(&mut self, id: Id) {
        self.at += 1;
        let operand = self.span(id);
        let Some(at) = self.time(operand) else { return };
        let end = self.end_of_last();
        let Some((modifiers, node_end)) = self.modifiers(id) else {
            return self.error(ErrorKind::AtPlace, operand);
        };
        *node_end = end;
        if modifiers.at.is_some() {
            self.error(ErrorKind::AtTwice, operand);
        } else {
            modifiers.at = Some(at);
        }
    }

    /// What follows `@`.
    fn time(&mut self, operand: Span) -> Option<At> {
        let sign = self.take_if(TokenKind::Minus).map(|_| -1.0);
        let sign = sign.or_else(|| self.take_if(TokenKind::Plus).map(|_| 1.0));
        if let Some((span, parts)) = self.word_with_variable() {
            self.at += parts;
            return Some(At::Variable(span));
        }
        let token = self.peek();
        let written = token.map_or("", |token| token.span.of(self.text));
        match token.map(|token| token.kind) {
            // A duration is as good as its seconds.
            Some(TokenKind::Number | TokenKind::Duration) => {
                let millis = (self.literal()? * sign.unwrap_or(1.0) * 1000.0).round();
                // Nor is NaN a time.
                let is_time = millis.abs() < i64::MAX as f64;
                if !is_time {
                    self.error(ErrorKind::AtOutOfBounds, operand);
                }
                is_time.then_some(At::Time(millis as i64))
            }
            Some(TokenKind::Name) if sign.is_none() && written.eq_ignore_ascii_case("start") => {
                self.at += 1;
                self.empty_call(Context::Expression).then_some(At::Start)
            }
            Some(TokenKind::Name) if sign.is_none() && written.eq_ignore_ascii_case("end") => {
                self.at += 1;
                self.empty_call(Context::Expression).then_some(At::End)
            }
            _ => {
                self.error(ErrorKind::Unexpected(Context::At), self.here());
                None
            }
        }
    }

    /// The `()` after a word that has to have it.
    pub(super) fn empty_call(&mut self, context: Context) -> bool {
        let is_there = self.take_if(TokenKind::LeftParen).is_some() && self.take_if(TokenKind::RightParen).is_some();
        if !is_there {
            self.error(ErrorKind::Unexpected(context), self.here());
        }
        is_there
    }

    fn extent(&mut self, id: Id, word: Span) {
        self.at += 1;
        let is_anchored = word.of(self.text).eq_ignore_ascii_case("anchored");
        let extent = if is_anchored { Extent::Anchored } else { Extent::Smoothed };
        let operand = self.span(id);
        let is_subquery = matches!(self.nodes[id.index()].kind, Kind::Subquery { .. });
        match self.modifiers(id) {
            None => self.error(ErrorKind::ExtentPlace(extent), operand),
            Some(_) if is_subquery => self.error(ErrorKind::ExtentOfSubquery(extent), operand),
            Some((Modifiers { extent: Some(other), .. }, _)) if *other != extent => {
                self.error(ErrorKind::BothExtents, operand);
            }
            Some((modifiers, end)) => {
                modifiers.extent = Some(extent);
                *end = word.end;
            }
        }
    }
}

/// Whoever forgets the brace still closes the bracket around it.
fn is_end_of_matchers(kind: Option<TokenKind>) -> bool {
    matches!(kind, None | Some(TokenKind::RightBrace | TokenKind::RightParen | TokenKind::RightBracket))
}

/// Within braces every word is a label, reserved or not.
fn is_label(token: Token, text: &str) -> bool {
    let written = token.span.of(text);
    let is_word = matches!(token.kind, TokenKind::Name | TokenKind::Keyword(_) | TokenKind::Number);
    is_word && crate::quoting::is_plain_label(written)
}
