//! A message that stands in the page: what happened, and what to do.

use crate::dom::{El, el};
use engine::ErrorCard;

/// A notice worth knowing: a heading in bold, and advice below it unless it is empty.
pub fn notice(title: &str, advice: &str) -> El {
    build("notice", "status", title, advice)
}

/// A notice of something broken.
pub fn problem(title: &str, advice: &str) -> El {
    build("notice bad", "alert", title, advice)
}

/// What a request failed with.
pub fn failure(error: &ErrorCard) -> El {
    problem(&error.title, &format!("{} {}", error.cause, error.advice))
}

fn build(class: &str, role: &str, title: &str, advice: &str) -> El {
    let advice = (!advice.is_empty()).then(|| el("div").class("hint").text(advice));
    let words = el("div").child(el("strong").text(title)).children(advice);
    el("div").class(class).attr("role", role).child(words)
}
