//! Variables: what they offer, what is chosen, and what queries and panels make of it.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};
use tests_e2e::{Dashboard, Page, State, World};

const SERVICES: [&str; 3] = ["cart", "catalog", "checkout"];

fn source() -> Value {
    json!({ "type": "prometheus", "uid": "prometheus" })
}

/// A query variable, with what `more` says.
fn query(name: &str, query: &str, more: Value) -> Value {
    let mut variable = json!({ "name": name, "type": "query", "datasource": source(), "query": query, "refresh": 1 });
    if let (Some(variable), Value::Object(more)) = (variable.as_object_mut(), more) {
        variable.extend(more);
    }
    variable
}

/// The services whose names begin with c, of which several can be chosen.
fn services() -> Value {
    let more = json!({ "multi": true, "includeAll": true, "regex": "/^c/", "sort": 1 });
    query("service", "label_values(requests_total, service)", more)
}

fn templating(list: &[Value]) -> Value {
    json!({ "list": list })
}

/// Opens the list of a variable and gives what it offers.
fn open_list(page: &Page, name: &str) -> Vec<String> {
    page.eval::<Value>(&format!("document.querySelector('[data-variable={name}] button').click()"));
    page.wait("the list has options", || {
        let options: Vec<String> =
            page.eval("return [...document.querySelectorAll('[role=option]')].map((option) => option.dataset.value)");
        (!options.is_empty()).then_some(options)
    })
}

fn close_list(page: &Page) {
    page.eval::<Value>("document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))");
}

/// On the fleet, whose past is there from the start: the other jobs are first scraped some seconds later.
pub fn a_value_reaches_the_queries(world: &World) {
    let list = templating(&[query("job", "label_values(up, job)", json!({}))]);
    let dashboard = Dashboard::of(&[("Up of $job", "up{job=\"$job\"}")]).with("templating", list);
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small?var-job=fleet");
    let panel = page.panel_in("1", State::Ready);
    assert_eq!(panel.title, "Up of fleet");
    assert!(site.log().count(&When::body("up{job=\"fleet\"}")) > 0);
    assert_eq!(page.route(), "d/small?var-job=fleet");
}

pub fn they_ask_in_every_way(world: &World) {
    let list = templating(&[
        query("label", "label_names()", json!({ "regex": "/^serv.*/" })),
        query("metric", "metrics(requests_in.*)", json!({})),
        query(
            "service",
            "query_result(sum by (service) (requests_in_flight))",
            json!({ "regex": "/service=\"(c.*)\"/" }),
        ),
        query("series", "up{service=~\"c.+\"}", json!({ "regex": "/service=\"(.*)\"/", "sort": 1 })),
        query("loki", "label_values(job)", json!({ "datasource": { "type": "loki", "uid": "x" } })),
    ]);
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up{job=\"fleet\"}")]).with("templating", list));
    let page = site.page();
    page.open("d/small").settled();
    let offered = |name: &str| {
        let options = open_list(&page, name);
        close_list(&page);
        page.wait("the list is closed", || (page.count("[role=option]") == 0).then_some(()));
        options
    };
    assert!(offered("label").contains(&"service".to_owned()));
    let metrics = offered("metric");
    assert!(metrics.contains(&"requests_in_flight".to_owned()), "{metrics:?}");
    assert!(metrics.iter().all(|metric| metric.starts_with("requests_in")), "{metrics:?}");
    assert_eq!(offered("service"), SERVICES);
    assert_eq!(offered("series"), SERVICES);
    let problem: String = page.eval("return document.querySelector('[data-variable=loki] .mark').title");
    assert!(problem.contains("loki"), "{problem}");
    page.assert_no_complaints();
}

