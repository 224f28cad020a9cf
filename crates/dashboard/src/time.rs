//! Time expressions as Grafana writes them: `now-6h`, `now/d`, `2026-11-20 14:00`, epoch milliseconds.

use borsh::{BorshDeserialize, BorshSerialize};
use format::date::{Civil, DAY, HOUR, MINUTE, SECOND};
use frame::{Millis, TimeRange, Zone, Zones, split_once};

/// How a zone's days are grouped: what `now/w`, `now/fQ` and `now/fy` round to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Calendar {
    /// The first day of the week, 0 is Sunday.
    pub week_start: u8,
    /// The first month of the fiscal year, 0 is January.
    pub fiscal_year_start: u8,
}

impl Default for Calendar {
    /// Weeks start on Sunday and fiscal years in January, as in Grafana unless set.
    fn default() -> Self {
        Self { week_start: 0, fiscal_year_start: 0 }
    }
}

/// The instant that `text` means at the time `now` in `zone`; with `round_up`, `/d` is the end of the day, not its start.
///
/// None for what is not a time: nothing is guessed.
///
/// ```
/// # use frame::{Millis, Zone, Zones};
/// # struct Utc;
/// # impl Zones for Utc { fn offset_millis(&self, _: &Zone, _: Millis) -> i64 { 0 } }
/// let now = Millis(1_749_994_662_123);
/// assert_eq!(dashboard::time::parse_instant("now-1h", now, &Zone::Utc, &Utc, false), Some(Millis(1_749_991_062_123)));
/// assert_eq!(dashboard::time::parse_instant("yesterday", now, &Zone::Utc, &Utc, false), None);
/// ```
#[must_use]
pub fn parse_instant(text: &str, now: Millis, zone: &Zone, zones: &dyn Zones, round_up: bool) -> Option<Millis> {
    parse_instant_in(text, now, Place { zone, zones, calendar: Calendar::default() }, round_up)
}

/// Where and by which calendar dates are reckoned.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The zone whose wall clock counts.
    pub zone: &'a Zone,
    /// Where its offsets come from.
    pub zones: &'a dyn Zones,
    /// Its weeks and fiscal years.
    pub calendar: Calendar,
}

/// As [`parse_instant`], with the dashboard's own weeks and fiscal years.
#[must_use]
pub fn parse_instant_in(text: &str, now: Millis, place: Place<'_>, round_up: bool) -> Option<Millis> {
    if let Some(math) = text.strip_prefix("now") {
        return apply_math(math, now, place, round_up);
    }
    match split_once(text, "||") {
        Some((date, math)) => apply_math(math, parse_absolute(date, place)?, place, round_up),
        None => parse_absolute(text, place),
    }
}

/// A date, or epoch milliseconds.
fn parse_absolute(text: &str, place: Place<'_>) -> Option<Millis> {
    let text = text.trim();
    // Eight digits are a date, as are fewer: nobody means the first day of 1970.
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_epoch = digits.len() > 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_epoch {
        return text.parse().ok().map(Millis);
    }
    let (civil, offset) = parse_iso(text)?;
    Some(match offset {
        Some(offset) => civil.to_utc().plus(-offset),
        None => civil.to_instant(place.zone, place.zones),
    })
}

/// A date with an optional time and zone offset, in the forms of ISO 8601 that Grafana's parser takes.
fn parse_iso(text: &str) -> Option<(Civil, Option<i64>)> {
    let split = text.find(['T', ' ']).unwrap_or(text.len());
    let (date, time) = text.split_at(split);
    let mut civil = parse_date(date)?;
    let Some(time) = time.get(1..) else {
        return Some((civil, None));
    };
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone_at);
    let offset = match zone {
        "" => None,
        "Z" => Some(0),
        _ => Some(parse_offset(zone)?),
    };
    let next_day = parse_clock(clock, &mut civil)?;
    Some((if next_day { civil.plus_days(1) } else { civil }, offset))
}

