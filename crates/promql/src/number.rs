//! Numbers and durations as Prometheus reads them.

/// The number written as `text`: decimal, hexadecimal, octal with a leading zero, `Inf` or `NaN`.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    if text.eq_ignore_ascii_case("inf") {
        return Some(f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if !underscores_separate_digits(text) {
        return None;
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    // As in Go, whose integers come first: a leading zero makes octal digits of what can be one.
    let (digits, radix) = match plain.strip_prefix("0x").or_else(|| plain.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if plain.len() > 1 && plain.starts_with('0') => (plain.as_str(), 8),
        None => (plain.as_str(), 10),
    };
    match i64::from_str_radix(digits, radix) {
        Ok(whole) => Some(whole as f64),
        Err(_) if radix == 16 => None,
        Err(_) => plain.parse().ok().filter(|value: &f64| value.is_finite()),
    }
}

/// Between two digits, or between the base's prefix and a digit.
fn underscores_separate_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let radix = if matches!(bytes, [b'0', b'x' | b'X', ..]) { 16 } else { 10 };
    let is_digit = |byte: Option<&u8>| byte.is_some_and(|byte| char::from(*byte).is_digit(radix));
    bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_').all(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after_prefix = at == 2 && matches!(before, Some(b'x' | b'X'));
        (is_digit(before) || after_prefix) && is_digit(bytes.get(at + 1))
    })
}

const UNITS: [(&str, u64); 7] = [
    ("y", 365 * 24 * 3_600_000),
    ("w", 7 * 24 * 3_600_000),
    ("d", 24 * 3_600_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// Prometheus holds durations in nanoseconds in 64 bits.
const LONGEST_MILLIS: u64 = (i64::MAX / 1_000_000) as u64;

/// The milliseconds in `1h30m`: each unit at most once, larger ones first.
pub(crate) fn parse_duration(text: &str) -> Option<i64> {
    let (mut rest, mut total, mut allowed) = (text, 0_u64, &UNITS[..]);
    if text.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: u64 = rest[..digits].parse().ok()?;
        let unit_length = rest[digits..].find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len() - digits);
        let unit = &rest[digits..digits + unit_length];
        let index = allowed.iter().position(|(name, _)| *name == unit)?;
        total = total.checked_add(count.checked_mul(allowed[index].1)?)?;
        allowed = &allowed[index + 1..];
        rest = &rest[digits + unit_length..];
    }
    (total <= LONGEST_MILLIS).then_some(total as i64)
}

/// Whole milliseconds, if Prometheus can hold so many.
pub(crate) fn millis(seconds: f64) -> Option<i64> {
    let millis = (seconds * 1000.0).round();
    (millis.abs() <= LONGEST_MILLIS as f64).then_some(millis as i64)
}

/// Writes a duration as Prometheus does: `1h30m`; weeks and years only where nothing is left over.
pub(crate) fn write_duration(out: &mut String, millis: i64) {
    let mut rest = millis.unsigned_abs();
    if millis < 0 {
        out.push('-');
    }
    if rest == 0 {
        out.push_str("0s");
    }
    for (unit, length) in UNITS {
        let is_rounded = matches!(unit, "y" | "w");
        if rest >= length && (!is_rounded || rest.is_multiple_of(length)) {
            out.push_str(&(rest / length).to_string());
            out.push_str(unit);
            rest %= length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("12", Some(12.0)),
            ("1.5e3", Some(1500.0)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("0x1F", Some(31.0)),
            ("0X_1f", Some(31.0)),
            ("0xFFFFFFFFFFFFFFFFFF", None),
            ("010", Some(8.0)),
            ("08", Some(8.0)),
            ("010.5", Some(10.5)),
            ("9223372036854775808", Some(9_223_372_036_854_775_808.0)),
            ("1_000_000", Some(1e6)),
            ("1_000.2_5", Some(1000.25)),
            ("1__0", None),
            ("1_", None),
            ("_1", None),
            ("1_.5", None),
            ("1_e3", None),
            ("1e_3", None),
            ("1_0e1_0", Some(1e11)),
            ("0xa_F", Some(175.0)),
            ("inf", Some(f64::INFINITY)),
            ("1e400", None),
            ("0x", None),
            ("", None),
        ] {
            assert_eq!(parse_number(text), expected, "{text}");
        }
        assert!(parse_number("NaN").is_some_and(f64::is_nan));
    }

    #[test]
    fn durations() {
        for (text, expected) in [
            ("5m", Some(300_000)),
            ("1h30m", Some(5_400_000)),
            ("1y2w3d4h5m6s7ms", Some(33_019_506_007)),
            ("0s", Some(0)),
            ("05m", Some(300_000)),
            ("5m1h", None),
            ("5m5m", None),
            ("5", None),
            ("m", None),
            ("", None),
            ("5hs", None),
            ("292y", Some(9_208_512_000_000)),
            ("293y", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(parse_duration(text), expected, "{text}");
        }
    }

    #[test]
    fn durations_are_written_as_prometheus_does() {
        for (millis, expected) in [
            (0, "0s"),
            (1, "1ms"),
            (90_000, "1m30s"),
            (7 * 86_400_000, "1w"),
            (8 * 86_400_000, "8d"),
            (365 * 86_400_000, "1y"),
            (366 * 86_400_000, "366d"),
            (-5_400_000, "-1h30m"),
        ] {
            let mut out = String::new();
            write_duration(&mut out, millis);
            assert_eq!(out, expected);
        }
    }
}
