//! Whole numbers of any size, as far as reading and writing decimals needs them.
//!
//! What is called from several places is kept out of line: this crate is compiled for speed, and these run rarely.

/// Nine digits are as many as fit into a limb.
const LIMB_OF_TEN: (u32, u32) = (9, 1_000_000_000);
/// Thirteen powers of five are.
const LIMB_OF_FIVE: (u32, u32) = (13, 1_220_703_125);

/// A whole number. Limbs from the lowest; the highest is not zero.
#[derive(Clone)]
pub(super) struct Big(Vec<u32>);

impl Big {
    #[inline(never)]
    pub(super) fn new(number: u64) -> Self {
        let mut big = Self(vec![number as u32, (number >> 32) as u32]);
        big.trim();
        big
    }

    #[inline(never)]
    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Makes it `self * factor + carry`.
    #[inline(never)]
    pub(super) fn multiply_add(&mut self, factor: u32, mut carry: u32) {
        for limb in &mut self.0 {
            let product = u64::from(*limb) * u64::from(factor) + u64::from(carry);
            (*limb, carry) = (product as u32, (product >> 32) as u32);
        }
        if carry > 0 {
            self.0.push(carry);
        }
    }

    /// Divides by `divisor`, which is not zero, and returns the remainder.
    #[inline(never)]
    fn divide(&mut self, divisor: u32) -> u32 {
        let (divisor, mut rest) = (u64::from(divisor.max(1)), 0);
        for limb in self.0.iter_mut().rev() {
            let part = (rest << 32) | u64::from(*limb);
            (*limb, rest) = ((part / divisor) as u32, part % divisor);
        }
        self.trim();
        rest as u32
    }

    pub(super) fn shift_left(&mut self, bits: u32) {
        self.multiply_add(1 << (bits % 32), 0);
        if !self.is_zero() {
            self.0.splice(0..0, std::iter::repeat_n(0, (bits / 32) as usize));
        }
    }

    pub(super) fn multiply_by_power_of_five(&mut self, power: u32) {
        for_each_limb(power, 5, LIMB_OF_FIVE, |factor| self.multiply_add(factor, 0));
    }

    /// Nine more digits from the low end.
    pub(super) fn pop_digits(&mut self) -> u32 {
        self.divide(LIMB_OF_TEN.1)
    }

    /// The double nearest to `self * 10^exponent`, where `self` has this many decimal digits.
    pub(super) fn scaled(mut self, exponent: i64, digits: i64) -> f64 {
        // Where its first digit stands; beyond that there are no doubles.
        let first = exponent.saturating_add(digits);
        if self.is_zero() || first < -330 {
            return 0.0;
        }
        if first > 310 {
            return f64::INFINITY;
        }
        let power = exponent.unsigned_abs() as u32;
        if exponent >= 0 {
            for_each_limb(power, 10, LIMB_OF_TEN, |factor| self.multiply_add(factor, 0));
            return self.nearest(0, false);
        }
        // The quotient is to have 64 bits at least, of which a division by ten takes less than 10/3.
        let shift = 64 + power * 10 / 3 + 1;
        self.shift_left(shift);
        let mut inexact = false;
        for_each_limb(power, 10, LIMB_OF_TEN, |divisor| inexact |= self.divide(divisor) != 0);
        self.nearest(shift, inexact)
    }

    /// The double nearest to `self / 2^shift`, and a little more if that is `inexact`; halfway to the even one.
    fn nearest(&self, shift: u32, inexact: bool) -> f64 {
        let mut limbs = self.0.iter().rev();
        let mut next = || u128::from(limbs.next().copied().unwrap_or_default());
        let top = (next() << 64) | (next() << 32) | next();
        let leading = top.leading_zeros() - 32;
        let exponent = self.0.len() as i32 * 32 - 1 - leading as i32 - shift as i32;
        if exponent > 1023 {
            return f64::INFINITY;
        }
        let is_more = inexact || limbs.any(|limb| *limb != 0);
        let top = (top << leading) | u128::from(is_more);
        // Of the 96 bits a double keeps 53, fewer where it is subnormal, and none of what is too small.
        let surplus = 43 + (-1022 - exponent).clamp(0, 54) as u32;
        let (significand, rest, half) = ((top >> surplus) as u64, top & ((1 << surplus) - 1), 1 << (surplus - 1));
        let round_up = rest > half || (rest == half && significand & 1 == 1);
        // The highest bit, bit 52, adds one to the exponent; a carry from rounding adds one more.
        let biased = (exponent + 1022).max(0) as u64;
        f64::from_bits((biased << 52) + significand + u64::from(round_up))
    }
}

/// Calls `step` with factors that make `base^power`, most of them as large as a limb can be.
fn for_each_limb(power: u32, base: u32, (size, limb): (u32, u32), mut step: impl FnMut(u32)) {
    for _ in 0..power / size {
        step(limb);
    }
    step(base.pow(power % size));
}
