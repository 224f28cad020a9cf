//! Stories: what a user sees and what a server gets, told by the engine in a made-up world.
#![allow(clippy::unwrap_used)]

mod bad_day;
mod calcs;
mod failures;
mod increment;
mod parts;
mod properties;
mod refinement;
mod reports;
mod schedule;
mod shaping;
mod sources;
mod stacking;
mod tsdb;
mod wall_screen;
mod world;

use engine::{Input, PanelState, Placement};
use world::*;

#[test]
fn a_panel_is_asked_for_and_shown() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["up"]));
    assert_eq!(world.word("up"), "loading");
    world.run(100);
    assert_eq!(world.word("up"), "ready");
    assert_eq!(world.exprs(), ["up"]);

    let picture = world.engine.picture(&"up".into()).expect("a picture");
    assert_eq!(picture.range, world.ranges[0]);
    assert_eq!(
        picture.series.iter().map(|head| &*head.name).collect::<Vec<_>>(),
        [r#"up{instance="a"}"#, r#"up{instance="b"}"#]
    );
    assert_eq!(picture.columns.offsets, [0, 241, 482]);
    for (at, drawn) in picture.columns.times.iter().zip(&picture.columns.values).take(241) {
        assert_eq!(*drawn, value(frame::Millis(*at as i64), 0));
    }
    let probe = world.engine.values_at(&"up".into(), NOON.plus(-7_000)).expect("values");
    assert_eq!((probe.at, probe.values), (NOON, vec![value(NOON, 0), value(NOON, 1)]));
}

#[test]
fn a_picture_is_given_once() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["up"]));
    world.run(1_000);
    let is_new = |world: &mut World| world.engine.new_picture(&"up".into()).is_some();
    assert!(is_new(&mut world));
    assert!(!is_new(&mut world));

    world.input(Input::Refresh);
    assert_eq!((world.word("up"), is_new(&mut world)), ("loading stale", false), "the old data is drawn already");
    world.run(1_000);
    assert_eq!((world.word("up"), is_new(&mut world)), ("ready", true));

    world.input(Input::Place("up".into(), Placement { width_px: 300, ..ON_SCREEN }));
    assert!(is_new(&mut world), "another width");
    let mut other = view(&["up"]);
    other.range.from = "now-6h".into();
    world.input(Input::Show(other));
    assert_eq!((world.word("up"), is_new(&mut world)), ("loading stale", true), "the old data in another range");
    assert!(!is_new(&mut world));
}

#[test]
fn a_slow_answer_overtaken_by_a_range_change_is_never_painted() {
    for aborts_come_too_late in [false, true] {
        let mut slow = true;
        let mut world = World::new(move |_| answer(if std::mem::take(&mut slow) { 5_000 } else { 100 }));
        world.aborts_come_too_late = aborts_come_too_late;
        world.open(view(&["up"]));
        world.run(1_000);

        let mut other = view(&["up"]);
        other.range.from = "now-6h".into();
        world.input(Input::Show(other));
        assert_eq!(world.aborted, [world.sent[0].id]);
        world.run(10_000);
        let PanelState::Ready { data } = world.state("up") else { panic!("{}", world.word("up")) };
        assert_eq!(data.range.millis(), 6 * HOUR);
        assert!(world.published.iter().all(|(at, _)| *at < NOON.plus(2_000)), "the overtaken answer is not published");
    }
}

#[test]
fn equal_queries_are_sent_once() {
    let mut world = World::new(|_| answer(100));
    let mut view = view(&["up"]);
    view.panels.push(panel("again", &["up", "down"]));
    view.panels.push(panel("spaced", &[" up "]));
    world.open(view);
    world.run(1_000);
    assert_eq!(world.exprs(), ["up", "down"]);
    for panel in ["up", "again", "spaced"] {
        assert_eq!(world.word(panel), "ready");
    }
}

#[test]
fn what_one_panel_has_another_need_not_ask_for() {
    let mut world = World::new(|_| answer(100));
    let mut view = view(&["up"]);
    view.panels.push(panel("below", &["up"]));
    world.input(Input::Show(view));
    world.input(Input::Place("up".into(), ON_SCREEN));
    world.run(10_000);
    world.input(Input::Place("below".into(), ON_SCREEN));
    assert_eq!(world.word("below"), "ready");
    assert_eq!(world.exprs(), ["up"]);
}

