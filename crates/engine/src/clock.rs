//! How far a server's clock is from this machine's.

use frame::Millis;

/// A difference that users are told of.
pub(crate) const NOTABLE_MILLIS: i64 = 30_000;
/// The `Date` header has whole seconds.
const DATE_MILLIS: i64 = 1_000;

/// What is known of the difference: the bounds that all answers so far agree on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skew {
    bounds: Option<(i64, i64)>,
}

impl Skew {
    /// An answer that was asked for at `sent_at` and came at `now`, by this machine's clock, was written at `date` by the
    /// server's.
    pub fn note(&mut self, date: Millis, sent_at: Millis, now: Millis) {
        let (low, high) = (date.since(now), date.plus(DATE_MILLIS).since(sent_at));
        if now < sent_at {
            return;
        }
        self.bounds = match self.bounds {
            Some((least, most)) if low <= most && least <= high => Some((low.max(least), high.min(most))),
            // One of the clocks was set.
            _ => Some((low, high)),
        };
    }

    /// Milliseconds to add to this machine's time: 0 as long as nothing proves that it is wrong.
    pub fn millis(self) -> i64 {
        match self.bounds {
            Some((low, high)) if low > 0 || high < 0 => low + (high - low) / 2,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of (date, sent, received), and what is added to this machine's time after them.
    fn check(answers: &[(i64, i64, i64)], expected: i64) {
        let mut skew = Skew::default();
        for (date, sent_at, now) in answers {
            skew.note(Millis(*date), Millis(*sent_at), Millis(*now));
        }
        assert_eq!(skew.millis(), expected, "{answers:?}");
    }

    #[test]
    fn only_what_is_proved_is_corrected() {
        check(&[], 0);
        check(&[(10_000, 10_300, 10_500)], 0);
        check(&[(10_000, 9_000, 40_000)], 0);
        check(&[(100_000, 10_000, 10_200)], 90_400);
        check(&[(10_000, 100_000, 100_200)], -89_600);
    }

    #[test]
    fn answers_narrow_it_down_and_a_clock_that_is_set_starts_anew() {
        check(&[(100_000, 10_000, 20_000), (101_000, 11_500, 11_700)], 89_900);
        check(&[(100_000, 10_000, 10_200), (20_000, 20_300, 20_500)], 0);
        check(&[(100_000, 10_000, 10_200), (200_000, 50_000, 49_000)], 90_400);
    }
}
