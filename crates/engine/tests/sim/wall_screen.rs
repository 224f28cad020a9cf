//! A wall screen is left alone for weeks: what goes on there must not take more and more memory.

use crate::world::*;
use allocation_counter::measure;
use frame::{Frame, Labels, Times};
use promapi::{Answer, QueryResult};

/// Two series, of which one is another every five seconds, as short-lived pods are.
fn with_short_lived_pods(sent: &Sent) -> Answer {
    let grid = sent.grid.expect("a range");
    let pod = format!("pod-{}", sent.at.0 / (5 * SECOND));
    let series = ["stays", &pod].map(|pod| {
        let labels: Labels = [("__name__", &*sent.expr), ("pod", pod)].into_iter().collect();
        (labels, (0..grid.len as usize).map(|row| value(grid.at(row), 0)).collect())
    });
    let matrix = vec![Frame::series(Times::Grid(grid), series)];
    an_answer_of(QueryResult::Matrix(matrix), 2, u64::from(grid.len) * 2)
}

/// What is held after each thousand of ten thousand refreshes, in bytes that were allocated and not freed.
fn held_by(mut world: World) -> Vec<i64> {
    let mut shown = view(&["a", "b", "rate(c[1m])"]);
    shown.range.from = "now-5m".into();
    shown.refresh_millis = Some(SECOND);
    world.open(shown);
    let mut held = 0;
    let thousand_refreshes = || {
        let allocated = measure(|| {
            for _ in 0..1_000 {
                world.run(SECOND);
                for id in &world.panels {
                    assert!(world.engine.picture(&id.as_str().into()).is_some());
                }
                world.forget();
            }
        });
        held += allocated.bytes_current;
        held
    };
    std::iter::repeat_with(thousand_refreshes).take(10).collect()
}

#[test]
fn the_same_series_for_hours_take_the_same_memory() {
    let held = held_by(World::new(|_| answer(100)));
    assert!(held.iter().all(|bytes| *bytes == held[0]), "{held:?}");
}

#[test]
fn series_that_come_and_go_for_hours_take_no_more_and_more_memory() {
    let held = held_by(World::new(|sent| Reply::Given { after: 100, answer: with_short_lived_pods(sent) }));
    let (first, last) = held.split_at(held.len() / 2);
    assert!(last.iter().max() <= first.iter().max(), "{held:?}");
}
