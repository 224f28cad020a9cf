//! What the embedding application decides once.

use borsh::{BorshDeserialize, BorshSerialize};
use frame::{SortedMap, SortedSet};
use promapi::Budget;

/// Whether a coarse answer is followed by a finer one in the background. In the order of the load on the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize)]
pub enum Refine {
    /// Never: the load on the server is Grafana's.
    Panel,
    /// Where the first answer was quick, the samples fit the budget, and the server has to read little more for it: at most
    /// four times what the first answer took, and no more than the budget either.
    #[default]
    Auto,
    /// Whenever the samples fit the budget.
    Full,
}

/// How one data source is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SourceSettings {
    /// How often it scrapes; no step is finer.
    pub scrape_interval_millis: i64,
    /// Whether answers are refined.
    pub refine: Refine,
    /// Seconds until a query is given up, by the server and by the client.
    pub timeout_secs: u32,
    /// Fetches in flight to its origin; none for what is usual with the origin's protocol.
    pub max_in_flight: Option<u32>,
    /// What one answer may take.
    pub budget: Budget,
}

impl Default for SourceSettings {
    fn default() -> Self {
        Self {
            scrape_interval_millis: 15_000,
            refine: Refine::Auto,
            timeout_secs: 30,
            max_in_flight: None,
            budget: Budget { bytes: 256 << 20, samples: 5_000_000, series: 10_000 },
        }
    }
}

/// Settings of an [`Engine`](crate::Engine).
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Data sources that differ from the defaults, by uid.
    pub sources: SortedMap<String, SourceSettings>,
    /// Where each data source is reached (scheme, host and port), by uid. Those of one origin share its connections;
    /// one that is not named here has its own.
    pub origins: SortedMap<String, String>,
    /// Fetches in flight per origin. A browser has six connections to an HTTP/1.1 server, and one must stay free for
    /// what the user does meanwhile.
    pub max_in_flight: usize,
    /// The same for the origins in [`multiplexed`](Self::multiplexed).
    pub max_in_flight_multiplexed: usize,
    /// The origins that answer many requests over one connection: those known to speak HTTP/2 or later.
    pub multiplexed: SortedSet<String>,
    /// What all answers shown may take together.
    pub page_budget: Budget,
    /// Bytes of answers that are kept to make others from, shown ones included.
    pub cache_bytes: u64,
    /// How late a sample may come and still be seen at the next refresh, in milliseconds.
    pub overlap_millis: i64,
    /// How long answers are added to until they are asked for anew as a whole, for samples that came later than that.
    /// In milliseconds, a quarter less or more. So long their end is also good for looking closer at it.
    pub renew_millis: i64,
    /// Whether every answer put together from pieces is compared with one asked for as a whole. For tests: it makes
    /// up for everything that is saved.
    pub check_merges: bool,
    /// Seed of the jitter between retries; take a different one per page.
    pub seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        const MINUTE_MILLIS: i64 = 60_000;
        Self {
            sources: SortedMap::new(),
            origins: SortedMap::new(),
            max_in_flight: 5,
            max_in_flight_multiplexed: 30,
            multiplexed: SortedSet::new(),
            page_budget: Self::PAGE_BUDGET,
            cache_bytes: 64 << 20,
            overlap_millis: 10 * MINUTE_MILLIS,
            renew_millis: 30 * MINUTE_MILLIS,
            check_merges: false,
            seed: 0,
        }
    }
}

impl Settings {
    /// What all answers shown may take together where nothing else is said.
    pub const PAGE_BUDGET: Budget = Budget { bytes: 1 << 30, samples: 20_000_000, series: 100_000 };

    /// The settings of the data source `uid`.
    #[must_use]
    pub fn source(&self, uid: &str) -> SourceSettings {
        self.sources.get(uid).copied().unwrap_or_default()
    }

    /// Where the data source `uid` is reached, or its own name where that is not known.
    pub(crate) fn origin<'a>(&'a self, uid: &'a str) -> &'a str {
        self.origins.get(uid).map_or(uid, String::as_str)
    }

    /// How many fetches may be in flight to the origin of the data source `uid`.
    pub(crate) fn most_in_flight(&self, uid: &str) -> usize {
        let is_multiplexed = self.multiplexed.contains(self.origin(uid));
        let usual = if is_multiplexed { self.max_in_flight_multiplexed } else { self.max_in_flight };
        let own = self.source(uid).max_in_flight.and_then(|most| usize::try_from(most).ok());
        own.unwrap_or(usual).max(1)
    }
}
