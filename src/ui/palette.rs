//! The command palette: a few letters, and one is there.

use crate::browser::url::Entry;
use crate::dom::{El, el, value_of};
use crate::route::{Page, Route};
use crate::state::catalog;
use crate::state::session::Session;
use crate::ui::dialog;
use crate::ui::range_form::QUICK;
use crate::ui::words::has_words;
use dashboard::time::RawRange;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// Longer lists are cut: another letter finds more than scrolling does.
const MOST_SHOWN: usize = 12;

/// Somewhere to go.
#[derive(Clone, PartialEq)]
struct Command {
    words: String,
    /// What kind of thing it is.
    kind: &'static str,
    goal: Goal,
}

#[derive(Clone, PartialEq)]
enum Goal {
    Page(Page),
    Range(RawRange),
}

/// Opens the palette.
pub fn open(session: Session) {
    dialog::open("Go to", || content(session));
}

fn content(session: Session) -> Vec<El> {
    let commands = RwSignal::new(fixed());
    add_dashboards(session, commands);
    let sought = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let found = Memo::new(move |_| {
        let sought = sought.get();
        let matches = |command: &&Command| has_words(&format!("{} {}", command.kind, command.words), &sought);
        commands.with(|commands| commands.iter().filter(matches).take(MOST_SHOWN).cloned().collect::<Vec<_>>())
    });
    let on_key = move |event: Event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" => run(session, found.with_untracked(|found| found.get(chosen.get_untracked()).cloned())),
            _ => return,
        }
        event.prevent_default();
    };
    let typed = move |event: Event| {
        sought.set(value_of(&event));
        chosen.set(0);
    };
    let input = el("input")
        .attr("type", "search")
        .attr("role", "combobox")
        .attr("aria-expanded", "true")
        .attr("aria-controls", "palette")
        .attr("aria-label", "Go to")
        .attr("placeholder", "Go to a page, a dashboard, a time range")
        .attr_with("aria-activedescendant", move || Some(format!("palette-{}", chosen.get())))
        .on("input", typed)
        .on("keydown", on_key);
    let list = el("ul").class("palette").attr("id", "palette").attr("role", "listbox").children_with(move || {
        let found = found.get();
        if found.is_empty() {
            return vec![el("li").class("hint").text("Nothing is called so")];
        }
        found.into_iter().enumerate().map(|(index, command)| row(session, index, command, chosen)).collect()
    });
    vec![input, list]
}

fn row(session: Session, index: usize, command: Command, chosen: RwSignal<usize>) -> El {
    let words = el("span").text(&command.words);
    let row = el("li").class("menu-item").attr("role", "option").attr("id", &format!("palette-{index}"));
    row.attr_with("aria-selected", move || Some((chosen.get() == index).to_string()))
        .child(words)
        .child(el("span").class("hint").text(command.kind))
        .on_click(move || run(session, Some(command.clone())))
}

fn run(session: Session, command: Option<Command>) {
    let Some(command) = command else { return };
    dialog::close();
    match command.goal {
        Goal::Page(page) => session.go(Route::to(page), Entry::Push),
        Goal::Range(range) => session.set_range(range.from, range.to),
    }
}

/// What is there without asking anybody.
fn fixed() -> Vec<Command> {
    let pages = [
        (Page::Home, "Home"),
        (Page::Explore, "Explore"),
        (Page::Alerts, "Alerts"),
        (Page::Targets, "Targets"),
        (Page::Settings, "Settings"),
    ];
    let pages = pages.map(|(page, words)| Command { words: words.to_owned(), kind: "Page", goal: Goal::Page(page) });
    let ranges = QUICK.map(|(from, to)| {
        let range = RawRange::new(from, to);
        Command { words: range.describe(), kind: "Time range", goal: Goal::Range(range) }
    });
    pages.into_iter().chain(ranges).collect()
}

/// Asks for the list of dashboards, which stand in front of the rest once they have come.
fn add_dashboards(session: Session, commands: RwSignal<Vec<Command>>) {
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    leptos::task::spawn_local(async move {
        // Home says what is wrong with the list; here the rest goes on.
        let Ok(entries) = catalog::load(&index).await else { return };
        let dashboards = entries.into_iter().map(|entry| Command {
            words: if entry.folder.is_empty() { entry.title } else { format!("{} / {}", entry.folder, entry.title) },
            kind: "Dashboard",
            goal: Goal::Page(Page::Dashboard(entry.uid)),
        });
        let dashboards: Vec<Command> = dashboards.collect();
        // The palette may be closed by now.
        let _ = commands.try_update(|commands| commands.splice(0..0, dashboards).for_each(drop));
    });
}
