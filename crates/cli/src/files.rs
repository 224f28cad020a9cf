//! Which files are meant.

use std::path::{Path, PathBuf};

/// The list of dashboards that `pyrograph index` writes. It is not a dashboard.
pub const INDEX: &str = "index.json";

/// Files as they are, and of folders every `*.json` below, sorted; hidden folders, links to folders and lists are passed
/// over.
pub fn expand(named: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in named {
        if path.is_dir() {
            found.extend(below(path));
        } else {
            found.push(path.clone());
        }
    }
    found
}

/// Every `*.json` below `folder` but lists, sorted. A link to a folder is not followed: it may lead in a circle.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.') || entry.file_name() == INDEX;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !hidden {
            collect(&path, found);
        } else if path.is_file() && !hidden && path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}
