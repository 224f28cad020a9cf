//! `merge`: several tables as one, whose rows come together where the fields all of them have are equal.

use super::cell::Cell;
use super::index::{Index, row_key};
use super::names::Names;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{TransformError, check_size, combined_ref_id};

pub(super) fn apply(tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
    let with_fields: Vec<&Table> = tables.iter().filter(|table| !table.fields.is_empty()).collect();
    if tables.len() < 2 || with_fields.len() < 2 {
        return Ok(match with_fields.first() {
            Some(table) => vec![(*table).clone()],
            None => tables.into_iter().take(1).collect(),
        });
    }
    let columns = Columns::of(&with_fields);
    if columns.keys.is_empty() {
        return Ok(with_fields.into_iter().cloned().collect());
    }
    check_size(with_fields.iter().map(|table| table.rows).sum(), columns.fields.len())?;
    let rows = merged_rows(&with_fields, &columns);
    let take = |(index, field): (usize, &Field)| {
        let values: Values = rows.iter().map(|row| row[index].clone()).collect();
        Field { labels: None, ..field.with_values(values) }
    };
    let fields = columns.fields.iter().enumerate().map(|(index, field)| take((index, field))).collect();
    let ref_id = combined_ref_id("merge", &with_fields);
    Ok(vec![Table { rows: rows.len(), ..Table::new(Some(ref_id), fields) }])
}

/// The columns of the result.
struct Columns {
    fields: Vec<Field>,
    /// Of each table, where its fields go.
    places: Vec<Vec<usize>>,
    /// The columns that all tables have.
    keys: Vec<usize>,
}

impl Columns {
    fn of(tables: &[&Table]) -> Self {
        let mut fields: Vec<Field> = Vec::new();
        let mut index = Index::default();
        let mut places = Vec::new();
        for table in tables {
            let place = |field: &Field| {
                let place = index.place(&field.name);
                if place == fields.len() {
                    fields.push(field.clone());
                }
                place
            };
            places.push(table.fields.iter().map(place).collect::<Vec<usize>>());
        }
        let is_everywhere = |column: &usize| places.iter().all(|places| places.contains(column));
        let keys = (0..fields.len()).filter(is_everywhere).collect();
        Self { fields, places, keys }
    }
}

/// The rows of the result; a row goes into the first one with the same key that it does not contradict.
fn merged_rows(tables: &[&Table], columns: &Columns) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut index = Index::default();
    let mut by_key: Vec<Vec<usize>> = Vec::new();
    for (table, places) in tables.iter().zip(&columns.places) {
        for source in 0..table.rows {
            let mut row = vec![Cell::Absent; columns.fields.len()];
            for (field, place) in table.fields.iter().zip(places) {
                row[*place] = field.values.get(source);
            }
            let key = index.place(&row_key(columns.keys.iter().map(|column| row[*column].clone())));
            by_key.resize(index.len(), Vec::new());
            let mut was_merged = false;
            for known in &by_key[key] {
                was_merged |= merge_into(&mut rows[*known], &row, places);
            }
            if !was_merged {
                by_key[key].push(rows.len());
                rows.push(row);
            }
        }
    }
    rows
}

/// Adds what `row` has in the columns `places`, unless a value is another already.
fn merge_into(known: &mut [Cell], row: &[Cell], places: &[usize]) -> bool {
    let agrees = |place: &usize| matches!(known[*place], Cell::Absent | Cell::Null) || known[*place] == row[*place];
    if !places.iter().all(agrees) {
        return false;
    }
    for place in places {
        known[*place] = row[*place].clone();
    }
    true
}

/// `seriesToRows`: every point of every series a row, latest first, with the series' name.
pub(super) fn series_to_rows(tables: Vec<Table>) -> Vec<Table> {
    let is_series = |table: &Table| table.fields.len() == 2 && table.time_field().is_some();
    if tables.is_empty() || !tables.iter().all(is_series) {
        return tables;
    }
    let names = Names::of(&tables);
    let series: Vec<&Table> = tables.iter().filter(|table| table.rows > 0).collect();
    let ref_id = Some(combined_ref_id("seriesToRows", &series));
    let Some(first_time) = series.first().and_then(|table| table.time_field()) else {
        return vec![Table { ref_id, ..Table::default() }];
    };
    let (mut times, mut metrics, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for table in &series {
        let name = super::names::table_name(table, &names);
        for field in &table.fields {
            let column = if field.kind == FieldType::Time { &mut times } else { &mut values };
            column.extend((0..table.rows).map(|row| field.values.get(row)));
        }
        metrics.extend(std::iter::repeat_n(Cell::Text(name), table.rows));
    }
    let table = Table::new(
        ref_id,
        vec![
            first_time.with_values(Values::from_cells(times)),
            Field::new("Metric", FieldType::Text, Values::from_cells(metrics)),
            Field::new("Value", FieldType::Number, Values::from_cells(values)),
        ],
    );
    vec![super::sort::sorted(&table, 0, true)]
}
