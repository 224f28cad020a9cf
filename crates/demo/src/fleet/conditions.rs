//! How the fleet fares in one quantum of time: what traffic every route gets, how long it takes and how much of it
//! fails. Everything here is a function of the quantum alone.

use super::incident::{Effect, Incident};
use super::latency::Durations;
use super::noise::{unit, wander};
use super::topology::{ROUTES, Route, SERVICES, Service, ServiceId};
use std::f64::consts::TAU;

/// The seconds within which the fleet's conditions do not change, and so the finest detail there is. As long as the
/// scrape interval, so that no scrape misses any.
pub const QUANTUM_SECS: i64 = 15;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// The conditions of one route.
#[derive(Clone, Copy, Debug)]
pub struct RouteConditions {
    /// Requests per second.
    pub rate: f64,
    /// How long good answers take.
    pub durations: Durations,
    /// The ratio of requests that it fails itself, answered with 500.
    pub failed: f64,
    /// The ratio of requests that fail because a call did, answered with 502.
    pub failed_calls: f64,
    /// The ratio of requests that are refused as the client's fault.
    pub rejected: f64,
}

impl RouteConditions {
    /// The ratio of requests that its callers see fail.
    fn errors(&self) -> f64 {
        self.failed + self.failed_calls
    }
}

/// The conditions of one service.
#[derive(Clone, Copy, Debug)]
pub struct ServiceConditions {
    /// What the hour's incident does to it.
    pub effect: Effect,
    /// Whether a new process starts at the beginning of the quantum.
    pub restarts: bool,
    /// Whether it runs a bad version.
    pub bad_version: bool,
    /// The jobs waiting in its queue.
    pub queued: f64,
    /// The memory its process takes, in bytes.
    pub memory_bytes: f64,
}

/// The conditions of the whole fleet in one quantum.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// In the order of [`ROUTES`].
    pub routes: Vec<RouteConditions>,
    /// In the order of [`SERVICES`].
    pub services: Vec<ServiceConditions>,
}

impl Conditions {
    /// The conditions in the quantum that begins at `secs`.
    #[must_use]
    pub fn at(secs: i64) -> Self {
        let incident = Incident::of_hour(secs);
        let load = load(secs);
        let services: Vec<_> =
            SERVICES.iter().map(|service| service_conditions(service, &incident, load, secs)).collect();
        let rates = rates(load, secs);
        let routes = route_conditions(&rates, &services, load, secs);
        Self { routes, services }
    }

    /// The conditions of the routes of `service`.
    pub fn routes_of(&self, service: ServiceId) -> impl Iterator<Item = (&'static Route, &RouteConditions)> {
        ROUTES.iter().zip(&self.routes).filter(move |(route, _)| route.service == service)
    }
}

/// Traffic from outside, 1 on an ordinary afternoon: low at four at night UTC, highest in the evening, less at the
/// weekend, and never quite steady.
fn load(secs: i64) -> f64 {
    let hour = secs.rem_euclid(DAY) as f64 / HOUR as f64;
    let day = 0.45 + 0.4 * (1.0 - (TAU * (hour - 4.0) / 24.0).cos()) / 2.0 * 1.15;
    let evening = 0.22 * (-((hour - 19.5) / 2.2).powi(2)).exp();
    // The epoch was a Thursday; the weekend's middle is three days after that day's beginning.
    let week = 1.0 - 0.1 * (TAU * (secs as f64 / DAY as f64 - 3.0) / 7.0).cos();
    let unsteady = 1.0 + 0.05 * wander(0x10ad, secs, 20 * 60) + 0.03 * wander(0x10ae, secs, 3 * 60);
    (day + evening) * week * unsteady
}

/// The rate of every route: from outside, and from those that call it.
fn rates(load: f64, secs: i64) -> Vec<f64> {
    let mut rates = vec![0.0; ROUTES.len()];
    for (place, route) in ROUTES.iter().enumerate() {
        let seed = 0x7a7e + place as u64;
        let own = 1.0 + 0.07 * wander(seed, secs, 7 * 60) + 0.05 * (2.0 * unit(seed, secs) - 1.0);
        let rate: f64 = (rates[place] + route.entry_rate * load) * own;
        rates[place] = rate;
        for call in route.calls {
            rates[call.to as usize] += rate * call.per_request;
        }
    }
    rates
}

/// Durations and errors of every route. They go up the call graph, so those that are called come first.
fn route_conditions(rates: &[f64], services: &[ServiceConditions], load: f64, secs: i64) -> Vec<RouteConditions> {
    let nobody = RouteConditions {
        rate: 0.0,
        durations: Durations { median_secs: 1.0, shape: 2.0 },
        failed: 0.0,
        failed_calls: 0.0,
        rejected: 0.0,
    };
    let mut conditions = vec![nobody; ROUTES.len()];
    for (place, route) in ROUTES.iter().enumerate().rev() {
        let effect = services[route.service as usize].effect;
        let seed = 0x1a7e + place as u64;
        let busy = 1.0 + 0.2 * load + 0.08 * wander(seed, secs, 5 * 60) + 0.06 * (2.0 * unit(seed, secs) - 1.0);
        let mut median_secs = route.own_secs * busy * effect.slowdown;
        let mut good = 1.0;
        for call in route.calls {
            let called = &conditions[call.to as usize];
            median_secs += called.durations.median_secs * call.per_request;
            if call.needed {
                good *= 1.0 - (called.errors() * call.per_request).min(1.0);
            }
        }
        let usual = route.error_ratio * (1.0 + 0.4 * wander(seed ^ 0xe, secs, 11 * 60));
        conditions[place] = RouteConditions {
            rate: if effect.down { 0.0 } else { rates[place] },
            durations: Durations { median_secs, shape: route.shape },
            failed: if effect.down { 1.0 } else { usual + effect.errors },
            failed_calls: 1.0 - good,
            rejected: route.rejected.map_or(0.0, |(_, ratio)| ratio * (1.0 + 0.3 * wander(seed ^ 0xc, secs, 9 * 60))),
        };
    }
    conditions
}

