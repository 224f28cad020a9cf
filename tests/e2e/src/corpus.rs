//! Public dashboards, where there are any beside the repository: what people have, not what we thought of.

use crate::setup::Setup;
use serde_json::Value;
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A dashboard's file.
pub struct Specimen {
    /// Where it is, below the corpus.
    pub name: String,
    /// What is in it.
    pub text: String,
    /// What it uses, such as `panel heatmap`.
    uses: BTreeSet<String>,
}

/// Every dashboard of the corpus that `PYROGRAPH_CORPUS` names, by name; none where there is no corpus.
pub fn all() -> Vec<Specimen> {
    let beside = || Setup::root().join("../shared");
    let folder = env::var_os("PYROGRAPH_CORPUS").map_or_else(beside, PathBuf::from).join("dashboards/dashboards");
    let mut specimens = Vec::new();
    add(&folder, &folder, &mut specimens);
    specimens.sort_by(|a, b| a.name.cmp(&b.name));
    let most_panels = |specimen: &&mut Specimen| specimen.text.matches("\"gridPos\"").count();
    if let Some(largest) = specimens.iter_mut().max_by_key(most_panels) {
        largest.uses.insert("the most panels".to_owned());
    }
    specimens
}

fn add(root: &Path, folder: &Path, found: &mut Vec<Specimen>) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            add(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            let text = fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            let mut uses = BTreeSet::new();
            note_uses(&serde_json::from_str(&text).unwrap_or_default(), "", &mut uses);
            found.push(Specimen { name, text, uses });
        }
    }
}

/// Notes what a part of a dashboard, found under `key`, uses.
fn note_uses(value: &Value, key: &str, uses: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| note_uses(item, key, uses)),
        Value::Object(fields) => {
            let word = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
            let kind = match key {
                "panels" => format!("panel {}", word("type")),
                "vizConfig" => format!("v2 panel {}", word("kind")),
                "layout" => format!("layout {}", word("kind")),
                "transformations" => format!("transformation {}", word("id")),
                "list" if fields.contains_key("hide") || fields.contains_key("query") => {
                    format!("variable {}", word("type"))
                }
                "datasource" => format!("source {}", word("type")),
                _ => String::new(),
            };
            uses.insert(kind);
            for name in ["repeat", "rows", "seriesOverrides", "timeFrom", "timeShift", "collapsed", "spec"] {
                let is_used = |value: &Value| !value.is_null() && *value != Value::Bool(false) && *value != "";
                if fields.get(name).is_some_and(is_used) {
                    uses.insert(name.to_owned());
                }
            }
            if let Some(version) = fields.get("schemaVersion") {
                uses.insert(format!("schema {version}"));
            }
            fields.iter().for_each(|(key, value)| note_uses(value, key, uses));
        }
        Value::String(text) if key == "datasource" && text.starts_with("--") => {
            uses.insert(format!("source {text}"));
        }
        _ => {}
    }
}

/// At most `count` of them that use as much different as possible: each is the one that adds most to those before it,
/// and of several such the smallest.
pub fn varied(mut specimens: Vec<Specimen>, count: usize) -> Vec<Specimen> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut chosen: Vec<Specimen> = Vec::new();
    while chosen.len() < count && !specimens.is_empty() {
        let adds = |specimen: &Specimen| {
            let new = specimen.uses.difference(&used);
            new.map(|what| if what == "the most panels" { 1_000 } else { 1 }).sum::<usize>()
        };
        let best = (0..specimens.len()).max_by_key(|i| {
            let specimen = &specimens[*i];
            (adds(specimen), usize::MAX - specimen.text.len())
        });
        let next = specimens.swap_remove(best.unwrap_or(0));
        used.extend(next.uses.iter().cloned());
        chosen.push(next);
    }
    chosen
}
