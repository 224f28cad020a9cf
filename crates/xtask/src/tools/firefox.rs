//! Firefox with geckodriver.

use super::{debian, launcher, link, major_minor, rust, version_of};
use crate::repo::Repo;
use crate::run::{self, say};
use anyhow::{Context as _, Result, bail};
use std::path::Path;

/// The oldest Firefox that has module workers.
const OLDEST: u32 = 114;

const ADVICE: &str = "install Firefox 114 or newer and put it on PATH";

/// Makes sure of Firefox and geckodriver in `.tools/bin`: those on `PATH`, else Debian's Firefox ESR unpacked into
/// `.tools` and geckodriver from crates.io.
///
/// # Errors
/// There is none, and this is not a machine on which one can be downloaded.
pub fn firefox(repo: &Repo) -> Result<()> {
    rust::geckodriver(repo)?;
    let bin = repo.bin();
    let firefox = bin.join("firefox");
    if will_do(&firefox) {
        return Ok(());
    }
    let installed = ["firefox", "firefox-esr"].into_iter().filter_map(run::on_path);
    if let Some(installed) = installed.into_iter().find(|found| !found.starts_with(&bin) && will_do(found)) {
        return link(&installed, &firefox);
    }
    let unpacked = debian::root(repo).join("usr/lib/firefox-esr/firefox-esr");
    if !unpacked.is_file() {
        say("downloading Firefox from the distribution's packages into .tools (once)");
        debian::unpack(repo, debian::Wanted::WithDependencies(&["firefox-esr"])).context(ADVICE)?;
    }
    launcher::write(repo, "firefox", &unpacked)?;
    if !will_do(&firefox) {
        bail!("the Firefox in {} does not run here; {ADVICE}", debian::root(repo).display());
    }
    Ok(())
}

/// A stub that only tells to install a snap has no version.
fn will_do(program: &Path) -> bool {
    version_of(program).and_then(|printed| major_minor(&printed)).is_some_and(|(major, _)| major >= OLDEST)
}
