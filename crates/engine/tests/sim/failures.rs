//! What goes wrong, what the user sees of it, and how much the server has to bear.

use crate::world::*;
use engine::{Input, PanelState, View};
use frame::Millis;
use promapi::FetchError;

fn retry_in(world: &World, panel: &str) -> Option<i64> {
    match world.state(panel) {
        PanelState::Failed { retry_at, .. } => retry_at.map(|at| at.since(world.now)),
        _ => None,
    }
}

#[test]
fn what_the_query_is_to_blame_for_is_asked_once() {
    for (code, kind, refresh_millis) in
        [(400, "bad_data", Some(5 * SECOND)), (400, "bad_data", None), (422, "execution", None)]
    {
        let mut world = World::new(move |_| api_error(code, kind));
        let mut shown = view(&["up"]);
        shown.refresh_millis = refresh_millis;
        world.open(shown);
        world.run(10 * MINUTE);
        assert_eq!((world.word("up"), world.sent.len()), ("failed", 1));
        let PanelState::Failed { error, retry_at: None, .. } = world.state("up") else { panic!("no retry is due") };
        assert!(error.cause.contains("parse error: no") && !error.retryable && error.code == Some(code));

        world.input(Input::Retry("up".into()));
        assert_eq!(world.word("up"), "loading");
        world.run(MINUTE);
        assert_eq!(world.sent.len(), 2, "but as often as the user likes");
    }
}

#[test]
fn what_is_forbidden_is_asked_once() {
    for code in [403, 404] {
        let mut world = World::new(move |_| status(code, None));
        world.open(view(&["up"]));
        world.run(10 * MINUTE);
        assert_eq!((world.word("up"), world.sent.len()), ("failed", 1));
    }
}

/// What another time may mend, such as an ingress without a backend or series that match twice while a version is rolled
/// out, has its turn at the next refresh, and once a minute from then on.
#[test]
fn a_page_that_refreshes_asks_again_what_was_refused() {
    let not_json = || Reply::Error { after: 5, error: FetchError::NotPrometheus { content_type: "text/html".into() } };
    let broken = || Reply::Error { after: 5, error: FetchError::Decode(promapi::DecodeError::Truncated { offset: 9 }) };
    type Ill = fn() -> Reply;
    let ills: [(&str, Ill); 6] = [
        ("403", || status(403, None)),
        ("404", || status(404, None)),
        ("422", || api_error(422, "execution")),
        ("timeout", || api_error(503, "timeout")),
        ("no JSON", not_json),
        ("broken", broken),
    ];
    for (name, ill) in ills {
        for (interval, most) in [(5 * SECOND, 13), (10 * SECOND, 13), (2 * MINUTE, 6)] {
            let mut world = World::new(move |sent| match sent.at.since(NOON) < 10 * MINUTE {
                true if sent.expr == "up" => ill(),
                _ => answer(100),
            });
            let mut shown = view(&["up"]);
            shown.panels.push(panel("both", &["good", "up"]));
            shown.refresh_millis = Some(interval);
            world.open(shown);
            world.run(interval + SECOND);
            let asked = |world: &World| world.exprs().iter().filter(|expr| **expr == "up").count();
            assert!(asked(&world) >= 2, "{name}: not asked again at the next refresh");
            world.run(10 * MINUTE - interval - 2 * SECOND);
            assert_eq!((world.word("up"), world.word("both")), ("failed", "ready"), "{name}");
            assert_eq!(failed_queries(&world, "both"), ["B"], "{name}");
            // A broken answer follows the backoff.
            let most = if name == "broken" { 40 } else { most };
            assert!(asked(&world) <= most, "{name}: {} requests in ten minutes", asked(&world));
            world.run(interval.max(75 * SECOND) + 2 * SECOND);
            assert_eq!((world.word("up"), failed_queries(&world, "both")), ("ready", vec![]), "{name}");
            let data = world.state("up").data().expect("data");
            assert!(world.now.since(data.range.end) <= interval.max(2 * SECOND), "{name}: it is current again");
        }
    }
}

