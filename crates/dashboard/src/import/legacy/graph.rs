//! The graph panel of the Angular era becomes a time series, or where its x axis is not time, a bar chart or histogram.

use super::{series_overrides, set_type, thresholds, type_of};
use crate::import::json::{
    Object, at, drop_all, drop_off, is_true, json_number, number, put_back, put_back_list, set, set_if_absent, take,
    take_flag, take_list, take_object, text,
};
use serde_json::{Value, json};

/// The lines of a band reach down to its other border; how opaque that was could not be chosen.
const BAND_OPACITY: f64 = 35.0;

/// Lifts a graph panel to the visualization that took its place.
pub(super) fn migrate(panel: &mut Object) {
    if type_of(panel) != "graph" {
        return;
    }
    let mut x_axis = take_object(panel, "xaxis");
    let mode = take(&mut x_axis, "mode");
    let x_axis_hidden = take(&mut x_axis, "show") == Value::Bool(false);
    match mode.as_str() {
        Some("series") => by_series(panel, &mut x_axis),
        Some("histogram") => histogram(panel, &mut x_axis),
        _ => time_series(panel, x_axis_hidden),
    }
    drop_off(&mut x_axis, &["buckets", "name", "values", "min", "max", "format", "logBase", "$$hashKey"]);
    put_back(panel, "xaxis", x_axis);
    drop_leftovers(panel);
}

fn time_series(panel: &mut Object, x_axis_hidden: bool) {
    set_type(panel, "timeseries");
    let former = former_custom(panel);
    // Each graph was saved with this; what has not got it is one by its type only.
    let says_how = panel.contains_key("lines");
    let [mut left, right] = take_axes(panel);
    take_decimals(panel, &mut left);
    let dashes = Dashes::take(panel);
    let mut overrides = color_overrides(panel);
    let rules = series_overrides::migrate(panel, &left, &right, &dashes);
    let has_band = rules.iter().any(series_overrides::fills_below);
    overrides.extend(rules);
    if x_axis_hidden {
        overrides.push(hide_time_axis());
    }
    overrides.extend(hide_from_legend(panel));
    let drawn = draw(panel, &dashes, has_band);
    let (mut custom, over) = if says_how { (former, drawn) } else { (drawn, former) };
    custom.extend(over);
    custom.extend(left.custom);
    let mut standard = left.standard;
    let null_mode = take(panel, "nullPointMode");
    match text(&null_mode) {
        Some("connected") => set(&mut custom, "spanNulls", Value::Bool(true)),
        Some("null as zero") => set(&mut standard, "nullValueMode", null_mode),
        _ => {}
    }
    thresholds::migrate(panel, &mut standard, &mut custom);
    set_fields(panel, standard, custom, overrides);
    set_legend(panel);
    set_tooltip(panel);
}

