//! Counting: what the processes of the fleet have counted since each of them started.
//!
//! Conditions are constant within a quantum, so a counter is the sum over the whole quanta since the process started,
//! in their order, plus the part of the current one. That order is always the same, so the figures at an instant are the
//! same to the last bit, wherever the simulation was begun and whoever asks.

use super::conditions::{Conditions, QUANTUM_SECS, RouteConditions, version_number};
use super::latency::{CELLS, Durations};
use super::noise::unit;
use super::topology::{ROUTES, Route, SERVICES, Service, ServiceId};
use frame::Millis;

/// A new process starts at least once a day; a simulation that begins a day before is right from then on.
const WARM_UP_SECS: i64 = 24 * 60 * 60;
/// The time in which a new process' cache gets warm.
const CACHE_WARM_UP_SECS: f64 = 90.0;

/// The answers of a route with one status code, counted by duration.
#[derive(Clone, Debug)]
struct Series {
    route: &'static Route,
    code: u16,
    answer: Answer,
    /// Observations in each cell so far. Their fractions make a cell count up now and then when traffic is low.
    cells: Vec<f64>,
    /// What a whole quantum adds to each.
    growth: Vec<f64>,
}

/// The ways a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Success,
    Rejected,
    Failed,
    CallFailed,
}

impl Answer {
    /// The ratio of a route's requests that end so.
    fn ratio(self, conditions: &RouteConditions) -> f64 {
        let served = (1.0 - conditions.failed) * (1.0 - conditions.failed_calls);
        match self {
            Self::Success => served * (1.0 - conditions.rejected),
            Self::Rejected => served * conditions.rejected,
            Self::Failed => conditions.failed,
            Self::CallFailed => (1.0 - conditions.failed) * conditions.failed_calls,
        }
    }

    /// How long such answers take. Refusing is quick; a failed call was waited for.
    fn durations(self, conditions: &RouteConditions) -> Durations {
        let factor = match self {
            Self::Success => 1.0,
            Self::Rejected => 0.35,
            Self::Failed => 0.6,
            Self::CallFailed => 1.4,
        };
        let usual = conditions.durations;
        Durations { median_secs: usual.median_secs * factor, ..usual }
    }
}

/// A process of a service.
#[derive(Clone, Debug)]
struct Process {
    started: i64,
    cpu: Count,
    cache_hits: Count,
    cache_misses: Count,
}

/// A counter that is not a histogram: its value, and what a whole quantum adds.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    so_far: f64,
    growth: f64,
}

impl Count {
    fn after(self, part: f64) -> f64 {
        self.so_far + self.growth * part
    }
}

/// The state of the fleet's counters at the beginning of a quantum, and how they grow in it.
#[derive(Clone, Debug)]
pub struct Simulation {
    secs: i64,
    conditions: Conditions,
    series: Vec<Series>,
    processes: Vec<Process>,
}

/// What one service exposes at an instant.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The service.
    pub service: &'static Service,
    /// The instant.
    pub at: Millis,
    /// Its requests, by route and status code.
    pub requests: Vec<Requests>,
    /// Requests being worked on.
    pub in_flight: i64,
    /// Jobs waiting in its queue, if it has one.
    pub queued: Option<i64>,
    /// Lookups in its cache that hit and that missed, if it has one.
    pub cache: Option<(u64, u64)>,
    /// The version it runs.
    pub version: String,
    /// When its process started, in seconds since the epoch.
    pub started_secs: i64,
    /// The CPU time its process has used.
    pub cpu_secs: f64,
    /// The memory its process takes.
    pub memory_bytes: i64,
}

/// The requests of one route that ended with one status code.
#[derive(Clone, Debug)]
pub struct Requests {
    /// The route.
    pub route: &'static Route,
    /// The status code.
    pub code: u16,
    /// How many took how long: one number per cell.
    pub cells: Vec<u64>,
    /// How many per second there are in each cell just now.
    pub recent: Vec<f64>,
}

impl Simulation {
    /// The simulation in the quantum that `at` lies in.
    #[must_use]
    pub fn new(at: Millis) -> Self {
        let secs = quantum(at) - WARM_UP_SECS;
        let series = ROUTES.iter().flat_map(|route| answers(route).map(move |(answer, code)| (route, answer, code)));
        let empty = || vec![0.0; CELLS.len()];
        let mut simulation = Self {
            secs,
            conditions: Conditions::at(secs),
            series: series
                .map(|(route, answer, code)| Series { route, code, answer, cells: empty(), growth: empty() })
                .collect(),
            processes: vec![Process::start(secs); SERVICES.len()],
        };
        simulation.enter();
        simulation.advance(at);
        simulation
    }

    /// Counts on to the quantum that `at` lies in. An earlier instant changes nothing.
    pub fn advance(&mut self, at: Millis) {
        while self.secs < quantum(at) {
            for series in &mut self.series {
                for (cell, growth) in series.cells.iter_mut().zip(&series.growth) {
                    *cell += growth;
                }
            }
            for process in &mut self.processes {
                for count in [&mut process.cpu, &mut process.cache_hits, &mut process.cache_misses] {
                    count.so_far += count.growth;
                }
            }
            self.secs += QUANTUM_SECS;
            self.conditions = Conditions::at(self.secs);
            self.enter();
        }
    }

