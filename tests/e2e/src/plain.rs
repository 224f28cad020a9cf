//! What a plain site of anyone's has, who has many dashboards. What these need before their first query and is not loaded by
//! then would be waited for.

use crate::Dashboard;
use faultd::{Fault, Rule, When};
use serde_json::{Value, json};

/// A configuration that says as little as it may, as in the bundle.
pub const CONFIG: &str = r#"{ "dataSources": [{ "name": "Prometheus", "url": "prometheus" }] }"#;

/// With as few fields as there may be, and with all that Grafana's editor writes into each.
#[must_use]
pub fn dashboards() -> [Dashboard; 2] {
    let of_panels = || Dashboard::of(&[("Up", "up"), ("Requests", "rate(prometheus_http_requests_total[5m])")]);
    let edited = of_panels()
        .with("annotations", json!({ "list": [{
            "builtIn": 1, "datasource": { "type": "grafana", "uid": "-- Grafana --" }, "enable": true, "hide": true,
            "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard",
        }] }))
        .with("editable", json!(true))
        .with("fiscalYearStartMonth", json!(0))
        .with("graphTooltip", json!(1))
        .with("id", json!(12))
        .with("links", json!([]))
        .with("refresh", json!("30s"))
        .with("tags", json!(["own"]))
        .with("templating", json!({ "list": [] }))
        .with("timepicker", json!({}))
        .with("timezone", json!("browser"))
        .with("version", json!(7))
        .with("weekStart", json!(""))
        .with_panels("fieldConfig", field_config())
        .with_panels("options", json!({
            "legend": { "calcs": ["mean", "max"], "displayMode": "table", "placement": "bottom", "showLegend": true },
            "tooltip": { "hideZeros": false, "mode": "multi", "sort": "desc" },
        }))
        .with_panels("pluginVersion", json!("12.0.0"));
    [of_panels(), edited]
}

fn field_config() -> Value {
    json!({
        "defaults": {
            "color": { "mode": "palette-classic" },
            "custom": {
                "axisBorderShow": false, "axisCenteredZero": false, "axisColorMode": "text", "axisLabel": "",
                "axisPlacement": "auto", "barAlignment": 0, "barWidthFactor": 0.6, "drawStyle": "line", "fillOpacity": 10,
                "gradientMode": "none", "hideFrom": { "legend": false, "tooltip": false, "viz": false },
                "insertNulls": false, "lineInterpolation": "linear", "lineWidth": 1, "pointSize": 5,
                "scaleDistribution": { "type": "linear" }, "showPoints": "never", "spanNulls": false,
                "stacking": { "group": "A", "mode": "normal" }, "thresholdsStyle": { "mode": "off" },
            },
            "mappings": [],
            "min": 0,
            "thresholds": {
                "mode": "absolute",
                "steps": [{ "color": "green", "value": null }, { "color": "red", "value": 80 }],
            },
            "unit": "bytes",
        },
        "overrides": [],
    })
}

/// How many stand beside them in the index.
const BESIDE: usize = 100;

/// An index of many, as one written by hand is.
#[must_use]
pub fn index() -> Rule {
    let beside = (0..BESIDE)
        .map(|i| json!({ "uid": format!("beside-{i}"), "title": format!("Beside {i}"), "file": "small.json" }));
    let of_plain = json!({ "uid": Dashboard::UID, "title": "Small", "file": "small.json" });
    let index: Value = beside.chain([of_plain]).collect();
    Rule::new(When::path("dashboards/index.json"), Fault::status(200, "application/json", &index.to_string()))
}
