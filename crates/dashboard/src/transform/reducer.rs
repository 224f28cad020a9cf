//! A field as one value. Numbers are left to [`frame::calcs`]; here is what other fields give, and the two reducers whose
//! result is a list.

use super::cell::Cell;
use super::table::{Field, FieldType};
use super::values::Values;
use frame::calcs::{Calc, Gaps, percentile_rank};
use frame::{GAP, is_gap};
use std::borrow::Cow;
use std::cmp::Ordering;

/// How a field becomes one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reducer {
    /// A calculation.
    Calc(Calc),
    /// All values as a list.
    AllValues,
    /// The different values as a list.
    UniqueValues,
}

impl Reducer {
    /// The reducer with this Grafana id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        match id {
            "allValues" => Some(Self::AllValues),
            "uniqueValues" => Some(Self::UniqueValues),
            id => Calc::parse(id).map(Self::Calc),
        }
    }

    /// Its Grafana id.
    #[must_use]
    pub fn id(self) -> Cow<'static, str> {
        match self {
            Self::Calc(calc) => calc.id(),
            Self::AllValues => "allValues".into(),
            Self::UniqueValues => "uniqueValues".into(),
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn label(self) -> Cow<'static, str> {
        match self {
            Self::Calc(calc) => calc.label(),
            Self::AllValues => "All values".into(),
            Self::UniqueValues => "All unique values".into(),
        }
    }

    /// Whether the result has the unit of the values. Lists have none.
    #[must_use]
    pub fn keeps_unit(self) -> bool {
        matches!(self, Self::Calc(calc) if calc.keeps_unit())
    }

    /// What the result is for a field of type `kind`; `lists` is the type of a result that is a list.
    #[must_use]
    pub fn result_type(self, kind: FieldType, lists: FieldType) -> FieldType {
        match self {
            Self::Calc(Calc::First | Calc::FirstNotNull | Calc::Last | Calc::LastNotNull) => kind,
            Self::Calc(_) => FieldType::Number,
            Self::AllValues | Self::UniqueValues => lists,
        }
    }

    /// The value of `field`: [`Cell::Absent`] for one without values, but for the few reducers that still have an answer.
    #[must_use]
    pub fn of(self, field: &Field) -> Cell {
        self.of_values(&field.values, field.kind, Gaps::Ignore)
    }

    /// The value of these values of a field of type `kind`.
    #[must_use]
    pub fn of_values(self, values: &Values, kind: FieldType, gaps: Gaps) -> Cell {
        if values.is_empty() {
            return self.of_nothing();
        }
        let calc = match self {
            Self::AllValues => return Cell::List(values.cells().collect()),
            Self::UniqueValues => return Cell::List(unique(values).into()),
            Self::Calc(calc) => calc,
        };
        // Gaps that are kept have their place among the others.
        let ranks_gaps = gaps == Gaps::Keep && matches!(calc, Calc::Median | Calc::Percentile(_));
        match (kind, numbers(values)) {
            (FieldType::Number | FieldType::Time, Some(numbers)) if !ranks_gaps => typed(calc, calc.of(&numbers, gaps)),
            _ => of_cells(calc, values, gaps),
        }
    }

    fn of_nothing(self) -> Cell {
        match self {
            Self::Calc(Calc::Sum | Calc::Count | Calc::CountAll) => Cell::Number(0.0),
            Self::Calc(Calc::AllIsZero) => Cell::Bool(false),
            Self::Calc(Calc::AllIsNull) => Cell::Bool(true),
            _ => Cell::Absent,
        }
    }
}

/// Numbers with every place that holds none as a gap; none where something else is among them.
fn numbers(values: &Values) -> Option<Cow<'_, [f64]>> {
    match values {
        Values::Numbers(numbers) if !numbers.iter().any(|number| super::cell::is_absent(*number)) => {
            Some(Cow::Borrowed(numbers))
        }
        _ => {
            let number = |cell: Cell| if cell.is_missing() { Some(GAP) } else { cell.as_stored_number() };
            values.cells().map(number).collect::<Option<Vec<f64>>>().map(Cow::Owned)
        }
    }
}

/// Two calculations answer yes or no.
fn typed(calc: Calc, value: f64) -> Cell {
    match calc {
        Calc::AllIsZero | Calc::AllIsNull => Cell::Bool(value == 1.0),
        _ if is_gap(value) => Cell::Null,
        _ => Cell::Number(value),
    }
}

/// What can be said of values that are no numbers: how many there are, which come first and last, and which in the middle.
fn of_cells(calc: Calc, values: &Values, gaps: Gaps) -> Cell {
    let there = || values.cells().filter(|cell| gaps != Gaps::Ignore || !cell.is_missing());
    match calc {
        Calc::First => values.get(0),
        Calc::Last => values.get(values.len().saturating_sub(1)),
        Calc::FirstNotNull => values.cells().find(|cell| !cell.is_missing()).unwrap_or(Cell::Null),
        Calc::LastNotNull => values.cells().filter(|cell| !cell.is_missing()).last().unwrap_or(Cell::Null),
        Calc::Count => Cell::Number(there().count() as f64),
        Calc::CountAll => Cell::Number(values.len() as f64),
        Calc::Sum | Calc::Delta | Calc::DiffPerc | Calc::Variance | Calc::StdDev => Cell::Number(0.0),
        Calc::AllIsZero => Cell::Bool(false),
        Calc::AllIsNull => Cell::Bool(true),
        Calc::LogMin => Cell::Number(f64::MAX),
        Calc::ChangeCount => {
            let cells: Vec<Cell> = there().collect();
            Cell::Number(cells.windows(2).filter(|pair| pair[0] != pair[1]).count() as f64)
        }
        Calc::DistinctCount => Cell::Number(unique(&there().collect()).len() as f64),
        Calc::Median | Calc::Percentile(_) => {
            let filled = |cell: Cell| if gaps == Gaps::Zero && cell.is_missing() { Cell::Number(0.0) } else { cell };
            ranked(calc, there().map(filled).collect())
        }
        _ => Cell::Null,
    }
}

/// The middle or a percentile of values in the order of the numbers they count as: what is missing stands where zero would,
/// what is no number stays where it is.
fn ranked(calc: Calc, mut cells: Vec<Cell>) -> Cell {
    frame::sort_by(&mut cells, |a, b| a.to_number().partial_cmp(&b.to_number()).unwrap_or(Ordering::Equal));
    let at = |index: usize| cells.get(index).cloned().unwrap_or(Cell::Null);
    let middle = cells.len() / 2;
    match calc {
        Calc::Percentile(percent) => at(percentile_rank(cells.len(), percent)),
        _ if cells.len() % 2 == 1 => at(middle),
        _ if cells.is_empty() => Cell::Null,
        _ => Cell::Number((at(middle - 1).to_number() + at(middle).to_number()) / 2.0),
    }
}

/// The different values in the order in which they first come; NaN is one value here.
fn unique(values: &Values) -> Vec<Cell> {
    let is_nan = |cell: &Cell| matches!(cell, Cell::Number(number) if number.is_nan());
    let mut seen = std::collections::HashSet::new();
    let mut found: Vec<Cell> = Vec::new();
    for cell in values.cells() {
        let is_new = match &cell {
            Cell::Number(_) | Cell::Text(_) => {
                seen.insert((is_nan(&cell), matches!(cell, Cell::Text(_)), cell.to_text()))
            }
            other => !found.contains(other),
        };
        if is_new {
            found.push(cell);
        }
    }
    found
}
