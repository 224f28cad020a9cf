//! One animation-frame loop for everything that paints, or builds what comes into sight. A painter marks itself dirty, any
//! number of times; it runs once in the next frame, or in one soon after where many are dirty. What has something to show
//! goes before what is still to be built. Nothing runs, and no frame is asked for, while nothing is dirty.

use crate::browser::clock;
use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::Poll;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

type Paint = Rc<dyn Fn()>;

#[derive(Default)]
struct Loop {
    dirty: Queue,
    /// What runs where the dirty ones leave time for it.
    soon: Queue,
    scheduled: bool,
    /// When painters began to run last.
    began: f64,
    pace: Pace,
}

/// Painters in the order of their asking, each once.
#[derive(Default)]
struct Queue(Vec<Weak<dyn Fn()>>);

impl Queue {
    fn add(&mut self, paint: &Paint) {
        let paint = Rc::downgrade(paint);
        if !self.0.iter().any(|known| known.ptr_eq(&paint)) {
            self.0.push(paint);
        }
    }

    fn remove(&mut self, paint: &Paint) {
        let paint = Rc::downgrade(paint);
        self.0.retain(|known| !known.ptr_eq(&paint));
    }

    /// The next one that is still there.
    fn next(&mut self) -> Option<Paint> {
        while !self.0.is_empty() {
            if let Some(paint) = self.0.remove(0).upgrade() {
                return Some(paint);
            }
        }
        None
    }
}

/// How many painters run in a frame. How long they take tells half of it: what they draw on a canvas is carried out at the
/// end of the frame, and what they put into the page has to be laid out.
struct Pace {
    most: usize,
    /// Whether some were left for the next frame.
    has_left: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { most: MOST, has_left: false }
    }
}

impl Pace {
    /// Fewer where the frame before took long, and where it did not one more.
    fn update(&mut self, frame_millis: f64) {
        match self.has_left && frame_millis > LONG_MILLIS {
            true => self.most = (self.most / 2).max(LEAST),
            false => self.most = (self.most + 1).min(MOST),
        }
    }
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
            state.dirty.add(&self.0);
            state.schedule();
        });
    }

    /// Asks for one call at once, or in the next animation frame where painters have run just now.
    pub fn run_soon(&self) {
        LOOP.with_borrow_mut(|state| {
            state.soon.add(&self.0);
            let now = clock::ticks();
            if state.scheduled || now - state.began < QUIET_MILLIS {
                state.schedule();
            } else {
                state.began = now;
                spawn_local(paint_for_a_while(now));
            }
        });
    }

    /// Takes back what was asked for and has not come yet.
    pub fn unmark(&self) {
        LOOP.with_borrow_mut(|state| {
            state.dirty.remove(&self.0);
            state.soon.remove(&self.0);
        });
    }
}

impl Loop {
    fn len(&self) -> usize {
        self.dirty.0.len() + self.soon.0.len()
    }

    fn next(&mut self) -> Option<Paint> {
        self.dirty.next().or_else(|| self.soon.next())
    }

    fn schedule(&mut self) {
        let Some(window) = web_sys::window().filter(|_| !self.scheduled) else { return };
        self.scheduled = TICK.with(|tick| window.request_animation_frame(tick.as_ref().unchecked_ref()).is_ok());
    }
}

/// So long painters may take together in a frame. What is left then is painted in the next one, and the page answers in
/// between: the charts of a whole screen come at once.
const FRAME_MILLIS: f64 = 8.0;
/// After a frame that took so long, half as many painters run: its tasks come close to those a hand feels.
const LONG_MILLIS: f64 = 28.0;
/// No more painters than these run in a frame, and no fewer.
const MOST: usize = 16;
const LEAST: usize = 1;
/// Who paints without an animation frame does so once in this time: browsers make a frame in little more.
const QUIET_MILLIS: f64 = 12.0;

fn tick() {
    let now = clock::ticks();
    LOOP.with_borrow_mut(|state| {
        state.scheduled = false;
        let before = std::mem::replace(&mut state.began, now);
        state.pace.update(now - before);
    });
    spawn_local(paint_for_a_while(now));
}

/// Runs the painters that are dirty now for as long as a frame has time for them. It is a task, of which there is still one
/// before the browser lays out the page, so that what a painter sets in motion runs, and counts, before the next.
async fn paint_for_a_while(began: f64) {
    let mut left = LOOP.with_borrow(|state| state.len().min(state.pace.most));
    while left > 0 && clock::ticks() < began + FRAME_MILLIS {
        left -= 1;
        let Some(paint) = LOOP.with_borrow_mut(Loop::next) else { break };
        paint();
        effects().await;
    }
    LOOP.with_borrow_mut(|state| {
        state.pace.has_left = state.len() > 0;
        if state.pace.has_left {
            state.schedule();
        }
    });
}

/// Lets the effects run that wait for it.
async fn effects() {
    let mut have_run = false;
    poll_fn(|context| {
        if std::mem::replace(&mut have_run, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
