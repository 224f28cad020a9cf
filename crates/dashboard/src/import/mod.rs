//! Reading Grafana's dashboard JSON.
//!
//! The classic schema is read, versions 27 and up well, older ones as far as they mean the same. Wrong types cost no
//! more than the value they stand for: each is told in a [`Note`] with its place. Only what is not JSON, or no
//! dashboard, is an error.

mod field;
mod legacy;
mod node;
mod panel;
mod variable;

use crate::model::{Dashboard, Link, LinkTarget, SharedCursor, SourceRef, TimePicker};
use crate::time::{Calendar, RawRange};
use frame::Zone;
use node::Node;
use serde_json::Value;
use std::cell::RefCell;
use std::fmt;

/// The longest file that is read, in bytes; the largest public dashboard known has 3 MB.
const MAX_BYTES: usize = 10_000_000;

/// A dashboard, and what could not be read of it.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The dashboard.
    pub dashboard: Dashboard,
    /// What was wrong or is not supported, in the order it was met.
    pub notes: Vec<Note>,
}

/// Something about a dashboard file that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where in the file, such as `panels[3].options`.
    pub path: String,
    /// What is wrong there.
    pub what: String,
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
    fn not_a_dashboard(message: impl Into<String>) -> Self {
        Self { line: 0, column: 0, message: message.into() }
    }

    fn not_json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // serde_json puts the place behind the message; here it stands in front.
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        let message = match message {
            "recursion limit exceeded" => "nested too deeply",
            other => other,
        };
        Self { line: error.line(), column: error.column(), message: message.to_owned() }
    }
}

/// Reads a dashboard, bare or wrapped as `{"dashboard": …}`.
///
/// # Errors
/// When the text is not JSON, or is not a dashboard of the classic schema.
///
/// ```
/// let imported = dashboard::import(r#"{"title": "Fleet", "panels": [{"type": "text", "title": "Hello"}]}"#)?;
/// assert_eq!(imported.dashboard.panels[0].title, "Hello");
/// # Ok::<(), dashboard::ImportError>(())
/// ```
pub fn import(text: &str) -> Result<Imported, ImportError> {
    if text.len() > MAX_BYTES {
        let megabytes = MAX_BYTES / 1_000_000;
        return Err(ImportError::not_a_dashboard(format!("the file is larger than {megabytes} MB")));
    }
    let text = text.trim_start_matches('\u{feff}');
    let json: Value = serde_json::from_str(text).map_err(|error| ImportError::not_json(&error))?;
    let json = unwrapped(json)?;
    let notes = RefCell::default();
    let mut dashboard = read_dashboard(&Node::root(&json, &notes));
    dashboard.json = json;
    Ok(Imported { dashboard, notes: notes.into_inner() })
}

/// The dashboard itself, out of the wrapper that Grafana's API puts around it.
fn unwrapped(mut json: Value) -> Result<Value, ImportError> {
    if let Some(inner) = json.get_mut("dashboard").filter(|inner| inner.is_object()) {
        json = inner.take();
    }
    let Value::Object(object) = &json else {
        return Err(ImportError::not_a_dashboard("it must be a JSON object"));
    };
    let is_version_2 = object.get("elements").is_some_and(Value::is_object)
        || object.get("spec").and_then(|spec| spec.get("elements")).is_some();
    if is_version_2 {
        return Err(ImportError::not_a_dashboard("it is in schema v2; export it from Grafana in the classic format"));
    }
    if !["panels", "rows", "title", "templating"].iter().any(|key| object.contains_key(*key)) {
        return Err(ImportError::not_a_dashboard("it has neither a title nor panels"));
    }
    Ok(json)
}

fn read_dashboard(root: &Node<'_>) -> Dashboard {
    let inputs = Inputs::read(&root.get("__inputs"));
    let time = root.get("time");
    let default_time = RawRange::default();
    Dashboard {
        uid: root.get("uid").text().unwrap_or_default(),
        title: root.get("title").text().unwrap_or_default(),
        description: root.get("description").text().unwrap_or_default(),
        tags: root.get("tags").texts(),
        time: RawRange {
            from: time.get("from").filled_text().unwrap_or(default_time.from),
            to: time.get("to").filled_text().unwrap_or(default_time.to),
        },
        refresh: read_refresh(&root.get("refresh")),
        timezone: zone_named(&root.get("timezone").text().unwrap_or_default()),
        calendar: read_calendar(root),
        time_picker: read_time_picker(&root.get("timepicker")),
        cursor: match root.get("graphTooltip").count(2).unwrap_or(0) {
            0 => SharedCursor::Off,
            1 => SharedCursor::Crosshair,
            _ => SharedCursor::Tooltip,
        },
        links: root.get("links").items().map(|link| read_link(&link)).collect(),
        variables: variable::read_all(&root.get("templating").get("list"), &inputs),
        panels: panel::read_all(root, &inputs),
        schema_version: root.get("schemaVersion").count(u32::MAX).unwrap_or(0),
        json: Value::Null,
    }
}

