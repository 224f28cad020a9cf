//! Which fields, which tables: the matchers that transformations and overrides share.

use super::TransformError;
use super::cell::{Cell, number_from};
use super::names::{Names, VALUE};
use super::options::Options;
use super::reducer::Reducer;
use super::table::{Field, FieldType, Shape, Table};
use crate::pattern::Pattern;
use frame::calcs::Calc;
use regex_lite::Regex;
use serde_json::Value;
use std::sync::Arc;

/// A choice of fields.
#[derive(Clone, Debug)]
pub enum FieldMatcher {
    /// Every field.
    Any,
    /// The field called so.
    Name(Arc<str>),
    /// The field shown as this, whatever it is called.
    ShownName(Arc<str>),
    /// Fields called so, or all others.
    Names {
        /// The names.
        names: Vec<Arc<str>>,
        /// All but those.
        exclude: bool,
    },
    /// Fields whose shown name matches, or that are called one of these.
    PatternOrNames {
        /// The pattern; none where there is none, or one that cannot be used.
        pattern: Option<Regex>,
        /// The names.
        names: Vec<Arc<str>>,
    },
    /// Fields of one of these types.
    Types(Vec<FieldType>),
    /// The first field.
    First,
    /// The first field of instants.
    FirstTime,
    /// The results of one query.
    RefId(Arc<str>),
    /// Number fields whose calculated value compares so.
    Value {
        /// How the field becomes one value.
        reducer: Reducer,
        /// Grafana's id of the comparison: `gt`, `eq` …
        op: Arc<str>,
        /// What it is compared with.
        value: Cell,
    },
}

impl FieldMatcher {
    /// A matcher from Grafana's `{"id": …, "options": …}`.
    ///
    /// # Errors
    /// A matcher that is not known.
    pub fn parse(json: &Value, path: &str) -> Result<Self, TransformError> {
        Self::read(&Options::new(json, path))
    }

    /// The fields whose shown name matches a pattern; one that cannot be used matches none.
    #[must_use]
    pub fn pattern(pattern: &str) -> Self {
        Self::PatternOrNames { pattern: usable(pattern), names: Vec::new() }
    }

    pub(super) fn read(matcher: &Options) -> Result<Self, TransformError> {
        let options = matcher.get("options");
        let text = || options.json.as_str().unwrap_or_default();
        Ok(match matcher.str("id").unwrap_or_default() {
            "byName" => Self::Name(text().into()),
            "byNames" => Self::Names { names: options.texts("names"), exclude: options.str("mode") == Some("exclude") },
            "byRegexp" => Self::pattern(text()),
            "byRegexpOrNames" => {
                let pattern = options.str("pattern").and_then(usable);
                Self::PatternOrNames { pattern, names: options.texts("names") }
            }
            "byType" => Self::Types(FieldType::parse(text()).into_iter().collect()),
            "byTypes" => {
                let list = matcher.texts("options");
                Self::Types(list.iter().filter_map(|name| FieldType::parse(name)).collect())
            }
            "numeric" => Self::Types(vec![FieldType::Number]),
            "time" => Self::Types(vec![FieldType::Time]),
            "byFrameRefID" => Self::RefId(text().into()),
            "first" => Self::First,
            "firstTimeField" => Self::FirstTime,
            "byValue" => Self::Value {
                reducer: Reducer::parse(options.str("reducer").unwrap_or_default()).unwrap_or(Reducer::AllValues),
                op: options.text("op").unwrap_or_default(),
                value: Cell::from_json(options.get("value").json),
            },
            id => return Err(matcher.error(format!("there is no field matcher `{id}`"))),
        })
    }

