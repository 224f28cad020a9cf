//! From time and value to pixels, and back.

use crate::{Millis, TimeRange};

/// The furthest instant a chart can show, in epoch milliseconds: what a JavaScript date can hold.
pub(crate) const TIME_LIMIT: i64 = 8_640_000_000_000_000;

/// Time along x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeScale {
    range: TimeRange,
    left: f32,
    right: f32,
    px_per_milli: f64,
}

impl TimeScale {
    /// Lays `range` between the pixels `left` and `right`. A range that is empty or beyond all calendars becomes
    /// a possible one of at least a millisecond.
    #[must_use]
    pub fn new(range: TimeRange, left: f32, right: f32) -> Self {
        let start = range.start.0.clamp(-TIME_LIMIT, TIME_LIMIT - 1);
        let end = range.end.0.clamp(start + 1, TIME_LIMIT);
        let px_per_milli = f64::from(right - left) / (end - start) as f64;
        Self { range: TimeRange::new(start, end), left, right, px_per_milli }
    }

    /// The range that is shown.
    #[must_use]
    pub fn range(&self) -> TimeRange {
        self.range
    }

    /// Pixels per millisecond.
    #[must_use]
    pub fn px_per_milli(&self) -> f64 {
        self.px_per_milli
    }

    /// The x of an instant given in epoch milliseconds; instants outside the range lie outside the plot.
    #[inline]
    #[must_use]
    pub fn x_of(&self, epoch_millis: f64) -> f32 {
        // Subtracted before scaling: epoch milliseconds have 41 bits, f32 only 24.
        (f64::from(self.left) + (epoch_millis - self.range.start.0 as f64) * self.px_per_milli) as f32
    }

    /// The instant at `x`, cut to the range.
    #[must_use]
    pub fn time_at(&self, x: f32) -> Millis {
        let offset = f64::from(x - self.left) / self.px_per_milli;
        // A cast from NaN gives 0: the start of the range.
        self.range.start.plus((offset.round() as i64).clamp(0, self.range.millis()))
    }
}

/// How values are spread along the axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Spread {
    /// Equal differences are equally far apart.
    #[default]
    Linear,
    /// Equal ratios are equally far apart; values of 0 and below lie at the lower edge.
    Log {
        /// The ratio between neighbouring major ticks: 2 or 10.
        base: f64,
    },
    /// Linear up to `threshold` on both sides of zero, logarithmic beyond.
    Symlog {
        /// As for [`Spread::Log`].
        base: f64,
        /// Where the linear part ends, above 0.
        threshold: f64,
    },
}

impl Spread {
    /// Puts impossible parameters right: a base is at least 1.1, a threshold above 0.
    #[must_use]
    pub(crate) fn sane(self) -> Self {
        let sane_base = |base: f64| if base >= 1.1 && base.is_finite() { base } else { 10.0 };
        match self {
            Self::Linear => Self::Linear,
            Self::Log { base } => Self::Log { base: sane_base(base) },
            Self::Symlog { base, threshold } => Self::Symlog {
                base: sane_base(base),
                threshold: if threshold > 0.0 && threshold.is_finite() { threshold } else { 1.0 },
            },
        }
    }

    /// A number that grows evenly along the axis.
    #[inline]
    #[must_use]
    pub(crate) fn apply(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Log { .. } => value.max(0.0).ln(),
            Self::Symlog { threshold, .. } => {
                let scaled = value / threshold;
                if scaled.abs() <= 1.0 { scaled } else { scaled.signum() * (1.0 + scaled.abs().ln()) }
            }
        }
    }

    /// The inverse of [`Spread::apply`].
    #[must_use]
    pub(crate) fn invert(self, even: f64) -> f64 {
        match self {
            Self::Linear => even,
            Self::Log { .. } => even.exp(),
            Self::Symlog { threshold, .. } => {
                let scaled = if even.abs() <= 1.0 { even } else { even.signum() * (even.abs() - 1.0).exp() };
                scaled * threshold
            }
        }
    }
}

/// Values along y, the smallest at the bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueScale {
    spread: Spread,
    min: f64,
    max: f64,
    top: f32,
    bottom: f32,
    even_min: f64,
    px_per_even: f64,
}

impl ValueScale {
    /// Lays the values from `min` to `max` between the pixels `bottom` and `top`. The bounds come from
    /// [`crate::bounds`], which makes them finite and apart; others give a scale that shows nothing sensible but
    /// does no harm.
    #[must_use]
    pub fn new(spread: Spread, min: f64, max: f64, top: f32, bottom: f32) -> Self {
        let spread = spread.sane();
        let even_min = spread.apply(min);
        // Halved first: the ends may be so far apart that their difference is infinite.
        let half = spread.apply(max) / 2.0 - even_min / 2.0;
        let px_per_even = f64::from(bottom - top) / 2.0 / half;
        let px_per_even = if px_per_even.is_finite() { px_per_even } else { 0.0 };
        Self { spread, min, max, top, bottom, even_min, px_per_even }
    }

