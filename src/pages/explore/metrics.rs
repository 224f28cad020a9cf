//! The metric browser: what metrics there are, what they mean, and the labels of one of them.

use super::asked::{Asked, letter};
use super::icons;
use super::metric::metric;
use super::names::{Answer, MOST_NAMES, Names};
use super::offers::said_of;
use crate::browser::url::Entry;
use crate::dom::{El, Memo, RwSignal, button, el, value_of};
use crate::protocol::Help;
use crate::ui::icon::drawn;
use crate::ui::notice::failure;
use crate::ui::virtual_rows::VirtualRows;
use crate::ui::words::{has_words, plural};
use leptos::prelude::*;
use promql::rank;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// The height of a row in CSS pixels, as in the style sheet.
const ROW_CSS_PX: u32 = 28;

/// What is sought and chosen; copying it copies handles.
#[derive(Clone, Copy)]
struct Browser {
    asked: Asked,
    names: Names,
    sought: RwSignal<String>,
    /// The row that the arrow keys are on.
    active: RwSignal<usize>,
    /// The metric whose labels are shown.
    chosen: RwSignal<Option<Arc<str>>>,
}

/// Whether the browser is open, by the address.
fn is_open(asked: Asked) -> bool {
    asked.session.route.with(|route| route.params.is_on("metrics"))
}

/// The button that opens and closes the browser.
pub fn toggle(asked: Asked) -> El {
    let toggle = move || {
        let next = if untrack(|| is_open(asked)) { "" } else { "1" };
        asked.set_param(Entry::Replace, "metrics", next.to_owned());
    };
    let button = button("button").child(drawn(icons::LIST)).text("Metrics").on_click(toggle);
    button.attr_with("aria-expanded", move || Some(is_open(asked).to_string()))
}

/// The browser while it is open.
pub fn browser(asked: Asked, names: Names) -> El {
    let open = Memo::new(move |_| is_open(asked));
    el("div").class("part").child_with(move || {
        open.get().then(|| {
            let browser = Browser {
                asked,
                names,
                sought: RwSignal::new(String::new()),
                active: RwSignal::new(0),
                chosen: RwSignal::new(None),
            };
            browser.build()
        })
    })
}

impl Browser {
    fn build(self) -> El {
        let found = Memo::new(move |_| {
            Found::of(self.names.metrics(&self.sought.get()), self.names.help(), &self.sought.get())
        });
        let list = el("div").class("metric-list").child(self.search(found)).child(self.rows(found));
        let list = list.child_with(move || found.with(Found::message));
        let words = el("p").class("hint counts").attr("role", "status").text_with(move || found.with(Found::words));
        let detail = el("div").class("metric-detail").child_with(move || {
            let chosen = self.chosen.get();
            Some(match chosen {
                Some(name) => metric(self.asked, self.names, &name),
                None => el("p").class("hint empty").text("Choose a metric to see its labels"),
            })
        });
        let section = el("section").class("card metrics").attr("aria-label", "Metrics");
        section.child(list.child(words)).child(detail)
    }

    fn search(self, found: Memo<Found>) -> El {
        let typed = move |event| {
            self.sought.set(value_of(&event));
            self.active.set(0);
        };
        el("input")
            .attr("type", "search")
            .attr("role", "combobox")
            .attr("aria-expanded", "true")
            .attr("aria-controls", "metric-rows")
            .attr("aria-label", "Search metrics")
            .attr("aria-autocomplete", "list")
            .attr("placeholder", "Search metrics")
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr_with("aria-activedescendant", move || Some(format!("metric-{}", self.active.get())))
            .on("input", typed)
            .on("keydown", move |event| {
                if self.key(event.unchecked_ref::<KeyboardEvent>(), found) {
                    event.prevent_default();
                }
            })
    }

    /// Moves through the rows and chooses one; whether the key was for that.
    fn key(self, key: &KeyboardEvent, found: Memo<Found>) -> bool {
        let last = found.with_untracked(|found| found.names.len().saturating_sub(1));
        let active = self.active.get_untracked();
        match key.key().as_str() {
            "ArrowDown" => self.active.set((active + 1).min(last)),
            "ArrowUp" => self.active.set(active.saturating_sub(1)),
            "PageDown" => self.active.set((active + 8).min(last)),
            "PageUp" => self.active.set(active.saturating_sub(8)),
            "Enter" => self.chosen.set(found.with_untracked(|found| found.names.get(active).cloned())),
            _ => return false,
        }
        true
    }

