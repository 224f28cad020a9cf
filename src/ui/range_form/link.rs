//! A link that shows the same range whenever it is opened.

use super::Draft;
use crate::browser::url;
use crate::dom::{El, el};
use crate::ui::copy::copy_button;

/// A button that copies the link, and what came of it.
pub fn copy_link(draft: Draft) -> El {
    let title = "Copy a link with this range as absolute times";
    el("div")
        .class("copy-link")
        .child(copy_button("Copy link to this range", title, "Link to copy", move || link(draft)))
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
