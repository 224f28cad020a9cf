//! Pieces and wholes.

use super::*;
use frame::{Millis, Step};
use proptest::prelude::*;

/// `a 1 2 _; b _ _ 3`, the first row at `start` and the others `step` apart.
fn answer(start: i64, step: i64, text: &str) -> (Answered, Grid) {
    let columns: Vec<(Labels, Vec<f64>)> = text.split("; ").filter(|line| !line.is_empty()).map(column).collect();
    let len = columns.first().map_or(3, |(_, values)| values.len() as u32);
    let grid = Grid { start: Millis(start), step: Step::at_least_one(step), len };
    let frames: Vec<Frame> = match columns.is_empty() {
        true => Vec::new(),
        false => vec![Frame::series(Times::Grid(grid), columns)],
    };
    (Answered { frames: frames.into(), bytes: 300, took_millis: 1, ..Answered::default() }, grid)
}

fn column(line: &str) -> (Labels, Vec<f64>) {
    let mut words = line.split(' ');
    let labels = [("l", words.next().unwrap())].into_iter().collect();
    (labels, words.map(|word| if word == "_" { GAP } else { word.parse().unwrap() }).collect())
}

fn show(answer: &Answered) -> String {
    let number = |value: &f64| if is_gap(*value) { "_".to_owned() } else { value.to_string() };
    let line = |(labels, values): (&Labels, &[f64])| {
        let values: Vec<String> = values.iter().map(number).collect();
        format!("{} {}", labels.get("l").unwrap(), values.join(" "))
    };
    answer.frames.iter().flat_map(Frame::numbers).map(line).collect::<Vec<_>>().join("; ")
}

/// Rows 0, 10, 20 … of these, as many as each has, over the rows `to` by `step`.
fn check(sources: &[(i64, &str)], to: (i64, i64), step: i64, expected: Option<&str>) {
    let answers: Vec<(Answered, Grid)> = sources.iter().map(|(start, text)| answer(*start, 10, text)).collect();
    let sources: Vec<Source<'_>> = answers
        .iter()
        .map(|(answer, grid)| Source { answer, grid: *grid, range: crate::cache::extent(*grid).unwrap() })
        .collect();
    let to = Grid::covering(TimeRange::new(to.0, to.1), Step::at_least_one(step));
    let combined = combine(&sources, to);
    assert_eq!(combined.as_ref().map(show).as_deref(), expected, "{to:?}");
}

#[test]
fn rows_come_together_by_labels() {
    check(&[(0, "a 1 2 3"), (30, "a 4 5")], (0, 40), 10, Some("a 1 2 3 4 5"));
    check(&[(0, "a 1 2 3; c 7 8 9"), (30, "b 4; c 5")], (0, 30), 10, Some("a 1 2 3 _; b _ _ _ 4; c 7 8 9 5"));
    check(&[(0, "a 1 2 3; b 1 _ _"), (30, "a 4")], (10, 30), 10, Some("a 2 3 4"));
    check(&[(0, "a 1 2 3"), (20, "a 9 4")], (0, 30), 10, Some("a 1 2 9 4"));
    check(&[(0, ""), (30, "a 4")], (0, 30), 10, Some("a _ _ _ 4"));
    check(&[(0, ""), (30, "")], (0, 50), 10, Some(""));
}

#[test]
fn rows_are_taken_out_of_finer_ones() {
    check(&[(0, "a 1 2 3 4 5; b _ 2 _ 4 _")], (0, 40), 20, Some("a 1 3 5"));
    check(&[(0, "a 1 2 3 4 5; b _ 2 _ 4 _")], (10, 30), 20, Some("a 2 4; b 2 4"));
    check(&[(0, "a 1 2 3 4 5")], (0, 40), 15, None);
    check(&[(0, "a 1 2 3 4 5")], (5, 25), 10, None);
}

#[test]
fn what_cannot_be_told_apart_is_not_put_together() {
    check(&[(0, "a 1 2 3; a 4 5 6"), (30, "a 4")], (0, 30), 10, None);
    check(&[(0, "b 1 2 3; a 4 5 6"), (30, "a 4")], (0, 30), 10, None);
    let (mut partial, grid) = answer(0, 10, "a 1 2 3");
    assert!(is_divisible(&partial, grid) && !is_divisible(&partial, Grid { len: 2, ..grid }));
    partial.notices.warnings = vec!["PromQL info: it might not be a counter".to_owned()];
    assert!(is_divisible(&partial, grid));
    partial.notices.warnings.push("a store is out of reach".to_owned());
    assert!(!is_divisible(&partial, grid));
}

#[test]
fn bytes_count_by_rows() {
    let ((base, grid), (tail, tail_grid)) = (answer(0, 10, "a 1 2 3"), answer(30, 10, "a 4"));
    let sources = [
        Source { answer: &base, grid, range: TimeRange::new(10, 20) },
        Source { answer: &tail, grid: tail_grid, range: TimeRange::new(30, 30) },
    ];
    let combined = combine(&sources, Grid { start: Millis(10), len: 3, ..grid }).unwrap();
    assert_eq!((combined.bytes, combined.samples), (200 + 300, 3));
}

