//! The range that is shown: picked, typed, from the calendar, and in a link that stays.

use super::fleet::FLEET;
use tests_e2e::{Options, Page, World};

/// Opens the picker on the fleet's dashboard.
fn open_on<'a>(page: &'a Page, route: &str) -> &'a Page {
    page.open(route).settled();
    open(page);
    page
}

fn open(page: &Page) {
    page.eval::<()>("document.querySelector('[aria-label^=\"Time range\"]').click()");
    page.wait("the picker is open", || (page.count(".time-picker .day") > 27).then_some(()));
}

fn type_ends(page: &Page, from: &str, to: &str) {
    page.eval::<()>(&format!(
        "const inputs = document.querySelectorAll('.time-picker form input'); \
         ['{from}', '{to}'].forEach((text, index) => {{ inputs[index].value = text; \
         inputs[index].dispatchEvent(new Event('input')); }})"
    ));
}

fn button(page: &Page) -> String {
    page.eval("return document.querySelector('[aria-label^=\"Time range\"]').innerText.trim()")
}

pub fn a_range_is_picked_and_typed(world: &World) {
    let page = world.page();
    open_on(&page, FLEET);
    page.eval::<()>(
        "const input = document.querySelector('[aria-label=\"Find a range\"]'); input.value = '15 min'; \
         input.dispatchEvent(new Event('input')); \
         input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))",
    );
    page.wait("the first that is found is shown", || page.route().contains("from=now-15m&to=now").then_some(()));
    assert_eq!(button(&page), "Last 15 minutes");

    open(&page);
    type_ends(&page, "2026-02-30", "now");
    page.wait("the mistake is told", || page.text().contains("No such date or time").then_some(()));
    assert_eq!(page.count(".time-picker button:disabled"), 1);
    type_ends(&page, "now", "2h ago");
    page.wait("the order is told", || page.text().contains("It ends before it starts").then_some(()));
    type_ends(&page, "2h ago", "now");
    page.wait("it is a range", || (page.count(".time-picker button:disabled") == 0).then_some(()));
    page.click("Show range");
    page.wait("it stays relative", || page.route().contains("from=now-2h&to=now").then_some(()));

    open(&page);
    type_ends(&page, "2026-11-20 14:00", "2026-11-20 16:00");
    page.click("Show range");
    page.wait("it is absolute", || page.route().contains("from=1795183200000&to=1795190400000").then_some(()));
    open(&page);
    page.click("Last 6 hours");
    page.wait("it is relative again", || page.route().contains("from=now-6h").then_some(()));
    open(&page);
    page.click("2026-11-20 14:00:00 to 2026-11-20 16:00:00");
    page.wait("what was typed is offered again", || page.route().contains("from=1795183200000").then_some(()));
    page.assert_no_complaints();
}

pub fn the_calendar_goes_by_the_zone_and_the_keyboard(world: &World) {
    let page = world.page();
    open_on(&page, &format!("{FLEET}?from=2026-11-18T00:00:00Z&to=2026-11-18T12:00:00Z&timezone=Asia/Tokyo"));
    assert!(button(&page).ends_with("Asia/Tokyo"), "{}", button(&page));
    let focused = || page.eval::<String>("return document.activeElement.getAttribute('aria-label') ?? ''");
    let press = |key: &str| {
        page.eval::<()>(&format!(
            "const day = document.activeElement.matches('.day') ? document.activeElement \
             : document.querySelector('.day[tabindex=\"0\"]'); \
             day.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
        ));
    };
    let expect = |key: &str, day: &str| {
        press(key);
        page.wait(&format!("{day} has the focus"), || (focused() == day).then_some(()));
    };
    expect("ArrowRight", "19 November 2026");
    expect("ArrowDown", "26 November 2026");
    expect("Home", "22 November 2026");
    expect("ArrowDown", "29 November 2026");
    expect("ArrowDown", "6 December 2026");
    expect("PageUp", "6 November 2026");
    page.click("6 November 2026");
    page.click("9 November 2026");
    page.wait("the days between are marked", || (page.count(".day[aria-selected=true]") == 4).then_some(()));
    page.click("Show range");
    // Midnight in Tokyo is nine hours before that of UTC.
    page.wait("whole days of the zone are shown", || {
        page.route().contains("from=1793890800000&to=1794236399000").then_some(())
    });
    page.assert_no_complaints();
}

pub fn a_link_keeps_the_range(world: &World) {
    for storage_denied in [false, true] {
        let page = world.page_with(Options { storage_denied, ..Options::default() });
        open_on(&page, &format!("{FLEET}?from=now-1h&to=now"));
        let copy = "Copy link to this range";
        page.eval::<()>("navigator.clipboard.writeText = async (text) => { globalThis.copied = text }");
        page.click(copy);
        let link = page.wait("the link is copied", || page.eval::<Option<String>>("return globalThis.copied ?? null"));
        assert!(link.contains("#/d/fleet-overview?from=1") && link.contains("&to=1"), "{link}");
        // A browser that lets nobody copy.
        page.eval::<()>("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))");
        page.click(copy);
        page.wait("the link is there to copy", || (page.count("[aria-label='Link to copy']") == 1).then_some(()));
        type_ends(&page, "yesterday", "today");
        page.click("Show range");
        page.wait("days have names", || page.route().contains("from=now-1d%2Fd&to=now%2Fd").then_some(()));
    }
}
