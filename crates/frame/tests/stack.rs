//! Bands on top of each other.

use frame::GAP;
use frame::stack::{StackMode, stack};
use proptest::prelude::*;

fn check(columns: &[&[f64]], mode: StackMode, expected: &[&[f64]]) {
    let bands = stack(columns, mode);
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    assert_eq!(bands.len(), expected.len());
    for (band, expected) in bands.iter().zip(expected) {
        assert_eq!(bits(band), bits(expected), "{band:?} for {expected:?}");
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
}

#[test]
fn percent_shows_shares() {
    check(&[&[1.0, 0.0, GAP], &[3.0, 0.0, 5.0]], StackMode::Percent, &[&[0.25, 0.0, GAP], &[1.0, 0.0, 1.0]]);
    check(&[&[-1.0], &[-3.0]], StackMode::Percent, &[&[-0.25], &[-1.0]]);
}

proptest! {
    #[test]
    fn the_last_band_is_the_sum_of_the_row(
        columns in (1..6_usize, 0..20_usize).prop_flat_map(|(series, rows)| {
            proptest::collection::vec(proptest::collection::vec(prop_oneof![Just(GAP), (0..100_i32).prop_map(f64::from)], rows), series)
        }),
    ) {
        let borrowed: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let bands = stack(&borrowed, StackMode::Normal);
        let shares = stack(&borrowed, StackMode::Percent);
        for row in 0..columns[0].len() {
            let mut edge = 0.0;
            for (series, column) in columns.iter().enumerate() {
                if column[row].is_nan() {
                    prop_assert!(bands[series][row].is_nan() && shares[series][row].is_nan());
                    continue;
                }
                edge += column[row];
                prop_assert_eq!(bands[series][row], edge);
            }
            let total: f64 = columns.iter().map(|column| column[row]).filter(|value| !value.is_nan()).sum();
            let top = shares.iter().map(|share| share[row]).filter(|share| !share.is_nan()).fold(0.0, f64::max);
            let expected = if total > 0.0 { 1.0 } else { 0.0 };
            prop_assert!((top - expected).abs() < 1e-9);
        }
    }
}
