//! From data to what is drawn and what is read off.

use crate::{Data, SeriesHead};
use frame::m4::{self, Points};
use frame::{GAP, Millis, Step, TimeRange, Times};
use std::sync::{Arc, Weak};

/// A panel's data reduced for drawing. Numbers to read (legend, tooltip, table) come from full resolution.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// What the x axis shows.
    pub range: TimeRange,
    /// The distance between the points it was made from.
    pub step: Step,
    /// When the data came that it was made from.
    pub came_at: Millis,
    /// The series, in the order of [`Picture::columns`].
    pub series: Vec<SeriesHead>,
    /// The number of each series' stack, none for one that stands by itself; empty where all do. In a stack each stands on
    /// those before it.
    pub stacks: Vec<Option<u32>>,
    /// The points.
    pub columns: Columns,
}

/// The points of all series, one after the other, fit to be transferred as typed arrays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Series `i` has the points `offsets[i]..offsets[i + 1]`; one entry more than series.
    pub offsets: Vec<u32>,
    /// Epoch milliseconds.
    pub times: Vec<f64>,
    /// Values; [`frame::GAP`] breaks the line. Of stacked series, the upper edges of the bands.
    pub values: Vec<f64>,
}

/// The values under the cursor.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// The nearest instant that has values.
    pub at: Millis,
    /// The value of every series there, [`frame::GAP`] where it has none. Never stacked.
    pub values: Vec<f64>,
}

/// All that a picture is made of.
pub(crate) struct Subject {
    pub data: Arc<Data>,
    pub range: TimeRange,
    pub width_px: u32,
}

/// Which subject a picture was made of, without keeping that.
#[derive(Debug)]
pub(crate) struct SubjectNote {
    data: Weak<Data>,
    range: TimeRange,
    width_px: u32,
}

impl Subject {
    pub fn note(&self) -> SubjectNote {
        SubjectNote { data: Arc::downgrade(&self.data), range: self.range, width_px: self.width_px }
    }
}

impl SubjectNote {
    pub fn is(&self, subject: &Subject) -> bool {
        let is_same_data = self.data.as_ptr() == Arc::as_ptr(&subject.data);
        is_same_data && (self.range, self.width_px) == (subject.range, subject.width_px)
    }
}

pub(crate) fn picture(Subject { data, range, width_px }: &Subject) -> Picture {
    let mut points = Points::default();
    let mut offsets = Vec::with_capacity(data.series.len() + 1);
    offsets.push(0);
    for index in 0..data.series.len() {
        if let Some((times, values)) = data.drawn(index) {
            m4::reduce(times, values, *range, *width_px, &mut points);
        }
        offsets.push(points.times.len() as u32);
    }
    Picture {
        range: *range,
        step: data.finer.as_ref().map_or(data.step, |finer| finer.step),
        came_at: data.came_at,
        series: data.series.clone(),
        stacks: data.drawn.iter().map(|drawn| drawn.stack).collect(),
        columns: Columns { offsets, times: points.times, values: points.values },
    }
}

pub(crate) fn values_at(data: &Data, at: Millis) -> Option<Probe> {
    let series = || (0..data.series.len()).map(|index| data.points(index));
    let instants = series().flatten().filter_map(|(times, _)| times.get(nearest(times, at)?));
    let nearest_at = instants.min_by_key(|instant| instant.since(at).unsigned_abs())?;
    let value_there = |(times, values): (&Times, &[f64])| {
        let row = nearest(times, nearest_at)?;
        // Raw samples of several series rarely fall on the same millisecond.
        let is_near = times.get(row)?.since(nearest_at).unsigned_abs() <= data.step.millis().unsigned_abs() / 2;
        values.get(row).copied().filter(|_| is_near)
    };
    Some(Probe { at: nearest_at, values: series().map(|points| points.and_then(value_there).unwrap_or(GAP)).collect() })
}

/// The row nearest to `at`, the earlier of two.
fn nearest(times: &Times, at: Millis) -> Option<usize> {
    let after = times.lower_bound(at).min(times.len().checked_sub(1)?);
    let before = after.saturating_sub(1);
    let distance = |row| times.get(row).map_or(u64::MAX, |instant| instant.since(at).unsigned_abs());
    Some(if distance(before) <= distance(after) { before } else { after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::Grid;

    #[test]
    fn the_nearest_row_is_found_on_and_off_the_grid() {
        let grid = Grid { start: Millis(100), step: Step::at_least_one(10), len: 3 };
        for times in [Times::Grid(grid), Times::Explicit([100, 110, 120].map(Millis).into())] {
            for (at, expected) in [(i64::MIN, 0), (100, 0), (105, 0), (106, 1), (114, 1), (116, 2), (i64::MAX, 2)] {
                assert_eq!(nearest(&times, Millis(at)), Some(expected), "{at}");
            }
        }
        assert_eq!(nearest(&Times::Explicit([].into()), Millis(0)), None);
    }
}
