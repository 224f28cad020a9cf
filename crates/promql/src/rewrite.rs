//! Adding conditions to all selectors of an expression, as Grafana's ad hoc filters do.
//!
//! The text is edited, not printed anew: blanks, comments, quotes and the order of what is there stay byte for byte.

use crate::ast::{Ast, Braces, Conditions, Kind, Matcher, Selector};
use crate::ops::MatchOp;
use crate::parse::parse;
use crate::quoting::{is_plain_label, write_quoted};
use crate::token::Span;

/// A condition to add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewMatcher<'a> {
    /// The label's name, without quotes.
    pub label: &'a str,
    /// How it is compared.
    pub op: MatchOp,
    /// With what, without quotes or escapes; a regular expression for `=~` and `!~`.
    pub value: &'a str,
}

/// The expression nests so deep that some of its selectors were not seen. Nothing was added to any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeep;

impl std::fmt::Display for TooDeep {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("The expression nests too deep for filters to be added.")
    }
}

impl std::error::Error for TooDeep {}

/// `expr` with conditions added to every selector, in subqueries and parameters too. A condition that is there already
/// with the same label and value is replaced in its place, whatever its operator; of two new ones alike in that the last
/// counts. To add the same twice is to add it once. A variable in the place of an expression is taken for a metric's name.
///
/// The second argument of `info` stays as it is: what it selects has labels of its own.
///
/// Of conditions with `or` between them, as MetricsQL has them, each side gets them.
///
/// Of a broken expression, all selectors that can be made out get the conditions, and a missing brace.
///
/// # Errors
/// [`TooDeep`] if there may be selectors that it did not see.
///
/// ```
/// use promql::{ops::MatchOp, rewrite::{NewMatcher, add_matchers}};
/// let job = NewMatcher { label: "job", op: MatchOp::Equal, value: "api" };
/// let query = add_matchers("rate(a{x='y'}[5m]) / b", &[job]).unwrap();
/// assert_eq!(query, r#"rate(a{x='y', job="api"}[5m]) / b{job="api"}"#);
/// ```
pub fn add_matchers(expr: &str, matchers: &[NewMatcher]) -> Result<String, TooDeep> {
    let parsed = parse(expr);
    if parsed.is_cut {
        return Err(TooDeep);
    }
    let matchers = without_twins(matchers);
    let mut edits = Vec::new();
    if !matchers.is_empty() {
        let info_labels = parsed.ast.info_labels();
        for (index, node) in parsed.ast.nodes().iter().enumerate() {
            match &node.kind {
                _ if info_labels.binary_search(&index).is_ok() => {}
                Kind::Selector(selector) => edit(&parsed.ast, selector, node.span, &matchers, &mut edits),
                // `$metric`, but not `5${unit}`.
                Kind::Variable if node.span.of(expr).starts_with(['$', '[']) => {
                    edits.push(insertion(node.span.end, format!("{{{}}}", written(&matchers))));
                }
                _ => {}
            }
        }
    }
    // Nodes are in the order of their ends; the text has to be in that of the edits.
    edits.sort_by_key(|(span, _)| *span);
    Ok(apply(expr, &edits))
}

/// A part of the text, and what comes in its place.
type Edit = (Span, String);

fn insertion(at: usize, text: String) -> Edit {
    (Span { start: at, end: at }, text)
}

fn without_twins<'a>(matchers: &[NewMatcher<'a>]) -> Vec<NewMatcher<'a>> {
    let is_last = |at: usize| {
        let new = &matchers[at];
        !matchers[at + 1..].iter().any(|later| later.label == new.label && later.value == new.value)
    };
    (0..matchers.len()).filter(|at| is_last(*at)).map(|at| matchers[at]).collect()
}

fn edit(ast: &Ast, selector: &Selector, span: Span, matchers: &[NewMatcher], edits: &mut Vec<Edit>) {
    let Some(braces) = &selector.braces else {
        let end = selector.name.map_or(span.end, |name| name.end);
        return edits.push(insertion(end, format!("{{{}}}", written(matchers))));
    };
    let mut groups = std::iter::once(&braces.conditions).chain(&braces.alternatives).peekable();
    while let Some(conditions) = groups.next() {
        let mut missing = Vec::with_capacity(matchers.len());
        for new in matchers {
            let old = conditions.matchers.iter().filter(|old| is_twin(ast, old, new)).map(Matcher::span);
            let before = edits.len();
            edits.extend(old.map(|old| (old, written(&[*new]))));
            if edits.len() == before {
                missing.push(*new);
            }
        }
        let is_last = groups.peek().is_none();
        edits.extend(match braces.close.is_none() && is_last {
            true => Some(closed(ast, braces, span, &missing)),
            false => appended(braces, conditions, &missing),
        });
    }
}

fn is_twin(ast: &Ast, old: &Matcher, new: &NewMatcher) -> bool {
    match *old {
        Matcher::Label { name, value, .. } => ast.name(name) == new.label && ast.name(value) == new.value,
        Matcher::Metric(_) | Matcher::Variable(_) => false,
    }
}

/// New conditions behind those that are there.
fn appended(braces: &Braces, conditions: &Conditions, matchers: &[NewMatcher]) -> Option<Edit> {
    if matchers.is_empty() {
        return None;
    }
    let new = written(matchers);
    Some(match (conditions.trailing_comma, conditions.matchers.last()) {
        (Some(comma), _) => insertion(comma.end, format!(" {new}")),
        (None, Some(last)) => insertion(last.span().end, format!(", {new}")),
        (None, None) => insertion(braces.open.end, new),
    })
}

/// New conditions at the end of braces that are not closed, and a closing brace.
fn closed(ast: &Ast, braces: &Braces, span: Span, matchers: &[NewMatcher]) -> Edit {
    let new = written(matchers);
    let inner = ast.slice(Span { start: braces.open.end, end: span.end });
    let separator = match inner.chars().next_back() {
        None => "",
        Some(',') => " ",
        Some(_) => ", ",
    };
    let separator = if new.is_empty() { "" } else { separator };
    insertion(span.end, format!("{separator}{new}}}"))
}

fn written(matchers: &[NewMatcher]) -> String {
    let mut out = String::new();
    for matcher in matchers {
        out.push_str(if out.is_empty() { "" } else { ", " });
        if is_plain_label(matcher.label) {
            out.push_str(matcher.label);
        } else {
            write_quoted(&mut out, matcher.label.as_bytes());
        }
        out.push_str(matcher.op.as_str());
        write_quoted(&mut out, matcher.value.as_bytes());
    }
    out
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + edits.len() * 16);
    let mut at = 0;
    for (span, replacement) in edits {
        out.push_str(text.get(at..span.start).unwrap_or_default());
        out.push_str(replacement);
        at = span.end.max(at);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
