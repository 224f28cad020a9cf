//! The pure crates on wasm32: a 32-bit `usize`, SIMD switched on, and no operating system. What their own tests prove
//! natively is not repeated here; each crate's central promise is, and whatever depends on the size of `usize`.

#![cfg(target_family = "wasm")]
#![allow(clippy::unwrap_used)]

mod chart;
mod dashboard;
mod engine;
mod format;
mod frame;
mod promapi;

use ::frame::{Millis, Zone, Zones};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Every zone is UTC.
struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}

/// A range query's answer as Prometheus sends it.
fn matrix(series: usize, points: i64, value: impl Fn(usize, i64) -> f64) -> String {
    let samples =
        |s: usize| (0..points).map(|i| format!("[{},\"{}\"]", i * 15, value(s, i))).collect::<Vec<_>>().join(",");
    let each = |s: usize| format!(r#"{{"metric":{{"__name__":"m","s":"{s}"}},"values":[{}]}}"#, samples(s));
    let all = (0..series).map(each).collect::<Vec<_>>().join(",");
    format!(r#"{{"status":"success","data":{{"resultType":"matrix","result":[{all}]}}}}"#)
}
