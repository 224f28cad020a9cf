//! Buckets of histograms against what Grafana's own packages make of them.
//!
//! Rows that differ, and are left out:
//!
//! | Row | Here | There |
//! |---|---|---|
//! | a bucket that misses points | counts are told apart at the same instant | at the same place in the list, whatever instant that is |
//! | a text for a number, null for a table | never comes here | is read |
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
mod tables;

use corpus::{compare, number};
use dashboard::transform::Table;
use dashboard::transform::heatmap::{apart, by_bound, heatmap_format};
use frame::{GAP, is_gap};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use tables::{expected_text, result_text, table};

#[test]
fn buckets_of_histograms() {
    compare("heatmap", |row| {
        let [_, frames, result] = row.as_slice() else { panic!("{row:?}") };
        let frames = frames.as_array()?;
        let times: BTreeSet<String> = frames.iter().map(|frame| frame["fields"][0]["values"].to_string()).collect();
        // Instants differ, or the data source names frames, which Prometheus does not, or what there is is no series.
        let is_named = frames.iter().any(|frame| frame["name"].is_string());
        let has_values = |frame: &Json| frame["fields"].as_array().is_some_and(|fields| fields.len() == 2);
        if times.len() > 1 || is_named || !frames.iter().all(has_values) {
            return None;
        }
        let buckets: Vec<Table> = frames.iter().map(table).collect();
        let is_bucket = frames.iter().all(|frame| frame["fields"][1]["labels"]["le"].is_string());
        if !is_bucket {
            // What is no bucket has no name there.
            return None;
        }
        Some((result_text(&heatmap_format(buckets)), expected_text(result)))
    });
}

fn numbers(cell: &Json) -> Vec<f64> {
    cell.as_array().unwrap().iter().map(|cell| number(cell).unwrap_or(GAP)).collect()
}

#[test]
fn counts_between_bounds() {
    compare("heatmap_core", |row| {
        let [series, values] = row.as_slice() else { panic!("{row:?}") };
        let are_numbers = |list: &Json| list.as_array().unwrap().iter().all(|cell| !cell.is_string());
        if !series.as_array()?.iter().all(are_numbers) {
            return None;
        }
        let mut counts: Vec<Vec<f64>> = series.as_array()?.iter().map(numbers).collect();
        apart(&mut counts);
        let expected: Vec<Vec<f64>> = values.as_array()?.iter().map(numbers).collect();
        let text = |lists: &[Vec<f64>]| {
            let one = |value: &f64| if is_gap(*value) { "gap".to_owned() } else { format!("{value:.11e}") };
            lists.iter().map(|list| list.iter().map(one).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
        };
        Some((text(&counts), text(&expected)))
    });
}

#[test]
fn the_order_of_bounds() {
    compare("bucket_order", |row| {
        let [names, sorted] = row.as_slice() else { panic!("{row:?}") };
        let mut computed: Vec<&str> = names.as_array()?.iter().filter_map(Json::as_str).collect();
        // With a text that is no number among them the order is up to the engine's sort.
        if computed.contains(&"") {
            return None;
        }
        computed.sort_by(|a, b| by_bound(a, b));
        Some((
            format!("{computed:?}"),
            format!("{:?}", sorted.as_array()?.iter().filter_map(Json::as_str).collect::<Vec<_>>()),
        ))
    });
}
