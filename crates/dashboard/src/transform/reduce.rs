//! `reduce`: every field as one value, either a row per field, or a row per table.

use super::TransformError;
use super::cell::Cell;
use super::combined_ref_id;
use super::index::Index;
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::reducer::Reducer;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use frame::calcs::Calc;
use std::sync::Arc;

/// Fields reduced to values.
#[derive(Clone, Debug)]
pub struct Reduce {
    /// Ids that are not known leave no trace.
    reducers: Option<Vec<Reducer>>,
    fields: FieldMatcher,
    include_time: bool,
    labels_to_fields: bool,
    keeps_fields: bool,
}

impl Reduce {
    pub(super) fn read(options: &Options) -> Result<Self, TransformError> {
        let ids = options.texts("reducers");
        let reducers = match (options.get("reducers").is_absent(), ids.as_slice()) {
            (true, _) => Some(vec![Reducer::Calc(Calc::Max)]),
            (false, []) => None,
            (false, ids) => Some(ids.iter().filter_map(|id| Reducer::parse(id)).collect()),
        };
        let fields = options.get("fields");
        Ok(Self {
            reducers,
            fields: if fields.is_absent() { FieldMatcher::Any } else { FieldMatcher::read(&fields)? },
            include_time: options.flag("includeTimeField"),
            labels_to_fields: options.flag("labelsToFields"),
            keeps_fields: options.str("mode") == Some("reduceFields"),
        })
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        let Some(reducers) = &self.reducers else { return tables };
        let names = Names::of(&tables);
        if self.keeps_fields {
            return tables.iter().filter_map(|table| self.one_row(table, reducers, &names)).collect();
        }
        self.row_per_field(&tables, reducers, &names).into_iter().collect()
    }

    fn chosen<'t>(&self, table: &'t Table, names: &Names) -> Vec<&'t Field> {
        let is_meant = |(index, field): &(usize, &Field)| {
            (self.include_time || field.kind != FieldType::Time) && self.fields.matches(table, *index, names)
        };
        table.fields.iter().enumerate().filter(is_meant).map(|(_, field)| field).collect()
    }

    fn row_per_field(&self, tables: &[Table], reducers: &[Reducer], names: &Names) -> Option<Table> {
        let first = tables.first()?;
        let rows: Vec<(&Table, &Field)> = tables
            .iter()
            .flat_map(|table| self.chosen(table, names).into_iter().map(move |field| (table, field)))
            .collect();
        let title = |(table, field): &(&Table, &Field)| {
            Cell::Text(if self.labels_to_fields { field.name.clone() } else { names.of_field(field, table) })
        };
        let mut fields = vec![Field::new("Field", FieldType::Text, rows.iter().map(title).collect())];
        for label in self.labels(tables) {
            let value = |(_, field): &(&Table, &Field)| field.label(&label).map_or(Cell::Absent, Cell::text);
            fields.push(Field::new(label.clone(), FieldType::Text, rows.iter().map(value).collect()));
        }
        for reducer in reducers {
            let value = |(_, field): &(&Table, &Field)| match reducer.of(field) {
                Cell::Null => Cell::Number(f64::NAN),
                value => value,
            };
            let values: Values = rows.iter().map(value).collect();
            fields.push(Field::new(&*reducer.label(), FieldType::guess(&values), values));
        }
        let ref_id = combined_ref_id("reduce", &tables.iter().collect::<Vec<_>>());
        Some(Table { shape: first.shape, ..Table::new(Some(ref_id), fields) })
    }

    /// The labels that become fields, in the order of the alphabet.
    fn labels(&self, tables: &[Table]) -> Vec<Arc<str>> {
        let mut index = Index::default();
        let labels = tables.iter().flat_map(|table| &table.fields).filter_map(|field| field.labels.as_ref());
        for (name, _) in labels.filter(|_| self.labels_to_fields).flat_map(frame::Labels::iter) {
            index.place(name);
        }
        let mut names = index.texts().to_vec();
        frame::sort_by(&mut names, |a, b| a.cmp(b));
        names
    }

    fn one_row(&self, table: &Table, reducers: &[Reducer], names: &Names) -> Option<Table> {
        let mut fields = Vec::new();
        for field in self.chosen(table, names) {
            for reducer in reducers {
                let value = match reducer.of(field) {
                    Cell::Absent => Cell::Null,
                    value => value,
                };
                let kind = reducer.result_type(field.kind, FieldType::Other);
                let mut reduced = Field { kind, ..field.with_values(Values::from_cells(vec![value])) };
                if reducers.len() > 1 {
                    let labels = field.labels.iter().flat_map(frame::Labels::iter);
                    let pairs = labels.map(|(name, value)| (Arc::from(name), Arc::from(value)));
                    let own = (Arc::from("reducer"), Arc::from(&*reducer.label()));
                    reduced.labels = Some(frame::Labels::new(pairs.chain([own]).collect()));
                }
                fields.push(reduced);
            }
        }
        (!fields.is_empty()).then(|| Table { rows: 1, ..table.with_fields(fields) })
    }
}
