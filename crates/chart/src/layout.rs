//! Where everything goes: margins from measured labels, scales and ticks.

use crate::axis::bounds::bounds;
use crate::axis::scale::{TimeScale, ValueScale};
use crate::axis::time_labels::{XTick, time_axis};
use crate::axis::value_ticks::value_ticks;
use crate::extent::extent;
use crate::marks::Place;
use crate::scene::{Side, TimeSeriesChart, ValueAxis};
use crate::series::AxisId;
use crate::{Align, Measure, Millis, Rect, Size, Theme, Weight, Zones};

/// Font size of axis labels in CSS pixels.
pub(crate) const LABEL_SIZE: f32 = 11.0;
/// The closest ticks may come on the value axis, in CSS pixels.
const VALUE_TICK_DISTANCE: f32 = 40.0;
/// Label widths are rounded up to a multiple of this many CSS pixels, so that the plot does not shift when a refresh
/// changes a digit.
const LABEL_WIDTH_STEP: f32 = 8.0;
/// And labels get at least this much, enough for three digits.
const LEAST_LABEL_WIDTH: f32 = 24.0;
/// Space beside the plot where no labels are, in CSS pixels.
pub(crate) const PLOT_MARGIN: f32 = 12.0;
/// Space between labels and plot in CSS pixels.
pub(crate) const LABEL_GAP: f32 = 8.0;

/// A chart's places on its canvas. Everything is in device pixels.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The canvas.
    pub size: Size,
    /// The colours it was laid out for.
    pub theme: Theme,
    /// Where the series are drawn.
    pub plot: Rect,
    /// The time scale.
    pub x: TimeScale,
    /// Labelled instants, ascending.
    pub x_ticks: Vec<XTick>,
    /// The first value axis.
    pub y: AxisLayout,
    /// The second one, in a chart that has it.
    pub y2: Option<AxisLayout>,
}

/// A value axis in place.
#[derive(Clone, Debug)]
pub struct AxisLayout {
    /// The scale.
    pub scale: ValueScale,
    /// Labelled values, ascending.
    pub ticks: Vec<YTick>,
    /// Which side its labels stand on.
    pub side: Side,
    /// Its unit, above the labels.
    pub unit: Option<UnitLabel>,
}

/// The unit of a value axis.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitLabel {
    /// The text.
    pub text: String,
    /// The x it is drawn at.
    pub x: f32,
    /// Its place beside that x.
    pub align: Align,
}

/// A labelled value.
#[derive(Clone, Debug, PartialEq)]
pub struct YTick {
    /// The value.
    pub value: f64,
    /// Where it is.
    pub y: f32,
    /// Its label.
    pub text: String,
}

impl Layout {
    /// The instant below the pixel `x`, cut to the range.
    #[must_use]
    pub fn time_at(&self, x: f32) -> Millis {
        self.x.time_at(x)
    }

    /// The pixel column of an instant.
    #[must_use]
    pub fn x_of(&self, at: Millis) -> f32 {
        self.x.x_of(at.0 as f64)
    }

    /// The pixel row of a value of the first axis.
    #[must_use]
    pub fn y_of(&self, value: f64) -> f32 {
        self.y.scale.y_of(value)
    }

    /// The value of the first axis at the pixel `y`, cut to its bounds.
    #[must_use]
    pub fn value_at(&self, y: f32) -> f64 {
        self.y.scale.value_at(y)
    }

    /// The axis of a series.
    #[must_use]
    pub fn axis(&self, id: AxisId) -> &AxisLayout {
        match (id, &self.y2) {
            (AxisId::Second, Some(second)) => second,
            _ => &self.y,
        }
    }

    pub(crate) fn place(&self) -> Place<'_> {
        let y2 = self.y2.as_ref().map(|axis| &axis.scale);
        Place { plot: self.plot, ratio: self.size.ratio, x: &self.x, y: &self.y.scale, y2 }
    }

    /// Device pixels of a length in CSS pixels.
    #[must_use]
    pub fn px(&self, css_px: f32) -> f32 {
        css_px * self.size.ratio
    }

    /// Width of a hairline: a CSS pixel, in whole device pixels.
    #[must_use]
    pub(crate) fn hairline(&self) -> f32 {
        self.size.ratio.round().max(1.0)
    }
}

