//! From tables to series over time.

use super::field::Fields;
use super::{Answers, ShapedSeries};
use crate::SeriesHead;
use dashboard::transform::{Field, FieldType, Table};
use frame::{GAP, Grid, Millis, Times, gap_between};

/// A series per number of every table that has times.
pub(super) fn of(
    answers: &Answers<'_>,
    tables: &[Table],
    fields: &Fields,
    problems: &mut Vec<String>,
) -> Vec<ShapedSeries> {
    let mut series = Vec::new();
    let mut timeless = 0;
    for table in tables {
        let Some(time) = table.time_field() else {
            timeless += usize::from(table.rows > 0);
            continue;
        };
        let rows = Rows::of(table, time, common_grid(answers));
        for (index, field) in table.fields.iter().enumerate().filter(|(_, field)| is_drawn(field)) {
            let values = rows.values(field);
            let head = SeriesHead {
                name: fields.name(table, field).to_string(),
                labels: field.labels.clone().unwrap_or_default(),
                calcs: answers.spec.calcs_of.told(&answers.spec.calcs, &values),
                query: query_of(answers, table),
                place: 0,
                field: Some(fields.head(table, index)),
            };
            series.push(ShapedSeries { head, times: rows.times.clone(), values });
        }
    }
    if timeless > 0 {
        problems.push(format!("{} without a time field cannot be drawn over time", counted(timeless)));
    }
    series
}

fn counted(tables: usize) -> String {
    if tables == 1 { "1 table".to_owned() } else { format!("{tables} tables") }
}

fn is_drawn(field: &Field) -> bool {
    matches!(field.kind, FieldType::Number | FieldType::Bool)
}

/// The query that a table answers, or the first for what came out of several.
pub(super) fn query_of(answers: &Answers<'_>, table: &Table) -> u32 {
    let ref_id = table.ref_id.as_deref().unwrap_or_default();
    answers.queries.iter().find(|query| query.ref_id == *ref_id).map_or(0, |query| query.place)
}

/// The grid of all queries over time, where they have one in common.
fn common_grid(answers: &Answers<'_>) -> Option<Grid> {
    let mut grids = answers.queries.iter().filter_map(|query| query.key.grid());
    let first = grids.next()?;
    grids.all(|grid| grid == first).then_some(first)
}

/// Which row of a table stands where in time.
pub(super) struct Rows {
    pub times: Times,
    /// For every instant the table's row, if it has one there.
    rows: Vec<Option<usize>>,
}

impl Rows {
    /// On `grid` where all rows are there: then a missing one is a gap, and series of several tables can be stacked. Else in
    /// the order of time, with a gap where the next point is further away than the field says they are.
    pub fn of(table: &Table, time: &Field, grid: Option<Grid>) -> Self {
        let instants: Vec<(i64, usize)> = (0..table.rows)
            .map(|row| (time.values.number(row), row))
            .filter(|(at, _)| at.is_finite())
            .map(|(at, row)| (at as i64, row))
            .collect();
        grid.and_then(|grid| Self::on(grid, &instants))
            .unwrap_or_else(|| Self::in_order(instants, time.config.interval_millis))
    }

    fn on(grid: Grid, instants: &[(i64, usize)]) -> Option<Self> {
        let mut rows = vec![None; grid.len as usize];
        for (at, row) in instants {
            let offset = at.checked_sub(grid.start.0)?;
            let place = rows.get_mut(usize::try_from(offset / grid.step.millis()).ok()?)?;
            // Two values at one instant have no place on a grid.
            if offset % grid.step.millis() != 0 || place.replace(*row).is_some() {
                return None;
            }
        }
        Some(Self { times: Times::Grid(grid), rows })
    }

    fn in_order(mut instants: Vec<(i64, usize)>, interval_millis: Option<f64>) -> Self {
        instants.sort_by_key(|(at, _)| *at);
        let interval = interval_millis.map(|millis| millis as i64);
        let (mut times, mut rows) = (Vec::with_capacity(instants.len()), Vec::with_capacity(instants.len()));
        let mut previous: Option<Millis> = None;
        for (at, row) in instants.into_iter().map(|(at, row)| (Millis(at), row)) {
            if let Some(gap) = previous.and_then(|before| gap_between(before, at, interval)) {
                times.push(gap);
                rows.push(None);
            }
            times.push(at);
            rows.push(Some(row));
            previous = Some(at);
        }
        Self { times: Times::Explicit(times.into()), rows }
    }

    /// The numbers of `field` at these instants.
    pub fn values(&self, field: &Field) -> Vec<f64> {
        let number = |row: &Option<usize>| {
            let cell = row.map(|row| field.values.get(row)).filter(|cell| !cell.is_missing());
            cell.map_or(GAP, |cell| cell.to_number())
        };
        self.rows.iter().map(number).collect()
    }
}
