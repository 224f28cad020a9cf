//! The chart over time: a canvas that is painted when something changed, and a cursor, a selection and a tooltip in
//! the DOM above it, so that hovering never repaints.

use crate::browser::frame_loop::Painter;
use crate::browser::observe::pixel_ratio;
use crate::browser::{clock, timing, zones::BrowserZones};
use crate::canvas::{CanvasMeasure, CanvasSurface, context_of};
use crate::dom::{El, el, react};
use crate::panels::legend::{Hidden, LegendEntry, is_hidden, legend};
use crate::panels::place::{self, CssSize};
use crate::panels::settings::{ChartSettings, SeriesLook};
use crate::panels::tooltip::{Hover, tooltip};
use crate::protocol::{Question, Reply};
use crate::state::panel::{PanelView, Picture};
use crate::state::session::{Cursor, Session};
use chart::{AxisId, Band, DisplayList, Layout, Side, Size, Theme, TimeSeriesChart, ValueAxis, bands};
use dashboard::model::LegendMode;
use engine::PanelId;
use frame::Millis;
use frame::SortedSet;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

/// A drag shorter than this is a click, in CSS pixels.
const DRAG_CSS_PX: f64 = 5.0;

/// What the event handlers and the painter of one chart share.
struct Shared {
    layout: RefCell<Option<Layout>>,
    list: RefCell<DisplayList>,
    drag_from: Cell<Option<f64>>,
    asking: Cell<bool>,
}

/// How every series looks now, by index.
pub type Looks = Memo<Arc<Vec<SeriesLook>>>;

/// A chart of the panel `id`, with its legend.
pub fn chart(id: &PanelId, view: ArcRwSignal<PanelView>, settings: Rc<ChartSettings>) -> El {
    let session = Session::expect();
    let hidden: Hidden = RwSignal::new(SortedSet::new());
    let looks: Looks = {
        // Kept in the page's one thread; the signal wants it sendable.
        let (view, settings) = (view.clone(), StoredValue::new_local(settings.clone()));
        let looks = move || {
            let dark = session.dark.get();
            let picture = view.with(|view| view.picture().cloned());
            picture.map(|picture| settings.with_value(|settings| settings.looks(&picture.head.series, dark)))
        };
        Memo::new_with_compare(move |_| Arc::new(looks().unwrap_or_default()), |_, _| true)
    };
    let legend = (settings.legend != LegendMode::Hidden).then(|| {
        let view = view.clone();
        let entries = Memo::new(move |_| {
            let picture = view.with(|view| view.picture().cloned());
            picture.map(|picture| legend_entries(&picture, &looks.get())).unwrap_or_default()
        });
        legend(entries, settings.calcs.clone(), settings.legend == LegendMode::Table, hidden)
    });
    let frame = el("div").class("chart-frame").class_if("side", settings.legend_right);
    let frame = frame.child(plot(id, session, view, settings, looks, hidden));
    match legend {
        Some(legend) => frame.child_with(legend),
        None => frame,
    }
}

/// The drawing itself.
fn plot(
    id: &PanelId,
    session: Session,
    view: ArcRwSignal<PanelView>,
    settings: Rc<ChartSettings>,
    looks: Looks,
    hidden: Hidden,
) -> El {
    let canvas = el("canvas").attr("aria-hidden", "true");
    let frame = el("div")
        .class("chart")
        .attr("tabindex", "0")
        .attr("role", "application")
        .attr("aria-label", "Chart. Left and right move the cursor, Escape hides it.");
    let size = place::watch(&frame, id, session);
    let shared = Rc::new(Shared {
        layout: RefCell::default(),
        list: RefCell::default(),
        drag_from: Cell::new(None),
        asking: Cell::new(false),
    });
    let pointer = Rc::new(Pointer {
        id: id.clone(),
        session,
        frame: frame.node(),
        hover: RwSignal::new(None),
        selection: RwSignal::new(None),
        shared: shared.clone(),
    });
    let tooltip = tooltip(session, pointer.hover, looks, settings.tooltip);
    let selection = pointer.selection;
    let paint = {
        let (id, view, canvas, shared) = (id.clone(), view.clone(), canvas.node(), shared.clone());
        move || paint(&id, session, &view, &settings, (looks, hidden, size), &canvas, &shared)
    };
    repaint_on_change(Painter::new(paint), session, view, looks, hidden, size);
    handle_events(frame, &pointer)
        .child(canvas)
        .child_with(move || cursor(session, size, &shared))
        .child_with(move || selection.get().map(selected))
        .child_with(tooltip)
}

