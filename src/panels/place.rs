//! Where a panel is: how large, and whether anybody sees it.

use crate::browser::observe::{SizeObserver, VisibilityObserver, pixel_ratio};
use crate::dom::{El, keep};
use crate::protocol::ToWorker;
use crate::state::session::Session;
use engine::{PanelId, Placement};
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

/// Panels this far outside the viewport are loaded already, in CSS pixels.
const NEAR_CSS_PX: u32 = 300;

/// Width and height of a panel's content in CSS pixels.
pub type CssSize = RwSignal<(f64, f64)>;

/// Tells the worker how wide `frame` is and whether anybody sees it, for as long as the scope lives; gives its size.
pub fn watch(frame: &El, id: &PanelId, session: Session) -> CssSize {
    let size = RwSignal::new((0.0, 0.0));
    let placement = Rc::new(Cell::new(Placement { width_px: 0, visible: false }));
    let change = {
        let id = id.clone();
        Rc::new(move |change: &dyn Fn(&mut Placement)| {
            let mut next = placement.get();
            change(&mut next);
            if next != placement.replace(next) {
                session.send(&ToWorker::Place(id.clone(), next));
            }
        })
    };
    let on_size = {
        let change = change.clone();
        move |width: f64, height: f64| {
            // The panel may be gone when its last report comes.
            let _ = size.try_set((width, height));
            change(&|placement| placement.width_px = (width * pixel_ratio()) as u32);
        }
    };
    let on_visible = move |visible| change(&|placement| placement.visible = visible);
    let element = frame.node::<web_sys::Element>();
    keep(SizeObserver::new(&element, on_size));
    keep(VisibilityObserver::new(&element, NEAR_CSS_PX, on_visible));
    size
}
