//! What comes again is not asked again: refreshes ask for the end only, panning for what is new, zooming for nothing.

use crate::tsdb::{Sample, Tsdb};
use crate::world::*;
use engine::{Input, QueryData, Refine, Report, Settings, View};
use frame::calcs::Calc;
use frame::{Frame, Labels, Millis, Times};
use proptest::prelude::*;

/// The last `hours` at a point every 15 seconds, refreshed every 30.
fn window(exprs: &[&str], hours: i64) -> View {
    let mut shown = view(exprs);
    shown.range.from = format!("now-{hours}h");
    shown.refresh_millis = Some(30 * SECOND);
    for panel in &mut shown.panels {
        panel.max_data_points = Some((hours * 240) as u32);
    }
    shown
}

fn fixed(from_minutes: i64, to_minutes: i64) -> View {
    let mut shown = view(&["up"]);
    let text = |minutes: i64| NOON.plus(minutes * MINUTE).0.to_string();
    (shown.range.from, shown.range.to) = (text(from_minutes), text(to_minutes));
    shown
}

/// Which minutes before noon each fetch asked for, first and last point.
fn asked(world: &World) -> Vec<(i64, i64)> {
    let minutes = |at: Millis| at.since(NOON) / MINUTE;
    let grids = world.sent.iter().filter_map(|sent| sent.grid);
    grids.map(|grid| (minutes(grid.start), minutes(grid.last().unwrap()))).collect()
}

fn frames(world: &World, panel: &str) -> Vec<Frame> {
    world.state(panel).data().expect("data").queries.iter().flat_map(|query| query.frames.to_vec()).collect()
}

/// The panel shows what the server says about every point of its grid.
fn assert_complete(world: &World, panel: &str) {
    for frame in frames(world, panel) {
        let times = frame.times().unwrap().clone();
        for (labels, values) in frame.numbers() {
            let shift = i64::from(labels.get("instance") == Some("b"));
            assert_eq!(values.len(), times.len());
            for (row, found) in values.iter().enumerate() {
                assert_eq!(*found, value(times.get(row).unwrap(), shift), "row {row} of {labels}");
            }
        }
    }
}

#[test]
fn a_refresh_of_a_day_asks_for_less_than_a_hundredth() {
    let mut world = World::new(|_| answer(100));
    world.open(window(&["up"], 24));
    world.run(SECOND);
    let (whole, requests) = (world.bytes, world.sent.len());
    world.run(20 * MINUTE);
    let (refreshes, bytes) = (world.sent.len() - requests, world.bytes - whole);
    assert_eq!(refreshes, 40);
    let share = bytes as f64 / refreshes as f64 / whole as f64;
    println!("a refresh of 24 h at 15 s takes {:.2} % of the whole query's bytes", share * 100.0);
    assert!(share < 0.01, "{share}");
    assert_complete(&world, "up");
    assert_eq!(world.state("up").data().unwrap().range.end, world.ranges.last().unwrap().end);
}

/// One native histogram series, with a bucket that tells the instant.
fn histograms(sent: &Sent) -> promapi::Answer {
    let grid = sent.grid.unwrap();
    let len = grid.len as usize;
    let at = || (0..len).map(|row| grid.at(row).0 as f64).collect::<Vec<f64>>();
    let column = frame::HistogramColumn {
        count: at(),
        sum: at(),
        bucket_starts: (0..=grid.len).collect(),
        rules: vec![0; len],
        lower: vec![0.0; len],
        upper: vec![1.0; len],
        counts: at(),
    };
    let mut frame = Frame::series(frame::Times::Grid(grid), []);
    let column = frame::Column::Histogram(column);
    frame.fields.push(frame::Field { name: "Value".into(), labels: frame::Labels::default(), column });
    an_answer_of(promapi::QueryResult::Matrix(vec![frame]), 1, u64::from(grid.len))
}

