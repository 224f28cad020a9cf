//! `first-run FILE`: which stretches of the app's code are run until the first panel of the fleet dashboard, or of a plain one,
//! is painted, and which by these and other dashboards at all, by number. The app has to tell of them (`cargo xtask first-run` builds such a
//! one, and makes names of the numbers).

use anyhow::{Context as _, Result};
use faultd::{Fault, Rule, When};
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;
use tests_e2e::{Dashboard, Options, Page, Setup, Theme, World, plain};

/// What is loaded first, and how it may look: a desk and a phone, in either theme, on a calm day and through incidents. Which
/// panel is painted first is chance, so that each is looked at a few times.
const VIEWS: &[(&str, (u32, u32), Theme)] = &[
    ("d/fleet-overview", (1440, 900), Theme::Dark),
    ("d/fleet-overview?theme=light", (390, 844), Theme::Light),
    ("d/fleet-overview?from=now-6h&to=now", (1440, 900), Theme::Light),
    ("d/fleet-overview?from=now-30m&to=now", (1440, 900), Theme::Dark),
    ("d/fleet-overview", (1600, 1100), Theme::Light),
    ("d/fleet-overview?from=now-5m&to=now&timezone=utc", (1440, 900), Theme::Dark),
    ("d/fleet-overview?from=now-24h&to=now", (1440, 900), Theme::Dark),
    ("d/fleet-overview?from=now-12h&to=now-11h", (1440, 900), Theme::Light),
    ("d/fleet-overview?from=now-20h&to=now-18h", (390, 844), Theme::Dark),
    ("d/fleet-overview", (1440, 900), Theme::Dark),
    ("d/fleet-overview", (1440, 900), Theme::Light),
];

/// As it may be set up: with little said, as the bundle comes, and with more said than the demo does.
const CONFIGS: &[&str] = &[
    plain::CONFIG,
    r#"{
        "dataSources": [
            { "uid": "prometheus", "name": "Prometheus", "url": "prometheus", "default": true },
            { "uid": "other", "name": "Other", "url": "prometheus" }
        ],
        "dashboards": { "index": "dashboards/index.json" },
        "defaults": { "from": "now-3h", "to": "now", "refresh": "1m", "theme": "dark", "timezone": "utc" }
    }"#,
];

/// What is seen just after the servers have started is another thing each time.
const WORLDS: usize = 3;

/// What else shows what is often run.
const OTHERS: &[&str] = &["d/node", "d/prometheus", "d/service-detail"];

/// What was run, and of that, what until each panel that is painted was painted once: which is the first, is chance. What a
/// clock begins 4 s after the start is none of it, however slow an app is that notes what it runs.
const RUN: &str = r#"
    const painted = new Map();
    for (const { startTime, duration, detail } of performance.getEntriesByName("pyrograph:paint")) {
        if (!painted.has(detail.panel)) painted.set(detail.panel, startTime + duration);
    }
    const first = performance.timeOrigin + Math.min(Math.max(...painted.values()), 4000);
    const run = [...globalThis.pyrographRun];
    return [run.map(([number]) => number), run.filter(([, at]) => at <= first).map(([number]) => number)];"#;

/// What the worker runs is told a little later.
const QUIET: Duration = Duration::from_millis(200);

fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("give the file for the numbers")?;
    let (mut ever, mut at_first) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..WORLDS {
        let world = World::start(&Setup::from_env()?)?;
        for (route, size, theme) in VIEWS {
            let (run, before) = run(&world, route, Options { size: *size, theme: *theme, ..Options::default() });
            ever.extend(run);
            at_first.extend(before);
        }
        for config in CONFIGS {
            let config = Rule::new(When::path("/config.json"), Fault::status(200, "application/json", config));
            let (run, before) = run_by(&world.faulty().and(config.clone()).page(), "d/fleet-overview");
            ever.extend(run);
            at_first.extend(before);
            for dashboard in plain::dashboards() {
                let site = world.faulty().with(&dashboard).and(plain::index()).and(config.clone());
                let (run, before) = run_by(&site.page(), &format!("d/{}", Dashboard::UID));
                ever.extend(run);
                at_first.extend(before);
            }
        }
        for route in OTHERS {
            ever.extend(run(&world, route, Options::default()).0);
        }
    }
    let line = |number: &u32| format!("{number}{}\n", if at_first.contains(number) { " first" } else { "" });
    fs::write(&file, ever.iter().map(line).collect::<String>()).with_context(|| format!("{file} cannot be written"))
}

/// The numbers of what a view runs, and of that, what at first.
fn run(world: &World, route: &str, options: Options) -> (Vec<u32>, Vec<u32>) {
    run_by(&world.page_with(options), route)
}

fn run_by(page: &Page, route: &str) -> (Vec<u32>, Vec<u32>) {
    page.open(route).settled();
    std::thread::sleep(QUIET);
    page.eval(RUN)
}
