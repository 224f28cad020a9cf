//! The parser of queries, and all that works on its trees.

#[path = "../../../crates/promql/tests/common/tree.rs"]
mod tree;

use promql::complete::complete;
use promql::highlight::{highlight, matching_brackets};
use promql::ops::MatchOp;
use promql::rewrite::{NewMatcher, add_matchers};
use promql::{check, diagnose, increment, lex, metric_names, parse, print};

/// So many places in a text are asked for what can stand there.
const MOST_CARETS: usize = 64;

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
    check_typing(text);
}

/// What an editor asks wherever the caret stands.
fn check_typing(text: &str) {
    for (token, _) in highlight(text) {
        assert!(text.get(token.span.start..token.span.end).is_some());
    }
    for caret in (0..=text.len()).filter(|at| text.is_char_boundary(*at)).take(MOST_CARETS) {
        let brackets = matching_brackets(text, caret);
        assert!(brackets.is_none_or(|(open, close)| open.end <= close.start));
        if let Some(found) = complete(text, caret) {
            assert!(text.get(found.span.start..found.span.end).is_some(), "{caret} in {text:?}");
        }
    }
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
