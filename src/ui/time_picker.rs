//! The time range and the refresh interval: typed, picked, shifted, zoomed.

use crate::browser::{clock, url::Entry, zones::BrowserZones};
use crate::dom::{El, button, el, value_of};
use crate::protocol::ToWorker;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon, icon_button};
use crate::ui::popover::Popover;
use dashboard::time::RawRange;
use frame::Zone;
use leptos::prelude::*;

/// Ranges that end now.
pub const QUICK: [(&str, &str); 11] = [
    ("now-5m", "Last 5 minutes"),
    ("now-15m", "Last 15 minutes"),
    ("now-30m", "Last 30 minutes"),
    ("now-1h", "Last 1 hour"),
    ("now-3h", "Last 3 hours"),
    ("now-6h", "Last 6 hours"),
    ("now-12h", "Last 12 hours"),
    ("now-24h", "Last 24 hours"),
    ("now-2d", "Last 2 days"),
    ("now-7d", "Last 7 days"),
    ("now/d", "Today so far"),
];

/// Refresh intervals, in Grafana's words; an empty one is off.
const INTERVALS: [&str; 8] = ["", "5s", "10s", "30s", "1m", "5m", "15m", "1h"];

/// The range picker with its shift and zoom buttons.
pub fn time_picker(session: Session, range: Memo<RawRange>) -> El {
    let zone_word = move || match session.zone() {
        Zone::Browser => String::new(),
        Zone::Utc => " UTC".to_owned(),
        Zone::Named(name) => format!(" {name}"),
    };
    let text = move || format!("{}{}", format_range(&range.get(), &session.zone()), zone_word());
    let shift = move |quarters: i64, grow: i64| {
        let current = range.get_untracked().resolve(clock::now(), &untrack(|| session.zone()), &BrowserZones);
        if let Some(current) = current {
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
        .child(popover.build(move || range_form(session, range, open)))
        .child(icon_button(Shape::Forward, "Later by a half").on_click(move || shift(2, 0)))
        .child(icon_button(Shape::ZoomOut, "Zoom out to twice the range").on_click(move || shift(0, 2)))
}

/// Relative ranges in words, absolute ones as times in `zone`.
fn format_range(range: &RawRange, zone: &Zone) -> String {
    if let Some((_, words)) = QUICK.iter().find(|(from, _)| *from == range.from && range.to == "now") {
        return (*words).to_owned();
    }
    format!("{} to {}", format_instant(&range.from, zone), format_instant(&range.to, zone))
}

/// An end of a range as it is shown: epoch milliseconds as a time in `zone`, anything else as it is written.
fn format_instant(text: &str, zone: &Zone) -> String {
    match text.parse::<i64>() {
        Ok(millis) => format::datetime(frame::Millis(millis), zone, &BrowserZones, format::DateStyle::Full),
        Err(_) => text.to_owned(),
    }
}

/// The popover: quick ranges, and a form for any other.
fn range_form(session: Session, range: Memo<RawRange>, open: RwSignal<bool>) -> El {
    let set = move |from: String, to: String| {
        session.set_range(from, to);
        open.set(false);
    };
    let quick = QUICK.iter().map(|&(from, words)| {
        let current = move || Some(range.with(|range| range.from == from && range.to == "now").to_string());
        let item = button("menu-item").attr_with("aria-current", current).text(words);
        el("li").child(item.on_click(move || set(from.to_owned(), "now".to_owned())))
    });
    let picker = el("div").class("time-picker").child(typed_range(session, range, set));
    picker.child(el("ul").children(quick))
}

/// Two texts and what they stand for; `set` takes them once they make a range.
fn typed_range(session: Session, range: Memo<RawRange>, set: impl Fn(String, String) + 'static) -> El {
    let zone = move || untrack(|| session.zone());
    let written = range.with_untracked(|range| [&range.from, &range.to].map(|text| format_instant(text, &zone())));
    let texts = RwSignal::new(written);
    let resolve = move |[from, to]: [String; 2]| {
        let range = RawRange { from, to }.resolve(clock::now(), &zone(), &BrowserZones);
        range.filter(|range| range.start < range.end)
    };
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        let [from, to] = texts.get_untracked();
        let Some(resolved) = resolve([from.clone(), to.clone()]) else { return };
        // Relative texts stay relative; everything else becomes an instant, which means the same in every zone.
        let keep = |text: &str, at: frame::Millis| {
            if text.contains("now") { text.trim().to_owned() } else { at.0.to_string() }
        };
        set(keep(&from, resolved.start), keep(&to, resolved.end));
    };
    let input = |word: &str, index: usize| {
        let value = texts.with_untracked(|texts| texts.get(index).cloned().unwrap_or_default());
        let typed = move |event: web_sys::Event| {
            texts.update(|texts| {
                if let Some(text) = texts.get_mut(index) {
                    *text = value_of(&event);
                }
            });
        };
        let input = el("input").attr("spellcheck", "false").attr("autocomplete", "off");
        el("label").text(word).child(input.prop("value", &value.into()).on("input", typed))
    };
    let hint = move || match resolve(texts.get()) {
        Some(_) => "Such as now-6h, now/d or 2026-11-20 14:00".to_owned(),
        None => "Not a range: from has to lie before to, each such as now-6h or 2026-11-20 14:00".to_owned(),
    };
    el("form")
        .child(input("From ", 0))
        .child(input("To ", 1))
        .child(el("p").class("hint").text_with(hint))
        .child(
            el("button")
                .class("button primary")
                .attr("type", "submit")
                .flag_with("disabled", move || resolve(texts.get()).is_none())
                .text("Show range"),
        )
        .child(zone_choice(session))
        .on("submit", submit)
}

/// The browser's zone or UTC.
fn zone_choice(session: Session) -> El {
    let choice = |words: &str, zone: &'static str, is_utc: bool| {
        let pressed = move || Some((is_utc == (session.zone() == Zone::Utc)).to_string());
        let choose = move || session.edit_params(Entry::Replace, |params| params.set("timezone", [zone.to_owned()]));
        button("button").attr_with("aria-pressed", pressed).text(words).on_click(choose)
    };
    let group = el("div").class("group").child(choice("Browser zone", "browser", false));
    group.child(choice("UTC", "utc", true))
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
        .child(icon_button(Shape::Refresh, "Refresh now").on_click(move || session.send(&ToWorker::Refresh)))
        .child(select.children_with(options).on("change", choose))
}
