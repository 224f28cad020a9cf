//! Transformations of anything: no panic, and tables that hold together.

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
mod json_files;

use dashboard::transform::expression::{Expression, evaluate};
use dashboard::transform::prometheus::{series, table_format};
use dashboard::transform::{Cell, Context, Field, FieldType, Table, Transformation, Values, apply};
use frame::{Frame, GAP, Grid, Labels, Millis, Step, TimeRange, Times, Zone, Zones, is_gap};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _zone: &Zone, _at: Millis) -> i64 {
        0
    }
}

const IDS: [&str; 38] = [
    "calculateField",
    "concatenate",
    "configFromData",
    "convertFieldType",
    "convertFrameType",
    "ensureColumns",
    "extractFields",
    "filterByRefId",
    "filterByValue",
    "filterFields",
    "filterFieldsByName",
    "filterFrames",
    "formatString",
    "formatTime",
    "groupBy",
    "groupToNestedTable",
    "groupingToMatrix",
    "histogram",
    "joinByField",
    "joinByLabels",
    "labelsToFields",
    "limit",
    "merge",
    "noop",
    "order",
    "organize",
    "partitionByValues",
    "prepareTimeSeries",
    "reduce",
    "rename",
    "renameByRegex",
    "rowsToFields",
    "seriesToColumns",
    "seriesToRows",
    "sortBy",
    "timeSeriesTable",
    "transpose",
    "acme-plugin",
];

/// Values that options have somewhere.
const WORDS: [&str; 44] = [
    "",
    "A",
    "B",
    "Time",
    "Value",
    "a",
    "b",
    "pod",
    "text",
    "(.*)",
    "/a(.)/g",
    "$1",
    "number",
    "time",
    "string",
    "boolean",
    "other",
    "inner",
    "outerTabular",
    "rows",
    "columns",
    "exclude",
    "all",
    "binary",
    "unary",
    "index",
    "reduceRow",
    "cumulativeFunctions",
    "windowFunctions",
    "mean",
    "sum",
    "uniqueValues",
    "p95",
    "centered",
    "fixed",
    "byName",
    "byType",
    "byRefId",
    "groupby",
    "aggregate",
    "long",
    "multi",
    "kvp",
    "json",
];

/// Keys of options.
const KEYS: [&str; 48] = [
    "mode",
    "binary",
    "left",
    "right",
    "operator",
    "unary",
    "fieldName",
    "reduce",
    "reducer",
    "reducers",
    "include",
    "exclude",
    "names",
    "pattern",
    "cumulative",
    "window",
    "windowSize",
    "windowSizeMode",
    "windowAlignment",
    "field",
    "fields",
    "alias",
    "replaceFields",
    "matcher",
    "options",
    "id",
    "filters",
    "config",
    "value",
    "from",
    "to",
    "type",
    "match",
    "byField",
    "sort",
    "desc",
    "limitField",
    "rowField",
    "columnField",
    "valueField",
    "bucketSize",
    "source",
    "format",
    "operation",
    "aggregations",
    "conversions",
    "targetField",
    "destinationType",
];

fn word() -> impl Strategy<Value = String> {
    proptest::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => proptest::sample::select(&KEYS[..]).prop_map(str::to_owned), 1 => word()]
}

fn option() -> impl Strategy<Value = Json> {
    let number = prop_oneof![Just(0.0), Just(-1.0), Just(0.25), Just(3.0), Just(1e300), any::<f64>()];
    let leaf = prop_oneof![
        4 => word().prop_map(Json::from),
        2 => number.prop_map(Json::from),
        1 => any::<bool>().prop_map(Json::from),
        1 => Just(Json::Null),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            proptest::collection::btree_map(key(), inner, 0..6).prop_map(|map| json!(map)),
        ]
    })
}

fn transformation() -> impl Strategy<Value = Json> {
    let options = proptest::collection::btree_map(key(), option(), 0..8);
    (proptest::sample::select(&IDS[..]), options).prop_map(|(id, options)| json!({"id": id, "options": options}))
}

