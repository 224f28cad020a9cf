//! Elements of schema v2.

use super::data_source;
use crate::import::document::escaped;
use crate::import::json::{Object, drop_all, put_back, put_back_list, set, take, take_list, take_object};
use serde_json::{Value, json};

/// A panel, and what of it stands elsewhere than in the element's spec: each under both as pointers.
pub(super) struct Converted {
    pub(super) panel: Object,
    pub(super) moved: Vec<(String, String)>,
}

/// Converts an element.
pub(super) fn convert(element: Value) -> Converted {
    let Value::Object(mut element) = element else {
        return Converted { panel: Object::new(), moved: Vec::new() };
    };
    let kind = take(&mut element, "kind");
    let mut panel = take_object(&mut element, "spec");
    let mut moved = Vec::new();
    if kind == "LibraryPanel" {
        set(&mut panel, "type", Value::from("library-panel-ref"));
        return Converted { panel, moved };
    }
    visualization(&mut panel, &mut moved);
    data(&mut panel, &mut moved);
    Converted { panel, moved }
}

fn visualization(panel: &mut Object, moved: &mut Vec<(String, String)>) {
    let mut config = take_object(panel, "vizConfig");
    let (kind, group) = (take(&mut config, "kind"), take(&mut config, "group"));
    let kind = if kind == "VizConfig" { group } else { kind };
    let version = take(&mut config, "version");
    let mut spec = take_object(&mut config, "spec");
    set(panel, "type", kind);
    set(panel, "pluginVersion", version);
    for key in ["options", "fieldConfig", "pluginVersion"] {
        set(panel, key, take(&mut spec, key));
        moved.push((format!("/{key}"), format!("/vizConfig/spec/{key}")));
    }
    put_back(&mut config, "spec", spec);
    put_back(panel, "vizConfig", config);
}

fn data(panel: &mut Object, moved: &mut Vec<(String, String)>) {
    let mut data = take_object(panel, "data");
    data.remove("kind");
    let mut spec = take_object(&mut data, "spec");
    let mut targets = Vec::new();
    let mut queries = take_list(&mut spec, "queries");
    for (index, query) in queries.iter_mut().enumerate() {
        let Value::Object(query) = query else { continue };
        moved.push((format!("/targets/{}", targets.len()), format!("/data/spec/queries/{index}/spec/query/spec")));
        targets.push(target(query));
    }
    put_back_list(&mut spec, "queries", queries);
    set(panel, "datasource", common_source(&targets));
    set(panel, "targets", targets.into_iter().map(Value::Object).collect());
    let mut steps = Vec::new();
    let mut old_steps = take_list(&mut spec, "transformations");
    for (index, step) in old_steps.iter_mut().enumerate() {
        let Value::Object(step) = step else { continue };
        moved.push((format!("/transformations/{}", steps.len()), format!("/data/spec/transformations/{index}/spec")));
        steps.push(transformation(step));
    }
    put_back_list(&mut spec, "transformations", old_steps);
    set(panel, "transformations", Value::Array(steps));
    let mut left = Object::new();
    for (key, value) in take_object(&mut spec, "queryOptions") {
        if panel.contains_key(&key) {
            left.insert(key, value);
            continue;
        }
        let place = escaped(&key);
        moved.push((format!("/{place}"), format!("/data/spec/queryOptions/{place}")));
        panel.insert(key, value);
    }
    put_back(&mut spec, "queryOptions", left);
    put_back(&mut data, "spec", spec);
    put_back(panel, "data", data);
}

/// A query in the classic form; what that has no place for stays where it was.
fn target(outer: &mut Object) -> Object {
    drop_all(outer, &["kind"]);
    let mut panel_query = take_object(outer, "spec");
    let mut query = take_object(&mut panel_query, "query");
    let source = data_source(&mut query, take(&mut panel_query, "datasource"));
    let mut target = take_object(&mut query, "spec");
    set(&mut target, "datasource", source);
    set(&mut target, "refId", take(&mut panel_query, "refId"));
    set(&mut target, "hide", take(&mut panel_query, "hidden"));
    drop_all(&mut query, &["version"]);
    put_back(&mut panel_query, "query", query);
    put_back(outer, "spec", panel_query);
    target
}

/// The data source of a panel is that of its queries, or mixed.
fn common_source(targets: &[Object]) -> Value {
    let mut sources = targets.iter().map(|target| target.get("datasource"));
    let Some(first) = sources.next() else { return Value::Null };
    if sources.all(|source| source == first) {
        return first.cloned().unwrap_or_default();
    }
    json!({"type": "datasource", "uid": "-- Mixed --"})
}

fn transformation(step: &mut Object) -> Value {
    let (kind, group) = (take(step, "kind"), take(step, "group"));
    let mut spec = take_object(step, "spec");
    let id = if kind == "Transformation" { group } else { kind };
    spec.entry("id").or_insert(id);
    Value::Object(spec)
}
