//! What the page and the worker say to each other.
//!
//! To the worker a message is a `Uint8Array` with a [`ToWorker`], to the page an array of one with a [`ToPage`] and, for
//! pictures, the sample columns as typed arrays. All of their memory is transferred, never copied by the browser.

use borsh::{BorshDeserialize, BorshSerialize};
pub use dashboard::variable_query::Texts;
use engine::shape::TableWish;
use engine::{ErrorCard, PanelId, Placement, SeriesHead, View};
use frame::{Millis, SortedMap, Step, TimeRange, float_bits};
use js_sys::Uint8Array;
use promapi::Budget;
use promapi::alertmanager::{self, AlertGroup};
use promapi::exemplars::Picked;
use promapi::metadata::BuildInfo;
use promapi::rule_list::{RuleCounts, RuleWish};
use promapi::targets::{DatabaseStatus, Flags, Targets};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};

/// `message` in memory that can be transferred.
///
/// # Errors
///
/// For what borsh has no form for: a NaN, or more than `u32::MAX` of something.
pub fn encode(message: &impl BorshSerialize) -> borsh::io::Result<Uint8Array> {
    borsh::to_vec(message).map(|bytes| Uint8Array::from(bytes.as_slice()))
}

/// The message in `data`; none where there is none.
pub fn decode<T: BorshDeserialize>(data: &JsValue) -> Option<T> {
    let bytes: &Uint8Array = data.dyn_ref()?;
    borsh::from_slice(&bytes.to_vec()).ok()
}

/// An endpoint the worker may talk to. Nothing else is ever requested.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Endpoint {
    /// How panels name it.
    pub uid: String,
    /// Absolute URL, without a slash at the end, below which `api/v1/` (or `api/v2/`) lies.
    pub url: String,
    /// What goes with every request.
    pub access: Access,
}

/// What goes with every request to an endpoint; see `config::Access`.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Access {
    /// Whether cookies are sent: never, always, or to the page's own origin (none).
    pub cookies: Option<bool>,
    pub headers: Vec<(String, String)>,
    pub params: Vec<(String, String)>,
    pub only_get: bool,
}

/// How each data source is asked, by uid.
pub type SourceTable = SortedMap<String, engine::SourceSettings>;

/// From the page to the worker.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub enum ToWorker {
    /// First of all: where the data comes from.
    Configure {
        sources: Vec<Endpoint>,
        alertmanagers: Vec<Endpoint>,
        settings: SourceTable,
        page_budget: Budget,
        check_merges: bool,
        seed: u64,
    },
    /// What is on the page now.
    Show(View),
    /// A panel's width or visibility changed.
    Place(PanelId, Placement),
    /// Whether a panel that is off the screen is near to it.
    Near(PanelId, bool),
    /// Device pixels per CSS pixel.
    PixelRatio(f64),
    /// Fetch anew, now.
    Refresh,
    /// Try a failed panel again, now.
    Retry(PanelId),
    /// The tab was hidden or shown.
    Hidden(bool),
    /// Whether servers are asked what their answers cost them.
    Statistics(bool),
    /// A question with one answer.
    Ask(u32, Question),
    /// The answer is not wanted any more.
    Forget(u32),
}

/// What the page asks once, apart from panels.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Question {
    /// The full-resolution values of a panel at an instant, for its tooltip.
    Values(PanelId, Millis),
    /// A part of a panel's tables.
    Table(PanelId, TableWish),
    /// The exemplars behind these queries of a panel: [`Exemplars`], or nothing where it shows nothing yet.
    Exemplars(PanelId, Vec<String>),
    /// Texts for a variable or a completion.
    Texts { source: String, of: Texts, range: TimeRange },
    /// How many alerting and recording rules a data source has. The worker keeps the rules.
    Rules { source: String },
    /// A part of the rules that were kept last: a [`RulePage`](promapi::rule_list::RulePage), or nothing where none are.
    RulePage { source: String, wish: RuleWish },
    /// The alerts an Alertmanager holds, grouped as it routes them.
    AlertGroups { alertmanager: String },
    /// What a server tells about itself.
    Status(About),
    /// What a data source knows of its metrics.
    Metrics { source: String, of: Metrics },
}

/// What a data source is asked of its metrics.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Metrics {
    /// Type, help and unit of each: a list of [`Help`].
    Help,
    /// The labels of the series that match: a [`LabelCounts`](promapi::metadata::LabelCounts).
    Labels { selector: String, range: TimeRange },
}

/// The name of a metric, and what its targets say of it.
pub type Help = (String, promapi::metadata::MetricMetadata);

/// Whose status, and what of it.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum About {
    /// What a data source scrapes.
    Targets { source: String },
    /// What a data source was built from.
    Build { source: String },
    /// What makes a data source's database large.
    Database { source: String },
    /// What a data source was started with. Proxies rarely let it through: only asked where somebody wants to see it.
    Flags { source: String },
    /// An Alertmanager and its cluster.
    Alertmanager { alertmanager: String },
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Reply {
    Values(Option<Values>),
    Texts(Vec<Arc<str>>),
    /// [`Alerts`], [`Status`], [`Exemplars`], a [`TablePage`](engine::shape::TablePage), or what was asked of [`Metrics`], in
    /// borsh's form.
    /// Not decoded along with the message, as only one page needs the code for that.
    Encoded(Vec<u8>),
}