/// How another visualization drew the fields. As in Grafana that counts where there are no axes, which take its place.
fn former_custom(panel: &Object) -> Object {
    let custom = at(panel, "fieldConfig.defaults.custom").filter(|_| !panel.contains_key("yaxes"));
    custom.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Bars instead of a line per series: one value of each is compared with the others.
fn by_series(panel: &mut Object, x_axis: &mut Object) {
    let shows_values = panel.get("legend").and_then(|legend| legend.get("values")).is_some_and(is_true);
    set_type(panel, if shows_values { "bargauge" } else { "barchart" });
    let calcs: Vec<Value> =
        take_list(x_axis, "values").iter().filter_map(|name| reducer(name.as_str()?)).map(Value::from).collect();
    if !calcs.is_empty() {
        set(panel, "options.reduceOptions.calcs", Value::Array(calcs));
    }
    let [mut left, _] = take_axes(panel);
    take_decimals(panel, &mut left);
    let mut overrides = color_overrides(panel);
    overrides.extend(hide_from_legend(panel));
    set_fields(panel, left.standard, Object::new(), overrides);
    set_legend(panel);
    set_tooltip(panel);
}

fn histogram(panel: &mut Object, x_axis: &mut Object) {
    set_type(panel, "histogram");
    set(panel, "options.bucketCount", take(x_axis, "buckets"));
    let [left, _] = take_axes(panel);
    let overrides = color_overrides(panel);
    // The y axis counts: its unit is not that of the values.
    let mut standard = left.standard;
    drop_all(&mut standard, &["unit"]);
    set_fields(panel, standard, Object::new(), overrides);
    set_legend(panel);
    set_tooltip(panel);
}

/// What an axis says about the fields that are drawn on it.
#[derive(Default)]
pub(super) struct OldAxis {
    /// Standard properties: unit, decimals, limits.
    pub(super) standard: Object,
    /// Properties of the chart.
    pub(super) custom: Object,
}

/// The left and the right axis.
fn take_axes(panel: &mut Object) -> [OldAxis; 2] {
    let align = take_object(panel, "yaxis");
    if align.get("align").is_some_and(is_true) {
        panel.insert("yaxis".to_owned(), Value::Object(align));
    }
    let mut list = take_list(panel, "yaxes");
    let mut axes = list.iter_mut().map(|axis| axis.as_object_mut().map(read_axis).unwrap_or_default());
    let both = [axes.next().unwrap_or_default(), axes.next().unwrap_or_default()];
    put_back_list(panel, "yaxes", list);
    both
}

/// How many decimals values had in the legend and in the tooltip. A field has one such number: where the axis has its own,
/// that counts.
fn take_decimals(panel: &mut Object, left: &mut OldAxis) {
    let decimals = panel.get("decimals").and_then(number).filter(|decimals| *decimals >= 0.0).map(json_number);
    let differs = |own: &Value| decimals.as_ref().is_some_and(|decimals| own != decimals);
    if left.standard.get("decimals").is_some_and(differs) {
        return;
    }
    drop_all(panel, &["decimals"]);
    set(&mut left.standard, "decimals", decimals.unwrap_or_default());
}

/// Takes what is known of an axis.
fn read_axis(axis: &mut Object) -> OldAxis {
    drop_all(axis, &["$$hashKey"]);
    let mut old = OldAxis::default();
    let shown = take(axis, "show");
    let placement = if shown == Value::Bool(false) { "hidden" } else { "auto" };
    old.custom.insert("axisPlacement".to_owned(), Value::from(placement));
    if let Some(label) = text(&take(axis, "label")) {
        old.custom.insert("axisLabel".to_owned(), Value::from(label));
    }
    if let Some(base) = number(&take(axis, "logBase")).filter(|base| *base > 1.0) {
        // Of the other bases it had, which look the same, no visualization knows any more.
        let scale = json!({"type": "log", "log": if base == 2.0 { 2 } else { 10 }});
        old.custom.insert("scaleDistribution".to_owned(), scale);
    }
    if let Some(unit) = text(&take(axis, "format")) {
        old.standard.insert("unit".to_owned(), Value::from(unit));
    }
    for key in ["decimals", "min", "max"] {
        if let Some(number) = number(&take(axis, key)).filter(|number| key != "decimals" || *number >= 0.0) {
            old.standard.insert(key.to_owned(), json_number(number));
        }
    }
    old
}

/// Whether lines are dashed, and how.
pub(super) struct Dashes {
    pub(super) on: bool,
    pub(super) dash: f64,
    pub(super) space: f64,
}

impl Dashes {
    fn take(panel: &mut Object) -> Self {
        Self {
            on: take_flag(panel, "dashes"),
            dash: number(&take(panel, "dashLength")).unwrap_or(10.0),
            space: number(&take(panel, "spaceLength")).unwrap_or(10.0),
        }
    }

    pub(super) fn style(&self) -> Value {
        let fill = if self.on { "dash" } else { "solid" };
        json!({"fill": fill, "dash": [json_number(self.dash), json_number(self.space)]})
    }
}

/// How lines, bars and points are drawn.
fn draw(panel: &mut Object, dashes: &Dashes, has_band: bool) -> Object {
    let mut custom = Object::new();
    let mut put = |key: &str, value: Value| set(&mut custom, key, value);
    let (bars, points) = (take_flag(panel, "bars"), take_flag(panel, "points"));
    let lines = panel.remove("lines").is_none_or(|lines| is_true(&lines));
    let style = match (bars, lines) {
        (true, _) => "bars",
        (false, true) => "line",
        (false, false) => "points",
    };
    put("drawStyle", Value::from(style));
    let radius = number(&take(panel, "pointradius"));
    if points {
        put("showPoints", Value::from("always"));
        put("pointSize", radius.map_or(Value::from(5), |radius| json_number(2.0 + radius * 2.0)));
    } else if style != "points" {
        put("showPoints", Value::from("never"));
    }
    put("lineWidth", json_number(number(&take(panel, "linewidth")).unwrap_or(1.0)));
    if dashes.on {
        put("lineStyle", dashes.style());
    }
    let fill = number(&take(panel, "fill")).unwrap_or(1.0) * 10.0;
    let gradient = number(&take(panel, "fillGradient")).filter(|gradient| *gradient > 0.0);
    let opacity = match gradient {
        _ if bars => 100.0,
        Some(gradient) => gradient * 10.0,
        None if has_band => BAND_OPACITY,
        None => fill,
    };
    put("fillOpacity", json_number(opacity.clamp(0.0, 100.0)));
    if gradient.is_some() {
        put("gradientMode", Value::from("opacity"));
    }
    if take_flag(panel, "steppedLine") {
        put("lineInterpolation", Value::from("stepAfter"));
    }
    let percent = take_flag(panel, "percentage");
    if take_flag(panel, "stack") {
        put("stacking", json!({"mode": if percent { "percent" } else { "normal" }, "group": "A"}));
    }
    custom
}

/// Colours chosen for series by name.
pub(super) fn color_overrides(panel: &mut Object) -> Vec<Value> {
    let colors = take_object(panel, "aliasColors");
    let with_color = colors.into_iter().filter(|(_, color)| is_true(color));
    with_color
        .map(|(name, color)| {
            json!({
                "matcher": {"id": "byName", "options": name},
                "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": color}}],
            })
        })
        .collect()
}