#[test]
fn five_are_in_flight_and_the_first_panels_come_first() {
    let exprs: Vec<String> = (0..12).map(|n| format!("m{n}")).collect();
    let exprs: Vec<&str> = exprs.iter().map(String::as_str).collect();
    let mut world = World::new(|_| answer(100));
    world.open(view(&exprs));
    assert_eq!((world.in_flight(), world.exprs()), (5, exprs[..5].to_vec()));
    world.run(10_000);
    assert_eq!((world.most_in_flight, world.exprs()), (5, exprs));
}

#[test]
fn every_source_has_its_own_five() {
    let mut world = World::new(|_| answer(100));
    let mut view = view(&["a", "b", "c", "d", "e", "f", "g"]);
    view.panels[5].source = "other".into();
    view.panels[6].source = "other".into();
    world.open(view);
    assert_eq!(world.in_flight(), 7);
}

#[test]
fn one_panel_that_hangs_does_not_hold_up_the_others() {
    let exprs: Vec<String> = (0..30).map(|n| format!("m{n}")).collect();
    let exprs: Vec<&str> = exprs.iter().map(String::as_str).collect();
    let mut world = World::new(|sent| if sent.expr == "m0" { Reply::Silence } else { answer(100) });
    world.open(view(&exprs));
    world.run(10_000);
    assert_eq!(world.word("m0"), "loading");
    assert!(exprs[1..].iter().all(|panel| world.word(panel) == "ready"));
}

#[test]
fn a_panel_is_idle_until_it_comes_into_view() {
    let mut world = World::new(|_| answer(100));
    world.input(Input::Show(view(&["above", "below"])));
    world.input(Input::Place("above".into(), ON_SCREEN));
    world.input(Input::Place("below".into(), OFF_SCREEN));
    world.run(10_000);
    assert_eq!((world.word("below"), world.exprs()), ("idle", vec!["above"]));
    world.input(Input::Place("below".into(), ON_SCREEN));
    world.run(100);
    assert_eq!((world.word("below"), world.exprs()), ("ready", vec!["above", "below"]));
}

#[test]
fn a_panel_may_be_placed_before_it_is_shown() {
    let mut world = World::new(|_| answer(100));
    world.input(Input::Place("up".into(), ON_SCREEN));
    world.input(Input::Show(view(&["up"])));
    world.run(1_000);
    assert_eq!(world.word("up"), "ready");
}

#[test]
fn a_panel_scrolled_away_before_its_turn_gives_way() {
    let mut world = World::new(|_| answer(1_000));
    world.open(view(&["a", "b", "c", "d", "e", "f", "g"]));
    world.input(Input::Place("f".into(), OFF_SCREEN));
    world.run(10_000);
    assert_eq!((world.word("f"), world.word("g")), ("idle", "ready"));
    assert!(!world.exprs().contains(&"f"));
}

#[test]
fn old_data_stays_in_view_and_moves_into_the_new_range_at_once() {
    let mut world = World::new(|_| answer(1_000));
    world.open(view(&["up"]));
    world.run(1_000);
    let mut earlier = view(&["up"]);
    (earlier.range.from, earlier.range.to) = ("now-2h".into(), "now-30m".into());
    world.input(Input::Show(earlier));
    assert_eq!(world.word("up"), "loading stale");
    let picture = world.engine.picture(&"up".into()).expect("a picture");
    assert_eq!(picture.range, world.ranges[1]);
    let last = *picture.columns.times.last().expect("points") as i64;
    assert!(last <= picture.range.end.0 + 15_000, "cut to the range, with one point beyond");
    world.run(1_000);
    assert_eq!(world.word("up"), "ready");
}

#[test]
fn a_refresh_moves_the_picture_together_with_its_data() {
    let mut world = World::new(|_| answer(1_000));
    let mut shown = view(&["up"]);
    shown.refresh_millis = Some(30 * SECOND);
    world.open(shown);
    world.run(30 * SECOND);
    let range = |world: &World| world.engine.picture(&"up".into()).expect("a picture").range;
    assert_eq!((world.word("up"), range(&world)), ("loading stale", world.ranges[0]));
    world.run(SECOND);
    assert_eq!((world.word("up"), range(&world)), ("ready", world.ranges[1]));
}

