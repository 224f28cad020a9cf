//! What a panel is in, and what it holds.

use crate::course::Drawn;
use crate::shape::{FieldHead, Shaped};
use crate::store::Track;
use borsh::{BorshDeserialize, BorshSerialize};
use frame::{Frame, Labels, Millis, Step, TimeRange, float_bits};
use promapi::{ErrorKind, FetchError, Notices, Truncated};
use std::sync::Arc;

/// The one state of a panel.
#[derive(Clone, Debug, Default)]
pub enum PanelState {
    /// Nothing was asked yet: the panel was never on the screen.
    #[default]
    Idle,
    /// An answer is awaited.
    Loading {
        /// What is shown meanwhile: what was there before, or what has come of it until now.
        stale: Option<Arc<Data>>,
    },
    /// All queries are answered.
    Ready {
        /// The answers.
        data: Arc<Data>,
    },
    /// A query failed.
    Failed {
        /// What happened and what to do.
        error: ErrorCard,
        /// What is shown meanwhile.
        stale: Option<Arc<Data>>,
        /// When it is tried again by itself. None: never, or just now.
        retry_at: Option<Millis>,
    },
}

impl PanelState {
    /// The data to draw, current or stale.
    #[must_use]
    pub fn data(&self) -> Option<&Arc<Data>> {
        match self {
            Self::Idle => None,
            Self::Ready { data } => Some(data),
            Self::Loading { stale } | Self::Failed { stale, .. } => stale.as_ref(),
        }
    }
}

/// The answers to all queries of a panel, over one range. Immutable, and shared where panels ask the same.
#[derive(Clone, Debug)]
pub struct Data {
    /// The range that was asked for, before it was aligned to the step.
    pub range: TimeRange,
    /// The smallest step among the queries; Grafana's.
    pub step: Step,
    /// When the answers came: the oldest of them.
    pub came_at: Millis,
    /// One entry per query, in the panel's order.
    pub queries: Vec<QueryData>,
    /// What the server had to say, without repetitions.
    pub notices: Notices,
    /// The queries that have no answer, by their ref ids, and why; the others are shown.
    pub failures: Vec<(String, ErrorCard)>,
    /// Set when an answer was cut to fit the budget.
    pub truncated: Option<Truncated>,
    /// Samples in all answers, finer ones included.
    pub samples: u64,
    /// Bytes of all answers, uncompressed, finer ones included.
    pub bytes: u64,
    /// The answers at a finer step, for drawing only.
    pub finer: Option<Finer>,
    /// Every series in the order of drawing, legend and colours.
    pub series: Vec<SeriesHead>,
    pub(crate) tracks: Vec<Track>,
    /// What the series are instead, where the answers are shaped.
    pub(crate) shaped: Option<Shaped>,
    /// What is drawn per series, such as the upper edge of its band in a stack; empty where all are drawn as they are.
    pub(crate) drawn: Vec<Drawn>,
    /// Which resolution of the time range this belongs to.
    pub(crate) generation: u64,
}

/// The answer to one query.
#[derive(Clone, Debug)]
pub struct QueryData {
    /// `A`, `B`, …
    pub ref_id: String,
    /// The query as it was sent.
    pub expr: String,
    /// Its legend template, variables put in.
    pub legend: String,
    /// The answer. One-row frames for instant queries.
    pub frames: Arc<[Frame]>,
    /// Which of the panel's queries it is, by index: others may have no answer.
    pub(crate) place: u32,
    pub(crate) key: crate::plan::Key,
    pub(crate) answer: Arc<crate::answer::Answered>,
}

/// A finer answer to the same queries: every point of the coarse one is among its points.
#[derive(Clone, Debug)]
pub struct Finer {
    /// The distance between its points.
    pub step: Step,
    /// One entry per query, in the order of [`Data::queries`].
    pub queries: Vec<QueryData>,
}

/// A series as legends, tooltips and tables name it.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct SeriesHead {
    /// The display name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// The panel's calcs in their order, of the points on Grafana's grid. A missing one is [`frame::GAP`].
    #[borsh(serialize_with = "float_bits::write_list", deserialize_with = "float_bits::read_list")]
    pub calcs: Vec<f64>,
    /// Which of the panel's queries it answers, by index.
    pub query: u32,
    /// Its place among the panel's series, by which it is coloured. While queries are awaited there is room for theirs.
    pub place: u32,
    /// What shaping tells of it; none where the panel has none.
    pub field: Option<FieldHead>,
}

/// An error as a panel shows it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct ErrorCard {
    /// What happened, in a few words.
    pub title: String,
    /// What exactly.
    pub cause: String,
    /// What to do.
    pub advice: String,
    /// Whether trying again soon may help. That is done by itself, three times, or for as long as the page refreshes.
    pub retryable: bool,
    /// The HTTP status, where there was one.
    pub code: Option<u16>,
    /// What sort of trouble it is, where a request was made.
    pub kind: Option<ErrorKind>,
}

impl From<&FetchError> for ErrorCard {
    fn from(error: &FetchError) -> Self {
        let code = match error {
            FetchError::Status { code, .. } | FetchError::Api { code, .. } | FetchError::SignIn { code } => Some(*code),
            _ => None,
        };
        Self {
            title: title(error.kind()).to_owned(),
            cause: error.to_string(),
            advice: error.advice().to_owned(),
            retryable: error.retryable(),
            code,
            kind: Some(error.kind()),
        }
    }
}

impl ErrorCard {
    /// Whether the same question may be answered at another time, be it no use to try again soon. Not where it is wrong
    /// itself, or the user has to sign in.
    pub(crate) fn may_pass(&self) -> bool {
        match self.kind {
            _ if self.retryable => true,
            None | Some(ErrorKind::SignIn | ErrorKind::Aborted) => false,
            Some(ErrorKind::Query) => self.code != Some(400),
            Some(_) => true,
        }
    }

    /// The panel cannot even be asked for.
    pub(crate) fn unanswerable(title: &str, cause: String, advice: &str) -> Self {
        Self { title: title.to_owned(), cause, advice: advice.to_owned(), retryable: false, code: None, kind: None }
    }
}

fn title(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unreachable => "No connection",
        ErrorKind::TimedOut => "Too slow",
        ErrorKind::Throttled => "Too many requests",
        ErrorKind::Server => "Server trouble",
        ErrorKind::SignIn => "Sign-in needed",
        ErrorKind::Refused => "Refused",
        ErrorKind::NotPrometheus => "Not a Prometheus",
        ErrorKind::Query => "Query failed",
        ErrorKind::Broken => "Broken answer",
        ErrorKind::Aborted => "Given up",
    }
}
