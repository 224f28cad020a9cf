//! What takes long, happens while nobody looks, or depends on what the clock says. The clock is the test's.

use faultd::{Fault, Rule, When};
use serde_json::json;
use std::thread::sleep;
use std::time::{Duration, UNIX_EPOCH};
use tests_e2e::{Clock, Dashboard, Faulty, Page, State, World};

const QUERIES: &str = "/api/v1/query";

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn panels(count: usize) -> Dashboard {
    let exprs: Vec<_> = (0..count).map(|i| format!("up + 2{i}")).collect();
    let panels: Vec<_> = exprs.iter().map(|expr| ("Up", expr.as_str())).collect();
    Dashboard::of(&panels)
}

/// A site that goes by the test's clock. Merged answers are not compared with whole ones here: that would be counted.
fn site(world: &World, panels_on_it: usize, clock: Clock) -> Faulty<'_> {
    let config = json!({ "dataSources": [{ "uid": "prometheus", "url": "prometheus", "default": true }] });
    let config = Fault::status(200, "application/json", &config.to_string());
    world.faulty().with(&panels(panels_on_it)).and(Rule::new(When::path("/config.json"), config)).with_clock(clock)
}

fn asked(site: &Faulty<'_>) -> usize {
    site.log().count(&When::path(QUERIES))
}

/// Long enough for a request that is due to be sent.
fn let_happen() {
    sleep(secs(1));
}

pub fn a_server_that_never_answers_is_given_up(world: &World) {
    let site = site(world, 2, Clock::default());
    let page = site.page();
    page.open("d/small?refresh=10s");
    page.settled();
    site.set(&[Rule::new(When::body("up + 20"), Fault::Hang)]);
    site.jump(&page, secs(11));
    let waiting = page.panel_in("1", State::Loading);
    assert!(waiting.series > Some(0), "the old data is gone: {waiting:#?}");
    page.wait("only that one is waited for", || (site.log().in_flight() == 1).then_some(()));
    site.jump(&page, secs(36));
    let failed = page.panel_in("1", State::Failed);
    assert!(failed.stale && failed.text.contains("within 35 s"), "{failed:#?}");
    page.wait("it is given up", || (site.log().in_flight() == 0).then_some(()));
    page.panel_in("2", State::Ready);
    site.heal();
    site.jump(&page, secs(90));
    page.panel_when("1", "there again", |panel| panel.state == State::Ready && !panel.stale);
}

pub fn a_server_that_is_busy_is_left_alone_as_long_as_it_asks(world: &World) {
    let site = site(world, 6, Clock::default());
    let busy = Fault::Answer {
        code: 429,
        content_type: "text/plain".to_owned(),
        body: "busy".to_owned(),
        retry_after_secs: Some(60),
    };
    site.set(&[Rule::new(When::path(QUERIES), busy)]);
    let page = site.page();
    page.open("d/small?refresh=5s");
    for panel in page.settled() {
        assert_eq!(panel.state, State::Failed);
        let says = |text: &str| assert!(panel.text.contains(text), "{text:?} is not in {panel:#?}");
        says("Too many requests");
        says("asks to be left alone for 60 s");
        says("Next try at ");
    }
    let before = asked(&site);
    assert!(before <= 5, "{before} requests, when the first was enough to know");
    for _ in 0..5 {
        site.jump(&page, secs(10));
        let_happen();
    }
    assert_eq!(asked(&site), before, "it is asked before its time");
    site.heal();
    site.jump(&page, secs(20));
    page.wait("all are there", || page.settled().iter().all(|panel| panel.state == State::Ready).then_some(()));
}

/// Prometheus answers so while it replays its log.
pub fn a_server_that_starts_up_is_waited_for(world: &World) {
    let site = site(world, 6, Clock::default());
    site.set(&[Rule::new(When::path("/prometheus"), Fault::status(503, "text/plain", "Service Unavailable"))]);
    let page = site.page();
    page.open("d/small?refresh=5s");
    for panel in page.settled() {
        assert_eq!(panel.state, State::Failed);
        assert!(panel.text.contains("503 Service Unavailable"), "{panel:#?}");
    }
    assert_eq!(page.count(".banner"), 1);
    let before = asked(&site);
    for _ in 0..6 {
        site.jump(&page, secs(10));
        let_happen();
    }
    let more = asked(&site) - before;
    assert!((1..=6).contains(&more), "{more} requests in a minute");
    site.heal();
    site.jump(&page, secs(90));
    page.wait("all are there", || page.settled().iter().all(|panel| panel.state == State::Ready).then_some(()));
    page.wait("nothing is wrong any more", || (page.count(".banner") == 0).then_some(()));
}

pub fn a_slow_answer_leaves_the_old_one_in_view(world: &World) {
    let site = site(world, 1, Clock::default());
    let page = site.page();
    page.open("d/small?refresh=10s");
    let before = page.panel_in("1", State::Ready);
    site.set(&[Rule::late(When::path(QUERIES), 3_000)]);
    site.jump(&page, secs(11));
    let waiting = page.panel_in("1", State::Loading);
    assert_eq!(waiting.series, before.series);
    let progress = "return getComputedStyle(document.querySelector('.panel .progress')).visibility";
    page.wait("progress is shown", || (page.eval::<String>(progress) == "visible").then_some(()));
    page.panel_in("1", State::Ready);
}

