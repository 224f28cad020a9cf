//! Annotations.

use super::node::Node;
use super::source::{Inputs, read_source};
use crate::annotation::{Annotation, PanelFilter};
use crate::model::SourceRef;

/// More than these are not asked for.
const MAX_ANNOTATIONS: usize = 100;

/// The annotations that come from queries. Grafana's own, which every dashboard has, say nothing here.
pub(super) fn read_all(list: &Node<'_>, inputs: &Inputs) -> Vec<Annotation> {
    list.items().filter_map(|node| read(&node, inputs)).take(MAX_ANNOTATIONS).collect()
}

fn read(node: &Node<'_>, inputs: &Inputs) -> Option<Annotation> {
    if node.get("builtIn").flag() == Some(true) {
        node.whole();
        return None;
    }
    let datasource = read_source(&node.get("datasource"), inputs);
    let asks = match &datasource {
        SourceRef::Named { kind, .. } => SourceRef::is_promql(kind),
        SourceRef::Internal(_) => false,
        SourceRef::Default | SourceRef::Mixed => true,
    };
    // Newer files have the query in an object of its own.
    let target = node.get("target");
    let (old, new) = (node.get("expr").filled_text(), target.get("expr").filled_text());
    let expr = new.or(old);
    let Some(expr) = expr.filter(|_| asks) else {
        node.unsupported("annotations other than from a Prometheus query are not supported");
        return None;
    };
    node.skip(&["type", "limit", "matchAny", "tags", "showIn", "rawQuery", "query"]);
    target.skip(&[
        "refId",
        "datasource",
        "editorMode",
        "range",
        "instant",
        "format",
        "legendFormat",
        "limit",
        "matchAny",
        "tags",
        "type",
        "queryType",
        "exemplar",
        "intervalFactor",
        "hide",
    ]);
    let text = |key: &str| node.get(key).text().unwrap_or_default();
    let tag_keys = text("tagKeys");
    Some(Annotation {
        name: text("name"),
        enabled: node.get("enable").flag().unwrap_or(false),
        hidden: node.get("hide").flag().unwrap_or(false),
        color: text("iconColor"),
        datasource,
        expr: inputs.fill_constants(expr),
        step: node.get("step").filled_text().or_else(|| target.get("interval").filled_text()),
        title: text("titleFormat"),
        text: text("textFormat"),
        tag_keys: tag_keys.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect(),
        use_value_for_time: read_switch(&node.get("useValueForTime")),
        panels: read_filter(&node.get("filter")),
    })
}

/// A checkbox, which browsers once said was "on".
fn read_switch(node: &Node<'_>) -> bool {
    if node.value().is_string() { node.text().as_deref() == Some("on") } else { node.flag().unwrap_or(false) }
}

fn read_filter(node: &Node<'_>) -> PanelFilter {
    let ids: Vec<u32> = node.get("ids").items().filter_map(|id| id.count(u32::MAX)).collect();
    match (node.get("exclude").flag().unwrap_or(false), ids.is_empty()) {
        (_, true) => PanelFilter::All,
        (true, false) => PanelFilter::AllBut(ids),
        (false, false) => PanelFilter::Only(ids),
    }
}
