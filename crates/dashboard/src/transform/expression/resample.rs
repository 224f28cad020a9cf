//! Series on another grid.

use super::super::options::Options;
use super::super::{TransformError, check_size};
use super::item::{Data, Item};
use frame::{GAP, TimeRange};
use std::sync::Arc;

/// A new point at the end of every window of the panel's range.
#[derive(Clone, Debug)]
pub(super) struct Resample {
    pub(super) input: Arc<str>,
    window_millis: i64,
    /// What a window with several points becomes.
    down: Down,
    /// What a window without one becomes.
    up: Up,
}

#[derive(Clone, Copy, Debug)]
enum Down {
    Mean,
    Min,
    Max,
    Sum,
    Last,
}

#[derive(Clone, Copy, Debug)]
enum Up {
    /// The value before it.
    Pad,
    /// The value behind it.
    Backfill,
    /// Nothing.
    Nothing,
}

impl Resample {
    pub(super) fn read(query: &Options, input: Arc<str>) -> Result<Self, TransformError> {
        let window = query.get("window");
        let millis = query.str("window").and_then(crate::time::parse_duration).filter(|millis| *millis > 0);
        let down = match query.str("downsampler").unwrap_or("mean") {
            "mean" => Down::Mean,
            "min" => Down::Min,
            "max" => Down::Max,
            "sum" => Down::Sum,
            "last" => Down::Last,
            other => return Err(query.get("downsampler").error(format!("there is no downsampler `{other}`"))),
        };
        let up = match query.str("upsampler").unwrap_or("fillna") {
            "pad" => Up::Pad,
            "backfilling" => Up::Backfill,
            "fillna" => Up::Nothing,
            other => return Err(query.get("upsampler").error(format!("there is no upsampler `{other}`"))),
        };
        let window_millis = millis.ok_or_else(|| window.error("the window must be a duration such as 10s"))?;
        Ok(Self { input, window_millis, down, up })
    }

    pub(super) fn apply(&self, items: &[Item], range: TimeRange) -> Result<Vec<Item>, TransformError> {
        let points = (range.millis() / self.window_millis).saturating_add(1);
        let points = usize::try_from(points).unwrap_or(usize::MAX);
        check_size(points, items.len().max(1))?;
        let at = |index: usize| range.start.plus(index as i64 * self.window_millis).0 as f64;
        let times: Arc<Vec<f64>> = Arc::new((0..points).map(at).collect());
        let resampled = |item: &Item| match &item.data {
            Data::Number(_) => item.clone(),
            Data::Series { times: old, values } => {
                let data = Data::Series { times: times.clone(), values: self.values(old, values, &times) };
                Item { labels: item.labels.clone(), data }
            }
        };
        Ok(items.iter().map(resampled).collect())
    }

    fn values(&self, old_times: &[f64], old: &[f64], times: &[f64]) -> Vec<f64> {
        let mut done = 0;
        let value = |time: &f64| {
            let end = done + old_times.get(done..).map_or(0, |rest| rest.partition_point(|at| at <= time));
            let window = old.get(done..end).unwrap_or_default();
            done = end;
            match (window.is_empty(), self.up) {
                (false, _) => self.down.of(window),
                (true, Up::Pad) => end.checked_sub(1).and_then(|last| old.get(last)).copied().unwrap_or(GAP),
                (true, Up::Backfill) => old.get(end).copied().unwrap_or(GAP),
                (true, Up::Nothing) => GAP,
            }
        };
        times.iter().map(value).collect()
    }
}

impl Down {
    fn of(self, window: &[f64]) -> f64 {
        if window.iter().any(|value| value.is_nan()) && !matches!(self, Self::Last) {
            return f64::NAN;
        }
        match self {
            Self::Mean => window.iter().sum::<f64>() / window.len() as f64,
            Self::Min => window.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => window.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Sum => window.iter().sum(),
            Self::Last => window.last().copied().unwrap_or(GAP),
        }
    }
}
