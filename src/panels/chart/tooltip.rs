//! The card beside the cursor: time first, then every series, the nearest in bold.

use crate::browser::zones::BrowserZones;
use crate::dom::{El, el};
use crate::panels::chart::Looks;
use crate::panels::settings::SeriesLook;
use crate::protocol::Values;
use crate::state::session::Session;
use dashboard::model::{self, SortOrder, TooltipMode};
use frame::{Millis, is_gap};
use leptos::prelude::*;
use std::sync::Arc;

/// More lines than this are counted, not shown.
const LINES: usize = 12;
/// Distance of the card to the cursor in CSS pixels.
const OFFSET_CSS_PX: f64 = 14.0;
/// Room the card may need; where there is less, it goes to the cursor's other side.
const WIDTH_CSS_PX: f64 = 332.0;

/// What is under the cursor.
#[derive(Clone, Debug)]
pub struct Hover {
    /// Epoch milliseconds.
    pub time: f64,
    /// The series whose line is nearest to the pointer; none where there is no pointer.
    pub nearest: Option<usize>,
    pub client_x: f64,
    pub client_y: f64,
    /// Full-resolution values at the nearest instant, as soon as the worker has sent them.
    pub values: Arc<Option<Values>>,
}

/// Builds the card, to stand in a slot; nothing without a hover.
pub fn tooltip(
    session: Session,
    hover: RwSignal<Option<Hover>>,
    looks: Looks,
    options: model::Tooltip,
) -> impl Fn() -> Option<El> {
    move || hover.with(|hover| card(session, hover.as_ref()?, &looks.get_untracked(), options))
}

fn card(session: Session, hover: &Hover, looks: &[SeriesLook], options: model::Tooltip) -> Option<El> {
    let probe = hover.values.as_ref().as_ref().filter(|_| options.mode != TooltipMode::None)?;
    let nearest = hover.nearest.or_else(|| first(probe));
    let lines = lines(probe, looks, options, nearest);
    let rows = lines.iter().take(LINES).map(|(index, look, value)| {
        el("div")
            .class("entry")
            .class_if("nearest", Some(*index) == nearest && lines.len() > 1)
            .child(el("span").class("swatch").style("color", &look.color.to_string()))
            .child(el("span").class("name").text(&look.name))
            .child(el("span").text(&look.text(*value)))
    });
    let more = lines.len().saturating_sub(LINES);
    let more = (more > 0).then(|| el("div").class("more").text(&format!("and {more} more")));
    let card =
        el("div").class("tooltip").attr("role", "status").style("transform", &placed(hover.client_x, hover.client_y));
    let time = el("div").class("time").text(&instant(session, probe.at));
    Some(card.child(time).children(rows).children(more))
}

/// `at` in words, with the zone's offset where clocks are changed within the range: some times of day come twice there.
fn instant(session: Session, at: Millis) -> String {
    let (zone, range) = (session.zone(), session.shown.get_untracked());
    let offset = |at| format::offset_text(at, &zone, &BrowserZones);
    let words = session.datetime(at);
    if offset(range.start) == offset(range.end) { words } else { format!("{words} {}", offset(at)) }
}

/// Which series are told, in which order.
fn lines<'a>(
    probe: &Values,
    looks: &'a [SeriesLook],
    options: model::Tooltip,
    nearest: Option<usize>,
) -> Vec<(usize, &'a SeriesLook, f64)> {
    let series = looks.iter().zip(&probe.values).enumerate().map(|(index, (look, value))| (index, look, *value));
    let told = |(index, look, value): &(usize, &SeriesLook, f64)| {
        let chosen = options.mode == TooltipMode::Multi || Some(*index) == nearest;
        chosen && look.in_tooltip && !is_gap(*value) && !(options.hide_zeros && *value == 0.0)
    };
    let mut lines: Vec<_> = series.filter(told).collect();
    match options.sort {
        SortOrder::None => {}
        SortOrder::Ascending => frame::sort_by(&mut lines, |a, b| a.2.total_cmp(&b.2)),
        SortOrder::Descending => frame::sort_by(&mut lines, |a, b| b.2.total_cmp(&a.2)),
    }
    lines
}

/// The series that stands for all where the keyboard moves the cursor, which has no height.
fn first(probe: &Values) -> Option<usize> {
    probe.values.iter().position(|value| value.is_finite())
}

/// Beside the cursor, on the side with more room, never over the point.
pub fn placed(client_x: f64, client_y: f64) -> String {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or(1_000.0);
    let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64()).unwrap_or(800.0);
    let (x, shift_x) = if client_x + OFFSET_CSS_PX + WIDTH_CSS_PX < width {
        (client_x + OFFSET_CSS_PX, "0")
    } else {
        (client_x - OFFSET_CSS_PX, "-100%")
    };
    let (y, shift_y) =
        if client_y < height / 2.0 { (client_y + OFFSET_CSS_PX, "0") } else { (client_y - OFFSET_CSS_PX, "-100%") };
    format!("translate({}px, {}px) translate({shift_x}, {shift_y})", x.round() as i32, y.round() as i32)
}
