//! Transformations on small tables made by hand: what Grafana's documentation says of those that no table records.

mod notation;

use dashboard::transform::names::Names;
use dashboard::transform::{Cell, Context, Field, FieldType, Table, Transformation, Values, apply, prometheus};
use frame::{Frame, GAP, Grid, Labels, Millis, Step, Times, Zone, Zones, is_gap};
use notation::{parse, print};
use serde_json::json;

struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _zone: &Zone, _at: Millis) -> i64 {
        0
    }
}

/// Applies transformations, written as JSON, to tables in the notation of [`notation`].
#[track_caller]
fn check(transformations: &str, input: &str, expected: &str) {
    let json = serde_json::from_str(transformations).expect("JSON");
    let list = Transformation::parse_all(&json).expect("transformations");
    let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
    let result = apply(&list, parse(input), &context).expect("a result");
    let expected: Vec<String> =
        expected.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    assert_eq!(print(&result).lines().collect::<Vec<_>>(), expected);
}

#[test]
fn time_series_table() {
    let two_series = "
        = A
        Time:t | Value:n{job=a,zone=x}
        1 | 5
        2 | 7
        = A
        Time:t | Value:n{job=b}
        1 | 3
        2 | -";
    check(
        r#"[{"id": "timeSeriesTable", "options": {}}]"#,
        two_series,
        "
        = A
        job:s | zone:s | Trend:trend
        a | x | 7 of 2
        b | - | 3 of 2",
    );
    check(
        r#"[{"id": "timeSeriesTable", "options": {"A": {"stat": "sum"}}},
            {"id": "sortBy", "options": {"sort": [{"field": "Trend"}]}}]"#,
        two_series,
        "
        = A
        job:s | zone:s | Trend:trend
        b | - | 3 of 2
        a | x | 12 of 2",
    );
    check(
        r#"[{"id": "timeSeriesTable", "options": {"refIdToStat": {"B": "max"}}}]"#,
        "
        = A
        Time:t | Value:n{job=a}
        1 | 5
        = B
        Time:t | Value:n{job=a}
        1 | 8
        2 | 6",
        "
        = A
        job:s | Trend #A:trend
        a | 5 of 1
        = B
        job:s | Trend #B:trend
        a | 8 of 2",
    );
}

#[test]
fn rows_to_fields() {
    check(
        r#"[{"id": "rowsToFields", "options": {}}]"#,
        "
        = A
        Name:s | Value:n | Max:n
        ServerA | 10 | 100
        ServerB | 20 | 200",
        "
        = rowsToFields-A
        ServerA:n max=100 | ServerB:n max=200
        10 | 20",
    );
    check(
        r#"[{"id": "rowsToFields", "options": {"mappings": [
            {"fieldName": "host", "handlerKey": "field.name"},
            {"fieldName": "limit", "handlerKey": "threshold1", "handlerArguments": {"threshold": {"color": "orange"}}},
            {"fieldName": "note", "handlerKey": "__ignore"}]}}]"#,
        "
        = A
        zone:s | host:s | Value:n | limit:n | note:s
        eu | a | 1 | 80 | x
        us | b | 2 | 90 | y",
        "
        = rowsToFields-A
        a:n{zone=eu} from=80:orange | b:n{zone=us} from=90:orange
        1 | 2",
    );
    let without_names = "
        = A
        Value:n
        1";
    check(r#"[{"id": "rowsToFields", "options": {}}]"#, without_names, without_names);
}

