//! The importer of dashboards.

use dashboard::{Dashboard, export, import};
use serde_json::Value;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    let Ok(first) = import(&text) else { return };
    let exported = export::to_text(&first.dashboard);
    let second = import(&exported).expect("what was written is read");
    assert_eq!(described(&first.dashboard), described(&second.dashboard), "{exported}");
    assert_eq!(export::to_text(&second.dashboard), exported, "a second export says something else");
}

/// The model without what only says where in the file things stood.
fn described(dashboard: &Dashboard) -> String {
    let mut dashboard = dashboard.clone();
    dashboard.json = Value::Null;
    dashboard.schema_version = 0;
    for panel in &mut dashboard.panels {
        panel.json_pointer.clear();
        panel.path.clear();
    }
    format!("{dashboard:?}")
}
