//! The finer answer behind the coarse one.

use crate::world::*;
use engine::{Input, PanelState, Refine, SourceSettings, View};
use frame::Millis;
use frame::calcs::Calc;

/// A day of one panel, refined where that is allowed.
fn a_day(refine: Refine) -> View {
    let mut shown = view(&["up"]);
    shown.range.from = "now-24h".into();
    shown.panels[0].refine = Some(refine);
    shown.panels[0].calcs = vec![Calc::Max, Calc::Count];
    shown
}

fn steps(world: &World) -> Vec<i64> {
    world.sent.iter().map(|sent| sent.grid.expect("a range query").step.millis() / SECOND).collect()
}

#[test]
fn a_quick_answer_is_refined_down_to_the_scrape_interval() {
    let mut world = World::new(|_| answer(100));
    world.open(a_day(Refine::Auto));
    world.run(100);
    let coarse = world.engine.picture(&"up".into()).expect("a picture");
    world.run(100);
    assert_eq!(steps(&world), [60, 15]);

    let PanelState::Ready { data } = world.state("up") else { panic!("{}", world.word("up")) };
    assert_eq!(data.finer.as_ref().expect("finer data").step.millis(), 15 * SECOND);
    let finer = world.engine.picture(&"up".into()).expect("a picture");
    assert_eq!(finer.step.millis(), 15 * SECOND);
    assert_eq!(finer.series, coarse.series, "names and calcs stay those of Grafana's grid");
    assert_eq!(finer.series[0].calcs[1], 1441.0);
}

#[test]
fn coarse_points_are_among_the_finer_ones() {
    let mut world = World::new(|_| answer(100));
    world.open(a_day(Refine::Auto));
    world.run(SECOND);
    let PanelState::Ready { data } = world.state("up") else { panic!("{}", world.word("up")) };
    let coarse = &data.queries[0].frames[0];
    let finer = &data.finer.as_ref().expect("finer data").queries[0].frames[0];
    let (coarse_times, finer_times) = (coarse.times().unwrap(), finer.times().unwrap());
    for ((_, coarse), (_, finer)) in coarse.numbers().zip(finer.numbers()) {
        for (row, value) in coarse.iter().enumerate() {
            let at: Millis = coarse_times.get(row).unwrap();
            let same = finer_times.lower_bound(at);
            assert_eq!((finer_times.get(same), finer[same]), (Some(at), *value));
        }
    }
}

#[test]
fn the_tooltip_reads_the_finer_points() {
    let mut world = World::new(|_| answer(100));
    world.open(a_day(Refine::Auto));
    world.run(SECOND);
    let between = NOON.plus(-45 * SECOND);
    let probe = world.engine.values_at(&"up".into(), between).expect("values");
    assert_eq!((probe.at, probe.values[0]), (between, value(between, 0)));
}

#[test]
fn a_slow_answer_is_refined_only_where_that_is_asked_for() {
    for (refine, after, expected) in
        [(Refine::Auto, 600, vec![60]), (Refine::Full, 600, vec![60, 15]), (Refine::Panel, 100, vec![60])]
    {
        let mut world = World::new(move |_| answer(after));
        world.open(a_day(refine));
        world.run(10 * SECOND);
        assert_eq!(steps(&world), expected, "{refine:?}");
    }
}

#[test]
fn a_finer_answer_keeps_to_the_servers_limit_and_to_the_budget() {
    for (from, samples, expected) in [
        ("now-30d", 5_000_000, vec![1800, 300]),
        ("now-24h", 6_000, vec![60, 30]),
        ("now-24h", 3_000, vec![60]),
        ("now-1h", 5_000_000, vec![15]),
    ] {
        let mut settings = engine::Settings::default();
        let budget = promapi::Budget { samples, ..SourceSettings::default().budget };
        settings.sources.insert("prom".into(), SourceSettings { budget, ..SourceSettings::default() });
        let mut world = World::with_settings(settings, |_| answer(100));
        let mut shown = a_day(Refine::Full);
        shown.range.from = from.into();
        world.open(shown);
        world.run(10 * SECOND);
        assert_eq!(steps(&world), expected, "{from}");
        assert!(world.sent.iter().all(|sent| sent.grid.unwrap().len <= 11_001));
    }
}

