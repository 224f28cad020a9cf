//! Ticks of a time axis: on boundaries of the calendar in a time zone.

use crate::axis::scale::TIME_LIMIT;
use crate::{Millis, TimeRange, Zone, Zones};
use frame::Date;

/// The distance between neighbouring ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeStep {
    /// Milliseconds: less than a day and a divisor of it.
    Clock(i64),
    /// Days, counted from Thursday, 1 January 1970.
    Days(i64),
    /// Months, counted from January.
    Months(i64),
}

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Shorter ones than a year, ascending.
const STEPS: [TimeStep; 31] = [
    TimeStep::Clock(1),
    TimeStep::Clock(2),
    TimeStep::Clock(5),
    TimeStep::Clock(10),
    TimeStep::Clock(20),
    TimeStep::Clock(50),
    TimeStep::Clock(100),
    TimeStep::Clock(200),
    TimeStep::Clock(500),
    TimeStep::Clock(SECOND),
    TimeStep::Clock(2 * SECOND),
    TimeStep::Clock(5 * SECOND),
    TimeStep::Clock(10 * SECOND),
    TimeStep::Clock(15 * SECOND),
    TimeStep::Clock(30 * SECOND),
    TimeStep::Clock(MINUTE),
    TimeStep::Clock(2 * MINUTE),
    TimeStep::Clock(5 * MINUTE),
    TimeStep::Clock(10 * MINUTE),
    TimeStep::Clock(15 * MINUTE),
    TimeStep::Clock(30 * MINUTE),
    TimeStep::Clock(HOUR),
    TimeStep::Clock(2 * HOUR),
    TimeStep::Clock(3 * HOUR),
    TimeStep::Clock(6 * HOUR),
    TimeStep::Clock(12 * HOUR),
    TimeStep::Days(1),
    TimeStep::Days(2),
    TimeStep::Days(7),
    TimeStep::Months(1),
    TimeStep::Months(3),
];

impl TimeStep {
    /// The smallest step whose ticks are never closer than `millis`, except that a clock change may bring two of
    /// them closer by its own length.
    #[must_use]
    pub fn at_least(millis: f64) -> Self {
        let ladder = STEPS.into_iter().find(|step| step.shortest() as f64 >= millis);
        ladder.unwrap_or_else(|| {
            let years = (millis / (365 * DAY) as f64).max(1.0);
            let years = crate::axis::step::Step::at_least(years, crate::TickBase::Decimal).size();
            TimeStep::Months(12 * (years as i64).min(1_000_000))
        })
    }

    /// The shortest distance between two ticks of this step in milliseconds, clock changes left out.
    fn shortest(self) -> i64 {
        match self {
            Self::Clock(millis) => millis,
            Self::Days(days) => days * DAY,
            Self::Months(1) => 28 * DAY,
            Self::Months(months) if months < 12 => months * 30 * DAY,
            Self::Months(months) => months / 12 * 365 * DAY,
        }
    }

    /// Whether ticks of this step fall between midnights, so that a label needs the time of day.
    #[must_use]
    pub fn is_clock(self) -> bool {
        matches!(self, Self::Clock(_))
    }
}

/// One tick of a time axis, with its wall clock reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeTick {
    /// The instant.
    pub at: Millis,
    /// Its date in the axis' zone.
    pub date: Date,
    /// Its time of day in the axis' zone: milliseconds since midnight on the clock.
    pub clock_millis: i64,
}

/// A zone's wall clock.
struct Clock<'a> {
    zone: &'a Zone,
    zones: &'a dyn Zones,
}

