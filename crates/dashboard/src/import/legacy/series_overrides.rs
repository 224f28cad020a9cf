//! What the graph panel said about single series becomes overrides of fields.

use super::graph::{Dashes, OldAxis};
use crate::import::json::{
    Object, drop_all, drop_off, is_true, json_number, number, put_back_list, take, take_list, text,
};
use serde_json::{Value, json};

/// Takes `seriesOverrides` of a panel. What an entry says beyond what is understood stays in it.
pub(super) fn migrate(panel: &mut Object, left: &OldAxis, right: &OldAxis, dashes: &Dashes) -> Vec<Value> {
    let mut rules = Vec::new();
    let mut rest = Vec::new();
    for mut entry in take_list(panel, "seriesOverrides") {
        if let Value::Object(entry) = &mut entry {
            rules.extend(migrate_entry(entry, left, right, dashes));
            drop_all(entry, &["$$hashKey"]);
            if entry.keys().all(|key| key == "alias") {
                entry.clear();
            }
        }
        rest.push(entry);
    }
    put_back_list(panel, "seriesOverrides", rest);
    rules
}

fn migrate_entry(entry: &mut Object, left: &OldAxis, right: &OldAxis, dashes: &Dashes) -> Option<Value> {
    let alias = text(entry.get("alias")?)?.to_owned();
    let mut properties = Properties::default();
    axis(entry, left, right, &mut properties);
    shape(entry, &mut properties);
    area(entry, &mut properties);
    line(entry, dashes, &mut properties);
    visibility(entry, &mut properties);
    drop_off(entry, &["zindex"]);
    if properties.0.is_empty() {
        return None;
    }
    let id = if is_pattern(&alias) { "byRegexp" } else { "byName" };
    Some(json!({"matcher": {"id": id, "options": alias}, "properties": properties.0}))
}

/// Whether a rule lets an area reach down to another series.
pub(super) fn fills_below(rule: &Value) -> bool {
    let properties = rule.get("properties").and_then(Value::as_array);
    properties.into_iter().flatten().any(|property| property.get("id") == Some(&Value::from("custom.fillBelowTo")))
}

/// Whether a name is a pattern between slashes, flags behind it or not.
fn is_pattern(alias: &str) -> bool {
    let inner = alias.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    inner.is_some_and(|(_, flags)| flags.chars().all(|flag| "gimsuy".contains(flag)))
}

#[derive(Default)]
struct Properties(Vec<Value>);

impl Properties {
    fn push(&mut self, id: &str, value: impl Into<Value>) {
        self.0.push(json!({"id": id, "value": value.into()}));
    }
}

/// The right axis: what it says differently from the left one.
fn axis(entry: &mut Object, left: &OldAxis, right: &OldAxis, properties: &mut Properties) {
    if number(&take(entry, "yaxis")) != Some(2.0) {
        return;
    }
    let hidden = right.custom.get("axisPlacement").is_some_and(|placement| placement == "hidden");
    properties.push("custom.axisPlacement", if hidden { "hidden" } else { "right" });
    let custom = right.custom.iter().filter(|(key, _)| *key != "axisPlacement");
    for (key, value) in custom.filter(|(key, value)| left.custom.get(*key) != Some(*value)) {
        properties.push(&format!("custom.{key}"), value.clone());
    }
    for (key, value) in right.standard.iter().filter(|(key, value)| left.standard.get(*key) != Some(*value)) {
        properties.push(key, value.clone());
    }
    // What only the left axis says is not for the right one.
    for key in ["min", "max", "decimals"].into_iter().filter(|key| left.standard.contains_key(*key)) {
        if !right.standard.contains_key(key) {
            properties.push(key, Value::Null);
        }
    }
}

