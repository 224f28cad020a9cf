//! What each token is for, by what stands around it: roles to colour, and brackets that belong together.

use crate::lexer::lex;
use crate::token::{Keyword, Span, Token, TokenKind};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A comment.
    Comment,
    /// `by`, `offset`, `bool` …
    Keyword,
    /// `+`, `and`, `=~` …
    Operator,
    /// The name of a function, known or not.
    Function,
    /// The name of an aggregation.
    Aggregation,
    /// The name of a metric; in quotes within braces.
    Metric,
    /// The name of a label, plain or in quotes.
    Label,
    /// A string: the value of a matcher, or an argument.
    Text,
    /// A number.
    Number,
    /// A duration.
    Duration,
    /// A dashboard's variable.
    Variable,
    /// A bracket of any kind.
    Bracket,
    /// A comma or a colon.
    Separator,
    /// What does not belong here.
    Error,
}

/// Every token but blanks, with its role.
#[must_use]
pub fn highlight(text: &str) -> Vec<(Token, Role)> {
    let tokens: Vec<Token> = lex(text).into_iter().filter(|token| token.kind != TokenKind::Space).collect();
    let mut scopes = Vec::new();
    let mut previous = None;
    let mut roles = Vec::with_capacity(tokens.len());
    let mut followers = following(&tokens);
    for token in tokens {
        let next = followers.pop().flatten();
        roles.push((token, role(token.kind, scopes.last().copied(), previous, next)));
        if token.kind.closing().is_some() {
            scopes.push(Scope::opened_by(token.kind, previous));
        } else if token.kind.is_closing() {
            scopes.pop();
        }
        if token.kind != TokenKind::Comment {
            previous = Some(token.kind);
        }
    }
    roles
}

/// The brackets that belong together where one of them is at byte `offset`, or ends just before it.
#[must_use]
pub fn matching_brackets(text: &str, offset: usize) -> Option<(Span, Span)> {
    let mut open: Vec<Token> = Vec::new();
    let mut touched = None;
    for token in lex(text) {
        if token.kind.closing().is_some() {
            open.push(token);
        } else if token.kind.is_closing() {
            let opener = open.pop().filter(|opener| opener.kind.closing() == Some(token.kind))?;
            let pair = (opener.span, token.span);
            match [pair.0, pair.1].map(|span| (span.start == offset, span.end == offset)) {
                [(true, _), _] | [_, (true, _)] => return Some(pair),
                [(_, true), _] | [_, (_, true)] => touched = touched.or(Some(pair)),
                _ => {}
            }
        }
    }
    touched
}

/// What is inside of a bracket.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Expression,
    /// `by (…)`
    Labels,
    /// `{…}`
    Matchers,
    /// `[…]`
    Range,
}

impl Scope {
    fn opened_by(bracket: TokenKind, previous: Option<TokenKind>) -> Self {
        match (bracket, previous) {
            (TokenKind::LeftBrace, _) => Self::Matchers,
            (TokenKind::LeftBracket, _) => Self::Range,
            (_, Some(TokenKind::Keyword(Keyword::Grouping | Keyword::Matching))) => Self::Labels,
            _ => Self::Expression,
        }
    }
}

/// The kind of the next token that means something, per token, last token first.
fn following(tokens: &[Token]) -> Vec<Option<TokenKind>> {
    let mut next = None;
    let note = |token: &Token| {
        let follower = next;
        if token.kind != TokenKind::Comment {
            next = Some(token.kind);
        }
        follower
    };
    tokens.iter().rev().map(note).collect()
}

fn role(kind: TokenKind, scope: Option<Scope>, previous: Option<TokenKind>, next: Option<TokenKind>) -> Role {
    use TokenKind as T;
    let is_matcher = |kind| matches!(kind, Some(T::Assign | T::NotEqual | T::Matches | T::DoesNotMatch));
    match kind {
        T::Comment => Role::Comment,
        T::Number => Role::Number,
        T::Duration => Role::Duration,
        T::Variable => Role::Variable,
        T::LeftParen | T::RightParen | T::LeftBrace | T::RightBrace | T::LeftBracket | T::RightBracket => Role::Bracket,
        T::Comma | T::Colon => Role::Separator,
        T::BadNumber | T::Unknown | T::Text { closed: false } => Role::Error,
        T::Text { .. } => match scope {
            Some(Scope::Labels) => Role::Label,
            Some(Scope::Matchers) if is_matcher(next) => Role::Label,
            Some(Scope::Matchers) if !is_matcher(previous) => Role::Metric,
            _ => Role::Text,
        },
        T::Name | T::Keyword(_) if matches!(scope, Some(Scope::Labels | Scope::Matchers)) => Role::Label,
        T::Name if next == Some(T::LeftParen) => Role::Function,
        T::Name if scope == Some(Scope::Range) => Role::Duration,
        T::Name => Role::Metric,
        T::Keyword(Keyword::Operator) => Role::Operator,
        T::Keyword(Keyword::Aggregation) => match next {
            Some(T::LeftParen | T::Keyword(Keyword::Grouping)) => Role::Aggregation,
            _ => Role::Metric,
        },
        T::Keyword(_) => Role::Keyword,
        _ => Role::Operator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let roles: Vec<String> =
            highlight(text).iter().map(|(token, role)| format!("{}:{role:?}", token.span.of(text))).collect();
        assert_eq!(roles.join(" "), expected);
    }

    #[test]
    fn roles_follow_from_the_neighbours() {
        check(
            r#"sum by (job, le) (rate(up{job="a"}[5m]))"#,
            "sum:Aggregation by:Keyword (:Bracket job:Label ,:Separator le:Label ):Bracket (:Bracket rate:Function \
             (:Bracket up:Metric {:Bracket job:Label =:Operator \"a\":Text }:Bracket [:Bracket 5m:Duration ]:Bracket \
             ):Bracket ):Bracket",
        );
        check(
            r#"{"http.up", "x.y"=~'z', by="1"}"#,
            "{:Bracket \"http.up\":Metric ,:Separator \"x.y\":Label =~:Operator 'z':Text ,:Separator by:Label \
             =:Operator \"1\":Text }:Bracket",
        );
        check("sum # of\n(a)", "sum:Aggregation # of:Comment (:Bracket a:Metric ):Bracket");
        check("sum / count", "sum:Metric /:Operator count:Metric");
        check(
            "a and on (b) c offset -5m",
            "a:Metric and:Operator on:Keyword (:Bracket b:Label ):Bracket c:Metric offset:Keyword -:Operator 5m:Duration",
        );
        check("$metric[$__range:5m]", "$metric:Variable [:Bracket $__range:Variable ::Separator 5m:Duration ]:Bracket");
        check("a{", "a:Metric {:Bracket");
    }

    #[test]
    fn brackets_that_belong_together() {
        for (text, offset, expected) in [
            ("a(b{c}[1m])", 1, Some(((1, 2), (10, 11)))),
            ("a(b{c}[1m])", 3, Some(((3, 4), (5, 6)))),
            ("a(b{c}[1m])", 11, Some(((1, 2), (10, 11)))),
            ("a(b{c}[1m])", 6, Some(((6, 7), (9, 10)))),
            ("a(b{c}[1m])", 0, None),
            ("(a]", 0, None),
            ("(a", 0, None),
            ("\")\" (a)", 1, None),
        ] {
            let span = |(start, end)| Span { start, end };
            let expected = expected.map(|(open, close)| (span(open), span(close)));
            assert_eq!(matching_brackets(text, offset), expected, "{text} at {offset}");
        }
    }
}
