//! `merge`: several tables as one, whose rows come together where the fields all of them have are equal.

use super::cell::Cell;
use super::index::{Index, row_key};
use super::names::Names;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{TransformError, check_size, combined_ref_id};
use std::collections::HashMap;

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

/// The rows of the result; a row goes into each with the same key that it does not contradict.
fn merged_rows(tables: &[&Table], columns: &Columns) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut index = Index::default();
    let mut by_key: Vec<Bucket> = Vec::new();
    let mut seen: &[usize] = &[];
    for (table, places) in tables.iter().zip(&columns.places) {
        if seen != places {
            by_key.iter_mut().for_each(|bucket| bucket.group(&rows, places));
            seen = places;
        }
        for source in 0..table.rows {
            let mut row = vec![Cell::Absent; columns.fields.len()];
            for (field, place) in table.fields.iter().zip(places) {
                row[*place] = field.values.get(source);
            }
            let key = index.place(&row_key(columns.keys.iter().map(|column| row[*column].clone())));
            by_key.resize_with(index.len(), Bucket::default);
            if !by_key[key].merge(&mut rows, &row, places) {
                rows.push(row);
                by_key[key].add(&rows, places);
            }
        }
    }
    rows
}

/// The rows of one key, by their numbers.
#[derive(Default)]
struct Bucket {
    rows: Vec<usize>,
    /// The same where they are many, so that a row is not compared with all of them.
    groups: Vec<Group>,
}

/// Rows that have a value in the same columns of the table that comes next.
struct Group {
    filled: Vec<usize>,
    /// By the texts of these values.
    rows: HashMap<String, Vec<usize>>,
}

impl Bucket {
    /// As many are compared one after the other.
    const FEW: usize = 30;

    /// Sorts the rows by what they have in the columns `places`, if they are many.
    fn group(&mut self, rows: &[Vec<Cell>], places: &[usize]) {
        self.groups.clear();
        if self.rows.len() > Self::FEW {
            self.rows.iter().for_each(|number| put(&mut self.groups, *number, &rows[*number], places));
        }
    }

    /// Adds the last row.
    fn add(&mut self, rows: &[Vec<Cell>], places: &[usize]) {
        let Some((number, row)) = rows.iter().enumerate().next_back() else { return };
        self.rows.push(number);
        match self.groups.is_empty() {
            true => self.group(rows, places),
            false => put(&mut self.groups, number, row, places),
        }
    }

    /// Adds what `row` has to all rows that it does not contradict. Returns whether there are any.
    fn merge(&mut self, rows: &mut [Vec<Cell>], row: &[Cell], places: &[usize]) -> bool {
        let mut merge = |number: &usize| merge_into(&mut rows[*number], row, places);
        if self.groups.is_empty() {
            return self.rows.iter().filter(|number| merge(number)).count() > 0;
        }
        let mut merged = Vec::new();
        for group in &mut self.groups {
            let Some(alike) = group.rows.get_mut(&text_at(row, &group.filled)) else { continue };
            merged.extend(alike.extract_if(.., |number| merge(number)));
        }
        // They have more than before.
        merged.iter().for_each(|number| put(&mut self.groups, *number, row, places));
        !merged.is_empty()
    }
}

fn put(groups: &mut Vec<Group>, number: usize, row: &[Cell], places: &[usize]) {
    let filled: Vec<usize> = places.iter().copied().filter(|place| !row[*place].is_missing()).collect();
    let text = text_at(row, &filled);
    let place = groups.iter().position(|group| group.filled == filled).unwrap_or_else(|| {
        groups.push(Group { filled, rows: HashMap::new() });
        groups.len() - 1
    });
    groups[place].rows.entry(text).or_default().push(number);
}

fn text_at(row: &[Cell], places: &[usize]) -> String {
    row_key(places.iter().map(|place| row[*place].clone()))
}

/// Adds what `row` has in the columns `places`, unless a value is another already.
fn merge_into(known: &mut [Cell], row: &[Cell], places: &[usize]) -> bool {
    let agrees = |place: &usize| known[*place].is_missing() || known[*place] == row[*place];
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
