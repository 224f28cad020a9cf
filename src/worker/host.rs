//! Drives the sans-IO engine: carries what it asks for to the network, the clock and the page, and brings back what
//! comes of it.

use crate::browser::{clock, panic, url, zones::BrowserZones};
use crate::protocol::{self, FetchReport, Phase, PictureHead, Question, Reply, ServerCost, ToPage, ToWorker, Values};
use crate::worker::ask::{self, Servers};
use crate::worker::questions::{Next, Questions};
use crate::worker::{fetch, hops, report, shaping};
use engine::{Data, Engine, ErrorCard, Fetch, FetchId, Input, Output, PanelId, PanelState, Report};
use frame::{Millis, SortedMap};
use js_sys::{Array, ArrayBuffer, Float64Array, WebAssembly};
use promapi::FetchError;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
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
    servers: Servers,
    fetches: SortedMap<FetchId, fetch::Abort>,
    questions: Questions,
    /// How often it was looked up by which protocol a server is reached.
    hops: SortedMap<String, u8>,
    wake: Option<clock::Timeout>,
    /// Whether servers are asked what their answers cost them.
    statistics: bool,
    /// What waits for the first view to be there.
    later: Option<clock::Timeout>,
    /// Waits to fetch once more what puts filters into queries.
    filtering_again: Option<clock::Timeout>,
    shaper: shaping::Loading,
}

/// The browser may be a little late to tell, or never tell at all.
const MOST_HOP_LOOKS: u8 = 3;

/// Below this the worker's memory may be as it is. A page's whole budget takes a quarter of it.
const LARGE_BYTES: u32 = 768 << 20;

/// How long after the start the analysis of queries is loaded: before most refreshes, after the first load.
const ANALYSIS_AFTER_MILLIS: i64 = 4_000;

/// After so long a part is fetched again that could not be fetched.
const PART_AGAIN_MILLIS: i64 = 30_000;

#[wasm_split(analysis, fallible)]
fn analysis() -> Result<engine::Analyse, SplitLoaderError> {
    Ok(engine::analyse)
}

/// What puts the conditions of ad hoc variables into queries: loaded with the first dashboard that has such.
#[wasm_split(filters, fallible)]
fn filtering() -> Result<engine::AddFilters, SplitLoaderError> {
    Ok(engine::add_filters)
}

