//! Field configurations: every property has an id, the same for the defaults and for overrides.

use super::dashboard::read_link;
use super::node::Node;
use super::visualization::{read_bar, read_bar_value};
use super::words;
use crate::model::{
    Cell, CellDisplay, FieldColor, FieldConfig, FieldOptions, HideFrom, LineStyle, Matcher, Override, Scale, SeriesBy,
    SpanNulls, Stacking, StackingMode,
};
use format::mapping::{Mapping, Shown};
use format::palette::{ColorMode, Gradient};
use format::pattern::Pattern;
use format::threshold::{Step, ThresholdMode, Thresholds};

/// Reads `fieldConfig` of the visualization that Grafana calls `kind`.
pub(super) fn read(node: &Node<'_>, kind: &str) -> FieldOptions {
    FieldOptions {
        defaults: read_defaults(&node.get("defaults"), kind),
        overrides: node.get("overrides").items().map(|rule| read_override(&rule)).collect(),
        patterns: node.patterns(),
    }
}

/// How a field looks that nobody configured.
pub(crate) fn usual(kind: &str) -> FieldConfig {
    let mut config = FieldConfig::default();
    config.color.mode = usual_color(kind);
    config.thresholds = Thresholds::usual();
    config.draw.fill_opacity = match kind {
        "barchart" | "histogram" => 80.0,
        "state-timeline" | "status-history" => 70.0,
        _ => 0.0,
    };
    config.draw.line_width = if kind == "state-timeline" { 0.0 } else { 1.0 };
    config
}

/// Series over time are told apart by colour, single values are judged by it.
fn usual_color(kind: &str) -> ColorMode {
    match kind {
        "timeseries" | "barchart" | "candlestick" | "histogram" | "piechart" | "trend" | "xychart" => {
            ColorMode::Classic
        }
        "state-timeline" => ColorMode::Continuous(Gradient::GreenYellowRed),
        _ => ColorMode::Thresholds,
    }
}

fn read_defaults(node: &Node<'_>, kind: &str) -> FieldConfig {
    let mut config = usual(kind);
    if node.is_absent() {
        return config;
    }
    // Scales go by the unit of themselves; a query's data source is the field's too.
    node.skip(&["unitScale", "writeable", "filterable"]);
    // Null is as if the key were not there. (No thresholds at all are an empty list.)
    for (id, value) in node.entries().filter(|(_, value)| !value.is_absent()) {
        if id == "custom" {
            value.skip_usual("showValues", "false");
            for (id, value) in value.entries() {
                set_custom(&mut config, id, &value);
            }
        } else {
            set_property(&mut config, id, &value);
        }
    }
    // As Grafana does.
    if config.min > config.max && config.max.is_some() {
        std::mem::swap(&mut config.min, &mut config.max);
    }
    config
}

fn read_override(node: &Node<'_>) -> Override {
    node.skip(&["__systemRef"]);
    let properties = node.get("properties");
    let read_property = |property: Node<'_>| {
        let id = property.get("id").text()?;
        // Applied once to nothing, so that what is wrong with it is noted now.
        set_property(&mut FieldConfig::default(), &id, &property.get("value"));
        Some((id, property.get("value").value().clone()))
    };
    Override {
        matcher: read_matcher(&node.get("matcher")),
        matcher_json: node.get("matcher").value().clone(),
        properties: properties.items().filter_map(read_property).collect(),
    }
}

fn read_matcher(node: &Node<'_>) -> Matcher {
    let id = node.get("id").text().unwrap_or_default();
    let options = node.get("options");
    match id.as_str() {
        "byName" => Matcher::Name(options.text().unwrap_or_default()),
        "byNames" => {
            // For the editor: a choice made in the legend, and what it says there.
            options.skip(&["prefix", "readOnly"]);
            Matcher::Names {
                names: options.get("names").texts(),
                exclude: options.get("mode").text().as_deref() == Some("exclude"),
            }
        }
        "byRegexp" => read_pattern(&options).map_or(Matcher::Unsupported(id), Matcher::Pattern),
        "byFrameRefID" => Matcher::RefId(options.text().unwrap_or_default()),
        "byType" if options.text().as_deref() == Some("number") => Matcher::Numbers,
        "numeric" => Matcher::Numbers,
        "byType" | "time" | "firstTimeField" => Matcher::OtherTypes,
        "byValue" | "byRegexpOrNames" | "byTypes" | "first" => {
            options.whole();
            Matcher::Data
        }
        _ => {
            node.unsupported(format!("overrides {id} are not supported"));
            Matcher::Unsupported(id)
        }
    }
}

