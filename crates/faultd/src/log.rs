//! What arrived.

use serde::Serialize;

/// One request, in decoded text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The path of its address.
    pub path: String,
    /// The query part of its address.
    pub query: String,
    /// Its headers, a line each: `name: value`, the name in small letters.
    pub headers: String,
    /// Its body.
    pub body: String,
}

/// Requests in the order in which they came.
#[derive(Default)]
pub(crate) struct Log {
    requests: Vec<Logged>,
    /// The beginnings and ends so far: when something happened, where only the order counts.
    now: u64,
    /// What began before then is forgotten, as far as it is over.
    cleared_at: u64,
}

struct Logged {
    entry: Entry,
    began_at: u64,
    ended_at: Option<u64>,
}

impl Log {
    /// A request begins; what it is called until its end.
    pub fn begin(&mut self, entry: Entry) -> u64 {
        self.now += 1;
        self.requests.push(Logged { entry, began_at: self.now, ended_at: None });
        self.now
    }

    pub fn end(&mut self, began_at: u64) {
        self.now += 1;
        if let Some(request) = self.requests.iter_mut().find(|request| request.began_at == began_at) {
            request.ended_at = Some(self.now);
        }
    }

    /// Forgets what has ended; what is in flight stays counted.
    pub fn clear(&mut self) {
        self.requests.retain(|request| request.ended_at.is_none());
        self.cleared_at = self.now;
    }

    /// Every request since the log was cleared.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.requests.iter().filter(|request| request.began_at > self.cleared_at).map(|request| &request.entry)
    }

    pub fn in_flight(&self) -> usize {
        self.requests.iter().filter(|request| request.ended_at.is_none()).count()
    }

    /// The most of those that match which were in flight at a time.
    pub fn max_in_flight(&self, matches: impl Fn(&Entry) -> bool) -> usize {
        let spans = self.requests.iter().filter(|request| matches(&request.entry));
        let spans: Vec<(u64, u64)> =
            spans.map(|request| (request.began_at, request.ended_at.unwrap_or(u64::MAX))).collect();
        // The most are in flight when one of them begins.
        let at = |now: u64| spans.iter().filter(|(began, ended)| (*began..*ended).contains(&now)).count();
        spans.iter().map(|(began, _)| at(*began)).max().unwrap_or(0)
    }
}