impl Host {
    /// A host that has not been configured yet.
    pub fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let state = State {
            engine: Engine::new(engine::Settings::default(), Rc::new(BrowserZones)),
            servers: Servers::default(),
            fetches: SortedMap::new(),
            questions: Questions::default(),
            hops: SortedMap::new(),
            wake: None,
            statistics: false,
            later: None,
            filtering_again: None,
            shaper: shaping::Loading::default(),
        };
        Self(Rc::new(Inner { scope, state: RefCell::new(state) }))
    }

    /// Does what the page says.
    pub fn handle(&self, message: ToWorker) {
        match message {
            ToWorker::Configure { sources, alertmanagers, settings, page_budget, check_merges, seed } => {
                let origins = sources.iter().filter_map(|source| Some((source.uid.clone(), url::origin(&source.url)?)));
                let origins = origins.collect();
                let settings = engine::Settings {
                    sources: settings,
                    origins,
                    page_budget,
                    check_merges,
                    seed,
                    ..engine::Settings::default()
                };
                let mut state = self.0.state.borrow_mut();
                state.engine = state.engine.succeeded_by(settings);
                state.fetches.clear();
                state.servers = Servers::new(sources, alertmanagers);
                state.shaper = shaping::Loading::default();
                drop(state);
                self.post(&ToPage::Begun);
                self.analyse_later(ANALYSIS_AFTER_MILLIS);
            }
            ToWorker::Show(view) => {
                let shapes = shaping::is_needed(&view);
                self.feed(Input::Show(view));
                self.load_filtering();
                if shapes {
                    self.load_shaper();
                }
            }
            ToWorker::Place(panel, placement) => self.feed(Input::Place(panel, placement)),
            ToWorker::Near(panel, near) => self.feed(Input::Near(panel, near)),
            ToWorker::PixelRatio(ratio) => self.feed(Input::PixelRatio(ratio)),
            ToWorker::Refresh => {
                self.feed(Input::Refresh);
                self.load_filtering();
            }
            ToWorker::Retry(panel) => {
                let shapes = self.0.state.borrow().engine.is_shaped(&panel);
                self.feed(Input::Retry(panel));
                if shapes {
                    self.load_shaper();
                }
            }
            ToWorker::Hidden(hidden) => self.feed(Input::Hidden(hidden)),
            ToWorker::Statistics(wanted) => self.0.state.borrow_mut().statistics = wanted,
            ToWorker::Ask(number, question) => self.ask(number, question),
            ToWorker::Forget(number) => drop(self.close(number)),
        }
    }

    /// What says how a query's answers may be kept is loaded when the first view is there: until then whatever is asked
    /// is fetched whole.
    fn analyse_later(&self, millis: i64) {
        let host = self.clone();
        let load = move || {
            spawn_local(async move {
                match analysis().await {
                    Ok(analyse) => host.0.state.borrow_mut().engine.set_analysis(analyse),
                    // Without it nothing is wrong, only more is fetched.
                    Err(_) => host.analyse_later(PART_AGAIN_MILLIS),
                }
            });
        };
        self.0.state.borrow_mut().later = Some(clock::Timeout::new(millis, load));
    }

    /// Fetches what puts filters into queries, if panels wait for it, until it is there.
    fn load_filtering(&self) {
        if !self.0.state.borrow().engine.wants_filtering() {
            return;
        }
        let host = self.clone();
        spawn_local(async move {
            let loaded = filtering().await;
            let trouble = loaded.is_err().then(missing_filtering);
            host.report(Report::Source { uid: "Filters".to_owned(), trouble });
            match loaded {
                Ok(add_filters) => {
                    host.0.state.borrow_mut().engine.set_filtering(add_filters);
                    // Panels waited for it.
                    host.feed(Input::Wake);
                }
                Err(_) => {
                    let again = host.clone();
                    let timeout = clock::Timeout::new(PART_AGAIN_MILLIS, move || again.load_filtering());
                    host.0.state.borrow_mut().filtering_again = Some(timeout);
                }
            }
        });
    }

    /// Fetches what shapes answers, where it is neither there nor on its way.
    fn load_shaper(&self) {
        let mut state = self.0.state.borrow_mut();
        if state.shaper == shaping::Loading::Unasked {
            state.shaper = shaping::Loading::OnItsWay;
            shaping::load(self.clone());
        }
    }

    /// Takes note that what shapes answers is there, or that it is to be fetched again.
    pub(super) fn shaper_loaded(&self, is_there: bool) {
        let loading = if is_there { shaping::Loading::Done } else { shaping::Loading::Unasked };
        self.0.state.borrow_mut().shaper = loading;
    }

    /// One input into the engine, and all it leads to.
    pub(super) fn feed(&self, input: Input) {
        self.0.state.borrow_mut().engine.handle_input(input, clock::now());
        loop {
            let output = self.0.state.borrow_mut().engine.poll_output();
            match output {
                None => break,
                Some(Output::Fetch(fetch)) => self.fetch(fetch),
                Some(Output::Abort(id)) => drop(self.0.state.borrow_mut().fetches.remove(&id)),
                Some(Output::Publish(panel)) => self.publish(&panel),
                Some(Output::WakeAt(at)) => self.wake_at(at),
                Some(Output::Range(range)) => self.post(&ToPage::Range(range)),
                Some(Output::Report(report)) => self.report(report),
            }
        }
        self.send_questions();
    }

    /// What belongs to no panel: for the user, or for who reads the console.
    fn report(&self, report: Report) {
        match report {
            Report::Source { uid, trouble } => self.post(&ToPage::Source { uid, trouble }),
            Report::Skew { millis } => self.post(&ToPage::Skew { millis }),
            Report::Mismatch { expr, what } => report::mismatch(&expr, &what),
        }
    }

    fn wake_at(&self, at: Millis) {
        let host = self.clone();
        let timeout = clock::Timeout::new(at.since(clock::now()), move || host.feed(Input::Wake));
        self.0.state.borrow_mut().wake = Some(timeout);
    }

    fn fetch(&self, fetch: Fetch) {
        let server = self.0.state.borrow().servers.source(&fetch.source);
        let begun = server.and_then(|server| Ok((server, fetch::Abort::after(fetch.timeout_millis)?)));
        let (server, abort) = match begun {
            Ok(begun) => begun,
            Err(error) => {
                // Not from within the engine's own output loop: the answer comes a tick later, like any other.
                let host = self.clone();
                spawn_local(
                    async move { host.feed(Input::Fetched { id: fetch.id, outcome: Err(error), took_millis: 0 }) },
                );
                return;
            }
        };
        let watch = abort.watch();
        let statistics = {
            let mut state = self.0.state.borrow_mut();
            state.fetches.insert(fetch.id, abort);
            state.statistics
        };
        let request = if statistics { fetch.request.with("stats", "all") } else { fetch.request };
        let host = self.clone();
        spawn_local(async move {
            let decoder = promapi::Decoder::new(fetch.expect, fetch.budget);
            let outcome = fetch::query(&server, request, decoder, &watch).await;
            let date = outcome.date;
            if host.turns_out_multiplexed(&server.base) {
                host.feed(Input::Multiplexed(fetch.source.clone()));
            }
            host.fetched(fetch.id, outcome);
            if let Some((date, sent_at)) = date {
                host.feed(Input::ServerDate { source: fetch.source, date, sent_at });
            }
        });
    }

    /// Whether it is known now, and was not before, that a server takes many requests over one connection.
    fn turns_out_multiplexed(&self, base: &str) -> bool {
        let mut state = self.0.state.borrow_mut();
        let looks = state.hops.get_or_default(base.to_owned());
        if *looks == MOST_HOP_LOOKS {
            return false;
        }
        *looks += 1;
        let told = hops::is_multiplexed(base);
        if told.is_some() {
            *looks = MOST_HOP_LOOKS;
        }
        told == Some(true)
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
                cost: ServerCost {
                    eval_micros: answer.eval_secs.map(|secs| (secs * 1e6) as u64),
                    read_samples: answer.queryable_samples,
                    peak_samples: answer.peak_samples,
                },
            };
            self.post(&ToPage::Fetched(report));
        }
        self.feed(Input::Fetched { id, outcome: outcome.result, took_millis: outcome.query_millis as i64 });
        self.tell_if_outgrown();
    }

    /// Memory of a Wasm module is never given back: after a very large answer only another worker is small again.
    fn tell_if_outgrown(&self) {
        let memory: WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
        let bytes = memory.buffer().unchecked_into::<ArrayBuffer>().byte_length();
        if bytes > LARGE_BYTES && self.0.state.borrow().engine.held_bytes() < u64::from(bytes / 4) {
            self.post(&ToPage::Outgrown);
        }
    }

    fn publish(&self, panel: &PanelId) {
        let mut state = self.0.state.borrow_mut();
        let started = clock::ticks();
        let picture = state.engine.new_picture(panel);
        let reduce_millis = clock::ticks() - started;
        let Some(current) = state.engine.panel(panel) else { return };
        let phase = match current {
            PanelState::Idle => Phase::Idle,
            PanelState::Loading { .. } => Phase::Loading,
            PanelState::Ready { .. } => Phase::Ready,
            PanelState::Failed { error, retry_at, .. } => Phase::Failed { error: error.clone(), retry_at: *retry_at },
        };
        let (samples, notices, failures) =
            current.data().map_or((0, Vec::new(), Vec::new()), |data| (data.samples, notices(data), failures(data)));
        let interval = current.data().map(|data| data.step);
        drop(state);
        let Some(picture) = picture else { return self.post(&ToPage::Panel(panel.clone(), phase, None)) };
        let columns = [picture.columns.times, picture.columns.values];
        let head = PictureHead {
            range: picture.range,
            step: picture.step,
            interval: interval.unwrap_or(picture.step),
            came_at: picture.came_at,
            series: picture.series,
            stacks: picture.stacks,
            offsets: picture.columns.offsets,
            samples,
            notices,
            failures,
            reduce_millis,
        };
        self.post_with(&ToPage::Panel(panel.clone(), phase, Some(head)), &columns);
    }

    fn ask(&self, number: u32, question: Question) {
        let call = {
            let servers = &self.0.state.borrow().servers;
            match question {
                Question::Values(panel, at) => return self.answer(number, Ok(Reply::Values(self.values(&panel, at)))),
                Question::Table(panel, wish) => {
                    let page = self.0.state.borrow().engine.table(&panel, &wish);
                    return self.answer(number, Ok(Reply::Encoded(page.unwrap_or_default())));
                }
                Question::RulePage { source, wish } => {
                    let host = self.clone();
                    return spawn_local(async move { host.answer(number, ask::rule_page(source, wish).await) });
                }
                Question::Exemplars(panel, ref_ids) => {
                    let query = self.0.state.borrow().engine.exemplar_query(&panel, &ref_ids);
                    match query {
                        Some(query) => servers.exemplars(query),
                        None => return self.answer(number, Ok(Reply::Encoded(Vec::new()))),
                    }
                }
                Question::Texts { source, of, range } => servers.texts(&source, of, range),
                Question::Rules { source } => servers.rules(&source),
                Question::AlertGroups { alertmanager } => servers.alert_groups(&alertmanager),
                Question::Status(about) => servers.status(about),
                Question::Metrics { source, of } => servers.metrics(&source, of),
            }
        };
        let call = match call {
            Ok(call) => call,
            Err(error) => return self.answer(number, Err(error)),
        };
        let origin = call.origin();
        self.0.state.borrow_mut().questions.add(number, call);
        self.count_questions(origin);
    }

    /// Sends the questions that there is room for.
    fn send_questions(&self) {
        loop {
            let next = {
                let State { questions, engine, .. } = &mut *self.0.state.borrow_mut();
                questions.next(|origin| engine.room_for_others(origin))
            };
            let Next { number, call, watch } = match next {
                None => return,
                Some(Ok(next)) => next,
                Some(Err((number, error))) => {
                    if self.close(number) {
                        self.answer(number, Err(error));
                    }
                    continue;
                }
            };
            let host = self.clone();
            spawn_local(async move {
                let reply = call.run(&watch).await;
                if host.close(number) {
                    host.answer(number, reply);
                }
            });
        }
    }

    /// Ends a question, whether it has been answered or not; whether it was open.
    fn close(&self, number: u32) -> bool {
        let origin = self.0.state.borrow_mut().questions.remove(number);
        origin.map(|origin| self.count_questions(origin)).is_some()
    }

    /// Lets the engine know how many questions share an origin with its queries.
    fn count_questions(&self, origin: String) {
        let (count, _) = self.0.state.borrow().questions.count(&origin);
        self.feed(Input::Others { origin, count });
    }

    fn values(&self, panel: &PanelId, at: Millis) -> Option<Values> {
        let probe = self.0.state.borrow().engine.values_at(panel, at)?;
        Some(Values { at: probe.at, values: probe.values })
    }

    fn answer(&self, number: u32, reply: Result<Reply, FetchError>) {
        self.post(&ToPage::Answer(number, reply.map_err(|error| ErrorCard::from(&error))));
    }

    fn post(&self, message: &ToPage) {
        self.post_with(message, &[]);
    }

    /// Posts `message` and `columns`, and hands over their memory.
    fn post_with(&self, message: &ToPage, columns: &[Vec<f64>]) {
        let bytes = match protocol::encode(message) {
            Ok(bytes) => bytes,
            Err(error) => return panic::in_worker_failed(&error.to_string()),
        };
        let transfer = Array::of1(&bytes.buffer());
        let parts = Array::of1(&bytes);
        for column in columns {
            let column = Float64Array::from(column.as_slice());
            transfer.push(&column.buffer());
            parts.push(&column);
        }
        // Fails only for what cannot be cloned, and fresh arrays can.
        let _ = self.0.scope.post_message_with_transfer(&parts, &transfer);
    }
}

fn missing_filtering() -> ErrorCard {
    let detail = "the part of Pyrograph that puts filters into queries could not be loaded".to_owned();
    ErrorCard::from(&FetchError::Unreachable { detail })
}

/// All there is to say about `data` beside its values.
fn notices(data: &Data) -> Vec<String> {
    let cut = data.truncated.map(|cut| {
        format!("Only the first {} of at least {} series are shown: narrow the query.", cut.shown, cut.seen)
    });
    let said = data.notices.warnings.iter().chain(&data.notices.infos).cloned();
    cut.into_iter().chain(said).collect()
}

/// The queries that have no answer, and why.
fn failures(data: &Data) -> Vec<String> {
    let each = |(ref_id, error): &(String, ErrorCard)| [ref_id, ": ", &error.cause].concat();
    data.failures.iter().map(each).collect()
}
