//! Steps of links.

use crate::import::json::{Object, is_true, take, take_flag, text};
use crate::link::slug_of;
use serde_json::Value;

/// 19: a panel's links became addresses with variables.
pub(super) fn panel_links(panel: &mut Object) {
    let Some(Value::Array(links)) = panel.get_mut("links") else { return };
    for link in links.iter_mut().filter_map(Value::as_object_mut) {
        panel_link(link);
    }
}

fn panel_link(link: &mut Object) {
    let (slug, uri) = (take(link, "dashboard"), take(link, "dashUri"));
    let url = match (link.get("url").and_then(text), text(&slug), text(&uri)) {
        (Some(url), ..) => url.to_owned(),
        (None, Some(title), _) => format!("dashboard/db/{}", slug_of(title)),
        (None, None, Some(uri)) => format!("dashboard/{uri}"),
        (None, None, None) => "/".to_owned(),
    };
    let mut url = url;
    let mut append = |part: &str| {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(part);
    };
    if take_flag(link, "keepTime") {
        append("$__url_time_range");
    }
    if take_flag(link, "includeVars") {
        append("$__all_variables");
    }
    let params = take(link, "params");
    if is_true(&params)
        && let Some(params) = params.as_str()
    {
        append(params);
    }
    link.remove("type");
    link.insert("url".to_owned(), Value::from(url));
}

/// 20 and 21, which renamed the labels: what links can say of a field got names with dots.
pub(super) fn names_in_data_links(panel: &mut Object) {
    let Some(options) = panel.get_mut("options").and_then(Value::as_object_mut) else { return };
    rename_in_urls(options.get_mut("dataLinks"));
    let Some(defaults) = options.get_mut("fieldOptions").and_then(|old| old.get_mut("defaults")) else { return };
    rename_in_urls(defaults.get_mut("links"));
    if let Some(Value::String(title)) = defaults.get_mut("title") {
        *title = renamed(title);
    }
}

fn rename_in_urls(links: Option<&mut Value>) {
    let links = links.and_then(Value::as_array_mut).into_iter().flatten();
    for link in links {
        if let Some(Value::String(url)) = link.get_mut("url") {
            *url = renamed(url);
        }
    }
}

fn renamed(text: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("$__series_name", "${__series.name}"),
        ("$__field_name", "${__field.name}"),
        ("__series_name", "__series.name"),
        ("__value_time", "__value.time"),
        ("__field_name", "__field.name"),
        ("__series.labels", "__field.labels"),
    ];
    NAMES.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old, new))
}
