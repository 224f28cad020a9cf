//! From panels to questions, and from questions to fetches.

use super::Engine;
use crate::answer::Answered;
use crate::budget;
use crate::cache::{Errand, Found};
use crate::increment::may_be_refined;
use crate::panel::{Blame, Failure, Panel, Progress, Refinement, Round, Work};
use crate::plan::{self, Asker, Context, Key, Plans, QueryPlan, When};
use crate::schedule::JobId;
use crate::{Data, ErrorCard, Fetch, GRACE_MILLIS, Output, PanelState, Refine, refine};
use frame::{Grid, Millis, SortedSet, Step, TimeRange};
use promapi::Budget;
use std::sync::Arc;

/// What comes before what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Visible,
    Near,
    Finer,
    Check,
}

/// So many connections of an origin stay free of what happens in the background, for a panel that comes into view.
const KEPT_FREE: usize = 2;

impl Engine {
    /// The panel's own range, where the view's is `range`.
    pub(super) fn range_of(&self, panel: &Panel, range: TimeRange) -> TimeRange {
        let Some(view) = &self.view else { return range };
        panel.spec.time.apply(&view.range, range, self.server_time(self.resolved_at), self.reckoned(view))
    }

    /// The panel's queries over `range`.
    pub(super) fn plan(&self, panel: &Panel, range: TimeRange) -> Plans {
        let Some(view) = &self.view else { return Plans::default() };
        let context = Context {
            range,
            zone_offset_millis: self.zones.offset_millis(&view.zone, range.end),
            scope: &view.scope,
            filters: &view.filters,
            add_filters: self.add_filters,
            settings: &self.settings,
        };
        plan::plan(self.asker(panel, panel), |id| Some(self.asker(self.find(id)?, panel)), &context)
    }

