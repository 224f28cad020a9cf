//! Numbers from decimal text and back, exact to the last bit, without the standard library's tables.
//!
//! `str::parse` and `{}` cost a page some 40 KB for the cases that hardly ever occur. Here the usual ones go through
//! [`decimal_to_f64`], and long division decides the rest.

mod big;
mod digits;
mod eisel_lemire;
mod text;

use big::Big;
pub use digits::Digits;
pub use eisel_lemire::{decimal_to_f64, scale};
pub use text::text;

/// The nearest double to a number in decimal notation, such as `-1.5e3`, `.5` or `7.`. None for anything else, also for
/// the words for infinity and NaN; infinity for what is too large.
///
/// ```
/// assert_eq!(frame::decimal::parse("1e-7"), Some(1e-7));
/// assert_eq!(frame::decimal::parse("inf"), None);
/// ```
#[must_use]
pub fn parse(text: impl AsRef<[u8]>) -> Option<f64> {
    parse_bytes(text.as_ref())
}

/// A number as Prometheus writes it: a decimal one, `NaN`, `+Inf` or `-Inf`, these also as other servers spell them (`nan`,
/// `infinity`). Nothing else that Rust or Go would read (hexadecimal, underscores).
#[must_use]
pub fn parse_sample(text: &[u8]) -> Option<f64> {
    let (sign, word) = match text.split_first() {
        Some((b'-', word)) => (-1.0, word),
        Some((b'+', word)) => (1.0, word),
        _ => (1.0, text),
    };
    if word.eq_ignore_ascii_case(b"inf") || word.eq_ignore_ascii_case(b"infinity") {
        return Some(sign * f64::INFINITY);
    }
    if text.eq_ignore_ascii_case(b"nan") { Some(f64::NAN) } else { parse(text) }
}

#[inline(never)]
fn parse_bytes(text: &[u8]) -> Option<f64> {
    let unsigned = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let (whole, rest) = split_digits(unsigned);
    let (fraction, rest) = rest.strip_prefix(b".").map_or((&[][..], rest), split_digits);
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = read_exponent(rest)?.saturating_sub(fraction.len() as i64);
    let magnitude = nearest(&mut whole.iter().chain(fraction), exponent);
    Some(if text.starts_with(b"-") { -magnitude } else { magnitude })
}

#[inline(never)]
fn split_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

/// The exponent that is all of `text`, zero for none.
fn read_exponent(text: &[u8]) -> Option<i64> {
    let Some(signed) = text.strip_prefix(b"e").or_else(|| text.strip_prefix(b"E")) else {
        return text.is_empty().then_some(0);
    };
    let digits = signed.strip_prefix(b"-").or_else(|| signed.strip_prefix(b"+")).unwrap_or(signed);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let add = |number: i64, digit: &u8| number.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
    let exponent = digits.iter().fold(0, add);
    Some(if signed.starts_with(b"-") { -exponent } else { exponent })
}

/// No double and no point halfway between two has more digits; one more tells on which side of it a longer number is.
const ENOUGH_DIGITS: i64 = 768;

/// As many digits always fit into 64 bits.
const DIGITS_OF_WORD: i64 = 19;

