//! Numbers as text, digit for digit as Grafana writes them.
//!
//! Grafana's texts are made of four JavaScript routines: `String(n)`, `toExponential`, `toLocaleString("en-US")` and
//! `toString(16)`. Each has its counterpart here.

use frame::decimal::Digits;

/// The shortest text that reads back as `value`, in JavaScript's form: an exponent below 1e-6 and from 1e21 on.
///
/// ```
/// assert_eq!(format::number::shortest(0.1 + 0.2), "0.30000000000000004");
/// assert_eq!(format::number::shortest(1e21), "1e+21");
/// ```
#[must_use]
pub fn shortest(value: f64) -> String {
    frame::decimal::text(value)
}

/// A minus before what is below zero, which neither NaN nor -0 is.
fn signed(value: f64, text: &str) -> String {
    let mut signed = String::with_capacity(text.len() + 1);
    if value < 0.0 {
        signed.push('-');
    }
    signed.push_str(text);
    signed
}

/// How a number that is not finite is shown, or none for a finite one.
#[must_use]
pub fn not_finite(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("∞"),
        f64::NEG_INFINITY => Some("-∞"),
        _ => None,
    }
}

/// How many decimals Grafana shows where the user set none: two or three significant digits, none for integers.
#[must_use]
pub fn auto_decimals(value: f64) -> u16 {
    // `Math.log(x) / Math.LN10` rather than `log10`: the two differ at powers of ten, and the texts with them.
    let exponent = (value.abs().ln() / std::f64::consts::LN_10).floor();
    if value.fract() == 0.0 || !exponent.is_finite() {
        return 0;
    }
    let decimals = 1.0 - exponent;
    let leading = value.abs() / 10f64.powi(-decimals as i32);
    // 2.5 needs one more decimal than 2 would.
    let extra = if leading > 2.25 { 1.0 } else { 0.0 };
    (decimals + extra).max(0.0) as u16
}

/// `value` rounded to `decimals` places and padded with zeros, or with [`auto_decimals`].
///
/// Rounds `value * 10^decimals` as Grafana does, so 1.005 with two decimals is `1` and `0.1 + 0.7` never shows its tail.
#[must_use]
pub fn fixed(value: f64, decimals: Option<u8>) -> String {
    let decimals = decimals.map_or_else(|| auto_decimals(value), u16::from);
    if let (true, Some(text)) = (value.is_infinite(), not_finite(value)) {
        return text.into();
    }
    let factor = 10f64.powi(i32::from(decimals));
    if factor.is_infinite() {
        return shortest(value);
    }
    let mut text = if value == 0.0 { "0".to_owned() } else { shortest(js_round(value * factor) / factor) };
    if text.contains('e') {
        return text;
    }
    let precision = text.find('.').map_or(0, |dot| text.len() - dot - 1);
    let missing = usize::from(decimals).saturating_sub(precision);
    if missing > 0 && precision == 0 {
        text.push('.');
    }
    text.extend(std::iter::repeat_n('0', missing));
    text
}

/// JavaScript's `Math.round`: halves go up, also below zero.
fn js_round(value: f64) -> f64 {
    let down = value.floor();
    if value - down >= 0.5 { down + 1.0 } else { down }
}

/// Scientific notation with `decimals` digits behind the point, or as many as it takes.
#[must_use]
pub fn scientific(value: f64, decimals: Option<u8>) -> String {
    if !value.is_finite() {
        return shortest(value);
    }
    let text = match decimals {
        Some(decimals) => Digits::exact(value).rounded(i32::from(decimals) + 1).scientific(decimals.into()),
        None => Digits::shortest(value).scientific(0),
    };
    signed(value, &text)
}

/// `1,234,567.89`: thousands grouped, at most `max_decimals` and at least `min_decimals` places, halves away from zero.
#[must_use]
pub fn grouped(value: f64, min_decimals: u8, max_decimals: u8) -> String {
    if let Some(text) = not_finite(value) {
        return text.into();
    }
    let digits = Digits::shortest(value);
    let (whole, mut fraction) = digits.rounded(digits.point() + i32::from(max_decimals)).split();
    let missing = usize::from(min_decimals).saturating_sub(fraction.len());
    fraction.extend(std::iter::repeat_n('0', missing));
    let mut text = String::with_capacity(whole.len() * 4 / 3 + fraction.len() + 2);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(&fraction);
    }
    signed(value, &text)
}

