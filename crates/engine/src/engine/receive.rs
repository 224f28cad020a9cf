//! From answers to panels.

use super::{Check, Engine};
use crate::answer::Answered;
use crate::cache::{Errand, Piece, extent};
use crate::merge::{self, Source};
use crate::panel::{Blame, Panel, Work};
use crate::plan::{Key, When};
use crate::schedule::{JobId, Landed};
use crate::shape::{Around, Shaper};
use crate::source::Verdict;
use crate::{Data, ErrorCard, FetchId, Report};
use frame::{Column, Frame, Grid, Millis, TimeRange, is_gap};
use promapi::{Answer, ErrorKind, FetchError};
use std::sync::Arc;

impl Engine {
    pub(super) fn fetched(&mut self, id: FetchId, outcome: Result<Answer, FetchError>, took_millis: i64, now: Millis) {
        // Nobody wants it any more: it was on its way while it was aborted.
        let Some(landed) = self.jobs.finish(id) else { return };
        match outcome {
            Ok(answer) => {
                self.labels.sweep_if_grown();
                let answer = Answered::new(answer, took_millis, now, &mut self.labels);
                self.answered(landed, Arc::new(answer), now);
            }
            Err(error) => self.failed(&landed, &error, now),
        }
    }

    fn answered(&mut self, landed: Landed, part: Arc<Answered>, now: Millis) {
        let Landed { job, errand, sent_at, .. } = landed;
        let latest = self.jobs.latest();
        let health = self.sources.get_or_default(errand.sent.source.clone());
        if let Some(trouble) = health.answer(&errand.sent.expr, latest) {
            self.is_back(&errand.sent.source, &trouble, now);
        }
        if let Some(check) = self.checks.remove(&job) {
            self.compare(&errand.wanted, &check, &part);
            // What was put together stays, or the next check would be of less.
            if !self.is_awaited(job) {
                return;
            }
        }
        let answer = match &errand.base {
            None => {
                self.keep_whole(&errand.wanted, &part, sent_at, now);
                part
            }
            Some(_) => match self.complete(&errand, &part, sent_at) {
                Some(answer) => answer,
                None => {
                    // What is there and what came do not go together.
                    self.cache.forget(&errand.wanted);
                    return self.jobs.resume(job, Errand::whole(errand.wanted));
                }
            },
        };
        for index in 0..self.panels.len() {
            if self.panels[index].answer(job, &answer) {
                self.take_result(index, now);
            }
        }
    }

    /// Keeps an answer, where others can be made of it.
    fn keep_whole(&mut self, key: &Key, answer: &Arc<Answered>, sent_at: Millis, now: Millis) {
        let Some(grid) = key.grid().filter(|grid| merge::is_divisible(answer, *grid)) else { return };
        let renew = self.settings.renew_millis.max(0);
        let newest = || newest(answer).unwrap_or(Millis(i64::MIN));
        let (written_until, is_guessed) = self.written_until(&key.source, sent_at, newest);
        let piece = Piece {
            source: key.source.clone(),
            expr: key.expr.clone(),
            grid,
            answer: answer.clone(),
            sent_at,
            asked_at: self.by_clock_of(&key.source, sent_at),
            written_until,
            is_guessed,
            reach: None,
            renew_at: now.plus(self.jitter.between(renew - renew / 4, renew.saturating_add(renew / 4))),
        };
        self.keep(piece);
    }

    fn keep(&mut self, piece: Piece) {
        let moved_on = !self.is_chosen();
        self.cache.insert(piece, moved_on);
    }

    /// What the clock of `source` shows when this machine's shows `at`; the same where that is not known.
    fn by_clock_of(&self, source: &str, at: Millis) -> Millis {
        at.plus(self.clocks.get(source).map_or(0, |skew| skew.millis()))
    }

    /// Up to when all samples were there that `source` had at `sent_at`, and whether that is only guessed: where its clock
    /// is not known, and this machine's may be ahead of it, by the time of the newest value.
    fn written_until(&self, source: &str, sent_at: Millis, newest: impl FnOnce() -> Millis) -> (Millis, bool) {
        let (until, is_guessed) = match self.clocks.contains_key(source) {
            true => (self.by_clock_of(source, sent_at), false),
            false => (sent_at.min(newest()), true),
        };
        (until.plus(-self.settings.overlap_millis.max(0)), is_guessed)
    }

