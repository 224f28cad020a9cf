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
