//! Expressions as Prometheus writes them: by tables, and as a property of all that can be read.
#![allow(clippy::unwrap_used)]

mod common;

use common::tree::tree;
use promql::{parse, print};
use proptest::prelude::*;

fn check(text: &str, expected: &str) {
    assert_eq!(print::format(text).as_deref(), Ok(expected), "{text}");
}

#[test]
fn one_line() {
    check("sum(a)by(b,c)", "sum by (b, c) (a)");
    check("sum without(b)(a)", "sum without (b) (a)");
    check("sum by()(a)", "sum(a)");
    check("sum without()(a)", "sum without () (a)");
    check("TOPK(5,a)", "topk(5, a)");
    check("sum by('a b',\"c\")(d)", "sum by (\"a b\", c) (d)");
    check("a{x=\"1\",b='2',}", "a{b=\"2\",x=\"1\"}");
    check("a{}", "a");
    check("{__name__='a',b=`c\\d`}", "{__name__=\"a\",b=\"c\\\\d\"}");
    check("{'a.b','c d'=~\"e\"}", "{\"c d\"=~\"e\",__name__=\"a.b\"}");
    check("a{__name__='a'}", "a");
    check("a @ 12.5 offset -5m", "a @ 12.500 offset -5m");
    check("a[ 3600 ] offset 90s @ end()", "a[1h] @ end() offset 1m30s");
    check("a offset 0s", "a");
    check("a @ start() offset 0s [5m]", "a[5m] @ start()");
    check("a[5m] offset 1m smoothed", "a[5m] smoothed offset 1m");
    check("a anchored @ start() offset 1d", "a @ start() anchored offset 1d");
    check("a[365d:2w1d]", "a[1y:15d]");
    check("a[1h:]", "a[1h:]");
    check("a[5m*2]", "a[5m * 2]");
    check("a[(5 + 2)*1m:STEP()]", "a[(5 + 2) * 1m:step()]");
    check("a[ (5m) ] offset -( 1h/2 )", "a[5m] offset -(1h / 2)");
    check("a[Max_Of(range(),5s)]", "a[max_of(range(), 5s)]");
    check("1e3 + 0x1F + .5 + 1_000", "1000 + 31 + 0.5 + 1000");
    check("5400s * 1001ms", "1h30m * 1s1ms");
    check("Inf - NAN + -inf", "+Inf - NaN + -Inf");
}

#[test]
fn operators() {
    check("a+b", "a + b");
    check("-1^2", "-1 ^ 2");
    check("- a", "-a");
    check("a>bool b", "a > bool b");
    check("a/on()b", "a / on () b");
    check("a/ignoring()b", "a / b");
    check("a/on()1", "a / 1");
    check("a/on()(1+time())", "a / (1 + time())");
    check("1+on()vector(1)", "1 + vector(1)");
    check("scalar(a)+time()*on()-b", "scalar(a) + time() * -b");
    check("a/ignoring()group_left b", "a / ignoring () group_left () b");
    check("a*ON(b,'c.d')GROUP_RIGHT(e)f", "a * on (b, \"c.d\") group_right (e) f");
    check("a</5>/b", "a </ 5 >/ b");
    check("a+fill(0)b", "a + fill (0) b");
    check("a+on(x)fill_right( -1.50 )fill_left(+2)b", "a + on (x) fill_left (2) fill_right (-1.5) b");
    check("a+fill(1000000)b", "a + fill (1e+06) b");
    check("a+fill(999999.5)b", "a + fill (999999.5) b");
    check("a+fill_left(-0.00001)fill_right(1234567)b", "a + fill_left (-1e-05) fill_right (1.234567e+06) b");
    check("a+fill(0.0001)b+fill(1e300)c", "a + fill (0.0001) b + fill (1e+300) c");
    check("a+fill(-Inf)b+fill(inf)c+fill(nan)d", "a + fill (-Inf) b + fill (+Inf) c + fill (NaN) d");
    check("a+fill(-$x)b", "a + fill (-$x) b");
    check("a ATAN2 b UNLESS c", "a atan2 b unless c");
}

