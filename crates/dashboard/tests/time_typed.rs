//! Times as people type them, and the calendar they pick them from.

use dashboard::month::{Month, weekdays};
use dashboard::time::{Calendar, Place};
use dashboard::time_typed::{NoTime, Typed, parse_typed};
use format::date::Civil;
use format::date::month_name;
use frame::{Millis, Zone, Zones};
use proptest::prelude::*;

/// An hour ahead of UTC, and two from the end of March to the end of October 2026.
struct Berlin;

impl Zones for Berlin {
    fn offset_millis(&self, _: &Zone, at: Millis) -> i64 {
        let summer = 1_774_746_000_000..1_792_890_000_000;
        if summer.contains(&at.0) { 7_200_000 } else { 3_600_000 }
    }
}

/// 2026-11-22 14:30:05 in Berlin, a Sunday.
const NOW: Millis = Millis(1_795_354_205_000);

fn parse(text: &str) -> Result<Typed, NoTime> {
    let zone = Zone::Named("Europe/Berlin".into());
    parse_typed(text, NOW, Place { zone: &zone, zones: &Berlin, calendar: Calendar::default() })
}

#[test]
fn expressions_stay_relative() {
    let check = |text: &str, expected: &str| assert_eq!(parse(text), Ok(Typed::Relative(expected.into())), "{text}");
    check("now", "now");
    check(" now-6h ", "now-6h");
    check("NOW-1M/M", "now-1M/M");
    check("Now/w", "now/w");
    check("today", "now/d");
    check("Yesterday", "now-1d/d");
    check("tomorrow ", "now+1d/d");
    check("6h", "now-6h");
    check("-6h", "now-6h");
    check("6h ago", "now-6h");
    check("6 hours ago", "now-6h");
    check("last 90 minutes", "now-90m");
    check("1h30m", "now-1h-30m");
    check("1d 12h ago", "now-1d-12h");
    check("15 mins", "now-15m");
    check("2 Days", "now-2d");
    check("3M", "now-3M");
    check("3m", "now-3m");
    check("3 months ago", "now-3M");
    check("1Y", "now-1y");
    check("1 week", "now-1w");
    check("30 sec", "now-30s");
}

#[test]
fn dates_and_clocks_are_instants_of_the_zone() {
    let check = |text: &str, expected: (i64, u8, u8, u8, u8, u8)| {
        let (year, month, day, hour, minute, second) = expected;
        let civil = Civil { hour, minute, second, ..Civil::midnight(year, month, day) };
        let zone = Zone::Named("Europe/Berlin".into());
        assert_eq!(parse(text), Ok(Typed::Instant(civil.to_instant(&zone, &Berlin))), "{text}");
    };
    check("2026-11-20 14:00", (2026, 11, 20, 14, 0, 0));
    check("2026-11-20 14:00:05", (2026, 11, 20, 14, 0, 5));
    check("2026-11-20T14:00", (2026, 11, 20, 14, 0, 0));
    check("2026-11-20T13:00:00Z", (2026, 11, 20, 14, 0, 0));
    check("2026-11-20", (2026, 11, 20, 0, 0, 0));
    check("2026/11/20 14:00", (2026, 11, 20, 14, 0, 0));
    check("2026-07-01 14:00", (2026, 7, 1, 14, 0, 0));
    check("20261120", (2026, 11, 20, 0, 0, 0));
    check("yesterday 14:00", (2026, 11, 21, 14, 0, 0));
    check("yesterday 9", (2026, 11, 21, 9, 0, 0));
    check("Yesterday 9:05", (2026, 11, 21, 9, 5, 0));
    check("today 24:00", (2026, 11, 23, 0, 0, 0));
    check("tomorrow 08:00", (2026, 11, 23, 8, 0, 0));
    check("14:00", (2026, 11, 22, 14, 0, 0));
    check("9:30", (2026, 11, 22, 9, 30, 0));
    check("1795354205", (2026, 11, 22, 14, 30, 5));
    check("1795354205.000", (2026, 11, 22, 14, 30, 5));
    check("1795354205000", (2026, 11, 22, 14, 30, 5));
    check("2026-11-20 14:00||-1d/d", (2026, 11, 19, 0, 0, 0));
}

