//! Who is asked when: near panels after those on the screen, nobody for all connections, one origin for what it is.

use crate::world::*;
use engine::{FetchId, Input, Refine, Settings, SourceSettings};
use frame::{Millis, Zone, Zones};
use promapi::FetchError;
use std::cell::Cell;
use std::rc::Rc;

/// A world in which nothing is answered.
fn silence(settings: Settings) -> World {
    World::with_settings(settings, |_| Reply::Silence)
}

#[test]
fn near_panels_come_after_those_on_the_screen_and_before_finer_answers() {
    let mut world = World::new(|_| answer(100));
    let mut shown = view(&["far", "near", "seen"]);
    for panel in &mut shown.panels {
        panel.refine = Some(Refine::Auto);
    }
    shown.range.from = "now-24h".into();
    world.input(Input::Near("near".into(), true));
    world.input(Input::Hidden(true));
    world.input(Input::Show(shown));
    world.input(Input::Place("near".into(), OFF_SCREEN));
    world.input(Input::Place("seen".into(), ON_SCREEN));
    world.input(Input::Hidden(false));
    world.run(10 * SECOND);
    assert_eq!(world.exprs(), ["seen", "near", "seen"]);
    assert_eq!((world.word("near"), world.word("far")), ("ready", "idle"));
    world.input(Input::Place("near".into(), ON_SCREEN));
    assert_eq!((world.word("near"), world.exprs()[3..].to_vec()), ("ready", vec!["near"]), "and finer, now it is seen");
    world.run(SECOND);
    assert!(world.state("near").data().unwrap().finer.is_some());
}

#[test]
fn a_panel_that_is_not_near_any_more_gives_way() {
    let mut world = silence(Settings { max_in_flight: 1, ..Settings::default() });
    world.input(Input::Show(view(&["a", "b"])));
    world.input(Input::Place("a".into(), ON_SCREEN));
    world.input(Input::Near("b".into(), true));
    assert_eq!(world.word("b"), "loading");
    world.input(Input::Near("b".into(), false));
    assert_eq!((world.word("b"), world.exprs()), ("idle", vec!["a"]));
}

#[test]
fn a_panel_of_many_queries_lets_the_others_in() {
    let mut world = silence(Settings::default());
    let mut shown = view(&["x"]);
    shown.panels.insert(0, panel("many", &["m0", "m1", "m2", "m3", "m4", "m5"]));
    shown.panels.push(panel("two", &["y0", "y1"]));
    world.input(Input::Hidden(true));
    world.open(shown);
    world.input(Input::Hidden(false));
    assert_eq!(world.exprs(), ["m0", "x", "y0", "m1", "y1"]);
}

#[test]
fn a_panel_alone_leaves_a_connection_to_who_comes() {
    let mut world = silence(Settings::default());
    let mut shown = view(&["late"]);
    shown.panels.insert(0, panel("many", &["m0", "m1", "m2", "m3", "m4", "m5"]));
    world.input(Input::Show(shown));
    world.input(Input::Place("many".into(), ON_SCREEN));
    assert_eq!(world.exprs(), ["m0", "m1", "m2", "m3"]);
    world.input(Input::Place("late".into(), ON_SCREEN));
    assert_eq!(world.exprs()[4..], ["late"]);
}

#[test]
fn background_work_leaves_room_for_a_panel_that_comes_into_view() {
    let slow_if_fine = |sent: &Sent| match sent.grid.is_some_and(|grid| grid.step.millis() < MINUTE) {
        true => Reply::Silence,
        false => answer(100),
    };
    let mut world = World::new(slow_if_fine);
    world.open(refined_day(8));
    world.run(10 * SECOND);
    assert_eq!((world.sent.len(), world.in_flight()), (8 + 3, 3));
}

