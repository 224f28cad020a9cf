//! The engine: inputs in, outputs out, nothing done by itself.

use crate::answer::Answered;
use crate::panel::{Panel, Progress, Refinement, Round, Work};
use crate::plan::{self, Context, Key, QueryPlan};
use crate::retry::Jitter;
use crate::schedule::{JobId, Jobs};
use crate::source::{Health, Verdict};
use crate::{
    Data, ErrorCard, Fetch, FetchId, Input, Output, PanelId, PanelSpec, PanelState, Picture, Placement, Probe,
    Settings, View, present, refine,
};
use frame::{Millis, TimeRange, Zones};
use promapi::{Answer, FetchError};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

/// More panels than any page has: a page that places panels it never shows must not fill the memory.
const MOST_EARLY: usize = 10_000;

/// The query engine of one page.
///
/// Sans-IO: it never looks at a clock or a network. Feed it [`Input`]s with the time at which they happened, then take
/// [`Output`]s until there are none, and do what they say. The same inputs give the same outputs.
pub struct Engine {
    settings: Settings,
    zones: Rc<dyn Zones>,
    jitter: Jitter,
    view: Option<View>,
    /// In the order of the view.
    panels: Vec<Panel>,
    /// Where panels stand that no view has named yet: the page lays out as it likes and may be ahead of its view.
    early: BTreeMap<PanelId, Placement>,
    jobs: Jobs,
    sources: BTreeMap<String, Health>,
    outputs: VecDeque<Output>,
    /// The range shown, and how often it was resolved: what was asked in another generation is not asked for again.
    range: Option<TimeRange>,
    generation: u64,
    /// The generation in which the user last chose another range.
    chosen_in: u64,
    refreshed_at: Millis,
    hidden: bool,
    pixel_ratio: f64,
    wake_at: Option<Millis>,
}

impl Engine {
    /// An engine that shows nothing yet.
    #[must_use]
    pub fn new(settings: Settings, zones: Rc<dyn Zones>) -> Self {
        Self {
            jitter: Jitter::new(settings.seed),
            settings,
            zones,
            view: None,
            panels: Vec::new(),
            early: BTreeMap::new(),
            jobs: Jobs::default(),
            sources: BTreeMap::new(),
            outputs: VecDeque::new(),
            range: None,
            generation: 0,
            chosen_in: 0,
            refreshed_at: Millis::default(),
            hidden: false,
            pixel_ratio: 1.0,
            wake_at: None,
        }
    }

    /// Takes note of something that happened at `now`. Then poll the outputs.
    pub fn handle_input(&mut self, input: Input, now: Millis) {
        match input {
            Input::Show(view) => self.show(view, now),
            Input::Place(id, placement) => self.place(&id, placement),
            Input::PixelRatio(ratio) => self.pixel_ratio = if ratio.is_finite() && ratio > 0.0 { ratio } else { 1.0 },
            Input::Refresh => self.ask_all_again(now),
            Input::Retry(id) => self.retry(&id),
            Input::Hidden(hidden) => self.hidden = hidden,
            Input::Fetched { id, outcome, took_millis } => self.fetched(id, outcome, took_millis, now),
            Input::Wake => {}
        }
        if !self.hidden {
            self.tick(now);
            self.end_waits(now);
            self.start_due_panels(now);
        }
        self.abort_unwanted();
        if !self.hidden {
            self.start_jobs();
        }
        self.set_alarm(now);
    }

    /// The next thing to do; none when all is done until the next input.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The state of a panel of the view.
    #[must_use]
    pub fn panel(&self, id: &PanelId) -> Option<&PanelState> {
        self.find(id).map(|panel| &panel.state)
    }

    /// A panel's data, stale or not, reduced to its width in device pixels. None while it has none.
    #[must_use]
    pub fn picture(&self, id: &PanelId) -> Option<Picture> {
        let panel = self.find(id)?;
        let data = panel.state.data()?;
        let range = match panel.state {
            PanelState::Ready { .. } => data.range,
            // At a refresh the range moves on together with the data, not before.
            PanelState::Loading { .. } if data.generation >= self.chosen_in => data.range,
            // Another range was chosen, or time goes on without data: old data is shown where it belongs in it.
            _ => self.range?,
        };
        Some(present::picture(data, range, panel.placement.width_px))
    }

    /// The values of a panel's series at the data point nearest to `at`, in full resolution and in the picture's order.
    #[must_use]
    pub fn values_at(&self, id: &PanelId, at: Millis) -> Option<Probe> {
        present::values_at(self.find(id)?.state.data()?, at)
    }

