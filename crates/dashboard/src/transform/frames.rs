//! Tables from frames and back.

use super::cell::Cell;
use super::table::{Field, FieldType, Shape, Table};
use super::values::Values;
use frame::{Frame, GAP, Millis, Times};
use std::sync::Arc;

impl Table {
    /// The table of one frame. Columns are moved, not copied.
    #[must_use]
    pub fn from_frame(frame: Frame, ref_id: Option<Arc<str>>) -> Self {
        let rows = frame.rows();
        let fields: Vec<Field> = frame.fields.into_iter().filter_map(field_of).collect();
        let numbers = fields.iter().filter(|field| field.kind == FieldType::Number).count();
        let shape = match (fields.iter().any(|field| field.kind == FieldType::Time), numbers) {
            (true, 1) => Shape::TimeSeriesMulti,
            (true, _) => Shape::TimeSeriesWide,
            (false, _) => Shape::Plain,
        };
        Self { ref_id, shape, rows, fields, ..Self::default() }
    }

    /// The frame of this table: instants, numbers and texts. Columns that nothing else shares are moved, not copied; what has
    /// no place in a frame (lists, tables) becomes its text.
    #[must_use]
    pub fn into_frame(self) -> Frame {
        let rows = self.rows;
        Frame { fields: self.fields.into_iter().map(|field| frame_field(field, rows)).collect() }
    }
}

/// None for native histograms, which no transformation knows.
fn field_of(field: frame::Field) -> Option<Field> {
    let (kind, values) = match field.column {
        frame::Column::Time(times) => (FieldType::Time, Values::Times(times)),
        frame::Column::Number(numbers) => (FieldType::Number, Values::from(numbers)),
        frame::Column::Text(texts) => {
            (FieldType::Text, Values::Cells(Arc::new(texts.into_iter().map(Cell::Text).collect())))
        }
        frame::Column::Histogram(_) => return None,
    };
    let labels = (kind == FieldType::Number).then_some(field.labels);
    Some(Field { labels, ..Field::new(field.name, kind, values) })
}

fn frame_field(field: Field, rows: usize) -> frame::Field {
    let column = match (field.kind, field.values) {
        (FieldType::Time, Values::Times(times)) if times.len() == rows => frame::Column::Time(times),
        (FieldType::Time, values) if is_ascending(&values, rows) => {
            let at = |row| Millis(values.number(row) as i64);
            frame::Column::Time(Times::Explicit((0..rows).map(at).collect()))
        }
        (FieldType::Time | FieldType::Number | FieldType::Bool, values) => {
            frame::Column::Number(numbers_of(values, rows))
        }
        (_, values) => frame::Column::Text((0..rows).map(|row| text_of(&values.get(row))).collect()),
    };
    frame::Field { name: field.name, labels: field.labels.unwrap_or_default(), column }
}

/// Whether these can be the times of a frame: all there, in order.
fn is_ascending(values: &Values, rows: usize) -> bool {
    let mut previous = f64::NEG_INFINITY;
    (0..rows).all(|row| {
        let at = values.number(row);
        let follows = at >= previous;
        previous = at;
        follows
    })
}

fn numbers_of(values: Values, rows: usize) -> Vec<f64> {
    let mut numbers = match values {
        Values::Numbers(numbers) => Arc::try_unwrap(numbers).unwrap_or_else(|shared| shared.to_vec()),
        other => other.cells().map(|cell| if cell.is_missing() { GAP } else { cell.to_number() }).collect(),
    };
    for number in numbers.iter_mut().filter(|number| super::cell::is_absent(**number)) {
        *number = GAP;
    }
    numbers.resize(rows, GAP);
    numbers
}

fn text_of(cell: &Cell) -> Arc<str> {
    match cell {
        Cell::Absent | Cell::Null => "".into(),
        Cell::List(_) | Cell::Object(_) => cell.to_json().into(),
        plain => plain.to_text(),
    }
}
