//! What a user sees when a server does not do as it should.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};
use std::thread::sleep;
use std::time::Duration;
use tests_e2e::{Clock, Dashboard, State, World};

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
    // What had arrived is lost where the browser had not handed it on by then.
    check(Fault::Cut { bytes: 120, clean: false }, "cannot be read");
}

/// The good queries of a panel are shown, and the one that failed is said on it.
pub fn a_query_that_fails_leaves_the_others_of_its_panel(world: &World) {
    let target = |ref_id: &str, expr: &str| json!({ "refId": ref_id, "expr": expr });
    let both = json!([target("A", "vector(1)"), target("B", "up + 17"), target("C", "vector(2)")]);
    let site = world.faulty().with(&Dashboard::of(&[("Both", "")]).with_panels("targets", both));
    site.set(&[Rule::new(hits(), Fault::api_error(422, "execution", "many-to-many matching not allowed"))]);
    let page = site.page();
    page.open("d/small");
    let shown = page.panel_in(HIT, State::Ready);
    assert_eq!((shown.series, shown.partial), (Some(2), true), "{shown:#?}");
    let said: String = page.eval("return document.querySelector('.panel .mark.bad')?.title ?? ''");
    assert!(said.starts_with("B: ") && said.contains("many-to-many matching not allowed"), "{said}");
    site.heal();
    page.follow("d/small?from=now-5m");
    page.panel_when(HIT, "whole again", |panel| {
        panel.state == State::Ready && !panel.partial && panel.series > Some(2)
    });
}

