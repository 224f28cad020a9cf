//! What is asked of the servers: each question once, a few at a time, nothing that nobody wants any more.

use crate::FetchId;
use crate::plan::Key;
use std::collections::{BTreeMap, BTreeSet};

/// Names a question for as long as somebody waits for its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobId(u64);

#[derive(Debug)]
struct Job {
    key: Key,
    flight: Option<FetchId>,
}

/// All open questions.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    jobs: BTreeMap<JobId, Job>,
    last_id: u64,
}

impl Jobs {
    /// The job that answers `key`; a new one unless it is asked already.
    pub fn ask(&mut self, key: &Key) -> JobId {
        if let Some((id, _)) = self.jobs.iter().find(|(_, job)| job.key == *key) {
            return *id;
        }
        let id = JobId(self.next_id());
        self.jobs.insert(id, Job { key: key.clone(), flight: None });
        id
    }

    /// Drops every job that is not wanted any more, and returns the fetches to abort.
    pub fn retain(&mut self, wanted: &BTreeSet<JobId>) -> Vec<FetchId> {
        let mut aborted = Vec::new();
        self.jobs.retain(|id, job| {
            let keep = wanted.contains(id);
            aborted.extend(job.flight.filter(|_| !keep));
            keep
        });
        aborted
    }

    /// Sends the job on its way, unless it is already.
    pub fn start(&mut self, id: JobId) -> Option<(FetchId, &Key)> {
        let fetch = FetchId(self.next_id());
        let job = self.jobs.get_mut(&id).filter(|job| job.flight.is_none())?;
        job.flight = Some(fetch);
        Some((fetch, &job.key))
    }

    /// Takes the job that `fetch` was for; none if it was aborted.
    pub fn finish(&mut self, fetch: FetchId) -> Option<(JobId, Key)> {
        let id = self.in_flight_as(fetch)?;
        self.jobs.remove(&id).map(|job| (id, job.key))
    }

    /// The job that is on its way as `fetch`.
    pub fn in_flight_as(&self, fetch: FetchId) -> Option<JobId> {
        self.jobs.iter().find(|(_, job)| job.flight == Some(fetch)).map(|(id, _)| *id)
    }

    /// How many fetches are in flight to `source`.
    pub fn in_flight(&self, source: &str) -> usize {
        self.jobs.values().filter(|job| job.flight.is_some() && job.key.source == source).count()
    }

    /// The source of a job that still waits to be sent.
    pub fn source_of_queued(&self, id: JobId) -> Option<&str> {
        self.jobs.get(&id).filter(|job| job.flight.is_none()).map(|job| &*job.key.source)
    }

    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}
