//! Answers taken apart and put together, row by row.

use crate::answer::Answered;
use frame::{Column, Field, Frame, GAP, Grid, HistogramColumn, Labels, TimeRange, Times, is_gap};
use promapi::Notices;
use std::ops::Range;

/// The rows in `range` of an answer over `grid`, to make another one from.
pub(crate) struct Source<'a> {
    pub answer: &'a Answered,
    pub grid: Grid,
    pub range: TimeRange,
}

/// A series' label set and its values.
type Series<'a, T> = (&'a Labels, &'a T);

/// The series of an answer, in the order of their labels.
struct Parts<'a> {
    numbers: Vec<Series<'a, Vec<f64>>>,
    histograms: Vec<Series<'a, HistogramColumn>>,
}

/// The series of an answer that can be taken apart: on `grid`, in Prometheus' order, each label set once among the numbers
/// and once among the histograms (behind proxies one may come twice, and then nothing says which is which).
fn parts(answer: &Answered, grid: Grid) -> Option<Parts<'_>> {
    let mut parts = Parts { numbers: Vec::new(), histograms: Vec::new() };
    for frame in answer.frames.iter() {
        let [time, fields @ ..] = frame.fields.as_slice() else { return None };
        if time.column != Column::Time(Times::Grid(grid)) {
            return None;
        }
        for field in fields {
            match &field.column {
                Column::Number(values) => parts.numbers.push((&field.labels, values)),
                Column::Histogram(histograms) => parts.histograms.push((&field.labels, histograms)),
                Column::Time(_) | Column::Text(_) => return None,
            }
        }
    }
    (is_in_order(&parts.numbers) && is_in_order(&parts.histograms)).then_some(parts)
}

