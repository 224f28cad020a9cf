//! `cargo xtask bench`: the benchmarks that run in a browser: of the decoder alone, in `benches/browser`, and of the built
//! app on real servers, in `tests/e2e/src/bin/bench`.

use crate::repo::Repo;
use crate::run::{self, say};
use crate::{dist, size, tools};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds the bench page and the app, runs the benchmarks in a browser, prints the table and writes `target/bench.json`;
/// then prints what the app weighs, file by file. What else is on the command line is handed on.
///
/// # Errors
/// Something that is needed cannot be set up, the page fails, a result misses its target, or the app does not build.
pub fn run(repo: &Repo, mut args: lexopt::Parser) -> Result<()> {
    let page = build_page(repo)?;
    let dist = dist::build(repo)?;
    let servers = tools::servers(repo)?;
    tools::nginx(repo)?;
    let browser = tools::browser(repo)?;
    let results = repo.reports().join("bench.json");
    say("running the benchmarks");
    let mut bench = run::cargo(repo.root());
    bench.args(["run", "--quiet", "--package", "tests-e2e", "--bin", "bench", "--"]).arg(page).arg(&results);
    bench.args(args.raw_args()?);
    bench.env("PYROGRAPH_DIST", &dist).env("PYROGRAPH_TOOLS", servers);
    browser.tell(&mut bench);
    run::run(&mut bench)?;
    println!("{}", size::Report::measure(&dist)?);
    Ok(())
}

/// The page's files (`benches/browser/page`) with its Wasm and glue as `bench_bg.wasm` and `bench.js`, in a folder to be
/// served.
fn build_page(repo: &Repo) -> Result<PathBuf> {
    tools::build_tools(repo)?;
    say("building the bench page");
    let source = repo.path("benches/browser");
    let target = repo.reports().join("bench-page");
    let mut build = run::cargo(repo.root());
    build.args(["build", "--release", "--target", "wasm32-unknown-unknown", "--manifest-path"]);
    run::run(build.arg(source.join("Cargo.toml")).arg("--target-dir").arg(target.join("build")))?;

    let site = target.join("site");
    let mut bindgen = Command::new(repo.bin().join("wasm-bindgen"));
    bindgen.args(["--target", "web", "--no-typescript", "--out-name", "bench", "--out-dir"]).arg(&site);
    run::run(bindgen.arg(the_wasm_in(&target.join("build/wasm32-unknown-unknown/release"))?))?;
    let page = source.join("page");
    for file in dist::files_below(&page)? {
        let copy = site.join(file.strip_prefix(&page)?);
        fs::copy(&file, &copy).with_context(|| format!("{} cannot be copied", file.display()))?;
    }
    Ok(site)
}

fn the_wasm_in(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let mut files =
        entries.flatten().map(|entry| entry.path()).filter(|file| file.extension().is_some_and(|e| e == "wasm"));
    match (files.next(), files.next()) {
        (Some(file), None) => Ok(file),
        _ => bail!("there is not one .wasm file in {}; remove the folder and try again", folder.display()),
    }
}
