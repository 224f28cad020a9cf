//! A panel of several queries, some of them slower than others.

use crate::world::*;
use engine::{Input, PanelState, Refine, View};
use frame::TimeRange;

const SLOW: i64 = 20 * SECOND;

/// Two series for each query; those of `s…` are slow.
fn a_world() -> World {
    World::new(|sent| answer(if sent.expr.starts_with('s') { SLOW } else { 100 }))
}

fn chart(exprs: &[&str]) -> View {
    let mut shown = view(&[]);
    shown.panels.push(engine::PanelSpec { piecewise: true, ..panel("p", exprs) });
    shown
}

/// What the panel shows, as `word: series…`, each with its place and the end of what is there of it, in seconds from noon.
fn shown(world: &World) -> String {
    let mut text = format!("{}:", world.word("p"));
    let Some(data) = world.state("p").data() else { return text };
    let ends = data.queries.iter().flat_map(|query| {
        let end = query.frames[0].times().and_then(|times| times.get(times.len() - 1)).expect("rows");
        query.frames[0].numbers().map(move |_| end.since(NOON) / SECOND)
    });
    for (head, end) in data.series.iter().zip(ends) {
        let (name, instance) = (head.labels.metric_name().expect("a name"), head.labels.get("instance").expect("one"));
        text += &format!(" {name}{instance}@{}+{end}", head.place);
    }
    text
}

#[test]
fn what_is_answered_is_shown_beside_what_is_awaited() {
    let mut world = a_world();
    world.open(chart(&["f0", "s1", "f2"]));
    assert_eq!(shown(&world), "loading:");
    world.run(SECOND);
    // There is room for one series of the query in between: nothing more is known of it.
    assert_eq!(shown(&world), "loading stale: f0a@0+0 f0b@1+0 f2a@3+0 f2b@4+0");
    let picture = world.engine.picture(&"p".into()).expect("a picture");
    assert_eq!(picture.range, TimeRange { start: NOON.plus(-HOUR), end: NOON });
    world.run(SLOW);
    assert_eq!(shown(&world), "ready: f0a@0+0 f0b@1+0 s1a@2+0 s1b@3+0 f2a@4+0 f2b@5+0");
    assert_eq!(world.sent.len(), 3);
}

#[test]
fn at_a_refresh_every_query_keeps_what_it_has_until_there_is_more() {
    let mut world = a_world();
    let mut view = chart(&["s0", "f1"]);
    view.refresh_millis = Some(MINUTE);
    world.open(view);
    world.run(MINUTE + SECOND);
    assert_eq!(shown(&world), "loading stale: s0a@0+0 s0b@1+0 f1a@2+60 f1b@3+60");
    world.run(SLOW);
    assert_eq!(shown(&world), "ready: s0a@0+60 s0b@1+60 f1a@2+60 f1b@3+60");
    for _ in 0..200 {
        world.run(SECOND);
        let names = world.state("p").data().expect("data").series.len();
        assert_eq!(names, 4, "no series goes away at any refresh");
    }
}

/// What the panel still shows of a query is not the answer to it.
#[test]
fn a_panel_that_joins_waits_for_the_answer_too() {
    let mut world = a_world();
    let mut view = chart(&["s0", "f1"]);
    view.range.from = "now-24h".into();
    view.refresh_millis = Some(30 * SECOND);
    view.panels.push(panel("q", &["s0"]));
    world.open(view);
    world.input(Input::Place("q".into(), OFF_SCREEN));
    world.run(31 * SECOND);
    assert!(shown(&world).starts_with("loading stale: s0"), "{}", shown(&world));
    world.input(Input::Place("q".into(), ON_SCREEN));
    assert!(world.word("q").starts_with("loading"), "{}", world.word("q"));
    world.run(SLOW);
    let end = |panel: &str| world.state(panel).data().expect("data").range.end;
    assert_eq!((world.word("q"), end("q"), world.sent.len()), ("ready", end("p"), 4));
}

#[test]
fn over_another_range_the_old_lines_stay_where_they_belong() {
    let mut world = a_world();
    let mut view = chart(&["s0", "f1"]);
    world.open(view.clone());
    world.run(MINUTE);
    view.range.from = "now-30m".into();
    world.input(Input::Show(view));
    world.run(SECOND);
    assert_eq!(shown(&world), "loading stale: s0a@0+0 s0b@1+0 f1a@2+60 f1b@3+60");
    let picture = world.engine.picture(&"p".into()).expect("a picture");
    assert_eq!(picture.range.millis(), 30 * MINUTE);
}

#[test]
fn the_answer_to_another_question_is_not_shown_beside() {
    let mut world = a_world();
    let mut view = chart(&["s0{x=\"$v\"}", "f1{x=\"$v\"}"]);
    view.scope = variable("v", "1");
    world.open(view.clone());
    world.run(MINUTE);
    view.scope = variable("v", "2");
    world.input(Input::Show(view));
    world.run(SECOND);
    assert!(shown(&world).starts_with("loading stale: f1{x=\"2\"}a@2"), "with room for two: {}", shown(&world));
}

#[test]
fn what_fails_is_told_with_the_part() {
    let mut world = World::new(|sent| match &sent.expr[..1] {
        "s" => answer(SLOW),
        "e" => api_error(422, "execution"),
        _ => answer(100),
    });
    world.open(chart(&["e0", "f1", "s2"]));
    world.run(SECOND);
    assert_eq!(shown(&world), "loading stale: f1a@0+0 f1b@1+0");
    assert_eq!(world.state("p").data().expect("data").failures.len(), 1);
}

#[test]
fn what_needs_all_of_it_waits() {
    for (name, change) in [
        ("stacked", (|panel| panel.course.stack = Some(engine::Stack::default())) as fn(&mut engine::PanelSpec)),
        ("not a chart", |panel| panel.piecewise = false),
        ("shaped", |panel| panel.shaping = Some(engine::Shaping::default())),
    ] {
        let mut world = a_world();
        let mut view = chart(&["f0", "s1"]);
        change(&mut view.panels[0]);
        world.open(view);
        world.run(SECOND);
        assert_eq!(shown(&world), "loading:", "{name}");
    }
}

#[test]
fn peaks_do_not_go_while_a_query_is_awaited() {
    let mut world = World::new(|sent| {
        let is_late = sent.at.since(NOON) > 30 * SECOND && sent.expr.starts_with('s');
        answer(if is_late { SLOW } else { 100 })
    });
    let mut view = chart(&["s0", "f1"]);
    view.range.from = "now-24h".into();
    view.refresh_millis = Some(MINUTE);
    view.panels[0].refine = Some(Refine::Auto);
    world.open(view);
    world.run(10 * SECOND);
    assert!(world.state("p").data().expect("data").finer.is_some());
    world.run(MINUTE);
    let PanelState::Loading { stale: Some(data) } = world.state("p") else { panic!("{}", world.word("p")) };
    assert!(data.finer.is_some());
}
