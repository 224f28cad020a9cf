//! Small dashboards for tests that want to know exactly what is on the page.

use faultd::{Fault, Rule, When};
use serde_json::{Value, json};

/// A dashboard with one time series panel per expression, in Grafana's JSON. Panel ids count from 1.
pub struct Dashboard {
    json: Value,
}

impl Dashboard {
    /// Where it is found: `d/small`.
    pub const UID: &'static str = "small";

    /// A dashboard of these titles and expressions.
    pub fn of(panels: &[(&str, &str)]) -> Self {
        let panel = |(i, (title, expr)): (usize, &(&str, &str))| {
            json!({
                "id": i + 1, "type": "timeseries", "title": title,
                "gridPos": { "x": (i % 2) * 12, "y": (i / 2) * 8, "w": 12, "h": 8 },
                "datasource": { "type": "prometheus", "uid": "prometheus" },
                "targets": [{ "refId": "A", "expr": expr, "datasource": { "type": "prometheus", "uid": "prometheus" } }],
            })
        };
        let panels: Vec<_> = panels.iter().enumerate().map(panel).collect();
        Self {
            json: json!({
                "uid": Self::UID, "title": "Small", "schemaVersion": 39, "panels": panels,
                "time": { "from": "now-15m", "to": "now" },
            }),
        }
    }

    /// With a field of the dashboard set.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.json[field] = value;
        self
    }

    /// The text of its file.
    #[must_use]
    pub fn text(&self) -> String {
        self.json.to_string()
    }

    /// With a field of every panel set.
    #[must_use]
    pub fn with_panels(mut self, field: &str, value: Value) -> Self {
        let panels = self.json["panels"].as_array_mut();
        panels.into_iter().flatten().for_each(|panel| panel[field] = value.clone());
        self
    }

    /// The rules that put it on a site.
    pub fn rules(&self) -> Vec<Rule> {
        rules_for_file(&self.text())
    }
}

/// The rules that put a dashboard file with this text on a site, whatever it is.
pub(crate) fn rules_for_file(text: &str) -> Vec<Rule> {
    let index = json!([{ "uid": Dashboard::UID, "title": "Small", "tags": [], "folder": "", "file": "small.json" }]);
    vec![
        Rule::new(When::path("dashboards/index.json"), Fault::status(200, "application/json", &index.to_string())),
        Rule::new(When::path("dashboards/small.json"), Fault::status(200, "application/json", text)),
    ]
}
