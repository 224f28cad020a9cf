//! Numbers from text: exact, total, and quick for the spellings servers use.
//!
//! The `read_` functions are the inside of the loop in [`super::run`] and inlined there by force; what they do not know they
//! leave to the `parse_` functions.

use super::digits::{self, is_eight_digits, join_eight};
use frame::decimal::{parse_sample, scale};

/// How many bytes are looked at for one decimal number. Longer ones exist, but not where speed matters.
pub(super) const WINDOW: usize = 40;

/// Seconds since the epoch in milliseconds, rounded; within what a date can be (JavaScript's: 8.64e15 ms).
pub(super) fn parse_millis(text: &[u8]) -> Option<i64> {
    const MAX: f64 = 8.64e15;
    let millis = (parse_sample(text)? * 1e3).round();
    (millis.abs() <= MAX).then_some(millis as i64)
}

/// The usual spelling of an instant of this century at the start of `text`, in milliseconds, and its length: ten digits
/// of seconds, and either no fraction or one of three digits, before a comma.
#[inline(always)]
pub(super) fn read_millis(text: &[u8; 16]) -> Option<(i64, usize)> {
    let [a, b, c, d, e, f, g, h, tens, ones, point, x, y, z, after, _] = *text;
    let word = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    // JSON knows no leading zeros.
    if !is_eight_digits(word) || a == b'0' || tens > 9 || ones > 9 {
        return None;
    }
    let seconds = join_eight(word) as i64 * 100 + i64::from(tens) * 10 + i64::from(ones);
    if point == b',' {
        return Some((seconds * 1_000, 10));
    }
    let (x, y, z) = (x.wrapping_sub(b'0'), y.wrapping_sub(b'0'), z.wrapping_sub(b'0'));
    if point != b'.' || after != b',' || x > 9 || y > 9 || z > 9 {
        return None;
    }
    let millis = i64::from(x) * 100 + i64::from(y) * 10 + i64::from(z);
    Some((seconds * 1_000 + millis, 14))
}

/// The decimal number at the start of `text`, and its length. None for what is not told apart here: more digits than usual,
/// or no number at all.
///
/// Where a number ends is found from which bytes are no digits alone, without a look at the digits: the next number need
/// not wait for this one. And how many digits a double has no processor foresees, so there are no branches on that.
#[inline(always)]
pub(super) fn read_decimal(text: &[u8; WINDOW]) -> Option<(f64, usize)> {
    let minus = usize::from(text[0] == b'-');
    let others = (digits::others(part(text, 0)) | digits::others(part(text, 16)) << 16) & !(minus as u32);
    let point = others.trailing_zeros() as usize;
    let whole = point - minus;
    if whole == 0 || point > 16 {
        return None;
    }
    let sign = |value: f64| f64::from_bits(value.to_bits() | (minus as u64) << 63);
    if text.get(point) != Some(&b'.') {
        return Some((sign(digits::join(part(text, minus), whole) as f64), point));
    }
    let end = (others & (others - 1)).trailing_zeros() as usize;
    let leading = digits::zeros(part(text, 0)) | others | minus as u32;
    Some((sign(read_significant(text, leading.trailing_ones() as usize, point, end)?), end))
}

/// As many significant digits has a double at most, as servers write it. All numbers are read as if they had that many:
/// a first digit, and sixteen others of which the last may be zeros.
const MOST_DIGITS: usize = 17;
const FIRST_DIGIT: u64 = 10_000_000_000_000_000;

/// The number whose first significant digit is at `first`, without its sign. None for more digits than usual, and for zero.
#[inline(always)]
fn read_significant(text: &[u8; WINDOW], first: usize, point: usize, end: usize) -> Option<f64> {
    let has_point = usize::from(first < point);
    let count = end.wrapping_sub(first + has_point);
    if count > MOST_DIGITS || end == 32 {
        return None;
    }
    let (digit, before) = text.get(first..)?.first_chunk::<{ MOST_DIGITS + 1 }>()?.split_first()?;
    let after = before.get(has_point..)?.first_chunk()?;
    let split = point as i8 - first as i8 - 1;
    let others = digits::join_two(before.first_chunk()?, after, split, count as i8 - 1);
    scale(u64::from(digit & 0xF) * FIRST_DIGIT + others, point as i32 - (first + has_point) as i32 - 16)
}

