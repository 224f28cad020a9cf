//! Transformations and field matchers against what Grafana's own packages compute.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
mod tables;

use corpus::{Compared, SOFT, compare};
use dashboard::transform::matcher::FieldMatcher;
use dashboard::transform::names::Names;
use dashboard::transform::prometheus::table_format;
use dashboard::transform::{Cell, Context, FieldType, Reducer, Table, Transformation, apply};
use frame::calcs::{Calc, Gaps};
use frame::{Millis, Zone, Zones};
use serde_json::Value as Json;
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

#[test]
fn transformations() {
    compare("transforms", |row| {
        let [transformations, frames, result] = row.as_slice() else { panic!("{row:?}") };
        // Where NaN stands among numbers is up to the engine's sort.
        let steps = transformations.to_string();
        let is_sorted = steps.contains("sortBy") || steps.contains("\"reducer\":\"p");
        let is_soft = is_sorted && (frames.to_string() + &result.to_string()).contains("NaN");
        let is_cut = steps.contains("filterByValue") && steps.contains("exclude");
        Some(
            Compared::from((transformed(transformations, frames, &str::to_owned), expected(result)))
                .unless(is_soft, SOFT)
                .unless(is_cut, "rows that are excluded leave an empty one there, where a table ends up shorter"),
        )
    });
}

#[test]
fn transformations_with_variables() {
    compare("interp_transforms", |row| {
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
    compare("matchers", |row| {
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
    compare("display_name", |row| {
        let [frames, names, ..] = row.as_slice() else { panic!("{row:?}") };
        if frames[0]["meta"]["timeCompare"].is_object() {
            return Some(Compared::left_out("a comparison with an earlier time"));
        }
        let tables: Vec<_> = frames.as_array().unwrap().iter().map(table).collect();
        let shown = Names::of(&tables);
        let found: Vec<Vec<String>> =
            tables.iter().map(|table| shown.of_table(table).iter().map(|name| name.to_string()).collect()).collect();
        Some((serde_json::to_string(&found).unwrap(), names.to_string()).into())
    });
}

#[test]
fn answers_as_tables() {
    compare("prom_result", |row| {
        let [targets, app, frames, result] = row.as_slice() else { panic!("{row:?}") };
        let text = frames.to_string();
        let is_other = ["\"+Inf\"", "exemplar", "heatmap"].iter().any(|other| text.contains(other));
        let is_table = |target: &Json| target["format"] == "table";
        let is_explored = app == "explore" && !targets.as_array().unwrap().iter().all(is_table);
        let query = |table: &Table| {
            let is_its = |target: &&Json| target["refId"].as_str() == table.ref_id.as_deref();
            targets.as_array().unwrap().iter().find(is_its).is_some_and(is_table)
        };
        let tables = frames.as_array().unwrap().iter().map(table);
        let (as_table, mut others): (Vec<Table>, Vec<Table>) = tables.partition(query);
        others.extend(table_format(as_table));
        Some(
            Compared::from((result_text(&others), expected(result)))
                .unless(is_other, "texts for numbers, exemplars and native histograms, which never come as frames")
                .unless(is_explored, "what Explore makes of instant queries that ask for no table"),
        )
    });
}

#[test]
fn reducers() {
    compare("reducers", |row| {
        let [reducer, kind, values, gaps, alone, ..] = row.as_slice() else { panic!("{row:?}") };
        let (reducer, kind) = (Reducer::parse(reducer.as_str()?)?, FieldType::parse(kind.as_str()?)?);
        let gaps = match gaps.as_str() {
            Some("null") => Gaps::Keep,
            Some("null as zero") => Gaps::Zero,
            _ => Gaps::Ignore,
        };
        let cells: Vec<Cell> = values.as_array().unwrap().iter().map(cell).collect();
        // What is no number has no place in an order of numbers.
        let is_sorted = matches!(reducer, Reducer::Calc(Calc::Median | Calc::Percentile(_)));
        let has_order = cells.iter().all(|cell| !cell.to_number().is_nan());
        let has_absent = cells.iter().any(|cell| matches!(cell, Cell::Absent));
        let computed = reducer.of_values(&cells.into_iter().collect(), kind, gaps);
        Some(
            Compared::from((cell_text(&computed), cell_text(&cell(alone))))
                .unless(is_sorted && !has_order, SOFT)
                .unless(has_absent, "changes among values that are neither there nor null")
                .unless(
                    gaps == Gaps::Zero && kind == FieldType::Bool,
                    "a difference among nothing but nulls that count as zeros",
                ),
        )
    });
}
