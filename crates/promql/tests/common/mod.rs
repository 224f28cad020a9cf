//! What several tests need: the public expressions, a server to ask, trees as text.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part of it, and fails where it cannot")]

pub mod server;
pub mod tree;

use promql::{TokenKind, lex};
use std::path::PathBuf;

/// The expressions of public dashboards, as they are written there. `None` where they are not at hand.
pub fn public_expressions() -> Option<Vec<String>> {
    let corpus = corpus();
    let Ok(expressions) = std::fs::read_to_string(corpus.join("promql/expressions.txt")) else {
        println!("skipped: the expressions are not here");
        return None;
    };
    let unescaped = |line: &str| {
        let mut out = String::with_capacity(line.len());
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (c, chars.clone().next()) {
                ('\\', Some(next @ ('n' | 'r' | '\\'))) => {
                    out.push(match next {
                        'n' => '\n',
                        'r' => '\r',
                        other => other,
                    });
                    chars.next();
                }
                _ => out.push(c),
            }
        }
        out
    };
    Some(expressions.lines().map(unescaped).collect())
}

/// Where data to test against is kept.
pub fn corpus() -> PathBuf {
    std::env::var_os("PYROGRAPH_CORPUS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from)
}

/// An expression with something plausible in place of each variable.
pub fn filled_in(expr: &str) -> String {
    let mut out = String::with_capacity(expr.len());
    let mut brackets = 0_u32;
    let tokens = lex(expr);
    for (index, token) in tokens.iter().enumerate() {
        let written = token.span.of(expr);
        match token.kind {
            TokenKind::LeftBracket => brackets += 1,
            TokenKind::RightBracket => brackets = brackets.saturating_sub(1),
            _ => {}
        }
        match token.kind {
            TokenKind::Variable => {
                let is_word = |at: Option<&promql::Token>| {
                    at.is_some_and(|token| matches!(token.kind, TokenKind::Name | TokenKind::BadNumber))
                };
                let in_word = is_word(tokens.get(index + 1)) || is_word(tokens.get(index.wrapping_sub(1)));
                let is_number = written.contains("_ms") || written.contains("_s") && written.contains("__");
                out.push_str(match (in_word, brackets > 0, is_number) {
                    (true, true, _) | (_, _, true) => "60",
                    (false, true, _) => "5m",
                    (true, false, _) => "x",
                    (false, false, _) if written.contains("interval") || written.contains("range") => "5m",
                    _ => "y1",
                });
            }
            TokenKind::Text { .. } => out.push_str(&filled_in_text(written)),
            _ => out.push_str(written),
        }
    }
    out
}

fn filled_in_text(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '[']) {
        out.push_str(&rest[..at]);
        let token = lex(&rest[at..]).first().copied();
        match token.filter(|token| token.kind == TokenKind::Variable) {
            Some(token) if !rest[at + 1..].starts_with(|c: char| c.is_ascii_digit()) => {
                out.push('v');
                rest = &rest[at + token.span.end..];
            }
            _ => {
                out.push_str(&rest[at..=at]);
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}
