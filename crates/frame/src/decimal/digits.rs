//! The decimal digits of a double.

use super::{Big, nearest};

/// A number as decimal digits: `0.d₁d₂d₃… * 10^point`. Neither the first nor the last digit is `0`; zero has none.
///
/// ```
/// use frame::decimal::Digits;
/// let digits = Digits::shortest(0.025);
/// assert_eq!((digits.ascii(), digits.point()), (&b"25"[..], -1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    ascii: Vec<u8>,
    point: i32,
}

impl Digits {
    /// Every digit of `value`, whose sign does not matter: up to 767. None of what is not finite.
    #[must_use]
    pub fn exact(value: f64) -> Self {
        let bits = value.abs().to_bits();
        let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52) as i32);
        let significand = if biased == 0 { fraction } else { fraction | 1 << 52 };
        if significand == 0 || !value.is_finite() {
            return Self { ascii: Vec::new(), point: 0 };
        }
        Self::of_binary(significand, biased.max(1) - 1075)
    }

    /// The digits of `significand * 2^exponent`, which is not zero.
    pub(super) fn of_binary(significand: u64, exponent: i32) -> Self {
        let zeros = significand.trailing_zeros();
        let exponent = exponent + zeros as i32;
        let mut big = Big::new(significand >> zeros);
        if exponent >= 0 {
            big.shift_left(exponent.unsigned_abs());
        } else {
            // 2^-n is 5^n * 10^-n.
            big.multiply_by_power_of_five(exponent.unsigned_abs());
        }
        let mut reversed = Vec::new();
        while !big.is_zero() {
            let mut nine = big.pop_digits();
            for _ in 0..9 {
                reversed.push(b'0' + (nine % 10) as u8);
                nine /= 10;
            }
        }
        trim_end(&mut reversed);
        let mut digits = Self { point: reversed.len() as i32 + exponent.min(0), ascii: reversed };
        digits.ascii.reverse();
        trim_end(&mut digits.ascii);
        digits
    }

    /// The fewest digits that [`parse`](super::parse) reads back as `value`, and of those the nearest to it.
    ///
    /// Up to 15 digits tell decimals apart that are different doubles, so rounding to 15 finds any shorter ones too; 17
    /// are always enough. Only next to a power of two can the 16 digits above a double be it where the nearer ones below
    /// are not.
    #[must_use]
    pub fn shortest(value: f64) -> Self {
        let exact = Self::exact(value);
        let fewest = if value.is_normal() { 15 } else { 1 };
        for count in fewest..17 {
            for round_up in [exact.rounds_up(count), true] {
                let cut = exact.cut(count, round_up);
                if cut.value() == value.abs() {
                    return cut;
                }
            }
        }
        exact.rounded(17)
    }

    /// The first `count` digits, halves rounded away from zero. Below zero digits there is nothing to round to.
    #[must_use]
    pub fn rounded(&self, count: i32) -> Self {
        match usize::try_from(count) {
            Ok(count) => self.cut(count, self.rounds_up(count)),
            Err(_) => Self { ascii: Vec::new(), point: 0 },
        }
    }

    fn rounds_up(&self, count: usize) -> bool {
        self.ascii.get(count).is_some_and(|digit| *digit >= b'5')
    }

    #[inline(never)]
    fn cut(&self, count: usize, round_up: bool) -> Self {
        let Some(kept) = self.ascii.get(..count).filter(|_| count < self.ascii.len()) else { return self.clone() };
        let (mut ascii, mut point) = (kept.to_vec(), self.point);
        if round_up {
            while ascii.last() == Some(&b'9') {
                ascii.pop();
            }
            match ascii.last_mut() {
                Some(last) => *last += 1,
                None => {
                    ascii.push(b'1');
                    point += 1;
                }
            }
        }
        trim_end(&mut ascii);
        Self { ascii, point }
    }

    /// The double nearest to these digits.
    #[must_use]
    pub fn value(&self) -> f64 {
        nearest(&mut self.ascii.iter(), i64::from(self.point) - self.ascii.len() as i64)
    }

    /// The digits, `0` to `9`.
    #[must_use]
    pub fn ascii(&self) -> &[u8] {
        &self.ascii
    }

    /// How many of the digits stand before the decimal point; below zero, how many zeros stand behind it before them.
    #[must_use]
    pub fn point(&self) -> i32 {
        self.point
    }
}

#[inline(never)]
fn trim_end(ascii: &mut Vec<u8>) {
    while ascii.last() == Some(&b'0') {
        ascii.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scientific(digits: &Digits) -> String {
        let text: String = digits.ascii.iter().map(|digit| char::from(*digit)).collect();
        let (first, rest) = text.split_at(text.len().min(1));
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{}", digits.point - 1)
    }

    /// The standard library writes the same.
    fn check(value: f64) {
        let (shortest, exact) = (Digits::shortest(value), Digits::exact(value));
        assert_eq!(scientific(&shortest), format!("{:e}", value.abs()));
        assert_eq!(shortest.value().to_bits(), value.abs().to_bits());
        let all = exact.ascii.len().saturating_sub(1);
        assert_eq!(scientific(&exact), format!("{:.all$e}", value.abs()));
    }

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let subnormal = (0..52).map(|bit| 1 << bit);
        for power in subnormal.chain((1..2047).map(|biased| biased << 52)) {
            check(f64::from_bits(power));
            check(f64::from_bits(power + 1));
            check(f64::from_bits(power).next_down().max(f64::from_bits(1)));
        }
        for value in [0.1, 0.3, 0.1 + 0.2, 1.0, 9.5, 100.0, 1e21, 1e22, 1e23, f64::MAX, f64::MIN_POSITIVE, 5e-324, -2.5]
        {
            check(value);
        }
        for none in [0.0, -0.0, f64::NAN, f64::INFINITY] {
            assert!(Digits::exact(none).ascii().is_empty() && Digits::shortest(none).ascii().is_empty());
        }
    }

    #[test]
    fn rounding_carries() {
        let check = |value: f64, count: i32, expected: &str| {
            assert_eq!(scientific(&Digits::shortest(value).rounded(count)), expected, "{value}");
        };
        check(1.25, 2, "1.3e0");
        check(1.24, 2, "1.2e0");
        check(9.99, 2, "1e1");
        check(0.5, 0, "1e0");
        check(1.5, 7, "1.5e0");
        check(1.01, 2, "1e0");
        for (value, count) in [(0.4, 0), (0.9, -1), (9.0, i32::MIN), (0.0, 3)] {
            assert!(Digits::shortest(value).rounded(count).ascii().is_empty(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_double_has_the_digits_of_the_standard_library(bits: u64) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite() && value != 0.0);
            check(value);
        }

        #[test]
        fn decimals_have_their_digits(number in 1_u64..1 << 53, scale in 0..20) {
            check(number as f64 / 10_f64.powi(scale));
        }
    }
}