fn is_in_order<T>(series: &[Series<'_, T>]) -> bool {
    series.is_sorted_by(|a, b| a.0 < b.0)
}

/// Whether other answers can be made from this one. A partial one must not live on in them.
pub(crate) fn is_divisible(answer: &Answered, grid: Grid) -> bool {
    // What the language itself warns of comes anew with every part.
    let is_whole = |warning: &String| warning.starts_with("PromQL ");
    answer.truncated.is_none() && answer.notices.warnings.iter().all(is_whole) && parts(answer, grid).is_some()
}

/// The answer over `to` made of these; none where that cannot be done. Series without a point there are left out, as
/// the server leaves them out.
pub(crate) fn combine(sources: &[Source<'_>], to: Grid) -> Option<Answered> {
    let mut rows = Vec::new();
    let (mut numbers, mut histograms) = (Vec::new(), Vec::new());
    for source in sources {
        let parts = parts(source.answer, source.grid)?;
        rows.push(source.rows(to)?);
        numbers.push(parts.numbers);
        histograms.push(parts.histograms);
    }
    let (mut samples, mut columns, mut frames) = (0, Vec::new(), Vec::new());
    each_label_set(&numbers, |labels, parts| {
        let column = joined_numbers(parts, &rows, to)?;
        let present = column.iter().filter(|value| !is_gap(**value)).count();
        if present > 0 {
            samples += present as u64;
            columns.push((labels.clone(), column));
        }
        Some(())
    })?;
    if !columns.is_empty() {
        frames.push(Frame::series(Times::Grid(to), columns));
    }
    each_label_set(&histograms, |labels, parts| {
        let column = joined_histograms(parts, &rows, to)?;
        let present = (0..column.count.len()).filter(|row| !column.is_gap(*row)).count();
        if present > 0 {
            samples += present as u64;
            let mut frame = Frame::series(Times::Grid(to), []);
            let column = Column::Histogram(column);
            frame.fields.push(Field { name: "Value".into(), labels: labels.clone(), column });
            frames.push(frame);
        }
        Some(())
    })?;
    Some(Answered {
        frames: frames.into(),
        notices: notices(sources),
        bytes: sources.iter().map(|source| source.bytes()).sum(),
        samples,
        read_samples: None,
        is_metricsql: sources.iter().any(|source| source.answer.is_metricsql),
        truncated: None,
        took_millis: sources.iter().map(|source| source.answer.took_millis).max().unwrap_or_default(),
        came_at: sources.iter().map(|source| source.answer.came_at).max().unwrap_or_default(),
    })
}

/// Hands every label set, in order, to `take`, with the values that each source has of it.
fn each_label_set<'a, T>(
    sources: &[Vec<Series<'a, T>>],
    mut take: impl FnMut(&Labels, &[Option<&'a T>]) -> Option<()>,
) -> Option<()> {
    let mut rests: Vec<_> = sources.iter().map(|series| series.iter().peekable()).collect();
    while let Some(labels) = rests.iter_mut().filter_map(|rest| rest.peek().map(|(labels, _)| *labels)).min() {
        let of_it = rests.iter_mut().map(|rest| rest.next_if(|(next, _)| *next == labels).map(|(_, values)| *values));
        take(labels, &of_it.collect::<Vec<_>>())?;
    }
    Some(())
}

/// Which rows of a source become which of another grid.
struct Rows {
    to: Range<usize>,
    first: usize,
    stride: usize,
}

fn joined_numbers(parts: &[Option<&Vec<f64>>], rows: &[Rows], to: Grid) -> Option<Vec<f64>> {
    let mut column = Vec::new();
    column.try_reserve_exact(to.len as usize).ok()?;
    column.resize(to.len as usize, GAP);
    for (values, rows) in parts.iter().zip(rows) {
        let Some(values) = values else { continue };
        let copied = values.get(rows.first..).unwrap_or_default().iter().step_by(rows.stride);
        column.get_mut(rows.to.clone())?.iter_mut().zip(copied).for_each(|(slot, value)| *slot = *value);
    }
    Some(column)
}

fn joined_histograms(parts: &[Option<&HistogramColumn>], rows: &[Rows], to: Grid) -> Option<HistogramColumn> {
    let mut picked = Vec::new();
    picked.try_reserve_exact(to.len as usize).ok()?;
    picked.resize(to.len as usize, None);
    for (histograms, rows) in parts.iter().zip(rows) {
        let Some(histograms) = histograms else { continue };
        let from = (rows.first..).step_by(rows.stride).map(|row| Some((*histograms, row)));
        picked.get_mut(rows.to.clone())?.iter_mut().zip(from).for_each(|(slot, from)| *slot = from);
    }
    let present = |(column, row): (&HistogramColumn, usize)| !column.is_gap(row);
    let buckets = picked.iter().flatten().map(|(column, row)| column.buckets(*row).len()).sum();
    let mut joined = HistogramColumn::with_capacity(picked.len(), buckets).ok()?;
    picked.into_iter().try_for_each(|from| joined.push(from.filter(|from| present(*from))))?;
    Some(joined)
}

impl Source<'_> {
    /// Which of its rows become which rows of `to`; none where they are not among those.
    fn rows(&self, to: Grid) -> Option<Rows> {
        let rows = Times::Grid(to).rows_in(self.range);
        if rows.is_empty() {
            return Some(Rows { to: rows, first: 0, stride: 1 });
        }
        let first = self.grid.index_of(to.at(rows.start))?;
        let stride = to.step.millis() / self.grid.step.millis();
        let is_multiple = stride * self.grid.step.millis() == to.step.millis();
        Some(Rows { to: rows, first, stride: usize::try_from(stride).ok().filter(|_| is_multiple)? })
    }

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
    let (Some(merged), Some(whole)) = (parts(merged, grid), parts(whole, grid)) else {
        return Some("one of them is not on the grid".to_owned());
    };
    let number = |values: &Vec<f64>, row| values.get(row).copied().filter(|value| !is_gap(*value));
    let sum = |column: &HistogramColumn, row| number(&column.sum, row).filter(|_| !column.is_gap(row));
    let of_numbers = first_difference(&merged.numbers, &whole.numbers, rows.clone(), number, |one, other, row| {
        is_same_number(number(one, row), number(other, row))
    });
    let of_histograms = || first_difference(&merged.histograms, &whole.histograms, rows, sum, is_same_histogram);
    let Difference { series, row, values } = of_numbers.or_else(of_histograms)?;
    let text = |value: Option<f64>| value.map_or("missing".to_owned(), frame::decimal::text);
    Some(format!("{series} at {} is {}, and {} in the whole answer", grid.at(row).0, text(values.0), text(values.1)))
}

struct Difference {
    series: String,
    row: usize,
    values: (Option<f64>, Option<f64>),
}

/// The first point among `rows` that is not the same in both, with the number that stands for it. A series that one of
/// them does not have is one without points.
fn first_difference<T>(
    one: &[Series<'_, T>],
    other: &[Series<'_, T>],
    rows: Range<usize>,
    number: impl Fn(&T, usize) -> Option<f64>,
    is_same: impl Fn(&T, &T, usize) -> bool,
) -> Option<Difference> {
    let mut found = None;
    let both = [one.to_vec(), other.to_vec()];
    each_label_set(&both, |labels, values| {
        let [one, other] = values else { return None };
        let number = |values: &Option<&T>, row| values.and_then(|values| number(values, row));
        let differs = |row: &usize| match (one, other) {
            (Some(one), Some(other)) => !is_same(one, other, *row),
            (one, other) => number(one, *row).is_some() || number(other, *row).is_some(),
        };
        let row = rows.clone().find(differs);
        found = row.map(|row| Difference {
            series: labels.to_string(),
            row,
            values: (number(one, row), number(other, row)),
        });
        // No further than the first.
        found.is_none().then_some(())
    });
    found
}

fn is_same_number(a: Option<f64>, b: Option<f64>) -> bool {
    a.zip(b).map_or(a.is_none() && b.is_none(), |(a, b)| is_same(a, b))
}

fn is_same_histogram(a: &HistogramColumn, b: &HistogramColumn, row: usize) -> bool {
    let (of_a, of_b) = (a.buckets(row), b.buckets(row));
    let are_same = |a: &[f64], b: &[f64]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(*a, *b));
    let column = |of: fn(&HistogramColumn) -> &Vec<f64>| {
        let values = |column, range: &Range<usize>| of(column).get(range.clone()).unwrap_or_default();
        are_same(values(a, &of_a), values(b, &of_b))
    };
    let rule = |column: &HistogramColumn, range: &Range<usize>| column.rules.get(range.clone()).map(<[u8]>::to_vec);
    let at = |values: &[f64]| values.get(row).copied();
    is_same_number(at(&a.count), at(&b.count))
        && is_same_number(at(&a.sum), at(&b.sum))
        && rule(a, &of_a) == rule(b, &of_b)
        && column(|column| &column.lower)
        && column(|column| &column.upper)
        && column(|column| &column.counts)
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
mod tests;
