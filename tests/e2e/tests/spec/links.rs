//! Links of dashboards, panels and values: where they lead, and that they can be followed.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};
use tests_e2e::{Dashboard, Faulty, Page, State, World};

const RANGE: &str = "from=now-15m&to=now&timezone=browser";

/// A page with these panels on a dashboard with these links, beside two others; and the site it is on.
fn shown<'a>(world: &'a World, panels: Value, links: Value) -> (Page, Faulty<'a>) {
    let service =
        json!({ "name": "service", "type": "custom", "query": "cart,checkout", "current": { "value": "cart" } });
    let dashboard =
        Dashboard::of(&[]).with("panels", panels).with("links", links).with("templating", json!({ "list": [service] }));
    let entry = |uid: &str, title: &str, tags: &[&str]| json!({ "uid": uid, "title": title, "tags": tags, "folder": "", "file": "small.json" });
    let index = json!([
        entry("small", "Small", &["fleet"]),
        entry("other", "The other", &["fleet", "more"]),
        entry("third", "A third", &["more"]),
    ]);
    let index = Fault::status(200, "application/json", &index.to_string());
    let site = world.faulty();
    let rules = [vec![Rule::new(When::path("dashboards/index.json"), index)], dashboard.rules()].concat();
    site.set(&rules);
    let page = site.page();
    page.open("d/small").settled();
    (page, site)
}

fn panel(id: u32, kind: &str, more: Value) -> Value {
    let mut panel = json!({
        "id": id, "type": kind, "title": format!("Panel {id}"), "gridPos": { "x": (id - 1) * 12, "y": 0, "w": 12, "h": 8 },
        "targets": [{ "refId": "A", "expr": "up{job=\"fleet\", service=\"cart\"}", "legendFormat": "{{service}}" }],
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        panel[key] = value.clone();
    }
    panel
}

/// Links of the values of a field.
fn values(links: Value) -> Value {
    json!({ "fieldConfig": { "defaults": { "unit": "percent", "links": links } } })
}

/// The address of the link that reads so, or is called so.
fn href(page: &Page, name: &str) -> String {
    let script = r#"const link = [...document.querySelectorAll("main a, .page a")].find((link) =>
        [link.innerText.trim(), link.getAttribute("aria-label")].includes(NAME));
        return link?.getAttribute("href") ?? null;"#;
    let script = script.replace("NAME", &Value::from(name).to_string());
    page.wait(&format!("there is a link {name:?}"), || page.eval::<Option<String>>(&script))
}

pub fn a_dashboard_leads_elsewhere(world: &World) {
    let links = json!([
        { "type": "link", "title": "Docs of $service", "url": "https://docs.invalid/?q=$service", "keepTime": true, "targetBlank": true },
        { "type": "link", "title": "By uid", "url": "/d/other/slug", "includeVars": true },
        { "type": "link", "title": "Hostile", "url": "javascript:alert(1)" },
        { "type": "dashboards", "title": "Fleet", "tags": ["fleet"], "asDropdown": true, "keepTime": true },
        { "type": "dashboards", "title": "Listed", "tags": ["more"], "asDropdown": false },
    ]);
    let (page, _site) = shown(world, json!([panel(1, "timeseries", json!({}))]), links);
    assert_eq!(href(&page, "Docs of cart"), format!("https://docs.invalid/?q=cart&{RANGE}"));
    assert_eq!(page.count("a[target='_blank'][rel~='noopener']"), 1);
    assert_eq!(href(&page, "By uid"), "#/d/other?var-service=cart");
    assert_eq!(href(&page, "A third"), "#/d/third");
    assert!(!page.text().contains("Hostile"));
    page.focus("button[aria-label='Fleet']").click("Fleet");
    assert_eq!(href(&page, "The other"), format!("#/d/other?{RANGE}"));
    page.focus(".link-menu a").click("The other");
    page.wait("the other dashboard is open", || (page.route() == format!("d/other?{RANGE}")).then_some(()));
    page.assert_no_complaints();
}

pub fn panels_lead_elsewhere(world: &World) {
    let one = json!({ "links": [{ "title": "Only $service", "url": "d/other?var-service=$service" }] });
    let two = json!({ "links": [
        { "title": "First", "url": "https://a.invalid/" },
        { "title": "Second", "url": "dashboard/db/a-third?${__url_time_range}" },
    ] });
    let (page, _site) = shown(world, json!([panel(1, "timeseries", one), panel(2, "stat", two)]), json!([]));
    assert_eq!(href(&page, "Only cart"), "#/d/other?var-service=cart");
    page.click("Links of the panel");
    assert_eq!(href(&page, "First"), "https://a.invalid/");
    assert_eq!(href(&page, "Second"), format!("#/d/third?{RANGE}"));
    page.click("Second");
    page.wait("the third dashboard is open", || page.route().starts_with("d/third").then_some(()));
    page.assert_no_complaints();
}

