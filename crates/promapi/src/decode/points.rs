//! The numbers of one series while they are read.

use super::Fault;
use super::order::rows_by_time;
use frame::{GAP, Grid, Millis, Times, is_gap};

/// The samples of one series: on the grid as long as they fit, with their own timestamps from the first that does not.
#[derive(Debug)]
pub(super) struct Points {
    column: Column,
    /// How many samples came, those included that a later one for the same instant replaced.
    received: u64,
    /// How many points the budget allows for.
    limit: usize,
    /// How many there are likely to be where no grid tells: room for them is made at once.
    likely: usize,
}

#[derive(Debug)]
enum Column {
    /// One value per instant of the grid, without the gaps at its end.
    Grid { grid: Grid, values: Vec<f64> },
    /// In the order they came.
    Explicit { times: Vec<Millis>, values: Vec<f64> },
    /// Over the budget.
    Dropped,
}

/// Where the next samples go, one to a slot from the first on.
pub(super) enum Slots<'a> {
    /// Those of the grid's instants from this index on.
    Grid(usize, &'a mut [f64]),
    /// Whichever come.
    Explicit(&'a mut [Millis], &'a mut [f64]),
    /// There are none.
    Dropped,
}

/// Whether a sample was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    Kept,
    OverBudget,
}

impl Points {
    pub(super) fn new(grid: Option<Grid>, limit: usize, likely: usize) -> Self {
        let column = match grid {
            Some(grid) => Column::Grid { grid, values: Vec::new() },
            None => Column::Explicit { times: Vec::new(), values: Vec::new() },
        };
        Self { column, received: 0, limit, likely }
    }

    pub(super) fn dropped() -> Self {
        Self { column: Column::Dropped, received: 0, limit: 0, likely: 0 }
    }

    pub(super) fn received(&self) -> u64 {
        self.received
    }

    /// How many points it takes in memory once finished.
    pub(super) fn cost(&self) -> usize {
        match &self.column {
            Column::Grid { grid, .. } => grid.len as usize,
            Column::Explicit { values, .. } => values.len(),
            Column::Dropped => 0,
        }
    }

    /// Adds a sample.
    pub(super) fn push(&mut self, at: Millis, value: f64) -> Result<Added, Fault> {
        if let Column::Grid { grid, values } = &mut self.column {
            if grid.len as usize > self.limit {
                return Ok(Added::OverBudget);
            }
            if let Some(index) = grid.index_of(at) {
                reserve_grid(values, *grid)?;
                if index >= values.len() {
                    values.resize(index + 1, GAP);
                }
                values.get_mut(index).into_iter().for_each(|slot| *slot = value);
                self.received += 1;
                return Ok(Added::Kept);
            }
            self.leave_grid()?;
        }
        if let Column::Explicit { times, values } = &mut self.column {
            if values.len() >= self.limit {
                return Ok(Added::OverBudget);
            }
            times.try_reserve(1)?;
            values.try_reserve(1)?;
            times.push(at);
            values.push(value);
        }
        self.received += 1;
        Ok(Added::Kept)
    }

    /// Lets `read` fill at most `most` slots that follow what is there, and tells how many it filled.
    pub(super) fn fill(&mut self, most: usize, read: impl FnOnce(Slots<'_>) -> usize) -> Result<usize, Fault> {
        let count = match &mut self.column {
            Column::Grid { grid, values } if grid.len as usize <= self.limit => {
                reserve_grid(values, *grid)?;
                let start = values.len();
                values.resize(start.saturating_add(most).min(grid.len as usize), GAP);
                let count = read(Slots::Grid(start, values.get_mut(start..).unwrap_or_default()));
                values.truncate(start + count);
                count
            }
            Column::Explicit { times, values } => {
                let start = values.len();
                let room = most.min(self.limit.saturating_sub(start));
                // The last slots of all are more than there are samples for.
                let likely = self.likely.saturating_add(most).min(self.limit).saturating_sub(start);
                times.try_reserve(room.max(likely))?;
                values.try_reserve(room.max(likely))?;
                times.resize(start + room, Millis(0));
                values.resize(start + room, GAP);
                let (at, slots) = (times.get_mut(start..), values.get_mut(start..));
                let count = read(Slots::Explicit(at.unwrap_or_default(), slots.unwrap_or_default()));
                times.truncate(start + count);
                values.truncate(start + count);
                count
            }
            Column::Grid { .. } | Column::Dropped => read(Slots::Dropped),
        };
        self.received += count as u64;
        Ok(count)
    }

    /// Times and values in order; none when they were dropped. Of two samples for one instant the later one stays. Instants
    /// that are those of the series `before` are held once.
    pub(super) fn finish(self, before: Option<&Times>) -> Result<Option<(Times, Vec<f64>)>, Fault> {
        Ok(match self.column {
            Column::Grid { grid, mut values } => {
                reserve_grid(&mut values, grid)?;
                values.resize(grid.len as usize, GAP);
                Some((Times::Grid(grid), values))
            }
            Column::Explicit { times, mut values } => Some(match rows_by_time(&times)? {
                None => {
                    values.shrink_to_fit();
                    let times = match before {
                        Some(Times::Explicit(before)) if **before == *times => before.clone(),
                        _ => times.into(),
                    };
                    (Times::Explicit(times), values)
                }
                Some(rows) => {
                    let times = rows.iter().filter_map(|row| times.get(*row).copied()).collect();
                    let values = rows.iter().filter_map(|row| values.get(*row).copied()).collect();
                    (Times::Explicit(times), values)
                }
            }),
            Column::Dropped => None,
        })
    }

    /// The one sample of an instant vector's series.
    pub(super) fn into_single(self) -> Option<(Millis, f64)> {
        match self.column {
            Column::Explicit { times, values } => times.first().copied().zip(values.first().copied()),
            // Only series without any sample are still on the grid: an instant has none.
            Column::Grid { .. } | Column::Dropped => None,
        }
    }

    fn leave_grid(&mut self) -> Result<(), Fault> {
        let Column::Grid { grid, values } = &mut self.column else { return Ok(()) };
        let samples = || values.iter().enumerate().filter(|(_, value)| !is_gap(**value));
        let mut times = Vec::new();
        times.try_reserve(values.len())?;
        times.extend(samples().map(|(index, _)| grid.at(index)));
        let mut values = std::mem::take(values);
        values.retain(|value| !is_gap(*value));
        self.column = Column::Explicit { times, values };
        Ok(())
    }
}

/// Makes room for all of the grid at once.
fn reserve_grid(values: &mut Vec<f64>, grid: Grid) -> Result<(), Fault> {
    Ok(values.try_reserve_exact((grid.len as usize).saturating_sub(values.len()))?)
}