/// `2026-11-20`, `20261120`, `2026-11`, `2026`, `2026-324` (day of the year) or `2026-W47` (week of the year).
fn parse_date(text: &str) -> Option<Civil> {
    let year = i64::from(digits(text, 0..4)?);
    let rest = text.get(4..)?;
    let (month, day) = match (rest.len(), rest.starts_with('-')) {
        (0, _) => (1, 1),
        (3, true) => (digits(rest, 1..3)?, 1),
        (4, true) if rest.starts_with("-W") => return week_of_year(year, digits(rest, 2..4)?),
        (4, true) => return day_of_year(year, digits(rest, 1..4)?),
        (4, false) => (digits(rest, 0..2)?, digits(rest, 2..4)?),
        (6, true) if rest.get(3..4) == Some("-") => (digits(rest, 1..3)?, digits(rest, 4..6)?),
        _ => return None,
    };
    let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
    let exists = (1..=12).contains(&month) && (1..=format::date::days_in_month(year, month)).contains(&day);
    exists.then(|| Civil::midnight(year, month, day))
}

fn day_of_year(year: i64, day: u32) -> Option<Civil> {
    let date = Civil::midnight(year, 1, 1).plus_days(i64::from(day) - 1);
    (date.year == year && day > 0).then_some(date)
}

/// The Monday of an ISO week: the first one has January 4th in it.
fn week_of_year(year: i64, week: u32) -> Option<Civil> {
    let fourth = Civil::midnight(year, 1, 4);
    let monday = fourth.plus_days(-((i64::from(fourth.weekday()) + 6) % 7));
    (1..=53).contains(&week).then(|| monday.plus_days(7 * (i64::from(week) - 1)))
}

/// `14`, `14:00`, `14:00:05`, `14:00:05.123` or the same without colons; true for 24:00, which is the next day's 00:00.
pub(crate) fn parse_clock(text: &str, civil: &mut Civil) -> Option<bool> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let compact = clock.replace(':', "");
    // A colon between every two digits, or none at all.
    let colons = clock.len() - compact.len();
    if !matches!(compact.len(), 2 | 4 | 6) || (colons != 0 && colons + 1 != compact.len() / 2) {
        return None;
    }
    let part = |from: usize| if from < compact.len() { digits(&compact, from..from + 2) } else { Some(0) };
    let (hour, minute, second) = (part(0)?, part(2)?, part(4)?);
    let is_end_of_day = (hour, minute, second) == (24, 0, 0);
    if (hour > 23 && !is_end_of_day) || minute > 59 || second > 59 {
        return None;
    }
    (civil.hour, civil.minute, civil.second) = ((hour % 24) as u8, minute as u8, second as u8);
    if !fraction.is_empty() {
        let millis = format!("{fraction:0<3}");
        civil.milli = digits(&millis, 0..3)? as u16;
        fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    }
    Some(is_end_of_day)
}

/// `+02:00`, `-0530`, `+02` in milliseconds.
fn parse_offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits_only = text.get(1..)?.replace(':', "");
    let minutes = if digits_only.len() > 2 { digits(&digits_only, 2..4)? } else { 0 };
    (digits_only.len() <= 4).then_some(())?;
    Some(sign * (i64::from(digits(&digits_only, 0..2)?) * HOUR + i64::from(minutes) * MINUTE))
}

/// The number in a range of `text` that holds nothing but digits.
fn digits(text: &str, range: std::ops::Range<usize>) -> Option<u32> {
    let part = text.get(range)?;
    if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
}

/// A unit of date arithmetic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    fn parse(letter: char) -> Option<Self> {
        Some(match letter {
            's' => Self::Second,
            'm' => Self::Minute,
            'h' => Self::Hour,
            'd' => Self::Day,
            'w' => Self::Week,
            'M' => Self::Month,
            'Q' => Self::Quarter,
            'y' => Self::Year,
            _ => return None,
        })
    }
}

/// Applies `-6h`, `+1d`, `/w` and the like, one after the other.
pub(crate) fn apply_math(math: &str, from: Millis, place: Place<'_>, round_up: bool) -> Option<Millis> {
    const LONGEST_NUMBER: usize = 5;
    let mut at = from;
    let mut letters = math.chars().filter(|c| !c.is_whitespace()).peekable();
    while let Some(operator) = letters.next() {
        let mut number = String::new();
        while let Some(digit) = letters.next_if(char::is_ascii_digit) {
            number.push(digit);
        }
        let count: i64 = match number.len() {
            0 => 1,
            1..=LONGEST_NUMBER => number.parse().ok()?,
            _ => return None,
        };
        let fiscal = letters.next_if_eq(&'f').is_some();
        let unit = Unit::parse(letters.next()?)?;
        at = match operator {
            '+' => place.plus(at, count, unit),
            '-' => place.plus(at, -count, unit),
            // Only quarters and years can be fiscal; other units are then left alone.
            '/' if count == 1 && fiscal && !matches!(unit, Unit::Quarter | Unit::Year) => at,
            '/' if count == 1 => place.round(at, unit, fiscal, round_up),
            _ => return None,
        };
    }
    Some(at)
}

