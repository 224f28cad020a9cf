//! The dashboard itself: all but its panels and variables.

use super::node::Node;
use super::source::Inputs;
use super::{annotation, panel, variable, words};
use crate::model::{Dashboard, Link, LinkTarget, SharedCursor, TimePicker};
use crate::time::{Calendar, RawRange};
use frame::Zone;
use serde_json::Value;

pub(super) fn read(root: &Node<'_>) -> Dashboard {
    root.skip(UNSAID);
    let inputs = Inputs::read(root);
    Dashboard {
        uid: root.get("uid").text().unwrap_or_default(),
        title: root.get("title").text().unwrap_or_default(),
        description: root.get("description").text().unwrap_or_default(),
        tags: root.get("tags").texts(),
        time: read_time(&root.get("time")),
        refresh: read_refresh(&root.get("refresh")),
        timezone: zone_named(&root.get("timezone").text().unwrap_or_default()),
        calendar: read_calendar(root),
        time_picker: read_time_picker(&root.get("timepicker")),
        cursor: match root.get("graphTooltip").count(2).unwrap_or(0) {
            0 => SharedCursor::Off,
            1 => SharedCursor::Crosshair,
            _ => SharedCursor::Tooltip,
        },
        links: root.get("links").items().map(|link| read_link(&link)).collect(),
        annotations: annotation::read_all(&root.get("annotations").get("list"), &inputs),
        variables: variable::read_all(&root.get("templating").get("list"), &inputs),
        panels: panel::read_all(root, &inputs),
        schema_version: root.get("schemaVersion").count(u32::MAX).unwrap_or(0),
        json: Value::Null,
    }
}

/// What says nothing about what is shown: where the file comes from, and what it was looked at with.
const UNSAID: &[&str] = &[
    "__elements",
    "__requires",
    "editable",
    "gnetId",
    "hideControls",
    "id",
    "iteration",
    "liveNow",
    "originalTitle",
    "preload",
    "revision",
    "style",
    "timeRangeUpdatedDuringEditOrView",
    "version",
];

/// Half a range is completed from Grafana's own.
fn read_time(node: &Node<'_>) -> Option<RawRange> {
    let (from, to) = (node.get("from").filled_text(), node.get("to").filled_text());
    let whole = RawRange::default();
    (from.is_some() || to.is_some()).then(|| RawRange { from: from.unwrap_or(whole.from), to: to.unwrap_or(whole.to) })
}

/// `false`, a number and an empty text all mean that it does not refresh itself.
fn read_refresh(node: &Node<'_>) -> Option<String> {
    let text = node.filled_text();
    text.filter(|_| node.value().is_string())
}

/// The zone that Grafana writes as `browser`, `utc` or an IANA name.
#[must_use]
pub fn zone_named(name: &str) -> Zone {
    match name {
        "" | "browser" => Zone::Browser,
        "utc" | "UTC" | "Etc/UTC" => Zone::Utc,
        iana => Zone::Named(iana.into()),
    }
}

/// How Grafana writes a zone, in files and addresses.
#[must_use]
pub fn zone_name(zone: &Zone) -> &str {
    match zone {
        Zone::Browser => "browser",
        Zone::Utc => "utc",
        Zone::Named(name) => name,
    }
}

fn read_calendar(root: &Node<'_>) -> Calendar {
    let week_start = match root.get("weekStart").text().unwrap_or_default().as_str() {
        "monday" => 1,
        "saturday" => 6,
        _ => 0,
    };
    let fiscal_year_start = root.get("fiscalYearStartMonth").count(11).unwrap_or(0) as u8;
    Calendar { week_start, fiscal_year_start }
}

fn read_time_picker(node: &Node<'_>) -> TimePicker {
    let mut picker = TimePicker::default();
    node.skip(&["collapse", "enable", "notice", "now", "status", "time_options", "type"]);
    let intervals = node.get("refresh_intervals");
    if !intervals.is_absent() {
        picker.refresh_intervals = intervals.texts();
    }
    picker.hidden = node.get("hidden").flag().unwrap_or(false);
    picker.now_delay = node.get("nowDelay").filled_text();
    picker.quick_ranges = node
        .get("quick_ranges")
        .items()
        .filter_map(|range| {
            let name = range.get("display").filled_text()?;
            Some((name, RawRange::new(range.get("from").filled_text()?, range.get("to").filled_text()?)))
        })
        .collect();
    picker
}

pub(super) fn read_link(node: &Node<'_>) -> Link {
    node.skip(&["$$hashKey", "dashboard", "dashUri"]);
    let (tags, as_dropdown) = (node.get("tags").texts(), node.get("asDropdown").flag().unwrap_or(false));
    let url = node.get("url").text().unwrap_or_default();
    let target = if node.get("type").text().as_deref() == Some("dashboards") {
        LinkTarget::Dashboards { tags, as_dropdown }
    } else {
        LinkTarget::Url(url)
    };
    Link {
        title: node.get("title").text().unwrap_or_default(),
        tooltip: node.get("tooltip").text().unwrap_or_default(),
        target,
        icon: node
            .get("icon")
            .filled_text()
            .and_then(|_| node.get("icon").choice(words::LINK_ICONS))
            .unwrap_or_default(),
        new_tab: node.get("targetBlank").flag().unwrap_or(false),
        keep_time: node.get("keepTime").flag().unwrap_or(false),
        include_vars: node.get("includeVars").flag().unwrap_or(false),
    }
}
