//! Cutting paths to a rectangle, for surfaces that cannot clip, and to dashes, for those that cannot dash.

use crate::list::Dash;
use crate::marks::trace;
use crate::{Point, Rect};

/// The parts of the lines `path` that lie in `rect`, after Liang and Barsky ("A new concept and method for line
/// clipping", ACM Transactions on Graphics 3, 1984).
pub(crate) fn lines(path: &[Point], rect: Rect) -> Vec<Point> {
    let mut cut: Vec<Point> = Vec::new();
    for run in trace::runs(path) {
        for pair in run.windows(2) {
            let &[from, to] = pair else { continue };
            let Some((start, end)) = segment(from, to, rect) else { continue };
            if cut.last() != Some(&start) {
                if !cut.is_empty() {
                    cut.push(Point::BREAK);
                }
                cut.push(start);
            }
            cut.push(end);
        }
    }
    cut
}

fn segment(from: Point, to: Point, rect: Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    let edges =
        [(-dx, from.x - rect.left), (dx, rect.right - from.x), (-dy, from.y - rect.top), (dy, rect.bottom - from.y)];
    for (outward, room) in edges {
        if outward == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if outward < 0.0 {
            enter = enter.max(room / outward);
        } else {
            leave = leave.min(room / outward);
        }
    }
    let at = |share: f32| Point::new(from.x + dx * share, from.y + dy * share);
    let start = if enter > 0.0 { at(enter) } else { from };
    let end = if leave < 1.0 { at(leave) } else { to };
    (enter <= leave).then_some((start, end))
}

/// The part of the closed shape `polygon` that lies in `rect`, after Sutherland and Hodgman ("Reentrant polygon
/// clipping", Communications of the ACM 17, 1974).
pub(crate) fn polygon(polygon: &[Point], rect: Rect) -> Vec<Point> {
    let left = half_plane(polygon, |point| point.x - rect.left);
    let right = half_plane(&left, |point| rect.right - point.x);
    let top = half_plane(&right, |point| point.y - rect.top);
    half_plane(&top, |point| rect.bottom - point.y)
}

/// What lies where `inside` is not negative.
fn half_plane(polygon: &[Point], inside: impl Fn(Point) -> f32) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 4);
    let before = polygon.last().into_iter().chain(polygon);
    for (from, to) in before.zip(polygon) {
        let (a, b) = (inside(*from), inside(*to));
        if (a < 0.0) != (b < 0.0) {
            let share = a / (a - b);
            kept.push(Point::new(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share));
        }
        if b >= 0.0 {
            kept.push(*to);
        }
    }
    kept
}

/// The dashes of the lines `path`, as lines of their own. Patterns shorter than two pixels are stretched to that.
pub(crate) fn dashes(path: &[Point], dash: Dash) -> Vec<Point> {
    let stretch = (2.0 / (dash.on + dash.off)).max(1.0);
    let dash = dash.scaled(stretch);
    let mut cut = Vec::new();
    for run in trace::runs(path) {
        let (mut drawing, mut left) = (true, dash.on);
        cut.extend(run.first());
        for pair in run.windows(2) {
            let &[from, to] = pair else { continue };
            let length = (to.x - from.x).hypot(to.y - from.y);
            let mut done = 0.0;
            while length - done > left {
                done += left;
                let share = done / length;
                let at = Point::new(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share);
                if drawing {
                    cut.extend([at, Point::BREAK]);
                } else {
                    cut.push(at);
                }
                drawing = !drawing;
                left = if drawing { dash.on } else { dash.off };
            }
            left -= length - done;
            if drawing {
                cut.push(to);
            }
        }
        if drawing {
            cut.push(Point::BREAK);
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECT: Rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    fn path(text: &str) -> Vec<Point> {
        let point = |word: &str| match word.split_once(',') {
            Some((x, y)) => Point::new(x.parse().unwrap(), y.parse().unwrap()),
            None => Point::BREAK,
        };
        text.split_whitespace().map(point).collect()
    }

    fn print(path: &[Point]) -> String {
        let words =
            path.iter().map(|point| if point.is_break() { "|".into() } else { format!("{},{}", point.x, point.y) });
        words.collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn lines_are_cut_where_they_leave() {
        let check = |given: &str, expected: &str| assert_eq!(print(&lines(&path(given), RECT)), expected, "{given}");
        check("1,1 2,2", "1,1 2,2");
        check("-5,5 15,5", "0,5 10,5");
        check("5,-5 5,5 5,15", "5,0 5,5 5,10");
        check("5,5 20,5 20,8 5,8", "5,5 10,5 | 10,8 5,8");
        check("-5,0 -5,20", "");
        check("1,1 | 2,2 3,3", "2,2 3,3");
        check("-1,-1 | -1,12 12,12", "");
    }

    #[test]
    fn polygons_are_cut_to_their_part_inside() {
        let check = |given: &str, expected: &str| assert_eq!(print(&polygon(&path(given), RECT)), expected, "{given}");
        check("1,1 2,1 2,2", "1,1 2,1 2,2");
        check("-5,2 5,2 5,4 -5,4", "0,2 5,2 5,4 0,4");
        check("20,20 30,20 30,30", "");
        check("-5,-5 15,-5 15,15 -5,15", "0,10 0,0 10,0 10,10");
    }

    #[test]
    fn dashes_go_on_around_corners() {
        let check = |given: &str, on: f32, off: f32, expected: &str| {
            assert_eq!(print(&dashes(&path(given), Dash { on, off })), expected, "{given}");
        };
        check("0,0 10,0", 4.0, 2.0, "0,0 4,0 | 6,0 10,0 |");
        check("0,0 3,0 3,3", 4.0, 1.0, "0,0 3,0 3,1 | 3,2 3,3 |");
        check("0,0 4,0", 0.5, 0.5, "0,0 1,0 | 2,0 3,0 |");
    }
}
