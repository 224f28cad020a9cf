//! The list of the dashboards in a folder, as the page's home reads it.

use serde::{Deserialize, Serialize};
use std::path::Path;
use std::{fs, io};

/// One line of `dashboards/index.json`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The dashboard's id, as in `#/d/<uid>`.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The folder it is listed in: the sub-folder the file lies in, or nothing.
    pub folder: String,
    /// The file, relative to the index.
    pub file: String,
}

/// What the index needs of a dashboard.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Head {
    uid: Option<String>,
    title: Option<String>,
    tags: Vec<String>,
}

/// Every dashboard in `directory` and its sub-folders, by folder and title.
///
/// A file that is no dashboard is listed under its own name: opening it says what is wrong with it.
///
/// # Errors
/// The folder or a file in it cannot be read.
pub fn index(directory: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for found in fs::read_dir(directory)? {
        let found = found?;
        let name = found.file_name().to_string_lossy().into_owned();
        if found.file_type()?.is_dir() {
            for inner in fs::read_dir(found.path())? {
                let inner = inner?;
                let file = inner.file_name().to_string_lossy().into_owned();
                entries.extend(entry(&inner.path(), &name, format!("{name}/{file}"))?);
            }
        } else {
            entries.extend(entry(&found.path(), "", name)?);
        }
    }
    entries.sort_by(|a, b| (&a.folder, &a.title, &a.file).cmp(&(&b.folder, &b.title, &b.file)));
    Ok(entries)
}

fn entry(path: &Path, folder: &str, file: String) -> io::Result<Option<Entry>> {
    let Some(stem) = file.strip_suffix(".json").filter(|stem| *stem != "index") else {
        return Ok(None);
    };
    let stem = stem.rsplit('/').next().unwrap_or(stem).to_owned();
    let head: Head = serde_json::from_slice(&fs::read(path)?).unwrap_or_default();
    Ok(Some(Entry {
        uid: head.uid.unwrap_or_else(|| stem.clone()),
        title: head.title.unwrap_or(stem),
        tags: head.tags,
        folder: folder.to_owned(),
        file,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_every_file_even_a_broken_one() {
        let directory = std::env::temp_dir().join(format!("pyrograph-index-{}", std::process::id()));
        fs::create_dir_all(directory.join("infra")).unwrap();
        for (file, text) in [
            ("index.json", "[]"),
            ("notes.txt", "not listed"),
            ("b.json", r#"{"uid":"bb","title":"B","tags":["x"],"panels":[]}"#),
            ("broken.json", "{"),
            ("infra/a.json", r#"{"title":"A"}"#),
        ] {
            fs::write(directory.join(file), text).unwrap();
        }
        let entries = index(&directory).unwrap();
        fs::remove_dir_all(&directory).unwrap();
        let shown: Vec<_> = entries
            .iter()
            .map(|e| format!("{}|{}|{}|{}|{}", e.uid, e.title, e.tags.join(","), e.folder, e.file))
            .collect();
        assert_eq!(shown, ["bb|B|x||b.json", "broken|broken|||broken.json", "a|A||infra|infra/a.json"]);
    }
}