#[test]
fn chains_may_be_long() {
    let printed = print::line(&parse(&("1 + on() ".repeat(100_000) + "1")).ast);
    assert_eq!(printed, "1 + ".repeat(100_000) + "1");
}

#[test]
fn variables_stay_as_they_are() {
    check("rate(a{b='$c',$d}[$__rate_interval])", "rate(a{$d,b=\"$c\"}[$__rate_interval])");
    check("sum by($a)(${b:raw})>$c", "sum by ($a) (${b:raw}) > $c");
    check("$agg by(a)(node_$x)", "$agg by (a) (node_$x)");
    check("a[[[b]]:$c] offset $d @ $e", "a[[[b]]:$c] @ $e offset $d");
}

#[test]
fn several_lines() {
    let long = "a_metric_with_a_rather_long_name_that_fills_half_a_line";
    check(
        &format!("sum by (job) (rate({long}{{job=\"x\"}}[5m])) / sum(rate({long}[5m]))"),
        &format!("  sum by (job) (rate({long}{{job=\"x\"}}[5m]))\n/\n  sum(rate({long}[5m]))"),
    );
    check(
        &format!("topk(5, {long} + on (a) group_left (b) {long})"),
        &format!("topk(\n  5,\n    {long}\n  + on (a) group_left (b)\n    {long}\n)"),
    );
    check(&format!("(-clamp({long}, {long}, 1))"), &format!("(\n  -clamp(\n    {long},\n    {long},\n    1\n  )\n)"));
    check(&format!("{long} or {long} or {long}"), &format!("    {long}\n  or\n    {long}\nor\n  {long}"));
    check(
        &format!("max_over_time(sum({long} - {long})[1h:5m] offset 1d)"),
        &format!("max_over_time(\n  sum(\n      {long}\n    -\n      {long}\n  )[1h:5m] offset 1d\n)"),
    );
    check("a # why\n+ b", "a + b");
    assert!(print::has_comments("a # why\n+ b") && !print::has_comments("a{b='#'}"));
}

#[test]
fn broken_texts_are_not_formatted() {
    for text in ["", "a b", "sum(", "a{b='c'"] {
        assert!(print::format(text).is_err(), "{text}");
    }
}

/// Texts of the language, most of them valid.
fn expression() -> impl Strategy<Value = String> {
    let select = proptest::sample::select::<&'static str>;
    let duration = select(vec![
        "5m",
        "300",
        "1h30m",
        "90s",
        "$__interval",
        "5m * 2",
        "step()",
        "(range() + 1) / 2",
        "max_of(5m, step())",
        "-(-1h)",
    ]);
    let offset = select(vec!["5m", "-1h", "300", "(5m * 2)", "-step()", "-(1h / 2)", "0s", "$o"]);
    let selector = select(vec![
        "up",
        "a:b",
        "sum",
        "{a='b'}",
        "{\"x.y\", z=~`w`}",
        "a{b!=\"c\",d=~'e|f'}",
        "by",
        "start",
        "$m{}",
        "node_$x",
        "{__name__='q'}",
    ]);
    let at = select(vec!["", " @ 5", " @ -1.5", " @ start()", " @ end()", " @ $t"]);
    let extent = select(vec!["", "", "", " anchored", " smoothed"]);
    let modified = (selector.clone(), at.clone(), proptest::option::of(offset.clone()), extent).prop_map(
        |(selector, at, offset, extent)| {
            let offset = offset.map_or(String::new(), |offset| format!(" offset {offset}"));
            format!("{selector}{extent}{offset}{at}")
        },
    );
    let range =
        (selector, duration.clone(), at, proptest::option::of(offset)).prop_map(|(selector, range, at, offset)| {
            let offset = offset.map_or(String::new(), |offset| format!(" offset {offset}"));
            format!("{selector}[{range}]{at}{offset}")
        });
    // In brackets, since Prometheus writes `Inf ^ a` as `+Inf ^ a`, which is `+(Inf ^ a)`.
    let literal = select(vec![
        "1",
        "-2.5",
        "0x1F",
        "1e-9",
        "(inf)",
        "NaN",
        "5m",
        "\"a\\n\u{e9}\\xff\"",
        "'b\"'",
        "`c\\`",
        "$v",
        "1_000",
    ]);
    let leaf = prop_oneof![modified, range, literal.prop_map(str::to_owned)];
    leaf.prop_recursive(6, 60, 4, move |inner| {
        let ops = select(vec![
            "+",
            "-",
            "*",
            "/",
            "%",
            "^",
            "atan2",
            "==",
            "!= bool",
            "<",
            ">=",
            "and",
            "or",
            "unless",
            "</",
            ">/",
            "/ on (a)",
            "* ignoring (a, \"b.c\") group_left",
            "+ on () group_right (x)",
            "- fill (0)",
            "* on(x) fill_left(1) fill_right(-2)",
        ]);
        let aggregate = select(vec![
            "sum",
            "topk by (a)",
            "count without (\"b c\", d)",
            "avg by ()",
            "limit_ratio without ()",
            "$g by (h)",
        ]);
        let calls = select(vec!["rate", "time", "label_replace", "frobnicate", "$fn", "min_of"]);
        prop_oneof![
            (inner.clone(), ops, inner.clone()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("-{a}")),
            inner.clone().prop_map(|a| format!("+ {a}")),
            (aggregate, proptest::collection::vec(inner.clone(), 1..3))
                .prop_map(|(f, args)| format!("{f} ({})", args.join(", "))),
            (calls, proptest::collection::vec(inner.clone(), 0..4))
                .prop_map(|(f, args)| format!("{f}({})", args.join(" ,"))),
            (inner, duration.clone(), proptest::option::of(duration.clone()))
                .prop_map(|(a, range, step)| format!("({a})[{range}:{}]", step.unwrap_or_default())),
        ]
    })
}

