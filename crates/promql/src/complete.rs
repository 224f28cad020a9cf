//! What may stand where the caret is, for an editor to offer.
//!
//! Decided by the tokens before the caret: a text that is being typed rarely makes a tree.

use crate::highlight::{Role, highlight};
use crate::quoting::unquote;
use crate::token::{Keyword, Span, Token, TokenKind};

/// What is wanted at a caret, and what of the text gives way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is to be replaced; empty where nothing has been typed yet.
    pub span: Span,
    /// What was typed of it up to the caret, without quotes.
    pub typed: String,
    /// What is wanted there.
    pub wanted: Wanted,
}

/// What is wanted at a caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A metric, a function or an aggregation.
    Operand,
    /// An operator between operands, or a word behind one: `and`, `by`, `offset` …
    Operator,
    /// The name of a label, of the series that the selector matches.
    LabelName {
        /// None where nothing is known of the series.
        selector: Option<String>,
        /// Whether it begins a matcher; else it is one of `by (…)` and the like.
        in_matchers: bool,
    },
    /// One of `=`, `!=`, `=~`, `!~`.
    MatchOperator,
    /// The value of a label, in quotes.
    LabelValue {
        /// Which label's.
        label: String,
        /// What else the series has to match; none where nothing is known.
        selector: Option<String>,
    },
    /// A duration.
    Duration,
}

/// What is wanted at byte `caret` of `text`; none where anything will do, as in a comment or a number.
///
/// ```
/// use promql::complete::{Wanted, complete};
/// let found = complete("sum(rate(htt", 12).unwrap();
/// assert_eq!((found.typed.as_str(), found.wanted), ("htt", Wanted::Operand));
/// ```
#[must_use]
pub fn complete(text: &str, caret: usize) -> Option<Completion> {
    let tokens = highlight(text);
    let tokens: Vec<(Token, Role)> = tokens.into_iter().filter(|(token, _)| token.span.start < caret).collect();
    let at_caret = tokens.last().map(|(token, _)| *token).filter(|token| is_being_typed(*token, caret));
    let before = &tokens[..tokens.len() - usize::from(at_caret.is_some())];
    let line = Line { text, before, caret };
    if line.in_comment() {
        return None;
    }
    let wanted = line.wanted(at_caret)?;
    let span = at_caret.map_or(Span { start: caret, end: caret }, |token| replaced(token, caret));
    let typed = Span { start: span.start, end: caret }.of(text);
    let typed = typed.trim_start_matches(['"', '\'', '`']);
    Some(Completion { span, typed: typed.to_owned(), wanted })
}

/// Whether the caret is in a word or right behind it, or within a string.
fn is_being_typed(token: Token, caret: usize) -> bool {
    use TokenKind as T;
    match token.kind {
        T::Text { closed: true } => token.span.end > caret,
        T::Name | T::Keyword(_) | T::Number | T::Duration | T::BadNumber | T::Text { .. } => token.span.end >= caret,
        _ => false,
    }
}

/// A string that is not closed takes in what follows it, which is not to be lost.
fn replaced(token: Token, caret: usize) -> Span {
    match token.kind {
        TokenKind::Text { closed: false } => Span { start: token.span.start, end: caret },
        _ => token.span,
    }
}

/// The tokens before the one at the caret.
struct Line<'a> {
    text: &'a str,
    before: &'a [(Token, Role)],
    caret: usize,
}

