//! What is told that belongs to no panel: sources in trouble, clocks that differ.

use crate::world::*;
use engine::{Input, Report};
use frame::Millis;
use promapi::{ErrorKind, FetchError};

/// The troubles of sources that were told, in order: its kind, or none when it was over.
fn troubles(world: &World) -> Vec<Option<ErrorKind>> {
    let trouble = |report: &Report| match report {
        Report::Source { uid, trouble } if uid == "prom" => Some(trouble.as_ref().and_then(|error| error.kind)),
        _ => None,
    };
    world.reports.iter().filter_map(trouble).collect()
}

#[test]
fn a_login_page_is_told_once() {
    let mut world = World::new(|sent| match sent.at.since(NOON) < MINUTE {
        true => Reply::Error { after: 5, error: FetchError::SignIn { code: 200 } },
        false => answer(100),
    });
    let mut shown = view(&["a", "b", "c", "d", "e", "f", "g", "h"]);
    shown.refresh_millis = Some(5 * SECOND);
    world.open(shown);
    world.run(10 * MINUTE);
    assert_eq!(troubles(&world), [Some(ErrorKind::SignIn)]);
    world.input(Input::Refresh);
    world.run(SECOND);
    assert_eq!(troubles(&world), [Some(ErrorKind::SignIn), None]);
    assert_eq!(world.word("h"), "ready");
}

#[test]
fn an_outage_is_told_once_and_so_is_its_end() {
    let mut world = World::new(|sent| if sent.at.since(NOON) < 5 * MINUTE { refused() } else { answer(100) });
    let mut shown = view(&["a", "b", "c"]);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(10 * MINUTE);
    assert_eq!(troubles(&world), [Some(ErrorKind::Unreachable), None]);
}

#[test]
fn what_a_query_is_to_blame_for_is_not_the_sources_trouble() {
    let mut world = World::new(|_| api_error(400, "bad_data"));
    world.open(view(&["a"]));
    world.run(MINUTE);
    assert_eq!(troubles(&world), []);
}

/// What the server's clock says, a little before `now`.
fn date(world: &mut World, skew: i64) {
    let now = world.now;
    let date = Millis((now.0 + skew - 50).div_euclid(SECOND) * SECOND);
    world.input(Input::ServerDate { source: "prom".into(), date, sent_at: now.plus(-100) });
}

#[test]
fn the_range_goes_by_the_servers_clock() {
    for (skew, told) in [(0, None), (-20 * SECOND, None), (90 * SECOND, Some(90)), (-90 * SECOND, Some(-90))] {
        let mut world = World::new(|_| answer(100));
        world.tells_the_time = false;
        let mut shown = view(&["a"]);
        shown.refresh_millis = Some(30 * SECOND);
        world.open(shown);
        world.run(SECOND);
        date(&mut world, skew);
        let skews: Vec<i64> = world
            .reports
            .iter()
            .map(|report| match report {
                Report::Skew { millis } => (millis + SECOND / 2).div_euclid(SECOND),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(skews, told.into_iter().collect::<Vec<_>>());
        if told.is_some() {
            assert_eq!(world.sent.len(), 2, "asked again for the right time at once");
        }
        world.run(31 * SECOND);
        let end = world.ranges.last().unwrap().end;
        // Refreshed a second ago, and dates have whole seconds.
        let error = end.since(world.now.plus(skew));
        assert!((-3 * SECOND..=0).contains(&error), "{skew}: {error}");
        assert_eq!(world.word("a"), "ready");
    }
}

#[test]
fn a_clock_that_is_set_right_is_told_too() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["a"]));
    for skew in [90, 90, 91, 0, 0, 0] {
        world.run(MINUTE);
        date(&mut world, skew * SECOND);
    }
    let told = |report: &Report| matches!(report, Report::Skew { millis: 0 });
    assert_eq!(world.reports.iter().map(told).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_fixed_range_is_not_asked_for_again_for_a_clock() {
    let mut world = World::new(|_| answer(100));
    world.tells_the_time = false;
    let mut shown = view(&["a"]);
    (shown.range.from, shown.range.to) = (NOON.plus(-HOUR).0.to_string(), NOON.0.to_string());
    world.open(shown);
    world.run(SECOND);
    date(&mut world, 90 * SECOND);
    assert_eq!((world.reports.len(), world.sent.len()), (1, 1));
}

/// A load balancer in front of two servers, one of which is two minutes ahead.
#[test]
fn servers_that_disagree_about_the_time_do_not_keep_a_page_from_loading() {
    for turns in [&[0, 120][..], &[0, 0, 120], &[0, 0, 0, 0, 120, 120, 120, 120]] {
        let mut world = World::new(|_| answer(400));
        world.tells_the_time = false;
        world.open(view(&["a", "b", "c"]));
        for skew in turns.iter().cycle().take(600) {
            world.run(100);
            date(&mut world, skew * SECOND);
        }
        assert!(world.sent.len() <= 3 * 3, "{turns:?}: {} requests of three panels in a minute", world.sent.len());
        world.run(SECOND);
        assert_eq!(["a", "b", "c"].map(|panel| world.word(panel)), ["ready"; 3], "{turns:?}");
    }
}