/// "All" of a list that could not be had would be nothing for ever.
pub fn what_comes_late_is_offered(world: &World) {
    let mut all = services();
    all["current"] = json!({ "text": "All", "value": "$__all" });
    let dashboard =
        Dashboard::of(&[("Requests", "requests_total{service=~\"$service\"}")]).with("templating", templating(&[all]));
    let site = world.faulty().with(&dashboard);
    site.set(&[Rule::new(When::path("/label/"), Fault::status(503, "text/plain", "starting"))]);
    let page = site.page();
    page.open("d/small?refresh=1h");
    page.panel_in("1", State::Empty);
    site.heal();
    let panel = page.panel_in("1", State::Ready);
    assert!(panel.series > Some(0), "{panel:#?}");
    assert_eq!(open_list(&page, "service")[1..], SERVICES);
}

/// What is chosen counts when the list is closed, and stands in the address as Grafana writes it.
pub fn several_are_chosen_at_once(world: &World) {
    let expr = "sum by (service) (rate(requests_total{service=~\"$service\"}[5m]))";
    let site =
        world.faulty().with(&Dashboard::of(&[("Of $service", expr)]).with("templating", templating(&[services()])));
    let page = site.page();
    page.open("d/small");
    assert_eq!(page.panel_when("1", "of all", |panel| panel.series == Some(3)).title, "Of All");
    assert_eq!(open_list(&page, "service"), ["$__all", "cart", "catalog", "checkout"]);
    page.click("cart");
    page.click("checkout");
    assert_eq!(page.route(), "d/small");
    close_list(&page);
    assert_eq!(page.panel_when("1", "of two", |panel| panel.series == Some(2)).title, "Of cart + checkout");
    assert_eq!(page.route(), "d/small?var-service=cart&var-service=checkout");
    open_list(&page, "service");
    page.click("All");
    close_list(&page);
    page.panel_when("1", "of all again", |panel| panel.series == Some(3));
    assert_eq!(page.route(), "d/small?var-service=%24__all");
    page.back();
    page.panel_when("1", "of two again", |panel| panel.series == Some(2));
    page.assert_no_complaints();
}

pub fn titles_say_the_interval_and_the_time_range(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Every $__interval since ${__from:date:YYYY}", "up")]));
    let page = site.page();
    page.open("d/small?from=1735700000000&to=1735800000000&timezone=utc");
    let panel = page.panel_when("1", "called so", |panel| !panel.title.contains("__"));
    let interval = panel.title.strip_prefix("Every ").and_then(|title| title.strip_suffix(" since 2025"));
    assert!(interval.is_some_and(|interval| interval.ends_with('m')), "{}", panel.title);
    page.assert_no_complaints();
}

/// Whoever leaves a list by keyboard has chosen.
pub fn a_list_that_is_left_is_closed(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up")]).with("templating", templating(&[services()])));
    let page = site.page();
    page.open("d/small").settled();
    open_list(&page, "service");
    page.click("cart");
    page.wait("the list is closed", || {
        page.press("Tab");
        (page.count("[role=option]") == 0).then_some(())
    });
    page.wait("the choice counts", || (page.route() == "d/small?var-service=cart").then_some(()));
    page.assert_no_complaints();
}

pub fn one_asks_with_the_value_of_another(world: &World) {
    let chained = query("instance", "label_values(requests_total{service=~\"$service\"}, instance)", json!({}));
    let list = templating(&[chained, services()]);
    let site =
        world.faulty().with(&Dashboard::of(&[("$instance", "up{instance=\"$instance\"}")]).with("templating", list));
    let page = site.page();
    page.open("d/small?var-service=catalog");
    page.panel_when("1", "of catalog", |panel| panel.title.starts_with("catalog"));
    let of_catalog = page.panel("1").title;
    page.follow("d/small?var-service=cart");
    page.panel_when("1", "of cart", |panel| panel.title.starts_with("cart"));
    // What was chosen by hand has to be one of the others, too, unless it comes together with them.
    page.follow(&format!("d/small?var-service=catalog&var-instance={of_catalog}"));
    page.panel_when("1", "of catalog again", |panel| panel.title == of_catalog);
    page.follow(&format!("d/small?var-service=cart&var-instance={of_catalog}"));
    page.panel_when("1", "of cart again", |panel| panel.title.starts_with("cart"));
    assert!(page.route().starts_with("d/small?var-service=cart&var-instance=cart"), "{}", page.route());
    page.follow("d/small?var-service=cart&var-instance=gone");
    page.panel_when("1", "as the address says", |panel| panel.title == "gone");
}