#[test]
fn config_from_data() {
    let input = "
        = A
        Time:t | cpu:n
        1 | 5
        = config
        Time:t | min:n | Limit:n | unit:s
        1 | 0 | 50 | percent
        2 | 1 | 60 | percent";
    check(
        r#"[{"id": "configFromData", "options": {"configRefId": "config", "mappings": [
            {"fieldName": "Limit", "handlerKey": "max", "reducerId": "min"}]}}]"#,
        input,
        "
        = A
        Time:t | cpu:n unit=percent min=1 max=50
        1 | 5",
    );
    check(
        r#"[{"id": "configFromData", "options": {"configRefId": "config", "applyTo": {"id": "byName", "options": "mem"}}}]"#,
        input,
        "
        = A
        Time:t | cpu:n
        1 | 5",
    );
    check(
        r#"[{"id": "configFromData", "options": {"configRefId": "M", "mappings": [
            {"fieldName": "code", "handlerKey": "mappings.value"},
            {"fieldName": "meaning", "handlerKey": "mappings.text"},
            {"fieldName": "shade", "handlerKey": "mappings.color"}]}}]"#,
        "
        = A
        Value:n
        200
        = M
        code:n | meaning:s | shade:s
        200 | fine | green
        500 | broken | red",
        "
        = A
        Value:n map=200:fine:green map=500:broken:red
        200",
    );
}

#[test]
fn partition_by_values() {
    let input = "
        = A
        Region:s | SKU:n | Qty:n
        US | 1 | 5
        EU | 1 | 7
        US | 2 | 9";
    check(
        r#"[{"id": "partitionByValues", "options": {"fields": ["Region"]}}]"#,
        input,
        "
        = A
        SKU:n{Region=US} | Qty:n{Region=US}
        1 | 5
        2 | 9
        = A
        SKU:n{Region=EU} | Qty:n{Region=EU}
        1 | 7",
    );
    check(
        r#"[{"id": "partitionByValues", "options": {"fields": ["Region", "SKU"], "keepFields": true,
            "naming": {"asLabels": false, "withNames": true}}}]"#,
        input,
        "
        = A Region=US SKU=1
        Region:s | SKU:n | Qty:n
        US | 1 | 5
        = A Region=EU SKU=1
        Region:s | SKU:n | Qty:n
        EU | 1 | 7
        = A Region=US SKU=2
        Region:s | SKU:n | Qty:n
        US | 2 | 9",
    );
    check(r#"[{"id": "partitionByValues", "options": {"fields": ["nothing"]}}]"#, input, input);
}

