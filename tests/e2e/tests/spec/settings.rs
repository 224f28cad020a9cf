//! What a user has chosen counts, stays, and goes along.

use super::fleet::FLEET;
use faultd::{Fault, Rule, When};
use tests_e2e::{Options, Page, World};

/// The settings that the browser has kept, as JSON.
fn kept(page: &Page) -> serde_json::Value {
    let text: String = page.eval("return localStorage.getItem('pyrograph:settings') ?? 'null'");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text} is no JSON: {error}"))
}

fn choose(page: &Page, label: &str, value: &str) {
    page.eval::<()>(&format!(
        "const control = document.querySelector('[aria-label=\"{label}\"]'); control.value = '{value}'; \
         control.dispatchEvent(new Event('input')); control.dispatchEvent(new Event('change'))"
    ));
}

/// Gives the page a file, as choosing one does.
fn import(page: &Page, text: &str) {
    page.eval::<()>(&format!(
        "const files = new DataTransfer(); files.items.add(new File([{}], 'mine.json')); \
         const input = document.querySelector('input[type=file]'); input.files = files.files; \
         input.dispatchEvent(new Event('change'))",
        serde_json::Value::from(text)
    ));
}

fn open(page: &Page) {
    page.open("settings");
    page.wait("the settings are shown", || (page.count("[aria-label='Time zone']") > 0).then_some(()));
}

fn theme(page: &Page) -> String {
    page.eval("return document.documentElement.dataset.theme")
}

pub fn they_are_used_and_kept(world: &World) {
    let page = world.page();
    open(&page);
    page.click("Dark");
    choose(&page, "Time zone", "Asia/Tokyo");
    choose(&page, "Weeks start on", "monday");
    choose(&page, "Refresh every", "5m");
    choose(&page, "Resolution of Prometheus", "panel");
    let expected = serde_json::json!({
        "version": 1, "theme": "dark", "timezone": "Asia/Tokyo", "weekStart": "monday", "refresh": "5m",
        "resolution": {"prometheus": "panel"},
    });
    assert_eq!(kept(&page), expected);
    choose(&page, "Time zone", "Asia/Toky");
    page.wait("the mistake is told", || page.text().contains("knows no time zone “Asia/Toky”").then_some(()));
    assert_eq!(kept(&page), expected, "half a name is no zone");

    page.open(FLEET).settled();
    assert_eq!(theme(&page), "dark");
    assert!(page.text().contains("Asia/Tokyo"), "the zone is not the chosen one:\n{}", page.text());
    assert_eq!(page.eval::<String>("return document.querySelector('[aria-label=\"Refresh every\"]').value"), "5m");
    // The address has the last word.
    page.open(&format!("{FLEET}?timezone=utc&theme=light&refresh=30s")).settled();
    assert_eq!(theme(&page), "light");
    assert!(!page.text().contains("Asia/Tokyo"));
    page.assert_no_complaints();
}

pub fn they_go_to_another_browser_and_back_to_none(world: &World) {
    let page = world.page();
    open(&page);
    import(&page, r#"{"version": 1, "theme": "dark", "favourites": ["fleet-overview"], "refresh": "soon"}"#);
    page.wait("it is said what is not understood", || {
        page.text().contains("Settings of mine.json are used, but not what it says of refresh").then_some(())
    });
    assert_eq!(theme(&page), "dark");
    page.click("Reset");
    page.wait("they are reset", || (theme(&page) == "light").then_some(()));
    assert_eq!(kept(&page), serde_json::json!({"version": 1}));
    page.click("Undo");
    page.wait("they are back", || (theme(&page) == "dark").then_some(()));
    assert_eq!(kept(&page)["favourites"], serde_json::json!(["fleet-overview"]));
    import(&page, "nonsense");
    page.wait("the mistake is told", || page.text().contains("mine.json cannot be used: it is no JSON").then_some(()));
    assert_eq!(theme(&page), "dark");
    page.assert_no_complaints();
}

pub fn without_storage_they_last_until_the_tab_is_closed(world: &World) {
    let page = world.page_with(Options { storage_denied: true, ..Options::default() });
    open(&page);
    assert!(page.text().contains("This browser keeps nothing for this page"));
    page.click("Dark");
    page.wait("it is dark", || (theme(&page) == "dark").then_some(()));
    page.follow("").follow("settings");
    page.wait("it is still dark", || {
        let pressed = "button[aria-pressed=true]";
        (page.count(pressed) == 1 && page.count("[data-theme=dark]") == 1).then_some(())
    });
    page.assert_no_complaints();
}

pub fn the_configuration_says_what_opens(world: &World) {
    let site = world.faulty().with_file(r#"{ "uid": "small", "title": "Small", "panels": [] }"#);
    let config = r#"{
        "dataSources": [{ "uid": "prometheus", "name": "Prometheus", "url": "prometheus", "default": true }],
        "dashboards": { "index": "dashboards/index.json" },
        "defaults": { "dashboard": "small", "from": "now-3h" }
    }"#;
    site.set(&[Rule::new(When::path("/config.json"), Fault::status(200, "application/json", config))]);
    let page = site.page();
    let opened = |words: &str| page.wait(words, || page.text().contains(words).then_some(()));
    page.goto(&site.url());
    opened("Small");
    assert_eq!(page.route(), "d/small", "the address says what is shown");
    opened("Last 3 hours");
    page.open("explore");
    opened("Last 3 hours");
    page.open("explore?from=now-15m");
    opened("Last 15 minutes");
    page.open("");
    page.wait("home is home", || (page.count("a[href*='#/d/']") > 0).then_some(()));
}
