//! A dashboard: its variables and time range in the bar, its panels in Grafana's grid.

use crate::browser::clock;
use crate::browser::url::Entry;
use crate::browser::zones::BrowserZones;
use crate::dom::{El, button, el, react, value_of};
use crate::panels::card::{CardHead, card};
use crate::panels::chart::chart;
use crate::panels::settings::{ChartSettings, StatSettings};
use crate::panels::stat::stat;
use crate::panels::text::text;
use crate::parts;
use crate::state::catalog;
use crate::state::dashboard::{self as state, Loaded};
use crate::state::panel::use_panel;
use crate::state::preferences::Wishes;
use crate::state::session::Session;
use crate::state::variables::{self, Choice, Resolved};
use crate::ui::icon::{Shape, icon};
use crate::ui::notice;
use crate::ui::time_picker::{refresh_picker, time_picker};
use crate::ui::top_bar::top_bar;
use dashboard::model::{GridPos, Hide, Panel, PanelKind};
use dashboard::time::{RawRange, parse_duration};
use engine::{PanelId, View};
use frame::SortedSet;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// The variables with their options; none until they have been asked for the first time.
type Variables = RwSignal<Option<Arc<Resolved>>>;

/// The page of the dashboard `uid`.
pub fn dashboard(uid: &str) -> Vec<El> {
    let session = Session::expect();
    let loaded = RwSignal::new(None);
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    let uid = uid.to_owned();
    leptos::task::spawn_local(async move {
        // The page may be gone by then.
        let _ = loaded.try_set(Some(state::load(&index, &uid).await));
    });
    let content = move || {
        loaded.with(|loaded| match loaded {
            None => vec![top_bar(|| "Dashboard".to_owned(), [])],
            Some(Ok(loaded)) => shown(session, loaded),
            Some(Err(missing)) => failed(missing),
        })
    };
    vec![el("div").class("part").children_with(content)]
}

fn failed(missing: &catalog::Missing) -> Vec<El> {
    let problem = notice::problem(&missing.title, &missing.advice);
    vec![top_bar(|| "Dashboard".to_owned(), []), el("div").class("page narrow").child(problem)]
}

/// A dashboard that could be read.
fn shown(session: Session, loaded: &Arc<Loaded>) -> Vec<El> {
    let dashboard = &loaded.dashboard;
    session.go_by(Wishes::of(dashboard));
    let own_range = dashboard.time.clone();
    let range = Memo::new(move |_| session.range_or(&own_range));
    let own_refresh = dashboard.refresh.clone();
    let refresh = Memo::new(move |_| session.refresh_or(own_refresh.as_deref()));
    let variables = variables_of(session, loaded, range);
    let closed = RwSignal::new(state::closed_rows(dashboard));
    let solo = Memo::new(move |_| session.route.with(|route| solo_panel(route.params.get("viewPanel")?)));
    ask_for_data(session, loaded.clone(), (range, refresh), variables, closed, solo);

    let title = dashboard.title.clone();
    let picker = (!dashboard.time_picker.hidden).then(|| time_picker(session, range));
    let choices = move || {
        let resolved = variables.get();
        let shown = resolved.iter().flat_map(|resolved| &resolved.variables).filter(|variable| variable.is_shown());
        shown.map(|variable| select(session, variable)).collect()
    };
    // An element of no box of its own: the choices are laid out as part of the bar.
    let choices = el("div").class("part").children_with(choices);
    let tools = [choices].into_iter().chain(picker).chain([refresh_picker(session, refresh)]);
    let bar = top_bar(move || title.clone(), tools);

    // The panels wait for the variables only once, not at every change of a value.
    let known = Memo::new(move |_| variables.with(Option::is_some));
    let loaded = loaded.clone();
    let page = move || known.get().then(|| grid(&loaded, variables, closed, solo));
    vec![bar, el("div").class("page").child_with(page)]
}

/// The panel that `viewPanel=panel-3`, or `viewPanel=3`, means.
fn solo_panel(param: &str) -> Option<u32> {
    param.trim_start_matches("panel-").parse().ok()
}

/// Tells the worker what is shown, whenever that changes.
fn ask_for_data(
    session: Session,
    loaded: Arc<Loaded>,
    (range, refresh): (Memo<RawRange>, Memo<String>),
    variables: Variables,
    closed: RwSignal<SortedSet<u32>>,
    solo: Memo<Option<u32>>,
) {
    react(move || {
        let Some(resolved) = variables.get() else { return };
        let shown = state::visible(&loaded.dashboard, &closed.get(), solo.get());
        session.show(View {
            range: range.get(),
            zone: session.zone(),
            calendar: session.calendar(),
            refresh_millis: parse_duration(&refresh.get()).filter(|millis| *millis > 0),
            scope: resolved.scope.clone(),
            panels: session
                .config
                .with_value(|config| state::specs(&loaded.dashboard, &shown, &resolved.scope, config)),
        });
    });
}

