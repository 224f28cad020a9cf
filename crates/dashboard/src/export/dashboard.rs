//! The dashboard itself: all but its panels.

use super::{Object, filled, variable, word};
use crate::import::words;
use crate::model::{Dashboard, Link, LinkTarget, SharedCursor, TimePicker};
use crate::time::RawRange;
use crate::zone_name;
use serde_json::{Value, json};

/// What is written even where it is the default. Without a zone Grafana takes the one that the user or the organization
/// prefers.
pub(super) const KEPT: &[&str] = &["schemaVersion", "timezone", "title", "uid"];

/// Everything the model knows.
pub(super) fn write(dashboard: &Dashboard) -> Object {
    let cursor = match dashboard.cursor {
        SharedCursor::Off => 0,
        SharedCursor::Crosshair => 1,
        SharedCursor::Tooltip => 2,
    };
    let week_start = match dashboard.calendar.week_start {
        1 => "monday",
        6 => "saturday",
        _ => "",
    };
    let json = json!({
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": filled(&dashboard.description),
        "tags": dashboard.tags,
        "time": dashboard.time.as_ref().map(range),
        "refresh": dashboard.refresh,
        "timezone": zone_name(&dashboard.timezone),
        "weekStart": week_start,
        "fiscalYearStartMonth": dashboard.calendar.fiscal_year_start,
        "timepicker": time_picker(&dashboard.time_picker),
        "graphTooltip": cursor,
        "links": dashboard.links.iter().map(link).collect::<Vec<Value>>(),
        "templating": {"list": dashboard.variables.iter().map(variable::write).collect::<Vec<Value>>()},
        "schemaVersion": dashboard.schema_version,
    });
    match json {
        Value::Object(json) => json,
        _ => Object::new(),
    }
}

fn range(range: &RawRange) -> Value {
    json!({"from": range.from, "to": range.to})
}

fn time_picker(picker: &TimePicker) -> Value {
    let quick =
        picker.quick_ranges.iter().map(|(name, range)| json!({"display": name, "from": range.from, "to": range.to}));
    json!({
        "hidden": picker.hidden,
        "refresh_intervals": picker.refresh_intervals,
        "nowDelay": picker.now_delay,
        "quick_ranges": quick.collect::<Vec<Value>>(),
    })
}

/// A link of a dashboard, a panel or a field.
pub(super) fn link(link: &Link) -> Value {
    const KINDS: &[(&str, bool)] = &[("dashboards", true), ("link", false)];
    let (url, tags, as_dropdown) = match &link.target {
        LinkTarget::Url(url) => (url.as_str(), &[][..], false),
        LinkTarget::Dashboards { tags, as_dropdown } => ("", tags.as_slice(), *as_dropdown),
    };
    json!({
        "type": word(KINDS, &matches!(link.target, LinkTarget::Dashboards { .. })),
        "title": link.title,
        "tooltip": filled(&link.tooltip),
        "icon": word(words::LINK_ICONS, &link.icon),
        "url": filled(url),
        "tags": tags,
        "asDropdown": as_dropdown,
        "targetBlank": link.new_tab,
        "keepTime": link.keep_time,
        "includeVars": link.include_vars,
    })
}
