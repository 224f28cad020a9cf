//! What series, values and columns are called where the file makes names of the data.

use serde_json::{Value, json};
use tests_e2e::{Dashboard, State, World};

fn panel(id: u32, kind: &str, target: Value, name: &str, options: Value) -> Value {
    let mut target = target;
    target["refId"] = json!("A");
    target["expr"] = json!("up{job=\"fleet\", service=\"cart\"}");
    json!({
        "id": id, "type": kind, "title": format!("Panel {id}"), "gridPos": { "x": 0, "y": id * 8, "w": 24, "h": 8 },
        "targets": [target], "options": options,
        "fieldConfig": { "defaults": { "displayName": name }, "overrides": [] },
    })
}

pub fn they_are_made_of_labels_and_variables(world: &World) {
    let zone = json!({ "list": [{ "name": "zone", "type": "constant", "query": "north" }] });
    let table = json!({ "instant": true, "format": "table" });
    let legend = json!({ "legendFormat": "{{instance}}" });
    let rows = json!({ "reduceOptions": { "values": true, "fields": "/^Value$/" }, "textMode": "value_and_name" });
    let dashboard = Dashboard::of(&[]).with("templating", zone).with(
        "panels",
        json!([
            panel(1, "timeseries", legend.clone(), "${__field.labels.service} in $zone: ${__series.name}", json!({})),
            panel(
                2,
                "stat",
                legend,
                "${__field.name} of ${__field.labels.job}",
                json!({ "textMode": "value_and_name" })
            ),
            panel(3, "stat", table.clone(), "${__data.fields.service} and ${__cell_3}", rows),
            panel(4, "table", table, "${__field.name} in $zone", json!({})),
        ]),
    );
    let site = world.faulty().with(&dashboard);
    let page = site.page();
    page.open("d/small").settled();
    let text = |panel: u32, part: &str| -> String {
        page.eval(&format!("return document.querySelector('[data-panel-id=\"{panel}\"] {part}')?.innerText ?? ''"))
    };
    let reads = |panel: u32, part: &str, expected: &str| {
        page.panel_in(&panel.to_string(), State::Ready);
        let what = format!("panel {panel} has {expected:?} in {part}");
        page.wait(&what, || (text(panel, part) == expected).then_some(()));
    };
    reads(1, ".legend .name", "cart in north: cart-0");
    reads(2, ".stat .name", "Value of fleet");
    reads(3, ".stat .name", "cart and fleet");
    reads(4, "th:last-child", "Value in north");
    page.assert_no_complaints();
}