    /// The answer that the errand is for, of what was there and what came. None where they do not fit together.
    fn complete(&mut self, errand: &Errand, part: &Arc<Answered>, sent_at: Millis) -> Option<Arc<Answered>> {
        let (base, sent, wanted) = (errand.base.as_ref()?, errand.sent.grid()?, errand.wanted.grid()?);
        if !merge::is_divisible(part, sent) {
            return None;
        }
        let joined = Arc::new(errand.join(part)?);
        let budget = self.settings.source(&errand.wanted.source).budget;
        if joined.points() > budget.samples || joined.series() > u64::from(budget.series) {
            return None;
        }
        let piece = Piece { grid: base.joined, answer: joined.clone(), ..base.piece.clone() };
        let newest = || newest(part).unwrap_or(base.kept.end);
        let (written_until, is_guessed) = self.written_until(&errand.sent.source, sent_at, newest);
        // What was kept is settled as far as it was before; what came after it, as far as anything is now.
        let piece = match base.kept.start <= sent.start {
            true => {
                let asked_at = self.by_clock_of(&errand.sent.source, sent_at);
                Piece { sent_at, asked_at, written_until, is_guessed, ..piece }
            }
            false => Piece { written_until: written_until.min(piece.written_until), ..piece },
        };
        self.check(errand, &joined, base.joined, piece.settled());
        self.keep(piece);
        if base.joined == wanted {
            return Some(joined);
        }
        let range = extent(wanted)?;
        merge::combine(&[Source { answer: &joined, grid: base.joined, range }], wanted).map(Arc::new)
    }

    /// Asks for the whole of what was put together, to compare the two; one at a time for each query.
    fn check(&mut self, errand: &Errand, answer: &Arc<Answered>, grid: Grid, until: Millis) {
        let key = Key { when: When::Over(grid), ..errand.wanted.clone() };
        if !self.settings.check_merges || self.jobs.is_asked_by(&key, self.checks.keys()) {
            return;
        }
        let job = self.jobs.ask_anew(Errand::whole(key));
        self.checks.insert(job, Check { answer: answer.clone(), grid, until });
    }

    /// Whether a panel waits for the answer to `job`.
    fn is_awaited(&self, job: JobId) -> bool {
        self.panels.iter().any(|panel| panel.open_jobs().any(|open| open == job))
    }

    fn compare(&mut self, key: &Key, check: &Check, whole: &Answered) {
        if !merge::is_divisible(whole, check.grid) {
            return;
        }
        let until = TimeRange { start: check.grid.start, end: check.until };
        if let Some(what) = merge::difference(&check.answer, whole, check.grid, until) {
            self.report(Report::Mismatch { expr: key.expr.clone(), what });
        }
    }

    /// Shows what a panel's answers make, once they are there, and asks for finer ones where that is due.
    pub(super) fn take_result(&mut self, index: usize, now: Millis) {
        let Some(data) = self.result(index).map(Arc::new) else { return self.show_part(index) };
        match self.refinement(index, &data, now) {
            None => self.show_data(index, data),
            Some(refinement) => {
                let shown = self.panels[index].state.data();
                let is_finer = refinement.round.open_jobs().next().is_none();
                if !is_finer && !shown.is_some_and(|shown| shown.finer.is_some() && data.continues(shown)) {
                    self.show_data(index, data);
                }
                self.panels[index].work = Work::Finer(refinement);
                // The finer answers may be there already.
                self.take_result(index, now);
            }
        }
    }

    /// Shows what has been answered of a panel that can do with that.
    fn show_part(&mut self, index: usize) {
        if let Some(part) = self.panels.get(index).and_then(Panel::part) {
            self.panels[index].show_part(Arc::new(part));
            self.publish(index);
        }
    }

    /// What a panel's answers make, once they are there and what has to shape them is.
    fn result(&mut self, index: usize) -> Option<Data> {
        let panel = self.panels.get(index)?;
        let shaper = match (&panel.spec.shaping, &self.shaper) {
            (None, _) => None,
            (Some(_), Some(Ok(shaper))) => Some(*shaper),
            (Some(_), Some(Err(error))) if matches!(panel.work, Work::Coarse(_)) => {
                let error = error.clone();
                self.fail(index, error, None);
                return None;
            }
            (Some(_), _) => return None,
        };
        let view = self.view.as_ref()?;
        let around = Around { scope: &view.scope, zone: &view.zone, zones: &*self.zones };
        panel.result(shaper.map(|shaper| (shaper, around)))
    }

    /// What was waiting for it is shown, or asked for again where it had failed for want of it.
    pub(super) fn set_shaper(&mut self, shaper: Result<Shaper, ErrorCard>, now: Millis) {
        let had_failed = matches!(self.shaper, Some(Err(_)));
        self.shaper = Some(shaper);
        for index in 0..self.panels.len() {
            let panel = &mut self.panels[index];
            if had_failed && panel.spec.shaping.is_some() {
                panel.ask_again();
            }
            self.take_result(index, now);
        }
    }