/// The first answer has 2 x 1,441 points.
#[test]
fn by_itself_a_finer_answer_has_the_server_read_little_more() {
    let check = |from: &str, expr: &str, told: Option<u64>, (auto, full): (&[i64], &[i64])| {
        for (refine, expected) in [(Refine::Auto, auto), (Refine::Full, full)] {
            let mut settings = engine::Settings::default();
            let budget = promapi::Budget { samples: 100_000, ..SourceSettings::default().budget };
            settings.sources.insert("prom".into(), SourceSettings { budget, ..SourceSettings::default() });
            let mut world = World::with_settings(settings, move |sent| {
                let answer = promapi::Answer { queryable_samples: told, ..an_answer(sent) };
                Reply::Given { after: 100, answer }
            });
            let mut shown = a_day(refine);
            shown.range.from = from.into();
            shown.panels[0].queries[0].expr = expr.into();
            world.open(shown);
            world.run(10 * SECOND);
            assert_eq!(steps(&world), expected, "{expr} from {from}, {refine:?}, {told:?}");
        }
    };
    check("now-24h", "up", None, (&[60, 15], &[60, 15]));
    check("now-7d", "up", None, (&[600, 150], &[600, 60]));
    // 20 samples a point are 58,000 in all.
    check("now-24h", "rate(a[5m])", None, (&[60], &[60, 15]));
    check("now-24h", "rate(a[$__rate_interval])", None, (&[60, 15], &[60, 15]));
    check("now-24h", "sum(a)", Some(25_000), (&[60, 15], &[60, 15]));
    check("now-24h", "sum(a)", Some(40_000), (&[60, 30], &[60, 15]));
    check("now-24h", "sum(a)", Some(60_000), (&[60], &[60, 15]));
    // What is told counts, and not what the query looks like.
    check("now-24h", "rate(a[5m])", Some(3_000), (&[60, 15], &[60, 15]));
}

/// A window as long as the step is another one at a finer step: the line would not be the one that its legend tells of.
#[test]
fn what_depends_on_the_step_is_not_refined() {
    // With a parser, and by the text alone, which may look worse than it is.
    for (expr, parsed, read) in [
        ("sum_over_time(x[step()])", false, false),
        ("rate(x[max_of(step(), 1m)])", false, false),
        ("x offset step ( )", false, false),
        ("step()", false, false),
        ("increase(x)", false, false),
        ("sum(increase(x{a=\"b\"})) by (step)", false, false),
        ("avg_over_time ( x )", false, false),
        ("max_over_time(rate(x[1m])[1h:])", false, false),
        ("max_over_time(rate(x[1m])[1h: ])", false, false),
        ("rate(x[1i])", false, false),
        ("rate({job=\"x\"}[step()])", false, false),
        ("quantile_over_time(scalar(y), x[5m])", true, false),
        ("up{a=\"increase(x)\"}", true, false),
        ("rate(x[1m])", true, true),
        ("sum by (step) (rate(x_step[$__rate_interval] offset 1h))", true, true),
        ("histogram_quantile(0.9, sum by (le) (increase({__name__=\"x\", a!=\"\"}[5m])))", true, true),
        ("quantile_over_time(0.9, x[5m])", true, true),
        ("max_over_time(rate(x[1m])[1h:1m])", true, true),
        ("x or on() vector(0)", true, true),
        ("rate({job=\"x\"}[5m])", true, true),
        ("x @ end()", true, true),
        ("topk(5, x)", true, true),
    ] {
        for (is_parsed, is_refined) in [(true, parsed), (false, read)] {
            let mut world = World::new(|_| answer(100));
            if !is_parsed {
                world.engine = engine::Engine::new(engine::Settings::default(), std::rc::Rc::new(Utc));
            }
            let mut shown = a_day(Refine::Full);
            shown.panels[0].queries[0].expr = expr.into();
            world.open(shown);
            world.run(SECOND);
            let expected = if is_refined { vec![60, 15] } else { vec![60] };
            assert_eq!(steps(&world), expected, "{expr}, parsed: {is_parsed}");
        }
    }
}

