//! Every page can be read and used, whatever one sees, hears and presses.

use super::fleet::FLEET;
use std::time::Duration;
use tests_e2e::{Options, Page, Theme, World, audit};

const THEMES: [Theme; 2] = [Theme::Light, Theme::Dark];

/// Desks and phones in CSS pixels, with how many device pixels one has: a phone, the narrowest window that WCAG speaks
/// of, and a desk whose page is zoomed to 200 %.
const NARROW: [(u32, u32, f64); 3] = [(390, 844, 1.0), (320, 640, 1.0), (720, 450, 2.0)];

/// A page is looked at when its text stays the same for so long.
const QUIET: Duration = Duration::from_millis(300);
const PATIENCE: Duration = Duration::from_secs(10);

pub fn every_page_can_be_read(world: &World) {
    on_every_page(world, &[Options::default()], audit::accessibility);
}

pub fn the_keyboard_reaches_everything(world: &World) {
    let page = world.page();
    let mut findings = Vec::new();
    for route in world.routes() {
        settle(&page, &route);
        findings.extend(audit::keyboard(&page).into_iter().map(|finding| format!("{route}: {finding}")));
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

pub fn nothing_is_cut_off_where_there_is_little_room(world: &World) {
    let narrow =
        NARROW.map(|(width, height, pixel_ratio)| Options { size: (width, height), pixel_ratio, ..Options::default() });
    on_every_page(world, &narrow, audit::layout);
}

/// What opens above a page: as easy to read, and nothing of it cut off.
pub fn what_opens_above_a_page_can_be_read(world: &World) {
    let mut findings = Vec::new();
    for (width, height) in [(1440, 900), (390, 844)] {
        for theme in THEMES {
            let page = world.page_with(Options { size: (width, height), ..Options::default() });
            let themed = format!("{FLEET}?theme={}", theme.name());
            let mut check = |what: &str| {
                let found = audit::accessibility(&page).into_iter().chain(audit::layout(&page));
                findings.extend(found.map(|finding| format!("{what} {} {width}: {finding}", theme.name())));
            };
            settle(&page, &themed);
            page.eval::<()>("document.querySelector('[aria-haspopup]').click()");
            page.wait("the time picker opens", || {
                (page.count("[aria-haspopup][aria-expanded=true]") > 0).then_some(())
            });
            check("the time picker");
            for (what, key) in [("the palette", "k"), ("the keys", "?")] {
                settle(&page, &themed);
                let with_ctrl = key == "k";
                page.eval::<()>(&format!(
                    "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '{key}', ctrlKey: {with_ctrl}, bubbles: true }}))"
                ));
                page.wait(&format!("{what} opens"), || (page.count("[role=dialog], dialog[open]") > 0).then_some(()));
                check(what);
            }
        }
    }
    findings.dedup();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Audits every page as each of these sees it, light and dark.
fn on_every_page(world: &World, seen: &[Options], audit: fn(&Page) -> Vec<String>) {
    let mut findings = Vec::new();
    for options in seen {
        let page = world.page_with(*options);
        for theme in THEMES {
            for route in world.routes() {
                let mark = if route.contains('?') { '&' } else { '?' };
                settle(&page, &format!("{route}{mark}theme={}", theme.name()));
                let width = options.size.0;
                let told = |finding| format!("{route} {} {width}: {finding}", theme.name());
                findings.extend(audit(&page).into_iter().map(told));
            }
        }
    }
    assert!(findings.is_empty(), "{} findings\n{}", findings.len(), findings.join("\n"));
}

/// Opens a page and waits until it has a title and nothing more comes.
fn settle(page: &Page, route: &str) {
    page.open(route);
    page.look(PATIENCE, || {
        let before = (page.text(), page.count("[data-state=loading]"));
        std::thread::sleep(QUIET);
        (before.1 == 0 && page.count("h1") > 0 && page.text() == before.0).then_some(())
    });
}
