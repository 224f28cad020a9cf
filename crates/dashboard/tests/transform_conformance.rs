//! Transformations and field matchers against what Grafana's own packages compute.
//!
//! Rows that differ:
//!
//! | Transformation | Here | There |
//! |---|---|---|
//! | `filterByValue` that excludes, several tables | as many rows as are left | an empty row more where fewer are left than in the first table |
//! | `sortBy` a field with NaN | NaN comes last | NaN stays between, depending on the engine's sort |
//! | `calculateField` with a percentile of a row with missing values | no value | depends on the engine's sort |
//! | reducer `diff` of true and false | no value | 0 |
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
mod tables;

use corpus::Row;
use dashboard::transform::matcher::FieldMatcher;
use dashboard::transform::names::Names;
use dashboard::transform::prometheus::table_format;
use dashboard::transform::{Context, FieldType, Reducer, Table, Transformation, apply};
use frame::calcs::{Calc, Gaps};
use frame::{Millis, Zone, Zones};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tables::{cell, cell_text, expected_text, result_text, table};

/// The two zones of the tables, in June.
struct Summer;

impl Zones for Summer {
    fn offset_millis(&self, zone: &Zone, _at: Millis) -> i64 {
        const HOUR: i64 = 3_600_000;
        match zone {
            Zone::Named(name) if &**name == "Asia/Kolkata" => 5 * HOUR + HOUR / 2,
            Zone::Named(name) if &**name == "America/New_York" => -4 * HOUR,
            _ => 0,
        }
    }
}

/// The share of rows that must agree.
const WANTED: f64 = 0.99;

/// Compares the rows of a table, prints how many agree for each `kind` of row, and fails where too few do.
///
/// `check` gives what was computed and what was expected, or none for a row that is not covered.
fn compare(name: &str, kind: impl Fn(&Row) -> String, check: impl Fn(&Row) -> Option<(String, String)>) {
    let Some(rows) = corpus::table(name) else { return };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut differing = Vec::new();
    for row in &rows {
        let Some((computed, expected)) = check(row) else { continue };
        let (agreeing, all) = counts.entry(kind(row)).or_default();
        *all += 1;
        if computed == expected {
            *agreeing += 1;
        } else {
            differing.push(format!("{}\n computed\n{computed}\n expected\n{expected}\n", row[0]));
        }
    }
    for (kind, (agreeing, all)) in &counts {
        println!("{name} {kind}: {agreeing} of {all} rows agree");
    }
    let covered: usize = counts.values().map(|(_, all)| all).sum();
    println!("{name}: {} of {covered} covered rows agree, {} rows in all", covered - differing.len(), rows.len());
    let first = differing.iter().take(20).cloned().collect::<String>();
    println!("{first}");
    assert!(differing.len() as f64 <= covered as f64 * (1.0 - WANTED), "{name}: {} rows differ", differing.len());
}

/// The result of some transformations, `error` where there is none.
fn transformed(transformations: &Json, frames: &Json, interpolate: &dyn Fn(&str) -> String) -> String {
    let tables = frames.as_array().unwrap().iter().map(table).collect();
    let context = Context { interpolate, zone: &Zone::Utc, zones: &Summer };
    let result = Transformation::parse_all(transformations).and_then(|list| apply(&list, tables, &context));
    result.map_or_else(|_| "error".into(), |tables| result_text(&tables))
}

fn expected(result: &Json) -> String {
    if result["$error"].is_string() { "error".into() } else { expected_text(result) }
}

fn first_id(row: &Row) -> String {
    row[0][0]["id"].as_str().unwrap_or_default().into()
}

#[test]
fn transformations() {
    compare("transforms", first_id, |row| {
        let [transformations, frames, result] = row.as_slice() else { panic!("{row:?}") };
        Some((transformed(transformations, frames, &str::to_owned), expected(result)))
    });
}

#[test]
fn transformations_with_variables() {
    compare("interp_transforms", first_id, |row| {
        let [transformations, frames, variables, result] = row.as_slice() else { panic!("{row:?}") };
        let fill = |text: &str| {
            let mut text = text.to_owned();
            for (name, value) in variables.as_object().unwrap() {
                let value = value.as_str().unwrap();
                text = text.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
            }
            text
        };
        Some((transformed(transformations, frames, &fill), expected(result)))
    });
}

