//! Variables.

use super::node::Node;
use super::source::{Inputs, read_source};
use crate::adhoc::{Filter, FilterOp};
use crate::model::{ALL, AutoInterval, Hide, Refresh, Selection, Sort, Variable, VariableKind, VariableOption};
use crate::variable_options;
use crate::variable_query::VariableQuery;
use crate::variables::{AUTO_INTERVAL, without_own_name};

/// More variables than this are not read: each is looked for in the queries of all others.
const MAX_VARIABLES: usize = 500;

pub(super) fn read_all(list: &Node<'_>, inputs: &Inputs) -> Vec<Variable> {
    list.items().take(MAX_VARIABLES).filter_map(|node| read(&node, inputs)).collect()
}

/// Reads a variable that stands nowhere.
pub(super) fn read_blank(node: &Node<'_>) -> Option<Variable> {
    read(node, &Inputs::default())
}

fn read(node: &Node<'_>, inputs: &Inputs) -> Option<Variable> {
    let Some(name) = node.get("name").filled_text() else {
        node.whole();
        node.note("a variable needs a name");
        return None;
    };
    node.skip(UNSAID);
    // To the text or to the value: answers of Prometheus have one text, which is both.
    node.skip(&["regexApplyTo"]);
    node.get("current").skip(&["selected", "tags", "isNone"]);
    let kind = read_kind(node, inputs);
    node.skip(unsaid_for(&kind));
    if !matches!(kind, VariableKind::Interval { .. }) {
        node.skip(&["auto", "auto_count", "auto_min"]);
    }
    let options = read_options(node, &kind, inputs);
    let current = read_current(&node.get("current"), &kind, node, inputs);
    Some(Variable {
        name,
        label: node.get("label").text().unwrap_or_default(),
        description: node.get("description").text().unwrap_or_default(),
        hide: read_hide(&node.get("hide"), &kind),
        multi: node.get("multi").flag().unwrap_or(false),
        include_all: node.get("includeAll").flag().unwrap_or(false),
        all_value: node.get("allValue").filled_text(),
        current,
        options,
        only_offered: node.get("allowCustomValue").flag() == Some(false),
        skip_url: node.get("skipUrlSync").flag().unwrap_or(false),
        kind,
    })
}

/// What is said twice, and what the page keeps in the variable while it is shown.
const UNSAID: &[&str] = &[
    "$$hashKey",
    "allFormat",
    "definition",
    "error",
    "global",
    "id",
    "index",
    "initLock",
    "multiFormat",
    "queryValue",
    "refresh_on_load",
    "rootStateKey",
    "state",
    "tagValuesQuery",
    "tags",
    "tagsQuery",
    "useTags",
];

/// What Grafana saves with every variable, whether its kind looks at it or not.
fn unsaid_for(kind: &VariableKind) -> &'static [&'static str] {
    match kind {
        VariableKind::Query { .. } => &["options"],
        VariableKind::DataSource { .. } => &["options", "refresh", "sort", "datasource"],
        VariableKind::AdHoc { .. } | VariableKind::Unsupported { .. } => &[],
        VariableKind::Constant => &["current", "hide", "options", "refresh", "regex", "sort", "datasource"],
        VariableKind::Interval { auto: None } => {
            &["options", "refresh", "regex", "sort", "datasource", "auto_count", "auto_min"]
        }
        _ => &["options", "refresh", "regex", "sort", "datasource"],
    }
}

fn read_hide(node: &Node<'_>, kind: &VariableKind) -> Hide {
    if matches!(kind, VariableKind::Constant) {
        return Hide::Variable;
    }
    match node.text().as_deref() {
        Some("1" | "hideLabel") => Hide::Label,
        Some("2" | "hideVariable") => Hide::Variable,
        _ => Hide::Nothing,
    }
}

fn read_kind(node: &Node<'_>, inputs: &Inputs) -> VariableKind {
    match node.get("type").text().unwrap_or_default().as_str() {
        "query" => VariableKind::Query {
            datasource: read_source(&node.get("datasource"), inputs),
            query: read_query(&node.get("query"), inputs),
            regex: node.get("regex").text().unwrap_or_default(),
            sort: read_sort(node.get("sort").count(8).unwrap_or(0)),
            refresh: match node.get("refresh").text().as_deref() {
                Some("1" | "true") => Refresh::OnLoad,
                Some("2") => Refresh::OnTimeRange,
                _ => Refresh::Never,
            },
        },
        "datasource" => VariableKind::DataSource {
            plugin: node.get("query").text().unwrap_or_default(),
            regex: node.get("regex").text().unwrap_or_default(),
        },
        "custom" => VariableKind::Custom,
        "interval" => VariableKind::Interval {
            auto: (node.get("auto").flag() == Some(true)).then(|| AutoInterval {
                steps: node.get("auto_count").count(10_000).filter(|count| *count > 0).unwrap_or(30),
                min: node.get("auto_min").filled_text().unwrap_or_else(|| "10s".into()),
            }),
        },
        "textbox" => VariableKind::TextBox,
        "constant" => VariableKind::Constant,
        "switch" => read_switch(node),
        "adhoc" => VariableKind::AdHoc {
            datasource: read_source(&node.get("datasource"), inputs),
            filters: ["baseFilters", "filters"].iter().flat_map(|key| read_filters(&node.get(key))).collect(),
        },
        kind => {
            node.unsupported(format!("variables of type \"{kind}\" are not supported"));
            VariableKind::Unsupported { kind: kind.to_owned() }
        }
    }
}

