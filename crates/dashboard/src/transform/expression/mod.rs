//! Expressions: queries on the answers of other queries (`__expr__`), which Grafana computes on its server and this here.
//! Math, reduce and resample, as Grafana's documentation describes them.

mod item;
mod math;
mod parse;
mod resample;

use super::options::Options;
use super::table::Table;
use super::{TransformError, check_size};
use frame::{TimeRange, is_gap};
use item::{Data, Item};
use math::Node;
use resample::Resample;
use serde_json::Value;
use std::sync::Arc;

/// A query on the answers of others.
#[derive(Clone, Debug)]
pub struct Expression {
    /// Its own name.
    pub ref_id: Arc<str>,
    kind: Kind,
    path: Arc<str>,
}

#[derive(Clone, Debug)]
enum Kind {
    Math(Node),
    Reduce { input: Arc<str>, reducer: Reducer, other_values: OtherValues },
    Resample(Resample),
}

/// How a series becomes a number.
#[derive(Clone, Copy, Debug)]
enum Reducer {
    Sum,
    Mean,
    Min,
    Max,
    Count,
    Last,
    Median,
}

/// What becomes of values that are missing or no numbers.
#[derive(Clone, Copy, Debug)]
enum OtherValues {
    /// One of them makes the result none.
    Strict,
    /// They do not count.
    Drop,
    /// They count as this.
    Replace(f64),
}

impl Expression {
    /// Reads a query of Grafana's JSON, which stands at `path`.
    ///
    /// # Errors
    /// A formula that cannot be read, or a kind of expression other than math, reduce and resample.
    pub fn parse(json: &Value, path: &str) -> Result<Self, TransformError> {
        let query = Options::new(json, path);
        let formula = query.str("expression").unwrap_or_default();
        let input = || Arc::from(formula.trim().trim_start_matches("${").trim_start_matches('$').trim_end_matches('}'));
        let kind = match query.str("type").unwrap_or_default() {
            "math" => Kind::Math(parse::parse(formula).map_err(|message| query.get("expression").error(message))?),
            "reduce" => Kind::Reduce {
                input: input(),
                reducer: Reducer::read(&query)?,
                other_values: OtherValues::read(&query.get("settings")),
            },
            "resample" => Kind::Resample(Resample::read(&query, input())?),
            other => return Err(query.error(format!("expressions of the type `{other}` are not supported"))),
        };
        Ok(Self { ref_id: query.text("refId").unwrap_or_default(), kind, path: path.into() })
    }

    /// The queries it needs.
    #[must_use]
    pub fn inputs(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Math(node) => node.inputs(),
            Kind::Reduce { input, .. } => vec![input],
            Kind::Resample(resample) => vec![&resample.input],
        }
    }

    fn evaluate(&self, known: &[(Arc<str>, Vec<Item>)], range: TimeRange) -> Result<Vec<Item>, TransformError> {
        let of = |ref_id: &str| known.iter().find(|(known, _)| **known == *ref_id).map_or(&[][..], |(_, items)| items);
        match &self.kind {
            Kind::Math(node) => node.evaluate(&of),
            Kind::Reduce { input, reducer, other_values } => {
                Ok(of(input).iter().map(|item| reducer.of(item, *other_values)).collect())
            }
            Kind::Resample(resample) => resample.apply(of(&resample.input), range),
        }
        .map_err(|error: TransformError| TransformError { path: self.path.to_string(), ..error })
    }
}

