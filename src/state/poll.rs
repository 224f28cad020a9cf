//! A question that is asked again every so often, for as long as a page is open.

use crate::browser::clock;
use crate::browser::observe::is_hidden;
use crate::dom::{RwSignal, spawn};
use crate::protocol::{Question, Reply};
use crate::state::session::Session;
use borsh::BorshDeserialize;
use engine::ErrorCard;

/// How often a page asks again while it is open.
const REFRESH_MILLIS: i64 = 15_000;

/// An answer that takes long costs the server much: so many times as long it is left alone then.
const PAUSES: i64 = 20;

/// How often it is looked whether a hidden tab is shown again.
const HIDDEN_MILLIS: i64 = 1_000;

/// The last good answer, which stays while the next one is on its way and while that fails.
pub struct Polled<T: Send + Sync + 'static> {
    pub last: RwSignal<Option<T>>,
    pub error: RwSignal<Option<ErrorCard>>,
}

impl<T: Send + Sync> Clone for Polled<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Polled<T> {}

/// Asks `question`, whose answer comes encoded, now and every so often, until the page is left: then it is not waited for
/// any more. A hidden tab asks for nothing.
pub fn poll<T: BorshDeserialize + Send + Sync>(session: Session, question: Question) -> Polled<T> {
    let polled = Polled { last: RwSignal::new(None), error: RwSignal::new(None) };
    spawn(async move {
        loop {
            let started = clock::ticks();
            let answer = session.ask(question.clone()).await;
            let took_millis = clock::ticks() - started;
            polled.take_in(answer);
            clock::sleep(REFRESH_MILLIS.max(took_millis as i64 * PAUSES)).await;
            while is_hidden() {
                clock::sleep(HIDDEN_MILLIS).await;
            }
        }
    });
    polled
}

impl<T: BorshDeserialize + Send + Sync> Polled<T> {
    fn take_in(self, answer: Result<Reply, ErrorCard>) {
        let (last, error) = match answer {
            Ok(Reply::Encoded(bytes)) => (borsh::from_slice(&bytes).ok(), None),
            Ok(_) => (None, None),
            Err(error) => (None, Some(error)),
        };
        // An error that goes on is not announced anew.
        if self.error.with_untracked(|known| *known != error) {
            self.error.set(error);
        }
        if last.is_some() {
            self.last.set(last);
        }
    }
}
