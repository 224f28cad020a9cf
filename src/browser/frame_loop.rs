//! One animation-frame loop for everything that paints. A painter marks itself dirty, any number of times; it runs
//! once in the next frame. Nothing runs, and no frame is asked for, while nothing is dirty.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;

type Paint = Rc<dyn Fn()>;

#[derive(Default)]
struct Loop {
    dirty: Vec<Weak<dyn Fn()>>,
    scheduled: bool,
}

thread_local! {
    static LOOP: RefCell<Loop> = RefCell::default();
    static TICK: Closure<dyn FnMut()> = Closure::new(tick);
}

/// Something that paints when it is dirty. Dropping it takes it out of the loop.
#[derive(Clone)]
pub struct Painter(Paint);

impl Painter {
    /// A painter that calls `paint` once per frame in which it is dirty.
    pub fn new(paint: impl Fn() + 'static) -> Self {
        Self(Rc::new(paint))
    }

    /// Asks for one call in the next animation frame.
    pub fn mark_dirty(&self) {
        LOOP.with_borrow_mut(|state| {
            let paint = Rc::downgrade(&self.0);
            if !state.dirty.iter().any(|known| known.ptr_eq(&paint)) {
                state.dirty.push(paint);
            }
            if !state.scheduled {
                state.scheduled = request_frame();
            }
        });
    }
}

fn request_frame() -> bool {
    let Some(window) = web_sys::window() else { return false };
    TICK.with(|tick| window.request_animation_frame(tick.as_ref().unchecked_ref()).is_ok())
}

fn tick() {
    let dirty = LOOP.with_borrow_mut(|state| {
        state.scheduled = false;
        std::mem::take(&mut state.dirty)
    });
    for paint in dirty.iter().filter_map(Weak::upgrade) {
        paint();
    }
}