    /// Whether it means `table.fields[index]`.
    #[must_use]
    pub fn matches(&self, table: &Table, index: usize, names: &Names) -> bool {
        let Some(field) = table.fields.get(index) else { return false };
        match self {
            Self::Any => true,
            Self::Name(name) => is_called(name, field, table, names),
            Self::ShownName(name) => names.of_field(field, table) == *name,
            Self::Names { names: wanted, exclude } => {
                wanted.iter().any(|name| is_called(name, field, table, names)) != *exclude
            }
            Self::PatternOrNames { pattern, names: wanted } => {
                pattern.as_ref().is_some_and(|pattern| pattern.is_match(&names.of_field(field, table)))
                    || wanted.iter().any(|name| is_called(name, field, table, names))
            }
            Self::Types(types) => types.contains(&field.kind),
            Self::First => index == 0,
            Self::FirstTime => table.fields.iter().position(|field| field.kind == FieldType::Time) == Some(index),
            Self::RefId(wanted) => table.ref_id.as_deref().unwrap_or_default() == &**wanted,
            Self::Value { reducer, op, value } => {
                // Of fields that are no numbers Grafana asks only whether they have any.
                let is_asked = field.kind == FieldType::Number || *reducer == Reducer::Calc(Calc::AllIsNull);
                is_asked && holds(&reducer.of(field), op, value)
            }
        }
    }

    /// The first field of a table it means.
    #[must_use]
    pub fn position(&self, table: &Table, names: &Names) -> Option<usize> {
        (0..table.fields.len()).find(|index| self.matches(table, *index, names))
    }
}

/// By the name shown, the field's own, or one of the two words for the only fields of a series.
fn is_called(name: &str, field: &Field, table: &Table, names: &Names) -> bool {
    let is_series = table.shape == Shape::TimeSeriesMulti;
    *name == *field.name
        || *names.of_field(field, table) == *name
        || (is_series && name == VALUE && field.kind == FieldType::Number)
        || (!is_series && name == "time" && table.time_field().is_some_and(|time| std::ptr::eq(time, field)))
}

/// A pattern that cannot be used matches nothing, as in Grafana.
pub(super) fn usable(text: &str) -> Option<Regex> {
    Pattern::parse(text).ok().map(|pattern| pattern.regex)
}

fn holds(found: &Cell, op: &str, wanted: &Cell) -> bool {
    if let Cell::Bool(flag) = found {
        return *flag;
    }
    let is_missing = found.is_missing() || wanted.is_missing();
    let op = if is_missing && matches!(op, "gte" | "lte") { "eq" } else { op };
    let text = |cell: &Cell| if cell.is_missing() { "null".into() } else { cell.to_text() };
    let compare = |cell: &Cell| if cell.is_missing() { f64::NAN } else { cell.to_number() };
    match op {
        "eq" => text(found) == text(wanted),
        "neq" => text(found) != text(wanted),
        "gt" => compare(found) > compare(wanted),
        "gte" => compare(found) >= compare(wanted),
        "lt" => compare(found) < compare(wanted),
        "lte" => compare(found) <= compare(wanted),
        _ => false,
    }
}

/// A choice of tables.
#[derive(Clone, Debug)]
pub enum TableMatcher {
    /// By name.
    Name(Arc<str>),
    /// By query. Several are written as a pattern: `A|B`.
    RefId(Arc<str>),
}

impl TableMatcher {
    pub(super) fn read(matcher: &Options) -> Result<Self, TransformError> {
        let wanted = matcher.text("options").unwrap_or_default();
        match matcher.str("id").unwrap_or_default() {
            "byName" => Ok(Self::Name(wanted)),
            "byRefId" => Ok(Self::RefId(wanted)),
            id => Err(matcher.error(format!("there is no matcher of tables `{id}`"))),
        }
    }

    /// Whether it means this table. One without a pattern means all.
    #[must_use]
    pub fn matches(&self, table: &Table) -> bool {
        let (wanted, found) = match self {
            Self::Name(wanted) => (wanted, &table.name),
            Self::RefId(wanted) => (wanted, &table.ref_id),
        };
        wanted.is_empty()
            || usable(wanted).is_some_and(|pattern| pattern.is_match(found.as_deref().unwrap_or_default()))
    }
}

