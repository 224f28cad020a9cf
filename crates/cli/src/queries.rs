//! What is wrong with a dashboard's queries.

use crate::report::Finding;
use dashboard::Imported;
use dashboard::interpolate::{Scope, Value};
use dashboard::model::{Panel, SourceRef, Target};
use dashboard::resolution::{Wanted, without_asking};
use frame::{Millis, TimeRange};
use promql::{Diagnostic, Severity};

const HOUR_MILLIS: i64 = 3_600_000;
/// What Grafana fills in, for a range of an hour.
const BUILT_IN: &[(&str, &str)] = &[
    ("__from", "1700000000000"),
    ("__interval", "15s"),
    ("__interval_ms", "15000"),
    ("__range", "3600s"),
    ("__range_ms", "3600000"),
    ("__range_s", "3600"),
    ("__rate_interval", "1m"),
    ("__to", "1700003600000"),
];

/// The errors of all queries for Prometheus, variables filled in with what the file says is chosen.
pub fn errors(Imported { dashboard, origins, .. }: &Imported) -> Vec<Finding> {
    let wanted = Wanted { asked: Vec::new(), range: Some(TimeRange::new(0, HOUR_MILLIS)), now: Millis(HOUR_MILLIS) };
    let mut scope = without_asking(&dashboard.variables, wanted).scope;
    for (name, value) in BUILT_IN {
        scope.set(name, Value::One((*value).to_owned()));
    }
    let mut found = Vec::new();
    for panel in &dashboard.panels {
        for (index, target) in panel.targets.iter().enumerate().filter(|(_, target)| is_promql(target, panel)) {
            let path = || origins.path_of(&format!("{}/targets/{index}/expr", panel.json_pointer));
            found.extend(error_of(&target.expr, &scope).map(|what| Finding { path: path(), what }));
        }
    }
    found
}

/// Whether a query is asked of a Prometheus. What names no kind of data source is taken for one.
fn is_promql(target: &Target, panel: &Panel) -> bool {
    let is_of_one = match panel.source_of(target) {
        SourceRef::Default | SourceRef::Mixed => true,
        SourceRef::Internal(_) => false,
        SourceRef::Named { kind, .. } => SourceRef::is_promql(kind),
    };
    is_of_one && !target.expr.trim().is_empty()
}

/// The first error of a query, with the place in its text.
fn error_of(expr: &str, scope: &Scope) -> Option<String> {
    let filled = scope.promql(expr);
    let error = |text: &str| promql::check::mistakes(text).into_iter().find(|found| found.severity == Severity::Error);
    let found = error(&filled)?;
    // A value that the file happens to have saved can break a query that is right.
    if filled != expr && error(expr).is_none() {
        return None;
    }
    let Diagnostic { span, message, .. } = found;
    let before = filled.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some(if line == 1 {
        format!("column {column}: {message}")
    } else {
        format!("line {line}, column {column}: {message}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` is how what is found begins, if anything is.
    fn check(variables: &str, source: &str, expr: &str, expected: Option<&str>) {
        let text = format!(
            r#"{{"schemaVersion": 41, "templating": {{"list": [{variables}]}}, "panels": [
                {{"type": "timeseries", "datasource": {source}, "targets": [{{"expr": "{expr}"}}]}}]}}"#
        );
        let found = errors(&dashboard::import(&text).unwrap());
        let begins = |expected: &str| found.first().is_some_and(|finding| finding.what.starts_with(expected));
        assert!(expected.map_or(found.is_empty(), begins), "{expr}: {found:?}");
    }

    #[test]
    fn queries_are_checked_with_their_variables_filled_in() {
        let custom = |value: &str| {
            format!(
                r#"{{"name": "a", "type": "custom", "query": "x", "current": {{"text": "x", "value": "{value}"}}}}"#
            )
        };
        check("", "null", "rate(up[$__rate_interval])", None);
        check("", "null", "sum(up", Some("column "));
        check("", "null", "up +\\nsum(up", Some("line 2, column "));
        check(&custom("up"), "null", "sum($a)", None);
        // A value that happens to be saved is not the query's fault.
        check(&custom("("), "null", "sum($a)", None);
        check("", "null", "", None);
    }

    #[test]
    fn queries_of_other_data_sources_are_not_checked() {
        let loki = r#"{"name": "logs", "type": "datasource", "query": "loki"}"#;
        let of = |source: &str, is_checked: bool| {
            check(loki, source, "sum(up", is_checked.then_some("column "));
        };
        of("null", true);
        of(r#""Prometheus""#, true);
        of(r#"{"type": "prometheus", "uid": "a"}"#, true);
        of(r#"{"type": "loki", "uid": "a"}"#, false);
        of(r#""$logs""#, false);
        of(r#"{"uid": "${logs}"}"#, false);
        of(r#"{"type": "datasource", "uid": "-- Dashboard --"}"#, false);
    }
}
