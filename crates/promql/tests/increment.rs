//! What of a range query's answer may be kept: by tables, by properties, and over public expressions.

mod common;

use promql::increment::{DEFAULT_LOOKBACK_MILLIS, Increment, Reach, Reason, Resolution, increment_of};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;

fn of(expr: &str) -> Increment {
    increment_of(expr, DEFAULT_LOOKBACK_MILLIS)
}

/// Minutes back and ahead.
fn check(expr: &str, back: i64, ahead: i64) {
    let Increment::PerStep(reach) = of(expr) else { panic!("{expr}: {:?}", of(expr)) };
    assert_eq!((reach.back_millis, reach.ahead_millis), (back * MINUTE, ahead * MINUTE), "{expr}");
    assert_eq!((reach.pinned_millis, reach.resolution), (None, Resolution::None), "{expr}");
}

fn check_whole(reason: Reason, exprs: &[&str]) {
    for expr in exprs {
        assert_eq!(of(expr), Increment::Whole(reason), "{expr}");
    }
}

#[test]
fn steps_reach_as_far_as_their_selectors() {
    check("1 + 2", 0, 0);
    check("time()", 0, 0);
    check("vector(1)", 0, 0);
    check("up", 5, 0);
    check("rate(up[1m])", 1, 0);
    check("rate(up[1h])", 60, 0);
    check("up offset 1h", 65, 0);
    check("rate(up[5m] offset 1h)", 65, 0);
    check("up offset -1h", 0, 60);
    check("up offset -2m", 3, 2);
    check("up - up offset 1w", 7 * 24 * 60 + 5, 0);
    check("rate(up[5m] offset 1h) / rate(up[10m] offset -3m)", 65, 3);
    check("rate(up[5m * 2 + 60])", 11, 0);
    check("rate(up[max_of(5m, 1h)] offset -(2m ^ 1))", 58, 2);
    check("rate(up[4h % 3h])", 60, 0);
    check("rate(up[(2 ^ 3) * 1m])", 8, 0);
    check("rate(up[1h / 2 - 10m])", 20, 0);
    check("rate(up[5m] anchored)", 10, 0);
    check("rate(up[5m] smoothed)", 10, 5);
    check("up smoothed", 5, 5);
}

#[test]
fn each_step_stands_for_itself() {
    for expr in [
        "limit_ratio(0.1, up)",
        "quantile(2 + 3 * pi(), up)",
        "quantile(scalar(vector(0.5)), up)",
        "sort_desc(up)",
        "sort_by_label(up, 'a')",
        "count_values('a', up)",
        "histogram_quantile(0.9, sum by (le) (up))",
        "absent(up)",
        "up > 5 or on () vector(0)",
        "scalar(up) * pi()",
        "-up",
        "timestamp(up)",
        "-(up </ 5)",
        "last_over_time(up[5m])",
    ] {
        check(expr, 5, 0);
    }
}

fn check_subquery(expr: &str, back: i64, ahead: i64, resolution: Resolution) {
    let reach = Reach {
        back_millis: back * MINUTE,
        ahead_millis: ahead * MINUTE,
        pinned_millis: None,
        resolution,
        ..Reach::default()
    };
    let Increment::PerStep(found) = of(expr) else { panic!("{expr}: {:?}", of(expr)) };
    assert_eq!(Reach { looks_back: false, ..found }, reach, "{expr}");
}

#[test]
fn a_window_says_how_old_samples_may_be() {
    for (expr, expected) in [
        ("up", true),
        ("sum(rate(up[5m])) / count(up offset 1h)", true),
        ("max_over_time(up[5m:1m])", true),
        ("absent(up)", true),
        ("rate(up[5m]) or vector(0)", false),
        ("max_over_time(rate(up[5m])[1h:1m])", false),
        ("time()", false),
    ] {
        let Increment::PerStep(reach) = of(expr) else { panic!("{expr}: {:?}", of(expr)) };
        assert_eq!(reach.looks_back, expected, "{expr}");
    }
}

