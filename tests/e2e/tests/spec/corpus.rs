//! Dashboards that other people made, on made-up answers: whatever they are like, each opens.

use std::collections::BTreeMap;
use std::time::Duration;
use tests_e2e::{Faulty, Page, Panel, State, World, corpus};

/// As many are opened by an ordinary run.
const SOME: usize = 30;

/// A page may take so long for what it shows at first, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// No panic, nothing on the console, no report of the Content-Security-Policy, every panel in a state that has a name.
pub fn every_dashboard_opens(world: &World) {
    let all = corpus::all();
    if all.is_empty() {
        eprintln!("skipped: there is no corpus of public dashboards");
        return;
    }
    let is_full = std::env::var_os("PYROGRAPH_FULL").is_some();
    let specimens = if is_full { all } else { corpus::varied(all, SOME) };
    let site = world.faulty().on_synthetic();
    let page = site.page();
    let mut troubles = Vec::new();
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for specimen in &specimens {
        match open(&site, &page, &specimen.text) {
            Ok(panels) => panels.iter().for_each(|panel| *states.entry(format!("{:?}", panel.state)).or_default() += 1),
            Err(trouble) => troubles.push(format!("{}: {trouble}", specimen.name)),
        }
    }
    eprintln!("{} dashboards, panels by state: {states:?}", specimens.len());
    assert!(troubles.is_empty(), "{} of {}:\n{}", troubles.len(), specimens.len(), troubles.join("\n"));
}

/// Opens a dashboard with all its rows, and looks at all of it.
fn open(site: &Faulty, page: &Page, text: &str) -> Result<Vec<Panel>, String> {
    site.put_file(text);
    page.load("d/small");
    let is_there = || matches!(page.app().as_str(), "ready" | "failed").then_some(());
    page.look(PATIENCE, is_there).ok_or("the app does not start")?;
    let has_opened = || {
        let opened: bool = page.eval("return document.querySelector('.grid, .solo, .notice, .card.empty') !== null");
        (opened || page.app() == "failed").then_some(())
    };
    let opened = page.look(PATIENCE, has_opened);
    if page.app() == "failed" {
        return Err(format!("it stops: {}", page.text()));
    }
    opened.ok_or("nothing is shown")?;
    if page.count(".grid, .card.empty") == 0 {
        return Err(format!("it is not read: {}", page.text()));
    }
    page.eval::<()>("document.querySelectorAll('.row-header [aria-expanded=false]').forEach((row) => row.click())");
    let screens: u32 = page.eval("return Math.ceil(document.documentElement.scrollHeight / innerHeight)");
    for screen in 0..screens {
        page.eval::<()>(&format!("scrollTo(0, {screen} * innerHeight)"));
        if page.look(PATIENCE, || is_settled(page).then_some(())).is_none() {
            let waiting: Vec<_> =
                page.panels().into_iter().filter(|panel| panel.in_view && !panel.state.is_settled()).collect();
            return Err(format!("nothing comes for {waiting:#?}"));
        }
    }
    let panels = page.panels();
    // What another program would have to answer cannot be there.
    let is_trouble = |panel: &&Panel| panel.state == State::Failed && !panel.text.contains("No such data source");
    let failed = panels.iter().filter(is_trouble);
    let failed: Vec<_> =
        failed.map(|panel| format!("panel {} {:?} fails: {}", panel.id, panel.title, panel.text)).collect();
    let complaints = [page.complaints(), failed].concat();
    if complaints.is_empty() { Ok(panels) } else { Err(complaints.join("\n    ")) }
}

/// Whether there is nothing to come for the panels in view.
fn is_settled(page: &Page) -> bool {
    let waiting = "return [...document.querySelectorAll('[data-state=idle], [data-state=loading]')].some((panel) => {
        const box = panel.getBoundingClientRect();
        return box.bottom > 0 && box.top < innerHeight && box.height > 0;
    })";
    !page.eval::<bool>(waiting)
}
