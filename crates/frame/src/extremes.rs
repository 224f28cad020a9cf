//! The smallest and the largest of many values, and where they are.
//!
//! Of a comparison of two doubles a compiler for Wasm makes a jump, which no processor foresees where values go up and
//! down. With the instructions for 128 bits there is none.

#[cfg(not(target_arch = "wasm32"))]
use portable::{position_in_block, range};
#[cfg(target_arch = "wasm32")]
use simd::{position_in_block, range};

/// So many values are compared at a time.
const BLOCK: usize = 4;

/// What values lie between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Extremes {
    pub min: f64,
    pub max: f64,
    /// Whether a gap or another NaN is among the values.
    pub has_nan: bool,
}

impl Extremes {
    /// None where no value is a number.
    pub fn of(values: &[f64]) -> Option<Self> {
        Some(range(values)).filter(|found| found.min <= found.max)
    }
}

/// Where `wanted` is first among `values`.
pub(crate) fn position(values: &[f64], wanted: f64) -> Option<usize> {
    let (blocks, rest) = values.as_chunks();
    for (index, block) in blocks.iter().enumerate() {
        if let Some(lane) = position_in_block(block, wanted) {
            return Some(index * BLOCK + lane);
        }
    }
    rest.iter().position(|value| *value == wanted).map(|lane| blocks.len() * BLOCK + lane)
}

/// With the instructions for 128 bits, which every browser has that runs the app.
#[cfg(target_arch = "wasm32")]
mod simd {
    use super::{BLOCK, Extremes};
    use std::arch::wasm32::{
        f64x2, f64x2_eq, f64x2_extract_lane, f64x2_ne, f64x2_pmax, f64x2_pmin, f64x2_splat, i64x2_bitmask,
        i64x2_shuffle, i64x2_splat, v128_any_true, v128_or,
    };

    pub fn range(values: &[f64]) -> Extremes {
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        let (mut min, mut max) = (f64x2_splat(f64::INFINITY), f64x2_splat(f64::NEG_INFINITY));
        let (mut other_min, mut other_max) = (min, max);
        let mut nan = i64x2_splat(0);
        for [a, b, c, d] in blocks {
            let (one, other) = (f64x2(*a, *b), f64x2(*c, *d));
            // What is no number is neither smaller nor larger, and leaves what stands first.
            (min, max) = (f64x2_pmin(min, one), f64x2_pmax(max, one));
            (other_min, other_max) = (f64x2_pmin(other_min, other), f64x2_pmax(other_max, other));
            nan = v128_or(nan, v128_or(f64x2_ne(one, one), f64x2_ne(other, other)));
        }
        for value in rest {
            let both = f64x2_splat(*value);
            (min, max) = (f64x2_pmin(min, both), f64x2_pmax(max, both));
            nan = v128_or(nan, f64x2_ne(both, both));
        }
        let (min, max) = (f64x2_pmin(min, other_min), f64x2_pmax(max, other_max));
        let turned = |both| i64x2_shuffle::<1, 0>(both, both);
        Extremes {
            min: f64x2_extract_lane::<0>(f64x2_pmin(min, turned(min))),
            max: f64x2_extract_lane::<0>(f64x2_pmax(max, turned(max))),
            has_nan: v128_any_true(nan),
        }
    }

    pub fn position_in_block([a, b, c, d]: &[f64; BLOCK], wanted: f64) -> Option<usize> {
        let wanted = f64x2_splat(wanted);
        let (one, other) = (f64x2_eq(f64x2(*a, *b), wanted), f64x2_eq(f64x2(*c, *d), wanted));
        let found = i64x2_bitmask(one) | i64x2_bitmask(other) << 2;
        (found != 0).then(|| found.trailing_zeros() as usize)
    }
}

/// The same for the tools and tests that run elsewhere.
#[cfg(not(target_arch = "wasm32"))]
mod portable {
    use super::{BLOCK, Extremes};

    pub fn range(values: &[f64]) -> Extremes {
        Extremes {
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            has_nan: values.iter().any(|value| value.is_nan()),
        }
    }

    pub fn position_in_block(block: &[f64; BLOCK], wanted: f64) -> Option<usize> {
        block.iter().position(|value| *value == wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GAP;

    #[test]
    fn extremes_and_where_they_are() {
        let check = |values: &[f64], expected: Option<(f64, f64, bool)>, places: (Option<usize>, Option<usize>)| {
            let found = Extremes::of(values);
            assert_eq!(found.map(|found| (found.min, found.max, found.has_nan)), expected, "{values:?}");
            let place = |wanted: Option<f64>| position(values, wanted?);
            let found = (place(found.map(|found| found.min)), place(found.map(|found| found.max)));
            assert_eq!(found, places, "{values:?}");
        };
        check(&[], None, (None, None));
        check(&[GAP, f64::NAN], None, (None, None));
        check(&[2.0], Some((2.0, 2.0, false)), (Some(0), Some(0)));
        check(&[3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0], Some((1.0, 9.0, false)), (Some(1), Some(5)));
        check(&[GAP, 1.0, 1.0, 1.0, 1.0, 7.0], Some((1.0, 7.0, true)), (Some(1), Some(5)));
        check(
            &[0.0, f64::INFINITY, f64::NEG_INFINITY],
            Some((f64::NEG_INFINITY, f64::INFINITY, false)),
            (Some(2), Some(1)),
        );
    }
}
