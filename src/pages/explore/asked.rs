//! What the address asks for: which queries, of whom, over what time, and how the answers are shown.

use super::mistake::mistake;
use crate::browser::url::Entry;
use crate::dom::{Memo, RwSignal};
use crate::state::session::Session;
use dashboard::time::{RawRange, parse_duration};
use dashboard::time_override::TimeOverride;
use engine::{PanelId, PanelSpec, QuerySpec, Refine, Shape, View};
use frame::TimeRange;
use leptos::prelude::*;

/// How many queries there may be.
pub const MOST_QUERIES: usize = 10;
/// The panel over time.
pub const GRAPH: &str = "explore-graph";
/// The panel of one instant.
pub const RESULTS: &str = "explore-table";
/// Points per series where the step was chosen, as many as Prometheus gives: the step stays what it is unless even that
/// does not do.
const MOST_POINTS: u32 = 11_000;

/// What is shown of the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Both,
    Graph,
    Table,
}

impl Mode {
    /// Each with its word in the address and on its button.
    pub const ALL: [(Self, &str, &str); 3] =
        [(Self::Both, "", "Graph and table"), (Self::Graph, "graph", "Graph"), (Self::Table, "table", "Table")];

    fn parse(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map_or(Self::Both, |(mode, ..)| *mode)
    }
}

/// A query as it stands in the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    pub expr: String,
    /// A hidden one keeps its place and is not asked.
    pub shown: bool,
}

impl Query {
    /// A query that is shown.
    pub fn new(expr: impl Into<String>) -> Self {
        Self { expr: expr.into(), shown: true }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.expr.trim().is_empty()
    }
}

/// What query number `index` is called.
pub fn letter(index: usize) -> String {
    ('A'..='Z').nth(index).unwrap_or('?').to_string()
}

/// What the address asks for; copying it copies handles.
#[derive(Clone, Copy)]
pub struct Asked {
    pub session: Session,
    pub range: Memo<RawRange>,
    pub refresh: Memo<String>,
    pub source: Memo<String>,
    pub queries: Memo<Vec<Query>>,
    /// The step as it was typed; empty for one that fits the width.
    pub step: Memo<String>,
    /// How long before the end the table is of, as it was typed.
    pub ago: Memo<String>,
    mode: Memo<String>,
    /// The line that has, or had, the keyboard.
    pub focused: RwSignal<usize>,
    /// Queries with mistakes that the user wants the server to judge.
    insisted: RwSignal<Vec<String>>,
}

impl Asked {
    /// Of the page that is open.
    pub fn of(session: Session) -> Self {
        let usual = session.opening_range(RawRange::new("now-1h", "now"));
        let param = move |name| session.route.with(|route| route.params.get(name).unwrap_or_default().to_owned());
        let fallback = session.source_uid(None);
        let source = move || Some(param("source")).filter(|asked| !asked.is_empty());
        Self {
            session,
            range: Memo::new(move |_| session.range_or(&usual)),
            refresh: Memo::new(move |_| session.refresh_or(None)),
            source: Memo::new(move |_| source().unwrap_or_else(|| fallback.clone())),
            queries: Memo::new(move |_| queries_of(session)),
            step: Memo::new(move |_| param("step")),
            ago: Memo::new(move |_| param("ago")),
            mode: Memo::new(move |_| param("mode")),
            focused: RwSignal::new(0),
            insisted: RwSignal::new(Vec::new()),
        }
    }

    /// What is shown of the results.
    pub fn mode(self) -> Mode {
        self.mode.with(|word| Mode::parse(word))
    }

    /// Shows something else of the results.
    pub fn set_mode(self, word: &'static str) {
        self.set_param(Entry::Push, "mode", word.to_owned());
    }

    /// Sets a parameter of the address; an empty one leaves it.
    pub fn set_param(self, entry: Entry, name: &str, value: String) {
        self.session.edit_params(entry, |params| params.set(name, (!value.is_empty()).then_some(value)));
    }

    /// How many lines the editor has: one even if there is no query.
    pub fn lines(self) -> usize {
        self.queries.with(|queries| queries.len().max(1))
    }

    /// The line that has, or had, the keyboard, or the last where that is gone.
    pub fn focused_line(self) -> usize {
        self.focused.get().min(self.lines() - 1)
    }

    /// Query number `index`; an empty one where there is none.
    pub fn query(self, index: usize) -> Query {
        self.queries.with(|queries| queries.get(index).cloned()).unwrap_or_else(|| Query::new(""))
    }

