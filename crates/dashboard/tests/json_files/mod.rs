//! The JSON files of a folder.

use std::path::{Path, PathBuf};

/// Adds every JSON file below `folder` to `found`; none where it is absent.
pub fn add(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            add(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// Every JSON file below `folder`; where there is none, the test's output says so.
#[allow(dead_code)] // not every test asks for one folder alone
pub fn there(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    add(folder, &mut found);
    if found.is_empty() {
        println!("skipped: no {}", folder.display());
    }
    found
}