/// `false` and an empty text both mean that it does not refresh itself.
fn read_refresh(node: &Node<'_>) -> Option<String> {
    if node.value().is_boolean() { None } else { node.filled_text() }
}

/// The zone that Grafana writes as `browser`, `utc` or an IANA name.
#[must_use]
pub fn zone_named(name: &str) -> Zone {
    match name {
        "" | "browser" => Zone::Browser,
        "utc" | "UTC" | "Etc/UTC" => Zone::Utc,
        iana => Zone::Named(iana.into()),
    }
}

fn read_calendar(root: &Node<'_>) -> Calendar {
    let week_start = match root.get("weekStart").text().unwrap_or_default().as_str() {
        "monday" => 1,
        "saturday" => 6,
        _ => 0,
    };
    let fiscal_year_start = root.get("fiscalYearStartMonth").count(11).unwrap_or(0) as u8;
    Calendar { week_start, fiscal_year_start }
}

fn read_time_picker(node: &Node<'_>) -> TimePicker {
    let mut picker = TimePicker::default();
    let intervals = node.get("refresh_intervals");
    if !intervals.is_absent() {
        picker.refresh_intervals = intervals.texts();
    }
    picker.hidden = node.get("hidden").flag().unwrap_or(false);
    picker.now_delay = node.get("nowDelay").filled_text();
    picker.quick_ranges = node
        .get("quick_ranges")
        .items()
        .filter_map(|range| {
            let name = range.get("display").filled_text()?;
            Some((name, RawRange::new(range.get("from").filled_text()?, range.get("to").filled_text()?)))
        })
        .collect();
    picker
}

fn read_link(node: &Node<'_>) -> Link {
    let target = if node.get("type").text().as_deref() == Some("dashboards") {
        LinkTarget::Dashboards {
            tags: node.get("tags").texts(),
            as_dropdown: node.get("asDropdown").flag().unwrap_or(false),
        }
    } else {
        LinkTarget::Url(node.get("url").text().unwrap_or_default())
    };
    Link {
        title: node.get("title").text().unwrap_or_default(),
        tooltip: node.get("tooltip").text().unwrap_or_default(),
        target,
        new_tab: node.get("targetBlank").flag().unwrap_or(false),
        keep_time: node.get("keepTime").flag().unwrap_or(false),
        include_vars: node.get("includeVars").flag().unwrap_or(false),
    }
}

/// What an exported dashboard asks the importing user for. References to it stand where the answers would.
#[derive(Default)]
struct Inputs {
    /// Name and plugin of the data sources.
    sources: Vec<(String, String)>,
    /// Name and value of the constants.
    constants: Vec<(String, String)>,
}

impl Inputs {
    fn read(node: &Node<'_>) -> Self {
        // Each is looked for in every text.
        const MAX_INPUTS: usize = 100;
        let mut inputs = Self::default();
        for input in node.items().take(MAX_INPUTS) {
            let name = input.get("name").text().unwrap_or_default();
            match input.get("type").text().as_deref() {
                Some("datasource") => inputs.sources.push((name, input.get("pluginId").text().unwrap_or_default())),
                Some("constant") => inputs.constants.push((name, input.get("value").text().unwrap_or_default())),
                _ => {}
            }
        }
        inputs
    }

    /// The plugin of the data source that `reference` asks for, such as `${DS_PROMETHEUS}`.
    fn source_kind(&self, reference: &str) -> Option<&str> {
        let name = reference.strip_prefix("${")?.strip_suffix('}')?;
        self.sources.iter().find(|(known, _)| known == name).map(|(_, kind)| kind.as_str())
    }

    /// A text that asks for a constant, with the constant's default.
    fn fill_constants(&self, mut text: String) -> String {
        for (name, value) in &self.constants {
            text = text.replace(&format!("${{{name}}}"), value);
        }
        text
    }
}

/// A data source in any of the forms it has had: absent, a name, `{type, uid}`, a variable in either.
fn read_source(node: &Node<'_>, inputs: &Inputs) -> SourceRef {
    let (reference, kind) = if node.is_object() {
        (node.get("uid").text().unwrap_or_default(), node.get("type").text().unwrap_or_default())
    } else {
        (node.text().unwrap_or_default(), String::new())
    };
    match reference.as_str() {
        "" | "default" | "-- Default --" => SourceRef::Default,
        "-- Mixed --" => SourceRef::Mixed,
        "-- Grafana --" | "-- Dashboard --" | "grafana" | "__expr__" => SourceRef::Internal(reference),
        _ => match inputs.source_kind(&reference) {
            // The exporter's own data source is not here: the default one is what the user would choose.
            Some("prometheus") | Some("") => SourceRef::Default,
            Some(other) => SourceRef::Named { reference: String::new(), kind: other.to_owned() },
            None => SourceRef::Named { reference, kind },
        },
    }
}

/// Sets one property of a field from its Grafana id and JSON; what does not fit is left as it was.
pub(crate) fn set_property(config: &mut crate::model::FieldConfig, id: &str, value: &Value) {
    field::set_property(config, id, &Node::root(value, &RefCell::default()));
}