/// A server with one cluster has no such label: what was chosen elsewhere is not asked for.
pub fn a_saved_value_that_is_not_offered_does_not_count(world: &World) {
    let saved = json!({ "current": { "text": "prod", "value": "prod" } });
    let list = templating(&[query("cluster", "label_values(up, no_such_label)", saved)]);
    let expr = "up{job=\"fleet\", no_such_label=~\"$cluster\"}";
    let site = world.faulty().with(&Dashboard::of(&[("Up", expr)]).with("templating", list));
    let page = site.page();
    page.open("d/small");
    assert!(page.panel_in("1", State::Ready).series > Some(0));
    assert!(site.log().count(&When::body("no_such_label=~\"\"")) > 0);
}

/// Titles and places need no answer: panels wait in them.
pub fn panels_stand_in_their_places_before_any_answer(world: &World) {
    let saved = json!({ "current": { "text": "cart", "value": "cart" } });
    let list = templating(&[query("service", "label_values(requests_total, service)", saved)]);
    let dashboard = Dashboard::of(&[("Of $service", "requests_total{service=\"$service\"}")]).with("templating", list);
    let site = world.faulty().with(&dashboard);
    site.set(&[Rule::new(When::path("/label/"), Fault::Hang)]);
    let page = site.page();
    page.open("d/small");
    assert_eq!(page.panel_in("1", State::Loading).title, "Of cart");
    let asked = When::body("requests_total{service=\"cart\"}");
    assert_eq!(site.log().count(&asked), 0, "what is asked for depends on the answer");
    site.heal();
    page.follow("d/small?var-service=catalog");
    assert_eq!(page.panel_in("1", State::Ready).title, "Of catalog");
}

/// The page goes on, and says what is wrong with the range.
pub fn a_range_that_is_none_stops_nothing(world: &World) {
    let list = templating(&[query("service", "label_values(requests_total, service)", json!({ "refresh": 2 }))]);
    let dashboard = Dashboard::of(&[("Of $service", "requests_total{service=\"$service\"}")]).with("templating", list);
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small?from=now-1h&to=now");
    page.panel_in("1", State::Ready);
    page.follow("d/small?from=now&to=now-1h");
    page.panel_when("1", "no range", |panel| panel.text.contains("No time range"));
    page.follow("d/small?from=now-30m&to=now");
    page.panel_when("1", "a range again", |panel| panel.state == State::Ready && !panel.text.contains("No time range"));
}

/// A choice asks for nothing that does not depend on it, and an overtaken question is given up.
pub fn a_choice_asks_only_for_what_depends_on_it(world: &World) {
    let follows_range = query("metric", "metrics(requests_in.*)", json!({ "refresh": 2 }));
    let chained =
        query("instance", "label_values(requests_total{service=~\"$service\"}, instance)", json!({ "refresh": 2 }));
    let list = templating(&[follows_range, chained, services()]);
    let site = world.faulty().with(&Dashboard::of(&[("$instance", "up")]).with("templating", list));
    let page = site.page();
    page.open("d/small?var-service=catalog");
    page.panel_when("1", "of catalog", |panel| panel.title.starts_with("catalog"));
    page.follow("d/small?var-service=cart");
    page.panel_when("1", "of cart", |panel| panel.title.starts_with("cart"));
    assert_eq!(site.log().count(&When::path("/label/__name__/")), 1);
    assert_eq!(site.log().count(&When::path("/label/instance/")), 2);
}

