//! What lives and ends with a piece of the page: effects, listeners, slots.

use super::El;
use super::bindings::{self, Element};
use super::signals::StoredValue;
use crate::browser::clock;
use leptos::prelude::{self, Owner, RenderEffect};
use leptos::reactive::computed::ScopedFuture;
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use web_sys::Event;

/// Keeps `value` until the scope is left, and drops it then.
pub fn keep(value: impl Any) {
    keep_boxed(Box::new(value));
}

fn keep_boxed(value: Box<dyn Any>) {
    prelude::StoredValue::new_local(value);
}

/// Calls `leave` when the scope is left, while its elements and listeners are still there.
pub fn on_leave(leave: impl FnOnce() + 'static) {
    let leave = StoredValue::new(Some(Box::new(leave) as Box<dyn FnOnce()>));
    Owner::on_cleanup(move || {
        if let Some(leave) = leave.try_update_value(Option::take).flatten() {
            leave();
        }
    });
}

/// Drives `future` until it is done or the scope is left. Then it is dropped, and with it whatever it waits for.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(future));
}

fn spawn_boxed(future: Pin<Box<dyn Future<Output = ()>>>) {
    let wanted = Rc::new(RefCell::new(Some(future)));
    let driven = wanted.clone();
    let left = Rc::new(Cell::new(false));
    on_leave({
        let left = left.clone();
        move || {
            left.set(true);
            // While it runs it is not here, and is not put back.
            drop(wanted.take());
        }
    });
    leptos::task::spawn_local(poll_fn(move |context| {
        let Some(mut future) = driven.take() else { return Poll::Ready(()) };
        let polled = future.as_mut().poll(context);
        if polled.is_pending() && !left.get() {
            driven.replace(Some(future));
        }
        polled
    }));
}

/// Drives `future` to its end as part of the scope, which may be left meanwhile: what the future makes belongs there.
pub fn spawn_within(future: impl Future<Output = ()> + 'static) {
    let future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(future);
    leptos::task::spawn_local(ScopedFuture::new_untracked(future));
}

/// So long [`bit_by_bit`] goes on in one task. What the browser does with it, style and layout, comes on top.
const TASK_MILLIS: f64 = 10.0;

/// Calls `step` until it says that nothing is left: now, and where that takes long, in further tasks, so that the page
/// answers in between. What it makes belongs to the scope, and ends with it.
pub fn bit_by_bit(step: impl FnMut() -> bool + 'static) {
    go_on(Box::new(step));
}

fn go_on(mut step: Box<dyn FnMut() -> bool>) {
    let deadline = clock::ticks() + TASK_MILLIS;
    while step() {
        if clock::ticks() >= deadline {
            return go_on_later(step);
        }
    }
}

fn go_on_later(step: Box<dyn FnMut() -> bool>) {
    // Kept by what it owns, the owner would never end.
    let Some(owner) = Owner::current().map(|owner| owner.downgrade()) else { return };
    keep(clock::Timeout::new(0, move || {
        if let Some(owner) = owner.upgrade() {
            owner.with(|| go_on(step));
        }
    }));
}

/// Runs `run` now, and again whenever a signal that it read has changed, until the scope is left.
pub fn react(run: impl FnMut() + 'static) {
    react_boxed(Box::new(run));
}

fn react_boxed(mut run: Box<dyn FnMut()>) {
    keep(RenderEffect::new(move |_: Option<()>| run()));
}

/// Listens to `target`, a node or the window, until the scope is left.
pub fn listen(target: &JsValue, event: &str, handler: Box<dyn FnMut(Event)>) {
    let closure = Closure::wrap(handler);
    let target: &Element = target.unchecked_ref();
    target.add_listener(event, closure.as_ref());
    let (target, event) = (target.clone(), event.to_owned());
    on_leave(move || target.remove_listener(&event, closure.as_ref()));
}

/// A place at the end of `parent` for what `build` makes, each time anew when a signal that it read has changed.
pub fn slot(parent: &Element, build: Box<dyn Fn() -> Vec<El>>) {
    // An empty text marks the place; what is built stands before it.
    let place = bindings::create_text("");
    parent.append(&place);
    react(move || {
        let built = build();
        for el in &built {
            place.before(&el.0);
        }
        on_leave(move || built.iter().for_each(El::remove));
    });
}
