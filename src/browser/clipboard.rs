//! The clipboard, which browsers offer to pages that came over HTTPS or from this machine.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Puts `text` on the clipboard; false where the browser does not let it.
pub async fn copy(text: &str) -> bool {
    let Some(promise) = write_text(text) else { return false };
    JsFuture::from(promise).await.is_ok()
}

fn write_text(text: &str) -> Option<js_sys::Promise> {
    let of = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into()).ok();
    let clipboard =
        of(&of(&js_sys::global(), "navigator")?, "clipboard").filter(|clipboard| !clipboard.is_undefined())?;
    let write: js_sys::Function = of(&clipboard, "writeText")?.dyn_into().ok()?;
    write.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()
}
