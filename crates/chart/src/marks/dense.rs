//! Lines with more points than pixel columns.
//!
//! Anti-aliased stroking cares for every join and every overlap: a noisy line with a few points per column takes a
//! software rasteriser a hundred times as long as the pixels it covers deserve, and filling below it takes longer
//! still. So where a line is that dense its pixels are found here, one upright span per column, and the area below
//! it gets a simpler edge, which the line hides.

use crate::Point;
use crate::marks::trace;

/// Parts with more points than this per pixel column are dense.
const DENSE: f32 = 1.0;

/// Whether an unbroken part of a line has more points than columns.
pub(crate) fn is_dense(run: &[Point]) -> bool {
    match (run.first(), run.last()) {
        (Some(first), Some(last)) => run.len() as f32 > DENSE * (last.x - first.x).max(8.0),
        _ => false,
    }
}

/// Appends the parts of `path` that are not dense.
pub(crate) fn sparse_parts(out: &mut Vec<Point>, path: &[Point]) {
    for run in trace::runs(path).filter(|run| !is_dense(run)) {
        out.extend_from_slice(run);
        out.push(Point::BREAK);
    }
}

/// `path` with its dense parts simplified, in `buffer` if it has some: one point per `block` pixels, in the middle of
/// what the line covers there.
pub(crate) fn simplified<'a>(buffer: &'a mut Vec<Point>, path: &'a [Point], block: f32) -> &'a [Point] {
    if !trace::runs(path).any(is_dense) {
        return path;
    }
    buffer.clear();
    for run in trace::runs(path) {
        if is_dense(run) {
            simplify(buffer, run, block);
        } else {
            buffer.extend_from_slice(run);
        }
        buffer.push(Point::BREAK);
    }
    buffer
}

fn simplify(out: &mut Vec<Point>, run: &[Point], block: f32) {
    let mut cover: Option<(f32, Cover)> = None;
    // Blocks lie on a fixed grid, so that the edges of neighbouring bands are simplified alike.
    let middle = |left: f32, cover: Cover| Point::new(left + block / 2.0, (cover.top + cover.bottom) / 2.0);
    out.extend(run.first());
    for point in run {
        let left = (point.x / block).floor() * block;
        match &mut cover {
            Some((at, cover)) if *at == left => cover.add(point.y),
            // The last block is left out: the line's own end comes instead.
            _ => {
                let done = cover.replace((left, Cover::of(point.y)));
                out.extend(done.map(|(left, cover)| middle(left, cover)));
            }
        }
    }
    out.extend(run.last());
}

/// The stretch of one column a line covers.
#[derive(Clone, Copy)]
struct Cover {
    top: f32,
    bottom: f32,
}

impl Cover {
    const NONE: Self = Self { top: f32::INFINITY, bottom: f32::NEG_INFINITY };

    fn of(y: f32) -> Self {
        Self { top: y, bottom: y }
    }

    fn add(&mut self, y: f32) {
        // Not f32::min, which is a call in Wasm.
        if y < self.top {
            self.top = y;
        }
        if y > self.bottom {
            self.bottom = y;
        }
    }
}

/// Finds the pixels of dense lines. Keeps its memory between lines.
#[derive(Default)]
pub(crate) struct Rasterizer {
    columns: Vec<Cover>,
}

