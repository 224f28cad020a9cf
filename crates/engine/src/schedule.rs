//! What is asked of the servers: each question once, nothing that nobody wants any more.

use crate::FetchId;
use crate::cache::Errand;
use crate::plan::Key;
use frame::{Millis, SortedMap, SortedSet};

/// Names a question for as long as somebody waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobId(u64);

#[derive(Debug)]
struct Job {
    errand: Errand,
    flight: Option<Flight>,
}

#[derive(Clone, Copy, Debug)]
struct Flight {
    fetch: FetchId,
    sent_at: Millis,
}

/// A fetch that ended.
pub(crate) struct Landed {
    pub job: JobId,
    pub fetch: FetchId,
    pub errand: Errand,
    pub sent_at: Millis,
}

/// All open questions.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    jobs: SortedMap<JobId, Job>,
    /// The first job that asks for each key, by the key's fingerprint: a page of thousands of panels asks all of them at a
    /// time.
    by_key: SortedMap<u64, JobId>,
    /// Those on their way.
    by_fetch: SortedMap<FetchId, JobId>,
    /// How many of them ask which source.
    in_flight: SortedMap<String, usize>,
    last_id: u64,
}

impl Jobs {
    /// No jobs, and ids that none of these had: an answer on its way is not taken for another.
    pub fn succeeded_by(&self) -> Self {
        Self { last_id: self.last_id, ..Self::default() }
    }

    /// The job that answers what `errand` is for; a new one unless that is asked already.
    pub fn ask(&mut self, errand: Errand) -> JobId {
        let known = self.by_key.get(&errand.wanted.fingerprint()).copied();
        // Two keys of one fingerprint are as good as never seen; then each is asked.
        let is_it = |id: &JobId| self.jobs.get(id).is_some_and(|job| job.errand.wanted == errand.wanted);
        known.filter(is_it).unwrap_or_else(|| self.ask_anew(errand))
    }

    /// A new job, even where the same is asked already.
    pub fn ask_anew(&mut self, errand: Errand) -> JobId {
        let id = JobId(self.next_id());
        self.insert(id, errand);
        id
    }

    fn insert(&mut self, id: JobId, errand: Errand) {
        let fingerprint = errand.wanted.fingerprint();
        if !self.by_key.contains_key(&fingerprint) {
            self.by_key.insert(fingerprint, id);
        }
        self.jobs.insert(id, Job { errand, flight: None });
    }