fn repaint_on_change(
    painter: Painter,
    session: Session,
    view: ArcRwSignal<PanelView>,
    looks: Looks,
    hidden: Hidden,
    size: CssSize,
) {
    react(move || {
        view.track();
        looks.track();
        size.track();
        hidden.track();
        session.route.track();
        painter.mark_dirty();
    });
}

/// Paints the picture there is, in an animation frame: signals may be gone by then.
fn paint(
    id: &PanelId,
    session: Session,
    view: &ArcRwSignal<PanelView>,
    settings: &ChartSettings,
    (looks, hidden, size): (Looks, Hidden, CssSize),
    canvas: &web_sys::HtmlCanvasElement,
    shared: &Shared,
) {
    let Some(picture) = view.try_with_untracked(|view| view.picture().cloned()).flatten() else { return };
    let (Some(size), Some(hidden), Some(looks)) =
        (size.try_get_untracked(), hidden.try_get_untracked(), looks.try_get_untracked())
    else {
        return;
    };
    let scene = Scene { session, picture: &picture, settings, looks: &looks, hidden: &hidden };
    let started = clock::ticks();
    scene.paint(canvas, size, shared);
    let (series, samples) = (picture.head.series.len() as u32, picture.times.len() as u64);
    timing::measure("paint", clock::ticks() - started, timing::Detail { panel: &id.0, bytes: 0, series, samples });
}

/// What a pointer does with an event.
type Handle = fn(&Pointer, &web_sys::Event);

fn handle_events(frame: El, pointer: &Rc<Pointer>) -> El {
    let on = |frame: El, name: &str, handle: Handle| {
        let pointer = pointer.clone();
        frame.on(name, move |event| handle(&pointer, &event))
    };
    let events: [(&str, Handle); 7] = [
        ("pointermove", |pointer, event| pointer.moved(event.unchecked_ref())),
        ("pointerleave", |pointer, _| pointer.left()),
        ("pointerdown", |pointer, event| pointer.pressed(event.unchecked_ref())),
        ("pointerup", |pointer, _| pointer.released()),
        ("pointercancel", |pointer, _| pointer.left()),
        ("dblclick", |pointer, _| pointer.zoom_out()),
        ("keydown", |pointer, event| pointer.key(event.unchecked_ref())),
    ];
    events.into_iter().fold(frame, |frame, (name, handle)| on(frame, name, handle))
}

/// The line at the session's cursor, which all charts share.
fn cursor(session: Session, size: CssSize, shared: &Shared) -> Option<El> {
    size.track();
    let time = session.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.time))?;
    let (left, top, height) = cursor_place(shared, time)?;
    let line = el("div").class("cursor").style("transform", &format!("translate({}, {})", px(left), px(top)));
    Some(line.style("height", &px(height)))
}

/// A length in CSS pixels.
fn px(length: f64) -> String {
    format::number::shortest(length) + "px"
}

/// The range being dragged, from and to in CSS pixels.
fn selected((from, to): (f64, f64)) -> El {
    el("div")
        .class("selection")
        .style("left", &px(from.min(to)))
        .style("width", &px((to - from).abs()))
        .style("top", "0")
        .style("bottom", "20px")
}

/// Everything one picture is made of.
struct Scene<'a> {
    session: Session,
    picture: &'a Picture,
    settings: &'a ChartSettings,
    looks: &'a [SeriesLook],
    hidden: &'a SortedSet<String>,
}