/// Sixteen bytes of `text` from `start`.
#[inline(always)]
fn part(text: &[u8; WINDOW], start: usize) -> &[u8; 16] {
    text.get(start..).and_then(|text| text.first_chunk()).unwrap_or(&[0; 16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the quick way makes of a number before the end of a string.
    fn read(text: &str) -> Option<(f64, usize)> {
        let mut window = [b'"'; WINDOW];
        window.iter_mut().zip(text.bytes()).for_each(|(to, from)| *to = from);
        read_decimal(&window)
    }

    /// It reads all of `text`, to the very bits of the standard library, or says that it cannot.
    fn check(text: &str) -> bool {
        match read(text) {
            Some((value, length)) => {
                assert_eq!(length, text.len(), "{text}");
                assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
                true
            }
            None => false,
        }
    }

    #[test]
    fn usual_numbers_are_read_the_quick_way() {
        for text in [
            "0",
            "1",
            "7",
            "10",
            "42",
            "1234567",
            "12345678",
            "123456789",
            "123456789012345",
            "0.5",
            "0.1",
            "1.25",
            "12.5",
            "1234567.5",
            "12345678.5",
            "123456789.25",
            "0.12345678901234567",
            "0.0000012345678901234567",
            "123456789012345.67",
            "1234567890123456.7",
            "0.00000000001",
            "1.0",
            "100000000.00000001",
            "99999999.99999999",
            "3.141592653589793",
            "2.718281828459045",
            "0.30000000000000004",
            "1700000000.123",
            "00012",
            "0123.5",
            "5.",
            "-1",
            "-0",
            "1234567890123456",
            "9007199254740993",
            "9007199254740993.0",
        ] {
            assert!(check(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_to_the_standard_library() {
        // Too many digits, or no number.
        for text in [
            "",
            "-",
            "--1",
            "+1",
            ".5",
            "-.5",
            "NaN",
            "+Inf",
            "x",
            "0.0",
            "-0.000",
            "0.123456789012345678",
            "1.12345678901234567890123",
            "12345678901234567",
            "12345678901234567890.5",
            "123456789012345678901234567890",
        ] {
            assert!(!check(text), "{text}");
        }
    }

    #[test]
    fn instants_are_read_to_the_millisecond() {
        for (text, expected) in [
            ("0", Some(0)),
            ("1700000000.123", Some(1_700_000_000_123)),
            ("-1.5", Some(-1_500)),
            ("1.7e9", Some(1_700_000_000_000)),
            ("1700000000.1234", Some(1_700_000_000_123)),
            ("8640000000000", Some(8_640_000_000_000_000)),
            ("8640000000001", None),
            ("NaN", None),
            ("+Inf", None),
            ("", None),
        ] {
            assert_eq!(parse_millis(text.as_bytes()), expected, "{text}");
        }
        for (text, expected) in [
            ("1700000000,\"1\"],[17", Some((1_700_000_000_000, 10))),
            ("1700000000.123,\"", Some((1_700_000_000_123, 14))),
            ("9999999999.999,\"", Some((9_999_999_999_999, 14))),
            ("0700000000,\"1\"],[", None),
            ("1700000000.12,\"1", None),
            ("1700000000.1234,", None),
            ("17000000000,\"1\"]", None),
            ("170000000,\"1\"],[", None),
            ("1700000000]      ", None),
        ] {
            assert_eq!(read_millis(text.as_bytes().first_chunk().unwrap()), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_read_to_the_last_bit(
            text in prop_oneof![
                "-?[0-9]{1,20}",
                "-?[0-9]{1,18}\\.[0-9]{0,24}",
                "-?0{1,3}\\.0{0,12}[0-9]{0,19}",
                any::<f64>().prop_map(|value| value.to_string()),
                (0.0..1.0).prop_map(|value: f64| value.to_string()),
                (0_u64..1 << 54, 0_i32..20).prop_map(|(number, scale)| format!("{}", number as f64 / 10_f64.powi(scale))),
            ]
        ) {
            check(&text);
        }
    }
}
