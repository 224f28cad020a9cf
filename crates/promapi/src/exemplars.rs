//! Exemplars: single observations with a trace behind them, as `/query_exemplars` tells them (Prometheus 2.26).

use crate::{DecodeError, Reply, decode_reply, wire};
use borsh::{BorshDeserialize, BorshSerialize};
use frame::{Labels, Millis, Step};
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

/// An exemplar that is shown.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Picked {
    /// When it was observed.
    pub at: Millis,
    /// What was observed, a finite number.
    pub value: f64,
    /// Its own labels, such as `trace_id`. Texts from outside.
    pub labels: Labels,
    /// The labels of its series.
    pub series: Labels,
}

/// Those of all exemplars that are shown, at most `most`, in order of time: in each `step` the greatest value, and below
/// it those that differ from the one above by more than twice the standard deviation of all. That is how Grafana chooses
/// them; where there still are too many, the step is doubled until there are not.
#[must_use]
pub fn pick(series: Vec<ExemplarSeries>, step: Step, most: usize) -> Vec<Picked> {
    let mut all: Vec<Picked> = series.into_iter().flat_map(of_series).filter(|one| one.value.is_finite()).collect();
    let distance = 2.0 * deviation(&all);
    let mut step_millis = step.millis();
    loop {
        all = apart(all, step_millis, distance);
        if all.len() <= most || step_millis > i64::MAX / 2 {
            break;
        }
        step_millis *= 2;
    }
    all.truncate(most);
    frame::sort_by(&mut all, |a, b| a.at.cmp(&b.at));
    all
}

fn of_series(series: ExemplarSeries) -> impl Iterator<Item = Picked> {
    let ExemplarSeries { series_labels, exemplars } = series;
    let picked = move |Exemplar { labels, value, at }| Picked { at, value, labels, series: series_labels.clone() };
    exemplars.into_iter().map(picked)
}

/// The standard deviation of a sample, by Welford's method; 0 for fewer than two.
fn deviation(all: &[Picked]) -> f64 {
    let (mut mean, mut squares) = (0.0, 0.0);
    for (index, one) in all.iter().enumerate() {
        let from_mean = one.value - mean;
        mean += from_mean / (index + 1) as f64;
        squares += from_mean * (one.value - mean);
    }
    if all.len() < 2 { 0.0 } else { (squares / (all.len() - 1) as f64).sqrt() }
}

/// In each step the greatest value, and those that are further than `distance` below the one before.
fn apart(mut all: Vec<Picked>, step_millis: i64, distance: f64) -> Vec<Picked> {
    let step_of = |one: &Picked| one.at.0.div_euclid(step_millis);
    frame::sort_by(&mut all, |a, b| step_of(a).cmp(&step_of(b)).then(b.value.total_cmp(&a.value)));
    let mut last: Option<(i64, f64)> = None;
    all.retain(|one| {
        let keeps = match last {
            Some((step, above)) if step == step_of(one) => distance > 0.0 && above - one.value > distance,
            _ => true,
        };
        if keeps {
            last = Some((step_of(one), one.value));
        }
        keeps
    });
    all
}

/// A number of seconds, with a fraction.
fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<Millis, D::Error> {
    let seconds = <f64 as Deserialize>::deserialize(from)?;
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

    fn observed(values: &[(i64, f64)]) -> Vec<ExemplarSeries> {
        let one = |(at, value): &(i64, f64)| Exemplar { at: Millis(*at), value: *value, ..Exemplar::default() };
        vec![ExemplarSeries { exemplars: values.iter().map(one).collect(), ..ExemplarSeries::default() }]
    }

    #[test]
    fn what_is_shown_is_apart() {
        let check = |values: &[(i64, f64)], most: usize, expected: &[(i64, f64)]| {
            let picked = pick(observed(values), Step::at_least_one(10), most);
            let shown: Vec<(i64, f64)> = picked.iter().map(|one| (one.at.0, one.value)).collect();
            assert_eq!(shown, expected, "{values:?}");
        };
        check(&[], 9, &[]);
        check(&[(3, 1.0), (1, 2.0)], 9, &[(1, 2.0)]);
        check(&[(-1, 1.0), (0, 2.0), (10, 3.0)], 9, &[(-1, 1.0), (0, 2.0), (10, 3.0)]);
        check(&[(1, 5.0), (2, 5.0)], 9, &[(1, 5.0)]);
        check(&[(1, f64::NAN), (2, f64::INFINITY), (3, 1.0)], 9, &[(3, 1.0)]);
        // The deviation of all is 3.2: nine is far enough from nothing.
        let far = [(9, 9.0), (1, 0.0), (2, 0.0), (3, 0.1), (4, 0.0), (5, 0.0), (6, 0.0), (7, 0.0)];
        check(&far, 9, &[(3, 0.1), (9, 9.0)]);
        // Of twice as many as may be shown each second one is left.
        check(&[(0, 1.0), (10, 2.0), (20, 4.0), (30, 3.0)], 2, &[(10, 2.0), (20, 4.0)]);
        check(&[(0, 1.0), (10, 2.0)], 0, &[]);
    }

    proptest::proptest! {
        #[test]
        fn no_more_are_shown_than_there_may_be(values: Vec<(i64, f64)>, step in 1i64.., most in 0usize..20) {
            let picked = pick(observed(&values), Step::at_least_one(step), most);
            proptest::prop_assert!(picked.len() <= most);
            proptest::prop_assert!(picked.is_sorted_by_key(|one| one.at));
            let is_one = |one: &Picked| values.iter().any(|(at, value)| (*at, *value) == (one.at.0, one.value));
            proptest::prop_assert!(picked.iter().all(is_one));
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
