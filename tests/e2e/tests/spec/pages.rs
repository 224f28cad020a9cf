//! Every page on the live servers.

use serde_json::json;
use tests_e2e::{Dashboard, Options, Page, State, Theme, World};

pub fn each_is_clean_in_light_and_dark(world: &World) {
    let page = world.page();
    for theme in [Theme::Light, Theme::Dark] {
        for route in world.routes() {
            let mark = if route.contains('?') { '&' } else { '?' };
            page.open(&format!("{route}{mark}theme={}", theme.name()));
            page.assert_no_complaints();
            let lightness = ground_lightness(&page);
            match theme {
                Theme::Light => assert!(lightness > 0.7, "{route} in light: {lightness}"),
                Theme::Dark => assert!(lightness < 0.3, "{route} in dark: {lightness}"),
            }
        }
    }
}

/// How light the page's ground is, from 0 to 1.
fn ground_lightness(page: &Page) -> f64 {
    page.eval(
        r#"const canvas = document.createElement("canvas").getContext("2d");
        const grounds = [document.body, document.documentElement].map((e) => getComputedStyle(e).backgroundColor);
        canvas.fillStyle = grounds.find((c) => c !== "rgba(0, 0, 0, 0)") ?? "white";
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
        return (r + g + b) / 765;"#,
    )
}

pub fn home_lists_the_dashboards(world: &World) {
    let page = world.page();
    page.open("");
    page.wait("the fleet dashboard is listed", || (page.count("a[href*='d/fleet-overview']") > 0).then_some(()));
    assert!(page.count("a[href*='#/d/']") >= 4, "few dashboards:\n{}", page.text());
    // One rule, the watchdog, always fires.
    page.wait("problems are told", || page.text().contains("firing").then_some(()));
    page.assert_no_complaints();
}

pub fn explore_shows_graph_and_table(world: &World) {
    let page = world.page();
    let panels = page.open("explore?expr=up").settled();
    let ready = |kind: &str| panels.iter().any(|panel| panel.visualization == kind && panel.state == State::Ready);
    assert!(ready("timeseries"), "no graph: {panels:#?}");
    assert!(ready("table"), "no table: {panels:#?}");
}

pub fn panels_are_there_again_on_the_way_back(world: &World) {
    let page = world.page();
    page.open("explore?expr=up").settled();
    page.follow("alerts");
    page.back();
    page.panel_in("explore-graph", State::Ready);
    page.panel_in("explore-table", State::Ready);
}

pub fn closing_a_row_keeps_the_panels_above(world: &World) {
    let page = world.page();
    page.open("d/fleet-overview?refresh=").settled();
    let before = page.panel("1");
    page.click("Traffic");
    let panel = page.panel_in("1", State::Ready);
    assert_eq!(panel.samples, before.samples);
    assert_eq!(page.count("[data-panel-id='11']"), 0, "the row's own panels are still there");
}

pub fn what_stands_behind_a_closed_row_is_shown(world: &World) {
    let stat = |id: u32, y: u32| json!({ "id": id, "type": "stat", "gridPos": { "x": 0, "y": y, "w": 6, "h": 4 }, "targets": [{ "expr": "up" }] });
    let row = json!({ "id": 1, "type": "row", "title": "Closed", "collapsed": true, "gridPos": { "x": 0, "y": 0, "w": 24, "h": 1 }, "panels": [stat(2, 1)] });
    let site = world.faulty().with(&Dashboard::of(&[]).with("panels", json!([row, stat(3, 5)])));
    let page = site.page();
    page.open("d/small");
    page.panel_in("3", State::Ready);
    assert_eq!(page.count("[data-panel-id='2']"), 0, "the row is closed");
    page.click("Closed");
    page.panel_in("2", State::Ready);
    page.panel_in("3", State::Ready);
}

pub fn a_transparent_panel_has_no_ground(world: &World) {
    let stat = |id: u32, transparent: bool| json!({ "id": id, "type": "stat", "transparent": transparent, "targets": [{ "expr": "up" }] });
    let site = world.faulty().with(&Dashboard::of(&[]).with("panels", json!([stat(1, true), stat(2, false)])));
    let page = site.page();
    page.open("d/small");
    let has_ground = |id: &str| {
        page.panel_in(id, State::Ready);
        let style = format!("getComputedStyle(document.querySelector('[data-panel-id=\"{id}\"]')).backgroundColor");
        page.eval::<String>(&format!("return {style}")) != "rgba(0, 0, 0, 0)"
    };
    assert_eq!(["1", "2"].map(has_ground), [false, true]);
}

pub fn alerts_come_from_both_servers(world: &World) {
    let page = world.page();
    page.open("alerts");
    page.wait("the rules of Prometheus are there", || (page.count("[data-rule]") > 0).then_some(()));
    page.wait("the answer of Alertmanager is there", || {
        let section =
            page.eval::<String>("return document.querySelector('[data-section=alertmanager]')?.innerText ?? ''");
        (section.contains("alert") || section.contains("No alerts")).then_some(())
    });
    page.assert_no_complaints();
}

