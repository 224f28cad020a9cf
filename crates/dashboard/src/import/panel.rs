//! Panels and their queries.

use super::{Inputs, field, legacy, node::Node, read_link, read_source};
use crate::model::{
    ColorTarget, GraphMode, GridPos, Legend, LegendFormat, LegendMode, LegendPlacement, Orientation, Panel, PanelKind,
    QueryMode, ReduceOptions, Repeat, SortBy, SortOrder, StatOptions, TableOptions, Target, TargetFormat, TextMode,
    TextOptions, TimeSeriesOptions, Tooltip, TooltipMode, Transformation, ValueText,
};
use format::palette::ColorMode;
use std::collections::HashSet;

/// More panels than this are not read: the page could not show them.
pub(super) const MAX_PANELS: usize = 5_000;
/// More queries of one panel than this are not read.
const MAX_TARGETS: usize = 200;

/// All panels in reading order, each row followed by its own.
pub(super) fn read_all(root: &Node<'_>, inputs: &Inputs) -> Vec<Panel> {
    let mut panels = Vec::new();
    let list = root.get("panels");
    if list.is_absent() && !root.get("rows").is_absent() {
        legacy::read_rows(&root.get("rows"), inputs, &mut panels);
    } else {
        read_list(&list, inputs, &mut panels);
    }
    give_unique_ids(&mut panels);
    panels
}

/// Panels by their place on the grid, which in files differs from their place in the list at times. The panels that a
/// collapsed row keeps inside come right behind it.
fn read_list(list: &Node<'_>, inputs: &Inputs, panels: &mut Vec<Panel>) {
    let mut order: Vec<(GridPos, usize)> =
        list.items().enumerate().map(|(index, panel)| (read_grid(&panel.get("gridPos")), index)).collect();
    frame::sort_by(&mut order, |(a, _), (b, _)| (a.y, a.x).cmp(&(b.y, b.x)));
    for (grid, index) in order {
        if panels.len() >= MAX_PANELS {
            list.note(format!("only the first {MAX_PANELS} panels are read"));
            break;
        }
        let node = list.index(index);
        if !node.is_object() {
            node.note("expected a panel");
            continue;
        }
        let panel = read_panel(&node, grid, inputs);
        let is_row = panel.is_row();
        panels.push(panel);
        // Nothing nests deeper than a parsed file does, and that has a limit.
        if is_row {
            read_list(&node.get("panels"), inputs, panels);
        }
    }
}

/// Links and repeats need ids that are unique; files have missing and doubled ones.
fn give_unique_ids(panels: &mut [Panel]) {
    let mut taken: Vec<u32> = panels.iter().map(|panel| panel.id).collect();
    let mut seen = Vec::new();
    let mut next = 1;
    for panel in panels {
        if panel.id == 0 || seen.contains(&panel.id) {
            while taken.contains(&next) {
                next += 1;
            }
            taken.push(next);
            panel.id = next;
        }
        seen.push(panel.id);
    }
}

fn read_grid(node: &Node<'_>) -> GridPos {
    const MAX: u32 = 1_000_000;
    let part = |key: &str, default: u32| node.get(key).count(MAX).unwrap_or(default);
    GridPos { x: part("x", 0), y: part("y", 0), w: part("w", 12), h: part("h", 8) }
}

pub(super) fn read_panel(node: &Node<'_>, grid: GridPos, inputs: &Inputs) -> Panel {
    read_panel_of(node, &node.get("type").text().unwrap_or_default(), grid, inputs)
}

/// Reads a panel of the visualization that Grafana calls `kind`.
pub(super) fn read_panel_of(node: &Node<'_>, kind: &str, grid: GridPos, inputs: &Inputs) -> Panel {
    let datasource = read_source(&node.get("datasource"), inputs);
    let targets = node.get("targets");
    Panel {
        id: node.get("id").count(u32::MAX).unwrap_or(0),
        title: inputs.fill_constants(node.get("title").text().unwrap_or_default()),
        description: node.get("description").text().unwrap_or_default(),
        grid,
        kind: read_kind(node, kind),
        targets: read_targets(&targets, inputs),
        datasource,
        fields: field::read(&node.get("fieldConfig"), usual_color(kind)),
        max_data_points: node.get("maxDataPoints").count(100_000).filter(|points| *points > 0),
        interval: node.get("interval").filled_text(),
        time_from: node.get("timeFrom").filled_text(),
        time_shift: node.get("timeShift").filled_text(),
        hide_time_override: node.get("hideTimeOverride").flag().unwrap_or(false),
        repeat: node.get("repeat").filled_text().map(|variable| Repeat {
            variable,
            vertical: node.get("repeatDirection").text().as_deref() == Some("v"),
            max_per_row: node.get("maxPerRow").count(24).filter(|count| *count > 0),
        }),
        links: node.get("links").items().map(|link| read_link(&link)).collect(),
        transparent: node.get("transparent").flag().unwrap_or(false),
        transformations: node.get("transformations").items().filter_map(|step| read_transformation(&step)).collect(),
        json_pointer: node.pointer(),
    }
}