#[test]
fn some_values_are_made_of_no_sample() {
    for (expr, expected) in [
        ("up", false),
        ("rate(up[5m])", false),
        ("clamp_max(up, 5) * 2 > 1", false),
        ("sum by (job) (limit_ratio(0.5, up))", false),
        ("up and vector(1)", false),
        ("up * on () vector(2)", false),
        ("up / 2 ^ time()", false),
        ("histogram_quantile(0.9, up)", false),
        ("vector(1)", true),
        ("time()", true),
        ("hour()", true),
        ("hour(up)", false),
        ("scalar(up) + 1", true),
        ("vector(scalar(up))", true),
        ("absent(up)", true),
        ("-(absent_over_time(up[5m]))", true),
        ("sum(rate(up[5m])) or vector(0)", true),
        ("label_replace(sum(vector(0)), 'a', 'b', '', '')", true),
        ("sum(up or on () vector(0))", true),
        ("vector(1) unless up", true),
        ("max_over_time(vector(1)[1h:1m])", true),
        ("max_over_time(sum(up or vector(0))[5m:1m])", true),
        ("a + fill(0) b", false),
        ("vector(1) + fill_left(0) b", true),
    ] {
        let Increment::PerStep(reach) = of(expr) else { panic!("{expr}: {:?}", of(expr)) };
        assert_eq!(reach.of_itself, expected, "{expr}");
    }
}

/// MetricsQL's `scalar` is NaN at all steps where there is more than one series at any.
#[test]
fn the_number_of_series_may_decide() {
    for (expr, expected) in [
        ("up", false),
        ("scalar(up)", true),
        ("up / (1 + scalar(up) * 2)", true),
        ("sum(max_over_time(vector(scalar(up))[5m:1m]))", true),
        ("clamp_max(up, scalar(limit))", true),
        ("scalar(sum by (job) (up))", true),
        ("scalar(limit_ratio(1, up))", true),
        ("scalar(count_values('v', up))", true),
        ("up / scalar(sum(up))", false),
        ("up / scalar((max(up)))", false),
        ("vector(1) + pi()", false),
    ] {
        let Increment::PerStep(reach) = of(expr) else { panic!("{expr}: {:?}", of(expr)) };
        assert_eq!(reach.counts_series, expected, "{expr}");
    }
}

#[test]
fn subqueries_reach_further() {
    check_subquery("max_over_time(up[1h:1m])", 65, 0, Resolution::Own);
    check_subquery("max_over_time(up[1h:])", 65, 0, Resolution::Server);
    check_subquery("max_over_time(rate(up[10m] offset 5m)[1h:1m] offset 1h)", 135, 0, Resolution::Own);
    check_subquery("max_over_time((up offset 1h)[5m:1m] offset -1h)", 10, 0, Resolution::Own);
    check_subquery("max_over_time((up offset -1h)[5m:1m] offset 30m)", 0, 30, Resolution::Own);
    check_subquery("max_over_time(max_over_time(up[1h:])[1h:1m])", 125, 0, Resolution::Server);
}

#[test]
fn times_that_are_written_down_hold_for_all_steps() {
    for (expr, back, pinned) in [
        ("up @ 1700000000", 0, Some(1_700_000_000_000)),
        ("up @ 1700000000 offset 5m", 0, Some(1_699_999_700_000)),
        ("rate(up[5m] @ 1700000000.5)", 0, Some(1_700_000_000_500)),
        ("up / up @ 100 - up @ 200", 5, Some(200_000)),
        ("vector(1) + (up @ 100)", 0, Some(100_000)),
    ] {
        let Increment::PerStep(reach) = of(expr) else { panic!("{expr}") };
        assert_eq!((reach.back_millis, reach.pinned_millis), (back * MINUTE, pinned), "{expr}");
    }
    let subquery = of("max_over_time((up offset -1m)[5m:1m] @ 600)");
    assert!(matches!(subquery, Increment::PerStep(Reach { back_millis: 0, pinned_millis: Some(660_000), .. })));
    let pinned_inside = of("max_over_time((up @ 600)[5m:1m])");
    assert!(matches!(pinned_inside, Increment::PerStep(Reach { back_millis: 0, pinned_millis: Some(600_000), .. })));
}

