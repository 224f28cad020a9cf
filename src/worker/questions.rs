//! The questions of the page that have no answer yet. They share a server's connections with its queries, so some wait.

use crate::worker::ask::Call;
use crate::worker::fetch::{Abort, Watch};
use frame::SortedMap;

/// By their numbers: who asked first comes first.
#[derive(Default)]
pub struct Questions(SortedMap<u32, Open>);

struct Open {
    origin: String,
    abort: Abort,
    /// None when it is on its way.
    waiting: Option<Call>,
}

impl Questions {
    /// Takes a question that is to be sent when there is room.
    pub fn add(&mut self, number: u32, call: Call, abort: Abort) {
        self.0.insert(number, Open { origin: call.origin(), abort, waiting: Some(call) });
    }

    /// Drops a question, and aborts it if it is on its way: its origin. None where it is not there any more.
    pub fn remove(&mut self, number: u32) -> Option<String> {
        self.0.remove(&number).map(|open| open.origin)
    }

    /// How many there are for `origin`, and how many of them are on their way.
    pub fn count(&self, origin: &str) -> (usize, usize) {
        let there = || self.0.values().filter(|open| open.origin == origin);
        (there().count(), there().filter(|open| open.waiting.is_none()).count())
    }

    /// The next question that may be sent, where `room` tells how many may be on their way to an origin.
    pub fn next(&mut self, room: impl Fn(&str) -> usize) -> Option<(u32, Call, Watch)> {
        let has_room = |open: &Open| self.count(&open.origin).1 < room(&open.origin);
        let next = self.0.iter().find(|(_, open)| open.waiting.is_some() && has_room(open));
        let number = next.map(|(number, _)| *number)?;
        let open = self.0.get_mut(&number)?;
        Some((number, open.waiting.take()?, open.abort.watch()))
    }
}
