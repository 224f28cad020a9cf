//! Schema v2: elements and layouts become panels with places, and each keeps where in the file it stood.
#![allow(clippy::unwrap_used)]

use dashboard::import;
use dashboard::interpolate::{Scope, Value as Chosen};
use dashboard::model::{Panel, PanelKind, SourceRef, VariableKind};
use dashboard::variable_query::VariableQuery;
use serde_json::{Value, json};

fn element(id: u32, title: &str) -> Value {
    let visualization = json!({"kind": "VizConfig", "group": "text", "spec": {"options": {"content": title}}});
    json!({"kind": "Panel", "spec": {"id": id, "title": title, "vizConfig": visualization}})
}

fn with_layout(layout: &Value) -> Value {
    json!({"title": "t", "elements": {"a": element(1, "a"), "b": element(2, "b"), "c": element(3, "c")}, "layout": layout})
}

fn item(name: &str, [x, y, w, h]: [u32; 4]) -> Value {
    let element = json!({"kind": "ElementReference", "name": name});
    json!({"kind": "GridLayoutItem", "spec": {"x": x, "y": y, "width": w, "height": h, "element": element}})
}

fn auto_item(name: &str) -> Value {
    json!({"kind": "AutoGridLayoutItem", "spec": {"element": {"kind": "ElementReference", "name": name}}})
}

fn grid(items: &[Value]) -> Value {
    json!({"kind": "GridLayout", "spec": {"items": items}})
}

fn sections(kind: &str, list: &[(&str, bool, Value)]) -> Value {
    let key = if kind == "RowsLayout" { "rows" } else { "tabs" };
    let section = |(title, collapse, layout): &(&str, bool, Value)| json!({"spec": {"title": title, "collapse": collapse, "layout": layout}});
    json!({"kind": kind, "spec": {key: list.iter().map(section).collect::<Vec<Value>>()}})
}

/// Each panel as its title with its place, rows in brackets, closed ones with a minus.
fn described(panel: &Panel) -> String {
    let place = panel.grid;
    let place = format!("{},{} {}x{}", place.x, place.y, place.w, place.h);
    match panel.kind {
        PanelKind::Row { collapsed: true } => format!("[-{}] {place}", panel.title),
        PanelKind::Row { collapsed: false } => format!("[{}] {place}", panel.title),
        _ => format!("{} {place}", panel.title),
    }
}

#[test]
fn layouts_are_laid_out_on_the_grid() {
    let check = |layout: Value, expected: &[&str]| {
        let imported = import(&with_layout(&layout).to_string()).unwrap();
        let panels: Vec<String> = imported.dashboard.panels.iter().map(described).collect();
        assert_eq!(panels, expected, "{layout}");
    };
    check(grid(&[item("a", [0, 0, 12, 8]), item("b", [12, 0, 12, 8])]), &["a 0,0 12x8", "b 12,0 12x8"]);
    let auto = |spec: Value| json!({"kind": "AutoGridLayout", "spec": spec});
    let items = json!([auto_item("a"), auto_item("b"), auto_item("c")]);
    check(auto(json!({"items": items})), &["a 0,0 8x9", "b 8,0 8x9", "c 16,0 8x9"]);
    check(
        auto(json!({"items": items, "maxColumnCount": 2, "rowHeightMode": "short"})),
        &["a 0,0 12x5", "b 12,0 12x5", "c 0,5 12x5"],
    );
    check(
        auto(
            json!({"items": items, "columnWidthMode": "custom", "columnWidth": 900, "rowHeightMode": "custom", "rowHeight": 76}),
        ),
        &["a 0,0 24x2", "b 0,2 24x2", "c 0,4 24x2"],
    );
    let (a, b, c) =
        (grid(&[item("a", [0, 0, 12, 8])]), grid(&[item("b", [0, 2, 12, 8])]), grid(&[item("c", [0, 0, 6, 4])]));
    check(
        sections("RowsLayout", &[("One", false, a.clone()), ("Two", true, b.clone()), ("Three", false, c.clone())]),
        &["[One] 0,0 24x1", "a 0,1 12x8", "[-Two] 0,9 24x1", "b 0,12 12x8", "[Three] 0,20 24x1", "c 0,21 6x4"],
    );
    // The first of tabs is open; rows in tabs bear both names.
    let rows = sections("RowsLayout", &[("R", false, a.clone()), ("S", false, b.clone())]);
    check(
        sections("TabsLayout", &[("T", false, rows), ("U", false, c.clone())]),
        &["[T / R] 0,0 24x1", "a 0,1 12x8", "[T / S] 0,9 24x1", "b 0,12 12x8", "[-U] 0,20 24x1", "c 0,21 6x4"],
    );
    // A row of the grid itself, as the first version had them.
    let row = json!({"kind": "GridLayoutRow", "spec": {"y": 8, "title": "Row", "collapsed": false, "elements": [item("b", [0, 0, 24, 4])]}});
    check(grid(&[item("a", [0, 0, 12, 8]), row]), &["a 0,0 12x8", "[Row] 0,8 24x1", "b 0,9 24x4"]);
}