/// Upper-case hexadecimal with a fraction, the fewest digits that tell `value` from its neighbours.
///
/// The algorithm is V8's `DoubleToRadixCString`.
#[must_use]
pub fn hexadecimal(value: f64) -> String {
    if !value.is_finite() {
        return "NAN".into();
    }
    let magnitude = value.abs();
    let mut whole = magnitude.floor();
    let fraction = hex_fraction(magnitude, &mut whole);
    let mut digits = Vec::new();
    loop {
        let rest = (whole / 16.0).floor();
        digits.push((whole - rest * 16.0) as u8);
        whole = rest;
        if whole == 0.0 {
            break;
        }
    }
    let mut text = String::new();
    if value < 0.0 {
        text.push('-');
    }
    text.extend(digits.iter().rev().map(hex_digit));
    if !fraction.is_empty() {
        text.push('.');
        text.extend(fraction.iter().map(hex_digit));
    }
    text
}

fn hex_digit(digit: &u8) -> char {
    char::from_digit(u32::from(*digit), 16).unwrap_or('0').to_ascii_uppercase()
}

/// The digits behind the point. A carry out of them is added to `whole`.
fn hex_fraction(value: f64, whole: &mut f64) -> Vec<u8> {
    let mut rest = value - *whole;
    let mut delta = (0.5 * (value.next_up() - value)).max(f64::from_bits(1));
    let mut digits = Vec::new();
    while rest >= delta {
        rest *= 16.0;
        delta *= 16.0;
        let digit = rest as u8;
        digits.push(digit);
        rest -= f64::from(digit);
        let half_or_more = rest > 0.5 || (rest == 0.5 && digit & 1 == 1);
        if half_or_more && rest + delta > 1.0 {
            while let Some(last) = digits.pop() {
                if last < 15 {
                    digits.push(last + 1);
                    return digits;
                }
            }
            *whole += 1.0;
            return digits;
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_rounds_and_pads() {
        let check = |value: f64, decimals: Option<u8>, expected: &str| assert_eq!(fixed(value, decimals), expected);
        check(0.0, Some(1), "0.0");
        check(1.0, None, "1");
        check(0.123456, None, "0.123");
        check(-1.5, Some(0), "-1");
        check(1.5, Some(3), "1.500");
        check(1e21, Some(0), "1e+21");
        check(f64::INFINITY, Some(2), "∞");
        check(f64::NAN, None, "NaN");
        check(4.2e-9, None, "4.2e-9");
    }

    #[test]
    fn grouped_rounds_halves_away_from_zero() {
        let check = |value: f64, min: u8, max: u8, expected: &str| assert_eq!(grouped(value, min, max), expected);
        check(1234567.0, 0, 3, "1,234,567");
        check(999.9995, 0, 3, "1,000");
        check(-0.5, 0, 0, "-1");
        check(1.005, 0, 2, "1.01");
        check(2.0, 2, 2, "2.00");
        check(1e21, 0, 0, "1,000,000,000,000,000,000,000");
    }

    #[test]
    fn scientific_rounds_halves_away_from_zero() {
        let check =
            |value: f64, decimals: Option<u8>, expected: &str| assert_eq!(scientific(value, decimals), expected);
        check(2.5, Some(0), "3e+0");
        check(-2.5, Some(0), "-3e+0");
        check(1234.0, None, "1.234e+3");
        check(0.00012, Some(3), "1.200e-4");
    }

    #[test]
    fn hexadecimal_keeps_the_fraction() {
        let check = |value: f64, expected: &str| assert_eq!(hexadecimal(value), expected);
        check(0.0, "0");
        check(255.0, "FF");
        check(-0.5, "-0.8");
        check(9.995, "9.FEB851EB851E8");
    }
}
