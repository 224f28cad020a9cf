//! What goes into the engine and what comes out.

use crate::{PanelId, Placement, View};
use frame::{Millis, TimeRange};
use promapi::{Answer, Budget, Expect, FetchError, Request};

/// Names one fetch. Never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub u64);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Input {
    /// The page shows this from now on.
    Show(View),
    /// A panel was laid out, scrolled or resized.
    Place(PanelId, Placement),
    /// Device pixels per CSS pixel, 1 until told. Widths are in the former, Grafana's grid follows the latter.
    PixelRatio(f64),
    /// The user asks for everything again.
    Refresh,
    /// The user asks for one panel again.
    Retry(PanelId),
    /// Whether the page is in a tab nobody sees.
    Hidden(bool),
    /// A fetch ended.
    Fetched {
        /// Which one.
        id: FetchId,
        /// The answer or what went wrong.
        outcome: Result<Answer, FetchError>,
        /// Milliseconds from sending the request to the end of the body.
        took_millis: i64,
    },
    /// The time asked for with [`Output::WakeAt`] has come.
    Wake,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Send this request and report its end with [`Input::Fetched`].
    Fetch(Fetch),
    /// Stop a fetch. Nothing need be reported of it any more.
    Abort(FetchId),
    /// The state or the picture of a panel changed.
    Publish(PanelId),
    /// Send [`Input::Wake`] at this time. Replaces an earlier request.
    WakeAt(Millis),
    /// The time range shown from now on.
    Range(TimeRange),
}

/// A request to a data source.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetch {
    /// Names it.
    pub id: FetchId,
    /// The uid of the data source.
    pub source: String,
    /// What to send.
    pub request: Request,
    /// What the answer looks like.
    pub expect: Expect,
    /// What the answer may take.
    pub budget: Budget,
    /// When to give up.
    pub timeout_millis: i64,
}
