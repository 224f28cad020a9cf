//! From digits to numbers and back, many at a time.

use std::array;

#[cfg(not(target_arch = "wasm32"))]
pub(super) use portable::{join, places};
#[cfg(target_arch = "wasm32")]
pub(super) use simd::{join, places};

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

/// The four digits of a number below 10^4, the first one in the lowest byte: [`join_eight`] backwards.
#[inline(always)]
pub(super) fn spell_four(number: u64) -> u64 {
    let hundreds = (number * 10_486) >> 20;
    let pairs = hundreds | ((number - hundreds * 100) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000F_000F;
    0x3030_3030 | tens | ((pairs - tens * 10) << 8)
}

/// Half of `text`, the first byte lowest.
fn half(text: &[u8; 16], start: usize) -> u64 {
    u64::from_le_bytes(array::from_fn(|index| text.get(start + index).copied().unwrap_or_default()))
}

/// With the instructions for 128 bits, which every browser has that runs the app.
#[cfg(target_arch = "wasm32")]
mod simd {
    use super::half;
    use std::arch::wasm32::{
        i8x16_bitmask, i8x16_swizzle, i16x8, i16x8_add, i16x8_mul, i16x8_shuffle, i16x8_splat, i32x4_dot_i16x8,
        u8x16_lt, u8x16_splat, u16x8_shr, u64x2, u64x2_extract_lane, v128, v128_and, v128_xor,
    };

    /// Which bytes of `text` are digits, the first one in the lowest bit.
    #[inline(always)]
    pub fn places(text: &[u8; 16]) -> u32 {
        i8x16_bitmask(u8x16_lt(digits(text), u8x16_splat(10))).into()
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
        let digits = i8x16_swizzle(digits(text), load(lanes));
        let firsts = v128_and(digits, i16x8_splat(0xFF));
        let pairs = i16x8_add(i16x8_mul(firsts, i16x8_splat(10)), u16x8_shr(digits, 8));
        let fours = i32x4_dot_i16x8(pairs, i16x8(100, 1, 100, 1, 100, 1, 100, 1));
        let fours = i16x8_shuffle::<0, 2, 4, 6, 0, 2, 4, 6>(fours, fours);
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
        u64x2(half(bytes, 0), half(bytes, 8))
    }
}

/// The same for the tools and tests that run elsewhere.
#[cfg(not(target_arch = "wasm32"))]
mod portable {
    use super::{half, join_eight};

    /// Which bytes of `text` are digits, the first one in the lowest bit.
    pub fn places(text: &[u8; 16]) -> u32 {
        text.iter().rev().fold(0, |places, byte| places << 1 | u32::from(byte.is_ascii_digit()))
    }

    /// The number that the first `count` bytes of `text` make, which are digits; at most sixteen.
    pub fn join(text: &[u8; 16], count: usize) -> u64 {
        let word = u128::from(half(text, 0)) | u128::from(half(text, 8)) << 64;
        // Zeros before the digits instead of other bytes after them.
        let digits = word.checked_shl(128 - 8 * count as u32).unwrap_or_default();
        join_eight(digits as u64) * 100_000_000 + join_eight((digits >> 64) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_spelled_as_they_are_read() {
        for number in [0, 1, 9, 10, 99, 100, 909, 1_000, 9_090, 9_999] {
            let word = spell_four(number);
            assert_eq!(word.to_le_bytes().as_slice(), format!("{number:04}\0\0\0\0").as_bytes());
            assert_eq!(join_eight(word << 32), number);
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
                assert_eq!(places(&text), 0xFFFF ^ (u32::from(!is_digit) << place), "{byte} at {place}");
                assert_eq!(is_eight_digits(half(&text, 0)), is_digit || place >= 8, "{byte} at {place}");
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
}
