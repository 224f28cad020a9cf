//! What is around panels: rows, libraries, copies, and what of old panels is left over.

use crate::import_json;
use dashboard::import;
use dashboard::model::{Dashboard, Panel};
use serde_json::{Value, json};

fn places(dashboard: &Dashboard) -> Vec<(String, [u32; 4], String)> {
    let place = |panel: &Panel| [panel.grid.x, panel.grid.y, panel.grid.w, panel.grid.h];
    dashboard.panels.iter().map(|panel| (panel.title.clone(), place(panel), panel.path.clone())).collect()
}

#[test]
fn rows_are_laid_out_on_the_grid() {
    let check = |rows: Value, expected: &[(&str, [u32; 4], &str)]| {
        let imported = import_json(&json!({"schemaVersion": 14, "rows": rows}));
        let expected: Vec<_> =
            expected.iter().map(|(title, place, path)| ((*title).to_owned(), *place, (*path).to_owned())).collect();
        assert_eq!(places(&imported.dashboard), expected);
    };
    let panel = |title: &str, span: u32| json!({"type": "text", "title": title, "span": span});
    // 266 pixels are 7 cells; the third panel does not fit beside the others.
    check(
        json!([{"height": "266px", "panels": [panel("a", 6), panel("b", 6), panel("c", 12)]}, {"height": 100, "panels": [panel("d", 3)]}]),
        &[
            ("a", [0, 0, 12, 7], "rows[0].panels[0]"),
            ("b", [12, 0, 12, 7], "rows[0].panels[1]"),
            ("c", [0, 7, 24, 7], "rows[0].panels[2]"),
            ("d", [0, 14, 6, 3], "rows[1].panels[0]"),
        ],
    );
    // Lower panels stand below each other.
    let low = |title: &str| json!({"type": "text", "title": title, "span": 4, "height": 114});
    check(
        json!([{"height": 228, "panels": [panel("a", 8), low("b"), low("c")]}]),
        &[
            ("a", [0, 0, 16, 6], "rows[0].panels[0]"),
            ("b", [16, 0, 8, 3], "rows[0].panels[1]"),
            ("c", [16, 3, 8, 3], "rows[0].panels[2]"),
        ],
    );
    // One row with a title makes all rows visible; a closed one takes no room.
    check(
        json!([
            {"title": "One", "collapse": true, "height": 228, "panels": [panel("a", 12)]},
            {"title": "Two", "height": 228, "panels": [panel("b", 12)]}
        ]),
        &[
            ("One", [0, 0, 24, 1], "rows[0]"),
            ("a", [0, 1, 24, 6], "rows[0].panels[0]"),
            ("Two", [0, 1, 24, 1], "rows[1]"),
            ("b", [0, 2, 24, 6], "rows[1].panels[0]"),
        ],
    );
}

#[test]
fn what_is_left_over_is_told_with_its_path_in_the_file() {
    let imported = import_json(&json!({"schemaVersion": 14, "rows": [{"panels": [
        {"type": "text"},
        {"type": "graph", "timeRegions": [{"op": "time", "from": "1"}], "legend": {"show": true, "asColumns": true},
            "seriesOverrides": [{"alias": "a", "linewidth": 2}, {"alias": "b", "zindex": 3}], "hiddenSeries": false}
    ]}]}));
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    assert_eq!(
        notes,
        [
            "rows[0].panels[1].legend.asColumns: is not supported",
            "rows[0].panels[1].seriesOverrides[1]: is not supported: alias, zindex",
            "rows[0].panels[1].timeRegions[0]: is not supported: from, op",
        ]
    );
    // And it is kept.
    let exported = dashboard::export::to_json(&imported.dashboard);
    assert_eq!(exported["panels"][1]["seriesOverrides"][1], json!({"alias": "b", "zindex": 3}));
    assert_eq!(exported["panels"][1]["timeRegions"][0]["op"], "time");
}