fn shape(entry: &mut Object, properties: &mut Properties) {
    if let Some(bars) = entry.remove("bars") {
        properties.push("custom.drawStyle", if is_true(&bars) { "bars" } else { "line" });
        if is_true(&bars) {
            properties.push("custom.fillOpacity", 100);
        }
    }
    if let Some(lines) = entry.remove("lines") {
        if is_true(&lines) {
            properties.push("custom.drawStyle", "line");
        } else {
            properties.push("custom.lineWidth", 0);
        }
    }
    if let Some(points) = entry.remove("points") {
        properties.push("custom.showPoints", if is_true(&points) { "always" } else { "never" });
    }
    if let Some(radius) = number(&take(entry, "pointradius")) {
        properties.push("custom.pointSize", json_number(2.0 + radius * 2.0));
    }
}

fn area(entry: &mut Object, properties: &mut Properties) {
    if let Some(fill) = number(&take(entry, "fill")) {
        properties.push("custom.fillOpacity", json_number((fill * 10.0).clamp(0.0, 100.0)));
    }
    match number(&take(entry, "fillGradient")) {
        Some(gradient) if gradient > 0.0 => {
            properties.push("custom.gradientMode", "opacity");
            properties.push("custom.fillOpacity", json_number((gradient * 10.0).clamp(0.0, 100.0)));
        }
        Some(_) => properties.push("custom.gradientMode", "none"),
        None => {}
    }
    let below = take(entry, "fillBelowTo");
    if is_true(&below) {
        properties.push("custom.fillBelowTo", below);
    }
    match entry.remove("stack") {
        Some(Value::Bool(false)) => properties.push("custom.stacking", json!({"mode": "none", "group": "A"})),
        Some(Value::String(group)) => properties.push("custom.stacking", json!({"mode": "normal", "group": group})),
        Some(on) if is_true(&on) => properties.push("custom.stacking", json!({"mode": "normal", "group": "A"})),
        _ => {}
    }
    match take(entry, "transform").as_str() {
        Some("negative-Y") => properties.push("custom.transform", "negative-Y"),
        Some("constant") => properties.push("custom.transform", "constant"),
        _ => {}
    }
}

fn line(entry: &mut Object, dashes: &Dashes, properties: &mut Properties) {
    if let Some(width) = number(&take(entry, "linewidth")) {
        properties.push("custom.lineWidth", json_number(width));
    }
    if let Some(stepped) = entry.remove("steppedLine") {
        properties.push("custom.lineInterpolation", if is_true(&stepped) { "stepAfter" } else { "linear" });
    }
    let own = [entry.remove("dashes"), entry.remove("dashLength"), entry.remove("spaceLength")];
    if own.iter().any(Option::is_some) {
        let [on, dash, space] = own;
        let length = |value: Option<Value>, usual: f64| value.as_ref().and_then(number).unwrap_or(usual);
        let style = Dashes {
            on: on.map_or(dashes.on, |on| is_true(&on)),
            dash: length(dash, dashes.dash),
            space: length(space, dashes.space),
        };
        properties.push("custom.lineStyle", style.style());
    }
    match text(&take(entry, "nullPointMode")) {
        Some("connected") => properties.push("custom.spanNulls", true),
        Some("null as zero") => properties.push("nullValueMode", "null as zero"),
        Some(_) => properties.push("custom.spanNulls", false),
        None => {}
    }
    let color = take(entry, "color");
    if is_true(&color) {
        properties.push("color", json!({"mode": "fixed", "fixedColor": color}));
    }
}

fn visibility(entry: &mut Object, properties: &mut Properties) {
    let off = |entry: &mut Object, key: &str| entry.remove(key).is_some_and(|shown| !is_true(&shown));
    let from_legend = off(entry, "legend");
    let from_tooltip = take(entry, "hideTooltip");
    let hidden = take(entry, "hiddenSeries");
    if from_legend || is_true(&from_tooltip) || is_true(&hidden) {
        let hide = json!({"legend": from_legend, "tooltip": is_true(&from_tooltip), "viz": is_true(&hidden)});
        properties.push("custom.hideFrom", hide);
    }
}
