//! Explore: queries typed by hand, as a graph over time and as a table of now.

use crate::browser::url::Entry;
use crate::panels::card::{Card, CardHead};
use crate::panels::chart::Chart;
use crate::panels::settings::ChartSettings;
use crate::panels::table::Table;
use crate::state::panel::use_panel;
use crate::state::session::Session;
use crate::ui::icon::{Icon, Shape};
use crate::ui::notice::Notice;
use crate::ui::time_picker::{RefreshPicker, TimePicker};
use crate::ui::top_bar::TopBar;
use crate::view::view;
use dashboard::interpolate::Scope;
use dashboard::time::{RawRange, parse_duration};
use engine::{PanelId, PanelSpec, QuerySpec, View};
use leptos::prelude::*;
use std::sync::Arc;

const MOST_QUERIES: usize = 10;

/// What is shown of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Both,
    Graph,
    Table,
}

impl Mode {
    const ALL: [(Self, &str, &str); 3] =
        [(Self::Both, "", "Graph and table"), (Self::Graph, "graph", "Graph"), (Self::Table, "table", "Table")];

    fn parse(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Self::Both, |(mode, ..)| *mode)
    }
}

/// The page.
#[component]
pub fn Explore() -> impl IntoView {
    let session = Session::expect();
    let hour = RawRange { from: "now-1h".into(), to: "now".into() };
    let range = Memo::new(move |_| session.range_or(&hour));
    let refresh = Memo::new(move |_| param(session, "refresh"));
    let mode = Memo::new(move |_| Mode::parse(&param(session, "mode")));
    let queries =
        Memo::new(move |_| session.route.with(|route| route.params.all("expr").map(str::to_owned).collect::<Vec<_>>()));
    let sources = session.config.with_value(|config| config.data_sources.clone());
    let fallback = sources.first().map(|source| source.uid.clone()).unwrap_or_default();
    let source = Memo::new(move |_| match param(session, "source") {
        asked if asked.is_empty() => fallback.clone(),
        asked => asked,
    });
    Effect::new(move |_| {
        session.show(View {
            range: range.get(),
            zone: session.zone(),
            refresh_millis: parse_duration(&refresh.get()),
            scope: Scope::default(),
            panels: panels(&queries.get(), &source.get(), mode.get()),
        });
    });
    let no_source = sources.is_empty();
    view! {
        <TopBar title="Explore">
            <TimePicker range />
            <RefreshPicker refresh />
        </TopBar>
        <div class="page">
            {no_source.then(|| view! {
                <Notice bad=true title="No data source" advice="config.json names none, and none was found on this origin." />
            })}
            <Queries queries mode />
            {move || {
                if queries.with(|queries| queries.iter().all(|query| query.trim().is_empty())) {
                    return view! { <p class="card empty">"Type a query, then press Ctrl+Enter. Several are drawn in one graph."</p> };
                }
                let mode = mode.get();
                let graph = (mode != Mode::Table).then(|| view! { <Graph /> });
                let table = (mode != Mode::Graph).then(|| view! { <Results /> });
                view! { {graph} {table} }
            }}
        </div>
    }
}

const GRAPH: &str = "explore-graph";
const RESULTS: &str = "explore-table";

fn param(session: Session, name: &str) -> String {
    session.route.with(|route| route.params.get(name).unwrap_or_default().to_owned())
}

fn panels(queries: &[String], source: &str, mode: Mode) -> Vec<PanelSpec> {
    let specs = |instant: bool| {
        let numbered = queries.iter().zip('A'..='Z').filter(|(expr, _)| !expr.trim().is_empty());
        numbered
            .map(|(expr, letter)| QuerySpec {
                ref_id: letter.to_string(),
                expr: expr.clone(),
                instant,
                ..QuerySpec::default()
            })
            .collect()
    };
    let panel = |id: &str, instant: bool| PanelSpec {
        id: PanelId::from(id),
        source: source.to_owned(),
        queries: specs(instant),
        max_data_points: None,
        min_interval: None,
        shape: if instant { engine::Shape::Instant } else { engine::Shape::Range },
        stack: false,
        calcs: Vec::new(),
        refine: None,
    };
    let graph = (mode != Mode::Table).then(|| panel(GRAPH, false));
    let table = (mode != Mode::Graph).then(|| panel(RESULTS, true));
    graph.into_iter().chain(table).collect()
}

