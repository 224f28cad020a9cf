//! Trees and syntax errors, by tables made from Prometheus' documentation.
#![allow(clippy::unwrap_used)]

mod common;

use common::tree::tree;
use promql::{Span, parse};

fn check(text: &str, expected: &str) {
    let parsed = parse(text);
    let errors: Vec<String> = parsed.errors.iter().map(|error| error.message(text)).collect();
    assert!(errors.is_empty(), "{text}: {errors:?}");
    assert_eq!(tree(&parsed.ast), expected, "{text}");
    let root = parsed.ast.node(parsed.ast.root()).span;
    assert_eq!(root.of(text), text.trim(), "the root spans the text");
}

#[test]
fn literals() {
    check("1_000.5", "1000.5");
    check("-0x1F", "-31");
    check("+.5e-1", "0.05");
    check("010", "8");
    check("-Inf", "-inf");
    check("NaN", "NaN");
    check("1h30m", "5400s");
    check("-5m", "-300s");
    check("-1 ^ 2", "(neg (^ 1 2))");
    check("(-1) ^ 2", "(^ (paren -1) 2)");
    check("'a\\'b'", "\"a'b\"");
    check("`a\\`", "\"a\\\\\"");
}

#[test]
fn selectors() {
    check("up", "[up ]");
    check("a:b{c=\"d\", e!='f',g=~`h`,i!~\"j\",}", "[a:b c=\"d\" e!=\"f\" g=~\"h\" i!~\"j\"]");
    check("{}", "[ ]");
    check("{\"a.b\", c=\"d\"}", "[__name__=\"a.b\" c=\"d\"]");
    check("{__name__=\"a\"}", "[__name__=\"a\" ]");
    check("{\"a b\"='c', by='d', inf='e'}", "[ a b=\"c\" by=\"d\" inf=\"e\"]");
    check("up # a {\n{ # b\na='b' # c\n}", "[up a=\"b\"]");
    for name in ["sum", "by", "and", "offset", "start", "step", "fill", "smoothed", "limitk", "range", "min_of"] {
        check(name, &format!("[{name} ]"));
        check(&format!("{name}{{a='b'}}"), &format!("[{name} a=\"b\"]"));
    }
    check("and and or or unless", "(or (and [and ] [or ]) [unless ])");
}

#[test]
fn modifiers() {
    check("a offset 5m", "[a  offset 300s]");
    check("a offset -1h @ 5", "[a  @5000 offset -3600s]");
    check("a @ -1.5 offset 300", "[a  @-1500 offset 300s]");
    check("a @ 5m", "[a  @300000]");
    check("a @ -1h30m offset 1h", "[a  @-5400000 offset 3600s]");
    check("a[5m] @ +1d", "(range [a ] 300s @86400000)");
    check("a @ start()", "[a  @start]");
    check("a[5m] @ End() offset 1w", "(range [a ] 300s @end offset 604800s)");
    check("a[300]", "(range [a ] 300s)");
    check("a[5m] anchored", "(range [a ] 300s anchored)");
    check("a[5m] smoothed offset 1m", "(range [a ] 300s smoothed offset 60s)");
    check("a smoothed", "[a  smoothed]");
    check("a OFFSET 0s offset 5m", "[a  offset 300s]");
    // Before the range, Prometheus refuses only what is written down as a time.
    check("a @ start() [5m]", "(range [a ] 300s @start)");
    check("a @ end() offset 0s [5m]", "(range [a ] 300s @end)");
    check("a offset (1h / 2) [5m]", "(range [a ] 300s offset (paren (/ 3600s 2)))");
    check("a offset $o @ $t [5m]", "(range [a ] 300s @$t offset $o)");
    check("rate(a[5m])[1h:1m] offset 1d", "(subquery (rate (range [a ] 300s)) 3600s 60s offset 86400s)");
    check("a[1h:]", "(subquery [a ] 3600s default)");
    check("(a + b)[1h:5m] @ 1", "(subquery (paren (+ [a ] [b ])) 3600s 300s @1000)");
    check("-a offset 5m", "(neg [a  offset 300s])");
    check("a ^ b offset 5m", "(^ [a ] [b  offset 300s])");
}