    fn show_data(&mut self, index: usize, data: Arc<Data>) {
        self.panels[index].show(data);
        self.publish(index);
    }

    fn failed(&mut self, landed: &Landed, failure: &FetchError, now: Millis) {
        let (job, source) = (landed.job, &landed.errand.sent.source);
        if self.checks.remove(&job).is_some() && !self.is_awaited(job) {
            return;
        }
        if !self.panels.iter().any(|panel| panel.needs(job)) {
            return self.finer_failed(landed, failure, now);
        }
        let error = ErrorCard::from(failure);
        let refreshes = self.refreshes();
        // When only time may mend it, nothing is gained by a try before the page asks again anyway.
        let turn = self.refresh_millis().filter(|_| error.may_pass());
        let health = self.sources.get_or_default(source.clone());
        let before = health.trouble().cloned();
        let verdict = health.fail(landed, failure, now, refreshes, &mut self.jitter);
        match (&before, health.trouble().cloned()) {
            (None, Some(trouble)) => self.report(Report::Source { uid: source.clone(), trouble: Some(trouble) }),
            (Some(before), None) => self.is_back(source, before, now),
            _ => {}
        }
        for index in 0..self.panels.len() {
            let (panel, jobs) = (&mut self.panels[index], &self.jobs);
            match &verdict {
                Verdict::QueryFailed if panel.open_jobs().any(|open| open == job) => {
                    let again = panel.backoff_of(job).and_then(|backoff| match failure.retryable() {
                        true => {
                            let at = backoff.fail(now, failure.retry_after_secs(), &mut self.jitter);
                            backoff.limited(at, refreshes)
                        }
                        false => turn.map(|interval| {
                            let turns = backoff.turns(interval);
                            self.refreshed_at.plus(interval.saturating_mul(turns))
                        }),
                    });
                    panel.lose(|open| open == job, Blame::Query, &error, again);
                }
                Verdict::SourceFailed { error, retry_at } => {
                    let is_hit = |open| open == job || jobs.source_of_queued(open) == Some(source.as_str());
                    if !panel.open_jobs().any(is_hit) {
                        continue;
                    }
                    panel.lose(is_hit, Blame::Source, error, *retry_at);
                }
                Verdict::QueryFailed => continue,
            }
            if self.panels[index].open_jobs().next().is_none() {
                self.publish(index);
                self.take_result(index, now);
            }
        }
    }

    /// A data source answers again, with which `trouble` was the matter. What waits for it is asked for at once, unless it was
    /// too many requests that troubled it.
    fn is_back(&mut self, source: &str, trouble: &ErrorCard, now: Millis) {
        self.report(Report::Source { uid: source.to_owned(), trouble: None });
        if trouble.retryable && trouble.kind != Some(ErrorKind::Throttled) {
            self.panels.iter_mut().for_each(|panel| panel.end_wait_for(source, now));
        }
    }

    /// A finer answer that does not come is not missed, and says nothing about its data source: what is needed was answered.
    /// Others are not asked for either where they would fare alike.
    fn finer_failed(&mut self, landed: &Landed, failure: &FetchError, now: Millis) {
        let (jobs, source) = (&self.jobs, landed.errand.sent.source.as_str());
        let fares_alike = |open| failure.is_of_all_requests() && jobs.source_of_queued(open) == Some(source);
        let is_lost = |open| open == landed.job || fares_alike(open);
        let are_lost = |panel: &Panel| matches!(panel.work, Work::Finer(_)) && panel.open_jobs().any(is_lost);
        let lost: Vec<usize> = (0..self.panels.len()).filter(|index| are_lost(&self.panels[*index])).collect();
        for index in lost {
            self.panels[index].do_without_finer(now);
            self.publish(index);
        }
    }

    pub(super) fn fail(&mut self, index: usize, error: ErrorCard, retry_at: Option<Millis>) {
        self.panels[index].fail(error, retry_at);
        self.publish(index);
    }
}

/// The last instant of which `answer` has a value.
fn newest(answer: &Answered) -> Option<Millis> {
    let last = |column: &Column| match column {
        Column::Number(values) => values.iter().rposition(|value| !is_gap(*value)),
        Column::Histogram(histograms) => (0..column.len()).rfind(|row| !histograms.is_gap(*row)),
        Column::Time(_) | Column::Text(_) => None,
    };
    let of_frame = |frame: &Frame| {
        let row = frame.fields.iter().filter_map(|field| last(&field.column)).max()?;
        frame.times()?.get(row)
    };
    answer.frames.iter().filter_map(of_frame).max()
}