/// What a cell is compared with, one of Grafana's value matchers.
#[derive(Clone, Debug)]
pub enum ValueTest {
    /// There is no value.
    IsNull,
    /// There is one.
    IsNotNull,
    /// `=`, `!=`, `>` …
    Compare {
        /// Grafana's id: `greater`, `equal` …
        op: Arc<str>,
        /// With what, as a text in which variables may stand.
        value: Arc<str>,
    },
    /// Between two numbers, ends excluded.
    Between {
        /// Above this.
        from: Arc<str>,
        /// Below that.
        to: Arc<str>,
        /// Whether the two are texts, of which only the whole part counts.
        whole: bool,
    },
    /// The text matches a pattern.
    Pattern(Arc<str>),
    /// The text contains another, or does not.
    Contains {
        /// The other text.
        text: Arc<str>,
        /// It must not.
        not: bool,
    },
}

impl ValueTest {
    pub(super) fn read(config: &Options) -> Result<Self, TransformError> {
        let options = config.get("options");
        let value = || options.scalar("value").unwrap_or_default();
        Ok(match config.str("id").unwrap_or_default() {
            "isNull" => Self::IsNull,
            "isNotNull" => Self::IsNotNull,
            op @ ("greater" | "greaterOrEqual" | "lower" | "lowerOrEqual" | "equal" | "notEqual") => {
                Self::Compare { op: op.into(), value: value() }
            }
            "between" => {
                let end = |key: &str| options.scalar(key).unwrap_or_default();
                Self::Between { from: end("from"), to: end("to"), whole: options.str("from").is_some() }
            }
            "regex" => Self::Pattern(value()),
            "substring" => Self::Contains { text: value(), not: false },
            "notSubstring" => Self::Contains { text: value(), not: true },
            id => return Err(config.error(format!("there is no matcher of values `{id}`"))),
        })
    }

    /// The test with its variables filled in, as a function of a cell.
    pub(super) fn prepare(&self, interpolate: &dyn Fn(&str) -> String) -> Box<dyn Fn(&Cell) -> bool> {
        match self {
            Self::IsNull => Box::new(Cell::is_missing),
            Self::IsNotNull => Box::new(|cell| !cell.is_missing()),
            Self::Compare { op, value } => {
                let (op, wanted) = (op.clone(), interpolate(value));
                Box::new(move |cell| compares(cell, &op, &wanted))
            }
            Self::Between { from, to, whole } => {
                let read = |text: &str| {
                    let number = number_from(&interpolate(text));
                    if *whole { number.trunc() } else { number }
                };
                let (from, to) = (read(from), read(to));
                Box::new(move |cell| {
                    let number = cell.to_number();
                    !cell.is_missing() && from < number && number < to
                })
            }
            Self::Pattern(pattern) => {
                let pattern = Regex::new(&interpolate(pattern)).ok();
                Box::new(move |cell| pattern.as_ref().is_some_and(|pattern| pattern.is_match(&cell.to_text())))
            }
            Self::Contains { text, not } => {
                let (text, not) = (interpolate(text), *not);
                Box::new(move |cell| !cell.is_missing() && cell.to_text().contains(&text) != not)
            }
        }
    }
}

fn compares(cell: &Cell, op: &str, wanted: &str) -> bool {
    let number = if cell.is_missing() { f64::NAN } else { cell.to_number() };
    let wanted_number = number_from(wanted);
    match op {
        "greater" => number > wanted_number,
        "greaterOrEqual" => number >= wanted_number,
        "lower" => number < wanted_number,
        "lowerOrEqual" => number <= wanted_number,
        "equal" => is_equal(cell, wanted, wanted_number),
        _ => !is_equal(cell, wanted, wanted_number),
    }
}

/// A text equals a text; anything else is compared as a number.
fn is_equal(cell: &Cell, wanted: &str, wanted_number: f64) -> bool {
    match cell {
        Cell::Absent | Cell::Null => false,
        Cell::Text(text) => **text == *wanted,
        other => other.to_number() == wanted_number,
    }
}
