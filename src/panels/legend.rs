//! The legend under or beside a chart: names, calcs, and which series are shown.

use crate::view::view;
use chart::Color;
use leptos::prelude::*;
use std::collections::BTreeSet;

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    pub name: String,
    pub color: Color,
    /// Formatted, one per column.
    pub calcs: Vec<String>,
}

/// Which series are hidden, by name.
pub type Hidden = RwSignal<BTreeSet<String>>;

/// A list, or a table where there are calcs.
#[component]
pub fn Legend(
    entries: Memo<Vec<LegendEntry>>,
    /// Heads of the calc columns; none makes a list.
    columns: Vec<String>,
    /// Values in columns even below the chart.
    table: bool,
    hidden: Hidden,
) -> impl IntoView {
    move || {
        let entries = entries.get();
        if !table {
            let items = entries.iter().map(|entry| item(entry, &columns, hidden)).collect_view();
            return view! { <div class="legend list">{items}</div> };
        }
        let heads = columns.iter().map(|column| view! { <th scope="col">{column.clone()}</th> }).collect_view();
        let rows = entries
            .iter()
            .map(|entry| {
                let calcs = entry.calcs.iter().map(|calc| view! { <td>{calc.clone()}</td> }).collect_view();
                view! { <tr><td>{toggle(entry, hidden, String::new())}</td>{calcs}</tr> }
            })
            .collect_view();
        view! {
            <div class="legend">
                <table><thead><tr><th scope="col">"Name"</th>{heads}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        }
    }
}

fn item(entry: &LegendEntry, columns: &[String], hidden: Hidden) -> AnyView {
    let calcs = columns.iter().zip(&entry.calcs).map(|(column, calc)| format!(" {column}: {calc}"));
    toggle(entry, hidden, calcs.collect())
}

/// A click shows only this series, another one all; with Ctrl, Cmd or Shift it hides or shows just this one.
fn toggle(entry: &LegendEntry, hidden: Hidden, suffix: String) -> AnyView {
    let (name, color) = (entry.name.clone(), entry.color);
    let shown = {
        let name = name.clone();
        move || hidden.with(|hidden| !is_hidden(hidden, &name))
    };
    let click = {
        let name = name.clone();
        move |event: web_sys::MouseEvent| {
            let single = event.ctrl_key() || event.meta_key() || event.shift_key();
            hidden.update(|hidden| if single { flip(hidden, &name) } else { isolate(hidden, &name) });
        }
    };
    view! {
        <button type="button" aria-pressed=move || shown().to_string() title=name.clone() on:click=click>
            <span class="swatch" style:color=color.to_string()></span>
            <span class="name">{name.clone()}</span>
            {(!suffix.is_empty()).then(|| view! { <span class="hint">{suffix}</span> })}
        </button>
    }
}

/// Hidden names; an [`ONLY`] entry turns the set around: everything but the one name is hidden.
const ONLY: char = '\u{0}';

/// Whether the series `name` is hidden.
pub fn is_hidden(hidden: &BTreeSet<String>, name: &str) -> bool {
    match hidden.iter().find_map(|entry| entry.strip_prefix(ONLY)) {
        Some(only) => only != name,
        None => hidden.contains(name),
    }
}

fn isolate(hidden: &mut BTreeSet<String>, name: &str) {
    let only = format!("{ONLY}{name}");
    let was = hidden.contains(&only);
    hidden.clear();
    if !was {
        hidden.insert(only);
    }
}

fn flip(hidden: &mut BTreeSet<String>, name: &str) {
    hidden.retain(|entry| !entry.starts_with(ONLY));
    if !hidden.remove(name) {
        hidden.insert(name.to_owned());
    }
}
