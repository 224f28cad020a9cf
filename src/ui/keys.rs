//! What single keys do, wherever the focus is but in a field. Grafana's, where it has one for the same thing.

use crate::browser::url::Entry;
use crate::dom::{El, el};
use crate::route::{Page, Route};
use crate::state::session::Session;
use crate::ui::{dialog, palette};
use leptos::prelude::*;
use std::cell::Cell;

/// What can be done by key: the keys one after the other, what it is called, and what it does.
type Shortcut = (&'static str, &'static str, fn(Session));

const SHORTCUTS: [Shortcut; 13] = [
    ("Ctrl K", "Go to a page, a dashboard or a time range", palette::open),
    ("?", "Show these shortcuts", |_| show()),
    ("g h", "Home", |session| go(session, Page::Home)),
    ("g e", "Explore", |session| go(session, Page::Explore)),
    ("g a", "Alerts", |session| go(session, Page::Alerts)),
    ("g t", "Targets", |session| go(session, Page::Targets)),
    ("g s", "Settings", |session| go(session, Page::Settings)),
    ("d r", "Refresh now", |session| session.refresh()),
    ("d k", "Kiosk: panels only", toggle_kiosk),
    ("t z", "Zoom out to twice the range", |session| shift(session, 0, 2)),
    ("t ←", "Earlier by a half", |session| shift(session, -2, 0)),
    ("t →", "Later by a half", |session| shift(session, 2, 0)),
    ("t a", "Make the range absolute, so that a link to it stays what it is", |session| shift(session, 0, 0)),
];

thread_local! {
    /// The first key of two.
    static PREFIX: Cell<Option<char>> = const { Cell::new(None) };
}

/// Does what `key` means, as browsers name it, with the key before it.
pub fn press(session: Session, key: &str, with_ctrl: bool) {
    let key = match key {
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        other => other,
    };
    let prefix = PREFIX.take();
    let pressed = match (with_ctrl, prefix) {
        (true, _) => format!("Ctrl {}", key.to_ascii_uppercase()),
        (false, Some(prefix)) => format!("{prefix} {key}"),
        (false, None) => key.to_owned(),
    };
    if let Some((_, _, act)) = SHORTCUTS.iter().find(|(keys, ..)| *keys == pressed) {
        act(session);
    } else if SHORTCUTS.iter().any(|(keys, ..)| keys.strip_prefix(key).is_some_and(|rest| rest.starts_with(' '))) {
        PREFIX.set(key.chars().next());
    }
}

fn go(session: Session, page: Page) {
    session.go(Route::to(page), Entry::Push);
}

fn toggle_kiosk(session: Session) {
    let on = untrack(|| session.kiosk());
    session.edit_params(Entry::Replace, |params| params.set("kiosk", (!on).then(|| "1".to_owned())));
}

/// Moves the range shown by quarters, and makes it longer by quarters at either end.
fn shift(session: Session, quarters: i64, grow: i64) {
    let shown = session.shown.get_untracked();
    // A page without data has no range.
    let asked = || session.asked.with(|asked| session.resolve(asked.as_ref()?));
    let range = if shown.start < shown.end { Some(shown) } else { untrack(asked) };
    if let Some(range) = range {
        session.shift_range(range, quarters, grow);
    }
}

/// The list of all shortcuts.
fn show() {
    dialog::open("Keyboard shortcuts", || {
        let keys = |keys: &str| el("span").class("keys").children(keys.split(' ').map(|key| el("kbd").text(key)));
        let row =
            |(pressed, what, _): &Shortcut| el("tr").child(el("td").child(keys(pressed))).child(el("td").text(what));
        let table: El = el("table").class("data").child(el("tbody").children(SHORTCUTS.iter().map(row)));
        vec![el("h2").text("Keyboard shortcuts"), table]
    });
}