impl TimeSeriesChart<'_> {
    /// Finds a place for everything on a canvas of `size`.
    #[must_use]
    pub fn layout(&self, size: &Size, theme: &Theme, measure: &dyn Measure, zones: &dyn Zones) -> Layout {
        let size = size.sane();
        let css = size.ratio;
        let (top, bottom) = self.vertical_edges(size);
        // Without a second axis the first takes all series.
        let first = self.y2.is_some().then_some(AxisId::First);
        let mut y = self.place_axis(&self.y, first, top, bottom, css);
        let mut y2 = self.y2.as_ref().map(|axis| self.place_axis(axis, Some(AxisId::Second), top, bottom, css));
        let gutter = |side: Side| {
            let axes = [Some((&self.y, &y)), self.y2.as_ref().zip(y2.as_ref())].into_iter().flatten();
            let there = axes.filter(|(axis, _)| axis.side == side);
            there.map(|(axis, placed)| label_width(axis, placed, measure, css)).fold(0.0, f32::max)
        };
        let margin = |labels: f32| if labels > 0.0 { labels + (LABEL_GAP + 4.0) * css } else { PLOT_MARGIN * css };
        let left = margin(gutter(Side::Left)).round();
        let right = (size.width_px - margin(gutter(Side::Right))).round().max(left + 1.0);
        let plot = Rect::new(left, top, right, bottom);
        y.unit = unit_label(&self.y, plot, size, measure);
        if let (Some(axis), Some(placed)) = (&self.y2, &mut y2) {
            placed.unit = unit_label(axis, plot, size, measure);
        }
        let x = TimeScale::new(self.range, plot.left, plot.right);
        let x_ticks = if self.time_labels { time_axis(&x, self.zone, zones, measure, size) } else { Vec::new() };
        Layout { size, theme: *theme, plot, x, x_ticks, y, y2 }
    }

    /// Top and bottom of the plot: room for the unit above, for time labels and annotations below.
    fn vertical_edges(&self, size: Size) -> (f32, f32) {
        let has_unit = |axis: &ValueAxis| axis.side != Side::Hidden && axis.unit.is_some();
        let unit_row = has_unit(&self.y) || self.y2.as_ref().is_some_and(has_unit);
        let above = if unit_row { 18.0 } else { 8.0 };
        let below = if self.time_labels { 22.0 } else { 8.0 } + if self.annotations.is_empty() { 0.0 } else { 6.0 };
        let top = (above * size.ratio).round();
        let bottom = (size.height_px - below * size.ratio).round().max(top + 1.0);
        (top, bottom)
    }

    fn place_axis(&self, axis: &ValueAxis, id: Option<AxisId>, top: f32, bottom: f32, css: f32) -> AxisLayout {
        let intervals = (((bottom - top) / (VALUE_TICK_DISTANCE * css)) as usize).max(1);
        let data = extent(self.series, id, self.range, axis.spread);
        let (min, max) = bounds(data, &axis.limits, axis.spread, axis.base, intervals);
        let scale = ValueScale::new(axis.spread, min, max, top, bottom);
        let values = value_ticks(min, max, axis.spread, axis.base, intervals);
        let ticks = (0..values.len()).filter_map(|index| {
            let value = *values.get(index)?;
            // On logarithmic axes the step differs from tick to tick; the distance to zero says how exact to be.
            let neighbour = if index == 0 { values.get(1) } else { values.get(index - 1) };
            let step = neighbour.map_or(value.abs(), |neighbour| (value - neighbour).abs());
            Some(YTick { value, y: scale.y_of(value), text: (axis.label)(value, step) })
        });
        AxisLayout { scale, ticks: ticks.collect(), side: axis.side, unit: None }
    }
}

/// Room for an axis' labels in device pixels, 0 for a hidden axis.
fn label_width(axis: &ValueAxis, placed: &AxisLayout, measure: &dyn Measure, css: f32) -> f32 {
    if axis.side == Side::Hidden {
        return 0.0;
    }
    let widths = placed.ticks.iter().map(|tick| measure.width(&tick.text, LABEL_SIZE * css, Weight::Regular));
    let widest = widths.fold(axis.min_width.max(LEAST_LABEL_WIDTH) * css, f32::max);
    let step = LABEL_WIDTH_STEP * css;
    (widest / step).ceil() * step
}

