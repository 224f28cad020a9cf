//! What a panel does to the answers of its queries before they are shown: expressions, transformations, and which overrides
//! are for which field.
//!
//! All of it works in full resolution. Most panels do none of it, so the code is apart: the engine calls it by a pointer that
//! it is given once the code is loaded ([`Input::Shaper`](crate::Input::Shaper)), and until then the panels that need it
//! wait. Those without a [`Shaping`] never come here.

mod answers;
mod field;
mod series;
mod sheet;
mod values;

pub use sheet::{Column, ColumnKind, Extent, Footer, SortKey, TableCell, TablePage, TableWish};

use crate::{Format, PanelSpec, QueryData, SeriesHead};
use borsh::{BorshDeserialize, BorshSerialize};
use dashboard::interpolate::Scope;
use dashboard::transform::expression::{self, Expression};
use dashboard::transform::{self, Context, Table, Topic, TransformError, Transformation};
use field::Fields;
use frame::calcs::Calc;
use frame::{TimeRange, Times, Zone, Zones};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// How the answers of a panel's queries are shaped. JSON is Grafana's, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Shaping {
    /// The queries and expressions that are shown, by their ref ids, in the panel's order.
    pub shown: Vec<String>,
    /// Those that only serve the others.
    pub hidden: Vec<String>,
    /// The queries on the answers of others: a list.
    pub expressions: String,
    /// What is done to the data: a list.
    pub transformations: String,
    /// The matchers of the panel's overrides: a list.
    pub overrides: String,
    /// What is made of the result.
    pub goal: Goal,
}

impl PanelSpec {
    /// Whether series stay the points that are answered: all that a shaping then tells is which overrides are for which.
    pub(crate) fn keeps_points(&self) -> bool {
        let is_empty = |list: &str| matches!(list, "" | "[]");
        self.shaping.as_ref().is_none_or(|shaping| {
            shaping.goal == Goal::Series
                && is_empty(&shaping.expressions)
                && is_empty(&shaping.transformations)
                && self.queries.iter().all(|query| query.format == Format::TimeSeries)
        })
    }
}

/// What is made of shaped data.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Goal {
    /// Series over time: a chart.
    #[default]
    Series,
    /// Single values: a stat and the like.
    Values {
        /// The fields that count: empty for all numbers, else a pattern.
        fields: String,
        /// How many rows are shown at most, where each row is, and not the fields' calcs.
        rows: Option<u32>,
    },
    /// The tables as they are.
    Tables,
}

/// What is told of a shaped field beside its name and calcs.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FieldHead {
    /// Its own name, of which what it is called came.
    pub name: String,
    /// The panel's overrides that are for it, by their number.
    pub overrides: Vec<u32>,
    /// How it is shown as far as that came out of the data: Grafana's ids of properties, and their values as JSON text.
    pub properties: Vec<(String, String)>,
    /// Whether its values are instants, in milliseconds since the epoch.
    pub is_time: bool,
    /// Its value, where that is no number.
    pub text: Option<String>,
    /// The row that it is one value of, where it is one: names and texts of all fields.
    pub row: Vec<(String, String)>,
}

/// Shapes answers.
pub type Shaper = fn(&Answers<'_>) -> Shaped;

/// All that shaping goes by.
#[derive(Clone, Copy)]
pub struct Answers<'a> {
    /// The panel, which has a [`Shaping`].
    pub(crate) spec: &'a PanelSpec,
    /// The answers, in the order of the panel's queries.
    pub(crate) queries: &'a [QueryData],
    pub(crate) range: TimeRange,
    pub(crate) around: Around<'a>,
}

/// What goes for all panels of a view.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub scope: &'a Scope,
    pub zone: &'a Zone,
    pub zones: &'a dyn Zones,
}

/// What shaping made of a panel's answers.
#[derive(Clone, Debug, Default)]
pub struct Shaped {
    pub(crate) series: Vec<ShapedSeries>,
    pub(crate) sheet: Option<Arc<dyn Sheet>>,
    /// What could not be done, each with its place in the panel.
    pub(crate) problems: Vec<String>,
}

/// A series of shaped data; without points for what has no course over time.
#[derive(Clone, Debug)]
pub(crate) struct ShapedSeries {
    pub head: SeriesHead,
    pub times: Times,
    pub values: Vec<f64>,
}

