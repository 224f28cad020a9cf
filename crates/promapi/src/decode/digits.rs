//! From digits to numbers and back, many at a time.

#[cfg(not(target_arch = "wasm32"))]
pub(super) use portable::{join, join_two, others, zeros};
#[cfg(target_arch = "wasm32")]
pub(super) use simd::{join, join_two, others, zeros};

/// Eight times the digit 0.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Whether every byte of `word` is a digit.
#[inline(always)]
pub(super) fn is_eight_digits(word: u64) -> bool {
    let digits = word ^ ZEROS;
    // Bytes over nine get their high bit set. A carry spoils only bytes after the first of them.
    (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0
}

/// The number that eight digits make, the first one in the lowest byte; a zero byte counts as the digit 0. Joins neighbours
/// to pairs, to fours, to eight (Daniel Lemire, "Quickly parsing eight digits", 2018).
#[inline(always)]
pub(super) fn join_eight(word: u64) -> u64 {
    let digits = word & 0x0F0F_0F0F_0F0F_0F0F;
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    let low = (pairs & 0x0000_00FF_0000_00FF).wrapping_mul(100 + (1_000_000 << 32));
    let high = ((pairs >> 16) & 0x0000_00FF_0000_00FF).wrapping_mul(1 + (10_000 << 32));
    low.wrapping_add(high) >> 32
}

/// The four digits of a number below 10^4, the first one in the lowest byte.
#[inline(always)]
pub(super) fn spell_four(number: u32) -> u32 {
    let hundreds = (number * 5_243) >> 19;
    let pair = |number: u32| u32::from(PAIRS.get((number & 0x7F) as usize).copied().unwrap_or_default());
    pair(hundreds) | pair(number - hundreds * 100) << 16
}

/// The two digits of each number below 100, and so many that any seven bits find some.
static PAIRS: [u16; 128] = {
    let mut pairs = [0; 128];
    let mut number = 0;
    while number < 100 {
        pairs[number as usize] = (0x30 + number / 10) | (0x30 + number % 10) << 8;
        number += 1;
    }
    pairs
};

/// With the instructions for 128 bits, which every browser has that runs the app.
#[cfg(target_arch = "wasm32")]
mod simd {
    use std::arch::wasm32::{
        i8x16, i8x16_bitmask, i8x16_gt, i8x16_splat, i8x16_swizzle, i16x8, i16x8_mul, i16x8_narrow_i32x4, i16x8_splat,
        i32x4_dot_i16x8, u8x16_add_sat, u8x16_eq, u8x16_splat, u16x8_shr, u64x2_extract_lane, v128, v128_and,
        v128_bitselect, v128_xor,
    };

    /// Which bytes of `text` are no digits, the first one in the lowest bit.
    #[inline(always)]
    pub fn others(text: &[u8; 16]) -> u32 {
        // From ten on they reach the highest bit.
        i8x16_bitmask(u8x16_add_sat(digits(text), u8x16_splat(0x80 - 10))).into()
    }

    /// Which bytes of `text` are the digit 0, the first one in the lowest bit.
    #[inline(always)]
    pub fn zeros(text: &[u8; 16]) -> u32 {
        i8x16_bitmask(u8x16_eq(load(text), u8x16_splat(b'0'))).into()
    }

    /// The number that the first `count` bytes of `text` make, which are digits; at most sixteen.
    #[inline(always)]
    pub fn join(text: &[u8; 16], count: usize) -> u64 {
        /// From each `count` on, where the digits go: to the end, after zeros.
        const LANES: [u8; 32] = [
            255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8,
            9, 10, 11, 12, 13, 14, 15,
        ];
        let lanes = LANES.get(count..).and_then(|lanes| lanes.first_chunk()).unwrap_or(&[0; 16]);
        join_sixteen(i8x16_swizzle(digits(text), load(lanes)))
    }

    /// The number of sixteen digits that the first `split` bytes of `before` and then those of `after` make up to the
    /// `count`th, zeros from there on. The bytes of both are at their places in that number.
    #[inline(always)]
    pub fn join_two(before: &[u8; 16], after: &[u8; 16], split: i8, count: i8) -> u64 {
        const PLACES: v128 = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        let is_before = i8x16_gt(i8x16_splat(split), PLACES);
        let is_there = i8x16_gt(i8x16_splat(count), PLACES);
        let digits = v128_xor(v128_bitselect(load(before), load(after), is_before), u8x16_splat(b'0'));
        join_sixteen(v128_and(digits, is_there))
    }

    #[inline(always)]
    fn join_sixteen(digits: v128) -> u64 {
        // Ten times the first of two and the second, in the upper byte; what the second makes above that falls off.
        let pairs = u16x8_shr(i16x8_mul(digits, i16x8_splat((10 << 8) + 1)), 8);
        let fours = i32x4_dot_i16x8(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
        let fours = i16x8_narrow_i32x4(fours, fours);
        let eights = i32x4_dot_i16x8(fours, i16x8(10_000, 1, 10_000, 1, 10_000, 1, 10_000, 1));
        let eights = u64x2_extract_lane::<0>(eights);
        (eights & 0xFFFF_FFFF) * 100_000_000 + (eights >> 32)
    }

    #[inline(always)]
    fn digits(text: &[u8; 16]) -> v128 {
        v128_xor(load(text), u8x16_splat(b'0'))
    }

    #[inline(always)]
    fn load(bytes: &[u8; 16]) -> v128 {
        bytemuck::must_cast(*bytes)
    }
}

/// The same for the tools and tests that run elsewhere.
#[cfg(not(target_arch = "wasm32"))]
mod portable {
    use super::join_eight;

    /// Which bytes of `text` are no digits, the first one in the lowest bit.
    pub fn others(text: &[u8; 16]) -> u32 {
        places(text, |byte| !byte.is_ascii_digit())
    }

    /// Which bytes of `text` are the digit 0, the first one in the lowest bit.
    pub fn zeros(text: &[u8; 16]) -> u32 {
        places(text, |byte| byte == b'0')
    }

    fn places(text: &[u8; 16], is: fn(u8) -> bool) -> u32 {
        text.iter().rev().fold(0, |places, byte| places << 1 | u32::from(is(*byte)))
    }

    /// The number that the first `count` bytes of `text` make, which are digits; at most sixteen.
    pub fn join(text: &[u8; 16], count: usize) -> u64 {
        // Zeros before the digits instead of other bytes after them.
        let digits = u128::from_le_bytes(*text).checked_shl(128 - 8 * count as u32).unwrap_or_default();
        join_eight(digits as u64) * 100_000_000 + join_eight((digits >> 64) as u64)
    }

    /// The number of sixteen digits that the first `split` bytes of `before` and then those of `after` make up to the
    /// `count`th, zeros from there on. The bytes of both are at their places in that number.
    pub fn join_two(before: &[u8; 16], after: &[u8; 16], split: i8, count: i8) -> u64 {
        let digits = (0..).zip(before.iter().zip(after)).map(|(place, (before, after))| match place {
            _ if place >= count => 0,
            _ if place < split => before & 0xF,
            _ => after & 0xF,
        });
        digits.fold(0, |number, digit| number * 10 + u64::from(digit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_spelled_as_they_are_read() {
        for number in [0, 1, 9, 10, 99, 100, 909, 1_000, 9_090, 9_999] {
            let word = spell_four(number);
            assert_eq!(word.to_le_bytes().as_slice(), format!("{number:04}").as_bytes());
            assert_eq!(join_eight(u64::from(word) << 32), u64::from(number));
        }
        for number in [0, 1, 12_345_678, 90_909_090, 99_999_999] {
            let word = u64::from_le_bytes(*format!("{number:08}").as_bytes().first_chunk().unwrap());
            assert_eq!((is_eight_digits(word), join_eight(word)), (true, number));
        }
    }

    #[test]
    fn every_other_byte_is_told_from_a_digit() {
        for byte in 0..=u8::MAX {
            for place in 0..16 {
                let mut text = *b"0918273645091827";
                text[place] = byte;
                let is_digit = byte.is_ascii_digit();
                assert_eq!(others(&text), u32::from(!is_digit) << place, "{byte} at {place}");
                assert_eq!(
                    is_eight_digits(u128::from_le_bytes(text) as u64),
                    is_digit || place >= 8,
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn any_number_of_digits_is_joined() {
        let text = b"9182736450918273";
        for count in 0..=16 {
            let expected = String::from_utf8_lossy(&text[..count]).parse().unwrap_or(0);
            let mut text = *text;
            text[count..].fill(b'"');
            assert_eq!(join(&text, count), expected, "{count}");
        }
    }

    #[test]
    fn digits_on_both_sides_of_a_point_are_joined() {
        let text = "918273645.0918273";
        for count in 0..=15 {
            let digits = text.replace('.', "")[..count].to_owned() + &"0".repeat(16 - count);
            let [before, after] = [0, 1].map(|start| *text.as_bytes()[start..].first_chunk().unwrap());
            assert_eq!(join_two(&before, &after, 9, count as i8), digits.parse::<u64>().unwrap(), "{count}");
        }
        let digits = b"9182736450918273";
        for split in [-20, 0, 16, 20] {
            let (before, after) =
                if split <= 0 { (b"................", digits) } else { (digits, b"................") };
            assert_eq!(join_two(before, after, split, 16), 9_182_736_450_918_273, "{split}");
        }
    }
}
