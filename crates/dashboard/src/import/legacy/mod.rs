//! Older classic schemas, lifted to the newest by small steps.
//!
//! A step takes what it understands out of the old place and writes it where the newest schema has it. What it does not
//! understand stays where it was: so it is reported, and exported again. Grafana's own steps are the reference; where one
//! of them loses what the newest schema can say, the step here does not.

mod gauge;
mod graph;
mod graph_grid;
mod heatmap;
mod hide_from;
mod leftovers;
mod library;
mod links;
mod mappings;
mod piechart;
mod rows;
mod series_overrides;
mod singlestat;
mod sources;
mod table;
mod text;
mod thresholds;
mod time_series;
mod types;
mod variables;

use super::document::Document;
use super::json::{Object, is_true, number, take};
use serde_json::Value;

/// Documents of this version on are read as they are, unless they hold a panel of the Angular era or hide fields.
const NEWEST_STEP: u32 = 39;
/// The version that a lifted document says.
const VERSION: u32 = 42;
/// Of a step that follows what a panel says, not the version of the document.
const ALWAYS: u32 = u32::MAX;
/// Panels stand in rows, and rows in nothing: what is nested deeper than this is not looked at.
const MAX_DEPTH: u32 = 4;

/// One step of a version.
enum Step {
    Dashboard(fn(&mut Object)),
    Panel(fn(&mut Object)),
    Variable(fn(&mut Object)),
}

/// The version each step leads to, in rising order.
const STEPS: &[(u32, Step)] = &[
    (2, Step::Panel(graph_grid::from_graphite)),
    (4, Step::Panel(graph_grid::series_overrides_from_aliases)),
    (6, Step::Variable(variables::type_query)),
    (9, Step::Panel(singlestat::drop_first_threshold)),
    (10, Step::Panel(table::drop_first_threshold)),
    (12, Step::Panel(graph_grid::axes)),
    (12, Step::Variable(variables::refresh_and_hide)),
    (13, Step::Panel(graph_grid::thresholds)),
    (14, Step::Dashboard(shared_cursor)),
    (17, Step::Panel(max_per_row)),
    (18, Step::Panel(gauge::from_options_gauge)),
    (19, Step::Panel(links::panel_links)),
    (21, Step::Panel(links::names_in_data_links)),
    (23, Step::Variable(variables::single_value)),
    (24, Step::Panel(table::name_angular)),
    (26, Step::Panel(text::name)),
    (27, Step::Variable(variables::shown_constant)),
    (28, Step::Variable(variables::drop_tags)),
    (29, Step::Variable(variables::refresh_on_load)),
    (30, Step::Panel(time_series::tooltip)),
    (31, Step::Panel(time_series::merge_labels)),
    (33, Step::Panel(sources::of_panel)),
    (35, Step::Panel(time_series::keep_time_axis)),
    (36, Step::Dashboard(sources::of_annotations)),
    (36, Step::Variable(sources::of_variable)),
    (37, Step::Panel(hidden_legend)),
    (ALWAYS, Step::Panel(table::cell_options)),
    (39, Step::Panel(table::time_series_table)),
    (42, Step::Panel(hide_from::tooltip_too)),
    (42, Step::Panel(leftovers::take_out)),
    (ALWAYS, Step::Panel(leftovers::take_out_of_changed)),
    (ALWAYS, Step::Panel(heatmap::migrate)),
    (ALWAYS, Step::Panel(singlestat::migrate)),
    (ALWAYS, Step::Panel(graph::migrate)),
    (ALWAYS, Step::Panel(table::migrate)),
    (ALWAYS, Step::Panel(piechart::migrate)),
    (ALWAYS, Step::Panel(text::migrate)),
    (ALWAYS, Step::Panel(gauge::field_options)),
    (ALWAYS, Step::Panel(gauge::whole_range)),
    (ALWAYS, Step::Panel(mappings::migrate)),
];

