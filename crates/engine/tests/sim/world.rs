//! A made-up world around the engine: a clock, a server that follows a script, and a page that notes what it is told.

use dashboard::interpolate::{Scope, Value};
use dashboard::time::RawRange;
use engine::{
    Engine, Fetch, FetchId, Input, Output, PanelId, PanelSpec, PanelState, Placement, QuerySpec, Report, Settings, View,
};
use frame::{Frame, GAP, Grid, Labels, Millis, TimeRange, Times, Zone, Zones};
use promapi::{Answer, ApiError, Budget, Expect, FetchError, Notices, QueryResult, Vector};
use proptest::test_runner::Config as ProptestConfig;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A Friday noon: the time at which every story begins.
pub const NOON: Millis = Millis(1_763_726_400_000);
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;

/// A property tried so often, and more often where `PROPTEST_CASES` asks that of all.
pub fn usually(cases: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    let times = usual.cases / 256;
    ProptestConfig { cases: cases.saturating_mul(times.max(1)), ..usual }
}

/// What the server does with a fetch.
#[derive(Clone, Debug)]
pub enum Reply {
    Answer { after: i64 },
    Given { after: i64, answer: Answer },
    Error { after: i64, error: FetchError },
    Silence,
}

/// An answer after `after` milliseconds.
pub fn answer(after: i64) -> Reply {
    Reply::Answer { after }
}

/// The server is not there.
pub fn refused() -> Reply {
    Reply::Error { after: 5, error: FetchError::Unreachable { detail: "refused".into() } }
}

/// An HTTP status from something before the server.
pub fn status(code: u16, retry_after_secs: Option<u32>) -> Reply {
    Reply::Error { after: 5, error: FetchError::Status { code, retry_after_secs, snippet: String::new() } }
}

/// The server reports an error in its own words.
pub fn api_error(code: u16, kind: &str) -> Reply {
    Reply::Error { after: 5, error: api_error_of(code, kind) }
}

pub fn api_error_of(code: u16, kind: &str) -> FetchError {
    let error = ApiError { kind: kind.into(), message: "1:1: parse error: no".into() };
    FetchError::Api { code, error, retry_after_secs: None }
}

/// What happened, as a test reads it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    pub at: Millis,
    pub id: FetchId,
    pub source: String,
    pub expr: String,
    pub grid: Option<Grid>,
    pub budget: Budget,
}

pub struct World {
    pub engine: Engine,
    pub now: Millis,
    /// The panels of the view that was opened last.
    pub panels: Vec<String>,
    pub sent: Vec<Sent>,
    pub aborted: Vec<FetchId>,
    pub published: Vec<(Millis, PanelId)>,
    pub ranges: Vec<TimeRange>,
    pub reports: Vec<Report>,
    /// Bytes of all answers that came.
    pub bytes: u64,
    pub most_in_flight: usize,
    /// Answers of aborted fetches arrive all the same, as when the abort comes too late.
    pub aborts_come_too_late: bool,
    /// Whether the server says, from the beginning, that its clock is right.
    pub tells_the_time: bool,
    server: Box<dyn FnMut(&Sent) -> Reply>,
    in_flight: BTreeMap<FetchId, Arrival>,
    wake_at: Option<Millis>,
}

struct Arrival {
    at: Option<Millis>,
    sent_at: Millis,
    outcome: Result<Answer, FetchError>,
    aborted: bool,
}

pub struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}

impl World {
    /// A world with a server that does what `server` says to each fetch.
    pub fn new(server: impl FnMut(&Sent) -> Reply + 'static) -> Self {
        Self::with_settings(Settings::default(), server)
    }

    pub fn with_settings(settings: Settings, server: impl FnMut(&Sent) -> Reply + 'static) -> Self {
        Self::made_of(settings, Rc::new(Utc), server)
    }

    pub fn in_zones(zones: Rc<dyn Zones>, server: impl FnMut(&Sent) -> Reply + 'static) -> Self {
        Self::made_of(Settings::default(), zones, server)
    }

    fn made_of(settings: Settings, zones: Rc<dyn Zones>, server: impl FnMut(&Sent) -> Reply + 'static) -> Self {
        let mut engine = Engine::new(settings, zones);
        engine.set_analysis(engine::analyse);
        Self {
            engine,
            now: NOON,
            panels: Vec::new(),
            sent: Vec::new(),
            aborted: Vec::new(),
            published: Vec::new(),
            ranges: Vec::new(),
            reports: Vec::new(),
            bytes: 0,
            most_in_flight: 0,
            aborts_come_too_late: false,
            tells_the_time: true,
            server: Box::new(server),
            in_flight: BTreeMap::new(),
            wake_at: None,
        }
    }

