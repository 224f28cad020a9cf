//! What a query variable asks: `label_values(up, job)` and its kin.

use crate::interpolate::{Scope, Value, literal};
use crate::interval::interval_text;
use crate::variables::put_range_built_ins;
use borsh::{BorshDeserialize, BorshSerialize};
use frame::TimeRange;

/// A question to a data source whose answer becomes a variable's options. Its texts hold variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableQuery {
    /// `label_names()`: the names of all labels, or of those on metrics whose name matches.
    LabelNames {
        /// Part of the metric names, a pattern.
        metric_pattern: Option<String>,
    },
    /// `label_values(label)` or `label_values(selector, label)`.
    LabelValues {
        /// The label whose values are asked for.
        label: String,
        /// Of which series.
        selector: Option<String>,
    },
    /// `metrics(pattern)`: the metric names that match.
    Metrics {
        /// A pattern.
        pattern: String,
    },
    /// `query_result(expr)`: each series of the answer with its value, as text.
    QueryResult {
        /// A PromQL expression.
        expr: String,
    },
    /// A bare selector: the series it selects, as text.
    Series {
        /// The selector; empty asks nothing.
        selector: String,
    },
}

impl VariableQuery {
    /// Reads a query as Grafana does: what has no known form is a selector.
    ///
    /// ```
    /// use dashboard::variable_query::VariableQuery;
    /// assert_eq!(
    ///     VariableQuery::parse(r#"label_values(up{a="x, y"}, job)"#),
    ///     VariableQuery::LabelValues { label: "job".into(), selector: Some(r#"up{a="x, y"}"#.into()) },
    /// );
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let call = |function: &str| {
            let inner = text.trim_end().strip_prefix(function)?.strip_suffix(')')?;
            Some(inner)
        };
        if let Some(pattern) = call("label_names(") {
            return Self::LabelNames { metric_pattern: (!pattern.is_empty()).then(|| pattern.to_owned()) };
        }
        if let Some(arguments) = call("label_values(").filter(|arguments| !arguments.is_empty()) {
            return label_values(arguments);
        }
        if let Some(pattern) = call("metrics(") {
            return Self::Metrics { pattern: pattern.to_owned() };
        }
        if let Some(expr) = call("query_result(") {
            return Self::QueryResult { expr: expr.to_owned() };
        }
        let selector = if text.trim() == "label_values()" { "" } else { text };
        Self::Series { selector: selector.to_owned() }
    }

    /// What the data source is asked for; none for nothing.
    #[must_use]
    pub fn texts(&self, scope: &Scope) -> Option<Texts> {
        let named = |pattern: String| format!("{{__name__=~{}}}", literal(&pattern));
        let some = |text: &str| Some(scope.promql(text)).filter(|text| !text.trim().is_empty());
        Some(match self {
            Self::LabelValues { label, selector } => Texts::LabelValues {
                label: scope.promql(label),
                matcher: selector.as_ref().map(|selector| scope.promql(selector)),
            },
            // Part of a name is enough here, as in Grafana.
            Self::LabelNames { metric_pattern } => Texts::LabelNames {
                matcher: metric_pattern.as_deref().map(|part| named(format!(".*{}.*", scope.promql(part)))),
            },
            Self::Metrics { pattern } => {
                Texts::LabelValues { label: "__name__".to_owned(), matcher: Some(named(some(pattern)?)) }
            }
            Self::QueryResult { expr } => Texts::Result { expr: some(expr)? },
            Self::Series { selector } => Texts::Series { matcher: some(selector)? },
        })
    }
}

/// What texts a data source is asked for.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Texts {
    /// The values of a label, of the series that match.
    LabelValues {
        /// The label.
        label: String,
        /// A selector.
        matcher: Option<String>,
    },
    /// The names of labels, of the series that match.
    LabelNames {
        /// A selector.
        matcher: Option<String>,
    },
    /// The series of an instant query, each with its value.
    Result {
        /// The query.
        expr: String,
    },
    /// The series that match.
    Series {
        /// A selector.
        matcher: String,
    },
}

/// The variables that the query of a variable may use: those of the dashboard, the range and its length, and
/// as `$__interval` how often the data source scrapes.
#[must_use]
pub fn with_built_ins(scope: &Scope, range: TimeRange, scrape_interval_millis: i64) -> Scope {
    let mut scope = scope.clone();
    put_range_built_ins(&mut scope, range);
    scope.set("__interval", Value::One(interval_text(scrape_interval_millis)));
    scope.set("__interval_ms", Value::One(scrape_interval_millis.to_string()));
    scope
}

/// The label comes last; the selector before it may hold commas of its own.
fn label_values(arguments: &str) -> VariableQuery {
    let (selector, label) = match arguments.rsplit_once(',') {
        Some((selector, label)) => (Some(selector.trim()), label),
        None => (None, arguments),
    };
    let label = label.trim().trim_matches('"').to_owned();
    let selector = selector.filter(|selector| !matches!(*selector, "" | "{}"));
    VariableQuery::LabelValues { label, selector: selector.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_stands_in_queries() {
        let check = |text: &str, expected: &str| {
            let scope = with_built_ins(&Scope::default(), TimeRange::new(1_000, 61_400), 15_000);
            assert_eq!(VariableQuery::parse(text).texts(&scope), Some(Texts::Result { expr: expected.to_owned() }));
        };
        check("query_result(x @ ${__to:date:seconds})", "x @ 61");
        check("query_result(x[$__range] offset ${__range_ms}ms)", "x[60s] offset 60400ms");
        check("query_result(rate(x[$__interval]) > $__from)", "rate(x[15s]) > 1000");
    }
}