fn variables_of(session: Session, loaded: &Arc<Loaded>, range: Memo<RawRange>) -> Variables {
    let resolved = RwSignal::new(None);
    let loaded = loaded.clone();
    // Choosing a value asks again; moving through time does not.
    let chosen = Memo::new({
        let loaded = loaded.clone();
        move |_| {
            session.route.with(|route| {
                let of = |name: &str| route.params.all(&format!("var-{name}")).map(str::to_owned).collect::<Vec<_>>();
                loaded.dashboard.variables.iter().map(|variable| of(&variable.name)).collect::<Vec<_>>()
            })
        }
    });
    react(move || {
        let (loaded, chosen) = (loaded.clone(), chosen.get());
        let at = range.with_untracked(|range| range.resolve(clock::now(), &untrack(|| session.zone()), &BrowserZones));
        leptos::task::spawn_local(async move {
            let next = variables::resolve(session, &loaded.dashboard.variables, &chosen, at.unwrap_or_default()).await;
            // The page may be gone by now.
            let _ = resolved.try_set(Some(Arc::new(next)));
        });
    });
    resolved
}

/// A select for a variable.
fn select(session: Session, variable: &Choice) -> El {
    let param = format!("var-{}", variable.name);
    let choose = move |event: web_sys::Event| {
        let value = value_of(&event);
        session.edit_params(Entry::Push, |params| params.set(&param, [value]));
    };
    let chosen = variable.chosen.values.first().cloned().unwrap_or_default();
    let options = variable.options.iter().map(|option| {
        let selected = (option.value == chosen).then_some("");
        el("option").attr("value", &option.value).attr_if("selected", selected).text(&option.label)
    });
    let select = el("select").attr("aria-label", &variable.label).attr("data-variable", &variable.name);
    let problem = variable.problem.as_ref().map(|problem| {
        let mark = el("span").class("mark warn").attr("tabindex", "0").attr("title", problem);
        mark.attr("aria-label", problem).text("!")
    });
    let field = el("label").class("field");
    let field = if variable.hide == Hide::Label { field } else { field.text(&variable.label) };
    field.child(select.children(options).on("change", choose)).children(problem)
}

/// The panels in their places.
fn grid(loaded: &Arc<Loaded>, variables: Variables, closed: RwSignal<SortedSet<u32>>, solo: Memo<Option<u32>>) -> El {
    let loaded = loaded.clone();
    let content = move || {
        let dashboard = &loaded.dashboard;
        if let Some(panel) = solo.get().and_then(|id| dashboard.panel(id)) {
            return el("div").class("solo").child(shown_panel(panel, &loaded, None, variables));
        }
        let closed_now = closed.get();
        let placed = state::placed(dashboard, &closed_now);
        if placed.is_empty() {
            return el("p").class("card empty").text("This dashboard has no panels");
        }
        let panels = placed.into_iter().map(|(panel, place)| match panel.kind {
            PanelKind::Row { .. } => row_header(panel, place, closed, &closed_now, variables),
            _ => shown_panel(panel, &loaded, Some(place), variables),
        });
        el("div").class("grid").children(panels)
    };
    el("div").class("part").child_with(move || Some(content()))
}

fn row_header(
    panel: &Panel,
    place: GridPos,
    closed: RwSignal<SortedSet<u32>>,
    closed_now: &SortedSet<u32>,
    variables: Variables,
) -> El {
    let id = panel.id;
    let open = !closed_now.contains(&id);
    let toggle = move || {
        closed.update(|closed| {
            if !closed.remove(&id) {
                closed.insert(id);
            }
        });
    };
    let button = button("button plain").attr("aria-expanded", if open { "true" } else { "false" });
    let button = button.child(icon(Shape::Chevron)).text_with(titled(panel.title.clone(), variables)).on_click(toggle);
    el("div").class("row-header").style("grid-row", &(place.y + 1).to_string()).child(button)
}

/// A text with the variables' values in it.
fn titled(text: String, variables: Variables) -> impl Fn() -> String + 'static {
    move || {
        variables.with(|resolved| match resolved {
            Some(resolved) => resolved.scope.text(&text),
            None => text.clone(),
        })
    }
}

fn shown_panel(panel: &Panel, loaded: &Loaded, place: Option<GridPos>, variables: Variables) -> El {
    let id = PanelId::from(panel.id.to_string());
    let head = CardHead {
        id: id.clone(),
        title: Box::new(titled(panel.title.clone(), variables)),
        description: panel.description.clone(),
        kind: panel.kind.name().to_owned(),
        place: place.map(|place| {
            let span = |start: u32, length: u32| format!("{} / span {length}", start + 1);
            (span(place.x, place.w), span(place.y, place.h), place.h)
        }),
        notes: loaded.notes_of(panel),
        still: "ready",
    };
    match &panel.kind {
        PanelKind::TimeSeries(options) => {
            let view = use_panel(&id);
            let settings = Rc::new(ChartSettings::of(panel, options, state::calc_names(&options.legend.calcs)));
            let content = chart(&id, view.clone(), settings);
            card(head, Some(view), content)
        }
        PanelKind::Stat(options) => {
            let view = use_panel(&id);
            let content = stat(&id, view.clone(), Rc::new(StatSettings::of(panel, options)));
            card(head, Some(view), content)
        }
        PanelKind::Table(_) => {
            let view = use_panel(&id);
            let content = parts::table(id, view.clone(), &panel.fields.defaults);
            card(head, Some(view), content)
        }
        PanelKind::Text(options) => card(head, None, text(titled(options.content.clone(), variables))),
        PanelKind::Row { .. } => el("div"),
        PanelKind::Unsupported { kind } => {
            let words = format!("Panels of the kind “{kind}” are not supported yet");
            let message = el("div").class("panel-message").child(el("span").class("title").text(&words));
            card(CardHead { still: "unsupported", ..head }, None, message)
        }
    }
}