impl Scene<'_> {
    fn paint(&self, canvas: &web_sys::HtmlCanvasElement, (width, height): (f64, f64), shared: &Shared) {
        let ratio = pixel_ratio();
        let (width_px, height_px) = ((width * ratio).round() as u32, (height * ratio).round() as u32);
        let Some(context) = context_of(canvas).filter(|_| width_px > 0 && height_px > 0) else { return };
        if (canvas.width(), canvas.height()) != (width_px, height_px) {
            canvas.set_width(width_px);
            canvas.set_height(height_px);
        }
        let dark = self.session.dark.get_untracked();
        let theme = if dark { Theme::DARK } else { Theme::LIGHT };
        let size = Size { width_px: width_px as f32, height_px: height_px as f32, ratio: ratio as f32 };
        let shown: Vec<(usize, &SeriesLook)> = self.shown().collect();
        let stack = self.settings.stacked().then(|| self.bands(&shown));
        let series = self.series(&shown, stack.as_deref());
        let zone = untrack(|| self.session.zone());
        let thresholds = self.settings.thresholds(dark);
        let label = |id: AxisId| {
            let look = shown.iter().find(|(_, look)| look.axis == id).map(|(_, look)| *look);
            move |value: f64, step: f64| {
                look.map_or_else(|| format::number::shortest(value), |look| look.tick(value, step))
            }
        };
        let (first, second) = (label(AxisId::First), label(AxisId::Second));
        let chart = TimeSeriesChart {
            y: axis(&shown, AxisId::First, &first),
            y2: shown
                .iter()
                .any(|(_, look)| look.axis == AxisId::Second)
                .then(|| ValueAxis { side: Side::Right, ..axis(&shown, AxisId::Second, &second) }),
            thresholds: &thresholds,
            ..TimeSeriesChart::new(self.picture.head.range, &zone, &series)
        };
        let layout = chart.layout(&size, &theme, &CanvasMeasure(&context), &BrowserZones);
        let mut list = shared.list.borrow_mut();
        chart.draw_into(&layout, &mut list);
        // A canvas that cannot be drawn on (a lost context) comes back with the next picture.
        let _ = chart::paint(&list, &mut CanvasSurface::new(&context, (width_px, height_px)));
        *shared.layout.borrow_mut() = Some(layout);
    }

    fn shown(&self) -> impl Iterator<Item = (usize, &SeriesLook)> {
        let looks = self.looks.iter().enumerate();
        looks.filter(|(_, look)| look.in_chart && !is_hidden(self.hidden, &look.name))
    }

    fn bands(&self, shown: &[(usize, &SeriesLook)]) -> Vec<Band> {
        let edges: Vec<_> = shown.iter().map(|(index, _)| self.picture.points(*index)).collect();
        bands(&edges)
    }

    fn series<'a>(&'a self, shown: &[(usize, &'a SeriesLook)], stack: Option<&'a [Band]>) -> Vec<chart::Series<'a>> {
        let series = shown.iter().enumerate().map(|(place, (index, look))| {
            let band = stack.and_then(|stack| stack.get(place));
            let points = || self.picture.points(*index);
            let (times, values) = band.map_or_else(points, |band| (&band.times[..], &band.upper[..]));
            let baseline = band.map(|band| &band.lower[..]);
            chart::Series { times, values, baseline, style: look.style, axis: look.axis }
        });
        series.collect()
    }
}

/// The axis of the series on `id`; the first of them says how it looks.
fn axis<'a>(shown: &[(usize, &SeriesLook)], id: AxisId, label: &'a dyn Fn(f64, f64) -> String) -> ValueAxis<'a> {
    let axis = ValueAxis { label, ..ValueAxis::default() };
    match shown.iter().find(|(_, look)| look.axis == id) {
        Some((_, look)) => ValueAxis { limits: look.limits, spread: look.spread, base: look.base, ..axis },
        None => axis,
    }
}

fn legend_entries(picture: &Picture, looks: &[SeriesLook]) -> Vec<LegendEntry> {
    let entry = |(series, look): (&engine::SeriesHead, &SeriesLook)| LegendEntry {
        name: look.name.clone(),
        color: look.color,
        calcs: series.calcs.iter().map(|value| look.text(*value)).collect(),
    };
    picture.head.series.iter().zip(looks).filter(|(_, look)| look.in_legend).map(entry).collect()
}

/// Left, top and height of the cursor line in CSS pixels, none outside the plot.
fn cursor_place(shared: &Shared, time: f64) -> Option<(f64, f64, f64)> {
    let layout = shared.layout.borrow();
    let layout = layout.as_ref()?;
    let x = layout.x_of(Millis(time as i64));
    let inside = layout.plot.left <= x && x <= layout.plot.right;
    let css = |px: f32| f64::from(px) / f64::from(layout.size.ratio);
    inside.then(|| (css(x).round(), css(layout.plot.top), css(layout.plot.height())))
}

/// What the pointer and the keyboard do to a chart.
struct Pointer {
    id: PanelId,
    session: Session,
    frame: HtmlElement,
    hover: RwSignal<Option<Hover>>,
    selection: RwSignal<Option<(f64, f64)>>,
    shared: Rc<Shared>,
}

impl Pointer {
    fn moved(&self, event: &PointerEvent) {
        let (x, y) = self.place_of(event);
        if let Some(from) = self.shared.drag_from.get() {
            self.selection.set(((x - from).abs() >= DRAG_CSS_PX).then_some((from, x)));
        }
        let Some((time, value)) = self.under(x, y) else { return self.left() };
        self.hover_at(time, value, f64::from(event.client_x()), f64::from(event.client_y()));
    }

