//! Carries what variables have to know to the worker, and what comes of it to the page.

use super::options::{Asker, Lack, Offered};
use super::{Choice, ChoiceState, Resolved, Variables};
use crate::browser::clock::{self, Pauses};
use crate::browser::url::Entry;
use crate::state::session::Session;
use dashboard::model::{ALL, Variable, VariableOption};
use dashboard::resolution::{Answer, FollowedRange, Former, Outcome, Replaced, Resolution, Wanted};
use dashboard::time::RawRange;
use engine::SourceFilters;
use leptos::prelude::*;
use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

/// How often the page looks whether its panels have moved on.
const LOOK_MILLIS: i64 = 60_000;

/// Resolves the variables of a dashboard, as often as they change.
pub(super) struct Resolver {
    variables: Vec<Variable>,
    shown: Variables,
    asker: Rc<Asker>,
    range: RefCell<FollowedRange>,
    former: RefCell<Option<Rc<Former>>>,
}

/// The options of a variable, under way.
type UnderWay = (usize, Pin<Box<dyn Future<Output = Offered>>>);

impl Resolver {
    pub fn new(session: Session, variables: &[Variable], shown: Variables) -> Self {
        Self {
            variables: variables.to_vec(),
            shown,
            asker: Rc::new(Asker::new(session)),
            range: RefCell::default(),
            former: RefCell::default(),
        }
    }

    /// Resolves all of them, as the URL has `asked` for them, for `range`: again for as long as something could not be had,
    /// and where they follow the range, when time has gone on for the panels.
    pub async fn keep_resolved(self: Rc<Self>, asked: Vec<Vec<String>>, range: RawRange, follows_range: bool) {
        let session = self.asker.session;
        let (mut pauses, mut quiet) = (Pauses::default(), false);
        loop {
            let resolved = self.range.borrow_mut().update(&range, untrack(|| session.resolve(&range)));
            let wanted = Wanted { asked: asked.clone(), range: resolved, now: session.now() };
            let passes = self.resolve(wanted, quiet).await;
            quiet = true;
            if passes {
                pauses.wait().await;
                continue;
            }
            pauses = Pauses::default();
            if !follows_range || !range.is_relative() || resolved.is_none() {
                return;
            }
            // Only a page that refreshes moves on; a hidden one does not.
            loop {
                clock::sleep(LOOK_MILLIS).await;
                if session.shown.with_untracked(|shown| self.range.borrow().is_behind(*shown)) {
                    break;
                }
            }
        }
    }

    /// Resolves all of them once. `quiet` where nobody has asked for it: the page need not say that it goes on. Gives whether
    /// what is missing may be there a little later.
    async fn resolve(&self, wanted: Wanted, quiet: bool) -> bool {
        let former = self.former.borrow().clone();
        let mut resolution = Resolution::new(&self.variables, wanted, former.as_deref());
        let (mut under_way, mut passes) = (Vec::new(), false);
        loop {
            let questions = resolution.questions();
            under_way.extend(questions.into_iter().filter_map(|index| self.ask(index, &resolution, quiet)));
            let Some((index, offered)) = first(&mut under_way).await else { break };
            passes |= offered.as_ref().is_err_and(|lack| lack.passes);
            self.take(&mut resolution, index, offered);
        }
        for index in resolution.waiting() {
            self.take(&mut resolution, index, Err(CYCLE.to_owned().into()));
        }
        self.publish(resolution.finish());
        passes
    }

    /// Asks for the options of the variable at `index`.
    fn ask(&self, index: usize, resolution: &Resolution<'_, '_>, quiet: bool) -> Option<UnderWay> {
        let (variable, choice) = (self.variables.get(index)?, self.shown.choices.get(index)?.clone());
        let say_loading = move || {
            if !quiet {
                choice.update(|choice| choice.state = ChoiceState::Loading);
            }
        };
        let range = resolution.range_of(variable);
        Some((index, self.asker.clone().options(variable, resolution.scope(), range, Box::new(say_loading))))
    }

    /// Takes what a variable offers, and shows what is chosen of it.
    fn take(&self, resolution: &mut Resolution<'_, '_>, index: usize, offered: Offered) {
        let (options, state) = match offered {
            Ok(options) => (Some(options), ChoiceState::Ready),
            Err(Lack { words, .. }) => (None, ChoiceState::Failed(words)),
        };
        let Answer { mut options, chosen } = resolution.answer(index, options);
        let (Some(variable), Some(choice)) = (self.variables.get(index), self.shown.choices.get(index)) else { return };
        if variable.include_all && options.first().is_none_or(|first| first.value != ALL) {
            options.insert(0, VariableOption { label: "All".to_owned(), value: ALL.to_owned() });
        }
        let next = Choice { options: Arc::new(options), chosen, state };
        if choice.with_untracked(|known| *known != next) {
            choice.set(next);
        }
    }

    /// Gives the panels what has come of it, and the address what counts.
    fn publish(&self, outcome: Outcome<'_>) {
        let Outcome { scope, chosen, filters, replaced, former } = outcome;
        let mut resolved = Resolved { is_provisional: false, scope, chosen, filters: Vec::new() };
        for (source, filters) in filters.into_iter().filter(|(_, filters)| !filters.is_empty()) {
            let source = self.asker.source(source, &resolved.scope);
            match resolved.filters.iter_mut().find(|known| known.source == source) {
                Some(known) => known.filters.extend(filters),
                None => resolved.filters.push(SourceFilters { source, filters }),
            }
        }
        self.former.replace(Some(Rc::new(former)));
        // The page may be gone by now.
        let _ = self.shown.resolved.try_update(|known| {
            if **known != resolved {
                *known = Arc::new(resolved);
            }
        });
        self.replace_in_address(&replaced);
    }

    /// Puts what counts into the address, where that still says what it said.
    fn replace_in_address(&self, replaced: &[Replaced]) {
        let session = self.asker.session;
        let param = |replaced: &Replaced| format!("var-{}", replaced.name);
        let is_there = |replaced: &Replaced| {
            let asked = replaced.asked.iter().map(String::as_str);
            session.route.with_untracked(|route| route.params.all(&param(replaced)).eq(asked))
        };
        if !replaced.is_empty() && replaced.iter().all(is_there) {
            session.edit_params(Entry::Replace, |params| {
                replaced.iter().for_each(|replaced| params.set(&param(replaced), replaced.by.clone()));
            });
        }
    }

    /// Forgets what was answered: the next run asks anew.
    pub fn forget(&self) {
        self.asker.forget();
        self.range.take();
    }
}

/// Waits for whichever is there first, and takes it out; none where none is under way. Dropping what is left ends it.
async fn first(under_way: &mut Vec<UnderWay>) -> Option<(usize, Offered)> {
    poll_fn(|context| {
        let ready = under_way.iter_mut().enumerate().find_map(|(at, (_, options))| {
            let Poll::Ready(offered) = options.as_mut().poll(context) else { return None };
            Some((at, offered))
        });
        match ready {
            Some((at, offered)) => Poll::Ready(Some((under_way.swap_remove(at).0, offered))),
            None if under_way.is_empty() => Poll::Ready(None),
            None => Poll::Pending,
        }
    })
    .await
}

const CYCLE: &str = "It depends on itself through other variables: its saved value is used";
