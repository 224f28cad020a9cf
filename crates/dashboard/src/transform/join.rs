//! Tables side by side, rows joined where one field is equal: `joinByField`, its old name `seriesToColumns`, and
//! `ensureColumns`, which joins time series only.

use super::cell::Cell;
use super::index::Index;
use super::matcher::FieldMatcher;
use super::names::{Names, VALUE};
use super::options::Options;
use super::sort::is_sorted;
use super::table::{Field, Table};
use super::values::Values;
use super::{TransformError, ascending_rows, check_size, combined_ref_id};
use frame::Labels;
use std::collections::HashMap;
use std::sync::Arc;

/// Tables joined by a field.
#[derive(Clone, Debug)]
pub struct Join {
    by: FieldMatcher,
    mode: Mode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// A row for every value of the field, in its order. Of several rows with one value the last counts.
    Outer,
    /// A row for every pair of rows with one value, and one for every other row.
    OuterTabular,
    /// A row for every pair of rows with one value.
    Inner,
}

impl Join {
    pub(super) fn read(options: &Options) -> Self {
        let by = options.text("byField").filter(|name| !name.is_empty());
        Self {
            by: by.map_or(FieldMatcher::FirstTime, FieldMatcher::Name),
            mode: match options.str("mode") {
                Some("inner") => Mode::Inner,
                Some("outerTabular") => Mode::OuterTabular,
                _ => Mode::Outer,
            },
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
        if tables.len() < 2 {
            return Ok(tables);
        }
        let names = Names::of(&tables);
        let parts: Vec<Part> = tables.iter().filter_map(|table| Part::of(table, &self.by, &names)).collect();
        let ref_id = Some(combined_ref_id("joinByField", &tables.iter().collect::<Vec<_>>()));
        if self.mode == Mode::Outer && are_on_one_grid(&parts) {
            return Ok(vec![Table::new(ref_id, side_by_side(parts))]);
        }
        let keys = Keys::of(&parts);
        let rows = match self.mode {
            Mode::Outer if keys.are_alike() => return Ok(vec![Table::new(ref_id, side_by_side(parts))]),
            Mode::Outer => outer(&keys),
            Mode::OuterTabular => pairs(&keys, true)?,
            // A table without the field leaves nothing that all have in common.
            Mode::Inner if parts.len() < tables.len() => vec![Vec::new(); parts.len()],
            Mode::Inner => pairs(&keys, false)?,
        };
        let missing = if self.mode == Mode::OuterTabular { Cell::Null } else { Cell::Absent };
        let columns = parts.iter().map(|part| part.others.len()).sum();
        check_size(rows.first().map_or(0, Vec::len), columns)?;
        Ok(vec![Table::new(ref_id, joined_fields(&parts, &rows, &missing))])
    }
}

/// Joins time series that are not one table yet, for what needs all of them side by side.
pub(super) fn ensure_columns(tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
    if !tables.iter().all(|table| table.time_field().is_some()) {
        return Ok(tables);
    }
    Join { by: FieldMatcher::FirstTime, mode: Mode::Outer }.apply(tables)
}

/// One table to join: the field it is joined by, and the others.
struct Part {
    key: Field,
    others: Vec<Field>,
    rows: usize,
}

impl Part {
    fn of(table: &Table, by: &FieldMatcher, names: &Names) -> Option<Self> {
        let index = by.position(table, names)?;
        let key = table.fields.get(index)?;
        let sorted;
        let table = match is_sorted(&key.values, key.kind) {
            true => table,
            false => {
                sorted = super::sort::sorted(table, index, false);
                &sorted
            }
        };
        let mut fields = table.fields.clone();
        let key = fields.remove(index);
        let others = fields.into_iter().map(|field| named_after_table(field, table.name.as_ref())).collect();
        Some(Self { key, others, rows: table.rows })
    }
}

/// A field keeps the name of the table that it leaves.
fn named_after_table(field: Field, table: Option<&Arc<str>>) -> Field {
    let labels = field.labels.clone().unwrap_or_default();
    match table {
        Some(table) if field.name.is_empty() || *field.name == *VALUE => {
            Field { name: table.clone(), labels: Some(labels), ..field }
        }
        Some(table) if labels.is_empty() => {
            Field { labels: Some(Labels::new(vec![("name".into(), table.clone())])), ..field }
        }
        _ => Field { labels: Some(labels), ..field },
    }
}

/// Whether all have the times of one query: then there is nothing to match.
fn are_on_one_grid(parts: &[Part]) -> bool {
    parts.windows(2).all(|pair| match (&pair[0].key.values, &pair[1].key.values) {
        (Values::Times(a), Values::Times(b)) => a == b,
        _ => false,
    })
}

fn side_by_side(parts: Vec<Part>) -> Vec<Field> {
    let key = parts.first().map(|part| part.key.clone());
    key.into_iter().chain(parts.into_iter().flat_map(|part| part.others)).collect()
}

fn joined_fields(parts: &[Part], rows: &[Vec<Option<usize>>], missing: &Cell) -> Vec<Field> {
    let Some(first) = parts.first() else { return Vec::new() };
    let count = rows.first().map_or(0, Vec::len);
    let key = |row: usize| {
        let found = parts.iter().zip(rows).find_map(|(part, rows)| Some(part.key.values.get(rows[row]?)));
        found.unwrap_or(Cell::Absent)
    };
    let mut fields = vec![first.key.with_values((0..count).map(key).collect())];
    for (part, rows) in parts.iter().zip(rows) {
        for field in &part.others {
            let fill = |row: &Option<usize>| row.map_or_else(|| missing.clone(), |row| field.values.get(row));
            let values = match missing {
                Cell::Absent => field.values.select(rows),
                _ => rows.iter().map(fill).collect(),
            };
            fields.push(field.with_values(values));
        }
    }
    fields
}

/// The values that tables are joined by, numbered.
struct Keys {
    /// Of every table, the number of every row's value.
    rows: Vec<Vec<usize>>,
    /// The values, in the order in which they first come.
    values: Vec<Cell>,
}

impl Keys {
    fn of(parts: &[Part]) -> Self {
        let (mut numbers, mut texts) = (HashMap::<u64, usize>::new(), Index::default());
        let mut text_places: Vec<usize> = Vec::new();
        let mut values = Vec::new();
        let mut place = |cell: Cell| {
            let next = values.len();
            let place = match &cell {
                Cell::Number(number) => *numbers.entry((number + 0.0).to_bits()).or_insert(next),
                other => {
                    let text = texts.place(&other.to_text());
                    if text == text_places.len() {
                        text_places.push(next);
                    }
                    text_places[text]
                }
            };
            if place == next {
                values.push(cell);
            }
            place
        };
        let row_keys = |part: &Part| (0..part.rows).map(|row| place(part.key.values.get(row))).collect();
        let rows = parts.iter().map(row_keys).collect();
        Self { rows, values }
    }