/// Tables to look into. Behind a trait, so that what they are made of is known to the shaper only.
pub trait Sheet: fmt::Debug + Send + Sync {
    /// A part of one table, as a [`TablePage`] in borsh's form.
    fn page(&self, wish: &TableWish) -> Vec<u8>;
}

/// Shapes `answers` as Grafana does. What cannot be done is told, and the data stay as they were before it.
#[must_use]
pub fn shape(answers: &Answers<'_>) -> Shaped {
    let Some(shaping) = &answers.spec.shaping else { return Shaped::default() };
    let mut problems = Vec::new();
    let tables = computed(answers, shaping, &mut problems);
    let tables = transformed(answers, shaping, tables, &mut problems);
    let fields = Fields::new(&shaping.overrides, &tables, &mut problems);
    let (series, sheet) = match &shaping.goal {
        Goal::Series => (series::of(answers, &tables, &fields, &mut problems), None),
        Goal::Values { fields: wanted, rows } => {
            let query_of = |table: &Table| series::query_of(answers, table);
            (values::of(&tables, &fields, &answers.spec.calcs, (wanted, *rows), &query_of), None)
        }
        Goal::Tables => sheet::of(tables, fields),
    };
    Shaped { series, sheet, problems }
}

/// The values that a stat and the like show of tables: the calcs of each field that counts, by Grafana's
/// `reduceOptions.fields`, or each of its first so many rows.
#[must_use]
pub fn values(tables: &[Table], calcs: &[Calc], wanted: &str, rows: Option<u32>) -> Vec<SeriesHead> {
    let fields = Fields::new("", tables, &mut Vec::new());
    values::of(tables, &fields, calcs, (wanted, rows), &|_| 0).into_iter().map(|series| series.head).collect()
}

/// The answers that are shown, and the results of expressions among them.
fn computed(answers: &Answers<'_>, shaping: &Shaping, problems: &mut Vec<String>) -> Vec<Table> {
    let expressions = list(&shaping.expressions);
    // Where Grafana computes expressions, on its server, the format of a query does not count.
    let mut tables = answers::tables(answers, expressions.is_empty());
    if !expressions.is_empty() {
        let parsed = expressions.iter().map(|json| {
            let ref_id = json.get("refId").and_then(Value::as_str).unwrap_or_default();
            Expression::parse(json, &format!("expression {ref_id}"))
        });
        let parsed: Result<Vec<Expression>, TransformError> = parsed.collect();
        match parsed.and_then(|parsed: Vec<Expression>| expression::evaluate(&parsed, &tables, answers.range)) {
            Ok(results) => tables.extend(results),
            Err(error) => problems.push(error.to_string()),
        }
    }
    let place = |ref_ids: &[String], table: &Table| {
        let ref_id = table.ref_id.as_deref().unwrap_or_default();
        ref_ids.iter().position(|known| *known == *ref_id)
    };
    tables.retain(|table| place(&shaping.hidden, table).is_none());
    if !expressions.is_empty() {
        tables.sort_by_key(|table| place(&shaping.shown, table));
    }
    tables
}

fn transformed(answers: &Answers<'_>, shaping: &Shaping, tables: Vec<Table>, problems: &mut Vec<String>) -> Vec<Table> {
    let json = list(&shaping.transformations);
    let mut steps = match Transformation::parse_all(&Value::Array(json)) {
        Ok(steps) => steps,
        Err(error) => {
            problems.push(error.to_string());
            return tables;
        }
    };
    for (index, step) in steps.iter_mut().enumerate() {
        step.is_disabled |= step.topic == Topic::Annotations;
        if let Some(id) = step.unknown().filter(|_| !step.is_disabled) {
            problems.push(format!("transformations[{index}]: “{id}” is not supported and changes nothing"));
        }
    }
    let scope = answers.around.scope.with(&answers.spec.local);
    let interpolate = |text: &str| scope.interpolate(text, "glob");
    let context = Context { interpolate: &interpolate, zone: answers.around.zone, zones: answers.around.zones };
    match transform::apply(&steps, tables.clone(), &context) {
        Ok(tables) => tables,
        Err(error) => {
            problems.push(format!("{error}. The data are shown as they are without transformations"));
            tables
        }
    }
}

/// The items of a JSON list; none where the text is empty, or is none.
fn list(text: &str) -> Vec<Value> {
    match json::parse(text) {
        Ok(Value::Array(items)) => items,
        _ => Vec::new(),
    }
}
