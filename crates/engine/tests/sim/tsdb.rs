//! A storage with what storages have: counters that start over, series that come and go, samples that come late.

use crate::world::{Sent, an_answer_of};
use frame::{Frame, GAP, Grid, Labels, Millis, Times};
use promapi::{Answer, QueryResult};

#[derive(Clone, Debug)]
pub struct Sample {
    pub at: Millis,
    pub value: f64,
    /// When the storage has it.
    pub arrives: Millis,
}

/// Series by number; their order is that of their labels.
#[derive(Clone, Debug, Default)]
pub struct Tsdb {
    pub series: Vec<Vec<Sample>>,
}

const LOOKBACK_MILLIS: i64 = 300_000;

impl Tsdb {
    /// The answer to `sent`, from the samples that are there when it is sent.
    pub fn answer(&self, sent: &Sent) -> Answer {
        let grid = sent.grid.expect("a range query");
        let series = self.evaluate(&sent.expr, grid, sent.at);
        let samples = series.iter().flat_map(|(_, values)| values).filter(|value| !frame::is_gap(**value)).count();
        let (count, frames) = (series.len() as u32, Frame::series(Times::Grid(grid), series));
        let frames = if count == 0 { Vec::new() } else { vec![frames] };
        an_answer_of(QueryResult::Matrix(frames), count, samples as u64)
    }

    /// The series of `expr` (`last`, `increase` over two minutes, or any of them `or vector(0)` for each series) that have a value on `grid`, as known at `now`.
    pub fn evaluate(&self, expr: &str, grid: Grid, now: Millis) -> Vec<(Labels, Vec<f64>)> {
        let of_one = |(number, samples): (usize, &Vec<Sample>)| {
            let number = number.to_string();
            let labels: Labels = [("series", number.as_str())].into_iter().collect();
            let values =
                (0..grid.len as usize).map(|row| value_at(expr, samples, grid.at(row), now)).collect::<Vec<_>>();
            let values: Vec<f64> = match expr.ends_with("or vector(0)") {
                true => values.into_iter().map(|value| if frame::is_gap(value) { 0.0 } else { value }).collect(),
                false => values,
            };
            values.iter().any(|value| !frame::is_gap(*value)).then_some((labels, values))
        };
        self.series.iter().enumerate().filter_map(of_one).collect()
    }
}

fn value_at(expr: &str, samples: &[Sample], at: Millis, now: Millis) -> f64 {
    let window = if expr.starts_with("increase") { 120_000 } else { LOOKBACK_MILLIS };
    let end = samples.partition_point(|sample| sample.at <= at);
    let start = samples.partition_point(|sample| sample.at <= at.plus(-window));
    let mut values = samples[start..end].iter().filter(|sample| sample.arrives <= now).map(|sample| sample.value);
    if !expr.starts_with("increase") {
        return values.next_back().unwrap_or(GAP);
    }
    let Some(mut before) = values.next() else { return GAP };
    values.fold(0.0, |sum, value| {
        let rise = if value < before { value } else { value - before };
        before = value;
        sum + rise
    })
}
