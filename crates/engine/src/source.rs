//! Whether a data source can be asked.

use crate::ErrorCard;
use crate::retry::{Backoff, Jitter};
use frame::Millis;
use promapi::FetchError;

/// The state of one data source. Trouble of the whole source is met once, not once per panel.
#[derive(Debug, Default)]
pub(crate) enum Health {
    #[default]
    Up,
    /// Nothing is sent before `until`, and then one fetch at a time until one succeeds.
    Down { error: ErrorCard, until: Millis, backoff: Backoff },
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
    /// A fetch failed.
    ///
    /// `refreshes`: whether the page asks again by itself anyway.
    pub fn fail(&mut self, failure: &FetchError, now: Millis, refreshes: bool, jitter: &mut Jitter) -> Verdict {
        let error = ErrorCard::from(failure);
        match failure {
            FetchError::SignIn { .. } | FetchError::SentElsewhere => {
                *self = Self::SignedOut { error: error.clone() };
                return Verdict::SourceFailed { error, retry_at: None };
            }
            _ if failure.is_of_all_requests() => {}
            FetchError::TimedOut { .. } | FetchError::Aborted => return Verdict::QueryFailed,
            // Whoever complains about the query is there.
            _ => {
                *self = Self::Up;
                return Verdict::QueryFailed;
            }
        }
        let retry_after_secs = failure.retry_after_secs();
        let (until, backoff) = match self {
            // Sent before the source went down: the same trouble.
            Self::Down { until, backoff, .. } if now < *until => (*until, *backoff),
            Self::Down { backoff, .. } => (backoff.fail(now, retry_after_secs, jitter), *backoff),
            Self::Up | Self::SignedOut { .. } => {
                let mut backoff = Backoff::default();
                (backoff.fail(now, retry_after_secs, jitter), backoff)
            }
        };
        *self = Self::Down { error: error.clone(), until, backoff };
        Verdict::SourceFailed { error, retry_at: backoff.limited(until, refreshes) }
    }

    /// Why nothing can be sent at `now`, and when that may change.
    pub fn refusal(&self, now: Millis, refreshes: bool) -> Option<(&ErrorCard, Option<Millis>)> {
        match self {
            Self::Down { error, until, backoff } if now < *until => Some((error, backoff.limited(*until, refreshes))),
            Self::SignedOut { error } => Some((error, None)),
            Self::Up | Self::Down { .. } => None,
        }
    }

    /// What is wrong with it.
    pub fn trouble(&self) -> Option<&ErrorCard> {
        match self {
            Self::Up => None,
            Self::Down { error, .. } | Self::SignedOut { error } => Some(error),
        }
    }

    /// How many fetches may be in flight.
    pub fn max_in_flight(&self, ordinarily: usize) -> usize {
        if matches!(self, Self::Up) { ordinarily } else { 1 }
    }
}