impl Place<'_> {
    /// Whole days and more are added on the calendar, so that 09:00 stays 09:00 when clocks change.
    fn plus(self, at: Millis, count: i64, unit: Unit) -> Millis {
        let on_calendar = |shift: &dyn Fn(Civil) -> Civil| {
            if count == 0 { at } else { self.instant(shift(self.civil(at))) }
        };
        match unit {
            Unit::Second => at.plus(count * SECOND),
            Unit::Minute => at.plus(count * MINUTE),
            Unit::Hour => at.plus(count * HOUR),
            Unit::Day => on_calendar(&|civil| civil.plus_days(count)),
            Unit::Week => on_calendar(&|civil| civil.plus_days(7 * count)),
            Unit::Month => on_calendar(&|civil| civil.plus_months(count)),
            Unit::Quarter => on_calendar(&|civil| civil.plus_months(3 * count)),
            Unit::Year => on_calendar(&|civil| civil.plus_months(12 * count)),
        }
    }

    /// The start of the unit that `at` is in, or its last millisecond.
    fn round(self, at: Millis, unit: Unit, fiscal: bool, up: bool) -> Millis {
        let civil = self.civil(at);
        let start = self.start_of(civil, unit, fiscal);
        if !up {
            return match unit {
                Unit::Second | Unit::Minute | Unit::Hour => self.near(at, civil, start.to_utc()),
                _ => self.instant(start),
            };
        }
        match unit {
            Unit::Second => self.near(at, civil, start.to_utc().plus(SECOND - 1)),
            Unit::Minute => self.near(at, civil, start.to_utc().plus(MINUTE - 1)),
            Unit::Hour => self.near(at, civil, start.to_utc().plus(HOUR - 1)),
            Unit::Day => self.instant(start.plus_days(1)).plus(-1),
            Unit::Week => self.instant(start.plus_days(7)).plus(-1),
            Unit::Month => self.instant(start.plus_months(1)).plus(-1),
            Unit::Quarter => self.instant(start.plus_months(3)).plus(-1),
            Unit::Year => self.instant(start.plus_months(12)).plus(-1),
        }
    }

    /// When the clock, which shows `civil` at `at`, shows `wall` within the same hour. Of an hour that comes twice that is the
    /// one that `at` is in, so elapsed time tells when; the clock may have been set by half an hour since.
    fn near(self, at: Millis, civil: Civil, wall: Millis) -> Millis {
        let elapsed = at.plus(wall.since(civil.to_utc()));
        elapsed.plus(wall.since(self.civil(elapsed).to_utc()))
    }

    fn start_of(self, civil: Civil, unit: Unit, fiscal: bool) -> Civil {
        let Civil { year, month, day, hour, minute, .. } = civil;
        let first_month = if fiscal { i64::from(self.calendar.fiscal_year_start) } else { 0 };
        let back_to_multiple = |months: i64| {
            let since_start = (i64::from(month) - 1 - first_month).rem_euclid(months);
            Civil::midnight(year, month, 1).plus_months(-since_start)
        };
        let midnight = Civil::midnight(year, month, day);
        match unit {
            Unit::Second => Civil { milli: 0, ..civil },
            Unit::Minute => Civil { hour, minute, ..midnight },
            Unit::Hour => Civil { hour, ..midnight },
            Unit::Day => midnight,
            Unit::Week => {
                let since_start = (7 + i64::from(civil.weekday()) - i64::from(self.calendar.week_start)) % 7;
                midnight.plus_days(-since_start)
            }
            Unit::Month => Civil::midnight(year, month, 1),
            Unit::Quarter => back_to_multiple(3),
            Unit::Year => back_to_multiple(12),
        }
    }

    fn civil(self, at: Millis) -> Civil {
        Civil::from_instant(at, self.zone, self.zones)
    }

    fn instant(self, civil: Civil) -> Millis {
        civil.to_instant(self.zone, self.zones)
    }
}

