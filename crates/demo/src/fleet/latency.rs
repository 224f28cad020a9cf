//! Durations: how they are spread, and the cells they are counted in.
//!
//! A histogram is exposed in two forms, with classic and with native buckets. Observations are counted in *cells*, the
//! intervals between all bounds of both forms, so that both and the sum agree to the last observation.

use std::sync::LazyLock;

/// The upper bounds of the classic buckets in seconds, without the last, `+Inf`.
pub const CLASSIC_BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The resolution of the native buckets: bounds are powers of 2^(2^-3), 9 % apart.
pub const NATIVE_SCHEMA: i32 = 3;
const NATIVE_PER_OCTAVE: i32 = 1 << NATIVE_SCHEMA;
/// The native buckets in use have the upper bounds from 2^-11 s (0.5 ms) to 2^4 s. What is shorter or longer is
/// counted in the first or the last.
const NATIVE_FIRST: i32 = -11 * NATIVE_PER_OCTAVE;
const NATIVE_LAST: i32 = 4 * NATIVE_PER_OCTAVE;

/// An interval of durations that lies in one classic and in one native bucket.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// The logarithm of its upper bound.
    ln_upper: f64,
    /// The duration its observations are summed as: the geometric middle, in seconds.
    pub middle_secs: f64,
    /// Its place among the classic buckets.
    pub classic: usize,
    /// The index of its native bucket.
    pub native: i32,
}

/// All cells, ascending.
pub static CELLS: LazyLock<Vec<Cell>> = LazyLock::new(|| {
    let native = (NATIVE_FIRST..=NATIVE_LAST).map(native_bound);
    let mut bounds: Vec<f64> = native.chain(CLASSIC_BOUNDS).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    let mut lower = native_bound(NATIVE_FIRST - 1);
    let cell = |upper: f64| {
        let middle_secs = (lower * upper).sqrt();
        lower = upper;
        Cell {
            ln_upper: upper.ln(),
            middle_secs,
            classic: CLASSIC_BOUNDS.partition_point(|bound| *bound < upper),
            native: (NATIVE_FIRST..=NATIVE_LAST).find(|index| upper <= native_bound(*index)).unwrap_or(NATIVE_LAST),
        }
    };
    bounds.into_iter().map(cell).collect()
});

/// The upper bound in seconds of the native bucket `index`.
fn native_bound(index: i32) -> f64 {
    (f64::from(index) / f64::from(NATIVE_PER_OCTAVE)).exp2()
}

/// A log-logistic distribution of durations: like a log-normal one, but heavier in the tail, as real latencies are,
/// and with a distribution function in closed form, `1 / (1 + (x / median)^-shape)`.
#[derive(Clone, Copy, Debug)]
pub struct Durations {
    /// Half of the requests take at most so many seconds.
    pub median_secs: f64,
    /// The larger, the narrower.
    pub shape: f64,
}

impl Durations {
    /// The ratio of durations in each cell; what lies beyond the ends is in the first and in the last.
    pub fn spread(self, ratios: &mut [f64]) {
        let ln_median = self.median_secs.ln();
        let mut below = 0.0;
        let last = CELLS.len() - 1;
        for (place, (cell, ratio)) in CELLS.iter().zip(ratios).enumerate() {
            let upto =
                if place == last { 1.0 } else { 1.0 / (1.0 + (-self.shape * (cell.ln_upper - ln_median)).exp()) };
            *ratio = upto - below;
            below = upto;
        }
    }

    /// The mean in seconds; for shapes near 1 and below, where there is none, some multiple of the median.
    #[must_use]
    pub fn mean_secs(self) -> f64 {
        let angle = std::f64::consts::PI / self.shape.max(1.2);
        self.median_secs * angle / angle.sin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_refine_both_forms() {
        assert_eq!(
            CELLS.len(),
            (NATIVE_LAST - NATIVE_FIRST + 1) as usize + CLASSIC_BOUNDS.len() - 3,
            "three are shared"
        );
        let mut lower = native_bound(NATIVE_FIRST - 1);
        for cell in CELLS.iter() {
            let upper = cell.ln_upper.exp();
            assert!(lower < cell.middle_secs && cell.middle_secs < upper);
            let classic_upper = CLASSIC_BOUNDS.get(cell.classic).copied().unwrap_or(f64::INFINITY);
            assert!(cell.middle_secs <= classic_upper);
            assert!(cell.classic == 0 || cell.middle_secs > CLASSIC_BOUNDS[cell.classic - 1]);
            assert!(cell.middle_secs <= native_bound(cell.native));
            assert!(cell.middle_secs > native_bound(cell.native - 1));
            lower = upper;
        }
    }

    #[test]
    fn spread_adds_up_and_has_its_median() {
        let durations = Durations { median_secs: 0.05, shape: 3.5 };
        let mut ratios = vec![0.0; CELLS.len()];
        durations.spread(&mut ratios);
        assert!((ratios.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(ratios.iter().all(|ratio| *ratio >= 0.0));
        let at_most_median: f64 = CELLS.iter().zip(&ratios).filter(|(c, _)| c.classic <= 3).map(|(_, r)| r).sum();
        assert!((at_most_median - 0.5).abs() < 1e-12, "{at_most_median}");
    }

    #[test]
    fn mean_is_that_of_the_cells() {
        let durations = Durations { median_secs: 0.02, shape: 4.0 };
        let mut ratios = vec![0.0; CELLS.len()];
        durations.spread(&mut ratios);
        let summed: f64 = CELLS.iter().zip(&ratios).map(|(cell, ratio)| cell.middle_secs * ratio).sum();
        assert!((summed / durations.mean_secs() - 1.0).abs() < 0.01, "{summed} {}", durations.mean_secs());
    }
}
