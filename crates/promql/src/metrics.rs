//! Which metrics an expression asks for.

use crate::highlight::{Role, highlight};
use crate::quoting::string_value;
use crate::token::TokenKind;
use std::borrow::Cow;
use std::collections::HashSet;

/// The metric names in `expr`, each once, in order: plain, in quotes within braces, or as `__name__="…"`.
///
/// ```
/// assert_eq!(promql::metric_names(r#"rate(a[5m]) / on (job) {"b.c"} - {__name__="d"}"#), ["a", "b.c", "d"]);
/// ```
#[must_use]
pub fn metric_names(expr: &str) -> Vec<Cow<'_, str>> {
    let tokens: Vec<_> = highlight(expr).into_iter().filter(|(token, _)| !token.kind.is_trivia()).collect();
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for (index, (token, role)) in tokens.iter().enumerate() {
        let written = token.span.of(expr);
        let name = match (role, token.kind) {
            (Role::Metric, TokenKind::Text { .. }) => string_value(written),
            (Role::Metric, _) => Cow::Borrowed(written),
            (Role::Text, _) => match tokens.get(index.wrapping_sub(2)..index) {
                Some([(label, Role::Label), (operator, _)])
                    if operator.kind == TokenKind::Assign && string_value(label.span.of(expr)) == "__name__" =>
                {
                    string_value(written)
                }
                _ => continue,
            },
            _ => continue,
        };
        // `{""}` is valid text, and names no metric.
        if !name.is_empty() && seen.insert(name.clone()) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expr: &str, expected: &[&str]) {
        assert_eq!(metric_names(expr), expected, "{expr}");
    }

    #[test]
    fn names_are_found_where_metrics_can_be() {
        check("sum by (job) (rate(a_total[5m])) / ignoring (x) group_left (y) b:c", &["a_total", "b:c"]);
        check("a + a", &["a"]);
        check(r#"{"x.y", a="b"} or {"q"="r"}"#, &["x.y"]);
        check(r#"{__name__="m", job="n"} or {__name__=~"o.*"} or {"__name__"='p'}"#, &["m", "p"]);
        check(r#"{"a\"b\\c"}"#, &[r#"a"b\c"#]);
        check(r#"{""} or {__name__=""} or {''}"#, &[]);
        check("time() - 5 offset 3m # c", &[]);
        check("$metric{a=\"b\"}", &[]);
        check("label_replace(up, \"a\", \"$1\", \"b\", \"(.*)\")", &["up"]);
    }
}
