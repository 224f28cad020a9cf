//! What the page and the worker say to each other.
//!
//! Every message is one JS array: the JSON text of [`ToWorker`] or [`ToPage`] first, then, for pictures, the sample
//! columns as typed arrays, which are transferred and never copied by the browser.

use engine::{ErrorCard, PanelId, Placement, SeriesHead, View};
use frame::{Millis, Step, TimeRange};
use promapi::alertmanager::AlertGroup;
use promapi::rules::RuleGroup;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An endpoint the worker may talk to. Nothing else is ever requested.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    /// How panels name it.
    pub uid: String,
    /// Absolute URL, without a slash at the end, below which `api/v1/` (or `api/v2/`) lies.
    pub url: String,
}

/// How each data source is asked, by uid.
pub type SourceTable = BTreeMap<String, engine::SourceSettings>;

/// From the page to the worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToWorker {
    /// First of all: where the data comes from.
    Configure { sources: Vec<Endpoint>, alertmanagers: Vec<Endpoint>, settings: SourceTable, seed: u64 },
    /// What is on the page now.
    Show(View),
    /// A panel's width or visibility changed.
    Place(PanelId, Placement),
    /// Device pixels per CSS pixel.
    PixelRatio(f64),
    /// Fetch anew, now.
    Refresh,
    /// Try a failed panel again, now.
    Retry(PanelId),
    /// The tab was hidden or shown.
    Hidden(bool),
    /// A question with one answer.
    Ask(u32, Question),
    /// The answer is not wanted any more.
    Forget(u32),
}

/// What the page asks once, apart from panels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Question {
    /// The full-resolution values of a panel at an instant, for its tooltip.
    Values(PanelId, Millis),
    /// Values of a label, for a variable or a completion.
    LabelValues { source: String, label: String, matcher: Option<String>, range: TimeRange },
    /// The alerting and recording rules of a data source.
    Rules { source: String },
    /// The alerts an Alertmanager holds, grouped as it routes them.
    AlertGroups { alertmanager: String },
}

/// The answer to a [`Question`], in the same order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    Values(Option<Values>),
    Texts(Vec<Arc<str>>),
    Rules(Vec<RuleGroup>),
    AlertGroups(Vec<AlertGroup>),
}

/// Every series' value at an instant, in the order of the picture's series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Values {
    pub at: Millis,
    #[serde(with = "engine::numbers")]
    pub values: Vec<f64>,
}

/// From the worker to the page.
#[derive(Debug, Serialize, Deserialize)]
pub enum ToPage {
    /// A panel changed. A picture's columns follow as two typed arrays: times and values.
    Panel(PanelId, Phase, Option<PictureHead>),
    /// The range that relative times stand for since the last refresh.
    Range(TimeRange),
    /// A fetch finished: how long it took, for User Timing.
    Fetched(FetchReport),
    /// The answer to question number n.
    Answer(u32, Result<Reply, ErrorCard>),
}

/// Where a panel is with its data. The picture it had stays with the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Phase {
    Idle,
    Loading,
    Ready,
    Failed { error: ErrorCard, retry_at: Option<Millis> },
}

/// All of a picture but its columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureHead {
    pub range: TimeRange,
    pub step: Step,
    pub series: Vec<SeriesHead>,
    /// Series `i` has the points `offsets[i]..offsets[i + 1]`.
    pub offsets: Vec<u32>,
    pub samples: u64,
    pub notices: Vec<String>,
    /// How long reducing took, in milliseconds.
    pub reduce_millis: f64,
}

/// The worker's own measures of one request; the page re-issues them as User Timing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FetchReport {
    pub panels: Vec<PanelId>,
    pub query_millis: f64,
    pub decode_millis: f64,
    pub bytes: u64,
    pub series: u32,
    pub samples: u64,
}
