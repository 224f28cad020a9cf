//! One group of variables after the other, each after those it mentions.

use super::options::{Asker, Offered};
use super::{Choice, ChoiceState, Resolved, Variables};
use crate::browser::clock::{self, Pauses};
use crate::state::session::Session;
use dashboard::adhoc::{self, Filter};
use dashboard::interpolate::{Scope, Value};
use dashboard::model::{ALL, Selection, Variable, VariableKind, VariableOption};
use dashboard::time::RawRange;
use dashboard::{choice, variable_options, variables};
use engine::SourceFilters;
use frame::TimeRange;
use futures_channel::oneshot;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

/// What variables are resolved for.
struct Run {
    /// What the URL says, one list per variable.
    asked: Vec<Vec<String>>,
    range: TimeRange,
    /// Nobody has asked for it: the page need not say that it goes on.
    quiet: bool,
}

/// Options that follow the time range are asked for again when it has moved by that much.
const MOVE_MILLIS: i64 = 60_000;

/// Resolves the variables of a dashboard, as often as they change.
pub(super) struct Resolver {
    variables: Vec<Variable>,
    shown: Variables,
    asker: Rc<Asker>,
    /// The number of the newest run: one that another has overtaken ends.
    run: Cell<u32>,
}

impl Resolver {
    pub fn new(session: Session, variables: &[Variable], range: Memo<RawRange>, shown: Variables) -> Self {
        let asker = Asker::new(session, untrack(|| session.resolve(&range.get_untracked())).unwrap_or_default());
        Self { variables: variables.to_vec(), shown, asker: Rc::new(asker), run: Cell::new(0) }
    }

    /// Resolves all of them, as the URL has `asked` for them, for `range`: again for as long as something could not be had,
    /// and where they follow the range, when time has gone on for the panels.
    pub async fn keep_resolved(self: Rc<Self>, asked: Vec<Vec<String>>, range: RawRange, follows_range: bool) {
        let session = self.asker.session;
        let (mut pauses, mut quiet) = (Pauses::default(), false);
        loop {
            let resolved_for = untrack(|| session.resolve(&range)).unwrap_or_default();
            let run = Run { asked: asked.clone(), range: resolved_for, quiet };
            let Some(passes) = self.clone().resolve(run).await else { return };
            quiet = true;
            if passes {
                pauses.wait().await;
                continue;
            }
            pauses = Pauses::default();
            if !follows_range || !range.is_relative() {
                return;
            }
            // Only a page that refreshes moves on; a hidden one does not.
            let has_moved = || session.shown.with_untracked(|shown| shown.end.since(resolved_for.end) >= MOVE_MILLIS);
            while !has_moved() {
                clock::sleep(MOVE_MILLIS).await;
            }
        }
    }

    /// Resolves all of them. Gives whether what is missing may be there a little later; none where another run has overtaken
    /// this one.
    async fn resolve(self: Rc<Self>, Run { asked, range, quiet }: Run) -> Option<bool> {
        let run = self.run.get().wrapping_add(1);
        self.run.set(run);
        let mut resolved = Resolved::default();
        let mut passes = false;
        let order = variables::resolution_order(&self.variables);
        for group in order.groups(&self.variables) {
            let begin = |index: &usize| self.begin(*index, &resolved.scope, range, quiet);
            let begun: Vec<_> = group.iter().map(begin).collect();
            for (index, offered) in group.into_iter().zip(begun) {
                // It is always sent: nothing drops the sender before.
                let offered = offered.await.ok()?;
                if self.run.get() != run {
                    return None;
                }
                passes |= offered.as_ref().is_err_and(|lack| lack.passes);
                self.choose(index, offered, &asked, range, &mut resolved);
            }
        }
        for index in order.cyclic {
            self.choose(index, Err(CYCLE.to_owned().into()), &asked, range, &mut resolved);
        }
        // The page may be gone by now.
        let _ = self.shown.resolved.try_update(|known| {
            if known.as_deref() != Some(&resolved) {
                *known = Some(Arc::new(resolved));
            }
        });
        Some(passes)
    }

    /// Forgets what was answered: the next run asks anew.
    pub fn forget(&self) {
        self.asker.forget();
    }

