//! PromQL: what an expression is made of, what is wrong with it, how it is written, and what may be kept of its answers.
//!
//! Everything here is total: any text gives tokens, a tree and diagnostics, nothing panics, and time is linear in the
//! text.
//!
//! Each entry point stands for itself, so that a page that only asks how far back a query looks does not carry the
//! formatter or the help texts: [`parse()`], [`increment`], [`rewrite`], [`mod@print`], [`check`], [`functions`],
//! [`highlight`], [`complete`], [`rank`], [`diagnose`], [`metric_names`].
//!
//! # Variables of dashboards
//!
//! Dashboards and editors hold expressions with Grafana's variables in them, so `$x`, `${x:format}` and `[[x]]` are part
//! of the language: in the place of an expression, a number, a duration, a time, a label in `by (…)` and the like, a
//! value or all conditions within braces, the name of a metric, a function or an aggregation, and as parts of names and
//! durations (`node_${unit}_total`, `[${n}m]`). In strings they are text like any other. What they stand for is taken to
//! be right. A variable that stands for an operator, a bracket or a comma has to be filled in before.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod ast;
pub mod check;
pub mod complete;
pub mod diagnostics;
pub mod functions;
pub mod highlight;
pub mod increment;
mod lexer;
mod messages;
mod metrics;
mod number;
pub mod ops;
mod parse;
mod pattern;
pub mod print;
mod quoting;
pub mod rank;
pub mod rewrite;
pub mod token;
pub mod types;

pub use ast::Ast;
pub use diagnostics::{Diagnostic, Severity, diagnose};
pub use lexer::{Lexer, lex};
pub use messages::{position, quoted};
pub use metrics::metric_names;
pub use parse::{Bracket, Context, ErrorKind, Parsed, SyntaxError, parse};
pub use quoting::{is_plain_label, selector};
pub use token::{Keyword, Span, Token, TokenKind};
