//! What goes into the engine and what comes out.

use crate::{ErrorCard, PanelId, Placement, Shaper, View};
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
    /// Whether a panel that is off the screen is near to it: such panels come after those on it.
    Near(PanelId, bool),
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
    /// The `Date` header of a data source's answer (see [`promapi::parse_http_date`]), for its clock may differ from this
    /// machine's.
    ServerDate {
        /// The uid of the data source.
        source: String,
        /// What its header says.
        date: Millis,
        /// When the request was sent, by this machine's clock.
        sent_at: Millis,
    },
    /// A data source turned out to answer many requests over one connection (HTTP/2 or later).
    Multiplexed(String),
    /// So many requests that are not the engine's are to go to an origin, or are on their way to it. They share its
    /// connections with the queries, and come first.
    Others {
        /// Scheme, host and port, as in [`Settings::origins`](crate::Settings::origins).
        origin: String,
        /// How many now.
        count: usize,
    },
    /// What shapes answers is there, or why it is not to be had. Panels that need it wait until then.
    Shaper(Result<Shaper, ErrorCard>),
    /// The time asked for with [`Output::WakeAt`] has come, or nearly: what is left of it is asked for again.
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
    /// Tell the user, or who reads the console.
    Report(Report),
}

/// Something to tell that belongs to no panel.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// What is wrong with a data source as a whole: out of reach, or signed out of. None once it answers again, or the
    /// user asks it again.
    Source {
        /// The uid of the data source.
        uid: String,
        /// What is wrong, and what to do.
        trouble: Option<ErrorCard>,
    },
    /// How many milliseconds the servers' clock is ahead of this machine's (negative: behind), where that is more than 30
    /// seconds; 0 once it is not any more. The range shown goes by the servers' clock already.
    Skew {
        /// The difference.
        millis: i64,
    },
    /// An answer put together from pieces is not what the server says about the whole: an error in this program. Only
    /// with [`Settings::check_merges`](crate::Settings::check_merges).
    Mismatch {
        /// The query.
        expr: String,
        /// Where the two differ first.
        what: String,
    },
}

/// For so much longer than the server may take its answer is waited for. Otherwise its word would never be heard that it gives
/// up, and the heaviest of all queries tried again.
pub const GRACE_MILLIS: i64 = 5_000;

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
