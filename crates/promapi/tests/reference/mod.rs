//! The decoder's contract, written down a second time: slow, plain, on top of `serde_json::Value`. The tests and the
//! fuzzer compare the streaming decoder with it.

use frame::{Column, Field, Frame, GAP, Grid, HistogramColumn, Labels, Millis, Times};
use promapi::{Answer, ApiError, DecodeError, Expect, Notices, QueryResult, Vector};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

type Object = Map<String, Value>;

/// The answer in `body`, the error it reports, or nothing when it is no answer.
pub fn decode(body: &[u8], expect: Expect) -> Option<Result<Answer, ApiError>> {
    let document: Value = serde_json::from_slice(body).ok()?;
    let envelope = document.as_object()?;
    match envelope.get("status")?.as_str()? {
        "error" => return Some(Err(api_error(envelope))),
        "success" => {}
        _ => return None,
    }
    let data = envelope.get("data")?.as_object()?;
    let result = match data.get("result")? {
        Value::Null => &[],
        result => result.as_array()?.as_slice(),
    };
    let result = match data.get("resultType")?.as_str()? {
        "matrix" => matrix(result, expect)?,
        "vector" => vector(result)?,
        "scalar" => scalar(result).and_then(|(at, text)| Some(QueryResult::Scalar(at, float(&text)?)))?,
        "string" => scalar(result).map(|(at, text)| QueryResult::String(at, text))?,
        _ => return None,
    };
    let (series, samples) = match (&result, data.get("result")?.as_array()) {
        (QueryResult::Matrix(_) | QueryResult::Vector(_), Some(all)) => {
            (all.len(), all.iter().map(count_samples).sum())
        }
        _ => (0, 0),
    };
    Some(Ok(Answer {
        result,
        notices: notices(envelope, data),
        bytes: body.len() as u64,
        series: series as u32,
        samples,
        eval_secs: stat(envelope, data, &["timings", "evalTotalTime"])
            .and_then(Value::as_f64)
            .or_else(|| Some(stat(envelope, data, &["executionTimeMsec"])?.as_f64()? / 1e3)),
        queryable_samples: stat(envelope, data, &["samples", "totalQueryableSamples"]).and_then(Value::as_u64),
        peak_samples: stat(envelope, data, &["samples", "peakSamples"]).and_then(Value::as_u64),
        is_metricsql: stat(envelope, data, &["executionTimeMsec"]).is_some_and(Value::is_number),
        truncated: None,
    }))
}

fn api_error(envelope: &Object) -> ApiError {
    let text = |key| match envelope.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if key == "errorType" => number.to_string(),
        _ => String::new(),
    };
    ApiError { kind: text("errorType"), message: text("error") }
}

fn notices(envelope: &Object, data: &Object) -> Notices {
    let texts = |key: &str| {
        let of = |object: &Object| match object.get(key) {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(texts)) => texts.iter().filter_map(|text| Some(text.as_str()?.to_owned())).collect(),
            _ => Vec::new(),
        };
        let limited = |mut texts: Vec<String>| {
            let omitted = texts.len().saturating_sub(100);
            texts.truncate(100);
            texts.into_iter().chain((omitted > 0).then(|| format!("{omitted} more omitted")))
        };
        limited(of(envelope)).chain(limited(of(data))).collect::<Vec<_>>()
    };
    let partial = envelope.get("isPartial") == Some(&Value::Bool(true));
    let mut warnings = texts("warnings");
    warnings.extend(partial.then(|| "partial result".to_owned()));
    Notices { warnings, infos: texts("infos") }
}

/// A number of the statistics, which are in the data or beside it.
fn stat<'a>(envelope: &'a Object, data: &'a Object, path: &[&str]) -> Option<&'a Value> {
    [data, envelope].into_iter().find_map(|object| {
        let found = path.iter().try_fold(object.get("stats")?, |value, key| value.as_object()?.get(*key))?;
        found.is_number().then_some(found)
    })
}

fn count_samples(series: &Value) -> u64 {
    let many = |key| series.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let one = |key| usize::from(series.get(key).is_some_and(Value::is_array));
    (many("values") + many("histograms") + one("value") + one("histogram")) as u64
}

