//! The stat: one big value per series, its colour from thresholds, a sparkline behind it.

use crate::browser::frame_loop::Painter;
use crate::browser::observe::pixel_ratio;
use crate::canvas::{CanvasSurface, context_of, release_on_leave};
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, el, keep, react};
use crate::panels::links::{Linked, SeriesValue};
use crate::panels::place::{self, CssSize};
use crate::panels::settings::{Change, StatSettings};
use crate::parts;
use crate::state::links::Links;
use crate::state::panel::{PanelView, Picture};
use crate::state::session::Session;
use chart::Color;
use dashboard::model::{GraphMode, Orientation, ValueText};
use engine::PanelId;
use format::{Formatted, Unit};
use std::rc::Rc;
use std::sync::Arc;

/// More values than this do not fit any panel; the last place then says how many are left out.
const MOST_PLACES: usize = 60;

/// The values of a panel.
pub fn stat(id: &PanelId, view: ArcRwSignal<PanelView>, settings: Rc<StatSettings>, links: Links) -> El {
    let session = Session::expect();
    let frame = el("div").class("stats");
    let size = place::watch(&frame, id, session);
    let (orientation, counted) = (settings.options.orientation, view.clone());
    let columns = move || {
        let count = counted.with(|view| view.picture().map_or(0, |picture| picture.head.series.len()));
        format!("repeat({}, minmax(0, 1fr))", Layout::of(orientation, count.min(MOST_PLACES), size.get()).columns)
    };
    let values = move || {
        let Some(picture) = view.with(|view| view.picture().cloned()) else { return Vec::new() };
        let count = picture.head.series.len();
        let (places, dark) = (count.min(MOST_PLACES), session.dark.get());
        let shown = if count > places { places - 1 } else { count };
        let values = (0..shown).filter_map(|index| value(&picture, index, places, size, &settings, dark, &links));
        values.chain((count > shown).then(|| left_out(count - shown))).collect()
    };
    frame.style_with("grid-template-columns", columns).children_with(values)
}

/// What stands in the last place where there are more values than places.
fn left_out(count: usize) -> El {
    el("div").class("stat").child(el("div").class("name").text(&format!("and {count} more")))
}

/// How several values share a panel.
#[derive(Clone, Copy)]
struct Layout {
    columns: usize,
    /// Width and height that each has, in CSS pixels.
    share: (f64, f64),
}

impl Layout {
    /// Below each other, beside each other, or so that each has as much room as it can have.
    fn of(orientation: Orientation, count: usize, (width, height): (f64, f64)) -> Self {
        let count = count.max(1);
        let columns = match orientation {
            Orientation::Horizontal => 1,
            Orientation::Vertical => count,
            Orientation::Auto => columns_of_squares(count, (width, height)),
        };
        let rows = count.div_ceil(columns);
        Self { columns, share: (width / columns as f64, height / rows as f64) }
    }
}

/// In how many columns stand so many squares that are as large as they can be.
fn columns_of_squares(count: usize, (width, height): (f64, f64)) -> usize {
    let side = |columns: usize| (width / columns as f64).min(height / count.div_ceil(columns) as f64);
    let best = (1..=count).fold(1, |best, columns| if side(columns) > side(best) { columns } else { best });
    // Not more than fill the rows.
    count.div_ceil(count.div_ceil(best))
}

fn value(
    picture: &Arc<Picture>,
    index: usize,
    count: usize,
    size: CssSize,
    settings: &StatSettings,
    dark: bool,
    links: &Links,
) -> Option<El> {
    let series = picture.head.series.get(index)?;
    let shown = settings.value(&picture.head.series, index, dark, links.named().as_ref())?;
    let options = &settings.options;
    let named = match options.text {
        ValueText::Auto => count > 1,
        ValueText::ValueAndName | ValueText::Name => true,
        ValueText::Value | ValueText::None => false,
    };
    let with_value = !matches!(options.text, ValueText::Name | ValueText::None);
    let color = shown.color.map(|color| color.to_string()).unwrap_or_default();
    let (background, text_color) = if settings.filled { (color, String::new()) } else { (String::new(), color) };
    // One point is no course.
    let has_sparkline = settings.has_sparkline() && picture.points(index).0.len() > 1;
    let sparkline = has_sparkline.then(|| {
        let fill_opacity = if options.graph == GraphMode::Area { 0.14 } else { 0.0 };
        sparkline(picture.clone(), index, (shown.spark_color, fill_opacity), size)
    });
    let linked = (!shown.links.is_empty()).then(|| {
        let value = SeriesValue {
            series: series.clone(),
            ref_id: settings.ref_id(series),
            name: shown.name.clone(),
            number: series.calcs.first().copied().unwrap_or(frame::GAP),
            shown: shown.value.clone(),
            at: None,
        };
        parts::links(Linked::Value(links.clone(), shown.links, Box::new(value)))
    });
    let orientation = options.orientation;
    let layout = Memo::new(move |_| size.with(|size| Layout::of(orientation, count, *size).share));
    let text = RwSignal::new(shown.value);
    if let Some((unit, millis)) = shown.instant {
        write_instant(text, unit, millis);
    }
    let value_size = options.value_size;
    let value = with_value.then(|| value_text(text, layout, value_size).style("color", &text_color));
    let change = shown.change.filter(|_| with_value).map(change);
    // Where there is a chart the text stands above it, if it may.
    let is_above = has_sparkline && !options.centered;
    let is_wide = options.wide && named && with_value;
    Some(
        el("div")
            .class("stat")
            .class_if("filled", settings.filled)
            .class_if("on-light", shown.on_light)
            .class_with("sparked", move || is_above && layout.with(has_room_for_chart))
            .class_with("bare", move || !layout.with(has_room_for_chart))
            .class_with("wide", move || is_wide && layout.with(|(width, height)| *width > WIDE * height))
            .style("background", &background)
            .children(sparkline)
            .children(value)
            .children(change)
            .children(named.then(|| name(&shown.name, options.title_size)))
            .children(linked),
    )
}

