//! M4: a series reduced to what one pixel row can show, without losing a peak.
//!
//! Of every device-pixel column the first, the smallest, the largest and the last point stay, each at its own
//! timestamp. A line through those covers the same pixels as the line through all points. Source: Jugel, Jerzak,
//! Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data Aggregation", VLDB 2014.

use crate::extremes::{Extremes, position};
use crate::{GAP, Millis, TimeRange, Times, drawable};
use std::ops::Range;

/// Points to draw, side by side: `times[i]` belongs to `values[i]`. A [`GAP`] among the values breaks the line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Epoch milliseconds.
    pub times: Vec<f64>,
    /// Values; a missing one is [`GAP`].
    pub values: Vec<f64>,
}

impl Points {
    fn push(&mut self, at: Millis, value: f64) {
        self.times.push(at.0 as f64);
        self.values.push(value);
    }
}

/// Appends to `out` the points of one series that matter when `range` is drawn `columns` device pixels wide.
///
/// - At most four points a column, each a point of the input, in order of time.
/// - The nearest point on each side of the range stays, so that lines run to the edges.
/// - A gap between two kept points is kept as one [`GAP`] and breaks the line; the pieces of a line that breaks within
///   a column share its four points. What is not finite is such a gap too: it has no place on a value axis.
/// - Where there are no more than four points a column anyway, all are copied as they are.
///
/// `values` beyond the length of `times`, or the other way round, are ignored.
pub fn reduce(times: &Times, values: &[f64], range: TimeRange, columns: u32, out: &mut Points) {
    let inside = times.rows_in(range);
    let len = values.len().min(times.len());
    let rows = inside.start.min(len)..inside.end.min(len);
    let columns = columns.max(1);
    let before = rows.start.saturating_sub(1);
    let after = (rows.end + 1).min(len);
    if rows.len() <= columns as usize * 4 {
        return copy(times, values, before..after, out);
    }
    copy(times, values, before..rows.start, out);
    let (mut column_start, mut column_rows) = (rows.start, 0);
    for column in 1..=columns {
        let column_end = match column == columns {
            true => rows.end,
            false => {
                // Columns mostly have as many rows as the ones beside them.
                let edge = range.start.plus(left_edge(column, columns, range));
                times.lower_bound_near(edge, column_start + column_rows).clamp(column_start, rows.end)
            }
        };
        reduce_column(times, values.get(column_start..column_end).unwrap_or_default(), column_start, out);
        (column_start, column_rows) = (column_end, column_end - column_start);
    }
    copy(times, values, rows.end..after, out);
}

/// Milliseconds from the range's start to the left edge of `column`, rounded up.
fn left_edge(column: u32, columns: u32, range: TimeRange) -> i64 {
    // column * span / columns, taken apart so that no product can overflow.
    let (column, columns) = (i64::from(column), i64::from(columns));
    let (whole, rest) = (range.millis() / columns, range.millis() % columns);
    let part = column * rest;
    column * whole + part / columns + i64::from(part % columns != 0)
}

fn copy(times: &Times, values: &[f64], rows: Range<usize>, out: &mut Points) {
    let Some(copied) = values.get(rows.clone()) else { return };
    match times {
        Times::Grid(grid) => out.times.extend(rows.map(|row| grid.at(row).0 as f64)),
        Times::Explicit(times) => {
            out.times.extend(times.iter().skip(rows.start).take(rows.len()).map(|at| at.0 as f64))
        }
    }
    out.values.extend_from_slice(&drawable(copied));
}

/// The points kept of one column, which begins at row `start`. Rows, not values, so that each keeps its own timestamp.
fn reduce_column(times: &Times, column: &[f64], start: usize, out: &mut Points) {
    let Some(extremes) = Extremes::of(column) else {
        // Nothing to draw in this column: the line stops here.
        if !column.is_empty() && out.values.last().is_some_and(|last| !last.is_nan()) {
            copy_break(times, start, out);
        }
        return;
    };
    if extremes.min.is_infinite() || extremes.max.is_infinite() {
        return reduce_column(times, &drawable(column), start, out);
    }
    let Some(first) = column.iter().position(|value| !value.is_nan()) else { return };
    let Some(last) = column.iter().rposition(|value| !value.is_nan()) else { return };
    let lowest = position(column, extremes.min).unwrap_or(first);
    let highest = position(column, extremes.max).unwrap_or(first);
    let kept = [first, lowest.min(highest), lowest.max(highest), last];

    let mut next = 0;
    for index in kept {
        if index < next {
            continue;
        }
        if let Some(gap) = extremes.has_nan.then(|| first_break(column, next..index)).flatten() {
            copy_break(times, start + gap, out);
        }
        if let (Some(at), Some(value)) = (times.get(start + index), column.get(index)) {
            out.push(at, *value);
        }
        next = index + 1;
    }
    if extremes.has_nan && next < column.len() {
        copy_break(times, start + next, out);
    }
}

fn first_break(column: &[f64], rows: Range<usize>) -> Option<usize> {
    let start = rows.start;
    column.get(rows)?.iter().position(|value| value.is_nan()).map(|offset| start + offset)
}

fn copy_break(times: &Times, row: usize, out: &mut Points) {
    if let Some(at) = times.get(row) {
        out.push(at, GAP);
    }
}