#[test]
fn a_refresh_that_is_switched_on_asks_again_what_was_refused() {
    for (code, kind, expected) in [(422, "execution", "ready"), (400, "bad_data", "failed")] {
        let mut world = World::new(move |sent| if sent.at == NOON { api_error(code, kind) } else { answer(100) });
        world.open(view(&["up"]));
        world.run(MINUTE);
        assert_eq!(world.word("up"), "failed");
        let mut shown = view(&["up"]);
        shown.refresh_millis = Some(10 * SECOND);
        world.input(Input::Show(shown));
        world.run(11 * SECOND);
        assert_eq!(world.word("up"), expected, "{kind}");
    }
}

#[test]
fn a_login_page_stops_the_polling_of_its_source() {
    let mut world = World::new(|sent| match sent.source.as_str() {
        "prom" => Reply::Error { after: 5, error: FetchError::SignIn { code: 200 } },
        _ => answer(100),
    });
    let mut shown = view(&["a", "b", "c", "d", "e", "f", "g", "other"]);
    shown.panels[7].source = "other".into();
    shown.refresh_millis = Some(5 * SECOND);
    world.open(shown);
    world.run(10 * MINUTE + SECOND);
    let sent = world.sent.iter().filter(|sent| sent.source == "prom").count();
    assert_eq!(sent, 5, "those that were on their way when the first came back");
    assert!(["a", "g"].iter().all(|panel| world.word(panel) == "failed"));
    assert_eq!(world.word("other"), "ready");
}

#[test]
fn an_outage_of_ten_minutes_is_met_with_patience() {
    let mut world = World::new(|sent| if sent.at.since(NOON) < 10 * MINUTE { refused() } else { answer(100) });
    let exprs: Vec<String> = (0..30).map(|n| format!("m{n}")).collect();
    let exprs: Vec<&str> = exprs.iter().map(String::as_str).collect();
    let mut shown = view(&exprs);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(SECOND / 10);
    assert!(exprs.iter().all(|panel| world.word(panel) == "failed"), "every panel says so at once");
    world.run(10 * MINUTE);
    println!("30 panels, every 10 s: {} requests in an outage of 10 minutes", world.sent.len());
    assert!(world.sent.len() <= 25, "{} requests", world.sent.len());
    world.run(85 * SECOND);
    assert!(exprs.iter().all(|panel| world.word(panel) == "ready"), "and all come back by themselves");
    assert_eq!(world.most_in_flight, 5);
}

#[test]
fn a_server_that_starts_up_is_not_asked_by_every_panel() {
    let mut world =
        World::new(|sent| if sent.at.since(NOON) < MINUTE { api_error(500, "unavailable") } else { answer(100) });
    let exprs: Vec<String> = (0..30).map(|n| format!("m{n}")).collect();
    let mut shown = view(&exprs.iter().map(String::as_str).collect::<Vec<_>>());
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(MINUTE);
    assert!(world.sent.len() <= 15, "{} requests", world.sent.len());
    world.run(85 * SECOND);
    assert!(exprs.iter().all(|panel| world.word(panel) == "ready"));
}

#[test]
fn old_data_stays_in_view_during_an_outage() {
    let mut world = World::new(|sent| if sent.at == NOON { answer(100) } else { refused() });
    let mut shown = view(&["up"]);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(11 * SECOND);
    assert_eq!(world.word("up"), "failed stale");
    assert!(retry_in(&world, "up").is_some());
    assert!(world.engine.picture(&"up".into()).is_some());
    world.run(5 * MINUTE);
    assert_eq!(world.word("up"), "failed stale", "and the error stays in view while it is tried again");
    for width_px in [1_000, 300] {
        world.input(Input::Place("up".into(), engine::Placement { width_px, visible: true }));
        let picture = world.engine.picture(&"up".into()).expect("a picture");
        assert_eq!(picture.came_at, NOON.plus(100), "old data are as old as they are");
    }
    assert_eq!(world.ranges.last().unwrap().end.since(world.now).abs() / MINUTE, 0, "the range moves on");
}

