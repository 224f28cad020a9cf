//! The panels of a dashboard in their places.

use super::Open;
use crate::browser::{frame_loop::Painter, observe::VisibilityObserver, timing};
use crate::dom::{El, RwSignal, bit_by_bit, button, el, keep, on_leave};
use crate::panels::card::{CardHead, Tool, card};
use crate::panels::chart::{Overlay, chart};
use crate::panels::links::Linked;
use crate::panels::settings::{ChartSettings, StatSettings};
use crate::panels::stat::stat;
use crate::panels::table_panel::Settings as TableSettings;
use crate::parts;
use crate::protocol::ToWorker;
use crate::state::dashboard::{self as state, Turned};
use crate::state::panel::use_panel;
use crate::state::sources::foreign;
use crate::state::stand_in::StandIn;
use crate::ui::icon::{Shape, icon};
use crate::ui::notice;
use dashboard::grid as layout;
use dashboard::interpolate::Scope;
use dashboard::model::{GridPos, Panel, PanelKind};
use dashboard::repeat::Instance;
use engine::{PanelId, Placement};
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

/// The panels in their places; none while it is not known whether there is the one that is to be shown alone. What changes
/// a value alone does not build them anew.
pub fn grid(open: &Open) -> Option<El> {
    let expanded = open.expanded.get();
    if let Some(instance) = open.alone(&expanded) {
        let panel = shown_panel(open, open.loaded.panel(&instance)?, &instance, None, RwSignal::new(0));
        return Some(el("div").class("solo").child(panel));
    }
    if open.solo.with(Option::is_some) && open.variables.are_awaited.get() {
        return None;
    }
    watch_hidden(open, &expanded.hidden_by_data);
    let turned = open.turned.get();
    let placed = open.loaded.placed(&expanded.instances, &turned);
    if placed.is_empty() {
        return Some(el("p").class("card empty").text("This dashboard has no panels"));
    }
    let grid = el("div").class("grid");
    fill(&grid, open, turned, placed.into_iter().map(|(instance, place)| (instance.clone(), place)).collect());
    let left_out = (expanded.left_out > 0).then(|| {
        let title = format!("{} more copies of repeated panels are left out", expanded.left_out);
        notice::notice(&title, "Choose fewer values of the variable they are repeated for.")
    });
    Some(el("div").class("part").child(grid).children(left_out))
}

/// Panels that their data hide count as seen, so that it is noticed when there is data, or none any more.
fn watch_hidden(open: &Open, hidden: &[Instance]) {
    for instance in hidden {
        let (id, session) = (PanelId::from(instance.id.as_str()), open.session);
        session.send(&ToWorker::Place(id.clone(), Placement { width_px: HIDDEN_PX, visible: true }));
        on_leave(move || session.send(&ToWorker::Place(id, Placement { width_px: HIDDEN_PX, visible: false })));
    }
}

/// As wide as a panel may be, in device pixels: what it will be asked for once it is shown is mostly known then.
const HIDDEN_PX: u32 = 800;

/// Puts the panels into the grid: when the dashboard opens bit by bit. Later all of them come at once: who has scrolled
/// looks at others than the first, and the page must not be shorter for a moment.
fn fill(grid: &El, open: &Open, turned: Turned, placed: Vec<(Instance, GridPos)>) {
    let is_settled = !open.variables.are_awaited.get_untracked();
    let had_opened = open.has_opened.try_update_value(|opened| std::mem::replace(opened, is_settled));
    let build = {
        let (open, bands) = (open.clone(), bands(grid, &placed));
        move |(instance, place): (Instance, GridPos)| {
            let Some(panel) = open.loaded.panel(&instance) else { return };
            let Some(band) = bands.iter().rfind(|band| band.top <= place.y) else { return };
            let place = GridPos { y: place.y - band.top, ..place };
            let built = match panel.is_row() {
                true => row_header(&open, panel, &instance, place, &turned),
                false => shown_panel(&open, panel, &instance, Some(place), band.near),
            };
            band.el.clone().child(built);
        }
    };
    let mut placed = placed.into_iter();
    if had_opened == Some(false) {
        bit_by_bit(move || placed.next().map(&build).is_some());
    } else {
        placed.for_each(build);
    }
}

/// A stretch of the grid. The browser passes over it as a whole while all in it is far from the screen: a panel that is
/// not there to be laid out costs nothing when another changes.
struct Band {
    el: El,
    top: u32,
    /// How many of its panels are near the screen.
    near: RwSignal<u32>,
}

