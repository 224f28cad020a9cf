//! Orders of cells, and `sortBy`.

use super::cell::Cell;
use super::names::Names;
use super::options::Options;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{Context, ascending_rows};
use std::cmp::Ordering;
use std::sync::Arc;

/// Rows in the order of one field.
#[derive(Clone, Debug)]
pub struct SortBy {
    field: Option<Arc<str>>,
    descending: bool,
}

impl SortBy {
    pub(super) fn read(options: &Options) -> Self {
        // Grafana keeps a list and uses the first.
        let first = options.items("sort").into_iter().next();
        Self {
            field: first.as_ref().and_then(|sort| sort.text("field")),
            descending: first.is_some_and(|sort| sort.flag("desc")),
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let Some(wanted) = self.field.as_ref().map(|field| (context.interpolate)(field)) else { return tables };
        let names = Names::of(&tables);
        let sort = |table: &Table| match names.position(table, &wanted) {
            Some(index) => sorted(table, index, self.descending),
            None => table.clone(),
        };
        tables.iter().map(sort).collect()
    }
}

/// A table in the order of the field at `index`; rows that are equal there stay in theirs.
pub(super) fn sorted(table: &Table, index: usize, descending: bool) -> Table {
    if table.fields.get(index).is_none() {
        return table.clone();
    }
    table.select(&row_order(table, &[(index, descending)]))
}

/// The rows of a table in the order of some of its fields, by their numbers, the most important first. Whether the greatest
/// comes first is said for each; rows that are equal in all of them stay in their order.
#[must_use]
pub fn row_order(table: &Table, keys: &[(usize, bool)]) -> Vec<usize> {
    let keys: Vec<_> =
        keys.iter().filter_map(|(index, descending)| Some((table.fields.get(*index)?, *descending))).collect();
    let compare = |a: usize, b: usize| {
        let orders = keys.iter().map(|(field, descending)| compare_rows(field, *descending, a, b));
        orders.fold(Ordering::Equal, Ordering::then)
    };
    ascending_rows(table.rows, &compare)
}

fn compare_rows(field: &Field, descending: bool, a: usize, b: usize) -> Ordering {
    let compare = comparison(field.kind);
    let (a, b) = (field.values.get(a), field.values.get(b));
    let ordered = if descending { compare(&b, &a) } else { compare(&a, &b) };
    is_last(&a, field.kind).cmp(&is_last(&b, field.kind)).then(ordered)
}

/// Whether the values of a field already are in order.
pub(super) fn is_sorted(values: &Values, kind: FieldType) -> bool {
    if matches!(values, Values::Times(_)) {
        return true;
    }
    let compare = comparison(kind);
    (1..values.len()).all(|row| compare(&values.get(row - 1), &values.get(row)).is_le())
}

fn comparison(kind: FieldType) -> fn(&Cell, &Cell) -> Ordering {
    match kind {
        kind if is_numeric(kind) => compare_numbers,
        FieldType::Text => |a, b| match (a.is_truthy(), b.is_truthy()) {
            (true, true) => compare_texts(&a.to_text(), &b.to_text()),
            // What is empty comes last.
            (a, b) => b.cmp(&a),
        },
        _ => |_, _| Ordering::Equal,
    }
}

/// A missing number counts as 0.
fn compare_numbers(a: &Cell, b: &Cell) -> Ordering {
    // Both zeros are one.
    (a.to_number() + 0.0).total_cmp(&(b.to_number() + 0.0))
}

/// What is no number comes last in either direction.
fn is_last(cell: &Cell, kind: FieldType) -> bool {
    is_numeric(kind) && cell.to_number().is_nan()
}

fn is_numeric(kind: FieldType) -> bool {
    matches!(kind, FieldType::Time | FieldType::Number | FieldType::Bool | FieldType::Trend)
}

/// Texts as a dictionary has them: case and punctuation decide only between texts that are else the same, and numbers within
/// count as numbers.
pub(super) fn compare_texts(a: &str, b: &str) -> Ordering {
    let folded = compare_folded(a, b);
    // Of letters that differ in case only, the small one comes first.
    folded.then_with(|| b.cmp(a))
}

fn compare_folded(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.peek().copied(), b.peek().copied()) {
            (None, None) => return Ordering::Equal,
            (None, _) => return Ordering::Less,
            (_, None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let number = |chars: &mut std::iter::Peekable<std::str::Chars>| {
                    let mut digits = String::new();
                    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                        digits.push(digit);
                    }
                    let significant = digits.trim_start_matches('0');
                    (significant.len(), significant.to_owned())
                };
                let order = number(&mut a).cmp(&number(&mut b));
                if order.is_ne() {
                    return order;
                }
            }
            (Some(x), Some(y)) => {
                let order = rank(x).cmp(&rank(y));
                if order.is_ne() {
                    return order;
                }
                a.next();
                b.next();
            }
        }
    }
}

/// Punctuation before digits before letters, whatever their case.
fn rank(c: char) -> (u8, char) {
    let class = if c.is_alphabetic() { 2 } else { u8::from(c.is_numeric()) };
    (class, format::letters::lower(c))
}
