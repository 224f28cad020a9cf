//! The page's `config.json`, as the demo serves it.

use serde_json::json;

/// Data sources on the page's own origin, the served dashboards, and the fleet overview to begin with.
#[must_use]
pub fn config_json(has_alertmanager: bool) -> String {
    let alertmanagers =
        if has_alertmanager { json!([{ "name": "Alertmanager", "url": "alertmanager" }]) } else { json!([]) };
    let config = json!({
        "dataSources": [{ "uid": "prometheus", "name": "Prometheus", "url": "prometheus", "default": true }],
        "alertmanagers": alertmanagers,
        "dashboards": { "index": "dashboards/index.json" },
        "defaults": {
            "dashboard": "fleet-overview",
            "refresh": "10s",
            "from": "now-1h",
            "to": "now",
            "theme": "auto",
            "timezone": "browser",
        },
    });
    format!("{config:#}\n")
}