fn read_pattern(node: &Node<'_>) -> Option<Pattern> {
    match node.patterns().read(&node.text()?) {
        Ok(pattern) => Some(pattern),
        Err(problem) => {
            node.note(problem);
            None
        }
    }
}

/// Sets the property `id` where its value can be read, and leaves it as it was otherwise.
pub(super) fn set_property(config: &mut FieldConfig, id: &str, value: &Node<'_>) {
    if let Some(id) = id.strip_prefix("custom.") {
        return set_custom(config, id, value);
    }
    match id {
        "unit" => config.unit = value.text().unwrap_or_default(),
        "decimals" => config.decimals = value.number().map(|decimals| decimals.clamp(0.0, 100.0) as u8),
        "min" => config.min = value.number(),
        "max" => config.max = value.number(),
        "fieldMinMax" => set(&mut config.own_min_max, value.flag()),
        "displayName" => config.display_name = value.filled_text(),
        "noValue" => config.no_value = value.text(),
        "thresholds" => config.thresholds = read_thresholds(value),
        "mappings" => config.mappings = value.items().filter_map(|mapping| read_mapping(&mapping)).collect(),
        "color" => config.color = read_color(value, config.color.mode),
        "nullValueMode" => config.nulls_as_zero = value.text().as_deref() == Some("null as zero"),
        "links" => config.links = value.items().map(|link| read_link(&link)).collect(),
        _ => {}
    }
}

/// A value that is none, or a word that is not known, changes nothing. What is an object (`stacking`, `hideFrom`) is one
/// value instead: a part that it does not have is as usual, not as it was.
fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn set_custom(config: &mut FieldConfig, id: &str, value: &Node<'_>) {
    let draw = &mut config.draw;
    let axis = &mut draw.axis;
    match id {
        "drawStyle" => set(&mut draw.style, value.choice(words::DRAW_STYLES)),
        "lineInterpolation" => set(&mut draw.interpolation, value.choice(words::INTERPOLATIONS)),
        "lineWidth" => set(&mut draw.line_width, value.number().map(|width| width.clamp(0.0, 100.0))),
        "lineStyle" => draw.line_style = read_line_style(value),
        "fillOpacity" => set(&mut draw.fill_opacity, value.number().map(|opacity| opacity.clamp(0.0, 100.0))),
        "fillBelowTo" => draw.fill_below_to = value.filled_text(),
        "gradientMode" => set(&mut draw.gradient, value.choice(words::GRADIENT_MODES)),
        "stacking" => draw.stacking = read_stacking(value),
        "showPoints" => set(&mut draw.show_points, value.choice(words::VISIBILITIES)),
        "pointSize" => set(&mut draw.point_size, value.number().map(|size| size.clamp(0.0, 100.0))),
        "spanNulls" => draw.span_nulls = read_span_nulls(value),
        "insertNulls" if value.value().is_boolean() => draw.insert_gaps_millis = value.flag().and(None),
        "insertNulls" => draw.insert_gaps_millis = value.number().map(|millis| millis as i64),
        "transform" => draw.negative_y = value.text().as_deref() == Some("negative-Y"),
        "barAlignment" => {
            set(&mut draw.bar_alignment, value.number().map(|alignment| alignment.clamp(-1.0, 1.0) as i8))
        }
        "barWidthFactor" => set(&mut draw.bar_width, value.number().map(|width| width.clamp(0.01, 1.0))),
        "axisPlacement" => set(&mut axis.placement, value.choice(words::AXIS_PLACEMENTS)),
        "axisLabel" => axis.label = value.text().unwrap_or_default(),
        "axisSoftMin" => axis.soft_min = value.number(),
        "axisSoftMax" => axis.soft_max = value.number(),
        "axisCenteredZero" => set(&mut axis.centered_zero, value.flag()),
        "axisGridShow" => axis.grid_show = value.flag(),
        "axisBorderShow" => set(&mut axis.border_show, value.flag()),
        "axisColorMode" => set(&mut axis.color, value.choice(words::AXIS_COLORS)),
        "axisWidth" => axis.width = value.number(),
        "scaleDistribution" => axis.scale = read_scale(value),
        "thresholdsStyle" => set(&mut draw.thresholds, value.get("mode").choice(words::THRESHOLDS_STYLES)),
        "hideFrom" => draw.hide_from = read_hide_from(value),
        "hideFrom.viz" => set(&mut draw.hide_from.chart, value.flag()),
        _ => set_cell(&mut config.cell, id, value),
    }
}

