//! The page's end of the line to the worker.

use crate::browser::clock::{self, Pauses};
use crate::browser::panic;
use crate::protocol::{self, Question, Reply, ToPage, ToWorker};
use engine::{ErrorCard, PanelId};
use frame::SortedMap;
use futures_channel::oneshot;
use js_sys::{Array, Float64Array, Promise, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{MessageEvent, Worker};

/// What the worker sent, with the columns of a picture where one came along.
pub struct Arrival {
    pub message: ToPage,
    pub times: Vec<f64>,
    pub values: Vec<f64>,
}

type Replies = RefCell<SortedMap<u32, oneshot::Sender<Result<Reply, ErrorCard>>>>;

/// The worker, as the page talks to it. One that has died, or grown too large, is replaced by another, which is told what
/// the one before knew of the page.
pub struct WorkerClient(Rc<Line>);

struct Line {
    /// None while another one starts.
    worker: RefCell<Option<Worker>>,
    waiting: Replies,
    next_question: Cell<u32>,
    /// What another worker has to be told.
    standing: RefCell<SortedMap<Standing, Uint8Array>>,
    /// What is for the worker that starts now.
    later: RefCell<Vec<Uint8Array>>,
    /// When workers ended lately.
    ends: RefCell<Vec<f64>>,
    /// Whether another one is on its way to take the place of one that goes on until then.
    is_exchanging: Cell<bool>,
    on_arrival: Box<dyn Fn(Arrival)>,
}

/// What a worker has to know of the page, in this order. What was said last of each counts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Configure,
    PixelRatio,
    Hidden,
    Statistics,
    Show,
    Place(PanelId),
    Near(PanelId),
}

impl Standing {
    fn of(message: &ToWorker) -> Option<Self> {
        match message {
            ToWorker::Configure { .. } => Some(Self::Configure),
            ToWorker::PixelRatio(_) => Some(Self::PixelRatio),
            ToWorker::Hidden(_) => Some(Self::Hidden),
            ToWorker::Show(_) => Some(Self::Show),
            ToWorker::Statistics(_) => Some(Self::Statistics),
            ToWorker::Place(panel, _) => Some(Self::Place(panel.clone())),
            ToWorker::Near(panel, _) => Some(Self::Near(panel.clone())),
            ToWorker::Refresh | ToWorker::Retry(_) | ToWorker::Ask(..) | ToWorker::Forget(_) => None,
        }
    }
}

/// A worker that ends more often than so within [`SPAN_MILLIS`] is not replaced any more.
const MOST_ENDS: usize = 3;
const SPAN_MILLIS: f64 = 60_000.0;
/// One that cannot be started is tried again so often.
const MOST_STARTS: u32 = 5;

#[wasm_bindgen]
extern "C" {
    /// Starts another worker (`boot.js`).
    #[wasm_bindgen(js_name = pyrographWorker)]
    fn another_worker() -> Promise;
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn warn(text: &str);
}

impl WorkerClient {
    /// Takes over `worker`; everything but replies goes to `on_arrival`.
    pub fn new(worker: Worker, on_arrival: impl Fn(Arrival) + 'static) -> Self {
        let line = Rc::new(Line {
            worker: RefCell::default(),
            waiting: Replies::default(),
            next_question: Cell::new(0),
            standing: RefCell::default(),
            later: RefCell::default(),
            ends: RefCell::default(),
            is_exchanging: Cell::new(false),
            on_arrival: Box::new(on_arrival),
        });
        line.take_over(worker);
        Self(line)
    }

    /// Sends `message`.
    pub fn send(&self, message: &ToWorker) {
        let bytes = match protocol::encode(message) {
            Ok(bytes) => bytes,
            Err(error) => return panic::show(&format!("a message to the worker could not be written: {error}")),
        };
        let line = &self.0;
        if matches!(message, ToWorker::Show(view) if view.panels.is_empty()) {
            line.standing
                .borrow_mut()
                .retain(|standing, _| !matches!(standing, Standing::Place(_) | Standing::Near(_)));
        }
        let standing = Standing::of(message);
        let is_standing = standing.is_some();
        if let Some(standing) = standing {
            line.standing.borrow_mut().insert(standing, bytes.slice(0, bytes.length()));
        }
        match &*line.worker.borrow() {
            Some(worker) => post(worker, &bytes),
            None if is_standing => {}
            None => line.later.borrow_mut().push(bytes),
        }
    }

    /// Asks and waits. Dropping the future forgets the question.
    pub async fn ask(&self, question: Question) -> Result<Reply, ErrorCard> {
        let number = self.0.next_question.get();
        self.0.next_question.set(number.wrapping_add(1));
        let (sender, receiver) = oneshot::channel();
        self.0.waiting.borrow_mut().insert(number, sender);
        let _asked = Asked { client: self, number };
        self.send(&ToWorker::Ask(number, question));
        receiver.await.unwrap_or_else(|_| Err(stopped()))
    }
}

