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
        // What a query of a panel with one data source names is of former times.
        panel(4, uid("prometheus"), &[("up + 24", uid("elsewhere"))]),
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
    page.panel_in("3", State::Unsupported);
    page.panel_in("4", State::Ready);
    page.wait("it says why", || page.panel("3").text.contains("type loki").then_some(()));

    let asked = |source: &str, expr: &str| site.log().count(&When::body(expr).and_path(format!("/{source}/")));
    // Once coarse and at most once finer, whatever number of panels shows it.
    assert!((1..=2).contains(&asked("prometheus", "up + 21")), "{}", asked("prometheus", "up + 21"));
    assert!((1..=2).contains(&asked("other", "up + 22")));
    assert!((1..=2).contains(&asked("prometheus", "up + 24")));
    for never in ["app=", "up + 23"] {
        assert_eq!(site.log().count(&When::body(never)), 0, "{never}");
    }
}

pub fn what_the_configuration_says_goes_with_every_request(world: &World) {
    let access = json!({
        "uid": "prometheus", "url": "prometheus", "method": "GET", "credentials": "omit", "maxInFlight": 2,
        "headers": { "X-Scope-OrgID": "team-a" }, "params": { "dedup": "true", "extra[]": ["a b", "c"] },
    });
    let config = json!({
        "dataSources": [access],
        "alertmanagers": [{ "name": "Alerts", "url": "alertmanager", "headers": { "X-Scope-OrgID": "team-b" } }],
    });
    let titles: Vec<String> = (0..8).map(|i| format!("up + {i}")).collect();
    let panels: Vec<(&str, &str)> = titles.iter().map(|title| (title.as_str(), title.as_str())).collect();
    let site = world.faulty().with(&Dashboard::of(&panels));
    let rules = [
        Rule::new(When::path("/config.json"), Fault::status(200, "application/json", &config.to_string())),
        Rule::late(When::path("/api/v1/query"), 100),
    ];
    site.set(&rules);
    let page = site.page();
    page.open("alerts");
    page.wait("both servers are asked for alerts", || {
        let asked = |part: &str| site.log().count(&When::path(part)) > 0;
        (asked("/api/v1/rules") && asked("/api/v2/alerts/groups")).then_some(())
    });
    let alerts = site.log().requests();
    site.log().clear();
    let site = site.with(&Dashboard::of(&panels));
    site.set(&rules);
    page.follow("d/small");
    assert!(page.settled().iter().all(|panel| panel.series > Some(0)));
    let most = site.log().max_in_flight(&When::path("/api/v1/"));
    assert!(most <= 3, "{most} at a time");
    let requests = [alerts, site.log().requests()].concat();
    let to = |part: &'static str| requests.iter().filter(move |entry| entry.path.contains(part));
    assert!(to("/api/v1/query_range").count() >= 8);
    for entry in to("/prometheus/api/v1/") {
        assert!(entry.body.is_empty() && entry.headers.contains("x-scope-orgid: team-a\n"), "{entry:#?}");
        assert!(entry.query.contains("dedup=true&extra[]=a b&extra[]=c"), "{entry:#?}");
    }
    for entry in to("/alertmanager/api/v2/") {
        assert!(entry.headers.contains("x-scope-orgid: team-b\n"), "{entry:#?}");
    }
}

/// What config.json allows one answer is kept to, and said.
pub fn an_answer_is_cut_to_what_is_allowed(world: &World) {
    let config = json!({ "dataSources": [{ "uid": "prometheus", "url": "prometheus", "maxSeries": 2 }] });
    let site = world.faulty().with(&Dashboard::of(&[("Many", "up")]));
    site.set(&[Rule::new(When::path("/config.json"), Fault::status(200, "application/json", &config.to_string()))]);
    let page = site.page();
    page.open("d/small");
    let shown = page.panel_when("1", "ready and cut", |panel| panel.state == State::Ready && panel.partial);
    assert_eq!(shown.series, Some(2), "{shown:#?}");
}