#[test]
fn what_is_left_of_the_elements_of_lists_is_told_and_kept() {
    let check = |panel: Value, expected: &[&str]| {
        let imported = import_json(&json!({"schemaVersion": 14, "panels": [panel]}));
        let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
        let expected: Vec<String> = expected.iter().map(|note| format!("panels[0].{note}")).collect();
        assert_eq!(notes, expected, "{panel}");
        let again = import(&dashboard::export::to_text(&imported.dashboard)).unwrap();
        let described = |dashboard: &Dashboard| format!("{:?}", dashboard.panels[0].fields);
        assert_eq!(described(&again.dashboard), described(&imported.dashboard), "{panel}");
        assert_eq!(again.notes, imported.notes, "{panel}");
    };
    let usual =
        json!({"pattern": "y", "type": "number", "unit": "s", "sanitize": false, "colors": ["a"], "colorMode": null});
    check(
        json!({"type": "table-old", "styles": [usual, {"pattern": "x", "type": "string", "sanitize": true, "odd": 5}]}),
        &["styles[1]: is not supported: odd, sanitize"],
    );
    check(
        json!({"type": "table-old", "styles": [{"pattern": "x", "type": "number", "colorMode": "row", "colors": ["a"]}]}),
        &["styles[0].colorMode: is not supported"],
    );
    check(
        json!({"type": "graph", "yaxes": [{"format": "s"}, {"format": "s", "$$hashKey": "a", "odd": 1}]}),
        &["yaxes[1].odd: is not supported"],
    );
    check(
        json!({"type": "graph", "seriesOverrides": ["x", {"alias": "a", "odd": 1}], "thresholds": [7, {"value": 1, "odd": 1}]}),
        &["seriesOverrides: is not supported", "thresholds: is not supported"],
    );
}

#[test]
fn a_library_panel_is_what_came_along() {
    let model = json!({"type": "graph", "title": "Shared", "bars": true, "gridPos": {"w": 24}, "unknown": 1,
        "targets": [{"refId": "A", "expr": "up"}]});
    let named =
        |uid: &str| json!({"id": 7, "gridPos": {"x": 3, "w": 5, "h": 4}, "libraryPanel": {"uid": uid, "name": "Lib"}});
    let row = json!({"id": 1, "type": "row", "collapsed": true, "panels": [named("a/b")]});
    let imported = import_json(&json!({
        "schemaVersion": 42, "title": "t", "__elements": {"a/b": {"uid": "a/b", "name": "Lib", "model": model}},
        "panels": [row, named("gone")],
    }));
    let [_, shared, gone] = imported.dashboard.panels.as_slice() else { panic!("three panels") };
    assert_eq!((shared.id, &*shared.title, shared.grid.w, shared.kind.name()), (7, "Shared", 5, "timeseries"));
    assert_eq!((&*shared.targets[0].expr, gone.kind.name()), ("up", "library-panel-ref"));
    let notes: Vec<String> = imported.notes.iter().map(ToString::to_string).collect();
    let expected =
        ["panels[1]: the library panel \"Lib\" is not in the file", "__elements.a/b.model.unknown: is not supported"];
    assert_eq!(notes, expected);
    let exported = dashboard::export::to_json(&imported.dashboard);
    assert_eq!(exported["panels"][0]["panels"][0].get("libraryPanel"), None);
    assert_eq!(exported["panels"][1]["libraryPanel"], json!({"uid": "gone", "name": "Lib"}));
    for elements in [json!([]), json!({}), json!(null), json!({"x": 5}), json!({"x": {"model": []}})] {
        import_json(&json!({"schemaVersion": 42, "title": "t", "__elements": elements, "panels": [named("x")]}));
    }
}

#[test]
fn copies_that_repeating_made_are_left_out() {
    let imported = import_json(&json!({"schemaVersion": 30, "panels": [
        {"type": "text", "title": "a", "repeat": "x"},
        {"type": "text", "title": "a", "repeatPanelId": 1, "scopedVars": {}}
    ]}));
    assert_eq!(imported.dashboard.panels.len(), 1);
    assert!(imported.notes.is_empty(), "{:?}", imported.notes);
    let count = |panel: Value| import_json(&json!({"schemaVersion": 30, "panels": [panel]})).dashboard.panels.len();
    assert_eq!(count(json!({"type": "text", "repeatPanelId": 0})), 1);
    assert_eq!(count(json!({"type": "text", "repeatPanelId": 1, "repeat": "x"})), 1);
    assert_eq!(count(json!({"type": "text", "repeatPanelId": 1, "repeat": "x", "repeatedByRow": true})), 0);
}
