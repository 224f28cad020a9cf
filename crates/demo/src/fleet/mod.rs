//! The simulated fleet: ten services of a shop that call each other, each with a `/metrics` endpoint of its own.
//!
//! All of it is one deterministic function of time, without any state but what can be counted again:
//!
//! - `topology`: what there is: services, routes, and who calls whom;
//! - `incident`: what goes wrong, by script, at least once an hour;
//! - `conditions`: from both, the traffic, durations and errors of every route in a quantum of 15 seconds;
//! - `simulation`: the counters of every process: the sum of these quanta since it started;
//! - `exposition` and `exemplars`: what it answers to a scrape.
//!
//! The endpoints read it at the present instant, the backfill at past ones.

mod conditions;
mod endpoint;
mod exemplars;
mod exposition;
mod incident;
mod latency;
mod noise;
mod simulation;
mod topology;

pub use conditions::QUANTUM_SECS;
pub use endpoint::{Endpoint, EndpointError, now, spawn};
pub use exposition::{Format, encode_descriptions, encode_plain_text, encode_protobuf, encode_text};
pub use incident::{Incident, Kind};
pub use simulation::{Requests, Simulation, Snapshot};
pub use topology::{PerService, Route, RouteId, SERVICES, Service, ServiceId};

#[cfg(test)]
mod tests;