#[component]
fn Graph() -> impl IntoView {
    let id = PanelId::from(GRAPH);
    let panel = use_panel(&id);
    let head = card_head(&id, "Graph", "timeseries");
    view! {
        <div class="explore-graph">
            <Card head view=Some(panel.clone())><Chart id view=panel settings=Arc::new(ChartSettings::plain()) /></Card>
        </div>
    }
}

#[component]
fn Results() -> impl IntoView {
    let id = PanelId::from(RESULTS);
    let panel = use_panel(&id);
    let head = card_head(&id, "Table", "table");
    view! { <Card head view=Some(panel.clone())><Table id view=panel format=Callback::new(|value: f64| value.to_string()) /></Card> }
}

fn card_head(id: &PanelId, title: &'static str, kind: &'static str) -> CardHead {
    let title = Signal::derive(move || title.to_owned());
    CardHead {
        id: id.clone(),
        title,
        description: String::new(),
        kind: kind.to_owned(),
        place: None,
        notes: Vec::new(),
    }
}

/// The editor: a line per query. What is typed runs on Ctrl+Enter or when the field is left.
#[component]
fn Queries(queries: Memo<Vec<String>>, mode: Memo<Mode>) -> impl IntoView {
    let session = Session::expect();
    let put = move |change: &dyn Fn(&mut Vec<String>)| {
        let mut next = queries.get_untracked();
        if next.is_empty() {
            next.push(String::new());
        }
        change(&mut next);
        session.edit_params(Entry::Push, |params| params.set("expr", next));
    };
    let rows = move || {
        let shown = queries.with(|queries| queries.len().max(1));
        (0..shown)
            .map(|index| {
                let text = queries.with(|queries| queries.get(index).cloned().unwrap_or_default());
                let run = move |text: String| {
                    put(&|queries| {
                        if let Some(query) = queries.get_mut(index) {
                            *query = text.clone();
                        }
                    });
                };
                let remove = move |()| {
                    put(&|queries| {
                        if index < queries.len() {
                            queries.remove(index);
                        }
                    });
                };
                view! { <QueryRow index text run=Callback::new(run) remove=Callback::new(remove) single={shown == 1} /> }
            })
            .collect_view()
    };
    let add = move |_| put(&|queries| queries.push(String::new()));
    let full = move || queries.with(|queries| queries.len() >= MOST_QUERIES);
    let choose = move |word: &'static str| {
        session.edit_params(Entry::Push, |params| params.set("mode", (!word.is_empty()).then(|| word.to_owned())));
    };
    view! {
        <div class="queries">
            {rows}
            <div class="tools counts">
                <button class="button" type="button" disabled=full on:click=add><Icon shape=Shape::Add />"Add query"</button>
                <div class="group" role="group" aria-label="Show as">
                    {Mode::ALL
                        .map(|(each, word, label)| view! {
                            <button class="button" type="button" aria-pressed=move || (mode.get() == each).to_string() on:click=move |_| choose(word)>{label}</button>
                        })
                        .collect_view()}
                </div>
            </div>
        </div>
    }
}

#[component]
fn QueryRow(index: usize, text: String, run: Callback<String>, remove: Callback<()>, single: bool) -> impl IntoView {
    let typed = RwSignal::new(text.clone());
    let letter = ('A'..='Z').nth(index).unwrap_or('?');
    let commit = {
        let before = text.clone();
        move || {
            let now = typed.get_untracked();
            if now != before {
                run.run(now);
            }
        }
    };
    let on_leave = {
        let commit = commit.clone();
        move |_| commit()
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            commit();
        }
    };
    let problem = move || {
        typed.with(|text| {
            promql::diagnose(text)
                .into_iter()
                .next()
                .map(|problem| view! { <div class="problem">{problem.message}</div> })
        })
    };
    view! {
        <div class="query-row">
            <span class="ref" aria-hidden="true">{letter.to_string()}</span>
            <textarea
                rows="1"
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                placeholder="PromQL, such as sum by (service) (rate(requests_total[5m]))"
                aria-label=format!("Query {letter}")
                prop:value=text
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=on_key
                on:change=on_leave
            ></textarea>
            <button class="button plain icon-only" type="button" disabled=single aria-label=format!("Remove query {letter}") on:click=move |_| remove.run(())>
                <Icon shape=Shape::Close />
            </button>
            {problem}
        </div>
    }
}
