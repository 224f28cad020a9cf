//! User Timing: the measures that tests, benches and the browser's own tools read.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // web-sys has the form with options among its unstable APIs only.
    #[wasm_bindgen(js_namespace = performance, js_name = measure, catch)]
    fn performance_measure(name: &str, options: &JsValue) -> Result<JsValue, JsValue>;
}

/// The `detail` of a measure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Detail<'a> {
    pub panel: &'a str,
    pub bytes: u64,
    pub series: u32,
    pub samples: u64,
}

/// Records that `name` (without the `pyrograph:` in front) took `millis` and ended just now.
pub fn measure(name: &str, millis: f64, detail: Detail<'_>) {
    let Some(performance) = web_sys::window().and_then(|window| window.performance()) else { return };
    let end = performance.now();
    let fields: [(&str, JsValue); 4] = [
        ("panel", detail.panel.into()),
        ("bytes", (detail.bytes as f64).into()),
        ("series", detail.series.into()),
        ("samples", (detail.samples as f64).into()),
    ];
    let detail = js_sys::Object::new();
    set_all(&detail, &fields);
    let options = js_sys::Object::new();
    let fields = [("start", (end - millis).max(0.0).into()), ("end", end.into()), ("detail", detail.into())];
    set_all(&options, &fields);
    let full_name = format!("pyrograph:{name}");
    keep_bounded(&performance);
    // A measure is a service to tools: one that the browser refuses is not the user's problem.
    let _ = performance_measure(&full_name, &options);
}

fn set_all(object: &js_sys::Object, fields: &[(&str, JsValue)]) {
    for (key, value) in fields {
        // Setting a property on a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(object, &(*key).into(), value);
    }
}

/// The browser keeps every measure for ever; a wall screen must not pay for that.
fn keep_bounded(performance: &web_sys::Performance) {
    const KEPT: u32 = 2_000;
    thread_local! {
        static RECORDED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    let recorded = RECORDED.get() + 1;
    RECORDED.set(if recorded >= KEPT { 0 } else { recorded });
    if recorded >= KEPT {
        performance.clear_measures();
    }
}
