//! A table of instant values: a column per label, the value last.

use crate::dom::{El, el};
use crate::protocol::ToWorker;
use crate::state::panel::{PanelView, Picture};
use crate::state::session::Session;
use engine::{PanelId, Placement};
use frame::SortedSet;
use frame::{Labels, is_gap};
use leptos::prelude::*;

/// Longer tables are cut, and say so: a page of a hundred thousand cells helps nobody.
const ROWS: usize = 500;

/// The last value of every series of `view`, as `format` writes it.
pub fn table(id: PanelId, view: ArcRwSignal<PanelView>, format: impl Fn(f64) -> String + 'static) -> El {
    // A table is as wide as it is and asks for one value a series: all the worker has to know is that it is there.
    Session::expect().send(&ToWorker::Place(id, Placement { width_px: 1, visible: true }));
    let scroll = el("div").class("table-scroll").attr("tabindex", "0");
    scroll.children_with(move || {
        let picture = view.with(|view| view.picture().cloned());
        picture.map_or_else(Vec::new, |picture| content(&picture, &format))
    })
}

/// The table, and a word on what was cut.
fn content(picture: &Picture, format: &dyn Fn(f64) -> String) -> Vec<El> {
    let series = &picture.head.series;
    let names: SortedSet<&str> = series.iter().flat_map(|series| series.labels.iter().map(|(name, _)| name)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let head = |name: &str| el("th").attr("scope", "col").text(name);
    let heads = el("tr").children(names.iter().map(|name| head(name))).child(head("Value").class("number"));
    let rows = series.iter().enumerate().take(ROWS).map(|(index, series)| {
        let value = picture.points(index).1.last().copied().filter(|value| !is_gap(*value));
        row(&names, &series.labels, &value.map_or_else(String::new, format))
    });
    let body = el("tbody").children(rows);
    let table = el("table").class("data").child(el("thead").child(heads)).child(body);
    let cut = (series.len() > ROWS).then(|| {
        let words = format!("First {ROWS} of {} series; narrow the query to see the others", series.len());
        el("p").class("hint empty").text(&words)
    });
    [table].into_iter().chain(cut).collect()
}

fn row(names: &[&str], labels: &Labels, value: &str) -> El {
    let cells = names.iter().map(|name| el("td").text(labels.get(name).unwrap_or_default()));
    el("tr").children(cells).child(el("td").class("number").text(value))
}
