//! From decimal digits to the nearest double, without a table of all powers.

/// `mantissa` times ten to the power of `exponent`, rounded to the nearest double; none where this way cannot tell
/// which one that is, or not for such an exponent.
///
/// Where both factors are exact doubles, one operation rounds right (William Clinger, 1990). Otherwise the mantissa is
/// multiplied by the first 64 bits of the power of five (Daniel Lemire, "Number parsing at a gigabyte per second",
/// 2021): what is missing makes the product too small by less than two in its upper word. That decides unless the
/// bits to round away are just about one half, which happens once in a thousand times.
#[inline(always)]
#[must_use]
pub fn decimal_to_f64(mantissa: u64, exponent: i32) -> Option<f64> {
    if mantissa < 1 << 53 && (-22..=22).contains(&exponent) {
        let mantissa = mantissa as f64;
        let power = EXACT_POWERS.get(exponent.unsigned_abs() as usize)?;
        return Some(if exponent < 0 { mantissa / power } else { mantissa * power });
    }
    if mantissa == 0 {
        return Some(0.0);
    }
    let power = *POWERS_OF_FIVE.get(usize::try_from(exponent.wrapping_sub(MIN_EXPONENT)).ok()?)?;
    let shift = mantissa.leading_zeros();
    let product = u128::from(mantissa << shift) * u128::from(power);
    let upper = (product >> 64) as u64;
    // The product of two numbers with their highest bit set has its own in one of two places.
    let is_long = upper >> 63;
    let surplus = 10 + is_long;
    let half = 1 << (surplus - 1);
    let remainder = upper & ((1 << surplus) - 1);
    if remainder == half || remainder == half - 1 {
        return None;
    }
    let significand = (upper >> surplus) + u64::from(remainder > half);
    // floor(log2(10^exponent)), exact for |exponent| < 1650.
    let log2_of_power = (exponent * 217_706) >> 16;
    let binary_exponent = log2_of_power + 63 + is_long as i32 - shift as i32;
    // The significand's highest bit, bit 52, adds one to the exponent; a carry from rounding adds one more.
    let bits = ((binary_exponent + 1022) as u64) << 52;
    Some(f64::from_bits(bits.wrapping_add(significand)))
}

/// The powers of ten that are exact as doubles.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The exponents metrics have; a table for all of them would weigh more than it is used. 5^54 and 5^55 are the highest
/// powers the computation below has room for.
const MIN_EXPONENT: i32 = -54;
const MAX_EXPONENT: i32 = 55;
const TABLE_LEN: usize = (MAX_EXPONENT - MIN_EXPONENT + 1) as usize;

/// The first 64 bits of each power of five, the highest one set, the rest cut off.
static POWERS_OF_FIVE: [u64; TABLE_LEN] = {
    let mut table = [0; TABLE_LEN];
    let mut index = 0;
    while index < TABLE_LEN {
        let exponent = index as i32 + MIN_EXPONENT;
        let power = 5_u128.pow(exponent.unsigned_abs());
        table[index] = if exponent >= 0 { ((power << power.leading_zeros()) >> 64) as u64 } else { reciprocal(power) };
        index += 1;
    }
    table
};

/// The first 64 bits of 1 / `divisor`, by long division. The divisor is under 2^126 and no power of two but 1.
const fn reciprocal(divisor: u128) -> u64 {
    let mut remainder = (1 << (128 - divisor.leading_zeros())) - divisor;
    let mut quotient = 1_u64;
    let mut bits = 1;
    while bits < 64 {
        remainder <<= 1;
        quotient <<= 1;
        if remainder >= divisor {
            remainder -= divisor;
            quotient |= 1;
        }
        bits += 1;
    }
    quotient
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(mantissa: u64, exponent: i32) -> bool {
        let Some(value) = decimal_to_f64(mantissa, exponent) else { return false };
        let expected: f64 = format!("{mantissa}e{exponent}").parse().unwrap();
        assert_eq!(value.to_bits(), expected.to_bits(), "{mantissa}e{exponent}");
        true
    }

    #[test]
    fn every_exponent_of_the_table_is_right() {
        let mantissas = [1, 2, 3, 5, 7, 10, 123_456_789, (1 << 53) - 1, 1 << 53, 12_345_678_901_234_567, u64::MAX];
        for exponent in MIN_EXPONENT..=MAX_EXPONENT {
            let read = mantissas.iter().filter(|mantissa| check(**mantissa, exponent)).count();
            // 10^23 is nearly halfway between two doubles, and so are its multiples.
            assert!(read >= mantissas.len() - if exponent == 23 { 6 } else { 1 }, "{exponent}");
        }
        for exponent in [i32::MIN, -400, MIN_EXPONENT - 1, MAX_EXPONENT + 1, 400, i32::MAX] {
            assert_eq!(decimal_to_f64(u64::MAX, exponent), None);
            assert_eq!(decimal_to_f64(0, exponent), Some(0.0));
        }
    }

    #[test]
    fn halfway_cases_are_left_to_others() {
        for mantissa in [(1 << 53) + 1, (1 << 54) + 2, (1 << 60) + (1 << 7)] {
            assert_eq!(decimal_to_f64(mantissa, 0), None, "{mantissa}");
        }
    }

    proptest! {
        #[test]
        fn any_decimal_is_rounded_right(mantissa: u64, shift in 0..64_u32, exponent in MIN_EXPONENT..=MAX_EXPONENT) {
            check(mantissa >> shift, exponent);
        }
    }
}
