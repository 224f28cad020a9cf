//! Labels as values: `labelsToFields`, `joinByLabels`.

use super::cell::Cell;
use super::index::{Index, row_key};
use super::names::Names;
use super::options::Options;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{TransformError, check_size};
use frame::Labels;
use std::sync::Arc;

/// Labels turned into fields, or into rows.
#[derive(Clone, Debug)]
pub struct LabelsToFields {
    as_rows: bool,
    /// Only these; empty for all.
    keep: Vec<Arc<str>>,
    /// The label whose value becomes the name of the field.
    name_label: Option<Arc<str>>,
}

impl LabelsToFields {
    pub(super) fn read(options: &Options) -> Self {
        Self {
            as_rows: options.str("mode") == Some("rows"),
            keep: options.texts("keepLabels"),
            name_label: options.text("valueLabel").filter(|label| !label.is_empty()),
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        if self.as_rows {
            let names = Names::of(&tables);
            return tables.iter().flat_map(|table| self.rows(table, &names)).collect();
        }
        tables.iter().map(|table| self.columns(table)).collect()
    }

    fn columns(&self, table: &Table) -> Table {
        let mut found: Vec<(Arc<str>, Vec<Arc<str>>)> = Vec::new();
        let mut fields = Vec::new();
        for field in &table.fields {
            let Some(labels) = field.labels.as_ref().filter(|labels| !labels.is_empty()) else {
                fields.push(field.clone());
                continue;
            };
            self.collect(labels, &mut found);
            let name = self.name_label.as_ref().and_then(|label| labels.get(label)).map(Arc::from);
            let mut bare = Field { name: name.unwrap_or_else(|| field.name.clone()), labels: None, ..field.clone() };
            bare.config_mut().display_name = None;
            bare.config_mut().display_name_from_source = None;
            fields.push(bare);
        }
        for (name, values) in found {
            for value in values {
                let values = Values::repeated(Cell::Text(value), table.rows);
                fields.push(Field::new(name.clone(), FieldType::Text, values));
            }
        }
        table.with_fields(fields)
    }

    /// Notes every value of every wanted label once.
    fn collect(&self, labels: &Labels, found: &mut Vec<(Arc<str>, Vec<Arc<str>>)>) {
        for (name, value) in labels.iter() {
            let is_wanted = self.keep.is_empty() || self.keep.iter().any(|kept| **kept == *name);
            if !is_wanted || self.name_label.as_deref() == Some(name) {
                continue;
            }
            let position = found.iter().position(|(known, _)| **known == *name).unwrap_or_else(|| {
                found.push((name.into(), Vec::new()));
                found.len() - 1
            });
            let values = &mut found[position].1;
            if !values.iter().any(|known| **known == *value) {
                values.push(value.into());
            }
        }
    }

    fn rows(&self, table: &Table, names: &Names) -> Vec<Table> {
        let labelled = table.fields.iter().filter(|field| field.has_labels());
        labelled
            .map(|field| {
                let all = field.labels.iter().flat_map(Labels::iter).map(|(name, _)| Arc::from(name));
                let wanted: Vec<Arc<str>> = if self.keep.is_empty() { all.collect() } else { self.keep.clone() };
                let value = |name: &Arc<str>| field.label(name).map_or(Cell::Absent, Cell::text);
                let values = wanted.iter().map(value).collect();
                let labels = wanted.iter().map(|name| Cell::Text(name.clone())).collect();
                let fields =
                    vec![Field::new("label", FieldType::Text, labels), Field::new("value", FieldType::Text, values)];
                let name = Some(names.of_field(field, table));
                Table { name, shape: table.shape, ..Table::new(table.ref_id.clone(), fields) }
            })
            .collect()
    }
}

/// A row per combination of some labels, a field per value of another.
#[derive(Clone, Debug)]
pub struct JoinByLabels {
    /// The label whose values name the fields.
    name_label: Arc<str>,
    /// The labels that tell rows apart; empty for all others.
    join: Vec<Arc<str>>,
}

impl JoinByLabels {
    pub(super) fn read(options: &Options) -> Self {
        Self { name_label: options.text("value").unwrap_or_default(), join: options.texts("join") }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
        let fields: Vec<&Field> = tables
            .iter()
            .flat_map(|table| &table.fields)
            .filter(|field| field.label(&self.name_label).is_some())
            .collect();
        if fields.is_empty() {
            return Ok(tables);
        }
        let join = if self.join.is_empty() { self.other_labels(&fields) } else { self.join.clone() };
        let mut pivot = Pivot::default();
        for field in &fields {
            let row = join.iter().map(|label| field.label(label).map_or(Cell::Null, Cell::text)).collect();
            let last = field.values.get(field.values.len().saturating_sub(1));
            pivot.add(row, field.label(&self.name_label).unwrap_or_default(), last);
        }
        Ok(vec![pivot.into_table(&join)?])
    }

    fn other_labels(&self, fields: &[&Field]) -> Vec<Arc<str>> {
        let mut index = Index::default();
        let labels = fields.iter().filter_map(|field| field.labels.as_ref()).flat_map(Labels::iter);
        for (name, _) in labels.filter(|(name, _)| *name != &*self.name_label) {
            index.place(name);
        }
        index.texts().to_vec()
    }
}

/// Values by row and column.
#[derive(Default)]
struct Pivot {
    rows: Index,
    /// The labels of each row.
    keys: Vec<Vec<Cell>>,
    columns: Index,
    found: Vec<(usize, usize, Cell)>,
}

impl Pivot {
    fn add(&mut self, key: Vec<Cell>, column: &str, value: Cell) {
        let row = self.rows.place(&row_key(key.iter().cloned()));
        if row == self.keys.len() {
            self.keys.push(key);
        }
        self.found.push((row, self.columns.place(column), value));
    }

    fn into_table(self, labels: &[Arc<str>]) -> Result<Table, TransformError> {
        check_size(self.keys.len(), labels.len() + self.columns.len())?;
        let mut columns = vec![vec![Cell::Null; self.keys.len()]; self.columns.len()];
        for (row, column, value) in self.found {
            columns[column][row] = value;
        }
        let label = |(index, name): (usize, &Arc<str>)| {
            Field::new(name.clone(), FieldType::Text, self.keys.iter().map(|key| key[index].clone()).collect())
        };
        let mut fields: Vec<Field> = labels.iter().enumerate().map(label).collect();
        for (name, cells) in self.columns.texts().iter().zip(columns) {
            fields.push(Field::new(name.clone(), FieldType::Number, Values::from_cells(cells)));
        }
        Ok(Table::new(None, fields))
    }
}
