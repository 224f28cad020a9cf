//! One picture on its canvas, and what is known of it afterwards.

use crate::browser::observe::pixel_ratio;
use crate::browser::zones::BrowserZones;
use crate::canvas::{CanvasMeasure, CanvasSurface, context_of};
use crate::panels::legend::is_hidden;
use crate::panels::settings::{ChartSettings, SeriesLook};
use crate::state::panel::Picture;
use crate::state::session::Session;
use chart::{
    AxisId, Band, DisplayList, GridLines, Layout, Point, SeriesStyle, Side, Size, Theme, TimeSeriesChart, ValueAxis,
    bands,
};
use frame::{SortedSet, Step};
use leptos::prelude::*;
use std::cell::RefCell;
use std::sync::Arc;

/// What the canvas shows.
pub struct Drawn {
    pub layout: Layout,
    picture: Arc<Picture>,
    /// Index and axis of every series, in the order they were drawn.
    lines: Vec<(usize, AxisId)>,
    /// The bands of those that are stacked, one for each line.
    stack: Vec<Option<Band>>,
}

impl Drawn {
    /// Series `index`.
    pub fn series(&self, index: usize) -> Option<&engine::SeriesHead> {
        self.picture.head.series.get(index)
    }

    /// The distance between two instants that have values.
    pub fn step(&self) -> Step {
        self.picture.head.step
    }

    /// The series whose line passes nearest to a place, in device pixels.
    pub fn nearest(&self, place: Point) -> Option<usize> {
        let style = SeriesStyle::default();
        let lines = self.lines.iter().enumerate();
        let series: Vec<_> = lines
            .map(|(line, (index, axis))| drawn_series(&self.picture, *index, band(&self.stack, line), style, *axis))
            .collect();
        let hit = self.layout.hit(&series, place)?;
        self.lines.get(hit.series).map(|(index, _)| *index)
    }
}

fn band(stack: &[Option<Band>], line: usize) -> Option<&Band> {
    stack.get(line)?.as_ref()
}

/// A series as it is drawn: by itself, or as its band of a stack.
fn drawn_series<'a>(
    picture: &'a Picture,
    index: usize,
    band: Option<&'a Band>,
    style: SeriesStyle,
    axis: AxisId,
) -> chart::Series<'a> {
    let (times, values) = match band {
        Some(band) => (&band.times[..], &band.upper[..]),
        None => picture.points(index),
    };
    chart::Series { times, values, baseline: band.map(|band| &band.lower[..]), style, axis }
}

/// Everything one picture is made of.
pub struct Scene<'a> {
    pub session: Session,
    pub picture: &'a Arc<Picture>,
    pub settings: &'a ChartSettings,
    pub looks: &'a [SeriesLook],
    pub hidden: &'a SortedSet<String>,
}

