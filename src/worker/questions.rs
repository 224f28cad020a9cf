//! The questions of the page that have no answer yet. They share a server's connections with its queries, so some wait.

use crate::worker::ask::{Call, TIMEOUT_MILLIS};
use crate::worker::fetch::{Abort, Watch};
use frame::SortedMap;
use promapi::FetchError;

/// By their numbers: who asked first comes first.
#[derive(Default)]
pub struct Questions(SortedMap<u32, Open>);

struct Open {
    origin: String,
    progress: Progress,
}

enum Progress {
    Waiting(Call),
    OnItsWay {
        /// Ends it when it is dropped. None where it could not be sent.
        _abort: Option<Abort>,
    },
}

impl Open {
    fn is_waiting(&self) -> bool {
        matches!(self.progress, Progress::Waiting(_))
    }
}

/// A question that may be sent now.
pub struct Next {
    pub number: u32,
    pub call: Call,
    pub watch: Watch,
}

impl Questions {
    /// Takes a question that is to be sent when there is room.
    pub fn add(&mut self, number: u32, call: Call) {
        self.0.insert(number, Open { origin: call.origin(), progress: Progress::Waiting(call) });
    }

    /// Drops a question, and aborts it if it is on its way: its origin. None where it is not there any more.
    pub fn remove(&mut self, number: u32) -> Option<String> {
        self.0.remove(&number).map(|open| open.origin)
    }

    /// How many there are for `origin`, and how many of them are on their way.
    pub fn count(&self, origin: &str) -> (usize, usize) {
        let there = || self.0.values().filter(|open| open.origin == origin);
        (there().count(), there().filter(|open| !open.is_waiting()).count())
    }

    /// The next question that may be sent, where `room` tells how many may be on their way to an origin. Its time begins
    /// now: it may have waited for long.
    ///
    /// # Errors
    ///
    /// Its number, and why it cannot be sent at all.
    pub fn next(&mut self, room: impl Fn(&str) -> usize) -> Option<Result<Next, (u32, FetchError)>> {
        let has_room = |open: &Open| self.count(&open.origin).1 < room(&open.origin);
        let next = self.0.iter().find(|(_, open)| open.is_waiting() && has_room(open));
        let number = next.map(|(number, _)| *number)?;
        let open = self.0.get_mut(&number)?;
        let sent = Progress::OnItsWay { _abort: None };
        let Progress::Waiting(call) = std::mem::replace(&mut open.progress, sent) else { return None };
        let abort = match Abort::after(TIMEOUT_MILLIS) {
            Ok(abort) => abort,
            Err(error) => return Some(Err((number, error))),
        };
        let watch = abort.watch();
        open.progress = Progress::OnItsWay { _abort: Some(abort) };
        Some(Ok(Next { number, call, watch }))
    }
}