    /// The smallest value shown.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.min
    }

    /// The largest value shown.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The y of a value. Infinities lie on the plot's edges, as does 0 on a logarithmic scale; finite values
    /// outside the bounds lie outside the plot, but never absurdly far; NaN gives NaN.
    #[inline]
    #[must_use]
    pub fn y_of(&self, value: f64) -> f32 {
        let even = self.spread.apply(value);
        if even.is_infinite() {
            return if even > 0.0 { self.top } else { self.bottom };
        }
        // Surfaces lose precision or give up beyond a few million pixels. At this distance a line's slope inside the
        // plot no longer depends on where exactly its far end is.
        const FAR: f64 = 1e5;
        let y = f64::from(self.bottom) - (even - self.even_min) * self.px_per_even;
        // Not `clamp`, which panics where an edge is NaN, nor `min` and `max`, which would lose a NaN of the value.
        let (above, below) = (f64::from(self.top) - FAR, f64::from(self.bottom) + FAR);
        (if y < above {
            above
        } else if y > below {
            below
        } else {
            y
        }) as f32
    }

    /// Whether a value has no place of its own on this scale and is drawn on the edge instead.
    #[inline]
    #[must_use]
    pub fn is_off_scale(&self, value: f64) -> bool {
        value.is_infinite() || (matches!(self.spread, Spread::Log { .. }) && value <= 0.0)
    }

    /// The value at `y`, cut to the bounds.
    #[must_use]
    pub fn value_at(&self, y: f32) -> f64 {
        if self.px_per_even == 0.0 {
            return self.min;
        }
        let even = self.even_min + f64::from(self.bottom - y) / self.px_per_even;
        self.spread.invert(even).max(self.min).min(self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOG: Spread = Spread::Log { base: 10.0 };
    const SYMLOG: Spread = Spread::Symlog { base: 10.0, threshold: 1.0 };

    #[test]
    fn values_have_their_place() {
        let check = |spread: Spread, min: f64, max: f64, value: f64, expected: f32| {
            let y = ValueScale::new(spread, min, max, 0.0, 100.0).y_of(value);
            assert!((y - expected).abs() < 1e-3, "{value} of {min}..{max}: {y} instead of {expected}");
        };
        check(Spread::Linear, 0.0, 10.0, 0.0, 100.0);
        check(Spread::Linear, 0.0, 10.0, 2.5, 75.0);
        check(Spread::Linear, 0.0, 10.0, 12.0, -20.0);
        check(Spread::Linear, 0.0, 10.0, 1e300, -1e5);
        check(Spread::Linear, 0.0, 10.0, f64::INFINITY, 0.0);
        check(Spread::Linear, 0.0, 10.0, f64::NEG_INFINITY, 100.0);
        check(Spread::Linear, -f64::MAX, f64::MAX, 0.0, 50.0);
        check(LOG, 1.0, 100.0, 10.0, 50.0);
        check(LOG, 1.0, 100.0, 0.0, 100.0);
        check(LOG, 1.0, 100.0, -5.0, 100.0);
        check(Spread::Log { base: 2.0 }, 1.0, 16.0, 4.0, 50.0);
        check(SYMLOG, -10.0, 10.0, 0.0, 50.0);
        check(SYMLOG, -10.0, 10.0, 10.0, 0.0);
        assert!(ValueScale::new(Spread::Linear, 0.0, 1.0, 0.0, 100.0).y_of(frame::GAP).is_nan());
    }

    #[test]
    fn what_is_off_the_scale_is_known() {
        let check = |spread, value, expected| {
            assert_eq!(ValueScale::new(spread, 1.0, 2.0, 0.0, 9.0).is_off_scale(value), expected, "{value}");
        };
        check(Spread::Linear, f64::INFINITY, true);
        check(Spread::Linear, 0.0, false);
        check(Spread::Linear, 1e300, false);
        check(LOG, 0.0, true);
        check(LOG, -1.0, true);
        check(LOG, f64::NAN, false);
        check(SYMLOG, 0.0, false);
    }

    #[test]
    fn impossible_ranges_of_time_become_possible() {
        let check = |start, end, expected_start, expected_end| {
            let range = TimeScale::new(TimeRange::new(start, end), 0.0, 100.0).range();
            assert_eq!((range.start.0, range.end.0), (expected_start, expected_end));
        };
        check(5, 5, 5, 6);
        check(5, 1, 5, 6);
        check(i64::MIN, i64::MAX, -TIME_LIMIT, TIME_LIMIT);
        check(i64::MAX, i64::MAX, TIME_LIMIT - 1, TIME_LIMIT);
    }

    fn any_spread() -> impl Strategy<Value = Spread> {
        prop_oneof![
            Just(Spread::Linear),
            (1.0..20.0_f64).prop_map(|base| Spread::Log { base }),
            (1.0..20.0_f64, -1.0..100.0_f64).prop_map(|(base, threshold)| Spread::Symlog { base, threshold }),
        ]
    }

    proptest! {
        #[test]
        fn every_pixel_has_an_instant_of_its_own(start in -1e13..1e13_f64, length in 2_000..1_000_000_000_i64, x in 60.0..1_060.0_f32) {
            let scale = TimeScale::new(TimeRange::new(start as i64, start as i64 + length), 60.0, 1_060.0);
            let at = scale.time_at(x);
            prop_assert!(scale.range().contains(at));
            prop_assert!((scale.x_of(at.0 as f64) - x).abs() <= 0.5);
        }

        #[test]
        fn values_survive_the_way_to_pixels_and_back(spread in any_spread(), min in 0.001..1e6_f64, ratio in 1.01..1e6_f64, share in 0.0..=1.0_f64) {
            let max = min * ratio;
            let scale = ValueScale::new(spread, min, max, 10.0, 1_010.0);
            let value = min + (max - min) * share;
            let y = scale.y_of(value);
            prop_assert!((9.9..=1_010.1).contains(&y));
            prop_assert!((scale.y_of(scale.value_at(y)) - y).abs() < 0.01);
        }

        #[test]
        fn more_is_higher(spread in any_spread(), a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a <= b);
            let scale = ValueScale::new(spread, 0.5, 100.0, 0.0, 400.0);
            // Outside the plot nobody sees it.
            let shown = |value: f64| scale.y_of(value).clamp(0.0, 400.0);
            prop_assert!(shown(a) >= shown(b));
        }
    }
}