/// Series that are all empty, or all zero, stood neither in the legend nor in the tooltip.
fn hide_from_legend(panel: &mut Object) -> Vec<Value> {
    let mut legend = take_object(panel, "legend");
    let mut rules = Vec::new();
    for (option, reducer) in [("hideEmpty", "allIsNull"), ("hideZero", "allIsZero")] {
        if take_flag(&mut legend, option) {
            rules.push(json!({
                "matcher": {"id": "byValue", "options": {"reducer": reducer, "op": "gte", "value": 0}},
                "properties": [{"id": "custom.hideFrom", "value": {"legend": true, "tooltip": true, "viz": false}}],
            }));
        }
    }
    put_back(panel, "legend", legend);
    rules
}

fn hide_time_axis() -> Value {
    json!({
        "matcher": {"id": "byType", "options": "time"},
        "properties": [{"id": "custom.axisPlacement", "value": "hidden"}],
    })
}

/// Writes the field configuration; what stood there before and is not drawn by an axis option is kept.
pub(super) fn set_fields(panel: &mut Object, standard: Object, custom: Object, overrides: Vec<Value>) {
    let mut config = take_object(panel, "fieldConfig");
    let mut defaults = take_object(&mut config, "defaults");
    // It was for another visualization.
    drop_all(&mut defaults, &["custom", "nullValueMode"]);
    defaults.extend(standard);
    put_back(&mut defaults, "custom", custom);
    let mut all = take_list(&mut config, "overrides");
    all.extend(overrides);
    let mut panel_options = take_object(panel, "options");
    let links = take(&mut panel_options, "dataLinks");
    drop_all(&mut panel_options, &["alertThreshold"]);
    put_back(panel, "options", panel_options);
    if links.as_array().is_some_and(|links| !links.is_empty()) {
        set_if_absent(&mut defaults, "links", links);
    }
    config.insert("defaults".to_owned(), Value::Object(defaults));
    config.insert("overrides".to_owned(), Value::Array(all));
    panel.insert("fieldConfig".to_owned(), Value::Object(config));
}

