//! Whom queries are asked, and how.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};
use tests_e2e::{Dashboard, State, World};

const EMPTY: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;

/// A time series panel, and the expression and data source of each of its queries.
fn panel(id: u32, source: Value, targets: &[(&str, Value)]) -> Value {
    let target = |(index, (expr, source)): (usize, &(&str, Value))| json!({ "refId": (b'A' + index as u8) as char, "expr": expr, "datasource": source, "panelId": 1 });
    let targets: Vec<Value> = targets.iter().enumerate().map(target).collect();
    let place = json!({ "x": 0, "y": id * 5, "w": 24, "h": 5 });
    json!({ "id": id, "type": "timeseries", "title": format!("Panel {id}"), "gridPos": place, "datasource": source,
        "targets": targets })
}

pub fn each_query_asks_its_own(world: &World) {
    let uid = |uid: &str| json!({ "uid": uid });
    let mixed = [
        ("up + 21", json!({ "type": "prometheus", "uid": "prometheus" })),
        ("up + 22", uid("other")),
        ("{app=\"x\"}", json!({ "type": "loki", "uid": "logs" })),
        ("up + 23", uid("elsewhere")),
    ];
    let panels = [
        panel(1, uid("-- Mixed --"), &mixed),
        panel(2, uid("-- Dashboard --"), &[("", Value::Null)]),
        panel(3, json!({ "type": "loki", "uid": "logs" }), &[("{app=\"x\"}", Value::Null)]),
    ];
    let config = json!({ "dataSources": [
        { "uid": "prometheus", "url": "prometheus" },
        { "uid": "other", "url": "other" },
    ] });
    let site = world.faulty().with(&Dashboard::of(&[]).with("panels", json!(panels)));
    site.set(&[
        Rule::new(When::path("/config.json"), Fault::status(200, "application/json", &config.to_string())),
        Rule::new(When::path("/other/"), Fault::status(200, "application/json", EMPTY)),
    ]);
    let page = site.page();
    page.open("d/small");
    for id in ["1", "2"] {
        let shown = page.panel_when(id, "ready and says what is missing", |p| p.state == State::Ready && p.partial);
        assert!(shown.series > Some(0), "{shown:#?}");
    }
    let failed = page.panel_in("3", State::Failed);
    assert!(failed.text.contains("type loki"), "{failed:#?}");

    let asked = |source: &str, expr: &str| site.log().count(&When::body(expr).and_path(format!("/{source}/")));
    // Once coarse and at most once finer, whatever number of panels shows it.
    assert!((1..=2).contains(&asked("prometheus", "up + 21")), "{}", asked("prometheus", "up + 21"));
    assert!((1..=2).contains(&asked("other", "up + 22")));
    for never in ["app=", "up + 23"] {
        assert_eq!(site.log().count(&When::body(never)), 0, "{never}");
    }
}
