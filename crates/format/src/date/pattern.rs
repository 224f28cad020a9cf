//! Dates by a pattern of tokens, as the library moment has them: `YYYY-MM-DD HH:mm`, `dddd`, `[literal]`.

use super::{Civil, DAY, MINUTE, SECOND, offset};
use frame::{Millis, Zone, Zones};
use std::borrow::Cow;
use std::fmt::Write;

const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The name of a month, 1 being January; empty for what is none.
#[must_use]
pub fn month_name(month: u8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::from(month).checked_sub(1).and_then(|index| NAMES.get(index)).copied().unwrap_or_default()
}

/// Tokens that stand for a pattern of their own, in American English. Longer ones first.
const LOCAL: [(&str, &str); 7] = [
    ("LLLL", "dddd, MMMM D, YYYY h:mm A"),
    ("LLL", "MMMM D, YYYY h:mm A"),
    ("LTS", "h:mm:ss A"),
    ("LL", "MMMM D, YYYY"),
    ("LT", "h:mm A"),
    ("L", "MM/DD/YYYY"),
    ("l", "M/D/YYYY"),
];

/// All other tokens. Longer ones first, because the longest at each place counts.
const TOKENS: [&str; 53] = [
    "YYYY", "MMMM", "DDDD", "dddd", "gggg", "GGGG", "MMM", "DDD", "ddd", "SSS", "YY", "MM", "Mo", "DD", "Do", "dd",
    "do", "ww", "wo", "WW", "Wo", "Qo", "gg", "GG", "HH", "hh", "kk", "mm", "ss", "SS", "ZZ", "zz", "M", "D", "d", "w",
    "W", "Q", "e", "E", "H", "h", "k", "m", "s", "S", "a", "A", "Z", "z", "x", "X", "y",
];

/// `at` on the clock of `zone`, by a pattern. What is no token stays, as does what stands in brackets.
///
/// ```
/// # use frame::{Millis, Zone, Zones};
/// # struct Utc;
/// # impl Zones for Utc { fn offset_millis(&self, _: &Zone, _: Millis) -> i64 { 0 } }
/// let text = format::date::pattern(Millis(1_749_994_662_123), "dddd, MMMM Do YYYY [at] HH:mm", &Zone::Utc, &Utc);
/// assert_eq!(text, "Sunday, June 15th 2025 at 13:37");
/// ```
#[must_use]
pub fn pattern(at: Millis, pattern: &str, zone: &Zone, zones: &dyn Zones) -> String {
    let instant = Instant { at, offset_millis: offset(at, zone, zones), zone, zones };
    let mut out = String::new();
    instant.write(pattern, &mut out);
    out
}

/// How long before or after `now` an instant is, in words: "3 hours ago", "in a minute".
#[must_use]
pub fn from_now(at: Millis, now: Millis) -> String {
    let millis = now.since(at);
    let size = millis.saturating_abs() as f64;
    let (seconds, minutes) = ((size / 1e3).round(), (size / 6e4).round());
    let (hours, days) = ((size / 3.6e6).round(), (size / DAY as f64).round());
    // 146,097 days are 4,800 months of the Gregorian calendar.
    let exact_months = size / DAY as f64 * 4_800.0 / 146_097.0;
    let (months, years) = (exact_months.round(), (exact_months / 12.0).round());
    let text = match () {
        () if seconds < 45.0 => "a few seconds".into(),
        () if minutes <= 1.0 => "a minute".into(),
        () if minutes < 45.0 => format!("{minutes} minutes"),
        () if hours <= 1.0 => "an hour".into(),
        () if hours < 22.0 => format!("{hours} hours"),
        () if days <= 1.0 => "a day".into(),
        () if days < 26.0 => format!("{days} days"),
        () if months <= 1.0 => "a month".into(),
        () if months < 11.0 => format!("{months} months"),
        () if years <= 1.0 => "a year".into(),
        () => format!("{years} years"),
    };
    if millis < 0 { format!("in {text}") } else { format!("{text} ago") }
}

/// An instant and the clock it is read on.
struct Instant<'a> {
    at: Millis,
    offset_millis: i64,
    zone: &'a Zone,
    zones: &'a dyn Zones,
}

