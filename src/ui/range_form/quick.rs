//! Ranges to pick: the dashboard's own, the usual ones, and those that were typed last.

use super::Draft;
use crate::dom::{El, Memo, RwSignal, StoredValue, button, el, value_of};
use crate::state::recent;
use crate::ui::words::has_words;
use dashboard::time::RawRange;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// The usual ranges.
pub const QUICK: [(&str, &str); 23] = [
    ("now-5m", "now"),
    ("now-15m", "now"),
    ("now-30m", "now"),
    ("now-1h", "now"),
    ("now-3h", "now"),
    ("now-6h", "now"),
    ("now-12h", "now"),
    ("now-24h", "now"),
    ("now-2d", "now"),
    ("now-7d", "now"),
    ("now-30d", "now"),
    ("now-90d", "now"),
    ("now-6M", "now"),
    ("now-1y", "now"),
    ("now/d", "now"),
    ("now/d", "now/d"),
    ("now-1d/d", "now-1d/d"),
    ("now-7d/d", "now-7d/d"),
    ("now/w", "now"),
    ("now-1w/w", "now-1w/w"),
    ("now/M", "now"),
    ("now-1M/M", "now-1M/M"),
    ("now/y", "now"),
];

/// A range with a name.
#[derive(Clone, PartialEq)]
struct Named {
    /// What stands above the first of its kind.
    kind: &'static str,
    words: String,
    range: RawRange,
}

/// A field to search in them, of which Enter takes the first, and the ranges.
pub fn ranges(draft: Draft) -> (El, El) {
    let all = StoredValue::new(all(draft));
    let sought = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let sought = sought.get();
        all.with_value(|all| all.iter().filter(|named| has_words(&named.words, &sought)).cloned().collect::<Vec<_>>())
    });
    let list = el("ul").children_with(move || found.with(|found| rows(draft, found)));
    let first = move |event: Event| {
        if event.unchecked_ref::<KeyboardEvent>().key() == "Enter"
            && let Some(first) = found.with_untracked(|found| found.first().cloned())
        {
            draft.show(first.range);
        }
    };
    let input = el("input")
        .attr("type", "search")
        .attr("placeholder", "Find a range")
        .attr("aria-label", "Find a range")
        .on("input", move |event| sought.set(value_of(&event)))
        .on("keydown", first);
    (input, list)
}

fn all(draft: Draft) -> Vec<Named> {
    let session = draft.session;
    let own = session.wishes.with_untracked(|wishes| wishes.quick_ranges.clone());
    let own = own.into_iter().map(|(words, range)| Named { kind: "This dashboard's", words, range });
    let usual = QUICK.map(|(from, to)| {
        let range = RawRange::new(from, to);
        Named { kind: "", words: range.describe(), range }
    });
    let recent = recent::RANGES.list().into_iter().filter_map(|text| {
        let (from, to) = text.split_once(' ')?;
        let range = RawRange::new(from, to);
        Some(Named { kind: "Recent", words: untrack(|| session.range_words(&range)), range })
    });
    own.chain(recent).chain(usual).collect()
}

fn rows(draft: Draft, found: &[Named]) -> Vec<El> {
    if found.is_empty() {
        return vec![el("li").class("hint").text("No range is called so")];
    }
    let mut kind = "";
    let mut rows = Vec::new();
    for named in found {
        if named.kind != kind {
            kind = named.kind;
            let head =
                if kind.is_empty() { el("li").attr("role", "separator") } else { el("li").class("hint").text(kind) };
            rows.push(head);
        }
        let range = named.range.clone();
        let current = draft.shown.with_untracked(|shown| *shown == range).to_string();
        let item = button("menu-item").attr("aria-current", &current).text(&named.words);
        rows.push(el("li").child(item.on_click(move || draft.show(range.clone()))));
    }
    rows
}
