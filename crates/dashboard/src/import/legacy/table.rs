//! Tables: that of the Angular era, whose columns had styles, and steps of its successor.

use super::singlestat::take_mappings;
use super::{leftovers, set_type, type_of};
use crate::import::json::{
    Object, drop_all, drop_off, is_true, json_number, number, put_back, put_back_list, set, take, take_flag, take_list,
    take_object, text,
};
use frame::calcs::Calc;
use serde_json::{Value, json};

/// 10: the first of three thresholds said nothing.
pub(super) fn drop_first_threshold(panel: &mut Object) {
    if type_of(panel) != "table" {
        return;
    }
    let styles = panel.get_mut("styles").and_then(Value::as_array_mut).into_iter().flatten();
    for thresholds in styles.filter_map(|style| style.get_mut("thresholds")?.as_array_mut()) {
        if thresholds.len() >= 3 {
            thresholds.remove(0);
        }
    }
}

/// 24: the name went to the new table.
pub(super) fn name_angular(panel: &mut Object) {
    if has_styles(panel) {
        set_type(panel, "table-old");
    }
}

/// Whether a table is of the Angular era, by which its columns had styles. What lifting one leaves of them is for no column.
pub(super) fn has_styles(panel: &Object) -> bool {
    let is_style = |style: &Value| style.get("pattern").is_some();
    type_of(panel) == "table"
        && match panel.get("styles") {
            Some(Value::Array(styles)) => styles.is_empty() || styles.iter().any(is_style),
            styles => styles.is_some(),
        }
}

/// 38: how a cell is shown became an object.
pub(super) fn cell_options(panel: &mut Object) {
    if type_of(panel) != "table" || !panel.contains_key("fieldConfig") {
        return;
    }
    let mut config = take_object(panel, "fieldConfig");
    let mut defaults = take_object(&mut config, "defaults");
    let mut custom = take_object(&mut defaults, "custom");
    if let Some(mode) = custom.remove("displayMode") {
        custom.insert("cellOptions".to_owned(), cell(&mode));
    }
    put_back(&mut defaults, "custom", custom);
    put_back(&mut config, "defaults", defaults);
    let overrides = config.get_mut("overrides").and_then(Value::as_array_mut).into_iter().flatten();
    let properties = overrides.filter_map(|rule| rule.get_mut("properties")?.as_array_mut()).flatten();
    for property in properties.filter_map(Value::as_object_mut) {
        if property.get("id").is_some_and(|id| id == "custom.displayMode") {
            let mode = take(property, "value");
            property.insert("id".to_owned(), Value::from("custom.cellOptions"));
            property.insert("value".to_owned(), cell(&mode));
        }
    }
    put_back(panel, "fieldConfig", config);
}

fn cell(mode: &Value) -> Value {
    match mode.as_str().unwrap_or("auto") {
        mode @ ("basic" | "gradient-gauge" | "lcd-gauge") => {
            let mode = mode.trim_end_matches("-gauge");
            json!({"type": "gauge", "mode": mode})
        }
        "color-background" => json!({"type": "color-background", "mode": "gradient"}),
        "color-background-solid" => json!({"type": "color-background", "mode": "basic"}),
        other => json!({"type": other}),
    }
}

/// 39: a statistic per query became an object per query.
pub(super) fn time_series_table(panel: &mut Object) {
    let steps = panel.get_mut("transformations").and_then(Value::as_array_mut).into_iter().flatten();
    for step in steps.filter(|step| step.get("id").is_some_and(|id| id == "timeSeriesTable")) {
        let Some(Value::Object(options)) = step.get_mut("options") else { continue };
        let stats = take_object(options, "refIdToStat");
        options.extend(stats.into_iter().map(|(ref_id, stat)| (ref_id, json!({"stat": stat}))));
    }
}

/// The property by which a column is not shown.
const HIDDEN: &str = "custom.hidden";

/// Lifts the table of the Angular era.
pub(super) fn migrate(panel: &mut Object) {
    if type_of(panel) != "table-old" && !has_styles(panel) {
        return;
    }
    set_type(panel, "table");
    let columns = set_transformations(panel);
    let mut defaults = Object::new();
    let mut overrides = Vec::new();
    // The first style that fits a column is its style, where of overrides the last counts: so they come from behind.
    let mut hides = false;
    let mut styles = take_list(panel, "styles");
    for style in styles.iter_mut().rev().filter_map(Value::as_object_mut) {
        let pattern = take(style, "pattern");
        let pattern = pattern.as_str().unwrap_or_default();
        let is_hidden = style.get("type").is_some_and(|kind| kind == "hidden");
        let mut properties = properties_of(style);
        if hides && !is_hidden {
            properties.push((HIDDEN, Value::Bool(false)));
        }
        hides |= is_hidden && pattern.starts_with('/');
        if pattern == "/.*/" {
            properties.into_iter().for_each(|(id, value)| set(&mut defaults, id, value));
        } else {
            overrides.push(override_of(pattern, properties));
        }
    }
    put_back_list(panel, "styles", styles);
    set_sort(panel, &columns, &overrides);
    panel.insert("fieldConfig".to_owned(), json!({"defaults": defaults, "overrides": overrides}));
    leftovers::take_out_of_graph(panel);
    if panel.get("showHeader") == Some(&Value::Bool(false)) {
        set(panel, "options.showHeader", Value::Bool(false));
    }
    drop_all(panel, &["showHeader", "scroll"]);
    if panel.get("fontSize").is_some_and(|size| size == "100%") {
        drop_all(panel, &["fontSize"]);
    }
    drop_off(panel, &["pageSize", "columns", "filterNull"]);
}

