//! Distances between ticks that people count in.

/// What the numbers on an axis count, which decides which steps are round.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum TickBase {
    /// 1, 2, 5, 10, 20, 50 …
    #[default]
    Decimal,
    /// 1, 2, 4 … 512, 1024, 2048 …: bytes counted in KiB and MiB.
    Binary,
    /// Seconds, minutes, hours and days, for values that are durations.
    Duration {
        /// What one second is in the axis' unit: 1 for seconds, 1000 for milliseconds.
        per_second: f64,
    },
}

/// Round durations in seconds, from one second to a week. Shorter ones are decimal, longer ones round numbers of
/// days.
const DURATIONS: [f64; 18] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0,
    43_200.0, 86_400.0,
];

/// A step kept as a fraction, so that a tenth multiplied by 3 is 0.3 and not 0.30000000000000004.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Step {
    numerator: f64,
    denominator: f64,
}

impl Step {
    /// The smallest round step that is at least `raw`, which must be positive and finite.
    pub(crate) fn at_least(raw: f64, base: TickBase) -> Self {
        match base {
            TickBase::Decimal => Self::decimal(raw),
            TickBase::Binary if raw <= 1.0 => Self::decimal(raw),
            TickBase::Binary => Self::whole(doubled_up_to(raw)),
            TickBase::Duration { per_second } => Self::duration(raw, per_second),
        }
    }

    fn whole(numerator: f64) -> Self {
        Self { numerator, denominator: 1.0 }
    }

    fn decimal(raw: f64) -> Self {
        let exponent = raw.log10().floor();
        let magnitude = 10_f64.powi(exponent as i32);
        // A little less than `raw` will do: the logarithm and the caller's division are not exact.
        let enough = raw * (1.0 - 1e-9);
        let digit = [1.0, 2.0, 5.0, 10.0].into_iter().find(|digit| digit * magnitude >= enough).unwrap_or(10.0);
        if exponent < 0.0 {
            Self { numerator: digit, denominator: 10_f64.powi(-exponent as i32) }
        } else {
            Self::whole(digit * magnitude)
        }
    }

    fn duration(raw: f64, per_second: f64) -> Self {
        let seconds = raw / per_second;
        // From nanoseconds to years; other units are not durations.
        if !(1e-9..=1e9).contains(&per_second) || seconds <= 0.5 {
            return Self::decimal(raw);
        }
        let enough = seconds * (1.0 - 1e-9);
        match DURATIONS.into_iter().find(|duration| *duration >= enough) {
            Some(duration) => Self::whole(duration * per_second),
            None => {
                let days = Self::decimal(seconds / 86_400.0);
                Self { numerator: days.numerator * 86_400.0 * per_second, ..days }
            }
        }
    }

    /// The step as a number.
    pub(crate) fn size(self) -> f64 {
        self.numerator / self.denominator
    }

    /// `count` steps from zero.
    pub(crate) fn times(self, count: f64) -> f64 {
        count * self.numerator / self.denominator
    }

    /// How many whole steps fit below `value`.
    pub(crate) fn floor(self, value: f64) -> f64 {
        (value / self.size() + 1e-9).floor()
    }

    /// How many whole steps reach `value`.
    pub(crate) fn ceil(self, value: f64) -> f64 {
        (value / self.size() - 1e-9).ceil()
    }
}

/// The smallest power of two, from 1 on, that is at least `raw`, which must be finite.
fn doubled_up_to(raw: f64) -> f64 {
    let mut power = 1.0;
    while power < raw {
        power *= 2.0;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: f64, base: TickBase, expected: f64) {
        assert_eq!(Step::at_least(raw, base).size(), expected, "{raw} {base:?}");
    }

    #[test]
    fn steps_are_round() {
        for (raw, expected) in [
            (1.0, 1.0),
            (1.1, 2.0),
            (2.0, 2.0),
            (3.0, 5.0),
            (7.0, 10.0),
            (0.3, 0.5),
            (0.1, 0.1),
            (0.07, 0.1),
            (1234.0, 2000.0),
            (1e-12, 1e-12),
            (6e20, 1e21),
        ] {
            check(raw, TickBase::Decimal, expected);
        }
        for (raw, expected) in [(0.3, 0.5), (1.0, 1.0), (3.0, 4.0), (600.0, 1024.0), (1e6, 1_048_576.0)] {
            check(raw, TickBase::Binary, expected);
        }
        let seconds = TickBase::Duration { per_second: 1.0 };
        for (raw, expected) in [
            (0.03, 0.05),
            (0.7, 1.0),
            (12.0, 15.0),
            (40.0, 60.0),
            (1000.0, 1800.0),
            (50_000.0, 86_400.0),
            (100_000.0, 172_800.0),
            (1e6, 1_728_000.0),
        ] {
            check(raw, seconds, expected);
        }
        check(40_000.0, TickBase::Duration { per_second: 1000.0 }, 60_000.0);
        check(3.0, TickBase::Duration { per_second: 0.0 }, 5.0);
    }

    #[test]
    fn multiples_are_the_shortest_decimals() {
        let tenth = Step::at_least(0.1, TickBase::Decimal);
        assert_eq!([tenth.times(1.0), tenth.times(3.0), tenth.times(-7.0)], [0.1, 0.3, -0.7]);
    }
}
