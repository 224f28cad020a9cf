//! What a server knows about its metrics and about itself.

use crate::wire;
use borsh::{BorshDeserialize, BorshSerialize};
use frame::Labels;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The answer of `/metadata`: metric name to what its targets say about it, which may differ from one to the other.
pub type Metadata = BTreeMap<String, Vec<MetricMetadata>>;

/// The answer of `/series`: one label set per series. Approximate in time.
pub type SeriesList = Vec<SeriesLabels>;

/// The labels of one series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SeriesLabels(#[serde(deserialize_with = "wire::labels")] pub Labels);

/// What a target says about one of its metrics. Texts from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct MetricMetadata {
    /// `counter`, `gauge`, `histogram`, `summary`, `unknown` …
    #[serde(rename = "type", deserialize_with = "wire::null_as_default")]
    pub kind: String,
    /// The help text.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub help: String,
    /// The unit, often empty.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub unit: String,
}

/// What the first target said about each metric, by name.
#[must_use]
pub fn first_of_each(metadata: Metadata) -> Vec<(String, MetricMetadata)> {
    let first = metadata.into_iter().filter_map(|(name, said)| Some((name, said.into_iter().next()?)));
    first.collect()
}

/// The labels of some series, with how many of these have each value.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LabelCounts {
    /// How many series there are.
    pub series: u32,
    /// By name; the metric's name is not among them.
    pub labels: Vec<LabelCount>,
}

/// One label of some series.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct LabelCount {
    /// Its name.
    pub name: Arc<str>,
    /// Its values with their numbers of series, the most common first.
    pub values: Vec<(Arc<str>, u32)>,
}

/// Counts the values of every label.
#[must_use]
pub fn count_labels(series: &SeriesList) -> LabelCounts {
    let mut counts: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    for (name, value) in series.iter().flat_map(|labels| labels.0.iter()) {
        if name != Labels::METRIC_NAME {
            *counts.entry(name).or_default().entry(value).or_default() += 1;
        }
    }
    let labels = counts.into_iter().map(|(name, counts)| {
        let mut values: Vec<(Arc<str>, u32)> = counts.into_iter().map(|(value, count)| (value.into(), count)).collect();
        // Equal numbers stay in the order of the values.
        frame::sort_by(&mut values, |a, b| b.1.cmp(&a.1));
        LabelCount { name: name.into(), values }
    });
    LabelCounts { series: u32::try_from(series.len()).unwrap_or(u32::MAX), labels: labels.collect() }
}

/// The answer of `/status/buildinfo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct BuildInfo {
    /// The version, such as `3.5.0`.
    pub version: String,
    /// The commit it was built from.
    pub revision: String,
    /// Which server it is, where it is not Prometheus itself: Mimir and Cortex say so.
    pub application: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_reply;

    #[test]
    fn metadata_and_build_info_are_read() {
        let body = br#"{"status":"success","data":{"up":[{"type":"gauge","help":"1 <b>up</b>","unit":""},{"type":"counter","help":null,"unit":null}]}}"#;
        let metadata: Metadata = decode_reply(body).unwrap().data;
        let kinds: Vec<_> = metadata["up"].iter().map(|entry| (entry.kind.as_str(), entry.help.as_str())).collect();
        assert_eq!(kinds, [("gauge", "1 <b>up</b>"), ("counter", "")]);

        let body = br#"{"status":"success","data":{"version":"2.42.0","revision":"abc","goVersion":"go1.19"}}"#;
        let build: BuildInfo = decode_reply(body).unwrap().data;
        assert_eq!((build.version.as_str(), build.revision.as_str()), ("2.42.0", "abc"));
    }

    #[test]
    fn the_first_that_is_said_of_a_metric_counts() {
        let body = br#"{"status":"success","data":{"b":[{"type":"gauge"},{"type":"counter"}],"a":[]}}"#;
        let metadata = first_of_each(decode_reply::<Metadata>(body).unwrap().data);
        assert_eq!(metadata.iter().map(|(name, said)| (&**name, &*said.kind)).collect::<Vec<_>>(), [("b", "gauge")]);
    }

    #[test]
    fn values_of_labels_are_counted() {
        let body =
            br#"{"status":"success","data":[{"__name__":"up","job":"a"},{"job":"b"},{"job":"b","x":""},{"job":"0"}]}"#;
        let counts = count_labels(&decode_reply(body).unwrap().data);
        assert_eq!(counts.series, 4);
        let labels = counts.labels.iter().map(|label| {
            let values = label.values.iter().map(|(value, count)| format!("{value}={count}"));
            format!("{}: {}", label.name, values.collect::<Vec<_>>().join(" "))
        });
        assert_eq!(labels.collect::<Vec<_>>(), ["job: b=2 0=1 a=1", "x: =1"]);
    }

    #[test]
    fn series_are_label_sets() {
        let body = br#"{"status":"success","data":[{"job":"a","__name__":"up"},{}]}"#;
        let series: SeriesList = decode_reply(body).unwrap().data;
        assert_eq!(series.iter().map(|one| one.0.to_string()).collect::<Vec<_>>(), [r#"up{job="a"}"#, "{}"]);
    }
}