/// A band is at least so many cells high, which is about a screen: fewer are fewer to pass over.
const BAND_CELLS: u32 = 24;

/// Puts the bands of a layout into the grid, empty and of their height.
fn bands(grid: &El, placed: &[(Instance, GridPos)]) -> Vec<Band> {
    let places: Vec<GridPos> = placed.iter().map(|(_, place)| *place).collect();
    let build = |layout::Band { top, h }| {
        let near = RwSignal::new(0);
        let el = el("div").class("band").class_with("far", move || near.get() == 0).style("--rows", &h.to_string());
        grid.clone().child(el.clone());
        Band { el, top, near }
    };
    layout::bands(&places, BAND_CELLS).into_iter().map(build).collect()
}

fn row_header(open: &Open, row: &Panel, instance: &Instance, place: GridPos, turned: &Turned) -> El {
    let is_open = !state::is_closed(row, &instance.id, turned);
    let (id, turned) = (instance.id.clone(), open.turned);
    let toggle = move || {
        turned.update(|turned| {
            if !turned.remove(&id) {
                turned.insert(id.clone());
            }
        });
    };
    let button = button("button plain").attr("aria-expanded", if is_open { "true" } else { "false" });
    let title = titled(open, instance, row.title.clone());
    let button = button.child(icon(Shape::Chevron)).text_with(title).on_click(toggle);
    el("div").class("row-header").style("grid-row", &(place.y + 1).to_string()).child(button)
}

/// A title with the variables' values in it, as they are in `instance`.
fn titled(open: &Open, instance: &Instance, text: String) -> impl Fn() -> String + 'static {
    let (variables, local) = (open.variables.clone(), instance.local.clone());
    // `$__interval` and the like are known later.
    let filled = text.as_bytes().windows(2).any(|pair| pair == b"__").then(|| {
        let filled = RwSignal::new(None);
        parts::keep_title(open.links(&local), PanelId::from(instance.id.as_str()), text.clone(), filled);
        filled
    });
    move || filled.and_then(|filled| filled.get()).unwrap_or_else(|| variables.text(&local, &text))
}

/// Looks for the options of a panel by which nothing is drawn, after what is seen first is painted.
fn find_undrawn(open: &Open, instance: &Instance, found: RwSignal<Vec<String>>) {
    let (loaded, panel) = (open.loaded.clone(), instance.index);
    leptos::task::spawn_local(async move {
        timing::painted().await;
        // Without it the mark says what it said before; the page may be gone by now.
        if let Ok(paths) = parts::undrawn(loaded, panel).await {
            let _ = found.try_set(paths);
        }
    });
}

fn shown_panel(
    open: &Open,
    panel: &Panel,
    instance: &Instance,
    place: Option<GridPos>,
    near_in_band: RwSignal<u32>,
) -> El {
    let id = PanelId::from(instance.id.as_str());
    let undrawn = RwSignal::new(Vec::new());
    let is_foreign = foreign(panel).is_some();
    let head = CardHead {
        id: id.clone(),
        title: Box::new(titled(open, instance, panel.title.clone())),
        time: time_note(open, panel, instance),
        kind: panel.kind.name().to_owned(),
        place: place.map(|place| {
            let span = |start: u32, length: u32| format!("{} / span {length}", start + 1);
            (span(place.x, place.w), span(place.y, place.h), place.h)
        }),
        notes: open.loaded.notes_of(panel),
        undrawn,
        tools: tools(open, panel, instance),
        awaits: Some(open.variables.are_awaited),
        still: if is_foreign || matches!(panel.kind, PanelKind::Unsupported { .. }) { "unsupported" } else { "ready" },
    };
    let is_drawn = matches!(panel.kind, PanelKind::TimeSeries(_) | PanelKind::Stat(_) | PanelKind::Table(_));
    let asks = !is_foreign && (is_drawn || StandIn::of(panel).is_some());
    let near = RwSignal::new(false);
    let content = {
        let (open, instance, id) = (open.clone(), instance.clone(), id.clone());
        let asked = Cell::new(false);
        move || {
            let is_near = near.get();
            if is_near && !asked.replace(true) {
                find_undrawn(&open, &instance, undrawn);
            }
            is_near.then(|| untrack(|| content(&open, &instance, &id))).flatten()
        }
    };
    let card = card(head, asks.then(|| use_panel(&id)), content)
        .class_if("transparent", panel.transparent)
        .class_with("far", move || !near.get());
    keep(VisibilityObserver::new(&card.node(), FAR_CSS_PX, follow(near, near_in_band)));
    card
}

