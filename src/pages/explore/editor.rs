//! The editor: a line per query, and how all of them are asked.

use super::asked::{Asked, MOST_QUERIES, Mode, Query, letter};
use super::field::Field;
use super::history::History;
use super::names::Names;
use super::share::share;
use super::{icons, metrics, mistake};
use crate::browser::url::Entry;
use crate::dom::{El, Memo, StoredValue, button, el, value_of};
use crate::ui::icon::{Shape, drawn_button, icon, icon_button};
use crate::ui::rows::rows;
use leptos::prelude::*;

/// The lines and the tools below them. What is typed runs on Ctrl+Enter, or when the field is left.
pub fn editor(asked: Asked, names: Names, history: History) -> El {
    let letters = move || (0..asked.lines()).map(letter).collect();
    // The line that gets the keyboard once it is there.
    let fresh = StoredValue::new(None);
    let is_full = move || asked.queries.with(|queries| queries.len() >= MOST_QUERIES);
    let add = move || {
        fresh.set_value(Some(untrack(|| asked.lines())));
        asked.edit(|queries| queries.push(Query::new("")));
    };
    let add = button("button").child(icon(Shape::Add)).text("Add query").flag_with("disabled", is_full).on_click(add);
    let tools = el("div")
        .class("tools counts")
        .child(add)
        .child(metrics::toggle(asked))
        .child(history.toggle())
        .child(modes(asked))
        .child(step(asked));
    let lines = rows(el("div").class("queries"), letters, move |index| Some(line(asked, names, index, fresh)));
    lines.child(tools.children(sources(asked)).children(share(asked)))
}

fn modes(asked: Asked) -> El {
    let modes = Mode::ALL.map(|(mode, word, label)| {
        let pressed = move || Some((asked.mode() == mode).to_string());
        button("button").attr_with("aria-pressed", pressed).text(label).on_click(move || asked.set_mode(word))
    });
    el("div").class("group").attr("role", "group").attr("aria-label", "Show as").children(modes)
}

/// The distance between points; a field that is left empty leaves it to the width.
fn step(asked: Asked) -> El {
    let is_wrong = move || !asked.step.with(String::is_empty) && asked.chosen_step().is_none();
    let input = duration(asked, "step", asked.step, is_wrong);
    let input = input.attr("placeholder", "auto").attr("title", "The time between points, such as 15s or 5m");
    el("label").class("field").text("Step ").child(input)
}

/// Which instant the table is of, counted back from the end of the range.
pub fn instant(asked: Asked) -> El {
    let is_wrong = move || !asked.ago.with(String::is_empty) && asked.table_ago().is_none();
    let input = duration(asked, "ago", asked.ago, is_wrong);
    let input =
        input.attr("placeholder", "0s").attr("title", "How long before the end of the range, such as 10m or 1d");
    el("label").class("field").text("Before the end ").child(input)
}

/// A field for a duration, which stands in the address as `param`.
fn duration(asked: Asked, param: &'static str, value: Memo<String>, is_wrong: impl Fn() -> bool + 'static) -> El {
    let input = el("input")
        .class("short")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr_with("aria-invalid", move || is_wrong().then(|| "true".to_owned()))
        .on("change", move |event| asked.set_param(Entry::Push, param, value_of(&event).trim().to_owned()));
    super::field::follow(&input, move || value.get());
    input
}

/// Which data source answers, where there are several.
fn sources(asked: Asked) -> Option<El> {
    let known = asked.session.config.with_value(|config| {
        let known = config.data_sources.iter().map(|source| (source.uid.clone(), source.name.clone()));
        known.collect::<Vec<_>>()
    });
    if known.len() < 2 {
        return None;
    }
    let options = move || {
        let chosen = asked.source.get();
        let option = |(uid, name): &(String, String)| {
            el("option").attr("value", uid).attr_if("selected", (*uid == chosen).then_some("")).text(name)
        };
        known.iter().map(option).collect()
    };
    let choose = move |event| asked.set_param(Entry::Push, "source", value_of(&event));
    let select = el("select").children_with(options).on("change", choose);
    Some(el("label").class("field").text("Data source ").child(select))
}

/// The line of query number `index`.
fn line(asked: Asked, names: Names, index: usize, fresh: StoredValue<Option<usize>>) -> El {
    let letter = letter(index);
    let field = Field::new(asked, names, index);
    if fresh.try_update_value(|fresh| fresh.take_if(|fresh| *fresh == index)).flatten().is_some() {
        field.focus_soon();
    }
    el("div")
        .class("query-row")
        .class_with("hidden-query", move || !asked.query(index).shown)
        .child(el("span").class("ref").attr("aria-hidden", "true").text(&letter))
        .child(field.build())
        .child(actions(asked, index, field, fresh))
        .child_with(move || complaint(asked, field))
}

fn actions(asked: Asked, index: usize, field: Field, fresh: StoredValue<Option<usize>>) -> El {
    let letter = letter(index);
    let action = |path: &str, what: &str| drawn_button(path, &format!("{what} query {letter}")).class_if("plain", true);
    let change = move |change: fn(&mut Query)| {
        asked.edit(|queries| {
            if let Some(query) = queries.get_mut(index) {
                change(query);
            }
        });
    };
    let toggle = action(icons::EYE, "Show")
        .attr_with("aria-pressed", move || Some(asked.query(index).shown.to_string()))
        .on_click(move || change(|query| query.shown = !query.shown));
    let format = action(icons::FORMAT, "Format")
        .flag_with("disabled", move || field.formatted().is_none())
        .on_click(move || field.format());
    let duplicate = action(icons::COPY, "Duplicate")
        .flag_with("disabled", move || asked.queries.with(|queries| queries.len() >= MOST_QUERIES))
        .on_click(move || {
            fresh.set_value(Some(index + 1));
            asked.edit(|queries| queries.insert(index + 1, queries.get(index).cloned().unwrap_or(Query::new(""))));
        });
    let remove = icon_button(Shape::Close, &format!("Remove query {letter}"))
        .class_if("plain", true)
        .flag_with("disabled", move || asked.queries.with(|queries| queries.len() <= 1))
        .on_click(move || {
            asked.edit(|queries| {
                if index < queries.len() {
                    queries.remove(index);
                }
            });
        });
    el("div").class("actions").children([toggle, format, duplicate, remove])
}

/// What is wrong with what stands in the field, and a way to have the server say it.
fn complaint(asked: Asked, field: Field) -> Option<El> {
    let text = field.text();
    let found = mistake::first(&text)?;
    let words = el("div").class("problem").attr("id", &field.complaint_id()).text(&mistake::words(&text, &found));
    let is_refused = found.severity == promql::Severity::Error && !asked.insists(&text);
    let insist = is_refused.then(|| {
        let ask = move || {
            asked.insist(field.text_untracked());
            field.run();
        };
        button("button plain small").text("Ask the server anyway").on_click(ask)
    });
    Some(words.children(insist))
}

/// Asks everything again, for who runs what has not changed.
pub fn ask_again(asked: Asked) {
    asked.session.refresh();
}
