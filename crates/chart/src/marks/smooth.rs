//! A smooth line through points that never leaves the range of its neighbours: the monotone cubic of Fritsch and
//! Carlson with Steffen's choice of slopes (M. Steffen, "A simple method for monotonic interpolation in one
//! dimension", Astronomy and Astrophysics 239, 1990), cut into short straight pieces.

use crate::Point;

/// Length of a piece in device pixels, short enough to look round.
const PIECE_PX: f32 = 3.0;
/// Bounds the pieces of one segment, however far apart its ends are.
const MOST_PIECES: f32 = 256.0;

/// Appends the curve through `run`, whose x ascend. How many points come out depends on the x alone, so two curves
/// over the same x have corresponding points.
pub(crate) fn append(out: &mut Vec<Point>, run: &[Point]) {
    let Some(&first) = run.first() else { return };
    out.push(first);
    let mut slope = end_slope(run.first(), run.get(1));
    for (index, pair) in run.windows(2).enumerate() {
        let &[from, to] = pair else { continue };
        let next = run.get(index + 2);
        let next_slope = next.map_or_else(|| end_slope(Some(&from), Some(&to)), |next| inner_slope(from, to, *next));
        segment(out, from, to, slope, next_slope);
        slope = next_slope;
    }
}

fn segment(out: &mut Vec<Point>, from: Point, to: Point, slope: f32, next_slope: f32) {
    let dx = to.x - from.x;
    let pieces = (dx / PIECE_PX).ceil().clamp(1.0, MOST_PIECES);
    let secant = secant(from, to);
    for piece in 1..pieces as u32 {
        let t = piece as f32 / pieces;
        // The cubic Hermite polynomial in Horner's form.
        let (a, b) = (slope + next_slope - 2.0 * secant, 3.0 * secant - 2.0 * slope - next_slope);
        out.push(Point::new(from.x + dx * t, from.y + dx * t * (slope + t * (b + t * a))));
    }
    out.push(to);
}

fn secant(from: Point, to: Point) -> f32 {
    if to.x > from.x { (to.y - from.y) / (to.x - from.x) } else { 0.0 }
}

fn end_slope(from: Option<&Point>, to: Option<&Point>) -> f32 {
    match (from, to) {
        (Some(from), Some(to)) => secant(*from, *to),
        _ => 0.0,
    }
}

/// Steffen's slope in the middle of three points: 0 at a peak, else limited so that no overshoot is possible.
fn inner_slope(before: Point, at: Point, after: Point) -> f32 {
    let (left, right) = (secant(before, at), secant(at, after));
    if left * right <= 0.0 {
        return 0.0;
    }
    let (dx_left, dx_right) = (at.x - before.x, after.x - at.x);
    let parabola = (left * dx_right + right * dx_left) / (dx_left + dx_right);
    left.signum() * (2.0 * left.abs().min(right.abs())).min(parabola.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(ys: &[f32], distance: f32) -> Vec<Point> {
        let run: Vec<Point> = ys.iter().enumerate().map(|(index, y)| Point::new(index as f32 * distance, *y)).collect();
        let mut out = Vec::new();
        append(&mut out, &run);
        out
    }

    #[test]
    fn few_points_stay_as_they_are() {
        assert_eq!(curve(&[], 10.0), []);
        assert_eq!(curve(&[5.0], 10.0), [Point::new(0.0, 5.0)]);
        assert_eq!(curve(&[5.0, 8.0], 3.0), [Point::new(0.0, 5.0), Point::new(3.0, 8.0)]);
    }

    proptest! {
        #[test]
        fn the_curve_passes_through_its_points_and_never_beyond(
            ys in proptest::collection::vec(-1e4..1e4_f32, 2..40), pieces in 1..20_u8,
        ) {
            let distance = f32::from(pieces) * PIECE_PX;
            let curve = curve(&ys, distance);
            prop_assert_eq!(curve.len(), (ys.len() - 1) * usize::from(pieces) + 1);
            for (segment, pair) in curve.chunks(usize::from(pieces)).zip(ys.windows(2)) {
                let (low, high) = (pair[0].min(pair[1]) - 0.1, pair[0].max(pair[1]) + 0.1);
                prop_assert_eq!(segment[0].y, pair[0]);
                prop_assert!(segment.iter().all(|point| low <= point.y && point.y <= high));
            }
            prop_assert!(curve.is_sorted_by(|a, b| a.x < b.x));
        }
    }
}
