//! The reduction for drawing against what it promises.
#![allow(clippy::unwrap_used)]

use frame::m4::{Points, reduce};
use frame::{GAP, Grid, Millis, Step, TimeRange, Times, is_gap};
use proptest::prelude::*;

fn explicit(times: &[i64]) -> Times {
    Times::Explicit(times.iter().map(|at| Millis(*at)).collect())
}

fn reduced(times: &Times, values: &[f64], range: TimeRange, columns: u32) -> Vec<(i64, f64)> {
    let mut points = Points::default();
    reduce(times, values, range, columns, &mut points);
    assert_eq!(points.times.len(), points.values.len());
    points.times.iter().map(|at| *at as i64).zip(points.values).collect()
}

/// Values as text, a gap as `_`, so that NaN can be compared.
fn texts(points: &[(i64, f64)]) -> Vec<String> {
    points.iter().map(|(at, value)| if value.is_nan() { format!("{at}:_") } else { format!("{at}:{value}") }).collect()
}

fn check(values: &[f64], range: TimeRange, columns: u32, expected: &str) {
    let times = Times::Grid(Grid { start: Millis(0), step: Step::from_millis(10).unwrap(), len: values.len() as u32 });
    assert_eq!(texts(&reduced(&times, values, range, columns)).join(" "), expected, "{values:?} in {range:?}");
}

const INF: f64 = f64::INFINITY;

#[test]
fn first_min_max_and_last_of_a_column_stay() {
    check(&[3.0, 9.0, 4.0, 1.0, 5.0], TimeRange::new(0, 40), 1, "0:3 10:9 30:1 40:5");
    check(&[1.0, 2.0, 3.0, 4.0, 5.0], TimeRange::new(0, 40), 1, "0:1 40:5");
    check(&[2.0, 2.0, 2.0, 2.0, 2.0], TimeRange::new(0, 40), 1, "0:2 40:2");
}

#[test]
fn few_points_are_copied_as_they_are() {
    check(&[3.0, 9.0, GAP, 1.0], TimeRange::new(0, 30), 1, "0:3 10:9 20:_ 30:1");
    check(&[], TimeRange::new(0, 30), 1, "");
    check(&[1.0, 2.0, 3.0], TimeRange::new(30, 0), 1, "20:3");
    check(&[1.0], TimeRange::new(0, 0), 0, "0:1");
}

#[test]
fn one_point_stays_on_each_side_of_the_range() {
    check(&[0.0, 1.0, 2.0, 3.0, 4.0], TimeRange::new(15, 25), 10, "10:1 20:2 30:3");
    check(&[0.0, 1.0, 5.0, 2.0, 3.0, 1.0, 4.0, 9.0], TimeRange::new(15, 65), 1, "10:1 20:5 50:1 60:4 70:9");
}

#[test]
fn gaps_break_the_line_once_and_so_does_what_is_not_finite() {
    check(&[1.0, GAP, GAP, GAP, 5.0, 6.0], TimeRange::new(0, 50), 1, "0:1 10:_ 50:6");
    check(&[GAP, 2.0, 3.0, f64::NAN, 5.0, GAP], TimeRange::new(0, 50), 1, "0:_ 10:2 30:_ 40:5 50:_");
    check(&[GAP; 6], TimeRange::new(0, 50), 1, "");
    check(&[1.0, INF, 3.0, -INF, -INF, 0.0], TimeRange::new(0, 50), 1, "0:1 10:_ 20:3 30:_ 50:0");
    check(&[INF, GAP, -INF, INF, INF], TimeRange::new(0, 40), 1, "");
    check(&[1.0, INF, f64::NAN], TimeRange::new(0, 20), 1, "0:1 10:_ 20:_");
}

/// Values drawn from few, with gaps and NaN among them.
fn column() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        8 => (-50..50_i32).prop_map(f64::from),
        1 => Just(GAP),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)],
    ];
    proptest::collection::vec(value, 0..200)
}

fn times_for(len: usize) -> impl Strategy<Value = Times> {
    let grid = (0..100_i64, 1..20_u64).prop_map(move |(start, step)| {
        Times::Grid(Grid { start: Millis(start), step: Step::from_millis(step).unwrap(), len: len as u32 })
    });
    let steps = proptest::collection::vec(1..30_i64, len).prop_map(|steps| {
        let times: Vec<i64> = steps
            .iter()
            .scan(0, |at, step| {
                *at += step;
                Some(*at)
            })
            .collect();
        explicit(&times)
    });
    prop_oneof![grid, steps]
}

/// What one column must show, found the slow way: per unbroken piece of the input, nothing is outside of the extremes.
fn naive_extremes(points: &[(i64, f64)], range: TimeRange, columns: i64, column: i64) -> Option<(f64, f64, i64, i64)> {
    let span = range.millis().max(1);
    let of = |at: i64| ((at - range.start.0) * columns / span).min(columns - 1);
    let inside: Vec<&(i64, f64)> = points
        .iter()
        .filter(|(at, value)| range.contains(Millis(*at)) && value.is_finite() && of(*at) == column)
        .collect();
    let min = inside.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let max = inside.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    Some((min, max, inside.first()?.0, inside.last()?.0))
}

proptest! {
    #[test]
    fn it_shows_what_all_points_would_show(
        (values, times) in column().prop_flat_map(|values| (Just(values.clone()), times_for(values.len()))),
        start in 0..500_i64, length in 1..3000_i64, columns in 1..30_u32,
    ) {
        let range = TimeRange::new(start, start + length);
        let input: Vec<(i64, f64)> = (0..times.len()).map(|row| (times.get(row).unwrap().0, values[row])).collect();
        let output = reduced(&times, &values, range, columns);

        prop_assert!(output.is_sorted_by(|a, b| a.0 < b.0), "in order of time: {:?}", texts(&output));
        for point in &output {
            prop_assert!(
                input.iter().any(|(at, value)| *at == point.0 && (*value == point.1 || !value.is_finite() && is_gap(point.1))),
                "every point is one of the input: {point:?}"
            );
        }
        for column in 0..i64::from(columns) {
            let wanted = naive_extremes(&input, range, i64::from(columns), column);
            let found = naive_extremes(&output, range, i64::from(columns), column);
            prop_assert_eq!(wanted, found, "column {}", column);
        }
        let inside = times.rows_in(range).len();
        prop_assert!(output.len() <= inside.min(columns as usize * 8) + 3, "{} points of {inside}", output.len());

        // Two drawn points are joined exactly if nothing between them is missing.
        let drawn = |points: &[(i64, f64)]| points.iter().filter(|p| !p.1.is_nan()).map(|p| p.0).collect::<Vec<_>>();
        for pair in drawn(&output).windows(2) {
            let broken = |points: &[(i64, f64)]| points.iter().any(|(at, v)| pair[0] < *at && *at < pair[1] && !v.is_finite());
            prop_assert_eq!(broken(&input), broken(&output), "between {} and {}", pair[0], pair[1]);
        }
    }

    #[test]
    fn nothing_panics(
        values in column(), start in any::<i64>(), end in any::<i64>(), at in any::<i64>(), step in any::<u64>(),
        len in 0..300_u32, columns in any::<u32>().prop_map(|columns| columns % 5000),
    ) {
        let times = Times::Grid(Grid { start: Millis(at), step: Step::from_millis(step.max(1)).unwrap(), len });
        for point in reduced(&times, &values, TimeRange::new(start, end), columns) {
            prop_assert!(is_gap(point.1) || values.iter().any(|v| v.to_bits() == point.1.to_bits()));
        }
    }
}