/// The results of all expressions, in their order. `answers` are those of the other queries, an empty table of one without
/// series.
///
/// # Errors
/// An expression that needs a query that is not there, or itself.
pub fn evaluate(expressions: &[Expression], answers: &[Table], range: TimeRange) -> Result<Vec<Table>, TransformError> {
    let mut known: Vec<(Arc<str>, Vec<Item>)> = Vec::new();
    for table in answers {
        let Some(ref_id) = &table.ref_id else { continue };
        match known.iter_mut().find(|(known, _)| known == ref_id) {
            Some((_, items)) => items.extend(Item::of_table(table)),
            None => known.push((ref_id.clone(), Item::of_table(table))),
        }
    }
    let mut waiting: Vec<&Expression> = expressions.iter().collect();
    while let Some(first) = waiting.first() {
        let is_known =
            |known: &[(Arc<str>, Vec<Item>)], ref_id: &str| known.iter().any(|(known, _)| **known == *ref_id);
        let Some(next) =
            waiting.iter().position(|expression| expression.inputs().iter().all(|id| is_known(&known, id)))
        else {
            return Err(stuck(first, &waiting, &known));
        };
        let expression = waiting.remove(next);
        let items = expression.evaluate(&known, range)?;
        check_size(items.iter().map(Item::len).sum(), 1)?;
        known.push((expression.ref_id.clone(), items));
    }
    let results = expressions.iter().flat_map(|expression| {
        let items = known.iter().rev().find(|(known, _)| *known == expression.ref_id);
        items.into_iter().flat_map(|(ref_id, items)| items.iter().map(|item| item.to_table(ref_id)))
    });
    Ok(results.collect())
}

/// Why nothing of what is waiting can be computed, not even the `first`.
fn stuck(first: &Expression, waiting: &[&Expression], known: &[(Arc<str>, Vec<Item>)]) -> TransformError {
    let is_there = |id: &str| {
        known.iter().any(|(known, _)| **known == *id) || waiting.iter().any(|expression| *expression.ref_id == *id)
    };
    let missing = waiting.iter().find_map(|expression| {
        let id = expression.inputs().into_iter().find(|id| !is_there(id))?;
        Some((*expression, format!("there is no query {id}")))
    });
    let needs_itself = || (first, format!("the expression {} needs its own result", first.ref_id));
    let (expression, message) = missing.unwrap_or_else(needs_itself);
    TransformError { path: expression.path.to_string(), message }
}

impl Reducer {
    fn read(query: &Options) -> Result<Self, TransformError> {
        Ok(match query.str("reducer").unwrap_or("mean") {
            "sum" => Self::Sum,
            "mean" => Self::Mean,
            "min" => Self::Min,
            "max" => Self::Max,
            "count" => Self::Count,
            "last" => Self::Last,
            "median" => Self::Median,
            other => return Err(query.get("reducer").error(format!("there is no reducer `{other}`"))),
        })
    }

    fn of(self, item: &Item, other_values: OtherValues) -> Item {
        let value = match &item.data {
            Data::Number(number) => *number,
            Data::Series { values, .. } => other_values.reduce(self, values),
        };
        Item { labels: item.labels.clone(), data: Data::Number(value) }
    }

    fn of_values(self, values: &[f64]) -> f64 {
        let is_broken = values.iter().any(|value| value.is_nan());
        match self {
            Self::Count => values.len() as f64,
            Self::Sum if values.is_empty() => 0.0,
            Self::Last => values.last().copied().unwrap_or(f64::NAN),
            _ if is_broken || values.is_empty() => f64::NAN,
            Self::Sum => values.iter().sum(),
            Self::Mean => values.iter().sum::<f64>() / values.len() as f64,
            Self::Min => values.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Median => median(values),
        }
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    if sorted.len() % 2 == 1 { at(middle) } else { (at(middle.wrapping_sub(1)) + at(middle)) / 2.0 }
}

impl OtherValues {
    fn read(settings: &Options) -> Self {
        match settings.str("mode") {
            Some("dropNN") => Self::Drop,
            Some("replaceNN") => Self::Replace(settings.number("replaceWithValue").unwrap_or(0.0)),
            _ => Self::Strict,
        }
    }

    fn reduce(self, reducer: Reducer, values: &[f64]) -> f64 {
        match self {
            Self::Strict => reducer.of_values(values),
            Self::Drop => {
                let numbers: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
                let value = reducer.of_values(&numbers);
                // Nothing left is no value rather than no number.
                if value.is_nan() { frame::GAP } else { value }
            }
            Self::Replace(with) => {
                let replaced: Vec<f64> =
                    values.iter().map(|value| if value.is_finite() { *value } else { with }).collect();
                let value = reducer.of_values(&replaced);
                if value.is_nan() || is_gap(value) { with } else { value }
            }
        }
    }
}
