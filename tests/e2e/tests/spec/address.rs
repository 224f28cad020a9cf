//! The address is the one source of truth of what the page shows.

use super::fleet::FLEET;
use tests_e2e::{Dashboard, World};

pub fn a_route_survives_loading(world: &World) {
    let page = world.page();
    for route in [
        "d/fleet-overview?from=now-1h&to=now",
        "d/fleet-overview?from=now-1h&to=now&refresh=30s&timezone=utc&theme=dark",
        "explore?expr=up&from=now-30m&to=now",
        "alerts",
    ] {
        page.open(route);
        assert_eq!(page.route(), route);
    }
}

pub fn the_range_asked_for_is_the_one_queried(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs() / 600 * 600;
    let (from, to) = (now - 3600, now);
    site.page().open(&format!("d/small?from={from}000&to={to}000")).settled();
    let queries = site.log().requests().into_iter().filter(|request| request.path.ends_with("/query_range"));
    let bodies: Vec<_> = queries.map(|request| request.body).collect();
    let first = bodies.first().unwrap_or_else(|| panic!("no query was sent"));
    assert!(first.contains(&format!("start={from}")), "{first}");
    assert!(first.contains(&format!("end={to}")), "{first}");
}

pub fn dates_in_an_address_are_on_utc(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]));
    site.page().open("d/small?from=20251120T140000&to=2025-11-20%2015:00:00&timezone=Asia/Tokyo").settled();
    let queries = site.log().requests().into_iter().filter(|request| request.path.ends_with("/query_range"));
    let bodies: Vec<_> = queries.map(|request| request.body).collect();
    let first = bodies.first().unwrap_or_else(|| panic!("no query was sent"));
    assert!(first.contains("start=1763647200") && first.contains("end=1763650800"), "{first}");
}

pub fn back_goes_to_the_page_before(world: &World) {
    let page = world.page();
    page.open("");
    page.follow(FLEET).settled();
    page.back();
    page.wait("home is back", || (page.route().is_empty() && page.panels().is_empty()).then_some(()));
    page.assert_no_complaints();
}

pub fn an_unknown_dashboard_says_so(world: &World) {
    let page = world.page();
    page.open("d/no-such-dashboard");
    page.wait("the page says that there is no such dashboard", || {
        page.text().contains("no-such-dashboard").then_some(())
    });
    page.assert_no_complaints();
}

pub fn the_way_up_is_in_the_bar(world: &World) {
    let page = world.page();
    page.open("d/service-detail?viewPanel=8&var-service=cart&from=now-15m&to=now").settled();
    let up = || page.eval::<Vec<String>>("return [...document.querySelectorAll('.where a')].map((a) => a.textContent)");
    page.wait("the dashboard is above its panel", || (up().last()? == "Service detail").then_some(()));
    page.click("Service detail");
    page.wait("all panels are there", || (page.panels().len() > 1).then_some(()));
    assert_eq!(page.route(), "d/service-detail?var-service=cart&from=now-15m&to=now");
    assert_eq!(up().last().map(String::as_str), Some("Home"));
}

pub fn the_palette_knows_what_is_offered(world: &World) {
    let page = world.page();
    page.open("d/service-detail").settled();
    page.eval::<()>(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'k', ctrlKey: true, bubbles: true}))",
    );
    page.wait("the palette is open", || (page.count("dialog [role=option]") > 0).then_some(()));
    page.eval::<()>(
        "const input = document.querySelector('dialog input'); input.value = 'service: catal'; \
         input.dispatchEvent(new Event('input'))",
    );
    page.wait("the value is found", || page.text().contains("catalog").then_some(()));
    page.eval::<()>(
        "document.querySelector('dialog input').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))",
    );
    page.wait("it is chosen", || page.route().contains("var-service=catalog").then_some(()));
    page.assert_no_complaints();
}
