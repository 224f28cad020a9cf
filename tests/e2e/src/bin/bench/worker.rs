//! From a request to reduced columns on the page, by the app and its real worker, against the browser's own means.
//!
//! The answer has twenty series of 50,000 samples, off the grid that was asked for.

use crate::Run;
use crate::figure::{Figure, median};
use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::routing::{any, get};
use faultd::{Kind, Shape};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write as _;
use tests_e2e::Options;
use tower_http::services::ServeDir;

const SHAPE: Shape = Shape { series: 20, points: 50_000, kind: Kind::Float, start: 1_700_000_000, step: 15 };

/// What a task on the main thread may take.
const MAX_TASK_MILLIS: f64 = 50.0;

const ROUNDS: usize = 7;

const REFRESH: &str = "[aria-label='Refresh now']";

/// Milliseconds of each candidate by round.
#[derive(Deserialize)]
struct Rounds {
    ours: Vec<f64>,
    buffer: Vec<f64>,
    json: Vec<f64>,
    longest_task: f64,
}

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let body = faultd::query_range(SHAPE);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(body.as_bytes())?;
    let (plain, gzip) = (Bytes::from(body), Bytes::from(gzip.finish()?));
    let mut figures = Vec::new();
    for (name, body, encoding) in [("plain", plain, "identity"), ("gzip", gzip, "gzip")] {
        figures.extend(measure(run, name, body, encoding));
    }
    Ok(figures)
}

fn measure(run: &Run<'_>, name: &str, body: Bytes, encoding: &'static str) -> Vec<Figure> {
    let site = run.world.serve(site(run, body, encoding));
    let url = format!("http://127.0.0.1:{}", site.port);
    let page = run.world.page_at(&url, Options { size: (1440, 900), ..Options::default() });
    let range = format!("from={}000&to={}000", SHAPE.start, SHAPE.start + SHAPE.step * i64::from(SHAPE.points));
    page.open(&format!("d/bench?{range}"));
    let samples = SHAPE.series * SHAPE.points;
    let script = SCRIPT
        .replace("REFRESH", REFRESH)
        .replace("ROUNDS", &ROUNDS.to_string())
        .replace("SAMPLES", &samples.to_string());
    page.wait("the answer is there", || (page.panel("1").samples == Some(u64::from(samples))).then_some(()));
    page.wait("it can be asked for anew", || (page.count(REFRESH) == 1).then_some(()));
    let rounds: Rounds = page.eval(&script);
    page.assert_no_complaints();

    let against = |other: &[f64]| median(rounds.ours.iter().zip(other).map(|(ours, other)| ours / other));
    let name = |what: &str| format!("worker/{name}/{what}");
    vec![
        Figure::at_most(1.0, &name("against-array-buffer"), against(&rounds.buffer), "x"),
        Figure::known(&name("against-json"), against(&rounds.json), "x"),
        Figure::at_most(MAX_TASK_MILLIS, &name("longest-task"), rounds.longest_task, "ms"),
        Figure::known(&name("ours"), median(rounds.ours.iter().copied()), "ms"),
        Figure::known(&name("array-buffer"), median(rounds.buffer.iter().copied()), "ms"),
        Figure::known(&name("json"), median(rounds.json.iter().copied()), "ms"),
    ]
}

/// The app with one panel, and the answer to whatever it asks.
fn site(run: &Run<'_>, body: Bytes, encoding: &'static str) -> Router {
    let answer = any(move || {
        let body = body.clone();
        async move { ([(CONTENT_TYPE, "application/json"), (CONTENT_ENCODING, encoding)], body) }
    });
    let file = |json: Value| get(move || async move { ([(CONTENT_TYPE, "application/json")], json.to_string()) });
    let source = json!({ "uid": "answer", "name": "Answer", "url": "answer", "default": true, "resolution": "panel" });
    let panel = json!({
        "id": 1, "type": "timeseries", "title": "Samples", "gridPos": { "x": 0, "y": 0, "w": 24, "h": 12 },
        "targets": [{ "refId": "A", "expr": "synthetic" }],
    });
    Router::new()
        .route(
            "/config.json",
            file(json!({ "dataSources": [source], "dashboards": { "index": "dashboards/index.json" } })),
        )
        .route("/dashboards/index.json", file(json!([{ "uid": "bench", "title": "Bench", "file": "bench.json" }])))
        .route(
            "/dashboards/bench.json",
            file(json!({ "uid": "bench", "title": "Bench", "schemaVersion": 39, "panels": [panel] })),
        )
        .route("/answer/api/v1/query_range", answer)
        .fallback_service(ServeDir::new(run.world.dist()))
}

/// Each round asks for everything anew through the app, then twice by hand. The first one warms up.
const SCRIPT: &str = r#"return (async () => {
    const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
    const seen = { ours: [], buffer: [], json: [], longest_task: 0 };
    const tasks = new PerformanceObserver(() => {});
    tasks.observe({ type: "longtask" });
    const columnsOf = (answer) => answer.data.result.map(({ values: samples }) => {
        const times = new Float64Array(samples.length);
        const values = new Float64Array(samples.length);
        for (let i = 0; i < samples.length; i += 1) {
            times[i] = samples[i][0];
            values[i] = Number.parseFloat(samples[i][1]);
        }
        return { times, values };
    });
    const end = (measure) => measure.startTime + measure.duration;
    const measure = (name, since) => performance.getEntriesByName(`pyrograph:${name}`)
        .find((measure) => measure.detail.samples === SAMPLES && end(measure) >= since);
    /** The request, and the picture that came of it: until then the one before is drawn, now and then anew. */
    function arrived() {
        const query = measure("query", 0);
        const reduce = query && measure("reduce", end(query));
        return reduce && [query, reduce];
    }
    async function ours() {
        tasks.takeRecords();
        performance.clearMeasures();
        document.querySelector(`REFRESH`).click();
        const deadline = performance.now() + 60_000;
        while (!arrived()) {
            if (performance.now() > deadline) throw new Error("the panel has no SAMPLES samples");
            await pause(5);
        }
        const [query, reduce] = arrived();
        await pause(100);
        for (const { duration } of tasks.takeRecords()) seen.longest_task = Math.max(seen.longest_task, duration);
        return end(reduce) - query.startTime;
    }
    async function byHand(read) {
        await pause(50);
        const start = performance.now();
        const response = await fetch("answer/api/v1/query_range", { method: "POST", cache: "no-store" });
        await read(response);
        return performance.now() - start;
    }
    for (let round = 0; round <= ROUNDS; round += 1) {
        const turns = [
            await ours(),
            await byHand((response) => response.arrayBuffer()),
            await byHand(async (response) => columnsOf(await response.json())),
        ];
        if (round === 0) continue;
        ["ours", "buffer", "json"].forEach((name, turn) => seen[name].push(turns[turn]));
    }
    return seen;
})()"#;
