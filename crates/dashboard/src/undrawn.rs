//! Options that are read and kept, but by which nothing is drawn: nobody should take them for supported. The lists are kept
//! by hand; that no part of the model is forgotten here is tested (`tests/options_matter.rs`).

use crate::import::{Imported, Origins};
use crate::model::{Dashboard, Panel};
use serde_json::Value;

/// What is written of such an option where it makes no difference.
type Harmless = &'static [&'static str];

/// Properties of fields by the visualization, a part of one behind a slash.
const PROPERTIES: &[(&str, &str, Harmless)] = &[
    ("timeseries", "custom.axisBorderShow", &["false"]),
    ("timeseries", "custom.axisColorMode", &["text"]),
    ("timeseries", "custom.axisPlacement", &["auto", "left", "right", "hidden"]),
    ("timeseries", "custom.axisWidth", &[]),
    ("timeseries", "custom.gradientMode", &["none", "opacity", "hue"]),
    ("timeseries", "custom.transform", &["", "negative-Y"]),
    ("table", "custom.filterable", &["false"]),
    ("table", "custom.inspect", &["false"]),
    ("table", "custom.wrapHeaderText", &["false"]),
];

/// Options of the panel by the visualization, as JSON pointers.
const OPTIONS: &[(&str, &str, Harmless)] = &[("table", "/options/showTypeIcons", &["false"])];

/// Where in the file such options stand, as notes write it.
#[must_use]
pub fn paths(imported: &Imported) -> Vec<String> {
    let of_variables = variable_pointers(&imported.dashboard).map(|pointer| imported.origins.path_of(&pointer));
    let panels = imported.dashboard.panels.iter();
    let of_panels = panels.flat_map(|panel| paths_of(&imported.dashboard, &imported.origins, panel));
    of_variables.chain(of_panels).collect()
}

/// Where variables are to be kept out of the address. A constant never stands there.
fn variable_pointers(dashboard: &Dashboard) -> impl Iterator<Item = String> {
    let variables = dashboard.json.pointer("/templating/list").and_then(Value::as_array).into_iter().flatten();
    let is_meant = |variable: &Value| {
        variable.get("skipUrlSync").is_some_and(|value| differs(value, &["false"]))
            && variable.get("type").is_none_or(|kind| kind != "constant")
    };
    let meant = variables.enumerate().filter(move |(_, variable)| is_meant(variable));
    meant.map(|(index, _)| format!("/templating/list/{index}/skipUrlSync"))
}

/// The same of one panel.
#[must_use]
pub fn paths_of(dashboard: &Dashboard, origins: &Origins, panel: &Panel) -> Vec<String> {
    let Some(json) = dashboard.panel_json(panel) else { return Vec::new() };
    let path = |pointer: String| origins.path_of(&format!("{}{pointer}", panel.json_pointer));
    pointers(panel, json).into_iter().map(path).collect()
}

/// Where they stand in a panel.
fn pointers(panel: &Panel, json: &Value) -> Vec<String> {
    let kind = panel.kind.name();
    let mut found = Vec::new();
    let mut look = |pointer: String, harmless: Harmless| {
        if json.pointer(&pointer).is_some_and(|value| differs(value, harmless)) {
            found.push(pointer);
        }
    };
    for (_, pointer, harmless) in OPTIONS.iter().filter(|(of, ..)| *of == kind) {
        look((*pointer).to_owned(), harmless);
    }
    let count = |pointer: &str| json.pointer(pointer).and_then(Value::as_array).map_or(0, Vec::len);
    for (_, id, harmless) in PROPERTIES.iter().filter(|(of, ..)| *of == kind) {
        look(format!("/fieldConfig/defaults/{}", id.replace('.', "/")), harmless);
        let (id, part) = id.split_once('/').map_or((*id, String::new()), |(id, part)| (id, format!("/{part}")));
        for rule in 0..count("/fieldConfig/overrides") {
            let properties = format!("/fieldConfig/overrides/{rule}/properties");
            for index in 0..count(&properties) {
                let property = format!("{properties}/{index}");
                if json.pointer(&format!("{property}/id")).and_then(Value::as_str) == Some(id) {
                    look(format!("{property}/value{part}"), harmless);
                }
            }
        }
    }
    found
}

fn differs(value: &Value, harmless: Harmless) -> bool {
    let is = |text: &str| !harmless.contains(&text);
    match value {
        Value::Null => false,
        Value::String(text) => is(text),
        value => is(&value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn options_by_which_nothing_is_drawn() {
        let check = |kind: &str, mut panel: Value, expected: &[&str]| {
            panel["type"] = json!(kind);
            let file = json!({ "schemaVersion": 42, "panels": [panel] }).to_string();
            assert_eq!(paths(&crate::import(&file).unwrap()), expected, "{file}");
        };
        let custom = |custom: Value| json!({ "fieldConfig": { "defaults": { "custom": custom }, "overrides": [] } });
        check("timeseries", json!({}), &[]);
        check("timeseries", custom(json!({ "axisLabel": "l", "barAlignment": 0, "axisPlacement": "right" })), &[]);
        check(
            "timeseries",
            custom(json!({ "axisWidth": 30, "gradientMode": "scheme", "transform": "constant" })),
            &[
                "panels[0].fieldConfig.defaults.custom.axisWidth",
                "panels[0].fieldConfig.defaults.custom.gradientMode",
                "panels[0].fieldConfig.defaults.custom.transform",
            ],
        );
        check("table", custom(json!({ "axisWidth": 30, "inspect": false })), &[]);
        check("table", custom(json!({ "inspect": true })), &["panels[0].fieldConfig.defaults.custom.inspect"]);
        let rule = json!({ "matcher": { "id": "byName", "options": "a" }, "properties": [
            { "id": "custom.axisWidth", "value": 3 }, { "id": "custom.lineWidth", "value": 3 },
            { "id": "custom.axisColorMode", "value": "series" },
        ] });
        check(
            "timeseries",
            json!({ "fieldConfig": { "overrides": [rule] } }),
            &[
                "panels[0].fieldConfig.overrides[0].properties[2].value",
                "panels[0].fieldConfig.overrides[0].properties[0].value",
            ],
        );
        check("timeseries", json!({ "targets": [{ "exemplar": true }] }), &[]);
        check("table", json!({ "options": { "showTypeIcons": false } }), &[]);
        check("table", json!({ "options": { "showTypeIcons": true } }), &["panels[0].options.showTypeIcons"]);
        check("geomap", json!({ "options": { "orientation": "vertical" } }), &[]);
    }

    #[test]
    fn variables_that_are_to_be_kept_out_of_the_address() {
        let check = |variable: Value, expected: &[&str]| {
            let file = json!({ "schemaVersion": 42, "templating": { "list": [variable] }, "panels": [] }).to_string();
            assert_eq!(paths(&crate::import(&file).unwrap()), expected, "{file}");
        };
        let told = ["templating.list[0].skipUrlSync"];
        check(json!({ "name": "a", "type": "custom", "skipUrlSync": true }), &told);
        check(json!({ "name": "a", "type": "custom", "skipUrlSync": false }), &[]);
        check(json!({ "name": "a", "type": "constant", "skipUrlSync": true }), &[]);
    }
}
