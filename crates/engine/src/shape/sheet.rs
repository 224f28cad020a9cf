//! Tables to look into: a few rows of one at a time, in the order the user wants.

use super::field::Fields;
use super::series::Rows;
use super::{FieldHead, ShapedSeries, Sheet};
use crate::SeriesHead;
use borsh::{BorshDeserialize, BorshSerialize};
use dashboard::transform::names::table_name;
use dashboard::transform::{self, Cell, Field, FieldType, Reducer, Table, Trend};
use frame::calcs::{Calc, Gaps, Summary};
use frame::{Labels, TimeRange, Times, float_bits, m4};
use std::sync::{Arc, Mutex, PoisonError};

/// What is wanted of a panel's tables.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct TableWish {
    /// Which table, from 0; the last where there are fewer.
    pub table: u32,
    /// By what it is sorted, the most important first; empty for as it is.
    pub sort: Vec<SortKey>,
    /// The first row.
    pub first: u32,
    /// How many rows.
    pub rows: u32,
    /// What the line below it tells.
    pub footer: Option<Footer>,
}

/// A column to sort by.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SortKey {
    /// Its name in the [`TablePage`].
    pub column: String,
    /// The greatest first.
    pub descending: bool,
}

/// What the line below a table tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Footer {
    /// Grafana's id of the calculation.
    pub calc: String,
    /// The columns it is for; empty for all numbers.
    pub columns: Vec<String>,
    /// Rows are counted, and the first column tells how many.
    pub counts_rows: bool,
}

/// A part of a table.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct TablePage {
    /// What the panel's tables are called, in their order.
    pub tables: Vec<String>,
    /// The one this is a part of.
    pub table: u32,
    /// How many rows it has in all.
    pub rows: u32,
    /// The row with which this part begins.
    pub first: u32,
    /// The smallest and the largest number of all tables.
    pub range: Option<Extent>,
    /// All its columns.
    pub columns: Vec<Column>,
}

/// The smallest and the largest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Extent {
    /// The smallest.
    #[borsh(serialize_with = "float_bits::write", deserialize_with = "float_bits::read")]
    pub min: f64,
    /// The largest.
    #[borsh(serialize_with = "float_bits::write", deserialize_with = "float_bits::read")]
    pub max: f64,
}