    /// The panels that wait for `fetch`.
    #[must_use]
    pub fn panels_of(&self, fetch: FetchId) -> Vec<PanelId> {
        let Some(job) = self.jobs.in_flight_as(fetch) else { return Vec::new() };
        let waiting = self.panels.iter().filter(|panel| panel.open_jobs().any(|open| open == job));
        waiting.map(|panel| panel.spec.id.clone()).collect()
    }

    fn find(&self, id: &PanelId) -> Option<&Panel> {
        self.panels.iter().find(|panel| panel.spec.id == *id)
    }

    fn find_mut(&mut self, id: &PanelId) -> Option<&mut Panel> {
        self.panels.iter_mut().find(|panel| panel.spec.id == *id)
    }

    // What the user does.

    fn show(&mut self, mut view: View, now: Millis) {
        let specs = std::mem::take(&mut view.panels);
        let differs = |same: fn(&View, &View) -> bool| self.view.as_ref().is_none_or(|old| !same(old, &view));
        let moved = differs(|old, new| old.range == new.range && old.zone == new.zone);
        let rescoped = differs(|old, new| old.scope == new.scope);
        self.view = Some(view);
        self.show_panels(specs, rescoped);
        if moved {
            self.ask_all_again(now);
            self.chosen_in = self.generation;
        }
    }

    /// Panels that were there before keep what they have; those that ask something else now are asked again.
    fn show_panels(&mut self, specs: Vec<PanelSpec>, rescoped: bool) {
        let mut old: Vec<Panel> = std::mem::take(&mut self.panels);
        for spec in specs {
            let known = old.iter().position(|panel| panel.spec.id == spec.id).map(|index| old.swap_remove(index));
            let mut panel = known.unwrap_or_else(|| Panel::new(spec.clone()));
            if let Some(placement) = self.early.remove(&spec.id) {
                panel.placement = placement;
            }
            if rescoped || panel.spec != spec {
                panel.spec = spec;
                panel.ask_again();
            }
            self.panels.push(panel);
        }
        self.early.clear();
    }

    fn place(&mut self, id: &PanelId, placement: Placement) {
        let Some(index) = self.panels.iter().position(|panel| panel.spec.id == *id) else {
            if self.early.len() < MOST_EARLY {
                self.early.insert(id.clone(), placement);
            }
            return;
        };
        let old = std::mem::replace(&mut self.panels[index].placement, placement);
        if !placement.visible {
            self.give_way(index);
        }
        if old.width_px == placement.width_px {
            return;
        }
        if self.panels[index].state.data().is_some() {
            self.publish(index);
        }
        if self.wants_smaller_step(index) {
            self.panels[index].work = Work::Due;
        }
    }

    /// A panel off the screen gives its place in the queue away; what is on its way may arrive.
    fn give_way(&mut self, index: usize) {
        let panel = &mut self.panels[index];
        let is_queued = panel.open_jobs().all(|job| self.jobs.source_of_queued(job).is_some());
        if matches!(panel.work, Work::Coarse(_)) && is_queued {
            panel.give_way();
            self.publish(index);
        }
    }

    /// Whether the panel, now that it is wider, would be asked for more than it has.
    fn wants_smaller_step(&self, index: usize) -> bool {
        let (Some(panel), Some(range)) = (self.panels.get(index), self.range) else { return false };
        let PanelState::Ready { data } = &panel.state else { return false };
        let drawn = data.finer.as_ref().map_or(data.step, |finer| finer.step);
        self.plan(panel, range).iter().filter_map(|query| query.key.grid()).any(|grid| grid.step < drawn)
    }

    fn retry(&mut self, id: &PanelId) {
        let Some(panel) = self.find_mut(id) else { return };
        panel.ask_again();
        let source = panel.spec.source.clone();
        self.sources.remove(&source);
    }

    /// Everything again, over the range as it is now.
    fn ask_all_again(&mut self, now: Millis) {
        self.sources.clear();
        for panel in &mut self.panels {
            panel.ask_again();
        }
        self.resolve_range(now);
    }

    // What time does.

    fn refresh_millis(&self) -> Option<i64> {
        self.view.as_ref()?.refresh_millis.filter(|millis| *millis > 0)
    }

    fn tick(&mut self, now: Millis) {
        // A clock that was set back must not stop the refresh for as long.
        self.refreshed_at = self.refreshed_at.min(now);
        let Some(interval) = self.refresh_millis() else { return };
        if now.since(self.refreshed_at) < interval {
            return;
        }
        self.refreshed_at = now;
        let mut moves_on = false;
        for panel in &mut self.panels {
            moves_on |= panel.refresh() || matches!(panel.work, Work::Waiting(_));
        }
        if moves_on {
            self.resolve_range(now);
        }
    }