pub fn texts_and_switches_stand_in_the_address(world: &World) {
    let list = templating(&[
        json!({ "name": "text", "type": "textbox", "query": "first", "current": {} }),
        json!({ "name": "on", "type": "switch", "current": { "value": "0" }, "options": [{ "value": "1" }, { "value": "0" }] }),
    ]);
    let site = world.faulty().with(&Dashboard::of(&[("$text $on", "up")]).with("templating", list));
    let page = site.page();
    page.open("d/small");
    page.panel_when("1", "as in the file", |panel| panel.title == "first 0");
    page.click("on");
    page.panel_when("1", "switched on", |panel| panel.title == "first 1");
    page.eval::<Value>(
        "const input = document.querySelector('[data-variable=text] input'); input.value = 'second';
         input.dispatchEvent(new Event('change', { bubbles: true }));",
    );
    page.panel_when("1", "as typed", |panel| panel.title == "second 1");
    assert_eq!(page.route(), "d/small?var-on=1&var-text=second");
}

/// Ten thousand values: only those in sight are in the page, and a few letters find any.
pub fn a_long_list_is_searched(world: &World) {
    let values: Vec<String> = (0..10_000).map(|number| format!("value-{number:05}")).collect();
    let list = templating(&[json!({ "name": "many", "type": "custom", "query": values.join(","), "current": {} })]);
    let site = world.faulty().with(&Dashboard::of(&[("$many", "up")]).with("templating", list));
    let page = site.page();
    page.open("d/small").settled();
    assert!(open_list(&page, "many").len() < 100);
    page.eval::<Value>(
        "const input = document.querySelector('[role=combobox]'); input.value = '777 00';
         input.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    let found = page.wait("it is found", || {
        let found: Vec<String> =
            page.eval("return [...document.querySelectorAll('[role=option]')].map((o) => o.innerText)");
        (found.first().is_some_and(|first| first == "value-00777")).then_some(found)
    });
    assert!(found.iter().all(|value| value.contains("77")), "{found:?}");
    page.eval::<Value>(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))",
    );
    page.panel_when("1", "of what was found", |panel| panel.title == "value-00777");
    page.assert_no_complaints();
}

/// Every query of the data source gets the filters, and what is offered passes the others.
pub fn filters_are_added_to_every_query(world: &World) {
    let list = templating(&[json!({ "name": "Filters", "type": "adhoc", "datasource": source() })]);
    let panels = [("Rate", "sum by (service) (rate(requests_total[5m]))"), ("Up", "up{job=\"fleet\"}")];
    let site = world.faulty().with(&Dashboard::of(&panels).with("templating", list));
    let page = site.page();
    page.open("d/small?var-Filters=service%7C%3D__gfp__%7Ccart%7Ccatalog");
    page.panel_when("1", "filtered", |panel| panel.series == Some(2));
    page.panel_when("2", "filtered", |panel| panel.series == Some(2));
    assert!(site.log().count(&When::body("requests_total{service=~\"cart|catalog\"}[5m]")) > 0);
    page.click("Add to Filters");
    page.wait("there are labels", || (page.count("[role=option]") > 3).then_some(()));
    let asked = When::body("match[]={__name__!=\"\", service=~\"cart|catalog\"}").and_path("/labels");
    assert_eq!(site.log().count(&asked), 1, "names beside the filter, as it is in the queries");
    page.eval::<Value>(
        "const input = document.querySelector('[role=combobox]'); input.value = 'service';
         input.dispatchEvent(new Event('input', { bubbles: true }));",
    );
    page.click("service");
    page.wait("the values pass the other filter", || (page.count("[role=option]") == 2).then_some(()));
    page.click("cart");
    page.panel_when("1", "filtered twice", |panel| panel.series == Some(1));
    assert_eq!(
        page.route(),
        "d/small?var-Filters=service%7C%3D__gfp__%7Ccart%7Ccatalog&var-Filters=service%7C%3D%7Ccart"
    );
    page.click("Remove service = cart");
    page.panel_when("1", "filtered once", |panel| panel.series == Some(2));
    page.assert_no_complaints();
}

