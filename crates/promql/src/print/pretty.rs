//! The form on several lines.

use super::Line;
use super::parts::{aggregate_head, operator};
use crate::ast::{Ast, Id, Kind};

pub(super) fn pretty(ast: &Ast) -> String {
    let mut pretty = Pretty { ast, line: Line::of(ast), out: String::new() };
    pretty.node(ast.root(), 0);
    pretty.out
}

const LONGEST_LINE: usize = 100;

/// Indentation that nobody writes by hand, and that would make long chains quadratic.
const DEEPEST_INDENT: usize = 50;

struct Pretty<'a, 't> {
    ast: &'a Ast<'t>,
    line: Line,
    out: String,
}

impl Pretty<'_, '_> {
    fn is_long(&self, id: Id) -> bool {
        self.line.part(id).len() > LONGEST_LINE
    }

    fn indent(&mut self, level: usize) {
        for _ in 0..level.min(DEEPEST_INDENT) {
            self.out.push_str("  ");
        }
    }

    fn node(&mut self, id: Id, level: usize) {
        let kind = &self.ast.node(id).kind;
        match kind {
            Kind::Aggregate { args, .. } if self.is_long(id) => {
                self.indent(level);
                let head = aggregate_head(self.ast, id);
                self.out.push_str(&head);
                self.arguments(args, level);
            }
            Kind::Call { name, args } if self.is_long(id) => {
                self.indent(level);
                self.out.push_str(self.ast.slice(*name));
                self.arguments(args, level);
            }
            Kind::Paren(inner) if self.is_long(id) => {
                self.indent(level);
                self.arguments(&[*inner], level);
            }
            Kind::Binary { .. } if self.is_long(id) => self.binary(id, level),
            Kind::Subquery { expr, .. } => {
                if self.is_long(id) {
                    self.node(*expr, level);
                    let (whole, inner) = (self.line.part(id), self.line.part(*expr));
                    self.out.push_str(&whole[inner.len()..]);
                } else {
                    // As Prometheus does: without indentation.
                    self.out.push_str(self.line.part(id));
                }
            }
            Kind::Unary { minus, expr } => {
                self.indent(level);
                self.out.push(if *minus { '-' } else { '+' });
                let start = self.out.len();
                self.node(*expr, level);
                let trimmed = self.out[start..].trim().to_owned();
                self.out.truncate(start);
                self.out.push_str(&trimmed);
            }
            _ => {
                self.indent(level);
                self.out.push_str(self.line.part(id));
            }
        }
    }

    fn arguments(&mut self, args: &[Id], level: usize) {
        self.out.push_str("(\n");
        for (index, arg) in args.iter().enumerate() {
            self.out.push_str(if index > 0 { ",\n" } else { "" });
            self.node(*arg, level + 1);
        }
        self.out.push('\n');
        self.indent(level);
        self.out.push(')');
    }

    /// As long as the left side is too long itself, its operator stands one level deeper.
    fn binary(&mut self, id: Id, level: usize) {
        let mut chain = Vec::new();
        let mut first = id;
        while let Kind::Binary { lhs, rhs, .. } = self.ast.node(first).kind
            && self.is_long(first)
        {
            chain.push((first, rhs));
            first = lhs;
        }
        self.node(first, level + chain.len());
        for (above, (id, rhs)) in chain.into_iter().enumerate().rev() {
            self.out.push('\n');
            self.indent(level + above);
            let operator = operator(self.ast, &self.line.types, id);
            self.out.push_str(&operator);
            self.out.push('\n');
            self.node(rhs, level + above + 1);
        }
    }
}
