//! The numbers of one series while they are read.

use super::Fault;
use super::order::rows_by_time;
use frame::{GAP, Grid, Millis, Times};

/// The samples of one series: on the grid as long as they fit, with their own timestamps from the first that does not.
#[derive(Debug)]
pub(super) struct Points {
    pub(super) column: Column,
    /// How many samples came, those replaced by a later one for the same instant included.
    pub(super) received: u64,
    /// How many points there is room for.
    limit: usize,
}

#[derive(Debug)]
pub(super) enum Column {
    /// One value per instant of the grid, without the gaps at its end.
    Grid { grid: Grid, values: Vec<f64> },
    /// In the order they came.
    Explicit { times: Vec<Millis>, values: Vec<f64> },
    /// Over the budget.
    Dropped,
}

impl Points {
    pub(super) fn new(grid: Option<Grid>, limit: usize) -> Self {
        let column = match grid {
            Some(grid) => Column::Grid { grid, values: Vec::new() },
            None => Column::Explicit { times: Vec::new(), values: Vec::new() },
        };
        Self { column, received: 0, limit }
    }

    pub(super) fn dropped() -> Self {
        Self { column: Column::Dropped, received: 0, limit: 0 }
    }

    /// Allocates for many points at once. Tells how many there may come before the next call; none when the budget is
    /// used up.
    pub(super) fn reserve(&mut self) -> Result<usize, Fault> {
        const FIRST: usize = 64;
        match &mut self.column {
            Column::Grid { grid, values } => {
                let len = grid.len as usize;
                if len > self.limit {
                    return Ok(0);
                }
                values.try_reserve_exact(len.saturating_sub(values.len()))?;
                // Samples beyond the grid's length are for instants that others were for already, or leave the grid.
                Ok(usize::MAX)
            }
            Column::Explicit { times, values } => {
                let len = values.len();
                if len == values.capacity().min(times.capacity()) {
                    let more = len.max(FIRST).min(self.limit.saturating_sub(len));
                    times.try_reserve_exact(more)?;
                    values.try_reserve_exact(more)?;
                }
                Ok(values.capacity().min(times.capacity()).min(self.limit).saturating_sub(len))
            }
            Column::Dropped => Ok(usize::MAX),
        }
    }

    /// Adds samples, not more than [`reserve`](Self::reserve) said.
    pub(super) fn extend(&mut self, at: &[Millis], with: &[f64]) -> Result<(), Fault> {
        self.received += at.len() as u64;
        match &mut self.column {
            Column::Grid { grid, values } => {
                let start = values.len();
                let follows = at.iter().zip(start..).all(|(at, index)| *at == grid.at(index));
                if follows && at.len() <= grid.len as usize - start {
                    values.extend_from_slice(with);
                } else {
                    at.iter().zip(with).try_for_each(|(at, value)| self.place(*at, *value))?;
                }
            }
            Column::Explicit { times, values } => {
                times.extend_from_slice(at);
                values.extend_from_slice(with);
            }
            Column::Dropped => {}
        }
        Ok(())
    }

    /// Adds a sample where only single ones come.
    pub(super) fn push(&mut self, at: Millis, value: f64) -> Result<Added, Fault> {
        if self.reserve()? == 0 {
            return Ok(Added::OverBudget);
        }
        self.extend(&[at], &[value])?;
        Ok(Added::Kept)
    }

    /// Puts a sample where it belongs: there were others missing before it, it comes late, or it is off the grid.
    fn place(&mut self, at: Millis, value: f64) -> Result<(), Fault> {
        if let Column::Grid { grid, values } = &mut self.column {
            if let Some(index) = grid.index_of(at) {
                if index >= values.len() {
                    values.resize(index, GAP);
                    values.push(value);
                } else if let Some(earlier) = values.get_mut(index) {
                    *earlier = value;
                }
                return Ok(());
            }
            self.leave_grid()?;
        }
        if let Column::Explicit { times, values } = &mut self.column {
            times.try_reserve(1)?;
            values.try_reserve(1)?;
            times.push(at);
            values.push(value);
        }
        Ok(())
    }

    /// Times and values in order; none when they were dropped. Of two samples for one instant the later one stays.
    pub(super) fn finish(mut self) -> Result<Option<(Times, Vec<f64>)>, Fault> {
        self.reserve()?;
        Ok(match self.column {
            Column::Grid { grid, mut values } => {
                values.resize(grid.len as usize, GAP);
                Some((Times::Grid(grid), values))
            }
            Column::Explicit { times, values } => {
                let Some(rows) = rows_by_time(&times)? else {
                    return Ok(Some((Times::Explicit(times.into()), values)));
                };
                let times = rows.iter().filter_map(|row| times.get(*row).copied()).collect();
                let values = rows.iter().filter_map(|row| values.get(*row).copied()).collect();
                Some((Times::Explicit(times), values))
            }
            Column::Dropped => None,
        })
    }

    /// The one sample of an instant vector's series.
    pub(super) fn into_single(self) -> Option<(Millis, f64)> {
        match self.column {
            Column::Explicit { times, values } => times.first().copied().zip(values.first().copied()),
            // Nothing came: what does come leaves the grid, as an instant has none.
            Column::Grid { .. } | Column::Dropped => None,
        }
    }

    /// How many points it takes in memory once finished.
    pub(super) fn cost(&self) -> usize {
        match &self.column {
            Column::Grid { grid, .. } => grid.len as usize,
            Column::Explicit { values, .. } => values.len(),
            Column::Dropped => 0,
        }
    }

    fn leave_grid(&mut self) -> Result<(), Fault> {
        let Column::Grid { grid, values } = &mut self.column else { return Ok(()) };
        let mut times = Vec::new();
        times.try_reserve(values.len())?;
        times.extend(
            (0..values.len())
                .filter(|index| values.get(*index).is_some_and(|v| !frame::is_gap(*v)))
                .map(|index| grid.at(index)),
        );
        let mut values = std::mem::take(values);
        values.retain(|value| !frame::is_gap(*value));
        self.column = Column::Explicit { times, values };
        Ok(())
    }
}

/// Whether a sample was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    Kept,
    OverBudget,
}
