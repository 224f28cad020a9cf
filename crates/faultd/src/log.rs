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

/// Every request since the log was cleared.
#[derive(Default)]
pub(crate) struct Log {
    pub entries: Vec<Entry>,
    pub in_flight: usize,
    pub max_in_flight: usize,
}

impl Log {
    pub fn begin(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.in_flight += 1;
        self.max_in_flight = self.max_in_flight.max(self.in_flight);
    }

    pub fn end(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Forgets what has ended; what is in flight stays counted.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.max_in_flight = self.in_flight;
    }
}