/// The answer to a question about rules or alerts.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Alerts {
    Rules(RuleCounts),
    Groups(Vec<AlertGroup>),
}

/// The answer to a question about a status.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub enum Status {
    Targets(Targets),
    Build(BuildInfo),
    Database(DatabaseStatus),
    Flags(Flags),
    Alertmanager(alertmanager::Status),
}

/// The exemplars of a panel that are shown.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Exemplars {
    /// The uid of the data source that tells them.
    pub source: String,
    /// In order of time.
    pub shown: Vec<Picked>,
}

/// Every series' value at an instant, in the order of the picture's series.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct Values {
    pub at: Millis,
    #[borsh(serialize_with = "float_bits::write_list", deserialize_with = "float_bits::read_list")]
    pub values: Vec<f64>,
}

/// From the worker to the page.
#[derive(Debug, BorshSerialize, BorshDeserialize)]
pub enum ToPage {
    /// A panel changed. A picture's columns follow as two typed arrays: times and values.
    Panel(PanelId, Phase, Option<PictureHead>),
    /// The range that relative times stand for since the last refresh.
    Range(TimeRange),
    /// A fetch finished: how long it took, for User Timing.
    Fetched(FetchReport),
    /// What is wrong with a data source as a whole; nothing once it answers again.
    Source { uid: String, trouble: Option<ErrorCard> },
    /// By how much the servers' clock is ahead of this machine's; 0 when that is of no account.
    Skew { millis: i64 },
    /// First of all: nothing that another worker said of data sources and clocks counts any more.
    Begun,
    /// The worker has much more memory than it needs, which it cannot give back: time for another one.
    Outgrown,
    /// The answer to question number n.
    Answer(u32, Result<Reply, ErrorCard>),
}

/// Where a panel is with its data. The picture it had stays with the page.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub enum Phase {
    Idle,
    Loading,
    Ready,
    Failed { error: ErrorCard, retry_at: Option<Millis> },
}

/// All of a picture but its columns.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct PictureHead {
    pub range: TimeRange,
    /// The distance between the points it was made from.
    pub step: Step,
    /// `$__interval`: the smallest step of its queries, whether or not it was drawn from finer answers.
    pub interval: Step,
    /// When its data came, to say since when it is stale.
    pub came_at: Millis,
    pub series: Vec<SeriesHead>,
    /// The number of each series' stack; empty where none is stacked.
    pub stacks: Vec<Option<u32>>,
    /// Series `i` has the points `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<u32>,
    pub samples: u64,
    pub notices: Vec<String>,
    /// The queries that failed while others were answered, each with its ref id before it.
    pub failures: Vec<String>,
    /// How long reducing took, in milliseconds.
    pub reduce_millis: f64,
}

/// The worker's own measures of one request; the page re-issues them as User Timing.
#[derive(Clone, Debug, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct FetchReport {
    pub panels: Vec<PanelId>,
    pub query_millis: f64,
    pub decode_millis: f64,
    pub bytes: u64,
    pub series: u32,
    pub samples: u64,
    pub cost: ServerCost,
}