#[test]
fn native_histograms_are_added_to_as_well() {
    let mut world = World::new(|sent| Reply::Given { after: 100, answer: histograms(sent) });
    world.open(window(&["rate(latency[5m])"], 24));
    world.run(SECOND);
    let whole = world.sent[0].grid.unwrap().len;
    world.run(20 * MINUTE);
    assert!(world.sent[1..].iter().all(|sent| sent.grid.unwrap().len < whole / 50), "{:?}", asked(&world));
    let shown = frames(&world, "rate(latency[5m])");
    let last = Sent { grid: Some(grid_of(&shown)), ..world.sent[0].clone() };
    let promapi::QueryResult::Matrix(expected) = histograms(&last).result else { panic!("a matrix") };
    assert_eq!(shown, expected);
}

fn grid_of(frames: &[Frame]) -> frame::Grid {
    match frames[0].times() {
        Some(frame::Times::Grid(grid)) => *grid,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refined_panel_takes_both_answers_from_one_request() {
    let mut world = World::new(|_| answer(100));
    let mut shown = window(&["up"], 24);
    (shown.panels[0].max_data_points, shown.panels[0].refine) = (None, Some(Refine::Auto));
    world.open(shown);
    world.run(SECOND);
    assert_eq!(world.sent.len(), 2, "coarse and fine");
    world.run(10 * MINUTE);
    assert_eq!(world.sent.len(), 22, "one for both at each refresh");
    let data = world.state("up").data().unwrap();
    assert_eq!((data.step.millis(), data.finer.as_ref().unwrap().step.millis()), (MINUTE, 15 * SECOND));
    assert_complete(&world, "up");
}

#[test]
fn late_samples_are_seen_by_the_next_refresh_or_when_all_is_asked_anew() {
    // A sample of an hour ago comes after a quarter of an hour; another one, of five minutes ago, too.
    let sample = |minutes: i64, value: f64, arrives: i64| Sample {
        at: NOON.plus(minutes * MINUTE),
        value,
        arrives: NOON.plus(arrives * MINUTE),
    };
    let tsdb = Tsdb { series: vec![vec![sample(-60, 1.0, 15), sample(10, 2.0, 15)]] };
    let settings = Settings { renew_millis: 40 * MINUTE, ..Settings::default() };
    let mut world = World::with_settings(settings, move |sent| Reply::Given { after: 100, answer: tsdb.answer(sent) });
    world.open(window(&["last"], 6));
    let points = |world: &World| -> Vec<f64> {
        let frames = frames(world, "last");
        let values = frames.iter().flat_map(|frame| frame.numbers().flat_map(|(_, values)| values.to_vec()));
        values.filter(|value| !frame::is_gap(*value)).collect()
    };
    world.run(16 * MINUTE);
    assert!(points(&world).iter().all(|value| *value == 2.0) && points(&world).len() == 20);
    world.run(40 * MINUTE);
    assert_eq!(points(&world).iter().filter(|value| **value == 1.0).count(), 20);
}

#[test]
fn what_is_not_proved_exact_is_asked_for_as_a_whole() {
    for (expr, expected) in [
        ("up", 9),
        ("rate(x[5m])", 9),
        ("up @ end()", 59),
        ("x[5m:1m] @ start()", 59),
        ("sum_over_time(x[step()])", 59),
        ("rate({job=\"x\"}[5m])", 59),
        ("topk(5, up)", 59),
        ("up offset 1h", 9),
        ("up offset -5m", 14),
        ("up @ 1763720000", 9),
        ("up @ 1763726390", 59),
    ] {
        let mut world = World::new(|_| answer(100));
        world.open(window(&[expr], 1));
        world.run(31 * SECOND);
        let minutes = asked(&world)[1].1 - asked(&world)[1].0;
        assert_eq!(minutes, expected, "{expr}");
    }
}

#[test]
fn what_is_kept_is_used_once_queries_can_be_understood() {
    let mut world = World::new(|_| answer(100));
    world.engine = engine::Engine::new(Settings::default(), std::rc::Rc::new(Utc));
    world.open(window(&["up", "up @ end()"], 1));
    world.run(31 * SECOND);
    assert_eq!(asked(&world), [(-60, 0), (-60, 0), (-59, 0), (-59, 0)]);
    world.engine.set_analysis(engine::analyse);
    world.run(30 * SECOND);
    assert_eq!(asked(&world)[4..], [(-9, 1), (-59, 1)]);
}

#[test]
fn an_answer_that_repeats_a_label_set_is_not_added_to() {
    let mut world = World::new(|sent| {
        let grid = sent.grid.unwrap();
        let column = || (Labels::default(), vec![1.0; grid.len as usize]);
        let frame = Frame::series(Times::Grid(grid), [column(), column()]);
        Reply::Given { after: 100, answer: an_answer_of(promapi::QueryResult::Matrix(vec![frame]), 2, 2) }
    });
    world.open(window(&["up"], 1));
    world.run(31 * SECOND);
    assert_eq!(asked(&world), [(-60, 0), (-59, 0)]);
}

#[test]
fn a_partial_answer_does_not_live_on() {
    let mut world = World::new(|sent| {
        let mut given = Tsdb::default().answer(sent);
        given.notices.warnings.extend((sent.at == NOON).then(|| "a store is out of reach".to_owned()));
        Reply::Given { after: 100, answer: given }
    });
    world.open(window(&["up"], 1));
    world.run(31 * SECOND);
    assert_eq!(asked(&world)[1], (-59, 0), "all of it");
    world.run(30 * SECOND);
    assert_eq!(asked(&world)[2], (-9, 1), "the end of it");
    assert!(world.state("up").data().unwrap().notices.is_empty());
}

#[test]
fn panning_asks_for_what_is_new_and_going_back_for_nothing() {
    let mut world = World::new(|_| answer(100));
    world.open(fixed(-120, -60));
    world.run(SECOND);
    for (view, expected) in [
        (fixed(-150, -90), Some((-150, -120))),
        (fixed(-120, -60), None),
        (fixed(-100, -40), Some((-59, -40))),
        (fixed(-110, -50), None),
        (fixed(-150, -90), None),
    ] {
        let before = world.sent.len();
        world.input(Input::Show(view));
        world.run(SECOND);
        assert_eq!(asked(&world).get(before), expected.as_ref(), "request {before}");
        assert_complete(&world, "up");
        assert_eq!(world.word("up"), "ready");
    }
}

#[test]
fn zooming_into_what_is_fine_enough_asks_for_nothing() {
    // From a day at 15 seconds behind a minute: to six hours, whose step would be 20 seconds, and to one, at 15.
    for (from, calcs, requests, step) in
        [(-360, vec![], 2, 15), (-360, vec![Calc::Mean], 3, 20), (-60, vec![Calc::Mean], 2, 15), (-721, vec![], 2, 30)]
    {
        let mut world = World::new(|_| answer(100));
        let with = |mut view: View| {
            (view.panels[0].refine, view.panels[0].calcs) = (Some(Refine::Auto), calcs.clone());
            view
        };
        world.open(with(fixed(-1440, 0)));
        world.run(SECOND);
        world.input(Input::Show(with(fixed(from, -1))));
        world.run(SECOND);
        let data = world.state("up").data().unwrap();
        assert_eq!((world.sent.len(), data.step.millis() / SECOND), (requests, step), "{from} minutes, {calcs:?}");
        assert_eq!(world.engine.picture(&"up".into()).unwrap().step.millis(), 15 * SECOND, "the peaks stay");
        assert_complete(&world, "up");
    }
}

/// Such as today, which ends tonight.
#[test]
fn a_range_that_ends_later_is_asked_for_what_came_since() {
    let mut world = World::new(|_| answer(100));
    world.open(fixed(-120, 300));
    world.run(5 * MINUTE);
    world.input(Input::Show(fixed(-110, -100)));
    world.run(15 * MINUTE);
    let before = world.sent.len();
    world.input(Input::Show(fixed(-120, 300)));
    world.run(SECOND);
    let (from, to) = asked(&world).get(before..).and_then(|asked| asked.first().copied()).expect("it is asked again");
    assert!((-20..=0).contains(&from) && to == 300, "from {from} to {to}");
    assert_complete(&world, "up");
}

#[test]
fn what_is_zoomed_into_stays_fine_as_time_goes_on() {
    for (calcs, expected) in [(vec![], 2 + 20), (vec![Calc::Mean], 2 + 1 + 2 * 20)] {
        let mut world = World::new(|_| answer(100));
        let mut shown = view(&["up"]);
        shown.refresh_millis = Some(30 * SECOND);
        (shown.panels[0].refine, shown.panels[0].calcs) = (Some(Refine::Auto), calcs);
        for from in ["now-24h", "now-6h"] {
            shown.range.from = from.into();
            world.open(shown.clone());
            world.run(SECOND);
        }
        let bytes = world.bytes;
        world.run(10 * MINUTE);
        assert_eq!(world.engine.picture(&"up".into()).unwrap().step.millis(), 15 * SECOND);
        assert!(world.sent.len() == expected && world.bytes - bytes < bytes, "{} requests", world.sent.len());
        assert_complete(&world, "up");
    }
}

#[test]
fn a_fixed_range_of_the_past_is_asked_for_once() {
    let mut world = World::new(|_| answer(100));
    let mut shown = fixed(-120, -60);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(20 * MINUTE);
    assert_eq!(world.sent.len(), 1);
    world.run(30 * MINUTE);
    assert_eq!(world.sent.len(), 2, "but for samples that came late");
}

#[test]
fn a_refresh_by_hand_takes_nothing_from_what_is_kept() {
    let mut world = World::new(|_| answer(100));
    world.open(fixed(-120, -60));
    world.run(SECOND);
    world.input(Input::Refresh);
    world.run(SECOND);
    assert_eq!(asked(&world), [(-120, -60), (-120, -60)]);
}

/// What only fetches the end of an answer is on its way when everything is wanted anew, by the user or for a clock that
/// turned out to be wrong.
#[test]
fn a_refresh_by_hand_waits_for_no_part() {
    for is_by_hand in [true, false] {
        let mut world = World::new(|sent| answer(if sent.at == NOON { 100 } else { 5 * SECOND }));
        let mut shown = view(&["up", "up + 0"]);
        shown.range.from = "now-24h".into();
        shown.refresh_millis = Some(30 * SECOND);
        world.open(shown);
        world.run(31 * SECOND);
        assert_eq!(asked(&world)[2..], [(-9, 0), (-9, 0)]);
        let date = Input::ServerDate { source: "prom".into(), date: world.now.plus(-31 * SECOND), sent_at: world.now };
        // Half a step less than was thought; it takes three answers to be believed.
        let inputs = if is_by_hand { vec![Input::Refresh] } else { vec![date; 3] };
        inputs.into_iter().for_each(|input| world.input(input));
        world.run(6 * SECOND);
        assert_eq!(asked(&world)[4..], [(-1440, 0), (-1440, 0)]);
        assert_eq!(world.aborted, [world.sent[2].id, world.sent[3].id]);
        assert_complete(&world, "up");
    }
}

#[test]
fn another_dashboard_begins_with_the_time_it_is_opened() {
    let mut world = World::new(|_| answer(100));
    world.open(view(&["a"]));
    world.run(20 * MINUTE);
    world.open(view(&["b"]));
    world.run(SECOND);
    world.open(view(&["a"]));
    assert_eq!(asked(&world), [(-60, 0), (-40, 20), (-9, 20)]);
}

#[test]
fn the_cache_keeps_to_its_bytes() {
    // Two series of 241 points: about 4 KB an answer.
    for (cache_bytes, expected) in [(0, 60), (3_000, 60), (1 << 20, 9)] {
        let mut world = World::with_settings(Settings { cache_bytes, ..Settings::default() }, |_| answer(100));
        world.open(window(&["up"], 1));
        world.run(31 * SECOND);
        let (first, last) = asked(&world)[1];
        assert!(last - first <= expected && (last - first > 30) == (expected == 60), "{cache_bytes}: {first}..{last}");
    }
}

#[test]
fn every_merge_is_compared_where_that_is_wanted() {
    let settings = || Settings { check_merges: true, overlap_millis: MINUTE, ..Settings::default() };
    let mut honest = World::with_settings(settings(), |_| answer(100));
    honest.open(window(&["up"], 1));
    honest.run(5 * MINUTE + SECOND);
    let wholes = asked(&honest).iter().filter(|(first, last)| last - first > 50).count();
    assert_eq!((wholes, &honest.reports), (11, &Vec::new()));

    // What it says depends on what it is asked for.
    let mut liar =
        World::with_settings(settings(), |sent| column(sent, std::iter::repeat(sent.grid.unwrap().start.0 as f64)));
    liar.open(window(&["up"], 1));
    liar.run(MINUTE);
    let [Report::Mismatch { expr, what }, ..] = liar.reports.as_slice() else { panic!("{:?}", liar.reports) };
    assert!(expr == "up" && what.contains("in the whole answer"), "{what}");
}

/// Where a refresh is shorter than the step, a panel may wait for what was asked for to compare.
#[test]
fn a_comparison_that_fails_leaves_no_panel_waiting() {
    let settings = Settings { check_merges: true, ..Settings::default() };
    let mut world = World::with_settings(settings, |sent| match sent.grid.unwrap().len > 200 && sent.at > NOON {
        true => Reply::Error { after: 2_500, error: api_error_of(500, "internal") },
        false => answer(100),
    });
    let mut shown = window(&["up"], 1);
    shown.refresh_millis = Some(SECOND);
    world.open(shown);
    for _ in 0..60 {
        world.run(5 * SECOND);
        let behind = world.now.since(world.state("up").data().expect("data").range.end);
        assert!(behind <= 75 * SECOND, "{} is {behind} ms behind", world.word("up"));
    }
}

#[test]
fn a_clock_that_is_ahead_hides_nothing() {
    // An hour ahead of the server, which has samples of the past only: what is empty today is not so tomorrow.
    let sample = |minutes: i64| {
        let at = NOON.plus(minutes * MINUTE);
        Sample { at, value: minutes as f64, arrives: at }
    };
    let tsdb = Tsdb { series: vec![(-200..200).map(sample).collect()] };
    let exprs = ["last", "increase(x[2m])", "last or vector(0)"];
    for (expr, tells_the_time) in exprs.into_iter().flat_map(|expr| [(expr, false), (expr, true)]) {
        let (tsdb, known) = (tsdb.clone(), tsdb.clone());
        let settings = Settings { overlap_millis: MINUTE, ..Settings::default() };
        let mut world = World::with_settings(settings, move |sent| {
            let by_its_clock = Sent { at: sent.at.plus(-HOUR), ..sent.clone() };
            Reply::Given { after: 100, answer: tsdb.answer(&by_its_clock) }
        });
        world.tells_the_time = false;
        world.open(window(&[expr], 3));
        world.run(SECOND);
        if tells_the_time {
            let date = Input::ServerDate { source: "prom".into(), date: NOON.plus(-HOUR), sent_at: NOON };
            world.input(date);
        }
        for _ in 0..60 {
            world.run(MINUTE);
            let asked_at = world.sent.last().unwrap().at.plus(-HOUR);
            for frame in frames(&world, expr) {
                let Some(Times::Grid(grid)) = frame.times() else { panic!("off the grid") };
                let expected = known.evaluate(expr, *grid, asked_at);
                let found: Vec<(&Labels, Vec<u64>)> =
                    frame.numbers().map(|(labels, values)| (labels, bits(values))).collect();
                let expected: Vec<(&Labels, Vec<u64>)> =
                    expected.iter().map(|(labels, values)| (labels, bits(values))).collect();
                assert_eq!(found, expected, "{expr} at {:?}, {tells_the_time}", world.now);
            }
        }
    }
}

#[test]
fn a_wall_screen_does_not_grow() {
    let mut world = World::new(|_| answer(100));
    let exprs: Vec<String> = (0..30).map(|n| format!("m{n}")).collect();
    let mut shown = window(&exprs.iter().map(String::as_str).collect::<Vec<_>>(), 1);
    shown.refresh_millis = Some(SECOND);
    for panel in &mut shown.panels {
        (panel.max_data_points, panel.refine) = (Some(60), Some(Refine::Auto));
    }
    world.open(shown);
    let held: Vec<u64> = std::iter::repeat_with(|| {
        world.run(MINUTE);
        world.engine.held_bytes()
    })
    .take(10)
    .collect();
    println!("30 panels of an hour, refreshed every second: {} KB held", held[9] / 1_000);
    assert_eq!(held[5..], [held[4]; 5]);
    // Two series, a coarse and a fine point for each, and the coarse answer of the beginning.
    assert!(held[4] < 30 * 2 * (61 + 241 + 61) * 8 + 30 * 1_000, "{}", held[4]);
}

/// Samples every 15 seconds or so over three hours around noon, with pauses, resets and delays of up to ten minutes.
fn a_series() -> impl Strategy<Value = Vec<Sample>> {
    let step = (0..40_u8, 0..15_u8, 0..600_i64);
    proptest::collection::vec(step, 720).prop_map(|steps| {
        let (mut at, mut value, mut samples) = (NOON.plus(-2 * HOUR), 0.0, Vec::new());
        for (dice, rise, delay) in steps {
            at = at.plus(15 * SECOND);
            match dice {
                0 => at = at.plus(7 * MINUTE),
                1 => value = 0.0,
                _ => value += f64::from(rise),
            }
            // Half a second past, so that nothing comes between a coarse and a fine answer.
            let delay = if dice < 10 { delay * SECOND } else { 0 };
            samples.push(Sample { at, value, arrives: at.plus(delay + SECOND / 2) });
        }
        samples
    })
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn queries<'a>(world: &'a World, panel: &str) -> impl Iterator<Item = &'a QueryData> + use<'a> {
    let data = world.state(panel).data().into_iter();
    data.flat_map(|data| data.queries.iter().chain(data.finer.iter().flat_map(|finer| &finer.queries)))
}

/// Whether a whole answer at the time of one of the last requests would be the same. The very last may be for a check, or
/// not be answered yet.
fn is_what_was_asked_lately(world: &World, tsdb: &Tsdb, query: &QueryData) -> bool {
    let Some(Times::Grid(grid)) = query.frames.first().and_then(Frame::times) else { return true };
    let found = || query.frames.iter().flat_map(Frame::numbers).map(|(labels, values)| (labels.clone(), bits(values)));
    world.sent.iter().rev().take(4).any(|sent| {
        let whole = tsdb.evaluate(&query.expr, *grid, sent.at).into_iter();
        whole.map(|(labels, values)| (labels, bits(&values))).eq(found())
    })
}

proptest! {
    #![proptest_config(usually(24))]

    /// Whatever is put together over a window that moves, and moves back: it is what one whole answer would be.
    #[test]
    fn merges_are_what_a_whole_answer_would_be(
        series in proptest::collection::vec(a_series(), 1..4),
        expr in prop_oneof![Just("last"), Just("increase")],
        refresh_secs in 1..300_i64,
        moves in proptest::collection::vec((1..600_i64, -30..30_i64), 1..12),
        refine in prop_oneof![Just(Refine::Panel), Just(Refine::Auto)],
        renew_minutes in 1..60_i64,
    ) {
        let tsdb = Tsdb { series };
        let server = tsdb.clone();
        let settings = Settings { check_merges: true, renew_millis: renew_minutes * MINUTE, ..Settings::default() };
        let mut world =
            World::with_settings(settings, move |sent| Reply::Given { after: 100, answer: server.answer(sent) });
        let mut shown = window(&[expr], 1);
        shown.refresh_millis = Some(refresh_secs * SECOND);
        shown.panels[0].max_data_points = Some(60);
        shown.panels[0].refine = Some(refine);
        world.open(shown.clone());
        for (seconds, minutes) in moves {
            let chosen = world.ranges.len();
            world.run(seconds * SECOND);
            // Right after a choice, what is shown may be as old as it was before it; right after a refresh too.
            let shown_for = world.state(expr).data().map(|data| data.range);
            if world.ranges.len() > chosen && shown_for.as_ref() == world.ranges.last() {
                for query in queries(&world, expr) {
                    prop_assert!(is_what_was_asked_lately(&world, &tsdb, query), "{} at {:?}", query.expr, world.now);
                }
            }
            if minutes > 15 {
                (shown.range.from, shown.range.to) = (format!("now-{}m", 60 + minutes), format!("now-{minutes}m"));
                world.input(Input::Show(shown.clone()));
                world.run(SECOND);
            }
        }
        prop_assert_eq!(&world.reports, &Vec::new());
    }
}
