//! What fields are called: by their own name, their labels or the name of their table, whatever tells them apart.

use super::table::{Field, FieldType, Table};
use crate::series_name::{full_name, label_part};
use frame::Labels;
use std::collections::HashSet;
use std::sync::Arc;

pub use crate::series_name::VALUE;

/// What is needed of all tables together to name any of their fields.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The one label all series have, where there is no other: its value says enough.
    single_label: Option<Arc<str>>,
    /// What several fields of one table are called.
    repeated: HashSet<Arc<str>>,
}

impl Names {
    /// Names within these tables.
    #[must_use]
    pub fn of(tables: &[Table]) -> Self {
        let fields = tables.iter().flat_map(|table| &table.fields);
        let single = Labels::only_name(fields.filter_map(|field| field.labels.as_ref()));
        Self { single_label: single.map(Arc::from), repeated: repeated_names(tables) }
    }

    /// The name under which `field`, one of `table`'s, is shown.
    #[must_use]
    pub fn of_field(&self, field: &Field, table: &Table) -> Arc<str> {
        let config = &field.config;
        if let Some(name) = config.display_name.as_ref().filter(|name| !name.is_empty()) {
            return name.clone();
        }
        if let Some(name) = config.display_name_from_source.as_ref().filter(|name| !name.is_empty()) {
            return name.clone();
        }
        if field.kind == FieldType::Time && field.labels.is_none() {
            return field.name.clone();
        }
        let name = self.full_name(field, table);
        if *name == *field.name { self.numbered(field, table) } else { name.into() }
    }

    fn full_name(&self, field: &Field, table: &Table) -> String {
        let labels = field.labels.as_ref().map(|labels| label_part(labels, self.single_label.as_deref()));
        // An exemplar's labels are called by themselves.
        let table_name = table.name.as_deref().filter(|_| !table.is_annotation || matches!(&*field.name, "" | VALUE));
        full_name(table_name.unwrap_or_default(), &field.name, labels.as_deref().unwrap_or_default())
    }

    /// The field's name, with a number behind it where others of the table are called the same.
    fn numbered(&self, field: &Field, table: &Table) -> Arc<str> {
        if !self.repeated.contains(&field.name) {
            return field.name.clone();
        }
        let namesakes = || table.fields.iter().filter(|other| other.name == field.name);
        let position = namesakes().position(|other| std::ptr::eq(other, field)).unwrap_or(0);
        match namesakes().count() {
            0 | 1 => field.name.clone(),
            _ => format!("{} {}", field.name, position + 1).into(),
        }
    }

    /// All names of a table, in the order of its fields.
    #[must_use]
    pub fn of_table(&self, table: &Table) -> Vec<Arc<str>> {
        table.fields.iter().map(|field| self.of_field(field, table)).collect()
    }

    /// Where the field shown as `name` is.
    #[must_use]
    pub fn position(&self, table: &Table, name: &str) -> Option<usize> {
        table.fields.iter().position(|field| *self.of_field(field, table) == *name)
    }
}

fn repeated_names(tables: &[Table]) -> HashSet<Arc<str>> {
    let (mut repeated, mut known) = (HashSet::new(), HashSet::new());
    for table in tables {
        known.clear();
        let again = table.fields.iter().filter(|field| !known.insert(&field.name));
        repeated.extend(again.map(|field| field.name.clone()));
    }
    repeated
}

/// The name of a table as a whole: its own, or that of its first field of values.
#[must_use]
pub fn table_name(table: &Table, names: &Names) -> Arc<str> {
    if let Some(name) = &table.name {
        return name.clone();
    }
    let value = table.fields.iter().find(|field| field.kind != FieldType::Time);
    value.map_or_else(|| "".into(), |field| names.of_field(field, table))
}
