//! What a server knows about its metrics and about itself.

use crate::wire;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The answer of `/metadata`: metric name to what its targets say about it, which may differ from one to the other.
pub type Metadata = BTreeMap<String, Vec<MetricMetadata>>;

/// The answer of `/series`: one label set per series. Approximate in time.
pub type SeriesList = Vec<SeriesLabels>;

/// The labels of one series.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct SeriesLabels(#[serde(deserialize_with = "wire::labels")] pub frame::Labels);

/// What a target says about one of its metrics. Texts from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MetricMetadata {
    /// `counter`, `gauge`, `histogram`, `summary`, `unknown` …
    #[serde(rename = "type")]
    pub kind: String,
    /// The help text.
    pub help: String,
    /// The unit, often empty.
    pub unit: String,
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
        let body = br#"{"status":"success","data":{"up":[{"type":"gauge","help":"1 <b>up</b>","unit":""},{"type":"counter"}]}}"#;
        let metadata: Metadata = decode_reply(body).unwrap().data;
        let kinds: Vec<_> = metadata["up"].iter().map(|entry| (entry.kind.as_str(), entry.help.as_str())).collect();
        assert_eq!(kinds, [("gauge", "1 <b>up</b>"), ("counter", "")]);

        let body = br#"{"status":"success","data":{"version":"2.42.0","revision":"abc","goVersion":"go1.19"}}"#;
        let build: BuildInfo = decode_reply(body).unwrap().data;
        assert_eq!((build.version.as_str(), build.revision.as_str()), ("2.42.0", "abc"));
    }

    #[test]
    fn series_are_label_sets() {
        let body = br#"{"status":"success","data":[{"job":"a","__name__":"up"},{}]}"#;
        let series: SeriesList = decode_reply(body).unwrap().data;
        assert_eq!(series.iter().map(|one| one.0.to_string()).collect::<Vec<_>>(), [r#"up{job="a"}"#, "{}"]);
    }
}
