//! The page's end of the line to the worker.

use crate::browser::panic;
use crate::protocol::{self, Question, Reply, ToPage, ToWorker};
use engine::ErrorCard;
use frame::SortedMap;
use futures_channel::oneshot;
use js_sys::{Array, Float64Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker};

/// What the worker sent, with the columns of a picture where one came along.
pub struct Arrival {
    pub message: ToPage,
    pub times: Vec<f64>,
    pub values: Vec<f64>,
}

type Replies = RefCell<SortedMap<u32, oneshot::Sender<Result<Reply, ErrorCard>>>>;

/// The worker, as the page talks to it.
pub struct WorkerClient {
    worker: Worker,
    waiting: Rc<Replies>,
    next_question: Cell<u32>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl WorkerClient {
    /// Takes over `worker`; everything but replies goes to `on_arrival`.
    pub fn new(worker: Worker, on_arrival: impl Fn(Arrival) + 'static) -> Self {
        let waiting = Rc::<Replies>::default();
        let replies = waiting.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let data = event.data();
            match parse_arrival(&data) {
                Some(Arrival { message: ToPage::Answer(number, reply), .. }) => {
                    if let Some(waiting) = replies.borrow_mut().remove(&number) {
                        // Whoever asked may be gone by now.
                        let _ = waiting.send(reply);
                    }
                }
                Some(arrival) => on_arrival(arrival),
                None => report_panic(&data),
            }
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Self { worker, waiting, next_question: Cell::new(0), _on_message: on_message }
    }

    /// Sends `message`.
    pub fn send(&self, message: &ToWorker) {
        match protocol::encode(message) {
            Ok(bytes) => {
                // Posting bytes fails only for a worker that is gone, which the panic screen has said already.
                let _ = self.worker.post_message_with_transfer(&bytes, &Array::of1(&bytes.buffer()));
            }
            Err(error) => panic::show(&format!("a message to the worker could not be written: {error}")),
        }
    }

    /// Asks and waits. Dropping the future forgets the question.
    pub async fn ask(&self, question: Question) -> Result<Reply, ErrorCard> {
        let number = self.next_question.get();
        self.next_question.set(number.wrapping_add(1));
        let (sender, receiver) = oneshot::channel();
        self.waiting.borrow_mut().insert(number, sender);
        let _asked = Asked { client: self, number };
        self.send(&ToWorker::Ask(number, question));
        receiver.await.unwrap_or_else(|_| Err(stopped()))
    }
}

/// A question that somebody waits for.
struct Asked<'a> {
    client: &'a WorkerClient,
    number: u32,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if self.client.waiting.borrow_mut().remove(&self.number).is_some() {
            self.client.send(&ToWorker::Forget(self.number));
        }
    }
}

/// For whoever still waits when the worker is gone; the panic screen has said why.
fn stopped() -> ErrorCard {
    ErrorCard::from(&promapi::FetchError::Aborted)
}

/// `[message]` or `[message, times, values]`; none for anything else.
fn parse_arrival(data: &JsValue) -> Option<Arrival> {
    let parts: &Array = data.dyn_ref()?;
    let message = protocol::decode(&parts.get(0))?;
    let column = |index| parts.get(index).dyn_into::<Float64Array>().map(|array| array.to_vec()).unwrap_or_default();
    Some(Arrival { message, times: column(1), values: column(2) })
}

fn report_panic(data: &JsValue) {
    let text = js_sys::Reflect::get(data, &panic::PANIC_KEY.into()).ok().and_then(|value| value.as_string());
    panic::show(&text.unwrap_or_else(|| "the worker sent a message that the page does not understand".to_owned()));
}