#[test]
fn retry_after_is_respected_within_reason() {
    for (asked, least, most) in [(30, 30 * SECOND, 31 * SECOND), (86_400, 300 * SECOND, 301 * SECOND)] {
        let mut world = World::new(move |sent| if sent.at == NOON { status(429, Some(asked)) } else { answer(100) });
        world.open(view(&["up"]));
        world.run(SECOND);
        world.run(10 * MINUTE);
        let pause = world.sent[1].at.since(NOON);
        assert!((least..=most).contains(&pause), "{pause}");
        assert_eq!(world.word("up"), "ready");
    }
}

/// Of several answers that come at a time the most patient one counts.
#[test]
fn the_longest_retry_after_is_respected() {
    let asked = [None, Some(2), Some(30), Some(10)];
    let mut turn = 0;
    let mut world = World::new(move |sent| {
        turn += 1;
        if sent.at == NOON { status(429, asked[turn % 4]) } else { answer(100) }
    });
    world.open(view(&["a", "b", "c", "d"]));
    world.run(10 * MINUTE);
    let pause = world.sent[4].at.since(NOON);
    assert!((30 * SECOND..=31 * SECOND).contains(&pause), "{pause}");
    assert!(world.panels.iter().all(|panel| world.word(panel) == "ready"));
}

#[test]
fn a_query_that_takes_too_long_does_not_hold_up_the_others() {
    let mut world = World::new(|sent| match sent.expr.as_str() {
        "heavy" => Reply::Error { after: 30 * SECOND, error: FetchError::TimedOut { after_secs: 30 } },
        _ => answer(100),
    });
    let mut shown = view(&["heavy", "light"]);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(31 * SECOND);
    assert_eq!((world.word("heavy"), world.word("light")), ("failed", "ready"));
    assert!(world.exprs().iter().filter(|expr| **expr == "light").count() >= 4);
}

/// A proxy gives up on one query, always; its error looks like one of the whole server.
#[test]
fn a_gateway_that_gives_up_on_one_query_does_not_stop_the_others() {
    let ills: [fn() -> FetchError; 3] = [
        || FetchError::Status { code: 504, retry_after_secs: None, snippet: String::new() },
        || FetchError::Status { code: 502, retry_after_secs: Some(60), snippet: String::new() },
        // Across origins, without a header for CORS.
        || FetchError::Unreachable { detail: "failed to fetch".into() },
    ];
    for ill in ills {
        for after in [10 * SECOND - 150, 10 * SECOND + 5, 10 * SECOND + 250] {
            let mut world = World::new(move |sent| match sent.expr.as_str() {
                "heavy" => Reply::Error { after, error: ill() },
                _ => answer(200),
            });
            let exprs: Vec<String> = (0..29).map(|n| format!("m{n}")).collect();
            let mut shown = view(&exprs.iter().map(String::as_str).collect::<Vec<_>>());
            shown.panels.insert(0, panel("heavy", &["heavy"]));
            shown.refresh_millis = Some(10 * SECOND);
            world.open(shown);
            for _ in 0..1_200 {
                world.run(SECOND / 10);
                let has_failed = |panel: &&String| world.word(panel).starts_with("failed");
                let failed: Vec<&String> = exprs.iter().filter(has_failed).collect();
                assert!(failed.is_empty(), "{failed:?} {} s after noon, {:?}", world.now.since(NOON) / SECOND, ill());
            }
            assert_eq!((world.word("heavy"), &world.reports), ("failed", &Vec::new()));
        }
    }
}

/// One of the replicas behind the address is being stopped: what it refuses another one answers.
#[test]
fn what_waits_for_a_source_goes_on_when_it_answers() {
    let mut turn = 0;
    let mut world = World::new(move |sent| {
        turn += 1;
        if turn == 1 && sent.at == NOON { status(503, Some(60)) } else { answer(200) }
    });
    let exprs: Vec<String> = (0..20).map(|n| format!("m{n}")).collect();
    world.open(view(&exprs.iter().map(String::as_str).collect::<Vec<_>>()));
    world.run(100);
    assert!(
        exprs
            .iter()
            .all(|panel| world.word(panel) == if (1..5).any(|n| *panel == exprs[n]) { "loading" } else { "failed" })
    );
    world.run(2 * SECOND);
    assert!(exprs.iter().all(|panel| world.word(panel) == "ready"));
    assert_eq!(world.sent.len(), 21);
}

