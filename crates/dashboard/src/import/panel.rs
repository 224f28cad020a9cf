//! Panels and their queries.

use super::dashboard::read_link;
use super::json::is_true;
use super::node::Node;
use super::source::Inputs;
use super::{condition, field, options, target, visualization};
use crate::model::{GridPos, Panel, PanelKind, Repeat, TimeSeriesOptions, Transformation, Visualization};
use std::sync::Arc;

/// More panels than this are not read: the page could not show them.
const MAX_PANELS: usize = 5_000;
/// All panels in reading order, each row followed by its own.
pub(super) fn read_all(root: &Node<'_>, inputs: &Inputs) -> Vec<Panel> {
    let mut panels = Vec::new();
    read_list(&root.get("panels"), inputs, false, &mut panels);
    give_unique_ids(&mut panels);
    panels
}

/// Panels by their place on the grid, which in files differs from their place in the list at times. The panels that a
/// collapsed row keeps inside come right behind it; what stands behind it outside is in no row, as in Grafana.
fn read_list(list: &Node<'_>, inputs: &Inputs, inside: bool, panels: &mut Vec<Panel>) {
    let mut in_row = inside;
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
            node.whole();
            node.note("expected a panel");
            continue;
        }
        // A copy that an old version saved; it is made anew.
        if is_clone(&node) {
            node.whole();
            continue;
        }
        let panel = read_panel(&node, grid, inputs);
        let panel = Panel { in_row: in_row && !panel.is_row(), ..panel };
        let row = match panel.kind {
            PanelKind::Row { collapsed } => Some(collapsed),
            _ => None,
        };
        panels.push(panel);
        // Nothing nests deeper than a parsed file does, and that has a limit.
        if let Some(collapsed) = row {
            read_list(&node.get("panels"), inputs, true, panels);
            in_row = inside || !collapsed;
        }
    }
}

/// Whether a panel was made by repeating another one. One that is repeated itself was not, unless it was by its row.
fn is_clone(node: &Node<'_>) -> bool {
    let is_set = |key: &str| is_true(node.get(key).value());
    is_set("repeatByRow") || is_set("repeatedByRow") || (is_set("repeatPanelId") && !is_set("repeat"))
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
    GridPos { x: part("x", 0), y: part("y", 0), w: part("w", 6), h: part("h", 3) }
}

/// Reads a panel that stands nowhere.
pub(super) fn read_blank(node: &Node<'_>) -> Panel {
    read_panel(node, GridPos::default(), &Inputs::default())
}

fn read_panel(node: &Node<'_>, grid: GridPos, inputs: &Inputs) -> Panel {
    let kind = node.get("type").text().unwrap_or_default();
    node.skip(UNSAID);
    let (targets, datasource) = target::read_all(node, inputs);
    let panel = Panel {
        id: node.get("id").count(u32::MAX).unwrap_or(0),
        title: inputs.fill_constants(node.get("title").text().unwrap_or_default()),
        description: node.get("description").text().unwrap_or_default(),
        grid,
        in_row: false,
        kind: read_kind(node, &kind),
        targets,
        datasource,
        fields: Arc::new(field::read(&node.get("fieldConfig"), &kind)),
        max_data_points: node.get("maxDataPoints").count(100_000).filter(|points| *points > 0),
        interval: node.get("interval").filled_text(),
        time_from: node.get("timeFrom").filled_text(),
        time_shift: node.get("timeShift").filled_text(),
        hide_time_override: node.get("hideTimeOverride").flag().unwrap_or(false),
        repeat: read_repeat(node),
        links: node.get("links").items().map(|link| read_link(&link)).collect(),
        transparent: node.get("transparent").flag().unwrap_or(false),
        transformations: node.get("transformations").items().filter_map(|step| read_transformation(&step)).collect(),
        condition: condition::read(&node.get("conditionalRendering")),
        json_pointer: node.pointer(),
        path: String::new(),
    };
    // Whatever these were saved with, they ask no data source.
    if !matches!(kind.as_str(), "text" | "row" | "dashlist" | "alertlist" | "annolist" | "news") {
        target::note_foreign(&node.get("targets"), &panel);
    }
    panel
}

/// What says nothing about what is shown: who saved the panel, and what the page computed while it was shown.
const UNSAID: &[&str] = &[
    "$$hashKey",
    "cacheTimeout",
    "editable",
    "error",
    "h",
    "height",
    "isNew",
    "libraryPanel",
    "pluginVersion",
    "queryCachingTTL",
    "repeatIteration",
    "scopedVars",
    "span",
    "w",
];

fn read_repeat(node: &Node<'_>) -> Option<Repeat> {
    let (variable, direction, most) = (node.get("repeat"), node.get("repeatDirection"), node.get("maxPerRow"));
    let (vertical, max_per_row) = (direction.text().as_deref() == Some("v"), most.count(24));
    variable.filled_text().map(|variable| Repeat {
        variable,
        vertical,
        max_per_row: max_per_row.filter(|count| *count > 0),
    })
}

fn read_kind(node: &Node<'_>, kind: &str) -> PanelKind {
    let options = node.get("options");
    match kind {
        "timeseries" => {
            // Alerts are not in panels any more.
            options.skip(&["alertThreshold"]);
            options.get("annotations").skip_usual("multiLane", "false");
            options.get("annotations").skip(&["clustering"]);
            PanelKind::TimeSeries(TimeSeriesOptions {
                legend: options::read_legend(&options.get("legend")),
                tooltip: options::read_tooltip(&options.get("tooltip")),
            })
        }
        "stat" => PanelKind::Stat(options::read_stat(&options)),
        "text" => PanelKind::Text(options::read_text(&options)),
        "table" => PanelKind::Table(options::read_table(&options)),
        "row" => {
            node.skip(&["collapse", "showTitle", "titleSize"]);
            PanelKind::Row { collapsed: node.get("collapsed").flag().unwrap_or(false) }
        }
        "" | "library-panel-ref" if node.get("libraryPanel").is_object() => {
            let name = node.get("libraryPanel").get("name").text().unwrap_or_default();
            node.unsupported(format!("the library panel \"{name}\" is not in the file"));
            PanelKind::Unsupported { kind: Visualization::LibraryPanel(name) }
        }
        "" => {
            node.unsupported("a panel needs a type");
            PanelKind::Unsupported { kind: Visualization::Unknown(String::new()) }
        }
        _ => {
            node.unsupported(format!("panels of type \"{kind}\" cannot be drawn yet"));
            PanelKind::Unsupported { kind: visualization::read(kind, &options) }
        }
    }
}

/// Its options are read where it is applied.
fn read_transformation(node: &Node<'_>) -> Option<Transformation> {
    node.whole();
    Some(Transformation {
        id: node.get("id").filled_text()?,
        disabled: node.get("disabled").flag().unwrap_or(false),
        json: node.value().clone(),
    })
}
