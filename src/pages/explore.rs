//! Explore: queries typed by hand, as a graph over time and as a table of now.

use crate::browser::url::Entry;
use crate::dom::{El, button, el, react, value_of};
use crate::panels::card::{CardHead, card};
use crate::panels::chart::chart;
use crate::panels::settings::ChartSettings;
use crate::panels::table::table;
use crate::state::panel::use_panel;
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon, icon_button};
use crate::ui::notice::problem;
use crate::ui::rows::rows;
use crate::ui::time_picker::{refresh_picker, time_picker};
use crate::ui::top_bar::top_bar;
use dashboard::time::{RawRange, parse_duration};
use engine::{PanelId, PanelSpec, QuerySpec, View};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;

const MOST_QUERIES: usize = 10;
const GRAPH: &str = "explore-graph";
const RESULTS: &str = "explore-table";

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

/// What the address asks for; copying it copies handles.
#[derive(Clone, Copy)]
struct Asked {
    session: Session,
    range: Memo<RawRange>,
    refresh: Memo<String>,
    mode: Memo<String>,
    source: Memo<String>,
    queries: Memo<Vec<String>>,
}

impl Asked {
    fn of(session: Session) -> Self {
        let hour = RawRange { from: "now-1h".into(), to: "now".into() };
        let param = move |name| session.route.with(|route| route.params.get(name).unwrap_or_default().to_owned());
        let fallback = session.source_uid(None);
        let source = move || Some(param("source")).filter(|asked| !asked.is_empty());
        let queries = move || session.route.with(|route| route.params.all("expr").map(str::to_owned).collect());
        Self {
            session,
            range: Memo::new(move |_| session.range_or(&hour)),
            refresh: Memo::new(move |_| session.refresh_or(None)),
            mode: Memo::new(move |_| param("mode")),
            source: Memo::new(move |_| source().unwrap_or_else(|| fallback.clone())),
            queries: Memo::new(move |_| queries()),
        }
    }

    fn mode(self) -> Mode {
        self.mode.with(|word| Mode::parse(word))
    }

    /// Query number `index`; empty where there is none.
    fn query(self, index: usize) -> String {
        self.queries.with(|queries| queries.get(index).cloned().unwrap_or_default())
    }

    /// Puts changed queries into the address, of which the editor shows one even if there is none.
    fn edit(self, change: impl FnOnce(&mut Vec<String>)) {
        let mut next = self.queries.get_untracked();
        if next.is_empty() {
            next.push(String::new());
        }
        change(&mut next);
        self.session.edit_params(Entry::Push, |params| params.set("expr", next));
    }

    /// What the worker is to answer.
    fn view(self) -> View {
        let mode = self.mode();
        let graph = (mode != Mode::Table).then(|| self.panel(GRAPH, engine::Shape::Range));
        let table = (mode != Mode::Graph).then(|| self.panel(RESULTS, engine::Shape::Instant));
        View {
            range: self.range.get(),
            zone: self.session.zone(),
            calendar: self.session.calendar(),
            refresh_millis: parse_duration(&self.refresh.get()),
            panels: graph.into_iter().chain(table).collect(),
            ..View::default()
        }
    }

    fn panel(self, id: &str, shape: engine::Shape) -> PanelSpec {
        let queries = self.queries.get();
        let numbered = queries.into_iter().zip('A'..='Z').filter(|(expr, _)| !expr.trim().is_empty());
        let instant = shape == engine::Shape::Instant;
        let query = |(expr, letter): (String, char)| QuerySpec {
            ref_id: letter.to_string(),
            expr,
            instant,
            ..QuerySpec::default()
        };
        PanelSpec {
            id: PanelId::from(id),
            source: self.source.get(),
            queries: numbered.map(query).collect(),
            shape,
            ..PanelSpec::default()
        }
    }
}

/// The page.
pub fn explore() -> Vec<El> {
    let session = Session::expect();
    let asked = Asked::of(session);
    react(move || session.show(asked.view()));
    let no_source = session.config.with_value(|config| config.data_sources.is_empty());
    let no_source =
        no_source.then(|| problem("No data source", "config.json names none, and none was found on this origin."));
    let tools = [time_picker(session, asked.range), refresh_picker(session, asked.refresh)];
    let page = el("div").class("page").children(no_source).child(editor(asked)).children_with(move || results(asked));
    vec![top_bar(|| "Explore".to_owned(), tools), page]
}

fn results(asked: Asked) -> Vec<El> {
    if asked.queries.with(|queries| queries.iter().all(|query| query.trim().is_empty())) {
        let hint = "Type a query, then press Ctrl+Enter. Several are drawn in one graph.";
        return vec![el("p").class("card empty").text(hint)];
    }
    match asked.mode() {
        Mode::Both => vec![graph(), results_table()],
        Mode::Graph => vec![graph()],
        Mode::Table => vec![results_table()],
    }
}