#[test]
fn sources_of_one_origin_share_its_connections() {
    let with_origins = |multiplexed: &[&str]| {
        let at = |uid: &str, origin: &str| (uid.to_owned(), origin.to_owned());
        let mut settings = Settings {
            origins: [at("prom", "https://one"), at("other", "https://one")].into(),
            multiplexed: multiplexed.iter().map(ToString::to_string).collect(),
            ..Settings::default()
        };
        settings.max_in_flight_multiplexed = 9;
        settings
    };
    for (settings, expected) in [
        (Settings::default(), 9),
        (with_origins(&[]), 5),
        (with_origins(&["https://two"]), 5),
        (with_origins(&["https://one"]), 9),
    ] {
        let mut world = silence(settings);
        let mut shown = view(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
        shown.panels[6..].iter_mut().for_each(|panel| panel.source = "other".into());
        world.open(shown);
        assert_eq!(world.in_flight(), expected);
    }
}

#[test]
fn more_is_asked_at_once_when_the_origin_turns_out_to_allow_it() {
    let mut world = silence(Settings { max_in_flight_multiplexed: 7, ..Settings::default() });
    world.open(view(&["a", "b", "c", "d", "e", "f", "g", "h"]));
    assert_eq!(world.in_flight(), 5);
    world.input(Input::Multiplexed("prom".into()));
    assert_eq!(world.in_flight(), 7);
}

#[test]
fn a_data_source_may_have_a_limit_of_its_own() {
    for (most, expected) in [(Some(2), 2), (Some(8), 8), (Some(0), 1), (None, 5)] {
        let own = SourceSettings { max_in_flight: most, ..SourceSettings::default() };
        let mut world = silence(Settings { sources: [("prom".to_owned(), own)].into(), ..Settings::default() });
        world.open(view(&["a", "b", "c", "d", "e", "f", "g", "h", "i"]));
        assert_eq!(world.in_flight(), expected);
    }
}

/// A page tells these when they change, and not again with its settings.
#[test]
fn other_settings_leave_the_screen_and_the_tab_as_they_are() {
    let mut world = World::new(|_| answer(100));
    world.input(Input::PixelRatio(2.0));
    world.input(Input::Hidden(true));
    world.engine = world.engine.succeeded_by(Settings::default());
    let mut shown = view(&["up"]);
    shown.range.from = "now-24h".into();
    world.open(shown);
    assert_eq!(world.sent.len(), 0, "nobody sees the tab");
    world.input(Input::Hidden(false));
    assert_eq!(world.sent[0].grid.expect("a grid").step.millis(), 2 * MINUTE, "500 CSS pixels");
}

#[test]
fn what_others_show_is_not_there_to_be_used() {
    let mut settings = Settings::default();
    // Two series of 241 points each.
    settings.page_budget.samples = 1_000;
    let mut world = World::with_settings(settings, |_| answer(100));
    world.open(view(&["a"]));
    world.run(SECOND);
    let mut more = view(&["a", "b", "c"]);
    more.panels.push(panel("again", &["a"]));
    world.open(more);
    world.run(SECOND);
    assert_eq!(world.sent.iter().map(|sent| sent.budget.samples).collect::<Vec<_>>(), [1_000, 518, 518]);
    world.input(Input::Refresh);
    world.run(SECOND);
    assert_eq!(world.sent[3].budget.samples, 36, "beside what the others show");
}

#[test]
fn a_query_that_fails_is_tried_three_times_more() {
    for (error, refresh_millis, expected) in [
        (FetchError::TimedOut { after_secs: 1 }, None, 4..=4),
        (FetchError::Unreachable { detail: String::new() }, None, 4..=4),
        // A page that refreshes goes on, once a minute.
        (FetchError::TimedOut { after_secs: 1 }, Some(5 * SECOND), 12..=18),
        (FetchError::Unreachable { detail: String::new() }, Some(5 * SECOND), 12..=18),
    ] {
        let mut world = World::new(move |_| Reply::Error { after: 5, error: error.clone() });
        let mut shown = view(&["up"]);
        shown.refresh_millis = refresh_millis;
        world.open(shown);
        world.run(10 * MINUTE);
        assert!(expected.contains(&world.sent.len()), "{} with {refresh_millis:?}", world.sent.len());
    }
}

#[test]
fn what_was_given_up_is_tried_again_when_somebody_looks() {
    let mut world = World::new(|sent| if sent.at.since(NOON) < MINUTE { refused() } else { answer(100) });
    world.open(view(&["up", "down"]));
    world.run(30 * SECOND);
    let requests = world.sent.len();
    assert!(requests <= 8 && world.word("up") == "failed", "{requests}");
    for (wait, expected) in [(0, "failed"), (10 * MINUTE, "ready")] {
        world.run(wait);
        world.input(Input::Hidden(true));
        world.input(Input::Hidden(false));
        world.run(SECOND / 2);
        assert_eq!((world.word("up"), world.word("down")), (expected, expected));
    }
    assert_eq!(world.sent.len(), requests + 2 + 3 + 2, "both, three times more, both");
}

/// What the page asks beside its queries shares the connections, comes first, and holds up nothing for good.
#[test]
fn other_requests_share_the_connections() {
    let check = |limit: usize, others: usize, expected: (usize, usize)| {
        let origins = [("prom".to_owned(), "http://prom".to_owned())].into();
        let mut world = silence(Settings { origins, max_in_flight: limit, ..Settings::default() });
        let wanted = |count| Input::Others { origin: "http://prom".to_owned(), count };
        world.input(wanted(others));
        world.open(view(&["a", "b", "c", "d", "e", "f", "g"]));
        assert_eq!((world.in_flight(), world.engine.room_for_others("http://prom")), expected, "{limit}, {others}");
        world.input(wanted(0));
        assert_eq!(world.in_flight(), limit, "what they leave is used");
    };
    check(5, 0, (5, 0));
    check(5, 2, (3, 2));
    check(5, 40, (1, 4));
    check(1, 3, (0, 1));
}

/// A data source that is down is tried by one query at a time, whatever else its origin is to answer.
#[test]
fn other_requests_do_not_keep_a_source_from_being_tried() {
    let origins = [("prom".to_owned(), "http://prom".to_owned())].into();
    let settings = Settings { origins, ..Settings::default() };
    let mut world = World::with_settings(settings, |sent| if sent.at == NOON { refused() } else { answer(100) });
    world.open(view(&["a", "b"]));
    world.input(Input::Others { origin: "http://prom".to_owned(), count: 40 });
    world.run(3 * SECOND);
    assert_eq!((world.word("a"), world.word("b")), ("ready", "ready"));
}

/// Another resolution is chosen while the page still waits for what it has asked itself.
#[test]
fn an_engine_knows_of_what_goes_on_beside_the_one_before_it() {
    let origins = || [("prom".to_owned(), "http://prom".to_owned())].into();
    let settings = || Settings { origins: origins(), ..Settings::default() };
    let mut world = silence(settings());
    world.input(Input::Others { origin: "http://prom".to_owned(), count: 3 });
    world.open(view(&["a", "b", "c", "d"]));
    assert_eq!(world.in_flight(), 2);
    let before = world.sent.len();
    world.engine = world.engine.succeeded_by(settings());
    world.open(view(&["e", "f", "g", "h"]));
    assert_eq!(world.exprs()[before..], ["e", "f"]);
    let mut ids: Vec<FetchId> = world.sent.iter().map(|sent| sent.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), world.sent.len(), "no id is used again");
    world.input(Input::Others { origin: "http://prom".to_owned(), count: 0 });
    assert_eq!(world.exprs()[before..], ["e", "f", "g", "h"]);

    let mut world = silence(settings());
    world.input(Input::Multiplexed("prom".into()));
    world.engine = world.engine.succeeded_by(settings());
    world.open(view(&["a", "b", "c", "d", "e", "f", "g", "h"]));
    assert_eq!(world.in_flight(), 8, "over HTTP/2 as before");
}

