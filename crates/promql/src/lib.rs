//! PromQL as text: tokens with spans, what each of them is, what is wrong, and which metrics are asked for.
//!
//! Everything here is total: any text gives tokens and diagnostics, nothing panics, and time is linear in the text.
//! Grafana's `$variables` are part of the language, since that is what dashboards and editors hold.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod diagnostics;
pub mod functions;
pub mod highlight;
mod lexer;
mod metrics;
pub mod token;

pub use diagnostics::{Diagnostic, Severity, diagnose};
pub use lexer::{Lexer, lex};
pub use metrics::metric_names;
pub use token::{Keyword, Span, Token, TokenKind};
