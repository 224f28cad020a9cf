//! Instant and range queries.

use super::series::{Labels, Outcome, outcome};
use super::values::Look;
use super::{Params, Refusal};
use serde_json::{Value, json};

/// So many steps from start to end Prometheus takes at most: one point more, whatever it says.
const MOST_STEPS: f64 = 11_000.0;

/// The samples of a range vector are so far apart, in seconds.
const SCRAPE_INTERVAL: f64 = 15.0;

/// How many of them a range vector has.
const SCRAPES: u32 = 20;

/// The data of `query_range`.
pub fn range(params: &Params) -> Result<Value, Refusal> {
    let number = |name: &str| params.number(name).ok_or_else(|| Refusal(format!("invalid parameter \"{name}\"")));
    let (start, end, step) = (number("start")?, number("end")?, number("step")?);
    if step <= 0.0 {
        return Err(Refusal("zero or negative query resolution step widths are not accepted".into()));
    }
    let steps = ((end - start) / step).floor();
    if steps > MOST_STEPS {
        return Err(Refusal(
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"
                .into(),
        ));
    }
    let times: Vec<f64> = (0..(steps + 1.0).max(0.0) as u32).map(|i| start + f64::from(i) * step).collect();
    let (labels, look) = match evaluated(params)? {
        Outcome::Text(_) => return Err(Refusal("invalid expression type \"string\" for range query".into())),
        Outcome::Series { range: true, .. } => {
            return Err(Refusal("invalid expression type \"range vector\" for range query".into()));
        }
        Outcome::Scalar(value) => {
            let values: Vec<Value> = times.iter().map(|at| sample(*at, value)).collect();
            return Ok(json!({ "resultType": "matrix", "result": [{ "metric": {}, "values": values }] }));
        }
        Outcome::Series { labels, look, .. } => (labels, look),
    };
    let series = labels.iter().map(|labels| json!({ "metric": labels, "values": samples(look, labels, &times) }));
    Ok(json!({ "resultType": "matrix", "result": series.collect::<Vec<_>>() }))
}

/// The data of `query`.
pub fn instant(params: &Params) -> Result<Value, Refusal> {
    let at = params.number("time").ok_or_else(|| Refusal("invalid parameter \"time\"".into()))?;
    Ok(match evaluated(params)? {
        Outcome::Scalar(value) => json!({ "resultType": "scalar", "result": sample(at, value) }),
        Outcome::Text(text) => json!({ "resultType": "string", "result": [at, text] }),
        Outcome::Series { labels, look, range: true } => {
            let last = (at / SCRAPE_INTERVAL).floor() * SCRAPE_INTERVAL;
            let times: Vec<f64> = (0..SCRAPES).rev().map(|i| last - f64::from(i) * SCRAPE_INTERVAL).collect();
            let series =
                labels.iter().map(|labels| json!({ "metric": labels, "values": samples(look, labels, &times) }));
            json!({ "resultType": "matrix", "result": series.collect::<Vec<_>>() })
        }
        Outcome::Series { labels, look, .. } => {
            let one = |labels: &Labels| {
                look.value(labels, at).map(|value| json!({ "metric": labels, "value": sample(at, value) }))
            };
            json!({ "resultType": "vector", "result": labels.iter().filter_map(one).collect::<Vec<_>>() })
        }
    })
}

/// What the query evaluates to. One that Prometheus would refuse gets what can be made out of it: dashboards for other
/// servers have queries of other languages.
fn evaluated(params: &Params) -> Result<Outcome, Refusal> {
    let query = params.get("query").filter(|query| !query.trim().is_empty());
    let query = query.ok_or_else(|| {
        Refusal("invalid parameter \"query\": unknown position: parse error: no expression found in input".into())
    })?;
    Ok(outcome(&promql::parse(query).ast))
}

fn samples(look: Look, labels: &Labels, times: &[f64]) -> Vec<Value> {
    times.iter().filter_map(|at| Some(sample(*at, look.value(labels, *at)?))).collect()
}

/// As Prometheus writes it: whole seconds without a point, the value as a text.
fn sample(at: f64, value: f64) -> Value {
    let at = if at.fract() == 0.0 { json!(at as i64) } else { json!(at) };
    let value = if value.is_infinite() { format!("{value:+}").replace("inf", "Inf") } else { value.to_string() };
    json!([at, value])
}
