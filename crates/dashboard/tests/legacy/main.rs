//! Older schemas, step by step: a panel or variable as it was, and what of the model it becomes.
#![allow(clippy::unwrap_used)]

mod graph;
mod layout;
mod panels;
mod variables;

use dashboard::model::Panel;
use dashboard::{Imported, NoteKind, import};
use serde_json::{Value, json};

fn import_json(json: &Value) -> Imported {
    import(&json.to_string()).unwrap()
}

fn import_panel(version: u32, panel: Value) -> (Panel, Imported) {
    let imported = import_json(&json!({"schemaVersion": version, "panels": [panel]}));
    (imported.dashboard.panels[0].clone(), imported)
}

/// The panel of `kind` that says `options` is one that says `expected` in the newest schema.
fn check(kind: &str, options: Value, expected: Value) {
    let mut old = options;
    old["type"] = json!(kind);
    let (old_panel, _) = import_panel(14, old.clone());
    let (new_panel, imported) = import_panel(42, expected.clone());
    let mut notes = imported.notes.iter().filter(|note| note.kind != NoteKind::Unsupported);
    assert_eq!(notes.next(), None, "{expected}");
    let described = |panel: &Panel| format!("{:?}\n{:?}\n{:?}", panel.kind, panel.fields, panel.transformations);
    assert_eq!(described(&old_panel), described(&new_panel), "{old} became\n{}", lifted(&old));
}

/// What became of a panel, for messages.
fn lifted(panel: &Value) -> String {
    let imported = import_json(&json!({"schemaVersion": 14, "panels": [panel]}));
    imported.dashboard.panel_json(&imported.dashboard.panels[0]).unwrap().to_string()
}
