//! Exemplars above charts: those of the demo's own requests, each with its trace.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};
use std::time::Duration;
use tests_e2e::{Dashboard, Page, State, World};

/// A panel of two quantiles of one histogram.
fn panel(id: u32, exemplar: bool) -> Value {
    let target = |ref_id: &str, quantile: &str| {
        let expr = format!("histogram_quantile({quantile}, sum by (le) (rate(request_duration_seconds_bucket[1m])))");
        json!({ "refId": ref_id, "expr": expr, "legendFormat": quantile, "exemplar": exemplar })
    };
    json!({
        "id": id, "type": "timeseries", "title": format!("Latency {id}"),
        "gridPos": { "x": (id - 1) * 12, "y": 0, "w": 12, "h": 10 },
        "fieldConfig": { "defaults": { "unit": "s" } }, "targets": [target("A", "0.5"), target("B", "0.99")],
    })
}

fn dashboard() -> Dashboard {
    Dashboard::of(&[]).with("panels", json!([panel(1, true), panel(2, false)]))
}

fn marks(page: &Page, panel: u32) -> u64 {
    page.count(&format!("[data-panel-id='{panel}'] .exemplar"))
}

/// The demo needs so long after its start to have some, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// In how many steps of the panel the server has exemplars. Right after the start it has none.
fn told(page: &Page) -> u64 {
    page.eval(
        "const now = Date.now() / 1000;
        const asked = new URLSearchParams({ query: 'request_duration_seconds_bucket', start: now - 300, end: now });
        const answer = await fetch('prometheus/api/v1/query_exemplars', { method: 'POST', body: asked });
        const all = (await answer.json()).data.flatMap(({ exemplars }) => exemplars);
        return new Set(all.map(({ timestamp }) => Math.floor(timestamp / 15))).size",
    )
}

/// What is said of the mark that has the focus.
fn card(page: &Page) -> String {
    page.eval("return document.querySelector('.exemplars .tooltip')?.innerText ?? ''")
}

pub fn they_stand_above_the_chart_and_lead_to_traces(world: &World) {
    let links = json!([
        { "name": "trace_id", "url": "https://traces.example/t?id=${__value.raw}", "urlDisplayLabel": "Trace" },
        { "name": "trace_id", "url": "${__value.raw}:alert(1)", "urlDisplayLabel": "Evil" },
        { "name": "other", "url": "/other" },
    ]);
    let source = json!({ "uid": "prometheus", "url": "prometheus", "exemplarTraceIdDestinations": links });
    let config = json!({ "dataSources": [source] }).to_string();
    let site = world.faulty().with(&dashboard());
    site.set(&[Rule::new(When::path("/config.json"), Fault::status(200, "application/json", &config))]);
    let page = site.page();
    page.open("");
    page.look(PATIENCE, || (told(&page) > 2).then_some(())).expect("the server has exemplars");
    let before = site.log().count(&When::path("query_exemplars"));
    page.follow("d/small?from=now-5m&to=now").settled();
    page.wait("there are exemplars", || (marks(&page, 1) > 1).then_some(()));
    assert_eq!(marks(&page, 2), 0);
    assert_eq!(page.count("[data-panel-id='1'] .mark"), 0, "nothing is left out");
    assert_eq!(site.log().count(&When::path("query_exemplars")), before + 1, "both queries in one");

    let focused = || -> String { page.eval("return document.activeElement.getAttribute('aria-label') ?? ''") };
    page.focus(".exemplar");
    let first = page.wait("the card tells", || Some(card(&page)).filter(|card| card.contains("trace_id")));
    assert!(first.contains("Value") && first.contains("service"), "{first}");
    page.press("ArrowRight");
    page.wait("the next one tells", || (!card(&page).is_empty() && card(&page) != first).then_some(()));
    let named = focused();
    assert!(named.starts_with("Exemplar, "), "{named}");
    page.eval::<Value>("document.activeElement.click()");
    let links = "[...document.querySelectorAll('.exemplars .links a')].map((link) => [link.innerText, link.href])";
    let links = page.wait("there are links", || {
        let links: Vec<(String, String)> = page.eval(&format!("return {links}"));
        (!links.is_empty()).then_some(links)
    });
    let [(title, href)] = links.as_slice() else { panic!("one is safe and of a label that is there: {links:?}") };
    let trace = href.strip_prefix("https://traces.example/t?id=").expect("the address of the trace");
    assert!(title == "Trace" && trace.len() == 32 && card(&page).contains(trace), "{links:?}");
    page.press("Tab");
    page.press("Escape");
    page.wait("it is closed, and the mark has the focus", || (focused() == named).then_some(()));
    page.assert_no_complaints();
}

pub fn a_chart_is_as_good_without_them(world: &World) {
    let refused = Fault::status(400, "application/json", r#"{"status":"error","errorType":"bad_data","error":"no"}"#);
    let empty = Fault::status(200, "application/json", r#"{"status":"success","data":[]}"#);
    for fault in [refused, empty] {
        let site = world.faulty().with(&dashboard());
        site.set(&[Rule::new(When::path("query_exemplars"), fault)]);
        let page = site.page();
        page.open("d/small?from=now-5m&to=now");
        let asked = When::path("query_exemplars");
        page.wait("they were asked for", || (site.log().count(&asked) > 0).then_some(()));
        let shown = page.panel_in("1", State::Ready);
        assert!(!shown.partial && shown.series == Some(2), "{shown:#?}");
        assert_eq!(marks(&page, 1), 0);
    }
}
