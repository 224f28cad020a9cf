//! When each service is scraped.
//!
//! Prometheus spreads its scrapes: it comes to a target every fifteen seconds, at an instant of its own between the
//! multiples of them, the target's phase. Where the past has another phase than the present, a minute has a sample more
//! or less there, and `rate` over it dips. So the past moves to the present's phases, slowly enough to be no matter.

use super::STEP_MILLIS;
use crate::fleet::{PerService, SERVICES, Service};
use frame::{Millis, TimeRange};

/// At which instants the services are scraped.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// The scrapes that are there already; those after them have the same phase at first.
    last: PerService<Millis>,
    /// The phases that they have in the end.
    phases: PerService<i64>,
    /// When these take the place of the former.
    change: TimeRange,
}

impl Timetable {
    /// Goes on from the `last` scrapes and comes to the given `phases` during `change`.
    #[must_use]
    pub fn new(last: PerService<Millis>, phases: PerService<i64>, change: TimeRange) -> Self {
        Self { last, phases, change }
    }

    /// Goes on as it was.
    #[must_use]
    pub fn steady(last: PerService<Millis>) -> Self {
        Self::new(last, last.map(phase), TimeRange::new(0, 0))
    }

    /// The scrapes in `range`, its end left out, in their order.
    pub fn scrapes(&self, range: TimeRange) -> Vec<(Millis, &'static Service)> {
        let first = (range.start.0.div_euclid(STEP_MILLIS) - 1) * STEP_MILLIS;
        let quanta = (first..range.end.0).step_by(STEP_MILLIS as usize);
        let all = quanta.flat_map(|quantum| {
            SERVICES.iter().enumerate().map(move |(index, service)| (self.at(index, quantum), index, service))
        });
        // Two scrapes of a service are never less than half an interval apart.
        let is_new = |at: Millis, index: usize| at.since(self.last[index]) > STEP_MILLIS / 2;
        let wanted = all.filter(|(at, index, _)| (range.start..range.end).contains(at) && is_new(*at, *index));
        let mut scrapes: Vec<_> = wanted.map(|(at, _, service)| (at, service)).collect();
        scrapes.sort_by_key(|(at, _)| *at);
        scrapes
    }

    /// The instant within a step after `start` that is farthest from any scrape: those that are a little early or late do not
    /// cross it.
    pub fn lull(&self, start: Millis) -> Millis {
        let scrapes = self.scrapes(TimeRange { start, end: start.plus(STEP_MILLIS) });
        let pairs = scrapes.iter().zip(scrapes.iter().skip(1)).map(|((a, _), (b, _))| (b.since(*a), *a));
        pairs.max().map_or(start, |(pause, after)| after.plus(pause / 2))
    }

    /// The last scrape of each service before `end`.
    pub fn last_before(&self, end: Millis) -> PerService<Millis> {
        let scrapes = self.scrapes(TimeRange { start: end.plus(-2 * STEP_MILLIS), end });
        std::array::from_fn(|index| {
            let of_it = |(at, service): &(Millis, &Service)| (service.id == SERVICES[index].id).then_some(*at);
            scrapes.iter().rev().find_map(of_it).unwrap_or(self.last[index])
        })
    }

    /// The scrape of a service in the interval that begins at `quantum`.
    fn at(&self, index: usize, quantum: i64) -> Millis {
        let (from, to) = (phase(self.last[index]), self.phases[index]);
        let TimeRange { start, end } = self.change;
        let gone = (quantum - start.0).clamp(0, end.since(start));
        let moved = if quantum < end.0 { (to - from) * gone / end.since(start).max(1) } else { to - from };
        Millis(quantum + from + moved)
    }
}

/// How long after a multiple of the step an instant is, in milliseconds.
#[must_use]
pub fn phase(at: Millis) -> i64 {
    at.0.rem_euclid(STEP_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    /// The first service's scrapes in `range`.
    fn of_first(table: &Timetable, range: TimeRange) -> Vec<i64> {
        let scrapes = table.scrapes(range);
        scrapes.iter().filter(|(_, service)| service.id == SERVICES[0].id).map(|(at, _)| at.0).collect()
    }

    fn all<T: Copy>(value: T) -> PerService<T> {
        [value; SERVICES.len()]
    }

    #[test]
    fn scrapes_go_on_from_the_last_one() {
        let table = Timetable::steady(all(Millis(62_000)));
        let check = |start, end, expected: &[i64]| {
            assert_eq!(of_first(&table, TimeRange::new(start, end)), expected, "{start}..{end}");
        };
        check(0, 62_000, &[]);
        check(0, 107_000, &[77_000, 92_000]);
        check(0, 107_001, &[77_000, 92_000, 107_000]);
        check(77_001, 107_000, &[92_000]);
        check(107_000, 107_000, &[]);
        assert_eq!(table.last_before(Millis(107_000)), all(Millis(92_000)));
        assert_eq!(table.last_before(Millis(70_000)), all(Millis(62_000)));
    }

    #[test]
    fn a_lull_is_far_from_any_scrape() {
        let mut last = all(Millis(60_000));
        for (index, at) in last.iter_mut().enumerate().skip(1) {
            *at = at.plus(8_000 + index as i64 * 100);
        }
        let table = Timetable::steady(last);
        assert_eq!(table.lull(Millis(90_000)), Millis(94_050));
        assert_eq!(table.lull(Millis(91_000)), Millis(101_950));
    }

    #[test]
    fn phases_change_slowly() {
        let check = |from: i64, to: i64| {
            let table = Timetable::new(all(Millis(from)), all(to), TimeRange::new(10 * MINUTE, 30 * MINUTE));
            let whole = of_first(&table, TimeRange::new(0, 40 * MINUTE));
            for pair in whole.windows(2) {
                assert!((14_800..=15_200).contains(&(pair[1] - pair[0])), "{from} to {to}: {pair:?}");
            }
            let is_there = |at: i64| whole.contains(&at);
            assert!(is_there(9 * MINUTE + from) && is_there(31 * MINUTE + to), "{from} to {to}");
            // Whatever it is cut into, each scrape is in one piece.
            let mut pieces = Vec::new();
            for start in (0..40).map(|minute| minute * MINUTE) {
                pieces.extend(of_first(&table, TimeRange::new(start, start + MINUTE)));
            }
            assert_eq!(pieces, whole);
        };
        check(0, 0);
        check(0, 14_999);
        check(14_999, 0);
        check(3_000, 4_000);
    }
}
