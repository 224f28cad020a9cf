//! Long stories of a bad day: what everything together costs the server and the memory, and that nobody is left waiting.

use crate::world::*;
use engine::{Engine, Input, PanelState, Settings, View};
use frame::{Millis, TimeRange, Zone, Zones};
use promapi::FetchError;
use std::rc::Rc;

const DAY: i64 = 24 * HOUR;

fn many(count: usize) -> View {
    let exprs: Vec<String> = (0..count).map(|n| format!("m{n}")).collect();
    view(&exprs.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The panels whose state is one of `words`.
fn in_state(world: &World, words: &[&str]) -> usize {
    world.panels.iter().filter(|id| words.contains(&world.word(id))).count()
}

/// Every panel shows an answer over a range that ended at most `age` ago, and none has failed.
fn assert_all_current(world: &World, age: i64) {
    assert_eq!(in_state(world, &["ready", "loading stale"]), world.panels.len());
    for id in &world.panels {
        let behind = world.now.since(world.state(id).data().expect("data").range.end);
        assert!((0..=age).contains(&behind), "{id} is {behind} ms behind");
    }
}

#[test]
fn a_server_that_comes_and_goes_is_followed() {
    // Twenty seconds there, twenty seconds gone, for ten minutes.
    let is_gone = |at: Millis| at.since(NOON) < 10 * MINUTE && at.since(NOON) / (20 * SECOND) % 2 == 1;
    let mut world = World::new(move |sent| if is_gone(sent.at) { refused() } else { answer(200) });
    let mut shown = many(30);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    let mut seen_ready = 0;
    for _ in 0..20 {
        world.run(30 * SECOND);
        assert_eq!(in_state(&world, &["idle", "loading"]), 0, "what was there once stays in view");
        seen_ready += usize::from(in_state(&world, &["ready", "loading stale"]) == 30);
        assert!(world.in_flight() <= 5);
    }
    assert!(seen_ready >= 5, "all are there {seen_ready} times of twenty");
    // Half of the refreshes of half of the time, at most, on top of those that a server without faults has.
    let faultless = 30 * 61;
    assert!(world.sent.len() <= faultless, "{} requests", world.sent.len());
    world.run(90 * SECOND);
    assert_all_current(&world, 11 * SECOND);
}

#[test]
fn a_clock_that_is_set_stops_nothing() {
    // A timer that fires early by the clock is of the same kind.
    for jump in [DAY, -DAY, 40 * MINUTE, -40 * MINUTE, -5 * SECOND, -1] {
        let mut world = World::new(|_| answer(100));
        let mut shown = many(5);
        shown.refresh_millis = Some(10 * SECOND);
        world.open(shown);
        world.run(5 * MINUTE);
        world.set_clock(jump);
        let before = world.sent.len();
        world.run(MINUTE);
        let sent = world.sent.len() - before;
        // Fewer where the answers for that time are kept.
        assert!(sent <= 45, "{sent} requests in the minute after a jump of {jump} ms");
        assert_all_current(&world, 11 * SECOND);
    }
}

/// One panel over hours, which asks too little for three answers to contradict at once what is known of the server's clock.
#[test]
fn a_clock_that_is_set_back_freezes_nothing() {
    // How far this machine's clock is ahead, before and after.
    for (before, after) in [(HOUR, 0), (0, -HOUR), (2 * MINUTE, -2 * MINUTE), (DAY, 0), (HOUR, HOUR - 5 * SECOND)] {
        for tells_the_time in [true, false] {
            let mut world = World::new(|_| answer(100));
            world.tells_the_time = false;
            let mut shown = view(&["up"]);
            (shown.range.from, shown.refresh_millis) = ("now-6h".into(), Some(10 * SECOND));
            world.open(shown);
            let mut pass = |ahead: i64, rounds: usize| {
                for _ in 0..rounds {
                    let sent = world.sent.len();
                    world.run(10 * SECOND);
                    let (date, sent_at) = (world.now.plus(-ahead), world.now.plus(-100));
                    if tells_the_time && world.sent.len() > sent {
                        world.input(Input::ServerDate { source: "prom".into(), date, sent_at });
                    }
                }
                world.run(10 * SECOND);
                let ahead = if tells_the_time { ahead } else { 0 };
                let behind = world.now.plus(-ahead).since(world.state("up").data().expect("data").range.end);
                assert!(behind.abs() <= 20 * SECOND, "{before}, {after}: {behind} ms behind");
                world.set_clock(after - before);
            };
            pass(before, 20);
            pass(after, 5);
        }
    }
}

/// A kiosk starts with its clock ahead, before its network is there: pauses are as long as they would have been.
#[test]
fn a_clock_that_is_set_back_prolongs_no_pause() {
    let ills: [fn() -> Reply; 4] =
        [refused, || status(503, Some(60)), || api_error(500, "internal"), || api_error(422, "execution")];
    for (ill, jump) in ills.into_iter().flat_map(|ill| [(ill, -2 * HOUR), (ill, -4 * MINUTE), (ill, -DAY)]) {
        let mut world = World::new(move |sent| if sent.at == NOON { ill() } else { answer(100) });
        let mut shown = many(5);
        shown.panels.push(panel("both", &["m0", "m1", "m2"]));
        shown.refresh_millis = Some(10 * SECOND);
        world.open(shown.clone());
        world.run(SECOND / 2);
        assert_eq!(in_state(&world, &["failed"]), 6);
        world.set_clock(jump);
        world.run(2 * MINUTE);
        assert_all_current(&world, 11 * SECOND);
    }
    // The same without a refresh, and for finer answers.
    let mut world = World::new(|sent| if sent.at == NOON { refused() } else { answer(100) });
    world.open(many(5));
    world.run(SECOND / 2);
    world.set_clock(-2 * HOUR);
    world.run(10 * SECOND);
    assert_eq!(in_state(&world, &["ready"]), 5);

    let mut is_first = true;
    let mut world = World::new(move |sent| match sent.grid.unwrap().step.millis() < MINUTE {
        true if std::mem::take(&mut is_first) => api_error(422, "execution"),
        _ => answer(100),
    });
    let mut shown = refined_day(1);
    shown.refresh_millis = Some(MINUTE);
    world.open(shown);
    world.run(10 * SECOND);
    world.set_clock(-2 * HOUR);
    world.run(7 * MINUTE);
    assert!(world.state("m0").data().expect("data").finer.is_some());
}

#[test]
fn a_tab_hidden_for_a_day_costs_nothing_and_is_there_at_once() {
    let mut world = World::new(|_| answer(100));
    let mut shown = many(30);
    shown.refresh_millis = Some(5 * SECOND);
    world.open(shown);
    world.run(MINUTE);
    world.input(Input::Hidden(true));
    world.run(SECOND);
    let (sent, held) = (world.sent.len(), world.engine.held_bytes());
    world.run(DAY);
    assert_eq!((world.sent.len(), world.engine.held_bytes()), (sent, held));
    world.input(Input::Hidden(false));
    world.run(SECOND);
    assert_eq!(world.sent.len(), sent + 30, "each panel once");
    assert_all_current(&world, SECOND);
}

/// More than the server can do: what is asked for is bounded by what it answers, and everything is shown in turn.
#[test]
fn five_hundred_panels_every_second_share_the_connections() {
    let mut world = World::new(|_| answer(50));
    let mut shown = many(500);
    shown.refresh_millis = Some(SECOND);
    world.open(shown);
    world.run(15 * SECOND);
    assert_eq!(world.most_in_flight, 5);
    // Five at a time, each for 50 ms.
    assert!(world.sent.len() <= 20 * 5 * 15 + 5, "{} requests in fifteen seconds", world.sent.len());
    assert_eq!(in_state(&world, &["idle", "loading", "failed", "failed stale"]), 0);
    let oldest = |world: &World| {
        let ends = world.panels.iter().filter_map(|id| Some(world.state(id).data()?.range.end));
        world.now.since(ends.min().expect("panels with data"))
    };
    // A round of all takes five seconds.
    assert!(oldest(&world) <= 12 * SECOND, "one is {} ms behind", oldest(&world));
    let held = world.engine.held_bytes();
    world.run(10 * SECOND);
    let grown = world.engine.held_bytes() as f64 / held as f64;
    assert!(grown < 1.1, "what is held grows: {grown}");
    assert!(world.engine.held_bytes() <= 2 * Settings::default().cache_bytes);
}

/// Impatient hands on a slow server: only the last choice counts, and no other is in flight.
#[test]
fn a_slow_server_is_asked_for_the_last_choice_only() {
    let mut world = World::new(|_| answer(8 * SECOND));
    world.aborts_come_too_late = true;
    let range_of =
        |hours: i64| View { range: dashboard::time::RawRange::new(format!("now-{hours}h"), "now"), ..many(12) };
    world.open(range_of(1));
    for hours in 2..=30 {
        world.run(SECOND);
        world.input(Input::Show(range_of(hours)));
        assert!(world.in_flight() <= 5, "{} in flight", world.in_flight());
        let painted = world.panels.iter().any(|id| world.state(id).data().is_some());
        assert!(!painted, "an answer to a choice that was taken back is shown");
    }
    world.run(30 * SECOND);
    for id in &world.panels {
        let PanelState::Ready { data } = world.state(id) else { panic!("{id} is {}", world.word(id)) };
        assert_eq!(data.range.millis(), 30 * HOUR, "{id}");
    }
}

/// Berlin, where clocks are changed at one o'clock of universal time.
struct Berlin {
    change: Millis,
    before: i64,
    after: i64,
}

impl Zones for Berlin {
    fn offset_millis(&self, _: &Zone, at: Millis) -> i64 {
        if at < self.change { self.before } else { self.after }
    }
}

/// Days of 23 and of 25 hours: refreshes go on, the range never goes back, and each answer belongs to its range.
#[test]
fn a_night_in_which_clocks_are_changed() {
    for (before, after) in [(HOUR, 2 * HOUR), (2 * HOUR, HOUR)] {
        let mut world = World::new(|_| answer(100));
        let change = NOON.plus(3 * HOUR);
        world.engine = Engine::new(Settings::default(), Rc::new(Berlin { change, before, after }));
        world.engine.set_analysis(engine::analyse);
        let mut shown = view(&["up"]);
        shown.range.from = "now-7d".into();
        shown.zone = Zone::Browser;
        shown.refresh_millis = Some(MINUTE);
        world.open(shown);
        world.run(6 * HOUR);
        let requests = world.sent.len() as i64;
        assert!((355..=375).contains(&requests), "{requests} requests in six hours");
        let ends: Vec<Millis> = world.ranges.iter().map(|range| range.end).collect();
        assert!(ends.is_sorted(), "the range goes back");
        let length = |range: &TimeRange| range.millis() - 7 * DAY;
        assert!(world.ranges.iter().all(|range| length(range).abs() <= HOUR));
        assert_all_current(&world, MINUTE + SECOND);
    }
}

/// A fault of every kind, one after the other, on one page that refreshes: at the end all of it is there.
#[test]
fn after_everything_at_once_all_is_well() {
    let ills: [fn() -> Reply; 7] = [
        refused,
        || status(503, None),
        || status(429, Some(30)),
        || api_error(500, "internal"),
        || Reply::Error { after: 30 * SECOND, error: FetchError::TimedOut { after_secs: 30 } },
        || Reply::Error { after: 50, error: FetchError::Decode(promapi::DecodeError::Truncated { offset: 9 }) },
        || answer(9 * SECOND),
    ];
    let mut turn = 0;
    let mut world = World::new(move |sent| {
        turn += 1;
        let minutes = sent.at.since(NOON) / MINUTE;
        let is_ill = (1..8).contains(&minutes) && turn % 3 != 0;
        let ill = usize::try_from(minutes - 1).ok().and_then(|minute| ills.get(minute)).filter(|_| is_ill);
        ill.map_or_else(|| answer(100), |ill| ill())
    });
    let mut shown = many(20);
    shown.refresh_millis = Some(5 * SECOND);
    world.open(shown);
    for _ in 0..8 * 6 {
        world.run(10 * SECOND);
        assert_eq!(in_state(&world, &["idle"]), 0);
        assert!(world.in_flight() <= 5);
    }
    assert!(world.sent.len() <= 20 * 12 * 8, "{} requests, when without faults there are as many", world.sent.len());
    world.run(2 * MINUTE);
    assert_all_current(&world, 6 * SECOND);
}
