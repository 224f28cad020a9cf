//! What is drawn: columns of samples and how they shall look.

use crate::{Color, Dash};

/// One series of a chart.
///
/// The columns are borrowed; if their lengths differ, the shortest counts. Times ascend. A value of [`frame::GAP`]
/// is a missing point and breaks the line unless [`SeriesStyle::span_gaps`] bridges it. A NaN of the data always
/// breaks it and is marked by a small cross at the bottom. Infinite values are drawn at the plot's edge with an
/// arrowhead.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Epoch milliseconds, ascending.
    pub times: &'a [f64],
    /// One value per time.
    pub values: &'a [f64],
    /// Where fill and bars start, per time: the sum of the series below in a stack. Without it they start at zero.
    pub baseline: Option<&'a [f64]>,
    /// How it looks.
    pub style: SeriesStyle,
    /// The value axis it belongs to.
    pub axis: AxisId,
}

/// Which value axis a series belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AxisId {
    /// The chart's `y`.
    #[default]
    First,
    /// The chart's `y2`, or `y` in a chart without one.
    Second,
}

/// How a series is drawn. Lengths are in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesStyle {
    /// Of line, points and, made fainter, the fill.
    pub color: Color,
    /// A line, bars or points alone.
    pub draw: Draw,
    /// Width of the line or of the outline of bars; 0 for none.
    pub line_width: f32,
    /// Dashes of the line.
    pub dash: Dash,
    /// Opacity of the area below the line, or of bars: 0 to 1.
    pub fill_opacity: f32,
    /// Width and place of bars.
    pub bar: Bar,
    /// How the fill changes over the height of the plot.
    pub gradient: Gradient,
    /// When points are marked.
    pub points: Points,
    /// Diameter of a point's mark.
    pub point_size: f32,
    /// Whether the line continues over missing points.
    pub span_gaps: SpanGaps,
}

impl Default for SeriesStyle {
    fn default() -> Self {
        Self {
            color: Color::rgb(0x80_80_80),
            draw: Draw::Line(Interpolation::Linear),
            line_width: 1.5,
            dash: Dash::SOLID,
            fill_opacity: 0.0,
            bar: Bar::default(),
            gradient: Gradient::None,
            points: Points::Auto,
            point_size: 5.0,
            span_gaps: SpanGaps::Never,
        }
    }
}

/// How bars stand at their points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The share of the distance between neighbouring points that a bar takes: 0 to 1.
    pub share: f32,
    /// Its side of the point: -1 before it, 0 on either side, 1 behind it.
    pub side: f32,
}

impl Default for Bar {
    fn default() -> Self {
        Self { share: 0.6, side: 0.0 }
    }
}

/// The kind of mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// A line from point to point.
    Line(Interpolation),
    /// A bar per point.
    Bars,
    /// Points without a line.
    Points,
}

/// How a line runs from one point to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interpolation {
    /// Straight.
    #[default]
    Linear,
    /// At the earlier value, jumping when the next point comes.
    StepAfter,
    /// At the later value, jumping as soon as the earlier point is past.
    StepBefore,
    /// A monotone cubic: smooth, and never beyond the values themselves.
    Smooth,
}

/// When points are marked. A point with a gap on both sides always is: no line would show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Points {
    /// When there is room between them.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Only where no line shows them.
    Never,
}

/// How a fill changes over the height of the plot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gradient {
    /// It does not.
    #[default]
    None,
    /// It fades out towards the bottom.
    Opacity,
    /// It turns towards a neighbouring hue at the bottom.
    Hue,
}

/// Whether a line continues over missing points. Real NaNs are never bridged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum SpanGaps {
    /// It breaks.
    #[default]
    Never,
    /// It continues over gaps of at most this many milliseconds from point to point.
    UpToMillis(f64),
    /// It continues.
    Always,
}

impl SpanGaps {
    /// Whether a line may bridge points that are `millis` apart.
    #[inline]
    pub(crate) fn allows(self, millis: f64) -> bool {
        match self {
            Self::Never => false,
            Self::UpToMillis(limit) => millis <= limit,
            Self::Always => true,
        }
    }
}

impl<'a> Series<'a> {
    /// How many rows can be drawn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.times.len().min(self.values.len())
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows inside the closed range of epoch milliseconds, with `margin` rows more on either side.
    #[must_use]
    pub fn rows_between(&self, start: f64, end: f64, margin: usize) -> std::ops::Range<usize> {
        let times = self.times.get(..self.len()).unwrap_or_default();
        let first = times.partition_point(|time| *time < start);
        let last = times.partition_point(|time| *time <= end).max(first);
        first.saturating_sub(margin)..last.saturating_add(margin).min(times.len())
    }

    /// The series cut to `rows`, which must lie inside it; otherwise an empty one.
    #[must_use]
    pub(crate) fn cut(&self, rows: std::ops::Range<usize>) -> Self {
        let column = |column: &'a [f64]| column.get(rows.clone()).unwrap_or_default();
        Self {
            times: column(self.times),
            values: column(self.values),
            // A baseline that is too short is no baseline.
            baseline: self.baseline.and_then(|baseline| baseline.get(rows.clone())),
            ..*self
        }
    }
}
