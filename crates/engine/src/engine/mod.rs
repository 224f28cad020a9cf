//! The engine: inputs in, outputs out, nothing done by itself.

mod ask;
mod exemplars;
mod places;
mod receive;
mod time;
mod wishes;

use crate::answer::Answered;
use crate::cache::Cache;
use crate::clock::Skew;
use crate::increment::Analyse;
use crate::panel::Panel;
use crate::present::Subject;
use crate::retry::Jitter;
use crate::schedule::{JobId, Jobs};
use crate::shape::{Shaper, TableWish};
use crate::source::Health;
use crate::{
    AddFilters, ErrorCard, FetchId, Input, Output, PanelId, PanelState, Picture, Placement, Probe, Report, Settings,
    View, present,
};
pub use exemplars::ExemplarQuery;
use frame::{Grid, Interner, Millis, SortedMap, SortedSet, TimeRange, Zones};
use places::Places;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

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
    places: Places,
    /// Where panels stand that no view has named yet, and whether they are near the screen: the page lays out as it likes
    /// and may be ahead of its view.
    early: SortedMap<PanelId, (Placement, bool)>,
    /// What shapes answers, or why it is not to be had; none until it is known.
    shaper: Option<Result<Shaper, ErrorCard>>,
    jobs: Jobs,
    cache: Cache,
    /// Which panel shows the answer to which key, by the key's fingerprint; made when it is first needed.
    shown: Option<SortedMap<u64, usize>>,
    add_filters: Option<AddFilters>,
    labels: Interner,
    /// The answers that are asked for once more, as a whole, to be compared.
    checks: SortedMap<JobId, Check>,
    sources: SortedMap<String, Health>,
    /// How many requests that are not the engine's an origin is to answer.
    others: SortedMap<String, usize>,
    clocks: SortedMap<String, Skew>,
    reported_skew: i64,
    /// When everything was last asked again for what a server's clock says.
    put_right_at: Option<Millis>,
    outputs: VecDeque<Output>,
    /// The panels among the outputs: each is told once.
    published: SortedSet<PanelId>,
    /// The range shown, and how often it was resolved: what was asked in another generation is not asked for again.
    range: Option<TimeRange>,
    generation: u64,
    resolved_at: Millis,
    /// The generation in which the user last chose another range.
    chosen_in: u64,
    refreshed_at: Millis,
    /// When something last happened.
    last_input_at: Millis,
    hidden: bool,
    pixel_ratio: f64,
    wake_at: Option<Millis>,
}

/// An answer put together from pieces, to be compared with the whole.
struct Check {
    answer: Arc<Answered>,
    grid: Grid,
    /// What comes after it may have changed in between.
    until: Millis,
}

impl Engine {
    /// An engine that shows nothing yet.
    #[must_use]
    pub fn new(settings: Settings, zones: Rc<dyn Zones>) -> Self {
        Self {
            jitter: Jitter::new(settings.seed),
            cache: Cache::new(settings.cache_bytes),
            settings,
            zones,
            view: None,
            panels: Vec::new(),
            places: Places::default(),
            early: SortedMap::new(),
            shaper: None,
            jobs: Jobs::default(),
            shown: None,
            add_filters: None,
            labels: Interner::default(),
            checks: SortedMap::new(),
            sources: SortedMap::new(),
            others: SortedMap::new(),
            clocks: SortedMap::new(),
            reported_skew: 0,
            put_right_at: None,
            outputs: VecDeque::new(),
            published: SortedSet::new(),
            range: None,
            generation: 0,
            resolved_at: Millis::default(),
            chosen_in: 0,
            refreshed_at: Millis::default(),
            last_input_at: Millis(i64::MIN),
            hidden: false,
            pixel_ratio: 1.0,
            wake_at: None,
        }
    }

    /// An engine with other settings in the place of this one. It shows nothing yet, and what this one has asked is of no
    /// interest to it; requests that are not the engine's go on, and what is known of origins, of the screen and of the tab
    /// stays known.
    #[must_use]
    pub fn succeeded_by(&self, settings: Settings) -> Self {
        let mut next = Self::new(settings, self.zones.clone());
        next.others = self.others.clone();
        for origin in self.settings.multiplexed.iter() {
            next.settings.multiplexed.insert(origin.clone());
        }
        next.jobs = self.jobs.succeeded_by();
        (next.pixel_ratio, next.hidden) = (self.pixel_ratio, self.hidden);
        next
    }

    /// From now on answers are put together from pieces where `analyse` proves that exact; see [`crate::analyse`]. Until
    /// then everything is asked for as a whole.
    pub fn set_analysis(&mut self, analyse: Analyse) {
        self.cache.set_analysis(analyse);
    }

    /// From now on the conditions of ad hoc variables are put into queries by `add_filters`; see [`crate::add_filters`].
    /// Until then panels that need it wait.
    pub fn set_filtering(&mut self, add_filters: AddFilters) {
        self.add_filters = Some(add_filters);
    }

    /// Whether panels wait for [`Self::set_filtering`].
    #[must_use]
    pub fn wants_filtering(&self) -> bool {
        self.add_filters.is_none() && self.view.as_ref().is_some_and(|view| !view.filters.is_empty())
    }

