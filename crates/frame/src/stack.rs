//! Stacking: series drawn on top of each other, as bands.

use crate::GAP;

/// What the bands of a row add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StackMode {
    /// The sum of the values.
    Normal,
    /// 1: every value is taken as its share of the row's sum.
    Percent,
}

/// The upper edge of every series' band, in the order given, all columns on the same rows.
///
/// As Grafana does it: what is not finite adds nothing to the series above it and is a gap, as a gap is; series that are
/// mostly negative are stacked downwards on their own. A row whose values add up to 0 has shares of 0.
#[must_use]
pub fn stack(columns: &[&[f64]], mode: StackMode) -> Vec<Vec<f64>> {
    let rows = columns.iter().map(|values| values.len()).max().unwrap_or(0);
    let downwards: Vec<bool> = columns.iter().map(|values| is_mostly_negative(values)).collect();
    let mut bands = vec![Vec::new(); columns.len()];
    for direction in [false, true] {
        let members = || (0..columns.len()).filter(|series| downwards[*series] == direction);
        let totals = match mode {
            StackMode::Normal => Vec::new(),
            StackMode::Percent => sums(rows, members().map(|series| columns[series])),
        };
        let mut edge = vec![0.0; rows];
        for series in members() {
            bands[series] = add_band(&mut edge, columns[series], &totals);
        }
    }
    bands
}

/// Raises `edge` by one series and returns its band's upper edge. `totals` is empty unless shares are wanted.
fn add_band(edge: &mut [f64], values: &[f64], totals: &[f64]) -> Vec<f64> {
    let raise = |(row, (edge, value)): (usize, (&mut f64, &f64))| {
        if !value.is_finite() {
            return GAP;
        }
        *edge += match totals.get(row) {
            None => *value,
            Some(total) if *total == 0.0 => 0.0,
            Some(total) => value / total,
        };
        *edge
    };
    edge.iter_mut().zip(values).enumerate().map(raise).collect()
}

fn sums<'a>(rows: usize, columns: impl Iterator<Item = &'a [f64]>) -> Vec<f64> {
    let mut sums = vec![0.0; rows];
    for values in columns {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += if value.is_finite() { value.abs() } else { 0.0 };
        }
    }
    sums
}

fn is_mostly_negative(values: &[f64]) -> bool {
    let finite = || values.iter().filter(|value| value.is_finite());
    let negative = finite().filter(|value| **value < 0.0).count();
    let positive = finite().filter(|value| **value > 0.0).count();
    negative > positive
}