impl Instant<'_> {
    fn write(&self, pattern: &str, out: &mut String) {
        let civil = Civil::from_utc(self.at.plus(self.offset_millis));
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            if let Some((literal, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
                out.push_str(literal);
                rest = after;
            } else if let Some((token, meaning)) = LOCAL.iter().find(|(token, _)| rest.starts_with(token)) {
                self.write(meaning, out);
                rest = rest.get(token.len()..).unwrap_or_default();
            } else if let Some(token) = TOKENS.iter().find(|token| rest.starts_with(**token)) {
                // Writing to a text does not fail.
                let _ = self.write_token(token, civil, out);
                rest = rest.get(token.len()..).unwrap_or_default();
            } else {
                out.push(first);
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }

    fn write_token(&self, token: &str, civil: Civil, out: &mut String) -> std::fmt::Result {
        let Civil { year, month, day, hour, minute, second, milli } = civil;
        let weekday = civil.weekday();
        let month_name = month_name(month);
        let day_name = WEEKDAYS.get(usize::from(weekday)).copied().unwrap_or_default();
        let hour_12 = (hour + 11) % 12 + 1;
        let hour_24 = if hour == 0 { 24 } else { hour };
        let quarter = month.div_ceil(3);
        let (week_year, week) = week_with(civil, 6);
        let (iso_year, iso_week) = week_with(civil, 4);
        match token {
            "YYYY" => write!(out, "{year:04}"),
            "y" => write!(out, "{year}"),
            "YY" => write!(out, "{:02}", year.rem_euclid(100)),
            "MMMM" => out.write_str(month_name),
            "MMM" => out.write_str(month_name.get(..3).unwrap_or_default()),
            "MM" => write!(out, "{month:02}"),
            "Mo" => ordinal(u16::from(month), out),
            "M" => write!(out, "{month}"),
            "DDDD" => write!(out, "{:03}", civil.day_of_year()),
            "DDD" => write!(out, "{}", civil.day_of_year()),
            "DD" => write!(out, "{day:02}"),
            "Do" => ordinal(u16::from(day), out),
            "D" => write!(out, "{day}"),
            "dddd" => out.write_str(day_name),
            "ddd" => out.write_str(day_name.get(..3).unwrap_or_default()),
            "dd" => out.write_str(day_name.get(..2).unwrap_or_default()),
            "do" => ordinal(u16::from(weekday), out),
            "d" | "e" => write!(out, "{weekday}"),
            "E" => write!(out, "{}", (weekday + 6) % 7 + 1),
            "gggg" => write!(out, "{week_year:04}"),
            "gg" => write!(out, "{:02}", week_year.rem_euclid(100)),
            "GGGG" => write!(out, "{iso_year:04}"),
            "GG" => write!(out, "{:02}", iso_year.rem_euclid(100)),
            "ww" => write!(out, "{week:02}"),
            "wo" => ordinal(week, out),
            "w" => write!(out, "{week}"),
            "WW" => write!(out, "{iso_week:02}"),
            "Wo" => ordinal(iso_week, out),
            "W" => write!(out, "{iso_week}"),
            "Qo" => ordinal(u16::from(quarter), out),
            "Q" => write!(out, "{quarter}"),
            "HH" => write!(out, "{hour:02}"),
            "H" => write!(out, "{hour}"),
            "hh" => write!(out, "{hour_12:02}"),
            "h" => write!(out, "{hour_12}"),
            "kk" => write!(out, "{hour_24:02}"),
            "k" => write!(out, "{hour_24}"),
            "mm" => write!(out, "{minute:02}"),
            "m" => write!(out, "{minute}"),
            "ss" => write!(out, "{second:02}"),
            "s" => write!(out, "{second}"),
            "SSS" => write!(out, "{milli:03}"),
            "SS" => write!(out, "{:02}", milli / 10),
            "S" => write!(out, "{}", milli / 100),
            "A" => out.write_str(if hour < 12 { "AM" } else { "PM" }),
            "a" => out.write_str(if hour < 12 { "am" } else { "pm" }),
            "Z" => self.write_offset(":", out),
            "ZZ" => self.write_offset("", out),
            "z" | "zz" => out.write_str(&self.zone_name()),
            "x" => write!(out, "{}", self.at.0),
            "X" => write!(out, "{}", self.at.0.div_euclid(SECOND)),
            _ => Ok(()),
        }
    }

    /// Nothing for the browser's own zone, as in Grafana.
    fn zone_name(&self) -> Cow<'static, str> {
        match self.zone {
            Zone::Utc => "UTC".into(),
            Zone::Browser => "".into(),
            Zone::Named(_) => self.zones.abbreviation(self.zone, self.at).into(),
        }
    }

    fn write_offset(&self, separator: &str, out: &mut String) -> std::fmt::Result {
        let sign = if self.offset_millis < 0 { '-' } else { '+' };
        let minutes = self.offset_millis.abs() / MINUTE;
        write!(out, "{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

/// 1st, 2nd, 3rd, 4th …
fn ordinal(number: u16, out: &mut String) -> std::fmt::Result {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    write!(out, "{number}{ending}")
}

/// Year and number of the week that `civil` is in. A week belongs to the year that its `deciding` weekday is in: 4, Thursday,
/// for ISO weeks, which start on Monday; 6, Saturday, for American ones, which start on Sunday.
fn week_with(civil: Civil, deciding: u8) -> (i64, u16) {
    let first = if deciding == 4 { 1 } else { 0 };
    let since_start = i64::from((civil.weekday() + 7 - first) % 7);
    let decider = civil.plus_days(i64::from(deciding - first) - since_start);
    (decider.year, (decider.day_of_year() - 1) / 7 + 1)
}