    fn end_waits(&mut self, now: Millis) {
        for panel in &mut self.panels {
            if matches!(panel.work, Work::Waiting(until) if until <= now) {
                panel.work = Work::Due;
            }
        }
    }

    fn set_alarm(&mut self, now: Millis) {
        let alarm = if self.hidden { None } else { self.next_alarm() };
        if self.wake_at.is_some_and(|at| at <= now) {
            self.wake_at = None;
        }
        if let Some(at) = alarm.filter(|_| alarm != self.wake_at) {
            self.outputs.push_back(Output::WakeAt(at));
            self.wake_at = alarm;
        }
    }

    fn next_alarm(&self) -> Option<Millis> {
        let retries = self.panels.iter().filter(|panel| panel.placement.visible).filter_map(|panel| match panel.work {
            Work::Waiting(until) => Some(until),
            _ => None,
        });
        retries.chain(self.refresh_millis().map(|interval| self.refreshed_at.plus(interval))).min()
    }

    fn resolve_range(&mut self, now: Millis) {
        let Some(view) = &self.view else { return };
        self.refreshed_at = now;
        self.generation += 1;
        self.range = view.range.resolve(now, &view.zone, &*self.zones);
        if let Some(range) = self.range {
            self.outputs.push_back(Output::Range(range));
            return;
        }
        let written = format!("It is written as from `{}` to `{}`.", view.range.from, view.range.to);
        let card = ErrorCard::unanswerable("No time range", written, "Choose a range that starts before it ends.");
        for index in 0..self.panels.len() {
            self.panels[index].work = Work::Due;
            self.fail(index, card.clone(), None);
        }
    }

    // From panels to questions.

    fn plan(&self, panel: &Panel, range: TimeRange) -> Vec<QueryPlan> {
        let Some(view) = &self.view else { return Vec::new() };
        let context = Context {
            range,
            zone_offset_millis: self.zones.offset_millis(&view.zone, range.end),
            scope: &view.scope,
            source: self.settings.source(&panel.spec.source),
            css_px: (f64::from(panel.placement.width_px) / self.pixel_ratio).round() as u32,
        };
        plan::plan(&panel.spec, &context)
    }

    fn start_due_panels(&mut self, now: Millis) {
        let Some(range) = self.range else { return };
        for index in 0..self.panels.len() {
            if self.panels[index].is_due() {
                self.start_panel(index, range, now);
            }
        }
    }

    fn start_panel(&mut self, index: usize, range: TimeRange, now: Millis) {
        let panel = &self.panels[index];
        let refusal = self.sources.get(&panel.spec.source).and_then(|health| health.refusal(now));
        if let Some((error, until)) = refusal {
            return self.fail(index, error.clone(), until);
        }
        let plans = self.plan(panel, range);
        if plans.is_empty() {
            self.panels[index].work = Work::Rest;
            self.panels[index].state = PanelState::Idle;
            return self.publish(index);
        }
        let round = Round { range, generation: self.generation, queries: self.ask(plans) };
        self.panels[index].start(round);
        self.publish(index);
        self.take_result(index);
    }

    /// Each query with its answer, where another panel has it already, or else with the job that will bring it.
    fn ask(&mut self, plans: Vec<QueryPlan>) -> Vec<(QueryPlan, Progress)> {
        let mut queries = Vec::with_capacity(plans.len());
        for plan in plans {
            let progress = match self.held_answer(&plan.key) {
                Some(answer) => Progress::Answered(answer.clone()),
                None => Progress::Asked(self.jobs.ask(&plan.key)),
            };
            queries.push((plan, progress));
        }
        queries
    }

    fn held_answer(&self, key: &Key) -> Option<&Arc<Answered>> {
        let data = self.panels.iter().filter_map(|panel| panel.state.data());
        data.filter(|data| data.generation == self.generation).find_map(|data| data.answer_to(key))
    }

    fn abort_unwanted(&mut self) {
        let wanted: BTreeSet<JobId> = self.panels.iter().flat_map(Panel::open_jobs).collect();
        self.outputs.extend(self.jobs.retain(&wanted).into_iter().map(Output::Abort));
    }

