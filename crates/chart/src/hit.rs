//! What is below the pointer.

use crate::layout::Layout;
use crate::series::Series;
use crate::{Millis, Point, TimeRange};

/// A point of a series near the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// Index into the series that were asked about.
    pub series: usize,
    /// Row of that series: the one nearest in time that has a value.
    pub row: usize,
    /// Where that row is drawn.
    pub at: Point,
    /// How far the pointer is from the series' line, in device pixels.
    pub distance: f32,
}

/// The row nearest to `at` among ascending `times`, the earlier of two equally near; none of an empty column.
#[must_use]
pub fn nearest_row(times: &[f64], at: Millis) -> Option<usize> {
    let at = at.0 as f64;
    let after = times.partition_point(|time| *time < at);
    let Some(before) = after.checked_sub(1) else { return (!times.is_empty()).then_some(0) };
    match (times.get(before), times.get(after)) {
        (Some(earlier), Some(later)) if later - at < at - earlier => Some(after),
        _ => Some(before),
    }
}

impl Layout {
    /// The time between two pixels, in either order: what a drag over the plot selects.
    #[must_use]
    pub fn time_between(&self, x1: f32, x2: f32) -> TimeRange {
        TimeRange { start: self.time_at(x1.min(x2)), end: self.time_at(x1.max(x2)) }
    }

    /// Which of `series` has the line that passes nearest to `pointer`, and its row there. Of lines equally near the one
    /// on top, which is the last, wins.
    #[must_use]
    pub fn hit(&self, series: &[Series], pointer: Point) -> Option<Hit> {
        let hits = series.iter().enumerate().filter_map(|(index, series)| near(index, series, self, pointer));
        hits.reduce(|best, next| if next.distance <= best.distance { next } else { best })
    }
}

/// The distance from `pointer` to a series, over the lines before and after it and at the points themselves.
fn near(index: usize, series: &Series, layout: &Layout, pointer: Point) -> Option<Hit> {
    let row = nearest_row(series.times.get(..series.len())?, layout.time_at(pointer.x))?;
    let place = |row: usize| {
        let (time, value) = (series.times.get(row)?, series.values.get(row)?);
        (!value.is_nan()).then(|| Point::new(layout.x.x_of(*time), layout.axis(series.axis).scale.y_of(*value)))
    };
    let before = row.checked_sub(1).and_then(place);
    let after = place(row + 1);
    // Reduced columns have several rows at nearly the same x; gaps may lie between the pointer and the nearest value.
    let (row, at) = match (place(row), before, after) {
        (Some(at), ..) => (row, at),
        (None, Some(at), _) => (row - 1, at),
        (None, None, Some(at)) => (row + 1, at),
        (None, None, None) => return None,
    };
    let neighbours = [row.checked_sub(1).and_then(place), place(row + 1)];
    let to_lines = neighbours.into_iter().flatten().map(|other| distance_to_line(pointer, at, other));
    let distance = to_lines.fold(distance_to_line(pointer, at, at), f32::min);
    Some(Hit { series: index, row, at, distance })
}

/// From a point to the straight piece between two others.
fn distance_to_line(point: Point, from: Point, to: Point) -> f32 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length_squared = dx * dx + dy * dy;
    let along = ((point.x - from.x) * dx + (point.y - from.y) * dy) / length_squared;
    // A line without length has no direction: NaN, which becomes its start.
    let along = if along.is_nan() { 0.0 } else { along.clamp(0.0, 1.0) };
    (point.x - from.x - along * dx).hypot(point.y - from.y - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AxisId, SeriesStyle, Size, TableMeasure, Theme, TimeSeriesChart};
    use frame::{GAP, Zone, Zones};

    #[test]
    fn the_nearest_row_is_found() {
        let check = |times: &[f64], at: i64, expected: Option<usize>| {
            assert_eq!(nearest_row(times, Millis(at)), expected, "{at} in {times:?}");
        };
        check(&[], 5, None);
        check(&[10.0], 5, Some(0));
        check(&[10.0], 50, Some(0));
        check(&[10.0, 20.0, 40.0], 10, Some(0));
        check(&[10.0, 20.0, 40.0], 15, Some(0));
        check(&[10.0, 20.0, 40.0], 16, Some(1));
        check(&[10.0, 20.0, 40.0], 31, Some(2));
        check(&[10.0, 20.0, 40.0], 99, Some(2));
    }

    struct Utc;

    impl Zones for Utc {
        fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
            0
        }
    }

    #[test]
    fn the_nearest_line_is_hit() {
        let times = [0.0, 100.0, 200.0, 300.0];
        let columns = [[0.0, 10.0, 0.0, 10.0], [5.0, 5.0, 5.0, 5.0], [9.0, GAP, GAP, 9.0]];
        let series = columns.each_ref().map(|values| Series {
            times: &times,
            values,
            baseline: None,
            style: SeriesStyle::default(),
            axis: AxisId::First,
        });
        let chart = TimeSeriesChart::new(TimeRange::new(0, 300), &Zone::Utc, &series);
        let size = Size { width_px: 400.0, height_px: 300.0, ratio: 1.0 };
        let layout = chart.layout(&size, &Theme::DARK, &TableMeasure, &Utc);
        let check = |at: i64, value: f64, expected: Option<(usize, usize)>| {
            let pointer = Point::new(layout.x_of(Millis(at)), layout.y_of(value));
            let hit = layout.hit(&series, pointer).filter(|hit| hit.distance <= 20.0);
            assert_eq!(hit.map(|hit| (hit.series, hit.row)), expected, "{value} at {at}");
        };
        check(0, 0.2, Some((0, 0)));
        check(90, 9.5, Some((0, 1)));
        check(120, 5.3, Some((1, 1)));
        // Between its points, nearer to the rising line than to the level one.
        check(30, 2.6, Some((0, 0)));
        check(300, 9.1, Some((2, 3)));
        // A gap is no place to be hit in.
        check(150, 9.0, None);
        check(200, 2.7, None);
    }

    #[test]
    fn a_drag_selects_time_in_both_directions() {
        let chart = TimeSeriesChart::new(TimeRange::new(1_000, 61_000), &Zone::Utc, &[]);
        let size = Size { width_px: 400.0, height_px: 300.0, ratio: 1.0 };
        let layout = chart.layout(&size, &Theme::DARK, &TableMeasure, &Utc);
        let (left, right) = (layout.plot.left, layout.plot.right);
        assert_eq!(layout.time_between(right, left), TimeRange::new(1_000, 61_000));
        assert_eq!(layout.time_between(left - 50.0, (left + right) / 2.0), TimeRange::new(1_000, 31_000));
    }
}
