//! Which files are meant.

use std::path::{Path, PathBuf};

/// The list of dashboards that `pyrograph index` writes. It is not a dashboard.
pub const INDEX: &str = "index.json";

/// Folders nested deeper than this are not entered: a link may lead in a circle.
const MAX_DEPTH: u32 = 32;

/// Files as they are, and of folders every `*.json` below, sorted; hidden folders and lists are passed over.
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

/// Every `*.json` below `folder` but lists, sorted.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, 0, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, depth: u32, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.') || entry.file_name() == INDEX;
        if path.is_dir() && !hidden && depth < MAX_DEPTH {
            collect(&path, depth + 1, found);
        } else if path.is_file() && !hidden && path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}
