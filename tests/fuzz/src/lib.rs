//! What must hold for any bytes from outside. Each check takes an input and panics where something does not hold: the
//! targets in `fuzz/` throw bytes at them, and the tests replay `fuzz/corpus`.

pub mod config;
pub mod decode;
pub mod documents;
pub mod import;
pub mod interpolate;
pub mod messages;
pub mod pattern;
pub mod promql;
pub mod time;

/// A check of one input.
pub type Check = fn(&[u8]);

/// Every check, by the name of its target and of its folder in `fuzz/corpus`.
pub const ALL: &[(&str, Check)] = &[
    ("config", config::check),
    ("decode", decode::check),
    ("documents", documents::check),
    ("import", import::check),
    ("interpolate", interpolate::check),
    ("messages", messages::check),
    ("pattern", pattern::check),
    ("promql", promql::check),
    ("time", time::check),
];
