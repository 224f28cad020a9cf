//! The worker: fetches, decodes, keeps samples at full resolution, and sends the page what to draw.

mod ask;
mod body;
mod fetch;
mod host;

use crate::browser::panic;
use crate::protocol::ToWorker;
use host::Host;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

/// Takes over the worker's message handler, then says "ready": what is posted before that is lost.
pub fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let host = Host::new(scope.clone());
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let text = event.data().as_string().unwrap_or_default();
        match serde_json::from_slice::<ToWorker>(text.as_bytes()) {
            Ok(message) => host.handle(message),
            Err(error) => panic::in_worker_failed(&format!("the page sent a message that is not understood: {error}")),
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    // The page waits for any first message; posting a text cannot fail.
    let _ = scope.post_message(&"ready".into());
}
