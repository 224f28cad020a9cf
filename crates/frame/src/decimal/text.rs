//! Decimal digits as text.

use super::Digits;
use std::iter::repeat_n;

/// The shortest text that [`parse`](super::parse) reads back as `value`, in JavaScript's form: an exponent below 1e-6 and
/// from 1e21 on. Also `NaN`, `Infinity` and `-Infinity`, and `0` for both zeros.
///
/// ```
/// assert_eq!(frame::decimal::text(0.1 + 0.2), "0.30000000000000004");
/// assert_eq!(frame::decimal::text(-1e21), "-1e+21");
/// ```
#[must_use]
pub fn text(value: f64) -> String {
    let digits = Digits::shortest(value);
    let unsigned = match digits.point() {
        _ if value.is_nan() => "NaN".to_owned(),
        _ if value.is_infinite() => "Infinity".to_owned(),
        -5..=21 => digits.plain(),
        _ => digits.scientific(0),
    };
    if value < 0.0 { format!("-{unsigned}") } else { unsigned }
}

impl Digits {
    /// With a decimal point among the digits, or with zeros before or after them.
    #[must_use]
    pub fn plain(&self) -> String {
        let (whole, fraction) = self.split();
        if fraction.is_empty() { whole } else { whole + "." + &fraction }
    }

    /// The digits before the decimal point, at least a zero, and those behind it.
    #[must_use]
    pub fn split(&self) -> (String, String) {
        let (before, zeros) = (self.point().max(0) as usize, (-self.point()).max(0) as usize);
        let (whole, fraction) = self.ascii().split_at(before.min(self.ascii().len()));
        let mut whole: String = letters(whole).chain(repeat_n('0', before - whole.len())).collect();
        if whole.is_empty() {
            whole.push('0');
        }
        let zeros = if fraction.is_empty() { 0 } else { zeros };
        (whole, repeat_n('0', zeros).chain(letters(fraction)).collect())
    }

    /// One digit before the point, at least `decimals` behind it, and a power of ten with its sign.
    #[must_use]
    pub fn scientific(&self, decimals: usize) -> String {
        let (first, rest) = self.ascii().split_first().unwrap_or((&b'0', &[]));
        let mut text = String::from(char::from(*first));
        if rest.len().max(decimals) > 0 {
            text.push('.');
        }
        text.extend(letters(rest).chain(repeat_n('0', decimals.saturating_sub(rest.len()))));
        let exponent = if self.ascii().is_empty() { 0 } else { self.point() - 1 };
        text.push_str(if exponent < 0 { "e-" } else { "e+" });
        text.push_str(&exponent.unsigned_abs().to_string());
        text
    }
}

fn letters(ascii: &[u8]) -> impl Iterator<Item = char> {
    ascii.iter().map(|digit| char::from(*digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        let check = |value: f64, expected: &str| assert_eq!(text(value), expected);
        check(0.0, "0");
        check(-0.0, "0");
        check(-12.5, "-12.5");
        check(120.0, "120");
        check(0.000_001, "0.000001");
        check(0.000_000_15, "1.5e-7");
        check(1e20, "100000000000000000000");
        check(1.25e21, "1.25e+21");
        check(f64::NAN, "NaN");
        check(f64::NEG_INFINITY, "-Infinity");
    }

    #[test]
    fn scientific_notation_is_padded() {
        let check = |value: f64, decimals: usize, expected: &str| {
            assert_eq!(Digits::shortest(value).scientific(decimals), expected);
        };
        check(0.0, 2, "0.00e+0");
        check(1200.0, 0, "1.2e+3");
        check(0.5, 3, "5.000e-1");
    }
}
