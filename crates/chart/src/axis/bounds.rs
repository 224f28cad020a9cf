//! Which values an axis shows, for the data there is and the limits asked for.

use crate::axis::scale::Spread;
use crate::axis::step::{Step, TickBase};

/// Limits set by the dashboard. Those that are not finite count as not set, as do those of 0 and below on a
/// logarithmic axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// The axis starts here, whatever the data.
    pub min: Option<f64>,
    /// The axis ends here, whatever the data.
    pub max: Option<f64>,
    /// The axis starts here or lower.
    pub soft_min: Option<f64>,
    /// The axis ends here or higher.
    pub soft_max: Option<f64>,
    /// As far down from zero as up, where the axis goes below zero at all: not on logarithmic ones.
    pub centred: bool,
}

/// Beyond this, differences of values would overflow.
const LARGEST: f64 = f64::MAX / 16.0;
/// Below this, steps would underflow.
const SMALLEST: f64 = 1e-290;

/// The values an axis runs from and to.
///
/// Edges the limits do not fix are moved outwards to a round value: a multiple of the step that `intervals` leads
/// to, or a power on logarithmic axes. Zero becomes an edge where the data comes near it, and is not crossed.
/// Values that are all alike get an axis from 0 to their double.
///
/// `data` are the smallest and largest finite values drawn, if any (for a logarithmic axis: of those above 0).
/// The result is finite and `min < max`.
#[must_use]
pub fn bounds(
    data: Option<(f64, f64)>,
    limits: &Limits,
    spread: Spread,
    base: TickBase,
    intervals: usize,
) -> (f64, f64) {
    let positive = matches!(spread, Spread::Log { .. });
    let usable = |limit: Option<f64>| {
        limit
            .filter(|limit| limit.is_finite() && (!positive || *limit > 0.0))
            .map(|limit| limit.clamp(-LARGEST, LARGEST))
    };
    let limits = Limits {
        min: usable(limits.min),
        max: usable(limits.max),
        soft_min: usable(limits.soft_min),
        soft_max: usable(limits.soft_max),
        centred: limits.centred && !positive,
    };
    let data = data.and_then(|(low, high)| Some((usable(Some(low))?, usable(Some(high))?)));
    let (low, high) = data.unwrap_or(match spread {
        Spread::Log { base } => (1.0, base),
        _ => (0.0, 1.0),
    });
    let (low, high) = match limits.centred {
        true => (-low.abs().max(high.abs()), low.abs().max(high.abs())),
        false => (low.min(high), high.max(low)),
    };
    let edges = Edges::new(low, high, limits);
    let (min, max) = match spread.sane() {
        Spread::Linear => edges.rounded_linear(base, intervals),
        Spread::Log { base } => edges.rounded_by(|value, up| power_beyond(value, base, up)),
        Spread::Symlog { base, threshold } => edges.rounded_by(|value, up| {
            if value.abs() <= threshold {
                return if (value > 0.0) == up && value != 0.0 { value.signum() * threshold } else { 0.0 };
            }
            value.signum() * threshold * power_beyond(value.abs() / threshold, base, (value > 0.0) == up)
        }),
    };
    apart(min, max, positive)
}

/// The two ends of the axis and whether they may still move.
struct Edges {
    low: f64,
    high: f64,
    low_is_fixed: bool,
    high_is_fixed: bool,
}

impl Edges {
    fn new(low: f64, high: f64, limits: Limits) -> Self {
        let low = limits.soft_min.map_or((low, false), |soft| (low.min(soft), soft <= low));
        let high = limits.soft_max.map_or((high, false), |soft| (high.max(soft), soft >= high));
        let limits = match (limits.min, limits.max) {
            (Some(min), Some(max)) if max < min => Limits { min: Some(max), max: Some(min), ..limits },
            _ => limits,
        };
        let low = limits.min.map_or(low, |min| (min, true));
        let high = limits.max.map_or(high, |max| (max, true));
        Self { low: low.0, high: high.0, low_is_fixed: low.1, high_is_fixed: high.1 }
    }

    fn rounded_linear(mut self, base: TickBase, intervals: usize) -> (f64, f64) {
        self.widen_if_flat();
        // An axis across zero needs an interval on either side.
        let least = if self.low < 0.0 && self.high > 0.0 { 2 } else { 1 };
        let intervals = intervals.max(least) as f64;
        let span = self.high - self.low;
        // The edge nearer to zero gets some air, the other one does not: a line along the top of a full scale is
        // right, one along the bottom would look like zero.
        let air = span * 0.05;
        let low = if self.low > 0.0 { (self.low - air).max(0.0) } else { self.low };
        let high = if self.high < 0.0 { (self.high + air).min(0.0) } else { self.high };
        let (mut min, mut max) = (self.low, self.high);
        // Moving the edges out to multiples of a step widens the span and with it, at times, the step.
        let mut step = Step::at_least(span / intervals, base);
        for _ in 0..4 {
            min = if self.low_is_fixed { self.low } else { step.times(step.floor(low)) };
            max = if self.high_is_fixed { self.high } else { step.times(step.ceil(high)) };
            let wider = Step::at_least((max - min) / intervals, base);
            if wider.size() <= step.size() {
                break;
            }
            step = wider;
        }
        (min, max)
    }