#[test]
fn calculated_durations() {
    check("a[5m * 2]", "(range [a ] (* 300s 2))");
    check("a[(5 + 2) * 1m]", "(range [a ] (* (paren (+ 5 2)) 60s))");
    check("a[2 ^ 3 ^ 2]", "(range [a ] (^ 2 (^ 3 2)))");
    check("a[4h % 3h - -1]", "(range [a ] (- (% 14400s 10800s) -1))");
    check("a[step()]", "(range [a ] step)");
    check("a[range():step() + 1]", "(subquery [a ] range (+ step 1))");
    check("a[max_of(step(), 5s)]", "(range [a ] (max step 5s))");
    check("a[min(2 * step() + 5s, 5m)]", "(range [a ] (min (+ (* 2 step) 5s) 300s))");
    check("a[(5m)]", "(range [a ] 300s)");
    check("a[-(-5m)]", "(range [a ] 300s)");
    check("a offset (1h / 2)", "[a  offset (paren (/ 3600s 2))]");
    check("a offset -(1h / 2)", "[a  offset (neg (paren (/ 3600s 2)))]");
    check("a offset step()", "[a  offset step]");
    check("a offset -min_of(step(), 1s)", "[a  offset (neg (min step 1s))]");
    // Without brackets, only the first duration belongs to the offset.
    check("a offset 1m + 1m", "(+ [a  offset 60s] 60s)");
    check("a offset -2 ^ 2", "(^ [a  offset -2s] 2)");
    check("a offset step() * 0", "(* [a  offset step] 0)");
}

#[test]
fn calls_and_aggregations() {
    check("time()", "(time)");
    check("start() + end() - range() / step()", "(- (+ (start) (end)) (/ (range) (step)))");
    check("clamp(a, 0, 1)", "(clamp [a ] 0 1)");
    check("histogram_fraction(0, 0.2, a)", "(histogram_fraction 0 0.2 [a ])");
    check("max_of(1, 2)", "(max_of 1 2)");
    check("sum(a)", "(sum [a ])");
    check("SUM by (b, \"c.d\",) (a)", "(sum by[\"b\", \"c.d\"] [a ])");
    check("sum(a) without (by, on, a:b)", "(sum without[\"by\", \"on\", \"a:b\"] [a ])");
    check("sum by () (a)", "(sum [a ])");
    check("sum without () (a)", "(sum without[] [a ])");
    check("limitk(5, a)", "(limitk 5 [a ])");
    check("limit_ratio(-0.5, a) by (b)", "(limit_ratio by[\"b\"] -0.5 [a ])");
    check("count_values('v', a)", "(count_values \"v\" [a ])");
    check("sum + count", "(+ [sum ] [count ])");
}

#[test]
fn operators() {
    check("a + b * c ^ d ^ e", "(+ [a ] (* [b ] (^ [c ] (^ [d ] [e ]))))");
    check("a - b - c", "(- (- [a ] [b ]) [c ])");
    check("a or b and c unless d", "(or [a ] (unless (and [b ] [c ]) [d ]))");
    check("a < b + 1 == c", "(== (< [a ] (+ [b ] 1)) [c ])");
    check("a atan2 b % c", "(% (atan2 [a ] [b ]) [c ])");
    check("-a * b", "(* (neg [a ]) [b ])");
    check("a ^ -b * c", "(* (^ [a ] (neg [b ])) [c ])");
    check("+a", "(pos [a ])");
    check("a </ 5 >/ 1 + 2", "(>/ (</ [a ] 5) (+ 1 2))");
    check("a > bool 1", "(> bool [a ] 1)");
    check("a / on (b) c", "(/ on[\"b\"] [a ] [c ])");
    check("a / ignoring () c", "(/ [a ] [c ])");
    check("a == bool on() group_left(\"x.y\") c", "(== bool on[] group_left[\"x.y\"] [a ] [c ])");
    check("a * IGNORING(b) Group_Right c", "(* ignoring[\"b\"] group_right[] [a ] [c ])");
    check("a + fill (0) b", "(+ fill_left 0 fill_right 0 [a ] [b ])");
    check("a + on (x) group_left fill_left(-1) b", "(+ on[\"x\"] group_left[] fill_left -1 [a ] [b ])");
    check("a + fill_right (2) fill_left (1) b", "(+ fill_left 1 fill_right 2 [a ] [b ])");
    check("a and on (b) c", "(and on[\"b\"] [a ] [c ])");
}

