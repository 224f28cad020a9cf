//! Fields of another type, times and texts in another form: `convertFieldType`, `formatTime`, `formatString`.

use super::Context;
use super::cell::{Cell, joined, number_from};
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::table::{Field, FieldType, Table};
use super::text_form::TextForm;
use super::values::Values;
use crate::time::{Calendar, Place, parse_instant_in};
use format::date::ISO;
use frame::{Millis, Zone};
use std::sync::Arc;

/// Fields that get another type.
#[derive(Clone, Debug)]
pub struct Convert {
    conversions: Vec<Conversion>,
}

#[derive(Clone, Debug)]
struct Conversion {
    field: FieldMatcher,
    to: FieldType,
    /// Instants as texts.
    pattern: Option<Arc<str>>,
    zone: Option<Zone>,
    /// Between the items of a list that becomes a text.
    separator: Option<Arc<str>>,
}

impl Convert {
    pub(super) fn read(options: &Options) -> Self {
        let conversion = |options: Options| {
            Some(Conversion {
                field: FieldMatcher::Name(options.text("targetField")?),
                to: FieldType::parse(options.str("destinationType")?).unwrap_or_default(),
                pattern: options.text("dateFormat").filter(|pattern| !pattern.is_empty()),
                zone: options.str("timezone").map(crate::zone_named),
                separator: options.text("joinWith").filter(|text| !text.is_empty()),
            })
        };
        Self { conversions: options.items("conversions").into_iter().filter_map(conversion).collect() }
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let names = Names::of(&tables);
        for table in &mut tables {
            for conversion in &self.conversions {
                for index in 0..table.fields.len() {
                    if conversion.field.matches(table, index, &names) {
                        table.fields[index] = conversion.of(&table.fields[index], context);
                    }
                }
            }
        }
        tables
    }
}

impl Conversion {
    fn of(&self, field: &Field, context: &Context) -> Field {
        let convert: &dyn Fn(&Cell) -> Cell = match self.to {
            kind if kind == field.kind => return field.clone(),
            FieldType::Number => &to_number,
            FieldType::Bool => &|cell| Cell::Bool(cell.is_truthy()),
            FieldType::Time => &|cell| self.to_time(cell, context),
            FieldType::Text if field.kind == FieldType::Time => &|cell| self.time_to_text(cell, context),
            FieldType::Text => &|cell| self.to_text(cell, field.kind),
            FieldType::Other => &from_json_text,
            FieldType::Tables | FieldType::Trend => return field.clone(),
        };
        let values: Values = field.values.cells().map(|cell| convert(&cell)).collect();
        Field { kind: self.to, ..field.with_values(values) }
    }

    fn to_time(&self, cell: &Cell, context: &Context) -> Cell {
        let zone = self.zone.as_ref().unwrap_or(context.zone);
        match cell {
            Cell::Number(_) => cell.clone(),
            Cell::Text(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                let place = Place { zone, zones: context.zones, calendar: Calendar::default() };
                parse_instant_in(text, Millis(0), place, false).map_or(Cell::Null, |at| Cell::Number(at.0 as f64))
            }
            _ => Cell::Null,
        }
    }

    fn time_to_text(&self, cell: &Cell, context: &Context) -> Cell {
        let zone = self.zone.as_ref().unwrap_or(context.zone);
        formatted(cell, self.pattern.as_deref().unwrap_or(ISO), zone, context)
    }

    fn to_text(&self, cell: &Cell, kind: FieldType) -> Cell {
        match (cell, &self.separator) {
            (Cell::List(items), Some(separator)) => Cell::Text(joined(items, separator).into()),
            (Cell::Absent, _) => Cell::Absent,
            _ if kind == FieldType::Other => Cell::Text(cell.to_json().into()),
            _ => Cell::Text(cell.to_text()),
        }
    }
}

/// Thousands may be grouped by commas. What is no number is missing.
fn to_number(cell: &Cell) -> Cell {
    let number = match cell {
        Cell::Text(text) => number_from(&text.replace(',', "")),
        Cell::Bool(_) | Cell::Number(_) => cell.to_number(),
        _ => return Cell::Null,
    };
    if number.is_nan() { Cell::Null } else { Cell::Number(number) }
}

fn from_json_text(cell: &Cell) -> Cell {
    match cell {
        Cell::Text(text) => json::parse(text).map_or_else(|_| cell.clone(), |json| Cell::from_json(&json)),
        other => other.clone(),
    }
}

fn formatted(cell: &Cell, pattern: &str, zone: &Zone, context: &Context) -> Cell {
    match cell {
        Cell::Number(at) if at.is_finite() => {
            Cell::Text(format::date::pattern(Millis(*at as i64), pattern, zone, context.zones).into())
        }
        _ => Cell::text("Invalid date"),
    }
}

/// Instants as texts by a pattern.
#[derive(Clone, Debug)]
pub struct FormatTime {
    field: Arc<str>,
    pattern: Arc<str>,
    zone: Option<Zone>,
}

impl FormatTime {
    pub(super) fn read(options: &Options) -> Self {
        Self {
            field: options.text("timeField").unwrap_or_default(),
            pattern: options.text("outputFormat").filter(|pattern| !pattern.is_empty()).unwrap_or_else(|| ISO.into()),
            zone: options.str("timezone").map(crate::zone_named),
        }
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>, context: &Context) -> Vec<Table> {
        let zone = self.zone.as_ref().unwrap_or(context.zone);
        let pattern = (context.interpolate)(&self.pattern);
        on_named(&mut tables, &self.field, |field| {
            let values = field.values.cells().map(|cell| formatted(&cell, &pattern, zone, context)).collect();
            *field = Field { kind: FieldType::Text, ..field.with_values(values) };
        });
        tables
    }
}

/// Texts in another form.
#[derive(Clone, Debug)]
pub struct FormatText {
    field: Arc<str>,
    form: TextForm,
}

impl FormatText {
    pub(super) fn read(options: &Options) -> Self {
        let bound = |key: &str, default: f64| options.number(key).unwrap_or(default).max(0.0) as usize;
        let form = match options.str("outputFormat").unwrap_or("Upper Case") {
            "Substring" => TextForm::Substring(bound("substringStart", 0.0)..bound("substringEnd", 100.0)),
            name => TextForm::parse(name),
        };
        Self { field: options.text("stringField").unwrap_or_default(), form }
    }

    pub(super) fn apply(&self, mut tables: Vec<Table>) -> Vec<Table> {
        on_named(&mut tables, &self.field, |field| {
            let convert = |cell: Cell| match &cell {
                Cell::Text(text) => Cell::Text(self.form.of(text).into()),
                Cell::Absent | Cell::Null => cell,
                other => Cell::Text(self.form.of(&other.to_text()).into()),
            };
            let values = field.values.cells().map(convert).collect();
            *field = Field { kind: FieldType::Text, ..field.with_values(values) };
        });
        tables
    }
}

/// Changes every field called so.
fn on_named(tables: &mut [Table], name: &Arc<str>, change: impl Fn(&mut Field)) {
    let names = Names::of(tables);
    let matcher = FieldMatcher::Name(name.clone());
    for table in tables {
        for index in 0..table.fields.len() {
            if matcher.matches(table, index, &names) {
                change(&mut table.fields[index]);
            }
        }
    }
}
