//! Writing a dashboard as JSON of the newest classic schema, as Grafana reads it.
//!
//! What was imported and not changed since is written as it was: so options that are not supported here are kept. What was
//! changed is written from the model. The text is made for version control: keys are sorted, what says no more than the
//! default is left out, and so is what changes with every save.

mod dashboard;
mod field;
mod options;
mod panel;
mod patch;
mod variable;
mod visualization;

use crate::import;
use crate::model::{Dashboard, Panel, PanelKind, Visualization};
use patch::{omit_defaults, patch_object};
use serde_json::{Map, Value};
use std::collections::HashMap;

type Object = Map<String, Value>;

/// What changes with every save and says nothing.
const CHURN: &[&str] =
    &["__elements", "__requires", "gnetId", "id", "iteration", "originalTitle", "revision", "version"];
/// The same of a panel.
const PANEL_CHURN: &[&str] =
    &["$$hashKey", "cacheTimeout", "editable", "error", "isNew", "repeatIteration", "scopedVars"];
/// The version of Grafana that saves panels as they are written here. Without one, Grafana takes them for ancient. That of
/// a plugin is its own.
const PLUGIN_VERSION: &str = "12.0.0";

/// The dashboard as text: indented JSON that ends with a line break.
#[must_use]
pub fn to_text(dashboard: &Dashboard) -> String {
    format!("{:#}\n", to_json(dashboard))
}

/// A panel that stands for itself as indented JSON, as Grafana's panel inspector shows and takes it.
#[must_use]
pub fn panel_to_text(panel: Panel) -> String {
    let json = to_json(&Dashboard { panels: vec![panel], ..Dashboard::default() });
    json.pointer("/panels/0").map(|panel| format!("{panel:#}\n")).unwrap_or_default()
}

/// The dashboard as JSON.
#[must_use]
pub fn to_json(dashboard: &Dashboard) -> Value {
    let before = import::read_classic(&dashboard.json);
    let base = match &dashboard.json {
        Value::Object(json) => without(json, CHURN),
        _ => Object::new(),
    };
    let mut json = patch_object(base, &dashboard::write(&before), &dashboard::write(dashboard));
    omit_defaults(&mut json, &dashboard::write(&import::read_classic(&Value::Null)), dashboard::KEPT);
    variable::omit_defaults(&mut json);
    json.insert("panels".to_owned(), Value::Array(Panels::new(dashboard, &before).write()));
    Value::Object(json)
}

/// All panels, some inside of rows.
struct Panels<'a> {
    dashboard: &'a Dashboard,
    /// Each as it was read, if it was.
    old: Vec<Option<&'a Panel>>,
    /// The panels inside of each.
    inside: Vec<Vec<usize>>,
}

impl<'a> Panels<'a> {
    fn new(dashboard: &'a Dashboard, before: &'a Dashboard) -> Self {
        let known: HashMap<&str, &Panel> =
            before.panels.iter().map(|panel| (panel.json_pointer.as_str(), panel)).collect();
        let old = dashboard.panels.iter().map(|panel| known.get(panel.json_pointer.as_str()).copied()).collect();
        Self { dashboard, old, inside: vec![Vec::new(); dashboard.panels.len()] }
    }

    fn write(mut self) -> Vec<Value> {
        let mut outside = Vec::new();
        for index in 0..self.dashboard.panels.len() {
            match self.row_around(index).and_then(|row| self.inside.get_mut(row)) {
                Some(row) => row.push(index),
                None => outside.push(index),
            }
        }
        self.list(&outside)
    }

    fn list(&self, indices: &[usize]) -> Vec<Value> {
        indices.iter().filter_map(|index| self.panel(*index)).collect()
    }

    /// The row that a panel is written inside of: the one it was read from inside of, or else the last one if that is
    /// closed. Closing or opening a row moves its panels.
    fn row_around(&self, index: usize) -> Option<usize> {
        let panel = self.dashboard.panels.get(index)?;
        let rows = self.dashboard.panels.iter().enumerate().take(index).filter(|(_, panel)| panel.is_row());
        let origin = panel.json_pointer.rsplit_once("/panels/").map(|(row, _)| row);
        let mut last = None;
        for (place, row) in rows {
            if self.is_as_it_was(place) && origin == Some(row.json_pointer.as_str()) {
                return Some(place);
            }
            last = Some((place, row));
        }
        let (place, _) = last.filter(|(_, row)| is_closed(row) && !panel.is_row())?;
        let stood_outside = !panel.json_pointer.is_empty() && self.is_as_it_was(place);
        (!stood_outside).then_some(place)
    }

    /// Whether a row is open or closed as it was when it was read.
    fn is_as_it_was(&self, index: usize) -> bool {
        let row = self.dashboard.panels.get(index);
        self.old.get(index).copied().flatten().is_some_and(|old| Some(is_closed(old)) == row.map(is_closed))
    }

    fn panel(&self, index: usize) -> Option<Value> {
        let panel = self.dashboard.panels.get(index)?;
        let old = self.old.get(index).copied().flatten();
        let kept = self.dashboard.panel_json(panel).and_then(Value::as_object).filter(|_| old.is_some());
        let base = kept.map(|kept| without(kept, PANEL_CHURN)).unwrap_or_default();
        let mut json = patch_object(base, &old.map(panel::write).unwrap_or_default(), &panel::write(panel));
        omit_defaults(&mut json, &defaults_of(&panel.kind), panel::KEPT);
        panel::omit_target_defaults(&mut json);
        if panel.is_row() {
            let inside = self.inside.get(index).map(Vec::as_slice).unwrap_or_default();
            json.insert("panels".to_owned(), Value::Array(self.list(inside)));
        } else if is_known(&panel.kind) {
            json.entry("pluginVersion").or_insert_with(|| Value::from(PLUGIN_VERSION));
        }
        Some(Value::Object(json))
    }
}

fn is_closed(row: &Panel) -> bool {
    matches!(row.kind, PanelKind::Row { collapsed: true })
}

/// Whether it is one of the visualizations whose options the model has.
fn is_known(kind: &PanelKind) -> bool {
    !matches!(kind, PanelKind::Unsupported { kind: Visualization::Unknown(_) | Visualization::LibraryPanel(_) })
}

/// What a panel says that says nothing. What one that is not known has for its options and the look of its fields where it
/// does not say it is not known either.
fn defaults_of(kind: &PanelKind) -> Object {
    let mut defaults = panel::write(&import::blank_panel(kind.name()));
    if !is_known(kind) {
        defaults.retain(|key, _| !matches!(key.as_str(), "fieldConfig" | "options"));
    }
    defaults
}

fn without(object: &Object, keys: &[&str]) -> Object {
    object
        .iter()
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The word for a choice. Tables of words have the present one of each first.
fn word<T: PartialEq>(words: &[(&str, T)], choice: &T) -> Value {
    words.iter().find(|(_, known)| known == choice).map_or(Value::Null, |(word, _)| Value::from(*word))
}

/// A number, or nothing.
fn optional(number: Option<f64>) -> Value {
    number.map_or(Value::Null, import::json_number)
}

/// A text, or nothing where it is empty.
fn filled(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}