    /// Takes note of something that happened at `now`. Then poll the outputs.
    pub fn handle_input(&mut self, input: Input, now: Millis) {
        if now < self.last_input_at {
            self.clock_was_set_back(self.last_input_at.since(now));
        }
        self.last_input_at = now;
        match input {
            Input::Show(view) => self.show(view, now),
            Input::Place(id, placement) => self.place(&id, placement),
            Input::Near(id, near) => self.near(&id, near),
            Input::PixelRatio(ratio) => self.pixel_ratio = if ratio.is_finite() && ratio > 0.0 { ratio } else { 1.0 },
            Input::Refresh => self.refresh(now),
            Input::Retry(id) => self.retry(&id),
            Input::Hidden(hidden) => self.hide(hidden),
            Input::Fetched { id, outcome, took_millis } => self.fetched(id, outcome, took_millis, now),
            Input::ServerDate { source, date, sent_at } => self.note_date(source, date, sent_at, now),
            Input::Multiplexed(source) => {
                let origin = self.settings.origin(&source).to_owned();
                self.settings.multiplexed.insert(origin);
            }
            Input::Others { origin, count } => {
                self.others.insert(origin, count);
            }
            Input::Shaper(shaper) => self.set_shaper(shaper, now),
            // The timer is spent, whether or not it went by the same clock: it may have fired early.
            Input::Wake => self.wake_at = None,
        }
        if !self.hidden {
            self.tick(now);
            self.end_waits(now);
            self.start_due_panels(now);
        }
        self.abort_unwanted();
        if !self.hidden {
            self.start_jobs(now);
        }
        self.set_alarm(now);
        self.shown = None;
    }

    /// The next thing to do; none when all is done until the next input.
    pub fn poll_output(&mut self) -> Option<Output> {
        let output = self.outputs.pop_front();
        if let Some(Output::Publish(id)) = &output {
            self.published.remove(id);
        }
        output
    }

    /// The state of a panel of the view.
    #[must_use]
    pub fn panel(&self, id: &PanelId) -> Option<&PanelState> {
        self.find(id).map(|panel| &panel.state)
    }

    /// A panel's data, stale or not, reduced to its width in device pixels. None while it has none.
    #[must_use]
    pub fn picture(&self, id: &PanelId) -> Option<Picture> {
        let subject = self.subject(self.find(id)?)?;
        Some(present::picture(&subject))
    }

    /// As [`Self::picture`], and none if that is what was given last: whoever draws it has it then.
    pub fn new_picture(&mut self, id: &PanelId) -> Option<Picture> {
        let index = self.places.first(id)?;
        let subject = self.subject(self.panels.get(index)?)?;
        let panel = self.panels.get_mut(index)?;
        if panel.pictured.as_ref().is_some_and(|known| known.is(&subject)) {
            return None;
        }
        panel.pictured = Some(subject.note());
        Some(present::picture(&subject))
    }

    /// What a panel's picture is made of.
    fn subject(&self, panel: &Panel) -> Option<Subject> {
        let data = panel.state.data()?;
        let range = match panel.state {
            PanelState::Ready { .. } => data.range,
            // At a refresh the range moves on together with the data, not before.
            PanelState::Loading { .. } if data.generation >= self.chosen_in => data.range,
            // Another range was chosen, or time goes on without data: old data is shown where it belongs in it.
            _ => self.range_of(panel, self.range?),
        };
        Some(Subject { data: data.clone(), range, width_px: panel.placement.width_px })
    }

    /// The values of a panel's series at the data point nearest to `at`, in full resolution and in the picture's order.
    #[must_use]
    pub fn values_at(&self, id: &PanelId, at: Millis) -> Option<Probe> {
        present::values_at(self.find(id)?.state.data()?, at)
    }

    /// Whether the answers to a panel's queries are shaped before they are shown.
    #[must_use]
    pub fn is_shaped(&self, id: &PanelId) -> bool {
        self.find(id).is_some_and(|panel| panel.spec.shaping.is_some())
    }

    /// A part of a panel's tables, as a [`TablePage`](crate::shape::TablePage) in borsh's form; none where it shows none.
    #[must_use]
    pub fn table(&self, id: &PanelId, wish: &TableWish) -> Option<Vec<u8>> {
        Some(self.find(id)?.state.data()?.shaped.as_ref()?.sheet.as_ref()?.page(wish))
    }

    /// The panels that wait for `fetch`.
    #[must_use]
    pub fn panels_of(&self, fetch: FetchId) -> Vec<PanelId> {
        let Some(job) = self.jobs.in_flight_as(fetch) else { return Vec::new() };
        let waiting = self.panels.iter().filter(|panel| panel.open_jobs().any(|open| open == job));
        waiting.map(|panel| panel.spec.id.clone()).collect()
    }

    /// How many bytes of samples are held, shown or kept to make others from. About: labels and the like come on top.
    #[must_use]
    pub fn held_bytes(&self) -> u64 {
        let shown = self.panels.iter().filter_map(|panel| panel.state.data()).flat_map(|data| data.answers());
        let mut seen = SortedSet::new();
        let each_once = self.cache.answers().chain(shown).filter(|answer| seen.insert(Arc::as_ptr(answer)));
        each_once.map(|answer| answer.resident_bytes()).sum()
    }

    fn find(&self, id: &PanelId) -> Option<&Panel> {
        self.panels.get(self.places.first(id)?)
    }

    fn publish(&mut self, index: usize) {
        let Some(panel) = self.panels.get(index) else { return };
        if self.published.insert(panel.spec.id.clone()) {
            self.outputs.push_back(Output::Publish(panel.spec.id.clone()));
        }
    }

    fn report(&mut self, report: Report) {
        self.outputs.push_back(Output::Report(report));
    }
}