impl Scene<'_> {
    /// Paints it on `canvas`, which has this width and height in CSS pixels. `list` is only memory to be used again.
    /// None where there is nothing to paint on.
    pub fn paint(
        &self,
        canvas: &web_sys::HtmlCanvasElement,
        (width, height): (f64, f64),
        list: &RefCell<DisplayList>,
    ) -> Option<Drawn> {
        let ratio = pixel_ratio();
        let (width_px, height_px) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        let context = context_of(canvas).filter(|_| width_px > 0 && height_px > 0)?;
        if (canvas.width(), canvas.height()) != (width_px, height_px) {
            canvas.set_width(width_px);
            canvas.set_height(height_px);
        }
        let dark = self.session.dark.get_untracked();
        let theme = if dark { Theme::DARK } else { Theme::LIGHT };
        let size = Size { width_px: width_px as f32, height_px: height_px as f32, ratio: ratio as f32 };
        let shown: Vec<(usize, &SeriesLook)> = self.shown().collect();
        let stack = self.bands(&shown);
        let series = self.series(&shown, &stack);
        let zone = untrack(|| self.session.zone());
        let thresholds = self.settings.thresholds(shown.iter().map(|(_, look)| *look), dark);
        let label = |id: AxisId| {
            let look = speaker(&shown, id);
            move |value: f64, step: f64| {
                look.map_or_else(|| format::number::shortest(value), |look| look.tick(value, step))
            }
        };
        let (first, second) = (label(AxisId::First), label(AxisId::Second));
        let (y, y2) = (axis(&shown, AxisId::First, &first), axis(&shown, AxisId::Second, &second));
        // What stands on the second alone takes the whole chart.
        let (y, y2) = if y.is_some() { (y, y2) } else { (y2, None) };
        let chart = TimeSeriesChart {
            y: y.unwrap_or(ValueAxis { label: &first, ..ValueAxis::default() }),
            y2,
            thresholds: &thresholds,
            grid: GridLines { horizontal: shown.iter().all(|(_, look)| look.has_grid()), ..GridLines::default() },
            ..TimeSeriesChart::new(self.picture.head.range, &zone, &series)
        };
        let layout = chart.layout(&size, &theme, &CanvasMeasure(&context), &BrowserZones);
        let mut list = list.borrow_mut();
        chart.draw_into(&layout, &mut list);
        // A canvas that cannot be drawn on (a lost context) comes back with the next picture.
        let _ = chart::paint(&list, &mut CanvasSurface::new(&context, (width_px, height_px)));
        let lines = shown.iter().map(|(index, look)| (*index, look.axis)).collect();
        drop(series);
        Some(Drawn { layout, picture: self.picture.clone(), lines, stack })
    }

    fn shown(&self) -> impl Iterator<Item = (usize, &SeriesLook)> {
        let looks = self.looks.iter().enumerate();
        looks.filter(|(_, look)| look.in_chart && !is_hidden(self.hidden, &look.name))
    }

    /// The band from a line down to another, for one whose area ends there.
    fn band_between(&self, index: usize, look: &SeriesLook, shown: &[(usize, &SeriesLook)]) -> Option<Band> {
        let name = look.fill_below_to().filter(|_| look.stack.is_none())?;
        let (floor, _) = shown.iter().find(|(other, below)| *other != index && below.name == name)?;
        bands(&[self.picture.points(*floor), self.picture.points(index)]).pop()
    }

    /// The bands of the lines that are stacked.
    fn bands(&self, shown: &[(usize, &SeriesLook)]) -> Vec<Option<Band>> {
        let mut found: Vec<Option<Band>> =
            shown.iter().map(|(index, look)| self.band_between(*index, look, shown)).collect();
        let stack_of = |line: usize| *self.picture.head.stacks.get(shown.get(line)?.0)?;
        for line in 0..shown.len() {
            let Some(stack) = stack_of(line).filter(|_| found.get(line) == Some(&None)) else { continue };
            let members: Vec<usize> = (line..shown.len()).filter(|of| stack_of(*of) == Some(stack)).collect();
            let edges: Vec<_> = members.iter().map(|of| self.picture.points(shown[*of].0)).collect();
            for (of, band) in members.iter().zip(bands(&edges)) {
                found[*of] = Some(band);
            }
        }
        found
    }

    fn series<'a>(&'a self, shown: &[(usize, &'a SeriesLook)], stack: &'a [Option<Band>]) -> Vec<chart::Series<'a>> {
        let lines = shown.iter().enumerate();
        lines
            .map(|(line, (index, look))| drawn_series(self.picture, *index, band(stack, line), look.style, look.axis))
            .collect()
    }
}

/// The axis of the series on `id`; none where there is none.
fn axis<'a>(
    shown: &[(usize, &'a SeriesLook)],
    id: AxisId,
    label: &'a dyn Fn(f64, f64) -> String,
) -> Option<ValueAxis<'a>> {
    let look = speaker(shown, id)?;
    let side = if id == AxisId::First { Side::Left } else { Side::Right };
    Some(ValueAxis {
        limits: look.limits,
        spread: look.spread,
        base: look.base,
        label,
        unit: look.axis_label(),
        side: if look.has_axis() { side } else { Side::Hidden },
        ..ValueAxis::default()
    })
}

/// The series that says how the axis `id` looks: the first whose axis is seen.
fn speaker<'a>(shown: &[(usize, &'a SeriesLook)], id: AxisId) -> Option<&'a SeriesLook> {
    let looks = || shown.iter().map(|(_, look)| *look).filter(|look| look.axis == id);
    looks().find(|look| look.has_axis()).or_else(|| looks().next())
}
