//! What the tab says while one looks elsewhere.

use faultd::{Fault, Rule, When};
use tests_e2e::{Page, World};

/// What the icon says; empty while it is the one that the page came with.
fn icon(page: &Page) -> String {
    page.eval(
        "const link = decodeURIComponent(document.querySelector('link[rel~=icon]').href); \
         return link.match(/<title>(.*)<\\/title>/)?.[1] ?? ''",
    )
}

fn title(page: &Page) -> String {
    page.eval("return document.title")
}

pub fn the_title_says_what_and_when(world: &World) {
    let page = world.page();
    page.open("d/fleet-overview?from=now-3h&to=now").settled();
    assert_eq!(title(&page), "Fleet overview · last 3 hours · Pyrograph");
    page.follow("d/fleet-overview?from=1795183200000&to=1795190400000");
    let absolute = "Fleet overview · 2026-11-20 14:00:00 to 2026-11-20 16:00:00 · Pyrograph";
    page.wait("the range is told", || (title(&page) == absolute).then_some(()));
    page.follow("settings");
    page.wait("there is no range", || (title(&page) == "Settings · Pyrograph").then_some(()));
}

pub fn the_icon_counts_what_fires(world: &World) {
    let answer = |result: &str| {
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}]}}}}"#);
        vec![Rule::new(When::body("ALERTS"), Fault::status(200, "application/json", &body))]
    };
    let site = world.faulty();
    let asked = || site.log().count(&When::body("ALERTS"));
    let page = site.page();
    let expect = |words: &str| page.wait(&format!("the icon says {words:?}"), || (icon(&page) == words).then_some(()));

    site.set(&answer(r#"{"metric":{},"value":[1795183200,"3"]}"#));
    page.open("alerts");
    expect("3 alerts firing");
    page.follow("targets");
    expect("");
    let before = asked();
    page.follow("alerts");
    expect("3 alerts firing");
    assert_eq!(asked(), before + 1, "one small question is enough");

    // What cannot be reached is not taken for quiet.
    site.set(&[Rule::new(When::body("ALERTS"), Fault::api_error(503, "unavailable", "later"))]);
    page.follow("settings").follow("");
    expect("It is not known which alerts fire");
    site.set(&answer(""));
    page.follow("settings").follow("");
    expect("");

    // With the setting it goes along everywhere.
    site.set(&answer(r#"{"metric":{},"value":[1795183200,"1"]}"#));
    page.follow("settings");
    page.wait("the setting is there", || (page.count("[type=checkbox]") == 1).then_some(()));
    page.eval::<()>("document.querySelector('[type=checkbox]').click()");
    expect("1 alert firing");
    assert!(page.complaints().iter().all(|complaint| complaint.contains("503")), "{:?}", page.complaints());
}