pub fn targets_say_how_they_are(world: &World) {
    let page = world.page();
    page.open("targets");
    page.wait("targets are listed", || (page.count("[data-target]") > 10).then_some(()));
    page.wait("the database is described", || {
        page.eval::<bool>(
        "return document.querySelector('[data-section=database]')?.textContent.includes('series in memory') ?? false",
    ).then_some(())
    });
    page.wait("the cluster is described", || page.count("[data-section=cluster] .card").gt(&0).then_some(()));
    let all = page.count("[data-target]");

    page.follow("targets?q=node");
    page.wait("only some are left", || (1..all).contains(&page.count("[data-target]")).then_some(()));
    page.follow("targets?q=nothing-is-called-so");
    page.wait("none is left", || (page.count("[data-target]") == 0).then_some(()));
    page.assert_no_complaints();

    // They are not passed on, so they are not asked for until somebody wants to see them.
    page.click("Flags");
    page.wait("why there are none is said", || page.text().contains("403").then_some(()));
}

pub fn keys_go_everywhere(world: &World) {
    let page = world.page();
    page.open("");
    let press = |key: &str, ctrl: bool| {
        let event = format!("new KeyboardEvent('keydown', {{ key: {key:?}, ctrlKey: {ctrl}, bubbles: true }})");
        page.eval::<()>(&format!("(document.querySelector('dialog input') ?? document.body).dispatchEvent({event})"));
    };
    press("?", false);
    page.wait("the shortcuts are shown", || page.text().contains("Keyboard shortcuts").then_some(()));
    page.eval::<()>("document.querySelector('dialog').close()");
    page.wait("they are gone", || (page.count("dialog") == 0).then_some(()));

    press("g", false);
    press("t", false);
    page.wait("targets are shown", || (page.route() == "targets").then_some(()));

    press("k", true);
    page.wait("dashboards can be chosen", || page.text().contains("Fleet overview").then_some(()));
    page.eval::<()>(
        "const input = document.querySelector('dialog input'); input.value = 'fleet over'; input.dispatchEvent(new Event('input'))",
    );
    page.wait("one is left", || (page.count("dialog [role=option]") == 1).then_some(()));
    press("Enter", false);
    page.wait("it is opened", || page.route().starts_with("d/fleet-overview").then_some(()));
    page.settled();

    press("d", false);
    press("k", false);
    page.wait("only panels are left", || page.route().contains("kiosk").then_some(()));
    press("t", false);
    press("a", false);
    page.wait("the range is absolute", || page.route().contains("from=1").then_some(()));
    page.assert_no_complaints();
}

pub fn a_narrow_window_has_no_sideways_scrolling(world: &World) {
    let page = world.page_with(Options { size: (390, 844), ..Options::default() });
    for route in world.routes() {
        page.open(&route);
        let (content, window): (u32, u32) = page.eval("return [document.documentElement.scrollWidth, innerWidth]");
        assert!(content <= window, "{route} is {content} px wide in a window of {window}");
    }
}

/// A dashboard of hundreds of panels builds and asks for those in and near sight only.
pub fn what_is_far_away_is_an_empty_box(world: &World) {
    let titles: Vec<String> = (0..200).map(|number| format!("Panel {number}")).collect();
    let panels: Vec<(&str, &str)> = titles.iter().map(|title| (title.as_str(), "up{job=\"fleet\"}")).collect();
    let site = world.faulty().with(&Dashboard::of(&panels));
    let page = site.page();
    page.open("d/small").settled();
    // Those beyond the first screens come bit by bit.
    page.wait("all panels are in the page", || (page.panels().len() == 200).then_some(()));
    let drawn = || page.count("section canvas");
    assert!((1..30).contains(&drawn()), "{} panels are drawn", drawn());
    assert_eq!(page.panel("200").state, State::Idle);
    // Nor does the browser lay out or animate anything of theirs; it finds their text all the same.
    const LAST: &str = "document.querySelector('[data-panel-id=\"200\"]')";
    let is_rendered = || -> bool {
        page.eval(&format!("return {LAST}.querySelector('h2').checkVisibility({{ contentVisibilityAuto: true }})"))
    };
    assert!(!is_rendered(), "the last panel is laid out");
    assert_eq!(page.eval::<usize>("return document.getAnimations().length"), 0);
    assert!(page.eval::<bool>("return window.find('Panel 199')"), "the last panel's title is not found");
    page.eval::<serde_json::Value>(&format!("{LAST}.scrollIntoView()"));
    page.panel_in("200", State::Ready);
    assert!(is_rendered(), "the last panel is not laid out");
    page.wait("those left behind are empty again", || (drawn() < 30).then_some(()));
    // Who looks at one of them alone and comes back is where he was.
    let scrolled = || page.eval::<f64>("return scrollY");
    let before = scrolled();
    page.eval::<serde_json::Value>("location.hash = '#/d/small?viewPanel=200'");
    page.wait("one panel is alone", || (page.panels().len() == 1).then_some(()));
    page.eval::<serde_json::Value>("history.back()");
    page.wait("all panels are there again", || (page.panels().len() == 200).then_some(()));
    page.wait("the page is where it was", || (scrolled() == before).then_some(()));
    page.assert_no_complaints();
}
