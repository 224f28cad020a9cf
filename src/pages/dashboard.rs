//! A dashboard: its variables and time range in the bar, its panels in Grafana's grid.

use crate::browser::clock;
use crate::browser::url::Entry;
use crate::browser::zones::BrowserZones;
use crate::panels::card::{Card, CardHead};
use crate::panels::chart::Chart;
use crate::panels::settings::{ChartSettings, StatSettings};
use crate::panels::stat::Stat;
use crate::panels::table::Table;
use crate::panels::text::Text;
use crate::state::catalog;
use crate::state::dashboard::{self as state, Loaded};
use crate::state::panel::use_panel;
use crate::state::session::Session;
use crate::state::variables::{self, Choice, Resolved};
use crate::ui::icon::{Icon, Shape};
use crate::ui::notice::Notice;
use crate::ui::time_picker::{RefreshPicker, TimePicker};
use crate::ui::top_bar::TopBar;
use crate::view::view;
use dashboard::model::{GridPos, Hide, Panel, PanelKind};
use dashboard::time::{RawRange, parse_duration};
use engine::{PanelId, View};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The page of the dashboard `uid`.
#[component]
pub fn DashboardPage(uid: String) -> impl IntoView {
    let session = Session::expect();
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    let loaded = LocalResource::new(move || {
        let (index, uid) = (index.clone(), uid.clone());
        async move { state::load(&index, &uid).await }
    });
    move || match loaded.get() {
        None => view! { <TopBar title="Dashboard" /> },
        Some(Ok(loaded)) => view! { <Shown loaded /> },
        Some(Err(missing)) => view! { <Failed missing /> },
    }
}

#[component]
fn Failed(missing: catalog::Missing) -> impl IntoView {
    view! {
        <TopBar title="Dashboard" />
        <div class="page narrow"><Notice bad=true title=missing.title advice=missing.advice /></div>
    }
}

/// A dashboard that could be read.
#[component]
fn Shown(loaded: Arc<Loaded>) -> impl IntoView {
    let session = Session::expect();
    let dashboard = loaded.dashboard.clone();
    let own_range = dashboard.time.clone();
    let range = Memo::new(move |_| session.range_or(&own_range));
    let own_refresh = dashboard.refresh.clone().unwrap_or_default();
    let refresh = Memo::new(move |_| {
        session.route.with(|route| route.params.get("refresh").map_or_else(|| own_refresh.clone(), str::to_owned))
    });
    let resolved = variables_of(session, &loaded, range);
    let closed = RwSignal::new(state::closed_rows(&dashboard));
    let solo = Memo::new(move |_| {
        session
            .route
            .with(|route| route.params.get("viewPanel").and_then(|id| id.trim_start_matches("panel-").parse().ok()))
    });
    {
        let loaded = loaded.clone();
        Effect::new(move |_| {
            let Some(resolved) = resolved.get() else { return };
            let shown = state::visible(&loaded.dashboard, &closed.get(), solo.get());
            session.show(View {
                range: range.get(),
                zone: session.zone(),
                refresh_millis: parse_duration(&refresh.get()).filter(|millis| *millis > 0),
                scope: resolved.scope.clone(),
                panels: shown.into_iter().filter_map(|panel| state::spec(panel, &resolved.scope, session)).collect(),
            });
        });
    }
    let title = dashboard.title.clone();
    let hidden_picker = dashboard.time_picker.hidden;
    let grid = {
        let loaded = loaded.clone();
        move || {
            // The panels wait for the variables only once, not at every change of a value.
            resolved.with(Option::is_some).then(|| view! { <Grid loaded=loaded.clone() resolved closed solo /> })
        }
    };
    view! {
        <TopBar title=Signal::derive(move || title.clone())>
            <Variables resolved />
            {(!hidden_picker).then(|| view! { <TimePicker range /> })}
            <RefreshPicker refresh />
        </TopBar>
        <div class="page">{grid}</div>
    }
}

/// The variables with their options; none until they have been asked for the first time.
fn variables_of(session: Session, loaded: &Arc<Loaded>, range: Memo<RawRange>) -> ReadSignal<Option<Arc<Resolved>>> {
    let (resolved, set_resolved) = signal(None);
    let dashboard = Arc::new(loaded.dashboard.variables.clone());
    let chosen = Memo::new({
        let dashboard = dashboard.clone();
        move |_| {
            session.route.with(|route| {
                let of = |name: &str| route.params.all(&format!("var-{name}")).map(str::to_owned).collect::<Vec<_>>();
                dashboard.iter().map(|variable| of(&variable.name)).collect::<Vec<_>>()
            })
        }
    });
    Effect::new(move |_| {
        let (dashboard, chosen) = (dashboard.clone(), chosen.get());
        let at = range.with_untracked(|range| range.resolve(clock::now(), &untrack(|| session.zone()), &BrowserZones));
        leptos::task::spawn_local(async move {
            let next = variables::resolve(session, &dashboard, &chosen, at.unwrap_or_default()).await;
            // The page may be gone by now.
            let _ = set_resolved.try_set(Some(Arc::new(next)));
        });
    });
    resolved
}

/// A select for each variable that is to be seen.
#[component]
fn Variables(resolved: ReadSignal<Option<Arc<Resolved>>>) -> impl IntoView {
    let session = Session::expect();
    move || {
        let resolved = resolved.get()?;
        let shown = resolved.variables.iter().filter(|variable| variable.is_shown());
        Some(shown.map(|variable| select(session, variable)).collect_view())
    }
}

