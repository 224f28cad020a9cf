//! Reading Grafana's dashboard JSON.
//!
//! A [`Document`] is parsed, lifted to the newest classic schema if it is an older one or schema v2, and read. Wrong types
//! cost no more than the value they stand for: each is told in a [`Note`] with its place, and so is everything that was
//! not looked at. Only what is not JSON, or no dashboard, is an error.
//!
//! Lifting is apart from the rest so that it can be loaded when it is needed: [`Document::kind`] tells whether it is.

mod annotation;
mod condition;
mod coverage;
mod dashboard;
mod document;
mod field;
mod json;
mod legacy;
mod node;
mod options;
mod panel;
mod source;
mod target;
mod v2;
mod variable;
mod visualization;
pub(crate) mod words;

pub use dashboard::{zone_name, zone_named};
pub use document::{Document, Kind, Origins, parse};
pub use legacy::migrate as migrate_legacy;
pub use v2::migrate as migrate_v2;

pub(crate) use json::json_number;

use crate::Patterns;
use crate::model::{Dashboard, Panel, Target, Variable};
use node::{Finding, Node, Reading};
use serde_json::Value;
use std::fmt;

/// A dashboard, and what could not be read of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The dashboard.
    pub dashboard: Dashboard,
    /// What was wrong or is not supported: first what was met while reading, then what was not read.
    pub notes: Vec<Note>,
    /// Where in the file everything stood.
    pub origins: Origins,
}

/// Something about a dashboard file that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where in the file, such as `panels[3].options`.
    pub path: String,
    /// What is wrong there.
    pub what: String,
    /// What it is about.
    pub kind: NoteKind,
}

/// What a [`Note`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A value that could not be used.
    Problem,
    /// An option that has no effect.
    Unread,
    /// A panel or variable of a kind that is not supported.
    Unsupported,
    /// That notes are left out: what has none may not be supported all the same.
    More,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.what) } else { write!(f, "{}: {}", self.path, self.what) }
    }
}

/// A file that is no dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "not a dashboard: {}", self.message),
            line => write!(f, "not JSON at line {line}, column {}: {}", self.column, self.message),
        }
    }
}

impl std::error::Error for ImportError {}

impl ImportError {
    pub(super) fn not_a_dashboard(message: impl Into<String>) -> Self {
        Self { line: 0, column: 0, message: message.into() }
    }

    pub(super) fn not_json(error: ::json::Error) -> Self {
        let message = match error.message {
            "recursion limit exceeded" => "nested too deeply",
            other => other,
        };
        Self { line: error.line, column: error.column, message: message.to_owned() }
    }
}

/// Reads a dashboard of any schema, bare, wrapped as `{"dashboard": …}`, or a resource with a `spec`.
///
/// # Errors
/// When the text is not JSON, or is no dashboard.
///
/// ```
/// let imported = dashboard::import(r#"{"title": "Fleet", "panels": [{"type": "text", "title": "Hello"}]}"#)?;
/// assert_eq!(imported.dashboard.panels[0].title, "Hello");
/// # Ok::<(), dashboard::ImportError>(())
/// ```
pub fn import(text: &str) -> Result<Imported, ImportError> {
    let mut document = parse(text)?;
    if document.kind() == Kind::V2 {
        document = migrate_v2(document);
    }
    if document.kind() == Kind::Legacy {
        document = migrate_legacy(document);
    }
    Ok(read(document))
}

/// Reads a document of [`Kind::Classic`].
#[must_use]
pub fn read(document: Document) -> Imported {
    read_with(document, Patterns::ALL)
}

/// As [`read`], with these regular expressions.
#[must_use]
pub fn read_with(document: Document, patterns: Patterns) -> Imported {
    let reading = Reading::tracked(patterns);
    let mut dashboard = dashboard::read(&Node::root(&document.json, &reading));
    coverage::note_unread(&document.json, &reading);
    let origins = Origins::new(document.moved);
    for panel in &mut dashboard.panels {
        panel.path = origins.path_of(&panel.json_pointer);
    }
    let note = |Finding { pointer, what, kind }| Note { path: origins.path_of(&pointer), what, kind };
    let lost = document.lost.into_iter().map(|(pointer, what)| Note {
        path: document::written(&pointer),
        what: what.to_owned(),
        kind: NoteKind::Problem,
    });
    let notes = lost.chain(reading.into_notes().into_iter().map(note)).collect();
    dashboard.json = document.json;
    Imported { dashboard, notes, origins }
}

/// What JSON of the newest classic schema says, without a note of what it does not.
pub(crate) fn read_classic(json: &Value) -> Dashboard {
    dashboard::read(&Node::root(json, &Reading::with(Patterns::ALL)))
}

/// A panel of which only the visualization is said.
#[must_use]
pub fn blank_panel(kind: &str) -> Panel {
    panel::read_blank(&Node::root(&serde_json::json!({ "type": kind }), &Reading::default()))
}

/// A variable of which only the kind is said.
pub(crate) fn blank_variable(kind: &str) -> Option<Variable> {
    variable::read_blank(&Node::root(&serde_json::json!({ "type": kind, "name": "blank" }), &Reading::default()))
}

/// A query that says nothing.
#[must_use]
pub fn blank_target() -> Target {
    target::read_blank(&Node::root(&Value::Null, &Reading::default()))
}

/// Whether a query of the newest classic schema is an expression on the answers of others.
pub(crate) fn is_expression(target: &Value) -> bool {
    target::is_expression(&Node::root(target, &Reading::default()))
}

/// Sets one property of a field from its Grafana id and JSON; what does not fit is left as it was.
pub(crate) fn set_property(config: &mut crate::model::FieldConfig, id: &str, value: &Value, patterns: Patterns) {
    field::set_property(config, id, &Node::root(value, &Reading::with(patterns)));
}