#[test]
fn variables_of_dashboards() {
    check("rate(a[$__rate_interval])", "(rate (range [a ] $__rate_interval))");
    check("a[[[r]]:${step}] offset $o", "(subquery [a ] [[r]] ${step} offset $o)");
    check("a[${n}m + 5m]", "(range [a ] (+ ${n}m 300s))");
    check("a[5${unit}]", "(range [a ] 5${unit})");
    check("a @ $t", "[a  @$t]");
    check("$metric{a=\"$b\"}", "[$metric a=\"$b\"]");
    check("$metric[5m]", "(range [$metric ] 300s)");
    check("node_${unit}_total", "[node_${unit}_total ]");
    check("$a$b", "[$a$b ]");
    check("a > $threshold", "(> [a ] (var $threshold))");
    check("topk($n, a)", "(topk (var $n) [a ])");
    check("$query / 5${unit}", "(/ (var $query) (var 5${unit}))");
    check("sum by ($by, le) (a)", "(sum by[\"$by\", \"le\"] [a ])");
    check("{$filters, a=~$b}", "[ $filters a=~\"$b\"]");
    check("a{$label=\"b\"}", "[a $label=\"b\"]");
    check("$fn(a[5m])", "($fn (range [a ] 300s))");
    check("$agg by (b) (a)", "($agg by[\"b\"] [a ])");
    check("a + fill($x) b", "(+ fill_left $x fill_right $x [a ] [b ])");
}

/// Line and column are where Prometheus says they are, but for what is never closed: that is shown where it opens.
fn check_error(text: &str, at: &str, message: &str) {
    let parsed = parse(text);
    let error = parsed.errors.first().unwrap_or_else(|| panic!("{text} is wrong"));
    let (line, column) = promql::position(text, error.span);
    assert_eq!((format!("{line}:{column}"), error.message(text)), (at.to_owned(), message.to_owned()), "{text}");
}

