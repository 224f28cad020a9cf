//! `timeSeriesTable`: every series a row, with its labels as fields and the series itself as a sparkline.

use super::cell::Cell;
use super::index::Index;
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::reducer::Reducer;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use frame::Labels;
use frame::calcs::Calc;
use std::sync::Arc;

/// A series in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// Times and values.
    pub series: Table,
    /// The number beside it, by which rows are sorted.
    pub value: f64,
}

/// Where older dashboards have the reducers.
const OLD: &str = "refIdToStat";

/// Series turned into rows.
#[derive(Clone, Debug)]
pub struct TimeSeriesTable {
    queries: Vec<(Arc<str>, Query)>,
}

#[derive(Clone, Debug)]
struct Query {
    reducer: Reducer,
    time_field: Option<Arc<str>>,
}

impl Default for Query {
    fn default() -> Self {
        Self { reducer: Reducer::Calc(Calc::LastNotNull), time_field: None }
    }
}

impl TimeSeriesTable {
    pub(super) fn read(options: &Options) -> Self {
        let reducer = |id: Option<&str>| id.and_then(Reducer::parse).unwrap_or(Query::default().reducer);
        let query = |(ref_id, query): (Arc<str>, Options)| {
            (ref_id, Query { reducer: reducer(query.str("stat")), time_field: query.text("timeField") })
        };
        let old = |(ref_id, id): (Arc<str>, Options)| {
            (ref_id, Query { reducer: reducer(id.json.as_str()), time_field: None })
        };
        let mut queries: Vec<_> = options
            .members()
            .into_iter()
            .filter(|(name, query)| query.json.is_object() && **name != *OLD)
            .map(query)
            .collect();
        queries.extend(options.entries(OLD).into_iter().map(old));
        Self { queries }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        let mut ref_ids: Vec<Option<Arc<str>>> = Vec::new();
        for table in &tables {
            if table.time_field().is_some() && !ref_ids.contains(&table.ref_id) {
                ref_ids.push(table.ref_id.clone());
            }
        }
        let names = Names::of(&tables);
        let are_several = ref_ids.len() > 1;
        let of_query = |ref_id: &Option<Arc<str>>| {
            let series: Vec<&Table> = tables.iter().filter(|table| table.ref_id == *ref_id).collect();
            let name =
                ref_id.as_deref().filter(|_| are_several).map_or_else(|| "Trend".into(), |id| format!("Trend #{id}"));
            self.rows(&series, ref_id.as_ref(), &name, &names)
        };
        let without_time = tables.iter().filter(|table| table.time_field().is_none()).cloned();
        without_time.chain(ref_ids.iter().map(of_query)).collect()
    }

    fn rows(&self, tables: &[&Table], ref_id: Option<&Arc<str>>, name: &str, names: &Names) -> Table {
        let query = self
            .queries
            .iter()
            .find(|(known, _)| Some(known) == ref_id)
            .map(|(_, query)| query.clone())
            .unwrap_or_default();
        let mut labels = Index::default();
        let mut series: Vec<(&Field, Cell)> = Vec::new();
        for table in tables {
            let time =
                query.time_field.as_ref().and_then(|name| FieldMatcher::Name(name.clone()).position(table, names));
            let time = time.and_then(|index| table.fields.get(index)).or_else(|| table.time_field());
            for field in table.fields.iter().filter(|field| field.kind == FieldType::Number) {
                for (label, _) in field.labels.iter().flat_map(Labels::iter) {
                    labels.place(label);
                }
                let one = table.with_fields(time.into_iter().chain([field]).cloned().collect());
                let value = query.reducer.of(field).as_stored_number().unwrap_or(f64::NAN);
                series.push((field, Cell::Trend(Arc::new(Trend { series: one, value }))));
            }
        }
        let column = |label: &Arc<str>| {
            let values: Values =
                series.iter().map(|(field, _)| field.label(label).map_or(Cell::Null, Cell::text)).collect();
            Field::new(label.clone(), FieldType::Text, values)
        };
        let mut fields: Vec<Field> = labels.texts().iter().map(column).collect();
        fields.push(Field::new(name, FieldType::Trend, series.iter().map(|(_, trend)| trend.clone()).collect()));
        Table::new(ref_id.cloned(), fields)
    }
}
