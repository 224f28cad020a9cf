//! The tools that come from crates.io, in pinned versions, and the wasm32 target.

use super::{take_from_path, version_of, write_script};
use crate::repo::Repo;
use crate::run::{self, say};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The newest that the supported Rust builds. wasm-bindgen's version is read from Cargo.lock, with which it must agree.
const TRUNK: &str = "0.21.14";

/// Speaks WebDriver to Firefox. Any version drives any Firefox of today.
const GECKODRIVER: &str = "0.37.1";

/// Builds and runs the fuzz targets.
const CARGO_FUZZ: &str = "0.13.2";

/// The folders to put in front of `PATH` so that Trunk finds what it shall run.
pub struct BuildTools {
    /// The trunk to run.
    pub trunk: PathBuf,
    /// A folder with a `wasm-bindgen` that adds what Trunk has no setting for.
    pub wrappers: PathBuf,
}

/// What it takes to build the app: the wasm32 target, trunk and wasm-bindgen.
///
/// # Errors
/// One of them is missing and cannot be installed.
pub fn build_tools(repo: &Repo) -> Result<BuildTools> {
    wasm_target(repo)?;
    let bin = repo.bin();
    let trunk = Tool { name: "trunk", package: "trunk", version: TRUNK, flags: &["--no-default-features"] };
    trunk.ensure(repo)?;
    wasm_bindgen(repo, "wasm-bindgen")?;

    let wrappers = repo.tools().join("wrappers");
    write_script(&wrappers.join("wasm-bindgen"), &wrapper(&bin.join("wasm-bindgen"))?)?;
    Ok(BuildTools { trunk: bin.join("trunk"), wrappers })
}

/// The program that runs wasm32 tests; it comes with wasm-bindgen's command line.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn wasm_test_runner(repo: &Repo) -> Result<PathBuf> {
    wasm_target(repo)?;
    wasm_bindgen(repo, "wasm-bindgen-test-runner")?;
    Ok(repo.bin().join("wasm-bindgen-test-runner"))
}

/// What drives Firefox in tests.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn geckodriver(repo: &Repo) -> Result<()> {
    Tool { name: "geckodriver", package: "geckodriver", version: GECKODRIVER, flags: &[] }.ensure(repo)
}

/// What builds the fuzz targets so that the fuzzer sees where its inputs get to, and runs them.
///
/// # Errors
/// It is missing and cannot be installed.
pub fn cargo_fuzz(repo: &Repo) -> Result<PathBuf> {
    Tool { name: "cargo-fuzz", package: "cargo-fuzz", version: CARGO_FUZZ, flags: &[] }.ensure(repo)?;
    Ok(repo.bin().join("cargo-fuzz"))
}

fn wasm_bindgen(repo: &Repo, name: &'static str) -> Result<()> {
    let version = locked_version(&repo.path("Cargo.lock"), "wasm-bindgen")?;
    Tool { name, package: "wasm-bindgen-cli", version: &version, flags: &[] }.ensure(repo)
}

/// Trunk calls it for `wasm-bindgen`; it is this program that does the work (see `bindgen.rs`).
fn wrapper(wasm_bindgen: &Path) -> Result<String> {
    let this = std::env::current_exe().context("the path of this program is not known")?;
    Ok(format!("#!/bin/sh\nexec '{}' bindgen '{}' \"$@\"\n", this.display(), wasm_bindgen.display()))
}

struct Tool<'a> {
    name: &'static str,
    package: &'static str,
    version: &'a str,
    flags: &'static [&'static str],
}

impl Tool<'_> {
    fn ensure(&self, repo: &Repo) -> Result<()> {
        let program = repo.bin().join(self.name);
        let will_do = |printed: &str| printed.split_whitespace().any(|word| word == self.version);
        if version_of(&program).is_some_and(|printed| will_do(&printed))
            || take_from_path(&[self.name], &program, will_do)?
        {
            return Ok(());
        }
        self.install(repo)
    }

    /// Unoptimised builds: they take a quarter of the time, and what these tools do is soon done.
    fn install(&self, repo: &Repo) -> Result<()> {
        say(format!("installing {} {} into .tools (once; a few minutes)", self.package, self.version));
        let mut command = run::cargo(repo.root());
        command.args(["install", "--locked", "--debug", "--force", "--root"]).arg(repo.tools());
        command.args(self.flags).arg(format!("{}@{}", self.package, self.version));
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_TARGET_DIR", repo.tools().join("build"));
        run::run(&mut command)
            .with_context(|| format!("install it by hand: cargo install --locked {}@{}", self.package, self.version))
    }
}

/// # Errors
/// The target is missing and cannot be added.
pub fn wasm_target(repo: &Repo) -> Result<()> {
    let sysroot = run::read(Command::new("rustc").args(["--print", "sysroot"]).current_dir(repo.root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown/lib").is_dir() {
        return Ok(());
    }
    say("adding Rust's wasm32-unknown-unknown target");
    run::run(Command::new("rustup").args(["target", "add", "wasm32-unknown-unknown"]).current_dir(repo.root())).context(
        "install the Rust target wasm32-unknown-unknown (with rustup: rustup target add wasm32-unknown-unknown)",
    )
}

/// The version of a package in Cargo.lock.
fn locked_version(lock: &Path, package: &str) -> Result<String> {
    let text = fs::read_to_string(lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    let head = format!("name = \"{package}\"\nversion = \"");
    let Some((_, rest)) = text.split_once(&head) else {
        bail!("{} has no package {package}: run `cargo metadata` once", lock.display());
    };
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
