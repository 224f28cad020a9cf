//! From tables to single values, as Grafana's stat, gauges and pie take them.

use super::ShapedSeries;
use super::field::Fields;
use super::series::Rows;
use crate::SeriesHead;
use dashboard::transform::matcher::FieldMatcher;
use dashboard::transform::{Cell, Field, FieldType, Reducer, Table};
use frame::calcs::Calc;
use frame::{GAP, Times, is_gap};

/// A value for each field that counts, or for each of its rows.
///
/// `wanted` is Grafana's `reduceOptions.fields`; `rows` how many rows are shown at most where each is.
pub(super) fn of(
    tables: &[Table],
    fields: &Fields,
    calcs: &[Calc],
    (wanted, rows): (&str, Option<u32>),
    query_of: &dyn Fn(&Table) -> u32,
) -> Vec<ShapedSeries> {
    let matcher = match wanted {
        "" => FieldMatcher::Types(vec![FieldType::Number]),
        pattern => FieldMatcher::pattern(pattern),
    };
    let mut values = Vec::new();
    for table in tables {
        for index in (0..table.fields.len()).filter(|index| fields.matches(&matcher, table, *index)) {
            let shown = Shown { calcs, query: query_of(table), table, fields, index };
            match rows {
                None => values.extend(shown.reduced()),
                Some(most) => {
                    let left = (most as usize).saturating_sub(values.len());
                    let reached = shown.reached();
                    values.extend((0..table.rows.min(left)).filter_map(|row| shown.row(row, &reached)));
                }
            }
        }
    }
    values
}

/// A field that is shown.
struct Shown<'a> {
    calcs: &'a [Calc],
    /// The query that the table answers.
    query: u32,
    table: &'a Table,
    fields: &'a Fields,
    index: usize,
}

impl Shown<'_> {
    fn field(&self) -> Option<&Field> {
        self.table.fields.get(self.index)
    }

    /// The panel's calcs of the field, and its course over time behind them.
    fn reduced(&self) -> Option<ShapedSeries> {
        let field = self.field()?;
        let cells = || self.calcs.iter().map(|calc| Reducer::Calc(*calc).of(field));
        let name = self.fields.name(self.table, field).to_string();
        let course = self.table.time_field().filter(|_| field.kind == FieldType::Number);
        let (times, values) = match course {
            Some(time) => {
                let rows = Rows::of(self.table, time, None);
                (rows.times.clone(), rows.values(field))
            }
            None => (Times::Explicit([].into()), Vec::new()),
        };
        Some(ShapedSeries { times, values, ..self.value(name, cells().collect()) })
    }

    /// The least and the greatest of the field's values: what colours go by comes behind a value.
    fn reached(&self) -> [Cell; 2] {
        [Calc::Min, Calc::Max].map(|calc| self.field().map_or(Cell::Absent, |field| Reducer::Calc(calc).of(field)))
    }

    /// The field's value in one row.
    fn row(&self, row: usize, [min, max]: &[Cell; 2]) -> Option<ShapedSeries> {
        let cell = self.field()?.values.get(row);
        let mut shown = self.value(self.row_name(row)?, vec![cell, min.clone(), max.clone()]);
        if let Some(head) = &mut shown.head.field {
            head.row = self.cells(row);
        }
        Some(shown)
    }

    /// Names and texts of all fields in one row.
    fn cells(&self, row: usize) -> Vec<(String, String)> {
        let name = |field| self.fields.name(self.table, field).to_string();
        self.table.fields.iter().map(|field| (name(field), field.values.get(row).to_text().to_string())).collect()
    }

    /// The texts of the row; with other numbers in it, or without texts, the field's name too.
    fn row_name(&self, row: usize) -> Option<String> {
        let field = self.field()?;
        let others = || self.table.fields.iter().enumerate().filter(|(index, _)| *index != self.index);
        let texts = others().filter(|(_, other)| other.kind == FieldType::Text);
        let mut parts: Vec<_> = texts
            .map(|(_, other)| other.values.get(row))
            .filter(|cell| cell.is_truthy())
            .map(|cell| cell.to_text())
            .collect();
        if parts.is_empty() || others().any(|(_, other)| other.kind == FieldType::Number) {
            parts.push(self.fields.name(self.table, field));
        }
        Some(parts.join(" "))
    }

    fn value(&self, name: String, cells: Vec<Cell>) -> ShapedSeries {
        let mut head = self.fields.head(self.table, self.index);
        let is_number = |cell: &Cell| cell.as_stored_number().is_some();
        head.text = cells.first().filter(|cell| !is_number(cell)).map(|cell| cell.to_text().to_string());
        let number = |cell: &Cell| cell.as_stored_number().filter(|number| !is_absent(*number)).unwrap_or(GAP);
        ShapedSeries {
            head: SeriesHead {
                name,
                labels: self.field().and_then(|field| field.labels.clone()).unwrap_or_default(),
                calcs: cells.iter().map(number).collect(),
                query: self.query,
                place: 0,
                field: Some(head),
            },
            times: Times::Explicit([].into()),
            values: Vec::new(),
        }
    }
}

fn is_absent(number: f64) -> bool {
    is_gap(number) || dashboard::transform::is_absent(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::transform::Values;

    #[test]
    fn a_field_without_rows_is_counted() {
        let field = Field::new("Value", FieldType::Number, Values::default());
        let heads = super::super::values(&[Table::new(None, vec![field])], &[Calc::Count, Calc::LastNotNull], "", None);
        let found: Vec<(&str, &[f64])> = heads.iter().map(|head| (&*head.name, &*head.calcs)).collect();
        assert_eq!(found[0].0, "Value");
        assert_eq!(found[0].1[0], 0.0);
        assert!(is_gap(found[0].1[1]));
        assert_eq!(found.len(), 1);
    }
}