#[test]
fn panels_are_in_the_open_row_before_them() {
    let row = |y: u32, collapsed: bool, name: &str| {
        let spec = json!({"y": y, "title": "Row", "collapsed": collapsed, "elements": [item(name, [0, 0, 24, 4])]});
        json!({"kind": "GridLayoutRow", "spec": spec})
    };
    let check = |items: &[Value], expected: &[(&str, bool)]| {
        let imported = import(&with_layout(&grid(items)).to_string()).unwrap();
        let panels = imported.dashboard.panels.iter();
        let in_row: Vec<_> = panels.map(|panel| (panel.title.as_str(), panel.in_row)).collect();
        assert_eq!(in_row, expected);
    };
    let b = item("b", [0, 9, 24, 4]);
    let (row_of_a, row_of_c) = ([("Row", false), ("a", true)], [("Row", false), ("c", true)]);
    check(&[row(0, true, "a"), b.clone()], &[&row_of_a[..], &[("b", false)]].concat());
    check(&[row(0, false, "a"), row(5, true, "c"), b], &[&row_of_a[..], &row_of_c, &[("b", false)]].concat());
}

#[test]
fn all_forms_of_the_document_are_read() {
    let spec = with_layout(&grid(&[item("a", [0, 0, 12, 8])]));
    let resource = |version: &str| json!({"apiVersion": format!("dashboard.grafana.app/{version}"), "kind": "Dashboard", "metadata": {"name": "u"}, "spec": spec});
    let documents =
        [spec.clone(), resource("v2alpha1"), resource("v2beta1"), resource("v2"), json!({"dashboard": resource("v2")})];
    for document in documents {
        let dashboard = import(&document.to_string()).unwrap().dashboard;
        assert_eq!((dashboard.title.as_str(), dashboard.panels.len()), ("t", 1), "{document}");
        let is_resource = document != spec;
        assert_eq!(dashboard.uid, if is_resource { "u" } else { "" });
    }
}

#[test]
fn every_form_of_a_query_names_its_data_source() {
    let check = |query: Value, expected: &str| {
        let mut document = with_layout(&grid(&[item("a", [0, 0, 12, 8])]));
        document["elements"]["a"]["spec"]["data"] =
            json!({"spec": {"queries": [{"kind": "PanelQuery", "spec": query}]}});
        let dashboard = import(&document.to_string()).unwrap().dashboard;
        let target = &dashboard.panels[0].targets[0];
        assert_eq!((target.expr.as_str(), target.ref_id.as_str(), target.hide), ("up", "A", true));
        let reference = match dashboard.panels[0].source_of(target) {
            SourceRef::Named { reference, .. } => reference.as_str(),
            _ => "default",
        };
        assert_eq!(reference, expected);
    };
    let spec = json!({"expr": "up"});
    check(
        json!({"refId": "A", "hidden": true, "query": {"kind": "prometheus", "spec": spec}, "datasource": {"type": "prometheus", "uid": "u"}}),
        "u",
    );
    check(
        json!({"refId": "A", "hidden": true, "query": {"kind": "DataQuery", "group": "prometheus", "datasource": {"name": "n"}, "spec": spec}}),
        "n",
    );
    check(
        json!({"refId": "A", "hidden": true, "query": {"kind": "DataQuery", "group": "prometheus", "spec": spec}}),
        "default",
    );
}

