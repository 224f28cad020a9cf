//! `config.json`: where the data is and what the page opens with, read when the page starts.
//!
//! The file lies beside the page and is public: it holds no secrets, and what looks like one is refused.
//! Reading never fails: what is wrong is told with its place and the rest counts.
//!
//! ```
//! let (config, problems) = config::parse(r#"{"dataSources": [{"uid": "p", "ulr": "prometheus"}]}"#);
//! assert_eq!(problems[0].to_string(), "dataSources[0].ulr: unknown key, did you mean url?");
//! assert!(config.data_sources.is_empty(), "a data source needs a URL");
//! ```
//!
//! [`Settings`] are what a user chooses beyond it.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod access;
mod read;
mod settings;
mod url;

pub use read::{Problem, parse};
pub use settings::{Settings, WeekStart};
pub use url::{check_link, check_url};

/// What the page needs to know before it can show anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Prometheus and servers that speak its API.
    pub data_sources: Vec<DataSource>,
    /// Alertmanagers.
    pub alertmanagers: Vec<Alertmanager>,
    /// Where dashboards are listed.
    pub dashboards: Dashboards,
    /// What the page opens with where the URL does not say.
    pub defaults: Defaults,
    /// What pages around the page are told, when it is in a frame.
    pub embed: Embed,
    /// What all answers on the page may take together; the page's own limits where nothing is said.
    pub limits: Limits,
    /// What helps to find errors in the page itself.
    pub debug: Debug,
}

/// What helps to find errors in the page itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Debug {
    /// Whether every answer put together from pieces is compared with one asked for as a whole.
    pub check_merges: bool,
}

/// What pages around the page are told, when it is in a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embed {
    /// The origins that are told how large the content is.
    pub origins: Vec<String>,
}

/// A server that speaks Prometheus' API.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSource {
    /// What dashboards call it.
    pub uid: String,
    /// What the user reads.
    pub name: String,
    /// Where it is, without `/api/v1`: relative to the page, or an http(s) URL. It does not end in a slash.
    pub url: String,
    /// Used where none is named.
    pub default: bool,
    /// How finely charts are asked for.
    pub resolution: Resolution,
    /// How often it scrapes, in milliseconds.
    pub scrape_interval_millis: u64,
    /// After how many milliseconds a query is given up.
    pub timeout_millis: u64,
    /// The most fetches at a time, or the page's own limit.
    pub max_in_flight: Option<u64>,
    /// What one answer may take; the page's own limits where nothing is said.
    pub limits: Limits,
    /// Where exemplars lead.
    pub exemplar_links: Vec<ExemplarLink>,
    /// How it is asked.
    pub access: Access,
}

/// Where the label of an exemplar leads, such as to the trace that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemplarLink {
    /// The label.
    pub label: String,
    /// The address, in which `${__value.raw}` stands for the label's value.
    pub url: String,
    /// What is clicked.
    pub title: String,
}

/// How much of answers is kept. What is not said is left to the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes, uncompressed.
    pub max_bytes: Option<u64>,
    /// The most samples.
    pub max_samples: Option<u64>,
    /// The most series.
    pub max_series: Option<u64>,
}

/// What goes with every request to a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Whether cookies and the like are sent along.
    pub credentials: Credentials,
    /// Headers that say for whom is asked, such as `X-Scope-OrgID`. Never one that shows who asks: the file is public.
    pub headers: Vec<(String, String)>,
    /// More parameters, such as `dedup`. A name may repeat.
    pub params: Vec<(String, String)>,
    /// Whether all is asked by GET, for servers that take nothing else.
    pub only_get: bool,
}

/// Whether cookies, client certificates and passwords that the browser has are sent along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// To the page's own origin only.
    #[default]
    SameOrigin,
    /// To other origins as well; they have to allow it by name.
    Include,
    /// Never.
    Omit,
}

/// How finely charts over time are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resolution {
    /// One point per pixel, as Grafana.
    Panel,
    /// Finer in the background where the server is quick.
    #[default]
    Auto,
    /// Always down to the scrape interval.
    Full,
}

/// An Alertmanager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alertmanager {
    /// What the user reads.
    pub name: String,
    /// Where it is, without `/api/v2`.
    pub url: String,
    /// How it is asked.
    pub access: Access,
}

/// Where dashboards are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dashboards {
    /// The list, relative to the page.
    pub index: String,
}

