//! Opening a dashboard's file: dropped on the page, or chosen.

use crate::browser::files;
use crate::browser::url::Entry;
use crate::dom::{El, el, on_window};
use crate::route::{Page, Route};
use crate::state::foreign;
use crate::state::session::Session;
use crate::ui::dialog;
use crate::ui::notice::problem;
use wasm_bindgen::JsCast;
use web_sys::{DataTransfer, DragEvent, Event, File};

/// The largest file that is read.
const MOST_BYTES: u32 = 50_000_000;

/// Lets the whole page take files, for as long as it lives.
pub fn take_files(session: Session) {
    on_window("dragover", |event| {
        if let Some(transfer) = files_of(&event) {
            // Else the browser would leave the page for the file.
            event.prevent_default();
            transfer.set_drop_effect("copy");
            mark(true);
        }
    });
    on_window("dragleave", |event| {
        // Between two elements it has a target.
        if event.unchecked_ref::<DragEvent>().related_target().is_none() {
            mark(false);
        }
    });
    on_window("drop", move |event| {
        mark(false);
        if let Some(transfer) = files_of(&event) {
            event.prevent_default();
            if let Some(file) = transfer.files().and_then(|files| files.get(0)) {
                open(session, file);
            }
        }
    });
}

fn files_of(event: &Event) -> Option<DataTransfer> {
    let transfer = event.unchecked_ref::<DragEvent>().data_transfer()?;
    transfer.types().includes(&"Files".into(), 0).then_some(transfer)
}

/// Shows that a file may be let go.
fn mark(on: bool) {
    let root: web_sys::Element = El::root().node();
    // A well-formed name is taken.
    let _ = root.toggle_attribute_with_force("data-dropping", on);
}

/// Opens the dashboard in `file`.
pub fn open(session: Session, file: File) {
    leptos::task::spawn_local(async move {
        let name = file.name();
        match files::text(&file, MOST_BYTES).await {
            Ok(text) => session.go(Route::to(Page::Dashboard(foreign::keep(&name, text))), Entry::Push),
            Err(error) => {
                let words = format!("{name} cannot be opened: {error}");
                dialog::open("File", || vec![el("div").child(problem(&words, ""))]);
            }
        }
    });
}
