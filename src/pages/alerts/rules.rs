//! The rules of a data source: a list that is searched and walked through by key. The worker has the rules, however many
//! there are; the page asks for those in view, and for no more.

use super::Polled;
use super::detail::detail;
use crate::browser::url::Entry;
use crate::dom::{El, Memo, RwSignal, button, el, react, spawn};
use crate::protocol::{Alerts, Question, Reply};
use crate::state::poll::poll;
use crate::state::session::Session;
use crate::ui::filter::sought;
use crate::ui::state_mark::state_mark;
use crate::ui::virtual_rows::VirtualRows;
use crate::ui::words::plural;
use leptos::prelude::*;
use promapi::rule_list::{RuleCounts, RulePage, RuleRow, RuleState, RuleWish};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// The height of a row in CSS pixels, as in the style sheet.
const ROW_CSS_PX: u32 = 44;
/// So many rows are asked for at once, of which some stand above those in view. They are asked for anew when the first one
/// has moved by [`STRIDE`].
const ROWS: u32 = 160;
const ABOVE: u32 = 60;
const STRIDE: u32 = 30;
/// How far the page keys go.
const LEAP: usize = 10;

/// The states that are offered to filter by, and what is said of them.
const STATES: [(RuleState, &str); 3] =
    [(RuleState::Firing, "Firing"), (RuleState::Pending, "Pending"), (RuleState::Err, "With errors")];

/// Only the rules in the state that the address asks for.
fn wanted_state(session: Session) -> Option<RuleState> {
    session.route.with(|route| route.params.get("state").and_then(RuleState::parse))
}

/// The buttons that filter by state.
pub fn states(session: Session) -> El {
    let buttons = STATES.map(|(state, words)| {
        let is_on = move || wanted_state(session) == Some(state);
        let toggle = move || {
            let next = (!untrack(is_on)).then(|| state.word().to_owned());
            session.edit_params(Entry::Replace, |params| params.set("state", next));
        };
        button("button").text(words).on_click(toggle).attr_with("aria-pressed", move || Some(is_on().to_string()))
    });
    el("span").class("tools").attr("role", "group").attr("aria-label", "Rules in state").children(buttons)
}

#[derive(Clone, Copy)]
struct Rules {
    session: Session,
    polled: Polled,
    /// The rows that the worker sent last.
    page: RwSignal<Option<Arc<RulePage>>>,
    /// The row that the keys are on.
    active: RwSignal<usize>,
    /// The row whose details are shown.
    chosen: RwSignal<Option<RuleRow>>,
    /// Whether that row is among those that the worker sent last.
    is_current: RwSignal<bool>,
}

/// The section of the data source `uid`.
pub fn rules_section(session: Session, uid: &str, name: &str) -> El {
    let polled = poll(session, Question::Rules { source: uid.to_owned() });
    let (page, active, chosen) = (RwSignal::new(None), RwSignal::new(0), RwSignal::new(None));
    let rules = Rules { session, polled, page, active, chosen, is_current: RwSignal::new(true) };
    let count = el("span").class("hint counts").text_with(move || rules.counts().map(words).unwrap_or_default());
    let empty = move || (rules.counts()?.rules == 0).then_some("No rules");
    let section = super::section("rules", &format!("Rules of {name}"), count, polled, empty);
    let is_there = Memo::new(move |_| rules.counts().is_some_and(|counts| counts.rules > 0));
    let uid = uid.to_owned();
    section.child_with(move || is_there.get().then(|| rules.card(&uid)))
}

fn words(counts: RuleCounts) -> String {
    let RuleCounts { rules, firing, pending, errors, .. } = counts;
    format!("{}: {firing} firing, {pending} pending, {errors} with errors", plural(rules as usize, "rule"))
}

impl Rules {
    fn counts(self) -> Option<RuleCounts> {
        self.polled.last.with(|last| match last {
            Some(Alerts::Rules(counts)) => Some(*counts),
            _ => None,
        })
    }

    fn card(self, uid: &str) -> El {
        let found = el("p").class("hint counts").attr("role", "status").text_with(move || self.found());
        let list = el("div").class("rule-list").child(self.list(uid)).child(found);
        let was = "This is how it was: it has left the rows in view";
        let was = move || (!self.is_current.get()).then(|| el("p").class("hint").attr("role", "status").text(was));
        let detail = move || Some(detail(self.session, &self.chosen.get()?).child_with(was));
        let is_wide = move || self.chosen.with(Option::is_none);
        el("div").class("card rules").class_with("closed", is_wide).child(list).child_with(detail)
    }

    /// How many there are of what is sought; nothing where nothing is.
    fn found(self) -> String {
        let is_sought = !sought(self.session).trim().is_empty() || wanted_state(self.session).is_some();
        let found = self.page.with(|page| page.as_ref().map(|page| page.rules));
        match (is_sought, found, self.counts()) {
            (true, Some(0), _) => "No rule is like that".to_owned(),
            (true, Some(found), Some(counts)) => format!("{found} of {}", plural(counts.rules as usize, "rule")),
            _ => String::new(),
        }
    }

