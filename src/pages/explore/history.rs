//! The queries that were run, latest first: some starred, all of them kept by the browser where it lets us.

use super::asked::{Asked, MOST_QUERIES, Query};
use super::icons;
use super::kept::Kept;
use super::metrics::target;
use crate::browser::storage;
use crate::browser::url::Entry;
use crate::dom::{El, Memo, RwSignal, button, el, react, value_of};
use crate::ui::icon::{Shape, drawn_button, icon, icon_button};
use crate::ui::words::has_words;
use leptos::prelude::*;

/// Where the browser keeps them.
const KEY: &str = "explore-queries";

/// The list on the page; copying it copies handles.
#[derive(Clone, Copy)]
pub struct History {
    asked: Asked,
    kept: RwSignal<Kept>,
    sought: RwSignal<String>,
    /// What was there before the last one was taken out.
    before: RwSignal<Option<Kept>>,
}

/// Whether it is open, by the address.
fn is_open(asked: Asked) -> bool {
    asked.session.route.with(|route| route.params.is_on("history"))
}

impl History {
    /// What the browser has kept, to which every query that is run is added.
    pub fn new(asked: Asked) -> Self {
        let kept = storage::get(KEY).map(|text| Kept::parse(&text)).unwrap_or_default();
        let history = Self {
            asked,
            kept: RwSignal::new(kept),
            sought: RwSignal::new(String::new()),
            before: RwSignal::new(None),
        };
        react(move || {
            let run: Vec<String> = asked.queries.with(|queries| {
                let run = queries.iter().filter(|query| asked.is_asked(query));
                run.map(|query| query.expr.clone()).collect()
            });
            untrack(|| history.change(|kept| run.iter().rev().for_each(|expr| kept.add(expr))));
        });
        history
    }

    /// Changes what is kept, here and in the browser.
    fn change(self, change: impl FnOnce(&mut Kept)) {
        let mut next = self.kept.get_untracked();
        change(&mut next);
        if self.kept.with_untracked(|kept| *kept != next) {
            storage::set(KEY, &next.to_json());
            self.kept.set(next);
        }
    }

    /// The button that opens and closes it.
    pub fn toggle(self) -> El {
        let toggle = move || {
            let next = if untrack(|| is_open(self.asked)) { "" } else { "1" };
            self.asked.set_param(Entry::Replace, "history", next.to_owned());
        };
        let button = button("button").child(icon(Shape::Clock)).text("History").on_click(toggle);
        button.attr_with("aria-expanded", move || Some(is_open(self.asked).to_string()))
    }

    /// The list while it is open.
    pub fn build(self) -> El {
        let open = Memo::new(move |_| is_open(self.asked));
        el("div").class("part").child_with(move || {
            open.get().then(|| {
                let search = el("input")
                    .attr("type", "search")
                    .attr("placeholder", "Search queries")
                    .attr("aria-label", "Search queries")
                    .prop("value", &self.sought.get_untracked().into())
                    .on("input", move |event| self.sought.set(value_of(&event)));
                let list = el("ul").class("list history-rows").children_with(move || self.rows());
                let section = el("section").class("card history").attr("aria-label", "History");
                section.child(search).child_with(move || self.undo()).child(list)
            })
        })
    }

    fn rows(self) -> Vec<El> {
        let sought = self.sought.get();
        let found: Vec<(String, bool)> = self.kept.with(|kept| {
            let found = kept.in_order().filter(|(expr, _)| has_words(expr, &sought));
            found.map(|(expr, starred)| (expr.to_owned(), starred)).collect()
        });
        if found.is_empty() {
            let is_empty = self.kept.with(|kept| kept.in_order().next().is_none());
            let words = if is_empty { "Queries that were run are listed here" } else { "No query has this in it" };
            return vec![el("li").class("hint empty").text(words)];
        }
        found.into_iter().map(|(expr, starred)| self.row(expr, starred)).collect()
    }

    fn row(self, expr: String, starred: bool) -> El {
        let (add, mark, remove) = (expr.clone(), expr.clone(), expr.clone());
        let words = if starred { "Take the star away" } else { "Star: keep it at the top" };
        let star = drawn_button(icons::STAR, words).class_if("plain", true).class_if("starred", starred);
        let star =
            star.attr("aria-pressed", &starred.to_string()).on_click(move || self.change(|kept| kept.star(&mark)));
        let remove = icon_button(Shape::Close, "Delete from the history").class_if("plain", true).on_click(move || {
            self.before.set(Some(self.kept.get_untracked()));
            self.change(|kept| kept.remove(&remove));
        });
        let is_full = move || self.asked.queries.with(|queries| queries.len() >= MOST_QUERIES);
        let new = icon_button(Shape::Add, "As a new query").class_if("plain", true).flag_with("disabled", is_full);
        let new = new.on_click(move || self.asked.edit(|queries| queries.push(Query::new(add.clone()))));
        let label = format!("Use {expr}");
        let title = move || Some(format!("Use in query {}", target(self.asked)));
        let pick = el("button").attr("type", "button").class("pick mono").attr("aria-label", &label);
        let pick = pick.attr_with("title", title).text(&expr).on_click(move || self.asked.put(expr.clone()));
        el("li").class("history-row").child(pick).children([star, new, remove])
    }

    fn undo(self) -> Option<El> {
        let before = self.before.get()?;
        let undo = move || {
            self.change(|kept| kept.clone_from(&before));
            self.before.set(None);
        };
        let words = el("span").class("hint").attr("role", "status").text("Deleted. ");
        Some(el("p").class("undo").child(words).child(button("button small").text("Undo").on_click(undo)))
    }
}