#[test]
fn errors_are_worded_as_prometheus_words_them() {
    for (text, at, message) in [
        ("", "1:1", "no expression found in input"),
        ("# a", "1:1", "no expression found in input"),
        ("a b", "1:3", "unexpected identifier \"b\""),
        ("a\n b:c", "2:2", "unexpected metric identifier \"b:c\""),
        ("5 a", "1:3", "unexpected identifier \"a\""),
        ("a 5", "1:3", "unexpected number \"5\""),
        ("a 5m", "1:3", "unexpected duration \"5m\""),
        ("a by", "1:3", "unexpected <by>"),
        ("a sum", "1:3", "unexpected <aggr:sum>"),
        ("* a", "1:1", "unexpected <op:*>"),
        ("a +", "1:4", "unexpected end of input"),
        ("a = b", "1:3", "unexpected \"=\""),
        ("a =~ b", "1:3", "unexpected character after '=': '~'"),
        ("a ; b", "1:3", "unexpected character: ';'"),
        ("\"x\" \"yyyyyyyyyyyyyyyy\"", "1:5", "unexpected string \"\\\"yyyyyyyyy\"..."),
        ("on", "1:1", "unexpected <on>"),
        ("sum(a b)", "1:7", "unexpected identifier \"b\" in aggregation"),
        ("sum((a + ))", "1:10", "unexpected \")\" in aggregation"),
        ("sum by (b) x", "1:12", "unexpected identifier \"x\" in aggregation"),
        ("sum by a (b)", "1:8", "unexpected identifier \"a\" in grouping opts, expected \"(\""),
        ("sum by (a b) (c)", "1:11", "unexpected identifier \"b\" in grouping opts, expected \",\" or \")\""),
        ("sum by (,) (a)", "1:9", "unexpected \",\" in grouping opts, expected label"),
        ("sum()", "1:1", "no arguments for aggregate expression provided"),
        ("topk(a)", "1:1", "wrong number of arguments for aggregate expression provided, expected 2, got 1"),
        ("rate(a[5m],)", "1:11", "trailing commas not allowed in function call args"),
        ("(a", "1:1", "unclosed left parenthesis"),
        ("a[5m", "1:2", "unclosed left bracket"),
        ("a{b='c'", "1:2", "unexpected end of input inside braces"),
        ("a)", "1:2", "unexpected right parenthesis ')'"),
        ("a]", "1:2", "unexpected right bracket ']'"),
        ("a}", "1:2", "unexpected character: '}'"),
        ("a{b=c}", "1:5", "unexpected identifier \"c\" in label matching, expected string"),
        ("a{b 'c'}", "1:5", "unexpected string \"'c'\" in label matching, expected label matching operator"),
        ("a{b='c' d='e'}", "1:9", "unexpected identifier \"d\" in label matching, expected \",\" or \"}\""),
        ("a{,}", "1:3", "unexpected \",\" in label matching, expected identifier or \"}\""),
        ("a{5='x'}", "1:3", "unexpected character inside braces: '5'"),
        ("a{{", "1:3", "unexpected left brace '{'"),
        ("a{b='c", "1:5", "unterminated quoted string"),
        ("'\\n\\q'", "1:1", "unknown escape sequence U+0071 'q'"),
        ("1_e3", "1:1", "bad number or duration syntax: \"1_e3\""),
        ("1e400", "1:1", "bad number or duration syntax: \"1e400\""),
        ("a[5m1h]", "1:3", "not a valid duration string: \"5m1h\""),
        ("a[0s]", "1:3", "duration must be greater than 0"),
        ("a[-5m]", "1:3", "duration must be greater than 0"),
        ("a[9223372037]", "1:3", "duration out of range"),
        ("a[5m / 0]", "1:6", "division by zero"),
        ("a[5m % 0s]", "1:6", "modulo by zero"),
        (
            "a[b]",
            "1:3",
            "unexpected identifier \"b\" in subquery or range selector, expected number, duration, step(), or range()",
        ),
        ("a[5m 1m]", "1:6", "unexpected duration \"1m\" in subquery or range, expected \":\" or \"]\""),
        (
            "a[5m:b]",
            "1:6",
            "unexpected identifier \"b\" in subquery selector, expected number, duration, step(), range(), or \"]\"",
        ),
        ("a[5m:1m 1m]", "1:9", "unexpected duration \"1m\" in subquery selector, expected \"]\""),
        ("(a)[5m]", "1:4", "ranges only allowed for vector selectors"),
        ("a[5m][5m]", "1:6", "ranges only allowed for vector selectors"),
        ("a[5m:][5m:]", "1:1", "subquery is only allowed on instant vector, got matrix instead"),
        ("a offset 5m [5m]", "1:13", "no offset modifiers allowed before range"),
        ("a @ 5 [5m]", "1:7", "no @ modifiers allowed before range"),
        ("a offset", "1:9", "unexpected end of input in offset, expected number, duration, step(), or range()"),
        ("a offset -5m [5m]", "1:14", "no offset modifiers allowed before range"),
        ("a @ start() @ end()", "1:1", "@ <timestamp> may not be set multiple times"),
        ("a offset (5m-5m) offset 3m", "1:1", "offset may not be set multiple times"),
        ("a offset 5m offset 3m", "1:1", "offset may not be set multiple times"),
        (
            "sum(a) offset 5m",
            "1:1",
            "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery",
        ),
        ("a @ b", "1:5", "unexpected identifier \"b\" in @, expected timestamp"),
        ("a @ 1 @ 2", "1:1", "@ <timestamp> may not be set multiple times"),
        ("a @ NaN", "1:1", "timestamp out of bounds for @ modifier"),
        ("a @ -nan", "1:1", "timestamp out of bounds for @ modifier"),
        ("a @ Inf", "1:1", "timestamp out of bounds for @ modifier"),
        ("a anchored smoothed", "1:1", "anchored and smoothed modifiers cannot be used together"),
        ("(a + b) smoothed", "1:1", "smoothed modifier not implemented"),
        ("a[5m:1m] anchored", "1:1", "anchored modifier is not supported for subqueries"),
        ("a + group_left b", "1:5", "unexpected <group_left>"),
        ("a / on (b) bool c", "1:12", "unexpected <bool>"),
    ] {
        check_error(text, at, message);
    }
}

