//! A set of labels.

use crate::dom::{El, el};
use frame::Labels;

/// Each label in a box of its own.
pub fn labels(labels: &Labels) -> El {
    let each = labels.iter().map(|(name, value)| el("span").class("label").text(&format!("{name}=\"{value}\"")));
    el("span").class("labels").children(each)
}
