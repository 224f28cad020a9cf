//! Variables of a dashboard together: in which order they are resolved, and what they put into a scope.

use crate::interpolate::{Caption, Scope, Value, references};
use crate::interval::{calculate_interval, interval_text, parse_interval};
use crate::model::{Selection, SourceRef, Variable, VariableKind, VariableOption};
use crate::variable_query::VariableQuery;

/// The value of an interval variable that follows the time range.
pub const AUTO_INTERVAL: &str = "$__auto";

/// The order in which variables can be resolved, as indices, and those that wait for each other in a circle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolutionOrder {
    /// Each stands behind all it depends on.
    pub order: Vec<usize>,
    /// These depend on each other, or on such; they cannot be resolved.
    pub cyclic: Vec<usize>,
}

impl ResolutionOrder {
    /// The order in groups: the variables of each can be asked for at once when those before it are resolved.
    #[must_use]
    pub fn groups(&self, variables: &[Variable]) -> Vec<Vec<usize>> {
        let mut depths = vec![0; variables.len()];
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for &index in &self.order {
            let Some(variable) = variables.get(index) else { continue };
            let below = dependencies(variable, variables).into_iter().filter_map(|needed| depths.get(needed).copied());
            let depth = below.map(|depth: usize| depth + 1).max().unwrap_or(0);
            if let Some(slot) = depths.get_mut(index) {
                *slot = depth;
            }
            if groups.len() <= depth {
                groups.resize_with(depth + 1, Vec::new);
            }
            groups[depth].push(index);
        }
        groups
    }
}

/// Sorts `variables` so that each comes after those its query mentions; otherwise they stay in order.
#[must_use]
pub fn resolution_order(variables: &[Variable]) -> ResolutionOrder {
    let depends_on: Vec<Vec<usize>> = variables.iter().map(|variable| dependencies(variable, variables)).collect();
    let mut done = vec![false; variables.len()];
    let mut result = ResolutionOrder::default();
    // Each pass resolves at least one variable or ends the search: dashboards have dozens, not thousands.
    loop {
        let ready = depends_on.iter().enumerate().position(|(index, needed)| {
            let is_done = |index: &usize| done.get(*index).copied().unwrap_or(true);
            !is_done(&index) && needed.iter().all(is_done)
        });
        let Some(index) = ready else { break };
        if let Some(slot) = done.get_mut(index) {
            *slot = true;
        }
        result.order.push(index);
    }
    result.cyclic = done.iter().enumerate().filter(|(_, done)| !**done).map(|(index, _)| index).collect();
    result
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
        Value::Many(values)
    } else {
        Value::One(values.into_iter().next().unwrap_or_default())
    };
    scope.set_captioned(name, value, Caption::Each(labels));
}

/// A scope of the values saved in the dashboard, for those variables that need no data source: a first picture before
/// any query has answered.
#[must_use]
pub fn saved_scope(variables: &[Variable], range_millis: i64) -> Scope {
    let mut scope = Scope::default();
    for variable in variables {
        let chosen = match variable.options.first() {
            Some(first)
                if variable.current.values.is_empty() && !matches!(variable.kind, VariableKind::Query { .. }) =>
            {
                Selection { values: vec![first.value.clone()], labels: vec![first.label.clone()] }
            }
            _ => variable.current.clone(),
        };
        put(&mut scope, variable, &variable.options, &chosen, range_millis);
    }
    scope
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_asked_for_at_once() {
        let check = |queries: &[(&str, &str)], expected: &[&[usize]]| {
            let variable = |(name, query): &(&str, &str)| {
                let kind = VariableKind::Query {
                    datasource: SourceRef::Default,
                    query: VariableQuery::parse(query),
                    regex: String::new(),
                    sort: Default::default(),
                    refresh: Default::default(),
                };
                Variable::new(*name, kind)
            };
            let variables: Vec<Variable> = queries.iter().map(variable).collect();
            assert_eq!(resolution_order(&variables).groups(&variables), expected, "{queries:?}");
        };
        check(&[], &[]);
        check(&[("a", "metrics(x)"), ("b", "metrics(y)")], &[&[0, 1]]);
        check(&[("a", "metrics($c)"), ("b", "metrics(x)"), ("c", "metrics($b)")], &[&[1], &[2], &[0]]);
        check(&[("a", "metrics($b)"), ("b", "metrics($a)"), ("c", "metrics(x)")], &[&[2]]);
    }
}
