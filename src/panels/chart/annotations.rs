//! What happened, above a chart: lines and bands over its plot, a mark below the axis for each, and a card that tells more.

use super::marks::{Pointed, PointedAt, tells};
use super::tooltip::placed;
use super::{Area, px};
use crate::dom::{El, RwSignal, el};
use crate::panels::settings::css_color;
use crate::state::annotations::{Annotations, Mark};
use crate::state::session::Session;
use dashboard::annotation::Event;
use frame::Millis;

/// More marks than this would only hide each other.
const MOST_MARKS: usize = 500;

/// The layer above the chart of the panel with this id, whose plot is at `area`.
pub fn layer(session: Session, annotations: Annotations, panel: u32, area: RwSignal<Option<Area>>) -> Vec<El> {
    let pointed = RwSignal::new(None);
    let marks = move || {
        let Some(area) = area.get() else { return Vec::new() };
        let dark = session.dark.get();
        let mut built = Vec::new();
        let mut last = (usize::MAX, f64::NAN);
        for mark in annotations.marks.get().iter() {
            let Some(annotation) = annotations.list.get(mark.source).filter(|source| source.panels.has(panel)) else {
                continue;
            };
            let Some((from, to)) = area.span(&mark.event) else { continue };
            let place = (mark.source, from.round());
            if built.len() >= MOST_MARKS || (place == last && from == to) {
                continue;
            }
            last = place;
            built.push(shown(session, mark, (from, to), area, &css_color(&annotation.color, dark), pointed));
        }
        built
    };
    let card = move || pointed.with(|pointed| pointed.as_ref().map(|pointed| card(session, pointed)));
    vec![el("div").class("annotations").children_with(marks).child_with(card)]
}

impl Area {
    /// Where an event begins and ends, in CSS pixels from the chart's left; none where it is outside the plot.
    fn span(&self, event: &Event) -> Option<(f64, f64)> {
        let (start, end) = (self.range.start.0 as f64, self.range.end.0 as f64);
        if event.end < start || event.start > end || end <= start {
            return None;
        }
        let x = |at: f64| self.x_of(at.clamp(start, end));
        Some((x(event.start), x(event.end)))
    }
}

fn shown(
    session: Session,
    mark: &Mark,
    (from, to): (f64, f64),
    area: Area,
    color: &str,
    pointed: PointedAt<Event>,
) -> El {
    let flag = el("div").class("flag").attr("tabindex", "0").attr("role", "img");
    let flag = flag.attr("aria-label", &words(session, &mark.event));
    let flag = flag.style("left", &px(from)).style("top", &px(area.top + area.height));
    let flag = tells(flag, mark.event.clone(), pointed);
    let line = |at: f64| el("div").class("line").style("left", &px(at.round()));
    let span = el("div").class("span").style("left", &px(from)).style("width", &px(to - from));
    let is_region = to - from >= 1.0;
    let lines = el("div").class("lines").style("top", &px(area.top)).style("height", &px(area.height));
    let lines = lines.child(line(from)).children(is_region.then_some(span)).children(is_region.then(|| line(to)));
    el("div").class("annotation").style("color", color).child(lines).child(flag)
}

/// When it was, in words.
fn time(session: Session, event: &Event) -> String {
    let at = |time: f64| session.datetime(Millis(time as i64));
    if event.start == event.end { at(event.start) } else { format!("{} to {}", at(event.start), at(event.end)) }
}

fn words(session: Session, event: &Event) -> String {
    let parts = [time(session, event), event.title.clone(), event.text.clone(), event.tags.join(", ")];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(". ")
}

fn card(session: Session, Pointed { what: event, x, y }: &Pointed<Event>) -> El {
    let line = |class: &str, text: &str| (!text.is_empty()).then(|| el("div").class(class).text(text));
    let tags = event.tags.iter().map(|tag| el("span").class("tag").text(tag));
    let card = el("div").class("tooltip").attr("role", "status").style("transform", &placed(*x, *y));
    let card = card.children(line("time", &time(session, event))).children(line("title", &event.title));
    card.children(line("", &event.text)).child(el("div").class("labels").children(tags))
}
