//! Queries by hand.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};
use tests_e2e::{Options, Page, State, World};

const GRAPH: &str = "explore-graph";

/// What stands in the fields.
fn fields(page: &Page) -> Vec<String> {
    page.eval("return [...document.querySelectorAll('.query-field textarea')].map((field) => field.value)")
}

fn fields_are(page: &Page, expected: &[&str]) {
    page.wait(&format!("the queries are {expected:?}"), || (fields(page) == expected).then_some(()));
}

pub fn queries_come_and_go(world: &World) {
    let page = world.page();
    page.open("explore?expr=vector(1)&expr=vector(2)");
    page.panel_when(GRAPH, "of two series", |panel| panel.series == Some(2));

    page.click("Show query B");
    page.panel_when(GRAPH, "of one series", |panel| panel.series == Some(1));
    assert!(page.route().contains("hide=B"), "{}", page.route());
    page.click("Duplicate query A");
    fields_are(&page, &["vector(1)", "vector(1)", "vector(2)"]);
    assert!(page.route().contains("hide=C"), "the hidden one moved: {}", page.route());
    page.click("Remove query B");
    page.click("Show query B");
    page.panel_when(GRAPH, "of two series", |panel| panel.series == Some(2));

    page.click("Add query");
    page.wait("the new field has the focus", || {
        page.eval::<bool>("return document.activeElement?.ariaLabel === 'Query C'").then_some(())
    });
    page.type_text("vector(3)").press("Shift+Enter");
    page.panel_when(GRAPH, "of three series", |panel| panel.series == Some(3));
    page.back();
    fields_are(&page, &["vector(1)", "vector(2)", ""]);
    page.panel_when(GRAPH, "of two series", |panel| panel.series == Some(2));
    page.assert_no_complaints();
}

pub fn a_mistake_is_told_without_asking(world: &World) {
    let faulty = world.faulty();
    let page = faulty.page();
    page.open("explore");
    page.focus("textarea").type_text("sum(rate(up[5m])");
    page.wait("the mistake is told", || page.text().contains("1:4 `(` is never closed.").then_some(()));
    let marked: String = page.eval("return document.querySelector('.drawn .wrong')?.textContent ?? ''");
    assert_eq!(marked, "(");
    page.press("Control+Enter");
    page.wait("it stands in the address", || page.route().contains("expr=sum").then_some(()));
    page.wait("nothing is asked", || page.text().contains("Nothing was asked").then_some(()));
    let asked = || faulty.log().requests().into_iter().filter(|request| request.path.contains("query")).count();
    assert_eq!(asked(), 0);

    page.focus("textarea").press("End").type_text(")").press("Control+Enter");
    page.panel_in(GRAPH, State::Ready);
    assert!(asked() > 0);
}

pub fn a_query_is_formatted(world: &World) {
    let page = world.page();
    page.open("explore?expr=sum(rate(up[300s]))by(job)").settled();
    page.click("Format query A");
    fields_are(&page, &["sum by (job) (rate(up[5m]))"]);
    // As if it were typed: it can be undone.
    page.eval::<()>("document.execCommand('undo')");
    fields_are(&page, &["sum(rate(up[300s]))by(job)"]);
}

pub fn the_step_is_the_one_asked_for(world: &World) {
    let page = world.page();
    page.open("explore?expr=vector(1)&mode=graph&from=1700000000000&to=1700003600000&step=5m");
    page.panel_when(GRAPH, "13 points long", |panel| panel.samples == Some(13));
    page.follow("explore?expr=vector(1)&mode=graph&from=1700000000000&to=1700003600000&step=10m");
    page.panel_when(GRAPH, "7 points long", |panel| panel.samples == Some(7));
}

