//! Bands on top of each other.
#![allow(clippy::unwrap_used)]

use frame::stack::{Edge, StackMode, stack};
use frame::{GAP, Grid, Millis, Step, Times};
use proptest::prelude::*;

fn grid(len: usize) -> Times {
    Times::Grid(Grid { start: Millis(0), step: Step::at_least_one(10), len: len as u32 })
}

fn at(instants: &[i64]) -> Times {
    Times::Explicit(instants.iter().copied().map(Millis).collect())
}

/// The edges of series that all have the same instants.
fn edges(columns: &[&[f64]], mode: StackMode) -> Vec<Edge> {
    let times: Vec<Times> = columns.iter().map(|values| grid(values.len())).collect();
    let columns: Vec<_> = times.iter().zip(columns.iter().copied()).collect();
    stack(&columns, mode).unwrap()
}

fn check(columns: &[&[f64]], mode: StackMode, expected: &[&[f64]]) {
    same(&edges(columns, mode), expected);
}

/// The same of series with instants of their own.
fn check_at(columns: &[(Times, &[f64])], mode: StackMode, expected: &[&[f64]]) {
    let columns: Vec<_> = columns.iter().map(|(times, values)| (times, *values)).collect();
    same(&stack(&columns, mode).unwrap(), expected);
}

fn same(edges: &[Edge], expected: &[&[f64]]) {
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(edges.len(), expected.len());
    for (edge, expected) in edges.iter().zip(expected) {
        assert_eq!(bits(&edge.values), bits(expected), "{edge:?} for {expected:?}");
    }
}

#[test]
fn values_add_up() {
    check(&[&[1.0, 2.0], &[10.0, 20.0]], StackMode::Normal, &[&[1.0, 2.0], &[11.0, 22.0]]);
    check(&[], StackMode::Normal, &[]);
    check(&[&[]], StackMode::Normal, &[&[]]);
}

#[test]
fn a_gap_adds_nothing_and_stays() {
    check(
        &[&[1.0, GAP, 3.0], &[10.0, 20.0, GAP], &[100.0, 100.0, 100.0]],
        StackMode::Normal,
        &[&[1.0, GAP, 3.0], &[11.0, 20.0, GAP], &[111.0, 120.0, 103.0]],
    );
}

#[test]
fn what_is_not_finite_adds_nothing_and_is_a_gap() {
    let values: &[f64] = &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let gaps: &[f64] = &[GAP, GAP, GAP];
    check(&[&[2.0; 3], values, &[3.0; 3]], StackMode::Normal, &[&[2.0; 3], gaps, &[5.0; 3]]);
    check(&[&[2.0; 3], values, &[2.0; 3]], StackMode::Percent, &[&[0.5; 3], gaps, &[1.0; 3]]);
    check(&[&[1.0, f64::NEG_INFINITY]], StackMode::Normal, &[&[1.0, GAP]]);
}

#[test]
fn negative_series_are_stacked_downwards() {
    check(
        &[&[1.0, 1.0], &[-2.0, -3.0], &[4.0, 4.0], &[-1.0, GAP]],
        StackMode::Normal,
        &[&[1.0, 1.0], &[-2.0, -3.0], &[5.0, 5.0], &[-3.0, GAP]],
    );
    let directions = |columns: &[&[f64]]| -> Vec<bool> {
        edges(columns, StackMode::Normal).iter().map(|edge| edge.downwards).collect()
    };
    assert_eq!(directions(&[&[1.0; 3], &[-1.0, -1.0, 9.0], &[1.0, 1.0, -900.0]]), [false, true, false]);
}

#[test]
fn percent_shows_shares() {
    check(&[&[1.0, 0.0, GAP], &[3.0, 0.0, 5.0]], StackMode::Percent, &[&[0.25, 0.0, GAP], &[1.0, 0.0, 1.0]]);
    check(&[&[-1.0], &[-3.0]], StackMode::Percent, &[&[-0.25], &[-1.0]]);
}