/// A query that always fails is not all that is tried of its source.
#[test]
fn a_query_that_fails_first_does_not_stop_the_others() {
    for (gap, refresh_millis) in [0, 3, 10, 150].into_iter().flat_map(|gap| [(gap, None), (gap, Some(5 * SECOND))]) {
        let mut world = World::new(|sent| if sent.expr == "hit" { status(503, None) } else { answer(100) });
        let mut shown = view(&["hit", "spared"]);
        shown.refresh_millis = refresh_millis;
        world.input(Input::Show(shown));
        world.input(Input::Place("hit".into(), ON_SCREEN));
        world.run(gap);
        world.input(Input::Place("spared".into(), ON_SCREEN));
        world.run(3 * SECOND);
        for _ in 0..60 {
            assert_eq!((world.word("hit"), world.word("spared")), ("failed", "ready"), "{gap} ms, {refresh_millis:?}");
            world.run(5 * SECOND);
        }
    }
}

/// Who limits requests is not asked again at once for each that gets through.
#[test]
fn a_limit_on_requests_is_met_with_patience() {
    let (mut second, mut count) = (0, 0);
    let mut world = World::new(move |sent| {
        let now = sent.at.since(NOON) / SECOND;
        count = if second == now { count + 1 } else { 1 };
        second = now;
        if count <= 2 || now > 60 { answer(200) } else { status(429, None) }
    });
    let exprs: Vec<String> = (0..30).map(|n| format!("m{n}")).collect();
    let mut shown = view(&exprs.iter().map(String::as_str).collect::<Vec<_>>());
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(MINUTE);
    let faultless = 30 * 7;
    assert!(world.sent.len() <= 2 * faultless, "{} requests", world.sent.len());
    world.run(85 * SECOND);
    assert!(exprs.iter().all(|panel| world.word(panel) == "ready"));
}

/// A query that was seen to fail by itself is not the measure of its source later, when nothing else is asked.
#[test]
fn a_query_that_fails_alone_between_refreshes_does_not_stop_the_others() {
    let mut world = World::new(|sent| match sent.expr.as_str() {
        "heavy" => Reply::Error {
            after: 10 * SECOND,
            error: FetchError::Status { code: 504, retry_after_secs: None, snippet: String::new() },
        },
        _ => answer(200),
    });
    let mut shown = view(&["heavy", "a", "b", "c"]);
    shown.refresh_millis = Some(MINUTE);
    world.open(shown);
    for _ in 0..600 {
        world.run(SECOND);
        assert!(["a", "b", "c"].iter().all(|panel| !world.word(panel).starts_with("failed")));
    }
    assert_eq!(world.reports, []);
    let heavy = world.exprs().iter().filter(|expr| **expr == "heavy").count();
    assert!(heavy <= 15, "{heavy} requests in ten minutes");
}

fn failed_queries(world: &World, panel: &str) -> Vec<String> {
    world.state(panel).data().map_or_else(Vec::new, |data| data.failures.iter().map(|(id, _)| id.clone()).collect())
}

/// A view of one panel, refreshed every ten seconds, whose query B is `bad`.
fn good_and_bad() -> View {
    let mut shown = view(&[]);
    shown.panels.push(panel("both", &["good", "bad", "fine"]));
    shown.refresh_millis = Some(10 * SECOND);
    shown
}

#[test]
fn what_goes_well_is_shown_beside_a_query_that_fails() {
    for (code, kind, most) in [(400, "bad_data", 1), (500, "internal", 25)] {
        let is_ill = |at: Millis| (MINUTE..11 * MINUTE).contains(&at.since(NOON));
        let mut world = World::new(move |sent| match sent.expr.as_str() {
            "bad" if is_ill(sent.at) => api_error(code, kind),
            _ => answer(100),
        });
        world.open(good_and_bad());
        world.run(MINUTE - SECOND);
        assert_eq!((world.word("both"), failed_queries(&world, "both")), ("ready", vec![]));
        let asked = |world: &World, expr: &str| world.exprs().iter().filter(|sent| **sent == expr).count();
        let before = asked(&world, "bad");
        world.run(10 * MINUTE);
        assert_eq!((world.word("both"), failed_queries(&world, "both")), ("ready", vec!["B".to_owned()]), "{kind}");
        let data = world.state("both").data().unwrap();
        assert_eq!(data.series.iter().map(|series| series.query).collect::<Vec<_>>(), [0, 0, 2, 2]);
        assert!(world.now.since(data.range.end) < 20 * SECOND, "the good ones go on being refreshed");
        let asked_for = asked(&world, "bad") - before;
        assert!((1..=most).contains(&asked_for), "{kind}: {asked_for} requests of the bad one");
        world.run(2 * SECOND);
        world.input(Input::Refresh);
        world.run(SECOND);
        assert_eq!((world.word("both"), failed_queries(&world, "both")), ("ready", vec![]), "and it comes back");
    }
}