    /// Whether one of these jobs asks for `key`'s query already, over whichever instants.
    pub fn is_asked_by<'a>(&self, key: &Key, mut jobs: impl Iterator<Item = &'a JobId>) -> bool {
        let asks = |job: &Job| job.errand.wanted.expr == key.expr && job.errand.wanted.source == key.source;
        jobs.any(|id| self.jobs.get(id).is_some_and(asks))
    }

    /// Takes up a job again that has ended without an answer.
    pub fn resume(&mut self, id: JobId, errand: Errand) {
        self.insert(id, errand);
    }

    /// Drops every job that is not wanted any more, and returns the fetches to abort.
    pub fn retain(&mut self, wanted: &SortedSet<JobId>) -> Vec<FetchId> {
        self.drop_if(|id, _| !wanted.contains(&id))
    }

    /// Drops every job that asks for a part of its answer only, and returns the fetches to abort.
    pub fn drop_parts(&mut self) -> Vec<FetchId> {
        self.drop_if(|_, job| job.errand.base.is_some())
    }

    fn drop_if(&mut self, is_unwanted: impl Fn(JobId, &Job) -> bool) -> Vec<FetchId> {
        let unwanted = self.jobs.iter().filter(|(id, job)| is_unwanted(**id, job));
        let unwanted: Vec<JobId> = unwanted.map(|(id, _)| *id).collect();
        unwanted.into_iter().filter_map(|id| self.remove(id)?.flight).map(|flight| flight.fetch).collect()
    }

    fn remove(&mut self, id: JobId) -> Option<Job> {
        let job = self.jobs.remove(&id)?;
        let fingerprint = job.errand.wanted.fingerprint();
        if self.by_key.get(&fingerprint) == Some(&id) {
            self.by_key.remove(&fingerprint);
        }
        if let Some(flight) = job.flight {
            self.by_fetch.remove(&flight.fetch);
            let source = &job.errand.sent.source;
            if let Some(count) = self.in_flight.get_mut(source) {
                *count -= 1;
            }
        }
        Some(job)
    }

    /// Sends the job on its way, unless it is already.
    pub fn start(&mut self, id: JobId, now: Millis) -> Option<(FetchId, &Errand)> {
        let fetch = FetchId(self.next_id());
        let job = self.jobs.get_mut(&id).filter(|job| job.flight.is_none())?;
        job.flight = Some(Flight { fetch, sent_at: now });
        self.by_fetch.insert(fetch, id);
        *self.in_flight.get_or_default(job.errand.sent.source.clone()) += 1;
        Some((fetch, &job.errand))
    }

    /// Takes the job that `fetch` was for; none if it was aborted.
    pub fn finish(&mut self, fetch: FetchId) -> Option<Landed> {
        let id = self.in_flight_as(fetch)?;
        let Job { errand, flight } = self.remove(id)?;
        flight.map(|Flight { sent_at, .. }| Landed { job: id, fetch, errand, sent_at })
    }

    /// The job that is on its way as `fetch`.
    pub fn in_flight_as(&self, fetch: FetchId) -> Option<JobId> {
        self.by_fetch.get(&fetch).copied()
    }

    /// How many fetches are in flight, by source.
    pub fn in_flight(&self) -> impl Iterator<Item = (&str, usize)> {
        self.in_flight.iter().map(|(source, count)| (source.as_str(), *count))
    }

    /// The source of a job that still waits to be sent.
    pub fn source_of_queued(&self, id: JobId) -> Option<&str> {
        Some(&self.queued(id)?.source)
    }

    /// What a job is to ask that still waits to be sent.
    pub fn queued(&self, id: JobId) -> Option<&Key> {
        self.jobs.get(&id).filter(|job| job.flight.is_none()).map(|job| &job.errand.sent)
    }

    /// The last fetch that was sent, or one that would have come after it.
    pub fn latest(&self) -> FetchId {
        FetchId(self.last_id)
    }

    /// When the job was sent, if it is on its way.
    pub fn sent_at(&self, id: JobId) -> Option<Millis> {
        Some(self.jobs.get(&id)?.flight?.sent_at)
    }

    /// This machine's clock was set back: what is on its way was sent so much earlier by it.
    pub fn clock_was_set_back(&mut self, by: i64) {
        for job in self.jobs.values_mut() {
            let sent_at = job.flight.as_mut().map(|flight| &mut flight.sent_at);
            let before = job.errand.base.as_mut().map(|base| &mut base.piece.sent_at);
            sent_at.into_iter().chain(before).for_each(|at| *at = at.plus(-by));
        }
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::When;

    fn errand(source: &str, expr: &str) -> Errand {
        Errand::whole(Key { source: source.into(), expr: expr.into(), when: When::At(Millis(0)) })
    }

    #[test]
    fn what_is_asked_and_on_its_way_is_known_without_looking_at_every_job() {
        let mut jobs = Jobs::default();
        let exprs: Vec<String> = (0..2_000).map(|n| format!("m{n}")).collect();
        let ids: Vec<JobId> = exprs.iter().map(|expr| jobs.ask(errand("a", expr))).collect();
        assert!(exprs.iter().zip(&ids).all(|(expr, id)| jobs.ask(errand("a", expr)) == *id), "each is asked once");
        let other = jobs.ask(errand("b", "m0"));
        for id in ids.iter().chain([&other]) {
            jobs.start(*id, Millis(0));
        }
        assert_eq!(jobs.in_flight().collect::<Vec<_>>(), [("a", 2_000), ("b", 1)]);
        assert_eq!(jobs.retain(&ids[..3].iter().copied().collect()).len(), 1_998);
        assert_eq!(jobs.in_flight().collect::<Vec<_>>(), [("a", 3), ("b", 0)]);
    }

    #[test]
    fn a_job_that_ended_is_not_the_one_that_asks() {
        let mut jobs = Jobs::default();
        let first = jobs.ask(errand("a", "up"));
        let again = jobs.ask_anew(errand("a", "up"));
        assert_eq!(jobs.ask(errand("a", "up")), first);
        let fetch = jobs.start(first, Millis(0)).unwrap().0;
        assert_eq!(jobs.finish(fetch).map(|landed| landed.job), Some(first));
        assert!(jobs.finish(fetch).is_none() && jobs.in_flight_as(fetch).is_none());
        jobs.retain(&[again].into_iter().collect());
        let third = jobs.ask(errand("a", "up"));
        assert!(third != first && third != again, "what was dropped, or was not found when it mattered, is asked");
        assert_eq!(jobs.ask(errand("a", "up")), third);
    }
}