fn matrix(result: &[Value], expect: Expect) -> Option<QueryResult> {
    let grid = match expect {
        Expect::Grid(grid) => Some(grid),
        Expect::Any => None,
    };
    let mut on_grid = Vec::new();
    let mut frames = Vec::new();
    for series in result {
        let series = series.as_object()?;
        if series.contains_key("value") || series.contains_key("histogram") {
            return None;
        }
        let labels = labels(series.get("metric"))?;
        let numbers = samples(series.get("values"), number)?;
        let histograms = samples(series.get("histograms"), histogram)?;
        if histograms.is_empty() || !numbers.is_empty() {
            match (grid, indices(grid, &numbers)) {
                (Some(grid), Some(indices)) => {
                    let mut column = vec![GAP; grid.len as usize];
                    indices.into_iter().zip(numbers.values()).for_each(|(index, value)| column[index] = *value);
                    on_grid.push((labels.clone(), column));
                }
                _ => {
                    let times = Times::Explicit(numbers.keys().copied().collect());
                    frames.push(Frame::series(times, [(labels.clone(), numbers.values().copied().collect())]));
                }
            }
        }
        if !histograms.is_empty() {
            let (times, rows) = match (grid, indices(grid, &histograms)) {
                (Some(grid), Some(indices)) => {
                    let mut rows = vec![None; grid.len as usize];
                    indices.into_iter().zip(histograms.values()).for_each(|(index, row)| rows[index] = Some(row));
                    (Times::Grid(grid), rows)
                }
                _ => (Times::Explicit(histograms.keys().copied().collect()), histograms.values().map(Some).collect()),
            };
            let mut frame = Frame::series(times, []);
            frame.fields.push(Field { name: "Value".into(), labels, column: Column::Histogram(column_of(&rows)) });
            frames.push(frame);
        }
    }
    if let Some(grid) = grid.filter(|_| !on_grid.is_empty()) {
        frames.insert(0, Frame::series(Times::Grid(grid), on_grid));
    }
    Some(QueryResult::Matrix(frames))
}

fn vector(result: &[Value]) -> Option<QueryResult> {
    let mut vector = Vector::default();
    let mut first = None;
    for series in result {
        let series = series.as_object()?;
        if series.contains_key("values") || series.contains_key("histograms") {
            return None;
        }
        let labels = labels(series.get("metric"))?;
        let one = |key: &str| series.get(key).filter(|value| !value.is_null());
        let (value, histogram_pair) = (one("value"), one("histogram"));
        if value.is_none() && histogram_pair.is_none() {
            return None;
        }
        if let Some(pair) = value {
            let (at, value) = sample(pair, number)?;
            first.get_or_insert(at);
            vector.series.push((labels.clone(), value));
        }
        if let Some(pair) = histogram_pair {
            let (at, row) = sample(pair, histogram)?;
            first.get_or_insert(at);
            vector.histograms.push((labels, column_of(&[Some(&row)])));
        }
    }
    vector.at = first.unwrap_or_default();
    Some(QueryResult::Vector(vector))
}

fn scalar(result: &[Value]) -> Option<(Millis, String)> {
    let [at, value] = result else { return None };
    let value = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Some((time(at)?, value))
}

fn labels(metric: Option<&Value>) -> Option<Labels> {
    match metric {
        None | Some(Value::Null) => Some(Labels::default()),
        Some(metric) => metric
            .as_object()?
            .iter()
            .map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .collect::<Option<Vec<_>>>()
            .map(|pairs| pairs.into_iter().collect()),
    }
}

/// Samples by time. Of two for one instant the later one stays.
fn samples<T>(list: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> Option<BTreeMap<Millis, T>> {
    match list {
        None | Some(Value::Null) => Some(BTreeMap::new()),
        Some(list) => list.as_array()?.iter().map(|pair| sample(pair, &read)).collect(),
    }
}

fn sample<T>(pair: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<(Millis, T)> {
    let [at, value] = pair.as_array()?.as_slice() else { return None };
    Some((time(at)?, read(value)?))
}

/// The grid's indices of all samples, if they are all on the grid.
fn indices<T>(grid: Option<Grid>, samples: &BTreeMap<Millis, T>) -> Option<Vec<usize>> {
    samples.keys().map(|at| grid?.index_of(*at)).collect::<Option<Vec<_>>>().filter(|_| grid.is_some())
}

fn time(value: &Value) -> Option<Millis> {
    let millis = (number(value)? * 1e3).round();
    (millis.abs() <= 8.64e15).then_some(Millis(millis as i64))
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => float(text),
        _ => None,
    }
}

fn float(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "+Inf" | "Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok().filter(|_| text.chars().all(|c| "0123456789+-.eE".contains(c))),
    }
}

