//! Reproducible randomness: a number is a function of what it is for and when, never of what was drawn before.

/// Mixes a seed and an index into 64 well-spread bits (SplitMix64's finalizer, Steele, Lea and Flood 2014).
#[must_use]
pub fn hash(seed: u64, index: i64) -> u64 {
    let mut bits = seed ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A number in `0.0..1.0`.
#[must_use]
pub fn unit(seed: u64, index: i64) -> f64 {
    // The upper 53 bits, as many as a f64 holds.
    (hash(seed, index) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A number in `-1.0..1.0` that wanders smoothly with `secs`, turning about once per `period`.
#[must_use]
pub fn wander(seed: u64, secs: i64, period: i64) -> f64 {
    let index = secs.div_euclid(period);
    let part = secs.rem_euclid(period) as f64 / period as f64;
    let ease = part * part * (3.0 - 2.0 * part);
    let (from, to) = (unit(seed, index), unit(seed, index + 1));
    (from + (to - from) * ease) * 2.0 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_and_repeatable() {
        let mean = (0..10_000).map(|index| unit(7, index)).sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert_eq!(hash(1, -5).to_string(), hash(1, -5).to_string());
        assert_ne!(hash(1, 2), hash(2, 1));
    }

    #[test]
    fn wandering_has_no_jumps() {
        for secs in -1_000..1_000 {
            let step = wander(3, secs + 1, 100) - wander(3, secs, 100);
            assert!(step.abs() < 0.04, "at {secs}: {step}");
        }
    }
}
