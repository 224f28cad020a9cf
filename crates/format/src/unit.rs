//! Units: from Grafana's ids, such as `bytes`, `reqps` or `suffix:°`, to texts such as `1.5 KiB`.

use crate::date::{self, Civil};
use crate::number;
use crate::span::{self, SpanUnit};
use crate::unit_table::registered;
use frame::{Millis, Zone, Zones};
use std::borrow::Cow;
use std::fmt;

/// [`date::ISO`] on UTC.
const ISO_UTC: &str = "YYYY-MM-DDTHH:mm:ss[Z]";

/// A value as text, in parts, because a stat shows prefix and suffix smaller than the number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatted {
    /// What stands before the number, such as `$`.
    pub prefix: String,
    /// The number.
    pub text: String,
    /// What follows it, such as ` ms`, its leading space included.
    pub suffix: String,
}

impl Formatted {
    /// A text with neither prefix nor suffix.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A text with a suffix, given with its leading space.
    #[must_use]
    pub fn with_suffix(text: impl Into<String>, suffix: impl Into<String>) -> Self {
        Self { prefix: String::new(), text: text.into(), suffix: suffix.into() }
    }
}

impl fmt::Display for Formatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.prefix)?;
        f.write_str(&self.text)?;
        f.write_str(&self.suffix)
    }
}

/// A unit, looked up once and then used for every value of a series or every tick of an axis.
///
/// ```
/// let unit = format::Unit::new("bytes");
/// assert_eq!(unit.format(1536.0, None).to_string(), "1.50 KiB");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Unit(pub(crate) Kind);

type Text = Cow<'static, str>;

/// How a unit turns a number into text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// The number, and this behind it.
    Suffix(Text),
    /// The number, and this before it.
    Prefix(Text),
    /// 0.5 is 50 %.
    PercentUnit,
    /// Decimal prefixes from femto to yotta; the number is this many thousands of the unit already.
    Si(Text, i8),
    /// Binary prefixes; the number is this many 1,024s of the unit already.
    Binary(Text, i8),
    /// Thousand, million, billion …, then the symbol.
    Count(Text),
    /// As `Count`, spelt out.
    Short,
    /// Pounds per square inch, which have prefixes of their own.
    Psi,
    /// Thousand, million …, with the sign before the symbol.
    Currency(Text, Side),
    /// The full amount with thousands grouped.
    Financial(Text, Side),
    /// A length of time, counted in the given unit and shown in the largest that fits.
    Span(SpanUnit),
    /// Hundredths of a second.
    TimeTicks,
    /// "2 hours, 5 minutes", from a number of these.
    Words(SpanUnit),
    /// `1h:02m:03s:004ms`, from a number of milliseconds times this.
    Clock(f64),
    /// `02:05:00`, from seconds; with the days apart where the flag is set.
    HoursMinutesSeconds { days: bool },
    /// Two words for anything but 0, and for 0.
    Bool(Text, Text),
    /// Thousands grouped, three decimals.
    Locale,
    /// Powers of ten.
    Scientific,
    /// Hexadecimal, with this before the digits.
    Hex(Text),
    /// As the number is.
    Verbatim,
    /// Milliseconds since the epoch as a date; see [`Unit::format_instant`].
    Date(Dating),
}

/// How an instant is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Dating {
    /// By a pattern.
    Pattern(Text),
    /// By one pattern, by another that leaves the date out where it is today's.
    UnlessToday { full: &'static str, today: &'static str },
    /// As the time that has passed.
    FromNow,
}

/// On which side of a number its currency stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Before,
    Behind,
}

impl Default for Unit {
    fn default() -> Self {
        Self(Kind::Suffix(Cow::Borrowed("")))
    }
}

/// The furthest from 1970 that a date of JavaScript can be, in milliseconds.
const LAST_INSTANT_MILLIS: f64 = 8.64e15;

impl Unit {
    /// The unit Grafana knows by `id`, one of its custom forms (`suffix:…`, `si:…`, …), or `id` as a plain suffix.
    #[must_use]
    pub fn new(id: &str) -> Self {
        if let Some(kind) = registered(id) {
            return Self(kind);
        }
        let custom = id.split_once(':').filter(|(key, _)| !key.is_empty());
        Self(custom.and_then(|(key, rest)| custom_unit(key, rest)).unwrap_or_else(|| spaced_suffix(id)))
    }