impl Rasterizer {
    /// Appends upright lines in the middle of pixel columns that, one pixel wide, cover what a round pen of `width`
    /// covers along the dense parts of `path` between the columns `left` and `right`.
    pub(crate) fn spans(&mut self, out: &mut Vec<Point>, path: &[Point], width: f32, left: f32, right: f32) {
        for run in trace::runs(path).filter(|run| is_dense(run)) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let first = first.x.max(left).floor();
            let columns = last.x.min(right).floor() - first + 1.0;
            self.columns.clear();
            self.columns.resize(columns as usize, Cover::NONE);
            self.cover(run, first);
            self.draw(out, first, width / 2.0);
        }
    }

    /// Notes which part of every column the line passes, column 0 being at `first`.
    fn cover(&mut self, run: &[Point], first: f32) {
        let mut from: Option<Point> = None;
        for to in run {
            let column = (to.x - first).floor();
            if let Some(from) = from {
                // Where the line crosses from column to column it belongs to both.
                let start = (from.x - first).floor().max(-1.0);
                let end = column.min(self.columns.len() as f32);
                let mut edge = start + 1.0;
                while edge <= end {
                    let slope = (to.y - from.y) / (to.x - from.x);
                    let y = from.y + (first + edge - from.x) * slope;
                    self.add(edge - 1.0, y);
                    self.add(edge, y);
                    edge += 1.0;
                }
            }
            self.add(column, to.y);
            from = Some(*to);
        }
    }

    fn add(&mut self, column: f32, y: f32) {
        if column >= 0.0
            && let Some(cover) = self.columns.get_mut(column as usize)
        {
            cover.add(y);
        }
    }

    /// Draws the columns with a round pen: it reaches `radius` up and down in its own column and less in those beside.
    fn draw(&self, out: &mut Vec<Point>, first: f32, radius: f32) {
        let reach = radius as usize;
        for index in 0..self.columns.len() {
            let mut pen = Cover::NONE;
            let nearest = index.saturating_sub(reach);
            let around = self.columns.iter().enumerate().skip(nearest).take(index - nearest + reach + 1);
            for (other, cover) in around {
                let aside = other.abs_diff(index) as f32;
                let up = (radius * radius - aside * aside).sqrt();
                pen.top = pen.top.min(cover.top - up);
                pen.bottom = pen.bottom.max(cover.bottom + up);
            }
            if pen.top <= pen.bottom {
                let x = first + index as f32 + 0.5;
                out.extend([Point::new(x, pen.top), Point::new(x, pen.bottom), Point::BREAK]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Points at `ys`, `per_column` to a column, the first at x 0.
    fn line(ys: &[f32], per_column: f32) -> Vec<Point> {
        ys.iter().enumerate().map(|(index, y)| Point::new(index as f32 / per_column, *y)).collect()
    }

    fn spans(path: &[Point], width: f32) -> Vec<[f32; 3]> {
        let mut out = Vec::new();
        Rasterizer::default().spans(&mut out, path, width, 0.0, 1_000.0);
        out.chunks(3).map(|span| [span[0].x, span[0].y, span[1].y]).collect()
    }

    #[test]
    fn a_line_is_dense_with_more_points_than_columns() {
        let check = |per_column: f32, expected: bool| assert_eq!(is_dense(&line(&[0.0; 40], per_column)), expected);
        check(4.0, true);
        check(1.5, true);
        check(1.0, true);
        check(0.9, false);
        assert!(!is_dense(&line(&[0.0; 8], 4.0)), "a few points are not worth it");
    }

    #[test]
    fn columns_cover_what_the_pen_covers() {
        // Two points a column, level, then a jump from 10 to 20 between columns 4 and 5.
        let path = line(&[10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 20.0, 20.0], 2.0);
        let check = |width: f32, expected: &[[f32; 3]]| assert_eq!(spans(&path, width)[3..], *expected, "{width}");
        check(1.0, &[[3.5, 9.5, 10.5], [4.5, 9.5, 20.5], [5.5, 19.5, 20.5]]);
        // The wider pen reaches the columns beside the jump.
        check(2.0, &[[3.5, 9.0, 20.0], [4.5, 9.0, 21.0], [5.5, 10.0, 21.0]]);
    }

    #[test]
    fn dense_and_sparse_parts_are_told_apart() {
        let mut path = line(&[5.0; 30], 3.0);
        path.push(Point::BREAK);
        path.extend([Point::new(20.0, 1.0), Point::new(60.0, 2.0)]);
        let mut sparse = Vec::new();
        sparse_parts(&mut sparse, &path);
        assert_eq!(sparse[..2], [Point::new(20.0, 1.0), Point::new(60.0, 2.0)]);
        assert_eq!(spans(&path, 1.0).len(), 10);
        let mut buffer = Vec::new();
        let edge = simplified(&mut buffer, &path, 4.0);
        let xs: Vec<f32> = edge.iter().filter(|point| !point.is_break()).map(|point| point.x).collect();
        assert_eq!(xs, [0.0, 2.0, 6.0, 29.0 / 3.0, 20.0, 60.0]);
    }

    proptest! {
        #[test]
        fn every_point_is_covered_and_nothing_lies_outside(
            ys in proptest::collection::vec(-100.0..500.0_f32, 20..200), per_column in 1.2..6.0_f32, width in 0.5..8.0_f32,
        ) {
            let path = line(&ys, per_column);
            let spans = spans(&path, width);
            let half = width / 2.0;
            for point in &path {
                let [_, top, bottom] = spans[point.x as usize];
                prop_assert!(top <= point.y - half + 0.01 && point.y + half - 0.01 <= bottom);
            }
            let (top, bottom) = ys.iter().fold((f32::MAX, f32::MIN), |(top, bottom), y| (top.min(*y), bottom.max(*y)));
            for [_, from, to] in spans {
                prop_assert!(top - half - 0.01 <= from && to <= bottom + half + 0.01);
            }
        }
    }
}
