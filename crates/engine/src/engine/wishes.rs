//! What the user does.

use super::Engine;
use super::places::Places;
use crate::panel::{Panel, Work};
use crate::{Output, PanelId, PanelSpec, PanelState, Placement, Report, View};
use frame::{Millis, SortedSet};

/// More panels than any page has: a page that places panels it never shows must not fill the memory.
const MOST_EARLY: usize = 10_000;

impl Engine {
    pub(super) fn show(&mut self, mut view: View, now: Millis) {
        let specs = std::mem::take(&mut view.panels);
        let differs = |same: fn(&View, &View) -> bool| self.view.as_ref().is_none_or(|old| !same(old, &view));
        let moved = differs(|old, new| old.range == new.range && old.zone == new.zone);
        let rescoped = differs(|old, new| old.scope == new.scope && old.filters == new.filters);
        // Another page begins with the time at which it is opened, and with that at which its panels are known: until then
        // it shows none.
        let has_panels = !self.panels.is_empty() || !specs.is_empty();
        let is_other_page = has_panels && specs.iter().all(|spec| self.find(&spec.id).is_none());
        self.view = Some(view);
        self.show_panels(specs, rescoped);
        if moved || is_other_page {
            self.ask_all_again(now);
            self.chosen_in = self.generation;
        }
    }

    /// Panels that were there before keep what they have; those that ask something else now are asked again.
    fn show_panels(&mut self, specs: Vec<PanelSpec>, rescoped: bool) {
        let (old, places) = (std::mem::take(&mut self.panels), std::mem::take(&mut self.places));
        let mut old: Vec<Option<Panel>> = old.into_iter().map(Some).collect();
        let mut changed = SortedSet::new();
        for spec in specs {
            let known = places.of(&spec.id).find_map(|place| old.get_mut(place)?.take());
            let mut panel = known.unwrap_or_else(|| {
                changed.insert(spec.id.clone());
                Panel::new(spec.clone())
            });
            if let Some((placement, near)) = self.early.remove(&spec.id) {
                (panel.placement, panel.near) = (placement, near);
            }
            if rescoped || panel.spec != spec {
                panel.spec = spec;
                panel.ask_again();
                changed.insert(panel.spec.id.clone());
            }
            self.panels.push(panel);
        }
        self.places = Places::new(&self.panels);
        let shows_changed = |panel: &&mut Panel| panel.spec.shown().any(|id| changed.contains(id));
        self.panels.iter_mut().filter(shows_changed).for_each(Panel::ask_again);
        self.early.clear();
    }

    pub(super) fn place(&mut self, id: &PanelId, placement: Placement) {
        let Some(index) = self.places.first(id) else {
            if let Some((early, _)) = self.early_place(id) {
                *early = placement;
            }
            return;
        };
        let panel = &mut self.panels[index];
        let old = std::mem::replace(&mut panel.placement, placement);
        if placement.visible && !old.visible && panel.has_coarse_only() {
            // Its answers are there; now that it is looked at, finer ones may follow.
            panel.work = Work::Due;
        }
        self.give_way_if_unwanted(index);
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

    pub(super) fn near(&mut self, id: &PanelId, near: bool) {
        match self.places.first(id) {
            Some(index) => {
                self.panels[index].near = near;
                self.give_way_if_unwanted(index);
            }
            None => self.early_place(id).into_iter().for_each(|(_, early)| *early = near),
        }
    }

    fn early_place(&mut self, id: &PanelId) -> Option<&mut (Placement, bool)> {
        let has_room = self.early.len() < MOST_EARLY || self.early.contains_key(id);
        has_room.then(|| self.early.get_or_default(id.clone()))
    }

    /// A panel off the screen gives its place in the queue away; what is on its way may arrive.
    fn give_way_if_unwanted(&mut self, index: usize) {
        let panel = &mut self.panels[index];
        let is_queued = panel.open_jobs().all(|job| self.jobs.source_of_queued(job).is_some());
        if !panel.is_wanted() && matches!(panel.work, Work::Coarse(_)) && is_queued {
            panel.give_way();
            self.publish(index);
        }
    }

    /// Whether the panel, now that it is wider, would be asked for more than it has.
    fn wants_smaller_step(&self, index: usize) -> bool {
        let (Some(panel), Some(range)) = (self.panels.get(index), self.range) else { return false };
        let PanelState::Ready { data } = &panel.state else { return false };
        let drawn = data.finer.as_ref().map_or(data.step, |finer| finer.step);
        self.plan(panel, self.range_of(panel, range))
            .asked
            .iter()
            .filter_map(|query| query.key.grid())
            .any(|grid| grid.step < drawn)
    }

    pub(super) fn retry(&mut self, id: &PanelId) {
        let Some(index) = self.places.first(id) else { return };
        self.panels[index].ask_again();
        self.trust_sources_of(index);
    }

    /// Everything again, and nothing of it from what is kept: who asks for that may have a reason.
    pub(super) fn refresh(&mut self, now: Millis) {
        self.cache.clear();
        self.abort_parts();
        self.ask_all_again(now);
    }

    /// What is to be put together with what was kept is not waited for any more. Then everything has to be asked again.
    pub(super) fn abort_parts(&mut self) {
        self.outputs.extend(self.jobs.drop_parts().into_iter().map(Output::Abort));
    }

    /// What was not sent yet is not sent any more: when somebody looks again, another time is meant. What was given up
    /// meanwhile is tried again then.
    pub(super) fn hide(&mut self, hidden: bool) {
        self.hidden = hidden;
        if hidden {
            for panel in &mut self.panels {
                let waits = |job| self.jobs.source_of_queued(job).is_some();
                if matches!(panel.work, Work::Coarse(_)) && panel.open_jobs().any(waits) {
                    panel.give_way();
                }
            }
            return;
        }
        for index in 0..self.panels.len() {
            if self.panels[index].look_again() {
                self.trust_sources_of(index);
            }
        }
    }

    fn trust_sources_of(&mut self, index: usize) {
        let Some(range) = self.range else { return };
        let asked = self.plan(&self.panels[index], range).asked;
        asked.iter().for_each(|plan| self.trust(&plan.key.source));
    }

    /// Everything over the range as it is now.
    pub(super) fn ask_all_again(&mut self, now: Millis) {
        let troubled: Vec<String> = self.sources.keys().cloned().collect();
        troubled.iter().for_each(|source| self.trust(source));
        for panel in &mut self.panels {
            panel.ask_again();
        }
        self.checks.clear();
        self.resolve_range(now);
    }

    /// The source is to be tried as if nothing had been the matter with it.
    pub(super) fn trust(&mut self, source: &str) {
        let health = self.sources.remove(source);
        if health.is_some_and(|health| health.trouble().is_some()) {
            self.report(Report::Source { uid: source.to_owned(), trouble: None });
        }
    }
}
