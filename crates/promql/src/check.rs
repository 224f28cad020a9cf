//! What Prometheus would refuse although its syntax is right: types, numbers of arguments, matching of vectors.
//!
//! The sentences are Prometheus'. What depends on a variable is taken to be right.

use crate::ast::{Ast, Extent, Id, Kind, Matcher, Matching, Node, Selector};
use crate::diagnostics::{Diagnostic, Severity, diagnose};
use crate::lexer::has_variable;
use crate::messages::quoted;
use crate::ops::{AggregateOp, BinaryOp, MatchOp};
use crate::parse::parse;
use crate::pattern::{Fault, matches_empty};
use crate::token::Span;
use crate::types::{Repeats, Signature, ValueType, signature, types};

/// All that Prometheus would say about `text`: about its syntax or, if there is nothing to say about that, its types.
///
/// ```
/// let found = promql::check::problems("rate(up)");
/// assert_eq!(found[0].message, "expected type range vector in call to function \"rate\", got instant vector");
/// ```
#[must_use]
pub fn problems(text: &str) -> Vec<Diagnostic> {
    let parsed = parse(text);
    if parsed.errors.is_empty() {
        return check(&parsed.ast);
    }
    let found = parsed.errors.iter().map(|error| Diagnostic {
        span: error.span,
        severity: Severity::Error,
        message: error.message(text),
    });
    found.collect()
}

/// What is to be said of `text` to who writes it: first what its tokens tell, in plain words ([`diagnose`]), then, where
/// they hold no error, what Prometheus would say ([`problems`]).
///
/// ```
/// let first = |text| promql::check::mistakes(text).into_iter().next().map(|found| found.message);
/// assert_eq!(first("sum(up"), promql::diagnose("sum(up").pop().map(|found| found.message));
/// assert_eq!(first("sum(up) by (job)"), None);
/// assert!(first("rate(up)").is_some_and(|message| message.starts_with("expected type range vector")));
/// ```
#[must_use]
pub fn mistakes(text: &str) -> Vec<Diagnostic> {
    let mut found = diagnose(text);
    if found.iter().all(|found| found.severity != Severity::Error) {
        found.extend(problems(text));
    }
    found
}

/// What is wrong with an expression without syntax errors, inner parts first.
#[must_use]
pub fn check(ast: &Ast) -> Vec<Diagnostic> {
    let mut checker = Checker { ast, types: types(ast), info_labels: ast.info_labels(), found: Vec::new() };
    for (index, node) in ast.nodes().iter().enumerate() {
        if checker.found.len() >= MOST {
            break;
        }
        checker.node(index, node);
    }
    checker.found.truncate(MOST);
    checker.found
}

/// More than anyone reads.
const MOST: usize = 100;

struct Checker<'a, 't> {
    ast: &'a Ast<'t>,
    types: Vec<ValueType>,
    info_labels: Vec<usize>,
    found: Vec<Diagnostic>,
}

impl Checker<'_, '_> {
    fn node(&mut self, index: usize, node: &Node) {
        match &node.kind {
            Kind::Selector(selector) => self.selector(selector, index, node.span),
            Kind::Subquery { expr, .. } => self.subquery(*expr, node.span),
            Kind::Call { name, args } => self.call(*name, args, node.span),
            Kind::Aggregate { op, args, grouping, .. } => {
                self.labels(grouping.as_ref().map_or(&[], |grouping| &grouping.labels));
                self.aggregate(*op, args);
            }
            Kind::Binary { op, lhs, rhs, matching } => self.binary(*op, *lhs, *rhs, matching.as_deref(), node.span),
            Kind::Unary { expr, .. } => self.unary(*expr, node.span),
            _ => {}
        }
    }

    fn subquery(&mut self, expr: Id, span: Span) {
        // Here Prometheus has its inner names for types.
        let name = match self.type_of(expr) {
            ValueType::Vector | ValueType::Unknown => return,
            ValueType::Range => "matrix",
            other => other.as_str(),
        };
        self.error(span, format!("subquery is only allowed on instant vector, got {name} instead"));
    }

    fn unary(&mut self, expr: Id, span: Span) {
        let got = self.type_of(expr);
        if matches!(got, ValueType::Range | ValueType::Text) {
            let got = quoted(got.as_str());
            self.error(
                span,
                format!("unary expression only allowed on expressions of type scalar or instant vector, got {got}"),
            );
        }
    }

    fn labels(&mut self, labels: &[Span]) {
        for label in labels.iter().filter(|label| self.ast.name(**label).is_empty()) {
            self.error(*label, "invalid label name for grouping: \"\"".to_owned());
        }
    }