/// VictoriaMetrics takes the step for a window that is not written, and for how far it looks back.
#[test]
fn numbers_are_the_same_after_a_refresh() {
    for (expr, is_metricsql) in [("increase(x)", false), ("x", true), ("sum(x) or vector(0)", true)] {
        let mut world = World::new(move |sent| {
            let grid = sent.grid.unwrap();
            let values = vec![grid.step.millis() as f64; grid.len as usize];
            let frame = frame::Frame::series(frame::Times::Grid(grid), [(frame::Labels::default(), values)]);
            let result = promapi::QueryResult::Matrix(vec![frame]);
            let answer = an_answer_of(result, 1, u64::from(grid.len));
            Reply::Given { after: 100, answer: promapi::Answer { is_metricsql, ..answer } }
        });
        let mut shown = a_day(Refine::Auto);
        shown.panels[0].queries[0].expr = expr.into();
        shown.refresh_millis = Some(30 * SECOND);
        world.open(shown);
        world.run(SECOND);
        for _ in 0..10 {
            world.run(30 * SECOND);
            let PanelState::Ready { data } = world.state("up") else { panic!("{}", world.word("up")) };
            let values = data.queries[0].frames[0].numbers().flat_map(|(_, values)| values.to_vec());
            assert!(values.into_iter().all(|value| value == 60_000.0), "{expr}");
            assert_eq!(data.finer.is_some(), is_metricsql, "{expr}");
        }
    }
}

#[test]
fn a_change_stops_the_refinement() {
    let mut world = World::new(|sent| answer(if sent.grid.unwrap().step.millis() < MINUTE { 5_000 } else { 100 }));
    world.open(a_day(Refine::Auto));
    world.run(SECOND);
    let mut other = a_day(Refine::Panel);
    other.range.from = "now-12h".into();
    world.input(Input::Show(other));
    assert_eq!(world.aborted, [world.sent[1].id]);
}

#[test]
fn finer_answers_wait_for_all_coarse_ones() {
    let mut world = World::new(|_| answer(100));
    world.open(refined_day(10));
    world.run(10 * SECOND);
    let steps = steps(&world);
    assert_eq!((&steps[..10], &steps[10..]), (&[60; 10][..], &[15; 10][..]));
}

#[test]
fn a_finer_answer_that_fails_is_not_missed() {
    let mut world =
        World::new(
            |sent| if sent.grid.unwrap().step.millis() < MINUTE { api_error(422, "execution") } else { answer(100) },
        );
    world.open(a_day(Refine::Auto));
    world.run(MINUTE);
    assert_eq!((world.word("up"), world.sent.len()), ("ready", 2));
}

/// Finer answers are nobody's need: what they run into costs the server little, and the page nothing.
#[test]
fn finer_answers_that_fail_are_left_alone_for_a_while() {
    let timeout = || Reply::Error { after: 30 * SECOND, error: promapi::FetchError::TimedOut { after_secs: 30 } };
    type Ill = fn() -> Reply;
    let ills: [(&str, Ill, usize); 6] = [
        ("422", || api_error(422, "execution"), 20),
        ("timeout", timeout, 20),
        ("429", || status(429, None), 3),
        ("429 for a minute", || status(429, Some(60)), 3),
        ("503", || status(503, Some(60)), 3),
        ("gone", refused, 3),
    ];
    for (name, ill, most) in ills {
        let is_finer = |sent: &Sent| sent.grid.unwrap().step.millis() < MINUTE;
        let mut world = World::new(move |sent| if is_finer(sent) { ill() } else { answer(100) });
        let mut shown = refined_day(20);
        shown.refresh_millis = Some(10 * SECOND);
        world.open(shown);
        world.run(SECOND);
        for _ in 0..40 {
            world.run(10 * SECOND);
            let is_well = |panel: &String| matches!(world.word(panel), "ready" | "loading stale");
            assert!(world.panels.iter().all(is_well), "{name}");
        }
        assert_eq!(world.reports, [], "{name}: the server answers what is needed");
        let finer = |world: &World| world.sent.iter().filter(|sent| is_finer(sent)).count();
        // As many at first as there is room for beside what is needed; then two rounds in seven minutes.
        assert!(finer(&world) <= 2 * most, "{name}: {} finer requests", finer(&world));
        let before = finer(&world);
        world.input(Input::Refresh);
        world.run(SECOND);
        assert!(finer(&world) > before, "{name}: a user's wish is worth another try");
    }
}

