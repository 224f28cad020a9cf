//! Home: dashboards are found, starred and remembered; what is wrong is told; nobody waits for what was left.

use super::fleet::FLEET;
use faultd::{Fault, Rule, When};
use serde_json::json;
use tests_e2e::{Faulty, Options, Page, World};

/// A site with six hundred dashboards in two folders, and one in none.
fn many(world: &World) -> Faulty<'_> {
    let entry = |n: usize| {
        json!({
            "uid": format!("d{n}"), "title": format!("Dashboard number {n}"), "file": "x.json",
            "folder": if n.is_multiple_of(2) { "Even" } else { "Odd" },
            "tags": [if n.is_multiple_of(10) { "round" } else { "plain" }],
        })
    };
    let fleet = json!({"uid": "fleet-overview", "title": "Fleet overview", "file": "fleet-overview.json"});
    let list: Vec<_> = (0..600).map(entry).chain([fleet]).collect();
    let site = world.faulty();
    let answer = Fault::status(200, "application/json", &json!(list).to_string());
    site.set(&[Rule::new(When::path("dashboards/index.json"), answer)]);
    site
}

/// The titles in the list.
fn titles(page: &Page) -> Vec<String> {
    page.eval("return [...document.querySelectorAll('.home a.row .title')].map((title) => title.textContent)")
}

fn seek(page: &Page, text: &str) {
    page.eval::<()>(&format!(
        "const input = document.querySelector('[aria-label=\"Find a dashboard\"]'); input.focus(); \
         input.value = '{text}'; input.dispatchEvent(new Event('input'))"
    ));
}

/// Presses a key where the focus is.
fn press(page: &Page, key: &str) {
    page.eval::<()>(&format!(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}}))"
    ));
}

pub fn one_of_many_is_found(world: &World) {
    let site = many(world);
    let page = site.page();
    page.open("");
    page.wait("all are listed", || (titles(&page).len() == 601).then_some(()));
    page.click("round");
    page.wait("those with the tag are left", || (titles(&page).len() == 60).then_some(()));
    assert_eq!(page.route(), "?tag=round");
    page.eval::<()>("document.querySelector('details.folder summary').click()");
    page.wait("the folder is closed", || (page.count("details.folder:not([open])") == 1).then_some(()));
    // The address is all that is needed.
    page.open("?q=number+42");
    page.wait("the best is first", || (titles(&page).first()? == "Dashboard number 42").then_some(()));
    seek(&page, "fo");
    page.wait("beginnings of words will do", || (titles(&page).first()? == "Fleet overview").then_some(()));
    seek(&page, "nothing like it");
    page.wait("it is said", || page.text().contains("No dashboard matches").then_some(()));
    page.click("Show all");
    page.wait("all are listed again", || (titles(&page).len() == 601).then_some(()));
    seek(&page, "fleet");
    page.wait("one is left", || (titles(&page).len() == 1).then_some(()));
    press(&page, "ArrowDown");
    assert_eq!(page.eval::<String>("return document.activeElement.hash"), "#/d/fleet-overview");
    seek(&page, "fleet");
    press(&page, "Enter");
    page.wait("it is opened", || page.route().starts_with("d/fleet-overview").then_some(()));
    page.settled();
    page.assert_no_complaints();
}

pub fn stars_and_visits_are_remembered(world: &World) {
    for storage_denied in [false, true] {
        let site = many(world);
        let page = site.page_with(Options { storage_denied, ..Options::default() });
        page.open("?q=number+7");
        page.wait("some are listed", || (titles(&page).len() > 1).then_some(()));
        page.eval::<()>(
            "const star = document.querySelector('[aria-label=\"Star Dashboard number 7\"]'); star.focus(); star.click()",
        );
        let star = "return document.activeElement.getAttribute('aria-label') + document.activeElement.getAttribute('aria-pressed')";
        page.wait("the star keeps the keyboard", || {
            (page.eval::<String>(star) == "Star Dashboard number 7true").then_some(())
        });
        page.follow("");
        let first = |title: &str| (titles(&page).first()? == title).then_some(());
        page.wait("it stands first", || first("Dashboard number 7"));
        page.follow("?starred=1");
        page.wait("it is the only one", || (titles(&page) == ["Dashboard number 7"]).then_some(()));
        page.click("Star Dashboard number 7");
        page.wait("none is left", || page.text().contains("No dashboard has a star yet").then_some(()));
        page.follow(FLEET).settled();
        page.follow("");
        page.wait("the visit is remembered", || {
            page.follow(FLEET).follow("");
            page.text().contains("Recent").then_some(())
        });
        assert_eq!(titles(&page).first().map(String::as_str), Some("Fleet overview"));
        page.assert_no_complaints();
    }
}

pub fn problems_are_told_and_gone_again(world: &World) {
    let site = world.faulty();
    let page = site.page();
    let told = |words: &str| {
        page.eval::<String>("return document.querySelector('.problems')?.innerText ?? ''").contains(words)
    };
    let broken = |path: &str| Rule::new(When::path(path), Fault::api_error(500, "internal", "out of luck"));
    site.set(&[broken("/targets")]);
    page.open("");
    page.wait("the server's failure is told", || told("Prometheus: ").then_some(()));
    page.wait("rules are counted all the same", || told("firing").then_some(()));
    site.heal();
    page.wait("it is gone", || (!told("Prometheus: ") && told("firing")).then_some(()));
}

pub fn what_was_left_is_not_waited_for(world: &World) {
    let site = world.faulty();
    let page = site.page();
    for (route, path) in [("", "/rules"), ("alerts", "/rules"), ("targets", "/targets")] {
        site.set(&[Rule::late(When::path(path), 60_000)]);
        page.open(route);
        page.wait("the question is on its way", || (site.log().in_flight() > 0).then_some(()));
        page.follow("settings");
        page.wait("it is given up", || (site.log().in_flight() == 0).then_some(()));
        site.heal();
    }
    page.assert_no_complaints();
}