    fn aggregate(&mut self, op: Option<AggregateOp>, args: &[Id]) {
        let (Some(op), Some((vector, parameter))) = (op, args.split_last()) else { return };
        self.expect(*vector, ValueType::Vector, "aggregation expression");
        let expected = if op == AggregateOp::CountValues { ValueType::Text } else { ValueType::Scalar };
        if let Some(parameter) = parameter.first() {
            self.expect(*parameter, expected, "aggregation parameter");
        }
    }

    fn call(&mut self, name: Span, args: &[Id], span: Span) {
        let written = self.ast.slice(name);
        let Some(known) = signature(written) else {
            let is_variable = written.contains(['$', '[']);
            if !is_variable {
                // A compatible server may have it.
                let message = format!("unknown function with name {}", quoted(written));
                self.found.push(Diagnostic { span: name, severity: Severity::Warning, message });
            }
            return;
        };
        self.arity(known, args.len(), span);
        let place = format!("call to function {}", quoted(known.name));
        for (index, arg) in args.iter().enumerate() {
            if let Some(expected) = known.parameter(index) {
                self.expect(*arg, expected, &place);
            }
            self.extents(known, *arg);
        }
        if known.name == "info" {
            self.info(args);
        }
    }

    fn arity(&mut self, known: &Signature, got: usize, span: Span) {
        let (least, most) = match known.repeats {
            Repeats::Once => (known.len(), Some(known.len())),
            Repeats::UpTo(times) => (known.len() - 1, Some(known.len() - 1 + times)),
            Repeats::Any => (known.len() - 1, None),
        };
        let limit = match most {
            Some(most) if least == most && got != most => most.to_string(),
            _ if got < least => format!("at least {least}"),
            Some(most) if got > most => format!("at most {most}"),
            _ => return,
        };
        self.error(span, format!("expected {limit} argument(s) in call to {}, got {got}", quoted(known.name)));
    }

    fn info(&mut self, args: &[Id]) {
        let Some(labels) = args.get(1) else { return };
        let node = self.ast.node(*labels);
        match &node.kind {
            Kind::Selector(selector) if selector.name.is_none() => {}
            Kind::Selector(_) => {
                self.error(node.span, "expected label selectors only, got vector selector instead".to_owned());
            }
            Kind::Variable => {}
            _ => self.error(node.span, "expected label selectors only".to_owned()),
        }
    }

    /// Only functions that compare the ends of a range can have them moved.
    fn extents(&mut self, known: &Signature, arg: Id) {
        let node = self.ast.node(arg);
        let Kind::Range { modifiers, .. } = &node.kind else { return };
        let (name, safe) = match modifiers.extent {
            Some(Extent::Anchored) => ("anchored", &["changes", "delta", "increase", "rate", "resets"][..]),
            Some(Extent::Smoothed) => ("smoothed", &["delta", "increase", "rate"][..]),
            None => return,
        };
        if !safe.contains(&known.name) {
            let safe = safe.join(", ");
            self.error(node.span, format!("{name} modifier can only be used with: {safe} - not with {}", known.name));
        }
    }

    fn selector(&mut self, selector: &Selector, index: usize, span: Span) {
        selector.matchers().iter().for_each(|matcher| self.pattern(matcher));
        let names = selector.matchers().iter().filter_map(|matcher| match *matcher {
            Matcher::Metric(name) => Some(name),
            Matcher::Label { name, value, .. } => (self.ast.name(name) == "__name__").then_some(value),
            Matcher::Variable(_) => None,
        });
        if let Some(first) = selector.name {
            if let Some(second) = names.into_iter().next() {
                let (first, second) = (self.ast.slice(first), self.ast.name(second));
                let message = format!("metric name must not be set twice: {} or {}", quoted(first), quoted(&second));
                self.error(span, message);
            }
        } else if selector.matchers().iter().all(|matcher| self.takes_nothing(matcher))
            // There, any will do.
            && self.info_labels.binary_search(&index).is_err()
        {
            self.error(span, "vector selector must contain at least one non-empty matcher".to_owned());
        }
    }

    fn pattern(&mut self, matcher: &Matcher) {
        let Matcher::Label { op: MatchOp::Matches | MatchOp::DoesNotMatch, value, .. } = *matcher else { return };
        if has_variable(self.ast.slice(value)) {
            return;
        }
        if let Err(Fault::Wrong(what, part)) = matches_empty(&self.ast.name(value)) {
            self.error(matcher.span(), format!("error parsing regexp: {what}: `{part}`"));
        }
    }

