//! A dashboard as Pyrograph knows it: what is shown, from where, and how it looks.
//!
//! The shape follows Grafana's newest classic schema; older ones are lifted to it when they are read. What has no place
//! here is kept in [`Dashboard::json`], so nothing of the original is lost.

mod condition;
mod field;
mod options;
mod table;
mod variable;
mod visualization;

pub use condition::{Check, Condition, VariableTest};
pub use field::{
    Axis, AxisColor, AxisPlacement, Candidate, Draw, DrawStyle, FieldColor, FieldConfig, FieldOptions, GradientMode,
    HideFrom, Interpolation, LineStyle, Matcher, Override, Scale, SeriesBy, SpanNulls, Stacking, StackingMode,
    ThresholdsStyle, Visibility,
};
pub use options::{
    ColorTarget, GraphMode, Legend, LegendMode, LegendPlacement, Orientation, PercentChangeColor, ReduceOptions,
    SortBy, SortOrder, StatOptions, TextMode, TextOptions, TimeSeriesOptions, Tooltip, TooltipMode, ValueText,
};
pub use table::{Align, Cell, CellDisplay, CellHeight, TableFooter, TableOptions};
pub use variable::{ALL, AutoInterval, Hide, Refresh, Selection, Sort, Variable, VariableKind, VariableOption};
pub use visualization::{
    BarChartOptions, BarDisplay, BarGaugeOptions, BarNames, BarValue, Buckets, CellLayout, GaugeOptions, HeatmapAxis,
    HeatmapColor, HeatmapOptions, HistogramOptions, PieChartOptions, PieLabel, PieSort, Sizing, TextSizes,
    TimelineOptions, Visualization,
};

use crate::annotation::Annotation;
use crate::time::{Calendar, RawRange};
use frame::{Zone, split_once};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// A dashboard.
#[derive(Clone, Debug, Default)]
pub struct Dashboard {
    /// Its stable id, part of its address. Empty where the file has none.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// A description, markdown.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The time range it opens with, if it says one.
    pub time: Option<RawRange>,
    /// How often it refreshes itself, such as `30s`.
    pub refresh: Option<String>,
    /// The zone its times are shown in.
    pub timezone: Zone,
    /// Its weeks and fiscal years.
    pub calendar: Calendar,
    /// What the time picker offers.
    pub time_picker: TimePicker,
    /// What panels share while the pointer is over one of them.
    pub cursor: SharedCursor,
    /// Links shown at its top.
    pub links: Vec<Link>,
    /// What else is marked on its time axes.
    pub annotations: Vec<Annotation>,
    /// Its variables, in the order they are shown.
    pub variables: Vec<Variable>,
    /// Its panels in reading order. A row's panels follow it, up to the next row or to what is not in it.
    pub panels: Vec<Panel>,
    /// The version of Grafana's schema that [`Self::json`] follows, 0 if unknown.
    pub schema_version: u32,
    /// The whole JSON it was read from, the wrapper apart, older schemas lifted.
    pub json: Value,
}

impl Dashboard {
    /// The panel with this id.
    #[must_use]
    pub fn panel(&self, id: u32) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.id == id)
    }

    /// The variable called `name`.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Whether there is a link anywhere: of it, of a panel, or of a field.
    #[must_use]
    pub fn has_links(&self) -> bool {
        let of_panel = |panel: &Panel| !panel.links.is_empty() || panel.fields.has_links();
        !self.links.is_empty() || self.panels.iter().any(of_panel)
    }

    /// The JSON that `panel` was read from.
    #[must_use]
    pub fn panel_json(&self, panel: &Panel) -> Option<&Value> {
        self.json.pointer(&panel.json_pointer)
    }
}

/// What the time picker offers.
#[derive(Clone, Debug, PartialEq)]
pub struct TimePicker {
    /// Not shown at all.
    pub hidden: bool,
    /// Refresh intervals to choose from.
    pub refresh_intervals: Vec<String>,
    /// "Now" is this long ago, such as `1m`, for data that arrives late.
    pub now_delay: Option<String>,
    /// Named time ranges of this dashboard's own.
    pub quick_ranges: Vec<(String, RawRange)>,
}

impl Default for TimePicker {
    fn default() -> Self {
        let intervals = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"];
        Self {
            hidden: false,
            refresh_intervals: intervals.map(String::from).to_vec(),
            now_delay: None,
            quick_ranges: Vec::new(),
        }
    }
}

/// What panels share while the pointer is over one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum SharedCursor {
    #[default]
    Off,
    Crosshair,
    Tooltip,
}