#[test]
fn what_is_no_time_says_why() {
    let check = |text: &str, expected: NoTime| assert_eq!(parse(text), Err(expected), "{text}");
    check("", NoTime::Empty);
    check("  ", NoTime::Empty);
    check("now-", NoTime::Arithmetic);
    check("nowish", NoTime::Arithmetic);
    check("now-6x", NoTime::Arithmetic);
    check("2026-02-30", NoTime::NotOnCalendar);
    check("2026-11-20 25:00", NoTime::NotOnCalendar);
    check("25:00", NoTime::NotOnCalendar);
    check(":", NoTime::NotOnCalendar);
    check("2026-11-20 :", NoTime::NotOnCalendar);
    check("14:", NoTime::NotOnCalendar);
    check("yesterday 14:60", NoTime::NotOnCalendar);
    check("todays", NoTime::NotOnCalendar);
    check("noon", NoTime::Unknown);
    check("6", NoTime::Unknown);
    check("6 parsecs", NoTime::Unknown);
    check("20.11.2026", NoTime::Unknown);
    check("ago", NoTime::Unknown);
    check("\u{663}h", NoTime::Unknown);
    check("999999h", NoTime::NotOnCalendar);
}

#[test]
fn a_month_is_whole_weeks() {
    let check = |year: i64, month: u8, week_start: u8, first: (u8, u8), last: (u8, u8), count: usize| {
        let weeks = Month { year, month }.weeks(week_start);
        let ends = weeks.first().and_then(|week| week.first()).zip(weeks.last().and_then(|week| week.last()));
        let ends = ends.map(|(first, last)| ((first.month, first.day), (last.month, last.day), weeks.len()));
        assert_eq!(ends, Some((first, last, count)), "{year}-{month} from {week_start}");
    };
    check(2026, 11, 1, (10, 26), (12, 6), 6);
    check(2026, 11, 0, (11, 1), (12, 5), 5);
    check(2026, 11, 6, (10, 31), (12, 4), 5);
    check(2027, 2, 1, (2, 1), (2, 28), 4);
    check(2024, 2, 0, (1, 28), (3, 2), 5);
    assert_eq!(Month { year: 2026, month: 12 }.plus(1), Month { year: 2027, month: 1 });
    assert_eq!(Month { year: 2026, month: 1 }.plus(-1), Month { year: 2025, month: 12 });
    assert_eq!(weekdays(1).first(), Some(&("Mo", "Monday")));
    assert_eq!((month_name(1), month_name(12), month_name(0), month_name(13)), ("January", "December", "", ""));
}

proptest! {
    #[test]
    fn any_text_is_a_time_or_not(text in "(now|yesterday|[0-9]{0,11})?[-+/ :.0-9a-zA-Z|]{0,12}\\PC{0,2}") {
        if let Ok(Typed::Relative(expression)) = parse(&text) {
            let again = parse(&expression);
            prop_assert_eq!(again, Ok(Typed::Relative(expression)));
        }
    }

    #[test]
    fn every_day_of_a_month_is_there_once(year in 1970_i64..2100, month in 1_u8..13, week_start: u8) {
        let weeks = Month { year, month }.weeks(week_start);
        prop_assert!(weeks.iter().all(|week| week.len() == 7));
        let days: Vec<u8> = weeks.iter().flatten().filter(|day| day.month == month).map(|day| day.day).collect();
        let expected: Vec<u8> = (1..=format::date::days_in_month(year, month)).collect();
        prop_assert_eq!(days, expected);
        let starts = weeks.iter().filter_map(|week| week.first()).map(|day| day.weekday());
        prop_assert!(starts.into_iter().all(|day| day == week_start % 7));
    }
}
