//! The table of one instant: sorted by a press on a head, copied as text.

use super::asked::{Asked, Query, letter};
use super::cells::{Cells, Row, Sorting, VALUE, caption};
use super::editor::instant;
use crate::browser::url::Entry;
use crate::dom::{ArcRwSignal, El, Memo, button, el};
use crate::protocol::ToWorker;
use crate::state::panel::PanelView;
use crate::ui::copy::copy_button;
use engine::{PanelId, Placement};
use format::number::shortest;
use std::sync::Arc;

/// Longer tables are cut, and say so; what is copied is whole.
const MOST_ROWS: usize = 500;

/// The table of `view`.
pub fn table(asked: Asked, id: PanelId, view: ArcRwSignal<PanelView>) -> El {
    // A table is as wide as it is and asks for one value a series: all the worker has to know is that it is there.
    asked.session.send(&ToWorker::Place(id, Placement { width_px: 1, visible: true }));
    let sorting =
        Memo::new(move |_| asked.session.route.with(|route| route.params.get("sort").and_then(Sorting::parse)));
    let cells = Memo::new(move |_| {
        let picture = view.with(|view| view.picture().cloned());
        let cells = picture.map(|picture| Cells::of(&picture, &letters(asked))).unwrap_or_default();
        Arc::new(cells.sorted(sorting.get().as_ref()))
    });
    let table = el("table").class("data").child(head(asked, cells, sorting)).child(body(cells));
    let scroll =
        el("div").class("table-scroll").attr("tabindex", "0").attr("role", "region").attr("aria-label", "Results");
    el("div").class("results-table").child(tools(asked, cells)).child(scroll.child(table)).child_with(move || {
        let count = cells.with(|cells| cells.rows.len());
        let words = format!("First {MOST_ROWS} of {count} series; sort, or narrow the query, to see others");
        (count > MOST_ROWS).then(|| el("p").class("hint empty").text(&words))
    })
}

/// What the queries that are asked are called.
fn letters(asked: Asked) -> Vec<String> {
    asked.queries.with(|queries| {
        let of_asked = queries.iter().enumerate().filter(|(_, query): &(usize, &Query)| asked.is_asked(query));
        of_asked.map(|(index, _)| letter(index)).collect()
    })
}

/// The heads. They stay while only values change, so that a refresh takes the focus from none.
fn head(asked: Asked, cells: Memo<Arc<Cells>>, sorting: Memo<Option<Sorting>>) -> El {
    let heads = Memo::new(move |_| cells.with(|cells| cells.heads.clone()));
    let head = move |head: &str| {
        let (name, next) = (head.to_owned(), head.to_owned());
        let sort = move || {
            let now = sorting.get()?;
            let direction = if now.descending { "descending" } else { "ascending" };
            (now.head == name).then(|| direction.to_owned())
        };
        let press = move || {
            let next = sorting.with_untracked(|now| Sorting::after(now.as_ref(), &next));
            asked.set_param(Entry::Replace, "sort", next);
        };
        let button = button("sort").text(caption(head)).on_click(press);
        let cell = el("th").attr("scope", "col").class_if("number", head == VALUE);
        cell.attr_with("aria-sort", sort).child(button)
    };
    let row = move || heads.with(|heads| heads.iter().map(String::as_str).chain([VALUE]).map(head).collect());
    el("thead").child(el("tr").children_with(row))
}

fn body(cells: Memo<Arc<Cells>>) -> El {
    let row = |row: &Row| {
        let texts = row.texts.iter().map(|text| el("td").text(text));
        let value = row.value.map_or_else(String::new, shortest);
        el("tr").children(texts).child(el("td").class("number").text(&value))
    };
    el("tbody").children_with(move || cells.with(|cells| cells.rows.iter().take(MOST_ROWS).map(row).collect()))
}

/// Which instant is shown, and ways to take it elsewhere.
fn tools(asked: Asked, cells: Memo<Arc<Cells>>) -> El {
    let text = move |separator: char| move || Some(cells.with_untracked(|cells| cells.text(separator, shortest)));
    el("div")
        .class("tools counts")
        .child(instant(asked))
        .child(copy_button("Copy", "Copy the table for a spreadsheet", "To copy", text('\t')))
        .child(copy_button("Copy as CSV", "Copy the table as comma-separated values", "To copy", text(',')))
}
