//! The card beside the cursor: time first, then every series, the nearest in bold.

use super::Plot;
use crate::browser::zones::BrowserZones;
use crate::dom::{El, RwSignal, el};
use crate::panels::links::{self, SeriesValue};
use crate::panels::settings::SeriesLook;
use crate::protocol::Values;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon_button};
use dashboard::model::{self, SortOrder, TooltipMode};
use frame::{Millis, is_gap};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

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

impl Hover {
    /// The series that is meant: under the keyboard's cursor, which has no height, the first with a value.
    fn nearest(&self) -> Option<usize> {
        let first = |probe: &Values| probe.values.iter().position(|value| value.is_finite());
        self.nearest.or_else(|| first(self.values.as_ref().as_ref()?))
    }
}

/// Builds the card, to stand in a slot; nothing without a hover. One that is `pinned` stays until `close` is called, and
/// has the links of the series that is nearest.
pub fn tooltip(
    plot: Plot,
    hover: RwSignal<Option<Hover>>,
    pinned: RwSignal<bool>,
    close: Rc<dyn Fn()>,
) -> impl Fn() -> Option<El> {
    move || {
        let looks = plot.looks.get_untracked();
        let nearest = hover.with(|hover| hover.as_ref().map(Hover::nearest))?;
        let card = hover.with(|hover| card(&plot, hover.as_ref()?, &looks, nearest))?;
        if !pinned.get() {
            return Some(card.attr("role", "status"));
        }
        let links = hover.with(|hover| links(&plot, hover.as_ref()?, &looks, nearest));
        Some(closable(card, "Values", links, close.clone()))
    }
}

fn card(plot: &Plot, hover: &Hover, looks: &[SeriesLook], nearest: Option<usize>) -> Option<El> {
    let options = plot.settings.tooltip;
    let probe = hover.values.as_ref().as_ref().filter(|_| options.mode != TooltipMode::None)?;
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
    let card = el("div").class("tooltip").style("transform", &placed(hover.client_x, hover.client_y));
    let time = el("div").class("time").text(&instant(plot.session, probe.at));
    Some(card.child(time).children(rows).children(more))
}

/// `at` in words, with the zone's offset where clocks are changed within the range: some times of day come twice there.
fn instant(session: Session, at: Millis) -> String {
    let (zone, range) = (session.zone(), session.shown.get_untracked());
    let offset = |at| format::offset_text(at, &zone, &BrowserZones);
    let words = session.datetime(at);
    if offset(range.start) == offset(range.end) { words } else { format!("{words} {}", offset(at)) }
}

/// The card as one that stays, called `label`: it can be reached, and closed.
pub fn closable(card: El, label: &str, links: Option<El>, close: Rc<dyn Fn()>) -> El {
    let by_key = {
        let close = close.clone();
        move |event: Event| {
            // The chart's own keys are not meant here.
            event.stop_propagation();
            if event.unchecked_ref::<KeyboardEvent>().key() == "Escape" {
                close();
            }
        }
    };
    let button = icon_button(Shape::Close, "Close").on_click(move || close());
    let card = card.class_if("pinned", true).attr("role", "dialog").attr("aria-label", label).children(links);
    let card = ["pointerdown", "pointerup", "pointermove", "dblclick"]
        .into_iter()
        .fold(card, |card, name| card.on(name, |event| event.stop_propagation()));
    card.on("keydown", by_key).child(button)
}

/// The links of a series' value, where it has any.
fn links(plot: &Plot, hover: &Hover, looks: &[SeriesLook], nearest: Option<usize>) -> Option<El> {
    let (index, probe) = (nearest?, hover.values.as_ref().as_ref()?);
    let (look, drawn) = (looks.get(index)?, plot.drawn.borrow());
    let (series, number) = (drawn.as_ref()?.series(index)?, *probe.values.get(index)?);
    let value = SeriesValue {
        series: series.clone(),
        ref_id: plot.settings.ref_id(series),
        name: look.name.clone(),
        number,
        shown: look.formatted(number),
        at: Some((probe.at, plot.session.datetime(probe.at))),
    };
    let followed = links::follow_value(&plot.links.as_ref()?.now(), look.links(), &value);
    let items = followed.iter().map(|link| links::anchor(link).class("menu-item").text(&link.title));
    (!followed.is_empty()).then(|| el("div").class("links").children(items))
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
