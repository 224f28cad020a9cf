//! A table of instant values: a column per label, the value last.

use crate::protocol::ToWorker;
use crate::state::panel::PanelView;
use crate::state::session::Session;
use crate::view::view;
use engine::{PanelId, Placement};
use frame::{Labels, is_gap};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// Longer tables are cut, and say so: a page of a hundred thousand cells helps nobody.
const ROWS: usize = 500;

/// The last value of every series of `view`.
#[component]
pub fn Table(id: PanelId, view: ArcRwSignal<PanelView>, format: Callback<f64, String>) -> impl IntoView {
    // A table is as wide as it is and asks for one value a series: all the worker has to know is that it is there.
    Session::expect().send(&ToWorker::Place(id, Placement { width_px: 1, visible: true }));
    move || {
        let picture = view.with(|view| view.picture().cloned())?;
        let series = &picture.head.series;
        let names: BTreeSet<&str> =
            series.iter().flat_map(|series| series.labels.iter().map(|(name, _)| name)).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let rows = series
            .iter()
            .enumerate()
            .take(ROWS)
            .map(|(index, series)| {
                let value = picture.points(index).1.last().copied().filter(|value| !is_gap(*value));
                row(&names, &series.labels, &value.map_or_else(String::new, |value| format.run(value)))
            })
            .collect_view();
        let heads = names.iter().map(|name| view! { <th scope="col">{(*name).to_owned()}</th> }).collect_view();
        let cut = (series.len() > ROWS).then(|| {
            view! { <p class="hint empty">{format!("First {ROWS} of {} series; narrow the query to see the others", series.len())}</p> }
        });
        Some(view! {
            <div class="table-scroll" tabindex="0">
                <table class="data"><thead><tr>{heads}<th scope="col" class="number">"Value"</th></tr></thead><tbody>{rows}</tbody></table>
                {cut}
            </div>
        })
    }
}

fn row(names: &[&str], labels: &Labels, value: &str) -> AnyView {
    let cells =
        names.iter().map(|name| view! { <td>{labels.get(name).unwrap_or_default().to_owned()}</td> }).collect_view();
    view! { <tr>{cells}<td class="number">{value.to_owned()}</td></tr> }
}
