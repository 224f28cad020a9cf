//! The dashboards as rows, by group.

use crate::browser::url::Entry as History;
use crate::dom::{El, button, el};
use crate::pages::home::filters::{Filters, toggle};
use crate::pages::home::found::{Group, Kind, groups};
use crate::route::{Page, Route};
use crate::state::catalog::Entry;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon};
use crate::ui::words::plural;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::Event;

/// All groups, made anew when something else is asked for.
pub fn list(session: Session, asked: Memo<Filters>, entries: Arc<Vec<Entry>>, recent: &[String]) -> El {
    let favourites = Memo::new(move |_| session.settings.with(|settings| settings.favourites.clone()));
    let recent = recent.to_vec();
    let content = move || {
        let asked = asked.get();
        if entries.is_empty() {
            return vec![el("p").class("empty card").text("The list of dashboards is empty")];
        }
        let groups = favourites.with(|favourites| groups(&entries, &asked, favourites, &recent));
        if groups.is_empty() || groups.iter().all(|group| group.entries.is_empty()) {
            return vec![nothing(session, &asked)];
        }
        let sections = groups.iter().enumerate();
        sections.map(|(index, group)| section(session, group, &asked, index == 0)).collect()
    };
    el("div").class("groups").children_with(content)
}

/// Nothing fits, and the way back to everything.
fn nothing(session: Session, asked: &Filters) -> El {
    let words = match asked.starred && asked.sought.is_empty() && asked.tags.is_empty() {
        true => "No dashboard has a star yet",
        false => "No dashboard matches",
    };
    let all = button("button").text("Show all").on_click(move || session.go(Route::to(Page::Home), History::Replace));
    el("div").class("empty card").child(el("p").text(words)).child(all)
}

fn section(session: Session, group: &Group<'_>, asked: &Filters, is_first: bool) -> El {
    let with_folder = group.kind != Kind::Folder;
    let rows = group.entries.iter().map(|entry| row(session, entry, with_folder));
    let list = el("ul").class("list card").children(rows);
    let heading = |words: &str| el("div").class("section-title").child(el("h2").text(words));
    match group.kind {
        Kind::Found { more } => {
            let more =
                (more > 0).then(|| el("p").class("hint").text(&format!("{more} more fit: another letter finds them")));
            el("section").attr("aria-label", "Found").child(list).children(more)
        }
        Kind::Starred => el("section").child(heading("Starred")).child(list),
        Kind::Recent => el("section").child(heading("Recent")).child(list),
        Kind::Folder if group.entries.iter().any(|entry| entry.folder.is_empty()) => {
            // What stands alone needs no heading.
            el("section").children((!is_first).then(|| heading("Without a folder"))).child(list)
        }
        Kind::Folder => folder(session, group, asked, list),
    }
}

/// A folder that can be closed.
fn folder(session: Session, group: &Group<'_>, asked: &Filters, list: El) -> El {
    let name = group.entries.first().map(|entry| entry.folder.clone()).unwrap_or_default();
    let closed = asked.closed.contains(&name);
    let count = el("span").class("hint").text(&plural(group.entries.len(), "dashboard"));
    let title = el("h2").text(&name);
    let summary = el("summary").class("section-title").child(icon(Shape::Chevron)).child(title).child(count);
    let summary = summary.on("click", move |event: Event| {
        // The address says whether it is open.
        event.prevent_default();
        toggle(session, "closed", &name);
    });
    el("details").class("folder").attr_if("open", (!closed).then_some("")).child(summary).child(list)
}

fn row(session: Session, entry: &Entry, with_folder: bool) -> El {
    let href = format!("#{}", Route::to(Page::Dashboard(entry.uid.clone())).hash());
    let folder = (with_folder && !entry.folder.is_empty()).then(|| el("span").class("hint").text(&entry.folder));
    let tags = entry.tags.iter().map(|tag| el("span").class("tag").text(tag));
    let link = el("a").class("row").attr("href", &href).child(el("span").class("title").text(&entry.title));
    let link = link.children(folder).child(el("span").class("tags").children(tags));
    el("li").class("starrable").child(link).child(star(session, entry))
}

fn star(session: Session, entry: &Entry) -> El {
    let uid = entry.uid.clone();
    let on = session.settings.with_untracked(|settings| settings.favourites.contains(&uid));
    let label = format!("Star {}", entry.title);
    let button = button("button plain icon-only star").attr("aria-pressed", &on.to_string()).attr("aria-label", &label);
    button.attr("title", &label).child(icon(Shape::Star)).on_click(move || {
        session.change_settings(|settings| settings.set_favourite(&uid, !on));
    })
}
