//! Lines, areas, bars and points of the series.

pub(crate) mod bands;
pub(crate) mod dense;
pub(crate) mod shapes;
pub(crate) mod smooth;
pub(crate) mod trace;

use crate::axis::scale::{TimeScale, ValueScale};
use crate::list::{DisplayList, Paint, Span, Stroke};
use crate::series::{AxisId, Draw, Gradient, Interpolation, Points, Series, SeriesStyle};
use crate::{Color, Point, Rect};
use dense::Rasterizer;
use shapes::{area, arrows, bar_width, bars, crosses, lone_points, thin_bars};
use trace::Frame;

/// The widest a bar gets, in CSS pixels.
const BAR_LIMIT: f32 = 100.0;
/// Edges of areas below dense lines have a point in so many CSS pixels.
const EDGE: f32 = 2.0;
/// Half the width of the arrowhead that stands for an infinite value, in CSS pixels.
const ARROW: f32 = 4.0;
/// Half the width of the cross that stands for a value that is not a number, in CSS pixels.
const CROSS: f32 = 2.5;

/// Sine and cosine of the 25 degrees by which a gradient of hues turns either way.
const HUE_TURN: (f32, f32) = (0.422_618_27, 0.906_307_8);

/// Where series are drawn.
pub(crate) struct Place<'a> {
    pub plot: Rect,
    /// Device pixels per CSS pixel.
    pub ratio: f32,
    pub x: &'a TimeScale,
    pub y: &'a ValueScale,
    pub y2: Option<&'a ValueScale>,
}

impl Place<'_> {
    fn scale(&self, axis: AxisId) -> &ValueScale {
        match (axis, self.y2) {
            (AxisId::Second, Some(second)) => second,
            _ => self.y,
        }
    }

    fn px(&self, css_px: f32) -> f32 {
        css_px * self.ratio
    }
}

/// Draws all series: first every fill, then every line, then every point, so that no fill dulls a line.
pub(crate) fn draw(list: &mut DisplayList, series: &[Series], place: &Place) {
    let mut scratch = Scratch::default();
    let marks: Vec<Marks> = series.iter().map(|series| Marks::trace(list, series, place, &mut scratch)).collect();
    // Lines along the edge of the plot are shown whole.
    let widest =
        series.iter().map(|series| series.style.line_width.max(series.style.point_size / 2.0)).fold(0.0, f32::max);
    list.clipped(place.plot.grown(place.px(widest)), |list| {
        for marks in &marks {
            list.fill(marks.fill, marks.paint);
        }
        for marks in &marks {
            list.stroke(marks.line, marks.stroke);
            // Lines one pixel wide are what every rasteriser is fastest at.
            list.stroke(marks.spans, Stroke::solid(marks.stroke.color, 1.0));
        }
        for marks in &marks {
            list.circles(marks.points, marks.radius, marks.stroke.color);
        }
    });
    for marks in &marks {
        list.fill(marks.arrows, Paint::Solid(marks.stroke.color));
        list.stroke(marks.crosses, Stroke::solid(marks.stroke.color, place.ratio));
    }
}

/// Buffers shared by all series of a chart.
#[derive(Default)]
struct Scratch {
    /// A point per row, broken at gaps.
    rows: Vec<Point>,
    /// `rows`, interpolated, and with dense parts simplified.
    line: Vec<Point>,
    edge: Vec<Point>,
    /// The baseline, a point per row, broken where `rows` is.
    base_rows: Vec<Point>,
    /// `base_rows`, interpolated, and with dense parts simplified.
    base: Vec<Point>,
    base_edge: Vec<Point>,
    rasterizer: Rasterizer,
}

/// What one series adds to the list.
struct Marks {
    fill: Span,
    paint: Paint,
    line: Span,
    stroke: Stroke,
    /// The pixels of the line's dense parts.
    spans: Span,
    points: Span,
    radius: f32,
    /// What stands for infinite values and for those that are not a number.
    arrows: Span,
    crosses: Span,
}

