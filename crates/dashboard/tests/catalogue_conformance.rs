//! Every word that Grafana's options may be, of those that are read: each is known.
#![allow(clippy::unwrap_used)]

#[path = "../../format/tests/corpus/mod.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod corpus;

use corpus::{Compared, compare};
use dashboard::transform::{Cell, FieldType, Reducer, Values};
use frame::calcs::Gaps;
use serde_json::{Value as Json, json};

/// Where an enumeration of Grafana's stands: the kind of panel, and the place as a JSON pointer.
const PLACES: &[(&str, &str, &str)] = &[
    ("AxisColorMode", "timeseries", "/fieldConfig/defaults/custom/axisColorMode"),
    ("AxisPlacement", "timeseries", "/fieldConfig/defaults/custom/axisPlacement"),
    ("BarAlignment", "timeseries", "/fieldConfig/defaults/custom/barAlignment"),
    ("BarGaugeDisplayMode", "bargauge", "/options/displayMode"),
    ("BarGaugeNamePlacement", "bargauge", "/options/namePlacement"),
    ("BarGaugeSizing", "bargauge", "/options/sizing"),
    ("BarGaugeValueMode", "bargauge", "/options/valueMode"),
    ("BigValueColorMode", "stat", "/options/colorMode"),
    ("BigValueGraphMode", "stat", "/options/graphMode"),
    ("BigValueJustifyMode", "stat", "/options/justifyMode"),
    ("BigValueTextMode", "stat", "/options/textMode"),
    ("FieldColorModeId", "timeseries", "/fieldConfig/defaults/color/mode"),
    ("GraphDrawStyle", "timeseries", "/fieldConfig/defaults/custom/drawStyle"),
    ("GraphGradientMode", "timeseries", "/fieldConfig/defaults/custom/gradientMode"),
    ("GraphThresholdsStyleMode", "timeseries", "/fieldConfig/defaults/custom/thresholdsStyle/mode"),
    ("GraphTransform", "timeseries", "/fieldConfig/defaults/custom/transform"),
    ("HeatmapCellLayout", "heatmap", "/options/rowsFrame/layout"),
    ("LegendDisplayMode", "timeseries", "/options/legend/displayMode"),
    ("MappingType", "timeseries", "/fieldConfig/defaults/mappings/0/type"),
    ("SpecialValueMatch", "timeseries", "/fieldConfig/defaults/mappings/0/options/match"),
    ("LineInterpolation", "timeseries", "/fieldConfig/defaults/custom/lineInterpolation"),
    ("PercentChangeColorMode", "stat", "/options/percentChangeColorMode"),
    ("ScaleDistribution", "timeseries", "/fieldConfig/defaults/custom/scaleDistribution/type"),
    ("SortOrder", "timeseries", "/options/tooltip/sort"),
    ("StackingMode", "timeseries", "/fieldConfig/defaults/custom/stacking/mode"),
    ("TableCellBackgroundDisplayMode", "table", "/fieldConfig/defaults/custom/cellOptions/mode"),
    ("TableCellDisplayMode", "table", "/fieldConfig/defaults/custom/displayMode"),
    ("TableCellHeight", "table", "/options/cellHeight"),
    ("ThresholdsMode", "timeseries", "/fieldConfig/defaults/thresholds/mode"),
    ("TooltipDisplayMode", "timeseries", "/options/tooltip/mode"),
    ("VisibilityMode", "timeseries", "/fieldConfig/defaults/custom/showPoints"),
    ("VizOrientation", "bargauge", "/options/orientation"),
    ("DashboardCursorSync", "", "/graphTooltip"),
    ("VariableHide", "", "/templating/list/0/hide"),
    ("VariableRefresh", "", "/templating/list/0/refresh"),
    ("VariableSort", "", "/templating/list/0/sort"),
];

/// A dashboard that says `value` at this place, and nothing else.
fn dashboard(kind: &str, pointer: &str, value: &Json) -> Json {
    let named = |key: &str| match key {
        "list" => json!([{ "type": "query", "name": "v", "query": "up" }]),
        "mappings" => json!([{ "type": "special" }]),
        "cellOptions" => json!({ "type": "color-background" }),
        _ => json!({}),
    };
    // The only one of them that newer files do not have.
    let version = if pointer.ends_with("/displayMode") && kind == "table" { 36 } else { 42 };
    let mut root = json!({ "schemaVersion": version, "panels": [{ "type": kind }] });
    let mut place = if kind.is_empty() { &mut root } else { &mut root["panels"][0] };
    for key in pointer.split('/').skip(1) {
        place = match key.parse::<usize>() {
            Ok(index) => &mut place[index],
            Err(_) => {
                if place[key].is_null() {
                    place[key] = named(key);
                }
                &mut place[key]
            }
        };
    }
    *place = value.clone();
    root
}

/// What an import says of it.
fn notes(kind: &str, pointer: &str, value: &Json) -> Vec<String> {
    let imported = dashboard::import(&dashboard(kind, pointer, value).to_string()).unwrap();
    // That a visualization is not drawn is another thing.
    let notes = imported.notes.iter().filter(|note| note.path != "panels[0]");
    notes.map(|note| format!("{}: {}", note.path, note.what)).collect()
}

#[test]
fn words_of_options() {
    compare("schema_enums", |row| {
        let [name, members] = row.as_slice() else { panic!("{row:?}") };
        let Some((_, kind, pointer)) = PLACES.iter().find(|(known, ..)| name == known) else {
            return Some(Compared::left_out(
                "words of what no visualization here has, and those that other tables compare",
            ));
        };
        // Numbers are there twice: by their names, and with the names by them. The word of a variable is its number.
        let members = members.as_object()?.iter().filter(|(key, _)| key.parse::<i32>().is_err());
        let mut said = Vec::new();
        for (_, value) in members {
            // A legend's words stand there both ways round, a linear scale has a mode that is no scale of numbers, and cells of
            // plugins are theirs.
            if ["List", "Table", "Hidden", "ordinal", "custom", "geo", "actions"].iter().any(|other| value == other) {
                continue;
            }
            said.extend(notes(kind, pointer, value));
        }
        Some((said.join("\n"), String::new()).into())
    });
    // A word that is none is told, or the test could not fail.
    assert_ne!(notes("timeseries", "/options/tooltip/sort", &json!("upwards")), Vec::<String>::new());
}

#[test]
fn reducers() {
    compare("reducer_ids", |row| {
        let [id, label, aliases, empty, keeps_unit, _] = row.as_slice() else { panic!("{row:?}") };
        let found = Reducer::parse(id.as_str()?);
        let by_alias =
            aliases.as_array()?.iter().filter_map(|alias| Reducer::parse(alias.as_str()?)).collect::<Vec<_>>();
        let are_same =
            by_alias.len() == aliases.as_array()?.len() && by_alias.iter().all(|alias| Some(*alias) == found);
        let nothing = found?.of_values(&Values::default(), FieldType::Number, Gaps::Ignore);
        let nothing = if matches!(nothing, Cell::Absent) { "null".to_owned() } else { nothing.to_json() };
        let computed = (found?.label().into_owned(), are_same, nothing, found?.keeps_unit());
        let expected = (label.as_str()?.to_owned(), true, empty.to_string(), keeps_unit.as_bool()?);
        Some((format!("{computed:?}"), format!("{expected:?}")))
    });
}
