//! How the API spells what is not JSON's own: label maps, instants, numbers in strings, nulls for absent things.
//!
//! Each function is for `#[serde(deserialize_with = "…")]`.

use frame::{Date, Labels, Millis};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Null counts as the default, as Go writes nil slices and maps.
pub(crate) fn null_as_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// Label sets and annotations: `{"name": "value", …}`, or null.
pub(crate) fn labels<'de, D: Deserializer<'de>>(from: D) -> Result<Labels, D::Error> {
    let map: BTreeMap<String, String> = null_as_default(from)?;
    Ok(map.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect())
}

/// An instant as RFC 3339; Go's zero time, null and what cannot be read are none.
pub(crate) fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Millis>, D::Error> {
    let text: Option<String> = Option::deserialize(from)?;
    Ok(text.as_deref().and_then(parse_rfc3339))
}

/// A sample's value: a string in Prometheus' spelling, or a number as others write it. What cannot be read is NaN: an alert
/// is to be shown even when its value makes no sense.
pub(crate) fn value<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Value {
        Number(f64),
        Text(String),
        Other(IgnoredAny),
    }
    Ok(match Value::deserialize(from)? {
        Value::Number(value) => value,
        Value::Text(text) => frame::decimal::parse_sample(text.as_bytes()).unwrap_or(f64::NAN),
        Value::Other(_) => f64::NAN,
    })
}

/// An instant in RFC 3339 as Go writes it: `2026-11-20T14:00:00.123456789+01:00`. None for other texts, and for Go's
/// zero time (`0001-01-01T00:00:00Z`), which means "never".
///
/// ```
/// assert_eq!(promapi::parse_rfc3339("1970-01-01T01:00:00.25+01:00"), Some(frame::Millis(250)));
/// assert_eq!(promapi::parse_rfc3339("0001-01-01T00:00:00Z"), None);
/// ```
#[must_use]
pub fn parse_rfc3339(text: &str) -> Option<Millis> {
    let (date_time, zone) = text.as_bytes().split_at_checked(19)?;
    let shape_fits = date_time.iter().zip(b"0000-00-00T00:00:00").all(|(byte, shape)| match shape {
        b'0' => byte.is_ascii_digit(),
        _ => byte == shape,
    });
    if !shape_fits {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 || year < 2 {
        return None;
    }

    let digits = zone.strip_prefix(b".").map_or(0, |rest| rest.iter().take_while(|byte| byte.is_ascii_digit()).count());
    let millis = (0..3).fold(0, |millis, index| {
        let digit = if index < digits { zone.get(index + 1).map_or(0, |byte| i64::from(byte - b'0')) } else { 0 };
        millis * 10 + digit
    });
    let offset = zone.get(if digits > 0 { digits + 1 } else { 0 }..)?;

    let seconds = (Date::days_to_month(year, month - 1) + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Millis((seconds - offset_secs(offset)?) * 1_000 + millis))
}

/// `Z`, `+01:00`, `-03:30` in seconds.
fn offset_secs(text: &[u8]) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    match *text {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let secs = (digit(h1)? * 10 + digit(h2)?) * 3_600 + (digit(m1)? * 10 + digit(m2)?) * 60;
            Some(if sign == b'-' { -secs } else { secs })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc3339_is_read_to_the_millisecond() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-11-20T14:00:00+01:00", Some(1_795_179_600_000)),
            ("2026-11-20T09:30:00.5-03:30", Some(1_795_179_600_500)),
            ("2024-02-29T23:59:59.123456789Z", Some(1_709_251_199_123)),
            ("2000-03-01T00:00:00z", Some(951_868_800_000)),
            ("1969-12-31T23:59:59.999Z", Some(-1)),
            ("0001-01-01T00:00:00Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-11-20 14:00:00Z", None),
            ("2026-11-20T14:00:00", None),
            ("2026-11-20T14:00:00.Z", None),
            ("2026-11-20T14:00:00+1:00", None),
            ("2026-11-20T14:00:0ü", None),
            ("", None),
        ] {
            assert_eq!(parse_rfc3339(text), expected.map(Millis), "{text}");
        }
    }
}