#[test]
fn what_is_not_supported_is_told_with_its_path_in_the_file() {
    let mut document = with_layout(&sections("RowsLayout", &[("R", false, grid(&[item("a", [0, 0, 12, 8])]))]));
    document["elements"]["a"]["spec"]["vizConfig"]["spec"]["options"]["odd"] = json!(1);
    document["elements"]["b"]["spec"]["vizConfig"]["group"] = json!("geomap");
    document["layout"]["spec"]["rows"][0]["spec"]["layout"]["spec"]["items"][0]["spec"]["even"] = json!(2);
    document["layout"]["spec"]["rows"][0]["spec"]["strange"] = json!(3);
    document["unknown"] = json!("x");
    let document = json!({"kind": "Dashboard", "spec": document});
    let imported = import(&document.to_string()).unwrap();
    let mut paths: Vec<&str> = imported.notes.iter().map(|note| note.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(
        paths,
        [
            // Elements that stand nowhere.
            "spec.elements",
            "spec.elements.a.spec.vizConfig.spec.options.odd",
            "spec.layout.spec.rows[0].spec.layout.spec.items[0].spec.even",
            "spec.layout.spec.rows[0].spec.strange",
            "spec.unknown",
        ]
    );
    assert_eq!(imported.dashboard.panels[1].path, "spec.elements.a.spec");
}

#[test]
fn what_is_left_of_converted_objects_is_told() {
    let check = |path: &str, value: Value| {
        let mut document =
            with_layout(&grid(&[item("a", [0, 0, 12, 8]), item("b", [12, 0, 12, 8]), item("c", [0, 8, 12, 8])]));
        let query = json!({"kind": "DataQuery", "group": "prometheus", "version": "v0", "datasource": {"name": "p"}, "spec": {"expr": "up"}});
        let step = json!({"kind": "Transformation", "group": "merge", "spec": {"options": {}}});
        document["elements"]["a"]["spec"]["data"] = json!({"kind": "QueryGroup", "spec": {
            "queries": [{"kind": "PanelQuery", "spec": {"refId": "A", "hidden": false, "query": query}}],
            "transformations": [step], "queryOptions": {"interval": "1m"}}});
        let variable_query =
            json!({"kind": "DataQuery", "group": "prometheus", "version": "v0", "spec": {"query": "label_names()"}});
        document["variables"] = json!([{"kind": "QueryVariable", "spec": {"name": "v", "query": variable_query}}]);
        document["cursorSync"] = json!("Tooltip");
        let notes = |document: &Value| {
            let imported = import(&document.to_string()).unwrap();
            imported.notes.into_iter().map(|note| note.path).collect::<Vec<_>>()
        };
        assert_eq!(notes(&document), [""; 0], "{document}");
        let place = path.replace(']', "").split(['.', '[']).map(|key| format!("/{key}")).collect::<String>();
        let (parent, key) = place.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(key.to_owned(), value);
        assert_eq!(notes(&document), [path]);
    };
    let query = "elements.a.spec.data.spec.queries[0]";
    check(&format!("{query}.odd"), json!(1));
    check(&format!("{query}.spec.odd"), json!(1));
    check(&format!("{query}.spec.query.labels"), json!("x"));
    check(&format!("{query}.spec.query.datasource.odd"), json!(1));
    check("elements.a.spec.data.spec.transformations[0].odd", json!(1));
    check("elements.a.spec.data.spec.queryOptions.title", json!("Another"));
    check("variables[0].odd", json!(1));
    check("variables[0].spec.query.odd", json!(1));
    check("layout.spec.odd", json!(1));
    check("layout.spec.items[0].spec.repeat", json!({"mode": "label", "value": "x"}));
    check("cursorSync", json!("Weird"));
}

#[test]
fn tabs_are_told_to_be_rows() {
    let tabs = sections("TabsLayout", &[("T", false, grid(&[item("a", [0, 0, 12, 8])]))]);
    let imported = import(&with_layout(&tabs).to_string()).unwrap();
    let note = "layout.spec.tabs: tabs are shown as rows, the first of them open";
    assert!(imported.notes.iter().any(|told| told.to_string() == note), "{:?}", imported.notes);
}

#[test]
fn a_condition_around_rows_is_that_of_each() {
    let condition = json!({"kind": "ConditionalRenderingGroup", "spec": {"items": [{"kind": "ConditionalRenderingData", "spec": {"value": true}}]}});
    let rows = sections(
        "RowsLayout",
        &[("R", false, grid(&[item("a", [0, 0, 12, 8])])), ("S", false, grid(&[item("b", [0, 0, 12, 8])]))],
    );
    let mut tabs = sections("TabsLayout", &[("T", false, rows)]);
    tabs["spec"]["tabs"][0]["spec"]["conditionalRendering"] = condition;
    tabs["spec"]["tabs"][0]["spec"]["repeat"] = json!({"mode": "variable", "value": "x"});
    let imported = import(&with_layout(&tabs).to_string()).unwrap();
    let conditional: Vec<&str> = imported
        .dashboard
        .panels
        .iter()
        .filter(|panel| panel.condition.is_some())
        .map(|panel| panel.title.as_str())
        .collect();
    assert_eq!(conditional, ["T / R", "T / S"]);
    let note = "layout.spec.tabs[0].spec.repeat: is not supported here";
    assert!(imported.notes.iter().any(|told| told.to_string() == note), "{:?}", imported.notes);
}

#[test]
fn conditions_decide_what_is_shown() {
    let check = |spec: Value, job: &str, has_data: Option<bool>, range_hours: i64, shown: bool| {
        let mut row = json!({"title": "R", "layout": grid(&[item("a", [0, 0, 12, 8])])});
        row["conditionalRendering"] = json!({"kind": "ConditionalRenderingGroup", "spec": spec});
        let layout = json!({"kind": "RowsLayout", "spec": {"rows": [{"kind": "RowsLayoutRow", "spec": row}]}});
        let dashboard = import(&with_layout(&layout).to_string()).unwrap().dashboard;
        let mut scope = Scope::default();
        scope.set("job", Chosen::Many(["x".into(), job.into()].into()));
        let condition = dashboard.panels[0].condition.as_ref().unwrap();
        assert_eq!(condition.shows(&scope, has_data, range_hours * 3_600_000), shown, "{spec} with {job}");
    };
    let variable = |operator: &str, value: &str| json!({"kind": "ConditionalRenderingVariable", "spec": {"variable": "job", "operator": operator, "value": value}});
    let data = json!({"kind": "ConditionalRenderingData", "spec": {"value": true}});
    let range = json!({"kind": "ConditionalRenderingTimeRangeSize", "spec": {"value": "6h"}});
    let all = |items: Value| json!({"visibility": "show", "condition": "and", "items": items});
    check(all(json!([variable("equals", "api")])), "api", None, 1, true);
    check(all(json!([variable("equals", "api")])), "web", None, 1, false);
    check(all(json!([variable("notEquals", "api")])), "web", None, 1, true);
    check(all(json!([variable("matches", "a.*")])), "api", None, 1, true);
    check(all(json!([variable("notMatches", "a.*")])), "api", None, 1, false);
    check(all(json!([data])), "", Some(false), 1, false);
    check(all(json!([data])), "", None, 1, true);
    check(all(json!([range])), "", None, 7, false);
    check(all(json!([range, data])), "", Some(false), 1, false);
    check(json!({"visibility": "show", "condition": "or", "items": [range, data]}), "", Some(false), 1, true);
    check(json!({"visibility": "hide", "condition": "and", "items": [range]}), "", None, 1, false);
}

#[test]
fn a_variables_query_may_be_the_text_it_was() {
    let check = |spec: Value| {
        let mut document = with_layout(&grid(&[]));
        let query = json!({"kind": "DataQuery", "group": "prometheus", "version": "v0", "spec": spec});
        document["variables"] = json!([{"kind": "QueryVariable", "spec": {"name": "job", "query": query}}]);
        let imported = import(&document.to_string()).unwrap();
        let VariableKind::Query { query, .. } = &imported.dashboard.variables[0].kind else { panic!("a query") };
        assert_eq!(*query, VariableQuery::parse("label_values(up, job)"));
        assert!(imported.notes.iter().all(|note| note.path == "elements"), "{:?}", imported.notes);
    };
    check(json!({"__legacyStringValue": "label_values(up, job)"}));
    check(json!({"__grafana_string_value": "label_values(up, job)"}));
    check(json!({"query": "label_values(up, job)", "refId": "A"}));
}

#[test]
fn annotations_keep_their_query_and_what_they_said_before() {
    let read = |query: Value, old: Value| {
        let mut document = with_layout(&grid(&[]));
        let spec = json!({"name": "Deployments", "enable": true, "hide": false, "iconColor": "red", "builtIn": false,
            "query": query, "legacyOptions": old});
        document["annotations"] = json!([{"kind": "AnnotationQuery", "spec": spec}]);
        import(&document.to_string()).unwrap()
    };
    let check = |query: Value, old: Value, source: &str| {
        let imported = read(query, old);
        let annotation = &imported.dashboard.annotations[0];
        let found = (&*annotation.name, &*annotation.expr, &*annotation.title, annotation.step.as_deref());
        assert_eq!(found, ("Deployments", "changes(x[1m])", "{{version}}", Some("1m")));
        let named = match &annotation.datasource {
            SourceRef::Named { reference, .. } => reference,
            _ => "default",
        };
        assert_eq!(named, source);
        assert!(imported.notes.iter().all(|note| note.path == "elements"), "{:?}", imported.notes);
    };
    let of =
        |spec: Value| json!({"kind": "DataQuery", "group": "prometheus", "datasource": {"name": "p"}, "spec": spec});
    let (expr, rest) = ("changes(x[1m])", json!({"titleFormat": "{{version}}", "step": "1m"}));
    check(of(json!({"expr": expr, "refId": "Anno"})), rest, "p");
    let before = json!({"expr": expr, "titleFormat": "{{version}}", "step": "1m", "type": "dashboard"});
    check(json!({"kind": "prometheus", "spec": {}}), before, "default");
    // Grafana's own stay what they are.
    let own = json!({"kind": "DataQuery", "group": "grafana", "datasource": {"name": "-- Grafana --"}, "spec": {"tags": ["x"]}});
    let imported = read(own, json!({"type": "tags", "odd": 1}));
    let told: Vec<&str> =
        imported.notes.iter().map(|note| note.path.as_str()).filter(|path| *path != "elements").collect();
    assert_eq!(told, ["annotations[0].spec"]);
}

#[test]
fn a_panel_of_a_library_says_which() {
    let mut document = with_layout(&grid(&[item("a", [0, 0, 12, 8])]));
    let library = json!({"uid": "u", "name": "Lib"});
    document["elements"]["a"] =
        json!({"kind": "LibraryPanel", "spec": {"id": 1, "title": "Mine", "libraryPanel": library}});
    let imported = import(&document.to_string()).unwrap();
    assert_eq!(imported.dashboard.panels[0].kind.name(), "library-panel-ref");
    let told = "elements.a.spec: the library panel \"Lib\" is not in the file";
    assert!(imported.notes.iter().any(|note| note.to_string() == told), "{:?}", imported.notes);
}