fn service_conditions(service: &Service, incident: &Incident, load: f64, secs: i64) -> ServiceConditions {
    let effect = incident.effect(service.id, secs);
    let seed = 0x5e41 + service.id as u64;
    let backlog = 80.0 * (effect.slowdown - 1.0) + 2400.0 * effect.errors;
    let queued = 14.0 * load * (1.0 + 0.5 * wander(seed, secs, 4 * 60)) + 6.0 * unit(seed, secs) + backlog;
    let usual = service.memory_mib * (1.0 + 0.06 * load + 0.03 * wander(seed ^ 0x3, secs, 6 * 60));
    let leaked = (service.memory_limit_mib * 0.98 - usual) * effect.leaked;
    ServiceConditions {
        effect,
        restarts: is_deployed(service.id, secs) || incident.restarts(service.id, secs),
        bad_version: incident.is_bad_version(service.id, secs),
        queued,
        memory_bytes: (usual + leaked) * f64::from(1 << 20),
    }
}

/// Once a day each service gets a new version, one after the other through the working hours (UTC). So no process is
/// older than a day, and counting from its start never takes long.
fn is_deployed(service: ServiceId, secs: i64) -> bool {
    secs.rem_euclid(DAY) == deployment_secs(service)
}

fn deployment_secs(service: ServiceId) -> i64 {
    (7 + service as i64) * HOUR + 120
}

/// The number of the version that `service` runs at `secs` when all is well: it grows with each deployment.
#[must_use]
pub fn version_number(service: ServiceId, secs: i64) -> i64 {
    (secs - deployment_secs(service)).div_euclid(DAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::incident::Kind;

    /// A midnight, and as good as any.
    const MIDNIGHT: i64 = 20_400 * DAY;

    fn hours_of(kind: Kind) -> impl Iterator<Item = Incident> {
        let incidents = (0..48).map(|hour| Incident::of_hour(MIDNIGHT + hour * HOUR));
        incidents.filter(move |incident| incident.kind == kind)
    }

    #[test]
    fn load_follows_the_day() {
        assert!(load(MIDNIGHT + 19 * HOUR) > 1.6 * load(MIDNIGHT + 4 * HOUR));
        for secs in MIDNIGHT..MIDNIGHT + DAY {
            assert!((load(secs + 1) - load(secs)).abs() < 0.01, "jumps at {secs}");
        }
    }

    #[test]
    fn errors_go_up_the_call_graph() {
        for incident in hours_of(Kind::ErrorBurst) {
            let conditions = Conditions::at((incident.start + incident.end) / 2);
            for (place, route) in ROUTES.iter().enumerate().filter(|(_, route)| route.service == incident.service) {
                let failing = conditions.routes[place].errors();
                assert!(failing > 0.2, "{}", route.path);
                for (caller, above) in ROUTES.iter().enumerate() {
                    for call in above.calls.iter().filter(|call| call.to == route.id && call.needed) {
                        let failed_calls = conditions.routes[caller].failed_calls;
                        assert!(failed_calls > 0.9 * failing * call.per_request, "{} above {}", above.path, route.path);
                    }
                }
            }
        }
    }

    #[test]
    fn optional_calls_do_not_fail_their_callers() {
        let conditions = Conditions::at(MIDNIGHT + 100);
        let place = |path: &str| ROUTES.iter().position(|route| route.path == path).unwrap();
        assert!(conditions.routes[place("/recommendations")].failed > 0.005);
        assert!(conditions.routes[place("/")].errors() < 0.002);
    }

    #[test]
    fn slowness_goes_up_the_call_graph() {
        for incident in hours_of(Kind::LatencyRamp) {
            let before = Conditions::at(incident.start - 60);
            let worst = Conditions::at(incident.start + (incident.end - incident.start) * 3 / 4);
            for route in Service::of(incident.service).routes() {
                let median = |conditions: &Conditions| conditions.routes[route.id as usize].durations.median_secs;
                assert!(median(&worst) > 3.0 * median(&before), "{}", route.path);
            }
        }
    }

    #[test]
    fn a_leak_ends_at_the_limit() {
        for incident in hours_of(Kind::Leak) {
            let service = Service::of(incident.service);
            let memory = |secs| Conditions::at(secs).services[service.id as usize].memory_bytes / f64::from(1 << 20);
            assert!(memory(incident.end - QUANTUM_SECS) > 0.9 * service.memory_limit_mib);
            assert!(memory(incident.end + 60) < 0.7 * service.memory_limit_mib);
        }
    }
}