#[derive(Clone)]
struct Histogram {
    count: f64,
    sum: f64,
    buckets: Vec<(u8, f64, f64, f64)>,
}

fn histogram(value: &Value) -> Option<Histogram> {
    let object = value.as_object()?;
    let part = |key| object.get(key).map_or(Some(f64::NAN), number);
    let buckets = match object.get("buckets") {
        None | Some(Value::Null) => Vec::new(),
        Some(buckets) => buckets.as_array()?.iter().map(bucket).collect::<Option<_>>()?,
    };
    Some(Histogram { count: part("count")?, sum: part("sum")?, buckets })
}

fn bucket(value: &Value) -> Option<(u8, f64, f64, f64)> {
    let [rule, lower, upper, count] = value.as_array()?.as_slice() else { return None };
    let rule = number(rule).filter(|rule| [0.0, 1.0, 2.0, 3.0].contains(rule))?;
    Some((rule as u8, number(lower)?, number(upper)?, number(count)?))
}

fn column_of(rows: &[Option<&Histogram>]) -> HistogramColumn {
    let mut column = HistogramColumn { bucket_starts: vec![0], ..HistogramColumn::default() };
    for row in rows {
        column.count.push(row.map_or(GAP, |row| row.count));
        column.sum.push(row.map_or(GAP, |row| row.sum));
        for (rule, lower, upper, count) in row.iter().flat_map(|row| &row.buckets) {
            column.rules.push(*rule);
            column.lower.push(*lower);
            column.upper.push(*upper);
            column.counts.push(*count);
        }
        column.bucket_starts.push(column.rules.len() as u32);
    }
    column
}

/// Everything there is in an outcome, every number by its bits, so that gaps, NaN and -0 are told apart.
pub fn describe(outcome: &Result<Answer, DecodeError>) -> String {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(error) => return format!("{error:?}"),
    };
    let result = match &answer.result {
        QueryResult::Matrix(frames) => frames.iter().map(describe_frame).collect::<Vec<_>>().join("\n"),
        QueryResult::Vector(vector) => format!(
            "vector at {:?}: {:?} {:?}",
            vector.at,
            vector.series.iter().map(|(labels, value)| (labels, value.to_bits())).collect::<Vec<_>>(),
            vector.histograms.iter().map(|(labels, column)| (labels, describe_histograms(column))).collect::<Vec<_>>()
        ),
        QueryResult::Scalar(at, value) => format!("scalar at {at:?}: {:x}", value.to_bits()),
        QueryResult::String(at, text) => format!("string at {at:?}: {text:?}"),
    };
    let Answer {
        notices,
        bytes,
        series,
        samples,
        eval_secs,
        queryable_samples,
        peak_samples,
        is_metricsql,
        truncated,
        ..
    } = answer;
    let eval = eval_secs.map(f64::to_bits);
    format!(
        "{result}\n{notices:?} {bytes} {series} {samples} {eval:?} {queryable_samples:?} {peak_samples:?} {is_metricsql} {truncated:?}"
    )
}

fn describe_frame(frame: &Frame) -> String {
    let fields = frame.fields.iter().map(|field| {
        let column = match &field.column {
            Column::Number(values) => format!("{:x?}", values.iter().map(|value| value.to_bits()).collect::<Vec<_>>()),
            Column::Histogram(column) => describe_histograms(column),
            other => format!("{other:?}"),
        };
        format!("{} {} {column}", field.name, field.labels)
    });
    fields.collect::<Vec<_>>().join("; ")
}

fn describe_histograms(column: &HistogramColumn) -> String {
    let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let HistogramColumn { count, sum, bucket_starts, rules, lower, upper, counts } = column;
    let numbers = [count, sum, lower, upper, counts].map(|values| bits(values));
    format!("{bucket_starts:?} {rules:?} {numbers:x?}")
}