/// Grafana's present name of a reducer of the Angular era.
pub(super) fn reducer(old: &str) -> Option<&'static str> {
    Some(match old {
        "avg" => "mean",
        "current" => "lastNotNull",
        "total" => "sum",
        "min" => "min",
        "max" => "max",
        "count" => "count",
        "first" => "first",
        "delta" => "delta",
        "diff" => "diff",
        "range" => "range",
        _ => return None,
    })
}

/// The heading of a reducer's column in a legend.
fn heading(old: &str) -> Option<&'static str> {
    Some(match old {
        "avg" => "Mean",
        "current" => "Last *",
        "total" => "Total",
        "min" => "Min",
        "max" => "Max",
        _ => return None,
    })
}

fn set_legend(panel: &mut Object) {
    let had_legend = panel.get("legend").is_some_and(Value::is_object);
    let mut legend = take_object(panel, "legend");
    let shown = !had_legend || take_flag(&mut legend, "show");
    let as_table = take_flag(&mut legend, "alignAsTable");
    let right = take_flag(&mut legend, "rightSide");
    let with_values = take_flag(&mut legend, "values");
    let mut calcs = Vec::new();
    // In the order of their keys, which Grafana's server sorts.
    for name in ["avg", "current", "max", "min", "total"] {
        if take_flag(&mut legend, name) && with_values {
            calcs.extend(reducer(name));
        }
    }
    let mut new = json!({
        "displayMode": if as_table { "table" } else { "list" },
        "showLegend": shown,
        "placement": if right { "right" } else { "bottom" },
        "calcs": calcs,
    });
    if let Value::Object(new) = &mut new {
        let width = number(&take(&mut legend, "sideWidth")).filter(|width| *width > 0.0);
        set(new, "width", width.map_or(Value::Null, json_number));
        let sorted = take(&mut legend, "sort");
        let descending = take_flag(&mut legend, "sortDesc");
        if let Some(column) = sorted.as_str().and_then(heading) {
            set(new, "sortBy", Value::from(column));
            set(new, "sortDesc", Value::Bool(descending));
        }
    }
    set(panel, "options.legend", new);
    drop_off(&mut legend, &["hideEmpty", "hideZero", "show", "header"]);
    put_back(panel, "legend", legend);
}

fn set_tooltip(panel: &mut Object) {
    let mut tooltip = take_object(panel, "tooltip");
    let shared = take_flag(&mut tooltip, "shared");
    let sort = match number(&take(&mut tooltip, "sort")) {
        Some(sort) if shared && sort == 1.0 => "asc",
        Some(sort) if shared && sort == 2.0 => "desc",
        _ => "none",
    };
    set(panel, "options.tooltip", json!({"mode": if shared { "multi" } else { "single" }, "sort": sort}));
    // Values of a stack were shown as they are or added up; times to the millisecond where needed.
    let stacked = at(panel, "fieldConfig.defaults.custom.stacking").is_some();
    if !stacked || tooltip.get("value_type").and_then(Value::as_str) != Some("cumulative") {
        drop_all(&mut tooltip, &["value_type"]);
    }
    drop_all(&mut tooltip, &["msResolution", "query_as_alias"]);
    put_back(panel, "tooltip", tooltip);
}

/// Options that no visualization has any more, and those that say that something is off.
fn drop_leftovers(panel: &mut Object) {
    drop_all(panel, &["renderer", "lines", "dashLength", "spaceLength", "paceLength", "nullPointMode", "pointradius"]);
    drop_all(panel, &["linewidth", "fill", "steppedLine", "x-axis", "y-axis", "y_formats"]);
    drop_off(panel, &["timeRegions", "seriesOverrides", "thresholds", "hiddenSeries", "bars", "points", "stack"]);
    drop_off(panel, &["percentage", "dashes", "fillGradient", "legend", "alert"]);
    // What axes and thresholds took the place of.
    let mut grid = take_object(panel, "grid");
    drop_all(&mut grid, &["leftLogBase", "leftMax", "leftMin", "rightLogBase", "rightMax", "rightMin"]);
    if !["threshold1", "threshold2"].iter().any(|key| grid.get(*key).is_some_and(Value::is_number)) {
        drop_all(&mut grid, &["threshold1", "threshold1Color", "threshold2", "threshold2Color", "thresholdLine"]);
    }
    put_back(panel, "grid", grid);
}
