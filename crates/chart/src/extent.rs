//! The smallest and largest values that are drawn.

use crate::TimeRange;
use crate::axis::scale::Spread;
use crate::series::{AxisId, Draw, Series};

/// The extent of the finite values of all series on `axis` inside `range`, with the baselines their areas and bars
/// reach down to. On a logarithmic axis only values above 0 count.
pub(crate) fn extent(series: &[Series], axis: Option<AxisId>, range: TimeRange, spread: Spread) -> Option<(f64, f64)> {
    let positive = matches!(spread, Spread::Log { .. });
    let mut extent = Extent { least: if positive { f64::MIN_POSITIVE } else { f64::MIN }, ..Extent::EMPTY };
    for series in series.iter().filter(|series| axis.is_none_or(|axis| axis == series.axis)) {
        let rows = series.rows_between(range.start.0 as f64, range.end.0 as f64, 0);
        let visible = series.cut(rows);
        if visible.is_empty() {
            continue;
        }
        extent.add(visible.values);
        if series.style.fill_opacity > 0.0 || series.style.draw == Draw::Bars {
            extent.add(visible.baseline.unwrap_or_default());
        }
        if series.style.draw == Draw::Bars && visible.baseline.is_none() {
            extent.add(&[0.0]);
        }
    }
    (extent.low <= extent.high).then_some((extent.low, extent.high))
}

struct Extent {
    least: f64,
    low: f64,
    high: f64,
}

impl Extent {
    const EMPTY: Self = Self { least: f64::MIN, low: f64::INFINITY, high: f64::NEG_INFINITY };

    fn add(&mut self, values: &[f64]) {
        for &value in values {
            // False for NaN, gaps and infinities alike.
            if value >= self.least && value <= f64::MAX {
                // Not f64::min, which is a call in Wasm.
                if value < self.low {
                    self.low = value;
                }
                if value > self.high {
                    self.high = value;
                }
            }
        }
    }
}