#[test]
fn peaks_do_not_flicker_at_a_refresh() {
    let mut world = World::new(|_| answer(100));
    let mut shown = a_day(Refine::Auto);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(SECOND);
    for _ in 0..100 {
        world.run(SECOND / 2 + 13);
        let drawn = world.state("up").data().expect("data");
        assert!(drawn.finer.is_some(), "finer data gives way to finer data only");
    }
    assert!(world.ranges.len() >= 5 && world.aborted.is_empty());
}

#[test]
fn a_finer_answer_that_dawdles_does_not_hold_back_the_coarse_one_for_long() {
    let mut asked = 0;
    let settings = engine::Settings { cache_bytes: 0, ..engine::Settings::default() };
    let mut world = World::with_settings(settings, move |sent| {
        asked += 1;
        answer(if asked > 2 && sent.grid.unwrap().step.millis() < MINUTE { 60 * SECOND } else { 100 })
    });
    let mut shown = a_day(Refine::Auto);
    shown.refresh_millis = Some(10 * SECOND);
    world.open(shown);
    world.run(25 * SECOND);
    let PanelState::Ready { data } = world.state("up") else { panic!("{}", world.word("up")) };
    assert_eq!((data.finer.is_none(), data.range.end), (true, NOON.plus(20 * SECOND)));
}

#[test]
fn a_panel_that_joins_takes_the_finer_answer_too() {
    let mut world = World::new(|_| answer(100));
    let mut shown = a_day(Refine::Auto);
    let mut below = shown.panels[0].clone();
    below.id = "below".into();
    shown.panels.push(below);
    world.input(Input::Show(shown));
    world.input(Input::Place("up".into(), ON_SCREEN));
    world.run(SECOND);
    world.input(Input::Place("below".into(), ON_SCREEN));
    assert_eq!((world.word("below"), world.sent.len()), ("ready", 2));
    assert!(world.state("below").data().expect("data").finer.is_some());
}

#[test]
fn a_new_range_is_painted_coarse_first() {
    let mut world = World::new(|_| answer(100));
    world.open(a_day(Refine::Auto));
    world.run(SECOND);
    let mut wider = a_day(Refine::Auto);
    wider.range.from = "now-2d".into();
    world.input(Input::Show(wider));
    world.run(100);
    let PanelState::Ready { data } = world.state("up") else { panic!("{}", world.word("up")) };
    assert!(data.finer.is_none());
}

/// Requests and megabytes in ten minutes of thirty panels over a day, refreshed every thirty seconds.
fn load(refine: Refine) -> (usize, f64) {
    let mut world = World::new(|_| answer(100));
    let exprs: Vec<String> = (0..30).map(|n| format!("m{n}")).collect();
    let mut shown = view(&exprs.iter().map(String::as_str).collect::<Vec<_>>());
    shown.range.from = "now-24h".into();
    shown.refresh_millis = Some(30 * SECOND);
    for panel in &mut shown.panels {
        panel.refine = Some(refine);
    }
    world.open(shown);
    world.run(10 * MINUTE + SECOND);
    (world.sent.len(), world.bytes as f64 / 1e6)
}

#[test]
fn the_load_that_refinement_adds() {
    let ((requests, megabytes), (refined_requests, refined_megabytes)) = (load(Refine::Panel), load(Refine::Auto));
    println!("30 panels, 24 h, every 30 s, 10 min: {requests} requests of {megabytes:.1} MB without refinement,");
    println!("{refined_requests} requests of {refined_megabytes:.1} MB with it");
    // As many more as there are panels, at the first load; then one request brings both.
    assert_eq!((requests, refined_requests), (21 * 30, 22 * 30));
    assert!(refined_megabytes < 5.0 * megabytes, "the step is a quarter of the coarse one");
}
