//! The chart over time: a canvas that is painted when something changed, and a cursor, a selection and a tooltip in
//! the DOM above it, so that hovering never repaints.

use crate::browser::frame_loop::Painter;
use crate::browser::observe::{SizeObserver, VisibilityObserver, pixel_ratio};
use crate::browser::{clock, timing, zones::BrowserZones};
use crate::canvas::{CanvasMeasure, CanvasSurface, context_of};
use crate::panels::legend::{Hidden, Legend, LegendEntry, is_hidden};
use crate::panels::settings::{ChartSettings, SeriesLook};
use crate::panels::tooltip::{Hover, Tooltip};
use crate::protocol::{Question, Reply, ToWorker};
use crate::state::panel::{PanelView, Picture};
use crate::state::session::{Cursor, Session};
use crate::view::view;
use chart::{AxisId, Band, DisplayList, Layout, Side, Size, Theme, TimeSeriesChart, ValueAxis, bands};
use dashboard::model::LegendMode;
use engine::{PanelId, Placement};
use frame::{Millis, TimeRange};
use leptos::html;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// Panels this far outside the viewport are loaded already, in CSS pixels.
const NEAR_CSS_PX: u32 = 300;
/// A drag shorter than this is a click, in CSS pixels.
const DRAG_CSS_PX: f64 = 5.0;

/// What the event handlers and the painter of one chart share.
struct Shared {
    layout: RefCell<Option<Layout>>,
    list: RefCell<DisplayList>,
    placement: Cell<Placement>,
    drag_from: Cell<Option<f64>>,
    asking: Cell<bool>,
}

/// How every series looks now, by index.
pub type Looks = Memo<Arc<Vec<SeriesLook>>>;

/// A chart of the panel `id`.
#[component]
pub fn Chart(id: PanelId, view: ArcRwSignal<PanelView>, settings: Arc<ChartSettings>) -> impl IntoView {
    let session = Session::expect();
    let hidden: Hidden = RwSignal::new(BTreeSet::new());
    let looks: Looks = {
        let (view, settings) = (view.clone(), settings.clone());
        let looks = move || {
            let dark = session.dark.get();
            view.with(|view| view.picture().map(|picture| settings.looks(&picture.head.series, dark)))
                .unwrap_or_default()
        };
        Memo::new_with_compare(move |_| Arc::new(looks()), |_, _| true)
    };
    let entries = {
        let view = view.clone();
        Memo::new(move |_| {
            let picture = view.with(|view| view.picture().cloned());
            picture.map(|picture| legend_entries(&picture, &looks.get())).unwrap_or_default()
        })
    };
    let side = settings.legend_right;
    let legend = (settings.legend != LegendMode::Hidden).then(|| {
        let table = settings.legend == LegendMode::Table;
        view! { <Legend entries columns=settings.calcs.clone() table hidden /> }
    });
    view! {
        <div class="chart-frame" class:side=side>
            <Plot id view settings looks hidden />
            {legend}
        </div>
    }
}

/// The drawing itself.
#[component]
fn Plot(
    id: PanelId,
    view: ArcRwSignal<PanelView>,
    settings: Arc<ChartSettings>,
    looks: Looks,
    hidden: Hidden,
) -> impl IntoView {
    let session = Session::expect();
    let frame = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new((0.0_f64, 0.0_f64));
    let hover = RwSignal::new(None::<Hover>);
    let selection = RwSignal::new(None::<(f64, f64)>);
    let shared = Rc::new(Shared {
        layout: RefCell::default(),
        list: RefCell::default(),
        placement: Cell::new(Placement { width_px: 0, visible: false }),
        drag_from: Cell::new(None),
        asking: Cell::new(false),
    });

    let painter = {
        let (view, settings, shared, id) = (view.clone(), settings.clone(), shared.clone(), id.clone());
        Painter::new(move || {
            let (Some(canvas), Some(size)) = (canvas.try_get_untracked().flatten(), size.try_get_untracked()) else {
                return;
            };
            let Some(picture) = view.try_with_untracked(|view| view.picture().cloned()).flatten() else { return };
            let (Some(hidden), Some(looks)) = (hidden.try_get_untracked(), looks.try_get_untracked()) else { return };
            let scene = Scene { session, picture: &picture, settings: &settings, looks: &looks, hidden: &hidden };
            let started = clock::ticks();
            scene.paint(&canvas, size, &shared);
            let detail = timing::Detail {
                panel: &id.0,
                bytes: 0,
                series: picture.head.series.len() as u32,
                samples: picture.times.len() as u64,
            };
            timing::measure("paint", clock::ticks() - started, detail);
        })
    };
    let painter = StoredValue::new_local(painter);
    {
        let view = view.clone();
        Effect::new(move |_| {
            view.track();
            looks.track();
            size.track();
            hidden.track();
            session.route.track();
            painter.with_value(Painter::mark_dirty);
        });
    }
    observe(&id, session, frame, size, &shared);

    let shared_handlers = Pointer { id: id.clone(), session, frame, hover, selection, shared: shared.clone() };
    let pointer = StoredValue::new_local(shared_handlers);
    let cursor_left = {
        let shared = StoredValue::new_local(shared.clone());
        Memo::new(move |_| {
            size.track();
            let time = session.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.time))?;
            shared.with_value(|shared| cursor_place(shared, time))
        })
    };
    let label = move || "Chart. Left and right move the cursor, Escape hides it.";
    view! {
        <div
            class="chart"
            node_ref=frame
            tabindex="0"
            role="application"
            aria-label=label
            on:pointermove=move |event| pointer.with_value(|pointer| pointer.moved(&event))
            on:pointerleave=move |_| pointer.with_value(Pointer::left)
            on:pointerdown=move |event| pointer.with_value(|pointer| pointer.pressed(&event))
            on:pointerup=move |event| pointer.with_value(|pointer| pointer.released(&event))
            on:pointercancel=move |_| pointer.with_value(Pointer::left)
            on:dblclick=move |_| pointer.with_value(Pointer::zoom_out)
            on:keydown=move |event| pointer.with_value(|pointer| pointer.key(&event))
        >
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            {move || cursor_left.get().map(|(left, top, height)| view! {
                <div class="cursor" style:transform=format!("translate({left}px, {top}px)") style:height=format!("{height}px")></div>
            })}
            {move || selection.get().map(|(from, to)| view! {
                <div class="selection" style:left=format!("{}px", from.min(to)) style:width=format!("{}px", (to - from).abs()) style:top="0" style:bottom="20px"></div>
            })}
            <Tooltip hover tooltip=settings.tooltip looks />
        </div>
    }
}

