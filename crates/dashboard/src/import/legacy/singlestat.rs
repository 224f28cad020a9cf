//! The singlestat panel of the Angular era becomes a stat, or a gauge where it showed one.

use super::graph::{color_overrides, reducer, set_fields};
use super::{set_type, type_of};
use crate::import::json::{
    Object, drop_all, drop_off, is_true, json_number, number, put_back, set, take, take_flag, take_list, take_object,
    text,
};
use serde_json::{Value, json};

/// What every singlestat panel was saved with.
const USUAL_VALUE_SIZE: &str = "80%";
/// What sizes of texts were parts of.
const BASE_CSS_PX: f64 = 38.0;
const USUAL_FONT_SIZES: &[(&str, &str)] =
    &[("valueFontSize", USUAL_VALUE_SIZE), ("prefixFontSize", "50%"), ("postfixFontSize", "50%")];
const USUAL_LINE: &str = "rgb(31, 120, 193)";
const USUAL_FILL: &str = "rgba(31, 118, 189, 0.18)";

/// 9: the first of three thresholds said nothing.
pub(super) fn drop_first_threshold(panel: &mut Object) {
    if type_of(panel) != "singlestat" {
        return;
    }
    let thresholds = panel.get("thresholds").and_then(Value::as_str).unwrap_or_default();
    if thresholds.split(',').count() >= 3
        && let Some((_, rest)) = thresholds.split_once(',')
    {
        let rest = Value::from(rest);
        panel.insert("thresholds".to_owned(), rest);
    }
}

/// Lifts a singlestat panel to the visualization that took its place.
pub(super) fn migrate(panel: &mut Object) {
    if !matches!(type_of(panel), "singlestat" | "grafana-singlestat-panel") {
        return;
    }
    let mut standard = Object::new();
    let gauge = take_gauge(panel, &mut standard);
    set_type(panel, if gauge.is_some() { "gauge" } else { "stat" });
    // The options of singlestat stood in the panel itself: what is there belongs to a plugin that is gone. But Grafana keeps
    // the overrides.
    let overrides = take_list(&mut take_object(panel, "fieldConfig"), "overrides");
    set(panel, "fieldConfig.overrides", Value::Array(overrides));
    drop_all(panel, &["options"]);
    let with_sparkline = set_sparkline(panel, &mut standard, gauge.is_none());
    match gauge {
        Some(options) => put_back(panel, "options", options),
        None => set(panel, "options.graphMode", Value::from(if with_sparkline { "area" } else { "none" })),
    }
    set_value(panel, &mut standard);
    set_size(panel);
    set_unit(panel, &mut standard);
    set_thresholds(panel, &mut standard);
    set_mappings(panel, &mut standard);
    let overrides = color_overrides(panel);
    set_fields(panel, standard, Object::new(), overrides);
    drop_leftovers(panel);
}

/// The options of the gauge, if the panel showed one.
fn take_gauge(panel: &mut Object, standard: &mut Object) -> Option<Object> {
    let mut gauge = take_object(panel, "gauge");
    if !take_flag(&mut gauge, "show") {
        return None;
    }
    set(standard, "min", number(&take(&mut gauge, "minValue")).map_or(Value::Null, json_number));
    set(standard, "max", number(&take(&mut gauge, "maxValue")).map_or(Value::Null, json_number));
    let mut options = Object::new();
    options.insert("showThresholdMarkers".to_owned(), Value::Bool(take_flag(&mut gauge, "thresholdMarkers")));
    options.insert("showThresholdLabels".to_owned(), Value::Bool(take_flag(&mut gauge, "thresholdLabels")));
    put_back(panel, "gauge", gauge);
    Some(options)
}

/// The chart behind the number. Its limits are those of the field, its colour that of the field where no threshold decides.
fn set_sparkline(panel: &mut Object, standard: &mut Object, is_stat: bool) -> bool {
    let mut sparkline = take_object(panel, "sparkline");
    if !take_flag(&mut sparkline, "show") {
        return false;
    }
    for (old, new) in [("ymin", "min"), ("ymax", "max")] {
        if is_stat {
            set(standard, new, number(&take(&mut sparkline, old)).map_or(Value::Null, json_number));
        }
    }
    let line = take(&mut sparkline, "lineColor");
    let by_value = ["colorBackground", "colorValue"].iter().any(|key| panel.get(*key).is_some_and(is_true));
    if is_stat && !by_value && is_true(&line) {
        set(standard, "color", json!({"mode": "fixed", "fixedColor": line}));
    } else if line.as_str() != Some(USUAL_LINE) {
        set(&mut sparkline, "lineColor", line);
    }
    // The area follows the line's colour, and whether it fills the panel follows the panel's size.
    drop_all(&mut sparkline, &["full"]);
    if sparkline.get("fillColor").and_then(Value::as_str) == Some(USUAL_FILL) {
        drop_all(&mut sparkline, &["fillColor"]);
    }
    put_back(panel, "sparkline", sparkline);
    true
}

