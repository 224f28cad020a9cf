//! A link that shows the same range whenever it is opened.

use super::Draft;
use crate::browser::{clipboard, url};
use crate::dom::{El, button, el};
use leptos::prelude::*;

/// What came of copying.
#[derive(Clone, PartialEq)]
enum Outcome {
    Copied,
    /// The browser lets nobody but the user copy: here is what to copy.
    Link(String),
}

/// A button that copies the link, and what came of it.
pub fn copy_link(draft: Draft) -> El {
    let outcome = RwSignal::new(None);
    let copy = move || {
        let Some(link) = untrack(|| link(draft)) else { return };
        leptos::task::spawn_local(async move {
            let copied = clipboard::copy(&link).await;
            // The form may be closed by now.
            let _ = outcome.try_set(Some(if copied { Outcome::Copied } else { Outcome::Link(link) }));
        });
    };
    let told = move || {
        Some(match outcome.get()? {
            Outcome::Copied => el("span").class("hint").text("Copied"),
            Outcome::Link(link) => {
                let input = el("input").attr("readonly", "").attr("aria-label", "Link to copy");
                input.prop("value", &link.into())
            }
        })
    };
    let title = "Copy a link with this range as absolute times";
    el("div")
        .class("copy-link")
        .child(button("button").attr("title", title).text("Copy link to this range").on_click(copy))
        .child(el("span").class("part").attr("role", "status").child_with(told))
}

/// The address of the page with the range that is shown now, absolute.
fn link(draft: Draft) -> Option<String> {
    let session = draft.session;
    let range = draft.shown.with(|range| session.resolve(range))?;
    let mut route = session.route.get();
    route.params.set("from", [range.start.0.to_string()]);
    route.params.set("to", [range.end.0.to_string()]);
    Some(url::link(&route.hash()))
}