/// Prometheus forgets an empty `on ()`, with its `group_left (…)`, where one side is a number.
fn without_empty_on(tree: &str) -> String {
    let mut parts = tree.split(" on[]");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| {
        let is_grouped = part.starts_with(" group_");
        out + if is_grouped { part.split_once(']').map_or(part, |(_, rest)| rest) } else { part }
    })
}

/// The same tree from what was read and from what was printed of it, in both forms; and printing settles at once.
fn check_round_trip(text: &str) -> Result<(), TestCaseError> {
    let parsed = parse(text);
    let line = print::line(&parsed.ast);
    let pretty = print::pretty(&parsed.ast);
    for printed in [&line, &pretty] {
        let again = parse(printed);
        prop_assert!(again.errors.is_empty(), "{}: {:?}", printed, again.errors);
        let trees = [&again, &parsed].map(|parsed| without_empty_on(&tree(&parsed.ast)));
        prop_assert_eq!(&trees[0], &trees[1], "{} printed as {}", text, printed);
        prop_assert_eq!(&print::line(&again.ast), &line);
        prop_assert_eq!(&print::pretty(&again.ast), &pretty);
    }
    Ok(())
}

proptest! {
    #[test]
    fn what_is_printed_means_the_same(text in expression()) {
        if parse(&text).errors.is_empty() {
            check_round_trip(&text)?;
        }
    }

    #[test]
    fn whatever_can_be_read_can_be_printed(text in r#"([ab]|[0-9.xemhs_]{1,4}|"a"|[{}()\[\]$@,=!~<>+*/^% ]|sum|by|on|offset){0,12}"#) {
        if parse(&text).errors.is_empty() {
            check_round_trip(&text)?;
        }
        let _ = (print::line(&parse(&text).ast), print::pretty(&parse(&text).ast));
    }
}

#[test]
fn public_expressions_mean_the_same_when_printed() {
    let Some(expressions) = common::public_expressions() else { return };
    let (mut printed, mut raw) = (0, 0);
    for expr in expressions {
        for text in [common::filled_in(&expr), expr.clone()] {
            if parse(&text).errors.is_empty() {
                check_round_trip(&text).unwrap();
                printed += 1;
                raw += usize::from(text == expr);
            }
        }
    }
    println!("{printed} printed and read again, {raw} of them with variables in them");
}
