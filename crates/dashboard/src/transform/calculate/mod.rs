//! `calculateField`: a field computed from others, row by row.

mod binary;
mod window;

use super::join::ensure_columns;
use super::matcher::FieldMatcher;
use super::names::Names;
use super::options::Options;
use super::reducer::Reducer;
use super::table::{Field, FieldType, Table};
use super::values::Values;
use super::{Context, TransformError};
use binary::Binary;
use frame::calcs::{Calc, Gaps};
use std::sync::Arc;
use window::{Cumulative, Window};

/// A new field, beside the others or instead of them.
#[derive(Clone, Debug)]
pub struct Calculate {
    mode: Mode,
    alias: Option<Arc<str>>,
    /// Only time and the new field stay.
    replaces: bool,
    /// Several series are joined by time first.
    joins: bool,
}

#[derive(Clone, Debug)]
enum Mode {
    ReduceRow { reducer: Reducer, include: Vec<Arc<str>>, gaps: Gaps },
    Binary(Binary),
    Unary { op: Arc<str>, field: Arc<str> },
    Index { as_percentile: bool },
    Cumulative(Cumulative),
    Window(Window),
}

impl Calculate {
    pub(in crate::transform) fn read(options: &Options) -> Self {
        let mode = match options.str("mode") {
            Some("binary") => Mode::Binary(Binary::read(&options.get("binary"))),
            Some("unary") => {
                let unary = options.get("unary");
                Mode::Unary {
                    op: unary.text("operator").unwrap_or_default(),
                    field: unary.text("fieldName").unwrap_or_default(),
                }
            }
            Some("index") => Mode::Index { as_percentile: options.get("index").flag("asPercentile") },
            Some("cumulativeFunctions") => Mode::Cumulative(Cumulative::read(&options.get("cumulative"))),
            Some("windowFunctions") => Mode::Window(Window::read(&options.get("window"))),
            _ => reduce_row(&options.get("reduce")),
        };
        Self {
            mode,
            alias: options.text("alias").filter(|alias| !alias.is_empty()),
            replaces: options.flag("replaceFields"),
            joins: options.json.get("timeSeries").and_then(serde_json::Value::as_bool).unwrap_or(true),
        }
    }

    pub(in crate::transform) fn apply(
        &self,
        tables: Vec<Table>,
        context: &Context,
    ) -> Result<Vec<Table>, TransformError> {
        let needs_one_table = match &self.mode {
            Mode::Binary(binary) => binary.is_of_two_fields(),
            _ => true,
        };
        let tables = if self.joins && needs_one_table { ensure_columns(tables)? } else { tables };
        let names = Names::of(&tables);
        let alias = self.alias.as_ref().map(|alias| Arc::from((context.interpolate)(alias)));
        let mut results = Vec::new();
        for table in &tables {
            let table = match &self.mode {
                Mode::Binary(binary) => binary.apply(table, &names, alias.as_ref(), self.replaces, context),
                mode => Some(self.with_field(table, mode.field(table, &names, alias.as_ref())?)),
            };
            results.extend(table.filter(|table| !table.fields.is_empty()));
        }
        Ok(results)
    }

    fn with_field(&self, table: &Table, field: Option<Field>) -> Table {
        let keeps_time = matches!(self.mode, Mode::ReduceRow { .. } | Mode::Unary { .. });
        let mut fields = match (self.replaces, keeps_time) {
            (false, _) => table.fields.clone(),
            (true, true) if field.is_some() => table.time_field().cloned().into_iter().collect(),
            (true, _) => Vec::new(),
        };
        fields.extend(field);
        table.with_fields(fields)
    }
}

