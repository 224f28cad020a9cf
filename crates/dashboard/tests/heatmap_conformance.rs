//! Buckets of histograms against what Grafana's own packages make of them.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;
mod tables;

use corpus::{Compared, SOFT, compare, number};
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
        let is_named = frames.iter().any(|frame| frame["name"].is_string());
        let has_values = |frame: &Json| frame["fields"].as_array().is_some_and(|fields| fields.len() == 2);
        let is_bucket = frames.iter().all(|frame| frame["fields"][1]["labels"]["le"].is_string());
        if result["$error"].is_string() || !frames.iter().all(has_values) {
            return Some(Compared::left_out("frames that are no series, such as cells of native histograms"));
        }
        let buckets: Vec<Table> = frames.iter().map(table).collect();
        Some(
            Compared::from((result_text(&heatmap_format(buckets)), expected_text(result)))
                .unless(times.len() > 1, "a bucket that misses points: counts are told apart at equal instants")
                .unless(is_named, "frames that have names, which Prometheus' have not")
                .unless(!is_bucket, "a series without a bound, which has no name there"),
        )
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
            return Some(Compared::left_out("texts for numbers, which never come here"));
        }
        let mut counts: Vec<Vec<f64>> = series.as_array()?.iter().map(numbers).collect();
        apart(&mut counts);
        let expected: Vec<Vec<f64>> = values.as_array()?.iter().map(numbers).collect();
        let text = |lists: &[Vec<f64>]| {
            let one = |value: &f64| if is_gap(*value) { "gap".to_owned() } else { format!("{value:.11e}") };
            lists.iter().map(|list| list.iter().map(one).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("\n")
        };
        Some((text(&counts), text(&expected)).into())
    });
}

#[test]
fn the_order_of_bounds() {
    compare("bucket_order", |row| {
        let [names, sorted] = row.as_slice() else { panic!("{row:?}") };
        let mut computed: Vec<&str> = names.as_array()?.iter().filter_map(Json::as_str).collect();
        // With what is no number among them the order is up to the engine's sort.
        let is_soft = computed.iter().any(|name| name.parse::<f64>().is_err());
        computed.sort_by(|a, b| by_bound(a, b));
        let sorted: Vec<&str> = sorted.as_array()?.iter().filter_map(Json::as_str).collect();
        Some(Compared::debug(&computed, &sorted).unless(is_soft, SOFT))
    });
}
