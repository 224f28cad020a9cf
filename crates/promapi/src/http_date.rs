//! The `Date` header.

use frame::{Date, Millis};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// An instant as HTTP headers write it (RFC 9110, `IMF-fixdate`, the one form that may be sent). None for other texts.
///
/// ```
/// assert_eq!(promapi::parse_http_date("Thu, 01 Jan 1970 00:01:00 GMT"), Some(frame::Millis(60_000)));
/// ```
#[must_use]
pub fn parse_http_date(text: &str) -> Option<Millis> {
    let mut words = text.trim().split(' ');
    let number = |digits: usize, word: Option<&str>| {
        let word = word.filter(|word| word.len() == digits && word.bytes().all(|byte| byte.is_ascii_digit()))?;
        word.parse::<i64>().ok()
    };
    let _weekday = words.next().filter(|word| word.ends_with(','))?;
    let day = number(2, words.next())?;
    let month = words.next().and_then(|word| MONTHS.iter().position(|month| *month == word))? as i64;
    let year = number(4, words.next())?;
    let mut time = words.next()?.split(':');
    let (hour, minute, second) = (number(2, time.next())?, number(2, time.next())?, number(2, time.next())?);
    let is_whole = words.next() == Some("GMT") && words.next().is_none() && time.next().is_none();
    if !is_whole || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (Date::days_to_month(year, month) + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second;
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
