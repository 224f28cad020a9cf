//! A wall screen: thirty panels, refreshed every second. What grows in the last half grows for ever.

use crate::Run;
use crate::figure::Figure;
use crate::samples::is_query;
use anyhow::{Result, ensure};
use faultd::{Fault, Rule, When};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::thread::sleep;
use std::time::Instant;
use tests_e2e::{Dashboard, Options, Page};

const PANELS: usize = 30;

/// How many times it is looked at.
const LOOKS: u32 = 20;

/// What is counted, in which unit, and how much more of it the last quarter may have than the one before. (In the first
/// half caches still fill. The heap goes up and down with the measures that are kept for tools.)
const COUNTED: [(&str, &str, f64); 5] = [
    ("processes", "MiB", 16.0),
    ("worker-wasm", "MiB", 0.0),
    ("js-heap", "MiB", 1.0),
    ("dom-nodes", "", 50.0),
    ("listeners", "", 20.0),
];
type Look = [f64; COUNTED.len()];

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let exprs: Vec<_> = (0..PANELS).map(|n| format!("process_cpu_seconds_total + {n}")).collect();
    let panels: Vec<_> = exprs.iter().map(|expr| ("CPU", expr.as_str())).collect();
    let dashboard = Dashboard::of(&panels);
    // Without the comparison of merged answers with whole ones, which tests have: it would be most of what is measured.
    let config = json!({ "dataSources": [{ "uid": "prometheus", "url": "prometheus", "default": true }] });
    let config = Fault::status(200, "application/json", &config.to_string());
    let site = run.world.faulty().with(&dashboard).and(Rule::new(When::path("/config.json"), config));
    let site = site.and(with_a_gauge(run)?);
    // So high that all panels are in view: others would not be refreshed.
    let page = site.page_with(Options { size: (1440, 5_400), ..Options::default() });
    page.cdp("Performance.enable", json!({}));
    page.open("d/small?refresh=1s");
    page.wait("all panels are there", || {
        let shown = page.panels().iter().filter(|panel| panel.in_view && panel.series > Some(0)).count();
        (shown == PANELS).then_some(())
    });
    let start = Instant::now();
    let mut looks = Vec::new();
    for look in 1..=LOOKS {
        sleep((run.endurance * look / LOOKS).saturating_sub(start.elapsed()));
        looks.push(counts(&page)?);
    }
    page.assert_no_complaints();
    let requests = site.log().requests().iter().filter(|entry| is_query(entry)).count();
    let settled = looks.split_off(looks.len() / 2);
    let (third, fourth) = settled.split_at(settled.len() / 2);
    let most =
        |looks: &[Look], what: usize| looks.iter().filter_map(|look| look.get(what).copied()).fold(0.0, f64::max);
    let mut figures = Vec::new();
    for (what, (name, unit, growth)) in COUNTED.into_iter().enumerate() {
        let (third, fourth) = (most(third, what), most(fourth, what));
        figures.push(Figure::at_most(growth, &format!("soak/{name}/growth"), fourth - third, unit));
        figures.push(Figure::known(&format!("soak/{name}/last-quarter"), fourth, unit));
    }
    let asked = requests as f64 / run.endurance.as_secs_f64();
    figures.push(Figure::known("soak/requests-a-second", asked, ""));
    Ok(figures)
}

/// The worker's script, which also tells how much Wasm memory it has.
fn with_a_gauge(run: &Run<'_>) -> Result<Rule> {
    let script = fs::read_to_string(run.world.dist().join("worker.js"))?;
    let kept = script.replace("glue.initSync(", "globalThis.wasm = glue.initSync(");
    ensure!(kept != script, "the worker starts in another way");
    let gauge = r#"
        const gauge = new BroadcastChannel("gauge");
        gauge.onmessage = () => gauge.postMessage(wasm.memory.buffer.byteLength);"#;
    Ok(Rule::new(When::path("/worker.js"), Fault::status(200, "text/javascript", &(kept + gauge))))
}

const READ_GAUGE: &str = r#"return new Promise((resolve) => {
    const gauge = new BroadcastChannel("gauge");
    gauge.onmessage = ({ data }) => { gauge.close(); resolve(data); };
    gauge.postMessage("read");
})"#;

/// In the order of [`COUNTED`], after the garbage is cleared away.
fn counts(page: &Page) -> Result<Look> {
    page.cdp("HeapProfiler.collectGarbage", json!({}));
    let metrics = page.cdp("Performance.getMetrics", json!({}));
    let metric = |name: &str| {
        let all = metrics["metrics"].as_array().into_iter().flatten();
        all.filter(|metric| metric["name"] == name).find_map(|metric| metric["value"].as_f64()).unwrap_or(f64::NAN)
    };
    const MIB: f64 = 1_048_576.0;
    let worker_bytes: f64 = page.eval(READ_GAUGE);
    Ok([
        renderer_bytes()? / MIB,
        worker_bytes / MIB,
        metric("JSHeapUsedSize") / MIB,
        metric("Nodes"),
        metric("JSEventListeners"),
    ])
}

/// What the processes that this one's browser runs pages in have in memory: Wasm memory of page and worker included.
fn renderer_bytes() -> Result<f64> {
    const PAGE_BYTES: f64 = 4_096.0;
    let mut parents = BTreeMap::new();
    let mut renderers = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process that has ended in the meantime has neither.
        let (Ok(stat), Ok(command)) =
            (fs::read_to_string(entry.path().join("stat")), fs::read(entry.path().join("cmdline")))
        else {
            continue;
        };
        // After the name, which may hold anything but ends with the last bracket: state, parent.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let parent = fields.split_whitespace().nth(1).and_then(|parent| parent.parse::<u32>().ok()).unwrap_or_default();
        parents.insert(id, parent);
        if String::from_utf8_lossy(&command).contains("--type=renderer") {
            let memory = fs::read_to_string(entry.path().join("statm")).unwrap_or_default();
            let pages = memory.split_whitespace().nth(1).and_then(|pages| pages.parse::<f64>().ok());
            renderers.push((id, pages.unwrap_or_default()));
        }
    }
    let me = std::process::id();
    let is_ours = |id: u32| std::iter::successors(Some(id), |id| parents.get(id).copied()).take(32).any(|id| id == me);
    Ok(renderers.into_iter().filter(|(id, _)| is_ours(*id)).map(|(_, pages)| pages * PAGE_BYTES).sum())
}