fn select(session: Session, variable: &Choice) -> AnyView {
    let param = format!("var-{}", variable.name);
    let choose = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        session.edit_params(Entry::Push, |params| params.set(&param, [value]));
    };
    let chosen = variable.chosen.values.first().cloned().unwrap_or_default();
    let options = variable
        .options
        .iter()
        .map(|option| {
            view! { <option value=option.value.clone() selected=option.value == chosen>{option.label.clone()}</option> }
        })
        .collect_view();
    let label = (variable.hide != Hide::Label).then(|| variable.label.clone());
    let problem = variable.problem.clone().map(|problem| {
        view! { <span class="mark warn" tabindex="0" title=problem.clone() aria-label=problem>"!"</span> }
    });
    view! {
        <label class="field">
            {label}
            <select aria-label=variable.label.clone() data-variable=variable.name.clone() on:change=choose>{options}</select>
            {problem}
        </label>
    }
}

/// The panels in their places.
#[component]
fn Grid(
    loaded: Arc<Loaded>,
    resolved: ReadSignal<Option<Arc<Resolved>>>,
    closed: RwSignal<BTreeSet<u32>>,
    solo: Memo<Option<u32>>,
) -> impl IntoView {
    move || {
        let dashboard = &loaded.dashboard;
        if let Some(panel) = solo.get().and_then(|id| dashboard.panel(id)) {
            return view! { <div class="solo">{shown_panel(panel, &loaded, None, resolved)}</div> };
        }
        let closed_now = closed.get();
        let placed = state::placed(dashboard, &closed_now);
        if placed.is_empty() {
            return view! { <p class="card empty">"This dashboard has no panels"</p> };
        }
        let panels = placed
            .into_iter()
            .map(|(panel, place)| match panel.kind {
                PanelKind::Row { .. } => row_header(panel, place, closed, &closed_now, resolved),
                _ => shown_panel(panel, &loaded, Some(place), resolved),
            })
            .collect_view();
        view! { <div class="grid">{panels}</div> }
    }
}

fn row_header(
    panel: &Panel,
    place: GridPos,
    closed: RwSignal<BTreeSet<u32>>,
    closed_now: &BTreeSet<u32>,
    resolved: ReadSignal<Option<Arc<Resolved>>>,
) -> AnyView {
    let id = panel.id;
    let open = !closed_now.contains(&id);
    let toggle = move |_| {
        closed.update(|closed| {
            if !closed.remove(&id) {
                closed.insert(id);
            }
        });
    };
    let title = titled(panel.title.clone(), resolved);
    view! {
        <div class="row-header" style:grid-row=(place.y + 1).to_string()>
            <button class="button plain" type="button" aria-expanded=open.to_string() on:click=toggle>
                <Icon shape=Shape::Chevron />{title}
            </button>
        </div>
    }
}

/// A text with the variables' values in it.
fn titled(text: String, resolved: ReadSignal<Option<Arc<Resolved>>>) -> Signal<String> {
    Signal::derive(move || {
        resolved.with(|resolved| match resolved {
            Some(resolved) => resolved.scope.text(&text),
            None => text.clone(),
        })
    })
}

fn shown_panel(
    panel: &Panel,
    loaded: &Loaded,
    place: Option<GridPos>,
    resolved: ReadSignal<Option<Arc<Resolved>>>,
) -> AnyView {
    let id = PanelId::from(panel.id.to_string());
    let head = CardHead {
        id: id.clone(),
        title: titled(panel.title.clone(), resolved),
        description: panel.description.clone(),
        kind: panel.kind.name().to_owned(),
        place: place.map(|place| {
            let span = |start: u32, length: u32| format!("{} / span {length}", start + 1);
            (span(place.x, place.w), span(place.y, place.h), place.h)
        }),
        notes: loaded.notes_of(panel),
    };
    match &panel.kind {
        PanelKind::TimeSeries(options) => {
            let view = use_panel(&id);
            let settings = Arc::new(ChartSettings::of(panel, options, state::calc_names(&options.legend.calcs)));
            view! { <Card head view=Some(view.clone())><Chart id view settings /></Card> }
        }
        PanelKind::Stat(options) => {
            let view = use_panel(&id);
            let settings = Arc::new(StatSettings::of(panel, options));
            view! { <Card head view=Some(view.clone())><Stat id view settings /></Card> }
        }
        PanelKind::Table(_) => {
            let view = use_panel(&id);
            let unit = format::Unit::new(&panel.fields.defaults.unit);
            let decimals = panel.fields.defaults.decimals;
            let text = Callback::new(move |value: f64| unit.format(value, decimals).to_string());
            view! { <Card head view=Some(view.clone())><Table id view format=text /></Card> }
        }
        PanelKind::Text(options) => {
            let content = titled(options.content.clone(), resolved);
            view! { <Card head view=None><Text content /></Card> }
        }
        PanelKind::Row { .. } => ().into_any(),
        PanelKind::Unsupported { kind } => {
            let words = format!("Panels of the kind “{kind}” are not supported yet");
            view! { <Card head view=None still="unsupported"><div class="panel-message"><span class="title">{words}</span></div></Card> }
        }
    }
}
