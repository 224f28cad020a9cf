//! Scripts that start an unpacked program with the libraries and fonts that were unpacked with it.

use super::{debian, write_script};
use crate::repo::Repo;
use anyhow::{Context as _, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Writes `.tools/bin/<name>`, which starts `program`.
///
/// # Errors
/// A file cannot be written.
pub fn write(repo: &Repo, name: &str, program: &Path) -> Result<()> {
    let fonts = repo.tools().join("fonts.conf");
    fs::write(&fonts, font_config(repo)).with_context(|| format!("{} cannot be written", fonts.display()))?;
    let libraries = std::env::join_paths(libraries_for(repo, program))?.to_string_lossy().into_owned();
    let script = format!(
        "#!/bin/sh\nexport LD_LIBRARY_PATH='{libraries}' FONTCONFIG_FILE='{}'\nexec '{}' \"$@\"\n",
        fonts.display(),
        program.display(),
    );
    write_script(&repo.bin().join(name), &script)
}

/// Packages that bring libraries of their own under the names of the system's.
const SELF_CONTAINED: &[&str] = &["chromium", "firefox-esr"];

/// Every unpacked folder that holds shared libraries which `program` may take.
fn libraries_for(repo: &Repo, program: &Path) -> BTreeSet<PathBuf> {
    let root = debian::root(repo);
    let strangers: Vec<_> = SELF_CONTAINED
        .iter()
        .map(|package| root.join("usr/lib").join(package))
        .filter(|dir| !program.starts_with(dir))
        .collect();
    let mut folders = BTreeSet::new();
    let mut open = vec![root.join("usr/lib"), root.join("lib")];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_dir && !strangers.contains(&entry.path()) {
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
