//! The list of dashboards, for web servers that do not list folders.

use crate::files;
use dashboard::Dashboard;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

/// A dashboard in the list, as the page reads it.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Entry {
    uid: String,
    title: String,
    tags: Vec<String>,
    folder: String,
    /// Relative to the list.
    file: String,
}

/// Writes the list of all dashboards below `folder`, by folder and title, and tells whether every file was one.
pub fn write(folder: &Path, out: &mut impl Write) -> io::Result<bool> {
    if !folder.is_dir() {
        return Err(io::Error::other(format!("{} is no folder", folder.display())));
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut all_fine = true;
    for file in &files::below(folder) {
        match entry_of(folder, file) {
            Ok(entry) => entries.push(entry),
            Err(problem) => {
                all_fine = false;
                writeln!(out, "{}: left out: {problem}", file.display())?;
            }
        }
    }
    entries.sort_by(|a, b| (&a.folder, &a.title, &a.file).cmp(&(&b.folder, &b.title, &b.file)));
    for (uid, names) in doubled(&entries) {
        all_fine = false;
        writeln!(
            out,
            "the uid {uid} is that of several dashboards, of which only the first opens: {}",
            names.join(", ")
        )?;
    }
    let target = folder.join(files::INDEX);
    let mut text = serde_json::to_string_pretty(&entries)?;
    text.push('\n');
    // Not half a list at any time: a web server may be reading it.
    let unfinished = folder.join(".index.json.part");
    std::fs::write(&unfinished, text)?;
    std::fs::rename(&unfinished, &target)?;
    writeln!(out, "{}: {} dashboards", target.display(), entries.len())?;
    Ok(all_fine)
}

fn entry_of(folder: &Path, file: &Path) -> Result<Entry, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let imported = dashboard::import(&String::from_utf8_lossy(&bytes)).map_err(|error| error.to_string())?;
    let relative = file.strip_prefix(folder).unwrap_or(file);
    Ok(describe(imported.dashboard, relative))
}

/// A dashboard without a uid or title is known by its file; its folder is the one it lies in.
fn describe(dashboard: Dashboard, relative: &Path) -> Entry {
    let steps: Vec<String> = relative.iter().map(|step| step.to_string_lossy().into_owned()).collect();
    let (name, folders) = steps.split_last().map_or(("", &[][..]), |(name, folders)| (name.as_str(), folders));
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let or_stem = |text: String| if text.is_empty() { stem.to_owned() } else { text };
    Entry {
        uid: or_stem(dashboard.uid),
        title: or_stem(dashboard.title),
        tags: dashboard.tags,
        folder: folders.join("/"),
        file: steps.join("/"),
    }
}

fn doubled(entries: &[Entry]) -> BTreeMap<&str, Vec<&str>> {
    let mut by_uid: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in entries {
        by_uid.entry(&entry.uid).or_default().push(&entry.file);
    }
    by_uid.retain(|_, files| files.len() > 1);
    by_uid
}