    /// `panel` at its width; at that of `shown_in` while it is nowhere on the page.
    fn asker<'a>(&self, panel: &'a Panel, shown_in: &Panel) -> Asker<'a> {
        let width_px =
            if panel.placement.width_px > 0 { panel.placement.width_px } else { shown_in.placement.width_px };
        Asker { spec: &panel.spec, css_px: (f64::from(width_px) / self.pixel_ratio).round() as u32 }
    }

    pub(super) fn start_due_panels(&mut self, now: Millis) {
        let Some(range) = self.range else { return };
        if self.wants_filtering() {
            return;
        }
        self.shown = None;
        for index in 0..self.panels.len() {
            if self.panels[index].is_due() {
                self.start_panel(index, range, now);
            }
        }
    }

    fn start_panel(&mut self, index: usize, range: TimeRange, now: Millis) {
        let panel = &self.panels[index];
        let range = self.range_of(panel, range);
        let Plans { mut asked, refused } = self.plan(panel, range);
        if asked.is_empty() {
            return self.show_unasked(index, range, refused);
        }
        let failed: Vec<Option<Failure>> = asked.iter().map(|plan| self.failure_of(panel, plan, now)).collect();
        if failed.iter().all(Option::is_some) {
            self.panels[index].refuse(failed.into_iter().flatten().collect());
            return self.publish(index);
        }
        if panel.spec.calcs.is_empty() && panel.spec.shaping.is_none() {
            asked.iter_mut().for_each(|plan| self.take_finer(&mut plan.key, now));
        }
        let mut queries = Vec::with_capacity(asked.len());
        for (plan, failed) in asked.into_iter().zip(failed) {
            let progress = failed.map_or_else(|| self.ask(&plan.key, now), Progress::Failed);
            queries.push((plan, progress));
        }
        let round = Round { range, generation: self.generation, queries, refused };
        self.panels[index].start(round);
        self.publish(index);
        self.take_result(index, now);
    }

    /// Why the query is not asked now: it or its data source has failed, and is left alone for a while.
    fn failure_of(&self, panel: &Panel, plan: &QueryPlan, now: Millis) -> Option<Failure> {
        panel.failure_of(plan, now).cloned().or_else(|| {
            let health = self.sources.get(&plan.key.source)?;
            let (error, again) = health.refusal(now, self.refreshes())?;
            let (source, expr) = (plan.key.source.clone(), plan.key.expr.clone());
            Some(Failure { source, expr, blame: Blame::Source, error: error.clone(), again })
        })
    }

    /// None of the panel's queries can be sent.
    fn show_unasked(&mut self, index: usize, range: TimeRange, refused: Vec<String>) {
        if refused.is_empty() {
            // It has none, or hides them all: what comes of that is known.
            let nothing = Data::new(&self.panels[index].spec, range, self.generation, Vec::new(), None);
            self.panels[index].show(Arc::new(nothing));
            return self.publish(index);
        }
        let advice = "Name the data source in config.json, or choose another one on the dashboard.";
        self.fail(index, ErrorCard::unanswerable("No such data source", refused.join("; "), advice), None);
    }

    /// Where a finer answer is there, no other one is asked for: the user looks closer, or did so and time goes on. Only for
    /// panels without calcs: those are Grafana's numbers, of Grafana's steps. A step that those are a multiple of has them
    /// anyway.
    fn take_finer(&self, key: &mut Key, now: Millis) {
        let held = self.cache.finest(key, self.fresh_since(now), now);
        if let (Some(held), Some(wanted)) = (held, key.grid())
            && wanted.step.millis() % held.step.millis() != 0
        {
            key.when = When::Over(held);
        }
    }

    /// Whether the range shown is one that the user chose, and not one that time has moved.
    pub(super) fn is_chosen(&self) -> bool {
        self.generation == self.chosen_in
    }

    /// What may have changed counts if it was asked for since then. After a choice of the user's, what is there is shown
    /// unless it is old; when time goes on, the end of it is asked for anew.
    fn fresh_since(&self, now: Millis) -> Millis {
        if self.is_chosen() { now.plus(-self.settings.renew_millis.max(0)) } else { self.resolved_at }
    }

    /// The answer to a query, where it is there already, or else the job that will bring it.
    fn ask(&mut self, key: &Key, now: Millis) -> Progress {
        match self.look_up(key, now) {
            Found::Answer(answer) => Progress::Answered(answer),
            Found::Part(errand) => Progress::Asked(self.jobs.ask(errand)),
        }
    }

    fn look_up(&mut self, key: &Key, now: Millis) -> Found {
        match self.shown_answer(key) {
            Some(answer) => Found::Answer(answer),
            None => {
                let kept = self.cache.find(key, self.fresh_since(now), now);
                kept.unwrap_or_else(|| Found::Part(Errand::whole(key.clone())))
            }
        }
    }

    /// The answer to `key` that some panel shows. While a panel awaits one, what it shows of the query is the one before.
    fn shown_answer(&mut self, key: &Key) -> Option<Arc<Answered>> {
        let (panels, generation) = (&self.panels, self.generation);
        let places = self.shown.get_or_insert_with(|| {
            let data = panels.iter().enumerate().filter_map(|(place, panel)| match &panel.state {
                PanelState::Ready { data } => Some((place, data)),
                PanelState::Idle | PanelState::Loading { .. } | PanelState::Failed { .. } => None,
            });
            let current = data.filter(|(_, data)| data.generation == generation);
            current.flat_map(|(place, data)| data.keys().map(move |key| (key.fingerprint(), place))).collect()
        });
        let panel = panels.get(*places.get(&key.fingerprint())?)?;
        panel.state.data()?.answer_to(key).cloned()
    }

    /// The finer answers to ask for behind `data`, or those that are there.
    pub(super) fn refinement(&mut self, index: usize, data: &Arc<Data>, now: Millis) -> Option<Refinement> {
        let panel = self.panels.get(index)?;
        // A transformation of finer data is another one.
        if !panel.spec.keeps_points() || !matches!(panel.work, Work::Coarse(_)) || !panel.placement.visible {
            return None;
        }
        if !data.queries.iter().all(|query| may_be_refined(&query.expr, self.cache.analysis())) {
            return None;
        }
        let sources = || data.queries.iter().map(|query| self.settings.source(&query.key.source));
        let mode = panel.spec.refine.or(sources().map(|source| source.refine).min())?;
        let scrape_interval = sources().map(|source| source.scrape_interval_millis).max()?;
        let may_ask = panel.may_ask_finer(now);
        let left = self.budget_beside(|other| std::ptr::eq(other, panel));
        let most = sources().map(|source| source.budget.samples).min()?.min(left.samples);
        let planned = refine::plan(data, mode, scrape_interval, most).filter(|_| may_ask);
        let (step, plans) = match (self.finer_at_hand(data, mode, now), planned) {
            (Some(held), Some(planned)) if planned.0 < held.0 => planned,
            (held, planned) => held.or(planned)?,
        };
        let asked = |plan: QueryPlan| {
            let progress = self.ask(&plan.key, now);
            (plan, progress)
        };
        let queries = plans.into_iter().map(asked).collect();
        let round = Round { range: data.range, generation: data.generation, queries, refused: Vec::new() };
        // While finer answers fail, those that are there already are taken all the same.
        if !may_ask && round.open_jobs().next().is_some() {
            return None;
        }
        Some(Refinement { round, step, coarse: data.clone() })
    }

    /// The finest answers to all queries of `data` that are there, but for their ends.
    fn finer_at_hand(&self, data: &Data, mode: Refine, now: Millis) -> Option<(Step, Vec<QueryPlan>)> {
        if mode == Refine::Panel || data.truncated.is_some() {
            return None;
        }
        let finest = |key| self.cache.finest(key, self.fresh_since(now), now);
        let grids: Vec<Grid> = data.queries.iter().map(|query| finest(&query.key)).collect::<Option<_>>()?;
        let step = grids.first()?.step;
        let plans = data.queries.iter().zip(&grids).map(|(query, grid)| query.plan(*grid));
        grids.iter().all(|grid| grid.step == step).then(|| (step, plans.collect()))
    }

    pub(super) fn abort_unwanted(&mut self) {
        let of_panels = self.panels.iter().flat_map(Panel::open_jobs);
        let wanted: SortedSet<JobId> = of_panels.chain(self.checks.keys().copied()).collect();
        self.outputs.extend(self.jobs.retain(&wanted).into_iter().map(Output::Abort));
    }

    /// Sends what may be sent: panels on the screen before those near to it, finer answers after that, and fair between
    /// panels: what has waited since an earlier refresh comes first, or the last panels would never have their turn where
    /// the server is slow, and the second query of one comes after the first of every other.
    pub(super) fn start_jobs(&mut self, now: Millis) {
        let mut queue: Vec<((Tier, bool, u64, usize), JobId)> = Vec::new();
        for panel in &self.panels {
            let (tier, since) = match &panel.work {
                Work::Finer(refinement) => (Tier::Finer, refinement.round.generation),
                Work::Coarse(round) if panel.placement.visible => (Tier::Visible, round.generation),
                Work::Coarse(round) => (Tier::Near, round.generation),
                Work::Rest | Work::Due | Work::Waiting(_) => continue,
            };
            let is_queued = |job: &JobId| self.jobs.source_of_queued(*job).is_some();
            let (queued, on_their_way): (Vec<JobId>, Vec<JobId>) = panel.open_jobs().partition(is_queued);
            let ranked = queued.into_iter().zip(on_their_way.len()..);
            queue.extend(ranked.map(|(job, rank)| ((tier, self.is_suspect(job), since, rank), job)));
        }
        queue.extend(self.checks.keys().map(|job| ((Tier::Check, false, 0, 0), *job)));
        frame::sort_by(&mut queue, |a, b| a.0.cmp(&b.0));
        for ((tier, _, _, rank), job) in queue {
            if self.may_send(tier, rank, job) {
                self.send(job, now);
            }
        }
    }

    /// Whether the job asks for what its data source went down with.
    fn is_suspect(&self, job: JobId) -> bool {
        let key = self.jobs.queued(job);
        key.is_some_and(|key| self.sources.get(&key.source).is_some_and(|health| health.went_down_with(&key.expr)))
    }

    /// Whether there is a connection for the job, which is its panel's one after `rank` others.
    fn may_send(&self, tier: Tier, rank: usize, job: JobId) -> bool {
        let Some(source) = self.jobs.source_of_queued(job) else { return false };
        let origin = self.settings.origin(source);
        let ordinarily = self.settings.most_in_flight(source);
        let limit = self.sources.get(source).map_or(ordinarily, |health| health.max_in_flight(ordinarily));
        let kept_free = if tier >= Tier::Finer { KEPT_FREE.min(limit - 1) } else { 0 };
        // However many the page asks beside, queries go on; one at a time where there is but one connection.
        let others = self.others.get(origin).map_or(0, |others| (*others).min((ordinarily - 1).max(1)));
        // A panel with many slow queries leaves one connection to the others.
        let is_fair = rank + 1 < limit || limit == 1;
        let taken = self.in_flight_to(origin) + kept_free;
        taken < limit && taken + others < ordinarily && is_fair
    }

    fn in_flight_to(&self, origin: &str) -> usize {
        let there = self.jobs.in_flight().filter(|(source, _)| self.settings.origin(source) == origin);
        there.map(|(_, count)| count).sum()
    }

    /// How many requests that are not the engine's may be on their way to `origin` now; see [`Input::Others`].
    #[must_use]
    pub fn room_for_others(&self, origin: &str) -> usize {
        let there = self.settings.origins.iter().filter(|(_, known)| *known == origin);
        let most = there.map(|(uid, _)| self.settings.most_in_flight(uid)).min();
        most.unwrap_or(self.settings.max_in_flight).saturating_sub(self.in_flight_to(origin))
    }

    fn send(&mut self, job: JobId, now: Millis) {
        let budget = self.budget_of(job);
        let Some((id, errand)) = self.jobs.start(job, now) else { return };
        let key = &errand.sent;
        let timeout_secs = self.settings.source(&key.source).timeout_secs;
        let request = key.request(timeout_secs);
        self.outputs.push_back(Output::Fetch(Fetch {
            id,
            source: key.source.clone(),
            request,
            expect: key.expect(),
            budget,
            timeout_millis: i64::from(timeout_secs) * 1000 + GRACE_MILLIS,
        }));
    }

    /// What the answer to `job` may take beside what other panels show.
    fn budget_of(&self, job: JobId) -> Budget {
        let left = self.budget_beside(|panel| panel.open_jobs().any(|open| open == job));
        let each = self.jobs.source_of_queued(job).map_or(left, |source| self.settings.source(source).budget);
        budget::of_one(each, self.settings.page_budget, left)
    }

    /// What is left of the page's budget if some panels give away what they have.
    pub(super) fn budget_beside(&self, gives_way: impl Fn(&Panel) -> bool) -> Budget {
        let others = self.panels.iter().filter(|panel| !gives_way(panel)).filter_map(|panel| panel.state.data());
        budget::left(self.settings.page_budget, &mut others.flat_map(|data| data.answers()))
    }
}