#[test]
fn series_with_other_times_stand_on_the_lines_below() {
    let fine: &[f64] = &[10.0, 20.0, 30.0, 20.0, 10.0];
    check_at(
        &[(grid(5), fine), (at(&[0, 20, 40]), &[2.0, 4.0, GAP]), (grid(5), &[1.0; 5])],
        StackMode::Normal,
        &[fine, &[12.0, 34.0, GAP], &[13.0, 24.0, 35.0, 21.0, 11.0]],
    );
    check_at(
        &[(grid(3), &[2.0, 2.0, 2.0]), (at(&[10, 15, 30]), &[2.0, 2.0, 2.0])],
        StackMode::Percent,
        &[&[1.0, 0.5, 0.5], &[1.0, 1.0, 1.0]],
    );
    check_at(&[(at(&[]), &[]), (at(&[5]), &[1.0])], StackMode::Normal, &[&[], &[1.0]]);
}

#[test]
fn too_many_instants_apart_are_not_stacked() {
    let times: Vec<Times> = (0..9_000).map(|start| at(&[start])).collect();
    let columns: Vec<(&Times, &[f64])> = times.iter().map(|times| (times, &[1.0][..])).collect();
    assert_eq!(stack(&columns, StackMode::Normal), None);
    assert!(stack(&columns[..80], StackMode::Normal).is_some());
}

/// Some series of so many values each.
fn columns() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let value = || prop_oneof![Just(GAP), (0..100_i32).prop_map(f64::from)];
    let column = move |rows| proptest::collection::vec(value(), rows);
    (1..6_usize, 0..20_usize).prop_flat_map(move |(series, rows)| proptest::collection::vec(column(rows), series))
}

proptest! {
    #[test]
    fn the_last_band_is_the_sum_of_the_row(columns in columns()) {
        let borrowed: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let bands = edges(&borrowed, StackMode::Normal);
        let shares = edges(&borrowed, StackMode::Percent);
        for row in 0..columns[0].len() {
            let mut edge = 0.0;
            for (series, column) in columns.iter().enumerate() {
                if column[row].is_nan() {
                    prop_assert!(bands[series].values[row].is_nan() && shares[series].values[row].is_nan());
                    continue;
                }
                edge += column[row];
                prop_assert_eq!(bands[series].values[row], edge);
            }
            let total: f64 = columns.iter().map(|column| column[row]).filter(|value| !value.is_nan()).sum();
            let top = shares.iter().map(|share| share.values[row]).filter(|share| !share.is_nan()).fold(0.0, f64::max);
            let expected = if total > 0.0 { 1.0 } else { 0.0 };
            prop_assert!((top - expected).abs() < 1e-9);
        }
    }

    #[test]
    fn the_band_of_a_point_is_as_high_as_its_value(
        columns in columns(),
        starts in proptest::collection::vec(0..50_i64, 6),
        steps in proptest::collection::vec(1..30_u64, 6),
    ) {
        let grid = |(start, step): (&i64, &u64)| {
            Times::Grid(Grid { start: Millis(*start), step: Step::at_least_one(*step as i64), len: columns[0].len() as u32 })
        };
        let times: Vec<Times> = starts.iter().zip(&steps).map(grid).collect();
        let given: Vec<(&Times, &[f64])> = times.iter().zip(columns.iter().map(Vec::as_slice)).collect();
        let with = stack(&given, StackMode::Normal).unwrap();
        let without = stack(&given[..given.len() - 1], StackMode::Normal).unwrap();
        prop_assert_eq!(format!("{:?}", &with[..without.len()]), format!("{without:?}"), "what is above moves nothing below");
        let (last, values) = (&with[without.len()].values, &columns[without.len()]);
        prop_assert_eq!(last.len(), values.len());
        for (edge, value) in last.iter().zip(values) {
            prop_assert!(value.is_nan() && edge.is_nan() || edge >= value);
        }
    }
}