pub fn the_server_has_the_last_word(world: &World) {
    let page = world.page();
    // Right as far as its text tells; what it selects cannot be matched.
    page.open("explore?expr=up / on() up&mode=graph");
    let panel = page.panel_in(GRAPH, State::Failed);
    assert!(panel.text.contains("found duplicate series"), "{}", panel.text);
    // What is a mistake for Prometheus may be none for another server.
    page.follow("explore?expr=rate(up)&mode=graph");
    page.click("Ask the server anyway");
    page.panel_when(GRAPH, "refused by the server", |panel| panel.text.contains("expected type range vector"));
}

/// What stands in the first field.
fn field_is(page: &Page, expected: &str) {
    page.wait(&format!("the field holds {expected}"), || (fields(page).first()? == expected).then_some(()));
}

/// Waits until this is the offer that is chosen.
fn offered(page: &Page, name: &str) {
    let chosen = "const list = document.activeElement.getAttribute('aria-activedescendant'); \
        return document.getElementById(list)?.querySelector('.name')?.textContent ?? ''";
    page.wait(&format!("{name} is offered"), || (page.eval::<String>(chosen) == name).then_some(()));
}

pub fn names_are_completed_by_keyboard(world: &World) {
    let faulty = world.faulty();
    let page = faulty.page();
    page.open("explore");
    page.focus("textarea").type_text("cou");
    offered(&page, "count");
    page.type_text("nt_over");
    offered(&page, "count_over_time");
    page.press("Enter");
    field_is(&page, "count_over_time()");

    page.type_text("requests_t");
    offered(&page, "requests_total");
    page.press("Tab").press("{");
    // The labels are those of the metric.
    page.type_text("serv");
    offered(&page, "service");
    page.press("Enter");
    field_is(&page, "count_over_time(requests_total{service=\"\"})");
    page.type_text("chec");
    offered(&page, "checkout");
    page.press("ArrowDown").press("ArrowUp").press("Enter");
    field_is(&page, "count_over_time(requests_total{service=\"checkout\"})");

    page.press("}").press("[").type_text("5");
    offered(&page, "5s");
    page.press("ArrowDown").press("Enter").press("Control+Enter");
    field_is(&page, "count_over_time(requests_total{service=\"checkout\"}[5m])");
    page.panel_in(GRAPH, State::Ready);

    page.press("End").type_text(" o").press("Escape");
    page.wait("the list is closed", || (page.count("[role=listbox]") == 0).then_some(()));
    let lists = faulty.log().requests().into_iter().filter(|request| request.path.contains("/label"));
    let unlimited = lists.filter(|request| !format!("{}{}", request.query, request.body).contains("limit="));
    assert_eq!(unlimited.count(), 0, "a list was asked for without a limit");
    page.assert_no_complaints();
}

pub fn brackets_come_in_pairs(world: &World) {
    let page = world.page();
    page.open("explore");
    page.focus("textarea").press("(");
    field_is(&page, "()");
    page.press("Backspace");
    field_is(&page, "");
    page.press("(").type_text("1").press(")");
    field_is(&page, "(1)");
    page.wait("both are marked", || (page.count(".drawn .paired") == 2).then_some(()));
}

pub fn metrics_are_found_and_put_to_use(world: &World) {
    let page = world.page();
    page.open("explore");
    page.click("Metrics");
    page.wait("metrics are listed", || (page.count(".metric-row") > 5).then_some(()));
    let all: u64 = page.eval("return parseInt(document.querySelector('.metric-list [role=status]').innerText)");
    assert!(page.count(".metric-row") < all, "all of {all} rows are in the page");
    page.focus("[aria-label='Search metrics']").type_text("req tot");
    page.wait("the best is first", || {
        page.eval::<String>("return document.querySelector('.metric-row')?.innerText ?? ''")
            .starts_with("requests_total")
            .then_some(())
    });
    page.wait("its type is told", || {
        page.eval::<String>("return document.querySelector('.metric-row .kind')?.innerText ?? ''")
            .eq("counter")
            .then_some(())
    });
    page.press("Enter");
    page.wait("its labels are counted", || page.text().contains("service").then_some(()));
    page.click("Use in query A");
    field_is(&page, "rate(requests_total[$__rate_interval])");
    page.panel_in(GRAPH, State::Ready);
    let click = "const value = [...document.querySelectorAll('.label.value')].find((e) => e.firstChild.textContent === 'checkout');\
        value?.click(); return !!value";
    page.wait("there is a value to narrow by", || page.eval::<bool>(click).then_some(()));
    field_is(&page, "rate(requests_total{service=\"checkout\"}[$__rate_interval])");
    page.assert_no_complaints();
}

