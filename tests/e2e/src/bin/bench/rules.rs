//! The rules of the largest servers: how soon they can be seen and searched.

use crate::Run;
use crate::figure::{Figure, median};
use anyhow::Result;
use faultd::When;
use serde::Deserialize;
use std::thread::sleep;
use std::time::{Duration, UNIX_EPOCH};

const GROUPS: u32 = 3_402;
const RULES: u32 = 14_758;
const ROUNDS: usize = 3;

/// What the page notes of itself from now on: when the first rule is seen (milliseconds since 1970), and its tasks of more
/// than 50 ms.
const WATCH: &str = r#"
    globalThis.seen = null;
    globalThis.tasks = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
    const look = () => {
        if (seen === null && document.querySelector("[data-rule]")) {
            requestAnimationFrame(() => setTimeout(() => { seen ??= performance.timeOrigin + performance.now(); }));
        }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
"#;

/// Types a word letter by letter into the filter and takes it out again: how long each key takes until the list is another
/// one and the page could be painted.
const TYPE: &str = r#"return (async () => {
    const [input, list] = [document.querySelector("input[aria-label='Filter rules']"), document.querySelector(".rule-rows")];
    const word = "verylast";
    const texts = [...word].map((_, i) => word.slice(0, i + 1)).concat([...word].map((_, i) => word.slice(0, -i - 1)));
    const took = [];
    for (const text of texts) {
        const start = performance.now();
        const changed = new Promise((resolve) => {
            const observer = new MutationObserver(() => { observer.disconnect(); resolve(); });
            observer.observe(list, { childList: true, subtree: true });
        });
        input.value = text;
        input.dispatchEvent(new Event("input"));
        await changed;
        took.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { took, tasks };
})()"#;

#[derive(Deserialize)]
struct Typed {
    took: Vec<f64>,
    tasks: Vec<f64>,
}

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let (mut firsts, mut keys, mut tasks) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let site = run.world.faulty().with_rules(GROUPS, RULES);
        let page = site.page();
        page.open("settings");
        page.eval::<()>(WATCH);
        page.follow("alerts");
        while site.log().count(&When::path("/api/v1/rules")) == 0 || site.log().in_flight() > 0 {
            sleep(Duration::from_millis(1));
        }
        let sent = UNIX_EPOCH.elapsed()?.as_secs_f64() * 1_000.0;
        let seen: f64 = page.wait("the rules are seen", || page.eval("return seen"));
        let typed: Typed = page.eval(TYPE);
        firsts.push(seen - sent);
        keys.push(median(typed.took));
        tasks.push(typed.tasks.into_iter().fold(0.0, f64::max));
    }
    Ok(vec![
        Figure::at_most(1_000.0, "rules/first-rows-after-last-byte", median(firsts), "ms"),
        Figure::at_most(16.0, "rules/key-in-filter", median(keys), "ms"),
        Figure::at_most(50.0, "rules/longest-task", median(tasks), "ms"),
    ])
}