/// Which value is shown and how it is coloured.
fn set_value(panel: &mut Object, standard: &mut Object) {
    let name = take(panel, "valueName");
    let calc = name.as_str().and_then(reducer).unwrap_or("mean");
    set(panel, "options.reduceOptions.calcs", json!([calc]));
    let column = take(panel, "tableColumn");
    // Of series over time it said nothing.
    if let Some(column) = text(&column).filter(|_| asks_for_table(panel)) {
        set(panel, "options.reduceOptions.fields", Value::from(format!("/^{column}$/")));
    }
    set(panel, "options.orientation", Value::from("horizontal"));
    let (background, value) = (take_flag(panel, "colorBackground"), take_flag(panel, "colorValue"));
    if type_of(panel) == "stat" {
        let color = match (background, value) {
            (true, _) => "background",
            (false, true) => "value",
            (false, false) => "none",
        };
        set(panel, "options.colorMode", Value::from(color));
        if name == "name" {
            set(panel, "options.textMode", Value::from("name"));
        }
    }
    let null_mode = take(panel, "nullPointMode");
    if null_mode == "null as zero" {
        set(standard, "nullValueMode", null_mode);
    }
    if let Some(shown) = text(&take(panel, "nullText")) {
        set(standard, "noValue", Value::from(shown));
    }
    if let Some(decimals) = number(&take(panel, "decimals")).filter(|decimals| *decimals >= 0.0) {
        set(standard, "decimals", json_number(decimals));
    }
}

fn asks_for_table(panel: &Object) -> bool {
    let mut targets = panel.get("targets").and_then(Value::as_array).into_iter().flatten();
    targets.any(|target| target.get("format").is_some_and(|format| format == "table"))
}

/// How large the value is, where it is not as usual.
fn set_size(panel: &mut Object) {
    let percent = |text: &str| frame::decimal::parse(text.strip_suffix('%')?).filter(|percent| *percent > 0.0);
    let size = panel.get("valueFontSize").and_then(Value::as_str).filter(|size| *size != USUAL_VALUE_SIZE);
    if let Some(percent) = size.and_then(percent) {
        panel.remove("valueFontSize");
        set(panel, "options.text.valueSize", json_number((BASE_CSS_PX * percent / 100.0).round()));
    }
}

/// The unit; a text before or behind a number without one becomes a unit of its own.
fn set_unit(panel: &mut Object, standard: &mut Object) {
    drop_off(panel, &["prefix", "postfix"]);
    let format = take(panel, "format");
    let plain = matches!(format.as_str(), None | Some("" | "none"));
    let unit = match (panel.get("prefix").and_then(text), panel.get("postfix").and_then(text)) {
        (Some(prefix), None) if plain => Value::from(format!("prefix:{prefix}")),
        (None, Some(suffix)) if plain => Value::from(format!("suffix:{suffix}")),
        _ => {
            set(standard, "unit", format);
            return;
        }
    };
    drop_all(panel, &["prefix", "postfix"]);
    set(standard, "unit", unit);
}

/// `50,80` and one colour more than there are numbers.
fn set_thresholds(panel: &mut Object, standard: &mut Object) {
    let colors = take_list(panel, "colors");
    let levels = take(panel, "thresholds");
    let levels = levels.as_str().unwrap_or_default().split(',').filter_map(|level| frame::decimal::parse(level.trim()));
    let values = std::iter::once(Value::Null).chain(levels.map(json_number));
    let steps: Vec<Value> = values.zip(colors).map(|(value, color)| json!({"value": value, "color": color})).collect();
    if !steps.is_empty() {
        set(standard, "thresholds", json!({"mode": "absolute", "steps": steps}));
    }
}

/// Texts instead of values, in the form of version 7; [`super::mappings`] lifts them further.
fn set_mappings(panel: &mut Object, standard: &mut Object) {
    let mappings = take_mappings(panel);
    if !mappings.is_empty() {
        set(standard, "mappings", Value::Array(mappings));
    }
}

/// The mappings that are switched on, of values (1) or of ranges (2).
pub(super) fn take_mappings(object: &mut Object) -> Vec<Value> {
    let kind = number(&take(object, "mappingType"));
    let (values, ranges) = (take_list(object, "valueMaps"), take_list(object, "rangeMaps"));
    drop_all(object, &["mappingTypes"]);
    let (list, kind) = match kind {
        Some(2.0) => (ranges, 2),
        Some(1.0) => (values, 1),
        _ if values.is_empty() => (ranges, 2),
        _ => (values, 1),
    };
    let objects = list.into_iter().filter_map(|mapping| match mapping {
        Value::Object(mapping) => Some(mapping),
        _ => None,
    });
    objects
        .map(|mut mapping| {
            drop_all(&mut mapping, &["op", "$$hashKey"]);
            mapping.insert("type".to_owned(), Value::from(kind));
            Value::Object(mapping)
        })
        .collect()
}

/// What says nothing more than the usual, and what another panel left behind when its type was changed.
fn drop_leftovers(panel: &mut Object) {
    for (key, usual) in USUAL_FONT_SIZES {
        let unused = *key != "valueFontSize" && !panel.contains_key(&key.replace("FontSize", ""));
        if unused || panel.get(*key).and_then(Value::as_str) == Some(usual) {
            panel.remove(*key);
        }
    }
    drop_off(panel, &["colorPrefix", "colorPostfix", "error"]);
    drop_all(panel, &["cacheTimeout", "pluginVersion", "yaxes", "xaxis", "yaxis", "lines", "linewidth", "bars"]);
    drop_all(panel, &["points", "pointradius", "fill", "stack", "percentage", "steppedLine", "legend", "renderer"]);
    drop_all(panel, &["tooltip", "seriesOverrides", "dashes", "dashLength", "spaceLength", "grid", "fillGradient"]);
}
