//! What Prometheus refuses although it can read it, in its words.

mod common;

use promql::check::problems;
use promql::{Severity, position};

fn check(text: &str, expected: &[(&str, &str)]) {
    let found = problems(text);
    let found: Vec<(String, &str)> = found
        .iter()
        .map(|problem| {
            let (line, column) = position(text, problem.span);
            (format!("{line}:{column}"), problem.message.as_str())
        })
        .collect();
    let expected: Vec<(String, &str)> = expected.iter().map(|(at, message)| ((*at).to_owned(), *message)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn good_expressions_have_none() {
    for text in [
        "up",
        "1 + 2 * time()",
        "rate(up[5m]) > bool 5",
        "a / on (b) group_left (c) d",
        "a and on (b) c or vector(0)",
        "day_of_week() + day_of_week(a)",
        "round(a) + round(a, 5)",
        "label_join(a, 'b', ',')",
        "label_join(a, 'b', ',', 'c', 'd', 'e')",
        "sort_by_label(a) + sort_by_label(a, 'b', 'c')",
        "histogram_quantiles(a, 'q', 0.5, 0.9)",
        "info(a) + info(a, {b=~'.*'})",
        "quantile_over_time(0.5, a[5m:])",
        "rate(a[5m] smoothed) + changes(a[5m] anchored)",
        "{a=~'.+'} + {a=~'.*', b!=''} + {a!~'.*'}",
        "count_values('v', a)",
        "-a + -1",
        "a + fill(0) b",
        "min_of(1, 2) + start()",
        "{a=~'b$'} + {a=~'(?i:b)|[[:alpha:]-]$'} + {a!~'^(b|)$'}",
        "integral(a[5m]) + integral(a[5m], 60)",
        "time() - start_timestamp(a)",
    ] {
        check(text, &[]);
    }
}

#[test]
fn arguments() {
    check("rate()", &[("1:1", "expected 1 argument(s) in call to \"rate\", got 0")]);
    check("round(a, 1, 2)", &[("1:1", "expected at most 2 argument(s) in call to \"round\", got 3")]);
    check("label_join(a, 'b')", &[("1:1", "expected at least 3 argument(s) in call to \"label_join\", got 2")]);
    check("integral(a[5m], 1, 2)", &[("1:1", "expected at most 2 argument(s) in call to \"integral\", got 3")]);
    check("time(1)", &[("1:1", "expected 0 argument(s) in call to \"time\", got 1")]);
    check("rate(a)", &[("1:6", "expected type range vector in call to function \"rate\", got instant vector")]);
    check("abs(1)", &[("1:5", "expected type instant vector in call to function \"abs\", got scalar")]);
    check("vector('a')", &[("1:8", "expected type scalar in call to function \"vector\", got string")]);
    check(
        "label_join(a, 'b', ',', 'c', 5)",
        &[("1:30", "expected type string in call to function \"label_join\", got scalar")],
    );
    check("frobnicate(a)", &[("1:1", "unknown function with name \"frobnicate\"")]);
    assert_eq!(problems("frobnicate(a)")[0].severity, Severity::Warning);
    check("info(a, b)", &[("1:9", "expected label selectors only, got vector selector instead")]);
    check("info(a, {b='c'} + 1)", &[("1:9", "expected label selectors only")]);
    check(
        "sum_over_time(a[5m] anchored)",
        &[(
            "1:15",
            "anchored modifier can only be used with: changes, delta, increase, rate, resets - not with sum_over_time",
        )],
    );
}

#[test]
fn aggregations() {
    check("sum(1)", &[("1:5", "expected type instant vector in aggregation expression, got scalar")]);
    check("sum(a[5m])", &[("1:5", "expected type instant vector in aggregation expression, got range vector")]);
    check("topk(a, b)", &[("1:6", "expected type scalar in aggregation parameter, got instant vector")]);
    check("count_values(1, a)", &[("1:14", "expected type string in aggregation parameter, got scalar")]);
}

#[test]
fn operators() {
    check("1 == 1", &[("1:3", "comparisons between scalars must use BOOL modifier")]);
    check("1 + bool 2", &[("1:3", "bool modifier can only be used on comparison operators")]);
    check("1 and a", &[("1:1", "set operator \"and\" not allowed in binary scalar expression")]);
    check("a + 'b'", &[("1:5", "binary expression must contain only scalar and instant vector types")]);
    check("a[5m] + 1", &[("1:1", "binary expression must contain only scalar and instant vector types")]);
    check("1 + on (a) b", &[("1:1", "vector matching only allowed between instant vectors")]);
    check("a + fill (0) 1", &[("1:1", "filling in missing series only allowed between instant vectors")]);
    check("a and on (b) group_left c", &[("1:1", "no grouping allowed for \"and\" operation")]);
    check("a or fill (1) b", &[("1:1", "filling in missing series not allowed for set operators")]);
    check("a / on (b) group_left (b) c", &[("1:3", "label \"b\" must not occur in ON and GROUP clause at once")]);
    check(
        "-'a'",
        &[("1:1", "unary expression only allowed on expressions of type scalar or instant vector, got \"string\"")],
    );
    check("1[5m:]", &[("1:1", "subquery is only allowed on instant vector, got scalar instead")]);
}

#[test]
fn selectors() {
    for text in ["{}", "{a=''}", "{a=~'.*'}", "{a=~'b|'}", "{a!='b'}", "{a!~'.+'}", "{a=~'^$'}", "{a=~'(b|)$'}", "{''}"]
    {
        check(text, &[("1:1", "vector selector must contain at least one non-empty matcher")]);
    }
    check("a{__name__='b'}", &[("1:1", "metric name must not be set twice: \"a\" or \"b\"")]);
    check("a{'b'}", &[("1:1", "metric name must not be set twice: \"a\" or \"b\"")]);
}

/// In the words of Go, which Prometheus passes on.
#[test]
fn regular_expressions() {
    for (pattern, message) in [
        ("*foo", "missing argument to repetition operator: `*`"),
        ("a|+?b", "missing argument to repetition operator: `+?`"),
        ("(", "missing closing ): `(`"),
        ("a(b|(c)", "missing closing ): `a(b|(c)`"),
        ("a)b", "unexpected ): `a)b`"),
        ("x[a", "missing closing ]: `[a`"),
        ("[a-Z]", "invalid character class range: `a-Z`"),
        ("(?!x)", "invalid or unsupported Perl syntax: `(?!`"),
        ("a(?=x)", "invalid or unsupported Perl syntax: `(?=`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("^$|a{3,2}$", "invalid repeat count: `{3,2}`"),
    ] {
        let text = format!("up{{job='x', a=~`{pattern}`}}");
        check(&text, &[("1:13", &format!("error parsing regexp: {message}"))]);
        check(&text.replace("=~", "!~"), &[("1:13", &format!("error parsing regexp: {message}"))]);
        check(&text.replace("=~", "="), &[]);
    }
    check("up{a=~\"\\\\d\\\\y\"}", &[("1:4", "error parsing regexp: invalid escape sequence: `\\y`")]);
    check("{a=~'('}", &[("1:2", "error parsing regexp: missing closing ): `(`")]);
    check("up{a=~'(', b=~'[$x', c=~'*[[y]]'}", &[("1:4", "error parsing regexp: missing closing ): `(`")]);
    let many = format!("up{{{}}}", "a=~'(',".repeat(10_000));
    assert_eq!(problems(&many).len(), 100);
}

#[test]
fn labels_have_names() {
    let message = "invalid label name for grouping: \"\"";
    check("sum by (a, \"\") (b)", &[("1:12", message)]);
    check("a / ignoring ('') group_left (``) b", &[("1:15", message), ("1:31", message)]);
}

#[test]
fn variables_may_be_anything() {
    for text in [
        "rate($x) + abs($x) + $x == $y",
        "sum($x)",
        "topk($n, a)",
        "$fn(a, 1, 'b')",
        "{a=~'$b'}",
        "{a=~'^${b}$'}",
        "{a=~'*[[b]]'}",
        "{$filters}",
        "$x[5m:]",
        "1 == $x",
    ] {
        check(text, &[]);
    }
}

#[test]
fn syntax_comes_first() {
    check("rate(a) b", &[("1:9", "unexpected identifier \"b\"")]);
    check("", &[("1:1", "no expression found in input")]);
    assert_eq!(problems(&"{} + ".repeat(10_000)).len(), 1);
    assert_eq!(problems(&("{} + ".repeat(10_000) + "1")).len(), 100);
}
