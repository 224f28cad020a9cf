//! The cache alone, with answers whose values are their times.

use super::*;
use frame::{Frame, Labels, Step, Times};
use promql::increment::Resolution;
use proptest::prelude::*;

fn grid(start: i64, step: i64, len: u32) -> Grid {
    Grid { start: Millis(start), step: Step::at_least_one(step), len }
}

fn key(grid: Grid) -> Key {
    Key { source: "s".into(), expr: "x".into(), when: When::Over(grid) }
}

/// One series whose values are its times.
fn piece(grid: Grid, sent_at: i64, written_until: i64) -> Piece {
    let values = (0..grid.len as usize).map(|row| grid.at(row).0 as f64).collect();
    let frame = Frame::series(Times::Grid(grid), [(Labels::default(), values)]);
    let answer = Answered { frames: [frame].into(), ..Answered::default() };
    Piece {
        source: "s".into(),
        expr: "x".into(),
        grid,
        answer: Arc::new(answer),
        sent_at: Millis(sent_at),
        asked_at: Millis(i64::MAX / 2),
        written_until: Millis(written_until),
        is_guessed: false,
        reach: None,
        renew_at: Millis(i64::MAX),
    }
}

fn cache(max_bytes: u64, reach: fn(&str) -> Increment) -> Cache {
    let mut cache = Cache::new(max_bytes);
    cache.set_analysis(reach);
    cache
}

fn exact(_: &str) -> Increment {
    Increment::PerStep(Reach::default())
}

/// Kept: rows 100, 110 … 200, settled up to 150. What is asked of the server for the rows from `start` to `end`.
fn check(reach: Reach, wanted: Grid, fresh_since: i64, expected: Option<Option<(i64, i64, i64)>>) {
    let mut cache = cache(1 << 20, exact);
    cache.insert(Piece { reach: Some(reach), ..piece(grid(100, 10, 11), 7, 150) }, false);
    let found = cache.find(&key(wanted), Millis(fresh_since), Millis(0));
    let rest = found.map(|found| match found {
        Found::Answer(_) => None,
        Found::Part(errand) => {
            errand.sent.grid().map(|sent| (sent.start.0, sent.at(sent.len as usize - 1).0, sent.step.millis()))
        }
    });
    assert_eq!(rest, expected, "{wanted:?} since {fresh_since}");
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let reach = Reach::default();
    // Moved on, renewed, as shown.
    check(reach, grid(120, 10, 11), 8, Some(Some((160, 220, 10))));
    check(reach, grid(100, 10, 11), 8, Some(Some((160, 200, 10))));
    check(reach, grid(100, 10, 11), 7, Some(None));
    // To the left, within, beyond what is settled, around it, beside it.
    check(reach, grid(50, 10, 11), 8, Some(Some((50, 90, 10))));
    check(reach, grid(110, 10, 4), 8, Some(None));
    check(reach, grid(160, 10, 11), 7, None);
    check(reach, grid(90, 10, 13), 7, None);
    check(reach, grid(210, 10, 3), 7, None);
    // At a coarser step, at a finer one, out of step, and where the rest would be more than the whole.
    check(reach, grid(100, 20, 6), 8, Some(Some((160, 200, 10))));
    check(reach, grid(110, 30, 2), 8, Some(None));
    check(reach, grid(100, 5, 11), 7, None);
    check(reach, grid(105, 10, 4), 7, None);
    check(reach, grid(100, 50, 20), 7, None);
}

#[test]
fn what_values_depend_on_is_heeded() {
    let ahead = Reach { ahead_millis: 30, ..Reach::default() };
    check(ahead, grid(100, 10, 11), 8, Some(Some((130, 200, 10))));
    let pinned = |at| Reach { pinned_millis: Some(at), ..Reach::default() };
    check(pinned(150), grid(100, 10, 11), 8, Some(Some((160, 200, 10))));
    check(pinned(151), grid(100, 10, 11), 8, None);
    let by_server = Reach { resolution: Resolution::Server, ..Reach::default() };
    check(by_server, grid(100, 10, 11), 8, Some(Some((160, 200, 10))));
    check(by_server, grid(100, 20, 6), 7, None);
    let mut whole = cache(1 << 20, |_| Increment::Whole(promql::increment::Reason::Function));
    whole.insert(piece(grid(100, 10, 11), 7, 150), false);
    assert!(whole.find(&key(grid(100, 10, 11)), Millis(0), Millis(0)).is_none() && whole.bytes == 0);
}

