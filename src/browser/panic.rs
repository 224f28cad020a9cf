//! What a panic does: with `panic=abort` the module's state can no longer be trusted, so everything stops and plain
//! JavaScript (`boot.js`) shows the message. On the page the hook calls it. The worker posts the message to the page, which
//! starts another one.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = pyrographPanic)]
    fn pyrograph_panic(message: &str);
    #[wasm_bindgen(js_namespace = self, js_name = postMessage)]
    fn post_message(message: &JsValue);
}

/// The key under which a worker's message says that it panicked.
pub const PANIC_KEY: &str = "panicked";

/// Shows the panic screen when the page's side panics.
pub fn on_page() {
    std::panic::set_hook(Box::new(|info| pyrograph_panic(&info.to_string())));
}

/// Tells the page when the worker panics.
pub fn in_worker() {
    std::panic::set_hook(Box::new(|info| in_worker_failed(&info.to_string())));
}

/// Tells the page that the worker cannot go on.
pub fn in_worker_failed(text: &str) {
    let message = js_sys::Object::new();
    if js_sys::Reflect::set(&message, &PANIC_KEY.into(), &text.into()).is_ok() {
        post_message(&message);
    }
}

/// Shows the panic screen for what happened elsewhere.
pub fn show(message: &str) {
    pyrograph_panic(message);
}
