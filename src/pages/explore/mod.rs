//! Explore: queries typed by hand, as a graph over time and as a table of one instant.

mod asked;
mod cells;
mod cost;
mod editor;
mod field;
mod history;
mod icons;
mod kept;
mod metric;
mod metrics;
mod mistake;
mod names;
mod offers;
mod paint;
mod pairs;
mod popup;
mod share;
mod table;

use crate::dom::{El, Memo, RwSignal, el, react};
use crate::panels::card::{CardHead, card};
use crate::panels::chart::chart;
use crate::panels::settings::ChartSettings;
use crate::state::panel::use_panel;
use crate::state::session::Session;
use crate::ui::notice::problem;
use crate::ui::time_picker::{refresh_picker, time_picker};
use crate::ui::top_bar::top_bar;
use asked::{Asked, GRAPH, Mode, Query, RESULTS};
use engine::PanelId;
use history::History;
use names::Names;
use std::rc::Rc;

/// The page.
pub fn explore() -> Vec<El> {
    let session = Session::expect();
    let asked = Asked::of(session);
    let names = Names::new(asked);
    let history = History::new(asked);
    let view = Memo::new(move |_| asked.view());
    cost::ask_for_costs(asked);
    react(move || session.show(view.get()));
    let no_source = session.config.with_value(|config| config.data_sources.is_empty());
    let no_source =
        no_source.then(|| problem("No data source", "config.json names none, and none was found on this origin."));
    let tools = [time_picker(session, asked.range), refresh_picker(session, asked.refresh)];
    let page = el("div").class("page").children(no_source).child(editor::editor(asked, names, history));
    vec![
        top_bar(|| "Explore".to_owned(), tools),
        page.children([metrics::browser(asked, names), history.build(), results(asked)]),
    ]
}

/// The cards stay while queries come and go.
fn results(asked: Asked) -> El {
    let nothing = Memo::new(move |_| nothing_asked(asked));
    let mode = Memo::new(move |_| asked.mode());
    el("div").class("results").children_with(move || match (nothing.get(), mode.get()) {
        (Some(why), _) => vec![el("p").class("card empty").text(why)],
        (None, Mode::Both) => vec![graph(asked), results_table(asked)],
        (None, Mode::Graph) => vec![graph(asked)],
        (None, Mode::Table) => vec![results_table(asked)],
    })
}

/// Why no query is asked, if none is.
fn nothing_asked(asked: Asked) -> Option<&'static str> {
    asked.queries.with(|queries| {
        if queries.iter().any(|query| asked.is_asked(query)) {
            None
        } else if queries.iter().all(Query::is_empty) {
            Some("Type a query, then press Ctrl+Enter. Several are drawn in one graph.")
        } else if queries.iter().all(|query| !query.shown || query.is_empty()) {
            Some("All queries are hidden.")
        } else {
            Some("Nothing was asked: the mistakes are marked above.")
        }
    })
}

fn graph(asked: Asked) -> El {
    let id = PanelId::from(GRAPH);
    let panel = use_panel(&id);
    let chart = chart(&id, panel.clone(), Rc::new(ChartSettings::plain()), None, None);
    let cost = cost::cost_line(asked, id.clone(), panel.clone());
    let content = el("div").class("part").child(chart).child(cost);
    el("div")
        .class("explore-graph")
        .child(card(card_head(id, "Graph", "timeseries"), Some(panel), move || Some(content.clone())))
}

fn results_table(asked: Asked) -> El {
    let id = PanelId::from(RESULTS);
    let panel = use_panel(&id);
    let cost = cost::cost_line(asked, id.clone(), panel.clone());
    let content = el("div").class("part").child(table::table(asked, id.clone(), panel.clone())).child(cost);
    el("div")
        .class("explore-table")
        .child(card(card_head(id, "Table", "table"), Some(panel), move || Some(content.clone())))
}

fn card_head(id: PanelId, title: &'static str, kind: &str) -> CardHead {
    CardHead {
        id,
        title: Box::new(move || title.to_owned()),
        kind: kind.to_owned(),
        place: None,
        time: None,
        tools: Vec::new(),
        awaits: None,
        notes: Vec::new(),
        undrawn: RwSignal::new(Vec::new()),
        still: "ready",
    }
}
