//! One table as several, and series in the form a panel wants: `partitionByValues`, `prepareTimeSeries`.

use super::cell::Cell;
use super::group::groups;
use super::index::Index;
use super::join::ensure_columns;
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::sort::sorted;
use super::table::{Field, FieldType, Shape, Table};
use super::values::Values;
use super::{TransformError, check_size};
use frame::Labels;
use std::sync::Arc;

/// A table per combination of values of some fields.
#[derive(Clone, Debug)]
pub struct Partition {
    fields: Vec<Arc<str>>,
    keeps_fields: bool,
    naming: Naming,
}

/// Where the values go that tell the tables apart.
#[derive(Clone, Debug)]
enum Naming {
    /// Into labels of the values.
    Labels,
    /// Into the table's name.
    TableName {
        /// With the names of the fields.
        with_names: bool,
        /// Behind the name the table has.
        append: bool,
        /// Between parts.
        separator: Arc<str>,
        /// Between a field's name and its value.
        equals: Arc<str>,
    },
}

impl Partition {
    pub(super) fn read(options: &Options) -> Self {
        let naming = options.get("naming");
        let as_labels = naming.json.get("asLabels").and_then(serde_json::Value::as_bool).unwrap_or(true);
        Self {
            fields: options.texts("fields"),
            keeps_fields: options.flag("keepFields"),
            naming: match as_labels {
                true => Naming::Labels,
                false => Naming::TableName {
                    with_names: naming.flag("withNames"),
                    append: naming.flag("append"),
                    separator: naming.text("separator1").unwrap_or_else(|| " ".into()),
                    equals: naming.text("separator2").unwrap_or_else(|| "=".into()),
                },
            },
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        let [table] = tables.as_slice() else { return tables };
        let names = Names::of(&tables);
        let position = |name: &Arc<str>| FieldMatcher::Name(name.clone()).position(table, &names);
        let by: Vec<usize> = self.fields.iter().filter_map(position).collect();
        if by.is_empty() {
            return tables;
        }
        let keys: Vec<&Field> = by.iter().map(|index| &table.fields[*index]).collect();
        let part = |rows: &Vec<usize>| {
            let values: Vec<(Arc<str>, Arc<str>)> = keys
                .iter()
                .map(|field| (field.name.clone(), field.values.get(rows.first().copied().unwrap_or(0)).to_text()))
                .collect();
            let mut part = table.select(rows);
            if !self.keeps_fields {
                let mut index = 0..;
                part.fields.retain(|_| !index.next().is_some_and(|index| by.contains(&index)));
            }
            self.named(part, values)
        };
        groups(&keys, table.rows).iter().map(part).collect()
    }

    fn named(&self, mut part: Table, values: Vec<(Arc<str>, Arc<str>)>) -> Table {
        match &self.naming {
            Naming::Labels => {
                for field in part.fields.iter_mut().filter(|field| field.kind != FieldType::Time) {
                    let own = field.labels.iter().flat_map(Labels::iter);
                    let pairs = own.map(|(name, value)| (Arc::from(name), Arc::from(value)));
                    field.labels = Some(Labels::new(pairs.chain(values.iter().cloned()).collect()));
                }
            }
            Naming::TableName { with_names, append, separator, equals } => {
                let own = part.name.iter().filter(|_| *append).map(ToString::to_string);
                let text = |(name, value): &(Arc<str>, Arc<str>)| match with_names {
                    true => format!("{name}{equals}{value}"),
                    false => value.to_string(),
                };
                let parts: Vec<String> = own.chain(values.iter().map(text)).collect();
                part.name = Some(parts.join(separator).into());
            }
        }
        part
    }
}

/// The form of series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepare {
    /// One table, a field per series.
    Wide,
    /// A table per series.
    Multi,
    /// One table, a row per series and time, labels as fields.
    Long,
}

