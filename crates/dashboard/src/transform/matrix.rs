//! Rows and columns exchanged: `groupingToMatrix`, `transpose`; tables side by side without joining: `concatenate`.

use super::cell::Cell;
use super::index::Index;
use super::names::{Names, VALUE};
use super::options::Options;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{TransformError, check_size};
use frame::Labels;
use std::sync::Arc;

/// What stands where there is no value.
#[derive(Clone, Debug, PartialEq)]
struct Empty(Cell);

impl Empty {
    fn read(options: &Options) -> Self {
        Self(match options.str("emptyValue") {
            Some("null") => Cell::Null,
            Some("zero") => Cell::Number(0.0),
            Some("true") => Cell::Bool(true),
            Some("false") => Cell::Bool(false),
            _ => Cell::text(""),
        })
    }

    fn or(&self, cell: Cell) -> Cell {
        if cell.is_missing() { self.0.clone() } else { cell }
    }
}

/// One field spread over columns and rows that two others name.
#[derive(Clone, Debug)]
pub struct Matrix {
    column: Arc<str>,
    row: Arc<str>,
    value: Arc<str>,
    empty: Empty,
}

impl Matrix {
    pub(super) fn read(options: &Options) -> Self {
        let name = |key: &str, default: &str| options.text(key).unwrap_or_else(|| default.into());
        Self {
            column: name("columnField", "Time"),
            row: name("rowField", "Time"),
            value: name("valueField", "Value"),
            empty: Empty::read(options),
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
        let [table] = tables.as_slice() else { return Ok(tables) };
        Ok(self.of(table)?.map_or_else(|| tables.clone(), |matrix| vec![matrix]))
    }

    /// None where a field is missing.
    fn of(&self, table: &Table) -> Result<Option<Table>, TransformError> {
        let names = Names::of(std::slice::from_ref(table));
        let field = |name: &str| table.fields.get(names.position(table, name)?);
        let (Some(column_field), Some(row_field), Some(value_field)) =
            (field(&self.column), field(&self.row), field(&self.value))
        else {
            return Ok(None);
        };
        let (columns, rows) = (Distinct::of(column_field, table.rows), Distinct::of(row_field, table.rows));
        check_size(rows.values.len(), columns.values.len())?;
        let mut cells = vec![vec![Cell::Absent; rows.values.len()]; columns.values.len()];
        for row in 0..table.rows {
            cells[columns.places[row]][rows.places[row]] = value_field.values.get(row);
        }
        let title = format!("{}\\{}", self.row, self.column);
        let first =
            Field { name: title.into(), labels: None, ..row_field.with_values(Values::from_cells(rows.values)) };
        let mut fields = vec![first];
        for (value, cells) in columns.values.iter().zip(cells) {
            let name = if value.is_missing() { "".into() } else { value.to_text() };
            let values = cells.into_iter().map(|cell| self.empty.or(cell)).collect();
            let labels = value_field.labels.clone().unwrap_or_default();
            fields.push(Field { name, labels: Some(labels), ..value_field.with_values(values) });
        }
        Ok(Some(Table::new(None, fields)))
    }
}

/// The different values of a field, in the order in which they first come.
struct Distinct {
    values: Vec<Cell>,
    /// Which of them each row has.
    places: Vec<usize>,
}

impl Distinct {
    fn of(field: &Field, rows: usize) -> Self {
        let (mut index, mut values) = (Index::default(), Vec::new());
        let place = |row| {
            let cell = field.values.get(row);
            let place = index.place(&cell.to_text());
            if place == values.len() {
                values.push(cell);
            }
            place
        };
        let places = (0..rows).map(place).collect();
        Self { values, places }
    }
}

/// Every field a row, every row a field.
#[derive(Clone, Debug)]
pub struct Transpose {
    first_name: Option<Arc<str>>,
    other_name: Option<Arc<str>>,
    empty: Empty,
}

impl Transpose {
    pub(super) fn read(options: &Options) -> Self {
        let name = |key: &str| options.text(key).filter(|name| !name.is_empty());
        Self { first_name: name("firstFieldName"), other_name: name("restFieldsName"), empty: Empty::read(options) }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        let names = Names::of(&tables);
        tables.iter().map(|table| self.of(table, &names)).collect()
    }

