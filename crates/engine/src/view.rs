//! What the page wants shown. These types cross from the page to the worker.

use borsh::{BorshDeserialize, BorshSerialize};
use dashboard::adhoc::Filter;
use dashboard::interpolate::Scope;
use dashboard::time::{Calendar, RawRange};
use dashboard::time_override::TimeOverride;
use frame::Zone;
use frame::calcs::{Calc, Gaps, Summary};
use std::fmt;
use std::sync::Arc;

use crate::shape::Shaping;
use crate::{Course, CourseChange, Refine};

/// Names a panel within a view.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, BorshSerialize, BorshDeserialize)]
pub struct PanelId(pub Arc<str>);

impl From<&str> for PanelId {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for PanelId {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for PanelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Everything the page shows at once: panels, and what all of them share.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct View {
    /// The time range as the user gave it.
    pub range: RawRange,
    /// The zone in which relative times and days are meant.
    pub zone: Zone,
    /// The weeks and fiscal years by which it is meant.
    pub calendar: Calendar,
    /// "Now" is so long ago: data arrives that late.
    pub now_delay_millis: i64,
    /// How often to ask again; none for never, and no more than once a second.
    pub refresh_millis: Option<i64>,
    /// The dashboard's variables.
    pub scope: Scope,
    /// Conditions that its ad hoc variables add to every query.
    pub filters: Vec<SourceFilters>,
    /// The panels, in the order in which they are wanted.
    pub panels: Vec<PanelSpec>,
}

/// One panel: its queries and how their results are shaped.
#[derive(Clone, Debug, Default, PartialEq, BorshSerialize, BorshDeserialize)]
pub struct PanelSpec {
    /// Names the panel.
    pub id: PanelId,
    /// The uid of the data source that answers its queries, those apart that name another.
    pub source: String,
    /// What variables stand for in this panel, where it is one of several copies.
    pub local: Scope,
    /// How its time range differs from the view's.
    pub time: TimeOverride,
    /// Its queries; those with an empty expression are left out.
    pub queries: Vec<QuerySpec>,
    /// Points per series to ask for; none for the panel's width in CSS pixels.
    pub max_data_points: Option<u32>,
    /// The smallest interval, such as `30s`; none for the data source's scrape interval. May hold variables.
    pub min_interval: Option<String>,
    /// Over time, or at one instant.
    pub shape: Shape,
    /// How the series are drawn.
    pub course: Course,
    /// What overrides change in that, in their order. They count in panels with a shaping.
    pub course_changes: Vec<CourseChange>,
    /// Whether what is answered is shown while other queries are awaited: for lines, which stay where they are when others
    /// join them. Not while they are stacked or shaped.
    pub piecewise: bool,
    /// The numbers wanted for every series.
    pub calcs: Vec<Calc>,
    /// What they are made of.
    pub calcs_of: CalcsOf,
    /// Whether to ask for more than Grafana would; none for the data source's setting. Panels whose shaping makes other
    /// points never do.
    pub refine: Option<Refine>,
    /// What is done to the answers before they are shown; none where they are shown as they are.
    pub shaping: Option<Shaping>,
}

impl PanelSpec {
    /// The uids of the data sources that its own queries are sent to.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.queries.iter().filter_map(|query| match &query.source {
            QuerySource::OfPanel => Some(self.source.as_str()),
            QuerySource::Uid(uid) => Some(uid.as_str()),
            QuerySource::Panel(_) | QuerySource::Nobody(_) => None,
        })
    }

    /// The place of the query called `ref_id`. Those of another panel that is shown are called otherwise.
    pub(crate) fn place_of(&self, ref_id: &str) -> u32 {
        let place = self.queries.iter().position(|query| query.ref_id == ref_id);
        place.and_then(|place| u32::try_from(place).ok()).unwrap_or_default()
    }

    /// The other panels whose answers it shows.
    pub(crate) fn shown(&self) -> impl Iterator<Item = &PanelId> {
        self.queries.iter().filter_map(|query| match &query.source {
            QuerySource::Panel(id) => Some(id),
            _ => None,
        })
    }
}

/// What an ad hoc variable adds to all queries of a data source.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct SourceFilters {
    /// The uid of the data source.
    pub source: String,
    /// All of them count.
    pub filters: Vec<Filter>,
}

/// What a panel asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Shape {
    /// Values over the time range: charts, and stats that reduce them.
    #[default]
    Range,
    /// Values at the end of the time range: tables, and stats of instant queries.
    Instant,
}

/// What the numbers of a series are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum CalcsOf {
    /// What a chart shows at each step: nothing where there is no sample, or one that is not finite.
    #[default]
    Steps,
    /// The samples that there are: the last one is the last, however long ago the series ended.
    Samples,
}

impl CalcsOf {
    /// What `calcs` tell of a series with these values.
    pub(crate) fn told(self, calcs: &[Calc], values: &[f64]) -> Vec<f64> {
        // Most charts show none, and all values of a large answer take as long as drawing them.
        if calcs.is_empty() {
            return Vec::new();
        }
        let rows = match self {
            Self::Steps => frame::drawable(values),
            Self::Samples => frame::without_gaps(values),
        };
        let summary = Summary::of(&rows, Gaps::Ignore);
        calcs.iter().map(|calc| summary.get(*calc)).collect()
    }
}

/// One query of a panel.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct QuerySpec {
    /// `A`, `B`, …
    pub ref_id: String,
    /// Who answers it.
    pub source: QuerySource,
    /// PromQL, variables not yet put in.
    pub expr: String,
    /// Legend template: `{{label}}`, `__auto`, or empty for the series as Prometheus writes it.
    pub legend: String,
    /// Ask for one instant even where the panel is over time.
    pub instant: bool,
    /// What shape its answer has, where answers are shaped.
    pub format: Format,
    /// This query's own smallest interval ("min step"). May hold variables.
    pub interval: Option<String>,
    /// The step is this many times what it would be; 0 is as good as 1.
    pub interval_factor: u32,
}

/// Who answers a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum QuerySource {
    /// The panel's data source.
    #[default]
    OfPanel,
    /// The data source with this uid.
    Uid(String),
    /// Nobody anew: what this panel of the view is answered counts here as well.
    Panel(PanelId),
    /// Nobody, for this reason. The panel's other queries are answered all the same.
    Nobody(String),
}

/// What shape the answer to a query has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Format {
    /// A table per series.
    #[default]
    TimeSeries,
    /// One table with a field per label.
    Table,
    /// A table per histogram, with a field of counts per bucket.
    Heatmap,
}

/// Where a panel stands on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Placement {
    /// The width of its drawing in device pixels.
    pub width_px: u32,
    /// Whether it is on the screen. A page that does not tell those near to it apart, by
    /// [`Input::Near`](crate::Input::Near), counts them in.
    pub visible: bool,
}
