//! Answers taken apart and put together, row by row.

use crate::answer::Answered;
use frame::{Column, Frame, GAP, Grid, Labels, TimeRange, Times, is_gap};
use promapi::Notices;
use std::sync::Arc;

/// The rows in `range` of an answer over `grid`, to make another one from.
pub(crate) struct Source<'a> {
    pub answer: &'a Answered,
    pub grid: Grid,
    pub range: TimeRange,
}

type Series<'a> = (&'a Labels, &'a [f64]);

/// The series of an answer that can be taken apart: numbers on `grid`, in Prometheus' order, each label set once (behind
/// proxies one may come twice, and then nothing says which is which).
fn series(answer: &Answered, grid: Grid) -> Option<Vec<Series<'_>>> {
    let [frame] = &*answer.frames else { return answer.frames.is_empty().then(Vec::new) };
    let [time, numbers @ ..] = frame.fields.as_slice() else { return None };
    if time.column != Column::Time(Times::Grid(grid)) {
        return None;
    }
    let numbers = numbers.iter().map(|field| match &field.column {
        Column::Number(values) => Some((&field.labels, values.as_slice())),
        _ => None,
    });
    let numbers: Vec<Series<'_>> = numbers.collect::<Option<_>>()?;
    numbers.is_sorted_by(|a, b| a.0 < b.0).then_some(numbers)
}

/// Whether other answers can be made from this one. A partial one must not live on in them.
pub(crate) fn is_divisible(answer: &Answered, grid: Grid) -> bool {
    // What the language itself warns of comes anew with every part.
    let is_whole = |warning: &String| warning.starts_with("PromQL ");
    answer.truncated.is_none() && answer.notices.warnings.iter().all(is_whole) && series(answer, grid).is_some()
}

/// The answer over `to` made of these; none where that cannot be done. Series without a point there are left out, as
/// the server leaves them out.
pub(crate) fn combine(sources: &[Source<'_>], to: Grid) -> Option<Answered> {
    let mut parts: Vec<(&Source<'_>, std::iter::Peekable<std::vec::IntoIter<Series<'_>>>)> = Vec::new();
    for source in sources {
        parts.push((source, series(source.answer, source.grid)?.into_iter().peekable()));
    }
    let mut columns = Vec::new();
    let mut samples = 0;
    while let Some(labels) = parts.iter_mut().filter_map(|(_, rest)| rest.peek().map(|(labels, _)| *labels)).min() {
        let mut column = Vec::new();
        column.try_reserve_exact(to.len as usize).ok()?;
        column.resize(to.len as usize, GAP);
        for (source, rest) in &mut parts {
            if let Some((_, values)) = rest.next_if(|(next, _)| *next == labels) {
                copy_rows(source, values, to, &mut column)?;
            }
        }
        let present = column.iter().filter(|value| !is_gap(**value)).count();
        if present > 0 {
            samples += present as u64;
            columns.push((labels.clone(), column));
        }
    }
    let frames: Arc<[Frame]> = match columns.is_empty() {
        true => [].into(),
        false => [Frame::series(Times::Grid(to), columns)].into(),
    };
    Some(Answered {
        frames,
        notices: notices(sources),
        bytes: sources.iter().map(|source| source.bytes()).sum(),
        samples,
        truncated: None,
        took_millis: sources.iter().map(|source| source.answer.took_millis).max().unwrap_or_default(),
    })
}

/// Copies the source's rows to the rows of `to` at the same instants; none where there are no such.
fn copy_rows(source: &Source<'_>, values: &[f64], to: Grid, column: &mut [f64]) -> Option<()> {
    let rows = Times::Grid(to).rows_in(source.range);
    if rows.is_empty() {
        return Some(());
    }
    let first = source.grid.index_of(to.at(rows.start))?;
    let stride = to.step.millis() / source.grid.step.millis();
    if stride * source.grid.step.millis() != to.step.millis() {
        return None;
    }
    let copied = values.get(first..)?.iter().step_by(usize::try_from(stride).ok()?);
    column.get_mut(rows)?.iter_mut().zip(copied).for_each(|(slot, value)| *slot = *value);
    Some(())
}

impl Source<'_> {
    /// The bytes in which the rows taken from it came, about.
    fn bytes(&self) -> u64 {
        let rows = Times::Grid(self.grid).rows_in(self.range).len() as u64;
        (u128::from(self.answer.bytes) * u128::from(rows) / u128::from(self.grid.len.max(1))) as u64
    }
}

