//! Parts of old panels that are of no type they ever had, such as a text for a list. The steps look for what they know, and
//! would lose these.

use super::{MAX_DEPTH, type_of};
use crate::import::document::pointer;
use crate::import::json::{Object, is_empty};
use serde_json::Value;

const OBJECTS: &[&str] = &[
    "aliasColors",
    "aliasYAxis",
    "combine",
    "fieldConfig",
    "gauge",
    "grid",
    "legend",
    "options",
    "sparkline",
    "tooltip",
    "xAxis",
    "xaxis",
    "yAxis",
];
const LISTS: &[&str] = &[
    "colors",
    "columns",
    "links",
    "mappingTypes",
    "rangeMaps",
    "seriesOverrides",
    "styles",
    "targets",
    "transformations",
    "valueMaps",
    "yaxes",
];

/// What the user is told of parts, by pointers.
type Lost = Vec<(String, &'static str)>;

/// Takes such parts out of all panels, and tells of them.
pub(super) fn take_out(dashboard: &mut Object, lost: &mut Lost) {
    panels(dashboard, "", 0, lost);
    let rows = dashboard.get_mut("rows").and_then(Value::as_array_mut).into_iter().flatten();
    for (index, row) in rows.enumerate() {
        if let Value::Object(row) = row {
            panels(row, &pointer("/rows", index), 0, lost);
        }
    }
}

fn panels(parent: &mut Object, path: &str, depth: u32, lost: &mut Lost) {
    let list = parent.get_mut("panels").and_then(Value::as_array_mut).into_iter().flatten();
    for (index, panel) in list.enumerate() {
        if let Value::Object(panel) = panel {
            let path = pointer(&format!("{path}/panels"), index);
            of_panel(panel, &path, lost);
            if depth < MAX_DEPTH {
                panels(panel, &path, depth + 1, lost);
            }
        }
    }
}

fn of_panel(panel: &mut Object, path: &str, lost: &mut Lost) {
    let is_graph = type_of(panel) == "graph";
    let mut take = |key: &str, fits: fn(&Value) -> bool, expected: &'static str| {
        // What is empty, off or nothing says so in any type.
        let says = |value: &Value| !matches!(value, Value::Null | Value::Bool(_)) && !is_empty(value);
        if panel.get(key).is_some_and(|value| says(value) && !fits(value)) {
            panel.remove(key);
            lost.push((format!("{path}/{key}"), expected));
        }
    };
    for key in OBJECTS {
        take(key, Value::is_object, "expected an object");
    }
    for key in LISTS {
        take(key, Value::is_array, "expected a list");
    }
    if is_graph {
        take("thresholds", Value::is_array, "expected a list");
    }
}
