//! What fields are called: by their own name, their labels or the name of their table, whatever tells them apart.

use super::table::{Field, FieldType, Table};
use frame::Labels;
use std::fmt::Write;
use std::sync::Arc;

/// The name of a field of values that says nothing.
pub const VALUE: &str = "Value";

/// What is needed of all tables together to name any of their fields.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The one label all series have, where there is no other: its value says enough.
    single_label: Option<Arc<str>>,
}

impl Names {
    /// Names within these tables.
    #[must_use]
    pub fn of(tables: &[Table]) -> Self {
        let fields = tables.iter().flat_map(|table| &table.fields);
        let single = Labels::only_name(fields.filter_map(|field| field.labels.as_ref()));
        Self { single_label: single.map(Arc::from) }
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
        let name = self.joined(field, table);
        if *name == *field.name { numbered(field, table) } else { name.into() }
    }

    fn joined(&self, field: &Field, table: &Table) -> String {
        let own_name = Some(&*field.name).filter(|name| !name.is_empty() && *name != VALUE);
        let labels = match (&field.labels, &self.single_label) {
            (None, _) => None,
            (Some(labels), None) => Some(formatted(labels)),
            (Some(labels), Some(single)) => labels.get(single).map(str::to_owned),
        };
        // An exemplar's labels are called by themselves.
        let table_name = table.name.as_deref().filter(|_| !table.is_annotation || own_name.is_none());
        let parts = [table_name, own_name, labels.as_deref()];
        let mut name = String::new();
        for part in parts.into_iter().flatten().filter(|part| !part.is_empty()) {
            name.push_str(if name.is_empty() { "" } else { " " });
            name.push_str(part);
        }
        if name.is_empty() {
            name.push_str(if field.name.is_empty() { VALUE } else { &field.name });
        }
        name
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

/// The field's name, with a number behind it where others of the table are called the same.
fn numbered(field: &Field, table: &Table) -> Arc<str> {
    let namesakes = || table.fields.iter().filter(|other| other.name == field.name);
    let position = namesakes().position(|other| std::ptr::eq(other, field)).unwrap_or(0);
    match namesakes().count() {
        0 | 1 => field.name.clone(),
        _ => format!("{} {}", field.name, position + 1).into(),
    }
}

/// Labels as Grafana writes them: `{a="x", b="y"}`, the metric name among them, nothing for none.
#[must_use]
pub fn formatted(labels: &Labels) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let mut text = String::from("{");
    for (index, (name, value)) in labels.iter().enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(text, "{separator}{name}=\"{value}\"");
    }
    text.push('}');
    text
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