/// What an answer cost its server, as far as it told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ServerCost {
    /// How long it evaluated the query.
    pub eval_micros: Option<u64>,
    /// How many samples it read.
    pub read_samples: Option<u64>,
    /// How many it held at once.
    pub peak_samples: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::GAP;
    use promapi::FetchError;
    use promapi::metadata::{LabelCount, LabelCounts};
    use promapi::targets::Target;
    use std::fmt::Debug;

    /// Comes back as it was; every other form is refused or is another message, but never a panic.
    fn check<T: BorshSerialize + BorshDeserialize + Debug>(message: &T) {
        let bytes = borsh::to_vec(message).expect("encodable");
        let back: T = borsh::from_slice(&bytes).expect("decodable");
        // By text, as NaN is not equal to itself.
        assert_eq!(format!("{back:?}"), format!("{message:?}"));
        for end in 0..bytes.len() {
            assert!(borsh::from_slice::<T>(&bytes[..end]).is_err(), "{message:?} cut at {end}");
        }
        for at in 0..bytes.len() {
            for byte in [0, 1, 2, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = byte;
                let _ = borsh::from_slice::<T>(&changed);
            }
        }
    }

    #[test]
    fn messages_to_the_worker() {
        let pairs = || vec![("X-Scope-OrgID".to_owned(), "a".to_owned())];
        let access = || Access { cookies: Some(true), headers: pairs(), params: pairs(), only_get: true };
        let endpoint = || vec![Endpoint { uid: "prom".into(), url: "http://localhost:9090".into(), access: access() }];
        let settings = SourceTable::from([("prom".to_owned(), engine::SourceSettings::default())]);
        let range = TimeRange::new(-1, 1);
        let view = View { refresh_millis: Some(5_000), ..View::default() };
        let texts = |of| Question::Texts { source: "prom".into(), of, range };
        let label = |matcher| texts(Texts::LabelValues { label: "job".into(), matcher });
        for message in [
            ToWorker::Configure {
                sources: endpoint(),
                alertmanagers: endpoint(),
                settings,
                page_budget: engine::Settings::PAGE_BUDGET,
                check_merges: true,
                seed: u64::MAX,
            },
            ToWorker::Show(view),
            ToWorker::Place("1".into(), Placement { width_px: 800, visible: true }),
            ToWorker::Near("1".into(), true),
            ToWorker::PixelRatio(1.25),
            ToWorker::Refresh,
            ToWorker::Retry("1".into()),
            ToWorker::Hidden(true),
            ToWorker::Statistics(true),
            ToWorker::Ask(1, Question::Values("1".into(), Millis(-1))),
            ToWorker::Ask(1, Question::Table("1".into(), TableWish { rows: 100, ..TableWish::default() })),
            ToWorker::Ask(1, Question::Exemplars("1".into(), vec!["A".into()])),
            ToWorker::Ask(2, label(None)),
            ToWorker::Ask(3, label(Some("up".into()))),
            ToWorker::Ask(3, texts(Texts::LabelNames { matcher: None })),
            ToWorker::Ask(3, texts(Texts::Result { expr: "up".into() })),
            ToWorker::Ask(3, texts(Texts::Series { matcher: "up".into() })),
            ToWorker::Ask(4, Question::Rules { source: "prom".into() }),
            ToWorker::Ask(4, Question::RulePage { source: "prom".into(), wish: RuleWish::default() }),
            ToWorker::Ask(5, Question::AlertGroups { alertmanager: "am".into() }),
            ToWorker::Ask(6, Question::Status(About::Targets { source: "prom".into() })),
            ToWorker::Ask(7, Question::Metrics { source: "prom".into(), of: Metrics::Help }),
            ToWorker::Ask(
                8,
                Question::Metrics { source: "".into(), of: Metrics::Labels { selector: "up".into(), range } },
            ),
            ToWorker::Forget(u32::MAX),
        ] {
            check(&message);
        }
    }

    #[test]
    fn messages_to_the_page() {
        let error = || ErrorCard::from(&FetchError::TimedOut { after_secs: 30 });
        let series = SeriesHead { name: "up".into(), calcs: vec![GAP, f64::NAN, 1.0], ..SeriesHead::default() };
        let head = PictureHead {
            range: TimeRange::new(0, 60_000),
            step: Step::at_least_one(15_000),
            interval: Step::at_least_one(15_000),
            came_at: Millis(60_000),
            series: vec![series],
            stacks: vec![Some(1), None],
            offsets: vec![0, 4],
            samples: 5,
            notices: vec!["only a part".into()],
            failures: vec!["B: no".into()],
            reduce_millis: 0.5,
        };
        let report = FetchReport {
            panels: vec!["1".into()],
            query_millis: 1.5,
            decode_millis: 0.0,
            bytes: 9,
            series: 1,
            samples: 5,
            cost: ServerCost { eval_micros: Some(1), ..ServerCost::default() },
        };
        let failed = Phase::Failed { error: error(), retry_at: Some(Millis(1)) };
        let values = Values { at: Millis(7), values: vec![f64::NAN, GAP, -0.0] };
        for message in [
            ToPage::Panel("1".into(), Phase::Ready, Some(head)),
            ToPage::Panel("2".into(), failed, None),
            ToPage::Range(TimeRange::new(0, 1)),
            ToPage::Source { uid: "prom".into(), trouble: Some(error()) },
            ToPage::Skew { millis: -42_000 },
            ToPage::Begun,
            ToPage::Outgrown,
            ToPage::Fetched(report),
            ToPage::Answer(1, Ok(Reply::Values(Some(values)))),
            ToPage::Answer(2, Ok(Reply::Texts(vec!["job".into(), "".into()]))),
            ToPage::Answer(3, Ok(Reply::Encoded(vec![0; 3]))),
            ToPage::Answer(4, Err(error())),
        ] {
            check(&message);
        }
    }

    #[test]
    fn rules_and_alerts() {
        check(&Alerts::Rules(RuleCounts { rules: 1, ..RuleCounts::default() }));
        check(&Alerts::Groups(vec![AlertGroup::default()]));
    }

    #[test]
    fn exemplars() {
        check(&Exemplars { source: "prom".into(), shown: vec![Picked { value: 0.5, ..Picked::default() }] });
    }

    #[test]
    fn metrics() {
        let label = LabelCount { name: "job".into(), values: vec![("node".into(), 3)] };
        check(&LabelCounts { series: 3, labels: vec![label] });
        check(&vec![Help::default()]);
    }

    #[test]
    fn statuses() {
        check(&Status::Targets(Targets { active_targets: vec![Target::default()], ..Targets::default() }));
        check(&Status::Build(BuildInfo { version: "2.42.0".into(), ..BuildInfo::default() }));
        check(&Status::Database(DatabaseStatus::default()));
        check(&Status::Alertmanager(alertmanager::Status::default()));
    }
}