#[test]
fn field_matchers() {
    let kind = |row: &Row| row[0]["id"].as_str().unwrap_or_default().to_owned();
    compare("matchers", kind, |row| {
        let [matcher, frames, matches] = row.as_slice() else { panic!("{row:?}") };
        let tables: Vec<_> = frames.as_array().unwrap().iter().map(table).collect();
        let names = Names::of(&tables);
        let found = FieldMatcher::parse(matcher, "matcher").map(|matcher| {
            let fields = |table: &Table| {
                Vec::from_iter((0..table.fields.len()).map(|index| matcher.matches(table, index, &names)))
            };
            tables.iter().map(fields).collect::<Vec<_>>()
        });
        let expected = if matches["$error"].is_string() { "error".into() } else { matches.to_string() };
        Some((found.map_or_else(|_| "error".into(), |found| serde_json::to_string(&found).unwrap()), expected))
    });
}

#[test]
fn names_of_fields() {
    compare(
        "display_name",
        |_| "all".into(),
        |row| {
            let [frames, names, ..] = row.as_slice() else { panic!("{row:?}") };
            // Comparing with an earlier time is no part of this.
            if frames[0]["meta"]["timeCompare"].is_object() {
                return None;
            }
            let tables: Vec<_> = frames.as_array().unwrap().iter().map(table).collect();
            let shown = Names::of(&tables);
            let found: Vec<Vec<String>> = tables
                .iter()
                .map(|table| shown.of_table(table).iter().map(|name| name.to_string()).collect())
                .collect();
            Some((serde_json::to_string(&found).unwrap(), names.to_string()))
        },
    );
}

#[test]
fn answers_as_tables() {
    compare(
        "prom_result",
        |row| row[1].as_str().unwrap_or_default().into(),
        |row| {
            let [targets, app, frames, result] = row.as_slice() else { panic!("{row:?}") };
            // The backend's texts for numbers, exemplars and native histograms never come here.
            let text = frames.to_string();
            if ["\"+Inf\"", "exemplar", "heatmap"].iter().any(|left_out| text.contains(left_out)) {
                return None;
            }
            let is_table = |target: &Json| target["format"] == "table";
            // Explore also makes tables of instant queries that did not ask for one.
            if app == "explore" && !targets.as_array().unwrap().iter().all(is_table) {
                return None;
            }
            let query = |table: &Table| {
                let is_its = |target: &&Json| target["refId"].as_str() == table.ref_id.as_deref();
                targets.as_array().unwrap().iter().find(is_its).is_some_and(is_table)
            };
            let tables = frames.as_array().unwrap().iter().map(table);
            let (as_table, mut others): (Vec<Table>, Vec<Table>) = tables.partition(query);
            others.extend(table_format(as_table));
            Some((result_text(&others), expected(result)))
        },
    );
}

/// The reducers of fields that are no numbers, and those whose result is a list.
#[test]
fn reducers_of_other_fields() {
    compare(
        "reducers",
        |row| row[1].as_str().unwrap_or_default().into(),
        |row| {
            let [reducer, kind, values, gaps, alone, ..] = row.as_slice() else { panic!("{row:?}") };
            let reducer = Reducer::parse(reducer.as_str()?)?;
            let is_sorted =
                matches!(reducer, Reducer::Calc(Calc::Median | Calc::Percentile(_) | Calc::Variance | Calc::StdDev));
            let kind = FieldType::parse(kind.as_str()?)?;
            if is_sorted || (kind == FieldType::Number && matches!(reducer, Reducer::Calc(_))) {
                return None;
            }
            let gaps = match gaps.as_str() {
                Some("null") => Gaps::Keep,
                Some("null as zero") => Gaps::Zero,
                _ => Gaps::Ignore,
            };
            let values = values.as_array().unwrap().iter().map(cell).collect();
            Some((cell_text(&reducer.of_values(&values, kind, gaps)), cell_text(&cell(alone))))
        },
    );
}