impl Clock<'_> {
    /// The wall clock's reading at an instant, as if it were UTC.
    fn local(&self, at: i64) -> i64 {
        at + self.offset(at)
    }

    /// No zone is further than a day and a half from UTC, whatever the browser says.
    fn offset(&self, at: i64) -> i64 {
        self.zones.offset_millis(self.zone, Millis(at)).clamp(-DAY * 3 / 2, DAY * 3 / 2)
    }

    /// The instant the wall clock reads `local`: the first of two where it is put back, and the one as long after the
    /// jump as asked for where it is put forward over that reading.
    fn instant(&self, local: i64) -> i64 {
        let [early, late] = [local - DAY, local + DAY].map(|about| local - self.offset(about));
        if self.local(early) != local && self.local(late) == local { late } else { early }
    }

    /// The next instant after `at` on whose wall clock reading `step` divides evenly. When the clock is changed on
    /// the way, the reading nearest to a whole step ahead is taken, so that ticks neither bunch nor thin out.
    fn next(&self, at: i64, step: i64) -> i64 {
        let ahead = at + step;
        let over = self.local(ahead).rem_euclid(step);
        let nearest = if over * 2 < step { ahead - over } else { ahead - over + step };
        if nearest > at && self.local(nearest).rem_euclid(step) == 0 { nearest } else { ahead - over + step }
    }

    fn read(&self, at: i64) -> TimeTick {
        let local = self.local(at);
        TimeTick { at: Millis(at), date: Date::from_days(local.div_euclid(DAY)), clock_millis: local.rem_euclid(DAY) }
    }
}

