//! The words within expressions: operators with what belongs to them, labels, conditions, numbers.

use crate::ast::{Ast, Id, Kind, MatchLabels, Matcher, Matching};
use crate::number::{self, write_duration};
use crate::ops::MatchOp;
use crate::quoting::{is_plain_label, unquote, write_quoted};
use crate::token::Span;
use crate::types::ValueType;

/// `sum by (job) `, or `sum`.
pub(super) fn aggregate_head(ast: &Ast, id: Id) -> String {
    let Kind::Aggregate { op, name, grouping, .. } = &ast.node(id).kind else { return String::new() };
    let mut out = String::from(match op {
        Some(op) => op.as_str(),
        None => ast.slice(*name),
    });
    if let Some(grouping) = grouping.as_ref().filter(|grouping| grouping.without || !grouping.labels.is_empty()) {
        out.push_str(if grouping.without { " without " } else { " by " });
        write_labels(&mut out, ast, &grouping.labels);
        out.push(' ');
    }
    out
}

/// The operator and all that belongs to it; `types` are those of all nodes.
pub(super) fn operator(ast: &Ast, types: &[ValueType], id: Id) -> String {
    let Kind::Binary { op, lhs, rhs, matching } = &ast.node(id).kind else { return String::new() };
    let mut out = op.as_str().to_owned();
    let Some(matching) = matching else { return out };
    if matching.bool {
        out.push_str(" bool");
    }
    // Between a vector and a number there is nothing to match; Prometheus forgets an empty `on ()` there.
    let is_forgotten =
        matching.labels.as_ref().is_some_and(|labels| labels.labels.is_empty()) && matching.fill_left.is_none();
    if !is_forgotten || [lhs, rhs].into_iter().all(|side| types[side.index()] != ValueType::Scalar) {
        write_matching(&mut out, ast, matching);
    }
    out
}

fn write_matching(out: &mut String, ast: &Ast, matching: &Matching) {
    let is_said = |labels: &&MatchLabels| labels.on || !labels.labels.is_empty() || matching.group.is_some();
    if let Some(labels) = matching.labels.as_ref().filter(is_said) {
        out.push_str(if labels.on { " on " } else { " ignoring " });
        write_labels(out, ast, &labels.labels);
    }
    if let Some(group) = &matching.group {
        out.push_str(if group.left { " group_left " } else { " group_right " });
        write_labels(out, ast, &group.include);
    }
    match (matching.fill_left, matching.fill_right) {
        (Some(left), Some(right)) if left == right => write_fill(out, " fill ", ast.slice(left)),
        (left, right) => {
            left.into_iter().for_each(|left| write_fill(out, " fill_left ", ast.slice(left)));
            right.into_iter().for_each(|right| write_fill(out, " fill_right ", ast.slice(right)));
        }
    }
}

fn write_fill(out: &mut String, word: &str, written: &str) {
    let digits = written.trim_start_matches(['-', '+']).trim_start();
    let sign = if written.starts_with('-') { "-" } else { "" };
    out.push_str(word);
    out.push('(');
    let seconds = || number::parse_duration(digits).map(|millis| millis as f64 / 1000.0);
    match number::parse_number(digits).or_else(seconds) {
        Some(value) => write_short(out, if sign.is_empty() { value } else { -value }),
        None => out.extend([sign, digits]),
    }
    out.push(')');
}

/// A number as Go's `%v` has it: large and small ones with an exponent, of two digits at least.
fn write_short(out: &mut String, value: f64) {
    let written = format!("{value:e}");
    let exponent = written.split_once('e').and_then(|(digits, exponent)| Some((digits, exponent.parse::<i32>().ok()?)));
    match exponent {
        Some((digits, exponent)) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            out.push_str(&format!("{digits}e{sign}{:02}", exponent.unsigned_abs()));
        }
        _ => write_number(out, value, false),
    }
}

fn write_labels(out: &mut String, ast: &Ast, labels: &[Span]) {
    out.push('(');
    for (index, label) in labels.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write_label(out, ast, *label);
    }
    out.push(')');
}

fn write_label(out: &mut String, ast: &Ast, label: Span) {
    let name = ast.name(label);
    if is_plain_label(&name) || is_variable(ast.slice(label)) {
        out.push_str(&name);
    } else {
        write_quoted(out, name.as_bytes());
    }
}

/// Whether a word, which is no string, holds a variable.
pub(super) fn is_variable(word: &str) -> bool {
    !word.starts_with(['"', '\'', '`']) && word.contains(['$', '['])
}

/// A condition; nothing if it only repeats the name before the braces.
pub(super) fn written_matcher(ast: &Ast, matcher: &Matcher, metric: &str) -> Option<String> {
    let mut out = String::new();
    match *matcher {
        Matcher::Variable(span) => out.push_str(ast.slice(span)),
        Matcher::Metric(span) => {
            if !metric.is_empty() && ast.name(span) == metric {
                return None;
            }
            out.push_str("__name__=");
            write_string(&mut out, ast.slice(span));
        }
        Matcher::Label { name, op, value } => {
            let is_name = op == MatchOp::Equal && ast.name(name) == "__name__";
            if is_name && !metric.is_empty() && ast.name(value) == metric {
                return None;
            }
            write_label(&mut out, ast, name);
            out.push_str(op.as_str());
            write_string(&mut out, ast.slice(value));
        }
    }
    Some(out)
}

/// A string in double quotes; what is no whole string, such as a variable, as it is.
pub(super) fn write_string(out: &mut String, literal: &str) {
    match unquote(literal) {
        Some(bytes) => write_quoted(out, &bytes),
        None => out.push_str(literal),
    }
}

pub(super) fn write_number(out: &mut String, value: f64, duration: bool) {
    if duration {
        write_duration(out, number::millis(value).unwrap_or_default());
    } else if value.is_infinite() {
        out.push_str(if value > 0.0 { "+Inf" } else { "-Inf" });
    } else {
        out.push_str(&value.to_string());
    }
}