    fn list(self, uid: &str) -> El {
        let scroller = el("div").class("rule-rows").attr("role", "listbox").attr("tabindex", "0");
        let scroller = scroller.attr("aria-label", "Rules").on("keydown", move |event| {
            if self.key(event.unchecked_ref()) {
                event.prevent_default();
            }
        });
        let scroller = scroller.attr_with("aria-activedescendant", move || Some(format!("rule-{}", self.active.get())));
        let count = Memo::new(move |_| self.page.with(|page| page.as_ref().map_or(0, |page| page.of as usize)));
        let rows = VirtualRows::new(scroller, count, ROW_CSS_PX);
        self.ask_on_change(rows, uid);
        react(move || rows.reveal(self.active.get()));
        rows.build(move |index| self.row(index))
    }

    /// Asks for the rows in view whenever the rules, the rows in view or what is sought are others.
    fn ask_on_change(self, rows: VirtualRows, uid: &str) {
        let session = self.session;
        let filter = Memo::new(move |_| (sought(session), wanted_state(session)));
        react(move || {
            // What is found begins anew.
            filter.track();
            self.active.set(0);
        });
        let first = Memo::new(move |_| {
            let seen = u32::try_from(rows.in_view().start).unwrap_or(u32::MAX);
            seen.saturating_sub(ABOVE) / STRIDE * STRIDE
        });
        let source = uid.to_owned();
        react(move || {
            self.polled.last.track();
            let (sought, state) = filter.get();
            let wish = RuleWish { sought, state, first: first.get(), rows: ROWS };
            let question = Question::RulePage { source: source.clone(), wish };
            spawn(async move {
                // A worker that has just begun keeps none: its rows come with the next answer of the server.
                if let Ok(Reply::Encoded(bytes)) = session.ask(question).await
                    && let Ok(page) = borsh::from_slice::<RulePage>(&bytes)
                {
                    self.arrived(page);
                }
            });
        });
    }

    fn arrived(self, page: RulePage) {
        let key = self.chosen.with_untracked(|chosen| chosen.as_ref().map(RuleRow::key));
        let newer = page.rows.iter().find(|row| Some(row.key()) == key).cloned();
        self.is_current.set(newer.is_some());
        if newer.is_some() && self.chosen.with_untracked(|chosen| *chosen != newer) {
            self.chosen.set(newer);
        }
        self.page.set(Some(Arc::new(page)));
    }

    /// Moves through the rows and opens one; whether the key was for that.
    fn key(self, key: &KeyboardEvent) -> bool {
        let of = self.page.with_untracked(|page| page.as_ref().map_or(0, |page| page.of as usize));
        let (active, last) = (self.active.get_untracked(), of.saturating_sub(1));
        match key.key().as_str() {
            "ArrowDown" => self.active.set((active + 1).min(last)),
            "ArrowUp" => self.active.set(active.saturating_sub(1)),
            "PageDown" => self.active.set((active + LEAP).min(last)),
            "PageUp" => self.active.set(active.saturating_sub(LEAP)),
            "Home" => self.active.set(0),
            "End" => self.active.set(last),
            "Enter" => self.choose(active),
            "Escape" if self.chosen.with_untracked(Option::is_some) => self.chosen.set(None),
            _ => return false,
        }
        true
    }

    /// Shows the details of a row, or no more.
    fn choose(self, index: usize) {
        self.active.set(index);
        let row = self.page.with_untracked(|page| page.as_ref().and_then(|page| at(page, index).cloned()));
        let is_chosen = row.is_some() && self.chosen.with_untracked(|chosen| *chosen == row);
        self.is_current.set(true);
        self.chosen.set(row.filter(|_| !is_chosen));
    }

    fn row(self, index: usize) -> El {
        let row = el("div").class("rule-row").attr("role", "option").attr("id", &format!("rule-{index}"));
        let row = row.class_with("active", move || self.active.get() == index).on_click(move || self.choose(index));
        self.page.with(|page| match page.as_ref().and_then(|page| at(page, index)) {
            None => row,
            Some(known) => {
                let key = known.key();
                let is_chosen = move || self.chosen.with(|chosen| chosen.as_ref().map(RuleRow::key) == Some(key));
                fill(row, known, self.session).attr_with("aria-selected", move || Some(is_chosen().to_string()))
            }
        })
    }
}

fn at(page: &RulePage, index: usize) -> Option<&RuleRow> {
    page.rows.get(index.checked_sub(page.first as usize)?)
}

fn fill(row: El, known: &RuleRow, session: Session) -> El {
    match known {
        RuleRow::Group { name, file, rules, .. } => {
            let words = format!("{}, {file}", plural(*rules as usize, "rule"));
            let hint = el("span").class("hint").attr("title", &words).text(&words);
            row.class_if("group", true).attr("data-group", name).child(el("strong").text(name)).child(hint)
        }
        RuleRow::Rule { state, rule, .. } => {
            let at = rule.last_evaluation.map_or_else(String::new, |at| format!("evaluated {}", session.datetime(at)));
            let second = if rule.last_error.is_empty() {
                el("code").attr("title", &rule.query).text(&rule.query)
            } else {
                el("span").class("problem").attr("title", &rule.last_error).text(&rule.last_error)
            };
            row.attr("data-rule", &rule.name)
                .child(state_mark(state.word(), state.word()))
                .child(el("strong").attr("title", &rule.name).text(&rule.name))
                .child(el("span").class("hint").text(&at))
                .child(second)
        }
    }
}
