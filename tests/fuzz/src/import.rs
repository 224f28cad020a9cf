//! The importer of dashboards.

#[path = "../../../crates/dashboard/tests/described/mod.rs"]
mod described;

use dashboard::{export, import};
use described::described;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    let Ok(first) = import(&text) else { return };
    let exported = export::to_text(&first.dashboard);
    let second = import(&exported).expect("what was written is read");
    assert_eq!(described(&first.dashboard), described(&second.dashboard), "{exported}");
    assert_eq!(export::to_text(&second.dashboard), exported, "a second export says something else");
}