impl Line<'_> {
    fn in_comment(&self) -> bool {
        let last = self.before.last().map(|(token, _)| *token);
        last.is_some_and(|last| last.kind == TokenKind::Comment && last.span.end >= self.caret)
    }

    /// The tokens that mean something, last first, each with its index.
    fn backwards(&self) -> impl Iterator<Item = (usize, Token)> {
        let tokens = self.before.iter().enumerate().rev().map(|(index, (token, _))| (index, *token));
        tokens.filter(|(_, token)| token.kind != TokenKind::Comment)
    }

    /// The bracket the caret is in, by index.
    fn opener(&self) -> Option<(usize, Token)> {
        self.opener_before(self.before.len())
    }

    /// The bracket around what is before token number `end`, by index.
    fn opener_before(&self, end: usize) -> Option<(usize, Token)> {
        let mut closed = 0_usize;
        self.backwards().skip_while(|(index, _)| *index >= end).find(|(_, token)| {
            if token.kind.is_closing() {
                closed += 1;
            } else if token.kind.closing().is_some() {
                match closed.checked_sub(1) {
                    Some(left) => closed = left,
                    None => return true,
                }
            }
            false
        })
    }

    fn wanted(&self, at_caret: Option<Token>) -> Option<Wanted> {
        let previous = self.backwards().next().map(|(_, token)| token.kind);
        let kind = at_caret.map(|token| token.kind);
        let Some((index, opener)) = self.opener() else { return in_expression(self, previous, kind) };
        match opener.kind {
            TokenKind::LeftBrace => self.in_braces(index, kind),
            TokenKind::LeftBracket => Some(Wanted::Duration).filter(|_| !matches!(kind, Some(TokenKind::Text { .. }))),
            _ if self.opens_labels(index) => {
                let names_a_label = matches!(previous, Some(TokenKind::LeftParen | TokenKind::Comma));
                names_a_label.then(|| Wanted::LabelName { selector: self.any_metric(), in_matchers: false })
            }
            _ => in_expression(self, previous, kind),
        }
    }

    /// Whether the bracket at `index` is one of `by (…)` and the like.
    fn opens_labels(&self, index: usize) -> bool {
        matches!(self.before_bracket(index), Some(TokenKind::Keyword(Keyword::Grouping | Keyword::Matching)))
    }

    fn before_bracket(&self, index: usize) -> Option<TokenKind> {
        self.backwards().find(|(at, _)| *at < index).map(|(_, token)| token.kind)
    }

    /// Whether the bracket that closes last belongs to `on (…)` and the like, which an operand follows.
    fn closes_matching(&self) -> bool {
        let Some((end, _)) = self.backwards().next() else { return false };
        let opener = self.opener_before(end);
        let before = opener.and_then(|(index, _)| self.before_bracket(index));
        before == Some(TokenKind::Keyword(Keyword::Matching))
    }

    fn in_braces(&self, opener: usize, at_caret: Option<TokenKind>) -> Option<Wanted> {
        let mut backwards = self.backwards();
        let (at, previous) = backwards.next()?;
        let is_text = matches!(at_caret, Some(TokenKind::Text { .. }));
        match previous.kind {
            kind if is_matcher(kind) => {
                let (_, label) = backwards.next()?;
                let label = name_of(label, self.text)?;
                // The matcher that is being typed says nothing of what it may say.
                Some(Wanted::LabelValue { label, selector: self.selector(opener, at - 1) })
            }
            TokenKind::LeftBrace | TokenKind::Comma if !is_text => {
                Some(Wanted::LabelName { selector: self.selector(opener, at), in_matchers: true })
            }
            TokenKind::Name | TokenKind::Keyword(_) if at_caret.is_none() => Some(Wanted::MatchOperator),
            _ => None,
        }
    }

    /// The name before the brace at `opener` with the matchers that are complete before token number `end`.
    fn selector(&self, opener: usize, end: usize) -> Option<String> {
        let brace = self.before.get(opener)?.0;
        let metric = opener.checked_sub(1).and_then(|index| self.before.get(index)).filter(|(token, role)| {
            // A blank may stand between them.
            *role == Role::Metric
                && Span { start: token.span.end, end: brace.span.start }.of(self.text).trim().is_empty()
        });
        let name = metric.map(|(token, _)| token.span.of(self.text)).unwrap_or_default();
        let inside = self.before.get(opener + 1..end).unwrap_or_default();
        let has_variable = |tokens: &[(Token, Role)]| tokens.iter().any(|(token, _)| token.kind == TokenKind::Variable);
        let matchers = inside.split(|(token, _)| token.kind == TokenKind::Comma);
        let complete = matchers.filter(|tokens| tokens.len() == 3 && !has_variable(tokens)).filter_map(|tokens| {
            let (first, last) = (tokens.first()?.0, tokens.last()?.0);
            let is_filled = !Span { start: last.span.start, end: last.span.end }.of(self.text).contains('$');
            is_filled.then(|| Span { start: first.span.start, end: last.span.end }.of(self.text))
        });
        let complete: Vec<&str> = complete.collect();
        let nothing = name.is_empty() && complete.is_empty();
        (!nothing)
            .then(|| if complete.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", complete.join(",")) })
    }

    /// A metric of the expression: the first, as that is the one that is grouped or matched more often than not.
    fn any_metric(&self) -> Option<String> {
        let mut metrics = highlight(self.text).into_iter().filter(|(_, role)| *role == Role::Metric);
        let metric = metrics.find(|(token, _)| token.kind == TokenKind::Name && token.span.end != self.caret);
        metric.map(|(token, _)| token.span.of(self.text).to_owned())
    }
}

