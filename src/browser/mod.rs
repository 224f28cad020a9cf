//! The browser behind small Rust interfaces: one file per thing it offers.

pub mod clipboard;
pub mod clock;
pub mod embed;
pub mod files;
pub mod frame_loop;
pub mod observe;
pub mod panic;
pub mod storage;
pub mod tab;
pub mod text_area;
pub mod timing;
pub mod url;
pub mod worker_client;
pub mod zones;

use wasm_bindgen::JsValue;

/// A plain object with these properties.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (key, value) in fields {
        // Setting a property on a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&object, &(*key).into(), value);
    }
    object.into()
}