/// A time range as the user and the URL write it, resolved only when it is used.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RawRange {
    /// Where it starts, such as `now-6h`.
    pub from: String,
    /// Where it ends, such as `now`.
    pub to: String,
}

impl Default for RawRange {
    fn default() -> Self {
        Self::new("now-6h", "now")
    }
}

impl RawRange {
    /// The range between two time expressions.
    #[must_use]
    pub fn new(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { from: from.into(), to: to.into() }
    }

    /// The instants it means at the time `now`. None where either end is no time, or the end lies before the start.
    #[must_use]
    pub fn resolve(&self, now: Millis, zone: &Zone, zones: &dyn Zones) -> Option<TimeRange> {
        self.resolve_in(now, Place { zone, zones, calendar: Calendar::default() })
    }

    /// As [`RawRange::resolve`], with the dashboard's own weeks and fiscal years.
    #[must_use]
    pub fn resolve_in(&self, now: Millis, place: Place<'_>) -> Option<TimeRange> {
        let start = parse_instant_in(&self.from, now, place, false)?;
        let end = parse_instant_in(&self.to, now, place, true)?;
        (start <= end).then_some(TimeRange { start, end })
    }

    /// Whether it moves on with the clock.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        self.from.starts_with("now") || self.to.starts_with("now")
    }

    /// The range in words at the time `now`: "Last 6 hours", "Today so far", or its two ends, instants as `written`.
    #[must_use]
    pub fn words(&self, now: Millis, place: Place<'_>, written: impl Fn(Millis) -> String) -> String {
        crate::time_text::words(self, now, place, written)
    }

    /// A range that moves with the clock in words: "Last 6 hours", "Today so far", or its two ends as they are written.
    #[must_use]
    pub fn describe(&self) -> String {
        crate::time_text::describe(self)
    }
}

/// A length of time such as `5m`, `1h30m` or `500ms`, in milliseconds. `M` is 30 days and `y` 365.
#[must_use]
pub fn parse_duration(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut total = 0i64;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at(number_end);
        let unit_end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(unit_end);
        let millis = frame::decimal::parse(number)? * unit_millis(unit)? as f64;
        // `as` saturates, which is what an absurdly long duration should do.
        total = total.saturating_add(millis as i64);
        rest = tail.trim_start();
    }
    Some(total)
}

/// The milliseconds of a unit of [`parse_duration`].
pub(crate) fn unit_millis(unit: &str) -> Option<i64> {
    Some(match unit {
        "ms" => 1,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        "M" => 30 * DAY,
        "y" => 365 * DAY,
        _ => return None,
    })
}

/// The instant of a date, read on UTC where it names no offset.
pub(crate) fn date_on_utc(text: &str) -> Option<Millis> {
    let (civil, offset) = parse_iso(text)?;
    Some(civil.to_utc().plus(-offset.unwrap_or(0)))
}

/// An end of a time range as a URL holds it, for [`RawRange`]: a date without an offset is on UTC there, whatever the zone of
/// the page. Anything else stays as it is.
///
/// ```
/// assert_eq!(dashboard::time::range_end_of_url("20261120T140000"), "1795183200000");
/// assert_eq!(dashboard::time::range_end_of_url("now-1h"), "now-1h");
/// ```
#[must_use]
pub fn range_end_of_url(text: &str) -> String {
    // As many digits as epoch milliseconds need to be known as such.
    date_of_url(text).map_or_else(|| text.to_owned(), |at| format!("{:010}", at.0))
}

fn date_of_url(text: &str) -> Option<Millis> {
    date_on_utc(text).filter(|_| text.len() >= 8)
}

/// A time as a URL's `from` and `to` hold it, as Grafana takes it: expressions on `now` as they are, dates and epoch
/// milliseconds as a date on UTC. None for what is no time.
#[must_use]
pub fn url_time(text: &str) -> Option<String> {
    if text.contains("now") || parse_duration(text).is_some() {
        return Some(text.to_owned());
    }
    let text = text.trim();
    let at = match date_of_url(text) {
        Some(at) => at,
        None => {
            let sign = usize::from(text.starts_with('-'));
            let digits = text.bytes().skip(sign).take_while(u8::is_ascii_digit).count();
            Millis(text.get(..sign + digits)?.parse().ok()?)
        }
    };
    let Civil { year, month, day, hour, minute, second, milli } = Civil::from_utc(at);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"))
}
