//! The text panel before version 7, whose text stood in the panel itself.

use super::{set_type, type_of};
use crate::import::json::{Object, drop_all, set_if_absent, take};

/// 26: what was tried out as `text2` became `text`.
pub(super) fn name(panel: &mut Object) {
    if type_of(panel) == "text2" {
        set_type(panel, "text");
    }
}

/// Moves `mode` and `content` to the options.
pub(super) fn migrate(panel: &mut Object) {
    if type_of(panel) != "text" {
        return;
    }
    for key in ["mode", "content"] {
        let value = take(panel, key);
        set_if_absent(panel, &format!("options.{key}"), value);
    }
    drop_all(panel, &["style"]);
}
