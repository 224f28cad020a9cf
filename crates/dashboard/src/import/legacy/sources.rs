//! Data sources were names; now they are objects with a uid, which Grafana looks for among names as well.

use crate::import::json::{Object, text};
use serde_json::{Value, json};

/// 33: those of panels and their queries.
pub(super) fn of_panel(panel: &mut Object) {
    name_to_uid(panel);
    let targets = panel.get_mut("targets").and_then(Value::as_array_mut).into_iter().flatten();
    targets.filter_map(Value::as_object_mut).for_each(name_to_uid);
}

/// 36: those of annotations.
pub(super) fn of_annotations(dashboard: &mut Object) {
    let list = dashboard.get_mut("annotations").and_then(|annotations| annotations.get_mut("list")?.as_array_mut());
    list.into_iter().flatten().filter_map(Value::as_object_mut).for_each(name_to_uid);
}

/// 36: that of a variable.
pub(super) fn of_variable(variable: &mut Object) {
    name_to_uid(variable);
}

fn name_to_uid(object: &mut Object) {
    let Some(source) = object.get_mut("datasource").filter(|source| source.is_string()) else { return };
    *source = match text(source) {
        Some(name) if name != "default" => json!({"uid": name}),
        _ => Value::Null,
    };
}
