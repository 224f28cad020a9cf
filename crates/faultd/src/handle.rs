//! The rules in force and the log, shared by the server and whoever steers it.

use crate::log::{Entry, Log};
use crate::rule::{Rule, When};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Sets rules and reads the log of a running server. Clones share both.
#[derive(Clone, Default)]
pub struct FaultHandle {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    rules: Vec<Rule>,
    log: Log,
    random: u64,
    ahead: Duration,
}

impl FaultHandle {
    /// Puts these rules in place of the ones before, and starts the random choices anew.
    pub fn set(&self, rules: Vec<Rule>) {
        let mut shared = self.lock();
        shared.rules = rules;
        shared.random = 0;
    }

    /// No more faults, and an empty log.
    pub fn clear(&self) {
        self.set(Vec::new());
        self.forget();
    }

    /// An empty log.
    pub fn forget(&self) {
        self.lock().log.clear();
    }

    /// The requests that arrived since the log was cleared.
    pub fn requests(&self) -> Vec<Entry> {
        self.lock().log.entries().cloned().collect()
    }

    /// How many of them match.
    pub fn count(&self, when: &When) -> usize {
        self.requests().iter().filter(|entry| when.matches(&entry.path, &entry.query, &entry.body)).count()
    }

    /// From now on answers are dated later by `more` than before.
    pub fn put_clock_ahead(&self, more: Duration) {
        let mut shared = self.lock();
        shared.ahead = shared.ahead.saturating_add(more);
    }

    /// What answers say the time is; none where it is the time.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        let ahead = self.lock().ahead;
        (!ahead.is_zero()).then(|| SystemTime::now() + ahead)
    }

    /// How many are not wholly answered yet.
    pub fn in_flight(&self) -> usize {
        self.lock().log.in_flight()
    }

    /// The most matching ones that were in flight at a time since the log was cleared.
    pub fn max_in_flight(&self, when: &When) -> usize {
        self.lock().log.max_in_flight(|entry| when.matches(&entry.path, &entry.query, &entry.body))
    }

    /// Notes a request; it is in flight until the value is dropped.
    pub(crate) fn begin(&self, entry: Entry) -> InFlight {
        let request = self.lock().log.begin(entry);
        InFlight { faults: self.clone(), request }
    }

    /// The rule for a request, if there is one and chance wants it.
    pub(crate) fn rule_for(&self, entry: &Entry) -> Option<Rule> {
        let mut shared = self.lock();
        let rule =
            shared.rules.iter().find(|rule| rule.when.matches(&entry.path, &entry.query, &entry.body)).cloned()?;
        (next_random(&mut shared.random) < rule.chance).then_some(rule)
    }

    /// A panic elsewhere leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered.
pub(crate) struct InFlight {
    faults: FaultHandle,
    request: u64,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.faults.lock().log.end(self.request);
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014), as a number from 0 to below 1.
fn next_random(state: &mut u64) -> f64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}
