//! Variables of a dashboard together: which mention which, and what they put into a scope.

use crate::interpolate::{Caption, Scope, Value, references};
use crate::interval::{calculate_interval, interval_text, parse_interval};
use crate::model::{Selection, SourceRef, Variable, VariableKind, VariableOption};
use crate::variable_query::VariableQuery;
use frame::TimeRange;

/// The value of an interval variable that follows the time range.
pub const AUTO_INTERVAL: &str = "$__auto";

/// What a value of an interval variable is called now: older files and links name the variable in it,
/// `$__auto_interval_step`.
pub(crate) fn without_own_name(value: &str) -> &str {
    if value.starts_with(AUTO_INTERVAL) { AUTO_INTERVAL } else { value }
}

/// Puts the range of queries and its length into `scope`.
pub fn put_range_built_ins(scope: &mut Scope, range: TimeRange) {
    let millis = range.millis();
    let secs = millis.saturating_add(500) / 1_000;
    for (name, value) in [
        ("__range", format!("{secs}s")),
        ("__range_s", secs.to_string()),
        ("__range_ms", millis.to_string()),
        ("__from", range.start.0.to_string()),
        ("__to", range.end.0.to_string()),
    ] {
        scope.set(name, Value::One(value));
    }
}

/// The indices of the variables that `variable`'s own definition mentions.
#[must_use]
pub fn dependencies(variable: &Variable, variables: &[Variable]) -> Vec<usize> {
    /// How many mentions in one text are looked at.
    const MAX_MENTIONS: usize = 1_000;
    let mut found = Vec::new();
    let mut mention = |text: &str| {
        for name in references(text).take(MAX_MENTIONS) {
            if let Some(index) = variables.iter().position(|other| other.name == name)
                && !found.contains(&index)
            {
                found.push(index);
            }
        }
    };
    mention(variable.all_value.as_deref().unwrap_or_default());
    match &variable.kind {
        VariableKind::Query { datasource, query, regex, .. } => {
            mention_source(datasource, &mut mention);
            mention_query(query, &mut mention);
            mention(regex);
        }
        VariableKind::DataSource { regex, .. } => mention(regex),
        VariableKind::AdHoc { datasource, .. } => mention_source(datasource, &mut mention),
        _ => variable.options.iter().for_each(|option| mention(&option.value)),
    }
    found
}

fn mention_source(source: &SourceRef, mention: &mut impl FnMut(&str)) {
    if let SourceRef::Named { reference, .. } = source {
        mention(reference);
    }
}

fn mention_query(query: &VariableQuery, mention: &mut impl FnMut(&str)) {
    match query {
        VariableQuery::LabelNames { metric_pattern } => mention(metric_pattern.as_deref().unwrap_or_default()),
        VariableQuery::LabelValues { label, selector } => {
            mention(label);
            mention(selector.as_deref().unwrap_or_default());
        }
        VariableQuery::Metrics { pattern: text }
        | VariableQuery::QueryResult { expr: text }
        | VariableQuery::Series { selector: text } => mention(text),
    }
}

/// Puts what is chosen of a variable into `scope`.
///
/// "All" becomes the variable's own text for it, or every option. A variable that can have several values always puts a
/// list, so that queries quote it for a regular expression.
pub fn put(scope: &mut Scope, variable: &Variable, options: &[VariableOption], chosen: &Selection, range_millis: i64) {
    let name = &variable.name;
    if chosen.is_all() && variable.include_all {
        let value = match &variable.all_value {
            Some(text) => Value::Verbatim(scope.interpolate(text, "raw")),
            None => Value::Many(options.iter().map(|option| option.value.clone()).collect()),
        };
        scope.set_captioned(name, value, Caption::All);
        return;
    }
    let mut values = chosen.values.clone();
    if let VariableKind::Interval { auto: Some(auto) } = &variable.kind {
        let step = calculate_interval(range_millis, f64::from(auto.steps), parse_interval(&auto.min));
        for value in values.iter_mut().filter(|value| value.as_str() == AUTO_INTERVAL) {
            *value = interval_text(step);
        }
    }
    let labels = if chosen.labels.len() == values.len() { chosen.labels.clone() } else { values.clone() };
    let value = if variable.multi || variable.include_all {
        Value::Many(values.into())
    } else {
        Value::One(values.into_iter().next().unwrap_or_default())
    };
    scope.set_captioned(name, value, Caption::Each(labels.into()));
}
