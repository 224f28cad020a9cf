//! How far a server's clock is from this machine's.

use frame::Millis;

/// A difference that users are told of.
pub(crate) const NOTABLE_MILLIS: i64 = 30_000;
/// The `Date` header has whole seconds.
const DATE_MILLIS: i64 = 1_000;

/// So many answers in a row have to contradict what is known before it is given up: behind one address there may be
/// several servers, whose clocks differ.
const CONVINCING: u32 = 3;

/// The least and the most, in milliseconds, by which the server's clock can be ahead.
type Bounds = (i64, i64);

/// What is known of the difference.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skew {
    /// What the answers so far agree on.
    bounds: Option<Bounds>,
    /// What the last answers, so many, agree on, where they contradict those before.
    rival: Option<(Bounds, u32)>,
}

impl Skew {
    /// An answer that was asked for at `sent_at` and came at `now`, by this machine's clock, was written at `date` by the
    /// server's.
    pub fn note(&mut self, date: Millis, sent_at: Millis, now: Millis) {
        let told = (date.since(now), date.plus(DATE_MILLIS).since(sent_at));
        if now < sent_at {
            return;
        }
        match self.bounds.map_or(Some(told), |bounds| common(bounds, told)) {
            Some(bounds) => *self = Self { bounds: Some(bounds), rival: None },
            None => self.doubt(told),
        }
    }

    /// An answer contradicts what is known.
    fn doubt(&mut self, told: Bounds) {
        let agreed = self.rival.and_then(|(rival, count)| Some((common(rival, told)?, count + 1)));
        let (rival, count) = agreed.unwrap_or((told, 1));
        if count < CONVINCING {
            self.rival = Some((rival, count));
        } else {
            // One of the clocks was set.
            *self = Self { bounds: Some(rival), rival: None };
        }
    }

    /// Milliseconds to add to this machine's time: 0 as long as nothing proves that it is wrong.
    pub fn millis(self) -> i64 {
        match self.bounds {
            Some((low, high)) if low > 0 || high < 0 => low + (high - low) / 2,
            _ => 0,
        }
    }
}

/// What both allow.
fn common((a_low, a_high): Bounds, (b_low, b_high): Bounds) -> Option<Bounds> {
    let (low, high) = (a_low.max(b_low), a_high.min(b_high));
    (low <= high).then_some((low, high))
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
        let (ahead, right, behind) = ((100_000, 10_000, 10_200), (20_000, 20_300, 20_500), (10_000, 100_000, 100_200));
        check(&[(100_000, 10_000, 20_000), (101_000, 11_500, 11_700)], 89_900);
        check(&[ahead, (200_000, 50_000, 49_000)], 90_400);
        check(&[ahead, right, right], 90_400);
        check(&[ahead, right, right, right], 0);
        check(&[ahead, right, right, ahead, right], 90_400);
        check(&[ahead, right, behind, right, behind], 90_400);
        check(&[ahead, right, right, behind, behind, behind], -89_600);
    }
}
