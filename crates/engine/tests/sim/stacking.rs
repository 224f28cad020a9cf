//! Series that stand on each other.

use crate::world::*;
use engine::{Course, PanelState, Picture, Stack, View};
use frame::{Frame, GAP, Labels, Times};
use promapi::QueryResult;

/// A panel of two stacked queries, of which the second has a step `factor` times as long.
fn stacked(factor: u32) -> View {
    let mut shown = view(&[]);
    let mut one = panel("p", &["a", "b"]);
    one.queries[1].interval_factor = factor;
    one.course = Course { stack: Some(Stack { name: "A".into(), shares: false }), ..Course::default() };
    shown.panels = vec![one];
    shown
}

/// What is drawn where a query's values are these over and over again.
fn drawn(view: View, [a, b]: [&'static [f64]; 2]) -> Picture {
    let mut world = World::new(move |sent| {
        let values = if sent.expr == "a" { a } else { b };
        column(sent, values.iter().copied().cycle())
    });
    world.open(view);
    world.run(SECOND);
    world.engine.picture(&"p".into()).expect("a picture")
}

/// The edges of a series' band, without repetitions.
fn edges(picture: &Picture, series: usize) -> Vec<f64> {
    let offset = |index: usize| picture.columns.offsets[index] as usize;
    let mut edges = picture.columns.values[offset(series)..offset(series + 1)].to_vec();
    edges.sort_by(f64::total_cmp);
    edges.dedup_by(|a, b| a.to_bits() == b.to_bits());
    edges
}

#[test]
fn a_series_stands_on_the_others_of_its_stack() {
    let check = |factor: u32, values: [&'static [f64]; 2], expected: [&[f64]; 2], stacks: [Option<u32>; 2]| {
        let picture = drawn(stacked(factor), values);
        let found = [edges(&picture, 0), edges(&picture, 1)];
        // By text, as a gap is not equal to itself.
        assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{values:?} by {factor}");
        assert_eq!(picture.stacks, stacks, "{values:?} by {factor}");
    };
    let together = [Some(0), Some(0)];
    check(1, [&[10.0], &[3.0]], [&[10.0], &[13.0]], together);
    check(4, [&[10.0], &[3.0]], [&[10.0], &[13.0]], together);
    check(1, [&[10.0], &[3.0, GAP]], [&[10.0], &[13.0, GAP]], together);
    check(1, [&[10.0, f64::NAN], &[3.0]], [&[10.0, GAP], &[3.0, 13.0]], together);
    // Which way a series goes is told by how many of its values are negative, not by how large they are.
    check(1, [&[100.0], &[1.0, 1.0, -5_000.0]], [&[100.0], &[-4_900.0, 101.0]], together);
    check(1, [&[100.0], &[-1.0]], [&[100.0], &[-1.0]], [Some(0), Some(1)]);
}

#[test]
fn what_is_not_stacked_has_no_stack() {
    let picture = drawn(View { panels: vec![panel("p", &["a", "b"])], ..view(&[]) }, [&[10.0], &[3.0]]);
    assert_eq!((picture.stacks, picture.columns.values.last()), (vec![], Some(&3.0)));
}

#[test]
fn series_that_cannot_be_stacked_are_drawn_with_a_notice() {
    let mut world = World::new(|sent| {
        let start = sent.grid.expect("a range query").start;
        let single = |instant| Times::Explicit([start.plus(instant)].into());
        let series = |instant| Frame::series(single(instant), [(Labels::default(), vec![1.0])]);
        let result = QueryResult::Matrix((0..9_000).map(series).collect());
        Reply::Given { after: 100, answer: an_answer_of(result, 9_000, 9_000) }
    });
    let mut shown = stacked(1);
    shown.panels[0].queries.truncate(1);
    world.open(shown);
    world.run(SECOND);
    let PanelState::Ready { data } = world.state("p") else { panic!("{}", world.word("p")) };
    assert_eq!(
        data.notices.warnings,
        ["These are too many series with instants of their own to be stacked; give their queries the same interval"]
    );
    let picture = world.engine.picture(&"p".into()).expect("a picture");
    assert_eq!(picture.columns.values, [1.0; 9_000]);
}
