//! What a query variable asks: `label_values(up, job)` and its kin.

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