fn cell() -> impl Strategy<Value = Cell> {
    let number = prop_oneof![Just(0.0), Just(1.5), Just(-7.0), Just(f64::NAN), Just(f64::INFINITY), Just(1e300)];
    prop_oneof![
        4 => number.prop_map(Cell::Number),
        3 => word().prop_map(|text| Cell::text(&text)),
        1 => Just(Cell::Null),
        1 => Just(Cell::Absent),
        1 => any::<bool>().prop_map(Cell::Bool),
        1 => Just(Cell::List([Cell::Null, Cell::text("a=1")].into())),
    ]
}

fn field() -> impl Strategy<Value = Field> {
    let kinds = [FieldType::Time, FieldType::Number, FieldType::Text, FieldType::Bool, FieldType::Other];
    let labels = proptest::option::of(proptest::collection::vec((word(), word()), 0..3));
    // Long enough for a sort that notices an order which is none.
    let values =
        prop_oneof![3 => proptest::collection::vec(cell(), 0..6), 1 => proptest::collection::vec(cell(), 0..60)];
    (word(), proptest::sample::select(kinds.to_vec()), labels, values).prop_map(|(name, kind, labels, values)| {
        let pairs = labels.map(|labels| labels.into_iter().map(|(name, value)| (name.into(), value.into())).collect());
        Field { labels: pairs.map(Labels::new), ..Field::new(name, kind, Values::from_cells(values)) }
    })
}

fn tables() -> impl Strategy<Value = Vec<Table>> {
    let table = (word(), proptest::collection::vec(field(), 0..5))
        .prop_map(|(ref_id, fields)| Table::new(Some(ref_id.into()), fields));
    proptest::collection::vec(table, 0..4)
}

fn run(list: &Json, tables: Vec<Table>) -> Option<Vec<Table>> {
    let list = Transformation::parse_all(list).ok()?;
    let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
    apply(&list, tables, &context).ok()
}

/// What must be true of any result.
fn assert_holds_together(tables: &[Table]) {
    for table in tables {
        for field in &table.fields {
            assert!(field.values.len() <= table.rows, "{} has more values than its table", field.name);
        }
        let frame = table.clone().into_frame();
        assert!(frame.fields.iter().all(|field| field.column.len() == table.rows));
    }
}

proptest! {
    #[test]
    fn nothing_panics(list in proptest::collection::vec(transformation(), 1..4), tables in tables()) {
        if let Some(result) = run(&Json::from(list), tables) {
            assert_holds_together(&result);
        }
    }

    #[test]
    fn anything_can_be_sorted(field in field(), descending in any::<bool>()) {
        let list = json!([{"id": "sortBy", "options": {"sort": [{"field": "x", "desc": descending}]}}]);
        let rows = field.values.len();
        let table = Table::new(None, vec![Field { name: "x".into(), labels: None, ..field }]);
        let result = run(&list, vec![table]).expect("a result");
        prop_assert_eq!(result[0].rows, rows);
    }

    #[test]
    fn sorting_and_filtering_keep_rows_together(values in proptest::collection::vec(-50_i32..50, 0..40), limit in -45_i32..45) {
        let numbers = |factor: f64| values.iter().map(|value| f64::from(*value) * factor).collect::<Vec<f64>>();
        let fields = vec![
            Field::new("a", FieldType::Number, Values::from(numbers(1.0))),
            Field::new("b", FieldType::Number, Values::from(numbers(3.0))),
        ];
        let list = json!([
            {"id": "sortBy", "options": {"sort": [{"field": "a", "desc": true}]}},
            {"id": "filterByValue", "options": {"type": "include", "match": "all", "filters": [
                {"fieldName": "b", "config": {"id": "greater", "options": {"value": limit}}}]}},
        ]);
        let result = run(&list, vec![Table::new(None, fields)]).expect("a result");
        let mut expected: Vec<i32> = values.iter().copied().filter(|value| value * 3 > limit).collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        let column = |index: usize| result[0].fields[index].values.cells().map(|cell| cell.to_number()).collect::<Vec<_>>();
        prop_assert_eq!(column(0), expected.iter().map(|value| f64::from(*value)).collect::<Vec<_>>());
        prop_assert_eq!(column(1), expected.iter().map(|value| f64::from(*value) * 3.0).collect::<Vec<_>>());
    }

    #[test]
    fn an_answer_survives_the_way_to_a_table_and_back(
        columns in proptest::collection::vec(proptest::collection::vec(prop_oneof![Just(GAP), any::<f64>()], 7), 1..4),
    ) {
        let grid = Grid { start: Millis(1_000), step: Step::at_least_one(15_000), len: 7 };
        let named = columns.into_iter().enumerate().map(|(index, values)| {
            ([("series", index.to_string().as_str())].into_iter().collect::<Labels>(), values)
        });
        let frame = Frame::series(Times::Grid(grid), named);
        let back = Table::from_frame(frame.clone(), None).into_frame();
        prop_assert_eq!(format!("{back:?}"), format!("{frame:?}"));

        let samples: usize = frame.numbers().map(|(_, values)| values.iter().filter(|value| !is_gap(**value)).count()).sum();
        let tables = series(frame, Some(grid.step), "A", &|_| None);
        prop_assert_eq!(tables.iter().map(|table| table.rows).sum::<usize>(), samples);
        prop_assert_eq!(table_format(tables).iter().map(|table| table.rows).sum::<usize>(), samples);
    }
}

