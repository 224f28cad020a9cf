//! Steps of variables.

use crate::import::json::{Object, drop_all, is_true, number, take, take_flag};
use serde_json::{Value, json};

/// 6: variables without a type, and filters, were queries.
pub(super) fn type_query(variable: &mut Object) {
    if variable.get("type").is_none_or(|kind| kind == "filter") {
        variable.insert("type".to_owned(), Value::from("query"));
    }
}

/// 12: when to refresh became one of three, and hiding one word.
pub(super) fn refresh_and_hide(variable: &mut Object) {
    let refresh = variable.get("refresh").is_some_and(is_true);
    variable.insert("refresh".to_owned(), Value::from(u8::from(refresh)));
    let (hidden, unlabelled) = (take_flag(variable, "hideVariable"), take_flag(variable, "hideLabel"));
    if hidden || unlabelled {
        variable.insert("hide".to_owned(), Value::from(if hidden { 2 } else { 1 }));
    }
}

/// 23: of a variable with one value the first of a list is chosen.
pub(super) fn single_value(variable: &mut Object) {
    if variable.get("multi").is_none_or(is_true) {
        return;
    }
    let Some(current) = variable.get_mut("current").and_then(Value::as_object_mut) else { return };
    for key in ["value", "text"] {
        if let Some(Value::Array(list)) = current.get_mut(key) {
            let first = if list.is_empty() { Value::from("") } else { list.swap_remove(0) };
            current.insert(key.to_owned(), first);
        }
    }
}

/// 27: a constant is never shown; one that was is a text box.
pub(super) fn shown_constant(variable: &mut Object) {
    if variable.get("type").is_none_or(|kind| kind != "constant") {
        return;
    }
    let query = variable.get("query").cloned().unwrap_or_else(|| Value::from(""));
    variable.insert("current".to_owned(), json!({"text": query, "value": query}));
    if variable.get("hide").and_then(number).unwrap_or(0.0) < 2.0 {
        variable.insert("type".to_owned(), Value::from("textbox"));
    }
}

/// 28: values are not grouped by tags any more.
pub(super) fn drop_tags(variable: &mut Object) {
    drop_all(variable, &["tags", "tagsQuery", "tagValuesQuery", "useTags"]);
}

/// 29: a query is asked when the dashboard opens, at the latest. What it answered once is not kept.
pub(super) fn refresh_on_load(variable: &mut Object) {
    if variable.get("type").is_none_or(|kind| kind != "query") {
        return;
    }
    let refresh = take(variable, "refresh");
    let known = number(&refresh).is_some_and(|refresh| refresh == 1.0 || refresh == 2.0);
    variable.insert("refresh".to_owned(), if known { refresh } else { Value::from(1) });
    variable.insert("options".to_owned(), json!([]));
}