/// A server with as many names as are ever listed: the browser asks for no more, and finds any of them.
pub fn a_large_server_is_searched(world: &World) {
    let site = world.faulty();
    let names: Vec<String> = (0..10_000).map(|i| format!("service_{}_module_{i}_requests_total", i % 97)).collect();
    let help: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| (name.clone(), json!([{ "type": "counter", "help": format!("Requests of {name}."), "unit": "" }])))
        .collect();
    let answer =
        |data: Value| Fault::status(200, "application/json", &json!({ "status": "success", "data": data }).to_string());
    site.set(&[
        Rule::new(When::path("/label/__name__/values"), answer(json!(names))),
        Rule::new(When::path("/metadata"), answer(Value::Object(help))),
    ]);
    let page = site.page();
    page.open("explore?metrics=1");
    page.wait("all are counted", || page.text().contains("10000 metrics").then_some(()));
    page.wait("with their types", || page.text().contains("counter").then_some(()));
    for (typed, first) in [("module_9731", "service_31_module_9731_"), ("s31 9731", "service_31_module_9731_")] {
        page.eval::<()>("document.querySelector('[aria-label=\"Search metrics\"]').select()");
        page.focus("[aria-label='Search metrics']").press("Backspace").type_text(typed);
        page.wait(typed, || {
            page.eval::<String>("return document.querySelector('.metric-row .name')?.innerText ?? ''")
                .starts_with(first)
                .then_some(())
        });
    }
    assert!(page.count(".metric-row") < 100, "{} rows are in the page", page.count(".metric-row"));
    let asked = site.log().requests();
    let lists = asked
        .iter()
        .filter(|entry| ["/values", "/metadata", "/labels", "/series"].iter().any(|path| entry.path.ends_with(path)));
    for entry in lists {
        assert!(format!("{}&{}", entry.query, entry.body).contains("limit="), "{entry:?} has no limit");
    }
    page.assert_no_complaints();
}

/// The values of the table, from above.
fn values(page: &Page) -> Vec<f64> {
    page.eval("return [...document.querySelectorAll('.explore-table td.number')].map((cell) => Number(cell.innerText))")
}

pub fn the_table_is_sorted_and_copied(world: &World) {
    let page = world.page();
    page.cdp("Browser.grantPermissions", json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }));
    page.open("explore?expr=vector(2)&expr=vector(10)&expr=vector(1)&mode=table");
    page.wait("they come as they are asked", || (values(&page) == [2.0, 10.0, 1.0]).then_some(()));
    page.click("Value");
    page.wait("the largest is first", || (values(&page) == [10.0, 2.0, 1.0]).then_some(()));
    assert!(page.route().contains("sort=-Value"), "{}", page.route());
    assert_eq!(page.count("th[aria-sort=descending]"), 1);
    page.click("Copy as CSV");
    page.wait("it is copied", || page.text().contains("Copied").then_some(()));
    page.focus(".query-field textarea").press("Control+a").press("Backspace");
    let copied: String = page.eval("return navigator.clipboard.readText()");
    assert_eq!(copied, "Query,Value\nB,10\nA,2\nC,1\n");
    page.assert_no_complaints();
}

