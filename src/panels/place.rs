//! Where a panel is: how large, and whether anybody sees it.

use crate::browser::observe::{SizeObserver, VisibilityObserver, pixel_ratio};
use crate::dom::{El, RwSignal, keep, on_leave};
use crate::protocol::ToWorker;
use crate::state::session::Session;
use engine::{PanelId, Placement};
use std::cell::Cell;
use std::rc::Rc;

/// Width and height of a panel's content in CSS pixels.
pub type CssSize = RwSignal<(f64, f64)>;

/// Tells the worker how wide `frame` is and whether anybody sees it, for as long as the scope lives; gives its size. What
/// is in the page at all is near the screen, and asked for behind what is on it.
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
        let (id, change, near) = (id.clone(), change.clone(), Cell::new(false));
        move |width: f64, height: f64| {
            // The panel may be gone when its last report comes.
            let _ = size.try_set((width, height));
            change(&|placement| placement.width_px = (width * pixel_ratio()) as u32);
            // Before its width is known it cannot be asked for.
            if width > 0.0 && !near.replace(true) {
                session.send(&ToWorker::Near(id.clone(), true));
            }
        }
    };
    let on_visible = {
        let change = change.clone();
        move |visible| change(&|placement| placement.visible = visible)
    };
    let element = frame.node::<web_sys::Element>();
    keep(SizeObserver::new(&element, on_size));
    keep(VisibilityObserver::new(&element, 0, on_visible));
    // One that is taken away is not seen any more, and nothing observes that.
    on_leave({
        let id = id.clone();
        move || {
            change(&|placement| placement.visible = false);
            session.send(&ToWorker::Near(id, false));
        }
    });
    size
}
