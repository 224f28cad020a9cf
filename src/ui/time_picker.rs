//! The time range and the refresh interval: shown, shifted, zoomed.

use crate::browser::url::Entry;
use crate::dom::{El, Memo, RwSignal, el, on_leave, react, value_of};
use crate::parts;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon, icon_button};
use crate::ui::popover::Popover;
use dashboard::time::RawRange;
use frame::Zone;
use leptos::prelude::*;

/// Refresh intervals, in Grafana's words; an empty one is off.
const INTERVALS: [&str; 8] = ["", "5s", "10s", "30s", "1m", "5m", "15m", "1h"];

/// The range picker with its shift and zoom buttons. What opens under it is a part of its own.
pub fn time_picker(session: Session, range: Memo<RawRange>) -> El {
    react(move || session.asked.set(Some(range.get())));
    on_leave(move || session.asked.set(None));
    let zone_word = move || match session.zone() {
        Zone::Browser => String::new(),
        Zone::Utc => " UTC".to_owned(),
        Zone::Named(name) => format!(" {name}"),
    };
    let text = move || format!("{}{}", range.with(|range| session.range_words(range)), zone_word());
    let shift = move |quarters: i64, grow: i64| {
        if let Some(current) = untrack(|| session.resolve(&range.get())) {
            session.shift_range(current, quarters, grow);
        }
    };
    let open = RwSignal::new(false);
    let popover = Popover {
        open,
        label: Box::new(move || format!("Time range: {}", text())),
        face: vec![icon(Shape::Clock), el("span").text_with(text)],
        class: "",
        end: false,
    };
    el("div")
        .class("group")
        .child(icon_button(Shape::Back, "Earlier by a half").on_click(move || shift(-2, 0)))
        .child(popover.build(move || parts::range_form(range, open)))
        .child(icon_button(Shape::Forward, "Later by a half").on_click(move || shift(2, 0)))
        .child(icon_button(Shape::ZoomOut, "Zoom out to twice the range").on_click(move || shift(0, 2)))
}

/// Refresh now, and how often by itself.
pub fn refresh_picker(session: Session, refresh: Memo<String>) -> El {
    let choose = move |event: web_sys::Event| {
        let interval = value_of(&event);
        session.edit_params(Entry::Replace, |params| params.set("refresh", [interval]));
    };
    let options = move || {
        let chosen = refresh.get();
        let other = (!INTERVALS.contains(&chosen.as_str())).then_some(chosen.as_str());
        let option = |interval: &str| {
            let words = if interval.is_empty() { "Off" } else { interval };
            el("option").attr("value", interval).attr_if("selected", (interval == chosen).then_some("")).text(words)
        };
        INTERVALS.into_iter().chain(other).map(option).collect()
    };
    let select = el("select").attr("aria-label", "Refresh every").attr("title", "Refresh every");
    el("div")
        .class("group")
        .child(icon_button(Shape::Refresh, "Refresh now").on_click(move || session.refresh()))
        .child(select.children_with(options).on("change", choose))
}