impl Marks {
    fn trace(list: &mut DisplayList, series: &Series, place: &Place, scratch: &mut Scratch) -> Self {
        let style = &series.style;
        let range = place.x.range();
        // One row more on either side: the line runs on to the edge of the plot.
        let series = series.cut(series.rows_between(range.start.0 as f64, range.end.0 as f64, 1));
        let scale = place.scale(series.axis);
        let zero_y = scale.y_of(0.0_f64.max(scale.min()).min(scale.max()));
        let frame = Frame { x: place.x, y: scale, zero_y };
        trace::values(&mut scratch.rows, &series, frame);
        trace::baseline(&mut scratch.base_rows, &series, frame);

        let mut marks = Self {
            fill: Span::EMPTY,
            paint: paint(style, &scratch.rows, zero_y),
            line: Span::EMPTY,
            stroke: Stroke {
                color: style.color,
                width: place.px(style.line_width),
                dash: style.dash.scaled(place.ratio),
            },
            spans: Span::EMPTY,
            points: Span::EMPTY,
            radius: place.px(style.point_size) / 2.0,
            arrows: list.path(|out| arrows(out, &series, frame, place.plot, place.px(ARROW))),
            crosses: list.path(|out| crosses(out, &series, frame, place.plot, place.px(CROSS))),
        };
        match style.draw {
            Draw::Line(interpolation) => marks.add_line(list, style, interpolation, frame, place, scratch),
            Draw::Bars => marks.add_bars(list, style, frame, place, scratch),
            Draw::Points => {}
        }
        marks.add_points(list, style, place, &scratch.rows);
        marks
    }

    fn add_line(
        &mut self,
        list: &mut DisplayList,
        style: &SeriesStyle,
        interpolation: Interpolation,
        frame: Frame,
        place: &Place,
        scratch: &mut Scratch,
    ) {
        let line = trace::interpolated(&mut scratch.line, &scratch.rows, interpolation);
        if style.fill_opacity > 0.0 {
            let base = trace::interpolated(&mut scratch.base, &scratch.base_rows, interpolation);
            let edge = dense::simplified(&mut scratch.edge, line, place.px(EDGE));
            let base = dense::simplified(&mut scratch.base_edge, base, place.px(EDGE));
            self.fill = list.path(|out| area(out, edge, base, frame.zero_y));
        }
        if !self.stroke.dash.is_solid() {
            self.line = list.path(|out| out.extend_from_slice(line));
            return;
        }
        let (left, right) = (place.plot.left - self.stroke.width, place.plot.right + self.stroke.width);
        self.line = list.path(|out| dense::sparse_parts(out, line));
        self.spans = list.path(|out| scratch.rasterizer.spans(out, line, self.stroke.width, left, right));
    }

    fn add_bars(
        &mut self,
        list: &mut DisplayList,
        style: &SeriesStyle,
        frame: Frame,
        place: &Place,
        scratch: &Scratch,
    ) {
        let width = bar_width(&scratch.rows, style.bar.share).min(place.px(BAR_LIMIT));
        if width < 2.0 {
            self.spans = list.path(|out| thin_bars(out, &scratch.rows, &scratch.base_rows, frame.zero_y));
            return;
        }
        self.line =
            list.path(|out| bars(out, &scratch.rows, &scratch.base_rows, frame.zero_y, (width, style.bar.side)));
        if style.fill_opacity > 0.0 {
            self.fill = self.line;
        }
    }

    fn add_points(&mut self, list: &mut DisplayList, style: &SeriesStyle, place: &Place, rows: &[Point]) {
        if show_points(style, rows, place) {
            self.points = list.path(|out| out.extend(rows.iter().filter(|point| !point.is_break())));
        } else if style.draw != Draw::Bars {
            self.points = list.path(|out| lone_points(out, rows));
            // Large enough to be seen, however thin the line.
            self.radius = self.stroke.width.max(place.px(2.0));
        }
    }
}

/// Whether every point gets a mark.
fn show_points(style: &SeriesStyle, rows: &[Point], place: &Place) -> bool {
    match (style.draw, style.points) {
        (Draw::Points, _) | (_, Points::Always) => true,
        (_, Points::Never) | (Draw::Bars, _) => false,
        // Room for three times as many marks again: fewer would turn the line into beads.
        (Draw::Line(_), Points::Auto) => rows.len() as f32 * place.px(style.point_size) * 4.0 < place.plot.width(),
    }
}

/// The fill of a series whose line runs through `rows`.
fn paint(style: &SeriesStyle, rows: &[Point], zero_y: f32) -> Paint {
    let faded = |color: Color| color.faded(style.fill_opacity);
    let top = rows.iter().map(|point| point.y).fold(zero_y, f32::min);
    let bottom = rows.iter().map(|point| point.y).fold(zero_y, f32::max);
    match style.gradient {
        Gradient::None => Paint::Solid(faded(style.color)),
        Gradient::Opacity => Paint::Vertical { top, from: faded(style.color), bottom, to: style.color.faded(0.0) },
        Gradient::Hue => {
            let (sin, cos) = HUE_TURN;
            Paint::Vertical {
                top,
                from: faded(style.color.spun(sin, cos)),
                bottom,
                to: faded(style.color.spun(-sin, cos)),
            }
        }
    }
}