/// Prometheus 2.52 to 3.4 take the first step's for all.
#[test]
fn parameters_that_change_are_fetched_whole() {
    check_whole(
        Reason::Function,
        &[
            "quantile(scalar(count(up)) / 2, up)",
            "sum(quantile(scalar(q), up))",
            "quantile(scalar(q @ 5), up)",
            "limit_ratio(time() % 5, up)",
            "quantile(scalar(timestamp(vector(0))) % 5, up)",
            "quantile(scalar(start_timestamp(vector(0))) % 5, up)",
            "limit_ratio(scalar(hour()) / 24, up)",
        ],
    );
}

/// Which of equal series are taken is another matter at each request.
#[test]
fn what_chooses_among_series_is_fetched_whole() {
    check_whole(
        Reason::Ties,
        &[
            "topk(5, up)",
            "bottomk(2 + 3 * pi(), up)",
            "limitk(5, up)",
            "topk(scalar(count(up)) / 2, up)",
            "sum by (job) (topk(5, up))",
            "up and topk(5, sum by (job) (rate(errors[5m])))",
            "max_over_time(topk(5, up)[1h:1m])",
        ],
    );
}

/// MetricsQL takes the query's step for a window that is not written.
#[test]
fn what_leaves_its_window_to_the_server_is_fetched_whole() {
    check_whole(
        Reason::ImplicitWindow,
        &[
            "rate(up)",
            "sum(increase(up))",
            "max_over_time(rate(up)[1h:1m])",
            "rate(sum(up))",
            "quantile_over_time(0.9, up)",
            "quantile_over_time(up[5m], up)",
            "1 + (delta(up offset 1h))",
        ],
    );
}

#[test]
fn what_depends_on_the_query_is_fetched_whole() {
    check_whole(
        Reason::QueryRange,
        &["up @ start()", "up / up @ end()", "rate(up[range()])", "max_over_time(up[5m:1m] @ end())", "end() - time()"],
    );
    check_whole(
        Reason::QueryStep,
        &["rate(up[step()])", "rate(up[min_of(5m, step() * 2)])", "up offset -step()", "step()"],
    );
    check_whole(Reason::Function, &["info(up)", "frobnicate(up)"]);
    check_whole(Reason::NotForRanges, &["up[5m]", "'a'", "up[5m:1m]", "(up[5m])"]);
    check_whole(Reason::Invalid, &["", "up{", "rate(up[5m]", "a b"]);
    check_whole(
        Reason::Variable,
        &["rate(up[$__rate_interval])", "$query", "{$filters}", "$fn(up)", "node_$x", "up @ $t", "$agg by (a) (up)"],
    );
}

#[test]
fn series_that_may_become_one_are_fetched_whole() {
    check_whole(
        Reason::DuplicateLabels,
        &[
            "rate({__name__=~'a|b'}[5m])",
            "rate({job='a'}[5m])",
            "-{job='a'}",
            "increase((a or b)[5m:1m])",
            "label_replace(up, 'a', '$1', 'b', '(.*)')",
            "label_join(sum by (a) (up), 'a', ',', 'b')",
            "label_replace(sum without (b) (up), 'a', '', '', '')",
            "rate(label_replace(up, '__name__', 'b', '', '')[5m:])",
            "-sum by (__name__, job) ({__name__=~'a|b'})",
            "max_over_time(sum by ('__name__') ({job='a'})[5m:1m])",
            "-(a * on (job) group_left (__name__) b)",
            "-(a > on (job) group_right (__name__) b)",
            "label_replace(sum by (a) (up), ('a'), '$1', 'b', '(.*)')",
            "-({job='a'} </ 5)",
            "-({job='a'} >/ 5)",
        ],
    );
    for expr in [
        "{job='a'}",
        "{__name__=~'a|b'} > 5",
        "rate({__name__='a', job='b'}[5m])",
        "rate({'a.b'}[5m])",
        "last_over_time({job='a'}[5m])",
        "abs({job='a'})",
        "+{job='a'}",
        "-sum by (__name__, job) (a)",
        "-sum by (__name__, job) (sum by (job) ({job='a'}))",
        "-sum without (__name__, job) ({job='a'})",
        "-(a * on (job) group_left (x) b)",
        "{job='a'} * 2",
        "sum({job='a'})",
        "a or b",
        "label_replace(sum by (b) (up), 'a', '$1', 'b', '(.*)')",
        "label_replace((sum(up)), 'a', 'b', '', '')",
        "label_join(sum without (a) (up), 'a', ',', 'b')",
    ] {
        assert!(matches!(of(expr), Increment::PerStep(_)), "{expr}: {:?}", of(expr));
    }
}

