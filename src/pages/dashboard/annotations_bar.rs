//! The annotations' switches, and what comes of their queries.

use crate::dom::{El, Memo, RwSignal, button, el, react};
use crate::panels::settings::css_color;
use crate::protocol::ToWorker;
use crate::state::annotations::{Annotations, Mark, panel_id};
use crate::state::panel::{PanelView, use_panel};
use crate::state::session::Session;
use dashboard::annotation::Annotation;
use engine::Placement;
use std::sync::Arc;

/// Wide enough for every point to stand alone.
const WIDTH_PX: u32 = 12_000;

/// A switch for each annotation that has one.
pub fn annotations_bar(session: Session, annotations: Annotations) -> Vec<El> {
    ask(session, &annotations);
    collect(annotations.clone());
    let all = annotations.list.iter().zip(&annotations.shown).enumerate();
    let switched = all.filter(|(_, (annotation, _))| !annotation.hidden);
    switched.map(|(index, (annotation, shown))| switch(session, index, annotation, *shown)).collect()
}

/// What is to be shown counts as seen.
fn ask(session: Session, annotations: &Annotations) {
    let shown = annotations.shown.clone();
    react(move || {
        for (index, _) in shown.iter().enumerate().filter(|(_, shown)| shown.get()) {
            session.send(&ToWorker::Place(panel_id(index), Placement { width_px: WIDTH_PX, visible: true }));
        }
    });
}

/// Keeps the marks as the answers have them.
fn collect(annotations: Annotations) {
    let marks = annotations.marks;
    let found = Memo::new(move |_| {
        let shown = annotations.list.iter().zip(&annotations.shown).enumerate();
        let shown = shown.filter(|(_, (_, shown))| shown.get());
        Arc::new(shown.flat_map(|(source, (annotation, _))| marks_of(source, annotation)).collect::<Vec<Mark>>())
    });
    react(move || marks.set(found.get()));
}

fn marks_of(source: usize, annotation: &Annotation) -> Vec<Mark> {
    let Some(picture) = use_panel(&panel_id(source)).with(|view| view.picture().cloned()) else { return Vec::new() };
    let step = picture.head.step.millis() as f64;
    let series = picture.head.series.iter().enumerate();
    let events = series.flat_map(|(index, series)| {
        let (times, values) = picture.points(index);
        annotation.events(&series.labels, times, values, step)
    });
    events.map(|event| Mark { source, event }).collect()
}

fn switch(session: Session, index: usize, annotation: &Annotation, shown: RwSignal<bool>) -> El {
    let color = annotation.color.clone();
    let swatch = el("span").class("swatch").style_with("color", move || css_color(&color, session.dark.get()));
    let toggle = button("switch")
        .attr("role", "switch")
        .attr("aria-label", &annotation.name)
        .attr_with("aria-checked", move || Some(shown.get().to_string()))
        .on_click(move || shown.update(|shown| *shown = !*shown));
    let problem = move || {
        let view = shown.get().then(|| use_panel(&panel_id(index)))?;
        view.with(|view| match view {
            PanelView::Failed { error, .. } => {
                let words = format!("{}: {}", error.title, error.cause);
                let mark = el("span").class("mark warn").attr("tabindex", "0").attr("title", &words);
                Some(mark.attr("aria-label", &words).text("!"))
            }
            _ => None,
        })
    };
    let name = el("span").class("name").text(&annotation.name);
    el("div")
        .class("field")
        .attr("data-annotation", &annotation.name)
        .child(swatch)
        .child(name)
        .child(toggle)
        .child_with(problem)
}
