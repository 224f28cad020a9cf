//! Lengths of time as text.

use crate::number;
use crate::unit::Formatted;

/// What a number of some length of time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SpanUnit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
}

/// A rung of a ladder: up to `below` (exclusive) a value is shown times or over a factor, followed by `name`.
struct Rung {
    below: f64,
    factor: Factor,
    name: Name,
}

/// Dividing by 1e-9 and multiplying by 1e9 differ in the last digit, and with it in the text.
#[derive(Clone, Copy)]
enum Factor {
    Over(f64),
    Times(f64),
}

impl Factor {
    fn apply(self, value: f64) -> f64 {
        match self {
            Self::Over(divisor) => value / divisor,
            Self::Times(factor) => value * factor,
        }
    }
}

/// The name of a rung: the same for one and many, or with an s for anything but one.
enum Name {
    Symbol(&'static str),
    Word(&'static str),
}
use Name::{Symbol, Word};

const fn rung(below: f64, divisor: f64, name: Name) -> Rung {
    Rung { below, factor: Factor::Over(divisor), name }
}

const fn fraction(below: f64, times: f64, name: Name) -> Rung {
    Rung { below, factor: Factor::Times(times), name }
}

const END: f64 = f64::INFINITY;

const NANOSECONDS: &[Rung] = &[
    rung(1e3, 1.0, Symbol(" ns")),
    rung(1e6, 1e3, Symbol(" µs")),
    rung(1e9, 1e6, Symbol(" ms")),
    rung(6e10, 1e9, Symbol(" s")),
    rung(3.6e12, 6e10, Word(" min")),
    rung(8.64e13, 3.6e12, Word(" hour")),
    rung(END, 8.64e13, Word(" day")),
];
const MICROSECONDS: &[Rung] =
    &[rung(1e3, 1.0, Symbol(" µs")), rung(1e6, 1e3, Symbol(" ms")), rung(END, 1e6, Symbol(" s"))];
const MILLISECONDS: &[Rung] = &[
    rung(1e3, 1.0, Symbol(" ms")),
    rung(6e4, 1e3, Symbol(" s")),
    rung(3.6e6, 6e4, Word(" min")),
    rung(8.64e7, 3.6e6, Word(" hour")),
    rung(3.1536e10, 8.64e7, Word(" day")),
    rung(END, 3.1536e10, Word(" year")),
];
const SECONDS: &[Rung] = &[
    fraction(1e-6, 1e9, Symbol(" ns")),
    fraction(1e-3, 1e6, Symbol(" µs")),
    fraction(1.0, 1e3, Symbol(" ms")),
    rung(60.0, 1.0, Symbol(" s")),
    rung(3600.0, 60.0, Word(" min")),
    rung(86400.0, 3600.0, Word(" hour")),
    rung(604_800.0, 86400.0, Word(" day")),
    rung(31_536_000.0, 604_800.0, Word(" week")),
    rung(END, 3.15569e7, Word(" year")),
];
const MINUTES: &[Rung] = &[
    rung(60.0, 1.0, Symbol(" min")),
    rung(1440.0, 60.0, Word(" hour")),
    rung(10080.0, 1440.0, Word(" day")),
    rung(604_800.0, 10080.0, Word(" week")),
    rung(END, 5.25948e5, Word(" year")),
];
const HOURS: &[Rung] = &[
    rung(24.0, 1.0, Symbol(" hour")),
    rung(168.0, 24.0, Word(" day")),
    rung(8760.0, 168.0, Word(" week")),
    rung(END, 8760.0, Word(" year")),
];
const DAYS: &[Rung] = &[rung(7.0, 1.0, Word(" day")), rung(365.0, 7.0, Word(" week")), rung(END, 365.0, Word(" year"))];

/// `value` in the largest unit that leaves it at least one.
#[must_use]
pub fn scaled(value: f64, decimals: Option<u8>, unit: SpanUnit) -> Formatted {
    if value == 0.0 && unit == SpanUnit::Second {
        return Formatted::with_suffix("0", " s");
    }
    let ladder = match unit {
        SpanUnit::Nanosecond => NANOSECONDS,
        SpanUnit::Microsecond => MICROSECONDS,
        SpanUnit::Millisecond => MILLISECONDS,
        SpanUnit::Second => SECONDS,
        SpanUnit::Minute => MINUTES,
        SpanUnit::Hour => HOURS,
        SpanUnit::Day => DAYS,
    };
    let size = value.abs();
    let Some(rung) = ladder.iter().find(|rung| size < rung.below).or(ladder.last()) else {
        return Formatted::default();
    };
    let scaled = rung.factor.apply(value);
    let text = number::fixed(scaled, decimals);
    match rung.name {
        Symbol(name) => Formatted::with_suffix(text, name),
        Word(name) if scaled.abs() > 1.0 => Formatted::with_suffix(text, format!("{name}s")),
        Word(name) => Formatted::with_suffix(text, name),
    }
}

/// `value % unit` of positive numbers: long division with doublings of the unit, each of which is exact. The operator
/// brings in a far longer routine.
fn remainder(value: f64, unit: f64) -> f64 {
    if !value.is_finite() {
        return f64::NAN;
    }
    let (mut rest, mut step) = (value, unit);
    while step * 2.0 <= rest {
        step *= 2.0;
    }
    while step >= unit {
        if rest >= step {
            rest -= step;
        }
        step /= 2.0;
    }
    rest
}

const SECOND_MILLIS: f64 = 1e3;
const WORDS: &[(&str, f64)] = &[
    ("year", 365.0 * 86400.0 * SECOND_MILLIS),
    ("month", 30.0 * 86400.0 * SECOND_MILLIS),
    ("week", 7.0 * 86400.0 * SECOND_MILLIS),
    ("day", 86400.0 * SECOND_MILLIS),
    ("hour", 3600.0 * SECOND_MILLIS),
    ("minute", 60.0 * SECOND_MILLIS),
    ("second", SECOND_MILLIS),
    ("millisecond", 1.0),
];

/// "17 minutes, 3 seconds": the largest unit that fits, and `more` smaller ones.
#[must_use]
pub fn words(value: f64, more: u8, unit: SpanUnit) -> Formatted {
    let (name, millis) = match unit {
        SpanUnit::Second => ("second", SECOND_MILLIS),
        _ => ("millisecond", 1.0),
    };
    if value == 0.0 {
        return Formatted::with_suffix("0", format!(" {name}s"));
    }
    let mut rest = value.abs() * millis;
    let mut parts: Vec<String> = Vec::new();
    for (name, millis) in WORDS {
        let count = rest / millis;
        let is_shown = !parts.is_empty() || count >= 1.0;
        if !is_shown || parts.len() > usize::from(more) {
            continue;
        }
        let whole = count.floor();
        parts.push(format!("{} {name}{}", number::shortest(whole), if whole == 1.0 { "" } else { "s" }));
        rest = remainder(rest, *millis);
    }
    Formatted::with_suffix(parts.join(", "), if value < 0.0 { " ago" } else { "" })
}

/// `1h:02m:03s:004ms`: from the largest unit that is not zero down, or only `decimals` units below it.
///
/// Grafana draws the parts with a date formatter: below zero they count back from the epoch, and beyond what a JavaScript
/// date can hold there are none.
#[must_use]
pub fn clock(millis: f64, decimals: Option<u8>) -> String {
    const DATE_LIMIT: f64 = 8.64e15;
    let part = |unit: f64, modulus: i64| ((millis.trunc() / unit).floor() as i64).rem_euclid(modulus);
    let hours = format!("{}h", number::shortest((millis / 3.6e6).floor()));
    let parts = if millis.abs() <= DATE_LIMIT {
        let (minutes, seconds, rest) = (part(6e4, 60), part(1e3, 60), part(1.0, 1_000));
        vec![hours, format!("{minutes:02}m"), format!("{seconds:02}s"), format!("{rest:03}ms")]
    } else if millis < 0.0 {
        return "Invalid date".into();
    } else {
        vec![hours, "Invalid date".into()]
    };
    let first = match millis {
        m if m < 1e3 => 3,
        m if m < 6e4 => 2,
        m if m < 3.6e6 => 1,
        _ => 0,
    };
    let shown = decimals.map_or(parts.len(), |decimals| usize::from(decimals) + 1);
    parts.get(first..).unwrap_or_default().iter().take(shown).map(String::as_str).collect::<Vec<_>>().join(":")
}

/// `02:05:00` from seconds; with `days`, `1 d 02:05:00`.
#[must_use]
pub fn hours_minutes_seconds(seconds: f64, days: bool) -> Formatted {
    let size = seconds.abs();
    let whole_days = if days { (size / 86400.0).floor() } else { 0.0 };
    let day_text = if whole_days > 0.0 { format!("{} d ", number::shortest(whole_days)) } else { String::new() };
    let rest = size - whole_days * 86400.0;
    let part = |value: f64| {
        let text = number::shortest(value.floor());
        if value.floor() > 9.0 { text } else { format!("0{text}") }
    };
    let (hour, minute) = (remainder(rest, 3600.0), remainder(rest, 60.0));
    let text = format!("{day_text}{}:{}:{}", part(rest / 3600.0), part(hour / 60.0), part(minute));
    Formatted::with_suffix(text, if seconds < 0.0 { " ago" } else { "" })
}