    /// Shows a view with all its panels on the screen, 1,000 pixels wide.
    pub fn open(&mut self, view: View) {
        let ids: Vec<PanelId> = view.panels.iter().map(|panel| panel.id.clone()).collect();
        self.panels = ids.iter().map(PanelId::to_string).collect();
        if self.tells_the_time {
            self.input(Input::ServerDate { source: "prom".into(), date: self.now, sent_at: self.now });
        }
        self.input(Input::Show(view));
        for id in ids {
            self.input(Input::Place(id, ON_SCREEN));
        }
    }

    pub fn input(&mut self, input: Input) {
        self.engine.handle_input(input, self.now);
        while let Some(output) = self.engine.poll_output() {
            self.obey(output);
        }
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::Fetch(fetch) => self.send(&fetch),
            Output::Abort(id) => {
                self.aborted.push(id);
                match self.in_flight.get_mut(&id) {
                    Some(arrival) if self.aborts_come_too_late => arrival.aborted = true,
                    _ => drop(self.in_flight.remove(&id).expect("only what is in flight is aborted")),
                }
            }
            Output::Publish(id) => self.published.push((self.now, id)),
            Output::WakeAt(at) => self.wake_at = Some(at),
            Output::Range(range) => self.ranges.push(range),
            Output::Report(report) => self.reports.push(report),
        }
    }

    fn send(&mut self, fetch: &Fetch) {
        let param =
            |name: &str| fetch.request.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let grid = match fetch.expect {
            Expect::Grid(grid) => Some(grid),
            Expect::Any => None,
        };
        let expr = param("query").unwrap_or_default();
        let budget = fetch.budget;
        let sent = Sent { at: self.now, id: fetch.id, source: fetch.source.clone(), expr, grid, budget };
        let (after, outcome) = match (self.server)(&sent) {
            Reply::Answer { after } => (Some(after), Ok(an_answer(&sent))),
            Reply::Given { after, answer } => (Some(after), Ok(answer)),
            Reply::Error { after, error } => (Some(after), Err(error)),
            Reply::Silence => (None, Err(FetchError::Aborted)),
        };
        let at = after.map(|millis| self.now.plus(millis));
        let known = self.in_flight.insert(fetch.id, Arrival { at, sent_at: self.now, outcome, aborted: false });
        assert!(known.is_none(), "a fetch id is used once");
        self.most_in_flight = self.most_in_flight.max(self.in_flight.values().filter(|one| !one.aborted).count());
        self.sent.push(sent);
    }

    /// Lets time pass, and everything happen that is due.
    pub fn run(&mut self, millis: i64) {
        let end = self.now.plus(millis);
        while let Some((at, due)) = self.next_event().filter(|(at, _)| *at <= end) {
            self.now = self.now.max(at);
            match due {
                Some(id) => {
                    let arrival = self.in_flight.remove(&id).expect("due");
                    let took_millis = self.now.since(arrival.sent_at);
                    self.bytes += arrival.outcome.as_ref().map_or(0, |answer| answer.bytes);
                    let published = self.published.len();
                    let alarm_is_due = self.wake_at.is_some_and(|at| at <= self.now);
                    self.input(Input::Fetched { id, outcome: arrival.outcome, took_millis });
                    assert!(
                        !arrival.aborted || alarm_is_due || self.published.len() == published,
                        "an aborted fetch changes nothing"
                    );
                }
                None => {
                    self.wake_at = None;
                    self.input(Input::Wake);
                }
            }
        }
        self.now = end;
    }

    /// Somebody sets this machine's clock ahead, or back. What is on its way and timers take as long as they would have.
    pub fn set_clock(&mut self, by: i64) {
        self.now = self.now.plus(by);
        self.wake_at = self.wake_at.map(|at| at.plus(by));
        for arrival in self.in_flight.values_mut() {
            arrival.at = arrival.at.map(|at| at.plus(by));
            arrival.sent_at = arrival.sent_at.plus(by);
        }
    }

    /// Forgets what was noted of what happened.
    pub fn forget(&mut self) {
        self.sent.clear();
        self.aborted.clear();
        self.published.clear();
        self.ranges.clear();
        self.reports.clear();
    }

    fn next_event(&self) -> Option<(Millis, Option<FetchId>)> {
        let arrivals = self.in_flight.iter().filter_map(|(id, arrival)| Some((arrival.at?, Some(*id))));
        arrivals.chain(self.wake_at.map(|at| (at, None))).min_by_key(|(at, _)| *at)
    }

    pub fn state(&self, panel: &str) -> &PanelState {
        self.engine.panel(&panel.into()).expect("a panel of the view")
    }

    /// `idle`, `loading`, `loading stale`, `ready`, `failed`, `failed stale`.
    pub fn word(&self, panel: &str) -> &'static str {
        match self.state(panel) {
            PanelState::Idle => "idle",
            PanelState::Loading { stale: None } => "loading",
            PanelState::Loading { stale: Some(_) } => "loading stale",
            PanelState::Ready { .. } => "ready",
            PanelState::Failed { stale: None, .. } => "failed",
            PanelState::Failed { stale: Some(_), .. } => "failed stale",
        }
    }

    /// The expressions sent so far, in order.
    pub fn exprs(&self) -> Vec<&str> {
        self.sent.iter().map(|sent| sent.expr.as_str()).collect()
    }

    pub fn in_flight(&self) -> usize {
        self.in_flight.values().filter(|arrival| !arrival.aborted).count()
    }
}