pub fn costs_are_told(world: &World) {
    let faulty = world.faulty();
    let page = faulty.page();
    page.open("explore?expr=up").settled();
    for card in ["explore-graph", "explore-table"] {
        let told = format!("return document.querySelector('.{card} .cost')?.innerText ?? ''");
        page.wait("the server's part is told", || {
            let told: String = page.eval(&told);
            (told.contains("samples read") && told.contains("held") && told.contains("series")).then_some(())
        });
    }
    // Only here: dashboards ask for nothing but data.
    page.follow("");
    page.wait("the page is left", || (page.count(".queries") == 0).then_some(()));
    let before = faulty.log().requests().len();
    page.follow("d/fleet-overview?refresh=");
    page.panel_in("1", State::Ready);
    let asked = faulty.log().requests().split_off(before);
    assert!(!asked.is_empty() && !asked.iter().any(|request| request.body.contains("stats=")), "{asked:#?}");
}

pub fn queries_are_kept(world: &World) {
    let page = world.page();
    page.open("explore?expr=vector(1)").settled();
    page.open("explore?expr=vector(2)&history=1").settled();
    let kept = || {
        page.eval::<Vec<String>>("return [...document.querySelectorAll('.history-row .pick')].map((e) => e.innerText)")
    };
    let are = |expected: &[&str]| page.wait(&format!("{expected:?} are kept"), || (kept() == expected).then_some(()));
    are(&["vector(2)", "vector(1)"]);
    page.eval::<()>("document.querySelectorAll('.history-row [aria-pressed]')[1].click()");
    are(&["vector(1)", "vector(2)"]);
    page.click("Delete from the history");
    are(&["vector(2)"]);
    page.click("Undo");
    are(&["vector(1)", "vector(2)"]);
    page.click("Use vector(1)");
    field_is(&page, "vector(1)");
    page.assert_no_complaints();
}

pub fn queries_become_a_panel(world: &World) {
    let page = world.page();
    page.open("explore?expr=up&expr=vector(1)&hide=B&step=5m");
    page.click("Panel JSON");
    let text = page.wait("the panel is shown", || {
        let text: String = page.eval("return document.querySelector('dialog textarea')?.value ?? ''");
        (!text.is_empty()).then_some(text)
    });
    let panel: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(panel["type"], "timeseries");
    assert_eq!(panel["interval"], "5m");
    assert_eq!(panel["targets"][0]["expr"], "up");
    assert_eq!(panel["targets"][1]["hide"], true);
    page.assert_no_complaints();
}

pub fn nothing_is_cut_off_on_a_phone(world: &World) {
    let page = world.page_with(Options { size: (390, 844), ..Options::default() });
    let long =
        "sum by (service, route, method) (rate(requests_total{service=~\"checkout|cart|gateway\", code!~\"5..\"}[5m]))";
    page.open(&format!("explore?expr={long}&expr=up&metrics=1&history=1"));
    page.panel_in(GRAPH, State::Ready);
    page.focus("[aria-label='Search metrics']").type_text("requests");
    page.wait("metrics are found", || (page.count(".metric-row") > 0).then_some(()));
    page.press("Enter");
    page.wait("labels are told", || (page.count(".metric-detail details") > 0).then_some(()));
    let (content, window): (u32, u32) = page.eval("return [document.documentElement.scrollWidth, innerWidth]");
    assert!(content <= window, "{content} px in a window of {window}");
    let outside: Vec<String> = page.eval(
        "return [...document.querySelectorAll('.queries button, .queries input, .queries textarea')]\
            .filter((e) => { const box = e.getBoundingClientRect(); return box.left < 0 || box.right > innerWidth; })\
            .map((e) => e.outerHTML)",
    );
    assert!(outside.is_empty(), "{outside:?}");
    page.assert_no_complaints();
}

pub fn the_table_is_of_any_instant(world: &World) {
    let page = world.page();
    let route = "explore?expr=time()&mode=table&from=1700000000000&to=1700003600000";
    page.open(route);
    page.wait("it is of the end", || (values(&page) == [1_700_003_600.0]).then_some(()));
    page.follow(&format!("{route}&ago=10m"));
    page.wait("it is of ten minutes before", || (values(&page) == [1_700_003_000.0]).then_some(()));
}
