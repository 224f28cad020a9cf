//! A dashboard's variables: their options asked for, their values chosen from the URL, the file, or the options.

pub mod asked;
pub mod options;
mod resolve;

use crate::dom::{ArcRwSignal, Memo, RwSignal, on_leave, react, spawn};
use crate::state::session::Session;
use dashboard::interpolate::Scope;
use dashboard::model::{Hide, Selection, Variable, VariableKind, VariableOption};
use dashboard::resolution::{Outcome, Wanted, follows_range, without_asking};
use dashboard::time::RawRange;
use engine::SourceFilters;
use leptos::prelude::*;
use resolve::Resolver;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

/// One variable as it is offered to the user.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    pub options: Arc<Vec<VariableOption>>,
    pub chosen: Selection,
    pub state: ChoiceState,
}

/// Where a variable is with its options.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ChoiceState {
    /// They are asked for; those of before stay.
    #[default]
    Loading,
    Ready,
    /// There are none, or those of the file: why, for the user.
    Failed(String),
}

/// What is chosen of all variables together.
#[derive(Debug, Default, PartialEq)]
pub struct Resolved {
    /// They have yet to be resolved for the first time: this is fit for titles and places, and for no query.
    pub is_provisional: bool,
    /// The values that queries and titles get.
    pub scope: Scope,
    /// What is chosen of each variable of which several can be, by its name: panels are repeated for them.
    pub chosen: Vec<(String, Vec<VariableOption>)>,
    /// What is added to the queries of each data source.
    pub filters: Vec<SourceFilters>,
}

/// The variables of the dashboard on the page.
#[derive(Clone)]
pub struct Variables {
    /// In the order of the dashboard.
    pub choices: Vec<ArcRwSignal<Choice>>,
    /// What counts of all together: at first what is known before a data source has answered.
    pub resolved: RwSignal<Arc<Resolved>>,
    /// Whether that is provisional.
    pub are_awaited: Memo<bool>,
}

impl Variables {
    /// Resolves `variables`, and again whenever the URL chooses other values, or another time range where that matters.
    pub fn start(session: Session, variables: &[Variable], range: Memo<RawRange>) -> Self {
        let follows_range = variables.iter().any(follows_range);
        let names: Vec<String> = variables.iter().map(|variable| format!("var-{}", variable.name)).collect();
        // What else is in the URL is of no interest here.
        let asked = Memo::new(move |_| {
            let all = |name: &String| session.route.with(|route| route.params.all(name).map(str::to_owned).collect());
            names.iter().map(all).collect::<Vec<Vec<String>>>()
        });
        let now = session.now();
        let wanted = Wanted { asked: asked.get_untracked(), range: untrack(|| session.resolve(&range.get())), now };
        let Outcome { scope, chosen, .. } = without_asking(variables, wanted);
        let resolved = RwSignal::new(Arc::new(Resolved { is_provisional: true, scope, chosen, filters: Vec::new() }));
        let this = Self {
            choices: variables.iter().map(|_| ArcRwSignal::default()).collect(),
            resolved,
            are_awaited: Memo::new(move |_| resolved.with(|resolved| resolved.is_provisional)),
        };
        let shown = variables.iter().zip(&this.choices).filter(|(variable, _)| is_shown(variable));
        let shown =
            shown.map(|(variable, choice)| (variable.name.clone(), label_of(variable).to_owned(), choice.clone()));
        session.variables.set(shown.collect());
        on_leave(move || session.variables.set(Vec::new()));
        let resolver = Rc::new(Resolver::new(session, variables, this.clone()));
        let refreshes = Cell::new(0);
        react(move || {
            if refreshes.replace(session.refreshes.get()) != session.refreshes.get() {
                resolver.forget();
            }
            // Beyond half a minute the servers' clock counts, which is known once one has answered.
            session.skew_millis.track();
            let asked = asked.get();
            let range = if follows_range { range.get() } else { range.get_untracked() };
            spawn(resolver.clone().keep_resolved(asked, range, follows_range));
        });
        this
    }

    /// `text` for people to read with the variables' values in it, `local` ones before those of the dashboard.
    pub fn text(&self, local: &Scope, text: &str) -> String {
        self.fill(local, text, "text")
    }

    /// The same with `format` for the variables that name none.
    pub fn fill(&self, local: &Scope, text: &str, format: &str) -> String {
        self.resolved.with(|resolved| resolved.scope.with(local).interpolate(text, format))
    }
}

/// Whether the user is offered `variable`.
pub fn is_shown(variable: &Variable) -> bool {
    variable.hide != Hide::Variable && !matches!(variable.kind, VariableKind::Constant)
}

/// What the user reads of `variable`: its label, or its name where it has none.
pub fn label_of(variable: &Variable) -> &str {
    if variable.label.is_empty() { &variable.name } else { &variable.label }
}