fn is_matcher(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Assign | TokenKind::NotEqual | TokenKind::Matches | TokenKind::DoesNotMatch)
}

/// A label's name, plain or in quotes.
fn name_of(token: Token, text: &str) -> Option<String> {
    let written = token.span.of(text);
    match token.kind {
        TokenKind::Text { closed: true } => String::from_utf8(unquote(written)?.into_owned()).ok(),
        TokenKind::Name | TokenKind::Keyword(_) => Some(written.to_owned()),
        _ => None,
    }
}

fn in_expression(line: &Line<'_>, previous: Option<TokenKind>, at_caret: Option<TokenKind>) -> Option<Wanted> {
    use TokenKind as T;
    let is_number = matches!(at_caret, Some(T::Number | T::Duration | T::BadNumber));
    let after_offset = match previous {
        Some(T::Keyword(Keyword::Offset)) => true,
        Some(T::Minus) => {
            matches!(line.backwards().nth(1), Some((_, token)) if token.kind == T::Keyword(Keyword::Offset))
        }
        _ => false,
    };
    if after_offset {
        return Some(Wanted::Duration);
    }
    if is_number || matches!(at_caret, Some(T::Text { .. })) {
        return None;
    }
    match previous {
        // Labels follow, in brackets.
        Some(T::Keyword(Keyword::Grouping | Keyword::Fill)) => None,
        Some(T::RightParen) if line.closes_matching() => Some(Wanted::Operand),
        Some(T::Keyword(Keyword::Aggregation) | T::RightParen | T::RightBrace | T::RightBracket) => {
            Some(Wanted::Operator)
        }
        Some(T::Name | T::Number | T::Duration | T::Variable | T::Text { .. } | T::Keyword(Keyword::Modifier)) => {
            Some(Wanted::Operator)
        }
        Some(T::BadNumber | T::Unknown | T::At) => None,
        _ => Some(Wanted::Operand),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the caret. What is wanted, what was typed of it, and what it replaces.
    fn check(marked: &str, expected: Option<(&str, &str, &str)>) {
        let caret = marked.find('|').unwrap();
        let text = marked.replacen('|', "", 1);
        let found = complete(&text, caret);
        let found = found.map(|found| {
            let wanted = match found.wanted {
                Wanted::LabelName { selector, in_matchers: false } => {
                    format!("group by {}", selector.unwrap_or_default())
                }
                Wanted::LabelName { selector, .. } => format!("label of {}", selector.unwrap_or_default()),
                Wanted::LabelValue { label, selector } => format!("{label} of {}", selector.unwrap_or_default()),
                other => format!("{other:?}"),
            };
            (wanted.trim_end().to_owned(), found.typed, found.span.of(&text).to_owned())
        });
        let expected = expected.map(|(wanted, typed, span)| (wanted.to_owned(), typed.to_owned(), span.to_owned()));
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn operands() {
        check("|", Some(("Operand", "", "")));
        check("ra|", Some(("Operand", "ra", "ra")));
        check("r|ate", Some(("Operand", "r", "rate")));
        check("sum(rate(|", Some(("Operand", "", "")));
        check("sum(rate(htt|[5m]))", Some(("Operand", "htt", "htt")));
        check("a + |", Some(("Operand", "", "")));
        check("a and on(x) b|", Some(("Operand", "b", "b")));
        check("a and on(x) group_left(y, z) |", Some(("Operand", "", "")));
        check("a > bool |", Some(("Operand", "", "")));
        check("topk(5, su|)", Some(("Operand", "su", "su")));
        check("a / on (b) group_left |", Some(("Operand", "", "")));
        check("su|m", Some(("Operand", "su", "sum")));
    }

    #[test]
    fn words_behind_operands() {
        check("up |", Some(("Operator", "", "")));
        check("up o|", Some(("Operator", "o", "o")));
        check("sum b|", Some(("Operator", "b", "b")));
        check("sum(up) b|", Some(("Operator", "b", "b")));
        check("up{} off|", Some(("Operator", "off", "off")));
        check("sum by |", None);
    }

    #[test]
    fn labels() {
        check("up{|}", Some(("label of up", "", "")));
        check("up{jo|}", Some(("label of up", "jo", "jo")));
        check("up {jo|", Some(("label of up", "jo", "jo")));
        check("{|}", Some(("label of", "", "")));
        check("up{a=\"b\", |}", Some(("label of up{a=\"b\"}", "", "")));
        check("{a=~\"b\", c!=\"$d\", |}", Some(("label of {a=~\"b\"}", "", "")));
        check("up{job |}", Some(("MatchOperator", "", "")));
        check("sum by (|) (rate(up[5m]))", Some(("group by up", "", "")));
        check("sum(rate(up{a=\"b\"}[5m])) by (x, in|)", Some(("group by up", "in", "in")));
        check("a + on (|) b", Some(("group by a", "", "")));
        check("sum by (a |) (up)", None);
    }

    #[test]
    fn values_of_labels() {
        check("up{job=|}", Some(("job of up", "", "")));
        check("up{job=\"|\"}", Some(("job of up", "", "\"\"")));
        check("up{job=\"no|de\"}", Some(("job of up", "no", "\"node\"")));
        check("up{job=\"no|} + 1", Some(("job of up", "no", "\"no")));
        check("up{a=\"b\",job!~\"no|\"}", Some(("job of up{a=\"b\"}", "no", "\"no\"")));
        check("{\"http.status\"=\"|\"}", Some(("http.status of", "", "\"\"")));
        check("up{by=\"|\"}", Some(("by of up", "", "\"\"")));
        check("up{job=\"a\"|}", None);
        check("label_replace(up, \"|\")", None);
    }

    #[test]
    fn durations() {
        check("up[|]", Some(("Duration", "", "")));
        check("up[5|]", Some(("Duration", "5", "5")));
        check("up[5m|", Some(("Duration", "5m", "5m")));
        check("up[5m:|]", Some(("Duration", "", "")));
        check("up offset |", Some(("Duration", "", "")));
        check("up offset -1|", Some(("Duration", "1", "1")));
    }

    #[test]
    fn where_nothing_is_wanted() {
        check("up # no|", None);
        check("12|", None);
        check("up == 1|", None);
        check("up @ |", None);
    }

    #[test]
    fn any_text_will_do() {
        for text in ["{", "}{", "((((", "\"", "{a=\"", "by(", "a{b=,", "é{ü=\"😀", "[[x]]", "offset -"] {
            for caret in 0..=text.len() + 1 {
                let span = complete(text, caret).map(|found| found.span).unwrap_or_default();
                assert!(span.start <= span.end && span.end <= text.len().max(caret), "{text} at {caret}");
            }
        }
    }
}
