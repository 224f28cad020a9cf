//! Time ranges in words.

use crate::time::{Place, RawRange, parse_instant_in};
use format::date::from_now;
use frame::Millis;

/// The ranges that have names of their own.
const NAMED: [(&str, &str, &str); 26] = [
    ("now/d", "now/d", "Today"),
    ("now/d", "now", "Today so far"),
    ("now/w", "now/w", "This week"),
    ("now/w", "now", "This week so far"),
    ("now/M", "now/M", "This month"),
    ("now/M", "now", "This month so far"),
    ("now/y", "now/y", "This year"),
    ("now/y", "now", "This year so far"),
    ("now-1d/d", "now-1d/d", "Yesterday"),
    ("now-2d/d", "now-2d/d", "Day before yesterday"),
    ("now-7d/d", "now-7d/d", "This day last week"),
    ("now-1w/w", "now-1w/w", "Previous week"),
    ("now-1M/M", "now-1M/M", "Previous month"),
    ("now-1Q/fQ", "now-1Q/fQ", "Previous fiscal quarter"),
    ("now-1y/y", "now-1y/y", "Previous year"),
    ("now-1y/fy", "now-1y/fy", "Previous fiscal year"),
    ("now/fQ", "now", "This fiscal quarter so far"),
    ("now/fQ", "now/fQ", "This fiscal quarter"),
    ("now/fy", "now", "This fiscal year so far"),
    ("now/fy", "now/fy", "This fiscal year"),
    ("now", "now+1m", "Next minute"),
    ("now", "now+5m", "Next 5 minutes"),
    ("now", "now+15m", "Next 15 minutes"),
    ("now", "now+30m", "Next 30 minutes"),
    ("now", "now+1h", "Next hour"),
    ("now", "now+3h", "Next 3 hours"),
];

/// The range in words, or its two ends.
pub(crate) fn describe(range: &RawRange) -> String {
    let (from, to) = (range.from.as_str(), range.to.as_str());
    if let Some((_, _, name)) = NAMED.iter().find(|(f, t, _)| (*f, *t) == (from, to)) {
        return (*name).into();
    }
    let last = (to == "now").then(|| from.strip_prefix("now-")).flatten().and_then(|span| span_text(span, "Last"));
    let next = (from == "now").then(|| to.strip_prefix("now+")).flatten().and_then(|span| span_text(span, "Next"));
    last.or(next).unwrap_or_else(|| format!("{from} to {to}"))
}

/// As [`describe`], where an end is an instant with both as times: an instant by `written`, `now-1h` as "an hour ago".
pub(crate) fn words(range: &RawRange, now: Millis, place: Place<'_>, written: impl Fn(Millis) -> String) -> String {
    let is_relative = |text: &str| text.starts_with("now");
    if is_relative(&range.from) && is_relative(&range.to) {
        return describe(range);
    }
    let end = |text: &str, round_up: bool| match parse_instant_in(text, now, place, round_up) {
        Some(at) if is_relative(text) => from_now(at, now),
        Some(at) => written(at),
        None => text.to_owned(),
    };
    format!("{} to {}", end(&range.from, false), end(&range.to, true))
}

/// "Last 6 hours" from `6h`; a rounding behind it goes unmentioned.
fn span_text(span: &str, which: &str) -> Option<String> {
    let split = span.find(|c: char| !c.is_ascii_digit())?;
    let (number, rest) = span.split_at(split);
    let number: u64 = number.parse().ok()?;
    let unit = match rest.split('/').next()? {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "M" => "month",
        "Q" => "quarter",
        "y" => "year",
        "fQ" => "fiscal quarter",
        "fy" => "fiscal year",
        _ => return None,
    };
    Some(format!("{which} {number} {unit}{}", if number == 1 { "" } else { "s" }))
}