#[test]
fn a_panel_none_of_whose_queries_goes_well_has_failed() {
    let mut world = World::new(|_| api_error(500, "internal"));
    world.open(good_and_bad());
    world.run(SECOND / 2);
    assert_eq!((world.word("both"), world.sent.len()), ("failed", 3));
    assert!(retry_in(&world, "both").is_some());
}

/// Without a refresh a failed query is tried three times more, and the good one is not asked again for it.
#[test]
fn only_the_query_that_failed_is_tried_again() {
    let mut world = World::new(|sent| if sent.expr == "bad" { api_error(500, "internal") } else { answer(100) });
    let mut shown = good_and_bad();
    shown.refresh_millis = None;
    world.open(shown);
    world.run(10 * MINUTE);
    assert_eq!((world.word("both"), failed_queries(&world, "both")), ("ready", vec!["B".to_owned()]));
    let asked = |expr: &str| world.exprs().iter().filter(|sent| **sent == expr).count();
    assert_eq!((asked("good"), asked("bad")), (1, 4));
}

/// All queries of one panel fail at a time: each is tried again as soon and as often as if it were the only one.
#[test]
fn queries_of_one_panel_do_not_use_up_each_others_tries() {
    let exprs = ["a", "b", "c", "d", "e", "f", "g"];
    for (code, kind, refresh_millis, within) in [
        (500, "internal", None, 3 * SECOND),
        (500, "internal", Some(MINUTE), 3 * SECOND),
        (422, "execution", Some(5 * SECOND), 11 * SECOND),
    ] {
        let mut world = World::new(move |sent| match sent.at.since(NOON) < SECOND / 2 {
            true => api_error(code, kind),
            false => answer(100),
        });
        let mut shown = view(&[]);
        shown.panels.push(panel("seven", &exprs));
        shown.refresh_millis = refresh_millis;
        world.open(shown);
        world.run(SECOND / 2);
        assert_eq!(world.word("seven"), "failed");
        world.run(within);
        assert_eq!((world.word("seven"), failed_queries(&world, "seven")), ("ready", vec![]), "{kind}");
    }
    let mut world = World::new(|_| api_error(500, "internal"));
    world.open(View { panels: vec![panel("seven", &exprs)], ..view(&[]) });
    world.run(10 * MINUTE);
    assert!(exprs.iter().all(|expr| world.exprs().iter().filter(|sent| *sent == expr).count() == 4));
}

#[test]
fn a_range_that_cannot_be_read_says_so() {
    for (from, to) in [("yesterdayish", "now"), ("now", "now-1h")] {
        let mut world = World::new(|_| answer(100));
        let mut shown = view(&["up"]);
        shown.range.from = from.into();
        shown.range.to = to.into();
        world.open(shown);
        world.run(SECOND);
        let PanelState::Failed { error, .. } = world.state("up") else { panic!("{}", world.word("up")) };
        assert!(error.cause.contains(from) && world.sent.is_empty());

        world.input(Input::Show(view(&["up"])));
        world.run(SECOND);
        assert_eq!(world.word("up"), "ready");
    }
}

#[test]
fn a_hidden_tab_does_not_retry() {
    let mut world = World::new(|_| refused());
    world.open(view(&["up"]));
    world.run(SECOND);
    world.input(Input::Hidden(true));
    let before = world.sent.len();
    world.run(10 * MINUTE);
    assert_eq!(world.sent.len(), before);
    world.input(Input::Hidden(false));
    assert_eq!(world.sent.len(), before + 1);
}
