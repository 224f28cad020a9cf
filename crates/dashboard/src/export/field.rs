//! Field configurations.

use super::{Object, filled, optional, visualization::bar_words, word};
use crate::import::words;
use crate::model::{
    Axis, Cell, CellDisplay, Draw, FieldConfig, FieldOptions, LineStyle, Override, Scale, SeriesBy, SpanNulls,
};
use format::mapping::{Mapping, Shown};
use format::palette::ColorMode;
use format::threshold::{ThresholdMode, Thresholds};
use serde_json::{Value, json};

/// Everything the model knows.
pub(super) fn write(fields: &FieldOptions) -> Value {
    let overrides: Vec<Value> = fields.overrides.iter().map(write_override).collect();
    json!({"defaults": defaults(&fields.defaults), "overrides": overrides})
}

fn defaults(config: &FieldConfig) -> Value {
    let mut custom = draw(&config.draw);
    axis(&config.draw.axis, &mut custom);
    cell(&config.cell, &mut custom);
    json!({
        "unit": filled(&config.unit),
        "decimals": config.decimals,
        "min": optional(config.min),
        "max": optional(config.max),
        "fieldMinMax": config.own_min_max,
        "displayName": config.display_name,
        "noValue": config.no_value,
        "thresholds": thresholds(&config.thresholds),
        "mappings": config.mappings.iter().map(mapping).collect::<Vec<Value>>(),
        "color": color(config),
        "links": config.links.iter().map(super::dashboard::link).collect::<Vec<Value>>(),
        "nullValueMode": config.nulls_as_zero.then_some("null as zero"),
        "custom": custom,
    })
}

fn write_override(rule: &Override) -> Value {
    let properties: Vec<Value> = rule.properties.iter().map(|(id, value)| json!({"id": id, "value": value})).collect();
    json!({"matcher": rule.matcher_json, "properties": properties})
}

fn thresholds(thresholds: &Thresholds) -> Value {
    let step = |step: &format::threshold::Step| {
        // The base has no value: JSON has no infinity.
        json!({"color": step.color, "value": optional(Some(step.value).filter(|value| value.is_finite()))})
    };
    json!({
        "mode": if thresholds.mode == ThresholdMode::Percentage { "percentage" } else { "absolute" },
        "steps": thresholds.steps.iter().map(step).collect::<Vec<Value>>(),
    })
}

fn mapping(mapping: &Mapping) -> Value {
    match mapping {
        Mapping::Values(values) => {
            let options: Object = values.iter().map(|(value, now)| (value.clone(), shown(now))).collect();
            json!({"type": "value", "options": options})
        }
        Mapping::Range { from, to, shown: now } => {
            json!({"type": "range", "options": {"from": optional(*from), "to": optional(*to), "result": shown(now)}})
        }
        Mapping::Special { what, shown: now } => {
            json!({"type": "special", "options": {"match": word(words::SPECIALS, what), "result": shown(now)}})
        }
        Mapping::Pattern { pattern, global, shown: now } => {
            let pattern = format!("/{pattern}/{}", if *global { "g" } else { "" });
            json!({"type": "regex", "options": {"pattern": pattern, "result": shown(now)}})
        }
    }
}

fn shown(shown: &Shown) -> Value {
    let mut json = Object::new();
    for (key, value) in [("text", &shown.text), ("color", &shown.color), ("icon", &shown.icon)] {
        if let Some(value) = value {
            json.insert(key.to_owned(), Value::from(value.as_str()));
        }
    }
    Value::Object(json)
}

/// Grafana's ids of the colour modes.
const COLOR_MODES: &[&str] = &[
    "fixed",
    "shades",
    "thresholds",
    "palette-classic",
    "palette-classic-by-name",
    "palette-colorblind",
    "palette-categorical-next",
    "palette-categorical-next-2",
    "palette-categorical-next-3",
    "continuous-viridis",
    "continuous-magma",
    "continuous-plasma",
    "continuous-inferno",
    "continuous-cividis",
    "continuous-GrYlRd",
    "continuous-RdYlGr",
    "continuous-BlYlRd",
    "continuous-YlRd",
    "continuous-BlPu",
    "continuous-YlBl",
    "continuous-blues",
    "continuous-reds",
    "continuous-greens",
    "continuous-purples",
];

fn color(config: &FieldConfig) -> Value {
    let series_by = match config.color.series_by {
        SeriesBy::Last => "last",
        SeriesBy::Min => "min",
        SeriesBy::Max => "max",
    };
    let known = |id: &&&str| ColorMode::parse(id) == Some(config.color.mode);
    let mode = COLOR_MODES.iter().find(known);
    json!({"mode": mode, "fixedColor": config.color.fixed, "seriesBy": series_by})
}

