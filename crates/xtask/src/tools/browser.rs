//! Chrome or Chromium with the chromedriver that belongs to it.

use super::{debian, launcher, link, major_minor, version_of};
use crate::repo::Repo;
use crate::run::{self, say};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A browser that tests can drive.
pub struct Browser {
    /// Chrome or Chromium.
    pub chrome: PathBuf,
    /// The driver of the same version.
    pub chromedriver: PathBuf,
}

impl Browser {
    /// Tells a child process which browser to take.
    pub fn tell(&self, command: &mut Command) {
        command.env("CHROME", &self.chrome).env("CHROMEDRIVER", &self.chromedriver);
    }

    /// The WebDriver capabilities that start it without a window: as root in a container, too.
    pub fn capabilities(&self) -> serde_json::Value {
        let args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
        serde_json::json!({ "goog:chromeOptions": { "binary": self.chrome, "args": args } })
    }
}

const ADVICE: &str = "install Chrome or Chromium with the chromedriver of the same version and put both on PATH";

/// A browser and its driver: those on `PATH` when they belong together, else Debian's Chromium unpacked into `.tools`.
///
/// # Errors
/// There is none, and this is not a machine on which one can be downloaded.
pub fn browser(repo: &Repo) -> Result<Browser> {
    let bin = repo.bin();
    let browser = Browser { chrome: bin.join("chromium"), chromedriver: bin.join("chromedriver") };
    if belong_together(&browser.chrome, &browser.chromedriver) {
        return Ok(browser);
    }
    if let Some((chrome, driver)) = pair_on_path(&bin) {
        link(&chrome, &browser.chrome)?;
        link(&driver, &browser.chromedriver)?;
        return Ok(browser);
    }
    unpack(repo).context(ADVICE)?;
    if !belong_together(&browser.chrome, &browser.chromedriver) {
        bail!("the Chromium in {} does not run here; {ADVICE}", debian::root(repo).display());
    }
    Ok(browser)
}

/// chromedriver refuses a browser of another major version. A stub that only tells to install a snap has no version.
fn belong_together(chrome: &Path, driver: &Path) -> bool {
    let major = |program| version_of(program).and_then(|printed| major_minor(&printed)).map(|(major, _)| major);
    let version = major(chrome);
    version.is_some() && version == major(driver)
}

fn pair_on_path(ours: &Path) -> Option<(PathBuf, PathBuf)> {
    let outside = |name| run::on_path(name).filter(|program| !program.starts_with(ours));
    let driver = outside("chromedriver")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    names.into_iter().filter_map(outside).find(|chrome| belong_together(chrome, &driver)).map(|chrome| (chrome, driver))
}

/// Debian's Chromium with the libraries and the font that this system lacks, started by scripts that say where they are.
fn unpack(repo: &Repo) -> Result<()> {
    let root = debian::root(repo);
    if version_of(&root.join("usr/bin/chromedriver")).is_none() {
        say("downloading Chromium from the distribution's packages into .tools (once)");
        let packages = ["chromium", "chromium-driver", "fonts-dejavu-core"];
        debian::unpack(repo, debian::Wanted::WithDependencies(&packages))?;
    }

    for (name, unpacked) in [("chromium", "usr/lib/chromium/chromium"), ("chromedriver", "usr/bin/chromedriver")] {
        let program = unpacked_or_installed(repo, name, &root.join(unpacked))?;
        launcher::write(repo, name, &program)?;
    }
    Ok(())
}

/// What of the pair the system has already was not downloaded again.
fn unpacked_or_installed(repo: &Repo, name: &str, unpacked: &Path) -> Result<PathBuf> {
    if unpacked.is_file() {
        return Ok(unpacked.to_path_buf());
    }
    let installed = run::on_path(name).filter(|program| !program.starts_with(repo.bin()));
    installed.with_context(|| format!("{name} is neither in {} nor on PATH", unpacked.display()))
}
