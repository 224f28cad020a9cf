//! Any text at all, and the expressions of public dashboards.
#![allow(clippy::unwrap_used)]

mod common;

use promql::ast::{Ast, Id, Kind};
use promql::ops::MatchOp;
use promql::rewrite::{NewMatcher, add_matchers};
use promql::{Severity, check::problems, diagnose, increment, lex, metric_names, parse, print};
use proptest::prelude::*;

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
    check_tree(text);
    let _ = increment::increment_of(text, increment::DEFAULT_LOOKBACK_MILLIS);
    let _ = add_matchers(text, &[NewMatcher { label: "a", op: MatchOp::Equal, value: "b" }]);
}

/// Spans are places in the text, children come first and lie within their parents, and what is wrong has a sentence.
fn check_tree(text: &str) {
    let parsed = parse(text);
    let is_place = |start: usize, end: usize| start <= end && text.get(start..end).is_some();
    for (index, node) in parsed.ast.nodes().iter().enumerate() {
        assert!(is_place(node.span.start, node.span.end), "{text:?}: {node:?}");
        for child in children(&parsed.ast, &node.kind) {
            let inner = parsed.ast.node(child).span;
            assert!(child.index() < index, "children come first: {text:?}");
            assert!(node.span.start <= inner.start && inner.end <= node.span.end, "{text:?}: {node:?} has {inner:?}");
        }
    }
    for error in &parsed.errors {
        assert!(is_place(error.span.start, error.span.end) && !error.message(text).is_empty(), "{text:?}: {error:?}");
    }
    for problem in problems(text) {
        assert!(is_place(problem.span.start, problem.span.end), "{text:?}: {problem:?}");
    }
    let _ = (print::line(&parsed.ast), print::pretty(&parsed.ast));
}

fn children(ast: &Ast, kind: &Kind) -> Vec<Id> {
    match kind {
        Kind::Missing | Kind::Variable | Kind::Number { .. } | Kind::Text | Kind::Selector(_) => Vec::new(),
        Kind::Range { selector: child, .. }
        | Kind::Subquery { expr: child, .. }
        | Kind::Unary { expr: child, .. }
        | Kind::Paren(child) => vec![*child],
        Kind::Call { args, .. } | Kind::Aggregate { args, .. } => args.clone(),
        Kind::Binary { lhs, rhs, .. } => {
            assert!(ast.node(*lhs).span.end <= ast.node(*rhs).span.start);
            vec![*lhs, *rhs]
        }
    }
}

proptest! {
    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn almost_promql(text in r#"([a-z:]{1,3}|[0-9.xemhs_]{1,4}|["'`\\{}()\[\]#$@,=!~<>+*/^% \n]|ü|sum|by|Inf|a\[|\$x|offset|on|group_left|fill|step\(\)|smoothed){0,40}"#) {
        check(&text);
    }
}

/// What the fuzzer begins with.
#[test]
fn seeds_of_the_fuzzer() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/promql");
    let mut seeds = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        check(&String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()));
        seeds += 1;
    }
    assert!(seeds > 5);
}

#[test]
fn public_expressions_are_understood() {
    let Some(expressions) = common::public_expressions() else { return };
    let (mut all, mut wrong, mut foreign, mut unread, mut unread_filled) = (0, 0, 0, 0, 0);
    for expr in &expressions {
        check(expr);
        let found = diagnose(expr);
        all += 1;
        wrong += usize::from(found.iter().any(|d| d.severity == Severity::Error));
        foreign += usize::from(found.iter().any(|d| d.severity == Severity::Warning));
        unread += usize::from(!parse(expr).errors.is_empty());
        unread_filled += usize::from(!parse(&common::filled_in(expr)).errors.is_empty());
    }
    println!(
        "{all} expressions: {wrong} with errors and {foreign} with unknown functions by their tokens; \
         {unread} with syntax errors as written, {unread_filled} with variables filled in"
    );
    // Some are templates of other engines, or broken as published.
    assert!(wrong * 100 < all, "{wrong} of {all} have errors");
    assert!(unread * 200 < all && unread_filled * 200 < all, "{unread} and {unread_filled} of {all} cannot be read");
}
