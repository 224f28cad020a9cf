//! Expressions on the answers of other queries.

mod notation;

use dashboard::transform::expression::{Expression, evaluate};
use dashboard::transform::{Shape, Table};
use frame::TimeRange;
use notation::{parse, print};
use serde_json::{Value as Json, json};

/// Tables in the notation of [`notation`]: those with times are series, the others numbers.
fn answers(text: &str) -> Vec<Table> {
    let shape = |table: Table| match table.time_field() {
        Some(_) => Table { shape: Shape::TimeSeriesMulti, ..table },
        None => Table { shape: Shape::NumericMulti, ..table },
    };
    parse(text).into_iter().map(shape).collect()
}

fn results(queries: &Json, text: &str) -> Result<Vec<Table>, String> {
    let read = |(index, query): (usize, &Json)| Expression::parse(query, &format!("targets[{index}]"));
    let queries = queries.as_array().into_iter().flatten().enumerate();
    let expressions = queries.map(read).collect::<Result<Vec<_>, _>>().map_err(|error| error.to_string())?;
    evaluate(&expressions, &answers(text), TimeRange::new(0, 40_000)).map_err(|error| error.to_string())
}

#[track_caller]
fn check(queries: Json, text: &str, expected: &str) {
    let expected: Vec<String> =
        expected.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let found = results(&queries, text).expect("a result");
    assert_eq!(print(&found).lines().collect::<Vec<_>>(), expected);
}

/// Checks a formula on numbers: A is 6, B is 4, N is nothing.
#[track_caller]
fn check_formula(formula: &str, expected: &str) {
    let query = json!([{"refId": "C", "type": "math", "expression": formula}]);
    let found = results(&query, "= A\nValue:n\n6\n= B\nValue:n\n4\n= N\nValue:n\n-").expect(formula);
    assert_eq!(print(&found), format!("= C\nC:n\n{expected}\n"), "{formula}");
}

#[test]
fn formulas() {
    check_formula("$A + $B * 2", "14");
    check_formula("($A + $B) * 2", "20");
    check_formula("-$A ** 2", "36");
    check_formula("2 ** 3 ** 2", "64");
    check_formula("$A % $B", "2");
    check_formula("$A / 0", "Infinity");
    check_formula("$A > $B && $B >= 4", "1");
    check_formula("$A < $B || !1", "0");
    check_formula("$A != 6 == 0", "1");
    check_formula("1.5e1 + 0x10 + 010", "39");
    check_formula("abs(-$A) + round(2.5) + floor(1.9) + ceil(0.1)", "11");
    check_formula("log(1)", "0");
    check_formula("$N + 1", "-");
    check_formula("is_null($N)", "1");
    check_formula("is_nan(nan()) + is_inf(infn()) + is_number($A) + is_nan($N)", "3");
    check_formula("${A}-$B", "2");
    check_formula(&format!("{}0", "1+".repeat(1_000)), "1000");
    check_formula("0 / 0 > 0.5", "NaN");
    check_formula("1 != nan()", "NaN");
    check_formula("!nan()", "NaN");
    check_formula("nan() || 0", "1");
    check_formula("0 && nan()", "0");
    check_formula("1 && nan()", "NaN");
    check_formula("0 || nan()", "NaN");
    check_formula("$N || 1", "-");
}

#[test]
fn formulas_that_cannot_be_read() {
    let fails = |formula: &str, expected: &str| {
        let query = json!([{"refId": "C", "type": "math", "expression": formula}]);
        assert_eq!(results(&query, "").expect_err(formula), format!("targets[0].expression: {expected}"));
    };
    fails("", "the formula ends too early");
    fails("$A +", "the formula ends too early");
    fails("($A", "a closing bracket is missing");
    fails("$", "a query's name is missing behind $");
    fails("${A", "a closing brace is missing");
    fails("$A $B", "the formula cannot be read from `$B` on");
    fails("sin($A)", "there is no function sin");
    fails("pi", "`pi` is neither a query nor a function");
    fails("1x", "`1x` is no number");
    fails("* 2", "there is no value at `* 2`");
    fails(&"-".repeat(100_000), "the formula is nested too deep");
    fails(&"1+".repeat(100_000), "the formula has too many operators");
}

#[test]
fn items_join_by_labels() {
    let math = |formula: &str| json!([{"refId": "C", "type": "math", "expression": formula}]);
    let input = "
        = A
        Value:n{host=a,zone=x}
        10
        = A
        Value:n{host=b,zone=x}
        20
        = B
        Value:n{host=a}
        2
        = B
        Value:n{host=c}
        4
        = S
        Value:n
        100
        = Z
        Value:n{zone=y}
        1";
    check(math("$A / $B"), input, "= C\nC:n{host=a,zone=x}\n5");
    check(math("$B - $S"), input, "= C\nC:n{host=a}\n-98\n= C\nC:n{host=c}\n-96");
    check(math("$A + $A"), input, "= C\nC:n{host=a,zone=x}\n20\n= C\nC:n{host=b,zone=x}\n40");
    check(math("$A + $Z"), input, "");
    // One on each side join whatever their labels, of which then nothing is left.
    check(math("$Z + $Y"), &format!("{input}\n= Y\nValue:n{{pod=p}}\n5"), "= C\nC:n\n6");
}