    fn hover_at(&self, time: f64, value: f64, client_x: f64, client_y: f64) {
        self.session.cursor.set(Some(Cursor { panel: self.id.clone(), time }));
        let values = self.hover.with_untracked(|hover| hover.as_ref().map(|hover| hover.values.clone()));
        self.hover.set(Some(Hover { time, value, client_x, client_y, values: values.unwrap_or_default() }));
        self.ask();
    }

    /// One question at a time: when its answer comes and the cursor has moved on, the next follows.
    fn ask(&self) {
        if self.shared.asking.replace(true) {
            return;
        }
        let (id, session, hover, shared) = (self.id.clone(), self.session, self.hover, self.shared.clone());
        leptos::task::spawn_local(async move {
            while let Some(Some(time)) = hover.try_with_untracked(|hover| hover.as_ref().map(|hover| hover.time)) {
                let reply = session.ask(Question::Values(id.clone(), Millis(time as i64))).await;
                let probe = match reply {
                    Ok(Reply::Values(probe)) => probe,
                    _ => None,
                };
                let moved_on = hover.try_with_untracked(|hover| hover.as_ref().is_some_and(|hover| hover.time != time));
                let _ = hover.try_update(|hover| {
                    if let (Some(hover), Some(probe)) = (hover.as_mut(), probe) {
                        hover.values = Arc::new(Some(probe));
                    }
                });
                if moved_on != Some(true) {
                    break;
                }
            }
            shared.asking.set(false);
        });
    }

    fn left(&self) {
        self.shared.drag_from.set(None);
        self.selection.set(None);
        self.hover.set(None);
        self.session.cursor.set(None);
    }

    fn pressed(&self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let (x, y) = self.place_of(event);
        if self.under(x, y).is_some() {
            self.shared.drag_from.set(Some(x));
            if event.pointer_type() == "mouse" {
                // The drag goes on outside the chart; a browser that refuses ends it at the edge.
                let _ = self.frame.set_pointer_capture(event.pointer_id());
            }
        }
    }

    fn released(&self) {
        self.shared.drag_from.set(None);
        if let Some((from, to)) = self.selection.get_untracked() {
            self.selection.set(None);
            let layout = self.shared.layout.borrow();
            let Some(layout) = layout.as_ref() else { return };
            let px = |css: f64| css as f32 * layout.size.ratio;
            let range = layout.time_between(px(from), px(to));
            if range.start < range.end {
                self.session.set_absolute_range(range);
            }
        }
    }

    fn zoom_out(&self) {
        self.session.shift_range(self.session.shown.get_untracked(), 0, 2);
    }

    fn key(&self, event: &KeyboardEvent) {
        let forward = match event.key().as_str() {
            "ArrowRight" => 1.0,
            "ArrowLeft" => -1.0,
            "Escape" => return self.left(),
            _ => return,
        };
        event.prevent_default();
        let (time, x, y) = {
            let layout = self.shared.layout.borrow();
            let Some(layout) = layout.as_ref() else { return };
            let current = self.hover.with_untracked(|hover| hover.as_ref().map(|hover| hover.time));
            let start = layout.time_at((layout.plot.left + layout.plot.right) / 2.0).0 as f64;
            let by = layout.x.range().millis() as f64 / if event.shift_key() { 10.0 } else { 100.0 };
            let range = layout.x.range();
            let time = (current.unwrap_or(start) + by * forward).max(range.start.0 as f64).min(range.end.0 as f64);
            let ratio = f64::from(layout.size.ratio);
            (time, f64::from(layout.x_of(Millis(time as i64))) / ratio, f64::from(layout.plot.top) / ratio)
        };
        let rect = self.frame.get_bounding_client_rect();
        self.hover_at(time, f64::NAN, rect.left() + x, rect.top() + y);
    }

    /// Where in the chart an event is, in CSS pixels.
    fn place_of(&self, event: &PointerEvent) -> (f64, f64) {
        let rect = self.frame.get_bounding_client_rect();
        (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
    }

    /// Time and value below a place in CSS pixels; none outside the plot.
    fn under(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let layout = self.shared.layout.borrow();
        let layout = layout.as_ref()?;
        let (x, y) = (x as f32 * layout.size.ratio, y as f32 * layout.size.ratio);
        let inside = layout.plot.left <= x && x <= layout.plot.right && layout.plot.top <= y && y <= layout.plot.bottom;
        inside.then(|| (layout.time_at(x).0 as f64, layout.value_at(y)))
    }
}