/// `scalar` of several series is no number, which MetricsQL says of all steps.
#[test]
fn what_metricsql_makes_of_the_whole_range_is_not_kept() {
    let counting = |_: &str| Increment::PerStep(Reach { counts_series: true, ..Reach::default() });
    for (is_metricsql, analysis, is_kept) in
        [(false, counting as fn(&str) -> Increment, true), (true, counting, false), (true, exact, true)]
    {
        let mut cache = Cache::new(1 << 20);
        let mut piece = piece(grid(100, 10, 11), 7, 150);
        piece.answer = Arc::new(Answered { is_metricsql, frames: piece.answer.frames.clone(), ..Answered::default() });
        cache.insert(piece, false);
        cache.set_analysis(analysis);
        assert_eq!(cache.find(&key(grid(120, 10, 11)), Millis(8), Millis(0)).is_some(), is_kept);
        assert_eq!(cache.bytes > 0, is_kept);
    }
}

#[test]
fn the_finest_is_found() {
    let mut cache = cache(1 << 20, exact);
    for step in [20, 5, 10] {
        cache.insert(piece(grid(100, step, 100 / step as u32 + 1), 7, 200), false);
    }
    for (wanted, expected) in [
        (grid(100, 40, 3), Some(grid(100, 5, 17))),
        (grid(103, 7, 3), Some(grid(105, 5, 3))),
        (grid(100, 5, 3), None),
        // Its end, or its beginning, may be missing: a quarter of it.
        (grid(100, 40, 4), Some(grid(100, 5, 25))),
        (grid(100, 40, 5), None),
        (grid(90, 40, 3), Some(grid(90, 5, 17))),
        (grid(60, 40, 3), None),
    ] {
        assert_eq!(cache.finest(&key(wanted), Millis(0), Millis(0)), expected, "{wanted:?}");
    }
}

#[test]
fn an_answer_that_has_grown_old_is_asked_for_anew() {
    let mut cache = cache(1 << 20, exact);
    cache.insert(Piece { renew_at: Millis(50), ..piece(grid(100, 10, 11), 7, 150) }, false);
    let mut found = |now, fresh_since| cache.find(&key(grid(120, 10, 11)), Millis(fresh_since), Millis(now)).is_some();
    assert_eq!((found(49, 8), found(50, 8), found(50, 7)), (true, false, true));
}

/// A query whose text is another one at each refresh, and which answers nothing.
#[test]
fn empty_answers_do_not_pile_up() {
    let mut cache = cache(1 << 20, exact);
    for n in 0..10_000 {
        let answer = Arc::new(Answered::default());
        cache.insert(Piece { expr: format!("x > {n}"), answer, ..piece(grid(100, 10, 11), 7, 150) }, false);
    }
    assert!((100..300).contains(&cache.pieces.len()), "{}", cache.pieces.len());
}

proptest! {
    /// Whatever was kept: what is found has exactly the rows that are wanted, and the bytes are those that are there.
    #[test]
    fn what_is_found_is_what_is_wanted(
        kept in proptest::collection::vec((0..40_i64, 1..4_i64, 1..30_u32, 0..300_i64, any::<bool>()), 0..8),
        wanted in proptest::collection::vec((0..40_i64, 1..4_i64, 1..30_u32, 0..3_i64), 1..8),
        max_bytes in 0..30_000_u64,
    ) {
        let mut cache = cache(max_bytes, exact);
        for (sent_at, (start, step, len, written_until, moved_on)) in kept.into_iter().enumerate() {
            cache.insert(piece(grid(start * 5, step * 5, len), sent_at as i64, written_until), moved_on);
            prop_assert!(cache.bytes <= max_bytes);
            prop_assert_eq!(cache.bytes, cache.pieces.iter().map(|piece| piece.bytes()).sum::<u64>());
        }
        for (start, step, len, fresh_since) in wanted {
            let wanted = grid(start * 5, step * 5, len);
            let answer = match cache.find(&key(wanted), Millis(fresh_since), Millis(0)) {
                None => continue,
                Some(Found::Answer(answer)) => answer,
                Some(Found::Part(errand)) => {
                    let joined = errand.base.as_ref().map(|base| base.joined).expect("a base");
                    let sent = errand.sent.grid().expect("a grid");
                    prop_assert!(sent.len > 0 && sent.len <= wanted.len);
                    let all = errand.join(&piece(sent, 0, 0).answer).expect("they fit");
                    let range = extent(wanted).expect("rows");
                    Arc::new(combine(&[Source { answer: &all, grid: joined, range }], wanted).expect("rows"))
                }
            };
            let expected = piece(wanted, 0, 0).answer;
            prop_assert_eq!(&answer.frames, &expected.frames);
        }
    }
}
