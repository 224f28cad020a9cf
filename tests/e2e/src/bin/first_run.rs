//! `first-run FILE`: which stretches of the app's code are run until the fleet dashboard is there, by number. The app has to
//! tell of them (`cargo xtask first-run` builds such a one, and makes names of the numbers).

use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;
use tests_e2e::{Options, Setup, Theme, World};

/// What is loaded first, and how it may look: a desk and a phone, in either theme.
const VIEWS: &[(&str, (u32, u32), Theme)] = &[
    ("d/fleet-overview", (1440, 900), Theme::Dark),
    ("d/fleet-overview?theme=light", (390, 844), Theme::Light),
    ("d/fleet-overview?from=now-6h&to=now", (1440, 900), Theme::Light),
];

/// What the worker runs is told a little later.
const QUIET: Duration = Duration::from_millis(200);

fn main() -> Result<()> {
    let file = std::env::args().nth(1).context("give the file for the numbers")?;
    let world = World::start(&Setup::from_env()?)?;
    let mut run = BTreeSet::new();
    for (route, size, theme) in VIEWS {
        let page = world.page_with(Options { size: *size, theme: *theme, ..Options::default() });
        page.open(route).settled();
        std::thread::sleep(QUIET);
        let here: Vec<u32> = page.eval("return [...globalThis.pyrographRun]");
        run.extend(here);
    }
    let lines: Vec<String> = run.iter().map(u32::to_string).collect();
    fs::write(&file, lines.join("\n") + "\n").with_context(|| format!("{file} cannot be written"))
}
