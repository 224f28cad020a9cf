//! Set-up: every tool that the commands need, each once, under one name in `.tools/bin`.
//!
//! A tool already on `PATH` in a version that will do is linked there; otherwise it is built or downloaded below
//! `.tools`, which git ignores. Nothing is installed system-wide, nothing needs root, and no daemon is started.

mod browser;
mod debian;
mod firefox;
mod launcher;
mod nginx;
mod rust;
mod servers;

pub use browser::browser;
pub use firefox::firefox;
pub use nginx::nginx;
pub use rust::{build_tools, cargo_fuzz, wasm_target, wasm_test_runner};
pub use servers::servers;

use crate::repo::Repo;
use crate::run;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Sets up every tool, for who wants to be offline afterwards.
///
/// # Errors
/// The first tool that cannot be set up, with what to install.
pub fn all(repo: &Repo) -> Result<()> {
    build_tools(repo)?;
    wasm_test_runner(repo)?;
    servers(repo)?;
    browser(repo)?;
    nginx(repo)?;
    firefox(repo)
}

/// What a program answers to `--version`, on either output: the servers of Prometheus have used both.
fn version_of(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = [output.stdout, output.stderr].concat();
    output.status.success().then(|| String::from_utf8_lossy(&text).into_owned())
}

/// The first number of the form `major.minor` in a version line.
fn major_minor(text: &str) -> Option<(u32, u32)> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let mut parts = word.split('.');
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    })
}

/// Makes `link` another name of `file`, in place of whatever stood there.
fn link(file: &Path, link: &Path) -> Result<()> {
    if let Some(dir) = link.parent() {
        fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    }
    if link.symlink_metadata().is_ok() {
        fs::remove_file(link).with_context(|| format!("{} cannot be replaced", link.display()))?;
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink(file, link).with_context(|| format!("{} cannot be linked", link.display()))?;
    #[cfg(not(unix))]
    fs::copy(file, link).with_context(|| format!("{} cannot be copied", link.display()))?;
    Ok(())
}

/// Writes an executable shell script.
fn write_script(path: &Path, text: &str) -> Result<()> {
    if let Some(dir) = path.parent() {
        fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
    }
    if path.symlink_metadata().is_ok() {
        fs::remove_file(path).with_context(|| format!("{} cannot be replaced", path.display()))?;
    }
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Links the one on `PATH` into `.tools/bin` if its version will do.
fn take_from_path(names: &[&str], to: &Path, will_do: impl Fn(&str) -> bool) -> Result<bool> {
    let found = names
        .iter()
        .filter_map(|name| run::on_path(name))
        .find(|program| program.as_path() != to && version_of(program).is_some_and(|version| will_do(&version)));
    if let Some(program) = &found {
        link(program, to)?;
    }
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::major_minor;

    #[test]
    fn versions_are_read_from_what_programs_print() {
        let check = |text, expected| assert_eq!(major_minor(text), expected, "{text}");
        check("prometheus, version 2.42.0+ds (branch: debian/sid)", Some((2, 42)));
        check("Chromium 156.0.8078.79 built on Debian", Some((156, 0)));
        check("ChromeDriver 156.0.8078.79 (abc123)", Some((156, 0)));
        check("trunk 0.21.14", Some((0, 21)));
        check("Mozilla Firefox 153.7.0esr", Some((153, 7)));
        check("no number here", None);
    }
}
