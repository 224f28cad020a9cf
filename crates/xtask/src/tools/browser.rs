//! Chrome or Chromium with the chromedriver that belongs to it.

use super::{debian, link, major_minor, version_of, write_script};
use crate::repo::Repo;
use crate::run::{self, say};
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeSet;
use std::fs;
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

    let fonts = repo.tools().join("fonts.conf");
    fs::write(&fonts, font_config(repo)).with_context(|| format!("{} cannot be written", fonts.display()))?;
    let libraries = library_folders(&root.join("usr/lib")).into_iter().chain(library_folders(&root.join("lib")));
    let libraries = std::env::join_paths(libraries)?.to_string_lossy().into_owned();
    for (name, unpacked) in [("chromium", "usr/lib/chromium/chromium"), ("chromedriver", "usr/bin/chromedriver")] {
        let program = unpacked_or_installed(repo, name, &root.join(unpacked))?;
        let script = format!(
            "#!/bin/sh\nexport LD_LIBRARY_PATH='{libraries}' FONTCONFIG_FILE='{}'\nexec '{}' \"$@\"\n",
            fonts.display(),
            program.display(),
        );
        write_script(&repo.bin().join(name), &script)?;
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

/// Every folder below `dir` that holds shared libraries.
fn library_folders(dir: &Path) -> BTreeSet<PathBuf> {
    let mut folders = BTreeSet::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir {
                open.push(entry.path());
            } else if entry.file_name().to_string_lossy().contains(".so") {
                folders.insert(dir.clone());
            }
        }
    }
    folders
}

/// The system's fonts and ours, with a cache of our own.
fn font_config(repo: &Repo) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n\
         <include ignore_missing=\"yes\">/etc/fonts/fonts.conf</include>\n\
         <dir>/usr/share/fonts</dir>\n<dir>{}</dir>\n<cachedir>{}</cachedir>\n</fontconfig>\n",
        debian::root(repo).join("usr/share/fonts").display(),
        repo.tools().join("fontcache").display(),
    )
}
