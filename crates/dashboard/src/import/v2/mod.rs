//! Schema v2 becomes the newest classic schema: elements and layouts become panels with places.
//!
//! What the classic schema has no word for stays beside what it has: conditional rendering at its panel or row, and every
//! unknown key where its object goes. Each part remembers where in the file it stood.

mod annotation;
mod layout;
mod panel;
mod types;
mod variable;

use super::document::{Document, Moved, escaped};
use super::json::{Object, drop_all, put_back, set, take, take_list, take_object, text};
use serde_json::{Value, json};

/// The version that a converted document says.
const VERSION: u32 = 42;

/// Whether a document follows schema v2: a resource with a `spec`, or the bare `spec`.
pub(super) fn is_v2(json: &Value) -> bool {
    let has_elements = |spec: &Value| spec.get("elements").is_some_and(Value::is_object);
    has_elements(json) || json.get("spec").is_some_and(has_elements)
}

/// Converts a document of schema v2 (v2alpha1, v2beta1, v2 or a bare spec); any other stays as it is.
#[must_use]
pub fn migrate(document: Document) -> Document {
    if !is_v2(&document.json) {
        return document;
    }
    let Document { mut json, mut lost, .. } = document;
    // Words of a resource mean something else than a dashboard's.
    let metadata = json.as_object_mut().map(|resource| take_object(resource, "metadata")).unwrap_or_default();
    types::take_out(&mut json, "", &mut lost);
    let Value::Object(mut resource) = json else { return Document { json, moved: Vec::new(), lost } };
    let (spec, origin) = match resource.remove("spec") {
        Some(Value::Object(spec)) => (spec, "/spec"),
        _ => (resource, ""),
    };
    let mut conversion = Conversion { moved: Vec::new(), lost, origin };
    let mut dashboard = conversion.dashboard(spec);
    set(&mut dashboard, "uid", metadata.get("name").cloned().unwrap_or_default());
    Document { json: Value::Object(dashboard), moved: conversion.moved, lost: conversion.lost }
}

/// The number that a word was in the classic schema.
fn number_of(spec: &Object, key: &str, words: &[&str]) -> Option<usize> {
    let word = spec.get(key)?.as_str()?;
    words.iter().position(|known| *known == word)
}

struct Conversion {
    moved: Vec<Moved>,
    lost: Vec<(String, &'static str)>,
    /// Where in the file the spec stands.
    origin: &'static str,
}

impl Conversion {
    fn moved(&mut self, to: &str, from: &str) {
        self.moved.push(Moved { to: to.to_owned(), from: format!("{}{from}", self.origin) });
    }

    fn dashboard(&mut self, mut spec: Object) -> Object {
        let mut dashboard = Object::new();
        let elements = take_object(&mut spec, "elements");
        let layout = take(&mut spec, "layout");
        let mut variables = self.variables(take_list(&mut spec, "variables"), "/variables", 0);
        let built = layout::build(layout, elements);
        for (to, from) in &built.moved {
            self.moved(to, from);
        }
        for (place, what) in &built.lost {
            self.lost.push((format!("{}{place}", self.origin), what));
        }
        for (list, from) in built.variables {
            let start = variables.len();
            variables.extend(self.variables(list, &from, start));
        }
        set(&mut dashboard, "templating.list", Value::Array(variables));
        set(&mut dashboard, "panels", Value::Array(built.panels));
        if !built.unused.is_empty() {
            self.moved("/unusedElements", "/elements");
            set(&mut dashboard, "unusedElements", Value::Object(built.unused));
        }
        let annotations = take_list(&mut spec, "annotations").into_iter().enumerate();
        let annotations: Vec<Value> = annotations.map(|(index, one)| self.annotation(one, index)).collect();
        set(&mut dashboard, "annotations.list", Value::Array(annotations));
        self.times(take_object(&mut spec, "timeSettings"), &mut dashboard);
        if let Some(cursor) = number_of(&spec, "cursorSync", &["Off", "Crosshair", "Tooltip"]) {
            drop_all(&mut spec, &["cursorSync"]);
            set(&mut dashboard, "graphTooltip", Value::from(cursor));
        }
        set(&mut dashboard, "schemaVersion", Value::from(VERSION));
        // Title, description, tags, links and whatever is not known are called the same.
        for (key, value) in spec {
            let place = format!("/{}", escaped(&key));
            self.moved(&place, &place);
            dashboard.entry(key).or_insert(value);
        }
        dashboard
    }

    fn variables(&mut self, list: Vec<Value>, from: &str, start: usize) -> Vec<Value> {
        let mut converted = Vec::new();
        for (index, one) in list.into_iter().enumerate() {
            let Value::Object(mut one) = one else { continue };
            let to = format!("/templating/list/{}", start + converted.len());
            self.moved(&to, &format!("{from}/{index}/spec"));
            self.moved(&format!("{to}/query"), &format!("{from}/{index}/spec/query/spec"));
            self.moved(&format!("{to}/variable"), &format!("{from}/{index}"));
            let mut variable = variable::convert(&mut one);
            put_back(&mut variable, "variable", one);
            converted.push(Value::Object(variable));
        }
        converted
    }

    fn annotation(&mut self, mut annotation: Value, index: usize) -> Value {
        let (to, from) = (format!("/annotations/list/{index}"), format!("/annotations/{index}/spec"));
        self.moved(&to, &from);
        let Some(Value::Object(spec)) = annotation.get_mut("spec").map(Value::take) else { return Value::Null };
        let annotation::Converted { annotation, moved } = annotation::convert(spec);
        for (part, old) in moved {
            self.moved(&format!("{to}{part}"), &format!("{from}{old}"));
        }
        Value::Object(annotation)
    }

    fn times(&mut self, mut times: Object, dashboard: &mut Object) {
        const NAMES: &[(&str, &str)] = &[
            ("from", "time.from"),
            ("to", "time.to"),
            ("timezone", "timezone"),
            ("autoRefresh", "refresh"),
            ("autoRefreshIntervals", "timepicker.refresh_intervals"),
            ("hideTimepicker", "timepicker.hidden"),
            ("nowDelay", "timepicker.nowDelay"),
            ("quickRanges", "timepicker.quick_ranges"),
            ("weekStart", "weekStart"),
            ("fiscalYearStartMonth", "fiscalYearStartMonth"),
        ];
        for (old, new) in NAMES {
            self.moved(&format!("/{}", new.replace('.', "/")), &format!("/timeSettings/{old}"));
            set(dashboard, new, take(&mut times, old));
        }
        if !times.is_empty() {
            set(dashboard, "timeSettings", Value::Object(times));
        }
    }
}

/// A data source: named by query in the newest form, by type and uid in the older ones.
fn data_source(query: &mut Object, older: Value) -> Value {
    let mut named = take_object(query, "datasource");
    let group = take(query, "group");
    let kind = take(query, "kind");
    let kind = match kind.as_str() {
        Some("DataQuery") | None => group,
        Some(_) => kind,
    };
    let name = take(&mut named, "name");
    put_back(query, "datasource", named);
    match (text(&name), older) {
        (Some(name), _) => json!({"type": kind, "uid": name}),
        (None, Value::Object(older)) => Value::Object(older),
        (None, _) => match text(&kind) {
            Some(kind) => json!({"type": kind}),
            None => Value::Null,
        },
    }
}