/// Keeps `near` as it is told, and counts it in its band, a few panels in each frame: while a large dashboard is scrolled,
/// whole screens come near.
fn follow(near: RwSignal<bool>, near_in_band: RwSignal<u32>) -> impl FnMut(bool) {
    let turn = Painter::new(move || {
        // The page may have been left in the meantime.
        let Some(was_near) = near.try_get_untracked() else { return };
        near.set(!was_near);
        near_in_band.update(|count| *count = if was_near { count.saturating_sub(1) } else { *count + 1 });
    });
    // A panel that has come and gone before its turn costs none.
    move |is_near| match near.try_get_untracked() {
        Some(was_near) if was_near != is_near => turn.run_soon(),
        _ => turn.unmark(),
    }
}

/// So far from the screen a panel is an empty box of its size, in CSS pixels.
const FAR_CSS_PX: u32 = 1_000;

/// What is in a panel's card.
fn content(open: &Open, instance: &Instance, id: &PanelId) -> Option<El> {
    let panel = open.loaded.panel(instance)?;
    let stand_in = || parts::stand_in(open.loaded.clone(), instance.index, id.clone(), open.links(&instance.local));
    if foreign(panel).is_some() {
        return Some(stand_in());
    }
    Some(match &panel.kind {
        PanelKind::TimeSeries(options) => {
            let settings = Rc::new(ChartSettings::of(panel, options));
            chart(id, use_panel(id), settings, Some(open.links(&instance.local)), overlay(open, panel, instance))
        }
        PanelKind::Stat(options) => {
            let settings = Rc::new(StatSettings::of(panel, options));
            stat(id, use_panel(id), settings, open.links(&instance.local))
        }
        PanelKind::Table(options) => {
            let settings = TableSettings {
                fields: panel.fields.clone(),
                options: options.clone(),
                links: open.links(&instance.local),
            };
            parts::table(id.clone(), use_panel(id), settings)
        }
        PanelKind::Text(options) => {
            let is_chart = |panel: &Panel| matches!(panel.kind, PanelKind::TimeSeries(_));
            let beside_charts = open.loaded.dashboard.panels.iter().any(is_chart);
            parts::text(open.links(&instance.local), options.clone(), beside_charts)
        }
        PanelKind::Row { .. } => return None,
        PanelKind::Unsupported { .. } => stand_in(),
    })
}

/// What opens from a panel's header.
fn tools(open: &Open, panel: &Panel, instance: &Instance) -> Vec<Tool> {
    let links = || open.links(&instance.local);
    let described = (!panel.description.is_empty()).then(|| {
        let (links, text) = (links(), panel.description.clone());
        Box::new(move || parts::description(links.clone(), text.clone())) as Tool
    });
    let linked = (!panel.links.is_empty()).then(|| {
        let (links, all) = (links(), panel.links.clone());
        Box::new(move || parts::links(Linked::Panel(links.clone(), all.clone()))) as Tool
    });
    described.into_iter().chain(linked).collect()
}

/// Annotations and exemplars above a chart, where there are any.
fn overlay(open: &Open, panel: &Panel, instance: &Instance) -> Option<Overlay> {
    let (session, annotations, panel_id) = (open.session, open.annotations.clone(), panel.id);
    let has_exemplars = panel.targets.iter().any(|target| target.exemplar && !target.hide);
    let exemplars = has_exemplars.then(|| (open.links(&instance.local), instance.index, PanelId::from(&*instance.id)));
    if annotations.is_none() && exemplars.is_none() {
        return None;
    }
    Some(Box::new(move |area| {
        let annotations = annotations.map(|all| parts::annotation_layer(session, all, panel_id, area));
        let exemplars = exemplars.map(|(links, index, id)| parts::exemplar_layer(links, index, id, area));
        annotations.into_iter().chain(exemplars).collect()
    }))
}

/// What is said of a panel whose time range is not the dashboard's.
fn time_note(open: &Open, panel: &Panel, instance: &Instance) -> Option<Box<dyn Fn() -> String>> {
    let differs = panel.time_from.is_some() || panel.time_shift.is_some();
    if !differs || panel.hide_time_override {
        return None;
    }
    let (variables, range, local) = (open.variables.clone(), open.range, instance.local.clone());
    let time = state::time_of(panel, &Scope::default());
    Some(Box::new(move || variables.text(&local, &time.note(&range.get()))))
}
