//! The chart over time: a canvas that is painted when something changed, and a cursor, a selection and a tooltip in
//! the DOM above it, so that hovering never repaints.

pub mod annotations;
pub mod exemplars;
mod marks;
mod pointer;
mod scene;
mod tooltip;

use crate::browser::frame_loop::Painter;
use crate::browser::{clock, timing};
use crate::canvas::release_on_leave;
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, StoredValue, el, react};
use crate::panels::legend::{Hidden, LegendEntry, legend};
use crate::panels::place::{self, CssSize};
use crate::panels::settings::{ChartSettings, SeriesLook};
use crate::parts;
use crate::state::links::Links;
use crate::state::panel::{PanelView, Picture, picture_of};
use crate::state::session::Session;
use chart::{DisplayList, ValueScale};
use dashboard::model::{LegendMode, SortBy};
use engine::PanelId;
use frame::calcs::Calc;
use frame::{Millis, SortedSet, TimeRange};
pub use pointer::handle;
use scene::{Drawn, Scene};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// How every series looks now, by index.
pub type Looks = Memo<Arc<Vec<SeriesLook>>>;

/// What is drawn, once there is something.
type Drawing = Memo<Option<Arc<Picture>>>;

/// Where a chart's plot is, in CSS pixels from the chart's corner, and what it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub range: TimeRange,
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// Where the values of the first axis are, in device pixels.
    scale: ValueScale,
    ratio: f64,
}

impl Area {
    fn of(layout: &chart::Layout) -> Self {
        let ratio = f64::from(layout.size.ratio);
        let css = |px: f32| f64::from(px) / ratio;
        let plot = &layout.plot;
        let (left, top) = (css(plot.left), css(plot.top));
        let (width, height) = (css(plot.right) - left, css(plot.height()));
        Self { range: layout.x.range(), left, top, width, height, scale: layout.y.scale, ratio }
    }

    /// Where an instant is, in epoch milliseconds.
    fn x_of(&self, at: f64) -> f64 {
        let (start, end) = (self.range.start.0 as f64, self.range.end.0 as f64);
        self.left + (at - start) / (end - start) * self.width
    }

    /// Where a value of the first axis is, on the plot's edge where it is beyond that.
    fn y_of(&self, value: f64) -> f64 {
        (f64::from(self.scale.y_of(value)) / self.ratio).max(self.top).min(self.top + self.height)
    }
}

/// What stands above a chart, told where its plot is.
pub type Overlay = Box<dyn FnOnce(RwSignal<Option<Area>>) -> Vec<El>>;

/// A chart of the panel `id`, with its legend.
pub fn chart(
    id: &PanelId,
    view: ArcRwSignal<PanelView>,
    settings: Rc<ChartSettings>,
    links: Option<Links>,
    overlay: Option<Overlay>,
) -> El {
    let session = Session::expect();
    let picture = picture_of(view);
    let hidden: Hidden = RwSignal::new(SortedSet::new());
    let looks: Looks = {
        // Kept in the page's one thread; the signal wants it sendable.
        let settings = StoredValue::new((settings.clone(), links.clone()));
        let looks = move || {
            let dark = session.dark.get();
            let picture = picture.get()?;
            Some(settings.with_value(|(settings, links)| {
                let named = links.as_ref().and_then(Links::named);
                settings.looks(&picture.head.series, dark, named.as_ref())
            }))
        };
        Memo::new_with_compare(move |_| Arc::new(looks().unwrap_or_default()), |_, _| true)
    };
    let legend = (settings.legend != LegendMode::Hidden).then(|| {
        let (calcs, sort) = (settings.calcs.clone(), settings.legend_sort.clone());
        let columns = calcs.iter().map(|calc| calc.label().into_owned()).collect();
        let entries = Memo::new(move |_| {
            picture
                .get()
                .map(|picture| legend_entries(&picture, &looks.get(), &calcs, sort.as_ref()))
                .unwrap_or_default()
        });
        legend(entries, columns, settings.legend == LegendMode::Table, hidden)
    });
    let frame = el("div").class("chart-frame").class_if("side", settings.legend_right);
    let frame = match settings.legend_width {
        Some(css_px) => frame.style("--legend-width", &format!("{css_px}px")),
        None => frame,
    };
    let frame = frame.child(plot(id, session, picture, settings, (looks, hidden), links, overlay));
    match legend {
        Some(legend) => frame.child_with(legend),
        None => frame,
    }
}

/// The drawing itself.
fn plot(
    id: &PanelId,
    session: Session,
    picture: Drawing,
    settings: Rc<ChartSettings>,
    (looks, hidden): (Looks, Hidden),
    links: Option<Links>,
    overlay: Option<Overlay>,
) -> El {
    let canvas = el("canvas").attr("aria-hidden", "true");
    let frame = el("div")
        .class("chart")
        .attr("tabindex", "0")
        .attr("role", "application")
        .attr("aria-label", "Chart. Left and right move the cursor, Escape hides it.");
    let size = place::watch(&frame, id, session);
    let drawn: Rc<RefCell<Option<Drawn>>> = Rc::default();
    let plot = Plot {
        id: id.clone(),
        session,
        frame: frame.clone(),
        looks,
        settings: settings.clone(),
        links,
        drawn: drawn.clone(),
    };
    let area = RwSignal::new(None);
    let paint = {
        let sheet = Sheet { canvas: canvas.node(), list: RefCell::default(), drawn: drawn.clone(), area };
        let id = id.clone();
        move || paint(&id, session, picture, &settings, (looks, hidden, size), &sheet)
    };
    let painter = Painter::new(paint);
    repaint_on_change(painter.clone(), picture, looks, hidden, size);
    repaint_in_other_zone(painter, session);
    release_on_leave(canvas.node());
    let frame = frame.child(canvas).child_with(move || cursor(session, size, &drawn));
    let frame = frame.children(overlay.into_iter().flat_map(|overlay| overlay(area)));
    with_pointer(frame, plot)
}

