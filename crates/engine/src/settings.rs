//! What the embedding application decides once.

use promapi::Budget;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a coarse answer is followed by a finer one in the background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refine {
    /// Never: the load on the server is Grafana's.
    Panel,
    /// Where the first answer was quick and the samples fit the budget.
    #[default]
    Auto,
    /// Whenever the samples fit the budget.
    Full,
}

/// How one data source is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceSettings {
    /// How often it scrapes; no step is finer.
    pub scrape_interval_millis: i64,
    /// Whether answers are refined.
    pub refine: Refine,
    /// Seconds until a query is given up, by the server and by the client.
    pub timeout_secs: u32,
}

impl Default for SourceSettings {
    fn default() -> Self {
        Self { scrape_interval_millis: 15_000, refine: Refine::Auto, timeout_secs: 60 }
    }
}

/// Settings of an [`Engine`](crate::Engine).
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Data sources that differ from the defaults, by uid.
    pub sources: BTreeMap<String, SourceSettings>,
    /// Fetches in flight per data source. A browser has six connections to an HTTP/1.1 server, and one must stay
    /// free for what the user does meanwhile.
    pub max_in_flight: usize,
    /// What one answer may take.
    pub budget: Budget,
    /// Seed of the jitter between retries; take a different one per page.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sources: BTreeMap::new(),
            max_in_flight: 5,
            budget: Budget { bytes: 256 << 20, samples: 5_000_000, series: 10_000 },
            seed: 0,
        }
    }
}

impl Settings {
    /// The settings of the data source `uid`.
    #[must_use]
    pub fn source(&self, uid: &str) -> SourceSettings {
        self.sources.get(uid).copied().unwrap_or_default()
    }
}
