//! A dashboard of as many panels as the largest public ones.

use crate::Run;
use crate::figure::{Figure, median};
use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::json;
use std::thread::sleep;
use std::time::Duration;
use tests_e2e::{Dashboard, Options, Page};

const PANELS: usize = 597;
const ROUNDS: usize = 3;

/// Until the first panel is there, and of one task on the main thread. (A browser tells of those only that take longer.)
const MAX_OPENING_MILLIS: f64 = 1_000.0;
const MAX_TASK_MILLIS: f64 = 50.0;

/// Milliseconds: since navigation, and of one task.
#[derive(Deserialize)]
struct Opened {
    painted: f64,
    longest_task: f64,
}

const OPENED: &str = r#"return (async () => {
    const paints = performance.getEntriesByName("pyrograph:paint").map((m) => m.startTime + m.duration);
    if (paints.length === 0) return null;
    const tasks = await new Promise((resolve) => {
        new PerformanceObserver((list) => resolve(list.getEntries())).observe({ type: "longtask", buffered: true });
        setTimeout(resolve, 500, []);
    });
    return { painted: Math.min(...paints), longest_task: Math.max(0, ...tasks.map((task) => task.duration)) };
})()"#;

/// How far a notch of the wheel scrolls, and how long after it comes the next.
const NOTCH_PX: f64 = 600.0;
const NOTCH_PAUSE: Duration = Duration::from_millis(50);
/// More than the page has.
const MOST_NOTCHES: usize = 1_000;

const WATCH_TASKS: &str = r#"
    window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((task) => task.duration)))
        .observe({ type: "longtask" });"#;

const AT: &str = "return [scrollY, document.documentElement.scrollHeight - innerHeight]";

/// The longest task while the wheel goes through all of the page, down and up again.
fn scroll(page: &Page) -> Result<f64> {
    page.eval::<()>(WATCH_TASKS);
    for down in [true, false] {
        let mut notches = 0;
        let ended = |[at, end]: [f64; 2]| if down { at >= end - 1.0 } else { at <= 0.0 };
        while !ended(page.eval(AT)) {
            ensure!(notches < MOST_NOTCHES, "the wheel does not come to an end");
            notches += 1;
            let delta = if down { NOTCH_PX } else { -NOTCH_PX };
            let wheel = json!({ "type": "mouseWheel", "x": 720, "y": 450, "deltaX": 0, "deltaY": delta });
            page.cdp("Input.dispatchMouseEvent", wheel);
            sleep(NOTCH_PAUSE);
        }
    }
    Ok(page.eval("return Math.max(0, ...longTasks)"))
}

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let titles: Vec<_> = (0..PANELS).map(|n| (format!("Panel {n}"), format!("up + {n}"))).collect();
    let panels: Vec<_> = titles.iter().map(|(title, expr)| (title.as_str(), expr.as_str())).collect();
    let site = run.world.faulty().with(&Dashboard::of(&panels));
    let page = site.page_with(Options { size: (1440, 900), ..Options::default() });
    let opened: Vec<Opened> = (0..ROUNDS)
        .map(|_| {
            page.load("d/small");
            page.wait("a panel is painted", || page.eval(OPENED))
        })
        .collect();
    let longest_while_scrolling = scroll(&page)?;
    Ok(vec![
        Figure::at_most(
            MAX_OPENING_MILLIS,
            "big/first-panel-painted",
            median(opened.iter().map(|opened| opened.painted)),
            "ms",
        ),
        Figure::at_most(
            MAX_TASK_MILLIS,
            "big/longest-task",
            median(opened.iter().map(|opened| opened.longest_task)),
            "ms",
        ),
        Figure::at_most(MAX_TASK_MILLIS, "big/longest-task-scrolling", longest_while_scrolling, "ms"),
    ])
}
