//! From a laid out chart to its display list: everything but the series themselves, which are in `marks`.

use crate::layout::{AxisLayout, LABEL_GAP, LABEL_SIZE, Layout};
use crate::list::{Align, DisplayList, Paint, Stroke, TextStyle, Weight};
use crate::scene::{Side, TimeSeriesChart};
use crate::{Color, Point, Rect, marks};

/// Opacity of grid lines, of the text colour.
const GRID: f32 = 0.08;
/// Opacity of the line at zero.
const ZERO: f32 = 0.2;
/// Opacity of threshold bands and of regions.
const TINT: f32 = 0.1;
/// From the middle of a digit down to its baseline, in font sizes: half the height of Helvetica's digits.
const HALF_DIGIT: f32 = 0.35;

impl TimeSeriesChart<'_> {
    /// The picture of this chart in the places `layout` found for it.
    #[must_use]
    pub fn draw(&self, layout: &Layout) -> DisplayList {
        let mut list = DisplayList::new();
        self.draw_into(layout, &mut list);
        list
    }

    /// The same into a list that is emptied first and keeps its memory.
    pub fn draw_into(&self, layout: &Layout, list: &mut DisplayList) {
        list.clear();
        bands(self, layout, list);
        grid(self, layout, list);
        marks::draw(list, self.series, &layout.place());
        threshold_lines(self, layout, list);
        edge_marks(self, layout, list);
        time_labels(layout, list);
        value_labels(&layout.y, layout, list);
        if let Some(second) = &layout.y2 {
            value_labels(second, layout, list);
        }
    }
}

/// Tinted regions and threshold bands, behind everything.
fn bands(chart: &TimeSeriesChart, layout: &Layout, list: &mut DisplayList) {
    let plot = layout.plot;
    let tint = |color: Color| Paint::Solid(color.faded(TINT));
    for region in chart.regions {
        let rect = Rect::new(layout.x_of(region.range.start), plot.top, layout.x_of(region.range.end), plot.bottom);
        tinted(list, rect, plot, tint(region.color));
    }
    for threshold in chart.thresholds.iter().filter(|threshold| threshold.fill) {
        // Infinite ends lie on the edges of the plot.
        let rect = Rect::new(plot.left, layout.y_of(threshold.to), plot.right, layout.y_of(threshold.from));
        tinted(list, rect, plot, tint(threshold.color));
    }
}

fn tinted(list: &mut DisplayList, rect: Rect, plot: Rect, paint: Paint) {
    let visible = rect.intersection(plot);
    if visible.width() > 0.0 && visible.height() > 0.0 {
        list.rect(visible, paint);
    }
}

fn grid(chart: &TimeSeriesChart, layout: &Layout, list: &mut DisplayList) {
    let (plot, text) = (layout.plot, layout.theme.text);
    let faint = Paint::Solid(text.faded(GRID));
    if chart.grid.vertical {
        for tick in &layout.x_ticks {
            list.rect(vertical(tick.x, plot, layout), faint);
        }
    }
    if chart.grid.horizontal {
        for tick in layout.y.ticks.iter().filter(|tick| tick.value != 0.0) {
            list.rect(horizontal(tick.y, plot, layout), faint);
        }
    }
    let scale = &layout.y.scale;
    if scale.min() <= 0.0 && scale.max() >= 0.0 {
        list.rect(horizontal(scale.y_of(0.0), plot, layout), Paint::Solid(text.faded(ZERO)));
    }
}

/// A line across the plot, sharp: on whole pixels.
fn horizontal(y: f32, plot: Rect, layout: &Layout) -> Rect {
    let width = layout.hairline();
    let top = (y - width / 2.0).round();
    Rect::new(plot.left, top, plot.right, top + width)
}

/// A line up the plot, sharp.
fn vertical(x: f32, plot: Rect, layout: &Layout) -> Rect {
    let width = layout.hairline();
    let left = (x - width / 2.0).round();
    Rect::new(left, plot.top, left + width, plot.bottom)
}

fn threshold_lines(chart: &TimeSeriesChart, layout: &Layout, list: &mut DisplayList) {
    let plot = layout.plot;
    for threshold in chart.thresholds {
        let Some(dash) = threshold.line else { continue };
        let y = layout.y_of(threshold.from);
        if !threshold.from.is_finite() || y < plot.top || y > plot.bottom {
            continue;
        }
        let path = list.path(|out| out.extend([Point::new(plot.left, y), Point::new(plot.right, y)]));
        let dash = dash.scaled(layout.size.ratio);
        list.stroke(path, Stroke { color: threshold.color, width: layout.hairline(), dash });
    }
}

/// What stands on and below the time axis: the edges of regions, and annotations.
fn edge_marks(chart: &TimeSeriesChart, layout: &Layout, list: &mut DisplayList) {
    let plot = layout.plot;
    for region in chart.regions {
        let (start, end) = (layout.x_of(region.range.start), layout.x_of(region.range.end));
        let edge = Rect::new(start, plot.bottom, end, plot.bottom + layout.px(2.0));
        let visible = Rect::new(plot.left, 0.0, plot.right, layout.size.height_px);
        tinted(list, edge, visible, Paint::Solid(region.color));
    }
    let half = layout.px(4.0);
    for annotation in chart.annotations {
        let tip = Point::new(layout.x.x_of(annotation.at), plot.bottom + layout.px(1.0));
        if tip.x < plot.left || tip.x > plot.right {
            continue;
        }
        let base = tip.y + half * 1.5;
        let corners = [tip, Point::new(tip.x + half, base), Point::new(tip.x - half, base), Point::BREAK];
        let triangle = list.path(|out| out.extend(corners));
        list.fill(triangle, Paint::Solid(annotation.color));
    }
}

fn time_labels(layout: &Layout, list: &mut DisplayList) {
    let baseline = layout.size.height_px - layout.px(5.0);
    for tick in &layout.x_ticks {
        list.label(&tick.label.text, Point::new(tick.label.center, baseline), label_style(layout, Align::Center));
    }
}

fn value_labels(axis: &AxisLayout, layout: &Layout, list: &mut DisplayList) {
    let (x, align) = match axis.side {
        Side::Left => (layout.plot.left - layout.px(LABEL_GAP), Align::Right),
        Side::Right => (layout.plot.right + layout.px(LABEL_GAP), Align::Left),
        Side::Hidden => return,
    };
    let down = layout.px(LABEL_SIZE * HALF_DIGIT);
    for tick in &axis.ticks {
        list.label(&tick.text, Point::new(x, tick.y + down), label_style(layout, align));
    }
    if let Some(unit) = &axis.unit {
        list.label(&unit.text, Point::new(unit.x, layout.px(LABEL_SIZE - 1.0)), label_style(layout, unit.align));
    }
}

fn label_style(layout: &Layout, align: Align) -> TextStyle {
    TextStyle { color: layout.theme.second, size: layout.px(LABEL_SIZE), weight: Weight::Regular, align }
}
