//! What a server scrapes, and what its database holds.

use crate::wire;
use borsh::{BorshDeserialize, BorshSerialize};
use frame::{Labels, Millis};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The answer of `/targets`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Targets {
    /// What is scraped.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub active_targets: Vec<Target>,
    /// What service discovery found and relabelling dropped. Servers may leave some out.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub dropped_targets: Vec<DroppedTarget>,
}

/// Something that is scraped. Texts from outside.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Target {
    /// What service discovery knew of it, before relabelling.
    #[serde(deserialize_with = "wire::labels")]
    pub discovered_labels: Labels,
    /// What its series carry.
    #[serde(deserialize_with = "wire::labels")]
    pub labels: Labels,
    /// The scrape configuration it belongs to.
    pub scrape_pool: String,
    /// Where it is scraped.
    pub scrape_url: String,
    /// Why the last scrape failed; empty if it did not.
    pub last_error: String,
    /// When it was scraped.
    #[serde(deserialize_with = "wire::instant")]
    pub last_scrape: Option<Millis>,
    /// How long that took, in seconds.
    pub last_scrape_duration: f64,
    /// Whether it is up.
    pub health: TargetHealth,
    /// How often it is scraped, such as `15s`; empty from old servers.
    pub scrape_interval: String,
}

/// Whether a target answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetHealth {
    /// The last scrape succeeded.
    Up,
    /// It failed.
    Down,
    /// It has not been scraped yet, or the server says something that is not known here.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Something that was found, and dropped by relabelling.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DroppedTarget {
    /// What service discovery knew of it.
    #[serde(deserialize_with = "wire::labels")]
    pub discovered_labels: Labels,
}

/// The answer of `/status/tsdb`: what makes the database large.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DatabaseStatus {
    /// The block that is written to.
    pub head_stats: HeadStats,
    /// Metrics with the most series.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub series_count_by_metric_name: Vec<Count>,
    /// Labels with the most values.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub label_value_count_by_label_name: Vec<Count>,
    /// Labels by the bytes of their values.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub memory_in_bytes_by_label_name: Vec<Count>,
    /// `label=value` pairs with the most series.
    #[serde(deserialize_with = "wire::null_as_default")]
    pub series_count_by_label_value_pair: Vec<Count>,
}

/// The answer of `/status/flags`: the flags a server was started with, defaults included, by their names.
pub type Flags = BTreeMap<String, String>;

/// How much is in the block that is written to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HeadStats {
    /// Series.
    pub num_series: u64,
    /// Chunks.
    pub chunk_count: u64,
    /// Distinct pairs of label and value.
    pub num_label_pairs: u64,
}

/// A name and how often it is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, BorshSerialize, BorshDeserialize)]
#[serde(default)]
pub struct Count {
    /// Of a metric, a label or a pair of both.
    pub name: String,
    /// How many, or how many bytes.
    pub value: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_reply;

    #[test]
    fn targets() {
        let body = br#"{"status":"success","data":{"activeTargets":[
            {"discoveredLabels":{"__address__":"a:1","job":"x"},"labels":{"instance":"a:1","job":"x"},"scrapePool":"x",
             "scrapeUrl":"http://a:1/metrics","globalUrl":"http://h:1/metrics","lastError":"","lastScrape":"2026-11-20T14:00:00Z",
             "lastScrapeDuration":0.0125,"health":"up","scrapeInterval":"15s","scrapeTimeout":"10s"},
            {"scrapePool":"y","health":"odd","labels":null,"lastScrape":"0001-01-01T00:00:00Z"}],
            "droppedTargets":[{"discoveredLabels":{"__address__":"b:1"},"scrapePool":"x"}],"droppedTargetCounts":null}}"#;
        let targets: Targets = decode_reply(body).unwrap().data;
        let [first, second] = &targets.active_targets[..] else { panic!("{targets:?}") };
        assert_eq!(
            (first.scrape_pool.as_str(), first.health, first.last_scrape_duration),
            ("x", TargetHealth::Up, 0.0125)
        );
        assert_eq!(
            (first.labels.get("instance"), first.discovered_labels.get("__address__")),
            (Some("a:1"), Some("a:1"))
        );
        assert_eq!((second.health, second.last_scrape), (TargetHealth::Unknown, None));
        assert_eq!(targets.dropped_targets.len(), 1);

        let body = br#"{"status":"success","data":{"activeTargets":[],"droppedTargets":null}}"#;
        assert_eq!(decode_reply::<Targets>(body).unwrap().data, Targets::default());
    }

    #[test]
    fn the_database() {
        let body = br#"{"status":"success","data":{"headStats":{"numSeries":508,"numLabelPairs":9,"chunkCount":937,"minTime":1},
            "seriesCountByMetricName":[{"name":"up","value":28}],"labelValueCountByLabelName":null}}"#;
        let status: DatabaseStatus = decode_reply(body).unwrap().data;
        assert_eq!(status.head_stats, HeadStats { num_series: 508, chunk_count: 937, num_label_pairs: 9 });
        assert_eq!(status.series_count_by_metric_name, [Count { name: "up".into(), value: 28 }]);
    }

    #[test]
    fn the_flags() {
        let body = br#"{"status":"success","data":{"web.listen-address":"0.0.0.0:9090","log.level":"info"}}"#;
        let flags: Flags = decode_reply(body).unwrap().data;
        let pairs: Vec<(&str, &str)> = flags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("log.level", "info"), ("web.listen-address", "0.0.0.0:9090")]);
    }
}
