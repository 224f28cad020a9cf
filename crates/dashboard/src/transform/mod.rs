//! Transformations: what a panel does to the answers of its queries before it shows them, with Grafana's options and
//! Grafana's results.
//!
//! The data are [`Table`]s: a column per field, each with a name, a type, labels and settings. Columns are shared, so a
//! transformation that only moves fields copies none of them; [`Table::from_frame`] and [`Table::into_frame`] move the
//! columns of a [`frame::Frame`] in and out.
//!
//! A panel's list is read once by [`Transformation::parse_all`] and applied by [`apply`]. Nothing else of the program calls
//! in here, so all of it can be loaded when the first panel with a transformation is shown.

mod calculate;
pub(crate) mod cell;
mod convert;
pub mod expression;
mod extract;
mod filter;
mod frames;
mod group;
pub mod heatmap;
mod histogram;
mod index;
mod join;
mod labels;
pub mod matcher;
mod matrix;
mod merge;
pub mod names;
mod options;
mod organize;
pub mod prometheus;
mod reduce;
mod reducer;
mod settings;
mod sort;
mod split;
mod step;
mod table;
mod text_form;
mod trend;
mod values;

pub use cell::{ABSENT, Cell, is_absent};
pub use group::NESTED;
pub use reducer::Reducer;
pub use sort::row_order;
pub use table::{Field, FieldConfig, FieldType, Shape, Table, ValueMapping};
pub use trend::Trend;
pub use values::Values;

use frame::{Zone, Zones};
use matcher::TableMatcher;
use options::Options;
use serde_json::Value;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use step::Step;

/// What transformations need besides the data.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Fills in variables.
    pub interpolate: &'a dyn Fn(&str) -> String,
    /// The dashboard's time zone.
    pub zone: &'a Zone,
    /// Where offsets of zones come from.
    pub zones: &'a dyn Zones,
}

/// One transformation of a panel.
#[derive(Clone, Debug)]
pub struct Transformation {
    step: Step,
    /// It is there but switched off.
    pub is_disabled: bool,
    /// Only these tables are transformed, the others pass.
    filter: Option<TableMatcher>,
    /// Of which data it is.
    pub topic: Topic,
}

/// Which of a panel's data a transformation is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Topic {
    /// What the queries answer.
    #[default]
    Series,
    /// Its annotations.
    Annotations,
}

/// Why a transformation cannot be read or applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransformError {
    /// Where in the panel's JSON: `transformations[1].options.regex`.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for TransformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

impl std::error::Error for TransformError {}

impl Transformation {
    /// Reads one transformation of Grafana's JSON, which stands at `path`.
    ///
    /// An id that is not known is kept, see [`Transformation::unknown`]. Options of a wrong type count as absent, as in
    /// Grafana.
    ///
    /// # Errors
    /// A matcher that does not exist.
    pub fn parse(json: &Value, path: &str) -> Result<Self, TransformError> {
        let whole = Options::new(json, path);
        // The newer schema keeps everything but the id one level below, and the id beside that or there.
        let spec = whole.get("spec");
        let (id, whole) = match spec.is_absent() {
            true => (whole.str("id"), whole),
            false => (spec.str("id").or(whole.str("group")).or(whole.str("kind")), spec),
        };
        let filter = whole.get("filter");
        Ok(Self {
            step: Step::read(id.unwrap_or_default(), &whole.get("options"))?,
            is_disabled: whole.flag("disabled"),
            filter: (!filter.is_absent()).then(|| TableMatcher::read(&filter)).transpose()?,
            topic: if whole.str("topic") == Some("annotations") { Topic::Annotations } else { Topic::Series },
        })
    }

    /// Reads a panel's list.
    ///
    /// # Errors
    /// The first transformation that cannot be read.
    pub fn parse_all(json: &Value) -> Result<Vec<Self>, TransformError> {
        let list = json.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().enumerate().map(|(index, json)| Self::parse(json, &format!("transformations[{index}]"))).collect()
    }

    /// The id of a transformation that this version does not know. It changes nothing.
    #[must_use]
    pub fn unknown(&self) -> Option<&str> {
        match &self.step {
            Step::Unknown(id) => Some(id),
            _ => None,
        }
    }

    fn apply(&self, tables: Vec<Table>, context: &Context) -> Result<Vec<Table>, TransformError> {
        let Some(filter) = &self.filter else { return self.step.apply(tables, context) };
        // What passes goes back to where the last of it stood, as in Grafana.
        let (mut passing, mut meant, mut place) = (Vec::new(), Vec::new(), 0);
        for (index, table) in tables.into_iter().enumerate() {
            if filter.matches(&table) {
                meant.push(table);
            } else {
                place = if place == 0 { index } else { place };
                passing.push(table);
            }
        }
        let mut results = self.step.apply(meant, context)?;
        let place = place.min(results.len());
        results.splice(place..place, passing);
        Ok(results)
    }
}

/// Applies a panel's transformations one after the other.
///
/// # Errors
/// What a transformation cannot do, such as a pattern that is not valid. The path then is relative to the list: its first part is
/// `transformations[n]`.
pub fn apply(
    transformations: &[Transformation],
    tables: Vec<Table>,
    context: &Context,
) -> Result<Vec<Table>, TransformError> {
    let mut tables = tables;
    for (index, transformation) in transformations.iter().enumerate() {
        if transformation.is_disabled {
            continue;
        }
        tables = transformation
            .apply(tables, context)
            .map_err(|error| TransformError { path: format!("transformations[{index}].{}", error.path), ..error })?;
    }
    Ok(tables)
}

/// Grafana's name for what came out of several queries: `merge-A-B`.
fn combined_ref_id(id: &str, tables: &[&Table]) -> Arc<str> {
    let ref_ids: Vec<&str> = tables.iter().map(|table| table.ref_id.as_deref().unwrap_or_default()).collect();
    format!("{id}-{}", ref_ids.join("-")).into()
}

/// The numbers below `rows` in the order that `compare` gives; equal ones stay in theirs.
fn ascending_rows(rows: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    frame::sort_by(&mut order, |a, b| compare(*a, *b));
    order
}

/// How many values the result of one transformation may have. Some make a row for every pair of rows or a column for every
/// row, and a browser has little memory.
const MAX_VALUES: usize = 10_000_000;

/// Whether a table of this size can be made.
fn check_size(rows: usize, columns: usize) -> Result<(), TransformError> {
    if rows.saturating_mul(columns) <= MAX_VALUES {
        return Ok(());
    }
    let message =
        format!("the result would have {rows} rows of {columns} fields, which is too much: filter the data first");
    Err(TransformError { path: "options".into(), message })
}
