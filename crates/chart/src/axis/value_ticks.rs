//! Ticks of a value axis.

use crate::axis::scale::Spread;
use crate::axis::step::{Step, TickBase};

/// Powers are this inexact, relatively, at most.
const SLACK: f64 = 1e-9;

/// The values to label between `min` and `max`, ends included, ascending, with at most `intervals` intervals
/// between them if the axis were divided evenly.
#[must_use]
pub fn value_ticks(min: f64, max: f64, spread: Spread, base: TickBase, intervals: usize) -> Vec<f64> {
    let intervals = intervals.clamp(1, 100);
    // Also false for NaN.
    let possible = min < max && (max - min).is_finite();
    if !possible {
        return Vec::new();
    }
    match spread.sane() {
        Spread::Linear => linear(min, max, base, intervals),
        Spread::Log { base: ratio } => {
            let ticks = logarithmic(min, max, ratio, intervals);
            // Less than a whole power in sight: round values say more than a single power.
            if ticks.len() < 2 { linear(min, max, base, intervals) } else { ticks }
        }
        symlog => symmetric(min, max, symlog, intervals),
    }
}

fn linear(min: f64, max: f64, base: TickBase, intervals: usize) -> Vec<f64> {
    let step = Step::at_least((max - min) / intervals as f64, base);
    let (first, last) = (step.ceil(min), step.floor(max));
    // At most `intervals + 1` by construction; the bound guards against rounding at the ends of f64.
    let count = limited(last - first, -1.0, intervals as f64) as i64 + 1;
    // Rounding may push an edge tick out by an ulp; an adding of 0.0 turns -0.0 into 0.0.
    (0..count).map(|index| limited(step.times(first + index as f64), min, max) + 0.0).collect()
}

/// As `clamp`, whose complaint about limits the wrong way round weighs more than the rest of the axes.
fn limited(value: f64, min: f64, max: f64) -> f64 {
    value.max(min).min(max)
}

fn logarithmic(min: f64, max: f64, base: f64, intervals: usize) -> Vec<f64> {
    if min <= 0.0 {
        return Vec::new();
    }
    let exponent = |value: f64| value.ln() / base.ln();
    let (first, last) = ((exponent(min) - 1e-9).ceil() as i64, (exponent(max) + 1e-9).floor() as i64);
    let powers = last - first;
    if powers < 0 {
        return Vec::new();
    }
    let stride = powers / intervals as i64 + i64::from(powers % intervals as i64 != 0);
    // Multiples of the stride, so that ticks stay where they are when the bounds move.
    let stride = stride.max(1);
    let first = first + (-first).rem_euclid(stride);
    let digits: &[f64] = if base == 10.0 && stride == 1 && exponent(max / min) * 3.0 <= intervals as f64 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    let from = if digits.len() > 1 { first - 1 } else { first };
    let powers = (from..=last).step_by(stride as usize).map(|exponent| base.powi(exponent as i32));
    powers
        .flat_map(|power| digits.iter().map(move |digit| power * digit))
        .filter(|tick| *tick >= min * (1.0 - SLACK) && *tick <= max * (1.0 + SLACK))
        .map(|tick| limited(tick, min, max))
        .collect()
}

/// Zero and powers of the base on both sides of it, leaving out those that come too close to the one before.
fn symmetric(min: f64, max: f64, spread: Spread, intervals: usize) -> Vec<f64> {
    let distance = (spread.apply(max) - spread.apply(min)) / intervals as f64;
    let mut ticks = one_side(-max, -min, spread, distance);
    ticks.reverse();
    ticks.iter_mut().for_each(|tick| *tick = -*tick);
    if min <= 0.0 && max >= 0.0 {
        ticks.push(0.0);
    }
    ticks.extend(one_side(min, max, spread, distance));
    ticks
}

