//! Frames, fields and their columns.

use crate::{Grid, Labels, Millis, TimeRange};
use std::borrow::Cow;
use std::collections::TryReserveError;
use std::sync::Arc;

/// A missing point: a quiet NaN with a payload no computation produces, so that a gap and a real NaN stay apart
/// in one plain column of f64. Compare with [`is_gap`], never with `==`.
pub const GAP: f64 = f64::from_bits(0x7ff8_0000_0067_6170);

/// Whether `value` stands for a missing point.
#[inline]
#[must_use]
pub fn is_gap(value: f64) -> bool {
    value.to_bits() == GAP.to_bits()
}

/// The values as a chart shows them: what is not finite has no place on an axis, and is a gap.
#[must_use]
pub fn drawable(values: &[f64]) -> Cow<'_, [f64]> {
    if values.iter().all(|value| value.is_finite() || is_gap(*value)) {
        return Cow::Borrowed(values);
    }
    values.iter().map(|value| if value.is_finite() { *value } else { GAP }).collect()
}

/// The values that there are: all but gaps.
#[must_use]
pub fn without_gaps(values: &[f64]) -> Cow<'_, [f64]> {
    if !values.iter().any(|value| is_gap(*value)) {
        return Cow::Borrowed(values);
    }
    values.iter().copied().filter(|value| !is_gap(*value)).collect()
}

/// When each row of a frame is.
#[derive(Clone, Debug, PartialEq)]
pub enum Times {
    /// Evenly spaced; nothing is stored per row.
    Grid(Grid),
    /// One instant a row, ascending.
    Explicit(Arc<[Millis]>),
}

impl Times {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Grid(grid) => grid.len as usize,
            Self::Explicit(times) => times.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The instant of row `index`, or none beyond the last.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<Millis> {
        match self {
            Self::Grid(grid) => (index < grid.len as usize).then(|| grid.at(index)),
            Self::Explicit(times) => times.get(index).copied(),
        }
    }

    /// The first row at or after `at`; `len()` when all rows are earlier.
    #[must_use]
    pub fn lower_bound(&self, at: Millis) -> usize {
        match self {
            Self::Grid(grid) => {
                let offset = at.since(grid.start);
                if offset <= 0 {
                    return 0;
                }
                let step = grid.step.millis();
                let index = offset / step + i64::from(offset % step != 0);
                usize::try_from(index).unwrap_or(usize::MAX).min(grid.len as usize)
            }
            Self::Explicit(times) => times.partition_point(|time| *time < at),
        }
    }

    /// As [`Times::lower_bound`], and quicker where that is near the row `guess`.
    #[must_use]
    pub fn lower_bound_near(&self, at: Millis, guess: usize) -> usize {
        const NEAR: usize = 4;
        if let Self::Explicit(times) = self {
            let start = guess.saturating_sub(NEAR);
            let near = times.get(start..guess.saturating_add(NEAR)).unwrap_or_default();
            if near.first().is_some_and(|first| *first < at) && near.last().is_some_and(|last| *last >= at) {
                // Counting all takes less than choosing where to look.
                return start + near.iter().filter(|time| **time < at).count();
            }
        }
        self.lower_bound(at)
    }

    /// The rows inside `range`, both ends included.
    #[must_use]
    pub fn rows_in(&self, range: TimeRange) -> std::ops::Range<usize> {
        let start = self.lower_bound(range.start);
        start..self.lower_bound(range.end.plus(1)).max(start)
    }
}

/// Native histograms of one series, in columns. Row `i` is a gap when `count[i]` is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramColumn {
    /// Observations per row; fractional for float histograms.
    pub count: Vec<f64>,
    /// Sum of observations per row.
    pub sum: Vec<f64>,
    /// Row `i` has the buckets `bucket_starts[i]..bucket_starts[i + 1]`; one entry more than rows.
    pub bucket_starts: Vec<u32>,
    /// Boundary rule per bucket: 0 `(lower, upper]`, 1 `[lower, upper)`, 2 both open, 3 both closed.
    pub rules: Vec<u8>,
    /// Lower bound per bucket.
    pub lower: Vec<f64>,
    /// Upper bound per bucket.
    pub upper: Vec<f64>,
    /// Observations per bucket.
    pub counts: Vec<f64>,
}

impl HistogramColumn {
    /// A column without rows, which takes `rows` with `buckets` in all before its memory grows.
    ///
    /// # Errors
    ///
    /// There is no memory for that many.
    pub fn with_capacity(rows: usize, buckets: usize) -> Result<Self, TryReserveError> {
        let mut column = Self::default();
        column.count.try_reserve_exact(rows)?;
        column.sum.try_reserve_exact(rows)?;
        column.bucket_starts.try_reserve_exact(rows.saturating_add(1))?;
        column.bucket_starts.push(0);
        column.rules.try_reserve_exact(buckets)?;
        for values in [&mut column.lower, &mut column.upper, &mut column.counts] {
            values.try_reserve_exact(buckets)?;
        }
        Ok(column)
    }

    /// Whether row `row` is a missing point, or there is no such row.
    #[must_use]
    pub fn is_gap(&self, row: usize) -> bool {
        self.count.get(row).copied().is_none_or(is_gap)
    }