impl Line {
    /// Listens to `worker` and tells it what the page is.
    fn take_over(self: &Rc<Self>, worker: Worker) {
        let line = self.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| line.hear(&event.data()));
        worker.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
        let line = self.clone();
        let on_error = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            line.replace(&text_at(&event, "message").unwrap_or_default());
        });
        worker.set_onerror(Some(on_error.into_js_value().unchecked_ref()));
        self.standing.borrow().iter().for_each(|(_, bytes)| post(&worker, &bytes.slice(0, bytes.length())));
        self.later.take().iter().for_each(|bytes| post(&worker, bytes));
        self.worker.replace(Some(worker));
    }

    fn hear(self: &Rc<Self>, data: &JsValue) {
        match parse_arrival(data) {
            Some(Arrival { message: ToPage::Answer(number, reply), .. }) => {
                if let Some(waiting) = self.waiting.borrow_mut().remove(&number) {
                    // Whoever asked may be gone by now.
                    let _ = waiting.send(reply);
                }
            }
            // Another one would soon be as large: then it is what the page needs.
            Some(Arrival { message: ToPage::Outgrown, .. }) if self.ended_lately() > 0 => {}
            Some(Arrival { message: ToPage::Outgrown, .. }) => self.exchange(),
            Some(arrival) => (self.on_arrival)(arrival),
            None => {
                self.replace(&text_at(data, panic::PANIC_KEY).unwrap_or_else(|| "it cannot be understood".to_owned()))
            }
        }
    }

    fn ended_lately(&self) -> usize {
        let now = clock::ticks();
        self.ends.borrow_mut().retain(|end| now - end < SPAN_MILLIS);
        self.ends.borrow().len()
    }

    /// Ends the worker, which cannot go on for the reason `why`, and starts another one. What the page shows stays until
    /// that has something newer.
    fn replace(self: &Rc<Self>, why: &str) {
        if !self.end() {
            return;
        }
        if self.ended_lately() > MOST_ENDS {
            return panic::show(&format!("The worker that fetches data ended again and again: {why}"));
        }
        warn(&format!("The worker is replaced: {why}"));
        let line = self.clone();
        spawn_local(async move {
            let mut pauses = Pauses::default();
            loop {
                match start_another().await {
                    Ok(worker) => return line.take_over(worker),
                    Err(error) if pauses.failures() == MOST_STARTS => {
                        return panic::show(&text_at(&error, "message").unwrap_or_default());
                    }
                    // The server of its files may be just as unwell.
                    Err(_) => pauses.wait().await,
                }
            }
        });
    }

    /// Puts another worker in the place of one that has grown too large, once that is there: until then this one goes on.
    fn exchange(self: &Rc<Self>) {
        if self.is_exchanging.replace(true) {
            return;
        }
        let line = self.clone();
        spawn_local(async move {
            let started = start_another().await;
            line.is_exchanging.set(false);
            match started {
                Ok(worker) if line.end() => {
                    warn("The worker is replaced: it has outgrown its memory");
                    line.take_over(worker);
                }
                // It has died meanwhile, and is replaced already.
                Ok(worker) => worker.terminate(),
                Err(_) => warn("The worker has outgrown its memory, and no other one could be started"),
            }
        });
    }

    /// Ends the worker; whoever waits for an answer hears that it was given up. False where there is none.
    fn end(&self) -> bool {
        let Some(worker) = self.worker.take() else { return false };
        worker.set_onmessage(None);
        worker.set_onerror(None);
        worker.terminate();
        self.ends.borrow_mut().push(clock::ticks());
        drop(self.waiting.take());
        true
    }
}

async fn start_another() -> Result<Worker, JsValue> {
    JsFuture::from(another_worker()).await?.dyn_into()
}

fn post(worker: &Worker, bytes: &Uint8Array) {
    // Posting bytes fails only for a worker that is gone; another one is told anew.
    let _ = worker.post_message_with_transfer(bytes, &Array::of1(&bytes.buffer()));
}

fn text_at(value: &JsValue, key: &str) -> Option<String> {
    js_sys::Reflect::get(value, &key.into()).ok()?.as_string()
}

/// A question that somebody waits for.
struct Asked<'a> {
    client: &'a WorkerClient,
    number: u32,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if self.client.0.waiting.borrow_mut().remove(&self.number).is_some() {
            self.client.send(&ToWorker::Forget(self.number));
        }
    }
}

/// For whoever still waits when the worker is gone.
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
