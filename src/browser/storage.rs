//! Local storage that may be denied: then settings live until the tab is closed.

use frame::SortedMap;
use std::cell::RefCell;

thread_local! {
    static MEMORY: RefCell<SortedMap<String, String>> = const { RefCell::new(SortedMap::new()) };
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under `key`.
pub fn get(key: &str) -> Option<String> {
    storage()
        .and_then(|storage| storage.get_item(&prefixed(key)).ok().flatten())
        .or_else(|| MEMORY.with_borrow(|memory| memory.get(key).cloned()))
}

/// Keeps `value` under `key`, in memory where the browser refuses.
pub fn set(key: &str, value: &str) {
    let kept = storage().is_some_and(|storage| storage.set_item(&prefixed(key), value).is_ok());
    if !kept {
        MEMORY.with_borrow_mut(|memory| memory.insert(key.to_owned(), value.to_owned()));
    }
}

/// Other programs on the same origin have keys too.
fn prefixed(key: &str) -> String {
    format!("pyrograph:{key}")
}
