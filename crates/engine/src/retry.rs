//! When to try again: exponential backoff with jitter.

use frame::Millis;

/// So often something is tried again by itself on a page that does not refresh.
const MOST_RETRIES: u32 = 3;
const FIRST_MILLIS: i64 = 1_000;
const LONGEST_MILLIS: i64 = 60_000;
/// A server may ask for more patience than our own longest pause, but not for so much that the page seems dead.
const LONGEST_RETRY_AFTER_MILLIS: i64 = 300_000;

/// What only time may mend is asked again this often at most, from the second time on.
const SLOW_TURN_MILLIS: i64 = 60_000;

/// A small seeded generator (SplitMix64), so that simulations repeat and pages do not retry in step.
#[derive(Clone, Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Uniform in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        let width = (high - low).max(0) as u64 + 1;
        low + (bits % width) as i64
    }
}

/// How often something has failed in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts a failure at `now` and tells when to try again: after 1, 2, 4 … 60 seconds, a quarter less or more, but
    /// not before the server's own `Retry-After`.
    pub(crate) fn fail(&mut self, now: Millis, retry_after_secs: Option<u32>, jitter: &mut Jitter) -> Millis {
        let pause = (FIRST_MILLIS << self.failures.min(10)).min(LONGEST_MILLIS);
        self.failures = self.failures.saturating_add(1);
        let jittered = jitter.between(pause * 3 / 4, pause * 5 / 4);
        let at = now.plus(jittered);
        retry_after_secs.map_or(at, |secs| at.max(after(now, secs)))
    }

    /// `at`, the time of the next try, if there is to be one. A page that refreshes goes on for ever, as it would without
    /// a failure, only more slowly.
    pub(crate) fn limited(self, at: Millis, refreshes: bool) -> Option<Millis> {
        (refreshes || self.failures <= MOST_RETRIES).then_some(at)
    }

    /// Counts a failure that only time may mend, and tells after how many turns of a refresh every `interval_millis` it is
    /// worth another try: at the next one, and once a minute at most from then on.
    pub(crate) fn turns(&mut self, interval_millis: i64) -> i64 {
        let has_failed_before = self.failures > 0;
        self.failures = self.failures.saturating_add(1);
        if has_failed_before { (SLOW_TURN_MILLIS - 1) / interval_millis.max(1) + 1 } else { 1 }
    }
}

/// When a server is asked again that asks at `now` to be left alone for so long.
pub(crate) fn after(now: Millis, secs: u32) -> Millis {
    now.plus((i64::from(secs) * 1_000).min(LONGEST_RETRY_AFTER_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let (mut backoff, mut jitter) = (Backoff::default(), Jitter::new(7));
        for nominal in [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000] {
            let pause = backoff.fail(Millis(0), None, &mut jitter).0;
            assert!((nominal * 3 / 4..=nominal * 5 / 4).contains(&pause), "{pause} for {nominal}");
        }
    }

    #[test]
    fn a_page_that_does_not_refresh_tries_three_times_more() {
        let (mut backoff, mut jitter) = (Backoff::default(), Jitter::new(7));
        for expected in [true, true, true, false, false] {
            let at = backoff.fail(Millis(0), None, &mut jitter);
            assert_eq!((backoff.limited(at, false).is_some(), backoff.limited(at, true)), (expected, Some(at)));
        }
    }

    #[test]
    fn what_only_time_may_mend_has_the_next_turn_and_then_one_a_minute() {
        for (interval, expected) in [(1_000, [1, 60, 60]), (7_000, [1, 9, 9]), (60_000, [1; 3]), (i64::MAX, [1; 3])] {
            let mut backoff = Backoff::default();
            assert_eq!([(); 3].map(|()| backoff.turns(interval)), expected, "{interval}");
        }
    }

    #[test]
    fn retry_after_is_a_lower_bound_within_reason() {
        for (asked, expected) in [(30, 30_000), (300, 300_000), (86_400, 300_000)] {
            assert_eq!(Backoff::default().fail(Millis(0), Some(asked), &mut Jitter::new(0)).0, expected);
        }
        assert!(Backoff::default().fail(Millis(0), Some(0), &mut Jitter::new(0)).0 >= 750);
    }

    #[test]
    fn pages_with_different_seeds_do_not_retry_in_step() {
        let pauses: std::collections::BTreeSet<i64> =
            (0..50).map(|seed| Backoff { failures: 6 }.fail(Millis(0), None, &mut Jitter::new(seed)).0).collect();
        assert!(pauses.len() > 40);
    }
}
