//! The dashboards as rows, by group.

use crate::browser::url::Entry as History;
use crate::dom::{El, Memo, StoredValue, button, el, spawn};
use crate::pages::home::filters::{Filters, toggle};
use crate::pages::home::found::{Group, Kind, groups};
use crate::route::{Page, Route};
use crate::state::catalog::Entry;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon};
use crate::ui::words::plural;
use std::sync::Arc;
use web_sys::Event;

/// What the stars of all rows share.
#[derive(Clone, Copy)]
struct Stars {
    session: Session,
    /// The star that was pressed: its group, its dashboard. The rows are made anew for it, and it keeps the keyboard.
    pressed: StoredValue<Option<(Kind, String)>>,
}

/// All groups, made anew when something else is asked for.
pub fn list(session: Session, asked: Memo<Filters>, entries: Arc<Vec<Entry>>, recent: &[String]) -> El {
    let favourites = Memo::new(move |_| session.settings.with(|settings| settings.favourites.clone()));
    let recent = recent.to_vec();
    let stars = Stars { session, pressed: StoredValue::new(None) };
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
        sections.map(|(index, group)| section(stars, group, &asked, index == 0)).collect()
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

fn section(stars: Stars, group: &Group<'_>, asked: &Filters, is_first: bool) -> El {
    let rows = group.entries.iter().map(|entry| row(stars, entry, group.kind));
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
        Kind::Folder => folder(stars.session, group, asked, list),
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

fn row(stars: Stars, entry: &Entry, kind: Kind) -> El {
    let href = format!("#{}", Route::to(Page::Dashboard(entry.uid.clone())).hash());
    let folder =
        (kind != Kind::Folder && !entry.folder.is_empty()).then(|| el("span").class("hint").text(&entry.folder));
    let tags = entry.tags.iter().map(|tag| el("span").class("tag").text(tag));
    let link = el("a").class("row").attr("href", &href).child(el("span").class("title").text(&entry.title));
    let link = link.children(folder).child(el("span").class("tags").children(tags));
    el("li").class("starrable").child(link).child(stars.star(entry, kind))
}

impl Stars {
    fn star(self, entry: &Entry, kind: Kind) -> El {
        let uid = entry.uid.clone();
        let on = self.session.settings.with_untracked(|settings| settings.favourites.contains(&uid));
        let label = format!("Star {}", entry.title);
        let star = button("button plain icon-only star").attr("aria-pressed", &on.to_string()).attr("title", &label);
        let star = star.attr("aria-label", &label).child(icon(Shape::Star));
        if self.takes_keyboard(&uid, kind) {
            let star = star.clone();
            // Once it is on the page.
            spawn(async move { star.focus() });
        }
        star.on_click(move || {
            self.pressed.set_value(Some((kind, uid.clone())));
            self.session.change_settings(|settings| settings.set_favourite(&uid, !on));
        })
    }

    /// Whether this is the star that was pressed, or the next one of its dashboard where that one has gone.
    fn takes_keyboard(self, uid: &str, kind: Kind) -> bool {
        let mut takes = false;
        self.pressed.update_value(|pressed| {
            takes = pressed.take_if(|(group, of)| of == uid && (*group == kind || *group == Kind::Starred)).is_some();
        });
        takes
    }
}