    /// Whether a condition is true of series without the label.
    fn takes_nothing(&self, matcher: &Matcher) -> bool {
        let (op, value) = match *matcher {
            Matcher::Label { op, value, .. } => (op, value),
            Matcher::Metric(name) => (MatchOp::Equal, name),
            Matcher::Variable(_) => return false,
        };
        if has_variable(self.ast.slice(value)) {
            return false;
        }
        let value = self.ast.name(value);
        match op {
            MatchOp::Equal => value.is_empty(),
            MatchOp::NotEqual => !value.is_empty(),
            MatchOp::Matches => matches_empty(&value) == Ok(true),
            MatchOp::DoesNotMatch => matches_empty(&value) == Ok(false),
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: Id, rhs: Id, matching: Option<&Matching>, span: Span) {
        let sides = [self.type_of(lhs), self.type_of(rhs)];
        let between = Span { start: self.ast.node(lhs).span.end, end: self.ast.node(rhs).span.start };
        let written = self.ast.slice(between);
        let sign = Span {
            start: between.start + (written.len() - written.trim_start().len()),
            end: between.end - (written.len() - written.trim_end().len()),
        };
        let is_bool = matching.is_some_and(|matching| matching.bool);
        if is_bool && !op.is_comparison() {
            self.error(sign, "bool modifier can only be used on comparison operators".to_owned());
        }
        if op.is_comparison() && !is_bool && sides == [ValueType::Scalar; 2] {
            self.error(sign, "comparisons between scalars must use BOOL modifier".to_owned());
        }
        if let Some(matching) = matching {
            self.labels(matching.labels.as_ref().map_or(&[], |labels| &labels.labels));
            self.labels(matching.group.as_ref().map_or(&[], |group| &group.include));
            self.label_on_both_sides(matching, sign);
        }
        for (side, got) in [lhs, rhs].into_iter().zip(sides) {
            if matches!(got, ValueType::Range | ValueType::Text) {
                let message = "binary expression must contain only scalar and instant vector types";
                self.error(self.ast.node(side).span, message.to_owned());
            }
        }
        let is_vector = |got: &ValueType| matches!(got, ValueType::Vector | ValueType::Unknown);
        if let Some(matching) = matching {
            if sides.iter().all(is_vector) {
                self.set_matching(op, matching, span);
            } else {
                self.no_matching(matching, span);
            }
        }
        if op.is_set() && sides.contains(&ValueType::Scalar) {
            let op = quoted(op.as_str());
            self.error(span, format!("set operator {op} not allowed in binary scalar expression"));
        }
    }

    fn label_on_both_sides(&mut self, matching: &Matching, sign: Span) {
        let (Some(labels), Some(group)) = (matching.labels.as_ref().filter(|labels| labels.on), &matching.group) else {
            return;
        };
        // Lists of labels are short; these limits keep hostile ones linear.
        let included: Vec<_> = group.include.iter().take(64).map(|label| self.ast.name(*label)).collect();
        let twice =
            labels.labels.iter().take(64).map(|label| self.ast.name(*label)).find(|name| included.contains(name));
        if let Some(name) = twice {
            let name = quoted(&name);
            self.error(sign, format!("label {name} must not occur in ON and GROUP clause at once"));
        }
    }

    /// There is nothing to match where one side is a number.
    fn no_matching(&mut self, matching: &Matching, span: Span) {
        if matching.labels.as_ref().is_some_and(|labels| !labels.labels.is_empty()) {
            self.error(span, "vector matching only allowed between instant vectors".to_owned());
        }
        if matching.fill_left.is_some() || matching.fill_right.is_some() {
            self.error(span, "filling in missing series only allowed between instant vectors".to_owned());
        }
    }

    fn set_matching(&mut self, op: BinaryOp, matching: &Matching, span: Span) {
        if !op.is_set() {
            return;
        }
        if matching.group.is_some() {
            self.error(span, format!("no grouping allowed for {} operation", quoted(op.as_str())));
        }
        if matching.fill_left.is_some() || matching.fill_right.is_some() {
            self.error(span, "filling in missing series not allowed for set operators".to_owned());
        }
    }

    fn expect(&mut self, id: Id, expected: ValueType, place: &str) {
        let got = self.type_of(id);
        if !got.fits(expected) {
            let (expected, got) = (expected.as_str(), got.as_str());
            self.error(self.ast.node(id).span, format!("expected type {expected} in {place}, got {got}"));
        }
    }

    fn type_of(&self, id: Id) -> ValueType {
        self.types[id.index()]
    }

    fn error(&mut self, span: Span, message: String) {
        self.found.push(Diagnostic { span, severity: Severity::Error, message });
    }
}