    /// Puts changed queries into the address, of which the editor shows one even if there is none.
    pub fn edit(self, change: impl FnOnce(&mut Vec<Query>)) {
        let mut next = self.queries.get_untracked();
        if next.is_empty() {
            next.push(Query::new(""));
        }
        change(&mut next);
        let hidden = next.iter().enumerate().filter(|(_, query)| !query.shown).map(|(index, _)| letter(index));
        let hidden: Vec<String> = hidden.collect();
        self.session.edit_params(Entry::Push, |params| {
            params.set("expr", next.into_iter().map(|query| query.expr));
            params.set("hide", hidden);
        });
    }

    /// Makes `expr` the query that has, or had, the keyboard.
    pub fn put(self, expr: String) {
        let line = untrack(|| self.focused_line());
        self.edit(|queries| {
            if let Some(query) = queries.get_mut(line) {
                *query = Query::new(expr);
            }
        });
    }

    /// The range that is shown, or would be if something were.
    pub fn time_range(self) -> TimeRange {
        let shown = self.session.shown.get_untracked();
        let asked = || untrack(|| self.session.resolve(&self.range.get_untracked())).unwrap_or_default();
        if shown.start < shown.end { shown } else { asked() }
    }

    /// Whether the server is asked although there is a mistake.
    pub fn insists(self, expr: &str) -> bool {
        self.insisted.with(|insisted| insisted.iter().any(|known| known == expr))
    }

    /// Lets the server judge `expr`.
    pub fn insist(self, expr: String) {
        self.insisted.update(|insisted| insisted.push(expr));
    }

    /// Whether query number `index` is sent to the server.
    pub fn is_asked(self, query: &Query) -> bool {
        query.shown && !query.is_empty() && (mistake(&query.expr).is_none() || self.insists(&query.expr))
    }

    /// The step that was chosen; none for one that fits the width, and for what is no duration.
    pub fn chosen_step(self) -> Option<String> {
        Some(self.step.get()).filter(|step| parse_duration(step).is_some_and(|millis| millis > 0))
    }

    /// How long before the end of the range the table is of; none for the end itself, and for what is no duration.
    pub fn table_ago(self) -> Option<String> {
        Some(self.ago.get()).filter(|ago| parse_duration(ago).is_some_and(|millis| millis > 0))
    }

    /// What the worker is to answer.
    pub fn view(self) -> View {
        let mode = self.mode();
        let graph = (mode != Mode::Table).then(|| self.panel(GRAPH, Shape::Range));
        let table = (mode != Mode::Graph).then(|| self.panel(RESULTS, Shape::Instant));
        View {
            range: self.range.get(),
            zone: self.session.zone(),
            calendar: self.session.calendar(),
            refresh_millis: parse_duration(&self.refresh.get()),
            panels: graph.into_iter().chain(table).collect(),
            ..View::default()
        }
    }

    fn panel(self, id: &str, shape: Shape) -> PanelSpec {
        let queries = self.queries.get();
        let asked = queries.into_iter().enumerate().filter(|(_, query)| self.is_asked(query));
        let query = |(index, query): (usize, Query)| QuerySpec {
            ref_id: letter(index),
            expr: query.expr,
            instant: shape == Shape::Instant,
            ..QuerySpec::default()
        };
        let step = self.chosen_step();
        PanelSpec {
            id: PanelId::from(id),
            source: self.source.get(),
            queries: asked.map(query).collect(),
            max_data_points: step.is_some().then_some(MOST_POINTS),
            // Who chooses a step wants to see its points and no others.
            refine: step.is_some().then_some(Refine::Panel),
            min_interval: step,
            time: TimeOverride {
                shift: self.table_ago().filter(|_| shape == Shape::Instant),
                ..TimeOverride::default()
            },
            piecewise: shape == Shape::Range,
            shape,
            ..PanelSpec::default()
        }
    }
}

/// `expr` for each query, `hide` for the letter of each that is hidden.
fn queries_of(session: Session) -> Vec<Query> {
    session.route.with(|route| {
        let is_shown = |index| route.params.all("hide").all(|hidden| hidden != letter(index));
        let exprs = route.params.all("expr").take(MOST_QUERIES).enumerate();
        exprs.map(|(index, expr)| Query { expr: expr.to_owned(), shown: is_shown(index) }).collect()
    })
}
