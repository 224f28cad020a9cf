//! Stacking: series drawn on top of each other, as bands.

use crate::{GAP, Millis, Times, sort_by};

/// What the bands of a row add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackMode {
    /// The sum of the values.
    Normal,
    /// 1: every value is taken as its share of the row's sum.
    Percent,
}

/// Where the band of a series ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// Its upper edge at each instant of the series.
    pub values: Vec<f64>,
    /// Whether it is stacked downwards, on those that are as well.
    pub downwards: bool,
}

/// The times and the values of a series.
type Column<'a> = (&'a Times, &'a [f64]);

/// More values than this are not read to stack series that share no instants.
const MOST_READ: usize = 1 << 26;

/// The upper edge of every series' band, in the order given. None where too many series share too few of their instants.
///
/// As Grafana does it: what is not finite adds nothing to the series above it and is a gap, as a gap is; series that are
/// mostly negative are stacked downwards on their own. Instants whose values add up to 0 have shares of 0.
///
/// Between its points a series adds what its line shows there.
#[must_use]
pub fn stack(columns: &[Column<'_>], mode: StackMode) -> Option<Vec<Edge>> {
    let instants = instants(columns);
    if instants.len().saturating_mul(columns.len()) > MOST_READ.max(values_of(columns)) {
        return None;
    }
    let downwards = columns.iter().map(|(_, values)| is_mostly_negative(values));
    let mut edges: Vec<Edge> = downwards.map(|downwards| Edge { values: Vec::new(), downwards }).collect();
    for downwards in [false, true] {
        let mut members: Vec<_> =
            columns.iter().zip(&mut edges).filter(|(_, edge)| edge.downwards == downwards).collect();
        let mut totals = Vec::new();
        if mode == StackMode::Percent {
            totals.resize(instants.len(), 0.0);
            members.iter().for_each(|(column, _)| add_sizes(&mut totals, &instants, **column));
        }
        let mut reached = vec![0.0; instants.len()];
        for (column, edge) in &mut members {
            edge.values = add_band(&mut reached, &instants, **column, &totals);
        }
    }
    Some(edges)
}

fn values_of(columns: &[Column<'_>]) -> usize {
    columns.iter().map(|(times, _)| times.len()).sum()
}

/// The instants of all columns, ascending, each once.
fn instants(columns: &[Column<'_>]) -> Vec<Millis> {
    let mut all = Vec::new();
    let mut known: Option<&Times> = None;
    for (times, _) in columns.iter().filter(|(times, _)| !times.is_empty()) {
        // Series of one answer mostly share theirs.
        if known != Some(times) {
            all.extend((0..times.len()).filter_map(|row| times.get(row)));
            known = Some(times);
        }
    }
    if all.windows(2).any(|pair| pair[0] >= pair[1]) {
        sort_by(&mut all, Millis::cmp);
        all.dedup();
    }
    all
}

/// Raises `reached` by one series and returns its band's upper edge. `totals` is empty unless shares are wanted.
fn add_band(reached: &mut [f64], instants: &[Millis], (times, values): Column<'_>, totals: &[f64]) -> Vec<f64> {
    let mut line = Line { times, values, row: 0 };
    let mut upper = Vec::with_capacity(values.len());
    for (place, (at, reached)) in instants.iter().zip(reached).enumerate() {
        let (value, is_point) = line.at(*at);
        if value.is_finite() {
            *reached += match totals.get(place) {
                None => value,
                Some(total) if *total == 0.0 => 0.0,
                Some(total) => value / total,
            };
        }
        if is_point {
            upper.push(if value.is_finite() { *reached } else { GAP });
        }
    }
    upper
}

/// Adds how far the values of a series are from zero.
fn add_sizes(sums: &mut [f64], instants: &[Millis], (times, values): Column<'_>) {
    let mut line = Line { times, values, row: 0 };
    for (at, sum) in instants.iter().zip(sums) {
        let (value, _) = line.at(*at);
        *sum += if value.is_finite() { value.abs() } else { 0.0 };
    }
}

/// A series read at ascending instants.
struct Line<'a> {
    times: &'a Times,
    values: &'a [f64],
    /// The first row not before the instant asked for last.
    row: usize,
}

impl Line<'_> {
    /// The value at an instant, and whether it is one of the series' points. Between two points it is straight between them;
    /// before the first and behind the last it is a gap.
    fn at(&mut self, at: Millis) -> (f64, bool) {
        let Some((mut after, mut to)) = self.point(self.row) else { return (GAP, false) };
        while after < at {
            self.row += 1;
            let Some(next) = self.point(self.row) else { return (GAP, false) };
            (after, to) = next;
        }
        if after == at {
            return (to, true);
        }
        let before = self.row.checked_sub(1).and_then(|row| self.point(row));
        let straight =
            |(before, from): (Millis, f64)| from + (to - from) * (at.since(before) as f64 / after.since(before) as f64);
        (before.map_or(GAP, straight), false)
    }

    fn point(&self, row: usize) -> Option<(Millis, f64)> {
        Some((self.times.get(row)?, *self.values.get(row)?))
    }
}

fn is_mostly_negative(values: &[f64]) -> bool {
    let finite = || values.iter().filter(|value| value.is_finite());
    let negative = finite().filter(|value| **value < 0.0).count();
    let positive = finite().filter(|value| **value > 0.0).count();
    negative > positive
}
