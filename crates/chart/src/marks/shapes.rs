//! The outlines that lines, bars and marks are made of.

use crate::marks::trace::{self, Frame};
use crate::series::Series;
use crate::{Point, Rect};

/// Appends a closed shape per run of `line`: along the line and back along `base`, or along `zero_y` without one.
pub(crate) fn area(out: &mut Vec<Point>, line: &[Point], base: &[Point], zero_y: f32) {
    let mut base = trace::runs(base);
    for run in trace::runs(line) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        out.extend_from_slice(run);
        match base.next() {
            Some(below) => out.extend(below.iter().rev()),
            None => out.extend([Point::new(last.x, zero_y), Point::new(first.x, zero_y)]),
        }
        out.push(Point::BREAK);
    }
}

/// The width of bars in device pixels: their share of the smallest distance between neighbours.
pub(crate) fn bar_width(rows: &[Point], share: f32) -> f32 {
    let mut last = f32::NAN;
    let mut distance = f32::INFINITY;
    for point in rows.iter().filter(|point| !point.is_break()) {
        let step = point.x - last;
        if step > 0.0 {
            distance = distance.min(step);
        }
        last = point.x;
    }
    distance * share
}

/// Appends a closed rectangle per row, its sides on whole pixels, so that all bars are equally sharp. `side` is that of
/// [`Bar`](crate::Bar).
pub(crate) fn bars(out: &mut Vec<Point>, rows: &[Point], base_rows: &[Point], zero_y: f32, (width, side): (f32, f32)) {
    let half = width / 2.0;
    for (index, point) in rows.iter().enumerate().filter(|(_, point)| !point.is_break()) {
        let base = base_rows.get(index).map_or(zero_y, |base| base.y);
        let left = (point.x + half * (side - 1.0)).round();
        let right = (point.x + half * (side + 1.0)).round().max(left + 1.0);
        let corner = Point::new(left, base);
        out.extend([corner, Point::new(left, point.y), Point::new(right, point.y), Point::new(right, base), corner]);
        out.push(Point::BREAK);
    }
}

/// Appends an upright line per pixel column, for bars too narrow to be told apart: over all that they cover there.
pub(crate) fn thin_bars(out: &mut Vec<Point>, rows: &[Point], base_rows: &[Point], zero_y: f32) {
    let mut column: Option<(f32, f32, f32)> = None;
    let mut draw = |(x, top, bottom)| out.extend([Point::new(x, top), Point::new(x, bottom), Point::BREAK]);
    for (index, point) in rows.iter().enumerate().filter(|(_, point)| !point.is_break()) {
        let base = base_rows.get(index).map_or(zero_y, |base| base.y);
        let (x, top, bottom) = (point.x.floor() + 0.5, point.y.min(base), point.y.max(base));
        column = match column {
            Some((at, above, below)) if at == x => Some((x, top.min(above), bottom.max(below))),
            done => {
                done.into_iter().for_each(&mut draw);
                Some((x, top, bottom))
            }
        };
    }
    column.into_iter().for_each(draw);
}

/// Appends the points of `rows` that no line shows, having a break on both sides.
pub(crate) fn lone_points(out: &mut Vec<Point>, rows: &[Point]) {
    out.extend(trace::runs(rows).filter_map(|run| if let [lone] = run { Some(*lone) } else { None }));
}

/// Appends arrowheads pointing out of the plot for values that have no place on the scale, leaving out those that
/// would overlap. `half` is half their width.
pub(crate) fn arrows(out: &mut Vec<Point>, series: &Series, frame: Frame, plot: Rect, half: f32) {
    for (x, value) in marked(series, frame, plot, half * 2.0, |value| frame.y.is_off_scale(value)) {
        let (base, tip) = if value > 0.0 {
            (plot.top - half * 0.25, plot.top - half * 1.75)
        } else {
            (plot.bottom + half * 0.25, plot.bottom + half * 1.75)
        };
        out.extend([Point::new(x - half, base), Point::new(x, tip), Point::new(x + half, base), Point::BREAK]);
    }
}

