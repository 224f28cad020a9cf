//! What is supported has an effect: of every value that the importer says it read, a change of it alone changes the
//! dashboard. And the other way round: what has no effect is told, or is known to say nothing.
#![allow(clippy::unwrap_used)]

use dashboard::import;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Keys that say nothing about what is shown, or only what kind of object stands there.
const SILENT: &[&str] = &[
    "apiVersion",
    "cacheTimeout",
    "definition",
    "editable",
    "fillScreen",
    "id",
    "index",
    "kind",
    "metadata",
    "op",
    "pluginVersion",
    "refId",
    "schemaVersion",
    "selected",
    "version",
];

/// Values of which one has another meaning than the one that stood there.
const OTHERS: &[&str] = &[
    "1",
    "2",
    "0",
    "7.5",
    "5m",
    "other",
    "#0000ff",
    "a,b",
    "/b.*/",
    "avg",
    "max",
    "mean",
    "current",
    "none",
    "percent",
    "hidden",
    "auto",
    "time",
    "series",
    "right",
    "list",
    "single",
    "multi",
    "asc",
    "line",
    "area",
    "html",
    "markdown",
    "linear",
    "log",
    "h",
    "v",
    "monday",
    "utc",
    "browser",
    "include",
    "text",
    "color",
    "gradient",
    "bargauge",
    "stat",
    "heatmap",
    "table",
    "time_series",
    "string",
    "number",
    "byName",
    "byRegexp",
    "row",
    "value",
    "range",
    "hideLabel",
    "hideVariable",
    "numericalAsc",
    "never",
    "always",
    "Tooltip",
    "Off",
    "and",
    "show",
    "equals",
    "matches",
    "wide",
    "tall",
    "solid",
    "unit",
    "decimals",
    "lt",
    "gt",
    "critical",
    "On graph",
    "Right side",
    "pie",
    "tsbuckets",
    "lower",
    "opacity",
    "spectrum",
    "horizontal",
    "normal",
    "thresholds",
    "absolute",
    "special",
    "nan",
    "null",
    "json",
    "python",
    "query",
    "min",
    "connected",
    "down",
    "link",
    "dashboards",
    "ge",
    "le",
    "size",
    "count",
    "scheme",
    "exponential",
    "auto",
];

fn described(json: &Value) -> Option<String> {
    let mut dashboard = import(&json.to_string()).ok()?.dashboard;
    dashboard.json = Value::Null;
    dashboard.schema_version = 0;
    for panel in &mut dashboard.panels {
        panel.json_pointer.clear();
        panel.path.clear();
    }
    Some(format!("{dashboard:?}"))
}

/// Pointers to everything that is neither a list nor an object, with the way as notes write it.
fn leaves(value: &Value, pointer: &str, path: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let separator = if path.is_empty() { "" } else { "." };
                leaves(
                    value,
                    &format!("{pointer}/{}", key.replace('/', "~1")),
                    &format!("{path}{separator}{key}"),
                    found,
                );
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                leaves(value, &format!("{pointer}/{index}"), &format!("{path}[{index}]"), found);
            }
        }
        Value::Null => {}
        _ => found.push((pointer.to_owned(), path.to_owned())),
    }
}

fn others(value: &Value) -> Vec<Value> {
    let mut others = match value {
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or(0.0);
            vec![json!(number + 1.0), json!(number / 2.0), json!(number * 2.0 + 3.0)]
        }
        Value::String(text) => vec![json!(format!("{text}x"))],
        _ => Vec::new(),
    };
    others.extend(OTHERS.iter().map(|word| json!(word)));
    others
}

const FIXTURES: &[&str] =
    &["angular.json", "graph.json", "lifted.json", "modern.json", "rest.json", "rows.json", "v2.json", "v2rest.json"];

fn read(fixture: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture);
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

/// Every value of the fixture either matters, or is told to have no effect, or is silent.
fn check(fixture: &str) {
    let json = read(fixture);
    let imported = import(&json.to_string()).unwrap();
    let told = |path: &str| imported.notes.iter().any(|note| path.starts_with(&note.path));
    let before = described(&json).unwrap();
    let mut found = Vec::new();
    leaves(&json, "", "", &mut found);
    let mut without_effect = Vec::new();
    let mut matter = 0;
    for (pointer, path) in found {
        let key = pointer.rsplit('/').next().unwrap_or_default();
        let mut changed = json.clone();
        let value = changed.pointer(&pointer).unwrap().clone();
        let changes = others(&value).into_iter().any(|other| {
            *changed.pointer_mut(&pointer).unwrap() = other;
            described(&changed).is_some_and(|after| after != before)
        });
        matter += usize::from(changes);
        if !changes && !told(&path) && !SILENT.contains(&key) {
            without_effect.push(path);
        }
    }
    assert!(without_effect.is_empty(), "{fixture}: {without_effect:#?}");
    println!("{fixture}: {matter} values matter");
}

/// The keys of objects, and the words that stand as values: properties of fields are named by such.
fn words(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            found.insert(key.clone());
            words(value, found);
        }),
        Value::Array(list) => list.iter().for_each(|value| words(value, found)),
        Value::String(text) => {
            found.insert(text.clone());
            found.extend(text.strip_prefix("custom.").map(str::to_owned));
        }
        _ => {}
    }
}

