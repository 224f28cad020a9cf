//! Dashboards that are not in the list: out of a file that the user gave to the page, or from an address on the page's own
//! origin. Each has an uid that says so: `file:1:name.json`, `url:dashboards/other.json`.

use crate::browser::{storage, url};
use crate::state::catalog::{Entry, Missing};
use frame::SortedMap;
use std::cell::RefCell;

const FILE: &str = "file:";
const URL: &str = "url:";

thread_local! {
    /// The texts of files, by uid.
    static FILES: RefCell<SortedMap<String, String>> = const { RefCell::new(SortedMap::new()) };
}

/// Whether a dashboard with this uid is not looked for in the list.
pub fn is_foreign(uid: &str) -> bool {
    uid.starts_with(FILE) || uid.starts_with(URL)
}

/// The uid of the dashboard at `address`.
pub fn at(address: &str) -> String {
    format!("{URL}{address}")
}

/// Keeps the text of a file for as long as the tab is open, and gives its uid, another one for each.
pub fn keep(name: &str, text: String) -> String {
    FILES.with_borrow_mut(|files| {
        let uid = format!("{FILE}{}:{name}", files.len() + 1);
        // In memory it is there until the page is loaded again.
        storage::set_for_tab(&uid, &text);
        files.insert(uid.clone(), text);
        uid
    })
}

/// The dashboard `uid`, with its JSON if that is at hand; else it is to be fetched from where the entry says.
///
/// # Errors
/// It is not there any more, or lies on another origin, in words for the user.
pub fn find(uid: &str) -> Result<(Entry, Option<String>), Missing> {
    let entry = |file: String| Entry { uid: uid.to_owned(), title: file.clone(), file, ..Entry::default() };
    if let Some(address) = uid.strip_prefix(URL) {
        return Ok((entry(own(address)?), None));
    }
    let name = uid.trim_start_matches(FILE).split_once(':').map_or(uid, |(_, name)| name);
    let text = FILES.with_borrow(|files| files.get(uid).cloned()).or_else(|| storage::get_for_tab(uid));
    Ok((entry(name.to_owned()), Some(text.ok_or_else(|| lost(name))?)))
}

fn lost(name: &str) -> Missing {
    let advice = "Drop the file on the page again, or choose it on Home. To have a link to it, put it on the server beside the other dashboards.";
    Missing::new(format!("{name} was opened from a file, and this tab does not have it any more"), advice)
}

/// `address` in full, if it lies on the page's own origin: a link must not make the page read elsewhere.
fn own(address: &str) -> Result<String, Missing> {
    let full = url::absolute(address);
    let origin = full.as_deref().and_then(url::origin);
    full.filter(|_| origin.is_some() && origin == url::own_origin()).ok_or_else(|| {
        let advice =
            "Dashboards are opened from the server that the page came from. Download the file and drop it on the page.";
        Missing::new(format!("{address} is not on this page's origin"), advice)
    })
}