/// Appends crosses on the lower edge of the plot for values that are not a number, leaving out those that would
/// overlap. `half` is half their width.
pub(crate) fn crosses(out: &mut Vec<Point>, series: &Series, frame: Frame, plot: Rect, half: f32) {
    let is_real_nan = |value: f64| value.is_nan() && !frame::is_gap(value);
    for (x, _) in marked(series, frame, plot, half * 4.0, is_real_nan) {
        let (left, right, top, bottom) = (x - half, x + half, plot.bottom - half * 3.0, plot.bottom - half);
        out.extend([Point::new(left, top), Point::new(right, bottom), Point::BREAK]);
        out.extend([Point::new(left, bottom), Point::new(right, top), Point::BREAK]);
    }
}

/// The x and value of the rows inside the plot that `wanted` picks, at least `distance` pixels apart.
fn marked(
    series: &Series,
    frame: Frame,
    plot: Rect,
    distance: f32,
    wanted: impl Fn(f64) -> bool,
) -> impl Iterator<Item = (f32, f64)> {
    let mut next = plot.left;
    series.times.iter().zip(series.values).filter_map(move |(time, value)| {
        if !wanted(*value) {
            return None;
        }
        let x = frame.x.x_of(*time);
        if x < next || x > plot.right {
            return None;
        }
        next = x + distance;
        Some((x, *value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_bars_are_one_line_a_column() {
        let rows = [(0.2, 5.0), (0.7, 2.0), (1.1, 12.0), (3.0, 8.0)].map(|(x, y)| Point::new(x, y));
        let mut out = Vec::new();
        thin_bars(&mut out, &rows, &[], 10.0);
        let lines: Vec<(f32, f32, f32)> = out.chunks(3).map(|line| (line[0].x, line[0].y, line[1].y)).collect();
        assert_eq!(lines, [(0.5, 2.0, 10.0), (1.5, 10.0, 12.0), (3.5, 8.0, 10.0)]);
    }

    #[test]
    fn bars_take_their_share_of_the_smallest_distance() {
        let check = |xs: &[f32], expected: f32| {
            let rows: Vec<Point> = xs.iter().map(|x| Point::new(*x, 0.0)).collect();
            assert_eq!(bar_width(&rows, 0.75), expected, "{xs:?}");
        };
        check(&[0.0, 40.0, 60.0], 15.0);
        check(&[0.0, 0.0, 8.0], 6.0);
        check(&[5.0], f32::INFINITY);
        check(&[], f32::INFINITY);
    }

    #[test]
    fn bars_stand_on_their_side_of_the_point() {
        let check = |side: f32, expected: (f32, f32)| {
            let mut out = Vec::new();
            bars(&mut out, &[Point::new(20.0, 5.0)], &[], 10.0, (8.0, side));
            assert_eq!((out[0].x, out[2].x), expected, "{side}");
        };
        check(-1.0, (12.0, 20.0));
        check(0.0, (16.0, 24.0));
        check(1.0, (20.0, 28.0));
    }

    #[test]
    fn areas_go_back_along_their_baseline() {
        let line = [Point::new(0.0, 1.0), Point::new(1.0, 2.0), Point::BREAK, Point::new(5.0, 3.0)];
        let check = |base: &[Point], expected: &str| {
            let mut out = Vec::new();
            area(&mut out, &line, base, 9.0);
            let words = out.iter().map(|p| if p.is_break() { "|".into() } else { format!("{},{}", p.x, p.y) });
            assert_eq!(words.collect::<Vec<String>>().join(" "), expected);
        };
        check(&[], "0,1 1,2 1,9 0,9 | 5,3 5,9 5,9 |");
        let base = [Point::new(0.0, 6.0), Point::new(1.0, 7.0), Point::BREAK, Point::new(5.0, 8.0)];
        check(&base, "0,1 1,2 1,7 0,6 | 5,3 5,8 |");
    }
}