/// A link of a dashboard, a panel or a field. Its URL may hold variables and must be checked once they are filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// What is clicked.
    pub title: String,
    /// What is told about it.
    pub tooltip: String,
    /// Where it leads.
    pub target: LinkTarget,
    /// What stands before its title in the dashboard's bar.
    pub icon: LinkIcon,
    /// Opens in a new tab.
    pub new_tab: bool,
    /// Takes the time range along.
    pub keep_time: bool,
    /// Takes the variables along.
    pub include_vars: bool,
}

/// What stands before the title of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum LinkIcon {
    #[default]
    External,
    Dashboard,
    Question,
    Info,
    Bolt,
    Document,
    Cloud,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// To a URL as written, unchecked.
    Url(String),
    /// To every dashboard that has these tags.
    Dashboards {
        /// All of them must be there.
        tags: Vec<String>,
        /// Shown as one menu.
        as_dropdown: bool,
    },
}

impl Default for LinkTarget {
    fn default() -> Self {
        Self::Url(String::new())
    }
}

/// A panel's place on the grid of 24 columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GridPos {
    /// Column, from 0.
    pub x: u32,
    /// Row of cells, from 0.
    pub y: u32,
    /// Width in columns.
    pub w: u32,
    /// Height in cells.
    pub h: u32,
}

/// A panel, or a row of them.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Its id, unique within the dashboard.
    pub id: u32,
    /// Its title, variables not yet filled in.
    pub title: String,
    /// A description, markdown.
    pub description: String,
    /// Where it stands.
    pub grid: GridPos,
    /// Whether it is one of the panels of the row before it.
    pub in_row: bool,
    /// What it shows.
    pub kind: PanelKind,
    /// Its queries.
    pub targets: Vec<Target>,
    /// The data source of its queries, those apart that name one.
    pub datasource: SourceRef,
    /// How its fields look.
    pub fields: Arc<FieldOptions>,
    /// The most points per series, instead of the panel's width.
    pub max_data_points: Option<u32>,
    /// The least step, such as `1m`.
    pub interval: Option<String>,
    /// Its own time range ending now, such as `24h`.
    pub time_from: Option<String>,
    /// How far back its time range is moved, such as `1d`.
    pub time_shift: Option<String>,
    /// Whether the two above go unmentioned in its title.
    pub hide_time_override: bool,
    /// Shown once per value of a variable.
    pub repeat: Option<Repeat>,
    /// Its links.
    pub links: Vec<Link>,
    /// Drawn without a background.
    pub transparent: bool,
    /// What is done to its data before it is shown.
    pub transformations: Vec<Transformation>,
    /// When it is shown, if not always.
    pub condition: Option<Condition>,
    /// Where in [`Dashboard::json`] it came from.
    pub json_pointer: String,
    /// Where in the file it stands, as notes write it: `panels[3]`.
    pub path: String,
}

impl Panel {
    /// Whether it is a row rather than a panel.
    #[must_use]
    pub fn is_row(&self) -> bool {
        matches!(self.kind, PanelKind::Row { .. })
    }

    /// Who answers a query of the panel: whom it names itself, or else the panel.
    #[must_use]
    pub fn source_of<'a>(&'a self, target: &'a Target) -> &'a SourceRef {
        if target.datasource == SourceRef::Default { &self.datasource } else { &target.datasource }
    }
}

/// What a panel shows.
#[derive(Clone, Debug)]
pub enum PanelKind {
    /// Lines, bars or points over time.
    TimeSeries(TimeSeriesOptions),
    /// One big number per series.
    Stat(StatOptions),
    /// Text.
    Text(TextOptions),
    /// A table.
    Table(TableOptions),
    /// A row: the heading of the panels that follow it and are in it.
    Row {
        /// Its panels are hidden until it is opened.
        collapsed: bool,
    },
    /// What this version cannot draw; its JSON is kept.
    Unsupported {
        /// What it is.
        kind: Visualization,
    },
}

impl PanelKind {
    /// The name of the visualization, as Grafana calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::TimeSeries(_) => "timeseries",
            Self::Stat(_) => "stat",
            Self::Text(_) => "text",
            Self::Table(_) => "table",
            Self::Row { .. } => "row",
            Self::Unsupported { kind } => kind.name(),
        }
    }
}

/// Repeats a panel or a row for each value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The variable.
    pub variable: String,
    /// The copies stand below each other instead of side by side.
    pub vertical: bool,
    /// At most this many side by side.
    pub max_per_row: Option<u32>,
}

/// What is done to a panel's data before it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Transformation {
    /// Grafana's name for it, such as `organize`.
    pub id: String,
    /// Switched off.
    pub disabled: bool,
    /// All of it, as Grafana has it: its options are read where it is applied.
    pub json: Value,
}