    /// Values that are equal, or equal but for rounding errors, are shown in the middle of an axis from zero.
    fn widen_if_flat(&mut self) {
        let largest = self.low.abs().max(self.high.abs());
        if self.high - self.low > largest * 1e-12 && largest >= SMALLEST {
            return;
        }
        let span = if largest < SMALLEST { 1.0 } else { largest };
        match (self.low_is_fixed, self.high_is_fixed) {
            (true, _) => self.high = self.low + span,
            (false, true) => self.low = self.high - span,
            (false, false) if largest < SMALLEST => (self.low, self.high) = (0.0, 1.0),
            (false, false) if self.low > 0.0 => (self.low, self.high) = (0.0, span * 2.0),
            (false, false) => (self.low, self.high) = (-span * 2.0, 0.0),
        }
    }

    /// Rounds the edges that may move: `round(value, upwards)`.
    fn rounded_by(self, round: impl Fn(f64, bool) -> f64) -> (f64, f64) {
        let min = if self.low_is_fixed { self.low } else { round(self.low, false) };
        let mut max = if self.high_is_fixed { self.high } else { round(self.high, true) };
        if max <= min && !self.high_is_fixed {
            // One step further than itself: the value was a round one.
            max = round(min * (1.0 + 1e-6) + f64::MIN_POSITIVE, true);
        }
        (min, max)
    }
}

/// The power of `base` at or beyond `value`, which is above 0.
fn power_beyond(value: f64, base: f64, up: bool) -> f64 {
    let exponent = value.ln() / base.ln();
    let exponent = if up { (exponent - 1e-9).ceil() } else { (exponent + 1e-9).floor() };
    base.powi(exponent as i32)
}