/// From this ratio of width to height on name and number stand side by side.
const WIDE: f64 = 2.5;

/// Whether a value with such a share of the panel has room for its course too, as Grafana sees it.
fn has_room_for_chart((width, height): &(f64, f64)) -> bool {
    *height > if *width > WIDE * height { 50.0 } else { 100.0 }
}

/// What is known of an instant is its number until the code that writes dates is there.
fn write_instant(text: RwSignal<Formatted>, unit: Unit, millis: f64) {
    text.set(Formatted::default());
    // Read here, where another zone writes it anew.
    let written = parts::instant_text(unit, millis, Session::expect().zone());
    leptos::task::spawn_local(async move {
        // The value may be gone by now.
        let _ = text.try_set(Formatted::plain(written.await.unwrap_or_else(|_| millis.to_string())));
    });
}

fn name(name: &str, css_px: Option<f64>) -> El {
    let size = css_px.map(|css_px| format!("{css_px}px")).unwrap_or_default();
    el("div").class("name").style("font-size", &size).text(name)
}

/// By how much the value has changed, with a sign that is not only a colour.
fn change(change: Change) -> El {
    let state = match change.is_good {
        Some(true) => "change good",
        Some(false) => "change bad",
        None => "change",
    };
    let sign = if change.is_up { "▲ " } else { "▼ " };
    el("div").class(state).child(el("span").attr("aria-hidden", "true").text(sign)).text(&change.text)
}

/// The number, as large as its share of the panel allows, its unit smaller.
fn value_text(text: RwSignal<Formatted>, share: Memo<(f64, f64)>, css_px: Option<f64>) -> El {
    let font = move || format!("{}px", text.with(|text| fitted(text, share.get(), css_px)).round() as i32);
    let small = |text: &str| (!text.is_empty()).then(|| el("small").text(text));
    let parts = move || {
        text.with(|Formatted { prefix, text, suffix }| {
            let number = el("span").text(text);
            small(prefix).into_iter().chain([number]).chain(small(suffix)).collect::<Vec<El>>()
        })
    };
    el("div").class("value").style_with("font-size", font).children_with(parts)
}

/// The size in CSS pixels with which a value fits into so much room: `wanted` at the most where the panel says it, and then
/// it may fill the room.
fn fitted(value: &Formatted, (width, height): (f64, f64), wanted: Option<f64>) -> f64 {
    let (most, part_of_height) = wanted.map_or((56.0, 0.42), |wanted| (wanted, 0.8));
    let Formatted { prefix, text, suffix } = value;
    let length = prefix.chars().count() + text.chars().count() + suffix.chars().count().div_ceil(2);
    // Letters are wider than digits.
    let letter_em = if text.chars().any(char::is_alphabetic) { 0.72 } else { 0.67 };
    ((width - 30.0) / (length.max(3) as f64 * letter_em)).min(height * part_of_height).min(most).max(11.0)
}

/// The course of the value, without axes.
fn sparkline(picture: Arc<Picture>, index: usize, (color, fill_opacity): (Color, f32), size: CssSize) -> El {
    let frame = el("canvas").attr("aria-hidden", "true");
    let canvas: web_sys::HtmlCanvasElement = frame.node();
    release_on_leave(canvas.clone());
    let painter = Rc::new(Painter::new(move || {
        let ratio = pixel_ratio();
        let (width, height) = (f64::from(canvas.client_width()) * ratio, f64::from(canvas.client_height()) * ratio);
        let (width_px, height_px) = (width.round() as u32, height.round() as u32);
        let Some(context) = context_of(&canvas).filter(|_| width_px > 0 && height_px > 0) else { return };
        canvas.set_width(width_px);
        canvas.set_height(height_px);
        let (times, values) = picture.points(index);
        let series = chart::Series {
            times,
            values,
            baseline: None,
            style: chart::SeriesStyle { color, line_width: 1.5, fill_opacity, ..chart::SeriesStyle::default() },
            axis: chart::AxisId::First,
        };
        let size = chart::Size { width_px: width_px as f32, height_px: height_px as f32, ratio: ratio as f32 };
        let mut list = chart::DisplayList::new();
        chart::sparkline(&mut list, &series, picture.head.range, size.rect(), size.ratio);
        // A canvas that cannot be drawn on leaves the number alone, which is what counts.
        let _ = chart::paint(&list, &mut CanvasSurface::new(&context, (width_px, height_px)));
    }));
    keep(painter.clone());
    react(move || {
        size.track();
        painter.mark_dirty();
    });
    frame
}
