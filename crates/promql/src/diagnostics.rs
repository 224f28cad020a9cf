//! What is wrong with a text, as far as tokens tell.

use crate::functions::{AGGREGATIONS, FUNCTIONS, function};
use crate::highlight::{Role, highlight};
use crate::token::{Span, Token, TokenKind};

/// Something wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub span: Span,
    /// How bad it is.
    pub severity: Severity,
    /// What, and what to do; a sentence.
    pub message: String,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The server will refuse it.
    Error,
    /// Prometheus will refuse it; a compatible server may not.
    Warning,
}

/// More than anyone reads. A limit, because a suggestion costs a look at every known name.
const MOST: usize = 100;

/// What is wrong with `text`, in order of place; at most a hundred things.
#[must_use]
pub fn diagnose(text: &str) -> Vec<Diagnostic> {
    let tokens = highlight(text);
    let mut found = unbalanced(text, &tokens);
    for (token, role) in &tokens {
        if found.len() >= MOST {
            break;
        }
        found.extend(misplaced(text, *token, *role));
    }
    found.truncate(MOST);
    found.sort_by_key(|diagnostic| diagnostic.span);
    found
}

fn misplaced(text: &str, token: Token, role: Role) -> Option<Diagnostic> {
    let written = token.span.of(text);
    let (severity, message) = match token.kind {
        TokenKind::Text { closed: false } => (Severity::Error, "The string is not closed.".to_owned()),
        TokenKind::BadNumber => {
            (Severity::Error, format!("`{}` is neither a number nor a duration such as 5m.", shortened(written)))
        }
        TokenKind::Unknown => (Severity::Error, format!("`{written}` has no meaning here.")),
        _ if role == Role::Function && function(written).is_none() => {
            (Severity::Warning, format!("Prometheus has no function `{}`.{}", shortened(written), suggestion(written)))
        }
        _ => return None,
    };
    Some(Diagnostic { span: token.span, severity, message })
}

fn shortened(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}

/// Brackets without a partner. One that closes the wrong bracket is taken to close the next that it can.
fn unbalanced(text: &str, tokens: &[(Token, Role)]) -> Vec<Diagnostic> {
    let mut open: Vec<Token> = Vec::new();
    let mut found = Vec::new();
    let unclosed = |token: Token| Diagnostic {
        span: token.span,
        severity: Severity::Error,
        message: format!("`{}` is never closed.", token.span.of(text)),
    };
    for (token, _) in tokens {
        if token.kind.closing().is_some() {
            open.push(*token);
        } else if token.kind.is_closing() {
            let closes = |opener: &Token| opener.kind.closing() == Some(token.kind);
            // Only the innermost brackets are looked at, to stay linear on any text.
            match open.iter().rev().take(8).position(closes) {
                Some(skipped) => {
                    found.extend(open.drain(open.len() - skipped..).map(unclosed));
                    open.pop();
                }
                None => found.push(Diagnostic {
                    span: token.span,
                    severity: Severity::Error,
                    message: format!("`{}` closes nothing.", token.span.of(text)),
                }),
            }
        }
    }
    found.extend(open.into_iter().map(unclosed));
    found
}

fn suggestion(name: &str) -> String {
    let known = FUNCTIONS.iter().chain(AGGREGATIONS).map(|known| known.name);
    // Of equally near names the one of the same length: letters are more often swapped than lost.
    let near = known.map(|known| (distance(name, known), name.len().abs_diff(known.len()), known));
    let nearest = near.filter(|(distance, ..)| *distance <= 2).min();
    nearest.map(|(.., known)| format!(" Did you mean `{known}`?")).unwrap_or_default()
}

/// How many letters differ (Levenshtein); a large number where the lengths alone tell that it is many.
fn distance(a: &str, b: &str) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return usize::MAX;
    }
    let b = b.as_bytes();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(!a.eq_ignore_ascii_case(b));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = diagnose(text);
        let found: Vec<(&str, &str)> = found.iter().map(|d| (d.span.of(text), d.message.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn good_expressions_have_none() {
        check(r#"histogram_quantile(0.9, sum by (le) (rate(x_bucket{job=~"$job"}[$__rate_interval])))"#, &[]);
        check(r#"{"http.status"="a)"} offset 5m @ start() # (("#, &[]);
        check("", &[]);
    }

    #[test]
    fn strings_brackets_numbers_and_functions() {
        check(r#"up{job="a}"#, &[("{", "`{` is never closed."), (r#""a}"#, "The string is not closed.")]);
        check("(a", &[("(", "`(` is never closed.")]);
        check("a)", &[(")", "`)` closes nothing.")]);
        check("sum(a[5m)", &[("[", "`[` is never closed.")]);
        check("a[5x]", &[("5x", "`5x` is neither a number nor a duration such as 5m.")]);
        check("raet(a)", &[("raet", "Prometheus has no function `raet`. Did you mean `rate`?")]);
        check("range_median(a)", &[("range_median", "Prometheus has no function `range_median`.")]);
        check("a; b", &[(";", "`;` has no meaning here.")]);
    }

    #[test]
    fn there_are_never_too_many() {
        assert_eq!(diagnose(&")".repeat(10_000)).len(), MOST);
        assert_eq!(diagnose(&"x(".repeat(10_000)).len(), MOST);
    }
}