/// The double nearest to `digits`, taken as a whole number, times ten to the power of `exponent`.
#[inline(never)]
fn nearest(digits: &mut dyn Iterator<Item = &u8>, exponent: i64) -> f64 {
    let mut digits = digits.map(|digit| digit - b'0').skip_while(|digit| *digit == 0);
    let (mut word, mut count) = (0_u64, 0);
    for digit in digits.by_ref().take(DIGITS_OF_WORD as usize) {
        word = word * 10 + u64::from(digit);
        count += 1;
    }
    let Some(next) = digits.next() else {
        let power = exponent.clamp(-400, 400) as i32;
        return decimal_to_f64(word, power).unwrap_or_else(|| Big::new(word).scaled(exponent, count));
    };
    let mut big = Big::new(word);
    let (mut left_out, mut cut) = (0, false);
    for digit in std::iter::once(next).chain(digits) {
        if count < ENOUGH_DIGITS {
            big.multiply_add(10, digit.into());
            count += 1;
        } else {
            left_out += 1;
            cut |= digit != 0;
        }
    }
    if cut {
        big.multiply_add(10, 1);
        (count, left_out) = (count + 1, left_out - 1);
    }
    big.scaled(exponent.saturating_add(left_out), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Equals the standard library's, which is known to be right.
    fn check(text: &str) {
        let expected = text.parse::<f64>().ok().map(f64::to_bits);
        assert_eq!(parse(text).map(f64::to_bits), expected, "{text}");
    }

    #[test]
    fn numbers_are_read_to_the_last_bit() {
        let texts = "0 -0 +1 1. .5 -.5e1 00012 1e0 1E+5 1e-05 0.30000000000000004 1e22 1e23 8.5e22 1e308 1e309 -1e400 \
             1.7976931348623157e308 1.7976931348623158e308 1.7976931348623159e308 0e99999999999999999999 \
             1e99999999999999999999 1e-99999999999999999999 2.4703282292062327e-324 2.4703282292062328e-324 4.9e-324 \
             2.2250738585072011e-308 2.2250738585072014e-308 9007199254740993 9007199254740993.00000000000000000001 \
             9007199254740992.99999999999999999999 123456789012345678901234567890 100000000000000000000000 \
             1000000000000000000000000000000000000000000001e-45";
        texts.split_whitespace().for_each(check);
    }

    #[test]
    fn what_is_no_decimal_number_is_none() {
        for text in
            ["", ".", "-", "+", "e5", "1e", "1e+", "1e1.5", "1,5", "0x10", "1_000", " 1", "1 ", "--1", "1.2.3", "١"]
        {
            check(text);
        }
        for text in ["inf", "Infinity", "NaN", "nan", "-inf"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    /// The point halfway between `value` and the next double, and points just beside it.
    fn check_point_between(value: f64) {
        let (fraction, biased) = (value.to_bits() & ((1 << 52) - 1), (value.to_bits() >> 52) as i32);
        let hidden = if biased == 0 { 0 } else { 1 << 52 };
        let middle = Digits::of_binary(2 * (fraction | hidden) + 1, biased.max(1) - 1076);
        let digits = String::from_utf8(middle.ascii().to_vec()).unwrap();
        let (last, zeros) = (digits.len() - 1, "0".repeat(1_000));
        for digits in [
            &digits,
            &format!("{digits}{zeros}"),
            &format!("{digits}{zeros}1"),
            &format!("{}4{zeros}", &digits[..last]),
        ] {
            check(&format!("0.{digits}e{}", middle.point()));
        }
    }

    #[test]
    fn points_halfway_between_two_doubles_are_told_apart_by_any_later_digit() {
        for value in [0.0, f64::from_bits(1), f64::MIN_POSITIVE, 1.0, f64::MAX.next_down()] {
            check_point_between(value);
        }
    }

    proptest! {
        #[test]
        fn any_double_comes_back(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            check(&value.to_string());
            check(&format!("{value:e}"));
            check(&format!("{value:.20e}"));
        }

        #[test]
        fn any_text_of_digits_is_read(text in "[-+]?[0-9]{0,30}(\\.[0-9]{0,30})?([eE][-+]?[0-9]{0,3})?") {
            check(&text);
        }

        #[test]
        fn points_between_any_doubles_are_rounded_right(bits in 0..f64::MAX.to_bits()) {
            check_point_between(f64::from_bits(bits));
        }

        #[test]
        fn any_bytes_are_safe(text: Vec<u8>) {
            prop_assert!(parse(&text).is_none_or(|value| !value.is_nan()));
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
            assert_eq!(parse_sample(text.as_bytes()).map(f64::to_bits), Some(bits), "{text}");
        }
        for text in ["", "infinit", "-nan", "0x1p3", "1_000", "1 ", "1e", "-", "1,5", "١"] {
            assert_eq!(parse_sample(text.as_bytes()), None, "{text}");
        }
    }
}
