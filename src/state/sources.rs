//! Who answers a query: a configured data source, another panel, or nobody.

use config::{Config, DataSource};
use dashboard::interpolate::Scope;
use dashboard::model::{Panel, SourceRef, Target};
use engine::QuerySource;

/// Who answers `target`, where the panel's own data source is the default one.
pub fn source_of(panel: &Panel, target: &Target, scope: &Scope, config: &Config) -> QuerySource {
    match panel.source_of(target) {
        SourceRef::Internal(name) if name == SourceRef::DASHBOARD => match target.panel {
            Some(shown) => QuerySource::Panel(shown.to_string().into()),
            None => QuerySource::Nobody("shows another panel's result, but says not which panel's".to_owned()),
        },
        // Its inputs are other queries of the panel.
        SourceRef::Internal(name) if name == SourceRef::EXPRESSION => QuerySource::OfPanel,
        SourceRef::Internal(_) => QuerySource::Nobody("is answered by Grafana itself".to_owned()),
        SourceRef::Named { kind, .. } if !SourceRef::is_promql(kind) => {
            QuerySource::Nobody(format!("is for a data source of type {kind}; only Prometheus is asked"))
        }
        SourceRef::Default | SourceRef::Mixed => QuerySource::OfPanel,
        named @ SourceRef::Named { .. } => {
            let reference = named.resolve(scope).unwrap_or_default();
            match config.data_source(&reference) {
                Some(source) => QuerySource::Uid(source.uid.clone()),
                None if is_any(&reference) || stands_in(panel, config) => QuerySource::OfPanel,
                None => QuerySource::Nobody(format!("config.json names no data source “{reference}”")),
            }
        }
    }
}

/// Who answers the queries of `panel`, in words, where all of them are for somebody whom only Grafana asks.
pub fn foreign(panel: &Panel) -> Option<String> {
    let shown = panel.targets.iter().filter(|target| !target.hide);
    let mut others = shown.map(|target| panel.source_of(target).foreign());
    let first = others.next()??;
    others.all(|other| other.is_some()).then_some(first)
}

/// The uid of the data source that answers where none is named.
pub fn default_uid(config: &Config) -> String {
    config.default_source().map(|source: &DataSource| source.uid.clone()).unwrap_or_default()
}

/// Whether a reference leaves the choice open: the default one, or a variable without a value.
fn is_any(reference: &str) -> bool {
    reference.is_empty() || reference == "default" || reference.starts_with('$')
}