fn graph() -> El {
    let id = PanelId::from(GRAPH);
    let panel = use_panel(&id);
    let chart = chart(&id, panel.clone(), Rc::new(ChartSettings::plain()));
    el("div").class("explore-graph").child(card(card_head(id, "Graph", "timeseries"), Some(panel), chart))
}

fn results_table() -> El {
    let id = PanelId::from(RESULTS);
    let panel = use_panel(&id);
    let table = table(id.clone(), panel.clone(), format::number::shortest);
    card(card_head(id, "Table", "table"), Some(panel), table)
}

fn card_head(id: PanelId, title: &'static str, kind: &str) -> CardHead {
    CardHead {
        id,
        title: Box::new(move || title.to_owned()),
        time: None,
        description: String::new(),
        kind: kind.to_owned(),
        place: None,
        notes: Vec::new(),
        still: "ready",
    }
}

/// The editor: a line per query. What is typed runs on Ctrl+Enter or when the field is left.
fn editor(asked: Asked) -> El {
    let letters = move || (0..asked.queries.with(|queries| queries.len().max(1))).map(letter).collect();
    let add = button("button").child(icon(Shape::Add)).text("Add query");
    let add = add
        .flag_with("disabled", move || asked.queries.with(|queries| queries.len() >= MOST_QUERIES))
        .on_click(move || asked.edit(|queries| queries.push(String::new())));
    let modes = Mode::ALL.map(|(mode, word, label)| {
        let choose = move || {
            let word = (!word.is_empty()).then(|| word.to_owned());
            asked.session.edit_params(Entry::Push, |params| params.set("mode", word));
        };
        let mode = button("button").attr_with("aria-pressed", move || Some((asked.mode() == mode).to_string()));
        mode.text(label).on_click(choose)
    });
    let modes = el("div").class("group").attr("role", "group").attr("aria-label", "Show as").children(modes);
    rows(el("div").class("queries"), letters, move |index| Some(query_row(asked, index)))
        .child(el("div").class("tools counts").child(add).child(modes))
}

/// What query number `index` is called.
fn letter(index: usize) -> String {
    ('A'..='Z').nth(index).unwrap_or('?').to_string()
}

fn query_row(asked: Asked, index: usize) -> El {
    let typed = RwSignal::new(String::new());
    let letter = letter(index);
    let remove = icon_button(Shape::Close, &format!("Remove query {letter}"))
        .class_if("plain", true)
        .flag_with("disabled", move || asked.queries.with(|queries| queries.len() <= 1))
        .on_click(move || {
            asked.edit(|queries| {
                if index < queries.len() {
                    queries.remove(index);
                }
            });
        });
    let complaint = move || {
        let first = typed.with(|text| complaint(text))?;
        Some(el("div").class("problem").text(&first))
    };
    el("div")
        .class("query-row")
        .child(el("span").class("ref").attr("aria-hidden", "true").text(&letter))
        .child(query_field(asked, index, &letter, typed))
        .child(remove)
        .child_with(complaint)
}

/// What is wrong with a query, if anything is.
fn complaint(text: &str) -> Option<String> {
    let token = promql::diagnose(text).into_iter().map(|found| found.message).next();
    token.or_else(|| Some(promql::check::problems(text).into_iter().next()?.message))
}

/// The field of query number `index`, which follows the address; `typed` is what stands in it.
fn query_field(asked: Asked, index: usize, letter: &str, typed: RwSignal<String>) -> El {
    let run = move || {
        let text = typed.get_untracked();
        if text != untrack(|| asked.query(index)) {
            asked.edit(|queries| {
                if let Some(query) = queries.get_mut(index) {
                    *query = text;
                }
            });
        }
    };
    let on_key = move |event: web_sys::Event| {
        let key: &web_sys::KeyboardEvent = event.unchecked_ref();
        if key.key() == "Enter" && (key.ctrl_key() || key.meta_key()) {
            key.prevent_default();
            run();
        }
    };
    let field = el("textarea")
        .attr("rows", "1")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("placeholder", "PromQL, such as sum by (service) (rate(requests_total[5m]))")
        .attr("aria-label", &format!("Query {letter}"))
        .on("input", move |event| typed.set(value_of(&event)))
        .on("keydown", on_key)
        .on("change", move |_| run());
    react({
        let field = field.clone();
        move || {
            let text = asked.query(index);
            field.clone().prop("value", &text.as_str().into());
            typed.set(text);
        }
    });
    field
}
