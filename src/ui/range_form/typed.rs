//! The two ends of a range, typed, and what they stand for.

use super::Draft;
use crate::dom::{El, Memo, el, value_of};
use crate::state::recent;
use leptos::prelude::*;
use web_sys::Event;

/// Two fields, and a button that shows the range once it is one.
pub fn ends(draft: Draft) -> El {
    let submit = move |event: Event| {
        event.prevent_default();
        let Some(range) = untrack(|| draft.range()) else { return };
        if !range.is_relative() {
            recent::RANGES.add(&format!("{} {}", range.from, range.to));
        }
        draft.show(range);
    };
    let ready = Memo::new(move |_| draft.range().is_some());
    let show = el("button").class("button primary").attr("type", "submit").text("Show range");
    el("form")
        .child(end(draft, "From", 0))
        .child(end(draft, "To", 1))
        .child(show.flag_with("disabled", move || !ready.get()))
        .on("submit", submit)
}

/// One end, and below it what it stands for or what is wrong with it.
fn end(draft: Draft, word: &'static str, index: usize) -> El {
    let meaning = Memo::new(move |_| meaning(draft, index));
    let typed = move |event: Event| {
        draft.texts.update(|texts| {
            if let Some(text) = texts.get_mut(index) {
                *text = value_of(&event);
            }
        });
    };
    let id = format!("range-{index}");
    let input = el("input")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("aria-describedby", &id)
        .attr_with("aria-invalid", move || Some(meaning.with(Result::is_err).to_string()))
        .value_with(move || draft.texts.with(|texts| texts.get(index).cloned().unwrap_or_default()))
        .on("input", typed);
    let said = el("span")
        .attr("id", &id)
        .class("hint")
        .class_with("problem", move || meaning.with(Result::is_err))
        .text_with(move || meaning.with(|meaning| meaning.clone().unwrap_or_else(|problem| problem)));
    el("label").text(word).child(input).child(said)
}

/// The time that an end stands for, or what is wrong with it.
fn meaning(draft: Draft, index: usize) -> Result<String, String> {
    let [start, end] = draft.ends();
    let is_end = index == 1;
    let at = if is_end { end } else { start };
    match (at, start) {
        (Err(problem), _) => Err(problem.to_string()),
        (Ok(at), Ok(start)) if is_end && at <= start => Err("It ends before it starts".to_owned()),
        (Ok(at), _) => Ok(draft.session.datetime(at)),
    }
}
