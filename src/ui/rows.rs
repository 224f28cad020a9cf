//! Rows that stay in the page while what they show changes.

use crate::dom::{El, Memo};
use leptos::prelude::*;

/// Appends to `parent` a row for every key, which `row` builds from the key's index.
///
/// All rows are built anew when the keys change and only then: what the user has focused, selected or opened in them
/// outlasts every other change. So a row reads what may change in closures of its own.
pub fn rows(
    parent: El,
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    row: impl Fn(usize) -> Option<El> + 'static,
) -> El {
    let keys = Memo::new(move |_| keys());
    parent.children_with(move || {
        let count = keys.with(Vec::len);
        untrack(|| (0..count).filter_map(&row).collect())
    })
}