    /// Whether all tables have the same values in the same rows: then equal values keep a row each.
    fn are_alike(&self) -> bool {
        self.rows.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// The values by number: in ascending order, or as they come where some are no numbers.
    fn order(&self) -> Vec<usize> {
        if !self.values.iter().all(|value| matches!(value, Cell::Number(_))) {
            return (0..self.values.len()).collect();
        }
        let number = |key: usize| self.values[key].to_number();
        ascending_rows(self.values.len(), &|a, b| number(a).total_cmp(&number(b)))
    }
}

/// For every table, which of its rows stands in which row of the result.
type JoinedRows = Vec<Vec<Option<usize>>>;

fn outer(keys: &Keys) -> JoinedRows {
    let mut rank = vec![0; keys.values.len()];
    for (place, key) in keys.order().into_iter().enumerate() {
        rank[key] = place;
    }
    let rows_of = |keys: &Vec<usize>| {
        let mut rows = vec![None; rank.len()];
        for (row, key) in keys.iter().enumerate() {
            rows[rank[*key]] = Some(row);
        }
        rows
    };
    keys.rows.iter().map(rows_of).collect()
}

/// A row of the result on its way: its key, and the row of each table joined so far.
struct JoinedRow {
    key: usize,
    rows: Vec<Option<usize>>,
}

impl JoinedRow {
    fn and(&self, row: Option<usize>) -> Self {
        Self { key: self.key, rows: self.rows.iter().copied().chain([row]).collect() }
    }
}

/// Joins from left to right: every row so far with every row of the next table that has the same key.
fn pairs(keys: &Keys, outer: bool) -> Result<JoinedRows, TransformError> {
    let Some(first) = keys.rows.first() else { return Ok(Vec::new()) };
    let start = |(row, key): (usize, &usize)| JoinedRow { key: *key, rows: vec![Some(row)] };
    let mut left: Vec<JoinedRow> = first.iter().enumerate().map(start).collect();
    for (width, right) in keys.rows.iter().enumerate().skip(1) {
        left = pair_with(&left, right, keys, width, outer)?;
    }
    Ok((0..keys.rows.len()).map(|part| left.iter().map(|joined| joined.rows[part]).collect()).collect())
}

fn pair_with(
    left: &[JoinedRow],
    right: &[usize],
    keys: &Keys,
    width: usize,
    outer: bool,
) -> Result<Vec<JoinedRow>, TransformError> {
    let mut by_key: Vec<Vec<usize>> = vec![Vec::new(); keys.values.len()];
    for (row, key) in right.iter().enumerate() {
        by_key[*key].push(row);
    }
    let pairs: usize = left.iter().map(|row| by_key[row.key].len()).fold(0, usize::saturating_add);
    check_size(pairs, width + 1)?;
    let (mut joined, mut alone) = (Vec::with_capacity(pairs), Vec::new());
    let mut is_matched = vec![false; keys.values.len()];
    for row in left {
        let partners = &by_key[row.key];
        joined.extend(partners.iter().map(|partner| row.and(Some(*partner))));
        if partners.is_empty() {
            alone.push(row.and(None));
        }
        // Grafana looks texts up again but not numbers, so rows with a number also stand on their own.
        is_matched[row.key] = !matches!(keys.values[row.key], Cell::Number(_));
    }
    if outer {
        joined.append(&mut alone);
        for key in right {
            // Once a key: its rows stay together.
            if !std::mem::replace(&mut is_matched[*key], true) {
                let nothing = JoinedRow { key: *key, rows: vec![None; width] };
                joined.extend(by_key[*key].iter().map(|row| nothing.and(Some(*row))));
            }
        }
    }
    Ok(joined)
}
