//! What time does.

use super::Engine;
use crate::panel::Work;
use crate::{ErrorCard, Output, Report, View, clock};
use dashboard::time::Place;
use frame::{Millis, TimeRange};

/// A difference between clocks that changes by less is the same one.
const SAME_SKEW_MILLIS: i64 = 5_000;

/// So long the page is not put right once more.
const PUT_RIGHT_MILLIS: i64 = 60_000;

/// A finer answer that has been on its way for so long at a refresh is given up. It follows a quick one.
const LONGEST_FINER_MILLIS: i64 = 5_000;

/// By less a clock is set time and again to keep it right.
const SET_BACK_MILLIS: i64 = 1_000;

/// No page asks more often, whatever its address says.
const SHORTEST_REFRESH_MILLIS: i64 = 1_000;

impl Engine {
    pub(super) fn refresh_millis(&self) -> Option<i64> {
        let wished = self.view.as_ref()?.refresh_millis.filter(|millis| *millis > 0)?;
        Some(wished.max(SHORTEST_REFRESH_MILLIS))
    }

    /// Whether the page asks again by itself.
    pub(super) fn refreshes(&self) -> bool {
        self.refresh_millis().is_some()
    }

    /// Whatever is waited for comes no later for it, and what was asked before counts as no newer. By which clock that was
    /// kept, and how far the servers' are from it, is not known any more.
    pub(super) fn clock_was_set_back(&mut self, by: i64) {
        self.refreshed_at = self.refreshed_at.plus(-by);
        self.resolved_at = self.resolved_at.plus(-by);
        self.jobs.clock_was_set_back(by);
        if by >= SET_BACK_MILLIS {
            self.clocks.clear();
            self.cache.clear();
        }
        self.sources.values_mut().for_each(|health| health.clock_was_set_back(by));
        self.panels.iter_mut().for_each(|panel| panel.clock_was_set_back(by));
    }

    pub(super) fn tick(&mut self, now: Millis) {
        let Some(interval) = self.refresh_millis() else { return };
        if now.since(self.refreshed_at) < interval {
            return;
        }
        self.refreshed_at = now;
        let mut moves_on = false;
        let dawdles = |job| self.jobs.sent_at(job).is_some_and(|at| now.since(at) >= LONGEST_FINER_MILLIS);
        for panel in &mut self.panels {
            if panel.open_jobs().any(dawdles) {
                panel.do_without_finer(now);
            }
            moves_on |= panel.refresh() || matches!(panel.work, Work::Waiting(_));
        }
        if moves_on {
            self.resolve_range(now);
        }
    }

    pub(super) fn end_waits(&mut self, now: Millis) {
        for panel in &mut self.panels {
            if matches!(panel.work, Work::Waiting(until) if until <= now) {
                panel.work = Work::Due;
            }
        }
    }

    pub(super) fn set_alarm(&mut self, now: Millis) {
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
        let retries = self.panels.iter().filter(|panel| panel.is_wanted()).filter_map(|panel| match panel.work {
            Work::Waiting(until) => Some(until),
            _ => None,
        });
        retries.chain(self.refresh_millis().map(|interval| self.refreshed_at.plus(interval))).min()
    }

    pub(super) fn resolve_range(&mut self, now: Millis) {
        let Some(view) = &self.view else { return };
        self.refreshed_at = now;
        self.resolved_at = now;
        self.generation += 1;
        self.range = self.resolved(view, now);
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

    /// What "now" means at `now`: what the servers' clock says, less the view's delay. The clock is that of the first panel's data source whose clock is known. Timers go by
    /// this machine's clock, everything that is asked for by the servers'.
    pub(super) fn server_time(&self, now: Millis) -> Millis {
        let delay = self.view.as_ref().map_or(0, |view| view.now_delay_millis);
        now.plus(self.skew()).plus(-delay)
    }

    fn skew(&self) -> i64 {
        let known = self.panels.iter().flat_map(|panel| panel.spec.sources()).find_map(|uid| self.clocks.get(uid));
        known.map_or(0, |skew| skew.millis())
    }

    pub(super) fn note_date(&mut self, source: String, date: Millis, sent_at: Millis, now: Millis) {
        let before = self.skew();
        self.clocks.get_or_default(source).note(date, sent_at, now);
        let skew = self.skew();
        let notable = if skew.abs() > clock::NOTABLE_MILLIS { skew } else { 0 };
        if notable.abs_diff(self.reported_skew) > SAME_SKEW_MILLIS.unsigned_abs() {
            self.reported_skew = notable;
            self.report(Report::Skew { millis: notable });
        }
        if (skew - before).abs() > clock::NOTABLE_MILLIS && self.moves_with_time(now) {
            // What is kept was kept by a wrong clock.
            self.cache.clear();
            self.put_right(now);
        }
    }

    /// Asks for everything again, as what is on its way is for another time than the user means. Not over and over, or
    /// servers that disagree would keep the page from having any answer.
    fn put_right(&mut self, now: Millis) {
        let is_recent = |at: Millis| (0..PUT_RIGHT_MILLIS).contains(&now.since(at));
        if self.put_right_at.is_some_and(is_recent) {
            return;
        }
        self.put_right_at = Some(now);
        self.abort_parts();
        self.ask_all_again(now);
        self.chosen_in = self.generation;
    }

    /// Whether the range is another one at another time.
    fn moves_with_time(&self, now: Millis) -> bool {
        let Some(view) = &self.view else { return false };
        self.range.is_some() && self.resolved(view, now) != self.range
    }

    /// What the range of `view` means now, where its times are meant.
    fn resolved(&self, view: &View, now: Millis) -> Option<TimeRange> {
        view.range.resolve_in(self.server_time(now), self.reckoned(view))
    }

    /// Where and by which calendar the times of `view` are meant.
    pub(super) fn reckoned<'a>(&'a self, view: &'a View) -> Place<'a> {
        Place { zone: &view.zone, zones: &*self.zones, calendar: view.calendar }
    }
}