pub fn a_refresh_slower_than_its_interval_skips_turns(world: &World) {
    let site = site(world, 1, Clock::default());
    let page = site.page();
    page.open("d/small?refresh=1s");
    page.panel_in("1", State::Ready);
    let before = asked(&site);
    site.set(&[Rule::new(When::path(QUERIES), Fault::Hang)]);
    for _ in 0..10 {
        site.jump(&page, secs(2));
        sleep(Duration::from_millis(200));
    }
    assert_eq!(asked(&site), before + 1, "it is asked again while its answer is awaited");
}

pub fn a_hidden_tab_asks_once_when_it_is_back(world: &World) {
    let site = site(world, 3, Clock::default());
    let page = site.page();
    page.open("d/small?refresh=10s");
    page.settled();
    page.set_hidden(true);
    let_happen();
    let before = asked(&site);
    for _ in 0..10 {
        site.jump(&page, secs(60));
    }
    let_happen();
    assert_eq!(asked(&site), before, "it asks while nobody looks");
    page.set_hidden(false);
    page.wait("each is asked for", || (asked(&site) >= before + 3).then_some(()));
    let_happen();
    assert_eq!(asked(&site), before + 3, "it makes up for what it left out");
    assert!(page.settled().iter().all(|panel| panel.state == State::Ready));
}

pub fn a_machine_that_slept_asks_once(world: &World) {
    let site = site(world, 3, Clock::default());
    let page = site.page();
    page.open("d/small?refresh=10s");
    page.settled();
    let before = asked(&site);
    site.jump(&page, secs(600));
    page.wait("each is asked for", || (asked(&site) >= before + 3).then_some(()));
    let_happen();
    assert_eq!(asked(&site), before + 3);
}

/// Queries go by the servers' clock. A difference that matters is told.
pub fn a_clock_that_is_wrong_is_put_right_and_told(world: &World) {
    for (ahead_millis, told) in [(90_000, Some("behind")), (-90_000, Some("ahead of")), (10_000, None)] {
        let site = site(world, 1, Clock { ahead_millis });
        let page = site.page();
        page.open("d/small?from=now-1h&to=now");
        let is_right = || {
            let now = UNIX_EPOCH.elapsed().unwrap_or_default().as_secs_f64();
            let requests = site.log().requests();
            let last = requests.iter().rfind(|entry| entry.path.contains(QUERIES))?;
            let end: f64 = last.body.split("end=").nth(1)?.split('&').next()?.parse().ok()?;
            // A difference that is not told is not worth another query.
            ((end - now).abs() < 40.0).then_some(())
        };
        page.wait(&format!("a query ends now where the clock is {ahead_millis} ms ahead"), is_right);
        page.panel_in("1", State::Ready);
        let banner = || page.text().contains("The servers' clock is ");
        match told {
            None => {
                let_happen();
                assert!(!banner(), "{}", page.text());
            }
            Some(word) => {
                page.wait("the difference is told", || banner().then_some(()));
                let text = page.text();
                let says =
                    [89, 90, 91].iter().any(|secs| text.contains(&format!("clock is {secs} s {word} this device's")));
                assert!(says, "{text}");
            }
        }
    }
}

/// A zone, when its clocks are changed (seconds since 1970), and its offsets before and after.
type Change = (&'static str, i64, &'static str, &'static str);

const CHANGES: [Change; 10] = [
    ("Europe/Berlin", 1_774_746_000, "UTC+01:00", "UTC+02:00"),
    ("Europe/Berlin", 1_792_890_000, "UTC+02:00", "UTC+01:00"),
    ("America/New_York", 1_772_953_200, "UTC-05:00", "UTC-04:00"),
    ("America/New_York", 1_793_512_800, "UTC-04:00", "UTC-05:00"),
    ("Australia/Lord_Howe", 1_775_314_800, "UTC+11:00", "UTC+10:30"),
    ("Australia/Lord_Howe", 1_791_041_400, "UTC+10:30", "UTC+11:00"),
    ("America/Santiago", 1_775_358_000, "UTC-03:00", "UTC-04:00"),
    ("America/Santiago", 1_788_667_200, "UTC-04:00", "UTC-03:00"),
    ("Africa/Cairo", 1_776_981_600, "UTC+02:00", "UTC+03:00"),
    ("Africa/Cairo", 1_793_307_600, "UTC+03:00", "UTC+02:00"),
];

/// Where it is the same time twice, or some times never come, ticks go on as time does and the tooltip says which it is.
pub fn times_are_clear_where_clocks_are_changed(world: &World) {
    let site = world.faulty().with(&Dashboard::of(&[("Level", "vector(1)")]));
    let page = site.page();
    page.before_scripts(
        "globalThis.drawn = [];
         const draw = CanvasRenderingContext2D.prototype.fillText;
         CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
             drawn.push([text, x]);
             return draw.call(this, text, x, y);
         };",
    );
    for (zone, at, before, after) in CHANGES {
        let (from, to) = ((at - 7_200) * 1_000, (at + 7_200) * 1_000);
        page.open(&format!("d/small?from={from}&to={to}&timezone={zone}"));
        page.panel_in("1", State::Ready);
        ticks_go_on(&page, zone, minutes(after) - minutes(before));
        for (place, offset) in [(0.2, before), (0.8, after)] {
            point_at(&page, place);
            page.wait(&format!("the tooltip tells a time of {zone} in {offset}"), || {
                let told: Option<String> = page.eval("return document.querySelector('.tooltip .time')?.textContent");
                told?.ends_with(offset).then_some(())
            });
        }
    }
}