/// A column of a [`TablePage`].
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Column {
    /// What it is called, overrides apart.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// How many columns but those of instants stand before it, in all tables: palettes go by it.
    pub series_index: u32,
    /// The labels of its series.
    pub labels: Labels,
    /// How it is shown.
    pub field: FieldHead,
    /// The smallest and the largest of its numbers or instants, in all rows.
    pub range: Option<Extent>,
    /// The part's cells.
    pub cells: Vec<TableCell>,
    /// What stands below it.
    pub footer: Option<TableCell>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum ColumnKind {
    Time,
    Number,
    Text,
    Bool,
    Trend,
    Tables,
    Other,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum TableCell {
    /// There is no value.
    Missing,
    /// A number, or an instant in epoch milliseconds.
    Number(#[borsh(serialize_with = "float_bits::write", deserialize_with = "float_bits::read")] f64),
    /// A text.
    Text(Arc<str>),
    /// Yes or no.
    Bool(bool),
    /// A list or an object, as JSON.
    Json(String),
    /// A series to draw, with the number beside it.
    Trend {
        /// Points of it, as many as can be drawn.
        #[borsh(serialize_with = "float_bits::write_list", deserialize_with = "float_bits::read_list")]
        values: Vec<f64>,
        /// The number it is sorted by.
        #[borsh(serialize_with = "float_bits::write", deserialize_with = "float_bits::read")]
        value: f64,
    },
    /// Tables in a table, their first rows.
    Tables(Vec<TablePage>),
}

/// So many rows are told of a table in a table.
const NESTED_ROWS: usize = 100;
/// Tables in tables are told down to this level.
const NESTED_LEVELS: u8 = 2;
/// A series in a cell is drawn this wide at most, in device pixels.
const TREND_PX: u32 = 100;

/// The tables of a panel.
#[derive(Debug)]
struct Tables {
    tables: Vec<Table>,
    fields: Fields,
    names: Vec<String>,
    /// What is told of every field of every table, whichever rows are shown.
    told: Vec<Vec<Told>>,
    /// The order of rows that was asked for last: scrolling asks for the same one again and again.
    order: Mutex<Option<Order>>,
}

#[derive(Debug)]
struct Told {
    /// How many fields but instants stand before it, in all tables.
    series_index: u32,
    /// Its smallest and largest number or instant.
    range: Option<Extent>,
}

#[derive(Debug)]
struct Order {
    table: usize,
    sort: Vec<SortKey>,
    rows: Arc<[usize]>,
}

/// One head per table, and what answers questions about them.
pub(super) fn of(tables: Vec<Table>, fields: Fields) -> (Vec<ShapedSeries>, Option<Arc<dyn Sheet>>) {
    let mut series = 0;
    let mut told = |field: &Field| {
        let series_index = series;
        series += u32::from(field.kind != FieldType::Time);
        Told { series_index, range: extent(field) }
    };
    let with_told = |table: Table| {
        let told: Vec<Told> = table.fields.iter().map(&mut told).collect();
        (table, told)
    };
    let is_shown = |(table, _): &(Table, Vec<Told>)| table.rows > 0 && !table.fields.is_empty();
    let (tables, told): (Vec<Table>, _) = tables.into_iter().map(with_told).filter(is_shown).unzip();
    let names: Vec<String> = tables.iter().map(|table| fields.table_name(table)).collect();
    let head = |name: &String| ShapedSeries {
        head: SeriesHead { name: name.clone(), ..SeriesHead::default() },
        times: Times::Explicit([].into()),
        values: Vec::new(),
    };
    let heads = names.iter().map(head).collect();
    (heads, Some(Arc::new(Tables { tables, fields, names, told, order: Mutex::default() })))
}

fn extent(field: &Field) -> Option<Extent> {
    if !matches!(field.kind, FieldType::Number | FieldType::Time) {
        return None;
    }
    let numbers: Vec<f64> = (0..field.values.len()).map(|row| field.values.number(row)).collect();
    let summary = Summary::of(&numbers, Gaps::Ignore);
    let (min, max) = (summary.get(Calc::Min), summary.get(Calc::Max));
    (min.is_finite() && max.is_finite()).then_some(Extent { min, max })
}

impl Sheet for Tables {
    fn page(&self, wish: &TableWish) -> Vec<u8> {
        // Fails only for lists that no memory could hold.
        borsh::to_vec(&self.part(wish)).unwrap_or_default()
    }
}

impl Tables {
    fn part(&self, wish: &TableWish) -> TablePage {
        let number = (wish.table as usize).min(self.tables.len().saturating_sub(1));
        let (Some(table), Some(told)) = (self.tables.get(number), self.told.get(number)) else {
            return TablePage::default();
        };
        let order = self.order(number, table, &wish.sort);
        let first = (wish.first as usize).min(order.len());
        let rows = order.get(first..first.saturating_add(wish.rows as usize).min(order.len())).unwrap_or_default();
        let names = self.fields.names(table);
        let footer = wish.footer.as_ref();
        let columns = table.fields.iter().zip(told).zip(names).enumerate().map(|(index, ((field, told), name))| {
            let footer = footer.and_then(|footer| below(footer, table, field, &name, index));
            let mut column = column(field, &name, rows, 0);
            column.field = self.fields.head(table, index);
            Column { series_index: told.series_index, range: told.range, footer, ..column }
        });
        let fields = self.tables.iter().flat_map(|table| &table.fields).zip(self.told.iter().flatten());
        let all = fields.filter_map(|(field, told)| told.range.filter(|_| field.kind == FieldType::Number));
        TablePage {
            tables: self.names.clone(),
            table: number as u32,
            rows: table.rows as u32,
            first: first as u32,
            range: all.reduce(|a, b| Extent { min: a.min.min(b.min), max: a.max.max(b.max) }),
            columns: columns.collect(),
        }
    }

    /// The table's rows in the order that is wanted.
    fn order(&self, number: usize, table: &Table, sort: &[SortKey]) -> Arc<[usize]> {
        if sort.is_empty() {
            return (0..table.rows).collect();
        }
        let mut kept = self.order.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.as_ref().filter(|kept| kept.table == number && kept.sort == *sort) {
            Some(kept) => kept.rows.clone(),
            None => {
                let names = self.fields.names(table);
                let place =
                    |key: &SortKey| Some((names.iter().position(|name| **name == *key.column)?, key.descending));
                let keys: Vec<(usize, bool)> = sort.iter().filter_map(place).collect();
                let rows: Arc<[usize]> = transform::row_order(table, &keys).into();
                *kept = Some(Order { table: number, sort: sort.to_vec(), rows: rows.clone() });
                rows
            }
        }
    }
}

/// A column with these rows' cells.
fn column(field: &Field, name: &str, rows: &[usize], level: u8) -> Column {
    Column {
        name: name.to_owned(),
        kind: match field.kind {
            FieldType::Time => ColumnKind::Time,
            FieldType::Number => ColumnKind::Number,
            FieldType::Text => ColumnKind::Text,
            FieldType::Trend => ColumnKind::Trend,
            FieldType::Tables => ColumnKind::Tables,
            FieldType::Bool => ColumnKind::Bool,
            FieldType::Other => ColumnKind::Other,
        },
        series_index: 0,
        labels: field.labels.clone().unwrap_or_default(),
        field: FieldHead::default(),
        range: None,
        cells: rows.iter().map(|row| told(&field.values.get(*row), level)).collect(),
        footer: None,
    }
}

fn told(cell: &Cell, level: u8) -> TableCell {
    match cell {
        Cell::Absent | Cell::Null => TableCell::Missing,
        Cell::Number(number) => TableCell::Number(*number),
        Cell::Bool(flag) => TableCell::Bool(*flag),
        Cell::Text(text) => TableCell::Text(text.clone()),
        Cell::List(_) | Cell::Object(_) => TableCell::Json(cell.to_json()),
        Cell::Trend(trend) => trend_cell(trend),
        Cell::Tables(_) if level >= NESTED_LEVELS => TableCell::Missing,
        Cell::Tables(tables) => TableCell::Tables(tables.iter().map(|table| nested(table, level + 1)).collect()),
    }
}

fn nested(table: &Table, level: u8) -> TablePage {
    let rows: Vec<usize> = (0..table.rows.min(NESTED_ROWS)).collect();
    TablePage {
        rows: table.rows as u32,
        columns: table.fields.iter().map(|field| column(field, &field.name, &rows, level)).collect(),
        ..TablePage::default()
    }
}

fn trend_cell(trend: &Trend) -> TableCell {
    let mut points = m4::Points::default();
    let value = trend.series.fields.iter().find(|field| field.kind == FieldType::Number);
    if let (Some(time), Some(value)) = (trend.series.time_field(), value) {
        let rows = Rows::of(&trend.series, time, None);
        let last = rows.times.len().saturating_sub(1);
        if let (Some(start), Some(end)) = (rows.times.get(0), rows.times.get(last)) {
            m4::reduce(&rows.times, &rows.values(value), TimeRange { start, end }, TREND_PX, &mut points);
        }
    }
    TableCell::Trend { values: points.values, value: trend.value }
}

/// What stands below a column.
fn below(footer: &Footer, table: &Table, field: &Field, name: &str, index: usize) -> Option<TableCell> {
    let is_count = footer.calc == "count" && footer.counts_rows;
    if is_count {
        return (index == 0).then(|| TableCell::Text(format!("Count: {}", table.rows).into()));
    }
    let is_meant = match footer.columns.is_empty() {
        true => field.kind == FieldType::Number,
        false => footer.columns.iter().any(|wanted| *wanted == *name || *wanted == *field.name),
    };
    let reducer = Reducer::parse(&footer.calc).filter(|_| is_meant)?;
    Some(told(&reducer.of(field), NESTED_LEVELS))
}

impl Fields {
    /// What a table is called.
    fn table_name(&self, table: &Table) -> String {
        match (&table.name, &table.ref_id) {
            (None, Some(ref_id)) if table.fields.len() > 2 => ref_id.to_string(),
            _ => table_name(table, self.all()).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::transform::Values;

    /// Of a table of some numbers and texts, the rows that a wish brings, by their numbers.
    fn check(wish: &TableWish, expected: &[f64]) {
        let numbers = Field::new("n", FieldType::Number, Values::from(vec![3.0, 1.0, f64::NAN, 2.0, frame::GAP]));
        let texts: Values = ["b", "a", "b", "a", "b"].into_iter().map(Cell::text).collect();
        let times = Field::new("at", FieldType::Time, Values::from(vec![10.0, 20.0, 30.0, 40.0, 50.0]));
        let table = Table::new(None, vec![numbers, Field::new("t", FieldType::Text, texts), times]);
        let tables = vec![table, Table::default()];
        let fields = Fields::new("", &tables, &mut Vec::new());
        let (heads, sheet) = of(tables, fields);
        assert_eq!(heads.len(), 1, "a table without rows is not shown");
        let page: TablePage = borsh::from_slice(&sheet.unwrap().page(wish)).unwrap();
        let number = |cell: &TableCell| match cell {
            TableCell::Number(number) => *number,
            TableCell::Missing => -1.0,
            other => panic!("{other:?}"),
        };
        let found: Vec<f64> = page.columns[0].cells.iter().map(number).collect();
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{wish:?}");
        assert_eq!((page.rows, page.range), (5, Some(Extent { min: 1.0, max: 3.0 })));
        assert_eq!(page.columns[2].range, Some(Extent { min: 10.0, max: 50.0 }));
    }

    #[test]
    fn rows_come_in_parts_and_in_order() {
        let by = |column: &str, descending| SortKey { column: column.into(), descending };
        let wish =
            |sort: &[SortKey], first, rows| TableWish { sort: sort.to_vec(), first, rows, ..TableWish::default() };
        check(&wish(&[], 0, 9), &[3.0, 1.0, f64::NAN, 2.0, -1.0]);
        check(&wish(&[], 1, 2), &[1.0, f64::NAN]);
        check(&wish(&[], 7, 2), &[]);
        check(&wish(&[by("n", false)], 0, 9), &[-1.0, 1.0, 2.0, 3.0, f64::NAN]);
        check(&wish(&[by("n", true)], 0, 2), &[3.0, 2.0]);
        check(&wish(&[by("t", false), by("n", true)], 0, 9), &[2.0, 1.0, 3.0, -1.0, f64::NAN]);
        check(&wish(&[by("no such column", false)], 0, 1), &[3.0]);
        check(&TableWish { table: 9, rows: 1, ..TableWish::default() }, &[3.0]);
    }

    #[test]
    fn palettes_count_all_columns_but_instants() {
        let field = |name: &str, kind| Field::new(name, kind, Values::from(vec![1.0]));
        let table = || {
            let fields =
                vec![field("Time", FieldType::Time), field("a", FieldType::Number), field("b", FieldType::Number)];
            Table::new(None, fields)
        };
        let without_rows = Table { rows: 0, ..table() };
        let tables = vec![table(), without_rows, table()];
        let fields = Fields::new("", &tables, &mut Vec::new());
        let sheet = of(tables, fields).1.unwrap();
        for (table, expected) in [(0, [0, 0, 1]), (1, [4, 4, 5])] {
            let page: TablePage = borsh::from_slice(&sheet.page(&TableWish { table, ..TableWish::default() })).unwrap();
            let found: Vec<u32> = page.columns.iter().map(|column| column.series_index).collect();
            assert_eq!(found, expected, "{table}");
        }
    }

    #[test]
    fn a_trend_breaks_where_points_are_missing() {
        let check = |instants: Vec<f64>, expected: &str| {
            let values: Vec<f64> = (1..=instants.len()).map(|number| number as f64).collect();
            let mut time = Field::new("Time", FieldType::Time, Values::from(instants));
            time.config_mut().interval_millis = Some(1_000.0);
            let series = Table::new(None, vec![time, Field::new("n", FieldType::Number, Values::from(values))]);
            let TableCell::Trend { values, .. } = trend_cell(&Trend { series, value: 0.0 }) else { panic!("a trend") };
            let shown = |value: &f64| if frame::is_gap(*value) { "-".to_owned() } else { value.to_string() };
            assert_eq!(values.iter().map(shown).collect::<Vec<_>>().join(" "), expected);
        };
        check(vec![0.0, 1_000.0, 2_000.0], "1 2 3");
        check(vec![0.0, 1_000.0, 9_000.0, 10_000.0], "1 2 - 3 4");
        check(Vec::new(), "");
    }

    #[test]
    fn the_footer_sums_up() {
        let numbers = Field::new("n", FieldType::Number, Values::from(vec![3.0, 1.0]));
        let table = Table::new(None, vec![numbers]);
        let footer = |calc: &str, columns: &[&str], counts_rows| Footer {
            calc: calc.into(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            counts_rows,
        };
        for (footer, expected) in [
            (footer("sum", &[], false), Some(TableCell::Number(4.0))),
            (footer("sum", &["n"], false), Some(TableCell::Number(4.0))),
            (footer("sum", &["m"], false), None),
            (footer("count", &[], true), Some(TableCell::Text("Count: 2".into()))),
            (footer("nonsense", &[], false), None),
        ] {
            assert_eq!(below(&footer, &table, &table.fields[0], "n", 0), expected, "{footer:?}");
        }
    }
}