    fn of(&self, table: &Table, names: &Names) -> Table {
        let Some(first) = table.fields.first() else { return table.clone() };
        // A first column of numbers is data; the rows are counted then.
        let heads = (first.kind != FieldType::Number).then_some(first);
        let sources: &[Field] = if heads.is_some() { table.fields.get(1..).unwrap_or_default() } else { &table.fields };
        let are_numbers = sources.iter().all(|field| field.kind == FieldType::Number);
        let titles = sources.iter().map(|field| Cell::Text(names.of_field(field, table))).collect();
        let first_name = self.first_name.clone().unwrap_or_else(|| "Field".into());
        let mut fields = vec![Field::new(first_name, FieldType::Text, titles)];
        for row in 0..table.rows {
            let (label, value) = match heads {
                Some(head) => (head.name.clone(), label_value(&head.values.get(row))),
                None => ("row".into(), (row + 1).to_string().into()),
            };
            let cell = |field: &Field| match are_numbers {
                true => field.values.get(row),
                false => self.text(&field.values.get(row), field.kind),
            };
            let values = sources.iter().map(cell).collect();
            let kind = if are_numbers { FieldType::Number } else { FieldType::Text };
            let name = self.other_name.clone().unwrap_or_else(|| VALUE.into());
            fields.push(Field { labels: Some(Labels::new(vec![(label, value)])), ..Field::new(name, kind, values) });
        }
        let ref_id = format!("transpose-{}", table.ref_id.as_deref().unwrap_or_default());
        Table { name: table.name.clone(), shape: table.shape, ..Table::new(Some(ref_id.into()), fields) }
    }

    fn text(&self, cell: &Cell, kind: FieldType) -> Cell {
        match cell {
            Cell::Absent | Cell::Null => self.empty.0.clone(),
            other if kind == FieldType::Other => Cell::Text(other.to_json().into()),
            other => Cell::Text(other.to_text()),
        }
    }
}

fn label_value(cell: &Cell) -> Arc<str> {
    if cell.is_missing() { "".into() } else { cell.to_text() }
}

/// All fields of all tables in one.
#[derive(Clone, Debug)]
pub struct Concatenate {
    table_name: TableName,
}

/// Where the names of the tables go.
#[derive(Clone, Debug)]
enum TableName {
    Drop,
    Field,
    Label(Arc<str>),
}

impl Concatenate {
    pub(super) fn read(options: &Options) -> Self {
        let label =
            || options.text("frameNameLabel").filter(|label| !label.is_empty()).unwrap_or_else(|| "frame".into());
        Self {
            table_name: match options.str("frameNameMode") {
                Some("drop") => TableName::Drop,
                Some("label") => TableName::Label(label()),
                _ => TableName::Field,
            },
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Vec<Table> {
        if tables.len() < 2 {
            return tables;
        }
        let rows = tables.iter().map(|table| table.rows).max().unwrap_or(0);
        let named = |table: &Table| {
            let name = table.name.clone();
            table.fields.iter().map(|field| self.named(field.clone(), name.as_ref())).collect::<Vec<_>>()
        };
        let fields = tables.iter().flat_map(named).collect();
        vec![Table { rows, ..Table::new(None, fields) }]
    }

    fn named(&self, mut field: Field, table: Option<&Arc<str>>) -> Field {
        match (&self.table_name, table) {
            (TableName::Field, Some(table)) if *field.name == *VALUE => field.name = table.clone(),
            (TableName::Field, Some(table)) => field.name = format!("{table} · {}", field.name).into(),
            (TableName::Label(label), Some(table)) => {
                let labels = field.labels.iter().flat_map(Labels::iter);
                let pairs = labels.map(|(name, value)| (Arc::from(name), Arc::from(value)));
                field.labels = Some(Labels::new(pairs.chain([(label.clone(), table.clone())]).collect()));
            }
            _ => {}
        }
        field
    }
}
