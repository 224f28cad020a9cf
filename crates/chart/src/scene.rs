//! What a chart over time consists of.

use crate::axis::bounds::Limits;
use crate::axis::scale::Spread;
use crate::axis::step::TickBase;
use crate::series::Series;
use crate::{Color, Dash, TimeRange, Zone};

/// A chart over time. Build one, [`layout`](Self::layout) it for a canvas, [`draw`](Self::draw) it.
#[derive(Clone)]
pub struct TimeSeriesChart<'a> {
    /// The time shown.
    pub range: TimeRange,
    /// The zone of the time axis' labels.
    pub zone: &'a Zone,
    /// What is drawn, the last on top.
    pub series: &'a [Series<'a>],
    /// The value axis, on the left unless it says otherwise.
    pub y: ValueAxis<'a>,
    /// A second one on the other side.
    pub y2: Option<ValueAxis<'a>>,
    /// Limits drawn as lines or tinted bands, on the first axis.
    pub thresholds: &'a [Threshold],
    /// Stretches of time with a tint, such as a firing alert.
    pub regions: &'a [Region],
    /// Instants marked below the time axis.
    pub annotations: &'a [Annotation],
    /// Whether the time axis has labels.
    pub time_labels: bool,
    /// Grid lines at the ticks.
    pub grid: GridLines,
}

/// A value axis.
#[derive(Clone, Copy)]
pub struct ValueAxis<'a> {
    /// Which values it shows.
    pub limits: Limits,
    /// How they are spread.
    pub spread: Spread,
    /// Which ticks are round.
    pub base: TickBase,
    /// Text of a tick, given its value and the distance between ticks (for the number of decimals).
    pub label: &'a dyn Fn(f64, f64) -> String,
    /// The unit, written once above the labels. Leave it out where the labels carry their own.
    pub unit: Option<&'a str>,
    /// Where its labels stand.
    pub side: Side,
    /// Room kept for labels in CSS pixels even if they need less, so that charts above each other line up.
    pub min_width: f32,
}

/// Where the labels of a value axis stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// Left of the plot.
    #[default]
    Left,
    /// Right of it.
    Right,
    /// Nowhere.
    Hidden,
}

/// Which grid lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GridLines {
    /// At the ticks of the value axis.
    pub horizontal: bool,
    /// At the ticks of the time axis.
    pub vertical: bool,
}

impl Default for GridLines {
    fn default() -> Self {
        Self { horizontal: true, vertical: false }
    }
}

/// A limit from the dashboard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Where it begins; negative infinity for the lowest.
    pub from: f64,
    /// Where it ends, for a band; positive infinity for the highest.
    pub to: f64,
    /// Its colour.
    pub color: Color,
    /// Whether a line is drawn at `from`, and with which dashes in CSS pixels.
    pub line: Option<Dash>,
    /// Whether the band is tinted.
    pub fill: bool,
}

/// A stretch of time with a tint and a stronger edge on the time axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// The time it covers.
    pub range: TimeRange,
    /// Its colour, opaque; the tint is made here.
    pub color: Color,
}

/// An instant marked below the time axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Annotation {
    /// Epoch milliseconds.
    pub at: f64,
    /// Its colour.
    pub color: Color,
}

impl<'a> TimeSeriesChart<'a> {
    /// A chart of `series` over `range` with one plain value axis and nothing else.
    #[must_use]
    pub fn new(range: TimeRange, zone: &'a Zone, series: &'a [Series<'a>]) -> Self {
        Self {
            range,
            zone,
            series,
            y: ValueAxis::default(),
            y2: None,
            thresholds: &[],
            regions: &[],
            annotations: &[],
            time_labels: true,
            grid: GridLines::default(),
        }
    }
}

impl Default for ValueAxis<'_> {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            spread: Spread::Linear,
            base: TickBase::Decimal,
            label: &|value, _| value.to_string(),
            unit: None,
            side: Side::Left,
            min_width: 0.0,
        }
    }
}
