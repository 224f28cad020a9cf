//! Public expressions, and broken ones made of them, against a real Prometheus. Debian's 2.42 is enough: what it does not
//! know yet is listed here, and is in the tables of the other tests.
#![allow(clippy::unwrap_used)]

mod common;

use common::server::Server;
use common::tree::tree;
use promql::check::problems;
use promql::{lex, parse, position, print};

/// Whether `expr` is formatted as `expected`, byte for byte. That it means the same is asserted.
fn is_same_text(expr: &str, expected: &str) -> bool {
    let parsed = parse(expr);
    assert!(parsed.errors.is_empty(), "{expr}\n{}", parsed.errors[0].message(expr));
    let ours = print::pretty(&parsed.ast);
    // Prometheus 2 loses a `group_left` after an empty `ignoring ()`.
    if ours != expected && expr.matches("group_").count() > expected.matches("group_").count() {
        return false;
    }
    // Prometheus 2 writes large and small numbers with exponents, Prometheus 3 in full.
    if ours != expected && ["e+", "e-"].iter().any(|exponent| expected.contains(exponent)) {
        assert_eq!(tree(&parse(&ours).ast), tree(&parse(expected).ast));
        return false;
    }
    assert_eq!(ours, expected, "{expr}");
    true
}

#[test]
fn formatting_is_that_of_the_server() {
    let (Some(mut server), Some(expressions)) = (Server::connect(), common::public_expressions()) else { return };
    let (mut same, mut refused) = (0, 0);
    for expr in &expressions {
        let expr = common::filled_in(expr);
        match server.format(&expr) {
            Ok(expected) => {
                same += usize::from(is_same_text(&expr, &expected));
            }
            Err((.., message)) => {
                refused += 1;
                let ours = problems(&expr);
                let is_same = ours.iter().any(|problem| problem.message == message);
                assert!(is_same || is_newer(&message), "{expr}\n{message}\n{ours:?}");
            }
        }
    }
    println!(
        "{same} of {} formatted alike, {refused} refused for the same reason or for what came later",
        expressions.len()
    );
}

/// What is tried in the place of a token.
const ODD: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "+",
    "by",
    "on",
    "zz",
    "1",
    "5m",
    "\"s\"",
    "==",
    "and",
    "offset",
    "bool",
    "sum",
    "rate",
    "@",
    "-",
    "=",
    "group_left",
    ":",
    ";",
];

/// `expr` with one token removed, replaced or added.
fn broken(expr: &str, random: &mut impl FnMut(usize) -> usize) -> Option<String> {
    let mut tokens: Vec<&str> = lex(expr).iter().map(|token| token.span.of(expr)).collect();
    if tokens.is_empty() {
        return None;
    }
    let at = random(tokens.len());
    match random(3) {
        0 => drop(tokens.remove(at)),
        1 => tokens[at] = ODD[random(ODD.len())],
        _ => drop(tokens.splice(at..at, [" ", ODD[random(ODD.len())], " "])),
    }
    Some(tokens.concat())
}

/// A message of Prometheus 2 as Prometheus 3 words it.
fn modern(message: &str) -> String {
    let durations = "number, duration, step(), or range()";
    message.replace("in offset, expected duration", &format!("in offset, expected {durations}")).replace(
        "in subquery selector, expected duration or",
        "in subquery selector, expected number, duration, step(), range(), or",
    )
}

/// Whether Prometheus 2 says this of what has come since: strings as labels, numbers as durations, durations as numbers,
/// signs and colons in more places.
fn is_newer(message: &str) -> bool {
    let beginnings = ["unexpected string", "unexpected duration", "unexpected number", "unexpected <op:+>"];
    beginnings.iter().any(|known| message.starts_with(known))
        || message.contains("in duration")
        || message.contains("metric identifier")
}

/// Numbers below what is asked for, the same at each run.
fn random_numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move |below| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    }
}

/// What regular expressions are made of.
const PARTS: &[&str] = &[
    "a",
    "b",
    "-",
    ":",
    "*",
    "+",
    "?",
    "|",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{2}",
    "{1,3}",
    "{3,1}",
    "{0,",
    ",",
    "^",
    "$",
    "\\",
    "\\d",
    "\\b",
    "\\.",
    "\\1",
    "\\12",
    "\\x41",
    "\\pL",
    "\\p{Greek}",
    "[:alpha:]",
    "[^",
    "[a-",
    "(?:",
    "(?i)",
    "(?!",
    "(?P<n>",
    "é",
    "A",
];

/// Whatever is refused is refused by the server, and whatever matches nothing does so there. Not all that it refuses is.
#[test]
fn regular_expressions_are_refused_alike() {
    let Some(mut server) = Server::connect() else { return };
    let mut random = random_numbers();
    let (mut wrong, mut missed) = (0, 0);
    for _ in 0..20_000 {
        let pattern: String = (0..=random(9)).map(|_| PARTS[random(PARTS.len())]).collect();
        let text = format!("{{a=~`{pattern}`}}");
        match (server.format(&text), problems(&text).first()) {
            (Ok(_), first) => assert_eq!(first, None, "{text}"),
            (Err(_), None) => missed += 1,
            (Err((.., message)), Some(first)) => {
                assert!(
                    !message.starts_with("vector selector") || first.message == message,
                    "{text}\n{message}\n{first:?}"
                );
                wrong += 1;
            }
        }
    }
    println!("{wrong} refused by both, {missed} by the server alone");
    assert!(missed * 20 < wrong);
}

#[test]
fn broken_expressions_are_refused_alike() {
    let (Some(mut server), Some(expressions)) = (Server::connect(), common::public_expressions()) else { return };
    let mut random = random_numbers();
    let (mut accepted, mut refused, mut same, mut same_place, mut newer) = (0, 0, 0, 0, 0);
    for expr in expressions.iter().cycle().take(3 * expressions.len()) {
        let Some(text) = broken(&common::filled_in(expr), &mut random) else { continue };
        let ours = problems(&text);
        match (server.format(&text), ours.first()) {
            (Ok(expected), first) => {
                assert!(first.is_none(), "{text}\n{first:?}");
                is_same_text(&text, &expected);
                accepted += 1;
            }
            (Err((.., message)), None) => {
                assert!(is_newer(&message), "{text}\n{message}");
                newer += 1;
            }
            (Err((line, column, message)), Some(first)) => {
                refused += 1;
                if first.message == modern(&message) {
                    same += 1;
                    same_place += usize::from(position(&text, first.span) == (line, column));
                }
            }
        }
    }
    println!(
        "{accepted} accepted by both, {newer} by us alone; {refused} refused by both, {same} of them with the same \
         message, {same_place} of those at the same place"
    );
    assert!(same * 100 > refused * 90 && same_place * 100 > same * 90);
}