#[test]
fn differences_are_found_up_to_a_time() {
    for (one, other, until, expected) in [
        ("a 1 2 3", "a 1 2 3", 20, None),
        ("a 1 2 3", "a 1 2 4", 10, None),
        ("a 1 2 3", "a 1 2 4", 20, Some(r#"{l="a"} at 20 is 3, and 4 in the whole answer"#)),
        ("a 1 2 3", "a 1.0000000000001 2 3", 20, None),
        ("a 1 _ 3", "a 1 NaN 3", 20, Some(r#"{l="a"} at 10 is missing, and NaN in the whole answer"#)),
        ("a 1 2 3; b _ _ 1", "a 1 2 3", 10, None),
        ("a 1 2 3; b _ _ 1", "a 1 2 3", 20, Some(r#"{l="b"} at 20 is 1, and missing in the whole answer"#)),
    ] {
        let ((one, grid), (other, _)) = (answer(0, 10, one), answer(0, 10, other));
        let found = difference(&one, &other, grid, TimeRange::new(0, until));
        assert_eq!(found.as_deref(), expected);
    }
}

/// What a series has at one instant; both where it is mixed and a proxy says so.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Point {
    Gap,
    Number(f64),
    Histogram(u8),
}

fn a_point() -> impl Strategy<Value = Point> {
    prop_oneof![Just(Point::Gap), any::<f64>().prop_map(Point::Number), (0..5_u8).prop_map(Point::Histogram)]
}

/// A histogram with `size` buckets, which tell the row they come from.
fn a_histogram(size: u8, row: usize) -> HistogramColumn {
    let of = |add: f64| (0..size).map(|bucket| f64::from(bucket) + add).collect::<Vec<f64>>();
    HistogramColumn {
        count: vec![f64::from(size)],
        sum: vec![row as f64],
        bucket_starts: vec![0, u32::from(size)],
        rules: (0..size).map(|bucket| bucket % 4).collect(),
        lower: of(0.0),
        upper: of(1.0),
        counts: of(row as f64),
    }
}

/// The answer over rows `rows`, ten milliseconds apart, of series that have a point each at every row.
fn answer_of(series: &[Vec<Point>], rows: Range<usize>) -> (Answered, Grid) {
    let grid = Grid { start: Millis(rows.start as i64 * 10), step: Step::at_least_one(10), len: rows.len() as u32 };
    let (mut numbers, mut frames, mut samples) = (Vec::new(), Vec::new(), 0);
    for (name, points) in series.iter().enumerate() {
        let labels: Labels = [("l", name.to_string().as_str())].into_iter().collect();
        let points = &points[rows.clone()];
        samples += points.iter().filter(|point| **point != Point::Gap).count() as u64;
        let number = |point: &Point| if let Point::Number(value) = point { *value } else { GAP };
        if points.iter().any(|point| matches!(point, Point::Number(_))) {
            numbers.push((labels.clone(), points.iter().map(number).collect()));
        }
        let mut column = HistogramColumn::with_capacity(rows.len(), 0).unwrap();
        for (row, point) in rows.clone().zip(points) {
            let one = if let Point::Histogram(size) = point { Some(a_histogram(*size, row)) } else { None };
            column.push(one.as_ref().map(|one| (one, 0))).unwrap();
        }
        if points.iter().any(|point| matches!(point, Point::Histogram(_))) {
            let mut frame = Frame::series(Times::Grid(grid), []);
            frame.fields.push(Field { name: "Value".into(), labels, column: Column::Histogram(column) });
            frames.push(frame);
        }
    }
    if !numbers.is_empty() {
        frames.insert(0, Frame::series(Times::Grid(grid), numbers));
    }
    (Answered { frames: frames.into(), bytes: 1, samples, took_millis: 1, ..Answered::default() }, grid)
}

proptest! {
    /// Numbers and native histograms, mixed in one series as well: two pieces that overlap make the whole, bit by bit.
    #[test]
    fn pieces_make_the_whole(
        series in prop::collection::vec(prop::collection::vec(a_point(), 12), 0..4),
        (from, until) in (0..6_usize, 8..=12_usize),
        (cut, overlap) in (1..5_usize, 0..3_usize),
    ) {
        let cut = (from + cut).min(until - 1);
        let older = answer_of(&series, from..(cut + overlap).min(until));
        let newer = answer_of(&series, cut..until);
        let (whole, grid) = answer_of(&series, from..until);
        let sources = [&older, &newer].map(|(answer, grid)| Source {
            answer,
            grid: *grid,
            range: crate::cache::extent(*grid).unwrap(),
        });
        let joined = combine(&sources, grid).unwrap();
        prop_assert_eq!(format!("{:?}", joined.frames), format!("{:?}", whole.frames));
        prop_assert_eq!(joined.samples, whole.samples);
        prop_assert!(is_divisible(&joined, grid));
        let all = crate::cache::extent(grid).unwrap();
        prop_assert_eq!(difference(&joined, &whole, grid, all), None);
    }

    /// A point that differs is found.
    #[test]
    fn what_differs_is_found(
        series in prop::collection::vec(prop::collection::vec(a_point(), 6), 1..3),
        other in a_point(),
        (number, row) in (0..3_usize, 0..6_usize),
    ) {
        let mut changed = series.clone();
        changed[number % series.len()][row] = other;
        let ((one, grid), (two, _)) = (answer_of(&series, 0..6), answer_of(&changed, 0..6));
        let is_same = match (series[number % series.len()][row], other) {
            (Point::Number(a), Point::Number(b)) => is_same(a, b),
            (a, b) => a == b,
        };
        let found = difference(&one, &two, grid, crate::cache::extent(grid).unwrap());
        prop_assert_eq!(found.is_none(), is_same, "{:?}", found);
    }
}
