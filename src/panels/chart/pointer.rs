//! What the pointer and the keyboard do to a chart: hovering, keeping the tooltip by a click, and dragging over a range to
//! zoom into it. Nothing of it is needed before there is a pointer, so it is a part of its own.

use super::Plot;
use super::tooltip::{Hover, tooltip};
use crate::dom::{El, RwSignal, el, on_window};
use crate::panels::chart::px;
use crate::protocol::{Question, Reply};
use crate::state::session::Cursor;
use chart::Point;
use frame::Millis;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, PointerEvent};

/// A drag shorter than this is a click, in CSS pixels.
const DRAG_CSS_PX: f64 = 5.0;

/// Follows the pointer and the keys over a chart, and gives what is shown above it: the range being dragged, and the
/// tooltip. `first` is the event that came before there was anybody to listen.
pub fn handle(plot: Plot, first: &Event) -> Vec<El> {
    let (frame, card) = (plot.frame.clone(), plot.clone());
    let pointer = Rc::new(Pointer {
        frame: frame.node(),
        hover: RwSignal::new(None),
        pinned: RwSignal::new(false),
        selection: RwSignal::new(None),
        drag_from: Cell::new(None),
        asking: Rc::default(),
        plot,
    });
    let events: [(&str, Handle); 7] = [
        ("pointermove", |pointer, event| pointer.moved(event.unchecked_ref())),
        ("pointerleave", |pointer, _| pointer.left()),
        ("pointerdown", |pointer, event| pointer.pressed(event.unchecked_ref())),
        ("pointerup", |pointer, _| pointer.released()),
        ("pointercancel", |pointer, _| pointer.left()),
        ("dblclick", |pointer, _| pointer.zoom_out()),
        ("keydown", |pointer, event| pointer.key(event.unchecked_ref())),
    ];
    for (name, handle) in events {
        let pointer = pointer.clone();
        frame.clone().on(name, move |event| handle(&pointer, &event));
    }
    // What happens on a tooltip that stays does not get here.
    on_window("pointerdown", {
        let pointer = pointer.clone();
        move |_| pointer.unpin()
    });
    if let Some(event) = first.dyn_ref() {
        pointer.moved(event);
    }
    let (selection, hover, pinned) = (pointer.selection, pointer.hover, pointer.pinned);
    let layers = el("div").class("part").child_with(move || selection.get().map(selected));
    let close: Rc<dyn Fn()> = Rc::new(move || pointer.close());
    vec![layers.child_with(tooltip(card, hover, pinned, close))]
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

/// What a pointer does with an event.
type Handle = fn(&Pointer, &Event);

struct Pointer {
    plot: Plot,
    frame: HtmlElement,
    hover: RwSignal<Option<Hover>>,
    /// Whether the tooltip stays where it is.
    pinned: RwSignal<bool>,
    selection: RwSignal<Option<(f64, f64)>>,
    drag_from: Cell<Option<f64>>,
    asking: Rc<Cell<bool>>,
}

impl Pointer {
    fn moved(&self, event: &PointerEvent) {
        if self.pinned.get_untracked() {
            return;
        }
        let (x, y) = self.place_of(event);
        if let Some(from) = self.drag_from.get() {
            self.selection.set(((x - from).abs() >= DRAG_CSS_PX).then_some((from, x)));
        }
        let Some((time, nearest)) = self.under(x, y) else { return self.left() };
        self.hover_at(time, nearest, f64::from(event.client_x()), f64::from(event.client_y()));
    }

    fn hover_at(&self, time: f64, nearest: Option<usize>, client_x: f64, client_y: f64) {
        self.plot.session.cursor.set(Some(Cursor { panel: self.plot.id.clone(), time }));
        let values = self.hover.with_untracked(|hover| hover.as_ref().map(|hover| hover.values.clone()));
        self.hover.set(Some(Hover { time, nearest, client_x, client_y, values: values.unwrap_or_default() }));
        self.ask();
    }

    /// One question at a time: when its answer comes and the cursor has moved on, the next follows.
    fn ask(&self) {
        if self.asking.replace(true) {
            return;
        }
        let (id, session, hover, asking) = (self.plot.id.clone(), self.plot.session, self.hover, self.asking.clone());
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
            asking.set(false);
        });
    }

    fn left(&self) {
        self.drag_from.set(None);
        self.selection.set(None);
        if self.pinned.get_untracked() {
            return;
        }
        self.hover.set(None);
        self.plot.session.cursor.set(None);
    }

    /// Lets the tooltip go that was kept.
    fn unpin(&self) {
        if self.pinned.get_untracked() {
            self.pinned.set(false);
            self.left();
        }
    }

    /// The same, by who has the focus in it.
    fn close(&self) {
        self.unpin();
        // A chart that is there can be focused.
        let _ = self.frame.focus();
    }

    fn pressed(&self, event: &PointerEvent) {
        if event.button() != 0 || self.pinned.get_untracked() {
            return;
        }
        let (x, y) = self.place_of(event);
        if self.under(x, y).is_some() {
            self.drag_from.set(Some(x));
            if event.pointer_type() == "mouse" {
                // The drag goes on outside the chart; a browser that refuses ends it at the edge.
                let _ = self.frame.set_pointer_capture(event.pointer_id());
            }
        }
    }

    fn released(&self) {
        let is_click = self.drag_from.take().is_some() && self.selection.get_untracked().is_none();
        if is_click && self.hover.with_untracked(Option::is_some) {
            self.pinned.set(true);
        }
        if let Some((from, to)) = self.selection.get_untracked() {
            self.selection.set(None);
            let drawn = self.plot.drawn.borrow();
            let Some(layout) = drawn.as_ref().map(|drawn| &drawn.layout) else { return };
            let px = |css: f64| css as f32 * layout.size.ratio;
            let range = layout.time_between(px(from), px(to));
            if range.start < range.end {
                self.plot.session.set_absolute_range(range);
            }
        }
    }

    fn zoom_out(&self) {
        self.plot.session.shift_range(self.plot.session.shown.get_untracked(), 0, 2);
    }

    fn key(&self, event: &KeyboardEvent) {
        let forward = match event.key().as_str() {
            "Escape" => {
                self.pinned.set(false);
                return self.left();
            }
            "Enter" if self.hover.with_untracked(Option::is_some) => return self.pinned.set(true),
            "ArrowRight" if !self.pinned.get_untracked() => 1.0,
            "ArrowLeft" if !self.pinned.get_untracked() => -1.0,
            _ => return,
        };
        event.prevent_default();
        let (time, x, y) = {
            let drawn = self.plot.drawn.borrow();
            let Some((drawn, layout)) = drawn.as_ref().map(|drawn| (drawn, &drawn.layout)) else { return };
            let current = self.hover.with_untracked(|hover| hover.as_ref().map(|hover| hover.time));
            let start = layout.time_at((layout.plot.left + layout.plot.right) / 2.0).0 as f64;
            let range = layout.x.range();
            // Never by less than a step: each press leads to another instant.
            let by = (range.millis() / if event.shift_key() { 10 } else { 100 }).max(drawn.step().millis()) as f64;
            let time = (current.unwrap_or(start) + by * forward).max(range.start.0 as f64).min(range.end.0 as f64);
            let ratio = f64::from(layout.size.ratio);
            (time, f64::from(layout.x_of(Millis(time as i64))) / ratio, f64::from(layout.plot.top) / ratio)
        };
        let rect = self.frame.get_bounding_client_rect();
        self.hover_at(time, None, rect.left() + x, rect.top() + y);
    }

    /// Where in the chart an event is, in CSS pixels.
    fn place_of(&self, event: &PointerEvent) -> (f64, f64) {
        let rect = self.frame.get_bounding_client_rect();
        (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
    }

    /// The time below a place in CSS pixels, and the series nearest to it; none outside the plot.
    fn under(&self, x: f64, y: f64) -> Option<(f64, Option<usize>)> {
        let drawn = self.plot.drawn.borrow();
        let drawn = drawn.as_ref()?;
        let (layout, plot) = (&drawn.layout, &drawn.layout.plot);
        let place = Point::new(x as f32 * layout.size.ratio, y as f32 * layout.size.ratio);
        let inside = plot.left <= place.x && place.x <= plot.right && plot.top <= place.y && place.y <= plot.bottom;
        inside.then(|| (layout.time_at(place.x).0 as f64, drawn.nearest(place)))
    }
}