pub const ON_SCREEN: Placement = Placement { width_px: 1000, visible: true };
pub const OFF_SCREEN: Placement = Placement { width_px: 1000, visible: false };

/// The last hour, one panel per expression, called after it.
pub fn view(exprs: &[&str]) -> View {
    View {
        range: RawRange::new("now-1h", "now"),
        zone: Zone::Utc,
        panels: exprs.iter().map(|expr| panel(expr, &[expr])).collect(),
        ..View::default()
    }
}

/// A view of `count` panels over a day, each to be refined.
pub fn refined_day(count: usize) -> View {
    let exprs: Vec<String> = (0..count).map(|n| format!("m{n}")).collect();
    let mut shown = view(&exprs.iter().map(String::as_str).collect::<Vec<_>>());
    shown.range.from = "now-24h".into();
    for panel in &mut shown.panels {
        panel.refine = Some(engine::Refine::Auto);
    }
    shown
}

pub fn panel(id: &str, exprs: &[&str]) -> PanelSpec {
    let query = |(index, expr): (usize, &&str)| QuerySpec {
        ref_id: char::from(b'A' + index as u8).to_string(),
        expr: (*expr).to_owned(),
        ..QuerySpec::default()
    };
    PanelSpec {
        id: id.into(),
        source: "prom".into(),
        queries: exprs.iter().enumerate().map(query).collect(),
        refine: Some(engine::Refine::Panel),
        ..PanelSpec::default()
    }
}

pub fn variable(name: &str, value: &str) -> Scope {
    let mut scope = Scope::default();
    scope.set(name, Value::One(value.into()));
    scope
}

/// Two series on the grid, whose values depend on the instant alone.
pub fn an_answer(sent: &Sent) -> Answer {
    let labels =
        |instance: &str| -> Labels { [("__name__", &*sent.expr), ("instance", instance)].into_iter().collect() };
    let result = match sent.grid {
        Some(grid) => {
            let column = |shift: i64| (0..grid.len as usize).map(|row| value(grid.at(row), shift)).collect();
            QueryResult::Matrix(vec![Frame::series(
                Times::Grid(grid),
                [(labels("a"), column(0)), (labels("b"), column(1))],
            )])
        }
        None => QueryResult::Vector(Vector {
            at: sent.at,
            series: vec![(labels("a"), value(sent.at, 0)), (labels("b"), value(sent.at, 1))],
            histograms: Vec::new(),
        }),
    };
    an_answer_of(result, 2, sent.grid.map_or(2, |grid| u64::from(grid.len) * 2))
}

/// One series with these values from the start of the grid on, and gaps behind them.
pub fn column(sent: &Sent, values: impl Iterator<Item = f64>) -> Reply {
    let grid = sent.grid.expect("a range query");
    let values = values.chain(std::iter::repeat(GAP)).take(grid.len as usize).collect();
    let result = QueryResult::Matrix(vec![Frame::series(Times::Grid(grid), [(Labels::default(), values)])]);
    Reply::Given { after: 100, answer: an_answer_of(result, 1, u64::from(grid.len)) }
}

/// An answer that took twenty bytes a sample.
pub fn an_answer_of(result: QueryResult, series: u32, samples: u64) -> Answer {
    Answer {
        result,
        notices: Notices::default(),
        bytes: samples * 20,
        series,
        samples,
        eval_secs: None,
        queryable_samples: None,
        peak_samples: None,
        is_metricsql: false,
        truncated: None,
    }
}

pub fn value(at: Millis, shift: i64) -> f64 {
    ((at.0 / SECOND + shift) % 97) as f64
}
