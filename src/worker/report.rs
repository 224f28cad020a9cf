//! For who reads the console.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn error(text: &str);
}

/// An answer put together from pieces is not what the server says about the whole: an error in this program.
pub fn mismatch(expr: &str, what: &str) {
    error(&format!("{expr}: what was put together from pieces differs: {what}"));
}