impl Default for Dashboards {
    fn default() -> Self {
        Self { index: "dashboards/index.json".into() }
    }
}

/// What the page opens with where neither the URL, nor the user's settings, nor the dashboard says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The uid of the dashboard that is opened first; none for the list.
    pub dashboard: Option<String>,
    /// Refresh interval.
    pub refresh: Option<String>,
    /// Start of the time range; none for the dashboard's own.
    pub from: Option<String>,
    /// End of the time range.
    pub to: Option<String>,
    /// Dark, light, or as the system.
    pub theme: ThemeChoice,
    /// `browser`, `utc` or an IANA zone.
    pub timezone: Option<String>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { dashboard: None, refresh: None, from: None, to: None, theme: ThemeChoice::Auto, timezone: None }
    }
}

/// Which theme the page takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ThemeChoice {
    /// As the system.
    #[default]
    Auto,
    Dark,
    Light,
}

impl ThemeChoice {
    /// The choices by their words in the address, in `config.json` and in the settings.
    pub const WORDS: [(&'static str, Self); 3] = [("auto", Self::Auto), ("dark", Self::Dark), ("light", Self::Light)];

    /// What `word` means; anything else than a choice follows the system.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        named(word, &Self::WORDS).unwrap_or_default()
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(self, &Self::WORDS)
    }
}

impl Resolution {
    /// The choices by their words.
    pub const WORDS: [(&'static str, Self); 3] = [("panel", Self::Panel), ("auto", Self::Auto), ("full", Self::Full)];
}

/// What `word` stands for among a choice's `WORDS`.
#[must_use]
pub fn named<T: Copy>(word: &str, words: &[(&str, T)]) -> Option<T> {
    words.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice)
}

/// The word for `choice` among its `WORDS`.
#[must_use]
pub fn word_of<T: Copy + PartialEq>(choice: T, words: &[(&'static str, T)]) -> &'static str {
    words.iter().find(|(_, known)| *known == choice).map_or("", |(word, _)| word)
}

impl Config {
    /// The data source that dashboards call `reference`, by uid or else by name.
    #[must_use]
    pub fn data_source(&self, reference: &str) -> Option<&DataSource> {
        let by_uid = self.data_sources.iter().find(|source| source.uid == reference);
        by_uid.or_else(|| self.data_sources.iter().find(|source| source.name == reference))
    }

    /// The data source used where none is named: the one marked so, or the first.
    #[must_use]
    pub fn default_source(&self) -> Option<&DataSource> {
        self.data_sources.iter().find(|source| source.default).or(self.data_sources.first())
    }

    /// All data sources, the default one first: what is offered stands in this order, and the first is taken where a
    /// dashboard names one of elsewhere.
    pub fn default_source_first(&self) -> impl Iterator<Item = &DataSource> {
        let first = self.default_source();
        let others = self.data_sources.iter().filter(move |source| first.is_none_or(|first| first.uid != source.uid));
        first.into_iter().chain(others)
    }

    /// A configuration with one Prometheus at `url`, for a page without a file.
    #[must_use]
    pub fn with_prometheus_at(url: &str) -> Self {
        Self { data_sources: vec![DataSource::new("prometheus", "Prometheus", url)], ..Self::default() }
    }

    /// Where a page without a file looks for a Prometheus on its own origin, most likely first: each is a configuration
    /// to try.
    #[must_use]
    pub fn default_for_origin() -> Vec<Self> {
        // The API itself is below these, at ../api/v1, /api/v1 and /prometheus/api/v1.
        ["..", "/", "/prometheus"].iter().map(|url| Self::with_prometheus_at(url)).collect()
    }
}

impl DataSource {
    /// A data source with everything but its place left as usual.
    #[must_use]
    pub fn new(uid: impl Into<String>, name: impl Into<String>, url: &str) -> Self {
        Self {
            uid: uid.into(),
            name: name.into(),
            url: url.trim_end_matches('/').to_owned(),
            default: false,
            resolution: Resolution::default(),
            scrape_interval_millis: 15_000,
            timeout_millis: 30_000,
            max_in_flight: None,
            limits: Limits::default(),
            exemplar_links: Vec::new(),
            access: Access::default(),
        }
    }

    /// The address of one of its API's endpoints, such as `query_range`.
    #[must_use]
    pub fn api_url(&self, endpoint: &str) -> String {
        format!("{}/api/v1/{endpoint}", self.url)
    }
}
