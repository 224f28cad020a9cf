//! Exemplars: single observations with a trace behind them, as `/query_exemplars` tells them (Prometheus 2.26).

use crate::{DecodeError, Reply, decode_reply, wire};
use frame::{Labels, Millis};
use serde::{Deserialize, Deserializer};

/// The exemplars of one series.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ExemplarSeries {
    /// The labels of the series they were scraped with.
    #[serde(deserialize_with = "wire::labels")]
    pub series_labels: Labels,
    /// In order of time.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub exemplars: Vec<Exemplar>,
}

/// One observation.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Exemplar {
    /// Its own labels, such as `trace_id`. Texts from outside.
    #[serde(deserialize_with = "wire::labels")]
    pub labels: Labels,
    /// What was observed; NaN where that cannot be read.
    #[serde(deserialize_with = "wire::value")]
    pub value: f64,
    /// When, to the millisecond.
    #[serde(rename = "timestamp", deserialize_with = "seconds")]
    pub at: Millis,
}

/// Decodes the body of an answer to [`Request::query_exemplars`](crate::Request::query_exemplars). A query without a
/// selector has an empty one (HTTP status 204), which means none; so has a server that stores no exemplars a list.
///
/// # Errors
///
/// As [`decode_reply`].
pub fn decode(body: &[u8]) -> Result<Reply<Vec<ExemplarSeries>>, DecodeError> {
    if body.trim_ascii().is_empty() {
        return Ok(Reply::default());
    }
    let Reply { data, notices } = decode_reply::<Option<Vec<ExemplarSeries>>>(body)?;
    Ok(Reply { data: data.unwrap_or_default(), notices })
}

/// A number of seconds, with a fraction.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Millis, D::Error> {
    let seconds = f64::deserialize(from)?;
    // The cast saturates, and takes what is no number for 0.
    Ok(Millis((seconds * 1_000.0).round() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line per exemplar: series, labels, value, time.
    fn check(body: &str, expected: &[&str]) {
        let series = decode(body.as_bytes()).unwrap_or_else(|error| panic!("{error}: {body}")).data;
        let line = |series: &ExemplarSeries, one: &Exemplar| {
            format!("{} {} {} @{}", series.series_labels, one.labels, one.value, one.at.0)
        };
        let lines = series.iter().flat_map(|series| series.exemplars.iter().map(move |one| line(series, one)));
        assert_eq!(lines.collect::<Vec<_>>(), expected, "{body}");
    }

    #[test]
    fn exemplars_are_read() {
        check(
            r#"{"status":"success","data":[{"seriesLabels":{"__name__":"x_bucket","le":"1"},"exemplars":[
                {"labels":{"trace_id":"../../x"},"value":"6","timestamp":1600096945.479},
                {"labels":{},"value":"1e-07","timestamp":1600096955}]},{"seriesLabels":{},"exemplars":null}]}"#,
            &[
                r#"x_bucket{le="1"} {trace_id="../../x"} 6 @1600096945479"#,
                r#"x_bucket{le="1"} {} 0.0000001 @1600096955000"#,
            ],
        );
        check(r#"{"status":"success","data":[{"exemplars":[{"value":"x"}]}]}"#, &["{} {} NaN @0"]);
        for none in ["", " \n", r#"{"status":"success","data":[]}"#, r#"{"status":"success","data":null}"#] {
            check(none, &[]);
        }
    }

    #[test]
    fn errors_stay_errors() {
        for (body, expected) in [
            (r#"{"status":"error","errorType":"bad_data","error":"no"}"#, "bad_data: no"),
            ("<html>", "the answer is not JSON (byte 0)"),
            (r#"{"status":"success","data":[{"#, "the answer breaks off after 29 bytes"),
        ] {
            assert_eq!(decode(body.as_bytes()).unwrap_err().to_string(), expected);
        }
    }
}