proptest! {
    #[test]
    fn no_formula_panics(text in "\\PC{0,40}", formula in "[$A{}()0-9x.e+*/%<>=!&|, -]{0,30}") {
        for expression in [&text, &formula] {
            let query = json!({"refId": "C", "type": "math", "expression": expression});
            if let Ok(expression) = Expression::parse(&query, "query") {
                let _ = evaluate(&[expression], &answers(), TimeRange::new(0, 1));
            }
        }
    }
}

/// Every list of transformations below a piece of JSON.
fn lists<'j>(json: &'j Json, found: &mut Vec<&'j Json>) {
    match json {
        Json::Object(members) => {
            found.extend(members.get("transformations").filter(|list| list.is_array()));
            members.values().for_each(|member| lists(member, found));
        }
        Json::Array(items) => items.iter().for_each(|item| lists(item, found)),
        _ => {}
    }
}

/// Answers of an instant and of a range query.
fn answers() -> Vec<Table> {
    let labels = |pod: &str| [("pod", pod), ("job", "api")].into_iter().collect::<Labels>();
    let grid = Grid { start: Millis(0), step: Step::at_least_one(60_000), len: 3 };
    let columns = [(labels("a"), vec![1.0, 2.0, 3.0]), (labels("b"), vec![4.0, GAP, 6.0])];
    let mut tables = series(Frame::series(Times::Grid(grid), columns), Some(grid.step), "A", &|_| None);
    tables.extend(table_format(dashboard::transform::prometheus::vector(
        Millis(0),
        &[(labels("a"), 1.0), (labels("c"), 2.0)],
        "B",
        &|_| None,
    )));
    tables
}

#[test]
fn every_list_of_the_corpus_is_read_and_applied() {
    let files = json_files::there(&corpus::folder().join("dashboards/dashboards"));
    if files.is_empty() {
        return;
    }
    let mut unknown: BTreeMap<String, usize> = BTreeMap::new();
    let (mut read, mut refused) = (0, Vec::new());
    for file in &files {
        let Ok(json) = serde_json::from_slice(&std::fs::read(file).expect("a file that was just listed")) else {
            continue;
        };
        let mut found = Vec::new();
        lists(&json, &mut found);
        for list in found {
            let context = Context { interpolate: &str::to_owned, zone: &Zone::Utc, zones: &Utc };
            let result = Transformation::parse_all(list).and_then(|list| {
                for id in list.iter().filter_map(Transformation::unknown) {
                    *unknown.entry(id.to_owned()).or_default() += 1;
                }
                apply(&list, answers(), &context)
            });
            match result {
                Ok(tables) => {
                    assert_holds_together(&tables);
                    read += 1;
                }
                Err(error) => refused.push(format!("{}: {error}", file.display())),
            }
        }
    }
    println!("{read} lists of transformations read and applied, unknown {unknown:?}");
    assert!(refused.is_empty(), "{refused:#?}");
}