    /// Begins a quantum: restarts what restarts, and works out how the counters grow in it.
    fn enter(&mut self) {
        for service in &SERVICES {
            if self.conditions.services[service.id as usize].restarts {
                self.processes[service.id as usize] = Process::start(self.secs);
                for (place, series) in self.series.iter_mut().enumerate() {
                    if series.route.service == service.id {
                        series.begin(place);
                    }
                }
            }
        }
        for series in &mut self.series {
            let conditions = &self.conditions.routes[series.route.id as usize];
            let count = conditions.rate * series.answer.ratio(conditions) * QUANTUM_SECS as f64;
            series.answer.durations(conditions).spread(&mut series.growth);
            for growth in &mut series.growth {
                *growth *= count;
            }
        }
        for service in &SERVICES {
            self.enter_process(service);
        }
    }

    fn enter_process(&mut self, service: &Service) {
        let rate: f64 = self.conditions.routes_of(service.id).map(|(_, route)| route.rate).sum();
        let process = &mut self.processes[service.id as usize];
        let requests = rate * QUANTUM_SECS as f64;
        process.cpu.growth = 0.004 * QUANTUM_SECS as f64 + requests * service.cpu_secs_per_request;
        if let Some((_, hit_ratio)) = service.cache {
            let age = (self.secs - process.started) as f64;
            let warm = hit_ratio * (1.0 - (-(age + 10.0) / CACHE_WARM_UP_SECS).exp());
            let hits = warm * (1.0 - 0.03 * unit(0xcac4e + service.id as u64, self.secs));
            process.cache_hits.growth = requests * hits;
            process.cache_misses.growth = requests * (1.0 - hits);
        }
    }

    /// What `service` exposes at `at`, an instant in the current quantum; none while its process is away.
    #[must_use]
    pub fn snapshot(&self, service: ServiceId, at: Millis) -> Option<Snapshot> {
        let part = (at.0 - self.secs * 1000) as f64 / (QUANTUM_SECS * 1000) as f64;
        let conditions = &self.conditions.services[service as usize];
        if conditions.effect.down {
            return None;
        }
        let process = &self.processes[service as usize];
        let service = Service::of(service);
        let whole = |count: Count| count.after(part) as u64;
        Some(Snapshot {
            service,
            at,
            requests: self.series.iter().filter(|s| s.route.service == service.id).map(|s| s.requests(part)).collect(),
            in_flight: self.in_flight(service),
            queued: service.queue.map(|_| conditions.queued as i64),
            cache: service.cache.map(|_| (whole(process.cache_hits), whole(process.cache_misses))),
            version: version(service.id, self.secs, conditions.bad_version),
            started_secs: process.started,
            cpu_secs: process.cpu.after(part),
            memory_bytes: conditions.memory_bytes as i64,
        })
    }

    /// Requests being worked on: by Little's law the rate times the mean duration, and never quite that.
    fn in_flight(&self, service: &Service) -> i64 {
        let routes = self.conditions.routes_of(service.id);
        let mean: f64 = routes.map(|(_, route)| route.rate * route.durations.mean_secs()).sum();
        let lot = unit(0x1f11 + service.id as u64, self.secs);
        (mean * (0.85 + 0.3 * lot) + lot) as i64
    }
}

impl Series {
    /// A new process has counted nothing. Each cell begins somewhere between two whole numbers, so that rare
    /// observations come one by one and not all at the same time.
    fn begin(&mut self, place: usize) {
        for (index, cell) in self.cells.iter_mut().enumerate() {
            *cell = unit(0xce11 + place as u64, index as i64);
        }
    }

    fn requests(&self, part: f64) -> Requests {
        Requests {
            route: self.route,
            code: self.code,
            cells: self.cells.iter().zip(&self.growth).map(|(cell, growth)| (cell + growth * part) as u64).collect(),
            recent: self.growth.iter().map(|growth| growth / QUANTUM_SECS as f64).collect(),
        }
    }
}

impl Process {
    fn start(secs: i64) -> Self {
        Self { started: secs, cpu: Count::default(), cache_hits: Count::default(), cache_misses: Count::default() }
    }
}

/// The status codes a route can answer with.
fn answers(route: &'static Route) -> impl Iterator<Item = (Answer, u16)> {
    let needs_others = route.calls.iter().any(|call| call.needed);
    [
        Some((Answer::Success, route.success)),
        route.rejected.map(|(code, _)| (Answer::Rejected, code)),
        Some((Answer::Failed, 500)),
        needs_others.then_some((Answer::CallFailed, 502)),
    ]
    .into_iter()
    .flatten()
}

/// A version such as `1.4.7`; one that is about to be rolled back has a higher last number.
fn version(service: ServiceId, secs: i64, bad: bool) -> String {
    let number = version_number(service, secs);
    format!(
        "{}.{}.{}",
        1 + service as i64 % 3,
        number.rem_euclid(1000) / 10,
        number.rem_euclid(10) * 2 + i64::from(bad)
    )
}

/// The beginning of the quantum that `at` lies in, in seconds.
fn quantum(at: Millis) -> i64 {
    at.0.div_euclid(QUANTUM_SECS * 1000) * QUANTUM_SECS
}
