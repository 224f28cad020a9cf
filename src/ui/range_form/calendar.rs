//! A month to pick days from, by pointer or by key.

use super::Draft;
use crate::browser::clock::Timeout;
use crate::browser::zones::BrowserZones;
use crate::dom::{El, RwSignal, button, el};
use crate::ui::icon::{Shape, icon_button};
use dashboard::month::{Month, weekdays};
use format::date::Civil;
use format::date::month_name;
use frame::Millis;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// The buttons of the month that is shown, by their days.
type Cells = Rc<RefCell<Vec<(Civil, El)>>>;

/// Copying it copies handles.
#[derive(Clone, Copy)]
struct State {
    draft: Draft,
    month: RwSignal<Month>,
    /// The day that the keyboard is on.
    focus: RwSignal<Civil>,
    /// The day that was picked first, while the other is to come.
    anchor: RwSignal<Option<Civil>>,
}

/// The calendar; a first day picked is the whole range, a second one its other end.
pub fn calendar(draft: Draft) -> El {
    let ends = untrack(|| draft.ends());
    let day = untrack(|| day_of(draft, ends[1].or(ends[0]).unwrap_or_else(|_| draft.session.now())));
    let state =
        State { draft, month: RwSignal::new(Month::of(day)), focus: RwSignal::new(day), anchor: RwSignal::new(None) };
    let turn = move |months: i64| state.month.update(|month| *month = month.plus(months));
    let title = move || {
        let Month { year, month } = state.month.get();
        format!("{} {year}", month_name(month))
    };
    let head = el("div")
        .class("month")
        .child(icon_button(Shape::Back, "Month before").class_if("plain", true).on_click(move || turn(-1)))
        .child(el("span").attr("aria-live", "polite").text_with(title))
        .child(icon_button(Shape::Forward, "Month after").class_if("plain", true).on_click(move || turn(1)));
    let cells = Cells::default();
    let grid = el("div").class("days").attr("role", "grid").attr("aria-label", "Days");
    let grid = grid.on("keydown", on_key(state, cells.clone())).children_with(move || weeks(state, &cells));
    el("div").class("calendar").child(head).child(grid)
}

fn weeks(state: State, cells: &Cells) -> Vec<El> {
    let week_start = state.draft.session.calendar().week_start;
    let month = state.month.get();
    let weeks = month.weeks(week_start);
    // One day of the month can be reached by Tab, the others by arrows from there.
    if untrack(|| Month::of(state.focus.get()) != month) {
        state.focus.set(Civil::midnight(month.year, month.month, 1));
    }
    let names = weekdays(week_start).into_iter().map(|(short, long)| {
        el("span").attr("role", "columnheader").attr("aria-label", long).class("hint").text(short)
    });
    let head = el("div").class("week").attr("role", "row").children(names);
    let today = day_of(state.draft, state.draft.session.now());
    let built: Vec<(Civil, El)> = weeks.iter().flatten().map(|day| (*day, cell(state, *day, month, today))).collect();
    let rows = built
        .chunks(7)
        .map(|week| el("div").class("week").attr("role", "row").children(week.iter().map(|(_, cell)| cell.clone())));
    let rows = [head].into_iter().chain(rows).collect();
    cells.replace(built);
    rows
}

fn cell(state: State, day: Civil, month: Month, today: Civil) -> El {
    let name = format!("{} {} {}", day.day, month_name(day.month), day.year);
    button("day")
        .class_if("outside", Month::of(day) != month)
        .attr("role", "gridcell")
        .attr("aria-label", &name)
        .attr_if("aria-current", (day == today).then_some("date"))
        .attr_with("aria-selected", move || Some(is_within(state.draft, day).to_string()))
        .attr_with("tabindex", move || Some(if state.focus.get() == day { "0" } else { "-1" }.to_owned()))
        .text(&day.day.to_string())
        .on_click(move || pick(state, day))
}

/// Makes the range begin or end at `day`: at its first and last second on the clock of the zone.
fn pick(state: State, day: Civil) {
    state.focus.set(day);
    let first = state.anchor.get_untracked();
    state.anchor.set(if first.is_some() { None } else { Some(day) });
    let other = first.unwrap_or(day);
    let (from, to) = if other.to_utc() <= day.to_utc() { (other, day) } else { (day, other) };
    let text = |day: Civil, clock: &str| format!("{:04}-{:02}-{:02} {clock}", day.year, day.month, day.day);
    state.draft.texts.set([text(from, "00:00:00"), text(to, "23:59:59")]);
}

/// Whether some of `day` is in the range that is typed.
fn is_within(draft: Draft, day: Civil) -> bool {
    let [Ok(start), Ok(end)] = draft.ends() else { return false };
    let day = day.to_utc();
    day_of(draft, start).to_utc() <= day && day <= day_of(draft, end).to_utc()
}

/// The day that `at` is on, in the zone of the page.
fn day_of(draft: Draft, at: Millis) -> Civil {
    let Civil { year, month, day, .. } = Civil::from_instant(at, &draft.session.zone(), &BrowserZones);
    Civil::midnight(year, month, day)
}

/// Arrows go by days and weeks, Home and End to the ends of the week, PageUp and PageDown by months.
fn on_key(state: State, cells: Cells) -> impl FnMut(Event) {
    let soon = Cell::new(None);
    move |event: Event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        let day = state.focus.get_untracked();
        let week_start = untrack(|| state.draft.session.calendar()).week_start;
        let since_start = (7 + i64::from(day.weekday()) - i64::from(week_start)) % 7;
        let next = match key.key().as_str() {
            "ArrowLeft" => day.plus_days(-1),
            "ArrowRight" => day.plus_days(1),
            "ArrowUp" => day.plus_days(-7),
            "ArrowDown" => day.plus_days(7),
            "Home" => day.plus_days(-since_start),
            "End" => day.plus_days(6 - since_start),
            "PageUp" => day.plus_months(-1),
            "PageDown" => day.plus_months(1),
            _ => return,
        };
        event.prevent_default();
        state.focus.set(next);
        if state.month.get_untracked() != Month::of(next) {
            state.month.set(Month::of(next));
        }
        let cells = cells.clone();
        // Another month is there only after this event.
        soon.set(Some(Timeout::new(0, move || {
            if let Some((_, cell)) = cells.borrow().iter().find(|(day, _)| *day == next) {
                cell.focus();
            }
        })));
    }
}
