//! What the app asks of a server: by a refresh against the full query, and by the finer answer after the first one.

use crate::Run;
use crate::figure::Figure;
use crate::samples::{is_query, touched};
use anyhow::{Context as _, Result};
use faultd::{Entry, Fault, Rule, When};
use serde_json::json;
use std::thread::sleep;
use std::time::Duration;
use tests_e2e::{Dashboard, Faulty, Measure, Options, Page, State};

/// The share of the full query that a refresh may take.
const MAX_REFRESH: f64 = 0.05;

/// When so much time has passed with no request, no finer answer is to come.
const QUIET: Duration = Duration::from_secs(3);

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let mut figures = refresh(run)?;
    figures.extend(refinement(run)?);
    Ok(figures)
}

/// A day at 15 seconds: what a refresh asks for, against the whole.
fn refresh(run: &Run<'_>) -> Result<Vec<Figure>> {
    let day = Dashboard::of(&[("A day", "sum by (job) (rate(process_cpu_seconds_total[5m]))")])
        .with("time", json!({ "from": "now-24h", "to": "now" }))
        .with_panels("interval", json!("15s"))
        .with_panels("maxDataPoints", json!(11_000));
    let site = run.world.faulty().with(&day);
    site.set(&[config("auto")]);
    let page = site.page();
    // Every 15 seconds, as the scrapes: whoever asks by hand is asking for all of it.
    page.open("d/small?refresh=15s");
    page.panel_in("1", State::Ready);
    quiet(&site);
    let (full, full_bytes) = (queries(&site), bytes(&page));

    // The first one may still fetch all of it: how an answer can be kept is known a little later.
    let mut tail = (Vec::new(), 0.0);
    for _ in 0..2 {
        let (asked, received) = (queries(&site).len(), bytes(&page));
        page.wait("the page asks again by itself", || (queries(&site).len() > asked).then_some(()));
        quiet(&site);
        let latest = queries(&site).into_iter().skip(asked).collect();
        tail = (latest, bytes(&page) - received);
    }
    let first = full.first().context("no query was sent")?;
    let samples = touched(&site.url(), &tail.0)? / touched(&site.url(), std::slice::from_ref(first))?;
    Ok(vec![
        Figure::at_most(MAX_REFRESH, "refresh/bytes", tail.1 / full_bytes, "x"),
        Figure::at_most(MAX_REFRESH, "refresh/samples-touched", samples, "x"),
        Figure::known("refresh/full-bytes", full_bytes / 1e6, "MB"),
    ])
}

/// The shipped dashboard with and without finer answers, over ranges whose first step is longer than the scrape interval:
/// how often, and for how many samples, the server is asked.
fn refinement(run: &Run<'_>) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for hours in [6, 24] {
        let [plain, fine] = ["panel", "auto"].map(|resolution| asked(run, hours, resolution));
        let (plain, fine) = (plain?, fine?);
        let name = |what: &str| format!("refinement/{hours}h/{what}");
        figures.push(Figure::known(&name("requests"), fine.0 / plain.0, "x"));
        figures.push(Figure::known(&name("samples-touched"), fine.1 / plain.1, "x"));
    }
    Ok(figures)
}

/// The queries of the fleet dashboard over some hours, and the samples they touch.
fn asked(run: &Run<'_>, hours: u32, resolution: &str) -> Result<(f64, f64)> {
    let site = run.world.faulty();
    site.set(&[config(resolution)]);
    let page = site.page_with(Options::default());
    page.open(&format!("d/fleet-overview?from=now-{hours}h&to=now"));
    page.settled();
    quiet(&site);
    let queries = queries(&site);
    Ok((queries.len() as f64, touched(&site.url(), &queries)?))
}

/// A `config.json` as users have it: that of the tests compares every merge with a whole answer.
fn config(resolution: &str) -> Rule {
    let source = json!({
        "uid": "prometheus", "name": "Prometheus", "url": "prometheus", "default": true, "resolution": resolution,
    });
    let config = json!({ "dataSources": [source], "dashboards": { "index": "dashboards/index.json" } });
    Rule::new(When::path("/config.json"), Fault::status(200, "application/json", &config.to_string()))
}

fn queries(site: &Faulty<'_>) -> Vec<Entry> {
    site.log().requests().into_iter().filter(is_query).collect()
}

fn quiet(site: &Faulty<'_>) {
    let mut before = usize::MAX;
    while before != queries(site).len() || site.log().in_flight() > 0 {
        before = queries(site).len();
        sleep(QUIET);
    }
}

/// How many bytes of answers the page has received.
fn bytes(page: &Page) -> f64 {
    let of = |measure: Measure| measure.detail.and_then(|detail| detail["bytes"].as_f64()).unwrap_or_default();
    page.measures().into_iter().filter(|measure| measure.name == "pyrograph:query").map(of).sum()
}