/// Series over time are told apart by colour, single values are judged by it.
fn usual_color(kind: &str) -> ColorMode {
    match kind {
        "timeseries" | "graph" | "barchart" | "histogram" | "piechart" | "trend" | "xychart" => ColorMode::Classic,
        _ => ColorMode::Thresholds,
    }
}

fn read_kind(node: &Node<'_>, kind: &str) -> PanelKind {
    let options = node.get("options");
    match kind {
        "timeseries" => PanelKind::TimeSeries(TimeSeriesOptions {
            legend: read_legend(&options.get("legend")),
            tooltip: read_tooltip(&options.get("tooltip")),
        }),
        "stat" => PanelKind::Stat(read_stat(&options)),
        "text" => PanelKind::Text(read_text(node, &options)),
        "table" => PanelKind::Table(read_table(&options)),
        "row" => PanelKind::Row { collapsed: node.get("collapsed").flag().unwrap_or(false) },
        _ => {
            node.note(format!("panels of type \"{kind}\" cannot be shown yet"));
            PanelKind::Unsupported { kind: kind.to_owned() }
        }
    }
}

fn read_transformation(node: &Node<'_>) -> Option<Transformation> {
    Some(Transformation {
        id: node.get("id").filled_text()?,
        disabled: node.get("disabled").flag().unwrap_or(false),
        options: node.get("options").value().clone(),
    })
}

/// The queries of a panel; those without an expression are not for Prometheus.
fn read_targets(node: &Node<'_>, inputs: &Inputs) -> Vec<Target> {
    let mut targets: Vec<Target> = node.items().take(MAX_TARGETS).map(|target| read_target(&target, inputs)).collect();
    give_ref_ids(&mut targets);
    targets
}

fn read_target(node: &Node<'_>, inputs: &Inputs) -> Target {
    let instant = node.get("instant").flag().unwrap_or(false);
    let range = node.get("range").flag();
    Target {
        ref_id: node.get("refId").filled_text().or_else(|| node.get("refID").filled_text()).unwrap_or_default(),
        expr: inputs.fill_constants(node.get("expr").text().unwrap_or_default()),
        legend: match node.get("legendFormat").text().as_deref() {
            None | Some("") => LegendFormat::Verbose,
            Some("__auto") => LegendFormat::Auto,
            Some(template) => LegendFormat::Template(template.to_owned()),
        },
        mode: match (instant, range) {
            (true, Some(true)) => QueryMode::Both,
            (true, _) => QueryMode::Instant,
            (false, _) => QueryMode::Range,
        },
        format: match node.get("format").text().as_deref() {
            Some("table") => TargetFormat::Table,
            Some("heatmap") => TargetFormat::Heatmap,
            _ => TargetFormat::TimeSeries,
        },
        interval: node.get("interval").filled_text(),
        interval_factor: node.get("intervalFactor").count(100).filter(|factor| *factor > 0).unwrap_or(1),
        hide: node.get("hide").flag().unwrap_or(false),
        exemplar: node.get("exemplar").flag().unwrap_or(false),
        datasource: read_source(&node.get("datasource"), inputs),
    }
}

/// Gives every query that has none the first free of A, B, … Z, AA, AB, …
fn give_ref_ids(targets: &mut [Target]) {
    let mut seen: HashSet<String> = HashSet::new();
    let mut unnamed = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        if target.ref_id.is_empty() || !seen.insert(target.ref_id.clone()) {
            unnamed.push(index);
        }
    }
    let mut candidates = (0..).map(ref_id).filter(|name| !seen.contains(name));
    for index in unnamed {
        if let (Some(target), Some(name)) = (targets.get_mut(index), candidates.next()) {
            target.ref_id = name;
        }
    }
}

/// The name numbered `index`: A … Z, AA …
fn ref_id(mut index: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (index % 26) as u8));
        if index < 26 {
            return letters.iter().rev().collect();
        }
        index = index / 26 - 1;
    }
}