/// What is answered of a panel is painted while another of its queries hangs; every line keeps its colour when that is there.
pub fn a_panel_does_not_wait_for_its_slowest_query(world: &World) {
    let target =
        |name: &str, level: u32| json!({ "refId": name, "expr": format!("vector({level})"), "legendFormat": name });
    let all = json!([target("A", 1), target("B", 17), target("C", 2)]);
    let site = world.faulty().with(&Dashboard::of(&[("All", "")]).with_panels("targets", all));
    site.set(&[Rule::new(When::body("vector(17)"), Fault::Hang)]);
    let page = site.page();
    page.open("d/small");
    let colors = || -> Vec<(String, String)> {
        page.eval(
            "return [...document.querySelectorAll('.panel .legend .swatch')]
                .map((swatch) => [swatch.nextSibling.textContent, getComputedStyle(swatch).color])",
        )
    };
    let shown = page.panel_when(HIT, "what is answered is there", |panel| panel.series == Some(2));
    assert_eq!((shown.state, shown.stale, shown.partial), (State::Loading, false, false), "{shown:#?}");
    let early = page.wait("the legend names it", || Some(colors()).filter(|colors| colors.len() == 2));
    site.heal();
    page.follow("d/small?from=now-5m");
    page.panel_when(HIT, "all is there", |panel| panel.state == State::Ready && panel.series == Some(3));
    let all = page.wait("the legend names all", || Some(colors()).filter(|colors| colors.len() == 3));
    assert!(early.iter().all(|line| all.contains(line)), "{early:?}, then {all:?}");
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
    page.panel_in(SPARED, State::Ready);

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

pub fn one_of_thirty_panels_that_hangs_is_alone(world: &World) {
    let exprs: Vec<_> = (100..130).map(|i| format!("up + {i}")).collect();
    let panels: Vec<_> = exprs.iter().map(|expr| (expr.as_str(), expr.as_str())).collect();
    let small = json!({ "h": 3, "w": 4 });
    let site = world.faulty().with(&Dashboard::of(&panels).with_panels("gridPos", small));
    site.set(&[Rule::new(When::body("up + 100"), Fault::Hang)]);
    let page = site.page();
    page.open("d/small");
    page.wait("all others are there", || {
        let ready = page.panels().iter().filter(|panel| panel.state == State::Ready).count();
        (ready == 29).then_some(())
    });
    assert_eq!(page.panel(HIT).state, State::Loading);
}

/// A server that had only a part of the data says so, whatever that part is, and the panel does at every refresh.
pub fn what_is_missing_is_said_even_of_nothing(world: &World) {
    let partial = |result: Value| {
        let data = json!({ "resultType": "matrix", "result": result });
        let body = json!({ "status": "success", "warnings": ["store 7 timed out"], "data": data });
        Fault::status(200, "application/json", &body.to_string())
    };
    let site = world.faulty().with(&two_panels()).with_clock(Clock::default());
    site.set(&[Rule::new(hits(), partial(json!([])))]);
    let page = site.page();
    page.open("d/small?refresh=10s");
    for _ in 0..2 {
        let empty = page.panel_in(HIT, State::Empty);
        assert!(empty.partial && empty.text.contains("store 7 timed out"), "{empty:#?}");
        assert!(!page.panel_in(SPARED, State::Ready).partial);
        let asked = site.log().count(&hits());
        site.jump(&page, Duration::from_secs(11));
        page.wait("it is asked again", || (site.log().count(&hits()) > asked).then_some(()));
    }
}

/// The page takes what it may, says that there is more, and leaves the rest to the server.
pub fn a_million_series_are_cut_and_said_to_be(world: &World) {
    let site = world.faulty().with(&two_panels());
    site.set(&[Rule::new(hits(), Fault::Inflate { series: 1_000_000 })]);
    let page = site.page();
    page.open("d/small");
    let cut = page.panel_when(HIT, "ready and cut", |panel| panel.state == State::Ready && panel.partial);
    assert_eq!(cut.series, Some(10_000));
    let said: Vec<String> =
        page.eval("return [...document.querySelectorAll('.panel .mark')].map((mark) => mark.title)");
    let [said] = said.as_slice() else { panic!("one panel has a mark: {said:?}") };
    assert!(said.starts_with("Only the first 10000 of at least "), "{said}");
    assert!(said.ends_with(" series are shown: narrow the query."), "{said}");
    page.wait("the rest is not waited for", || (site.log().in_flight() == 0).then_some(()));
    assert!(page.panel_in(SPARED, State::Ready).samples > Some(0));
    assert_eq!(page.app(), "ready");
}

/// The range shown and the data shown are of the same choice, in whichever order answers come.
pub fn an_overtaken_answer_is_never_painted(world: &World) {
    let site = world.faulty().with(&two_panels());
    site.set(&[Rule::late(hits(), 4_000)]);
    let page = site.page();
    page.open("d/small?from=now-3h&to=now");
    page.wait("the first range is asked for", || (site.log().count(&hits()) == 1).then_some(()));
    site.heal();
    page.follow("d/small?from=now-5m&to=now");
    let shown = page.panel_in(HIT, State::Ready);
    page.wait("nobody waits for the first answer", || (site.log().in_flight() == 0).then_some(()));
    sleep(Duration::from_secs(4));
    let later = page.panel(HIT);
    assert_eq!((later.state, later.samples), (State::Ready, shown.samples), "{later:#?}");
}

/// Whoever has to sign in is told so once, is shown nothing of the page that asked for it, and nothing goes on asking.
pub fn a_sign_in_is_asked_for_once(world: &World) {
    let form = "<!doctype html><title>Portal</title><form id=portal>password</form>";
    let login = Rule::new(When::path("/login"), Fault::status(200, "text/html", form));
    let ways = |elsewhere: &str| {
        let redirect = |to: &str| Fault::Redirect { to: format!("{to}/login") };
        [Fault::login_page(), Fault::status(401, "text/html", form), redirect(""), redirect(elsewhere)]
    };
    for way in 0..ways("").len() {
        let site = world.faulty().with(&two_panels()).with_clock(Clock::default());
        // Another origin, which does not let the page read anything.
        let fault = ways(&site.url().replace("127.0.0.1", "localhost"))[way].clone();
        site.set(&[login.clone(), Rule::new(When::path("/api/v1/query"), fault.clone())]);
        let page = site.page();
        page.open("d/small?refresh=10s");
        for id in [HIT, SPARED] {
            let text = page.panel_in(id, State::Failed).text;
            assert!(text.contains("Sign-in needed"), "{fault:?}: {text}");
        }
        assert_eq!(page.count(".banner"), 1, "{fault:?}");
        assert_eq!(page.count("form"), 0, "{fault:?}: the portal's page is in this one");
        let asked = site.log().count(&When::path("/api/v1/query"));
        site.jump(&page, Duration::from_secs(600));
        sleep(Duration::from_secs(1));
        assert_eq!(site.log().count(&When::path("/api/v1/query")), asked, "{fault:?}: it goes on asking");
    }
}

/// Be it that it says so, or that it sends a POST elsewhere, on which way the parameters get lost.
pub fn a_server_that_takes_no_post_is_asked_by_get(world: &World) {
    let service = json!({ "name": "service", "type": "query", "query": "label_values(requests_total, service)" });
    let dashboard = Dashboard::of(&[("Up of $service", "up")]).with("templating", json!({ "list": [service] }));
    for (path, fault) in [
        ("/api/v1/", Fault::status(405, "text/plain", "Method Not Allowed")),
        ("/api/v1/query_range", Fault::Redirect { to: "/prometheus/api/v1/query_range".to_owned() }),
    ] {
        let site = world.faulty().with(&dashboard);
        site.set(&[Rule::new(When::body("start=").and_path(path), fault)]);
        let page = site.page();
        page.open("d/small");
        let shown = page.panel_in("1", State::Ready);
        assert!(shown.samples > Some(0) && shown.title == "Up of auth", "{shown:#?}");
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