#[test]
fn variables_are_put_in_and_a_change_asks_again() {
    let mut world = World::new(|_| answer(1_000));
    let mut shown = view(&["up{job=\"$job\"}", "down"]);
    shown.scope = variable("job", "node");
    world.open(shown.clone());
    world.run(500);
    shown.scope = variable("job", "api");
    world.input(Input::Show(shown));
    world.run(2_000);
    assert_eq!(
        world.exprs(),
        ["up{job=\"node\"}", "down", "up{job=\"api\"}"],
        "what stays the same is not asked again"
    );
    assert_eq!(world.aborted, [world.sent[0].id]);
}

#[test]
fn showing_the_same_again_changes_nothing() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["up"]));
    world.run(1_000);
    let before = (world.sent.len(), world.published.len());
    world.input(Input::Show(view(&["up"])));
    world.run(1_000);
    assert_eq!((world.sent.len(), world.published.len()), before);
}

#[test]
fn another_legend_needs_no_query() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["up"]));
    world.run(1_000);
    let mut renamed = view(&["up"]);
    renamed.panels[0].queries[0].legend = "{{instance}}".into();
    world.input(Input::Show(renamed));
    let names: Vec<String> =
        world.engine.picture(&"up".into()).unwrap().series.into_iter().map(|head| head.name).collect();
    assert_eq!((names, world.sent.len()), (vec!["a".to_owned(), "b".to_owned()], 1));
}

#[test]
fn a_dashboard_that_is_left_is_asked_for_nothing_more() {
    let mut world = World::new(|_| answer(1_000));
    world.open(view(&["a", "b"]));
    world.open(view(&["c"]));
    assert_eq!(world.aborted.len(), 2);
    world.run(10_000);
    assert!(world.engine.panel(&"a".into()).is_none());
    assert_eq!(world.word("c"), "ready");
}

#[test]
fn a_page_begins_with_the_time_at_which_it_is_opened() {
    let mut world = World::new(|_| answer(100));
    for exprs in [&[][..], &["up"], &[], &["up"], &["down"]] {
        world.open(view(exprs));
        world.run(SECOND);
        for panel in exprs {
            let PanelState::Ready { data } = world.state(panel) else { panic!("{panel} is {}", world.word(panel)) };
            assert_eq!(data.range.end, world.now.plus(-SECOND), "{panel}");
        }
        world.run(30 * MINUTE);
    }
    assert_eq!(world.exprs(), ["up", "up", "down"]);
}

#[test]
fn refresh_asks_again_at_its_interval() {
    let mut world = World::new(|_| answer(100));
    let mut shown = view(&["up"]);
    shown.refresh_millis = Some(30 * SECOND);
    world.open(shown);
    world.run(5 * MINUTE + SECOND);
    assert_eq!(world.sent.len(), 11);
    assert_eq!(world.ranges.last().unwrap().end, NOON.plus(5 * MINUTE));
    assert_eq!(world.word("up"), "ready");
}

#[test]
fn nobody_asks_more_often_than_every_second() {
    for (wished, expected) in [(1, 11), (999, 11), (2_000, 6), (0, 1), (-1, 1), (i64::MIN, 1)] {
        let mut world = World::new(|_| answer(1));
        let mut shown = view(&["up"]);
        shown.refresh_millis = Some(wished);
        world.open(shown);
        world.run(10 * SECOND);
        assert_eq!(world.sent.len(), expected, "every {wished} ms");
    }
}

#[test]
fn a_refresh_slower_than_its_interval_skips_ticks() {
    let mut world = World::new(|sent| answer(if sent.expr == "slow" { 12 * SECOND } else { 100 }));
    let mut shown = view(&["slow", "quick"]);
    shown.refresh_millis = Some(5 * SECOND);
    world.open(shown);
    world.run(2 * MINUTE);
    let slow = world.exprs().into_iter().filter(|expr| *expr == "slow").count();
    assert!((7..=9).contains(&slow), "every 15 seconds, not every 5: {slow}");
    assert!(world.aborted.is_empty(), "a tick never cuts off the one before");
    assert!(world.exprs().len() - slow >= 23, "the others keep their pace");
}