fn draw(draw: &Draw) -> Object {
    let hide = draw.hide_from;
    let json = json!({
        "drawStyle": word(words::DRAW_STYLES, &draw.style),
        "lineInterpolation": word(words::INTERPOLATIONS, &draw.interpolation),
        "lineWidth": optional(Some(draw.line_width)),
        "lineStyle": line_style(&draw.line_style),
        "fillOpacity": optional(Some(draw.fill_opacity)),
        "fillBelowTo": draw.fill_below_to,
        "gradientMode": word(words::GRADIENT_MODES, &draw.gradient),
        "stacking": {"mode": word(words::STACKING_MODES, &draw.stacking.mode), "group": draw.stacking.group},
        "showPoints": word(words::VISIBILITIES, &draw.show_points),
        "pointSize": optional(Some(draw.point_size)),
        "spanNulls": match draw.span_nulls {
            SpanNulls::Never => Value::Bool(false),
            SpanNulls::Always => Value::Bool(true),
            SpanNulls::UpTo(millis) => Value::from(millis),
        },
        "insertNulls": draw.insert_gaps_millis.map_or(Value::Bool(false), Value::from),
        "transform": draw.negative_y.then_some("negative-Y"),
        "barAlignment": draw.bar_alignment,
        "barWidthFactor": optional(Some(draw.bar_width)),
        "thresholdsStyle": {"mode": word(words::THRESHOLDS_STYLES, &draw.thresholds)},
        "hideFrom": {"legend": hide.legend, "tooltip": hide.tooltip, "viz": hide.chart},
    });
    match json {
        Value::Object(json) => json,
        _ => Object::new(),
    }
}

fn line_style(style: &LineStyle) -> Value {
    let lengths = |lengths: &[f64]| lengths.iter().map(|length| optional(Some(*length))).collect::<Vec<Value>>();
    match style {
        LineStyle::Solid => json!({"fill": "solid"}),
        LineStyle::Dash(dash) => json!({"fill": "dash", "dash": lengths(dash)}),
        LineStyle::Dots(dots) => json!({"fill": "dot", "dash": lengths(dots)}),
    }
}

fn axis(axis: &Axis, custom: &mut Object) {
    let scale = match axis.scale {
        Scale::Linear => json!({"type": "linear"}),
        Scale::Log { base } => json!({"type": "log", "log": optional(Some(base))}),
        Scale::SymLog { base, linear_threshold } => {
            json!({"type": "symlog", "log": optional(Some(base)), "linearThreshold": optional(Some(linear_threshold))})
        }
    };
    let entries = [
        ("axisPlacement", word(words::AXIS_PLACEMENTS, &axis.placement)),
        ("axisLabel", Value::from(axis.label.as_str())),
        ("axisSoftMin", optional(axis.soft_min)),
        ("axisSoftMax", optional(axis.soft_max)),
        ("axisCenteredZero", Value::Bool(axis.centered_zero)),
        ("axisGridShow", axis.grid_show.map_or(Value::Null, Value::Bool)),
        ("axisBorderShow", Value::Bool(axis.border_show)),
        ("axisColorMode", word(words::AXIS_COLORS, &axis.color)),
        ("axisWidth", optional(axis.width)),
        ("scaleDistribution", scale),
    ];
    custom.extend(entries.map(|(key, value)| (key.to_owned(), value)));
}

fn cell(cell: &Cell, custom: &mut Object) {
    let entries = [
        ("align", word(words::ALIGNMENTS, &cell.align)),
        ("width", optional(cell.width)),
        ("minWidth", optional(cell.min_width)),
        ("cellOptions", display(&cell.display)),
        ("hidden", Value::Bool(cell.hidden)),
        ("filterable", Value::Bool(cell.filterable)),
        ("inspect", Value::Bool(cell.inspect)),
        ("wrapText", Value::Bool(cell.wrap_text)),
        ("wrapHeaderText", Value::Bool(cell.wrap_header)),
    ];
    custom.extend(entries.map(|(key, value)| (key.to_owned(), value)));
}

fn display(display: &CellDisplay) -> Value {
    let kind = match display {
        CellDisplay::Auto => "auto",
        CellDisplay::ColorText => "color-text",
        CellDisplay::ColorBackground { gradient, whole_row } => {
            let mode = if *gradient { "gradient" } else { "basic" };
            return json!({"type": "color-background", "mode": mode, "applyToRow": whole_row});
        }
        CellDisplay::Gauge { bar, value } => {
            let (bar, value) = bar_words(*bar, *value);
            return json!({"type": "gauge", "mode": bar, "valueDisplayMode": value});
        }
        CellDisplay::Sparkline => "sparkline",
        CellDisplay::Json => "json-view",
        CellDisplay::Image => "image",
        CellDisplay::Links => "data-links",
        CellDisplay::Pill => "pill",
        CellDisplay::Markdown => "markdown",
        CellDisplay::Other(other) => other,
    };
    json!({"type": kind})
}
