//! Panels that cannot be drawn as their file says: what they show instead, and how they say so.

use super::shaping::{COUNT, by_job, over_time, rows, shown};
use serde_json::json;
use tests_e2e::{State, World};

const BUCKETS: &str = "sum by (le) (prometheus_http_request_duration_seconds_bucket)";

pub fn heatmaps_show_their_data(world: &World) {
    for format in ["heatmap", "time_series"] {
        let query = json!({ "refId": "A", "expr": BUCKETS, "legendFormat": "{{le}}", "format": format });
        let (page, _site) = shown(world, "heatmap", json!([query]), json!({}));
        let heads = page.wait("the buckets are there", || rows(&page, "thead").pop().filter(|heads| heads.len() > 3));
        assert_eq!(heads[0], "Time", "{heads:?}");
        assert!(heads.contains(&"+Inf".to_owned()) && heads.contains(&"0.1".to_owned()), "{heads:?}");
        assert!(page.panel("1").text.contains("Heatmap not drawn yet: its data"), "{}", page.panel("1").text);
        page.assert_no_complaints();
    }
}

pub fn gauges_show_their_values(world: &World) {
    for kind in ["gauge", "bargauge", "piechart"] {
        let (page, _site) = shown(world, kind, json!([over_time("A", COUNT)]), json!({}));
        let script = "return [...document.querySelectorAll('.stat')]
            .map((stat) => [stat.querySelector('.name').innerText, Number(stat.querySelector('.value').innerText)])";
        page.wait("the values are those of the API", || {
            let values: Vec<(String, f64)> = page.eval(script);
            (values == by_job(&page, COUNT).into_iter().collect::<Vec<_>>()).then_some(())
        });
        assert!(page.panel("1").text.contains("not drawn yet: its values"), "{}", page.panel("1").text);
    }
}

pub fn what_asks_nothing_says_that_it_is_not_supported(world: &World) {
    let loki = json!({ "refId": "A", "expr": "{a=\"b\"}", "datasource": { "type": "loki", "uid": "l" } });
    let foreign = "This panel asks a data source of type loki";
    for (kind, targets, expected) in [
        ("alertlist", json!([]), "“alertlist” panels are not supported yet"),
        ("", json!([]), "This panel does not say of what type it is"),
        ("logs", json!([loki]), foreign),
        ("timeseries", json!([loki]), foreign),
    ] {
        let (page, _site) = super::shaping::shown_in(world, kind, targets, json!({}), State::Unsupported);
        page.wait("it says so", || page.panel("1").text.contains(expected).then_some(()));
    }
}

pub fn a_mark_names_what_nothing_is_drawn_by(world: &World) {
    for title in ["Shaped", ""] {
        let more = json!({ "title": title, "fieldConfig": { "defaults": { "custom": { "axisWidth": 80 } } } });
        let (page, _site) = shown(world, "timeseries", json!([over_time("A", COUNT)]), more);
        let mark = "document.querySelector('section[data-panel-id] .mark')";
        let meaning = page.wait("there is a mark", || page.eval::<Option<String>>(&format!("return {mark}?.title")));
        assert!(meaning.contains("panels[0].fieldConfig.defaults.custom.axisWidth"), "{meaning}");
        assert!(!meaning.contains("left out"), "nothing is: {meaning}");
    }
    let (page, _site) = shown(world, "timeseries", json!([over_time("A", COUNT)]), json!({}));
    let has_looked = "return performance.getEntriesByType('measure').some(({ name }) => name === 'pyrograph:paint')";
    page.wait("it is painted", || page.eval::<bool>(has_looked).then_some(()));
    assert_eq!(page.count("section[data-panel-id] .mark"), 0);
}

pub fn a_stat_writes_instants_and_changes(world: &World) {
    let value = |page: &tests_e2e::Page, part: &str| -> String {
        page.eval(&format!("return document.querySelector('.stat {part}')?.innerText ?? ''"))
    };
    let query = json!({ "refId": "A", "expr": "vector(1749994662000)", "legendFormat": "x" });
    let fields = |unit: &str| json!({ "fieldConfig": { "defaults": { "unit": unit }, "overrides": [] } });
    let (page, _site) = shown(world, "stat", json!([query]), fields("time:YYYY-MM"));
    page.wait("the month is there", || (value(&page, ".value") == "2025-06").then_some(()));
    let (page, _site) = shown(
        world,
        "stat",
        json!([{ "refId": "A", "expr": "time()" }]),
        json!({ "options": { "showPercentChange": true, "percentChangeColorMode": "inverted" } }),
    );
    page.wait("the change is there", || value(&page, ".change.bad").starts_with('▲').then_some(()));
}

pub fn values_that_are_left_out_are_counted(world: &World) {
    let last = "return [...document.querySelectorAll('.stat')].pop()?.innerText.trim() ?? ''";
    for (count, places, expected) in [(60, 60, None), (72, 60, Some("and 13 more"))] {
        let expr = format!(r#"topk({count}, {{__name__=~".+"}})"#);
        let query = json!({ "refId": "A", "expr": expr, "instant": true });
        let (page, _site) = shown(world, "stat", json!([query]), json!({}));
        page.wait("each has its place", || (page.count(".stat") == places).then_some(()));
        let said: String = page.eval(last);
        assert_eq!(expected.is_some(), said.starts_with("and "), "{said}");
        assert!(expected.is_none_or(|expected| said == expected), "{said}");
    }
}
