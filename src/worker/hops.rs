//! How servers are reached, as far as the browser tells.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::WorkerGlobalScope;

/// Whether an address that begins with `base` was answered over a connection that takes many requests at a time (HTTP/2
/// or later). None while the browser does not tell, as for another origin that does not allow it.
pub fn is_multiplexed(base: &str) -> Option<bool> {
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    let entries = scope.performance()?.get_entries_by_type("resource");
    let text = |entry: &JsValue, key: &str| Reflect::get(entry, &key.into()).ok()?.as_string();
    let of_base = |entry: &JsValue| text(entry, "name").is_some_and(|name| name.starts_with(base));
    let entry = entries.iter().rfind(of_base)?;
    let protocol = text(&entry, "nextHopProtocol").filter(|protocol| !protocol.is_empty())?;
    Some(protocol.starts_with("h2") || protocol.starts_with("h3"))
}
