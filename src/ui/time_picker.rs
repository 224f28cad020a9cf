//! The time range and the refresh interval: typed, picked, shifted, zoomed.

use crate::browser::{clock, url::Entry, zones::BrowserZones};
use crate::protocol::ToWorker;
use crate::state::session::Session;
use crate::ui::icon::{Icon, Shape};
use crate::ui::popover::Popover;
use crate::view::view;
use dashboard::time::RawRange;
use frame::{TimeRange, Zone};
use leptos::prelude::*;

/// Ranges that end now.
const QUICK: [(&str, &str); 11] = [
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
#[component]
pub fn TimePicker(range: Memo<RawRange>) -> impl IntoView {
    let session = Session::expect();
    let open = RwSignal::new(false);
    let zone_word = move || match session.zone() {
        Zone::Browser => String::new(),
        Zone::Utc => " UTC".to_owned(),
        Zone::Named(name) => format!(" {name}"),
    };
    let text = Signal::derive(move || format!("{}{}", format_range(&range.get(), &session.zone()), zone_word()));
    let label = Signal::derive(move || format!("Time range: {}", text.get()));
    let resolve = move || range.get_untracked().resolve(clock::now(), &session.zone(), &BrowserZones);
    let shift = move |quarters: i64, grow: i64| {
        if let Some(current) = resolve() {
            let by = current.millis() / 4;
            let start = current.start.plus(by * (quarters - grow));
            let end = current.end.plus(by * (quarters + grow));
            session.set_absolute_range(TimeRange { start, end });
        }
    };
    view! {
        <div class="group">
            <button class="button icon-only" type="button" aria-label="Earlier" title="Earlier by a half" on:click=move |_| shift(-2, 0)>
                <Icon shape=Shape::Back />
            </button>
            <Popover open label button=view! { <Icon shape=Shape::Clock /><span>{text}</span> }>
                <RangeForm range open />
            </Popover>
            <button class="button icon-only" type="button" aria-label="Later" title="Later by a half" on:click=move |_| shift(2, 0)>
                <Icon shape=Shape::Forward />
            </button>
            <button class="button icon-only" type="button" aria-label="Zoom out" title="Zoom out to twice the range" on:click=move |_| shift(0, 2)>
                <Icon shape=Shape::ZoomOut />
            </button>
        </div>
    }
}

/// Relative ranges in words, absolute ones as times in `zone`.
fn format_range(range: &RawRange, zone: &Zone) -> String {
    if let Some((_, words)) = QUICK.iter().find(|(from, _)| *from == range.from && range.to == "now") {
        return (*words).to_owned();
    }
    let part = |text: &str| match text.parse::<i64>() {
        Ok(millis) => format::datetime(frame::Millis(millis), zone, &BrowserZones, format::DateStyle::Full),
        Err(_) => text.to_owned(),
    };
    format!("{} to {}", part(&range.from), part(&range.to))
}

#[component]
fn RangeForm(range: Memo<RawRange>, open: RwSignal<bool>) -> impl IntoView {
    let session = Session::expect();
    let written = move |text: &str| match text.parse::<i64>() {
        Ok(millis) => format::datetime(frame::Millis(millis), &session.zone(), &BrowserZones, format::DateStyle::Full),
        Err(_) => text.to_owned(),
    };
    let from = RwSignal::new(range.with_untracked(|range| written(&range.from)));
    let to = RwSignal::new(range.with_untracked(|range| written(&range.to)));
    let typed = Memo::new(move |_| {
        let raw = RawRange { from: from.get(), to: to.get() };
        raw.resolve(clock::now(), &session.zone(), &BrowserZones).filter(|range| range.start < range.end)
    });
    let set = move |from: String, to: String| {
        session.edit_params(Entry::Push, |params| {
            params.set("from", [from]);
            params.set("to", [to]);
        });
        open.set(false);
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(resolved) = typed.get_untracked() else { return };
        // Relative texts stay relative; everything else becomes an instant, which means the same in every zone.
        let keep = |text: String, at: frame::Millis| if text.contains("now") { text } else { at.0.to_string() };
        set(
            keep(from.get_untracked().trim().to_owned(), resolved.start),
            keep(to.get_untracked().trim().to_owned(), resolved.end),
        );
    };
    let is_utc = move || session.zone() == Zone::Utc;
    let set_zone = move |zone: &'static str| {
        session.edit_params(Entry::Replace, |params| params.set("timezone", [zone.to_owned()]));
    };
    let current = move |from: &'static str| range.with(|range| range.from == from && range.to == "now").to_string();
    view! {
        <div class="time-picker">
            <form on:submit=submit>
                <label>"From" <input bind:value=from autofocus spellcheck="false" autocomplete="off" /></label>
                <label>"To" <input bind:value=to spellcheck="false" autocomplete="off" /></label>
                <p class="hint">
                    {move || match typed.get() {
                        Some(_) => "Such as now-6h, now/d or 2026-11-20 14:00".to_owned(),
                        None => "Not a range: from has to lie before to, each such as now-6h or 2026-11-20 14:00".to_owned(),
                    }}
                </p>
                <button class="button primary" type="submit" disabled=move || typed.get().is_none()>"Show range"</button>
                <div class="group">
                    <button class="button" type="button" aria-pressed=move || (!is_utc()).to_string() on:click=move |_| set_zone("browser")>"Browser zone"</button>
                    <button class="button" type="button" aria-pressed=move || is_utc().to_string() on:click=move |_| set_zone("utc")>"UTC"</button>
                </div>
            </form>
            <ul>
                {QUICK
                    .map(|(from, words)| view! {
                        <li>
                            <button class="menu-item" type="button" aria-current=move || current(from) on:click=move |_| set(from.to_owned(), "now".to_owned())>
                                {words}
                            </button>
                        </li>
                    })
                    .collect_view()}
            </ul>
        </div>
    }
}

/// Refresh now, and how often by itself.
#[component]
pub fn RefreshPicker(refresh: Memo<String>) -> impl IntoView {
    let session = Session::expect();
    let choose = move |event: web_sys::Event| {
        let interval = event_target_value(&event);
        session.edit_params(Entry::Replace, |params| params.set("refresh", [interval]));
    };
    let options = move || {
        let chosen = refresh.get();
        let mut all: Vec<String> = INTERVALS.iter().map(|interval| (*interval).to_owned()).collect();
        if !all.contains(&chosen) {
            all.push(chosen.clone());
        }
        all.into_iter()
            .map(|interval| {
                let words = if interval.is_empty() { "Off".to_owned() } else { interval.clone() };
                view! { <option value=interval.clone() selected=interval == chosen>{words}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="group">
            <button class="button icon-only" type="button" aria-label="Refresh now" title="Refresh now" on:click=move |_| session.send(&ToWorker::Refresh)>
                <Icon shape=Shape::Refresh />
            </button>
            <select aria-label="Refresh every" title="Refresh every" on:change=choose>{options}</select>
        </div>
    }
}