/// Zones have the short names that they are known by where they have any, and an end of a range that moves is told in words.
pub fn zones_have_their_names(world: &World) {
    let unit = json!({ "defaults": { "unit": "time:YYYY-MM-DD HH:mm z" }, "overrides": [] });
    let dashboard = Dashboard::of(&[("Then", "vector(1749994662123)")]);
    let site = world.faulty().with(&dashboard.with_panels("type", json!("stat")).with_panels("fieldConfig", unit));
    let page = site.page();
    for (zone, written) in [
        ("utc", "2025-06-15 13:37 UTC"),
        ("Europe/Berlin", "2025-06-15 15:37 CEST"),
        ("America/New_York", "2025-06-15 09:37 EDT"),
        ("Asia/Kolkata", "2025-06-15 19:07 IST"),
        ("America/Sao_Paulo", "2025-06-15 10:37 -03"),
        ("Asia/Tehran", "2025-06-15 17:07 +0330"),
    ] {
        page.open(&format!("d/small?from=1749991062123&to=now&timezone={zone}"));
        page.wait(&format!("{written} is shown"), || page.text().contains(written).then_some(()));
        assert!(page.text().contains(":42 to a few seconds ago"), "{}", page.text());
    }
    page.assert_no_complaints();
}

/// Minutes of an offset such as `UTC+10:30`.
fn minutes(offset: &str) -> i64 {
    let (sign, rest) = offset.trim_start_matches("UTC").split_at(1);
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let total = hours.parse::<i64>().unwrap_or_default() * 60 + minutes.parse::<i64>().unwrap_or_default();
    if sign == "-" { -total } else { total }
}

/// Neighbouring ticks are as far apart on the axis as in time, whatever the clock reads, which jumps once.
fn ticks_go_on(page: &Page, zone: &str, jump: i64) {
    let ticks = page.wait("the time axis is drawn", || {
        let drawn: Vec<(String, f64)> = page.eval("return drawn");
        let mut ticks: Vec<(f64, i64)> =
            drawn.iter().filter_map(|(text, x)| Some((*x, clock_minutes(text)?))).collect();
        ticks.sort_by(|a, b| a.0.total_cmp(&b.0));
        ticks.dedup();
        // The labels at either end may have to give way to the edge of the canvas.
        (ticks.len() > 6).then(|| ticks[1..ticks.len() - 1].to_vec())
    });
    let span = ticks[ticks.len() - 1].0 - ticks[0].0;
    let steps = ticks.windows(2).map(|pair| (pair[1].0 - pair[0].0, across_midnight(pair[1].1 - pair[0].1)));
    let read: i64 = steps.clone().map(|(_, minutes)| minutes).sum();
    let px_per_minute = span / (read - jump) as f64;
    let as_drawn = |(px, minutes): &(f64, i64)| (px / px_per_minute - *minutes as f64).abs() < 1.0;
    let (on, off): (Vec<_>, Vec<_>) = steps.partition(as_drawn);
    assert!(off.len() == 1 && on.len() > 2, "{zone}: {ticks:?}");
    let (px, minutes) = off[0];
    assert!(px > 0.0 && as_drawn(&(px, minutes - jump)), "{zone}: {ticks:?}");
}

/// A difference between times of day that are less than half a day apart.
fn across_midnight(minutes: i64) -> i64 {
    (minutes + 720).rem_euclid(1_440) - 720
}

/// Minutes since midnight of a label such as `14:30`, `Nov 20 14:30` or `Nov 20`.
fn clock_minutes(label: &str) -> Option<i64> {
    let months = ["Mar", "Apr", "Sep", "Oct", "Nov"];
    let last = label.rsplit(' ').next()?;
    match last.split_once(':') {
        Some((hours, minutes)) => Some(hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?),
        None => months.iter().any(|month| label.starts_with(month)).then_some(0),
    }
}

/// Puts the pointer so far across the chart.
fn point_at(page: &Page, place: f64) {
    let [x, y, width, height]: [f64; 4] = page.eval(
        "const box = document.querySelector('.chart').getBoundingClientRect(); return [box.x, box.y, box.width, box.height]",
    );
    let event = json!({ "type": "mouseMoved", "x": x + width * place, "y": y + height / 2.0 });
    page.cdp("Input.dispatchMouseEvent", event);
}