    /// Sends what may be sent: panels in their order, finer answers last.
    fn start_jobs(&mut self) {
        let of = |background: bool| {
            self.panels.iter().filter(move |panel| matches!(panel.work, Work::Finer(..)) == background)
        };
        let in_order: Vec<JobId> = of(false).chain(of(true)).flat_map(Panel::open_jobs).collect();
        for id in in_order {
            let Some(source) = self.jobs.source_of_queued(id) else { continue };
            let ordinarily = self.settings.max_in_flight.max(1);
            let limit = self.sources.get(source).map_or(ordinarily, |health| health.max_in_flight(ordinarily));
            if self.jobs.in_flight(source) < limit {
                self.send(id);
            }
        }
    }

    fn send(&mut self, job: JobId) {
        let Some((id, key)) = self.jobs.start(job) else { return };
        let timeout_secs = self.settings.source(&key.source).timeout_secs;
        self.outputs.push_back(Output::Fetch(Fetch {
            id,
            source: key.source.clone(),
            request: key.request(timeout_secs),
            expect: key.expect(),
            budget: self.settings.budget,
            timeout_millis: i64::from(timeout_secs) * 1000,
        }));
    }

    // From answers to panels.

    fn fetched(&mut self, id: FetchId, outcome: Result<Answer, FetchError>, took_millis: i64, now: Millis) {
        // Nobody wants it any more: it was on its way while it was aborted.
        let Some((job, key)) = self.jobs.finish(id) else { return };
        match outcome {
            Ok(answer) => self.answered(job, &key, &Arc::new(Answered::new(answer, took_millis))),
            Err(error) => self.failed(job, &key, &error, now),
        }
    }

    fn answered(&mut self, job: JobId, key: &Key, answer: &Arc<Answered>) {
        self.sources.remove(&key.source);
        for index in 0..self.panels.len() {
            self.panels[index].answer(job, answer);
            self.take_result(index);
        }
    }

    /// Shows what a panel's answers make, once they are there, and asks for finer ones where that is due.
    fn take_result(&mut self, index: usize) {
        let Some(data) = self.panels[index].result().map(Arc::new) else { return };
        match self.refinement(index, &data) {
            None => self.show_data(index, data),
            Some(refinement) => {
                let shown = self.panels[index].state.data();
                if !shown.is_some_and(|shown| shown.finer.is_some() && data.continues(shown)) {
                    self.show_data(index, data);
                }
                self.panels[index].work = Work::Finer(refinement);
                // Another panel may have the finer answers already.
                self.take_result(index);
            }
        }
    }

    fn show_data(&mut self, index: usize, data: Arc<Data>) {
        self.panels[index].show(data);
        self.publish(index);
    }

    fn refinement(&mut self, index: usize, data: &Arc<Data>) -> Option<Refinement> {
        let panel = self.panels.get(index)?;
        if !matches!(panel.work, Work::Coarse(_)) || !panel.placement.visible {
            return None;
        }
        let source = self.settings.source(&panel.spec.source);
        let mode = panel.spec.refine.unwrap_or(source.refine);
        let (step, plans) = refine::plan(data, mode, source, self.settings.budget.samples)?;
        let round = Round { range: data.range, generation: data.generation, queries: self.ask(plans) };
        Some(Refinement { round, step, coarse: data.clone() })
    }

    fn failed(&mut self, job: JobId, key: &Key, failure: &FetchError, now: Millis) {
        let health = self.sources.entry(key.source.clone()).or_default();
        let verdict = health.fail(failure, now, &mut self.jitter);
        for index in 0..self.panels.len() {
            let panel = &mut self.panels[index];
            match &verdict {
                Verdict::QueryFailed if panel.open_jobs().any(|open| open == job) => {
                    let retry_at = failure
                        .retryable()
                        .then(|| panel.backoff.fail(now, failure.retry_after_secs(), &mut self.jitter));
                    self.fail(index, ErrorCard::from(failure), retry_at);
                }
                Verdict::SourceFailed { error, retry_at } if panel.spec.source == key.source => {
                    let is_hit = |open: JobId| open == job || self.jobs.source_of_queued(open).is_some();
                    if panel.open_jobs().any(is_hit) {
                        self.fail(index, error.clone(), *retry_at);
                    }
                }
                _ => {}
            }
        }
    }

    fn fail(&mut self, index: usize, error: ErrorCard, retry_at: Option<Millis>) {
        self.panels[index].fail(error, retry_at);
        self.publish(index);
    }

    fn publish(&mut self, index: usize) {
        let Some(panel) = self.panels.get(index) else { return };
        let output = Output::Publish(panel.spec.id.clone());
        if !self.outputs.contains(&output) {
            self.outputs.push_back(output);
        }
    }
}