fn set_cell(cell: &mut Cell, id: &str, value: &Node<'_>) {
    match id {
        "align" => cell.align = value.choice(words::ALIGNMENTS).unwrap_or_default(),
        "width" => cell.width = value.number(),
        "minWidth" => cell.min_width = value.number(),
        "cellOptions" => {
            cell.display = read_display(value);
            set(&mut cell.wrap_text, value.get("wrapText").flag());
        }
        "hidden" => set(&mut cell.hidden, value.flag()),
        "filterable" => set(&mut cell.filterable, value.flag()),
        "inspect" => set(&mut cell.inspect, value.flag()),
        "wrapText" => set(&mut cell.wrap_text, value.flag()),
        "wrapHeaderText" => set(&mut cell.wrap_header, value.flag()),
        _ => {}
    }
}

fn read_display(node: &Node<'_>) -> CellDisplay {
    match node.get("type").text().unwrap_or_default().as_str() {
        "" | "auto" => CellDisplay::Auto,
        "color-text" => CellDisplay::ColorText,
        "color-background" => CellDisplay::ColorBackground {
            gradient: node.get("mode").text().as_deref() != Some("basic"),
            whole_row: node.get("applyToRow").flag().unwrap_or(false),
        },
        "gauge" => {
            let value = read_bar_value(&node.get("valueDisplayMode"));
            CellDisplay::Gauge { bar: read_bar(&node.get("mode")), value }
        }
        "sparkline" => CellDisplay::Sparkline,
        "json-view" => CellDisplay::Json,
        "image" => CellDisplay::Image,
        "data-links" => CellDisplay::Links,
        "pill" => CellDisplay::Pill,
        "markdown" => CellDisplay::Markdown,
        other => {
            node.note(format!("cells of type \"{other}\" are shown as text"));
            CellDisplay::Other(other.to_owned())
        }
    }
}

fn read_line_style(node: &Node<'_>) -> LineStyle {
    let lengths = || {
        node.get("dash").items().filter_map(|length| length.number()).filter(|length| *length >= 0.0).take(8).collect()
    };
    match node.get("fill").text().as_deref() {
        Some("dot") => LineStyle::Dots(lengths()),
        Some("solid") => {
            // What it was before.
            node.skip(&["dash"]);
            LineStyle::Solid
        }
        // Grafana takes any other word for dashes, and none as well.
        Some(_) => LineStyle::Dash(lengths()),
        None if node.is_object() => LineStyle::Dash(lengths()),
        None => LineStyle::Solid,
    }
}

fn read_stacking(node: &Node<'_>) -> Stacking {
    // Before version 8 this was a truth value.
    if node.value().is_boolean() {
        let mode = if node.flag() == Some(true) { StackingMode::Normal } else { StackingMode::None };
        return Stacking { mode, group: String::new() };
    }
    Stacking {
        mode: node.get("mode").choice(words::STACKING_MODES).unwrap_or_default(),
        group: node.get("group").text().unwrap_or_default(),
    }
}

fn read_span_nulls(node: &Node<'_>) -> SpanNulls {
    if node.value().is_boolean() {
        return if node.flag() == Some(true) { SpanNulls::Always } else { SpanNulls::Never };
    }
    node.number().map_or(SpanNulls::Never, |millis| SpanNulls::UpTo(millis as i64))
}

