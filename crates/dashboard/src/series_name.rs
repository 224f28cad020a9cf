//! What a series is called that only its labels name, as Grafana calls a field of values.

use frame::Labels;
use std::fmt::Write;

/// The own name of a field of values that says nothing.
pub const VALUE: &str = "Value";

/// The own name of a series' field, overrides and labels apart: its metric's.
#[must_use]
pub fn own_name(labels: &Labels) -> &str {
    labels.metric_name().unwrap_or(VALUE)
}

/// The own name, where it says something, and the value of `only_label`, the panel's only one, else all labels.
#[must_use]
pub fn by_labels(own_name: &str, labels: &Labels, only_label: Option<&str>) -> String {
    full_name("", own_name, &label_part(labels, only_label))
}

/// Those parts of a name that there are and say something.
pub(crate) fn full_name(table: &str, own_name: &str, labels: &str) -> String {
    let own_name = if own_name == VALUE { "" } else { own_name };
    let mut name = String::new();
    for part in [table, own_name, labels].into_iter().filter(|part| !part.is_empty()) {
        name.push_str(if name.is_empty() { "" } else { " " });
        name.push_str(part);
    }
    if name.is_empty() { VALUE.to_owned() } else { name }
}

/// What labels add to a name.
pub(crate) fn label_part(labels: &Labels, only_label: Option<&str>) -> String {
    match only_label {
        Some(label) => labels.get(label).unwrap_or_default().to_owned(),
        None => in_braces(labels),
    }
}

/// Labels as Grafana writes them: `{a="x", b="y"}`, the metric name among them, nothing for none.
fn in_braces(labels: &Labels) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let mut text = String::from("{");
    for (index, (name, value)) in labels.iter().enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(text, "{separator}{name}=\"{value}\"");
    }
    text.push('}');
    text
}
