//! The legend under or beside a chart: names, calcs, and which series are shown.

use crate::dom::{El, Memo, RwSignal, el};
use chart::Color;
use frame::SortedSet;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    pub name: String,
    pub color: Color,
    /// Formatted, one per column.
    pub calcs: Vec<String>,
}

/// Which series are hidden, by name.
pub type Hidden = RwSignal<SortedSet<String>>;

/// Builds a legend, to stand in a slot: a list, or with `table` a table; `columns` are the heads of its calcs.
///
/// It is built anew when other series come. New values only change its texts, so that a refresh takes neither the focus
/// nor a click from a button.
pub fn legend(
    entries: Memo<Vec<LegendEntry>>,
    columns: Vec<String>,
    table: bool,
    hidden: Hidden,
) -> impl Fn() -> Option<El> {
    let columns: Rc<[String]> = columns.into();
    let names =
        Memo::new(move |_| entries.with(|entries| entries.iter().map(|entry| entry.name.clone()).collect::<Vec<_>>()));
    move || {
        let names = names.get();
        let lines = names.iter().enumerate().map(|(index, name)| (Line { entries, index }, &**name));
        if !table {
            let items = lines.map(|(line, name)| item(line, name, &columns, hidden));
            return Some(el("div").class("legend list").children(items));
        }
        let head = |name: &str| el("th").attr("scope", "col").text(name);
        let heads = el("tr").child(head("Name")).children(columns.iter().map(|column| head(column)));
        let rows = lines.map(|(line, name)| row(line, name, columns.len(), hidden));
        let table = el("table").child(el("thead").child(heads)).child(el("tbody").children(rows));
        Some(el("div").class("legend").child(table))
    }
}

/// A line's place in the legend, which is read anew whenever an entry changes.
#[derive(Clone, Copy)]
struct Line {
    entries: Memo<Vec<LegendEntry>>,
    index: usize,
}

impl Line {
    fn color(self) -> String {
        self.entries.with(|entries| entries.get(self.index).map(|entry| entry.color.to_string())).unwrap_or_default()
    }

    fn calc(self, column: usize) -> String {
        self.entries.with(|entries| entries.get(self.index)?.calcs.get(column).cloned()).unwrap_or_default()
    }

    /// All calcs, each behind its column's head.
    fn calcs(self, columns: &[String]) -> String {
        columns.iter().enumerate().map(|(column, head)| format!(" {head}: {}", self.calc(column))).collect()
    }
}

fn item(line: Line, name: &str, columns: &Rc<[String]>, hidden: Hidden) -> El {
    let columns = columns.clone();
    let calcs = (!columns.is_empty()).then(|| el("span").class("hint").text_with(move || line.calcs(&columns)));
    toggle(line, name, hidden).children(calcs)
}

fn row(line: Line, name: &str, columns: usize, hidden: Hidden) -> El {
    let calcs = (0..columns).map(|column| el("td").text_with(move || line.calc(column)));
    el("tr").child(el("td").child(toggle(line, name, hidden))).children(calcs)
}

/// A click shows only this series, another one all; with Ctrl, Cmd or Shift it hides or shows just this one.
fn toggle(line: Line, name: &str, hidden: Hidden) -> El {
    let name: Rc<str> = name.into();
    let shown = {
        let name = name.clone();
        move || Some(hidden.with(|hidden| !is_hidden(hidden, &name)).to_string())
    };
    let toggle = el("button").attr("type", "button").attr("title", &name).attr_with("aria-pressed", shown);
    let swatch = el("span").class("swatch").style_with("color", move || line.color());
    let toggle = toggle.child(swatch).child(el("span").class("name").text(&name));
    toggle.on("click", move |event| {
        let event: &web_sys::MouseEvent = event.unchecked_ref();
        let single = event.ctrl_key() || event.meta_key() || event.shift_key();
        hidden.update(|hidden| if single { flip(hidden, &name) } else { isolate(hidden, &name) });
    })
}

/// Hidden names; an [`ONLY`] entry turns the set around: everything but the one name is hidden.
const ONLY: char = '\u{0}';

/// Whether the series `name` is hidden.
pub fn is_hidden(hidden: &SortedSet<String>, name: &str) -> bool {
    match hidden.iter().find_map(|entry| entry.strip_prefix(ONLY)) {
        Some(only) => only != name,
        None => hidden.contains(name),
    }
}

fn isolate(hidden: &mut SortedSet<String>, name: &str) {
    let only = format!("{ONLY}{name}");
    let was = hidden.contains(&only);
    hidden.clear();
    if !was {
        hidden.insert(only);
    }
}

fn flip(hidden: &mut SortedSet<String>, name: &str) {
    hidden.retain(|entry| !entry.starts_with(ONLY));
    if !hidden.remove(name) {
        hidden.insert(name.to_owned());
    }
}