    /// The buckets of row `row`, as indices into the columns of buckets.
    #[must_use]
    pub fn buckets(&self, row: usize) -> std::ops::Range<usize> {
        match self.bucket_starts.get(row..).unwrap_or_default() {
            [start, end, ..] => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Adds row `row` of `from`; a missing point where there is none. Grows like any vector: reserve for what comes from
    /// outside. None where there are more buckets than can be counted.
    pub fn push(&mut self, from: Option<(&Self, usize)>) -> Option<()> {
        let number =
            |of: fn(&Self) -> &Vec<f64>| from.and_then(|(from, row)| of(from).get(row)).copied().unwrap_or(GAP);
        self.count.push(number(|column| &column.count));
        self.sum.push(number(|column| &column.sum));
        if let Some((from, row)) = from {
            let range = from.buckets(row);
            self.rules.extend_from_slice(from.rules.get(range.clone()).unwrap_or_default());
            self.lower.extend_from_slice(from.lower.get(range.clone()).unwrap_or_default());
            self.upper.extend_from_slice(from.upper.get(range.clone()).unwrap_or_default());
            self.counts.extend_from_slice(from.counts.get(range).unwrap_or_default());
        }
        self.bucket_starts.push(u32::try_from(self.rules.len()).ok()?);
        Some(())
    }
}

/// The values of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Instants: the time field of a frame.
    Time(Times),
    /// Numbers; a missing one is [`GAP`].
    Number(Vec<f64>),
    /// Texts, such as label values in a table.
    Text(Vec<Arc<str>>),
    /// Native histograms.
    Histogram(HistogramColumn),
}

impl Column {
    /// How many rows the column has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Time(times) => times.len(),
            Self::Number(values) => values.len(),
            Self::Text(texts) => texts.len(),
            Self::Histogram(histograms) => histograms.count.len(),
        }
    }

    /// Whether the column has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many numbers it keeps in memory: none for the times of a grid, several for a histogram.
    #[must_use]
    pub fn points(&self) -> usize {
        match self {
            Self::Time(Times::Grid(_)) => 0,
            Self::Time(Times::Explicit(times)) => times.len(),
            Self::Number(values) => values.len(),
            Self::Text(texts) => texts.len(),
            Self::Histogram(histograms) => 2 * histograms.count.len() + 3 * histograms.counts.len(),
        }
    }
}

/// One column of a frame with its name and labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// `Time`, `Value`, a label's name …, as Grafana names them.
    pub name: Arc<str>,
    /// The labels of the series it holds; empty for time and text fields.
    pub labels: Labels,
    /// Its values.
    pub column: Column,
}

/// A table of equally long fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// All columns; the time field, where there is one, comes first.
    pub fields: Vec<Field>,
}

impl Frame {
    /// A wide frame: one time field and one number field per series. Every column must be as long as `times`.
    #[must_use]
    pub fn series(times: Times, columns: impl IntoIterator<Item = (Labels, Vec<f64>)>) -> Self {
        let rows = times.len();
        let time = Field { name: "Time".into(), labels: Labels::default(), column: Column::Time(times) };
        let value: Arc<str> = "Value".into();
        let values = columns.into_iter().map(|(labels, values)| {
            debug_assert_eq!(values.len(), rows);
            Field { name: value.clone(), labels, column: Column::Number(values) }
        });
        Self { fields: std::iter::once(time).chain(values).collect() }
    }

    /// The time column, if the frame has one.
    #[must_use]
    pub fn times(&self) -> Option<&Times> {
        self.fields.iter().find_map(|field| match &field.column {
            Column::Time(times) => Some(times),
            _ => None,
        })
    }

    /// Labels and values of every number field.
    pub fn numbers(&self) -> impl Iterator<Item = (&Labels, &[f64])> {
        self.fields.iter().filter_map(|field| match &field.column {
            Column::Number(values) => Some((&field.labels, values.as_slice())),
            _ => None,
        })
    }

    /// How many rows the frame has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.fields.first().map_or(0, |field| field.column.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Step;

    #[test]
    fn a_gap_is_not_a_nan() {
        assert!(is_gap(GAP) && GAP.is_nan());
        assert!(!is_gap(f64::NAN) && !is_gap(0.0 / 0.0_f64.abs()));
    }

    #[test]
    fn rows_of_a_range_are_the_same_on_and_off_the_grid() {
        let grid = Grid { start: Millis(100), step: Step::from_millis(10).expect("a step"), len: 5 };
        let explicit = Times::Explicit((0..5).map(|i| grid.at(i)).collect());
        for start in 80..160 {
            for end in 80..160 {
                let range = TimeRange::new(start, end);
                let expected: Vec<usize> = (0..5).filter(|i| range.contains(grid.at(*i))).collect();
                for times in [Times::Grid(grid), explicit.clone()] {
                    assert_eq!(times.rows_in(range).collect::<Vec<_>>(), expected, "{start}..{end}");
                }
            }
        }
    }

    #[test]
    fn a_guess_does_not_change_what_is_found() {
        let explicit = Times::Explicit([3, 3, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 15, 16, 90].map(Millis).into());
        let grid = Grid { start: Millis(5), step: Step::from_millis(7).expect("a step"), len: 9 };
        for times in [explicit, Times::Explicit([].into()), Times::Grid(grid)] {
            for at in 0..100 {
                for guess in (0..=20).chain([usize::MAX]) {
                    assert_eq!(
                        times.lower_bound_near(Millis(at), guess),
                        times.lower_bound(Millis(at)),
                        "{at} {guess}"
                    );
                }
            }
        }
    }
}
