//! Numbers from text: exact, total, and quick for the spellings servers use.
//!
//! The `read_` functions are the inside of the loop in [`super::run`] and inlined there by force; what they do not know they
//! leave to the `parse_` functions.

use frame::decimal::{self, decimal_to_f64};

/// How many bytes are looked at for one decimal number. Longer ones exist, but not where speed matters.
pub(super) const WINDOW: usize = 40;

/// A sample's value as Prometheus spells it: a decimal number, `NaN`, `+Inf` or `-Inf`. Nothing else that Rust or Go
/// would read (`infinity`, hexadecimal, underscores).
pub(crate) fn parse_float(text: &[u8]) -> Option<f64> {
    match text {
        b"NaN" => Some(f64::NAN),
        b"+Inf" | b"Inf" => Some(f64::INFINITY),
        b"-Inf" => Some(f64::NEG_INFINITY),
        _ => decimal::parse(text),
    }
}

/// Seconds since the epoch in milliseconds, rounded; within what a date can be (JavaScript's: 8.64e15 ms).
pub(super) fn parse_millis(text: &[u8]) -> Option<i64> {
    const MAX: f64 = 8.64e15;
    let millis = (parse_float(text)? * 1e3).round();
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
    if non_digits(word) != 0 || a == b'0' || tens > 9 || ones > 9 {
        return None;
    }
    let seconds = join_digits(word) as i64 * 100 + i64::from(tens) * 10 + i64::from(ones);
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

/// The unsigned decimal number at the start of `text`, and its length. None for what is not told apart here: more digits
/// than fit, or no number at all.
///
/// Works on eight bytes at a time. The point is taken out of the word it is in; what follows is then at a place that does
/// not depend on where it was, so that the processor need not wait to know that.
#[inline(always)]
pub(super) fn read_decimal(text: &[u8; WINDOW]) -> Option<(f64, usize)> {
    let (mut start, mut leading, mut skipped) = (word_at(text, 0), 0, 0);
    let mut others = non_digits(start);
    if others == 0 {
        // From eight digits on, the part before the point is longer than one word.
        (leading, skipped) = (join_digits(start), 8);
        start = word_at(text, skipped);
        others = non_digits(start);
    }
    let before_point = (others.trailing_zeros() / 8) as usize;
    if before_point == 8 || skipped + before_point == 0 {
        return None;
    }
    if text.get(skipped + before_point) != Some(&b'.') {
        let (integer, digits) = join_words(leading, [start])?;
        return Some((integer as f64, skipped + digits));
    }

    let keep = (1 << (8 * before_point)) - 1;
    let first = (start & keep) | (word_at(text, skipped + before_point + 1) << (8 * before_point));
    let next = skipped + 9;
    let (mantissa, digits) = join_words(leading, [first, word_at(text, next), word_at(text, next + 8)])?;
    if digits == before_point {
        return None;
    }
    if skipped + digits > MAX_DIGITS {
        let zeros = if skipped == 0 { ((first ^ ZEROS).trailing_zeros() / 8) as usize } else { 0 };
        if skipped + digits - zeros > MAX_DIGITS {
            return None;
        }
    }
    let value = decimal_to_f64(mantissa, -((digits - before_point) as i32))?;
    Some((value, skipped + digits + 1))
}

/// As many decimal digits always fit into 64 bits.
const MAX_DIGITS: usize = 19;

/// Eight times the digit 0.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight bytes of `text` from `start`, the first one lowest.
#[inline(always)]
fn word_at(text: &[u8; WINDOW], start: usize) -> u64 {
    text.get(start..).and_then(|text| text.first_chunk()).map_or(0, |word| u64::from_le_bytes(*word))
}

/// Appends the digits that `words` begin with to `number`: the new number, and how many they are. None when digits are
/// all there is.
#[inline(always)]
fn join_words<const N: usize>(mut number: u64, words: [u64; N]) -> Option<(u64, usize)> {
    const POWERS_OF_TEN: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    let mut digits = 0;
    for word in words {
        let others = non_digits(word);
        if others == 0 {
            number = number.wrapping_mul(100_000_000).wrapping_add(join_digits(word));
            digits += 8;
            continue;
        }
        let bits = others.trailing_zeros() & 0x38;
        let count = (bits / 8) as usize;
        // Zeros before the digits instead of other bytes after them.
        let last = join_digits((word << (56 - bits)) << 8);
        return Some((number.wrapping_mul(*POWERS_OF_TEN.get(count)?).wrapping_add(last), digits + count));
    }
    None
}

/// The high bit of every byte of `word` that is no digit, right up to the first of them.
#[inline(always)]
fn non_digits(word: u64) -> u64 {
    let digits = word ^ ZEROS;
    // Bytes over nine get their high bit set. A carry spoils only bytes after the first of them.
    (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
}

/// The number that eight digits make, the first one in the lowest byte; a zero byte counts as the digit 0. Joins neighbours
/// to pairs, to fours, to eight (Daniel Lemire, "Quickly parsing eight digits", 2018).
#[inline(always)]
fn join_digits(word: u64) -> u64 {
    let digits = word & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    low.wrapping_add(high) >> 32
}

/// The eight digits of a number below 10^8, the first one in the lowest byte: [`join_digits`] backwards.
#[inline(always)]
pub(super) fn spell_digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007F_0000_007F;
    let pairs = hundreds | ((fours - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000F_000F_000F_000F;
    ZEROS | tens | ((pairs - tens * 10) << 8)
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
            "0.000123456789012345678",
            "0.00000000001",
            "1.0",
            "0.0",
            "100000000.00000001",
            "99999999.99999999",
            "3.141592653589793",
            "2.718281828459045",
            "0.30000000000000004",
            "1700000000.123",
            "00012",
            "0123.5",
        ] {
            assert!(check(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_to_the_standard_library() {
        // Halfway between two doubles, too many digits, or no number.
        for text in [
            "",
            "-1",
            ".5",
            "5.",
            "NaN",
            "+Inf",
            "x",
            "9007199254740993",
            "9007199254740993.0",
            "0.12345678901234567890123",
            "12345678901234567890.5",
            "123456789012345678901234567890",
        ] {
            assert!(!check(text), "{text}");
        }
    }

    #[test]
    fn values_are_read_to_the_last_bit() {
        for (text, bits) in [
            ("5e-324", 1),
            ("2.4703282292062327e-324", 0),
            ("2.4703282292062328e-324", 1),
            ("2.2250738585072011e-308", 0x000f_ffff_ffff_ffff),
            ("1.7976931348623157e+308", 0x7fef_ffff_ffff_ffff),
            ("1.7976931348623159e+308", 0x7ff0_0000_0000_0000),
            ("9007199254740993", 0x4340_0000_0000_0000),
            ("9007199254740993.00000000000000000001", 0x4340_0000_0000_0001),
            ("-0", 0x8000_0000_0000_0000),
            ("NaN", 0x7ff8_0000_0000_0000),
            ("+Inf", 0x7ff0_0000_0000_0000),
            ("-Inf", 0xfff0_0000_0000_0000),
        ] {
            assert_eq!(parse_float(text.as_bytes()).map(f64::to_bits), Some(bits), "{text}");
        }
        for text in ["", "inf", "nan", "infinity", "0x1p3", "1_000", "1 ", "1e", "-", "1,5", "١"] {
            assert_eq!(parse_float(text.as_bytes()), None, "{text}");
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

    #[test]
    fn digits_are_spelled_as_they_are_read() {
        for number in [0, 1, 9, 10, 99, 100, 9_999, 10_000, 12_345_678, 90_909_090, 99_999_999] {
            let word = spell_digits(number);
            assert_eq!(word.to_le_bytes().as_slice(), format!("{number:08}").as_bytes());
            assert_eq!((non_digits(word), join_digits(word)), (0, number));
        }
    }

    proptest! {
        #[test]
        fn any_number_is_read_to_the_last_bit(
            text in prop_oneof![
                "[0-9]{1,20}",
                "[0-9]{1,18}\\.[0-9]{1,20}",
                "0\\.0{0,12}[0-9]{15,19}",
                any::<f64>().prop_map(|value| value.abs().to_string()),
                (0.0..1.0).prop_map(|value: f64| value.to_string()),
                (0_u64..1 << 54, 0_i32..20).prop_map(|(number, scale)| format!("{}", number as f64 / 10_f64.powi(scale))),
            ]
        ) {
            check(&text);
        }
    }
}