/// Lifts a document of any older schema; one that is new already stays as it is.
#[must_use]
pub fn migrate(mut document: Document) -> Document {
    let Value::Object(dashboard) = &mut document.json else { return document };
    let version = version_of(dashboard);
    library::put_in(dashboard, &mut document.moved);
    types::take_out(dashboard, &mut document.lost);
    rows::to_grid(dashboard, &mut document.moved);
    for (_, step) in STEPS.iter().filter(|(to, _)| *to > version) {
        match step {
            Step::Dashboard(step) => step(dashboard),
            Step::Panel(step) => for_panels(dashboard, *step, 0),
            Step::Variable(step) => for_variables(dashboard, *step),
        }
    }
    dashboard.insert("schemaVersion".to_owned(), Value::from(VERSION.max(version)));
    document
}

/// Whether a document needs [`migrate`].
pub(super) fn is_legacy(json: &Value) -> bool {
    let Some(dashboard) = json.as_object() else { return false };
    let (version, panels) = (version_of(dashboard), dashboard.get("panels"));
    let hides = || version < VERSION && hide_from::is_needed(panels, 0);
    let is_apart = rows::stand_alone(dashboard) || library::comes_along(dashboard);
    version < NEWEST_STEP || is_apart || any_old(panels, 0) || hides()
}

fn version_of(dashboard: &Object) -> u32 {
    dashboard.get("schemaVersion").and_then(number).map_or(0, |version| version.clamp(0.0, 1e6) as u32)
}

fn any_old(panels: Option<&Value>, depth: u32) -> bool {
    let mut panels = panels.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let is_meant = |panel: &Object| is_old(panel) || leftovers::are_there(panel) || gauge::misses_range(panel);
    panels.any(|panel| is_meant(panel) || (depth < MAX_DEPTH && any_old(panel.get("panels"), depth + 1)))
}

/// Whether a panel is of the Angular era, whatever the document's version.
fn is_old(panel: &Object) -> bool {
    match type_of(panel) {
        "graph" | "singlestat" | "grafana-singlestat-panel" | "table-old" | "grafana-piechart-panel" => true,
        "heatmap" => heatmap::is_old(panel),
        "piechart" => piechart::is_old(panel),
        "text" => panel.contains_key("content"),
        "table" => table::has_styles(panel),
        _ => panel.get("options").is_some_and(|options| options.get("fieldOptions").is_some()),
    }
}

fn type_of(panel: &Object) -> &str {
    panel.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn set_type(panel: &mut Object, kind: &str) {
    panel.insert("type".to_owned(), Value::from(kind));
}

fn for_panels(parent: &mut Object, step: fn(&mut Object), depth: u32) {
    let Some(Value::Array(panels)) = parent.get_mut("panels") else { return };
    for panel in panels.iter_mut().filter_map(Value::as_object_mut) {
        step(panel);
        if depth < MAX_DEPTH {
            for_panels(panel, step, depth + 1);
        }
    }
}

fn for_variables(dashboard: &mut Object, step: fn(&mut Object)) {
    let list = dashboard.get_mut("templating").and_then(|templating| templating.get_mut("list"));
    let Some(Value::Array(list)) = list else { return };
    list.iter_mut().filter_map(Value::as_object_mut).for_each(step);
}

/// 14: the crosshair became one of three ways to share the cursor.
fn shared_cursor(dashboard: &mut Object) {
    let shared = is_true(&take(dashboard, "sharedCrosshair"));
    dashboard.entry("graphTooltip").or_insert_with(|| Value::from(u8::from(shared)));
}

/// 37: that a legend is hidden is no longer one of the ways to show it.
fn hidden_legend(panel: &mut Object) {
    let legend = panel.get_mut("options").and_then(|options| options.get_mut("legend")?.as_object_mut());
    if let Some(legend) = legend.filter(|legend| legend.get("displayMode").is_some_and(|mode| mode == "hidden")) {
        legend.insert("displayMode".to_owned(), Value::from("list"));
        legend.insert("showLegend".to_owned(), Value::Bool(false));
    }
}

/// 17: the least width of a repeated panel became how many stand side by side.
fn max_per_row(panel: &mut Object) {
    let Some(least) = number(&take(panel, "minSpan")).filter(|least| *least > 0.0) else { return };
    let most = f64::from(crate::grid::COLUMNS) / least;
    let fitting = [24, 12, 8, 6, 4, 3, 2, 1].into_iter().find(|count| f64::from(*count) <= most);
    if let Some(count) = fitting {
        panel.insert("maxPerRow".to_owned(), Value::from(count));
    }
}
