//! Visualizations that are read and not drawn yet, with their options.

use super::{Legend, Orientation, ReduceOptions, StackingMode, Tooltip, Visibility};
use std::fmt;

/// A visualization that this version cannot draw, with its options where they are known.
#[derive(Clone, Debug, PartialEq)]
pub enum Visualization {
    /// A dial per series.
    Gauge(GaugeOptions),
    /// A bar per series.
    BarGauge(BarGaugeOptions),
    /// A slice per series.
    PieChart(PieChartOptions),
    /// Cells over time.
    Heatmap(Box<HeatmapOptions>),
    /// How often values occur.
    Histogram(HistogramOptions),
    /// A group of bars per line of a table.
    BarChart(BarChartOptions),
    /// States over time, each as long as it lasted.
    StateTimeline(TimelineOptions),
    /// States over time, each as long as a step.
    StatusHistory(TimelineOptions),
    /// That of a library's panel that the file does not bring along, by its name there.
    LibraryPanel(String),
    /// One that is not known; the name is Grafana's, such as `geomap`.
    Unknown(String),
}

impl Visualization {
    /// Grafana's name for it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Gauge(_) => "gauge",
            Self::BarGauge(_) => "bargauge",
            Self::PieChart(_) => "piechart",
            Self::Heatmap(_) => "heatmap",
            Self::Histogram(_) => "histogram",
            Self::BarChart(_) => "barchart",
            Self::StateTimeline(_) => "state-timeline",
            Self::StatusHistory(_) => "status-history",
            Self::LibraryPanel(_) => "library-panel-ref",
            Self::Unknown(name) => name,
        }
    }
}

impl fmt::Display for Visualization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Sizes of texts in CSS pixels, where they are set.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TextSizes {
    /// Of names.
    pub title: Option<f64>,
    /// Of values.
    pub value: Option<f64>,
}

/// How large single gauges are, in CSS pixels, where that is set by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sizing {
    /// The sizes below count.
    pub manual: bool,
    /// The least width.
    pub min_width: f64,
    /// The least height.
    pub min_height: f64,
    /// The greatest height; of bars only.
    pub max_height: f64,
}

/// Options of a gauge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GaugeOptions {
    /// How a series becomes a number.
    pub reduce: ReduceOptions,
    /// In which direction several are laid out.
    pub orientation: Orientation,
    /// Thresholds are written at the dial.
    pub threshold_labels: bool,
    /// Thresholds are drawn around the dial.
    pub threshold_markers: bool,
    /// How large each is.
    pub sizing: Sizing,
    /// Sizes of texts.
    pub text: TextSizes,
}

/// Options of a bar gauge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BarGaugeOptions {
    /// How a series becomes a number.
    pub reduce: ReduceOptions,
    /// In which direction bars grow.
    pub orientation: Orientation,
    /// How bars are drawn.
    pub bar: BarDisplay,
    /// What is written beside them.
    pub value: BarValue,
    /// Where their names stand.
    pub names: BarNames,
    /// The rest of a bar is shown.
    pub show_unfilled: bool,
    /// How large each is.
    pub sizing: Sizing,
    /// Sizes of texts.
    pub text: TextSizes,
    /// Its legend.
    pub legend: Legend,
}

/// How a bar is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BarDisplay {
    Basic,
    /// In small cells.
    Lcd,
    #[default]
    Gradient,
}

/// What is written beside a bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BarValue {
    /// The value in its colour.
    #[default]
    Color,
    /// The value in the colour of text.
    Text,
    /// Nothing.
    Hidden,
}

/// Where the names of bars stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BarNames {
    #[default]
    Auto,
    Top,
    Left,
    Hidden,
}

/// Options of a pie chart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PieChartOptions {
    /// How a series becomes a number.
    pub reduce: ReduceOptions,
    /// With a hole in the middle.
    pub donut: bool,
    /// What is written on the slices.
    pub labels: Vec<PieLabel>,
    /// In which order the slices stand.
    pub sort: PieSort,
    /// Its legend.
    pub legend: Legend,
    /// What the legend says of each slice.
    pub legend_values: Vec<PieLabel>,
    /// Its tooltip.
    pub tooltip: Tooltip,
}

/// What is said of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PieLabel {
    Name,
    Value,
    Percent,
}

/// In which order slices stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum PieSort {
    #[default]
    Descending,
    Ascending,
    None,
}

