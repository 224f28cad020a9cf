//! Exemplars: for each bucket of a histogram in which something happened just now, one such request and its trace.
//!
//! The client can attach exemplars to histograms that it observes itself, not to those a collector encodes (there is no
//! public way to make one). So they are added afterwards, to the text and to the messages it has made: in both, buckets
//! come in the order of [`of`].

use super::latency::{CELLS, CLASSIC_BOUNDS};
use super::noise::{hash, unit};
use super::simulation::{Requests, Snapshot};
use frame::Millis;
use prometheus_client::encoding::prometheus_protobuf::prometheus_data_model::{
    Exemplar as ExemplarMessage, LabelPair, MetricFamily,
};
use std::fmt::Write as _;

/// The metric whose buckets have exemplars.
const HISTOGRAM: &str = "request_duration_seconds";

/// A request and its trace.
#[derive(Clone, Debug, PartialEq)]
pub struct Exemplar {
    /// The trace's id, 32 hexadecimal digits.
    pub trace_id: String,
    /// How long the request took, in seconds.
    pub value: f64,
    /// When it ended.
    pub at: Millis,
}

/// One or no exemplar for each classic bucket of each histogram of `snapshot`, in the order they are exposed.
#[must_use]
pub fn of(snapshot: &Snapshot) -> Vec<Option<Exemplar>> {
    let mut exemplars = Vec::with_capacity(snapshot.requests.len() * (CLASSIC_BOUNDS.len() + 1));
    for (place, requests) in snapshot.requests.iter().enumerate() {
        let rates = bucket_rates(requests);
        exemplars.extend(rates.iter().enumerate().map(|(bucket, rate)| {
            let seed = hash(snapshot.service.id as u64, (place * 100 + bucket) as i64);
            exemplar(seed, bucket, *rate, snapshot.at)
        }));
    }
    exemplars
}

/// Requests per second in each classic bucket just now.
fn bucket_rates(requests: &Requests) -> [f64; CLASSIC_BOUNDS.len() + 1] {
    let mut rates = [0.0; CLASSIC_BOUNDS.len() + 1];
    for (cell, rate) in CELLS.iter().zip(&requests.recent) {
        rates[cell.classic] += rate;
    }
    rates
}

/// A request in `bucket` within the last second before `at`, if by lot there was one.
fn exemplar(seed: u64, bucket: usize, rate: f64, at: Millis) -> Option<Exemplar> {
    if unit(seed, at.0) >= rate {
        return None;
    }
    let lower = bucket.checked_sub(1).and_then(|below| CLASSIC_BOUNDS.get(below)).copied().unwrap_or(0.001);
    let upper = CLASSIC_BOUNDS.get(bucket).copied().unwrap_or(16.0);
    let value = lower * (upper / lower).powf(0.05 + 0.9 * unit(seed ^ 1, at.0));
    Some(Exemplar {
        trace_id: format!("{:016x}{:016x}", hash(seed ^ 2, at.0), hash(seed ^ 3, at.0)),
        // Whole microseconds, as a tracer would report.
        value: (value * 1e6).round() / 1e6,
        at: at.plus(-((1000.0 * unit(seed ^ 4, at.0)) as i64)),
    })
}

/// The OpenMetrics `text` with each bucket's exemplar at the end of its line.
#[must_use]
pub fn add_to_text(text: &str, exemplars: &[Option<Exemplar>]) -> String {
    let mut exemplars = exemplars.iter();
    let mut with_exemplars = String::with_capacity(text.len() + 80 * exemplars.len());
    for line in text.lines() {
        with_exemplars.push_str(line);
        let is_bucket = line.strip_prefix(HISTOGRAM).is_some_and(|rest| rest.starts_with("_bucket{"));
        let exemplar = if is_bucket { exemplars.next().and_then(Option::as_ref) } else { None };
        if let Some(Exemplar { trace_id, value, at }) = exemplar {
            let seconds = at.0 as f64 / 1000.0;
            // Writing to a String does not fail.
            let _ = write!(with_exemplars, " # {{trace_id=\"{trace_id}\"}} {value} {seconds:.3}");
        }
        with_exemplars.push('\n');
    }
    with_exemplars
}

/// Adds each bucket's exemplar to the messages, in the classic family and again in the native one.
pub fn add_to_families(families: &mut [MetricFamily], exemplars: &[Option<Exemplar>]) {
    for family in families.iter_mut().filter(|family| family.name == HISTOGRAM) {
        let histograms = family.metric.iter_mut().filter_map(|metric| metric.histogram.as_mut());
        let buckets = histograms.flat_map(|histogram| &mut histogram.bucket);
        for (bucket, exemplar) in buckets.zip(exemplars) {
            bucket.exemplar = exemplar.as_ref().map(message);
        }
    }
}

fn message(exemplar: &Exemplar) -> ExemplarMessage {
    ExemplarMessage {
        label: vec![LabelPair { name: "trace_id".to_owned(), value: exemplar.trace_id.clone() }],
        value: exemplar.value,
        timestamp: Some(prost_types::Timestamp {
            seconds: exemplar.at.0.div_euclid(1000),
            nanos: exemplar.at.0.rem_euclid(1000) as i32 * 1_000_000,
        }),
    }
}
