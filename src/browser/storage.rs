//! Local storage that may be denied: then what is kept lives until the tab is closed.

use frame::SortedMap;
use std::cell::RefCell;

thread_local! {
    /// What the browser refused to keep.
    static MEMORY: RefCell<SortedMap<String, String>> = const { RefCell::new(SortedMap::new()) };
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What [`set_for_tab`] has kept under `key`.
pub fn get_for_tab(key: &str) -> Option<String> {
    web_sys::window()?.session_storage().ok().flatten()?.get_item(&prefixed(key)).ok().flatten()
}

/// Keeps `value` until the tab is closed, also when the page is loaded again; not at all where the browser refuses.
pub fn set_for_tab(key: &str, value: &str) {
    let storage = web_sys::window().and_then(|window| window.session_storage().ok().flatten());
    if let Some(storage) = storage {
        // Refused where it is too large.
        let _ = storage.set_item(&prefixed(key), value);
    }
}

/// What was kept under `key`.
pub fn get(key: &str) -> Option<String> {
    let remembered = MEMORY.with_borrow(|memory| memory.get(key).cloned());
    remembered.or_else(|| storage()?.get_item(&prefixed(key)).ok().flatten())
}

/// Keeps `value` under `key`, in memory where the browser refuses.
pub fn set(key: &str, value: &str) {
    let kept = storage().is_some_and(|storage| storage.set_item(&prefixed(key), value).is_ok());
    MEMORY.with_borrow_mut(|memory| match kept {
        true => drop(memory.remove(&key.to_owned())),
        false => drop(memory.insert(key.to_owned(), value.to_owned())),
    });
}

/// Whether the browser keeps what it is given: it may be told not to, or be full.
pub fn keeps() -> bool {
    let key = prefixed("probe");
    storage().is_some_and(|storage| storage.set_item(&key, "").is_ok() && storage.remove_item(&key).is_ok())
}

/// Other programs on the same origin have keys too.
fn prefixed(key: &str) -> String {
    format!("pyrograph:{key}")
}
