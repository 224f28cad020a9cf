//! The worker that fetches and keeps data ends, and another one goes on.

use faultd::{Fault, Rule, When};
use std::fs;
use tests_e2e::{Dashboard, Faulty, Page, State, World};

/// The worker's script with a door for the test: what is said on a channel ends it.
fn with_a_door(world: &World) -> Rule {
    let script =
        fs::read_to_string(world.dist().join("worker.js")).unwrap_or_else(|error| panic!("worker.js: {error}"));
    let kept = script.replace("glue.initSync(", "globalThis.wasm = glue.initSync(");
    assert_ne!(script, kept, "the worker starts in another way");
    let door = r#"
        new BroadcastChannel("end").onmessage = ({ data }) => {
          if (data === "panic") self.postMessage({ panicked: "a test" });
          if (data === "trap") throw new WebAssembly.RuntimeError("unreachable");
          if (data === "grow") wasm.memory.grow(13_000);
        };"#;
    Rule::new(When::path("/worker.js"), Fault::status(200, "text/javascript", &(kept + door)))
}

fn end(page: &Page, how: &str) {
    page.eval::<()>(&format!("new BroadcastChannel('end').postMessage('{how}')"));
}

fn asked(site: &Faulty<'_>, expr: &str) -> usize {
    site.log().count(&When::body(expr))
}

pub fn another_one_goes_on(world: &World) {
    for how in ["panic", "trap"] {
        let many: Vec<String> = (0..40).map(|i| format!("up + {i}")).collect();
        let panels: Vec<(&str, &str)> = many.iter().map(|expr| (expr.as_str(), expr.as_str())).collect();
        let site = world.faulty().with(&Dashboard::of(&panels));
        site.set(&[with_a_door(world)]);
        let page = site.page();
        page.open("d/small?refresh=1h");
        page.settled();
        site.log().clear();
        site.set(&[with_a_door(world), Rule::late(When::path("/api/v1/query_range"), 3_000)]);
        end(&page, how);
        let meanwhile = page.panel_in("1", State::Loading);
        assert!(meanwhile.series > Some(0), "{meanwhile:#?}");
        site.set(&[with_a_door(world)]);
        page.panel_in("1", State::Ready);
        assert_eq!(page.app(), "ready");
        assert!(asked(&site, "up + 0") >= 1);
        assert_eq!(asked(&site, "up + 39"), 0, "only what is on the screen is asked for again");
    }
}

pub fn one_that_has_outgrown_its_memory_is_replaced(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up + 31")]));
    site.set(&[with_a_door(world)]);
    let page = site.page();
    page.open("d/small?refresh=1s");
    page.panel_in("1", State::Ready);
    let started = || site.log().count(&When::path("/worker.js"));
    assert_eq!(started(), 1);
    end(&page, "grow");
    page.wait("another worker starts", || (started() == 2).then_some(()));
    let asked_then = asked(&site, "up + 31");
    page.wait("the panel goes on", || (asked(&site, "up + 31") > asked_then + 1).then_some(()));
    page.panel_in("1", State::Ready);
    assert_eq!(started(), 2);
}

/// While the server of the page's files is away there is no other.
pub fn one_goes_on_until_another_is_there(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up + 33")]));
    site.set(&[with_a_door(world)]);
    let page = site.page();
    page.open("d/small?refresh=1s");
    page.panel_in("1", State::Ready);
    site.set(&[Rule::new(When::path("/worker.js"), Fault::status(502, "text/plain", "Bad Gateway"))]);
    site.log().clear();
    end(&page, "grow");
    page.wait("another worker is asked for", || (site.log().count(&When::path("/worker.js")) > 0).then_some(()));
    let asked_then = asked(&site, "up + 33");
    page.wait("the panel goes on", || (asked(&site, "up + 33") > asked_then + 2).then_some(()));
    assert_eq!(page.app(), "ready");
}

pub fn one_that_ends_again_and_again_is_given_up(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Up", "up + 32")]));
    let dies = "addEventListener('message', () => setTimeout(() => self.postMessage({ panicked: 'a test' }), 500));";
    let script =
        fs::read_to_string(world.dist().join("worker.js")).unwrap_or_else(|error| panic!("worker.js: {error}"));
    site.set(&[Rule::new(When::path("/worker.js"), Fault::status(200, "text/javascript", &format!("{dies}{script}")))]);
    let page = site.page();
    page.load("d/small");
    page.wait("the page has failed", || (page.app() == "failed").then_some(()));
    assert!(page.text().contains("ended again and again: a test"), "{}", page.text());
    assert_eq!(site.log().count(&When::path("/worker.js")), 4);
}
