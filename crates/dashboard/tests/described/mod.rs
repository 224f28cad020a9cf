//! A dashboard as it can be compared with the same one from another file.

use dashboard::Dashboard;
use serde_json::Value;

/// The model as text, without what only says where in the file things stood.
pub fn described(dashboard: &Dashboard) -> String {
    let mut dashboard = dashboard.clone();
    dashboard.json = Value::Null;
    dashboard.schema_version = 0;
    for panel in &mut dashboard.panels {
        panel.json_pointer.clear();
        panel.path.clear();
    }
    format!("{dashboard:?}")
}
