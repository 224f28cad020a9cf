//! Panels whose queries go to several data sources, to another panel's answer, or nowhere.

use crate::world::*;
use engine::{ExemplarQuery, Input, PanelSpec, PanelState, QuerySource};
use promapi::ErrorKind;

/// A panel whose queries are called as they are asked, each by its own source.
fn mixed(id: &str, queries: &[(&str, QuerySource)]) -> PanelSpec {
    let exprs: Vec<&str> = queries.iter().map(|(expr, _)| *expr).collect();
    let mut spec = panel(id, &exprs);
    for (query, (_, source)) in spec.queries.iter_mut().zip(queries) {
        query.source = source.clone();
    }
    spec
}

fn uid(uid: &str) -> QuerySource {
    QuerySource::Uid(uid.into())
}

fn asked(world: &World) -> Vec<(&str, &str)> {
    world.sent.iter().map(|sent| (&*sent.source, &*sent.expr)).collect()
}

/// The names of the series a panel shows, and what is said of them.
fn shown(world: &World, panel: &str) -> (Vec<String>, Vec<String>) {
    let PanelState::Ready { data } = world.state(panel) else { panic!("{}", world.word(panel)) };
    let names = data.queries.iter().map(|query| format!("{} {}", query.ref_id, query.expr)).collect();
    (names, data.notices.warnings.clone())
}

fn open(panels: Vec<PanelSpec>, server: impl FnMut(&Sent) -> Reply + 'static) -> World {
    let mut world = World::new(server);
    let mut all = view(&[]);
    all.panels = panels;
    world.open(all);
    world
}

#[test]
fn each_query_of_a_mixed_panel_asks_its_own() {
    let queries = [("up", uid("a")), ("up", uid("b")), ("down", QuerySource::OfPanel)];
    let mut world = open(vec![mixed("p", &queries)], |_| answer(100));
    world.run(SECOND);
    assert_eq!(asked(&world), [("a", "up"), ("b", "up"), ("prom", "down")]);
    assert_eq!(shown(&world, "p"), (vec!["A up".into(), "B up".into(), "C down".into()], vec![]));
}

#[test]
fn a_query_that_nobody_answers_says_so_and_the_others_work() {
    let nobody = || QuerySource::Nobody("there is no data source “logs”".into());
    let panels = vec![mixed("p", &[("up", uid("a")), ("{app=\"x\"}", nobody())]), mixed("none", &[("", nobody())])];
    let mut world = open(panels, |_| answer(100));
    world.run(SECOND);
    assert_eq!(shown(&world, "p"), (vec!["A up".into()], vec!["B: there is no data source “logs”".into()]));
    let PanelState::Failed { error, retry_at, .. } = world.state("none") else { panic!("{}", world.word("none")) };
    assert_eq!((&*error.cause, error.retryable, *retry_at), ("A: there is no data source “logs”", false, None));
    assert_eq!(asked(&world), [("a", "up")]);
}

#[test]
fn what_another_panel_is_answered_is_shown_without_a_second_request() {
    let shared = |id: &str| QuerySource::Panel(id.into());
    let mut first = mixed("1", &[("a", uid("x")), ("b", uid("y"))]);
    first.max_data_points = Some(100);
    let panels = vec![
        mixed("2", &[("", shared("1"))]),
        first,
        mixed("chain", &[("", shared("2")), ("c", uid("x"))]),
        mixed("lost", &[("", shared("9"))]),
    ];
    let mut world = open(panels, |_| answer(100));
    world.run(SECOND);
    for width_px in [500, 2_000] {
        world.input(Input::Place("2".into(), engine::Placement { width_px, visible: true }));
        world.run(SECOND);
    }
    assert_eq!(asked(&world), [("x", "a"), ("y", "b"), ("x", "c")]);
    let both = vec!["A a".to_owned(), "B b".to_owned()];
    assert_eq!((shown(&world, "1").0, shown(&world, "2").0), (both.clone(), both));
    assert_eq!(shown(&world, "chain").1, ["A: shows a panel that itself shows another one"]);
    assert_eq!(world.word("lost"), "failed");

    world.input(Input::Refresh);
    world.run(SECOND);
    assert_eq!(world.sent.len(), 6, "at a refresh once as well");
}

#[test]
fn another_panel_is_asked_for_what_it_shows_while_it_is_off_the_screen() {
    let mut world = open(vec![mixed("2", &[("", QuerySource::Panel("1".into()))])], |_| answer(100));
    let mut with_source = view(&["up"]);
    with_source.panels[0].id = "1".into();
    with_source.panels.push(mixed("2", &[("", QuerySource::Panel("1".into()))]));
    assert_eq!(world.word("2"), "failed");
    world.input(Input::Show(with_source));
    world.run(SECOND);
    assert_eq!((shown(&world, "2").0, world.word("1")), (vec!["A up".into()], "idle"));
}

#[test]
fn trouble_of_one_source_is_not_the_others() {
    let panels = vec![mixed("good", &[("up", uid("a"))]), mixed("bad", &[("up", uid("a")), ("up", uid("b"))])];
    let mut world = open(panels, |sent| if sent.source == "b" { refused() } else { answer(100) });
    world.run(SECOND / 2);
    assert_eq!((world.word("good"), world.word("bad")), ("ready", "ready"));
    let data = world.state("bad").data().unwrap();
    let [(ref_id, error)] = data.failures.as_slice() else { panic!("{:?}", data.failures) };
    assert_eq!((ref_id.as_str(), error.kind, data.series.len()), ("B", Some(ErrorKind::Unreachable), 2));
}

#[test]
fn exemplars_are_those_of_what_is_shown() {
    let panel = mixed("p", &[("a", uid("one")), ("b # c", uid("one")), ("a", uid("one")), ("d", uid("two"))]);
    let mut world = open(vec![panel], |_| answer(100));
    let ref_ids = |of: &[&str]| -> Vec<String> { of.iter().map(|ref_id| (*ref_id).to_owned()).collect() };
    assert_eq!(world.engine.exemplar_query(&"p".into(), &ref_ids(&["A"])), None, "nothing is shown yet");
    world.run(1_000);
    let PanelState::Ready { data } = world.state("p") else { panic!("{}", world.word("p")) };
    let (range, step) = (data.range, data.step);
    for (of, source, expr) in
        [(["A", "B", "C"].as_slice(), "one", "(a\n) + (b # c\n)"), (&["B", "D"], "one", "b # c"), (&["D"], "two", "d")]
    {
        let expected = ExemplarQuery { source: source.into(), expr: expr.into(), range, step };
        assert_eq!(world.engine.exemplar_query(&"p".into(), &ref_ids(of)), Some(expected));
    }
    assert_eq!(world.engine.exemplar_query(&"p".into(), &ref_ids(&["nobody"])), None);
    assert_eq!(world.engine.exemplar_query(&"other".into(), &ref_ids(&["A"])), None);
}
