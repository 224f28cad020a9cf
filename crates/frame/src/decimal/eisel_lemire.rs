//! From decimal digits to the nearest double, without a table of all powers.

/// `mantissa` times ten to the power of `exponent`, rounded to the nearest double; none where this way cannot tell
/// which one that is, or not for such an exponent.
///
/// Where both factors are exact doubles, one operation rounds right (William Clinger, 1990). Otherwise the mantissa is
/// multiplied by the first 64 bits of the power of five (Daniel Lemire, "Number parsing at a gigabyte per second",
/// 2021). What is left out makes the product too small by a little. That decides unless the bits to round away are just
/// about one half, which happens a few times in a thousand.
#[inline(always)]
#[must_use]
pub fn decimal_to_f64(mantissa: u64, exponent: i32) -> Option<f64> {
    // Up to 53 bits would do; but a column of doubles has numbers of fifteen to seventeen digits, and which of them have
    // how many bits no processor foresees.
    if mantissa < 1 << 40 && (-22..=22).contains(&exponent) {
        let mantissa = mantissa as f64;
        let power = EXACT_POWERS.get(exponent.unsigned_abs() as usize)?;
        return Some(if exponent < 0 { mantissa / power } else { mantissa * power });
    }
    scale(mantissa, exponent)
}

/// [`decimal_to_f64`] in one way for all numbers, where most have too many digits to be exact doubles.
#[inline(always)]
#[must_use]
pub fn scale(mantissa: u64, exponent: i32) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let power = *POWERS_OF_FIVE.get(usize::try_from(exponent.wrapping_sub(MIN_EXPONENT)).ok()?)?;
    let shift = mantissa.leading_zeros();
    let product = upper_half_of_product(mantissa << shift, power);
    // The product of two numbers with their highest bit set has its own in one of two places.
    let is_long = product >> 63;
    let product = product << (1 - is_long);
    // floor(log2(10^exponent)), exact for |exponent| < 1650.
    let log2_of_power = (exponent * 217_706) >> 16;
    let binary_exponent = log2_of_power + 63 + is_long as i32 - shift as i32;
    let significand = match HALF.wrapping_sub(product & (2 * HALF - 1)) < 2 * MOST_LEFT_OUT {
        false => ((product >> (DROPPED_BITS - 1)) + 1) >> 1,
        true => {
            let below = product >> DROPPED_BITS;
            below + u64::from(is_rounded_up(mantissa, exponent, below, binary_exponent - 52)?)
        }
    };
    // The significand's highest bit, bit 52, adds one to the exponent; a carry from rounding adds one more.
    let bits = ((binary_exponent + 1022) as u64) << 52;
    Some(f64::from_bits(bits.wrapping_add(significand)))
}

/// How many of a product's 64 bits a double has no room for, and one half of the lowest that stays.
const DROPPED_BITS: u32 = 11;
const HALF: u64 = 1 << (DROPPED_BITS - 1);

/// The product is too small by less than this: by one each for what [`upper_half_of_product`] leaves out and for the rest
/// of the power.
const MOST_LEFT_OUT: u64 = 4;

/// The upper 64 bits of `a * b`, too small by less than three: Wasm multiplies no numbers this long, and all of the
/// product would be a call.
#[inline(always)]
const fn upper_half_of_product(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0xFFFF_FFFF;
    let (a_high, a_low, b_high, b_low) = (a >> 32, a & LOW, b >> 32, b & LOW);
    a_high * b_high + ((a_high * b_low) >> 32) + ((a_low * b_high) >> 32)
}

/// Whether `mantissa * 10^exponent`, which is not far from half-way between `below * 2^binary_exponent` and the next double,
/// is rounded to that one. None where the exact comparison has no room.
#[cold]
#[inline(never)]
fn is_rounded_up(mantissa: u64, exponent: i32, below: u64, binary_exponent: i32) -> Option<bool> {
    // The highest power of five of 63 bits.
    const MAX_POWER: u32 = 27;
    if exponent.unsigned_abs() > MAX_POWER {
        return None;
    }
    let power = 5_u128.pow(exponent.unsigned_abs());
    let half_way = u128::from(2 * below + 1);
    let (number, half_way) = match exponent < 0 {
        true => (u128::from(mantissa), half_way * power),
        false => (u128::from(mantissa) * power, half_way),
    };
    // The powers of two go to whichever side keeps both whole.
    let twos = binary_exponent - 1 - exponent;
    let (number, half_way) = match twos < 0 {
        true => (number << twos.unsigned_abs(), half_way),
        false => (number, half_way << twos),
    };
    Some(number > half_way || (number == half_way && below % 2 == 1))
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
            assert!(read == mantissas.len() || exponent.abs() > 27, "{exponent}");
        }
        for exponent in [i32::MIN, -400, MIN_EXPONENT - 1, MAX_EXPONENT + 1, 400, i32::MAX] {
            assert_eq!(decimal_to_f64(u64::MAX, exponent), None);
            assert_eq!(decimal_to_f64(0, exponent), Some(0.0));
        }
    }

    #[test]
    fn halves_are_rounded_to_even() {
        for (mantissa, exponent) in [
            ((1 << 53) + 1, 0),
            ((1 << 53) + 3, 0),
            ((1 << 54) + 2, 0),
            ((1 << 60) + (1 << 7), 0),
            ((1 << 60) + 3 * (1 << 7), 0),
            // 2^52 + 1/2 and 2^52 + 3/2.
            (45_035_996_273_704_965, -1),
            (45_035_996_273_704_975, -1),
            (9_007_199_254_740_993, 7),
        ] {
            assert!(check(mantissa, exponent), "{mantissa}e{exponent}");
        }
    }

    proptest! {
        #[test]
        fn any_half_and_what_is_next_to_it_is_rounded_right(
            below in 1_u64 << 52..1 << 53, fives in 0..5_u32, beside in -1..=1_i64,
        ) {
            // below + 1/2, times a power of two, in decimals.
            if let Some(half) = (2 * below + 1).checked_mul(5_u64.pow(fives)) {
                prop_assert!(check(half.saturating_add_signed(beside), -(fives as i32)));
            }
        }

        #[test]
        fn any_decimal_is_rounded_right(mantissa: u64, shift in 0..64_u32, exponent in MIN_EXPONENT..=MAX_EXPONENT) {
            check(mantissa >> shift, exponent);
        }
    }
}
