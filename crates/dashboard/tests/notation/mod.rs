//! A notation for tables in tests.
//!
//! ```text
//! = A name of the table
//! Time:t | pod:s | Value:n{job=a,zone=b} max=5
//! 1 | api | -
//! ```
//!
//! `t` is time, `s` text, `n` number, `b` bool; `-` is no value, and no query in a title. Settings stand behind the labels.

use dashboard::transform::{Cell, Field, FieldType, Table, Values};
use frame::Labels;
use std::fmt::Write;

const TYPES: [(FieldType, &str); 5] = [
    (FieldType::Time, "t"),
    (FieldType::Text, "s"),
    (FieldType::Number, "n"),
    (FieldType::Bool, "b"),
    (FieldType::Trend, "trend"),
];

/// The tables of a text.
pub fn parse(text: &str) -> Vec<Table> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut tables: Vec<Table> = Vec::new();
    let mut rows: Vec<Vec<Vec<Cell>>> = Vec::new();
    for line in lines {
        if let Some(title) = line.strip_prefix("= ") {
            let (ref_id, name) = title.split_once(' ').map_or((title, None), |(ref_id, name)| (ref_id, Some(name)));
            tables.push(Table { name: name.map(Into::into), ref_id: Some(ref_id.into()), ..Table::default() });
            rows.push(Vec::new());
            continue;
        }
        let (table, rows) = (tables.last_mut().expect("a title first"), rows.last_mut().expect("a title first"));
        let parts = line.split('|').map(str::trim);
        if table.fields.is_empty() {
            table.fields = parts.map(field).collect();
        } else {
            rows.push(parts.zip(&table.fields).map(|(text, field)| cell(text, field.kind)).collect());
        }
    }
    for (table, rows) in tables.iter_mut().zip(rows) {
        table.rows = rows.len();
        for (index, field) in table.fields.iter_mut().enumerate() {
            field.values = rows.iter().map(|row| row[index].clone()).collect();
        }
    }
    tables
}

fn field(text: &str) -> Field {
    let (name, rest) = text.split_once(':').expect("a type");
    let (kind, labels) = rest.split_once('{').unwrap_or((rest, ""));
    let kind = TYPES.iter().find(|(_, known)| *known == kind).expect("a known type").0;
    let pairs = labels.trim_end_matches('}').split(',').filter_map(|pair| pair.split_once('='));
    let labels: Labels = pairs.collect();
    Field { labels: (!labels.is_empty()).then_some(labels), ..Field::new(name, kind, Values::default()) }
}

fn cell(text: &str, kind: FieldType) -> Cell {
    match (text, kind) {
        ("-", _) => Cell::Null,
        (text, FieldType::Number | FieldType::Time) => Cell::Number(text.parse().expect("a number")),
        (text, FieldType::Bool) => Cell::Bool(text == "true"),
        (text, _) => Cell::text(text),
    }
}

/// Tables in the notation.
pub fn print(tables: &[Table]) -> String {
    let mut out = String::new();
    for table in tables {
        let ref_id = table.ref_id.as_deref().unwrap_or("-");
        let name = table.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        let _ = writeln!(out, "= {ref_id}{name}");
        let heads: Vec<String> = table.fields.iter().map(head).collect();
        let _ = writeln!(out, "{}", heads.join(" | "));
        for row in 0..table.rows {
            let cells: Vec<String> = table.fields.iter().map(|field| cell_text(&field.values.get(row))).collect();
            let _ = writeln!(out, "{}", cells.join(" | "));
        }
    }
    out
}

fn head(field: &Field) -> String {
    let kind = TYPES.iter().find(|(kind, _)| *kind == field.kind).map_or("other", |(_, name)| name);
    let mut text = format!("{}:{kind}", field.name);
    let labels: Vec<String> =
        field.labels.iter().flat_map(|labels| labels.iter()).map(|(name, value)| format!("{name}={value}")).collect();
    if !labels.is_empty() {
        let _ = write!(text, "{{{}}}", labels.join(","));
    }
    let config = &field.config;
    if let Some(unit) = &config.unit {
        let _ = write!(text, " unit={unit}");
    }
    for (name, value) in [("min", config.min), ("max", config.max)] {
        if let Some(value) = value {
            let _ = write!(text, " {name}={value}");
        }
    }
    for (from, color) in config.thresholds.iter().filter(|(from, _)| from.is_finite()) {
        let _ = write!(text, " from={from}:{color}");
    }
    for mapping in &config.mappings {
        let part = |text: &Option<std::sync::Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
        let _ = write!(text, " map={}:{}:{}", mapping.value, part(&mapping.text), part(&mapping.color));
    }
    text
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Null | Cell::Absent => "-".into(),
        Cell::Trend(trend) => format!("{} of {}", trend.value, trend.series.rows),
        other => other.to_text().to_string(),
    }
}