fn notices(sources: &[Source<'_>]) -> Notices {
    let mut all = Notices::default();
    for source in sources {
        all.add(&source.answer.notices);
    }
    all
}

/// Where two answers over `grid` differ up to the end of `until`, in words; none where they do not.
///
/// The last digits may: a server may add up series in another order each time.
pub(crate) fn difference(merged: &Answered, whole: &Answered, grid: Grid, until: TimeRange) -> Option<String> {
    let rows = Times::Grid(grid).rows_in(until);
    let (Some(merged), Some(whole)) = (settled(merged, grid, &rows), settled(whole, grid, &rows)) else {
        return Some("one of them is not on the grid".to_owned());
    };
    let (mut merged, mut whole) = (merged.into_iter(), whole.into_iter());
    loop {
        let (one, other) = match (merged.next(), whole.next()) {
            (None, None) => return None,
            (Some(one), Some(other)) if one.0 == other.0 => (one, other),
            (one, other) => {
                let name =
                    |series: Option<Series<'_>>| series.map_or("none".to_owned(), |(labels, _)| labels.to_string());
                return Some(format!("the next series is {}, and {} in the whole answer", name(one), name(other)));
            }
        };
        let row = one.1.iter().zip(other.1).position(|(a, b)| !is_same(*a, *b));
        if let Some(row) = row {
            let value = |series: Series<'_>| match series.1.get(row) {
                Some(value) if !is_gap(*value) => frame::decimal::text(*value),
                _ => "missing".to_owned(),
            };
            let at = grid.at(rows.start + row).0;
            return Some(format!("{} at {at} is {}, and {} in the whole answer", one.0, value(one), value(other)));
        }
    }
}

/// The series of `answer` that have a point among `rows`, cut to them.
fn settled<'a>(answer: &'a Answered, grid: Grid, rows: &std::ops::Range<usize>) -> Option<Vec<Series<'a>>> {
    let cut =
        series(answer, grid)?.into_iter().filter_map(|(labels, values)| Some((labels, values.get(rows.clone())?)));
    Some(cut.filter(|(_, values)| values.iter().any(|value| !is_gap(*value))).collect())
}

fn is_same(a: f64, b: f64) -> bool {
    const ROUNDING: f64 = 1e-9;
    match (a.is_nan(), b.is_nan()) {
        (true, true) => is_gap(a) == is_gap(b),
        (false, false) => a == b || (a - b).abs() <= ROUNDING * a.abs().max(b.abs()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::{Millis, Step};

    /// `a 1 2 _; b _ _ 3`, the first row at `start` and the others `step` apart.
    fn answer(start: i64, step: i64, text: &str) -> (Answered, Grid) {
        let columns: Vec<(Labels, Vec<f64>)> = text.split("; ").filter(|line| !line.is_empty()).map(column).collect();
        let len = columns.first().map_or(3, |(_, values)| values.len() as u32);
        let grid = Grid { start: Millis(start), step: Step::at_least_one(step), len };
        let frames: Vec<Frame> = match columns.is_empty() {
            true => Vec::new(),
            false => vec![Frame::series(Times::Grid(grid), columns)],
        };
        let notices = Notices::default();
        (Answered { frames: frames.into(), notices, bytes: 300, samples: 0, truncated: None, took_millis: 1 }, grid)
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
            ("a 1 2 3; b _ _ 1", "a 1 2 3", 20, Some(r#"the next series is {l="b"}, and none in the whole answer"#)),
        ] {
            let ((one, grid), (other, _)) = (answer(0, 10, one), answer(0, 10, other));
            let found = difference(&one, &other, grid, TimeRange::new(0, until));
            assert_eq!(found.as_deref(), expected);
        }
    }
}
