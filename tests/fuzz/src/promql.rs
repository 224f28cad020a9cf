//! The parser of queries, and all that works on its trees.

#[path = "../../../crates/promql/tests/common/tree.rs"]
mod tree;

use promql::ops::MatchOp;
use promql::rewrite::{NewMatcher, add_matchers};
use promql::{check, diagnose, increment, lex, metric_names, parse, print};

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let text = &*String::from_utf8_lossy(body);
    check_tokens(text);
    let parsed = parse(text);
    for node in parsed.ast.nodes() {
        assert!(text.get(node.span.start..node.span.end).is_some(), "nodes are places in the text");
    }
    for error in &parsed.errors {
        assert!(text.get(error.span.start..error.span.end).is_some() && !error.message(text).is_empty());
    }
    let _ = (diagnose(text), metric_names(text), check::problems(text));
    let _ = increment::increment_of(text, increment::DEFAULT_LOOKBACK_MILLIS);
    let (line, pretty) = (print::line(&parsed.ast), print::pretty(&parsed.ast));
    check_filters(text, parsed.errors.is_empty());
    // What is printed of a broken text need not be whole, and Prometheus writes `Inf ^ a` as `+Inf ^ a`, which is another
    // expression.
    let has_infinity = line.contains("Inf");
    if parsed.errors.is_empty() && check::check(&parsed.ast).is_empty() && !has_infinity {
        for printed in [&line, &pretty] {
            let again = parse(printed);
            assert!(again.errors.is_empty(), "{text:?} is printed as {printed:?}");
            assert_eq!(print::line(&again.ast), line, "printing settles");
        }
    }
    let _ = tree::tree(&parsed.ast);
}

fn check_tokens(text: &str) {
    let mut at = 0;
    for token in lex(text) {
        assert!(token.span.start == at && token.span.end > at);
        at = token.span.end;
    }
    assert_eq!(at, text.len());
}

fn check_filters(text: &str, is_whole: bool) {
    let job = NewMatcher { label: "job", op: MatchOp::Equal, value: "fuzz" };
    let Ok(once) = add_matchers(text, &[job]) else { return };
    if is_whole {
        assert!(parse(&once).errors.is_empty(), "{text:?} becomes {once:?}");
        assert_eq!(add_matchers(&once, &[job]).as_ref(), Ok(&once));
    }
}