pub(super) fn read_scale(node: &Node<'_>) -> Scale {
    let base = node.get("log").number().filter(|base| *base > 1.0).unwrap_or(2.0);
    match node.get("type").text().as_deref() {
        Some("log") => Scale::Log { base },
        Some("symlog") => {
            let linear_threshold = node.get("linearThreshold").number().filter(|limit| *limit > 0.0).unwrap_or(1.0);
            Scale::SymLog { base, linear_threshold }
        }
        _ => Scale::Linear,
    }
}

fn read_hide_from(node: &Node<'_>) -> HideFrom {
    let hidden = |key: &str| node.get(key).flag().unwrap_or(false);
    // "graph" is what "viz" was called in version 8.
    HideFrom { legend: hidden("legend"), tooltip: hidden("tooltip"), chart: hidden("viz") || hidden("graph") }
}

/// An unknown mode leaves the one there was.
fn read_color(node: &Node<'_>, usual: ColorMode) -> FieldColor {
    // What people write by hand, and Grafana passes over.
    if node.value().is_string()
        && let Some(fixed) = node.filled_text()
    {
        return FieldColor { mode: ColorMode::Fixed, fixed: Some(fixed), ..FieldColor::default() };
    }
    let id = node.get("mode").text().unwrap_or_default();
    let mode = ColorMode::parse(&id);
    if mode.is_none() && !id.is_empty() {
        node.note(format!("colour mode \"{id}\" is not known"));
    }
    FieldColor {
        mode: mode.unwrap_or(usual),
        fixed: node.get("fixedColor").filled_text(),
        series_by: match node.get("seriesBy").text().as_deref() {
            Some("min") => SeriesBy::Min,
            Some("max") => SeriesBy::Max,
            _ => SeriesBy::Last,
        },
    }
}

/// The base step's value is `null` in JSON, which has no infinity.
fn read_thresholds(node: &Node<'_>) -> Thresholds {
    let mode = match node.get("mode").text().as_deref() {
        Some("percentage") => ThresholdMode::Percentage,
        _ => ThresholdMode::Absolute,
    };
    let steps = node
        .get("steps")
        .items()
        .map(|step| Step {
            value: read_bound(&step.get("value")).unwrap_or(f64::NEG_INFINITY),
            color: step.get("color").text().unwrap_or_default(),
        })
        .collect();
    Thresholds { mode, steps }
}

/// A number, or none; some generators write that as a word.
fn read_bound(node: &Node<'_>) -> Option<f64> {
    if node.value().as_str() == Some("null") { node.text().and(None) } else { node.number() }
}

fn read_mapping(node: &Node<'_>) -> Option<Mapping> {
    let options = node.get("options");
    let shown = read_shown(&options.get("result"));
    match node.get("type").text()?.as_str() {
        "value" => Some(Mapping::Values(
            options.entries().map(|(value, shown)| (value.to_owned(), read_shown(&shown))).collect(),
        )),
        "range" => Some(Mapping::Range { from: options.get("from").number(), to: options.get("to").number(), shown }),
        "special" => options.get("match").choice(words::SPECIALS).map(|what| Mapping::Special { what, shown }),
        "regex" => {
            let node = options.get("pattern");
            let pattern = read_pattern(&node)?;
            let global = node.text().is_some_and(|text| crate::pattern::is_global(&text));
            Some(Mapping::Pattern { pattern, global, shown })
        }
        // Before version 8: 1 for a value, 2 for a range.
        "1" => {
            let shown = Shown { text: node.get("text").text(), ..Shown::default() };
            Some(Mapping::Values(vec![(node.get("value").text()?, shown)]))
        }
        "2" => {
            let shown = Shown { text: node.get("text").text(), ..Shown::default() };
            Some(Mapping::Range { from: node.get("from").number(), to: node.get("to").number(), shown })
        }
        other => {
            node.note(format!("mappings of type {other} are not supported"));
            None
        }
    }
}

fn read_shown(node: &Node<'_>) -> Shown {
    // Its place in the editor's list.
    node.skip(&["index"]);
    Shown {
        text: node.get("text").text(),
        color: node.get("color").filled_text(),
        icon: node.get("icon").filled_text(),
    }
}