/// Dashboards from elsewhere name data sources of elsewhere. Where there is only one it is the one that is meant, but
/// not for a panel that tells several apart.
fn stands_in(panel: &Panel, config: &Config) -> bool {
    config.data_sources.len() == 1 && panel.datasource != SourceRef::Mixed
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::interpolate::Value;

    const ONE: &[&str] = &["a"];
    const TWO: &[&str] = &["a", "b"];

    /// `panel` and `target` are the two's data sources as JSON.
    fn check(sources: &[&str], panel: &str, target: &str, expected: &str) {
        let text = format!(
            r#"{{"title": "t", "schemaVersion": 39, "panels": [{{"id": 1, "type": "timeseries", "datasource": {panel},
                "targets": [{{"refId": "A", "expr": "up", "panelId": 7, "datasource": {target}}}]}}]}}"#
        );
        let document = dashboard::import::parse(&text).expect("a dashboard");
        let imported = dashboard::import::read_with(document, dashboard::Patterns::NONE).dashboard;
        let panel = &imported.panels[0];
        let mut scope = Scope::default();
        scope.set("ds", Value::One("b".into()));
        let data_sources = sources.iter().map(|uid| DataSource::new(*uid, format!("Source {uid}"), "/")).collect();
        let config = Config { data_sources, ..Config::default() };
        let answer = match source_of(panel, &panel.targets[0], &scope, &config) {
            QuerySource::OfPanel => "default".to_owned(),
            QuerySource::Uid(uid) => uid,
            QuerySource::Panel(id) => format!("panel {id}"),
            QuerySource::Nobody(reason) => reason,
        };
        assert_eq!(answer, expected, "{sources:?}, {panel:?}, {target}");
    }

    #[test]
    fn a_panel_may_ask_nobody_here() {
        let check = |panel: &str, targets: &[&str], expected: Option<&str>| {
            let targets: Vec<String> = targets.iter().map(|target| format!(r#"{{"expr": "x", {target}}}"#)).collect();
            let text = format!(
                r#"{{"schemaVersion": 39, "panels": [{{"type": "stat", "datasource": {panel}, "targets": [{}]}}]}}"#,
                targets.join(",")
            );
            let document = dashboard::import::parse(&text).expect("a dashboard");
            let imported = dashboard::import::read_with(document, dashboard::Patterns::NONE).dashboard;
            assert_eq!(foreign(&imported.panels[0]).as_deref(), expected, "{text}");
        };
        let (loki, own) = (r#"{"type": "loki", "uid": "l"}"#, r#""datasource": null"#);
        let of_loki = format!(r#""datasource": {loki}"#);
        check(loki, &[own], Some("a data source of type loki"));
        check("null", &[own], None);
        check("null", &[&of_loki], Some("a data source of type loki"));
        let prometheus = r#""datasource": {"type": "prometheus", "uid": "p"}"#;
        check(loki, &[own, prometheus], Some("a data source of type loki"));
        check(r#""-- Mixed --""#, &[&of_loki, prometheus], None);
        let hidden = format!(r#""hide": true, {prometheus}"#);
        check(r#""-- Mixed --""#, &[&of_loki, &hidden], Some("a data source of type loki"));
        check(loki, &[], None);
        check(r#"{"type": "datasource", "uid": "grafana"}"#, &[own], Some("Grafana itself"));
        check(r#""-- Dashboard --""#, &[own], None);
    }

    #[test]
    fn each_query_finds_who_answers_it() {
        let mixed = r#"{"uid": "-- Mixed --"}"#;
        check(TWO, "null", "null", "default");
        check(TWO, r#"{"uid": "b"}"#, "null", "b");
        check(TWO, r#"{"uid": "a"}"#, r#"{"uid": "b"}"#, "a");
        check(TWO, "null", r#"{"uid": "b"}"#, "b");
        check(TWO, mixed, r#"{"type": "prometheus", "uid": "b"}"#, "b");
        check(TWO, mixed, r#""Source b""#, "b");
        check(TWO, mixed, "null", "default");
        check(TWO, r#"{"uid": "$ds"}"#, "null", "b");
        check(TWO, r#"{"uid": "${unknown}"}"#, "null", "default");
        check(TWO, r#"{"uid": "default"}"#, "null", "default");
    }

    #[test]
    fn a_panel_may_show_another_ones_result() {
        check(ONE, r#"{"uid": "-- Dashboard --"}"#, "null", "panel 7");
        check(ONE, r#"{"uid": "-- Mixed --"}"#, r#"{"type": "datasource", "uid": "-- Dashboard --"}"#, "panel 7");
    }

    #[test]
    fn the_only_data_source_stands_in_for_one_of_elsewhere() {
        let elsewhere = r#"{"type": "prometheus", "uid": "elsewhere"}"#;
        let unknown = "config.json names no data source “elsewhere”";
        check(ONE, elsewhere, "null", "default");
        check(TWO, elsewhere, "null", unknown);
        check(ONE, r#"{"uid": "-- Mixed --"}"#, elsewhere, unknown);
    }

    #[test]
    fn other_types_say_so() {
        let loki = r#"{"type": "loki", "uid": "a"}"#;
        check(ONE, loki, "null", "is for a data source of type loki; only Prometheus is asked");
        check(ONE, r#"{"type": "grafana-amazonprometheus-datasource", "uid": "x"}"#, "null", "default");
        check(ONE, r#"{"uid": "-- Grafana --"}"#, "null", "is answered by Grafana itself");
    }
}