pub(super) fn read_legend(node: &Node<'_>) -> Legend {
    const MODES: &[(&str, LegendMode)] =
        &[("list", LegendMode::List), ("table", LegendMode::Table), ("hidden", LegendMode::Hidden)];
    let hidden = node.get("showLegend").flag() == Some(false);
    Legend {
        mode: if hidden { LegendMode::Hidden } else { node.get("displayMode").choice(MODES).unwrap_or_default() },
        placement: match node.get("placement").text().as_deref() {
            Some("right") => LegendPlacement::Right,
            _ => LegendPlacement::Bottom,
        },
        calcs: node.get("calcs").texts(),
        sort: node
            .get("sortBy")
            .filled_text()
            .map(|column| SortBy { column, descending: node.get("sortDesc").flag().unwrap_or(false) }),
        width: node.get("width").number(),
    }
}

fn read_tooltip(node: &Node<'_>) -> Tooltip {
    const MODES: &[(&str, TooltipMode)] =
        &[("single", TooltipMode::Single), ("multi", TooltipMode::Multi), ("none", TooltipMode::None)];
    const ORDERS: &[(&str, SortOrder)] =
        &[("none", SortOrder::None), ("asc", SortOrder::Ascending), ("desc", SortOrder::Descending)];
    Tooltip {
        mode: node.get("mode").choice(MODES).unwrap_or_default(),
        sort: node.get("sort").choice(ORDERS).unwrap_or_default(),
        hide_zeros: node.get("hideZeros").flag().unwrap_or(false),
    }
}

fn read_orientation(node: &Node<'_>) -> Orientation {
    const ORIENTATIONS: &[(&str, Orientation)] = &[
        ("auto", Orientation::Auto),
        ("", Orientation::Auto),
        ("horizontal", Orientation::Horizontal),
        ("vertical", Orientation::Vertical),
    ];
    node.choice(ORIENTATIONS).unwrap_or_default()
}

fn read_reduce(node: &Node<'_>) -> ReduceOptions {
    let default = ReduceOptions::default();
    let calcs = node.get("calcs").texts();
    ReduceOptions {
        calcs: if calcs.is_empty() { default.calcs } else { calcs },
        all_values: node.get("values").flag().unwrap_or(false),
        limit: node.get("limit").count(u32::MAX),
        fields: node.get("fields").text().unwrap_or_default(),
    }
}

fn read_stat(options: &Node<'_>) -> StatOptions {
    const COLORS: &[(&str, ColorTarget)] = &[
        ("none", ColorTarget::None),
        ("value", ColorTarget::Value),
        ("background", ColorTarget::Background),
        ("background_solid", ColorTarget::BackgroundSolid),
    ];
    const GRAPHS: &[(&str, GraphMode)] =
        &[("none", GraphMode::None), ("line", GraphMode::Line), ("area", GraphMode::Area)];
    const TEXTS: &[(&str, ValueText)] = &[
        ("auto", ValueText::Auto),
        ("value", ValueText::Value),
        ("value_and_name", ValueText::ValueAndName),
        ("name", ValueText::Name),
        ("none", ValueText::None),
    ];
    let sizes = options.get("text");
    StatOptions {
        reduce: read_reduce(&options.get("reduceOptions")),
        color: options.get("colorMode").choice(COLORS).unwrap_or_default(),
        graph: options.get("graphMode").choice(GRAPHS).unwrap_or_default(),
        text: options.get("textMode").choice(TEXTS).unwrap_or_default(),
        centered: options.get("justifyMode").text().as_deref() == Some("center"),
        orientation: read_orientation(&options.get("orientation")),
        wide: options.get("wideLayout").flag().unwrap_or(true),
        show_percent_change: options.get("showPercentChange").flag().unwrap_or(false),
        title_size: sizes.get("titleSize").number(),
        value_size: sizes.get("valueSize").number(),
    }
}

/// Before version 7 the text stood in the panel itself.
fn read_text(panel: &Node<'_>, options: &Node<'_>) -> TextOptions {
    let mode = options.get("mode").text().or_else(|| panel.get("mode").text());
    let mode = match mode.as_deref() {
        Some("html") => TextMode::Html,
        Some("code" | "text") => {
            let language = options.get("code").get("language").filled_text();
            TextMode::Code { language: language.unwrap_or_else(|| "plaintext".into()) }
        }
        _ => TextMode::Markdown,
    };
    let content = options.get("content").text().or_else(|| panel.get("content").text());
    TextOptions { mode, content: content.unwrap_or_default() }
}

fn read_table(options: &Node<'_>) -> TableOptions {
    TableOptions {
        show_header: options.get("showHeader").flag().unwrap_or(true),
        sort: options
            .get("sortBy")
            .items()
            .filter_map(|sort| {
                let column = sort.get("displayName").filled_text()?;
                Some(SortBy { column, descending: sort.get("desc").flag().unwrap_or(false) })
            })
            .collect(),
        frame: options.get("frameIndex").count(10_000).unwrap_or(0) as usize,
    }
}
