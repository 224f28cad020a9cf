//! What of a dashboard is supported.

use crate::queries;
use crate::report::{Finding, Report};
use dashboard::model::Panel;
use dashboard::transform::Transformation;
use dashboard::{Imported, Note, NoteKind};
use std::path::Path;

/// Looks at the dashboard in `file`.
pub fn lint_file(file: &Path) -> Report {
    let mut report = match std::fs::read(file) {
        // What is not UTF-8 is told as what it is read as.
        Ok(bytes) => lint(&String::from_utf8_lossy(&bytes)),
        Err(error) => Report { error: Some(format!("cannot be read: {error}")), ..Report::default() },
    };
    report.file = file.display().to_string();
    report
}

fn lint(text: &str) -> Report {
    let imported = match dashboard::import(text) {
        Ok(imported) => imported,
        Err(error) => return Report { error: Some(error.to_string()), ..Report::default() },
    };
    let mut report = Report { promql_errors: queries::errors(&imported), ..Report::default() };
    check_transformations(&imported, &mut report);
    let undrawn = dashboard::undrawn::paths(&imported).into_iter();
    report
        .partly
        .extend(undrawn.map(|path| Finding { path, what: "is kept, and nothing is drawn by it yet".to_owned() }));
    count_panels(&imported, &mut report);
    for Note { path, what, kind } in imported.notes {
        let findings = if kind == NoteKind::Unsupported { &mut report.unsupported } else { &mut report.partly };
        findings.push(Finding { path, what });
    }
    report
}

/// The importer leaves transformations to what applies them.
fn check_transformations(imported: &Imported, report: &mut Report) {
    for panel in &imported.dashboard.panels {
        let json = imported.dashboard.panel_json(panel);
        let steps = json.and_then(|json| json.get("transformations")?.as_array());
        for (index, step) in steps.into_iter().flatten().enumerate() {
            let path = imported.origins.path_of(&format!("{}/transformations/{index}", panel.json_pointer));
            match Transformation::parse(step, &path) {
                Ok(step) => report.unsupported.extend(
                    step.unknown()
                        .map(|id| Finding { path, what: format!("the transformation \"{id}\" is not supported") }),
                ),
                Err(error) => report.partly.push(Finding { path: error.path, what: error.message }),
            }
        }
    }
}

fn count_panels(imported: &Imported, report: &mut Report) {
    let notes = imported.notes.iter().map(|note| note.path.as_str());
    let findings = report.partly.iter().chain(&report.unsupported).map(|finding| finding.path.as_str());
    let paths: Vec<&str> = notes.chain(findings).collect();
    let is_all_told = imported.notes.iter().all(|note| note.kind != NoteKind::More);
    for panel in imported.dashboard.panels.iter().filter(|panel| !panel.is_row()) {
        report.panels += 1;
        report.supported += usize::from(is_all_told && !paths.iter().any(|path| is_inside(path, panel)));
    }
}

/// Whether a place is in the panel.
fn is_inside(path: &str, panel: &Panel) -> bool {
    path.strip_prefix(&panel.path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.path.as_str()).collect()
    }

    #[test]
    fn a_panel_is_supported_if_all_of_it_is() {
        let report = lint(
            r#"{"schemaVersion": 39, "panels": [
                {"type": "timeseries", "targets": [{"expr": "up"}]},
                {"type": "timeseries", "targets": [{"expr": "sum(up"}], "options": {"annotations": {"multiLane": true}}},
                {"type": "geomap"},
                {"type": "row"},
                {"type": "table", "transformations": [{"id": "organize", "options": {}}, {"id": "regression", "options": {}}]}
            ]}"#,
        );
        assert_eq!((report.panels, report.supported), (4, 1));
        assert_eq!(paths(&report.partly), ["panels[1].options.annotations.multiLane"]);
        assert_eq!(paths(&report.unsupported), ["panels[4].transformations[1]", "panels[2]"]);
        assert_eq!(paths(&report.promql_errors), ["panels[1].targets[0].expr"]);
        assert!(!report.is_fine());
    }

    #[test]
    fn where_not_all_is_told_nothing_counts_as_supported() {
        let options: String = (0..21_000).map(|number| format!(r#""odd{number}": 1, "#)).collect();
        let report = lint(&format!(
            r#"{{"schemaVersion": 39, "panels": [{{{options} "type": "timeseries"}}, {{"type": "timeseries"}}]}}"#
        ));
        assert_eq!((report.panels, report.supported), (2, 0));
        let last = report.partly.last().map(ToString::to_string);
        assert_eq!(last.as_deref(), Some("there is more to say than 20000 notes, which is left out"));
    }

    #[test]
    fn paths_are_those_of_the_file() {
        let query = r#"{"kind": "PanelQuery", "spec": {"query": {"kind": "prometheus", "spec": {"expr": "sum("}}}}"#;
        let panel = format!(
            r#"{{"id": 1, "vizConfig": {{"kind": "stat", "spec": {{}}}}, "data": {{"spec": {{"queries": [{query}]}}}}}}"#
        );
        let item = r#"{"kind": "GridLayoutItem", "spec": {"element": {"name": "a"}, "width": 6, "height": 6}}"#;
        let report = lint(&format!(
            r#"{{"elements": {{"a": {{"kind": "Panel", "spec": {panel}}}}}, "layout": {{"kind": "GridLayout", "spec": {{"items": [{item}]}}}}}}"#
        ));
        assert_eq!(paths(&report.promql_errors), ["elements.a.spec.data.spec.queries[0].spec.query.spec.expr"]);
        assert_eq!((report.panels, report.supported, report.error), (1, 1, None));
    }

    #[test]
    fn what_is_no_dashboard_is_an_error() {
        let report = lint("[]");
        assert!(report.error.is_some() && !report.is_fine());
        let report = lint_file(Path::new("no/such/file.json"));
        assert_eq!(report.file, "no/such/file.json");
        assert!(report.error.unwrap().starts_with("cannot be read"));
    }
}