/// Options of a heatmap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatmapOptions {
    /// Cells are computed from values; otherwise series are buckets already.
    pub calculate: bool,
    /// How time is divided where cells are computed.
    pub x_buckets: Buckets,
    /// How values are divided where cells are computed.
    pub y_buckets: Buckets,
    /// Which end of a bucket its series names.
    pub layout: CellLayout,
    /// What the rows' values are called.
    pub value_name: String,
    /// How cells are coloured.
    pub color: HeatmapColor,
    /// The gap between cells in CSS pixels.
    pub cell_gap: f64,
    /// How round cells are, in CSS pixels.
    pub cell_radius: Option<f64>,
    /// Cells up to this are left out.
    pub min_shown: Option<f64>,
    /// Cells from this on are left out.
    pub max_shown: Option<f64>,
    /// Values are written into cells.
    pub show_value: Visibility,
    /// Grafana's id of the cells' unit.
    pub cell_unit: String,
    /// Decimals of the cells' values.
    pub cell_decimals: Option<u8>,
    /// The axis of values.
    pub y_axis: HeatmapAxis,
    /// A scale of the colours is shown.
    pub legend: bool,
    /// What its tooltip shows.
    pub tooltip: super::TooltipMode,
    /// The tooltip shows the column as a histogram.
    pub tooltip_histogram: bool,
    /// The tooltip shows the scale of colours.
    pub tooltip_color_scale: bool,
    /// The colour of exemplars.
    pub exemplar_color: String,
}

/// How an axis is divided into buckets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Buckets {
    /// A number of buckets, not their size.
    pub by_count: bool,
    /// The number or size, such as `30` or `1min`; by itself where there is none.
    pub value: Option<String>,
    /// How they are spread.
    pub scale: super::Scale,
}

/// Which end of a bucket its series names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CellLayout {
    #[default]
    Auto,
    Upper,
    Lower,
    Middle,
}

/// How the cells of a heatmap are coloured.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatmapColor {
    /// More or less of one colour, instead of a scheme.
    pub by_opacity: bool,
    /// Grafana's name of the scheme.
    pub scheme: String,
    /// The one colour.
    pub fill: String,
    /// The scheme is turned around.
    pub reverse: bool,
    /// Opacity rises with a power of the value; evenly where there is none.
    pub exponent: Option<f64>,
    /// How many colours there are.
    pub steps: u32,
    /// The value of the first colour.
    pub min: Option<f64>,
    /// The value of the last colour.
    pub max: Option<f64>,
}

impl Default for HeatmapColor {
    fn default() -> Self {
        Self {
            by_opacity: false,
            scheme: "Oranges".into(),
            fill: "dark-orange".into(),
            reverse: false,
            exponent: Some(0.5),
            steps: 64,
            min: None,
            max: None,
        }
    }
}

/// The axis of a heatmap's values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatmapAxis {
    /// On which side.
    pub placement: super::AxisPlacement,
    /// Its label.
    pub label: String,
    /// Its width in CSS pixels.
    pub width: Option<f64>,
    /// From top to bottom.
    pub reverse: bool,
    /// Grafana's id of the unit.
    pub unit: String,
    /// Decimals.
    pub decimals: Option<u8>,
    /// Where it begins.
    pub min: Option<f64>,
    /// Where it ends.
    pub max: Option<f64>,
}

/// Options of a histogram.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HistogramOptions {
    /// How many buckets there are, about.
    pub bucket_count: u32,
    /// The size of a bucket, instead.
    pub bucket_size: Option<f64>,
    /// Where the first bucket begins.
    pub bucket_offset: f64,
    /// All series become one.
    pub combine: bool,
    /// Its legend.
    pub legend: Legend,
    /// Its tooltip.
    pub tooltip: Tooltip,
}

/// Options of a bar chart.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChartOptions {
    /// In which direction bars grow.
    pub orientation: Orientation,
    /// The field that names the groups; the first text or time where there is none.
    pub x_field: Option<String>,
    /// The field whose values colour the bars.
    pub color_field: Option<String>,
    /// Values are written at the bars.
    pub show_value: Visibility,
    /// Whether the bars of a group stand on each other.
    pub stacking: StackingMode,
    /// The share of its place that a bar takes, 0 to 1.
    pub bar_width: f64,
    /// The share of its place that a group takes, 0 to 1.
    pub group_width: f64,
    /// How round bars are, 0 to 0.5.
    pub bar_radius: f64,
    /// The whole group is highlighted under the pointer.
    pub full_highlight: bool,
    /// How labels are turned, in degrees.
    pub label_rotation: f64,
    /// The longest label, in letters.
    pub label_length: Option<u32>,
    /// The least distance of labels in CSS pixels.
    pub label_spacing: f64,
    /// Sizes of texts.
    pub text: TextSizes,
    /// Its legend.
    pub legend: Legend,
    /// Its tooltip.
    pub tooltip: Tooltip,
}

/// Options of what shows states over time.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineOptions {
    /// Equal states that follow each other are one. A state timeline only.
    pub merge: bool,
    /// Values are written into the states.
    pub show_value: Visibility,
    /// Where in the state. A state timeline only.
    pub align: super::Align,
    /// The share of its place that a row takes, 0 to 1.
    pub row_height: f64,
    /// The share of its step that a state takes, 0 to 1. A status history only.
    pub column_width: f64,
    /// At most so many rows at a time.
    pub per_page: u32,
    /// Its legend.
    pub legend: Legend,
    /// Its tooltip.
    pub tooltip: Tooltip,
}
