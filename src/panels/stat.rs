//! The stat: one big value per series, its colour from thresholds, a sparkline behind it.

use crate::browser::frame_loop::Painter;
use crate::browser::observe::pixel_ratio;
use crate::canvas::{CanvasSurface, context_of};
use crate::dom::{El, el, keep, react};
use crate::panels::links::{Linked, SeriesValue};
use crate::panels::place::{self, CssSize};
use crate::panels::settings::StatSettings;
use crate::parts;
use crate::state::links::Links;
use crate::state::panel::{PanelView, Picture};
use crate::state::session::Session;
use chart::Color;
use dashboard::model::ValueText;
use engine::PanelId;
use format::Formatted;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// More values than this do not fit any panel.
const MOST_VALUES: usize = 60;

/// The values of a panel.
pub fn stat(id: &PanelId, view: ArcRwSignal<PanelView>, settings: Rc<StatSettings>, links: Links) -> El {
    let session = Session::expect();
    let frame = el("div").class("stats");
    let size = place::watch(&frame, id, session);
    let values = move || {
        let Some(picture) = view.with(|view| view.picture().cloned()) else { return Vec::new() };
        let count = picture.head.series.len().min(MOST_VALUES);
        let dark = session.dark.get();
        (0..count).filter_map(|index| value(&picture, index, count, size, &settings, dark, &links)).collect()
    };
    frame.class_with("vertical", move || size.with(|(width, height)| height > width)).children_with(values)
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
    let named = match settings.text {
        ValueText::Auto => count > 1,
        ValueText::ValueAndName | ValueText::Name => true,
        ValueText::Value | ValueText::None => false,
    };
    let with_value = !matches!(settings.text, ValueText::Name | ValueText::None);
    let color = shown.color.map(|color| color.to_string()).unwrap_or_default();
    let (background, text_color) = if settings.filled { (color, String::new()) } else { (String::new(), color) };
    let sparkline = settings.sparkline.then(|| sparkline(picture.clone(), index, shown.spark_color, size));
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
    let value = with_value.then(|| value_text(shown.value, count, size).style("color", &text_color));
    Some(
        el("div")
            .class("stat")
            .class_if("filled", settings.filled)
            .class_if("on-light", shown.on_light)
            .class_if("sparked", settings.sparkline)
            .style("background", &background)
            .children(sparkline)
            .children(value)
            .children(named.then(|| el("div").class("name").text(&shown.name)))
            .children(linked),
    )
}

/// The number, as large as its share of the panel allows, its unit smaller.
fn value_text(value: Formatted, count: usize, size: CssSize) -> El {
    let Formatted { prefix, text, suffix } = value;
    let length = prefix.chars().count() + text.chars().count() + suffix.chars().count().div_ceil(2);
    // Letters are wider than digits.
    let letter_em = if text.chars().any(char::is_alphabetic) { 0.72 } else { 0.67 };
    let font = move || {
        let (width, height) = size.get();
        let (width, height) =
            if height > width { (width, height / count as f64) } else { (width / count as f64, height) };
        let fitted = ((width - 24.0) / (length.max(3) as f64 * letter_em)).min(height * 0.42);
        format!("{}px", fitted.clamp(14.0, 56.0).round() as i32)
    };
    let small = |text: &str| (!text.is_empty()).then(|| el("small").text(text));
    let value = el("div").class("value").style_with("font-size", font);
    value.children(small(&prefix)).text(&text).children(small(&suffix))
}

/// The course of the value, without axes.
fn sparkline(picture: Arc<Picture>, index: usize, color: Color, size: CssSize) -> El {
    let frame = el("canvas").attr("aria-hidden", "true");
    let canvas: web_sys::HtmlCanvasElement = frame.node();
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
            style: chart::SeriesStyle { color, line_width: 1.5, fill_opacity: 0.14, ..chart::SeriesStyle::default() },
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
