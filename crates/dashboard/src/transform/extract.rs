//! `extractFields`: fields out of texts that hold several values.

use super::cell::{Cell, number_from};
use super::index::Index;
use super::matcher::{FieldMatcher, usable};
use super::names::Names;
use super::options::Options;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{TransformError, check_size};
use regex_lite::Regex;
use serde_json::Value;
use std::sync::Arc;

/// Fields out of the texts of one.
#[derive(Clone, Debug)]
pub struct Extract {
    source: Arc<str>,
    format: Format,
    /// Only the new fields stay.
    replaces: bool,
    /// And time, then.
    keeps_time: bool,
}

/// What the texts look like.
#[derive(Clone, Debug)]
enum Format {
    /// JSON, or else pairs.
    Auto,
    /// A JSON object, or only what is at these paths of it, under these names.
    Json(Vec<(Arc<str>, Arc<str>)>),
    /// `a=1 b="two words"`, `a: 1, b: 2`.
    Pairs,
    /// Named groups of a pattern.
    Pattern(Option<Regex>),
    /// Texts between separators.
    Separated(Arc<str>),
}

/// The values of one text, with their names.
type Named = Vec<(Arc<str>, Cell)>;

impl Extract {
    pub(super) fn read(options: &Options) -> Self {
        let path = |path: Options| {
            let at = path.text("path").filter(|path| !path.is_empty())?;
            Some((path.text("alias").filter(|alias| !alias.is_empty()).unwrap_or_else(|| at.clone()), at))
        };
        let format = match options.str("format") {
            Some("json") => Format::Json(options.items("jsonPaths").into_iter().filter_map(path).collect()),
            Some("kvp") => Format::Pairs,
            Some("regexp") => Format::Pattern(usable(options.str("regExp").unwrap_or("/(?<NewField>.*)/"))),
            Some("delimiter") => {
                let separator = options.text("delimiter").filter(|text| !text.is_empty());
                Format::Separated(separator.unwrap_or_else(|| ",".into()))
            }
            _ => Format::Auto,
        };
        Self {
            source: options.text("source").unwrap_or_default(),
            format,
            replaces: options.flag("replace"),
            keeps_time: options.flag("keepTime"),
        }
    }

    pub(super) fn apply(&self, tables: Vec<Table>) -> Result<Vec<Table>, TransformError> {
        let names = Names::of(&tables);
        let matcher = FieldMatcher::Name(self.source.clone());
        let extract = |table: Table| match matcher.position(&table, &names) {
            Some(index) => self.of(&table, &table.fields[index]),
            None => Ok(table),
        };
        tables.into_iter().map(extract).collect()
    }

    fn of(&self, table: &Table, source: &Field) -> Result<Table, TransformError> {
        let mut index = Index::default();
        let mut columns: Vec<Vec<Cell>> = Vec::new();
        for row in 0..table.rows {
            for (name, cell) in self.format.values(&source.values.get(row)) {
                let place = index.place(&name);
                columns.resize(index.len(), Vec::new());
                let column = &mut columns[place];
                column.resize(row, Cell::Absent);
                column.push(cell);
            }
            check_size(row, index.len())?;
        }
        let mut fields: Vec<Field> = match (self.replaces, self.keeps_time) {
            (false, _) => table.fields.clone(),
            (true, true) => table.time_field().cloned().into_iter().collect(),
            (true, false) => Vec::new(),
        };
        for (name, cells) in index.texts().iter().zip(columns) {
            let values = Values::from_cells(cells);
            fields.push(Field::new(name.clone(), FieldType::guess(&values), values));
        }
        Ok(table.with_fields(fields))
    }
}

impl Format {
    fn values(&self, cell: &Cell) -> Named {
        let text = match cell {
            Cell::Text(text) => text,
            Cell::Object(entries) if matches!(self, Self::Auto | Self::Json(_)) => return entries.to_vec(),
            _ => return Vec::new(),
        };
        match self {
            Self::Auto => json(text).map_or_else(|| pairs(text), |json| members(&json)),
            Self::Json(paths) if paths.is_empty() => json(text).map(|json| members(&json)).unwrap_or_default(),
            Self::Json(paths) => {
                let Some(json) = json(text) else { return Vec::new() };
                let value = |(name, path): &(Arc<str>, Arc<str>)| (name.clone(), at_path(&json, path));
                paths.iter().map(value).collect()
            }
            Self::Pairs => pairs(text),
            Self::Pattern(pattern) => pattern.as_ref().map(|pattern| groups(pattern, text)).unwrap_or_default(),
            Self::Separated(separator) => {
                // What stands between separators is a name, and that it does its value.
                let parts = text.split(&**separator).map(str::trim).filter(|part| !part.is_empty());
                parts.map(|part| (Arc::from(part), Cell::Number(1.0))).collect()
            }
        }
    }
}

fn json(text: &str) -> Option<Value> {
    json::parse(text).ok().filter(|json| json.is_object() || json.is_array())
}

fn members(json: &Value) -> Named {
    match json {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.as_str().into(), Cell::from_json(value))).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, item)| (index.to_string().into(), Cell::from_json(item))).collect()
        }
        _ => Vec::new(),
    }
}

/// The value at a path such as `pod.labels[0].name`.
fn at_path(json: &Value, path: &str) -> Cell {
    let mut found = json;
    for part in path.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
        let inner = match found {
            Value::Array(items) => part.parse().ok().and_then(|index: usize| items.get(index)),
            other => other.get(part),
        };
        match inner {
            Some(inner) => found = inner,
            None => return Cell::Absent,
        }
    }
    Cell::from_json(found)
}

fn groups(pattern: &Regex, text: &str) -> Named {
    let Some(captures) = pattern.captures(text) else { return Vec::new() };
    let named = pattern.capture_names().flatten();
    named.filter_map(|name| Some((name.into(), Cell::text(captures.name(name)?.as_str())))).collect()
}

/// Names and values with `=` or `:` in between, separated by blanks, commas, semicolons or ampersands, within braces or not.
/// Values in quotes may hold anything.
fn pairs(text: &str) -> Named {
    let mut found = Vec::new();
    let mut rest = text.trim().trim_start_matches('{').trim_end_matches('}');
    while let Some(at) = rest.find(['=', ':']) {
        let name = rest[..at].rsplit([' ', ',', ';', '&']).next().unwrap_or_default().trim_matches('"');
        rest = rest[at + 1..].trim_start();
        let (value, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"').unwrap_or(quoted.len());
                (Cell::text(&quoted[..end]), quoted.get(end + 1..).unwrap_or_default())
            }
            None => {
                let end = rest.find([' ', ',', ';', '&']).unwrap_or(rest.len());
                (plain_value(&rest[..end]), rest.get(end + 1..).unwrap_or_default())
            }
        };
        if !name.is_empty() {
            found.push((name.into(), value));
        }
        rest = after;
    }
    found
}

/// A number where it is one.
fn plain_value(text: &str) -> Cell {
    let number = number_from(text);
    if text.is_empty() || number.is_nan() { Cell::text(text) } else { Cell::Number(number) }
}