/// The keys that the importer's source asks for.
fn keys_read() -> BTreeSet<String> {
    let calls = ["get", "part", "text", "flag", "hidden", "is_set", "number", "limit", "size"];
    let call = regex_lite::Regex::new(&format!(r#"\b(?:{})\("([A-Za-z_]+)""#, calls.join("|"))).unwrap();
    let arm = regex_lite::Regex::new(r#"(?m)^ +((?:"[A-Za-z]+"(?: \| )?)+)(?: if .*?)? =>"#).unwrap();
    let word = regex_lite::Regex::new(r#""([A-Za-z]+)""#).unwrap();
    let mut keys = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/import");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let source = std::fs::read_to_string(&file).unwrap();
        keys.extend(call.captures_iter(&source).map(|found| found[1].to_owned()));
        // Properties of fields are told apart by their ids.
        if file.ends_with("field.rs") {
            for arm in arm.captures_iter(&source) {
                keys.extend(word.captures_iter(&arm[1]).map(|found| found[1].to_owned()));
            }
        }
    }
    keys
}

/// The keys that the steps from older schemas and from schema v2 ask for.
fn keys_lifted() -> BTreeSet<String> {
    let calls = "get|get_mut|remove|contains_key|part|inside|take|take_flag|take_list|take_object";
    let call = regex_lite::Regex::new(&format!(r#"\b(?:{calls})\((?:&?(?:mut )?[a-z_.]+, )?"([A-Za-z_]+)""#)).unwrap();
    let folders = ["legacy", "v2"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join("src/import").join(name));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let sources = files.map(|file| std::fs::read_to_string(file).unwrap());
    let keys = |source: String| call.captures_iter(&source).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    sources.flat_map(keys).collect()
}

/// What makes a panel a copy.
const COPIED: &[&str] = &["repeatPanelId", "repeatByRow", "repeatedByRow"];

/// Visualizations that are only told apart by the colours they start with, copies, and panels of a library (`legacy/`).
const TRIED_APART: &[&str] = &["candlestick", "trend", "xychart", "__elements", "libraryPanel", "model"];

#[test]
fn copies_that_were_saved_are_made_anew() {
    for key in COPIED {
        let count = |copied: Value| {
            let file = json!({ "schemaVersion": 42, "panels": [{ "type": "text", *key: copied }] });
            import(&file.to_string()).unwrap().dashboard.panels.len()
        };
        assert_eq!((count(json!(1)), count(json!(false)), count(Value::Null)), (0, 1, 1), "{key}");
    }
}

#[test]
fn every_key_that_is_read_is_tried() {
    let mut tried: BTreeSet<String> = TRIED_APART.iter().chain(COPIED).map(|word| (*word).to_owned()).collect();
    FIXTURES.iter().for_each(|fixture| words(&read(fixture), &mut tried));
    let (mut read, lifted) = (keys_read(), keys_lifted());
    assert!(read.len() > 200 && lifted.len() > 150, "{} {}", read.len(), lifted.len());
    read.extend(lifted);
    let missing: Vec<&String> = read.difference(&tried).collect();
    assert!(missing.is_empty(), "no fixture says {missing:?}: add them to one, so that it is seen what they change");
}

#[test]
fn every_option_that_the_others_leave_out_matters() {
    check("rest.json");
}

#[test]
fn every_option_that_is_only_lifted_matters() {
    check("lifted.json");
    check("v2rest.json");
}

#[test]
fn every_option_of_graph_and_singlestat_matters() {
    check("graph.json");
}

#[test]
fn every_option_of_the_oldest_schema_matters() {
    check("rows.json");
}

#[test]
fn every_option_of_the_other_old_panels_matters() {
    check("angular.json");
}

#[test]
fn every_option_of_the_newest_schema_matters() {
    check("modern.json");
}

#[test]
fn every_option_of_schema_v2_matters() {
    check("v2.json");
}

/// Fields of the model that are there for the export only, and told of ([`dashboard::undrawn`]) where they matter.
const UNUSED: &[&str] = &["border_show", "schema_version", "skip_url", "type_icons", "wrap_header"];

/// The code below a folder of the repository, file by file, but that which reads and writes dashboards.
fn code_below(folder: &str) -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)];
    let mut code = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_file() {
                code.push((path.clone(), std::fs::read_to_string(path).unwrap()));
            } else if !path.ends_with("import") && !path.ends_with("export") {
                folders.push(path);
            }
        }
    }
    code
}

#[test]
fn what_the_model_has_is_used_or_told() {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut code = code_below("crates/dashboard/src");
    // Of most visualizations nothing is drawn yet.
    let is_model = |path: &Path| path.parent().unwrap().ends_with("model") && !path.ends_with("visualization.rs");
    let model = code.iter().filter(|(path, _)| is_model(path)).flat_map(|(_, code)| code.lines());
    let fields: BTreeSet<String> = model.filter_map(|line| line.strip_prefix("    pub ")).map(word).collect();
    code.extend(code_below("src"));
    let used: BTreeSet<String> = code.iter().flat_map(|(_, code)| code.split('.')).map(word).collect();
    let not_methods = |name: &&String| !matches!(name.as_str(), "fn" | "const" | "");
    let unused: Vec<&String> = fields.difference(&used).filter(not_methods).collect();
    assert_eq!(unused, UNUSED);
}
