//! Observers of an element's size and visibility, which stop when they are dropped, and of the pixel ratio.

use frame::SortedMap;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver};

/// Device pixels per CSS pixel.
pub fn pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Calls back with the pixel ratio, at once and whenever the user zooms or moves the window to another screen. For as
/// long as the page lives.
pub fn on_pixel_ratio(callback: impl Fn(f64) + 'static) {
    callback(pixel_ratio());
    let Some(window) = web_sys::window() else { return };
    let last = std::cell::Cell::new(pixel_ratio());
    // Zooming and moving to another screen both resize the viewport.
    let changed = Closure::<dyn Fn()>::new(move || {
        let now = pixel_ratio();
        if last.replace(now) != now {
            callback(now);
        }
    });
    // Adding a listener for a well-formed event name does not fail.
    let _ = window.add_event_listener_with_callback("resize", changed.as_ref().unchecked_ref());
    changed.forget();
}

/// Calls back with an element's content size in CSS pixels, first at once and then at each change.
pub struct SizeObserver {
    observer: ResizeObserver,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl SizeObserver {
    /// Observes `element`; none where the browser refuses.
    pub fn new(element: &Element, on_size: impl Fn(f64, f64) + 'static) -> Option<Self> {
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            if let Ok(entry) =
                entries.get(entries.length().saturating_sub(1)).dyn_into::<web_sys::ResizeObserverEntry>()
            {
                let rect = entry.content_rect();
                on_size(rect.width(), rect.height());
            }
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _callback: callback })
    }
}

impl Drop for SizeObserver {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Calls back when an element comes near the viewport or leaves it.
pub struct VisibilityObserver {
    watch: Rc<Watch>,
    element: Element,
    _callback: Closure<dyn FnMut(bool)>,
}

/// The browser's observer for a distance. All elements share it, as it costs the browser something in every frame.
struct Watch {
    observer: IntersectionObserver,
    /// Whom to call, by the element.
    callbacks: js_sys::Map,
    _on_change: Closure<dyn FnMut(js_sys::Array)>,
}

thread_local! {
    static WATCHES: RefCell<SortedMap<u32, Rc<Watch>>> = RefCell::default();
}

impl VisibilityObserver {
    /// Observes `element`, once; "near" is within `margin_px` CSS pixels above or below the viewport.
    pub fn new(element: &Element, margin_px: u32, on_change: impl FnMut(bool) + 'static) -> Option<Self> {
        let watch = Watch::at(margin_px)?;
        let callback = Closure::<dyn FnMut(bool)>::new(on_change);
        watch.callbacks.set(element, callback.as_ref());
        watch.observer.observe(element);
        Some(Self { watch, element: element.clone(), _callback: callback })
    }
}

impl Drop for VisibilityObserver {
    fn drop(&mut self) {
        self.watch.observer.unobserve(&self.element);
        self.watch.callbacks.delete(&self.element);
    }
}

impl Watch {
    fn at(margin_px: u32) -> Option<Rc<Self>> {
        let known = WATCHES.with_borrow(|watches| watches.get(&margin_px).cloned());
        known.or_else(|| {
            let watch = Rc::new(Self::new(margin_px)?);
            WATCHES.with_borrow_mut(|watches| watches.insert(margin_px, watch.clone()));
            Some(watch)
        })
    }

    fn new(margin_px: u32) -> Option<Self> {
        let callbacks = js_sys::Map::new();
        let known = callbacks.clone();
        let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            for entry in entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok()) {
                // One that is not observed any more may have a last entry.
                if let Ok(callback) = known.get(&entry.target()).dyn_into::<js_sys::Function>() {
                    // It is one of ours, and throws nothing.
                    let _ = callback.call1(&JsValue::UNDEFINED, &entry.is_intersecting().into());
                }
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(&format!("{margin_px}px 0px"));
        let observer = IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &options).ok()?;
        Some(Self { observer, callbacks, _on_change: on_change })
    }
}

/// Whether the tab is out of sight.
pub fn is_hidden() -> bool {
    web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden())
}
