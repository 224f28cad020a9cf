//! Instants as dates: wall-clock time in a zone and back, dates as text, axis labels, ages.
//!
//! The calendar is that of [`frame::Date`]; zone offsets come from the caller.

mod pattern;

pub use pattern::{from_now, month_name, pattern};

use frame::{Date, Millis, Zone, Zones};

/// Milliseconds of a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds of a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds of an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds of a day of 24 hours.
pub const DAY: i64 = 24 * HOUR;

/// The pattern of instants that have none of their own: ISO 8601.
pub const ISO: &str = "YYYY-MM-DDTHH:mm:ssZ";

/// A date and time of day on some wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub struct Civil {
    pub year: i64,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub milli: u16,
}

/// Instants beyond these are shown and computed as these: JavaScript's dates end there too.
const LIMIT: i64 = 8_640_000_000_000_000;

impl Civil {
    /// Midnight at the start of a day.
    #[must_use]
    pub fn midnight(year: i64, month: u8, day: u8) -> Self {
        Self { year, month, day, hour: 0, minute: 0, second: 0, milli: 0 }
    }

    /// What a clock on UTC shows at `at`.
    #[must_use]
    pub fn from_utc(at: Millis) -> Self {
        let millis = at.0.clamp(-LIMIT, LIMIT);
        let Date { year, month, day } = Date::from_days(millis.div_euclid(DAY));
        let of_day = millis.rem_euclid(DAY);
        Self {
            year,
            month,
            day,
            hour: (of_day / HOUR) as u8,
            minute: (of_day % HOUR / MINUTE) as u8,
            second: (of_day % MINUTE / SECOND) as u8,
            milli: (of_day % SECOND) as u16,
        }
    }

    /// The instant at which a clock on UTC shows this.
    #[must_use]
    pub fn to_utc(self) -> Millis {
        let of_day = i64::from(self.hour) * HOUR
            + i64::from(self.minute) * MINUTE
            + i64::from(self.second) * SECOND
            + i64::from(self.milli);
        Millis(self.days() * DAY + of_day)
    }

    /// What a clock in `zone` shows at `at`.
    #[must_use]
    pub fn from_instant(at: Millis, zone: &Zone, zones: &dyn Zones) -> Self {
        Self::from_utc(at.plus(offset(at, zone, zones)))
    }

    /// The instant at which a clock in `zone` shows this.
    ///
    /// A time that the zone skips when clocks go forward is read with the offset before the change, so it comes out
    /// later by the width of the gap; of a time that comes twice the first is taken.
    #[must_use]
    pub fn to_instant(self, zone: &Zone, zones: &dyn Zones) -> Millis {
        let wall = self.to_utc();
        // Offsets differ by less than a day: these two are the ones before and after any change near this time.
        let before = wall.plus(-offset(wall.plus(-DAY), zone, zones));
        let after = wall.plus(-offset(wall.plus(DAY), zone, zones));
        let shows_wall = |at: Millis| at.plus(offset(at, zone, zones)) == wall;
        let (first, second) = (before.min(after), before.max(after));
        if shows_wall(first) {
            first
        } else if shows_wall(second) {
            second
        } else {
            before
        }
    }

    /// 0 is Sunday.
    #[must_use]
    pub fn weekday(self) -> u8 {
        (self.days() + 4).rem_euclid(7) as u8
    }

    /// The day of the year, from 1.
    #[must_use]
    pub fn day_of_year(self) -> u16 {
        (self.days() - Date::days_to_month(self.year, 0) + 1) as u16
    }

    /// The same time of day `days` later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let Date { year, month, day } =
            Date::from_days(self.days().saturating_add(days).clamp(-LIMIT / DAY, LIMIT / DAY));
        Self { year, month, day, ..self }
    }

    /// The same day `months` later, or the last of the month where it has fewer days.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Self {
        let total = (self.year * 12 + i64::from(self.month) - 1).saturating_add(months);
        let total = total.clamp(-12 * 271_000, 12 * 275_000);
        let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u8 + 1);
        Self { year, month, day: self.day.min(days_in_month(year, month)), ..self }
    }

    fn days(self) -> i64 {
        Date::days_to_month(self.year, i64::from(self.month) - 1) + i64::from(self.day) - 1
    }
}

pub(crate) fn offset(at: Millis, zone: &Zone, zones: &dyn Zones) -> i64 {
    match zone {
        Zone::Utc => 0,
        // No zone is further from UTC than this; a wrong answer must not push dates out of range.
        _ => zones.offset_millis(zone, at).clamp(-DAY, DAY),
    }
}

