//! What expressions compute with: series and numbers, each with its labels.

use super::super::cell::Cell;
use super::super::table::{Field, FieldType, Shape, Table};
use super::super::values::Values;
use frame::{GAP, Labels};
use std::sync::Arc;

/// One of the values of a query.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) labels: Labels,
    pub(super) data: Data,
}

/// A missing value is [`GAP`].
#[derive(Clone, Debug)]
pub(super) enum Data {
    Number(f64),
    /// Times in epoch milliseconds, ascending; as many values.
    Series {
        times: Arc<Vec<f64>>,
        values: Vec<f64>,
    },
}

impl Item {
    /// A number without labels.
    pub(super) fn number(number: f64) -> Self {
        Self { labels: Labels::default(), data: Data::Number(number) }
    }

    /// How many values it has.
    pub(super) fn len(&self) -> usize {
        match &self.data {
            Data::Number(_) => 1,
            Data::Series { values, .. } => values.len(),
        }
    }

    /// The series of a table with times, or the numbers of one without: there texts become labels.
    pub(super) fn of_table(table: &Table) -> Vec<Self> {
        let numbers = table.fields.iter().filter(|field| field.kind == FieldType::Number);
        let labels = |field: &Field| field.labels.clone().unwrap_or_default();
        match table.time_field() {
            Some(time) if table.shape != Shape::NumericMulti => {
                let times: Arc<Vec<f64>> = Arc::new((0..table.rows).map(|row| time.values.number(row)).collect());
                let series = |field: &Field| {
                    let values = (0..table.rows).map(|row| stored(&field.values, row)).collect();
                    Self { labels: labels(field), data: Data::Series { times: times.clone(), values } }
                };
                numbers.map(series).collect()
            }
            _ => numbers.flat_map(|field| (0..table.rows).map(move |row| number_of_row(table, field, row))).collect(),
        }
    }

    /// Its table, called after the expression.
    pub(super) fn to_table(&self, ref_id: &Arc<str>) -> Table {
        let field = |values: Vec<f64>| Field {
            labels: Some(self.labels.clone()),
            ..Field::new(ref_id.clone(), FieldType::Number, Values::from(values))
        };
        match &self.data {
            Data::Number(number) => {
                Table { shape: Shape::NumericMulti, ..Table::new(Some(ref_id.clone()), vec![field(vec![*number])]) }
            }
            Data::Series { times, values } => {
                let time = Field::new("Time", FieldType::Time, Values::Numbers(times.clone()));
                let fields = vec![time, field(values.clone())];
                Table { shape: Shape::TimeSeriesMulti, ..Table::new(Some(ref_id.clone()), fields) }
            }
        }
    }
}

fn stored(values: &Values, row: usize) -> f64 {
    let cell = values.get(row);
    if cell.is_missing() { GAP } else { cell.to_number() }
}

fn number_of_row(table: &Table, field: &Field, row: usize) -> Item {
    let own = field.labels.iter().flat_map(Labels::iter).map(|(name, value)| (name.into(), value.into()));
    let texts = table.fields.iter().filter(|field| field.kind == FieldType::Text);
    let more = texts.filter_map(|field| match field.values.get(row) {
        Cell::Text(text) => Some((field.name.clone(), text)),
        _ => None,
    });
    let data = Data::Number(stored(&field.values, row));
    Item { labels: Labels::new(own.chain(more).collect()), data }
}
