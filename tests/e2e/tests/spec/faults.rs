//! What a user sees when a server does not do as it should.

use faultd::{Fault, Rule, When};
use std::thread::sleep;
use std::time::Duration;
use tests_e2e::{Dashboard, State, World};

/// Panel 1 is to be hit, panel 2 not.
fn two_panels() -> Dashboard {
    Dashboard::of(&[("Hit", "up + 17"), ("Spared", "up + 18")])
}

const HIT: &str = "1";
const SPARED: &str = "2";

fn hits() -> When {
    When::body("up + 17")
}

fn spares() -> When {
    When::body("up + 18")
}

pub fn one_bad_answer_leaves_the_others_alone(world: &World) {
    let check = |fault: Fault, told: &str| {
        let site = world.faulty().with(&two_panels());
        site.set(&[Rule::new(hits(), fault.clone())]);
        let page = site.page();
        page.open("d/small");
        let failed = page.panel_in(HIT, State::Failed);
        let text = failed.text.to_lowercase();
        assert!(text.contains(told), "after {fault:?} the panel does not say {told:?}: {text}");
        let spared = page.panel_in(SPARED, State::Ready);
        assert!(spared.samples > Some(0), "{spared:#?}");
        assert_eq!(page.app(), "ready");
    };
    check(Fault::Reset, "reach");
    check(Fault::status(500, "text/plain", "out of order"), "500");
    check(Fault::status(503, "text/plain", "Service Unavailable"), "503");
    check(Fault::api_error(422, "execution", "many-to-many matching not allowed"), "many-to-many matching not allowed");
    check(Fault::api_error(400, "bad_data", "unexpected end of input"), "unexpected end of input");
    check(Fault::login_page(), "sign in");
    check(Fault::status(401, "text/plain", "unauthorized"), "sign in");
    check(Fault::status(200, "text/plain", "hello"), "prometheus");
    check(Fault::status(200, "application/json", "{\"status\":\"succ"), "breaks off");
    check(Fault::Cut { bytes: 120, clean: true }, "breaks off");
    check(Fault::Cut { bytes: 120, clean: false }, "breaks off");
}

pub fn old_data_stays_and_recovers(world: &World) {
    let site = world.faulty().with(&two_panels());
    let page = site.page();
    page.open("d/small?refresh=5s");
    let before = page.panel_in(HIT, State::Ready);
    assert!(!before.stale);

    site.set(&[Rule::new(hits(), Fault::status(500, "text/plain", "out of order"))]);
    let failed = page.panel_in(HIT, State::Failed);
    assert!(failed.stale, "the old data is gone: {failed:#?}");
    assert_eq!(failed.series, before.series, "the old data changed");
    let asked = site.log().count(&spares());
    page.wait("the other panel goes on being refreshed", || (site.log().count(&spares()) > asked).then_some(()));
    assert_eq!(page.panel(SPARED).state, State::Ready);

    site.heal();
    let healed = page.panel_in(HIT, State::Ready);
    assert!(!healed.stale && healed.samples > Some(0), "{healed:#?}");
}

/// The same question would get the same answer.
pub fn refused_queries_are_not_repeated(world: &World) {
    for fault in [Fault::api_error(400, "bad_data", "no"), Fault::api_error(422, "execution", "no")] {
        let site = world.faulty().with(&two_panels());
        site.set(&[Rule::new(hits(), fault)]);
        let page = site.page();
        page.open("d/small");
        page.panel_in(HIT, State::Failed);
        page.panel_in(SPARED, State::Ready);
        let asked = site.log().count(&hits());
        sleep(Duration::from_secs(4));
        assert_eq!(site.log().count(&hits()), asked, "it was asked again");
        assert_eq!(asked, 1, "it was asked more than once at the start");
    }
}

pub fn a_busy_server_is_asked_again(world: &World) {
    let site = world.faulty().with(&two_panels());
    site.set(&[Rule::new(hits(), Fault::status(503, "text/plain", "busy"))]);
    let page = site.page();
    page.open("d/small");
    page.panel_in(HIT, State::Failed);
    site.heal();
    page.panel_in(HIT, State::Ready);
}

pub fn a_slow_panel_holds_up_no_other(world: &World) {
    let site = world.faulty().with(&two_panels());
    site.set(&[Rule::new(hits(), Fault::Hang)]);
    let page = site.page();
    page.open("d/small");
    page.panel_in(SPARED, State::Ready);
    assert_eq!(page.panel(HIT).state, State::Loading);
    site.set(&[Rule::new(hits(), Fault::Drip { bytes: 400, every_millis: 5 })]);
    page.load("d/small");
    page.panel_in(HIT, State::Ready);
}

/// HTTP/1.1 gives a browser six connections per server: a write always finds one. What a page asks beside its queries counts
/// as well.
pub fn five_requests_at_most_are_in_flight(world: &World) {
    let titles: Vec<_> = (0..12).map(|i| (format!("Panel {i}"), format!("up + {i}"))).collect();
    let panels: Vec<_> = titles.iter().map(|(title, expr)| (title.as_str(), expr.as_str())).collect();
    let site = world.faulty().with(&Dashboard::of(&panels));
    site.set(&[Rule::late(When::path("/api/v"), 300)]);
    let queries: String = (0..10).map(|i| format!("expr=up%2B{i}&")).collect();
    for route in ["d/small", &format!("explore?{queries}metrics=1")] {
        let page = site.page();
        page.open(route);
        page.settled();
        let most = site.log().max_in_flight(&When::path("/api/v"));
        assert!((3..=5).contains(&most), "{most} at a time on {route}");
    }
}

pub fn without_a_network_the_data_stays(world: &World) {
    let site = world.faulty().with(&two_panels());
    let page = site.page();
    page.open("d/small?refresh=5s");
    page.panel_in(HIT, State::Ready);
    site.set(&[Rule::new(When::path("/api/v1/"), Fault::Reset)]);
    for id in [HIT, SPARED] {
        let failed = page.panel_in(id, State::Failed);
        assert!(failed.stale, "{failed:#?}");
    }
    site.heal();
    for id in [HIT, SPARED] {
        page.panel_when(id, "ready again", |panel| panel.state == State::Ready && !panel.stale);
    }
}
