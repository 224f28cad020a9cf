//! Texts that a data source is asked for: a variable's options, what is offered while a query is typed.

use dashboard::variable_query::Texts;
use frame::{Labels, Millis, TimeRange};
use promapi::{Budget, DecodeError, Decoder, Expect, QueryResult, Request};
use std::sync::Arc;

/// So many are asked for at most: large servers have millions, and no list shows them.
pub const MOST: u32 = 10_000;

/// What is sent for `texts`. As Grafana does it, names and values are those of whole minutes, so that they may be kept for
/// a while on their way, and everything else is asked for in whole seconds.
#[must_use]
pub fn request(texts: &Texts, range: TimeRange, timeout_secs: u32) -> Request {
    const SECOND_MILLIS: i64 = 1_000;
    const MINUTE_MILLIS: i64 = 60 * SECOND_MILLIS;
    let down = |at: Millis, unit: i64| Millis(at.0.div_euclid(unit).saturating_mul(unit));
    let up = |at: Millis, unit: i64| Millis(at.0.saturating_add(unit - 1).div_euclid(unit).saturating_mul(unit));
    let minutes = TimeRange { start: down(range.start, MINUTE_MILLIS), end: up(range.end, MINUTE_MILLIS) };
    let seconds = TimeRange { start: up(range.start, SECOND_MILLIS), end: up(range.end, SECOND_MILLIS) };
    match texts {
        Texts::LabelValues { label, matcher } => Request::label_values(label, matcher.as_slice(), minutes, MOST),
        Texts::LabelNames { matcher } => Request::labels(matcher.as_slice(), minutes, MOST),
        Texts::Series { matcher } => Request::series(std::slice::from_ref(matcher), seconds, MOST),
        Texts::Result { expr } => Request::query(expr, seconds.end, timeout_secs),
    }
}

/// The series of an instant query's answer as Grafana's `query_result` writes them: `up{job="a"} 1 1700000000000`.
///
/// # Errors
/// The answer cannot be read.
pub fn of_result(body: &[u8]) -> Result<Vec<Arc<str>>, DecodeError> {
    let budget = Budget { bytes: u64::MAX, samples: MOST.into(), series: MOST };
    let mut decoder = Decoder::new(Expect::Any, budget);
    decoder.push(body)?;
    let text = |labels: &Labels, value: f64, at: Millis| {
        let name = labels.metric_name().unwrap_or_default();
        let rest = labels.iter().filter(|(label, _)| *label != Labels::METRIC_NAME);
        let rest: Vec<String> = rest.map(|(label, value)| format!("{label}=\"{value}\"")).collect();
        format!("{name}{{{}}} {} {}", rest.join(","), frame::decimal::text(value), at.0).into()
    };
    Ok(match decoder.finish()?.result {
        QueryResult::Vector(vector) => {
            vector.series.iter().map(|(labels, value)| text(labels, *value, vector.at)).collect()
        }
        QueryResult::Scalar(_, value) => vec![frame::decimal::text(value).into()],
        QueryResult::String(_, text) => vec![text.into()],
        QueryResult::Matrix(_) => Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        let body =
            r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1,"2"]}]}}"#;
        assert_eq!(of_result(body.as_bytes()).map(|texts| texts.len()), Ok(1));
        for len in 0..body.len() {
            let cut = of_result(&body.as_bytes()[..len]);
            assert!(matches!(cut, Err(DecodeError::Truncated { .. })), "{len}: {cut:?}");
        }
    }
}
