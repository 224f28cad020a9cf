//! What is asked of the servers: each question once, nothing that nobody wants any more.

use crate::FetchId;
use crate::cache::Errand;
use crate::plan::Key;
use frame::{Millis, SortedMap, SortedSet};
use promapi::Method;

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
    method: Method,
    sent_at: Millis,
}

/// A fetch that ended.
pub(crate) struct Landed {
    pub job: JobId,
    pub errand: Errand,
    pub method: Method,
    pub sent_at: Millis,
}

/// All open questions.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    jobs: SortedMap<JobId, Job>,
    last_id: u64,
}

impl Jobs {
    /// The job that answers what `errand` is for; a new one unless that is asked already.
    pub fn ask(&mut self, errand: Errand) -> JobId {
        let known = self.jobs.iter().find(|(_, job)| job.errand.wanted == errand.wanted).map(|(id, _)| *id);
        known.unwrap_or_else(|| self.ask_anew(errand))
    }

    /// A new job, even where the same is asked already.
    pub fn ask_anew(&mut self, errand: Errand) -> JobId {
        let id = JobId(self.next_id());
        self.jobs.insert(id, Job { errand, flight: None });
        id
    }

    /// Whether one of these jobs asks for `key`'s query already, over whichever instants.
    pub fn is_asked_by<'a>(&self, key: &Key, mut jobs: impl Iterator<Item = &'a JobId>) -> bool {
        let asks = |job: &Job| job.errand.wanted.expr == key.expr && job.errand.wanted.source == key.source;
        jobs.any(|id| self.jobs.get(id).is_some_and(asks))
    }

    /// Takes up a job again that has ended without an answer.
    pub fn resume(&mut self, id: JobId, errand: Errand) {
        self.jobs.insert(id, Job { errand, flight: None });
    }

    /// Drops every job that is not wanted any more, and returns the fetches to abort.
    pub fn retain(&mut self, wanted: &SortedSet<JobId>) -> Vec<FetchId> {
        let mut aborted = Vec::new();
        self.jobs.retain(|id, job| {
            let keep = wanted.contains(id);
            aborted.extend(job.flight.filter(|_| !keep).map(|flight| flight.fetch));
            keep
        });
        aborted
    }

    /// Sends the job on its way, unless it is already.
    pub fn start(&mut self, id: JobId, method: Method, now: Millis) -> Option<(FetchId, &Errand)> {
        let fetch = FetchId(self.next_id());
        let job = self.jobs.get_mut(&id).filter(|job| job.flight.is_none())?;
        job.flight = Some(Flight { fetch, method, sent_at: now });
        Some((fetch, &job.errand))
    }

    /// Takes the job that `fetch` was for; none if it was aborted.
    pub fn finish(&mut self, fetch: FetchId) -> Option<Landed> {
        let id = self.in_flight_as(fetch)?;
        let Job { errand, flight } = self.jobs.remove(&id)?;
        flight.map(|Flight { method, sent_at, .. }| Landed { job: id, errand, method, sent_at })
    }

    /// The job that is on its way as `fetch`.
    pub fn in_flight_as(&self, fetch: FetchId) -> Option<JobId> {
        let is_it = |job: &Job| job.flight.is_some_and(|flight| flight.fetch == fetch);
        self.jobs.iter().find(|(_, job)| is_it(job)).map(|(id, _)| *id)
    }

    /// The sources of everything in flight.
    pub fn in_flight(&self) -> impl Iterator<Item = &str> {
        self.jobs.values().filter(|job| job.flight.is_some()).map(|job| &*job.errand.sent.source)
    }

    /// The source of a job that still waits to be sent.
    pub fn source_of_queued(&self, id: JobId) -> Option<&str> {
        self.jobs.get(&id).filter(|job| job.flight.is_none()).map(|job| &*job.errand.sent.source)
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}
