//! What is wrong with a query, found without asking the server.

use promql::{Diagnostic, Severity, Span};

/// The first thing the server would refuse `text` for. An empty text has none.
pub fn mistake(text: &str) -> Option<Diagnostic> {
    first(text).filter(|found| found.severity == Severity::Error)
}

/// The first thing that is wrong with `text`, if only for Prometheus itself. An empty text has none.
pub fn first(text: &str) -> Option<Diagnostic> {
    if text.trim().is_empty() {
        return None;
    }
    let mut found = promql::check::mistakes(text);
    let error = found.iter().position(is_error).unwrap_or(0);
    (error < found.len()).then(|| found.swap_remove(error))
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

/// Where something is and what: `2:5 unclosed left parenthesis`, the column in characters.
pub fn words(text: &str, found: &Diagnostic) -> String {
    let (line, _) = promql::position(text, found.span);
    let before = Span { start: 0, end: found.span.start }.of(text);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    format!("{line}:{column} {}", found.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        let found = mistake(text);
        let found = found.as_ref().map(|found| (words(text, found), found.span.of(text)));
        assert_eq!(found, expected.map(|(words, place)| (words.to_owned(), place)), "{text}");
    }

    #[test]
    fn mistakes_say_where_they_are() {
        check("", None);
        check(" \n", None);
        check("sum by (job) (rate(up[5m]))", None);
        check("sum(up", Some(("1:4 `(` is never closed.", "(")));
        check("sum(\n  up{a=\"ü\"} + é)", Some(("2:15 `é` has no meaning here.", "é")));
        check(
            "rate(up)",
            Some(("1:6 expected type range vector in call to function \"rate\", got instant vector", "up")),
        );
    }

    #[test]
    fn what_another_server_may_know_is_no_mistake() {
        check("rollup_rate(up[5m])", None);
        assert!(first("rollup_rate(up[5m])").is_some());
    }
}
