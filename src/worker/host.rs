//! Drives the sans-IO engine: carries what it asks for to the network, the clock and the page, and brings back what
//! comes of it.

use crate::browser::{clock, zones::BrowserZones};
use crate::protocol::{Endpoint, FetchReport, Phase, PictureHead, Question, Reply, ToPage, ToWorker, Values};
use crate::worker::{ask, fetch};
use engine::{Data, Engine, Fetch, FetchId, Input, Output, PanelId, PanelState};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's whole state, shared by its callbacks.
#[derive(Clone)]
pub struct Host(Rc<Inner>);

struct Inner {
    scope: DedicatedWorkerGlobalScope,
    state: RefCell<State>,
}

struct State {
    engine: Engine,
    sources: Vec<Endpoint>,
    alertmanagers: Vec<Endpoint>,
    fetches: HashMap<FetchId, fetch::Abort>,
    questions: HashMap<u32, fetch::Abort>,
    wake: Option<clock::Timeout>,
}

impl Host {
    /// A host that has not been configured yet.
    pub fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let state = State {
            engine: Engine::new(engine::Settings::default(), Rc::new(BrowserZones)),
            sources: Vec::new(),
            alertmanagers: Vec::new(),
            fetches: HashMap::new(),
            questions: HashMap::new(),
            wake: None,
        };
        Self(Rc::new(Inner { scope, state: RefCell::new(state) }))
    }

    /// Does what the page says.
    pub fn handle(&self, message: ToWorker) {
        match message {
            ToWorker::Configure { sources, alertmanagers, settings, seed } => {
                let settings = engine::Settings { sources: settings, seed, ..engine::Settings::default() };
                let mut state = self.0.state.borrow_mut();
                state.engine = Engine::new(settings, Rc::new(BrowserZones));
                state.sources = sources;
                state.alertmanagers = alertmanagers;
            }
            ToWorker::Show(view) => self.feed(Input::Show(view)),
            ToWorker::Place(panel, placement) => self.feed(Input::Place(panel, placement)),
            ToWorker::PixelRatio(ratio) => self.feed(Input::PixelRatio(ratio)),
            ToWorker::Refresh => self.feed(Input::Refresh),
            ToWorker::Retry(panel) => self.feed(Input::Retry(panel)),
            ToWorker::Hidden(hidden) => self.feed(Input::Hidden(hidden)),
            ToWorker::Ask(number, question) => self.ask(number, question),
            ToWorker::Forget(number) => drop(self.0.state.borrow_mut().questions.remove(&number)),
        }
    }

    /// One input into the engine, and all it leads to.
    fn feed(&self, input: Input) {
        self.0.state.borrow_mut().engine.handle_input(input, clock::now());
        loop {
            let output = self.0.state.borrow_mut().engine.poll_output();
            match output {
                None => return,
                Some(Output::Fetch(fetch)) => self.fetch(fetch),
                Some(Output::Abort(id)) => drop(self.0.state.borrow_mut().fetches.remove(&id)),
                Some(Output::Publish(panel)) => self.publish(&panel),
                Some(Output::WakeAt(at)) => self.wake_at(at),
                Some(Output::Range(range)) => self.post(&ToPage::Range(range)),
            }
        }
    }

    fn wake_at(&self, at: frame::Millis) {
        let host = self.clone();
        let timeout = clock::Timeout::new(at.since(clock::now()), move || host.feed(Input::Wake));
        self.0.state.borrow_mut().wake = Some(timeout);
    }

    fn fetch(&self, fetch: Fetch) {
        let base = self.0.state.borrow().sources.iter().find(|source| source.uid == fetch.source).map(api_base);
        let abort = fetch::Abort::after(fetch.timeout_millis);
        let (Some(base), Some(abort)) = (base, abort) else {
            let outcome = Err(ask::unknown(&fetch.source));
            // Not from within the engine's own output loop: the answer comes a tick later, like any other.
            let host = self.clone();
            spawn_local(async move { host.feed(Input::Fetched { id: fetch.id, outcome, took_millis: 0 }) });
            return;
        };
        let watch = abort.watch();
        self.0.state.borrow_mut().fetches.insert(fetch.id, abort);
        let host = self.clone();
        spawn_local(async move {
            let decoder = promapi::Decoder::new(fetch.expect, fetch.budget);
            let outcome = fetch::query(&base, &fetch.request, decoder, &watch).await;
            host.fetched(fetch.id, outcome);
        });
    }

    fn fetched(&self, id: FetchId, outcome: fetch::Outcome) {
        if self.0.state.borrow_mut().fetches.remove(&id).is_none() {
            // Aborted in the meantime: what has come of it is of no interest to anybody.
            return;
        }
        if let Ok(answer) = &outcome.result {
            let report = FetchReport {
                panels: self.0.state.borrow().engine.panels_of(id),
                query_millis: outcome.query_millis,
                decode_millis: outcome.decode_millis,
                bytes: answer.bytes,
                series: answer.series,
                samples: answer.samples,
            };
            self.post(&ToPage::Fetched(report));
        }
        self.feed(Input::Fetched { id, outcome: outcome.result, took_millis: outcome.query_millis as i64 });
    }

    fn publish(&self, panel: &PanelId) {
        let state = self.0.state.borrow();
        let Some(current) = state.engine.panel(panel) else { return };
        let phase = match current {
            PanelState::Idle => Phase::Idle,
            PanelState::Loading { .. } => Phase::Loading,
            PanelState::Ready { .. } => Phase::Ready,
            PanelState::Failed { error, retry_at, .. } => Phase::Failed { error: error.clone(), retry_at: *retry_at },
        };
        let started = clock::ticks();
        let picture = state.engine.picture(panel);
        let reduce_millis = clock::ticks() - started;
        let (samples, notices) = current.data().map_or((0, Vec::new()), |data| (data.samples, notices(data)));
        drop(state);
        let Some(picture) = picture else { return self.post(&ToPage::Panel(panel.clone(), phase, None)) };
        let head = PictureHead {
            range: picture.range,
            step: picture.step,
            series: picture.series,
            offsets: picture.columns.offsets,
            samples,
            notices,
            reduce_millis,
        };
        let times = js_sys::Float64Array::from(picture.columns.times.as_slice());
        let values = js_sys::Float64Array::from(picture.columns.values.as_slice());
        self.post_with(&ToPage::Panel(panel.clone(), phase, Some(head)), &[times, values]);
    }

    fn ask(&self, number: u32, question: Question) {
        if let Question::Values(panel, at) = &question {
            let values = self.0.state.borrow().engine.values_at(panel, *at);
            let values = values.map(|probe| Values { at: probe.at, values: probe.values });
            return self.post(&ToPage::Answer(number, Ok(Reply::Values(values))));
        }
        let Some(abort) = fetch::Abort::after(ask::TIMEOUT_MILLIS) else { return };
        let watch = abort.watch();
        let (sources, alertmanagers) = {
            let mut state = self.0.state.borrow_mut();
            state.questions.insert(number, abort);
            (state.sources.clone(), state.alertmanagers.clone())
        };
        let host = self.clone();
        spawn_local(async move {
            let reply = ask::answer(question, &sources, &alertmanagers, &watch).await;
            if host.0.state.borrow_mut().questions.remove(&number).is_some() {
                host.post(&ToPage::Answer(number, reply));
            }
        });
    }

    fn post(&self, message: &ToPage) {
        self.post_with(message, &[]);
    }

    /// Posts `message`, handing over the memory of `columns`.
    fn post_with(&self, message: &ToPage, columns: &[js_sys::Float64Array]) {
        let text = match serde_json::to_string(message) {
            Ok(text) => text,
            Err(error) => return crate::browser::panic::in_worker_failed(&error.to_string()),
        };
        let parts = js_sys::Array::of1(&text.into());
        let transfer = js_sys::Array::new();
        for column in columns {
            parts.push(column);
            transfer.push(&column.buffer());
        }
        // Fails only for what cannot be cloned, and texts and fresh arrays can.
        let _ = self.0.scope.post_message_with_transfer(&JsValue::from(parts), &transfer);
    }
}

/// All there is to say about `data` beside its values.
fn notices(data: &Data) -> Vec<String> {
    let cut = data.truncated.map(|cut| {
        format!("Only the first {} of at least {} series are shown: narrow the query.", cut.shown, cut.seen)
    });
    let said = data.notices.warnings.iter().chain(&data.notices.infos).cloned();
    cut.into_iter().chain(said).collect()
}

/// Where a data source's API begins.
pub fn api_base(endpoint: &Endpoint) -> String {
    format!("{}/api/v1", endpoint.url)
}