    fn rows(self, found: Memo<Found>) -> El {
        let count = Memo::new(move |_| found.with(|found| found.names.len()));
        let scroller = el("div").class("metric-rows").attr("role", "listbox").attr("id", "metric-rows");
        let rows = VirtualRows::new(scroller.attr("aria-label", "Metrics"), count, ROW_CSS_PX);
        crate::dom::react(move || rows.reveal(self.active.get()));
        rows.build(move |index| {
            let (name, kind, help) = found.with(|found| found.row(index));
            let key = name.clone();
            el("div")
                .class("metric-row")
                .attr("role", "option")
                .attr("id", &format!("metric-{index}"))
                .attr("title", &help)
                .attr_with("aria-selected", move || Some((self.chosen.get().as_ref() == Some(&key)).to_string()))
                .class_with("active", move || self.active.get() == index)
                .child(el("span").class("name mono").text(&name))
                .child(el("span").class("hint kind").text(&kind))
                .child(el("span").class("hint help").text(&help))
                .on_click(move || {
                    self.active.set(index);
                    self.chosen.set(Some(name.clone()));
                })
        })
    }
}

/// The metrics that fit what is sought, best first.
#[derive(Clone)]
struct Found {
    names: Arc<Vec<Arc<str>>>,
    /// How many there are in all.
    of: usize,
    help: Answer<Vec<Help>>,
    state: Answer<()>,
}

impl PartialEq for Found {
    /// By what is shown; another answer brings another list.
    fn eq(&self, other: &Self) -> bool {
        let help = |found: &Self| found.help.there().map_or(std::ptr::null(), Arc::as_ptr);
        Arc::ptr_eq(&self.names, &other.names) && help(self) == help(other)
    }
}

impl Found {
    fn of(all: Answer<Vec<Arc<str>>>, help: Answer<Vec<Help>>, sought: &str) -> Self {
        let (names, of, state) = match all {
            Answer::Awaited => (Arc::default(), 0, Answer::Awaited),
            Answer::Failed(error) => (Arc::default(), 0, Answer::Failed(error)),
            Answer::There(all) => (fitting(&all, help.there(), sought), all.len(), Answer::There(Arc::new(()))),
        };
        Self { names, of, help, state }
    }

    fn row(&self, index: usize) -> (Arc<str>, String, String) {
        let name = self.names.get(index).cloned().unwrap_or_default();
        let said = self.help.there().and_then(|help| said_of(&name, help));
        let (kind, help) = said.map(|(_, said)| (said.kind.clone(), said.help.clone())).unwrap_or_default();
        (name, kind, help)
    }

    /// What stands in the place of the rows.
    fn message(&self) -> Option<El> {
        match &self.state {
            Answer::Awaited => Some(el("p").class("hint empty").text("Asking the server…")),
            Answer::Failed(error) => Some(failure(error)),
            Answer::There(_) if self.of == 0 => Some(el("p").class("hint empty").text("No metrics in this time range")),
            Answer::There(_) if self.names.is_empty() => {
                Some(el("p").class("hint empty").text("No metric is called so"))
            }
            Answer::There(_) => None,
        }
    }

    fn words(&self) -> String {
        let cut = if self.of >= MOST_NAMES { ", the first the server gave; search to find others" } else { "" };
        match (self.names.len(), self.of) {
            (_, 0) => String::new(),
            (shown, of) if shown == of => format!("{}{cut}", plural(of, "metric")),
            (shown, of) => format!("{shown} of {}{cut}", plural(of, "metric")),
        }
    }
}

/// Those whose name fits, best first, and behind them those whose help has all words.
fn fitting(all: &Arc<Vec<Arc<str>>>, help: Option<&Arc<Vec<Help>>>, sought: &str) -> Arc<Vec<Arc<str>>> {
    if sought.trim().is_empty() {
        return all.clone();
    }
    let by_help = |name: &str| {
        let (_, said) = help.and_then(|help| said_of(name, help))?;
        has_words(&said.help, sought).then_some(0)
    };
    let fits = all.iter().filter_map(|name| Some((rank::fit(name, sought).or_else(|| by_help(name))?, name)));
    let mut fits: Vec<(u32, &Arc<str>)> = fits.collect();
    frame::sort_by(&mut fits, |a, b| b.0.cmp(&a.0));
    Arc::new(fits.into_iter().map(|(_, name)| name.clone()).collect())
}

/// What the query that has, or had, the keyboard is called.
pub fn target(asked: Asked) -> String {
    letter(asked.focused_line())
}