/// The column it is sorted by, which was told by its number: by the name that it is shown under.
fn set_sort(panel: &mut Object, columns: &[String], overrides: &[Value]) {
    let sort = take_object(panel, "sort");
    let Some(column) = sort.get("col").and_then(number) else { return };
    let Some(name) = columns.get(column as usize) else { return put_back(panel, "sort", sort) };
    let is_meant = |rule: &&Value| rule.pointer("/matcher/options").and_then(Value::as_str) == Some(name);
    let properties = overrides.iter().filter(is_meant).filter_map(|rule| rule.get("properties")?.as_array()).flatten();
    let mut shown = properties.filter(|property| property.get("id").is_some_and(|id| id == "displayName"));
    let name = shown.next().and_then(|property| property.get("value")).cloned().unwrap_or_else(|| name.as_str().into());
    let descending = sort.get("desc").is_some_and(is_true);
    set(panel, "options.sortBy", json!([{"displayName": name, "desc": descending}]));
}

/// How series became a table: gives the names of its first columns, as far as they are known.
fn set_transformations(panel: &mut Object) -> Vec<String> {
    let transform = take(panel, "transform");
    let columns = take_list(panel, "columns");
    let reducers: Vec<&str> =
        columns.iter().filter_map(|column| super::graph::reducer(column.get("value")?.as_str()?)).collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let (step, columns) = match transform.as_str() {
        Some("timeseries_to_rows") => {
            (json!({"id": "seriesToRows", "options": {}}), names(&["Time", "Metric", "Value"]))
        }
        Some("timeseries_to_columns") => (json!({"id": "seriesToColumns", "options": {}}), names(&["Time"])),
        Some("timeseries_aggregations") => {
            let headings =
                reducers.iter().filter_map(|reducer| Calc::parse(reducer)).map(|calc| calc.label().into_owned());
            let columns = std::iter::once("Field".to_owned()).chain(headings).collect();
            (json!({"id": "reduce", "options": {"includeTimeField": false, "reducers": reducers}}), columns)
        }
        Some("table") => (json!({"id": "merge", "options": {}}), names(&["Time"])),
        _ => {
            set(panel, "transform", transform);
            return Vec::new();
        }
    };
    let mut steps = take_list(panel, "transformations");
    steps.push(step);
    panel.insert("transformations".to_owned(), Value::Array(steps));
    columns
}

fn override_of(pattern: &str, properties: Vec<(&'static str, Value)>) -> Value {
    let is_pattern = pattern.len() > 1 && pattern.starts_with('/') && pattern.ends_with('/');
    let properties: Vec<Value> = properties.into_iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
    json!({
        "matcher": {"id": if is_pattern { "byRegexp" } else { "byName" }, "options": pattern},
        "properties": properties,
    })
}

/// What a style says, as properties of a field.
fn properties_of(style: &mut Object) -> Vec<(&'static str, Value)> {
    let mut properties = Vec::new();
    let kind = take(style, "type");
    let date_format = take(style, "dateFormat");
    let unit = take(style, "unit");
    match kind.as_str() {
        Some("hidden") => properties.push((HIDDEN, Value::Bool(true))),
        Some("date") => {
            let format = text(&date_format).unwrap_or("YYYY-MM-DD HH:mm:ss");
            properties.push(("unit", Value::from(format!("time: {format}"))));
        }
        Some("string") => {}
        _ => properties.extend(text(&unit).map(|unit| ("unit", Value::from(unit)))),
    }
    if let Some(name) = text(&take(style, "alias")) {
        properties.push(("displayName", Value::from(name)));
    }
    if let Some(decimals) = number(&take(style, "decimals")).filter(|decimals| *decimals >= 0.0 && kind == "number") {
        properties.push(("decimals", json_number(decimals)));
    }
    properties.extend(link_of(style).map(|links| ("links", links)));
    let align = take(style, "align");
    properties.extend(text(&align).filter(|align| *align != "auto").map(|align| ("custom.align", Value::from(align))));
    colors_of(style, &mut properties);
    drop_all(style, &["$$hashKey"]);
    drop_off(style, &["sanitize", "preserveFormat"]);
    let mappings = take_mappings(style);
    if !mappings.is_empty() {
        properties.push(("mappings", Value::Array(mappings)));
    }
    properties
}

fn link_of(style: &mut Object) -> Option<Value> {
    let on = take_flag(style, "link");
    let (title, url) = (take(style, "linkTooltip"), take(style, "linkUrl"));
    let new_tab = take_flag(style, "linkTargetBlank");
    let text = |value: Value| if is_true(&value) { value } else { Value::from("") };
    on.then(|| json!([{"title": text(title), "url": text(url), "targetBlank": new_tab}]))
}

fn colors_of(style: &mut Object, properties: &mut Vec<(&'static str, Value)>) {
    let (colors, levels) = (take_list(style, "colors"), take_list(style, "thresholds"));
    let scope = take(style, "colorMode");
    let mode = match scope.as_str() {
        Some("cell" | "row") => "color-background",
        Some("value") => "color-text",
        _ => return,
    };
    if scope == "row" {
        style.insert("colorMode".to_owned(), scope);
    }
    properties.push(("custom.cellOptions", json!({"type": mode})));
    let levels = levels.iter().filter_map(number).map(json_number);
    let values = std::iter::once(Value::Null).chain(levels);
    let steps: Vec<Value> = values.zip(colors).map(|(value, color)| json!({"value": value, "color": color})).collect();
    properties.push(("thresholds", json!({"mode": "absolute", "steps": steps})));
}
