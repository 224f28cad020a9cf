//! Panels that are shown under a condition.

use serde_json::{Value, json};
use tests_e2e::{State, World};

/// A panel that is there if it has data, or if it has none.
fn element(id: u32, expr: &str) -> Value {
    let query = json!({ "kind": "DataQuery", "group": "prometheus", "version": "v0", "spec": { "expr": expr } });
    let query = json!({ "kind": "PanelQuery", "spec": { "refId": "A", "hidden": false, "query": query } });
    let data =
        json!({ "kind": "QueryGroup", "spec": { "queries": [query], "transformations": [], "queryOptions": {} } });
    let spec = json!({ "options": {}, "fieldConfig": { "defaults": {}, "overrides": [] } });
    let kind = json!({ "kind": "VizConfig", "group": "timeseries", "version": "1", "spec": spec });
    json!({ "kind": "Panel", "spec": { "id": id, "title": format!("Panel {id}"), "data": data, "vizConfig": kind } })
}

fn item(name: &str, has_data: bool) -> Value {
    let check = json!({ "kind": "ConditionalRenderingData", "spec": { "value": has_data } });
    let group = json!({ "visibility": "show", "condition": "and", "items": [check] });
    json!({ "kind": "AutoGridLayoutItem", "spec": {
        "element": { "kind": "ElementReference", "name": name },
        "conditionalRendering": { "kind": "ConditionalRenderingGroup", "spec": group },
    } })
}

pub fn data_hide_and_show_panels(world: &World) {
    let job =
        json!({ "kind": "TextVariable", "spec": { "name": "job", "current": { "text": "none", "value": "none" } } });
    let file = json!({
        "apiVersion": "dashboard.grafana.app/v2", "kind": "Dashboard", "metadata": { "name": "small" },
        "spec": {
            "title": "Conditions", "variables": [job], "timeSettings": { "from": "now-15m", "to": "now" },
            "elements": { "one": element(1, "up{job=\"$job\"}"), "two": element(2, "up{job=\"$job\"}") },
            "layout": { "kind": "AutoGridLayout", "spec": { "items": [item("one", true), item("two", false)] } },
        },
    });
    let site = world.faulty().with_file(&file.to_string());
    let page = site.page();
    page.open("d/small");
    let shown = || page.panels().into_iter().map(|panel| panel.id).collect::<Vec<_>>();
    page.wait("the one without data is there alone", || (shown() == ["2"]).then_some(()));
    page.follow("d/small?var-job=fleet");
    page.wait("the one with data is there alone", || (shown() == ["1"]).then_some(()));
    page.panel_in("1", State::Ready);
    page.follow("d/small?var-job=none");
    page.wait("the one without data is back", || (shown() == ["2"]).then_some(()));
    page.panel_in("2", State::Empty);
    page.assert_no_complaints();
}