/// The ticks above 0 of the axis from `min` to `max`, at least `distance` apart.
fn one_side(min: f64, max: f64, spread: Spread, distance: f64) -> Vec<f64> {
    let Spread::Symlog { base, threshold } = spread else { return Vec::new() };
    let mut ticks = Vec::new();
    let (mut size, mut last) = (threshold, 0.0);
    while size <= max * (1.0 + SLACK) {
        let even = spread.apply(size);
        if even - last >= distance * (1.0 - SLACK) {
            last = even;
            if size >= min * (1.0 - SLACK) {
                ticks.push(size.max(min).min(max));
            }
        }
        size *= base;
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::axis::bounds::{Limits, bounds};
    use proptest::prelude::*;

    #[test]
    fn linear_ticks_are_round() {
        let check = |min: f64, max: f64, base: TickBase, intervals: usize, expected: &[f64]| {
            assert_eq!(value_ticks(min, max, Spread::Linear, base, intervals), expected, "{min}..{max}");
        };
        check(0.0, 10.0, TickBase::Decimal, 5, &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        check(0.0, 10.0, TickBase::Decimal, 4, &[0.0, 5.0, 10.0]);
        check(0.0, 10.0, TickBase::Decimal, 1, &[0.0, 10.0]);
        check(-1.0, 1.0, TickBase::Decimal, 4, &[-1.0, -0.5, 0.0, 0.5, 1.0]);
        check(0.0, 0.5, TickBase::Decimal, 5, &[0.0, 0.1, 0.2, 0.3, 0.4, 0.5]);
        check(2.5, 7.2, TickBase::Decimal, 5, &[3.0, 4.0, 5.0, 6.0, 7.0]);
        check(0.1, 0.9, TickBase::Decimal, 1, &[]);
        check(0.0, 2048.0, TickBase::Binary, 4, &[0.0, 512.0, 1024.0, 1536.0, 2048.0]);
        check(0.0, 100.0, TickBase::Duration { per_second: 1.0 }, 4, &[0.0, 30.0, 60.0, 90.0]);
        check(1.0, 1.0, TickBase::Decimal, 4, &[]);
        check(f64::NAN, 1.0, TickBase::Decimal, 4, &[]);
        check(f64::MIN, f64::MAX, TickBase::Decimal, 4, &[]);
    }

    #[test]
    fn logarithmic_ticks_are_powers() {
        let check = |min: f64, max: f64, base: f64, intervals: usize, expected: &[f64]| {
            let ticks = value_ticks(min, max, Spread::Log { base }, TickBase::Decimal, intervals);
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= b * 1e-9;
            assert!(ticks.len() == expected.len() && ticks.iter().zip(expected).all(near), "{min}..{max}: {ticks:?}");
        };
        check(1.0, 1000.0, 10.0, 3, &[1.0, 10.0, 100.0, 1000.0]);
        check(1.0, 1e9, 10.0, 3, &[1.0, 1e3, 1e6, 1e9]);
        check(1.0, 100.0, 10.0, 6, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
        check(3.0, 40.0, 10.0, 6, &[5.0, 10.0, 20.0]);
        check(1.0, 16.0, 2.0, 4, &[1.0, 2.0, 4.0, 8.0, 16.0]);
        check(0.5, 256.0, 2.0, 3, &[1.0, 8.0, 64.0]);
        check(3.0, 7.0, 10.0, 4, &[3.0, 4.0, 5.0, 6.0, 7.0]);
        check(1e-300, 1e300, 10.0, 4, &[1e-300, 1e-150, 1.0, 1e150, 1e300]);
    }

    #[test]
    fn symmetric_ticks_start_from_zero() {
        let check = |min: f64, max: f64, intervals: usize, expected: &[f64]| {
            let spread = Spread::Symlog { base: 10.0, threshold: 1.0 };
            assert_eq!(value_ticks(min, max, spread, TickBase::Decimal, intervals), expected, "{min}..{max}");
        };
        check(-100.0, 100.0, 8, &[-100.0, -10.0, 0.0, 10.0, 100.0]);
        check(-10.0, 1000.0, 5, &[-10.0, 0.0, 10.0, 100.0, 1000.0]);
        check(0.0, 1.0, 4, &[0.0, 1.0]);
        check(10.0, 100.0, 4, &[10.0, 100.0]);
    }

    fn any_spread() -> impl Strategy<Value = Spread> {
        prop_oneof![
            Just(Spread::Linear),
            (0.5..20.0_f64).prop_map(|base| Spread::Log { base }),
            (0.5..20.0_f64, 0.0..100.0_f64).prop_map(|(base, threshold)| Spread::Symlog { base, threshold }),
        ]
    }

    proptest! {
        #[test]
        fn ticks_are_inside_ascending_and_not_too_many(
            a in any::<f64>(), b in any::<f64>(), spread in any_spread(), binary in any::<bool>(), intervals in 1..40_usize,
        ) {
            let base = if binary { TickBase::Binary } else { TickBase::Decimal };
            let (min, max) = bounds(Some((a.min(b), a.max(b))), &Limits::default(), spread, base, intervals);
            let ticks = value_ticks(min, max, spread, base, intervals);
            prop_assert!(ticks.len() <= intervals + 1, "{ticks:?}");
            prop_assert!(ticks.iter().all(|tick| min <= *tick && *tick <= max));
            prop_assert!(ticks.is_sorted_by(|a, b| a < b), "{ticks:?}");
        }

        #[test]
        fn round_bounds_are_ticks(low in -1e6..1e6_f64, span in 1e-3..1e9_f64, intervals in 2..30_usize) {
            let (min, max) = bounds(Some((low, low + span)), &Limits::default(), Spread::Linear, TickBase::Decimal, intervals);
            let ticks = value_ticks(min, max, Spread::Linear, TickBase::Decimal, intervals);
            prop_assert_eq!((ticks.first(), ticks.last()), (Some(&min), Some(&max)));
        }
    }
}
