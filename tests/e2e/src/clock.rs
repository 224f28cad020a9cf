//! A clock that a test moves, so that nobody waits for what takes minutes.

use faultd::{Fault, Rule, When};
use std::fs;
use std::path::Path;

/// How a page's clock is set when it opens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// By how many milliseconds it is ahead of the servers'; negative: behind.
    pub ahead_millis: i64,
}

impl Clock {
    /// What has to run before any script of the page or of the worker.
    pub(crate) fn script(self) -> String {
        include_str!("clock.js").replace("AHEAD_MILLIS", &self.ahead_millis.to_string())
    }

    /// Puts the clock into the worker of the app in `dist`, which no browser lets a test run scripts in.
    pub(crate) fn in_worker(self, dist: &Path) -> Rule {
        let script = fs::read_to_string(dist.join("worker.js")).unwrap_or_else(|error| panic!("worker.js: {error}"));
        let with_clock = format!("{}\n{script}", self.script());
        Rule::new(When::path("/worker.js"), Fault::status(200, "text/javascript", &with_clock))
    }
}
