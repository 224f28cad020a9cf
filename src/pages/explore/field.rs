//! The field of a query: a text area that shows, in a text behind it, what its parts are and where a mistake is.

use super::asked::{Asked, letter};
use super::names::Names;
use super::popup::Popup;
use super::{editor, mistake, paint, pairs};
use crate::browser::text_area;
use crate::dom::{El, RwSignal, StoredValue, el, react, value_of};
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

/// The field of a query; copying it copies handles.
#[derive(Clone, Copy)]
pub struct Field {
    asked: Asked,
    index: usize,
    /// What stands in it, run or not.
    typed: RwSignal<String>,
    /// Where the caret is, in bytes; none while the keyboard is elsewhere.
    caret: RwSignal<Option<usize>>,
    area: StoredValue<El>,
    popup: Popup,
}

/// Keeps the value of `input` as `value` says.
pub fn follow(input: &El, value: impl Fn() -> String + 'static) {
    let input = input.clone();
    react(move || drop(input.clone().prop("value", &value().into())));
}

impl Field {
    /// The field of query number `index`, which follows the address.
    pub fn new(asked: Asked, names: Names, index: usize) -> Self {
        let (typed, caret) = (RwSignal::new(String::new()), RwSignal::new(None));
        Self { asked, index, typed, caret, area: StoredValue::new(el("textarea")), popup: Popup::new(names) }
    }

    /// What stands in it.
    pub fn text(self) -> String {
        self.typed.get()
    }

    /// The same, for who does not want to know of changes.
    pub fn text_untracked(self) -> String {
        self.typed.get_untracked()
    }

    /// The id of what is said about the text.
    pub fn complaint_id(self) -> String {
        format!("complaint-{}", letter(self.index))
    }

    /// Gives it the keyboard once it is in the page.
    pub fn focus_soon(self) {
        leptos::task::spawn_local(async move {
            // The row may be gone again by then.
            let _ = self.area.try_with_value(El::focus);
        });
    }

    /// Puts what was typed into the address, and so asks for it; what has not changed is asked again.
    pub fn run(self) {
        if !self.commit() {
            editor::ask_again(self.asked);
        }
    }

    /// Puts what was typed into the address; false where it stands there already.
    fn commit(self) -> bool {
        let text = self.typed.get_untracked();
        let is_new = text != untrack(|| self.asked.query(self.index)).expr;
        if is_new {
            self.asked.edit(|queries| {
                if let Some(query) = queries.get_mut(self.index) {
                    query.expr = text;
                }
            });
        }
        is_new
    }

    /// The text as Prometheus would write it, where that is something else and loses no comment.
    pub fn formatted(self) -> Option<String> {
        self.typed.with(|text| {
            let formatted = promql::print::format(text).ok()?;
            (formatted != *text && !promql::print::has_comments(text)).then_some(formatted)
        })
    }

    /// Writes it as Prometheus would.
    pub fn format(self) {
        if let Some(text) = untrack(|| self.formatted()) {
            let end = self.typed.with_untracked(String::len);
            self.replace(0..end, &text, text.len());
            self.popup.close();
        }
    }

    /// Puts `text` in the place of `range`, as if it were typed, and the caret behind `caret` bytes of it.
    pub fn replace(self, range: Range<usize>, text: &str, caret: usize) {
        text_area::replace(&self.node(), range, text, caret);
        self.note_caret();
    }

    /// Offers what fits where the caret is.
    pub fn offer(self, is_asked_for: bool) {
        self.typed.with_untracked(|text| self.popup.offer(text, self.caret.get_untracked(), is_asked_for));
    }

    fn node(self) -> HtmlTextAreaElement {
        self.area.with_value(El::node)
    }

    /// The field with its text behind it.
    pub fn build(self) -> El {
        let letter = letter(self.index);
        let drawn = el("pre").class("drawn").attr("aria-hidden", "true").children_with(move || self.drawn());
        let area = self.area.with_value(El::clone);
        react({
            let area = area.clone();
            move || {
                let text = self.asked.query(self.index).expr;
                drop(area.clone().prop("value", &text.as_str().into()));
                self.typed.set(text);
            }
        });
        let is_wrong = move || self.typed.with(|text| mistake::mistake(text).is_some());
        let area = area
            .attr("rows", "1")
            .attr("spellcheck", "false")
            .attr("autocomplete", "off")
            .attr("autocapitalize", "off")
            .attr("placeholder", "PromQL, such as sum by (service) (rate(requests_total[5m]))")
            .attr("aria-label", &format!("Query {letter}"))
            .attr("aria-autocomplete", "list")
            .attr("aria-haspopup", "listbox")
            .attr_with("aria-controls", {
                let letter = letter.clone();
                move || self.popup.is_open().then(|| self.popup.list_id(&letter))
            })
            .attr_with("aria-activedescendant", {
                let letter = letter.clone();
                move || self.popup.chosen_id(&letter)
            })
            .attr_with("aria-invalid", move || is_wrong().then(|| "true".to_owned()))
            .attr_with("aria-describedby", move || is_wrong().then(|| self.complaint_id()))
            .on("input", move |event| {
                self.typed.set(value_of(&event));
                self.note_caret();
                self.offer(false);
            })
            .on("keydown", move |event| {
                if self.key(event.unchecked_ref()) {
                    event.prevent_default();
                }
            })
            .on("keyup", move |_| self.note_caret())
            .on("click", move |_| {
                self.note_caret();
                self.popup.close();
            })
            .on("focus", move |_| {
                self.note_caret();
                self.asked.focused.set(self.index);
            })
            .on("blur", move |_| {
                self.caret.set(None);
                self.popup.close();
            })
            .on("change", move |_| {
                self.commit();
            });
        el("div").class("query-field").child(drawn).child(area).child(self.popup.build(self, &letter))
    }

    fn note_caret(self) {
        let selected = text_area::selection(&self.node());
        let caret = selected.is_empty().then_some(selected.start);
        if self.caret.get_untracked() != caret {
            self.caret.set(caret);
        }
    }

    /// Does what a key means here; whether it means anything.
    fn key(self, key: &KeyboardEvent) -> bool {
        let with_ctrl = key.ctrl_key() || key.meta_key();
        if key.is_composing() {
            return false;
        }
        match key.key().as_str() {
            "Enter" if with_ctrl || key.shift_key() => {
                self.popup.close();
                self.run();
            }
            " " if with_ctrl => {
                self.note_caret();
                self.offer(true);
            }
            _ if self.popup.key(self, key) => {}
            pressed => return !with_ctrl && !key.alt_key() && self.pair(pressed),
        }
        true
    }

    /// Brackets and quotes go in pairs; whether `key` was about that.
    fn pair(self, key: &str) -> bool {
        let selected = text_area::selection(&self.node());
        let edit = self.typed.with_untracked(|text| pairs::press(text, selected, key));
        let is_edit = edit.is_some();
        if let Some(edit) = edit {
            self.replace(edit.range, &edit.text, edit.caret);
            self.offer(false);
        }
        is_edit
    }

    /// The text in pieces. It ends in a blank of no width, so that a line end at its end makes a line.
    fn drawn(self) -> Vec<El> {
        let text = self.typed.get();
        let wrong = mistake::first(&text).map(|found| found.span);
        let pieces = paint::pieces(&text, self.caret.get(), wrong);
        let end = el("span").text("\u{200b}");
        let drawn = pieces.iter().map(|piece| el("span").class(piece.class).text(piece.span.of(&text)));
        drawn.chain([end]).collect()
    }
}