/// How many days `month` (from 1) has.
#[must_use]
pub fn days_in_month(year: i64, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How much of an instant is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// `2026-11-20 14:00:05`
    Full,
    /// `2026-11-20 14:00:05.123`
    FullMillis,
    /// `2026-11-20 14:00`
    Minutes,
    /// `2026-11-20`
    Date,
    /// `14:00:05`
    Time,
}

/// `at` as `zone`'s calendar and clock show it.
#[must_use]
pub fn datetime(at: Millis, zone: &Zone, zones: &dyn Zones, style: DateStyle) -> String {
    let Civil { year, month, day, hour, minute, second, milli } = Civil::from_instant(at, zone, zones);
    let date = format!("{year:04}-{month:02}-{day:02}");
    match style {
        DateStyle::Full => format!("{date} {hour:02}:{minute:02}:{second:02}"),
        DateStyle::FullMillis => format!("{date} {hour:02}:{minute:02}:{second:02}.{milli:03}"),
        DateStyle::Minutes => format!("{date} {hour:02}:{minute:02}"),
        DateStyle::Date => date,
        DateStyle::Time => format!("{hour:02}:{minute:02}:{second:02}"),
    }
}

/// The offset of `zone` at `at` as `UTC` or `UTC+05:30`.
#[must_use]
pub fn offset_text(at: Millis, zone: &Zone, zones: &dyn Zones) -> String {
    let minutes = offset(at, zone, zones) / MINUTE;
    if minutes == 0 {
        return "UTC".into();
    }
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// The label of a tick on a time axis whose ticks are `step_millis` apart and which spans `span_millis`.
///
/// Labels carry as much as tells neighbours apart: `14:00:05`, `14:00`, `11/20 14:00`, `11/20`, `2026-11`, `2026`.
#[must_use]
pub fn axis_label(at: Millis, step_millis: i64, span_millis: i64, zone: &Zone, zones: &dyn Zones) -> String {
    const YEAR: i64 = 365 * DAY;
    let Civil { year, month, day, hour, minute, second, milli } = Civil::from_instant(at, zone, zones);
    if step_millis < SECOND {
        format!("{hour:02}:{minute:02}:{second:02}.{milli:03}")
    } else if step_millis < MINUTE {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else if step_millis < DAY && span_millis <= DAY {
        format!("{hour:02}:{minute:02}")
    } else if step_millis < DAY {
        format!("{month:02}/{day:02} {hour:02}:{minute:02}")
    } else if step_millis < 28 * DAY {
        if span_millis <= YEAR { format!("{month:02}/{day:02}") } else { format!("{year:04}-{month:02}-{day:02}") }
    } else if step_millis < YEAR {
        format!("{year:04}-{month:02}")
    } else {
        format!("{year:04}")
    }
}

/// A length of time in its two largest units: `2h 5m`, `45s`, `120ms`.
#[must_use]
pub fn duration(millis: i64) -> String {
    const UNITS: [(&str, i64); 5] = [("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];
    let sign = if millis < 0 { "-" } else { "" };
    let mut rest = millis.saturating_abs();
    let Some(first) = UNITS.iter().position(|(_, size)| rest >= *size) else {
        return "0s".into();
    };
    let mut text = sign.to_owned();
    // Milliseconds beside seconds would be noise.
    let units =
        UNITS.iter().enumerate().skip(first).take(2).filter(|(index, (name, _))| *index == first || *name != "ms");
    for (index, (name, size)) in units {
        let count = rest / size;
        rest %= size;
        if index == first {
            text.push_str(&format!("{count}{name}"));
        } else if count > 0 {
            text.push_str(&format!(" {count}{name}"));
        }
    }
    text
}

/// How long ago `at` was, in its largest unit: `3m ago`, `just now`, or `in 5s` for the future.
#[must_use]
pub fn age(at: Millis, now: Millis) -> String {
    let millis = now.since(at);
    let largest = duration(millis.saturating_abs());
    let largest = largest.split(' ').next().unwrap_or_default();
    match millis {
        0..SECOND => "just now".into(),
        SECOND.. => format!("{largest} ago"),
        _ => format!("in {largest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central European time around the change of March 2025: UTC+1, then UTC+2 from 01:00 UTC on the 30th,
    /// and back at 01:00 UTC on October 26th.
    struct Berlin;

    impl Zones for Berlin {
        fn offset_millis(&self, zone: &Zone, at: Millis) -> i64 {
            let summer = Civil { hour: 1, ..Civil::midnight(2025, 3, 30) }.to_utc()..Civil {
                hour: 1,
                ..Civil::midnight(2025, 10, 26)
            }
            .to_utc();
            match zone {
                Zone::Utc => 0,
                _ if summer.contains(&at) => 2 * HOUR,
                _ => HOUR,
            }
        }

        fn abbreviation(&self, zone: &Zone, at: Millis) -> String {
            if self.offset_millis(zone, at) == HOUR { "CET" } else { "CEST" }.into()
        }
    }

    #[test]
    fn civil_round_trips() {
        for days in (-800_000..800_000).step_by(97) {
            let at = Millis(days * DAY + 12_345_678);
            assert_eq!(Civil::from_utc(at).to_utc(), at);
        }
        assert_eq!(
            Civil::from_utc(Millis(1_749_994_662_123)),
            Civil { year: 2025, month: 6, day: 15, hour: 13, minute: 37, second: 42, milli: 123 }
        );
        assert_eq!(Civil::midnight(2025, 6, 15).weekday(), 0);
        assert_eq!(Civil::midnight(2024, 12, 31).day_of_year(), 366);
        assert_eq!(Civil::midnight(2024, 1, 31).plus_months(1), Civil::midnight(2024, 2, 29));
        assert_eq!(Civil::midnight(2024, 1, 31).plus_months(-11), Civil::midnight(2023, 2, 28));
    }

    #[test]
    fn wall_clock_times_that_do_not_exist_or_exist_twice() {
        let check = |month: u8, day: u8, hour: u8, minute: u8, utc_hour: u8| {
            let wall = Civil { hour, minute, ..Civil::midnight(2025, month, day) };
            let expected = Civil { hour: utc_hour, minute, ..Civil::midnight(2025, month, day) }.to_utc();
            assert_eq!(wall.to_instant(&Zone::Browser, &Berlin), expected);
        };
        check(3, 30, 1, 30, 0);
        check(3, 30, 2, 30, 1); // skipped: read with the offset before the change
        check(3, 30, 3, 30, 1);
        check(10, 26, 2, 30, 0); // comes twice: the first
        check(10, 26, 3, 30, 2);
    }

    #[test]
    fn labels_say_what_tells_ticks_apart() {
        let at = Civil { hour: 14, minute: 5, second: 9, milli: 7, ..Civil::midnight(2026, 11, 20) }.to_utc();
        let check = |step: i64, span: i64, expected: &str| {
            assert_eq!(axis_label(at, step, span, &Zone::Utc, &Berlin), expected);
        };
        check(100, SECOND, "14:05:09.007");
        check(SECOND, MINUTE, "14:05:09");
        check(MINUTE, HOUR, "14:05");
        check(6 * HOUR, 2 * DAY, "11/20 14:05");
        check(DAY, 7 * DAY, "11/20");
        check(14 * DAY, 400 * DAY, "2026-11-20");
        check(30 * DAY, 400 * DAY, "2026-11");
        check(365 * DAY, 4000 * DAY, "2026");
    }

    #[test]
    fn durations_and_ages() {
        let check = |millis: i64, expected: &str| assert_eq!(duration(millis), expected);
        check(0, "0s");
        check(120, "120ms");
        check(45_900, "45s");
        check(2 * HOUR + 5 * MINUTE + 3 * SECOND, "2h 5m");
        check(-2 * HOUR, "-2h");
        check(8 * DAY + 3 * HOUR, "8d 3h");
        check(i64::MIN, "-106751991167d 7h");
        let check_age =
            |ago: i64, expected: &str| assert_eq!(age(Millis(1_000_000_000 - ago), Millis(1_000_000_000)), expected);
        check_age(999, "just now");
        check_age(190_000, "3m ago");
        check_age(-5_000, "in 5s");
    }

    #[test]
    fn zones_in_patterns() {
        let named = Zone::Named("Europe/Berlin".into());
        let check = |zone: &Zone, text: &str, expected: &str| {
            assert_eq!(pattern(Millis(1_749_994_662_123), text, zone, &Berlin), expected);
        };
        check(&named, "HH:mm z Z", "15:37 CEST +02:00");
        check(&Zone::Browser, "HH:mm z ZZ", "15:37  +0200");
        check(&Zone::Utc, "HH:mm z Z", "13:37 UTC +00:00");
    }

    #[test]
    fn datetimes() {
        let at = Millis(1_749_994_662_123);
        let check =
            |style: DateStyle, expected: &str| assert_eq!(datetime(at, &Zone::Browser, &Berlin, style), expected);
        check(DateStyle::Full, "2025-06-15 15:37:42");
        check(DateStyle::FullMillis, "2025-06-15 15:37:42.123");
        check(DateStyle::Minutes, "2025-06-15 15:37");
        check(DateStyle::Date, "2025-06-15");
        check(DateStyle::Time, "15:37:42");
        assert_eq!(offset_text(at, &Zone::Browser, &Berlin), "UTC+02:00");
        assert_eq!(offset_text(at, &Zone::Utc, &Berlin), "UTC");
    }
}