/// Tells the worker how wide the chart is and whether anybody sees it.
fn observe(id: &PanelId, session: Session, frame: NodeRef<html::Div>, size: RwSignal<(f64, f64)>, shared: &Rc<Shared>) {
    let observers = StoredValue::new_local(None::<(Option<SizeObserver>, Option<VisibilityObserver>)>);
    let (id, shared) = (id.clone(), shared.clone());
    frame.on_load(move |element| {
        let place = {
            let (id, shared) = (id.clone(), shared.clone());
            move |change: &dyn Fn(&mut Placement)| {
                let mut next = shared.placement.get();
                change(&mut next);
                if next != shared.placement.get() {
                    shared.placement.set(next);
                    session.send(&ToWorker::Place(id.clone(), next));
                }
            }
        };
        let on_size = {
            let place = place.clone();
            move |width: f64, height: f64| {
                // The chart may be gone when its last report comes.
                let _ = size.try_set((width, height));
                place(&|placement| placement.width_px = (width * pixel_ratio()) as u32);
            }
        };
        let on_visible = move |visible| place(&|placement| placement.visible = visible);
        let made = (SizeObserver::new(&element, on_size), VisibilityObserver::new(&element, NEAR_CSS_PX, on_visible));
        observers.set_value(Some(made));
    });
    on_cleanup(move || observers.set_value(None));
}

/// Everything one picture is made of.
struct Scene<'a> {
    session: Session,
    picture: &'a Picture,
    settings: &'a ChartSettings,
    looks: &'a [SeriesLook],
    hidden: &'a BTreeSet<String>,
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
            move |value: f64, step: f64| look.map_or_else(|| value.to_string(), |look| look.tick(value, step))
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
    frame: NodeRef<html::Div>,
    hover: RwSignal<Option<Hover>>,
    selection: RwSignal<Option<(f64, f64)>>,
    shared: Rc<Shared>,
}

impl Pointer {
    fn moved(&self, event: &web_sys::PointerEvent) {
        let Some((x, y)) = self.place_of(event) else { return };
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

    fn pressed(&self, event: &web_sys::PointerEvent) {
        if event.button() != 0 {
            return;
        }
        if let Some((x, _)) = self.place_of(event).filter(|(x, y)| self.under(*x, *y).is_some()) {
            self.shared.drag_from.set(Some(x));
            if event.pointer_type() == "mouse"
                && let Some(frame) = self.frame.get_untracked()
            {
                // The drag goes on outside the chart; a browser that refuses ends it at the edge.
                let _ = frame.set_pointer_capture(event.pointer_id());
            }
        }
    }

    fn released(&self, _event: &web_sys::PointerEvent) {
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
        let range = self.session.shown.get_untracked();
        let by = range.millis() / 2;
        self.session.set_absolute_range(TimeRange { start: range.start.plus(-by), end: range.end.plus(by) });
    }

    fn key(&self, event: &web_sys::KeyboardEvent) {
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
            let time = (current.unwrap_or(start) + by * forward).clamp(range.start.0 as f64, range.end.0 as f64);
            let ratio = f64::from(layout.size.ratio);
            (time, f64::from(layout.x_of(Millis(time as i64))) / ratio, f64::from(layout.plot.top) / ratio)
        };
        let Some(frame) = self.frame.get_untracked() else { return };
        let rect = frame.get_bounding_client_rect();
        self.hover_at(time, f64::NAN, rect.left() + x, rect.top() + y);
    }

    /// Where in the chart an event is, in CSS pixels.
    fn place_of(&self, event: &web_sys::PointerEvent) -> Option<(f64, f64)> {
        let rect = self.frame.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top()))
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