impl Mode {
    /// The new field, or none where it cannot be computed of this table.
    fn field(&self, table: &Table, names: &Names, alias: Option<&Arc<str>>) -> Result<Option<Field>, TransformError> {
        Ok(match self {
            Self::ReduceRow { reducer, include, gaps } => {
                let values = row_values(table, names, *reducer, include, *gaps);
                Some(aliased(&reducer.label(), values, alias))
            }
            Self::Unary { op, field } => {
                let Some(index) = names.position(table, field) else { return Ok(None) };
                let Some(values) = unary(op, table.fields.get(index).map(|field| &field.values)) else {
                    return Ok(None);
                };
                Some(aliased(&format!("{op}({field})"), values, alias))
            }
            Self::Index { as_percentile } => Some(row_numbers(table.rows, *as_percentile, alias)),
            Self::Cumulative(cumulative) => cumulative.field(table, names, alias)?,
            Self::Window(window) => window.field(table, names, alias)?,
            Self::Binary(_) => None,
        })
    }
}

/// A number field called `name`, or shown as the alias.
fn aliased(name: &str, values: Values, alias: Option<&Arc<str>>) -> Field {
    let mut field = Field::new(alias.map_or_else(|| name.into(), Arc::clone), FieldType::Number, values);
    if let Some(alias) = alias {
        field.config_mut().display_name = Some(alias.clone());
    }
    field
}

fn reduce_row(options: &Options) -> Mode {
    let reducer = options.str("reducer").and_then(Reducer::parse).unwrap_or(Reducer::Calc(Calc::Sum));
    let gaps = match options.str("nullValueMode") {
        Some("connected") => Gaps::Ignore,
        Some("null as zero") => Gaps::Zero,
        _ => Gaps::Keep,
    };
    Mode::ReduceRow { reducer, include: options.texts("include"), gaps }
}

/// Every row's numbers, reduced.
fn row_values(table: &Table, names: &Names, reducer: Reducer, include: &[Arc<str>], gaps: Gaps) -> Values {
    let matcher = match include {
        [] => FieldMatcher::Any,
        include => FieldMatcher::Names { names: include.to_vec(), exclude: false },
    };
    let chosen =
        |(index, field): &(usize, &Field)| field.kind == FieldType::Number && matcher.matches(table, *index, names);
    let columns: Vec<&Values> =
        table.fields.iter().enumerate().filter(chosen).map(|(_, field)| &field.values).collect();
    let value = |row: usize| {
        let numbers: Values = columns.iter().map(|values| values.get(row)).collect();
        reducer.of_values(&numbers, FieldType::Number, gaps)
    };
    (0..table.rows).map(value).collect()
}

fn row_numbers(rows: usize, as_percentile: bool, alias: Option<&Arc<str>>) -> Field {
    let share = |row: usize| if as_percentile { row as f64 / rows as f64 } else { row as f64 };
    let values = Values::from((0..rows).map(share).collect::<Vec<f64>>());
    let mut field = Field::new(alias.map_or_else(|| "Row".into(), Arc::clone), FieldType::Number, values);
    if as_percentile {
        field.config_mut().unit = Some("percentunit".into());
    }
    field
}

/// None for an operator that is not known.
fn unary(op: &str, values: Option<&Values>) -> Option<Values> {
    let numbers: Vec<f64> = values?.cells().map(|cell| cell.to_number()).collect();
    let total: f64 = numbers.iter().filter(|number| !number.is_nan()).sum();
    let apply: Box<dyn Fn(f64) -> f64> = match op {
        "abs" => Box::new(f64::abs),
        "exp" => Box::new(f64::exp),
        "ln" => Box::new(f64::ln),
        "floor" => Box::new(f64::floor),
        "ceil" => Box::new(f64::ceil),
        // Halves go up, also below zero.
        "round" => Box::new(|number| (number + 0.5).floor()),
        "percent" => Box::new(move |number| number / total),
        _ => return None,
    };
    Some(Values::from(numbers.into_iter().map(|number| plain(apply(number))).collect::<Vec<f64>>()))
}

/// A NaN that is no gap: what arithmetic gives may carry the payload of its operand.
fn plain(number: f64) -> f64 {
    if number.is_nan() { f64::NAN } else { number }
}