    /// Asks for the options of a variable at once, so that those of a group are on their way together.
    fn begin(
        self: &Rc<Self>,
        index: usize,
        scope: &Scope,
        range: TimeRange,
        quiet: bool,
    ) -> oneshot::Receiver<Offered> {
        let (sender, receiver) = oneshot::channel();
        let (this, scope) = (self.clone(), scope.clone());
        leptos::task::spawn_local(async move {
            let Some(variable) = this.variables.get(index) else { return };
            let say_loading = {
                let this = this.clone();
                move || {
                    if !quiet {
                        this.say_loading(index);
                    }
                }
            };
            let offered = this.asker.clone().options(variable, &scope, range, say_loading).await;
            // Nobody waits for a run that was overtaken.
            let _ = sender.send(offered);
        });
        receiver
    }

    /// Adds an ad hoc variable's filters, their values filled in, to those of its data source.
    fn add_filters(&self, source: String, mut filters: Vec<Filter>, resolved: &mut Resolved) {
        if filters.is_empty() {
            return;
        }
        for value in filters.iter_mut().flat_map(|filter| &mut filter.values) {
            *value = resolved.scope.interpolate(value, "raw");
        }
        match resolved.filters.iter_mut().find(|known| known.source == source) {
            Some(known) => known.filters.extend(filters),
            None => resolved.filters.push(SourceFilters { source, filters }),
        }
    }

    fn say_loading(&self, index: usize) {
        if let Some(choice) = self.shown.choices.get(index) {
            choice.update(|choice| choice.state = ChoiceState::Loading);
        }
    }

    /// Chooses of what a variable offers, for the user to see and the variables behind it to use.
    fn choose(&self, index: usize, offered: Offered, asked: &[Vec<String>], range: TimeRange, resolved: &mut Resolved) {
        let Some(variable) = self.variables.get(index) else { return };
        let (mut options, state) = match offered {
            Ok(options) => (options, ChoiceState::Ready),
            Err(lack) => (variable.options.clone(), ChoiceState::Failed(lack.words)),
        };
        let asked = asked.get(index).map_or(&[][..], Vec::as_slice);
        let chosen = match &variable.kind {
            VariableKind::AdHoc { datasource, filters } => {
                let filters = filters_of(asked, filters);
                let chosen = Selection::of(filters.iter().map(Filter::to_url));
                resolved.scope.set(&variable.name, Value::Verbatim(adhoc::matchers(&filters)));
                let source = self.asker.source(datasource, &resolved.scope);
                self.add_filters(source, filters, resolved);
                chosen
            }
            _ => {
                let from_url = choice::from_url(variable, &options, asked);
                let chosen = from_url.unwrap_or_else(|| at_first(variable, &options));
                variables::put(&mut resolved.scope, variable, &options, &chosen, range.millis());
                chosen
            }
        };
        if variable.multi || variable.include_all {
            resolved.chosen.push((variable.name.clone(), choice::chosen_options(&options, &chosen)));
        }
        if variable.include_all && options.first().is_none_or(|first| first.value != ALL) {
            options.insert(0, VariableOption { label: "All".to_owned(), value: ALL.to_owned() });
        }
        let next = Choice { options: Arc::new(options), chosen, state };
        if let Some(choice) = self.shown.choices.get(index)
            && choice.with_untracked(|known| *known != next)
        {
            choice.set(next);
        }
    }
}

/// The filters of an ad hoc variable: the URL's, else those of the file. An empty one in the URL stands for none.
fn filters_of(asked: &[String], of_file: &[Filter]) -> Vec<Filter> {
    if asked.is_empty() { of_file.to_vec() } else { asked.iter().filter_map(|text| Filter::from_url(text)).collect() }
}

const CYCLE: &str = "It depends on itself through other variables: its saved value is used";

/// The file's choice as far as it is still offered, else the first option.
fn at_first(variable: &Variable, options: &[VariableOption]) -> Selection {
    match variable.kind {
        // Nothing is offered of which it could be one.
        _ if options.is_empty() => variable.current.clone(),
        VariableKind::TextBox if !variable.current.values.is_empty() => variable.current.clone(),
        _ => variable_options::select(variable, options, &variable.current),
    }
}
