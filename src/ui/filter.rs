//! A field whose text stands in the address (`q`) and says which of many are shown.

use crate::browser::url::Entry;
use crate::dom::{El, el, value_of};
use crate::state::session::Session;

/// What the address asks for, as it was typed.
pub fn sought(session: Session) -> String {
    session.route.with(|route| route.params.get("q").unwrap_or_default().to_owned())
}

/// The field; `label` says what is filtered.
pub fn filter(session: Session, label: &str) -> El {
    let value = session.route.with_untracked(|route| route.params.get("q").unwrap_or_default().to_owned());
    let typed = move |event: web_sys::Event| {
        let text = value_of(&event);
        session.edit_params(Entry::Replace, |params| params.set("q", (!text.is_empty()).then_some(text)));
    };
    let input = el("input").attr("type", "search").attr("placeholder", "Filter").attr("aria-label", label);
    input.prop("value", &value.into()).on("input", typed)
}
