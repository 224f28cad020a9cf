//! What opens under the time range: ranges to pick, ends to type, a calendar, the zone, and a link that stays.

mod calendar;
mod link;
mod quick;
mod typed;

pub use quick::QUICK;

use crate::browser::clock::Timeout;
use crate::browser::url::Entry;
use crate::browser::zones::BrowserZones;
use crate::dom::{El, Memo, RwSignal, el, keep, react};
use crate::state::session::Session;
use crate::ui::list_keys::list_keys;
use crate::ui::zone_field::zone_field;
use dashboard::time::{Place, RawRange, parse_instant_in};
use dashboard::time_typed::{NoTime, Typed, parse_typed};
use frame::{Millis, Zone};
use leptos::prelude::*;

/// The range as it is typed; copying it copies handles.
#[derive(Clone, Copy)]
struct Draft {
    session: Session,
    /// The range that is shown.
    shown: Memo<RawRange>,
    /// Whether the form is open.
    open: RwSignal<bool>,
    /// Its two ends.
    texts: RwSignal<[String; 2]>,
}

/// The form for `range`, which closes itself through `open`.
pub fn range_form(session: Session, range: Memo<RawRange>, open: RwSignal<bool>) -> El {
    let draft = Draft { session, shown: range, open, texts: RwSignal::default() };
    // Instants are read and written on the clock of the zone.
    react(move || {
        let zone = session.zone();
        draft.texts.set(range.with(|range| [&range.from, &range.to].map(|text| instant_text(text, &zone))));
    });
    let (search, quick) = quick::ranges(draft);
    let sought = search.clone();
    let typed = el("div").class("pane").child(typed::ends(draft)).child(calendar::calendar(draft));
    let picked = list_keys(el("div").class("pane").child(search).child(quick), "button.menu-item");
    // Once it stands in the page. On a touch screen a focus would bring up the keyboard over it.
    if !has_coarse_pointer() {
        keep(Timeout::new(0, move || sought.focus()));
    }
    let zone = zone_field(
        move || session.route.with(|route| route.params.get("timezone").unwrap_or_default().to_owned()),
        &zone_words(&untrack(|| session.zone())),
        move |zone| session.edit_params(Entry::Replace, |params| params.set("timezone", zone)),
    );
    let foot = el("div").class("foot").child(zone).child(link::copy_link(draft));
    el("div").class("time-picker").child(picked).child(typed).child(foot)
}

impl Draft {
    /// What the two ends stand for now.
    fn ends(self) -> [Result<Millis, NoTime>; 2] {
        let zone = self.session.zone();
        let place = Place { zone: &zone, zones: &BrowserZones, calendar: self.session.calendar() };
        let now = self.session.now();
        let end = |text: &str, round_up: bool| match parse_typed(text, now, place)? {
            Typed::Relative(text) => parse_instant_in(&text, now, place, round_up).ok_or(NoTime::Arithmetic),
            Typed::Instant(at) => Ok(at),
        };
        self.texts.with(|[from, to]| [end(from, false), end(to, true)])
    }

    /// The range that is typed, relative ends as expressions and others as epoch milliseconds; none while it is no range.
    fn range(self) -> Option<RawRange> {
        let [Ok(start), Ok(end)] = self.ends() else { return None };
        let zone = self.session.zone();
        let place = Place { zone: &zone, zones: &BrowserZones, calendar: self.session.calendar() };
        let written = |text: &str, at: Millis| match parse_typed(text, self.session.now(), place) {
            Ok(Typed::Relative(text)) => text,
            _ => at.0.to_string(),
        };
        (start < end).then(|| self.texts.with(|[from, to]| RawRange::new(written(from, start), written(to, end))))
    }

    /// Shows `range` and closes the form.
    fn show(self, range: RawRange) {
        self.session.set_range(range.from, range.to);
        self.open.set(false);
    }
}

/// An end of a range as it is typed: epoch milliseconds as a time in `zone`, anything else as it is written.
fn instant_text(text: &str, zone: &Zone) -> String {
    match text.parse::<i64>() {
        Ok(millis) => format::datetime(Millis(millis), zone, &BrowserZones, format::DateStyle::Full),
        Err(_) => text.to_owned(),
    }
}

fn zone_words(zone: &Zone) -> String {
    match zone {
        Zone::Browser => "This browser's zone".to_owned(),
        Zone::Utc => "UTC".to_owned(),
        Zone::Named(name) => name.to_string(),
    }
}

fn has_coarse_pointer() -> bool {
    let query = web_sys::window().and_then(|window| window.match_media("(pointer: coarse)").ok().flatten());
    query.is_some_and(|query| query.matches())
}
