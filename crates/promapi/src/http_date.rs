//! The `Date` header.

use frame::{Date, Millis};
use std::ops::Range;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// An instant as HTTP headers write it (RFC 9110, `IMF-fixdate`, the one form that may be sent). None for other texts.
///
/// ```
/// assert_eq!(promapi::parse_http_date("Thu, 01 Jan 1970 00:01:00 GMT"), Some(frame::Millis(60_000)));
/// ```
#[must_use]
pub fn parse_http_date(text: &str) -> Option<Millis> {
    let text = text.trim();
    let number = |range: Range<usize>| {
        let digits = text.get(range).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse::<i64>().ok()
    };
    let (day, year) = (number(5..7)?, number(12..16)?);
    let month = MONTHS.iter().position(|month| text.get(8..11) == Some(month))?;
    let (hour, minute, second) = (number(17..19)?, number(20..22)?, number(23..25)?);
    // What is between them, the name of the day aside.
    let between = [3..5, 7..8, 11..12, 16..17, 19..20, 22..23, 25..text.len()].map(|range| text.get(range));
    let is_whole = between == [", ", " ", " ", " ", ":", ":", " GMT"].map(Some);
    if !is_whole || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (Date::days_to_month(year, month as i64) + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Millis(seconds * 1_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_and_other_texts_are_not() {
        for (text, expected) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777_000)),
            (" Thu, 29 Feb 2024 23:59:59 GMT ", Some(1_709_251_199_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun Nov  6 08:49:37 1994", None),
            ("Sun, 06 Nov 1994 08:49:37 CET", None),
            ("Sun, 6 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 24:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 GMT x", None),
            ("Sun, 00 Nov 1994 08:49:37 GMT", None),
            ("Sun, +6 Nov 1994 08:49:37 GMT", None),
            ("", None),
        ] {
            assert_eq!(parse_http_date(text), expected.map(Millis), "{text}");
        }
    }
}
