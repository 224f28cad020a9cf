use frame::calcs::{Calc, Gaps};
use frame::m4::{Points, reduce};
use frame::{GAP, Grid, Millis, Step, TimeRange, Times, is_gap};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_missing_point_is_a_gap_and_no_nan() {
    assert!(is_gap(GAP));
    assert!(!is_gap(f64::NAN));
}

/// A gap is told from NaN by its bits, which must survive being moved about.
#[wasm_bindgen_test]
fn a_gap_stays_one_through_memory() {
    let values: Vec<f64> = (0..1_000).map(|i| if i % 3 == 0 { GAP } else { f64::NAN }).collect();
    let bytes: Vec<[u8; 8]> = values.iter().map(|value| value.to_le_bytes()).collect();
    let back: Vec<f64> = bytes.into_iter().map(f64::from_le_bytes).collect();
    assert!(back.iter().enumerate().all(|(i, value)| is_gap(*value) == (i % 3 == 0)));
}

#[wasm_bindgen_test]
fn a_peak_survives_reduction_with_its_timestamp() {
    let len = 100_000;
    let mut values = vec![1.0; len];
    values[54_321] = 99.0;
    let times = Times::Grid(Grid { start: Millis(0), step: Step::at_least_one(1_000), len: len as u32 });
    let mut points = Points::default();
    reduce(&times, &values, TimeRange::new(0, len as i64 * 1_000), 300, &mut points);
    assert!(points.values.len() <= 4 * 300 + 2, "{}", points.values.len());
    let peak = points.values.iter().position(|value| *value == 99.0).unwrap();
    assert_eq!(points.times[peak], 54_321_000.0);
}

/// At every place of series of every length: what is compared with 128 bits at a time.
#[wasm_bindgen_test]
fn extremes_are_found_wherever_they_are() {
    for len in 1..40 {
        for place in 0..len {
            for (of, extreme) in [(Calc::Max, 99.0), (Calc::Min, -99.0)] {
                for other in [1.0, GAP, f64::NAN] {
                    let mut values = vec![other; len];
                    values[place] = extreme;
                    assert_eq!(of.of(&values, Gaps::Ignore), extreme, "{place} of {len}");
                }
                let mut values = vec![1.0; len];
                values[place] = extreme;
                let times = Times::Grid(Grid { start: Millis(0), step: Step::at_least_one(10), len: len as u32 });
                let mut points = Points::default();
                reduce(&times, &values, TimeRange::new(0, len as i64 * 10), 1, &mut points);
                let drawn = points.values.iter().position(|value| *value == extreme).map(|row| points.times[row]);
                assert_eq!(drawn, Some(place as f64 * 10.0), "{place} of {len}");
            }
        }
    }
    assert_eq!(Calc::Min.of(&[GAP; 9], Gaps::Ignore).to_bits(), GAP.to_bits());
}

/// Instants need 64 bits where `usize` has 32.
#[wasm_bindgen_test]
fn instants_beyond_32_bits_are_found() {
    let grid = Grid::covering(TimeRange::new(1_700_000_000_000, 1_700_000_600_000), Step::at_least_one(15_000));
    assert_eq!(grid.len, 41);
    assert_eq!(grid.index_of(Millis(1_700_000_600_000)), Some(40));
    assert_eq!(Grid::covering(TimeRange::new(i64::MIN, i64::MAX), Step::at_least_one(1)).len, u32::MAX);
}
