//! From the rows of a series to a path in device pixels.

use crate::Point;
use crate::axis::scale::{TimeScale, ValueScale};
use crate::series::{Interpolation, Series};

/// The scales a series is drawn on and where its fill starts when it has no baseline.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub x: &'a TimeScale,
    pub y: &'a ValueScale,
    pub zero_y: f32,
}

/// Fills `out` with one point per row, and a break wherever the line ends.
pub(crate) fn values(out: &mut Vec<Point>, series: &Series, frame: Frame) {
    walk(out, series, frame.x, |row| series.values.get(row).map_or(f32::NAN, |value| frame.y.y_of(*value)));
}

/// The same for the baseline, broken where the values are; nothing without one.
pub(crate) fn baseline(out: &mut Vec<Point>, series: &Series, frame: Frame) {
    out.clear();
    let Some(baseline) = series.baseline else { return };
    walk(out, series, frame.x, |row| match baseline.get(row) {
        Some(value) if !value.is_nan() => frame.y.y_of(*value),
        _ => frame.zero_y,
    });
}

#[inline]
fn walk(out: &mut Vec<Point>, series: &Series, x: &TimeScale, y: impl Fn(usize) -> f32) {
    out.clear();
    out.reserve(series.len());
    let mut last = None;
    let (mut missing, mut only_gaps) = (false, true);
    for (row, (&time, value)) in series.times.iter().zip(series.values).enumerate() {
        if value.is_nan() {
            missing = true;
            only_gaps &= frame::is_gap(*value);
            continue;
        }
        if let Some(last) = last
            && missing
            && !(only_gaps && series.style.span_gaps.allows(time - last))
        {
            out.push(Point::BREAK);
        }
        out.push(Point::new(x.x_of(time), y(row)));
        last = Some(time);
        (missing, only_gaps) = (false, true);
    }
}

/// The path `straight` with the connections of `interpolation`, in `buffer` where they are not straight.
pub(crate) fn interpolated<'a>(
    buffer: &'a mut Vec<Point>,
    straight: &'a [Point],
    interpolation: Interpolation,
) -> &'a [Point] {
    buffer.clear();
    for run in runs(straight) {
        if !buffer.is_empty() {
            buffer.push(Point::BREAK);
        }
        match interpolation {
            Interpolation::Linear => return straight,
            Interpolation::StepAfter => step(buffer, run, |from, to| Point::new(to.x, from.y)),
            Interpolation::StepBefore => step(buffer, run, |from, to| Point::new(from.x, to.y)),
            Interpolation::Smooth => crate::marks::smooth::append(buffer, run),
        }
    }
    buffer
}

fn step(out: &mut Vec<Point>, run: &[Point], corner: impl Fn(Point, Point) -> Point) {
    out.extend(run.first());
    for pair in run.windows(2) {
        if let [from, to] = pair {
            out.extend([corner(*from, *to), *to]);
        }
    }
}

/// The unbroken parts of a path.
pub(crate) fn runs(path: &[Point]) -> impl Iterator<Item = &[Point]> {
    path.split(|point| point.is_break()).filter(|run| !run.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{AxisId, SeriesStyle, SpanGaps};
    use crate::{Spread, TimeRange};
    use frame::GAP;

    /// Time 0 to 10 is x 0 to 10, value 0 to 10 is y 10 to 0.
    fn traced(values: &[f64], span_gaps: SpanGaps, interpolation: Interpolation) -> String {
        let times: Vec<f64> = (0..values.len()).map(|row| row as f64).collect();
        let style = SeriesStyle { span_gaps, ..SeriesStyle::default() };
        let series = Series { times: &times, values, baseline: None, style, axis: AxisId::First };
        let x = TimeScale::new(TimeRange::new(0, 10), 0.0, 10.0);
        let y = ValueScale::new(Spread::Linear, 0.0, 10.0, 0.0, 10.0);
        let (mut rows, mut buffer) = (Vec::new(), Vec::new());
        self::values(&mut rows, &series, Frame { x: &x, y: &y, zero_y: 10.0 });
        let path = interpolated(&mut buffer, &rows, interpolation);
        let words =
            path.iter().map(|point| if point.is_break() { "|".into() } else { format!("{},{}", point.x, point.y) });
        words.collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn lines_break_at_gaps() {
        let check = |values: &[f64], span_gaps: SpanGaps, expected: &str| {
            assert_eq!(traced(values, span_gaps, Interpolation::Linear), expected, "{values:?} {span_gaps:?}");
        };
        check(&[], SpanGaps::Never, "");
        check(&[1.0, 2.0], SpanGaps::Never, "0,9 1,8");
        check(&[GAP, 1.0, GAP], SpanGaps::Never, "1,9");
        check(&[1.0, GAP, 2.0], SpanGaps::Never, "0,9 | 2,8");
        check(&[1.0, GAP, 2.0], SpanGaps::Always, "0,9 2,8");
        check(&[1.0, GAP, 2.0, GAP, GAP, 3.0], SpanGaps::UpToMillis(2.0), "0,9 2,8 | 5,7");
        // A NaN of the data is no gap.
        check(&[1.0, f64::NAN, 2.0], SpanGaps::Always, "0,9 | 2,8");
        check(&[1.0, GAP, f64::NAN, 2.0], SpanGaps::Always, "0,9 | 3,8");
        // Infinite values lie on the edge.
        check(&[1.0, f64::INFINITY, f64::NEG_INFINITY], SpanGaps::Never, "0,9 1,0 2,10");
    }

    #[test]
    fn steps_have_corners() {
        let check = |interpolation: Interpolation, expected: &str| {
            assert_eq!(traced(&[1.0, 2.0, GAP, 3.0, 4.0], SpanGaps::Never, interpolation), expected);
        };
        check(Interpolation::StepAfter, "0,9 1,9 1,8 | 3,7 4,7 4,6");
        check(Interpolation::StepBefore, "0,9 0,8 1,8 | 3,7 3,6 4,6");
        check(Interpolation::Linear, "0,9 1,8 | 3,7 4,6");
    }
}