/// The unit beside the labels where there is room for it, else from the edge of the canvas inwards.
fn unit_label(axis: &ValueAxis, plot: Rect, size: Size, measure: &dyn Measure) -> Option<UnitLabel> {
    let text = axis.unit?.to_owned();
    let gap = LABEL_GAP * size.ratio;
    let width = measure.width(&text, LABEL_SIZE * size.ratio, Weight::Regular);
    let (x, align) = match axis.side {
        Side::Left if width + gap <= plot.left => (plot.left - gap, Align::Right),
        Side::Left => (0.0, Align::Left),
        Side::Right if width + gap <= size.width_px - plot.right => (plot.right + gap, Align::Left),
        Side::Right => (size.width_px, Align::Right),
        Side::Hidden => return None,
    };
    Some(UnitLabel { text, x, align })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Series, SeriesStyle, TableMeasure};
    use frame::{TimeRange, Zone};
    use proptest::prelude::*;

    struct Utc;

    impl Zones for Utc {
        fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
            0
        }
    }

    const SIZE: Size = Size { width_px: 1400.0, height_px: 480.0, ratio: 2.0 };

    fn series<'a>(times: &'a [f64], values: &'a [f64], axis: AxisId) -> Series<'a> {
        Series { times, values, baseline: None, style: SeriesStyle::default(), axis }
    }

    fn lay_out(chart: &TimeSeriesChart, size: Size) -> Layout {
        chart.layout(&size, &Theme::DARK, &TableMeasure, &Utc)
    }

    fn plot_of(values: &[f64], change: impl Fn(&mut TimeSeriesChart)) -> Rect {
        let times: Vec<f64> = (0..values.len()).map(|row| row as f64 * 1_000.0).collect();
        let all = [series(&times, values, AxisId::First)];
        let mut chart = TimeSeriesChart::new(TimeRange::new(0, 60_000), &Zone::Utc, &all);
        change(&mut chart);
        lay_out(&chart, SIZE).plot
    }

    #[test]
    fn margins_keep_still_while_labels_hardly_change() {
        let plain = plot_of(&[0.0, 80.0], |_| {});
        assert_eq!(plain, plot_of(&[0.0, 99.0], |_| {}));
        assert_eq!(plain, plot_of(&[0.0, 55.0], |_| {}));
        assert!(plot_of(&[0.0, 5_000_000.0], |_| {}).left > plain.left);
    }

    #[test]
    fn margins_follow_what_is_shown() {
        let plain = plot_of(&[0.0, 80.0], |_| {});
        assert!(plot_of(&[0.0, 80.0], |chart| chart.y.unit = Some("ms")).top > plain.top);
        assert!(plot_of(&[0.0, 80.0], |chart| chart.time_labels = false).bottom > plain.bottom);
        assert!(plot_of(&[0.0, 80.0], |chart| chart.y.side = Side::Hidden).left < plain.left);
        assert!(plot_of(&[0.0, 80.0], |chart| chart.y.side = Side::Right).right < plain.right);
        assert_eq!(plot_of(&[0.0, 80.0], |chart| chart.y.min_width = 80.0).left, 80.0 * 2.0 + (LABEL_GAP + 4.0) * 2.0);
    }

    #[test]
    fn every_series_is_on_its_own_axis() {
        let times = [0.0, 30_000.0, 60_000.0];
        let all =
            [series(&times, &[0.0, 5.0, 10.0], AxisId::First), series(&times, &[0.0, 500.0, 990.0], AxisId::Second)];
        let second = ValueAxis { side: Side::Right, ..ValueAxis::default() };
        let chart =
            TimeSeriesChart { y2: Some(second), ..TimeSeriesChart::new(TimeRange::new(0, 60_000), &Zone::Utc, &all) };
        let layout = lay_out(&chart, SIZE);
        assert_eq!(layout.axis(AxisId::First).scale.max(), 10.0);
        assert_eq!(layout.axis(AxisId::Second).scale.max(), 1_000.0);
        // Without a second axis all share the first.
        let chart = TimeSeriesChart { y2: None, ..chart };
        assert_eq!(lay_out(&chart, SIZE).axis(AxisId::Second).scale.max(), 1_000.0);
    }

    #[test]
    fn only_what_is_in_range_counts() {
        let times = [0.0, 1_000.0, 2_000.0];
        let all = [series(&times, &[1e9, 7.0, 1e9], AxisId::First)];
        let chart = TimeSeriesChart::new(TimeRange::new(500, 1_500), &Zone::Utc, &all);
        assert_eq!(lay_out(&chart, SIZE).y.scale.max(), 15.0);
    }

    proptest! {
        #[test]
        fn any_size_gives_a_layout(
            width_px in any::<f32>(), height_px in any::<f32>(), ratio in any::<f32>(), start in any::<i64>(), end in any::<i64>(),
            values in proptest::collection::vec(any::<f64>(), 0..20), log in any::<bool>(),
        ) {
            let times: Vec<f64> = (0..values.len()).map(|row| start as f64 + row as f64).collect();
            let all = [series(&times, &values, AxisId::First)];
            let mut chart = TimeSeriesChart::new(TimeRange::new(start, end), &Zone::Utc, &all);
            if log {
                chart.y.spread = crate::Spread::Log { base: 10.0 };
            }
            let layout = lay_out(&chart, Size { width_px, height_px, ratio });
            prop_assert!(layout.plot.width() > 0.0 && layout.plot.height() > 0.0);
            let list = chart.draw(&layout);
            // The widest canvas has a tick every sixty pixels.
            prop_assert!(list.commands().len() < 5_000);
        }

        #[test]
        fn ticks_keep_their_distance(high in 0.001..1e9_f64, height_css in 100.0..900.0_f32, ratio in 1.0..3.0_f32) {
            let times = [0.0, 1_000.0];
            let values = [0.0, high];
            let all = [series(&times, &values, AxisId::First)];
            let chart = TimeSeriesChart::new(TimeRange::new(0, 1_000), &Zone::Utc, &all);
            let layout = lay_out(&chart, Size { width_px: 600.0, height_px: height_css * ratio, ratio });
            prop_assert!(layout.y.ticks.len() >= 2);
            for pair in layout.y.ticks.windows(2) {
                prop_assert!(pair[0].y - pair[1].y >= VALUE_TICK_DISTANCE * ratio - 0.1);
            }
        }
    }
}
