//! From navigation to the first painted panel, with nothing in the cache, from nginx as it is shipped.

use crate::Run;
use crate::figure::{Figure, median};
use anyhow::Result;
use serde::Deserialize;
use serde_json::json;
use tests_e2e::Options;

const ROUNDS: usize = 9;
const MAX_MILLIS: f64 = 500.0;

/// Milliseconds since navigation.
#[derive(Deserialize)]
struct Load {
    wasm_there: f64,
    asked: f64,
    answered: f64,
    painted: f64,
}

const LOAD: &str = r#"
    const measures = performance.getEntriesByType("measure");
    const named = (name) => measures.filter((m) => m.name === `pyrograph:${name}`);
    const end = (m) => m.startTime + m.duration;
    if (named("paint").length === 0 || named("query").length === 0) return null;
    const wasm = performance.getEntriesByType("resource").filter((r) => r.name.endsWith("_bg.bin"));
    return {
        wasm_there: Math.min(...wasm.map((r) => r.responseEnd)),
        asked: Math.min(...named("query").map((m) => m.startTime)),
        answered: Math.min(...named("query").map(end)),
        painted: Math.min(...named("paint").map(end)),
    };"#;

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let nginx = run.world.nginx();
    let nginx = if nginx.has_brotli() { nginx.with("brotli") } else { nginx }.start();
    let page = run.world.page_at(&nginx.url(), Options { size: (1440, 900), ..Options::default() });
    let loads: Vec<Load> = (0..ROUNDS)
        .map(|_| {
            page.goto("about:blank");
            page.cdp("Network.clearBrowserCache", json!({}));
            page.load("d/fleet-overview");
            page.wait("a panel is painted", || page.eval(LOAD))
        })
        .collect();
    let middle = |of: fn(&Load) -> f64| median(loads.iter().map(of));
    Ok(vec![
        Figure::at_most(MAX_MILLIS, "cold/first-panel-painted", middle(|load| load.painted), "ms"),
        Figure::known("cold/wasm-there", middle(|load| load.wasm_there), "ms"),
        Figure::known("cold/first-query-sent", middle(|load| load.asked), "ms"),
        Figure::known("cold/first-query-answered", middle(|load| load.answered), "ms"),
    ])
}
