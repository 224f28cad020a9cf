//! The fleet dashboard on live data.

use faultd::{Fault, Rule, When};
use std::collections::BTreeSet;
use tests_e2e::{Dashboard, State, World, plain};

/// The dashboard that a first look lands on.
pub const FLEET: &str = "d/fleet-overview";

pub fn every_panel_gets_its_data(world: &World) {
    let page = world.page();
    let panels = page.open(FLEET).settled();
    let with_data: Vec<_> = panels.iter().filter(|panel| panel.in_view && panel.visualization != "text").collect();
    assert!(with_data.len() >= 4, "few panels: {panels:#?}");
    for panel in with_data {
        assert_eq!(panel.state, State::Ready, "{panel:#?}");
        assert!(panel.samples > Some(0), "{panel:#?}");
        assert!(!panel.stale && !panel.partial, "{panel:#?}");
        assert!(!panel.title.is_empty(), "{panel:#?}");
    }
    page.assert_no_complaints();
}

/// Architecture: User Timing measures with what they were about.
pub fn work_is_measured(world: &World) {
    let page = world.page();
    page.open(FLEET).settled();
    for name in ["pyrograph:query", "pyrograph:decode", "pyrograph:reduce", "pyrograph:paint"] {
        let detail = page.wait(&format!("{name} is measured with its detail"), || {
            page.measures().into_iter().find(|measure| measure.name == name)?.detail
        });
        for field in ["panel", "bytes", "series", "samples"] {
            assert!(!detail[field].is_null(), "{name} has no {field}: {detail}");
        }
    }
}

/// When the first panel was painted, for the scripts that go on.
const PAINTED: &str =
    r#"const painted = Math.min(...performance.getEntriesByName("pyrograph:paint").map((paint) => paint.startTime));"#;

/// The size budget counts the files by their names; this is what a browser asks for before a panel is painted. What code the
/// answers call for is theirs to say: one that is rare makes a load wait for the rest, but not each of three.
pub fn the_first_load_is_what_the_budget_counts(world: &World) {
    const LOADS: usize = 3;
    let doors: Vec<usize> = (0..LOADS).map(|_| doors_in_a_first_load(world)).collect();
    assert!(doors.contains(&0), "doors were opened before the rest was there, in each load: {doors:?}");
}

/// Looks at what a new browser asks for, and counts the doors that are opened before a panel is painted.
fn doors_in_a_first_load(world: &World) -> usize {
    let site = world.faulty();
    let page = site.page();
    page.open(FLEET).settled();
    let is_rest_code = |path: &str| path.ends_with("/rest.bin");
    // Its code and its styles are asked for together, with the first answer.
    let is_rest = |path: &str| is_rest_code(path) || path.starts_with("/rest-");
    let is_there = || site.log().requests().iter().any(|request| is_rest_code(&request.path)).then_some(());
    page.wait("the rest is there", is_there);
    let requests: Vec<String> = site.log().requests().into_iter().map(|request| request.path).collect();
    // What the page asks for once a panel is painted, and after the rest.
    let later: BTreeSet<String> = page.eval(&format!(
        r#"{PAINTED}
        const later = performance.getEntriesByType("resource").filter((file) => file.startTime > painted);
        return later.map((file) => new URL(file.name).pathname)"#,
    ));
    let is_api = |path: &str| path.starts_with("/prometheus/") || path.starts_with("/alertmanager/");
    let before = requests.iter().take_while(|path| !is_rest(path));
    let loaded: BTreeSet<_> = before.filter(|path| !is_api(path) && !later.contains(*path)).collect();
    let counted = |path: &str| {
        let is_code = [".html", ".js", ".css", "_bg.bin"].iter().any(|ending| path.ends_with(ending));
        (is_code && path != "/watch.js") || ["/", "/config.json", "/dashboards/fleet-overview.json"].contains(&path)
    };
    // Two small ones that the browser or the server makes: not of the bundle, or not waited for.
    let others = |path: &str| path.ends_with(".svg") || path == "/dashboards/index.json" || path == "/favicon.ico";
    let uncounted: Vec<_> = loaded.iter().filter(|path| !counted(path) && !others(path)).collect();
    assert!(
        uncounted.is_empty(),
        "loaded, but not in the budget: {uncounted:?} (the rest, where its list is old: cargo xtask first-run)"
    );
    assert!(loaded.iter().any(|path| path.ends_with("_bg.bin")), "{loaded:?}");
    // One that is opened in a later frame, while the rest is on its way, only waits for it.
    let (by_page, doors): (usize, usize) = page.eval(&format!(
        r#"{PAINTED}
        const rest = performance.getEntriesByType("resource").filter((file) => file.name.endsWith("/rest.bin"));
        const doors = rest.filter((file) => file.initiatorType === "xmlhttprequest" && file.startTime < painted);
        return [rest.length, doors.length]"#,
    ));
    let by_all = site.log().requests().iter().filter(|request| is_rest_code(&request.path)).count();
    doors + by_all.saturating_sub(by_page)
}

/// Not only what the demo shows: the first query waits for nothing but what was loaded first.
pub fn a_plain_dashboard_asks_before_the_rest_is_there(world: &World) {
    for (number, dashboard) in plain::dashboards().iter().enumerate() {
        let config = Fault::status(200, "application/json", plain::CONFIG);
        let site = world.faulty().with(dashboard).and(plain::index());
        let site = site.and(Rule::new(When::path("/config.json"), config));
        let page = site.page();
        page.open(&format!("d/{}", Dashboard::UID)).settled();
        let requests = site.log().requests();
        let first =
            requests.iter().find(|request| request.path.ends_with("/rest.bin") || request.path.contains("/query"));
        let path = first.map(|request| &*request.path);
        assert!(
            path.is_some_and(|path| path.contains("/query")),
            "{number}: a door was opened before the first query: {path:?}"
        );
    }
}

/// What a browser has had it need not wait for.
pub fn a_second_visit_begins_with_all_code(world: &World) {
    let page = world.page();
    page.open(FLEET).settled();
    let had = r#"return localStorage.getItem("pyrograph:rest") || null"#;
    let _: String = page.wait("the browser has all code", || page.eval(had));
    page.load(FLEET);
    page.settled();
    let began: Option<(String, bool)> = page.eval(&format!(
        r#"{PAINTED}
        const rest = performance.getEntriesByType("resource").find((file) => file.name.endsWith("/rest.bin"));
        return rest ? [rest.initiatorType, rest.startTime < painted] : null"#,
    ));
    assert_eq!(began, Some(("fetch".to_owned(), true)));
}

pub fn a_refresh_brings_new_data(world: &World) {
    let site = world.faulty();
    let page = site.page();
    page.open(&format!("{FLEET}?from=now-15m&to=now&refresh=5s")).settled();
    let queries = When::path("/api/v1/query");
    let before = site.log().count(&queries);
    page.wait("the page asks again by itself", || (site.log().count(&queries) > before).then_some(()));
    assert!(page.settled().iter().all(|panel| panel.state != State::Failed));
}

/// Merges are checked in the worker, which tells what is wrong on its console.
pub fn a_wrong_merge_would_be_heard(world: &World) {
    let site = world.faulty();
    let script = r#"console.error("up: what was put together from pieces differs")"#;
    site.set(&[Rule::new(When::path("/noisy.js"), Fault::status(200, "text/javascript", script))]);
    let page = site.page();
    page.open("");
    page.eval::<()>(r#"globalThis.noisy = new Worker("noisy.js")"#);
    page.wait("the worker is heard", || {
        page.complaints().iter().any(|text| text.contains("put together from pieces")).then_some(())
    });
}