    /// `value` in this unit, with `decimals` places or as many as it needs.
    #[must_use]
    pub fn format(&self, value: f64, decimals: Option<u8>) -> Formatted {
        match &self.0 {
            Kind::Suffix(suffix) => Formatted::with_suffix(number::fixed(value, decimals), &**suffix),
            Kind::Prefix(prefix) => {
                Formatted { prefix: prefix.to_string(), ..Formatted::plain(number::fixed(value, decimals)) }
            }
            Kind::PercentUnit => Formatted::with_suffix(number::fixed(value * 100.0, decimals), "%"),
            Kind::Si(symbol, offset) => {
                scaled(value, decimals, &Scale { base: 5 + i32::from(*offset), ..SI_SCALE }, symbol)
            }
            Kind::Binary(symbol, offset) => {
                scaled(value, decimals, &Scale { base: i32::from(*offset), ..BINARY_SCALE }, symbol)
            }
            Kind::Count(symbol) => scaled(value, decimals, &COUNT_SCALE, symbol),
            Kind::Short => scaled(value, decimals, &SHORT_SCALE, ""),
            Kind::Psi => scaled(value, decimals, &PSI_SCALE, ""),
            Kind::Currency(symbol, side) => currency(value, decimals, symbol, *side),
            Kind::Financial(symbol, side) => {
                let amount = number::grouped(value, decimals.unwrap_or(0), decimals.unwrap_or(1));
                placed(Formatted::plain(amount), symbol, *side)
            }
            Kind::Span(unit) => span::scaled(value, decimals, *unit),
            Kind::TimeTicks => span::scaled(value / 100.0, decimals, SpanUnit::Second),
            Kind::Words(unit) => span::words(value, decimals.unwrap_or(0), *unit),
            Kind::Clock(millis) => Formatted::plain(span::clock(value * millis, decimals)),
            Kind::HoursMinutesSeconds { days } => span::hours_minutes_seconds(value, *days),
            Kind::Bool(yes, no) => Formatted::plain(if value == 0.0 || value.is_nan() { &**no } else { &**yes }),
            Kind::Locale => Formatted::plain(number::grouped(value, 0, decimals.unwrap_or(3))),
            Kind::Scientific => Formatted::plain(number::scientific(value, decimals)),
            Kind::Hex(prefix) => Formatted::plain(hex(value, decimals, prefix)),
            Kind::Verbatim | Kind::Date(_) => Formatted::plain(number::shortest(value)),
        }
    }

    /// `value` as one of several beside each other, such as the ticks of an axis: with `decimals` places at most, and no
    /// zeros at the end. Money and grouped numbers take as many as they need.
    #[must_use]
    pub fn format_beside(&self, value: f64, decimals: u8) -> Formatted {
        if matches!(self.0, Kind::Currency(..) | Kind::Financial(..) | Kind::Locale) {
            return self.format(value, None);
        }
        let mut shown = self.format(value, Some(decimals));
        if shown.text.contains('.')
            && shown.text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
        {
            let kept = shown.text.trim_end_matches('0').trim_end_matches('.').len();
            shown.text.truncate(kept);
        }
        shown
    }

    /// Whether values are instants, in milliseconds since the epoch, which [`Unit::format_instant`] shows.
    #[must_use]
    pub fn is_instant(&self) -> bool {
        matches!(self.0, Kind::Date(_))
    }

    /// An instant as this unit writes it on the clock of `zone`, or none if values of this unit are no instants.
    #[must_use]
    pub fn format_instant(&self, value: f64, now: Millis, zone: &Zone, zones: &dyn Zones) -> Option<Formatted> {
        let Kind::Date(dating) = &self.0 else { return None };
        if value.is_nan() || value.abs() > LAST_INSTANT_MILLIS {
            return Some(Formatted::plain("Invalid date"));
        }
        let at = Millis(value as i64);
        Some(Formatted::plain(match dating {
            Dating::Pattern(text) if text.is_empty() && *zone == Zone::Utc => date::pattern(at, ISO_UTC, zone, zones),
            Dating::Pattern(text) if text.is_empty() => date::pattern(at, date::ISO, zone, zones),
            Dating::Pattern(text) => date::pattern(at, text, zone, zones),
            Dating::UnlessToday { full, today } => {
                let day = |at: Millis| Civil {
                    hour: 0,
                    minute: 0,
                    second: 0,
                    milli: 0,
                    // Today is that of the one who looks, as in Grafana.
                    ..Civil::from_instant(at, &Zone::Browser, zones)
                };
                date::pattern(at, if day(at) == day(now) { today } else { full }, zone, zones)
            }
            Dating::FromNow => date::from_now(at, now),
        }))
    }

    /// Whether values are yes or no rather than amounts.
    #[must_use]
    pub fn is_bool(&self) -> bool {
        matches!(self.0, Kind::Bool(..))
    }
}

fn spaced_suffix(unit: &str) -> Kind {
    Kind::Suffix(if unit.is_empty() { Cow::Borrowed("") } else { Cow::Owned(format!(" {unit}")) })
}