fn check_broken(text: &str, expected: &str) {
    let parsed = parse(text);
    assert!(!parsed.errors.is_empty(), "{text} is wrong");
    assert_eq!(tree(&parsed.ast), expected, "{text}");
}

#[test]
fn broken_texts_give_the_best_tree() {
    check_broken("", "?");
    check_broken("sum(rate(a[5m", "(sum (rate (range [a ] 300s)))");
    check_broken("a + ", "(+ [a ] ?)");
    check_broken("* a", "(* ? [a ])");
    check_broken("up{job=\"a\"", "[up job=\"a\"]");
    check_broken("up{job=, x='y'}", "[up x=\"y\"]");
    check_broken("up{5, x='y'}", "[up x=\"y\"]");
    check_broken("sum(up{job='a')", "(sum [up job=\"a\"])");
    check_broken("sum by (a b) (c)", "(sum by[\"a\"] [c ])");
    check_broken("f(a b, c)", "(f [a ] [c ])");
    check_broken("rate(a[])", "(rate (range [a ] ?))");
    check_broken("; a ; + b", "[a ]");
}

#[test]
fn nesting_is_limited_and_chains_are_not() {
    for text in ["(".repeat(100_000), "-".repeat(100_000), "f(".repeat(100_000), "a[".to_owned() + &"(".repeat(100_000)]
    {
        assert!(parse(&text).is_cut);
    }
    let powers = format!("a[{}1]", "1 ^ ".repeat(100_000));
    assert!(parse(&powers).is_cut);
    assert!(parse(&format!("a[{}1]", "1 + ".repeat(100_000))).is_cut);
    // Deep to the left, level by level.
    let nested = |depth: usize, operators: usize| {
        let level = " + 1".repeat(operators) + ")";
        format!("a[{}1{}]", "(".repeat(depth), level.repeat(depth))
    };
    assert!(parse(&nested(150, 150)).is_cut);
    assert!(parse(&nested(100, 1)).errors.is_empty());
    for text in ["a or ".repeat(100_000) + "a", format!("f({}a)", "a, ".repeat(100_000)), "a[5m:]".repeat(50_000)] {
        let parsed = parse(&text);
        assert!(!parsed.is_cut);
        assert!(!promql::print::line(&parsed.ast).is_empty());
        assert!(!promql::print::pretty(&parsed.ast).is_empty());
    }
    // One word of many tokens.
    assert!(!parse(&".5".repeat(200_000)).is_cut);
    assert!(parse(&format!("{}a{}", "(".repeat(150), ")".repeat(150))).errors.is_empty());
    assert_eq!(parse(&"a b ".repeat(1000)).errors[0].span, Span { start: 2, end: 3 });
}