/// The ticks of `step` inside `range`, ends included, strictly ascending; at most `limit` of them.
#[must_use]
pub fn time_ticks(range: TimeRange, step: TimeStep, zone: &Zone, zones: &dyn Zones, limit: usize) -> Vec<TimeTick> {
    let clock = Clock { zone, zones };
    // Beyond these no calendar is needed and sums could overflow.
    let [start, end] = [range.start.0, range.end.0].map(|at| at.clamp(-TIME_LIMIT, TIME_LIMIT));
    let mut ticks: Vec<TimeTick> = Vec::new();
    let mut keep = |at: i64| {
        let after_last = ticks.last().is_none_or(|last| last.at.0 < at);
        if at >= start && at <= end && after_last && ticks.len() < limit {
            ticks.push(clock.read(at));
        }
        // Without progress there is no end.
        ticks.len() < limit && at <= end
    };
    match step {
        TimeStep::Clock(millis) => {
            let millis = millis.clamp(1, DAY);
            let mut at = start - clock.local(start).rem_euclid(millis);
            while keep(at) {
                at = clock.next(at, millis);
            }
        }
        TimeStep::Days(days) => {
            // Weeks start on Monday: day 4 of the epoch was one.
            let days = days.clamp(1, TIME_LIMIT / DAY);
            let phase = if days % 7 == 0 { 4 } else { 0 };
            let mut day = clock.local(start).div_euclid(DAY);
            day -= (day - phase).rem_euclid(days);
            while keep(clock.instant(day * DAY)) {
                day += days;
            }
        }
        TimeStep::Months(months) => {
            let months = months.clamp(1, 12_000_000);
            let date = Date::from_days(clock.local(start).div_euclid(DAY));
            let month = date.year * 12 + i64::from(date.month) - 1;
            let mut month = month - month.rem_euclid(months);
            while keep(clock.instant(Date::days_to_month(0, month) * DAY)) {
                month += months;
            }
        }
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Zones with one change of the clock: the offset before, the instant, the offset after.
    pub(crate) struct OneChange(pub i64, pub i64, pub i64);

    impl Zones for OneChange {
        fn offset_millis(&self, _: &Zone, at: Millis) -> i64 {
            if at.0 < self.1 { self.0 } else { self.2 }
        }
    }

    /// Wall clock readings of ticks, `yyyy-mm-dd hh:mm`, seconds where there are some.
    fn read(start: i64, end: i64, step: TimeStep, zones: &dyn Zones) -> Vec<String> {
        let ticks = time_ticks(TimeRange::new(start, end), step, &Zone::Browser, zones, 50);
        let print = |tick: &TimeTick| {
            let Date { year, month, day } = tick.date;
            let (minutes, millis) = (tick.clock_millis / MINUTE, tick.clock_millis % MINUTE);
            let rest = if millis > 0 { format!(":{:02}.{:03}", millis / 1000, millis % 1000) } else { String::new() };
            format!("{year}-{month:02}-{day:02} {:02}:{:02}{rest}", minutes / 60, minutes % 60)
        };
        ticks.iter().map(print).collect()
    }

    /// 2026-11-20 00:00 UTC, a Friday.
    const FRIDAY: i64 = 20_777 * DAY;
    const UTC: OneChange = OneChange(0, 0, 0);

    #[test]
    fn steps_fit_the_distance() {
        let check = |millis: i64, expected: TimeStep| assert_eq!(TimeStep::at_least(millis as f64), expected);
        check(1, TimeStep::Clock(1));
        check(3, TimeStep::Clock(5));
        check(SECOND + 1, TimeStep::Clock(2 * SECOND));
        check(20 * SECOND, TimeStep::Clock(30 * SECOND));
        check(50 * MINUTE, TimeStep::Clock(HOUR));
        check(7 * HOUR, TimeStep::Clock(12 * HOUR));
        check(DAY, TimeStep::Days(1));
        check(3 * DAY, TimeStep::Days(7));
        check(20 * DAY, TimeStep::Months(1));
        check(40 * DAY, TimeStep::Months(3));
        check(200 * DAY, TimeStep::Months(12));
        check(3 * 365 * DAY, TimeStep::Months(60));
        assert_eq!(TimeStep::at_least(f64::NAN), TimeStep::Months(12));
    }

    #[test]
    fn ticks_lie_on_the_calendar() {
        let check = |start: i64, end: i64, step: TimeStep, expected: &[&str]| {
            assert_eq!(read(start, end, step, &UTC), expected, "{step:?}");
        };
        check(FRIDAY, FRIDAY, TimeStep::Clock(HOUR), &["2026-11-20 00:00"]);
        check(FRIDAY + 1, FRIDAY + 2 * HOUR, TimeStep::Clock(HOUR), &["2026-11-20 01:00", "2026-11-20 02:00"]);
        check(
            FRIDAY + 1,
            FRIDAY + 1_100,
            TimeStep::Clock(500),
            &["2026-11-20 00:00:00.500", "2026-11-20 00:00:01.000"],
        );
        check(FRIDAY - HOUR, FRIDAY + 13 * HOUR, TimeStep::Clock(12 * HOUR), &["2026-11-20 00:00", "2026-11-20 12:00"]);
        check(
            FRIDAY,
            FRIDAY + 2 * DAY,
            TimeStep::Days(1),
            &["2026-11-20 00:00", "2026-11-21 00:00", "2026-11-22 00:00"],
        );
        // Weeks start on Monday.
        check(FRIDAY, FRIDAY + 14 * DAY, TimeStep::Days(7), &["2026-11-23 00:00", "2026-11-30 00:00"]);
        check(FRIDAY, FRIDAY + 60 * DAY, TimeStep::Months(1), &["2026-12-01 00:00", "2027-01-01 00:00"]);
        check(FRIDAY, FRIDAY + 150 * DAY, TimeStep::Months(3), &["2027-01-01 00:00", "2027-04-01 00:00"]);
        check(FRIDAY, FRIDAY + 1_500 * DAY, TimeStep::Months(24), &["2028-01-01 00:00", "2030-01-01 00:00"]);
        check(FRIDAY, FRIDAY - DAY, TimeStep::Days(1), &[]);
    }

    #[test]
    fn ticks_follow_the_clock_when_it_is_changed() {
        // Berlin, spring: at 01:00 UTC the clock goes from 02:00 to 03:00.
        let spring = OneChange(HOUR, FRIDAY + HOUR, 2 * HOUR);
        let check = |zones: &OneChange, hours: i64, step: TimeStep, expected: &[&str]| {
            let read = read(FRIDAY - HOUR, FRIDAY + hours * HOUR, step, zones);
            let clock: Vec<&str> = read.iter().filter_map(|text| text.get(5..16)).collect();
            assert_eq!(clock, expected, "{step:?}");
        };
        check(
            &spring,
            3,
            TimeStep::Clock(HOUR),
            &["11-20 00:00", "11-20 01:00", "11-20 03:00", "11-20 04:00", "11-20 05:00"],
        );
        check(&spring, 10, TimeStep::Clock(6 * HOUR), &["11-20 00:00", "11-20 06:00", "11-20 12:00"]);
        check(&spring, 6, TimeStep::Clock(2 * HOUR), &["11-20 00:00", "11-20 04:00", "11-20 06:00", "11-20 08:00"]);
        check(&spring, 24, TimeStep::Days(1), &["11-20 00:00", "11-21 00:00"]);
        // Autumn: at 01:00 UTC it goes from 03:00 back to 02:00.
        let autumn = OneChange(2 * HOUR, FRIDAY + HOUR, HOUR);
        check(&autumn, 2, TimeStep::Clock(HOUR), &["11-20 01:00", "11-20 02:00", "11-20 02:00", "11-20 03:00"]);
        check(&autumn, 12, TimeStep::Clock(6 * HOUR), &["11-20 06:00", "11-20 12:00"]);
        check(&autumn, 48, TimeStep::Days(1), &["11-21 00:00", "11-22 00:00"]);
        // Where midnight is left out, the day starts an hour late.
        let late_day = OneChange(0, FRIDAY, HOUR);
        check(&late_day, 24, TimeStep::Days(1), &["11-20 01:00", "11-21 00:00"]);
        // Where midnight comes twice, the first counts.
        let twice = OneChange(HOUR, FRIDAY, 0);
        check(&twice, 24, TimeStep::Days(1), &["11-20 00:00", "11-21 00:00"]);
        // Half hours, as on Lord Howe Island: 11:00 would come half an hour after 10:00.
        let half = OneChange(10 * HOUR + 30 * MINUTE, FRIDAY, 11 * HOUR);
        check(&half, 1, TimeStep::Clock(HOUR), &["11-20 10:00", "11-20 12:00"]);
    }

    fn any_step() -> impl Strategy<Value = TimeStep> {
        prop_oneof![
            proptest::sample::select(STEPS.to_vec()),
            (1..40_i64).prop_map(|years| TimeStep::Months(12 * years)),
        ]
    }

    proptest! {
        #[test]
        fn ticks_are_ordered_inside_and_spaced(
            start in -4_000_000_000_000_i64..8_000_000_000_000,
            step in any_step(),
            steps in 0.0..40.0_f64,
            before in -14..14_i64,
            jump in -4..4_i64,
            change in 0.0..1.0_f64,
        ) {
            let length = (step.shortest() as f64 * steps) as i64;
            let before = before * HOUR + 30 * MINUTE;
            let jump = jump * 30 * MINUTE;
            let zones = OneChange(before, start + (length as f64 * change) as i64, before + jump);
            let range = TimeRange::new(start, start + length);
            let ticks = time_ticks(range, step, &Zone::Browser, &zones, 1_000);
            let least = step.shortest() - jump.abs();
            for tick in &ticks {
                prop_assert!(range.contains(tick.at));
            }
            for pair in ticks.windows(2) {
                let distance = pair[1].at.since(pair[0].at);
                prop_assert!(distance > 0 && distance >= least, "{distance} for {step:?}");
            }
            if length > 3 * step.shortest() + 31 * DAY + jump.abs() {
                prop_assert!(!ticks.is_empty());
            }
        }

        #[test]
        fn a_senseless_zone_does_no_harm(seed in any::<i64>(), step in any_step(), start in any::<i32>()) {
            struct Noise(i64);
            impl Zones for Noise {
                fn offset_millis(&self, _: &Zone, at: Millis) -> i64 {
                    at.0.wrapping_mul(self.0).wrapping_add(self.0)
                }
            }
            let start = i64::from(start) * 1_000;
            let range = TimeRange::new(start, start + 20 * step.shortest());
            let ticks = time_ticks(range, step, &Zone::Utc, &Noise(seed), 100);
            prop_assert!(ticks.len() <= 100 && ticks.is_sorted_by(|a, b| a.at < b.at));
        }
    }
}
