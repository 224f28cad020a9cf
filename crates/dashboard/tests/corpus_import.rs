//! Every public dashboard of the corpus can be read, and so can what is left of it after damage.

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code)]
mod corpus;

use dashboard::model::PanelKind;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

#[test]
fn every_dashboard_of_the_corpus_is_read() {
    let folder = corpus::folder().join("dashboards/dashboards");
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    if files.is_empty() {
        println!("skipped: no {}", folder.display());
        return;
    }
    let (mut read, mut panels, mut variables, mut notes) = (0, 0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut refused = Vec::new();
    for file in &files {
        let bytes = std::fs::read(file).expect("a file that was just listed");
        match dashboard::import(&String::from_utf8_lossy(&bytes)) {
            Ok(imported) => {
                read += 1;
                notes += imported.notes.len();
                panels += imported.dashboard.panels.len();
                variables += imported.dashboard.variables.len();
                for panel in &imported.dashboard.panels {
                    let is_kept = imported.dashboard.panel_json(panel).is_some_and(serde_json::Value::is_object);
                    assert!(is_kept, "{}: {} of {:?}", panel.json_pointer, panel.title, file);
                    let unsupported = matches!(panel.kind, PanelKind::Unsupported { .. });
                    let name = panel.kind.name();
                    *kinds.entry(if unsupported { format!("({name})") } else { name.to_owned() }).or_default() += 1;
                }
                let placed = dashboard::grid::layout(&imported.dashboard.panels, |_| false);
                assert_eq!(placed.len(), imported.dashboard.panels.len());
            }
            Err(error) => refused.push(format!("{}: {error}", file.display())),
        }
    }
    println!("{read} of {} dashboards read: {panels} panels, {variables} variables, {notes} notes", files.len());
    println!("panels: {kinds:?}");
    for refusal in &refused {
        println!("refused: {refusal}");
        assert!(refusal.contains("schema v2"), "{refusal}");
    }
}
