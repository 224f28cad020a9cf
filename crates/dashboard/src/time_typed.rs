//! Times as people type them: everything that Grafana takes, and a few plain words beside it.

use crate::time::{Place, parse_clock, parse_instant_in};
use format::date::Civil;
use frame::Millis;
use std::fmt;

/// A time that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// An expression on `now`, which moves on with the clock.
    Relative(String),
    /// An instant, which means the same in every zone.
    Instant(Millis),
}

/// Why a text is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTime {
    /// There is no text.
    Empty,
    /// It is written as a date, but the calendar or the clock has no such one.
    NotOnCalendar,
    /// It starts with `now`, but what follows is no arithmetic.
    Arithmetic,
    /// Anything else.
    Unknown,
}

impl fmt::Display for NoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "Missing: such as now-6h or 2026-11-20 14:00",
            Self::NotOnCalendar => "No such date or time: they are written as 2026-11-20 14:00",
            Self::Arithmetic => "After now comes what is added or rounded to: now-6h, now-1d/d, now/w",
            Self::Unknown => "Not a time: such as now-6h, yesterday 14:00, 2026-11-20 14:00 or 14:00",
        })
    }
}

impl std::error::Error for NoTime {}

/// What `text` means at the time `now`.
///
/// Beyond what [`parse_instant_in`] takes: `today`, `yesterday` and `tomorrow`, each with a time of day or alone, a time
/// of day alone, which is today's, spans such as `6h`, `6h ago`, `90 minutes` and `1h30m` before now, epoch seconds, and
/// dates with slashes.
///
/// # Errors
/// It is no time.
pub fn parse_typed(text: &str, now: Millis, place: Place<'_>) -> Result<Typed, NoTime> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NoTime::Empty);
    }
    if let Some(math) = strip_word(text, "now") {
        let expression = format!("now{math}");
        let known = parse_instant_in(&expression, now, place, false).is_some();
        return if known { Ok(Typed::Relative(expression)) } else { Err(NoTime::Arithmetic) };
    }
    let named = DAYS.iter().find_map(|(word, days, expression)| Some((strip_word(text, word)?, *days, *expression)));
    if let Some((clock, days, expression)) = named {
        return match clock.trim() {
            "" => Ok(Typed::Relative(expression.to_owned())),
            clock => at_clock(clock, days, now, place).ok_or(NoTime::NotOnCalendar),
        };
    }
    if let Some(expression) = before_now(text) {
        return Ok(Typed::Relative(expression));
    }
    if let Some(instant) = epoch_seconds(text) {
        return Ok(Typed::Instant(instant));
    }
    if text.contains(':') && !text.contains(['-', '/']) {
        return at_clock(text, 0, now, place).ok_or(NoTime::NotOnCalendar);
    }
    // A date with slashes is one from the year down, too: the other orders mean different days to different people.
    let date = if text.contains("||") { text.to_owned() } else { text.replace('/', "-") };
    match parse_instant_in(&date, now, place, false) {
        Some(instant) => Ok(Typed::Instant(instant)),
        None if text.bytes().take_while(u8::is_ascii_digit).count() >= 4 => Err(NoTime::NotOnCalendar),
        None => Err(NoTime::Unknown),
    }
}

/// Days by name: how far they are from today, and what they are called in an expression.
const DAYS: [(&str, i64, &str); 3] =
    [("today", 0, "now/d"), ("yesterday", -1, "now-1d/d"), ("tomorrow", 1, "now+1d/d")];

/// What follows `word`, in large or small letters, at the start of `text`.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(word.len())?;
    start.eq_ignore_ascii_case(word).then_some(rest)
}

/// The time of day `clock` on the day that is `days` after today.
fn at_clock(clock: &str, days: i64, now: Millis, place: Place<'_>) -> Option<Typed> {
    let Civil { year, month, day, .. } = Civil::from_instant(now, place.zone, place.zones);
    let mut civil = Civil::midnight(year, month, day).plus_days(days);
    let one_digit = clock.split(':').next().is_some_and(|hour| hour.len() == 1);
    let next_day = parse_clock(&if one_digit { format!("0{clock}") } else { clock.to_owned() }, &mut civil)?;
    let civil = if next_day { civil.plus_days(1) } else { civil };
    Some(Typed::Instant(civil.to_instant(place.zone, place.zones)))
}

/// `now-1h-30m` for `1h30m`, `1h 30m ago`, `last 90 minutes` and the like.
fn before_now(text: &str) -> Option<String> {
    let text = strip_word(text, "last ").or_else(|| text.strip_prefix('-')).unwrap_or(text);
    let mut rest = text.trim();
    let mut expression = "now".to_owned();
    while !rest.is_empty() && !rest.eq_ignore_ascii_case("ago") {
        let (number, tail) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let tail = tail.trim_start();
        let (unit, tail) = tail.split_at(tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len()));
        // As long as what the arithmetic takes.
        (1..=5).contains(&number.len()).then_some(())?;
        expression.push('-');
        expression.push_str(number);
        expression.push_str(unit_letter(unit)?);
        rest = tail.trim_start();
    }
    (expression.len() > 3).then_some(expression)
}

/// The letter of a unit that is written in letters or in words.
fn unit_letter(unit: &str) -> Option<&'static str> {
    const WORDS: [(&str, &str); 7] =
        [("second", "s"), ("minute", "m"), ("hour", "h"), ("day", "d"), ("week", "w"), ("month", "M"), ("year", "y")];
    const SHORT: [(&str, &str); 3] = [("sec", "s"), ("min", "m"), ("hr", "h")];
    let letter = WORDS.iter().find(|(_, letter)| *letter == unit);
    let lower = unit.to_ascii_lowercase();
    let single = if lower.len() > 1 { lower.strip_suffix('s').unwrap_or(&lower) } else { &lower };
    let word = || WORDS.iter().chain(&SHORT).find(|(word, letter)| *word == single || *letter == single);
    letter.or_else(word).map(|(_, letter)| *letter)
}

/// Nine or ten digits are epoch seconds, as Prometheus writes them: nobody means a day of January 1970.
fn epoch_seconds(text: &str) -> Option<Millis> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_epoch = matches!(seconds.len(), 9 | 10) && fraction.len() <= 9 && digits(seconds) && digits(fraction);
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    is_epoch.then(|| seconds.parse::<i64>().ok())?.map(|seconds| Millis(seconds * 1_000 + millis))
}