/// A query of a panel. Its texts hold variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Names it within the panel: A, B, C …
    pub ref_id: String,
    /// The PromQL expression.
    pub expr: String,
    /// How its series are called; `{{label}}` stands for a label.
    pub legend: LegendFormat,
    /// What is asked: values over time, the values now, or both.
    pub mode: QueryMode,
    /// What shape the answer has.
    pub format: TargetFormat,
    /// The least step, such as `1m`.
    pub interval: Option<String>,
    /// The step is this many times what it would be, 1 to 10.
    pub interval_factor: u32,
    /// Not asked.
    pub hide: bool,
    /// Exemplars are asked for as well.
    pub exemplar: bool,
    /// Where it is asked; [`SourceRef::Default`] means where the panel says. Only an expression, and a query of a panel with
    /// mixed data sources, says so itself: others are read as the panel's, as in Grafana.
    pub datasource: SourceRef,
    /// The panel whose result it shows, where it is asked of the dashboard itself ([`SourceRef::DASHBOARD`]).
    pub panel: Option<u32>,
    /// All of it, as Grafana has it, if it is no query but an expression on the answers of others.
    pub expression: Option<Value>,
}

impl Target {
    /// What is sent for it. Values over time and values now are two queries, the second called `A-Instant` as Grafana does.
    pub fn asked(&self) -> impl Iterator<Item = Asked<'_>> {
        let first = Asked {
            target: self,
            ref_id: Cow::Borrowed(&self.ref_id),
            instant: self.mode == QueryMode::Instant,
            exemplar: self.exemplar,
        };
        let second = (self.mode == QueryMode::Both).then(|| Asked {
            target: self,
            ref_id: Cow::Owned(format!("{}-Instant", self.ref_id)),
            instant: true,
            exemplar: false,
        });
        std::iter::once(first).chain(second)
    }
}

/// One query that a target sends.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The target.
    pub target: &'a Target,
    /// What the answer is known by.
    pub ref_id: Cow<'a, str>,
    /// Asks for the values now, and not for those over time.
    pub instant: bool,
    /// Exemplars are asked for as well.
    pub exemplar: bool,
}

/// How the series of a query are called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LegendFormat {
    /// By the labels that tell them apart.
    Auto,
    /// By their metric name and labels.
    #[default]
    Verbose,
    /// By a template.
    Template(String),
}

/// What a query asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum QueryMode {
    #[default]
    Range,
    Instant,
    Both,
}

/// What shape a query's answer has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TargetFormat {
    #[default]
    TimeSeries,
    Table,
    Heatmap,
}

/// Which data source is meant. Credentials and addresses in a dashboard are ignored: those are the operator's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SourceRef {
    /// The default one, or the panel's where a query says so.
    #[default]
    Default,
    /// Each query names its own.
    Mixed,
    /// The result of another panel, Grafana's own test data, or another thing that is no data source.
    Internal(String),
    /// By uid or by name, in which a variable may stand.
    Named {
        /// The uid or name, such as `P1809F7CD0C75ACF3`, `Prometheus` or `$datasource`.
        reference: String,
        /// The kind of data source, such as `prometheus`, or empty where it is not told.
        kind: String,
    },
}

impl SourceRef {
    /// The name of what shows another panel's result.
    pub const DASHBOARD: &str = "-- Dashboard --";
    /// What stands for a data source where a query is an expression on the answers of others.
    pub const EXPRESSION: &str = "__expr__";

    /// The uid or name with its variables filled in; none for the default and for what is no data source.
    #[must_use]
    pub fn resolve(&self, scope: &crate::interpolate::Scope) -> Option<String> {
        match self {
            Self::Named { reference, .. } => Some(scope.interpolate(reference, "raw")),
            _ => None,
        }
    }

    /// Whether data sources of this kind are asked in PromQL: those that are called after Prometheus or VictoriaMetrics, but
    /// for their alerts and logs. What tells no kind is taken for one that is.
    #[must_use]
    pub fn is_promql(kind: &str) -> bool {
        let has = |word: &str| split_once(kind, word).is_some();
        let is_related = has("prometheus") || kind.starts_with("victoriametrics-");
        kind.is_empty() || (is_related && !has("alertmanager") && !has("-logs-"))
    }

    /// Who answers, in words, where that is nobody who is asked in PromQL, nor the dashboard's own panels and expressions.
    #[must_use]
    pub fn foreign(&self) -> Option<String> {
        match self {
            Self::Named { kind, .. } if !Self::is_promql(kind) => Some(format!("a data source of type {kind}")),
            Self::Internal(name) if !matches!(name.as_str(), Self::DASHBOARD | Self::EXPRESSION) => {
                Some("Grafana itself".to_owned())
            }
            _ => None,
        }
    }

    /// The variable it is, if it is nothing but one.
    #[must_use]
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Named { reference, .. } if reference.starts_with(['$', '[']) => {
                crate::interpolate::references(reference).next()
            }
            _ => None,
        }
    }
}
