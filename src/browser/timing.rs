//! User Timing: the measures that tests, benches and the browser's own tools read.

use crate::browser::{clock, object};
use std::cell::Cell;
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

/// How often, and how long, [`painted`] looks.
const LOOK_AGAIN_MILLIS: i64 = 50;
const MOST_LOOKS: usize = 20;

thread_local! {
    static HAS_PAINTED: Cell<bool> = const { Cell::new(false) };
}

/// Waits until a panel was painted for the first time, for a second at most.
pub async fn painted() {
    for _ in 0..MOST_LOOKS {
        if HAS_PAINTED.get() {
            return;
        }
        clock::sleep(LOOK_AGAIN_MILLIS).await;
    }
}

/// Records that a panel was painted, which took `millis` and ended just now.
pub fn measure_paint(millis: f64, detail: Detail<'_>) {
    measure("paint", millis, detail);
    HAS_PAINTED.set(true);
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
    let detail = object(&fields);
    let options = object(&[("start", (end - millis).max(0.0).into()), ("end", end.into()), ("detail", detail)]);
    let full_name = format!("pyrograph:{name}");
    keep_bounded(&performance);
    // A measure is a service to tools: one that the browser refuses is not the user's problem.
    let _ = performance_measure(&full_name, &options);
}

/// The browser keeps every measure for ever; a wall screen must not pay for that.
fn keep_bounded(performance: &web_sys::Performance) {
    const KEPT: u32 = 2_000;
    thread_local! {
        static RECORDED: Cell<u32> = const { Cell::new(0) };
    }
    let recorded = RECORDED.get() + 1;
    RECORDED.set(if recorded >= KEPT { 0 } else { recorded });
    if recorded >= KEPT {
        performance.clear_measures();
    }
}
