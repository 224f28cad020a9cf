//! Answers of Prometheus as tables, as Grafana's data source gives them to panels: a table per series, or with the format
//! "table" one for all, with a field per label.

use super::cell::Cell;
use super::index::Index;
use super::sort::sorted;
use super::table::{Field, FieldType, Shape, Table};
use super::values::Values;
use crate::series_name::{VALUE, by_labels, own_name};
use frame::{Column, Frame, GAP, Labels, Millis, Step, Times, is_gap};
use std::sync::Arc;

/// The legend of a series, where the query has one. Without one its labels name it.
pub type Legend<'a> = &'a dyn Fn(&Labels) -> Option<Arc<str>>;

/// A table per series of a range query's answer. Columns are moved; only of a series with gaps, which are no rows here, a
/// shorter one is made. Points that are further apart than `step` tell where they were.
#[must_use]
pub fn series(frame: Frame, step: Option<Step>, ref_id: &str, legend: Legend) -> Vec<Table> {
    let Some(times) = frame.times().cloned() else { return Vec::new() };
    let mut tables = Vec::new();
    for field in frame.fields {
        let Column::Number(numbers) = field.column else { continue };
        let (own_times, numbers) = match without_gaps(&times, &numbers) {
            Some((own_times, kept)) => (Times::Explicit(own_times), kept),
            None => (times.clone(), numbers),
        };
        let mut time = Field::new("Time", FieldType::Time, Values::Times(own_times));
        time.config_mut().interval_millis = step.map(|step| step.millis() as f64);
        let value = value_field(field.labels, Values::from(numbers), legend);
        tables.push(Table { shape: Shape::TimeSeriesMulti, ..Table::new(Some(ref_id.into()), vec![time, value]) });
    }
    tables
}

/// The points that there are, of a series with gaps.
fn without_gaps(times: &Times, numbers: &[f64]) -> Option<(Arc<[Millis]>, Vec<f64>)> {
    if !numbers.iter().any(|number| is_gap(*number)) {
        return None;
    }
    let points = (0..times.len()).filter_map(|row| Some((times.get(row)?, *numbers.get(row)?)));
    Some(points.filter(|(_, number)| !is_gap(*number)).unzip())
        .map(|(times, kept): (Vec<Millis>, _)| (times.into(), kept))
}

/// A table per series of an instant query's answer.
#[must_use]
pub fn vector(at: Millis, series: &[(Labels, f64)], ref_id: &str, legend: Legend) -> Vec<Table> {
    let table = |(labels, value): &(Labels, f64)| {
        let time = Field::new("Time", FieldType::Time, Values::from(vec![at.0 as f64]));
        let value = value_field(labels.clone(), Values::from(vec![*value]), legend);
        Table { shape: Shape::NumericMulti, ..Table::new(Some(ref_id.into()), vec![time, value]) }
    };
    series.iter().map(table).collect()
}

fn value_field(labels: Labels, values: Values, legend: Legend) -> Field {
    let mut field = Field::new(own_name(&labels), FieldType::Number, values);
    if let Some(legend) = legend(&labels) {
        field.config_mut().display_name_from_source = Some(legend);
    }
    field.labels = Some(labels);
    field
}

/// Names the series of the queries that are to be named automatically, by their labels among those of all tables. Their
/// fields keep the metric's name, but are not shown by it: it is among the labels.
pub fn name_automatically(tables: &mut [Table], is_automatic: &dyn Fn(&Table) -> bool) {
    if !tables.iter().any(is_automatic) {
        return;
    }
    let labels = tables.iter().flat_map(|table| &table.fields).filter_map(|field| field.labels.as_ref());
    let only_label = Labels::only_name(labels).map(str::to_owned);
    for table in tables.iter_mut().filter(|table| is_automatic(table)) {
        for field in &mut table.fields {
            let labels = field.labels.as_ref().filter(|labels| labels.metric_name() == Some(&field.name));
            let Some(name) = labels.map(|labels| by_labels(VALUE, labels, only_label.as_deref())) else { continue };
            field.config_mut().display_name_from_source = Some(name.into());
        }
    }
}

