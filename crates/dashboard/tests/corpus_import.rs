//! Every public dashboard of the corpus can be read, and so can what is left of it after damage.

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code)]
mod corpus;
mod json_files;

use dashboard::grid::{Cell, layout};
use dashboard::model::{Panel, PanelKind};
use std::collections::BTreeMap;

#[test]
fn every_dashboard_of_the_corpus_is_read() {
    let files = json_files::there(&corpus::folder().join("dashboards/dashboards"));
    if files.is_empty() {
        return;
    }
    let (mut read, mut panels, mut variables, mut notes) = (0, 0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut refused = Vec::new();
    let mut unread: BTreeMap<String, usize> = BTreeMap::new();
    for file in &files {
        let bytes = std::fs::read(file).expect("a file that was just listed");
        match dashboard::import(&String::from_utf8_lossy(&bytes)) {
            Ok(imported) => {
                read += 1;
                notes += imported.notes.len();
                for note in &imported.notes {
                    let path: String = note.path.chars().filter(|c| !c.is_ascii_digit()).collect();
                    *unread.entry(format!("{:?} {path} {}", note.kind, note.what)).or_default() += 1;
                }
                panels += imported.dashboard.panels.len();
                variables += imported.dashboard.variables.len();
                for panel in &imported.dashboard.panels {
                    let is_kept = imported.dashboard.panel_json(panel).is_some_and(serde_json::Value::is_object);
                    assert!(is_kept, "{}: {} of {:?}", panel.json_pointer, panel.title, file);
                    let unsupported = matches!(panel.kind, PanelKind::Unsupported { .. });
                    let name = panel.kind.name();
                    *kinds.entry(if unsupported { format!("({name})") } else { name.to_owned() }).or_default() += 1;
                }
                for note in &imported.notes {
                    assert!(!note.path.is_empty(), "{note:?} of {file:?}");
                }
                let panels = &imported.dashboard.panels;
                let cell = |panel: &Panel| Cell::of(panel, panel.grid, false);
                assert_eq!(layout(panels.iter().map(cell)).len(), panels.len());
            }
            Err(error) => refused.push(format!("{}: {error}", file.display())),
        }
    }
    println!("{read} of {} dashboards read: {panels} panels, {variables} variables, {notes} notes", files.len());
    println!("panels: {kinds:?}");
    if std::env::var_os("SHOW_NOTES").is_some() {
        let mut unread: Vec<_> = unread.into_iter().collect();
        unread.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (note, count) in unread.iter().take(400) {
            println!("{count} {note}");
        }
    }
    for refusal in &refused {
        println!("refused: {refusal}");
    }
    assert!(read * 100 >= files.len() * 99, "{} of {} are refused", refused.len(), files.len());
}
