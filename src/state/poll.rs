//! A question that is asked again every so often, for as long as a page is open.

use crate::browser::clock::Timeout;
use crate::dom::on_leave;
use crate::protocol::{Question, Reply};
use crate::state::session::Session;
use borsh::BorshDeserialize;
use engine::ErrorCard;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// How often a page asks again while it is open.
const REFRESH_MILLIS: i64 = 15_000;

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

/// Asks `question`, whose answer comes encoded, now and every so often, until the page is left.
pub fn poll<T: BorshDeserialize + Send + Sync>(session: Session, question: Question) -> Polled<T> {
    let polled = Polled { last: RwSignal::new(None), error: RwSignal::new(None) };
    let timer = Rc::default();
    ask_again(session, question, polled, &timer);
    // The timer holds itself through what it calls.
    on_leave(move || drop(timer.take()));
    polled
}

fn ask_again<T: BorshDeserialize + Send + Sync>(
    session: Session,
    question: Question,
    polled: Polled<T>,
    timer: &Rc<RefCell<Option<Timeout>>>,
) {
    let timer = timer.clone();
    leptos::task::spawn_local(async move {
        let (last, error) = match session.ask(question.clone()).await {
            Ok(Reply::Encoded(bytes)) => (borsh::from_slice(&bytes).ok(), None),
            Ok(_) => (None, None),
            Err(error) => (None, Some(error)),
        };
        // The page may be gone by now, and its signals with it.
        let Some(known) = polled.error.try_get_untracked() else { return };
        // An error that goes on is not announced anew.
        if known != error {
            polled.error.set(error);
        }
        if last.is_some() {
            polled.last.set(last);
        }
        let again = {
            let timer = timer.clone();
            move || ask_again(session, question, polled, &timer)
        };
        timer.replace(Some(Timeout::new(REFRESH_MILLIS, again)));
    });
}
