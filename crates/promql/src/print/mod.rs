//! Expressions as Prometheus writes them, on one line or on several.
//!
//! Both forms are those of Prometheus 3. Comments are not part of the tree, so they vanish here as they do on the
//! server; [`has_comments`] tells whether there are any to lose.

mod parts;
mod pretty;

use self::parts::{aggregate_head, is_variable, operator, write_number, write_string, written_matcher};
use crate::ast::{Ast, At, Duration, DurationKind, Extent, Id, Kind, Modifiers, Selector};
use crate::lexer::Lexer;
use crate::number::{self, write_duration};
use crate::parse::{SyntaxError, parse};
use crate::token::{Span, TokenKind};
use crate::types::{ValueType, types};

/// `text` as Prometheus' `format_query` would write it, on as many lines as are needed to keep them short.
///
/// # Errors
/// The first thing that is wrong with its syntax.
///
/// ```
/// assert_eq!(promql::print::format("sum(rate(a[90s]))by(job)").unwrap(), "sum by (job) (rate(a[1m30s]))");
/// ```
pub fn format(text: &str) -> Result<String, SyntaxError> {
    let parsed = parse(text);
    match parsed.errors.first() {
        Some(error) => Err(*error),
        None => Ok(pretty(&parsed.ast)),
    }
}

/// Whether formatting would lose comments.
#[must_use]
pub fn has_comments(text: &str) -> bool {
    Lexer::new(text).any(|token| token.kind == TokenKind::Comment)
}

/// The whole expression on one line.
#[must_use]
pub fn line(ast: &Ast) -> String {
    Line::of(ast).text
}

/// The whole expression, split where a part of it is longer than 100 bytes.
#[must_use]
pub fn pretty(ast: &Ast) -> String {
    pretty::pretty(ast)
}

/// The expression on one line, and where in it each node is. Every node's own line is a part of its parent's.
struct Line {
    text: String,
    spans: Vec<Span>,
    types: Vec<ValueType>,
}

impl Line {
    fn of(ast: &Ast) -> Self {
        let line = Self { text: String::new(), spans: vec![Span::default(); ast.nodes().len()], types: types(ast) };
        let mut printer = Printer { ast, line };
        printer.node(ast.root());
        printer.line
    }

    fn part(&self, id: Id) -> &str {
        self.spans[id.index()].of(&self.text)
    }
}

struct Printer<'a, 't> {
    ast: &'a Ast<'t>,
    line: Line,
}

impl Printer<'_, '_> {
    fn node(&mut self, id: Id) {
        let start = self.line.text.len();
        match &self.ast.node(id).kind {
            Kind::Missing => {}
            Kind::Variable => self.push(self.ast.slice(self.ast.node(id).span)),
            Kind::Number { value, duration } => write_number(&mut self.line.text, *value, *duration),
            Kind::Text => write_string(&mut self.line.text, self.ast.slice(self.ast.node(id).span)),
            Kind::Selector(selector) => self.selector(selector),
            Kind::Range { selector, range, modifiers } => {
                self.node(*selector);
                self.push("[");
                self.duration(range);
                self.push("]");
                self.extent(modifiers);
                self.at(modifiers);
                self.offset(modifiers);
            }
            Kind::Subquery { expr, .. } => {
                self.node(*expr);
                self.subquery_suffix(id);
            }
            Kind::Call { name, args } => {
                self.push(self.ast.slice(*name));
                self.arguments(args);
            }
            Kind::Aggregate { args, .. } => {
                self.push(&aggregate_head(self.ast, id));
                self.arguments(args);
            }
            Kind::Binary { .. } => self.binary(id, start),
            Kind::Unary { minus, expr } => {
                self.push(if *minus { "-" } else { "+" });
                self.node(*expr);
            }
            Kind::Paren(inner) => {
                self.push("(");
                self.node(*inner);
                self.push(")");
            }
        }
        self.line.spans[id.index()] = Span { start, end: self.line.text.len() };
    }

