//! `cargo xtask test`: everything that must hold, cheapest first, stopping at the first step that fails.

use crate::repo::Repo;
use crate::run::{self, say};
use crate::{dist, fault_table, layers, size, source_rules, tools};
use anyhow::{Context as _, Result, bail};
use lexopt::prelude::*;
use std::fs;
use std::process::Command;
use std::time::Instant;

/// How much to test.
#[derive(Default)]
pub struct Options {
    full: bool,
    only: Option<String>,
    list: bool,
}

impl Options {
    /// # Errors
    /// An option that there is not.
    pub fn parse(mut args: lexopt::Parser) -> Result<Self> {
        let mut options = Self::default();
        while let Some(arg) = args.next()? {
            match arg {
                Long("full") => options.full = true,
                Long("only") => options.only = Some(args.value()?.string()?),
                Long("list") => options.list = true,
                Short('h') | Long("help") => bail!("{}", crate::HELP),
                other => return Err(other.unexpected().into()),
            }
        }
        Ok(options)
    }
}

struct Step {
    name: &'static str,
    what: &'static str,
    /// Takes longer than one wants to wait each time.
    full_only: bool,
    run: fn(&Repo, &Options) -> Result<()>,
}

/// The end-to-end tests come last: their closing line is that of the whole run.
const STEPS: &[Step] = &[
    Step { name: "format", what: "formatting", full_only: false, run: format },
    Step { name: "layers", what: "layering rules", full_only: false, run: |repo, _| layers::check(repo) },
    Step { name: "source", what: "source rules", full_only: false, run: |repo, _| source(repo) },
    Step { name: "lint", what: "lints", full_only: false, run: lint },
    Step { name: "lint-wasm", what: "lints on wasm32", full_only: false, run: lint_wasm },
    Step { name: "unit", what: "unit, golden and property tests", full_only: false, run: unit },
    Step { name: "wasm", what: "the pure crates on wasm32", full_only: false, run: wasm },
    Step { name: "fuzz", what: "fuzzing", full_only: true, run: fuzz },
    Step { name: "size", what: "size budget", full_only: false, run: size_budget },
    Step { name: "e2e", what: "end-to-end tests in a browser", full_only: false, run: end_to_end },
];

/// Runs the steps.
///
/// # Errors
/// The first step that fails, by name.
pub fn run(repo: &Repo, options: &Options) -> Result<()> {
    if options.list {
        STEPS.iter().for_each(|step| println!("{:10} {}", step.name, step.what));
        return Ok(());
    }
    let wanted = |step: &&Step| match &options.only {
        Some(only) => step.name == only,
        None => options.full || !step.full_only,
    };
    let steps: Vec<_> = STEPS.iter().filter(wanted).collect();
    if steps.is_empty() {
        bail!("there is no such step; `cargo xtask test --list` names them");
    }
    let start = Instant::now();
    for (i, step) in steps.iter().enumerate() {
        let so_far = start.elapsed().as_secs();
        say(format!("[{}/{}] {} ({so_far} s so far)", i + 1, steps.len(), step.what));
        (step.run)(repo, options)
            .with_context(|| format!("step `{0}` failed; `cargo xtask test --only {0}` runs it alone", step.name))?;
    }
    Ok(())
}

/// The app runs in a browser only, and so do the tests written for one.
const WASM_ONLY: &[&str] = &["pyrograph", "tests-wasm", "bench-browser"];

fn source(repo: &Repo) -> Result<()> {
    source_rules::check(repo)?;
    fault_table::check(repo)
}

fn format(repo: &Repo, _: &Options) -> Result<()> {
    run::run(run::cargo(repo.root()).args(["fmt", "--all", "--check"])).context("`cargo fmt --all` mends it")
}

fn lint(repo: &Repo, _: &Options) -> Result<()> {
    let mut clippy = run::cargo(repo.root());
    clippy.args(["clippy", "--workspace", "--all-targets"]);
    WASM_ONLY.iter().for_each(|name| _ = clippy.args(["--exclude", name]));
    run::run(clippy.args(["--", "-D", "warnings"]))
}

fn lint_wasm(repo: &Repo, _: &Options) -> Result<()> {
    tools::wasm_target(repo)?;
    let mut clippy = run::cargo(repo.root());
    clippy.args(["clippy", "--target", "wasm32-unknown-unknown"]);
    WASM_ONLY.iter().chain(layers::PURE).for_each(|name| _ = clippy.args(["--package", name]));
    run::run(clippy.args(["--", "-D", "warnings"]))
}

fn unit(repo: &Repo, options: &Options) -> Result<()> {
    let mut test = run::cargo(repo.root());
    test.args(["test", "--workspace", "--exclude", "tests-e2e"]);
    WASM_ONLY.iter().for_each(|name| _ = test.args(["--exclude", name]));
    if options.full {
        test.env("PROPTEST_CASES", "10000");
    }
    run::run(&mut test)
}

fn wasm(repo: &Repo, _: &Options) -> Result<()> {
    let runner = tools::wasm_test_runner(repo)?;
    let browser = tools::browser(repo)?;
    let capabilities = repo.tools().join("webdriver.json");
    fs::write(&capabilities, browser.capabilities().to_string())
        .with_context(|| format!("{} cannot be written", capabilities.display()))?;
    let mut test = run::cargo(repo.root());
    test.args(["test", "--package", "tests-wasm", "--target", "wasm32-unknown-unknown"]);
    test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    browser.tell(&mut test);
    run::run(&mut test)
}

/// A minute per target. Without a sanitizer, which only nightly Rust has: there is no `unsafe` whose errors it would find,
/// and a panic, an overflow or a check that does not hold ends the run without it.
fn fuzz(repo: &Repo, _: &Options) -> Result<()> {
    let program = tools::cargo_fuzz(repo)?;
    let cargo_fuzz = |command: &str| {
        let mut fuzz = Command::new(&program);
        fuzz.args(["fuzz", command]).current_dir(repo.root());
        fuzz
    };
    for target in run::read(&mut cargo_fuzz("list"))?.split_whitespace() {
        let mut fuzz = cargo_fuzz("run");
        fuzz.args(["--sanitizer", "none", target, "--", "-max_total_time=60", "-max_len=4096", "-timeout=10"]);
        let dictionary = repo.path(&format!("fuzz/{target}.dict"));
        if dictionary.exists() {
            fuzz.arg(format!("-dict={}", dictionary.display()));
        }
        run::run(&mut fuzz)?;
    }
    Ok(())
}

fn size_budget(repo: &Repo, _: &Options) -> Result<()> {
    let report = size::Report::measure(&dist::build(repo)?)?;
    println!("{report}");
    report.check()
}

fn end_to_end(repo: &Repo, options: &Options) -> Result<()> {
    let dist = dist::build(repo)?;
    let servers = tools::servers(repo)?;
    let browser = tools::browser(repo)?;
    tools::nginx(repo)?;
    tools::firefox(repo)?;
    let mut test = run::cargo(repo.root());
    test.args(["test", "--package", "tests-e2e"]).env("PYROGRAPH_DIST", dist).env("PYROGRAPH_TOOLS", servers);
    if options.full {
        test.env("PYROGRAPH_FULL", "1");
    }
    browser.tell(&mut test);
    run::run(&mut test)
}
