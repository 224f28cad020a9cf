//! The native histograms of one series while they are read.

use super::Fault;
use super::order::rows_by_time;
use frame::{Grid, HistogramColumn, Millis, Times};

/// Histograms in the order they came.
#[derive(Debug)]
pub(super) struct Histograms {
    times: Vec<Millis>,
    column: HistogramColumn,
    bucket: Bucket,
}

#[derive(Clone, Copy, Debug, Default)]
struct Bucket {
    rule: u8,
    lower: f64,
    upper: f64,
    count: f64,
}

impl Default for Histograms {
    fn default() -> Self {
        let column = HistogramColumn { bucket_starts: vec![0], ..HistogramColumn::default() };
        Self { times: Vec::new(), column, bucket: Bucket::default() }
    }
}

impl Histograms {
    /// Begins the histogram at the instant `at`. A count or sum that does not come is NaN.
    pub(super) fn begin(&mut self, at: Millis) -> Result<(), Fault> {
        push(&mut self.times, at)?;
        push(&mut self.column.count, f64::NAN)?;
        push(&mut self.column.sum, f64::NAN)?;
        let end = bucket_index(self.column.rules.len())?;
        push(&mut self.column.bucket_starts, end)
    }

    pub(super) fn set_count(&mut self, count: f64) {
        self.column.count.last_mut().into_iter().for_each(|last| *last = count);
    }

    pub(super) fn set_sum(&mut self, sum: f64) {
        self.column.sum.last_mut().into_iter().for_each(|last| *last = sum);
    }

    /// Forgets the last histogram's buckets.
    pub(super) fn clear_buckets(&mut self) {
        let column = &mut self.column;
        let [.., start, end] = column.bucket_starts.as_mut_slice() else { return };
        *end = *start;
        let kept = *start as usize;
        column.rules.truncate(kept);
        for values in [&mut column.lower, &mut column.upper, &mut column.counts] {
            values.truncate(kept);
        }
    }

    /// Sets one of rule, lower bound, upper bound and count of the bucket being read.
    pub(super) fn set_bucket_part(&mut self, index: u8, value: f64) -> Result<(), Fault> {
        match index {
            0 if [0.0, 1.0, 2.0, 3.0].contains(&value) => self.bucket.rule = value as u8,
            0 => return Err(Fault::What("the rule of a bucket is not 0, 1, 2 or 3")),
            1 => self.bucket.lower = value,
            2 => self.bucket.upper = value,
            _ => self.bucket.count = value,
        }
        Ok(())
    }

    /// Adds the bucket just read to the last histogram.
    pub(super) fn end_bucket(&mut self) -> Result<(), Fault> {
        if self.is_empty() {
            return Ok(());
        }
        let Bucket { rule, lower, upper, count } = self.bucket;
        let column = &mut self.column;
        push(&mut column.rules, rule)?;
        push(&mut column.lower, lower)?;
        push(&mut column.upper, upper)?;
        push(&mut column.counts, count)?;
        let end = bucket_index(column.rules.len())?;
        column.bucket_starts.last_mut().into_iter().for_each(|last| *last = end);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.times.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// How many points it takes in memory once finished on `grid`, at most.
    pub(super) fn cost(&self, grid: Option<Grid>) -> usize {
        if self.is_empty() { 0 } else { self.len().max(grid.map_or(0, |grid| grid.len as usize)) }
    }

    /// When the first one is.
    pub(super) fn first_time(&self) -> Option<Millis> {
        self.times.first().copied()
    }

    /// The only histogram of an instant vector's series.
    pub(super) fn into_column(self) -> HistogramColumn {
        self.column
    }

    /// Times and histograms in order: on the grid, with gaps, where all of them are, else with their own times. Of two
    /// for one instant the later one stays.
    pub(super) fn finish(self, grid: Option<Grid>) -> Result<(Times, HistogramColumn), Fault> {
        let rows = rows_by_time(&self.times)?.unwrap_or_else(|| (0..self.len()).collect());
        let Some((grid, indices)) = grid.and_then(|grid| Some((grid, self.grid_indices(grid, &rows)?))) else {
            let sorted = rows.iter().filter_map(|row| self.times.get(*row).copied()).collect();
            return Ok((Times::Explicit(sorted), gather(&self.column, rows.into_iter().map(Some))?));
        };
        let mut next = indices.into_iter().zip(rows).peekable();
        let rows = (0..grid.len as usize).map(|index| next.next_if(|(at, _)| *at == index).map(|(_, row)| row));
        Ok((Times::Grid(grid), gather(&self.column, rows)?))
    }

    /// Where on the grid these rows are, if all of them are.
    fn grid_indices(&self, grid: Grid, rows: &[usize]) -> Option<Vec<usize>> {
        rows.iter().map(|row| self.times.get(*row).and_then(|at| grid.index_of(*at))).collect()
    }
}

/// The histograms at these rows, a gap where there is none.
fn gather(
    from: &HistogramColumn,
    rows: impl ExactSizeIterator<Item = Option<usize>>,
) -> Result<HistogramColumn, Fault> {
    let mut to = HistogramColumn::with_capacity(rows.len(), from.rules.len())?;
    for row in rows {
        to.push(row.map(|row| (from, row))).ok_or(Fault::OutOfMemory)?;
    }
    Ok(to)
}

fn bucket_index(index: usize) -> Result<u32, Fault> {
    u32::try_from(index).map_err(|_| Fault::OutOfMemory)
}

fn push<T>(to: &mut Vec<T>, value: T) -> Result<(), Fault> {
    to.try_reserve(1)?;
    to.push(value);
    Ok(())
}
