//! The stat: one big value per series, its colour from thresholds, a sparkline behind it.

use crate::browser::frame_loop::Painter;
use crate::browser::observe::{SizeObserver, VisibilityObserver, pixel_ratio};
use crate::canvas::{CanvasSurface, context_of};
use crate::panels::settings::StatSettings;
use crate::protocol::ToWorker;
use crate::state::panel::{PanelView, Picture};
use crate::state::session::Session;
use crate::view::view;
use chart::Color;
use dashboard::model::ValueText;
use engine::{PanelId, Placement};
use format::Formatted;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

/// More values than this do not fit any panel.
const MOST_VALUES: usize = 60;

/// The values of a panel.
#[component]
pub fn Stat(id: PanelId, view: ArcRwSignal<PanelView>, settings: Arc<StatSettings>) -> impl IntoView {
    let session = Session::expect();
    let frame = NodeRef::<html::Div>::new();
    let size = RwSignal::new((0.0_f64, 0.0_f64));
    let observers = StoredValue::new_local(None::<(Option<SizeObserver>, Option<VisibilityObserver>)>);
    frame.on_load(move |element| {
        let placement = RwSignal::new(Placement { width_px: 0, visible: false });
        Effect::new({
            let id = id.clone();
            move |_| session.send(&ToWorker::Place(id.clone(), placement.get()))
        });
        let on_size = move |width: f64, height: f64| {
            let _ = size.try_set((width, height));
            let _ = placement.try_update(|placement| placement.width_px = (width * pixel_ratio()) as u32);
        };
        let on_visible = move |visible| {
            let _ = placement.try_update(|placement| placement.visible = visible);
        };
        let made = (SizeObserver::new(&element, on_size), VisibilityObserver::new(&element, 300, on_visible));
        observers.set_value(Some(made));
    });
    on_cleanup(move || observers.set_value(None));
    view! {
        <div class="stats" node_ref=frame class:vertical=move || size.with(|(width, height)| height > width)>
            {move || {
                let picture = view.with(|view| view.picture().cloned())?;
                let count = picture.head.series.len().min(MOST_VALUES);
                let dark = session.dark.get();
                Some((0..count).map(|index| value(&picture, index, count, size, &settings, dark)).collect_view())
            }}
        </div>
    }
}

fn value(
    picture: &Arc<Picture>,
    index: usize,
    count: usize,
    size: RwSignal<(f64, f64)>,
    settings: &Arc<StatSettings>,
    dark: bool,
) -> Option<AnyView> {
    let series = picture.head.series.get(index)?;
    let shown = settings.value(series, index, dark);
    let named = match settings.text {
        ValueText::Auto => count > 1,
        ValueText::ValueAndName | ValueText::Name => true,
        ValueText::Value | ValueText::None => false,
    };
    let with_value = !matches!(settings.text, ValueText::Name | ValueText::None);
    let Formatted { prefix, text, suffix } = shown.value;
    let length = prefix.chars().count() + text.chars().count() + suffix.chars().count().div_ceil(2);
    let font = move || {
        let (width, height) = size.get();
        let (width, height) =
            if height > width { (width, height / count as f64) } else { (width / count as f64, height) };
        let fitted = ((width - 24.0) / (length.max(3) as f64 * 0.62)).min(height * 0.42);
        format!("{:.0}px", fitted.clamp(14.0, 56.0))
    };
    let sparkline = settings.sparkline.then(|| {
        view! { <Sparkline picture=picture.clone() index color=shown.spark_color size /> }
    });
    let (background, text_color) = match shown.color.map(|color| color.to_string()) {
        color if settings.filled => (color, None),
        color => (None, color),
    };
    let small = |text: String| (!text.is_empty()).then(|| view! { <small>{text}</small> });
    let value = with_value.then(|| {
        view! { <div class="value" style:font-size=font style:color=text_color>{small(prefix)}{text}{small(suffix)}</div> }
    });
    Some(view! {
        <div class="stat" class:filled=settings.filled class:sparked=settings.sparkline style:background=background>
            {sparkline}
            {value}
            {named.then(|| view! { <div class="name">{shown.name}</div> })}
        </div>
    })
}

/// The course of the value, without axes.
#[component]
fn Sparkline(picture: Arc<Picture>, index: usize, color: Color, size: RwSignal<(f64, f64)>) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let painter = StoredValue::new_local(Painter::new(move || {
        let Some(canvas) = canvas.try_get_untracked().flatten() else { return };
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
    Effect::new(move |_| {
        size.track();
        painter.with_value(Painter::mark_dirty);
    });
    view! { <canvas node_ref=canvas aria-hidden="true"></canvas> }
}