/// The forms with a colon: a key Grafana knows, then what it applies to.
fn custom_unit(key: &str, rest: &str) -> Option<Kind> {
    let text = Cow::Owned(rest.to_owned());
    Some(match key {
        "prefix" => Kind::Prefix(text),
        "suffix" => spaced_suffix(rest),
        "time" => Kind::Date(Dating::Pattern(text)),
        "si" => si_unit(rest),
        "count" => Kind::Count(Cow::Owned(format!(" {rest}"))),
        "currency" => currency_unit(rest),
        "bool" => {
            let (yes, no) = rest.split_once('/').unwrap_or((rest, "-"));
            Kind::Bool(Cow::Owned(yes.to_owned()), Cow::Owned(no.to_owned()))
        }
        _ => return None,
    })
}

/// `si:MHz` is hertz counted in millions. The first letter is taken as a prefix whenever it is one.
fn si_unit(text: &str) -> Kind {
    let first = text.chars().next().unwrap_or(' ');
    let first = if first == 'μ' { 'µ' } else { first };
    let offset = SI.iter().position(|prefix| prefix.chars().eq([first])).map_or(0, |at| at as i8 - 5);
    let symbol = if offset == 0 { text } else { text.get(first.len_utf8()..).unwrap_or_default() };
    Kind::Si(Cow::Owned(symbol.to_owned()), offset)
}

/// `currency:€`, or `currency:financial:€:suffix` for the full amount.
fn currency_unit(text: &str) -> Kind {
    let mut parts = text.split(':');
    if let (Some("financial"), Some(symbol)) = (parts.next(), parts.next()) {
        let side = if parts.next() == Some("suffix") { Side::Behind } else { Side::Before };
        return match symbol {
            "" => spaced_suffix(""),
            _ => Kind::Financial(Cow::Owned(symbol.to_owned()), side),
        };
    }
    Kind::Currency(Cow::Owned(text.to_owned()), Side::Before)
}

/// Steps by which a number shrinks, and the prefix of each.
struct Scale {
    factor: f64,
    prefixes: &'static [&'static str],
    /// The index of the prefix that stands for a factor of one.
    base: i32,
    /// What stands between number and prefix.
    space: &'static str,
}

const SI: &[&str] = &["f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y"];
const SI_SCALE: Scale = Scale { factor: 1000.0, prefixes: SI, base: 5, space: " " };
const BINARY_SCALE: Scale =
    Scale { factor: 1024.0, prefixes: &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"], base: 0, space: " " };
const COUNT_SCALE: Scale = Scale { factor: 1000.0, prefixes: &["", "K", "M", "B", "T"], base: 0, space: "" };
const SHORT_SCALE: Scale = Scale {
    factor: 1000.0,
    prefixes: &["", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept"],
    base: 0,
    space: "",
};
const PSI_SCALE: Scale = Scale { factor: 1000.0, prefixes: &["psi", "ksi", "Mpsi"], base: 0, space: "" };

/// `value` divided by the power of the factor that leaves at least one digit before the point.
fn scaled(value: f64, decimals: Option<u8>, scale: &Scale, symbol: &str) -> Formatted {
    if let Some(text) = number::not_finite(value) {
        return Formatted::plain(text);
    }
    let last = scale.prefixes.len() as i32 - 1;
    let power = if value == 0.0 { 0.0 } else { (value.abs().log10() / scale.factor.log10()).floor() } as i32;
    let power = power.clamp(-scale.base, last - scale.base);
    let prefix = scale.prefixes.get((scale.base + power) as usize).copied().unwrap_or_default();
    let text = number::fixed(value / scale.factor.powi(power), decimals);
    Formatted::with_suffix(text, format!("{}{prefix}{symbol}", scale.space))
}

fn currency(value: f64, decimals: Option<u8>, symbol: &str, side: Side) -> Formatted {
    let mut amount = scaled(value.abs(), decimals, &COUNT_SCALE, "");
    if value.is_finite() || side == Side::Before {
        amount = placed(amount, symbol, side);
    }
    if value < 0.0 {
        amount.prefix.insert(0, '-');
    }
    amount
}

fn placed(mut amount: Formatted, symbol: &str, side: Side) -> Formatted {
    match side {
        Side::Before => amount.prefix.push_str(symbol),
        Side::Behind => amount.suffix.push_str(symbol),
    }
    amount
}

fn hex(value: f64, decimals: Option<u8>, prefix: &str) -> String {
    let rounded = frame::decimal::parse(number::fixed(value, decimals)).unwrap_or(f64::NAN);
    let digits = number::hexadecimal(rounded);
    match digits.strip_prefix('-') {
        Some(digits) => format!("-{prefix}{digits}"),
        None => format!("{prefix}{digits}"),
    }
}
