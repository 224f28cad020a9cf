//! Queries of a panel.

use super::node::Node;
use super::source::{Inputs, read_source};
use crate::model::{LegendFormat, Panel, QueryMode, SourceRef, Target, TargetFormat};
use frame::SortedSet;

/// More queries of one panel than this are not read.
const MAX_TARGETS: usize = 200;

/// What only the query editor looks at, and what the data source computes anew.
const EDITOR_ONLY: &[&str] = &[
    "$$hashKey",
    "adhocFilters",
    "appliedMode",
    "builderState",
    "calculatedInterval",
    "datasourceErrors",
    "disableTextWrap",
    "dsType",
    "editorMode",
    "errors",
    "fullMetaSearch",
    "includeNullMetadata",
    "key",
    "metric",
    "queryType",
    "requestId",
    "step",
    "target",
    "textEditor",
    "useBackend",
];

/// What the queries of other data sources left behind when the data source was changed.
const OF_OTHER_SOURCES: &[&str] = &[
    "alias",
    "app",
    "function",
    "group",
    "groupBy",
    "host",
    "item",
    "logBase",
    "measurement",
    "mode",
    "options",
    "orderByTime",
    "policy",
    "query",
    "rawQuery",
    "rawSql",
    "resultFormat",
    "select",
    "tags",
    "datasourceId",
];

/// A query with so many of these, and without an expression, is one of theirs.
const FOREIGN: usize = 2;

/// The queries of a panel, and the data source that answers them; those without an expression are not for Prometheus.
pub(super) fn read_all(panel: &Node<'_>, inputs: &Inputs) -> (Vec<Target>, SourceRef) {
    let list = panel.get("targets");
    let mut targets: Vec<Target> = list.items().take(MAX_TARGETS).map(|node| read_target(&node, inputs)).collect();
    give_ref_ids(&mut targets);
    let source = panel.get("datasource");
    let mut of_panel = read_source(&source, inputs);
    if of_panel != SourceRef::Mixed {
        give_source(&mut of_panel, !source.is_absent(), &mut targets);
    }
    (targets, of_panel)
}

/// As Grafana does: all queries are for whom the panel names, whatever stands in them. Where it names nobody that is whom
/// the first of them names that does.
fn give_source(of_panel: &mut SourceRef, is_named: bool, targets: &mut [Target]) {
    let mut own = SourceRef::Default;
    for target in targets.iter_mut().filter(|target| target.expression.is_none()) {
        let named = std::mem::take(&mut target.datasource);
        if own == SourceRef::Default {
            own = named;
        }
    }
    if !is_named {
        *of_panel = own;
    }
}

/// Tells of queries that nobody here answers.
pub(super) fn note_foreign(list: &Node<'_>, panel: &Panel) {
    for (index, target) in panel.targets.iter().enumerate() {
        if let Some(whom) = panel.source_of(target).foreign() {
            list.index(index).unsupported(format!("this query is for {whom}; only Prometheus is asked"));
        }
    }
}

/// Reads a query that stands nowhere.
pub(super) fn read_blank(node: &Node<'_>) -> Target {
    read_target(node, &Inputs::default())
}

fn read_target(node: &Node<'_>, inputs: &Inputs) -> Target {
    node.skip(EDITOR_ONLY);
    let expr = node.get("expr").text().unwrap_or_default();
    let others = OF_OTHER_SOURCES.iter().filter(|key| node.value().get(**key).is_some());
    if !expr.is_empty() {
        node.skip(OF_OTHER_SOURCES);
    } else if others.count() >= FOREIGN && !is_expression(node) {
        node.unsupported("this is a query for another kind of data source; only Prometheus is asked");
    }
    let instant = node.get("instant").flag().unwrap_or(false);
    let range = node.get("range").flag();
    Target {
        ref_id: node.get("refId").filled_text().or_else(|| node.get("refID").filled_text()).unwrap_or_default(),
        expr: inputs.fill_constants(expr),
        legend: match node.get("legendFormat").text().as_deref() {
            None | Some("") => LegendFormat::Verbose,
            Some("__auto") => LegendFormat::Auto,
            Some(template) => LegendFormat::Template(template.to_owned()),
        },
        mode: match (instant, range) {
            (true, Some(true)) => QueryMode::Both,
            (true, _) => QueryMode::Instant,
            (false, _) => QueryMode::Range,
        },
        format: match node.get("format").text().as_deref() {
            Some("table") => TargetFormat::Table,
            Some("heatmap") => TargetFormat::Heatmap,
            _ => TargetFormat::TimeSeries,
        },
        interval: node.get("interval").filled_text(),
        interval_factor: node.get("intervalFactor").count(100).filter(|factor| *factor > 0).unwrap_or(1),
        hide: node.get("hide").flag().unwrap_or(false),
        exemplar: node.get("exemplar").flag().unwrap_or(false),
        datasource: read_source(&node.get("datasource"), inputs),
        panel: node.get("panelId").count(u32::MAX),
        expression: is_expression(node).then(|| node.whole().clone()),
    }
}

pub(super) fn is_expression(node: &Node<'_>) -> bool {
    let source = read_source(&node.get("datasource"), &Inputs::default());
    matches!(source, SourceRef::Internal(name) if name == SourceRef::EXPRESSION)
}

/// Gives every query that has none the first free of A, B, … Z, AA, AB, …
fn give_ref_ids(targets: &mut [Target]) {
    let mut seen: SortedSet<String> = SortedSet::new();
    let mut unnamed = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        if target.ref_id.is_empty() || !seen.insert(target.ref_id.clone()) {
            unnamed.push(index);
        }
    }
    let mut candidates = (0..).map(ref_id).filter(|name| !seen.contains(name));
    for index in unnamed {
        if let (Some(target), Some(name)) = (targets.get_mut(index), candidates.next()) {
            target.ref_id = name;
        }
    }
}

/// The name numbered `index`: A … Z, AA …
fn ref_id(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (index % 26) as u8));
        if index < 26 {
            return letters.iter().rev().collect();
        }
        index = index / 26 - 1;
    }
}
