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
