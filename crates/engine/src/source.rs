//! Whether a data source can be asked.

use crate::retry::{self, Backoff, Jitter};
use crate::schedule::Landed;
use crate::{ErrorCard, FetchId};
use frame::{Millis, SortedSet};
use promapi::{ErrorKind, FetchError};

/// The state of one data source. Trouble of the whole source is met once, not once per panel.
#[derive(Debug, Default)]
pub(crate) struct Health {
    state: State,
    /// The last fetch that was sent before the source last answered one.
    heard_after: Option<FetchId>,
    /// The queries that a proxy gave up on while others were answered. That of them says nothing of the source.
    to_blame: SortedSet<String>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Up,
    /// Nothing is sent before `until`, and then one fetch at a time until one succeeds.
    Down {
        error: ErrorCard,
        until: Millis,
        backoff: Backoff,
        /// The query that failed last.
        expr: String,
    },
    /// Nothing is sent until the user asks.
    SignedOut { error: ErrorCard },
}

/// What a failed fetch says about its source.
pub(crate) enum Verdict {
    /// Nothing: the query failed.
    QueryFailed,
    /// No other query would do better now.
    SourceFailed { error: ErrorCard, retry_at: Option<Millis> },
}

impl Health {
    /// It answered `expr`, when `latest` was the last fetch that was sent. What was wrong with it until then.
    pub fn answer(&mut self, expr: &str, latest: FetchId) -> Option<ErrorCard> {
        self.heard_after = Some(latest);
        self.to_blame.remove(expr);
        match std::mem::take(&mut self.state) {
            State::Up => None,
            State::Down { error, expr: failed, .. } => {
                if failed != expr {
                    self.to_blame.insert(failed);
                }
                Some(error)
            }
            State::SignedOut { error } => Some(error),
        }
    }

    /// A fetch failed.
    ///
    /// `refreshes`: whether the page asks again by itself anyway.
    pub fn fail(
        &mut self,
        landed: &Landed,
        failure: &FetchError,
        now: Millis,
        refreshes: bool,
        jitter: &mut Jitter,
    ) -> Verdict {
        let error = ErrorCard::from(failure);
        match failure {
            FetchError::SignIn { .. } | FetchError::SentElsewhere => {
                self.state = State::SignedOut { error: error.clone() };
                return Verdict::SourceFailed { error, retry_at: None };
            }
            _ if self.blames(landed, failure) => return Verdict::QueryFailed,
            _ if failure.is_of_all_requests() => {}
            FetchError::TimedOut { .. } | FetchError::Aborted => return Verdict::QueryFailed,
            // Whoever complains about the query is there.
            _ => {
                self.state = State::Up;
                return Verdict::QueryFailed;
            }
        }
        let retry_after_secs = failure.retry_after_secs();
        let (until, backoff) = match &mut self.state {
            // Sent before the source went down: the same trouble, but it may say more of how long that lasts.
            State::Down { until, backoff, .. } if now < *until => {
                let asked = retry_after_secs.map_or(now, |secs| retry::after(now, secs));
                (asked.max(*until), *backoff)
            }
            State::Down { backoff, .. } => (backoff.fail(now, retry_after_secs, jitter), *backoff),
            State::Up | State::SignedOut { .. } => {
                let mut backoff = Backoff::default();
                (backoff.fail(now, retry_after_secs, jitter), backoff)
            }
        };
        self.state = State::Down { error: error.clone(), until, backoff, expr: landed.errand.sent.expr.clone() };
        Verdict::SourceFailed { error, retry_at: backoff.limited(until, refreshes) }
    }

    /// Whether a failure that looks like one of the whole source is the query's: others were answered since it was sent, or
    /// when it failed before. A limit on requests is met by all.
    fn blames(&mut self, landed: &Landed, failure: &FetchError) -> bool {
        if !failure.is_of_all_requests() || failure.kind() == ErrorKind::Throttled {
            return false;
        }
        let expr = &landed.errand.sent.expr;
        if self.heard_after.is_some_and(|latest| landed.fetch <= latest) {
            self.to_blame.insert(expr.clone());
        }
        self.to_blame.contains(expr)
    }

    /// Why nothing can be sent at `now`, and when that may change.
    pub fn refusal(&self, now: Millis, refreshes: bool) -> Option<(&ErrorCard, Option<Millis>)> {
        match &self.state {
            State::Down { error, until, backoff, .. } if now < *until => {
                Some((error, backoff.limited(*until, refreshes)))
            }
            State::SignedOut { error } => Some((error, None)),
            State::Up | State::Down { .. } => None,
        }
    }

    /// What is wrong with it.
    pub fn trouble(&self) -> Option<&ErrorCard> {
        match &self.state {
            State::Up => None,
            State::Down { error, .. } | State::SignedOut { error } => Some(error),
        }
    }

    pub fn clock_was_set_back(&mut self, by: i64) {
        if let State::Down { until, .. } = &mut self.state {
            *until = until.plus(-by);
        }
    }

    /// Whether it went down with this query last: another one tells more of it.
    pub fn went_down_with(&self, query: &str) -> bool {
        matches!(&self.state, State::Down { expr, .. } if expr == query)
    }

    /// How many fetches may be in flight.
    pub fn max_in_flight(&self, ordinarily: usize) -> usize {
        if matches!(self.state, State::Up) { ordinarily } else { 1 }
    }
}