#[test]
fn a_hidden_tab_sends_nothing_and_refreshes_once_on_return() {
    let mut world = World::new(|_| answer(100));
    let mut shown = view(&["up"]);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(SECOND);
    world.input(Input::Hidden(true));
    let before = world.sent.len();
    world.run(10 * MINUTE);
    world.input(Input::Refresh);
    world.run(MINUTE);
    assert_eq!(world.sent.len(), before);
    world.input(Input::Hidden(false));
    world.run(5 * SECOND);
    assert_eq!(world.sent.len(), before + 1);
}

#[test]
fn a_frozen_page_refreshes_once_when_it_thaws() {
    let mut world = World::new(|_| answer(100));
    let mut shown = view(&["up"]);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(SECOND);
    let before = world.sent.len();
    // No timer fires meanwhile.
    world.now = world.now.plus(HOUR);
    world.input(Input::Wake);
    world.run(5 * SECOND);
    assert_eq!(world.sent.len(), before + 1);
}

#[test]
fn a_refresh_by_hand_asks_for_everything_again() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["a", "b"]));
    world.run(MINUTE);
    world.input(Input::Refresh);
    world.run(SECOND);
    assert_eq!(world.exprs(), ["a", "b", "a", "b"]);
    assert_eq!(world.ranges.len(), 2);
}

#[test]
fn impatience_does_not_start_over() {
    let mut world = World::new(|_| answer(2_000));
    world.open(view(&["up"]));
    for _ in 0..5 {
        world.run(100);
        world.input(Input::Refresh);
    }
    world.run(10_000);
    assert_eq!((world.sent.len(), world.aborted.len()), (1, 0), "the same question is on its way");
}

#[test]
fn a_wider_panel_asks_for_more_points_and_a_narrower_one_does_not() {
    let mut world = World::new(|_| answer(100));
    let mut shown = view(&["up"]);
    shown.range.from = "now-24h".into();
    world.open(shown);
    world.run(1_000);
    let published = world.published.len();
    world.input(Input::Place("up".into(), engine::Placement { width_px: 500, visible: true }));
    world.run(1_000);
    assert_eq!((world.sent.len(), world.published.len()), (1, published + 1), "drawn anew, not asked anew");
    world.input(Input::Place("up".into(), engine::Placement { width_px: 3_000, visible: true }));
    world.run(1_000);
    assert_eq!(world.sent.len(), 2);
}

#[test]
fn points_follow_css_pixels() {
    let mut world = World::new(|_| answer(100));
    world.input(Input::PixelRatio(2.0));
    let mut shown = view(&["up"]);
    shown.range.from = "now-24h".into();
    world.open(shown);
    assert_eq!(world.sent[0].grid.unwrap().step.millis(), 2 * MINUTE, "500 CSS pixels");
}

#[test]
fn a_panel_without_a_query_waits_for_nothing() {
    let mut world = World::new(|_| answer(5));
    let mut shown = view(&["x"]);
    shown.panels.extend([panel("none", &[]), panel("blank", &[" "])]);
    world.open(shown);
    for id in ["none", "blank"] {
        assert_eq!(world.word(id), "ready");
        assert!(world.state(id).data().unwrap().series.is_empty());
    }
    assert_eq!(world.exprs(), ["x"]);
}

#[test]
fn an_instant_query_asks_at_the_end_of_the_range() {
    let mut world = World::new(|_| answer(100));
    let mut shown = view(&["up"]);
    shown.panels[0].shape = engine::Shape::Instant;
    shown.panels[0].calcs = vec![frame::calcs::Calc::LastNotNull];
    world.open(shown);
    world.run(1_000);
    assert_eq!(world.sent[0].grid, None);
    let picture = world.engine.picture(&"up".into()).expect("a picture");
    assert_eq!(picture.columns.offsets, [0, 1, 2]);
    assert_eq!(picture.series[0].calcs, [value(NOON, 0)]);
}