/// The format "table": of each query one table in the order of time, with a field per label of any of its series.
///
/// With several queries the values are called after theirs: `Value #A`. That of a query without series then has no rows, so
/// that what names its field finds it; a single one stays as it is.
#[must_use]
pub fn table_format(tables: Vec<Table>) -> Vec<Table> {
    if matches!(&*tables, [only] if only.rows == 0) {
        return tables;
    }
    let mut queries: Vec<(Option<Arc<str>>, Vec<Table>)> = Vec::new();
    for table in tables {
        match queries.iter_mut().find(|(ref_id, _)| *ref_id == table.ref_id) {
            Some((_, tables)) => tables.push(table),
            None => queries.push((table.ref_id.clone(), vec![table])),
        }
    }
    let are_several = queries.len() > 1;
    let merged = |(ref_id, tables): (Option<Arc<str>>, Vec<Table>)| {
        let query = ref_id.as_deref().filter(|_| are_several);
        let name = query.map_or_else(|| VALUE.to_owned(), |query| format!("{VALUE} #{query}"));
        in_one(&tables, &name)
    };
    queries.into_iter().map(merged).collect()
}

fn in_one(tables: &[Table], value_name: &str) -> Table {
    let rows: usize = tables.iter().map(|table| table.rows).sum();
    let (mut times, mut values) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
    let mut labels: Vec<LabelColumn> = Vec::new();
    let mut index = Index::default();
    for table in tables {
        let value_field = table.fields.iter().find(|field| field.kind == FieldType::Number);
        for (name, value) in value_field.and_then(|field| field.labels.as_ref()).iter().flat_map(|labels| labels.iter())
        {
            let place = index.place(name);
            if place == labels.len() {
                labels.push(LabelColumn::new(name));
            }
            labels[place].push(value, times.len(), table.rows);
        }
        for row in 0..table.rows {
            let number = value_field.map_or(f64::NAN, |field| field.values.number(row));
            times.push(table.time_field().map_or(GAP, |field| field.values.number(row)));
            values.push(if number.is_nan() { f64::NAN } else { number });
        }
    }
    let first = tables.first();
    let time = first.and_then(Table::time_field).cloned();
    let time = time.unwrap_or_else(|| Field::new("Time", FieldType::Time, Values::default()));
    let mut fields = vec![time.with_values(Values::from(times))];
    fields.extend(labels.into_iter().map(|column| column.into_field(rows)));
    fields.push(Field::new(value_name, FieldType::Number, Values::from(values)));
    let ref_id = first.and_then(|table| table.ref_id.clone());
    let table = Table { shape: first.map_or(Shape::Plain, |table| table.shape), ..Table::new(ref_id, fields) };
    sorted(&table, 0, false)
}

/// The column of a label while series after series is added.
struct LabelColumn {
    name: Arc<str>,
    values: Vec<Cell>,
    codes: Vec<u32>,
}

impl LabelColumn {
    /// The code of an empty text, for series without the label.
    const EMPTY: u32 = 0;

    fn new(name: &str) -> Self {
        Self { name: name.into(), values: vec![Cell::text("")], codes: Vec::new() }
    }

    /// Adds `rows` rows with one value behind the first `before` of the table.
    fn push(&mut self, value: &str, before: usize, rows: usize) {
        self.codes.resize(before, Self::EMPTY);
        self.codes.resize(before + rows, self.values.len() as u32);
        self.values.push(Cell::text(value));
    }

    fn into_field(mut self, rows: usize) -> Field {
        self.codes.resize(rows, Self::EMPTY);
        let values = Values::Codes(Arc::new(self.values), Arc::new(self.codes));
        let mut field = Field::new(self.name, FieldType::Text, values);
        field.config_mut().filterable = Some(true);
        field
    }
}
