//! What Prometheus' recording rules would have stored.

use super::{BLOCK_MILLIS, BackfillError};
use crate::{BaseUrl, http};
use axum::http::StatusCode;
use frame::TimeRange;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A rule over a whole day takes seconds on a slow machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Queries at a time.
const AT_ONCE: usize = 2;

/// The rules' samples in one piece of the range.
#[derive(Clone, Debug)]
pub struct Text {
    pub piece: TimeRange,
    /// OpenMetrics text without its end mark.
    pub lines: String,
    /// How many samples that is.
    pub count: u64,
}

#[derive(Deserialize)]
struct Envelope<T> {
    data: T,
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    /// Seconds.
    interval: f64,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    name: String,
    query: String,
}

#[derive(Deserialize)]
struct Matrix {
    result: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    metric: BTreeMap<String, String>,
    values: Vec<(f64, String)>,
}

/// Evaluates every recording rule of `prometheus` over `pieces`, at the instants it would have been.
pub async fn evaluate(prometheus: &BaseUrl, pieces: &[TimeRange]) -> Result<Vec<Text>, BackfillError> {
    let mut texts: Vec<Text> =
        pieces.iter().map(|piece| Text { piece: *piece, lines: String::new(), count: 0 }).collect();
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return Ok(texts) };
    let range = TimeRange { start: first.start, end: last.end };
    let Groups { groups } = ask(&prometheus.join("/api/v1/rules?type=record")).await?;
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut queries = JoinSet::new();
    for group in groups {
        for rule in group.rules {
            let Some(query) = range_query(&rule.query, group.interval, range) else { continue };
            let url = prometheus.join(&query);
            let turns = Arc::clone(&turns);
            queries.spawn(async move {
                // The semaphore is never closed; without a turn the query would just run at once.
                let _turn = turns.acquire().await;
                ask::<Matrix>(&url).await.map(|matrix| (rule.name, matrix))
            });
        }
    }
    while let Some(answer) = queries.join_next().await {
        let (name, matrix) = answer??;
        for series in matrix.result {
            write_series(&name, &series, &mut texts);
        }
    }
    Ok(texts)
}

/// The query at each multiple of the interval in `range`, its end left out; none when none lies in it.
fn range_query(query: &str, interval_secs: f64, range: TimeRange) -> Option<String> {
    let step = ((interval_secs * 1000.0) as i64).max(1000);
    let (start, end) = (ceil(range.start.0, step), range.end.0 - 1);
    let query = percent_encode(query);
    let secs = |millis: i64| millis as f64 / 1000.0;
    let url = format!("/api/v1/query_range?query={query}&start={}&end={}&step={}", secs(start), secs(end), secs(step));
    (start <= end).then_some(url)
}

/// The first multiple of `step` that is not before `at`.
fn ceil(at: i64, step: i64) -> i64 {
    -(-at).div_euclid(step) * step
}

fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Adds the samples of a series to the pieces they lie in.
fn write_series(name: &str, series: &Series, texts: &mut [Text]) {
    let Some(first_block) = texts.first().map(|text| text.piece.start.0.div_euclid(BLOCK_MILLIS)) else { return };
    let labels: Vec<_> = series
        .metric
        .iter()
        .filter(|(label, _)| *label != "__name__")
        // Rust escapes quotes, backslashes and newlines as OpenMetrics does.
        .map(|(label, value)| format!("{label}={value:?}"))
        .collect();
    let labels = labels.join(",");
    for (secs, value) in &series.values {
        let block = ((secs * 1000.0) as i64).div_euclid(BLOCK_MILLIS) - first_block;
        let text = usize::try_from(block).ok().and_then(|index| texts.get_mut(index));
        if let Some(text) = text {
            let _ = writeln!(text.lines, "{name}{{{labels}}} {value} {secs}");
            text.count += 1;
        }
    }
}

async fn ask<T: DeserializeOwned>(url: &str) -> Result<T, BackfillError> {
    let (status, body) = http::get(url, PATIENCE).await?;
    if status != StatusCode::OK {
        return Err(BackfillError::Answer(format!("{status}: {}", String::from_utf8_lossy(&body))));
    }
    let envelope: Envelope<T> =
        serde_json::from_slice(&body).map_err(|error| BackfillError::Answer(error.to_string()))?;
    Ok(envelope.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_stay_on_the_multiples_of_the_interval() {
        let query = |start, end| range_query("a{b=\"c\"}", 60.0, TimeRange::new(start, end));
        let expression = "/api/v1/query_range?query=a%7Bb%3D%22c%22%7D";
        assert_eq!(query(60_000, 180_000), Some(format!("{expression}&start=60&end=179.999&step=60")));
        assert_eq!(query(61_000, 180_001), Some(format!("{expression}&start=120&end=180&step=60")));
        assert_eq!(query(61_000, 120_000), None);
    }

    #[test]
    fn samples_go_to_the_piece_they_lie_in() {
        let pieces =
            [TimeRange::new(BLOCK_MILLIS - 15_000, BLOCK_MILLIS), TimeRange::new(BLOCK_MILLIS, BLOCK_MILLIS + 30_000)];
        let mut texts = pieces.map(|piece| Text { piece, lines: String::new(), count: 0 });
        let values = [7185.0, 7200.0, 7215.0].map(|secs| (secs, "1.5".to_owned())).to_vec();
        let metric = [("__name__", "old"), ("path", "a\"b\\")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        write_series("new:name", &Series { metric, values }, &mut texts);
        assert_eq!(texts[0].lines, "new:name{path=\"a\\\"b\\\\\"} 1.5 7185\n");
        assert_eq!(texts[1].count, 2);
    }
}
