//! Conditions added to selectors: by a table, as Grafana adds them, and on any text.
#![allow(clippy::unwrap_used)]

mod common;

use common::tree::tree;
use promql::ops::MatchOp;
use promql::rewrite::{NewMatcher, TooDeep, add_matchers};
use promql::{ast::Kind, parse};
use proptest::prelude::*;

const JOB: NewMatcher = NewMatcher { label: "job", op: MatchOp::Equal, value: "n" };

fn check(expr: &str, expected: &str) {
    assert_eq!(add_matchers(expr, &[JOB]).as_deref(), Ok(expected));
}

#[test]
fn every_selector_gets_the_condition() {
    check("up", r#"up{job="n"}"#);
    check("up{}", r#"up{job="n"}"#);
    check("up { }[5m]", r#"up {job="n" }[5m]"#);
    check("{a='b'}", r#"{a='b', job="n"}"#);
    check("{'a.b', c=\"d\"}", r#"{'a.b', c="d", job="n"}"#);
    check(
        "sum(rate(a[5m] offset 1h)) by (x)\n/ on (x) b",
        "sum(rate(a{job=\"n\"}[5m] offset 1h)) by (x)\n/ on (x) b{job=\"n\"}",
    );
    check("max_over_time(rate(a[5m])[1h:])", r#"max_over_time(rate(a{job="n"}[5m])[1h:])"#);
    check("topk(scalar(k), a)", r#"topk(scalar(k{job="n"}), a{job="n"})"#);
    check("-sum + start", r#"-sum{job="n"} + start{job="n"}"#);
    check("a @ end() smoothed", r#"a{job="n"} @ end() smoothed"#);
    check("1 + time() + nan", "1 + time() + nan");
    check("label_replace(a, \"b\", \"$1\", \"c\", \"(.*)\")", r#"label_replace(a{job="n"}, "b", "$1", "c", "(.*)")"#);
}

#[test]
fn conditions_on_info_metrics_stay() {
    check("info(rate(a[5m]), {k=~'.+'})", r#"info(rate(a{job="n"}[5m]), {k=~'.+'})"#);
    check("info(info(a, {b='c'}), {d='e'}) / f", r#"info(info(a{job="n"}, {b='c'}), {d='e'}) / f{job="n"}"#);
    check("info(a, $labels)", r#"info(a{job="n"}, $labels)"#);
    check("info(a)", r#"info(a{job="n"})"#);
}

#[test]
fn the_rest_stays_byte_for_byte() {
    check("a{ x = 'y' , }", "a{ x = 'y' , job=\"n\" }");
    check("a{x=\"y\" # a comma, here\n} # b", "a{x=\"y\", job=\"n\" # a comma, here\n} # b");
    check("a{x=\"}\"}", r#"a{x="}", job="n"}"#);
    check("a{x=`y`,z!~'w'}", r#"a{x=`y`,z!~'w', job="n"}"#);
}

#[test]
fn the_same_condition_is_not_added_twice() {
    check("a{job=\"n\"}", r#"a{job="n"}"#);
    check("a{job!='n', x='y'}", r#"a{job="n", x='y'}"#);
    check("a{'job'=~\"n\"}", r#"a{job="n"}"#);
    check("a{job=\"m\"}", r#"a{job="m", job="n"}"#);
    let twins = [JOB, NewMatcher { op: MatchOp::NotEqual, ..JOB }];
    assert_eq!(add_matchers("a", &twins).as_deref(), Ok(r#"a{job!="n"}"#));
    assert_eq!(add_matchers("a { } # b", &[]).as_deref(), Ok("a { } # b"));
}

#[test]
fn each_side_of_an_or_gets_the_condition() {
    check(r#"m{a="b" or c="d"}"#, r#"m{a="b", job="n" or c="d", job="n"}"#);
    check(
        r#"m{a="b",c="d" or e="f",g="h" or i="j"}[5m]"#,
        r#"m{a="b",c="d", job="n" or e="f",g="h", job="n" or i="j", job="n"}[5m]"#,
    );
    check(r#"m{job="n" or job!="n",c="d"}"#, r#"m{job="n" or job="n",c="d"}"#);
    check(r#"m{a="b" or or="d"}"#, r#"m{a="b", job="n" or or="d", job="n"}"#);
    check(r#"m{or="b"}"#, r#"m{or="b", job="n"}"#);
    check(r#"m{a="b" or c="d""#, r#"m{a="b", job="n" or c="d", job="n"}"#);
    check(r#"m{a="b" or }"#, r#"m{a="b", job="n" or }"#);
}

#[test]
fn names_and_values_are_quoted_as_needed() {
    let odd = NewMatcher { label: "a.b", op: MatchOp::Matches, value: "c\\d \"e\"\n" };
    assert_eq!(add_matchers("up", &[odd, JOB]).as_deref(), Ok(r#"up{"a.b"=~"c\\d \"e\"\n", job="n"}"#));
}

#[test]
fn variables_before_they_are_filled_in() {
    check("$metric", r#"$metric{job="n"}"#);
    check("${metric}[$__interval]", r#"${metric}{job="n"}[$__interval]"#);
    check("[[metric]]{x=\"$y\"}", r#"[[metric]]{x="$y", job="n"}"#);
    check("node_${unit}_total{$filters}", r#"node_${unit}_total{$filters, job="n"}"#);
    check("$fn(a)", r#"$fn(a{job="n"})"#);
    check("a * 5${unit}", r#"a{job="n"} * 5${unit}"#);
}

#[test]
fn broken_texts_get_what_they_can() {
    check("bad{", r#"bad{job="n"}"#);
    check("up{job=\"a\"", r#"up{job="a", job="n"}"#);
    check("up{x=\"a\",", r#"up{x="a", job="n"}"#);
    check("sum(up{x=\"a\")", r#"sum(up{x="a", job="n"})"#);
    check("a b", r#"a{job="n"} b{job="n"}"#);
    check("sum(a b, c", r#"sum(a{job="n"} b{job="n"}, c{job="n"}"#);
    check("", "");
    assert_eq!(add_matchers(&"(".repeat(10_000), &[JOB]), Err(TooDeep));
    // However much else is wrong before.
    let many_errors = "1e999 + ".repeat(500) + &"(".repeat(1000);
    assert_eq!(add_matchers(&many_errors, &[JOB]), Err(TooDeep));
}

/// Grafana's own answers. It writes the whole selector anew and quotes nothing, so meanings are compared, and values
/// with quotes in them left out.
#[test]
fn as_grafana_does() {
    let table = common::corpus().join("conformance/add_label.jsonl");
    let Ok(table) = std::fs::read_to_string(table) else { return println!("skipped: Grafana's answers are not here") };
    let mut compared = 0;
    for row in table.lines().skip(1) {
        let row: serde_json::Value = serde_json::from_str(row).unwrap();
        let text = |index: usize| row[index].as_str();
        let (Some(expr), Some(label), Some(value), Some(expected)) = (text(1), text(2), text(3), text(5)) else {
            continue;
        };
        let op = text(4).map_or(Some(MatchOp::Equal), MatchOp::parse);
        let Some(op) = op.filter(|_| !value.contains('"')) else { continue };
        let ours = add_matchers(expr, &[NewMatcher { label, op, value }]).unwrap();
        assert_eq!(tree(&parse(&ours).ast), tree(&parse(expected).ast), "{expr}: {ours} or {expected}");
        compared += 1;
    }
    assert!(compared > 100, "{compared} rows are few");
}

fn almost_promql() -> impl Strategy<Value = String> {
    proptest::string::string_regex(r#"(a|b|sum|\$x|1|5m|"s"|[{}()\[\]]|[{]x="y"|,|=|!=|\+|@| |#\n|offset|by|on){0,30}"#)
        .unwrap()
}

fn selectors(text: &str) -> usize {
    let parsed = parse(text);
    parsed.ast.nodes().iter().filter(|node| matches!(node.kind, Kind::Selector(_))).count()
}

proptest! {
    #[test]
    fn twice_is_once(text in almost_promql()) {
        if let Ok(once) = add_matchers(&text, &[JOB])
            && parse(&text).errors.is_empty()
        {
            prop_assert!(parse(&once).errors.is_empty());
            prop_assert_eq!(once.matches("job=\"n\"").count(), selectors(&once));
            prop_assert_eq!(add_matchers(&once, &[JOB]).unwrap(), once);
        }
    }

    #[test]
    fn what_was_there_stays(text in any::<String>()) {
        if let Ok(longer) = add_matchers(&text, &[JOB]) {
            let mut chars = longer.chars();
            prop_assert!(text.chars().all(|c| chars.any(|other| other == c)));
        }
    }
}