#[test]
fn most_public_expressions_need_only_their_tail() {
    let Some(expressions) = common::public_expressions() else { return };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for expr in &expressions {
        let outcome = match of(&common::filled_in(expr)) {
            Increment::PerStep(_) => "per step".to_owned(),
            Increment::Whole(reason) => format!("{reason:?}"),
        };
        *counts.entry(outcome).or_default() += 1;
    }
    println!("{counts:?}");
    assert!(counts["per step"] * 100 > expressions.len() * 85);
}

/// Valid expressions that are per step, and how far they reach.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("up".to_owned()),
        (0_i64..200).prop_map(|offset| format!("(a offset {}m)", offset - 100)),
        (1_i64..100).prop_map(|range| format!("rate(b[{range}m])")),
        (1_i64..100, 0_i64..50).prop_map(|(range, offset)| format!("increase(b[{range}m] offset {}m)", offset - 25)),
        Just("vector(1)".to_owned()),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            inner.clone().prop_map(|a| format!("sum by (job) ({a})")),
            (inner.clone(), 1_i64..100).prop_map(|(a, range)| format!("max_over_time(sum({a})[{range}m:1m])")),
            inner.prop_map(|a| format!("abs({a})")),
        ]
    })
}

fn reach(expr: &str) -> Reach {
    match of(expr) {
        Increment::PerStep(reach) => reach,
        Increment::Whole(reason) => panic!("{expr}: {reason:?}"),
    }
}

proptest! {
    #[test]
    fn parts_never_reach_further_than_the_whole(a in expression(), b in expression()) {
        let (a_reach, b_reach, both) = (reach(&a), reach(&b), reach(&format!("{a} / {b}")));
        prop_assert_eq!(both.back_millis, a_reach.back_millis.max(b_reach.back_millis));
        prop_assert_eq!(both.ahead_millis, a_reach.ahead_millis.max(b_reach.ahead_millis));
        prop_assert_eq!(reach(&format!("({a})")), a_reach);
    }

    #[test]
    fn subqueries_and_offsets_move_the_reach(expr in expression(), range in 1_i64..1000, offset in 0_i64..1000) {
        let inner = reach(&expr);
        let outer = reach(&format!("max_over_time(({expr})[{range}m:1m])"));
        prop_assert!(outer.back_millis >= inner.back_millis);
        prop_assert!(outer.back_millis <= inner.back_millis + range * MINUTE);
        prop_assert_eq!(outer.ahead_millis, inner.ahead_millis);
        let earlier = reach(&format!("max_over_time(({expr})[{range}m:1m] offset {offset}m)"));
        prop_assert!(earlier.back_millis >= outer.back_millis);
        prop_assert!(earlier.ahead_millis <= outer.ahead_millis);
    }

    #[test]
    fn a_longer_lookback_reaches_further(expr in expression(), lookback in 0_i64..1_000_000) {
        let (Increment::PerStep(short), Increment::PerStep(long)) = (increment_of(&expr, lookback), increment_of(&expr, lookback * 2)) else {
            panic!("{expr}");
        };
        prop_assert!(short.back_millis <= long.back_millis);
        prop_assert_eq!(short.ahead_millis, long.ahead_millis);
    }

    #[test]
    fn any_text_has_an_answer(text in any::<String>(), lookback in any::<i64>()) {
        let _ = increment_of(&text, lookback);
    }
}
