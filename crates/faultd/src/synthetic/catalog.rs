//! What there is to ask for: labels, values, series, metadata, rules, targets.

use super::Params;
use super::series::{Labels, Outcome, outcome, values_of};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The labels that every series of a catalog has.
const LABELS: &[&str] = &["cluster", "container", "instance", "job", "namespace", "node", "pod", "service"];

/// The metrics there are, with their types.
const METRICS: &[(&str, &str)] = &[
    ("http_request_duration_seconds", "histogram"),
    ("http_requests_total", "counter"),
    ("node_load1", "gauge"),
    ("node_memory_MemFree_bytes", "gauge"),
    ("process_start_time_seconds", "gauge"),
    ("up", "gauge"),
];

/// The data of a call that is no query; none for a path that there is not.
pub fn answer(path: &str, params: &Params) -> Option<Value> {
    Some(match path {
        "labels" => json!(label_names(params)),
        "series" => json!(series(params)),
        "metadata" => metadata(),
        "query_exemplars" => exemplars(params),
        "rules" => rules(),
        "alerts" => json!({ "alerts": [alert()] }),
        "targets" => json!({ "activeTargets": [], "droppedTargets": [] }),
        "status/buildinfo" => json!({ "version": "3.5.0", "revision": "synthetic" }),
        "format_query" => json!(promql::print::pretty(&promql::parse(params.get("query")?).ast)),
        _ => {
            let label = path.strip_prefix("label/")?.strip_suffix("/values")?;
            json!(label_values(label, params))
        }
    })
}

/// The series of the selectors asked for, each with the labels that every series has.
fn series(params: &Params) -> Vec<Labels> {
    let of = |selector: &str| match outcome(&promql::parse(selector).ast) {
        Outcome::Series { labels, .. } => labels,
        _ => Vec::new(),
    };
    let mut series: Vec<_> = params.all("match[]").flat_map(of).collect();
    for (i, labels) in series.iter_mut().enumerate() {
        for name in LABELS {
            let values = values_of(name);
            labels.entry((*name).to_owned()).or_insert_with(|| values[i % values.len()].clone());
        }
    }
    series
}

fn label_names(params: &Params) -> BTreeSet<String> {
    let common = LABELS.iter().copied().chain(["__name__"]).map(str::to_owned);
    common.chain(series(params).into_iter().flat_map(Labels::into_keys)).collect()
}

/// Those that the selectors asked for let through, else those of any series.
fn label_values(label: &str, params: &Params) -> BTreeSet<String> {
    let found: BTreeSet<_> = series(params).into_iter().filter_map(|mut labels| labels.remove(label)).collect();
    match (found.is_empty(), label) {
        (false, _) => found,
        (true, "__name__") => METRICS.iter().map(|(name, _)| (*name).to_owned()).collect(),
        (true, _) => values_of(label).into_iter().collect(),
    }
}

fn metadata() -> Value {
    let entry = |(name, kind): &(&str, &str)| {
        ((*name).to_owned(), json!([{ "type": kind, "help": format!("Made up: {name}"), "unit": "" }]))
    };
    Value::Object(METRICS.iter().map(entry).collect())
}

fn exemplars(params: &Params) -> Value {
    let at = params.number("end").unwrap_or(0.0) - 60.0;
    let exemplar = json!({ "labels": { "trace_id": "0123456789abcdef" }, "value": "0.25", "timestamp": at });
    json!([{ "seriesLabels": { "instance": "10.0.0.1:9100" }, "exemplars": [exemplar] }])
}

fn rules() -> Value {
    let rule = json!({
        "name": "MadeUp", "query": "up == 0", "duration": 60, "labels": { "severity": "warning" },
        "annotations": { "summary": "A made-up alert" }, "alerts": [alert()], "state": "firing", "health": "ok",
        "evaluationTime": 0.001, "lastEvaluation": "2026-01-01T00:00:00Z", "type": "alerting",
    });
    let group = json!({
        "name": "made-up", "file": "made-up.yml", "interval": 15, "rules": [rule], "evaluationTime": 0.001,
        "lastEvaluation": "2026-01-01T00:00:00Z",
    });
    json!({ "groups": [group] })
}

fn alert() -> Value {
    json!({
        "labels": { "alertname": "MadeUp", "severity": "warning", "instance": "10.0.0.1:9100" },
        "annotations": { "summary": "A made-up alert" }, "state": "firing", "activeAt": "2026-01-01T00:00:00Z",
        "value": "1e+00",
    })
}