/// Panels are repeated for the values chosen, each with its own, and rows with all that is in them.
pub fn panels_and_rows_are_repeated(world: &World) {
    let panel = |id: u32, title: &str, y: u32, more: Value| {
        let expr = "up{job=\"fleet\", service=~\"$service\"}";
        let mut panel = json!({
            "id": id, "type": "timeseries", "title": title, "gridPos": { "x": 0, "y": y, "w": 12, "h": 4 },
            "datasource": source(), "targets": [{ "refId": "A", "expr": expr }],
        });
        if let (Some(panel), Value::Object(more)) = (panel.as_object_mut(), more) {
            panel.extend(more);
        }
        panel
    };
    let panels = json!([
        panel(1, "One of $service", 0, json!({ "repeat": "service", "repeatDirection": "h" })),
        { "id": 2, "type": "row", "title": "Row of $service", "repeat": "service", "gridPos": { "x": 0, "y": 4, "w": 24, "h": 1 } },
        panel(3, "In the row of $service", 5, json!({})),
    ]);
    let dashboard = Dashboard::of(&[]).with("panels", panels).with("templating", templating(&[services()]));
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small?var-service=cart&var-service=checkout");
    let titles = || page.panels().into_iter().map(|panel| (panel.id, panel.title)).collect::<Vec<_>>();
    let expected = [
        ("1", "One of cart"),
        ("1-clone-1", "One of checkout"),
        ("3", "In the row of cart"),
        ("2-clone-1/3", "In the row of checkout"),
    ];
    let expected = expected.map(|(id, title)| (id.to_owned(), title.to_owned()));
    page.wait("there are copies", || (titles() == expected).then_some(()));
    for (id, _) in expected {
        assert_eq!(page.panel_in(&id, State::Ready).series, Some(1), "{id}");
    }
    assert!(page.text().contains("Row of checkout"));
    page.follow("d/small?var-service=cart");
    page.wait("one of each is left", || (titles().len() == 2).then_some(()));
    page.follow("d/small?var-service=cart&var-service=checkout&viewPanel=panel-1-clone-1");
    page.wait("a copy stands alone", || {
        (titles() == [("1-clone-1".to_owned(), "One of checkout".to_owned())]).then_some(())
    });
    page.assert_no_complaints();
}

/// A panel's own time range is asked for, and said.
pub fn a_panel_has_its_own_time_range(world: &World) {
    let panel = |id: u32, more: Value| {
        let mut panel = json!({
            "id": id, "type": "timeseries", "title": format!("Panel {id}"), "maxDataPoints": 100,
            "gridPos": { "x": 0, "y": id, "w": 12, "h": 4 }, "targets": [{ "refId": "A", "expr": format!("up * {id}") }],
        });
        if let (Some(panel), Value::Object(more)) = (panel.as_object_mut(), more) {
            panel.extend(more);
        }
        panel
    };
    let panels = json!([
        panel(1, json!({})),
        panel(2, json!({ "timeShift": "5m" })),
        panel(3, json!({ "timeShift": "10m", "hideTimeOverride": true })),
    ]);
    let site = world.faulty().with(&Dashboard::of(&[]).with("panels", panels));
    let page = site.page();
    let to = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs() / 600 * 600;
    page.open(&format!("d/small?from={}000&to={to}000", to - 600)).settled();
    let said = |id: &str| page.panel(id).text.contains("earlier");
    assert_eq!((said("1"), said("2"), said("3")), (false, true, false));
    let bodies: Vec<String> = site.log().requests().into_iter().map(|request| request.body).collect();
    let asked = |id: u64, end: u64| {
        bodies.iter().any(|body| body.contains(&format!("* {id}&")) && body.contains(&format!("end={end}")))
    };
    assert!(asked(1, to) && asked(2, to - 300) && asked(3, to - 600), "{bodies:#?}");
}
