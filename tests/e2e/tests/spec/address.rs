//! The address is the one source of truth of what the page shows.

use super::fleet::FLEET;
use faultd::When;
use tests_e2e::{Dashboard, State, World};

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

/// On the fleet, whose past is there from the start: the other jobs are first scraped some seconds later.
pub fn a_variable_reaches_the_queries(world: &World) {
    let job = serde_json::json!({ "list": [{
        "name": "job", "type": "query", "datasource": { "type": "prometheus", "uid": "prometheus" },
        "query": "label_values(up, job)", "refresh": 1,
    }] });
    let dashboard = Dashboard::of(&[("Up of $job", "up{job=\"$job\"}")]).with("templating", job);
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small?var-job=fleet");
    let panel = page.panel_in("1", State::Ready);
    assert_eq!(panel.title, "Up of fleet");
    assert!(site.log().count(&When::body("up{job=\"fleet\"}")) > 0);
    assert_eq!(page.route(), "d/small?var-job=fleet");
}

pub fn variables_ask_in_every_way(world: &World) {
    let variable = |name: &str, query: &str, regex: &str| {
        serde_json::json!({
            "name": name, "type": "query", "datasource": { "type": "prometheus", "uid": "prometheus" },
            "query": query, "regex": regex, "refresh": 1,
        })
    };
    let list = serde_json::json!({ "list": [
        variable("label", "label_names()", "/^serv.*/"),
        variable("metric", "metrics(requests_in)", ""),
        variable("service", "query_result(sum by (service) (requests_in_flight))", "/service=\"(c.*)\"/"),
    ]});
    let dashboard = Dashboard::of(&[("Up", "up{job=\"fleet\"}")]).with("templating", list);
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small");
    let options = |name: &str| {
        let script =
            format!("return [...document.querySelectorAll('[data-variable={name}] option')].map((o) => o.value)");
        page.eval::<Vec<String>>(&script)
    };
    page.wait("labels are offered", || options("label").contains(&"service".to_owned()).then_some(()));
    assert!(options("metric").iter().all(|metric| metric.contains("requests_in")), "{:?}", options("metric"));
    assert!(options("metric").contains(&"requests_in_flight".to_owned()), "{:?}", options("metric"));
    assert_eq!(options("service"), ["cart", "catalog", "checkout"]);
}

pub fn an_unknown_dashboard_says_so(world: &World) {
    let page = world.page();
    page.open("d/no-such-dashboard");
    page.wait("the page says that there is no such dashboard", || {
        page.text().contains("no-such-dashboard").then_some(())
    });
    page.assert_no_complaints();
}
