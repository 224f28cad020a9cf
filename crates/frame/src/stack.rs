//! Stacking: series drawn on top of each other, as bands.

use crate::{GAP, Millis, Times, sort_by};
use std::borrow::Cow;

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
    if instants.len().saturating_mul(columns.len()) > MOST_READ.max(columns.iter().map(|(times, _)| times.len()).sum())
    {
        return None;
    }
    let mut edges: Vec<Edge> =
        columns.iter().map(|(_, values)| Edge { values: Vec::new(), downwards: is_mostly_negative(values) }).collect();
    let (mut above, mut below) = (Floor::new(instants.len()), Floor::new(instants.len()));
    if mode == StackMode::Percent {
        for (column, edge) in columns.iter().zip(&edges) {
            if edge.downwards { &mut below } else { &mut above }.count_in(&at_all(&instants, *column));
        }
    }
    for (column, edge) in columns.iter().zip(&mut edges) {
        // One line at a time: all of them are too much to hold where few instants are shared.
        let line = at_all(&instants, *column);
        let upper = if edge.downwards { &mut below } else { &mut above }.raise(&line);
        edge.values = only_at(column.0, &instants, upper);
    }
    Some(edges)
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

/// The line of a series at all `instants`, which have all of its own among them: straight between two points, a gap before
/// the first and behind the last.
fn at_all<'a>(instants: &[Millis], (times, values): Column<'a>) -> Cow<'a, [f64]> {
    if times.len() == instants.len() {
        return Cow::Borrowed(values);
    }
    let mut row = 0;
    let mut before: Option<(Millis, f64)> = None;
    let value = |at: &Millis| {
        let (Some(next), Some(to)) = (times.get(row), values.get(row)) else { return GAP };
        if next == *at {
            (before, row) = (Some((next, *to)), row + 1);
            return *to;
        }
        before.map_or(GAP, |(last, from)| from + (to - from) * (at.since(last) as f64 / next.since(last) as f64))
    };
    instants.iter().map(value).collect()
}

/// What of `upper`, which is at all `instants`, is at `times`.
fn only_at(times: &Times, instants: &[Millis], upper: Vec<f64>) -> Vec<f64> {
    if times.len() == instants.len() {
        return upper;
    }
    let mut row = 0;
    let own = |(at, upper): (&Millis, f64)| {
        let is_own = times.get(row) == Some(*at);
        row += usize::from(is_own);
        is_own.then_some(upper)
    };
    instants.iter().zip(upper).filter_map(own).collect()
}

/// What the bands of one direction have reached at each instant.
struct Floor {
    reached: Vec<f64>,
    /// What all of them reach together; empty unless shares are wanted.
    totals: Vec<f64>,
}

impl Floor {
    fn new(instants: usize) -> Self {
        Self { reached: vec![0.0; instants], totals: Vec::new() }
    }

    /// Counts a series among those of which shares are taken.
    fn count_in(&mut self, line: &[f64]) {
        self.totals.resize(self.reached.len(), 0.0);
        for (total, value) in self.totals.iter_mut().zip(line) {
            *total += if value.is_finite() { value.abs() } else { 0.0 };
        }
    }

    /// Puts a series on top, and gives the upper edge of its band.
    fn raise(&mut self, line: &[f64]) -> Vec<f64> {
        let raise = |(place, (reached, value)): (usize, (&mut f64, &f64))| {
            if !value.is_finite() {
                return GAP;
            }
            *reached += match self.totals.get(place) {
                None => *value,
                Some(total) if *total == 0.0 => 0.0,
                Some(total) => value / total,
            };
            *reached
        };
        self.reached.iter_mut().zip(line).enumerate().map(raise).collect()
    }
}

fn is_mostly_negative(values: &[f64]) -> bool {
    let finite = || values.iter().filter(|value| value.is_finite());
    let negative = finite().filter(|value| **value < 0.0).count();
    let positive = finite().filter(|value| **value > 0.0).count();
    negative > positive
}
