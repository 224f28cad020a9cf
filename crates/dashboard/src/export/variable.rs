//! Variables.

use super::{Object, panel::source, patch};
use crate::adhoc::Filter;
use crate::import;
use crate::model::{Hide, Refresh, Selection, Sort, Variable, VariableKind};
use crate::variable_query::VariableQuery;
use serde_json::{Value, json};

const KEPT: &[&str] = &["name", "type", "query", "current"];

/// Everything the model knows.
pub(super) fn write(variable: &Variable) -> Value {
    let mut json = json!({
        "name": variable.name,
        "label": variable.label,
        "description": variable.description,
        "hide": match variable.hide { Hide::Nothing => 0, Hide::Label => 1, Hide::Variable => 2 },
        "multi": variable.multi,
        "includeAll": variable.include_all,
        "allValue": variable.all_value,
        "current": current(&variable.current),
        "allowCustomValue": !variable.only_offered,
        "skipUrlSync": variable.skip_url,
    });
    if let (Value::Object(json), Value::Object(own)) = (&mut json, kind(variable)) {
        json.extend(own);
    }
    json
}

/// One value is written as such, several as a list.
fn current(selection: &Selection) -> Value {
    match (selection.values.as_slice(), selection.labels.as_slice()) {
        ([], _) => json!({}),
        ([value], [label]) => json!({"value": value, "text": label}),
        (values, labels) => json!({"value": values, "text": labels}),
    }
}

fn kind(variable: &Variable) -> Value {
    let values = || {
        let values = variable.options.iter().filter(|option| option.value != crate::variables::AUTO_INTERVAL);
        values.map(|option| written_option(&option.label, &option.value)).collect::<Vec<String>>().join(",")
    };
    match &variable.kind {
        VariableKind::Query { datasource, query, regex, sort, refresh } => json!({
            "type": "query",
            "datasource": source(datasource),
            "query": query_text(query),
            "regex": regex,
            "sort": sort_number(*sort),
            "refresh": match refresh { Refresh::Never => 0, Refresh::OnLoad => 1, Refresh::OnTimeRange => 2 },
        }),
        VariableKind::DataSource { plugin, regex } => json!({"type": "datasource", "query": plugin, "regex": regex}),
        VariableKind::Custom => json!({"type": "custom", "query": values()}),
        VariableKind::Interval { auto } => json!({
            "type": "interval",
            "query": values(),
            "auto": auto.is_some(),
            "auto_count": auto.as_ref().map(|auto| auto.steps),
            "auto_min": auto.as_ref().map(|auto| auto.min.as_str()),
        }),
        VariableKind::TextBox => json!({"type": "textbox", "query": values()}),
        VariableKind::Constant => json!({"type": "constant", "query": values()}),
        VariableKind::Switch { on, off } => {
            json!({"type": "switch", "options": [{"text": on, "value": on}, {"text": off, "value": off}]})
        }
        VariableKind::AdHoc { datasource, filters } => json!({
            "type": "adhoc",
            "datasource": source(datasource),
            "filters": filters.iter().map(filter).collect::<Vec<_>>(),
        }),
        VariableKind::Unsupported { kind } => json!({"type": kind}),
    }
}

fn filter(filter: &Filter) -> Value {
    let mut json = json!({"key": filter.label, "operator": filter.op.as_str(), "value": filter.values.first()});
    if filter.op.takes_many() {
        json["values"] = json!(filter.values);
    }
    json
}

/// An option of a list written as one text: commas in it are escaped.
fn written_option(label: &str, value: &str) -> String {
    let value = value.replace(',', "\\,");
    if label == value { value } else { format!("{} : {value}", label.replace(',', "\\,")) }
}

fn query_text(query: &VariableQuery) -> String {
    match query {
        VariableQuery::LabelNames { metric_pattern } => {
            format!("label_names({})", metric_pattern.as_deref().unwrap_or_default())
        }
        VariableQuery::LabelValues { label, selector: Some(selector) } => format!("label_values({selector}, {label})"),
        VariableQuery::LabelValues { label, selector: None } => format!("label_values({label})"),
        VariableQuery::Metrics { pattern } => format!("metrics({pattern})"),
        VariableQuery::QueryResult { expr } => format!("query_result({expr})"),
        VariableQuery::Series { selector } => selector.clone(),
    }
}

fn sort_number(sort: Sort) -> u8 {
    match sort {
        Sort::AsGiven => 0,
        Sort::Alphabetical { descending, ignore_case: false } => 1 + u8::from(descending),
        Sort::Numerical { descending } => 3 + u8::from(descending),
        Sort::Alphabetical { descending, ignore_case: true } => 5 + u8::from(descending),
        Sort::Natural { descending } => 7 + u8::from(descending),
    }
}

/// Leaves out of each variable what says no more than its kind's default.
pub(super) fn omit_defaults(dashboard: &mut Object) {
    let list = dashboard.get_mut("templating").and_then(|templating| templating.get_mut("list"));
    let Some(Value::Array(list)) = list else { return };
    for variable in list.iter_mut().filter_map(Value::as_object_mut) {
        let kind = variable.get("type").and_then(Value::as_str).unwrap_or_default();
        let blank = import::blank_variable(kind).map(|blank| write(&blank));
        if let Some(Value::Object(defaults)) = blank {
            patch::omit_defaults(variable, &defaults, KEPT);
        }
    }
}
