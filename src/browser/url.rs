//! The address bar: the page's state lives behind `#/`, so that a deep link needs no rewrite rule on any server.

use wasm_bindgen::prelude::*;

/// What stands after `#`, decoded by nobody yet; empty without a hash.
pub fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// How a change of the address enters the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Back returns to where the user was.
    Push,
    /// The former address is replaced: for changes nobody would want to go back through.
    Replace,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = history, js_name = pushState)]
    fn push_state(state: &JsValue, unused: &str, url: &str);
    #[wasm_bindgen(js_namespace = history, js_name = replaceState)]
    fn replace_state(state: &JsValue, unused: &str, url: &str);
}

/// Sets what stands after `#`. Fires no event: the caller updates its own signal.
pub fn set_hash(hash: &str, entry: Entry) {
    let url = format!("#{hash}");
    match entry {
        Entry::Push => push_state(&JsValue::NULL, "", &url),
        Entry::Replace => replace_state(&JsValue::NULL, "", &url),
    }
}

/// The whole address of the page with `hash` behind its `#`.
pub fn link(hash: &str) -> String {
    let here = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}#{hash}", here.split('#').next().unwrap_or_default())
}

/// `relative` made absolute against the page's own address, without a hash. None for what is no URL, or not http(s).
pub fn absolute(relative: &str) -> Option<String> {
    let base = web_sys::window()?.document()?.base_uri().ok().flatten()?;
    let url = web_sys::Url::new_with_base(relative, &base).ok()?;
    url.set_hash("");
    matches!(url.protocol().as_str(), "http:" | "https:").then(|| url.href().trim_end_matches('/').to_owned())
}

/// Scheme, host and port of an absolute URL.
pub fn origin(absolute: &str) -> Option<String> {
    web_sys::Url::new(absolute).ok().map(|url| url.origin())
}

/// The origin of the page.
pub fn own_origin() -> Option<String> {
    web_sys::window()?.location().origin().ok()
}

/// Calls back whenever the user moves through the history or edits the address. For as long as the page lives.
pub fn on_change(callback: impl Fn() + 'static) {
    let Some(window) = web_sys::window() else { return };
    let callback = Closure::<dyn Fn()>::new(callback);
    for event in ["popstate", "hashchange"] {
        // Adding a listener for a well-formed event name does not fail.
        let _ = window.add_event_listener_with_callback(event, callback.as_ref().unchecked_ref());
    }
    callback.forget();
}
