//! The worker: fetches, decodes, keeps samples at full resolution, and sends the page what to draw.

mod alerts;
mod ask;
mod body;
mod exemplars;
mod fetch;
mod hops;
mod host;
mod metrics;
mod questions;
mod report;
mod series;
mod shaping;
mod status;

use crate::browser::panic;
use crate::protocol::{self, ToWorker};
use host::Host;
use std::hint::black_box;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// So much memory is there from the start on, which is more than a wall screen of thirty panels takes. What answers take
/// that come at once differs from refresh to refresh, and memory that has grown once stays; what nobody writes to takes
/// no room.
const SPARE_BYTES: usize = 1 << 20;

/// Takes over the worker's message handler, then says "ready": what is posted before that is lost.
pub fn serve() {
    drop(black_box(Vec::<u8>::with_capacity(SPARE_BYTES)));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let host = Host::new(scope.clone());
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        match protocol::decode::<ToWorker>(&event.data()) {
            Some(message) => host.handle(message),
            None => panic::in_worker_failed("the page sent a message that the worker does not understand"),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    // The page waits for any first message; posting a text cannot fail.
    let _ = scope.post_message(&"ready".into());
}