/// What is painted on.
struct Sheet {
    canvas: web_sys::HtmlCanvasElement,
    /// Memory that is used again.
    list: RefCell<DisplayList>,
    /// What is painted, once something is.
    drawn: Rc<RefCell<Option<Drawn>>>,
    area: RwSignal<Option<Area>>,
}

/// A chart as the pointer finds it.
#[derive(Clone)]
pub struct Plot {
    id: PanelId,
    session: Session,
    frame: El,
    looks: Looks,
    settings: Rc<ChartSettings>,
    /// What the links of its values go by; none outside a dashboard.
    links: Option<Links>,
    /// What is painted, once something is.
    drawn: Rc<RefCell<Option<Drawn>>>,
}

/// What the pointer does to a chart is loaded when one comes by, or when the chart gets the keyboard's focus.
fn with_pointer(frame: El, plot: Plot) -> El {
    let first = RwSignal::new(None);
    let wake = move |event: web_sys::Event| {
        if first.with_untracked(Option::is_none) {
            first.set(Some(event));
        }
    };
    frame.on("pointerenter", wake).on("focus", wake).child_with(move || {
        let first = first.get()?;
        Some(parts::pointer(plot.clone(), first))
    })
}

fn repaint_on_change(painter: Painter, picture: Drawing, looks: Looks, hidden: Hidden, size: CssSize) {
    react(move || {
        picture.track();
        looks.track();
        size.track();
        hidden.track();
        painter.mark_dirty();
    });
}

/// Times stand at the axis: they are painted anew in another zone, not at whatever else the address says.
fn repaint_in_other_zone(painter: Painter, session: Session) {
    let painted = RefCell::new(None);
    react(move || {
        let zone = Some(session.zone());
        if painted.replace(zone.clone()) != zone {
            painter.mark_dirty();
        }
    });
}

/// Paints the picture there is, in an animation frame: signals may be gone by then.
fn paint(
    id: &PanelId,
    session: Session,
    picture: Drawing,
    settings: &ChartSettings,
    (looks, hidden, size): (Looks, Hidden, CssSize),
    sheet: &Sheet,
) {
    let Some(picture) = picture.try_get_untracked().flatten() else { return };
    let (Some(size), Some(hidden), Some(looks)) =
        (size.try_get_untracked(), hidden.try_get_untracked(), looks.try_get_untracked())
    else {
        return;
    };
    let scene = Scene { session, picture: &picture, settings, looks: &looks, hidden: &hidden };
    let started = clock::ticks();
    let drawn = scene.paint(&sheet.canvas, size, &sheet.list);
    let area = drawn.as_ref().map(|drawn| Area::of(&drawn.layout));
    *sheet.drawn.borrow_mut() = drawn;
    if sheet.area.try_get_untracked() != Some(area) {
        let _ = sheet.area.try_set(area);
    }
    let (series, samples) = (picture.head.series.len() as u32, picture.times.len() as u64);
    timing::measure_paint(clock::ticks() - started, timing::Detail { panel: &id.0, bytes: 0, series, samples });
}

/// The line at the session's cursor, which all charts share.
fn cursor(session: Session, size: CssSize, drawn: &RefCell<Option<Drawn>>) -> Option<El> {
    size.track();
    let time = session.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.time))?;
    let (left, top, height) = cursor_place(drawn, time)?;
    let line = el("div").class("cursor").style("transform", &format!("translate({}, {})", px(left), px(top)));
    Some(line.style("height", &px(height)))
}

/// A length in CSS pixels.
fn px(length: f64) -> String {
    format::number::shortest(length) + "px"
}

fn legend_entries(picture: &Picture, looks: &[SeriesLook], calcs: &[Calc], sort: Option<&SortBy>) -> Vec<LegendEntry> {
    let entry = |(series, look): (&engine::SeriesHead, &SeriesLook)| LegendEntry {
        name: look.name.clone(),
        color: look.color,
        calcs: calcs.iter().zip(&series.calcs).map(|(calc, value)| look.calc_text(*calc, *value)).collect(),
    };
    let mut lines: Vec<_> = picture.head.series.iter().zip(looks).filter(|(_, look)| look.in_legend).collect();
    if let Some(sort) = sort {
        let column = calcs.iter().position(|calc| calc.label() == sort.column);
        sort_lines(&mut lines, |(series, _)| series.calcs.get(column?).copied(), sort.descending);
    }
    lines.into_iter().map(entry).collect()
}

/// Sorts by a number; what has none comes last.
fn sort_lines<T>(lines: &mut Vec<T>, number: impl Fn(&T) -> Option<f64>, descending: bool) {
    let key = |line: &T| number(line).filter(|number| !number.is_nan());
    frame::sort_by(lines, |a, b| match (key(a), key(b)) {
        (Some(a), Some(b)) if descending => b.total_cmp(&a),
        (Some(a), Some(b)) => a.total_cmp(&b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    });
}

/// Left, top and height of the cursor line in CSS pixels, none outside the plot.
fn cursor_place(drawn: &RefCell<Option<Drawn>>, time: f64) -> Option<(f64, f64, f64)> {
    let drawn = drawn.borrow();
    let layout = &drawn.as_ref()?.layout;
    let x = layout.x_of(Millis(time as i64));
    let inside = layout.plot.left <= x && x <= layout.plot.right;
    let css = |px: f32| f64::from(px) / f64::from(layout.size.ratio);
    inside.then(|| (css(x).round(), css(layout.plot.top), css(layout.plot.height())))
}
