//! Columns of values.

use super::cell::{ABSENT, Cell};
use frame::{GAP, Times};
use std::sync::Arc;

/// The values of a field. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Values {
    /// Instants as a query's answer has them.
    Times(Times),
    /// Numbers; [`GAP`] for a missing one, [`ABSENT`] where there is nothing.
    Numbers(Arc<Vec<f64>>),
    /// Few values that many rows have, such as those of a label: the values, and which of them each row has.
    Codes(Arc<Vec<Cell>>, Arc<Vec<u32>>),
    /// Anything.
    Cells(Arc<Vec<Cell>>),
}

/// The code of a row that holds nothing.
const NO_CODE: u32 = u32::MAX;

impl Default for Values {
    fn default() -> Self {
        Self::Numbers(Arc::default())
    }
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && (0..self.len()).all(|row| self.get(row) == other.get(row))
    }
}

impl Values {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Times(times) => times.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::Codes(_, codes) => codes.len(),
            Self::Cells(cells) => cells.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value in row `row`, nothing beyond the last.
    #[must_use]
    pub fn get(&self, row: usize) -> Cell {
        match self {
            Self::Times(times) => times.get(row).map_or(Cell::Absent, |at| Cell::Number(at.0 as f64)),
            Self::Numbers(numbers) => numbers.get(row).map_or(Cell::Absent, |number| Cell::number(*number)),
            Self::Codes(cells, codes) => {
                codes.get(row).and_then(|code| cells.get(*code as usize)).cloned().unwrap_or(Cell::Absent)
            }
            Self::Cells(cells) => cells.get(row).cloned().unwrap_or(Cell::Absent),
        }
    }

    /// The number in row `row`, [`GAP`] or [`ABSENT`] where there is none.
    #[must_use]
    pub fn number(&self, row: usize) -> f64 {
        match self {
            Self::Numbers(numbers) => numbers.get(row).copied().unwrap_or(ABSENT),
            _ => self.get(row).as_stored_number().unwrap_or(GAP),
        }
    }

    /// All of them.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The column of these cells: one of numbers where all are.
    #[must_use]
    pub fn from_cells(cells: Vec<Cell>) -> Self {
        match cells.iter().map(Cell::as_stored_number).collect::<Option<Vec<f64>>>() {
            Some(numbers) => Self::from(numbers),
            None => Self::Cells(Arc::new(cells)),
        }
    }

    /// The values of these rows in this order, nothing where there is no row.
    #[must_use]
    pub fn select(&self, rows: &[Option<usize>]) -> Self {
        match self {
            Self::Numbers(numbers) => Self::from(picked(numbers, rows, ABSENT)),
            Self::Codes(cells, codes) => Self::Codes(cells.clone(), Arc::new(picked(codes, rows, NO_CODE))),
            _ => Self::from_cells(rows.iter().map(|row| row.map_or(Cell::Absent, |row| self.get(row))).collect()),
        }
    }

    /// The same value in every one of `rows` rows.
    #[must_use]
    pub fn repeated(cell: Cell, rows: usize) -> Self {
        Self::Codes(Arc::new(vec![cell]), Arc::new(vec![0; rows]))
    }
}

fn picked<T: Copy>(values: &[T], rows: &[Option<usize>], missing: T) -> Vec<T> {
    rows.iter().map(|row| row.and_then(|row| values.get(row).copied()).unwrap_or(missing)).collect()
}

impl From<Vec<f64>> for Values {
    fn from(numbers: Vec<f64>) -> Self {
        Self::Numbers(Arc::new(numbers))
    }
}

impl FromIterator<Cell> for Values {
    fn from_iter<I: IntoIterator<Item = Cell>>(cells: I) -> Self {
        Self::from_cells(cells.into_iter().collect())
    }
}
