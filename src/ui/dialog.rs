//! A window above the page. The browser keeps the focus in it and closes it at Escape.

use crate::dom::{El, el, on_leave};
use leptos::prelude::Owner;
use std::cell::RefCell;

thread_local! {
    /// The one that is open: it and the scope of what it shows.
    static OPEN: RefCell<Option<(El, Owner)>> = const { RefCell::new(None) };
}

/// Opens a dialog named `label` with what `content` builds, in place of one that is open.
pub fn open(label: &str, content: impl FnOnce() -> Vec<El>) {
    close();
    let owner = Owner::new_root(None);
    let dialog = owner.with(|| {
        let dialog = el("dialog").class("dialog").attr("aria-label", label).children(content());
        let shown = dialog.clone();
        on_leave(move || shown.remove());
        let backdrop = dialog.clone();
        dialog.on("close", |_| close()).on("click", move |event| {
            // A click on the dialog itself is one beside its content.
            if backdrop.is_target_of(&event) {
                close();
            }
        })
    });
    El::body().child(dialog.clone());
    dialog.show_modal();
    OPEN.set(Some((dialog, owner)));
}

/// Closes the dialog that is open, if one is.
pub fn close() {
    if let Some((_, owner)) = OPEN.take() {
        owner.cleanup();
    }
}