fn read_filters(list: &Node<'_>) -> Vec<Filter> {
    let read = |node: Node<'_>| {
        node.skip(&["condition", "keyLabel", "valueLabels", "origin", "hidden"]);
        let op = node.get("operator");
        let Some(op) = op.text().as_deref().and_then(FilterOp::parse) else {
            op.note("is no way to compare a label");
            return None;
        };
        let many = node.get("values");
        let one = node.get("value").text();
        let values = if many.is_absent() { one.into_iter().collect() } else { many.texts() };
        Some(Filter { label: node.get("key").filled_text()?, op, values })
    };
    list.items().filter_map(read).collect()
}

fn read_switch(node: &Node<'_>) -> VariableKind {
    let options = node.get("options");
    let value =
        |index: usize, default: &str| options.index(index).get("value").text().unwrap_or_else(|| default.to_owned());
    VariableKind::Switch { on: value(0, "true"), off: value(1, "false") }
}

fn read_sort(number: u32) -> Sort {
    match number {
        1 | 2 => Sort::Alphabetical { descending: number == 2, ignore_case: false },
        3 | 4 => Sort::Numerical { descending: number == 4 },
        5 | 6 => Sort::Alphabetical { descending: number == 6, ignore_case: true },
        7 | 8 => Sort::Natural { descending: number == 8 },
        _ => Sort::AsGiven,
    }
}

/// A query as text, or in the structured forms that newer editors store beside it.
fn read_query(node: &Node<'_>, inputs: &Inputs) -> VariableQuery {
    if !node.is_object() {
        return VariableQuery::parse(&inputs.fill_constants(node.text().unwrap_or_default()));
    }
    node.skip(&["refId", "qryType"]);
    if let Some(text) = node.get("query").filled_text() {
        node.skip(&["label", "labelFilters", "metric", "seriesQuery", "varQuery", "match"]);
        return VariableQuery::parse(&inputs.fill_constants(text));
    }
    let text = |key: &str| node.get(key).filled_text();
    match node.get("qryType").count(5) {
        Some(0) => VariableQuery::LabelNames { metric_pattern: text("match") },
        Some(1) => {
            VariableQuery::LabelValues { label: text("label").unwrap_or_default(), selector: read_selector(node) }
        }
        Some(2) => VariableQuery::Metrics { pattern: text("metric").unwrap_or_default() },
        Some(3) => VariableQuery::QueryResult { expr: text("varQuery").unwrap_or_default() },
        Some(4) => VariableQuery::Series { selector: text("seriesQuery").unwrap_or_default() },
        Some(5) => VariableQuery::parse(&text("varQuery").unwrap_or_default()),
        _ => VariableQuery::parse(""),
    }
}

/// The selector made of a metric name and label filters, if there is any.
fn read_selector(node: &Node<'_>) -> Option<String> {
    let metric = node.get("metric").text().unwrap_or_default();
    let filters: Vec<String> = node
        .get("labelFilters")
        .items()
        .filter_map(|filter| {
            let (label, op) = (filter.get("label").filled_text()?, filter.get("op").filled_text()?);
            Some(format!("{label}{op}\"{}\"", filter.get("value").text().unwrap_or_default()))
        })
        .collect();
    if filters.is_empty() {
        return (!metric.is_empty()).then_some(metric);
    }
    Some(format!("{metric}{{{}}}", filters.join(", ")))
}

/// The options in the file; of lists written as one text, those of the text.
fn read_options(node: &Node<'_>, kind: &VariableKind, inputs: &Inputs) -> Vec<VariableOption> {
    let query = || inputs.fill_constants(node.get("query").text().unwrap_or_default());
    match kind {
        VariableKind::Custom if node.get("valuesFormat").text().as_deref() == Some("json") => {
            variable_options::from_json(&query())
        }
        VariableKind::Custom => variable_options::from_list(&query()),
        VariableKind::Interval { auto } => {
            let auto = auto.as_ref().map(|_| VariableOption { label: "auto".into(), value: AUTO_INTERVAL.into() });
            auto.into_iter().chain(variable_options::from_intervals(&query())).collect()
        }
        VariableKind::Constant | VariableKind::TextBox => vec![VariableOption::plain(query())],
        VariableKind::Switch { on, off } => {
            vec![VariableOption::plain(on.as_str()), VariableOption::plain(off.as_str())]
        }
        _ => {
            let options = node.get("options");
            let read_option = |option: Node<'_>| {
                let value = option.get("value").text()?;
                let label = option.get("text").text().unwrap_or_else(|| value.clone());
                (value != ALL).then_some(VariableOption { label, value })
            };
            options.items().filter_map(read_option).collect()
        }
    }
}

fn read_current(current: &Node<'_>, kind: &VariableKind, node: &Node<'_>, inputs: &Inputs) -> Selection {
    let fixed = matches!(kind, VariableKind::Constant);
    let query = || Selection::of(node.get("query").filled_text().map(|text| inputs.fill_constants(text)));
    if fixed {
        return query();
    }
    let values = one_or_many(&current.get("value"));
    let values: Vec<String> = values.iter().map(|value| without_own_name(value).to_owned()).collect();
    if matches!(kind, VariableKind::TextBox) {
        let first = values.into_iter().next().filter(|text| !text.is_empty());
        return first.map_or_else(query, |text| Selection::of(Some(text)));
    }
    // A list of a variable that has one value names none of its options, unless all of them.
    let is_list = current.get("value").value().is_array();
    if is_list && node.get("multi").flag() != Some(true) && values.first().is_none_or(|first| first != ALL) {
        return Selection::default();
    }
    let labels = one_or_many(&current.get("text"));
    let labels = if labels.len() == values.len() { labels } else { values.clone() };
    Selection { values, labels }
}

fn one_or_many(node: &Node<'_>) -> Vec<String> {
    if node.value().is_array() { node.texts() } else { node.text().into_iter().collect() }
}
