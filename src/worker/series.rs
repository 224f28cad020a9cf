//! The series a selector selects, as texts for a variable. Few dashboards ask for them, so what reads them is loaded then.

use promapi::{DecodeError, decode_reply};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

/// The series in an answer as Grafana writes them: `up{instance="a",job="b"}`.
#[wasm_split(series, fallible)]
pub fn texts(body: Vec<u8>) -> Result<Result<Vec<Arc<str>>, DecodeError>, SplitLoaderError> {
    let reply = decode_reply::<Vec<BTreeMap<String, String>>>(&body);
    Ok(reply.map(|reply| reply.data.into_iter().map(text).collect()))
}

fn text(mut labels: BTreeMap<String, String>) -> Arc<str> {
    let name = labels.remove("__name__").unwrap_or_default();
    let labels: Vec<String> = labels.iter().map(|(label, value)| format!("{label}=\"{value}\"")).collect();
    format!("{name}{{{}}}", labels.join(",")).into()
}