/// Thousands of panels, all on the screen: each is planned, sent and told of a fixed number of times, however many there are.
#[test]
fn the_work_grows_with_the_number_of_panels() {
    let work = |panels: usize| {
        let exprs: Vec<String> = (0..panels).map(|n| format!("m{n}")).collect();
        let plans = Rc::new(Cell::new(0));
        let mut world = World::in_zones(Rc::new(Counted(plans.clone())), |_| answer(100));
        world.input(Input::Hidden(true));
        world.open(view(&exprs.iter().map(String::as_str).collect::<Vec<_>>()));
        world.input(Input::Hidden(false));
        world.run(100 * SECOND);
        assert!(exprs.iter().all(|expr| world.word(expr) == "ready"));
        let shown = world.published.len();
        world.input(Input::Show(view(&exprs.iter().rev().map(String::as_str).collect::<Vec<_>>())));
        assert_eq!((world.sent.len(), world.published.len()), (panels, shown), "in another order they are the same");
        (plans.get(), shown)
    };
    assert_eq!(work(200), (200, 2 * 200));
    assert_eq!(work(2_000), (2_000, 2 * 2_000));
}

/// Is asked for the offset once for every panel that is planned.
struct Counted(Rc<Cell<usize>>);

impl Zones for Counted {
    fn offset_millis(&self, zone: &Zone, at: Millis) -> i64 {
        self.0.set(self.0.get() + 1);
        Utc.offset_millis(zone, at)
    }
}