#[test]
fn extract_fields() {
    let check_format = |options: &str, texts: &[&str], expected: &str| {
        let input = format!("= A\nline:s\n{}", texts.join("\n"));
        let options =
            format!(r#"[{{"id": "extractFields", "options": {{"source": "line", "replace": true, {options}}}}}]"#);
        check(&options, &input, expected);
    };
    check_format(
        r#""format": "json""#,
        &[r#"{"a": 1, "b": "x"}"#, r#"{"b": "y"}"#, "no JSON"],
        "
        = A
        a:n | b:s
        1 | x
        - | y
        - | -",
    );
    check_format(
        r#""format": "json", "jsonPaths": [{"path": "pod.labels[1]", "alias": "label"}, {"path": "n"}]"#,
        &[r#"{"pod": {"labels": ["p", "q"]}, "n": 2}"#],
        "
        = A
        label:s | n:n
        q | 2",
    );
    check_format(
        r#""format": "kvp""#,
        &[r#"level=info msg="two words" took=5"#, "{level=\"warn\", code: 7}"],
        "
        = A
        level:s | msg:s | took:n | code:n
        info | two words | 5 | -
        warn | - | - | 7",
    );
    check_format(r#""format": "auto""#, &[r#"{"a": 1}"#, "a=2"], "= A\na:n\n1\n2");
    check_format(
        r#""format": "regexp", "regExp": "/(?<verb>\\w+) (?<path>\\S+)/""#,
        &["GET /api", "POST /x y"],
        "
        = A
        verb:s | path:s
        GET | /api
        POST | /x",
    );
    check_format(
        r#""format": "delimiter", "delimiter": ";""#,
        &["red;blue", "blue"],
        "
        = A
        red:n | blue:n
        1 | 1
        - | 1",
    );
    check(
        r#"[{"id": "extractFields", "options": {"source": "line", "format": "kvp", "replace": true, "keepTime": true}}]"#,
        "
        = A
        Time:t | line:s
        1 | a=1",
        "
        = A
        Time:t | a:n
        1 | 1",
    );
}

#[test]
fn prepare_time_series() {
    let wide = "
        = A
        Time:t | cpu:n{host=a} | cpu:n{host=b}
        1 | 5 | 6
        2 | 7 | 8";
    let multi = "
        = A
        Time:t | cpu:n{host=a}
        1 | 5
        2 | 7
        = A
        Time:t | cpu:n{host=b}
        1 | 6
        2 | 8";
    check(r#"[{"id": "prepareTimeSeries", "options": {"format": "multi"}}]"#, wide, multi);
    check(
        r#"[{"id": "prepareTimeSeries", "options": {"format": "wide"}}]"#,
        multi,
        &wide.replace("= A", "= joinByField-A-A"),
    );
    let long = "
        = A
        Time:t | cpu:n | host:s
        1 | 5 | a
        1 | 6 | b
        2 | 7 | a
        2 | 8 | b";
    check(r#"[{"id": "prepareTimeSeries", "options": {"format": "long"}}]"#, multi, long);
    check(r#"[{"id": "prepareTimeSeries", "options": {"format": "many"}}]"#, long, multi);
}

#[test]
fn join_by_labels() {
    let input = "
        = A
        Time:t | Value:n{cluster=A,job=J1,what=Temp}
        1 | 10
        = A
        Time:t | Value:n{cluster=B,job=J1,what=Temp}
        1 | 11
        = B
        Time:t | Value:n{cluster=B,job=J1,what=Speed}
        1 | 22
        2 | 23";
    check(
        r#"[{"id": "joinByLabels", "options": {"value": "what"}}]"#,
        input,
        "
        = -
        cluster:s | job:s | Temp:n | Speed:n
        A | J1 | 10 | -
        B | J1 | 11 | 23",
    );
    check(
        r#"[{"id": "joinByLabels", "options": {"value": "cluster", "join": ["what"]}}]"#,
        input,
        "
        = -
        what:s | A:n | B:n
        Temp | 10 | 11
        Speed | - | 23",
    );
    check(r#"[{"id": "joinByLabels", "options": {"value": "zone"}}]"#, input, input);
}

/// What is missing is sorted as a zero, and missing where it is met.
#[test]
fn percentiles_of_rows_that_miss_values() {
    let reduced = |reducer: &str, expected: &str| {
        let options =
            json!({ "mode": "reduceRow", "reduce": { "reducer": reducer }, "alias": "x", "replaceFields": true });
        check(
            &json!([{ "id": "calculateField", "options": options }]).to_string(),
            "= A\na:n | b:n | c:n\n1 | - | 3\n0 | - | 0\n-1 | 5 | -",
            &format!("= A\nx:n\n{expected}"),
        );
    };
    reduced("median", "1\n-\n-");
    reduced("p1", "-\n0\n-1");
    reduced("p90", "3\n0\n5");
}

#[test]
fn the_newer_schema() {
    let input = "
        = A
        Value:n
        1
        2";
    let expected = "
        = A
        Value:n
        1";
    check(r#"[{"kind": "limit", "spec": {"id": "limit", "options": {"limitField": 1}}}]"#, input, expected);
    check(r#"[{"kind": "Transformation", "group": "limit", "spec": {"options": {"limitField": 1}}}]"#, input, expected);
    check(
        r#"[{"kind": "limit", "spec": {"id": "limit", "options": {"limitField": 1}, "disabled": true}}]"#,
        input,
        input,
    );
}

#[test]
fn what_is_switched_off_or_unknown_changes_nothing() {
    let input = "
        = A
        Value:n
        1
        2";
    check(r#"[{"id": "limit", "options": {"limitField": 1}, "disabled": true}, {"id": "acme-plugin"}]"#, input, input);
    let json = serde_json::json!([{"id": "acme-plugin"}, {"id": "merge"}]);
    let unknown: Vec<_> = Transformation::parse_all(&json).expect("transformations");
    assert_eq!(unknown.iter().map(Transformation::unknown).collect::<Vec<_>>(), [Some("acme-plugin"), None]);
}

#[test]
fn errors_say_where() {
    let fails = |json: serde_json::Value, path: &str| {
        let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
        let tables = parse("= A\nValue:n\n1");
        let result = Transformation::parse_all(&json).and_then(|list| apply(&list, tables, &context));
        assert_eq!(result.expect_err("an error").path, path);
    };
    fails(
        serde_json::json!([{"id": "merge"}, {"id": "renameByRegex", "options": {"regex": "(["}}]),
        "transformations[1].options.regex",
    );
    fails(
        serde_json::json!([{"id": "filterFields", "options": {"include": {"id": "byMoon"}}}]),
        "transformations[0].options.include",
    );
    fails(
        serde_json::json!([{"id": "filterByValue", "options": {"filters": [{"fieldName": "Value", "config": {"id": "x"}}]}}]),
        "transformations[0].options.filters[0].config",
    );
    fails(
        serde_json::json!([{"id": "calculateField", "options": {"mode": "windowFunctions", "window": {"windowSize": 0}}}]),
        "transformations[0].options.window.windowSize",
    );
}

#[test]
fn answers_of_queries() {
    let labels = |pod: &str| [("__name__", "up"), ("pod", pod)].into_iter().collect::<Labels>();
    let grid = Grid { start: Millis(1_000), step: Step::at_least_one(5_000), len: 3 };
    let columns = [(labels("a"), vec![1.0, 2.0, 3.0]), (labels("b"), vec![4.0, GAP, 6.0])];
    let legend = |labels: &Labels| labels.get("pod").map(std::sync::Arc::from);
    let tables = prometheus::series(Frame::series(Times::Grid(grid), columns), Some(grid.step), "A", &legend);
    // A missing point is no row.
    assert_eq!(
        print(&tables),
        "= A\nTime:t | up:n{__name__=up,pod=a}\n1000 | 1\n6000 | 2\n11000 | 3\n\
         = A\nTime:t | up:n{__name__=up,pod=b}\n1000 | 4\n11000 | 6\n"
    );
    assert_eq!(Names::of(&tables).of_table(&tables[1])[1].as_ref(), "b");
    // By the step it is seen that one is missing.
    for table in &tables {
        assert_eq!(table.fields[0].config.interval_millis, Some(5_000.0));
    }

    let with_none = vec![tables[0].clone(), Table::new(Some("B".into()), Vec::new())];
    assert_eq!(
        print(&prometheus::table_format(with_none)),
        "= A\nTime:t | __name__:s | pod:s | Value #A:n\n1000 | up | a | 1\n6000 | up | a | 2\n11000 | up | a | 3\n\
         = B\nTime:t | Value #B:n\n"
    );
    let nothing = vec![Table::new(Some("A".into()), Vec::new())];
    assert_eq!(prometheus::table_format(nothing.clone()), nothing, "an only one stays as it is");

    let both = prometheus::vector(Millis(7_000), &[(labels("c"), 9.0)], "B", &|_| None);
    let both = prometheus::table_format(tables.into_iter().chain(both).collect());
    assert_eq!(
        print(&both),
        "= A\nTime:t | __name__:s | pod:s | Value #A:n\n1000 | up | a | 1\n1000 | up | b | 4\n6000 | up | a | 2\n\
         11000 | up | a | 3\n11000 | up | b | 6\n\
         = B\nTime:t | __name__:s | pod:s | Value #B:n\n7000 | up | c | 9\n"
    );
}

/// Tables that have only the time in common, which is the same in all rows: as with many series of an instant, of which one
/// query has none.
#[test]
fn many_rows_of_one_key_are_merged() {
    const PODS: usize = 100;
    let table = |label: &str, value: &str, rows: usize| {
        let field =
            |name: &str, kind, cell: &dyn Fn(usize) -> Cell| Field::new(name, kind, (0..rows).map(cell).collect());
        let fields = vec![
            field("Time", FieldType::Time, &|_| Cell::Number(1_000.0)),
            field(label, FieldType::Text, &|row| Cell::text(&format!("{label}{row}"))),
            field(value, FieldType::Number, &|row| Cell::Number(row as f64)),
        ];
        Table::new(Some(value.into()), fields)
    };
    let merged = |tables: Vec<Table>| {
        let list = Transformation::parse_all(&serde_json::json!([{"id": "merge"}])).expect("a list");
        let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
        apply(&list, tables, &context).expect("a table").remove(0)
    };
    let row = |table: &Table, row: usize| -> Vec<String> {
        table.fields.iter().skip(1).map(|field| field.values.get(row).to_text().to_string()).collect()
    };
    let none = table("none", "Value #B", 0);
    let all = merged(vec![table("pod", "Value #A", PODS), none, table("pod", "Value #C", PODS)]);
    assert_eq!(all.rows, PODS);
    for number in 0..PODS {
        let expected = [&format!("pod{number}"), &number.to_string(), "undefined", "undefined", &number.to_string()];
        assert_eq!(row(&all, number), expected);
    }
    // What fits every row so far goes into each of them.
    let both = merged(vec![table("pod", "Value #A", PODS), table("node", "Value #B", 2)]);
    assert_eq!(both.rows, PODS + 1);
    assert_eq!(row(&both, 7), ["pod7", "7", "node0", "0"]);
    assert_eq!(row(&both, PODS), ["undefined", "undefined", "node1", "1"]);
}

#[test]
fn frames_of_results() {
    let tables = parse("= A\nTime:t | pod:s | ok:b | Value:n{job=x}\n2 | a | true | 1\n1 | - | - | -");
    let frame = tables.into_iter().next().expect("a table").into_frame();
    let columns: Vec<String> = frame.fields.iter().map(|field| format!("{} {:?}", field.name, field.column)).collect();
    assert_eq!(
        columns,
        [
            // Times that do not ascend are no time field of a frame.
            "Time Number([2.0, 1.0])",
            "pod Text([\"a\", \"\"])",
            "ok Number([1.0, NaN])",
            "Value Number([1.0, NaN])",
        ]
    );
    assert!(matches!(&frame.fields[3].column, frame::Column::Number(values) if is_gap(values[1])));
}

#[test]
fn results_that_do_not_fit_into_memory_are_refused() {
    let rows = 10_000;
    let side = |name: &str| {
        let values = Values::from((0..rows).map(f64::from).collect::<Vec<f64>>());
        let fields = vec![
            Field::new("key", FieldType::Text, Values::repeated(Cell::text("same"), rows as usize)),
            Field::new(name, FieldType::Number, values),
        ];
        Table::new(Some(name.into()), fields)
    };
    let refuses = |json: serde_json::Value, tables: Vec<Table>| {
        let list = Transformation::parse_all(&json).expect("transformations");
        let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
        let error = apply(&list, tables, &context).expect_err("too much");
        assert!(error.to_string().contains("too much: filter the data first"), "{error}");
    };
    refuses(
        serde_json::json!([{"id": "joinByField", "options": {"byField": "key", "mode": "inner"}}]),
        vec![side("a"), side("b")],
    );
    let empty = Table::new(None, vec![Field::new("b", FieldType::Number, Values::default())]);
    refuses(
        serde_json::json!([{"id": "histogram", "options": {"bucketSize": 0.5}}]),
        std::iter::repeat_n(empty, 1_000).chain([side("a")]).collect(),
    );
    refuses(
        serde_json::json!([{"id": "groupingToMatrix", "options": {"columnField": "a", "rowField": "a", "valueField": "a"}}]),
        vec![side("a")],
    );
}
