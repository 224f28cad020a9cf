//! 42: what is hidden from a chart is hidden from its tooltip.

use super::MAX_DEPTH;
use crate::import::json::Object;
use serde_json::Value;

/// Says of every override that hides fields from the chart that it hides them from the tooltip, too.
pub(super) fn tooltip_too(panel: &mut Object) {
    let overrides = panel.get_mut("fieldConfig").and_then(|config| config.get_mut("overrides"));
    let rules = overrides.and_then(Value::as_array_mut).into_iter().flatten();
    let properties = rules.filter_map(|rule| rule.get_mut("properties")?.as_array_mut()).flatten();
    for property in properties.filter(|property| hides(property)) {
        if let Some(Value::Object(places)) = property.get_mut("value") {
            places.insert("tooltip".to_owned(), Value::Bool(true));
        }
    }
}

/// Whether a property hides a field from the chart, and from the tooltip only since then.
fn hides(property: &Value) -> bool {
    let place = |name: &str| property.get("value").and_then(|places| places.get(name)) == Some(&Value::Bool(true));
    property.get("id").and_then(Value::as_str) == Some("custom.hideFrom") && place("viz") && !place("tooltip")
}

/// Whether there is such an override in `panels`.
pub(super) fn is_needed(panels: Option<&Value>, depth: u32) -> bool {
    panels.and_then(Value::as_array).into_iter().flatten().any(|panel| {
        let rules = panel.get("fieldConfig").and_then(|config| config.get("overrides")?.as_array());
        let mut properties =
            rules.into_iter().flatten().filter_map(|rule| rule.get("properties")?.as_array()).flatten();
        properties.any(hides) || (depth < MAX_DEPTH && is_needed(panel.get("panels"), depth + 1))
    })
}