    /// Chains may be long: from the first operand on, without recursion into the left.
    fn binary(&mut self, id: Id, start: usize) {
        let mut chain = Vec::new();
        let mut first = id;
        while let Kind::Binary { lhs, rhs, .. } = self.ast.node(first).kind {
            chain.push((first, rhs));
            first = lhs;
        }
        self.node(first);
        for (id, rhs) in chain.into_iter().rev() {
            self.push(" ");
            self.push(&operator(self.ast, &self.line.types, id));
            self.push(" ");
            self.node(rhs);
            self.line.spans[id.index()] = Span { start, end: self.line.text.len() };
        }
    }

    fn arguments(&mut self, args: &[Id]) {
        self.push("(");
        for (index, arg) in args.iter().enumerate() {
            self.push(if index > 0 { ", " } else { "" });
            self.node(*arg);
        }
        self.push(")");
    }

    fn selector(&mut self, selector: &Selector) {
        let name = selector.name.map_or("", |name| self.ast.slice(name));
        let mut matchers: Vec<String> = Vec::with_capacity(selector.matchers().len());
        for matcher in selector.matchers() {
            let written = written_matcher(self.ast, matcher, name);
            matchers.extend(written);
        }
        matchers.sort_unstable();
        self.push(name);
        // Without its braces, a variable need not be the name of a metric.
        let needs_braces = name.is_empty() || (is_variable(name) && selector.braces.is_some());
        if !matchers.is_empty() || needs_braces {
            self.push("{");
            self.push(&matchers.join(","));
            self.push("}");
        }
        self.at(&selector.modifiers);
        self.extent(&selector.modifiers);
        self.offset(&selector.modifiers);
    }

    fn subquery_suffix(&mut self, id: Id) {
        let Kind::Subquery { window, modifiers, .. } = &self.ast.node(id).kind else { return };
        self.push("[");
        self.duration(&window.range);
        self.push(":");
        if let Some(step) = &window.step {
            self.duration(step);
        }
        self.push("]");
        self.at(modifiers);
        self.offset(modifiers);
    }

    fn at(&mut self, modifiers: &Modifiers) {
        let Some(at) = modifiers.at else { return };
        self.push(" @ ");
        match at {
            At::Time(millis) => self.push(&format!("{:.3}", millis as f64 / 1000.0)),
            At::Start => self.push("start()"),
            At::End => self.push("end()"),
            At::Variable(span) => self.push(self.ast.slice(span)),
        }
    }

    fn offset(&mut self, modifiers: &Modifiers) {
        let Some(offset) = &modifiers.offset else { return };
        if offset.literal_seconds() == Some(0.0) {
            return;
        }
        self.push(" offset ");
        self.duration(offset);
    }

    fn extent(&mut self, modifiers: &Modifiers) {
        match modifiers.extent {
            Some(Extent::Anchored) => self.push(" anchored"),
            Some(Extent::Smoothed) => self.push(" smoothed"),
            None => {}
        }
    }

    /// A range, a resolution or an offset. A plain number of seconds becomes units here, not within calculations.
    fn duration(&mut self, duration: &Duration) {
        match duration.kind {
            DurationKind::Literal { seconds, .. } => {
                write_duration(&mut self.line.text, number::millis(seconds).unwrap_or_default());
            }
            _ => self.calculation(duration),
        }
    }

    fn calculation(&mut self, duration: &Duration) {
        match &duration.kind {
            DurationKind::Missing => {}
            DurationKind::Variable => self.push(self.ast.slice(duration.span)),
            DurationKind::Literal { seconds, units } => write_number(&mut self.line.text, *seconds, *units),
            DurationKind::Step => self.push("step()"),
            DurationKind::Range => self.push("range()"),
            DurationKind::Negative(inner) => {
                self.push("-");
                self.calculation(inner);
            }
            DurationKind::Paren(inner) => {
                self.push("(");
                self.calculation(inner);
                self.push(")");
            }
            DurationKind::Binary(op, operands) => {
                self.calculation(&operands[0]);
                self.push(" ");
                self.push(op.as_str());
                self.push(" ");
                self.calculation(&operands[1]);
            }
            DurationKind::Choice { name, of, .. } => {
                self.push(&self.ast.slice(*name).to_ascii_lowercase());
                self.push("(");
                self.calculation(&of[0]);
                self.push(", ");
                self.calculation(&of[1]);
                self.push(")");
            }
        }
    }

    fn push(&mut self, text: &str) {
        self.line.text.push_str(text);
    }
}