#[test]
fn series_join_by_time() {
    let input = "
        = A
        Time:t | Value:n{job=x}
        1000 | 5
        2000 | 6
        3000 | 7
        = B
        Time:t | Value:n{job=x}
        2000 | 2
        3000 | -
        4000 | 9";
    check(
        json!([{"refId": "C", "type": "math", "expression": "$A * $B"}]),
        input,
        "
        = C
        Time:t | C:n{job=x}
        2000 | 12
        3000 | -",
    );
    check(
        json!([{"refId": "C", "type": "math", "expression": "1 / $A > 0.15"}]),
        input,
        "
        = C
        Time:t | C:n{job=x}
        1000 | 1
        2000 | 1
        3000 | 0",
    );
}

#[test]
fn reduce() {
    let input = "
        = A
        Time:t | Value:n{job=x}
        1000 | 5
        2000 | -
        3000 | 7";
    let check_reducer = |reducer: &str, settings: Json, expected: &str| {
        let query =
            json!([{"refId": "C", "type": "reduce", "expression": "A", "reducer": reducer, "settings": settings}]);
        let found = results(&query, input).expect(reducer);
        assert_eq!(print(&found), format!("= C\nC:n{{job=x}}\n{expected}\n"), "{reducer} {settings}");
    };
    check_reducer("sum", json!(null), "NaN");
    check_reducer("count", json!({"mode": ""}), "3");
    check_reducer("last", json!(null), "7");
    for (reducer, expected) in
        [("sum", "12"), ("mean", "6"), ("min", "5"), ("max", "7"), ("count", "2"), ("median", "6")]
    {
        check_reducer(reducer, json!({"mode": "dropNN"}), expected);
    }
    check_reducer("min", json!({"mode": "replaceNN", "replaceWithValue": -1}), "-1");
    check_reducer("mean", json!({"mode": "replaceNN", "replaceWithValue": 3}), "5");
    check(
        json!([{"refId": "C", "type": "reduce", "expression": "$A", "reducer": "mean", "settings": {"mode": "dropNN"}}]),
        "= A\nTime:t | Value:n\n1000 | -",
        "= C\nC:n\n-",
    );
}

#[test]
fn resample() {
    let input = "
        = A
        Time:t | Value:n{job=x}
        1000 | 5
        9000 | 7
        31000 | 1";
    let check_samplers = |down: &str, up: &str, expected: &str| {
        let query = json!([
            {"refId": "C", "type": "resample", "expression": "A", "window": "10s", "downsampler": down, "upsampler": up}]);
        let rows: Vec<String> =
            expected.split(' ').enumerate().map(|(index, value)| format!("{} | {value}\n", index * 10_000)).collect();
        let found = results(&query, input).expect(down);
        assert_eq!(print(&found), format!("= C\nTime:t | C:n{{job=x}}\n{}", rows.concat()), "{down} {up}");
    };
    check_samplers("mean", "fillna", "- 6 - - 1");
    check_samplers("sum", "pad", "- 12 7 7 1");
    check_samplers("min", "backfilling", "5 5 1 1 1");
    check_samplers("max", "fillna", "- 7 - - 1");
    check_samplers("last", "fillna", "- 7 - - 1");
}

#[test]
fn expressions_wait_for_each_other() {
    let input = "
        = A
        Time:t | Value:n
        1000 | 5
        2000 | 7";
    check(
        json!([
            {"refId": "D", "type": "math", "expression": "$C * 10"},
            {"refId": "C", "type": "reduce", "expression": "A", "reducer": "max"},
        ]),
        input,
        "
        = D
        D:n
        70
        = C
        C:n
        7",
    );
    let fails = |queries: Json, expected: &str| assert_eq!(results(&queries, input).expect_err("an error"), expected);
    fails(
        json!([{"refId": "C", "type": "math", "expression": "$D"}, {"refId": "D", "type": "math", "expression": "$C"}]),
        "targets[0]: the expression C needs its own result",
    );
    fails(json!([{"refId": "C", "type": "math", "expression": "$X + 1"}]), "targets[0]: there is no query X");
    fails(json!([{"refId": "C", "type": "sql"}]), "targets[0]: expressions of the type `sql` are not supported");
    fails(
        json!([{"refId": "C", "type": "resample", "expression": "A", "window": "soon"}]),
        "targets[0].window: the window must be a duration such as 10s",
    );
    fails(
        json!([{"refId": "C", "type": "reduce", "expression": "A", "reducer": "mode"}]),
        "targets[0].reducer: there is no reducer `mode`",
    );
}
