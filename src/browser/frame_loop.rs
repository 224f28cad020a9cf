//! One animation-frame loop for everything that paints. A painter marks itself dirty, any number of times; it runs
//! once in the next frame, or in one soon after where many are dirty. Nothing runs, and no frame is asked for, while
//! nothing is dirty.

use crate::browser::clock;
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

/// So long painters may take together in a frame. What is left then is painted in the next one, and the page answers in
/// between: the charts of a whole screen come at once.
const FRAME_MILLIS: f64 = 8.0;

fn tick() {
    let mut left = LOOP.with_borrow_mut(|state| {
        state.scheduled = false;
        state.dirty.len()
    });
    let deadline = clock::ticks() + FRAME_MILLIS;
    while left > 0 && clock::ticks() < deadline {
        left -= 1;
        let next = LOOP.with_borrow_mut(|state| state.dirty.remove(0));
        if let Some(paint) = next.upgrade() {
            paint();
        }
    }
    LOOP.with_borrow_mut(|state| {
        if !state.dirty.is_empty() && !state.scheduled {
            state.scheduled = request_frame();
        }
    });
}