impl Prepare {
    pub(super) fn read(options: &Options) -> Self {
        match options.str("format") {
            Some("many" | "multi" | "timeseries-multi") => Self::Multi,
            Some("long" | "timeseries-long") => Self::Long,
            _ => Self::Wide,
        }
    }

    pub(super) fn apply(self, tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
        let series: Vec<Table> = tables.iter().flat_map(single_series).collect();
        if series.is_empty() {
            return Ok(tables);
        }
        Ok(match self {
            Self::Multi => series,
            Self::Wide => {
                let wide = |table: Table| Table { shape: Shape::TimeSeriesWide, ..table };
                ensure_columns(series)?.into_iter().map(wide).collect()
            }
            Self::Long => vec![long(&series)?],
        })
    }
}

/// Every number field with its times. Texts beside it tell series apart and become labels.
fn single_series(table: &Table) -> Vec<Table> {
    let Some(time) = table.time_field() else { return Vec::new() };
    let texts: Vec<&Field> = table.fields.iter().filter(|field| field.kind == FieldType::Text).collect();
    let parts = if texts.is_empty() { vec![(0..table.rows).collect()] } else { groups(&texts, table.rows) };
    let mut found = Vec::new();
    for field in table.fields.iter().filter(|field| matches!(field.kind, FieldType::Number | FieldType::Bool)) {
        for rows in &parts {
            let picked: Vec<Option<usize>> = rows.iter().map(|row| Some(*row)).collect();
            let is_whole = rows.len() == table.rows;
            let pick =
                |field: &Field| if is_whole { field.clone() } else { field.with_values(field.values.select(&picked)) };
            let mut value = pick(field);
            if !texts.is_empty() {
                let first = rows.first().copied().unwrap_or(0);
                let own = field.labels.iter().flat_map(Labels::iter).map(|(name, value)| (name.into(), value.into()));
                let more = texts.iter().map(|text| (text.name.clone(), text.values.get(first).to_text()));
                value.labels = Some(Labels::new(own.chain(more).collect()));
            }
            let one =
                Table { shape: Shape::TimeSeriesMulti, rows: rows.len(), ..table.with_fields(vec![pick(time), value]) };
            found.push(one);
        }
    }
    found
}

fn long(series: &[Table]) -> Result<Table, TransformError> {
    let values: Vec<&Field> = series.iter().filter_map(|table| table.fields.get(1)).collect();
    let (mut names, mut labels) = (Index::default(), Index::default());
    for field in &values {
        names.place(&field.name);
        for (label, _) in field.labels.iter().flat_map(Labels::iter) {
            labels.place(label);
        }
    }
    check_size(series.iter().map(|table| table.rows).sum(), 1 + names.len() + labels.len())?;
    let rows =
        || series.iter().zip(&values).flat_map(|(table, field)| (0..table.rows).map(move |row| (table, *field, row)));
    let first_time = series.first().and_then(Table::time_field).cloned();
    let time = first_time.unwrap_or_else(|| Field::new("Time", FieldType::Time, Values::default()));
    let at =
        |(table, _, row): (&Table, &Field, usize)| table.time_field().map_or(Cell::Null, |time| time.values.get(row));
    let mut fields = vec![time.with_values(rows().map(at).collect())];
    for name in names.texts() {
        let value = |(_, field, row): (&Table, &Field, usize)| {
            if field.name == *name { field.values.get(row) } else { Cell::Null }
        };
        fields.push(Field::new(name.clone(), FieldType::Number, rows().map(value).collect()));
    }
    for label in labels.texts() {
        let value = |(_, field, _): (&Table, &Field, usize)| field.label(label).map_or(Cell::Null, Cell::text);
        fields.push(Field::new(label.clone(), FieldType::Text, rows().map(value).collect()));
    }
    let ref_id = series.first().and_then(|table| table.ref_id.clone());
    Ok(sorted(&Table { shape: Shape::TimeSeriesLong, ..Table::new(ref_id, fields) }, 0, false))
}
