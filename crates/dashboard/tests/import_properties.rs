//! Whatever a file holds: importing it does not panic, what is exported is read as the same dashboard, and notes name places
//! that are in the file.
#![allow(clippy::unwrap_used)]

mod described;

use dashboard::{export, import};
use described::described;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::path::Path;

const FIXTURES: &[&str] =
    &["graph.json", "angular.json", "lifted.json", "modern.json", "rows.json", "v2.json", "v2rest.json"];
/// Keys and words that the importer knows, so that what is made up comes near to what is meant.
const WORDS: &[&str] = &[
    "panels",
    "rows",
    "type",
    "graph",
    "singlestat",
    "table",
    "heatmap",
    "gauge",
    "row",
    "title",
    "id",
    "options",
    "fieldConfig",
    "defaults",
    "overrides",
    "custom",
    "targets",
    "gridPos",
    "x",
    "y",
    "w",
    "h",
    "legend",
    "yaxes",
    "seriesOverrides",
    "thresholds",
    "alias",
    "styles",
    "spec",
    "elements",
    "layout",
    "kind",
    "items",
    "repeat",
    "",
    "schemaVersion",
    "collapsed",
    "templating",
    "list",
    "query",
    "current",
    "value",
    "a~b/c",
    "1e999",
    "/(/",
    "-1",
];

fn json() -> impl Strategy<Value = Value> {
    let word = || prop::sample::select(WORDS).prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Every place in `value`, as pointers.
fn places(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                places(value, format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
    found.push(pointer);
}

/// A fixture in which some places hold something else.
fn damaged() -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), json());
    (prop::sample::select(FIXTURES), prop::collection::vec(change, 1..4)).prop_map(|(name, changes)| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
        let mut json: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        for (index, new) in changes {
            let mut all = Vec::new();
            places(&json, String::new(), &mut all);
            *json.pointer_mut(&all[index.index(all.len())]).unwrap() = new;
        }
        json
    })
}

/// Importing, exporting and importing again ends where it began.
fn check(json: &Value) -> Result<(), TestCaseError> {
    let Ok(first) = import(&json.to_string()) else { return Ok(()) };
    let text = export::to_text(&first.dashboard);
    let second = import(&text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
    check_same(&described(&first.dashboard), &described(&second.dashboard))?;
    check_same(&text, &export::to_text(&second.dashboard))
}

/// Shows where they begin to differ, not two dashboards.
fn check_same(before: &str, after: &str) -> Result<(), TestCaseError> {
    let same = before.chars().zip(after.chars()).take_while(|(before, after)| before == after).count();
    let around = |text: &str| text.chars().skip(same.saturating_sub(200)).take(300).collect::<String>();
    prop_assert!(before == after, "{}\nbecame\n{}", around(before), around(after));
    Ok(())
}

/// What was lifted is not old any more, and what it left behind no leftover of a graph.
#[test]
fn what_an_old_panel_leaves_behind_is_kept_again() {
    for (kind, marker) in
        [("table", "styles"), ("table-old", "styles"), ("singlestat", "valueName"), ("graph", "lines")]
    {
        for key in [
            "columns",
            "decimals",
            "fontSize",
            "format",
            "legend",
            "mappingTypes",
            "nullText",
            "pageSize",
            "scroll",
            "showHeader",
            "sort",
            "sparkline",
            "tableColumn",
            "thresholds",
            "transform",
            "valueFontSize",
            "valueMaps",
            "xaxis",
        ] {
            for value in [json!(false), json!(7), json!("odd"), json!(["odd"]), json!({ "odd": 1 })] {
                let panel = json!({ "id": 1, "type": kind, marker: [], key: value });
                // What cannot be lifted is old for ever.
                let unknown =
                    json!({ "id": 2, "type": "unknown", "options": { "fieldOptions": { "calcs": ["max"] } } });
                check(&json!({ "schemaVersion": 16, "panels": [panel, unknown] })).unwrap();
            }
        }
    }
}

proptest! {
    #[test]
    fn anything_is_read_and_written(json in json()) {
        check(&json)?;
    }

    #[test]
    fn a_damaged_dashboard_is_read_and_written(json in damaged()) {
        check(&json)?;
    }
}