/// Makes sure of what every scale relies on: finite, in order and apart.
fn apart(min: f64, max: f64, positive: bool) -> (f64, f64) {
    let smallest = if positive { SMALLEST } else { -LARGEST };
    let [min, max] = [min, max].map(|bound| bound.max(smallest).min(LARGEST));
    let (min, max) = if min <= max { (min, max) } else { (max, min) };
    if max - min > max.abs().max(min.abs()) * 1e-13 {
        return (min, max);
    }
    (min, if min == 0.0 { 1.0 } else { min + min.abs() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NONE: Limits = Limits { min: None, max: None, soft_min: None, soft_max: None, centred: false };
    const LOG: Spread = Spread::Log { base: 10.0 };
    const SYMLOG: Spread = Spread::Symlog { base: 10.0, threshold: 1.0 };

    #[test]
    fn edges_are_round_and_keep_to_zero() {
        let check = |low: f64, high: f64, expected: (f64, f64)| {
            assert_eq!(
                bounds(Some((low, high)), &NONE, Spread::Linear, TickBase::Decimal, 5),
                expected,
                "{low}..{high}"
            );
        };
        check(0.0, 10.0, (0.0, 10.0));
        check(0.0, 9.1, (0.0, 10.0));
        check(3.0, 97.0, (0.0, 100.0));
        check(50.0, 60.0, (45.0, 60.0));
        check(52.0, 60.0, (50.0, 60.0));
        check(-97.0, -3.0, (-100.0, 0.0));
        check(-3.0, 97.0, (-50.0, 100.0));
        check(0.0, 0.003, (0.0, 0.003));
        check(1_000_000.0, 1_000_001.0, (999_999.5, 1_000_001.0));
    }

    #[test]
    fn values_all_alike_lie_in_the_middle() {
        let check = |value: f64, expected: (f64, f64)| {
            let found = bounds(Some((value, value)), &NONE, Spread::Linear, TickBase::Decimal, 5);
            assert_eq!(found, expected, "{value}");
        };
        check(0.0, (0.0, 1.0));
        check(1.0, (0.0, 2.0));
        check(42.0, (0.0, 100.0));
        check(-1.0, (-2.0, 0.0));
        check(1e-300, (0.0, 1.0));
        check(0.1 + 0.2, (0.0, 0.6));
    }

    #[test]
    fn limits_are_kept() {
        let check = |low: f64, high: f64, limits: Limits, expected: (f64, f64)| {
            let found = bounds(Some((low, high)), &limits, Spread::Linear, TickBase::Decimal, 5);
            assert_eq!(found, expected, "{low}..{high} {limits:?}");
        };
        check(3.0, 7.0, Limits { min: Some(0.0), max: Some(100.0), ..NONE }, (0.0, 100.0));
        check(3.0, 7.3, Limits { min: Some(2.5), ..NONE }, (2.5, 8.0));
        check(3.0, 7.0, Limits { soft_min: Some(0.0), soft_max: Some(10.0), ..NONE }, (0.0, 10.0));
        check(-3.0, 17.0, Limits { soft_min: Some(0.0), soft_max: Some(10.0), ..NONE }, (-5.0, 20.0));
        check(5.0, 5.0, Limits { max: Some(5.0), ..NONE }, (0.0, 5.0));
        check(3.0, 7.0, Limits { centred: true, ..NONE }, (-10.0, 10.0));
        check(-7.0, 3.0, Limits { centred: true, max: Some(4.0), ..NONE }, (-10.0, 4.0));
        check(5.0, 9.0, Limits { min: Some(10.0), max: Some(1.0), ..NONE }, (1.0, 10.0));
        check(3.0, 7.0, Limits { min: Some(f64::NAN), max: Some(f64::INFINITY), ..NONE }, (2.0, 7.0));
    }

    #[test]
    fn other_bases_round_to_their_own_steps() {
        let check = |high: f64, base: TickBase, expected: (f64, f64)| {
            assert_eq!(bounds(Some((0.0, high)), &NONE, Spread::Linear, base, 5), expected, "{high} {base:?}");
        };
        check(900.0, TickBase::Binary, (0.0, 1024.0));
        check(3e9, TickBase::Binary, (0.0, 3_221_225_472.0));
        check(3_500.0, TickBase::Duration { per_second: 1.0 }, (0.0, 3_600.0));
        check(100.0, TickBase::Duration { per_second: 1.0 }, (0.0, 120.0));
    }

    #[test]
    fn logarithmic_edges_are_powers() {
        let check = |data: Option<(f64, f64)>, limits: Limits, spread: Spread, expected: (f64, f64)| {
            let (min, max) = bounds(data, &limits, spread, TickBase::Decimal, 5);
            let near = |a: f64, b: f64| (a - b).abs() <= b.abs() * 1e-9;
            assert!(near(min, expected.0) && near(max, expected.1), "{data:?} {limits:?}: {min}..{max}");
        };
        check(Some((3.0, 700.0)), NONE, LOG, (1.0, 1000.0));
        check(Some((10.0, 100.0)), NONE, LOG, (10.0, 100.0));
        check(Some((10.0, 10.0)), NONE, LOG, (10.0, 100.0));
        check(Some((3.0, 700.0)), Limits { min: Some(0.0), max: Some(500.0), ..NONE }, LOG, (1.0, 500.0));
        check(Some((3.0, 5.0)), NONE, Spread::Log { base: 2.0 }, (2.0, 8.0));
        check(None, NONE, LOG, (1.0, 10.0));
        check(Some((-700.0, 30.0)), NONE, SYMLOG, (-1000.0, 100.0));
        check(Some((0.0, 0.5)), NONE, SYMLOG, (0.0, 1.0));
        check(Some((3.0, 50.0)), NONE, SYMLOG, (1.0, 100.0));
    }

    fn any_spread() -> impl Strategy<Value = Spread> {
        prop_oneof![Just(Spread::Linear), Just(LOG), Just(Spread::Log { base: 2.0 }), Just(SYMLOG)]
    }

    fn any_base() -> impl Strategy<Value = TickBase> {
        let durations = any::<f64>().prop_map(|per_second| TickBase::Duration { per_second });
        prop_oneof![Just(TickBase::Decimal), Just(TickBase::Binary), durations]
    }

    proptest! {
        #[test]
        fn bounds_contain_the_data(
            a in -1e15..1e15_f64, b in -1e15..1e15_f64, spread in any_spread(), base in any_base(), intervals in 1..30_usize,
        ) {
            let (mut low, mut high) = (a.min(b), a.max(b));
            if matches!(spread, Spread::Log { .. }) {
                (low, high) = (low.abs().max(1e-9), high.abs().max(1e-9));
                (low, high) = (low.min(high), low.max(high));
            }
            let (min, max) = bounds(Some((low, high)), &NONE, spread, base, intervals);
            // A millionth of a millionth less would not be seen.
            let slack = (max - min) * 1e-6;
            prop_assert!(min <= low + slack && high <= max + slack, "{min}..{max}");
        }

        #[test]
        fn any_input_gives_an_axis(
            data in any::<Option<(f64, f64)>>(), limits in any::<[Option<f64>; 4]>(), spread in any_spread(),
            base in any_base(), intervals in any::<usize>(), centred in any::<bool>(),
        ) {
            let [min, max, soft_min, soft_max] = limits;
            let limits = Limits { min, max, soft_min, soft_max, centred };
            let (min, max) = bounds(data, &limits, spread, base, intervals);
            prop_assert!(min.is_finite() && max.is_finite() && min < max, "{min}..{max}");
        }
    }
}
