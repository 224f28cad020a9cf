//! Any text at all, and the expressions of public dashboards.

use promql::{Severity, diagnose, lex, metric_names};
use proptest::prelude::*;
use std::path::PathBuf;

fn check(text: &str) {
    let mut at = 0;
    for token in lex(text) {
        assert!(token.span.start == at && token.span.end > at, "tokens follow each other: {text:?}");
        assert!(text.is_char_boundary(token.span.end));
        at = token.span.end;
    }
    assert_eq!(at, text.len(), "every byte is in a token: {text:?}");
    assert!(diagnose(text).is_sorted_by_key(|diagnostic| diagnostic.span));
    assert!(metric_names(text).iter().all(|name| !name.is_empty()));
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn almost_promql(text in r#"([a-z:]{1,3}|[0-9.xemhs_]{1,4}|["'`\\{}()\[\]#$@,=!~<>+*/^% \n]|ü|sum|by|Inf){0,40}"#) {
        check(&text);
    }
}

#[test]
fn public_expressions_are_understood() {
    let corpus = std::env::var_os("PYROGRAPH_CORPUS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let Ok(expressions) = std::fs::read_to_string(corpus.join("promql/expressions.txt")) else {
        return println!("skipped: the expressions are not here");
    };
    let (mut all, mut wrong, mut foreign) = (0, 0, 0);
    for expr in expressions.lines() {
        let expr = expr.replace(r"\n", "\n").replace(r"\r", "\r").replace(r"\\", r"\");
        check(&expr);
        let found = diagnose(&expr);
        all += 1;
        wrong += usize::from(found.iter().any(|d| d.severity == Severity::Error));
        foreign += usize::from(found.iter().any(|d| d.severity == Severity::Warning));
    }
    println!("{all} expressions, {wrong} with errors, {foreign} with unknown functions");
    // Some are templates of other engines, or broken as published.
    assert!(wrong * 100 < all, "{wrong} of {all} have errors");
}