pub fn values_lead_elsewhere(world: &World) {
    let link = |title: &str, url: &str| json!({ "title": title, "url": url });
    let point = "d/other?s=${__series.name}&l=${__field.labels.job}&v=${__value.raw}&t=${__value.text}";
    let chart = values(json!([link("Of ${__field.displayName}", point)]));
    let stat = values(json!([link("Look at ${__value.text}", "d/third?v=${__value.numeric}")]));
    let (page, _site) = shown(world, json!([panel(1, "timeseries", chart), panel(2, "stat", stat)]), json!([]));
    page.panel_in("1", State::Ready);
    assert_eq!(href(&page, "Look at 1%"), "#/d/third?v=1");
    // By keyboard, and then by the pointer.
    page.focus(".chart").press("ArrowRight");
    page.wait("an arrow shows the cursor", || {
        page.press("ArrowRight");
        (page.count(".tooltip .entry") == 1).then_some(())
    });
    page.press("Enter");
    assert_eq!(href(&page, "Of cart"), "#/d/other?s=cart&l=fleet&v=1&t=1%25");
    page.focus(".tooltip a").press("Escape");
    page.wait("Escape closes it", || (page.count(".tooltip") == 0).then_some(()));
    let at: [f64; 2] = page.eval(
        "const place = document.querySelector('.chart').getBoundingClientRect(); return [place.x + place.width / 2, place.y + place.height / 2]",
    );
    for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
        let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": if kind == "mouseMoved" { "none" } else { "left" }, "clickCount": 1 });
        page.cdp("Input.dispatchMouseEvent", event);
    }
    page.wait("a click keeps the tooltip", || (page.count(".tooltip.pinned a") == 1).then_some(()));
    page.click("Of cart");
    page.wait("the other dashboard is open", || page.route().starts_with("d/other").then_some(()));
    page.assert_no_complaints();
}

pub fn cells_lead_elsewhere(world: &World) {
    let target =
        json!([{ "refId": "A", "expr": "up{job=\"fleet\", service=\"cart\"}", "instant": true, "format": "table" }]);
    let links = json!([
        { "title": "", "url": "d/other?s=${__data.fields.service}&v=${__data.fields.Value}&c=${__value.raw}" },
        { "title": "More of ${__value.text}", "url": "https://a.invalid/${__data.fields[\"job\"]}" },
    ]);
    let overrides = json!([{ "matcher": { "id": "byName", "options": "service" }, "properties": [{ "id": "links", "value": links }] }]);
    let more =
        json!({ "targets": target, "fieldConfig": { "defaults": { "unit": "percent" }, "overrides": overrides } });
    let (page, _site) = shown(world, json!([panel(1, "table", more)]), json!([]));
    assert_eq!(href(&page, "cart"), "#/d/other?s=cart&v=1%25&c=cart");
    assert_eq!(href(&page, "More of cart"), "https://a.invalid/fleet");
    page.eval::<Value>("document.querySelector('td a').click()");
    page.wait("the other dashboard is open", || page.route().starts_with("d/other").then_some(()));
    page.assert_no_complaints();
}

pub fn texts_lead_elsewhere(world: &World) {
    let text = |id, mode: &str, content: &str| {
        let place = json!({ "x": 0, "y": 4 * id, "w": 24, "h": 4 });
        panel(id, "text", json!({ "targets": [], "gridPos": place, "options": { "mode": mode, "content": content } }))
    };
    let panels = json!([
        text(
            1,
            "markdown",
            "# *$service*\n[By uid](/d/other/slug?var-a=$service) [Cut (short)](https://a.invalid/x_(y))"
        ),
        text(
            2,
            "html",
            "<h1><b>$service</b></h1><ul><li># one<script>alert(1)</script></ul><a href='/d/third'>Of HTML</a>"
        ),
        text(3, "code", "# $service\n  *as it is*"),
    ]);
    let (page, _site) = shown(world, panels, json!([]));
    assert_eq!(href(&page, "By uid"), "#/d/other?var-a=cart");
    assert_eq!(href(&page, "Of HTML"), "#/d/third");
    let read = |of: &str| {
        page.eval::<Vec<String>>(&format!("return [...document.querySelectorAll({of:?})].map((e) => e.innerText)"))
    };
    assert_eq!(read(".prose .heading em, .prose .heading strong"), ["cart", "cart"]);
    assert_eq!(read(".prose li"), ["# one"]);
    assert_eq!(read(".prose pre"), ["# cart\n  *as it is*"]);
    page.assert_no_complaints();
}

pub fn links_say_the_time_that_is_shown(world: &World) {
    let links =
        json!([{ "type": "link", "title": "Logs", "url": "https://logs.invalid/?from=$__from&tz=$__timezone" }]);
    let (page, _site) = shown(world, json!([panel(1, "timeseries", json!({}))]), links);
    page.panel_in("1", State::Ready);
    let first = href(&page, "Logs");
    assert!(first.contains("&tz=") && !first.contains("browser"), "other tools know the zone by its name: {first}");
    page.wait("a refresh moves the link on", || {
        page.click("Refresh now");
        page.settled();
        (href(&page, "Logs") != first).then_some(())
    });
    page.assert_no_complaints();
}

pub fn descriptions_are_read(world: &World) {
    let described = json!({ "title": "", "description": "How *$service* does: [runbook](/d/other?s=$service)" });
    let (page, _site) = shown(world, json!([panel(1, "timeseries", described)]), json!([]));
    page.wait("the description can be opened", || (page.count("[aria-label='Description']") == 1).then_some(()));
    page.click("Description");
    assert_eq!(href(&page, "runbook"), "#/d/other?s=cart");
    assert!(page.text().contains("How cart does"));
    page.assert_no_complaints();
}
