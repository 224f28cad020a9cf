//! What must hold for any bytes from outside. Each check takes an input and panics where something does not hold: the
//! targets in `fuzz/` throw bytes at them, and the tests replay `fuzz/corpus`.

pub mod config;
pub mod decode;
pub mod documents;
pub mod format;
pub mod import;
pub mod interpolate;
pub mod json;
pub mod links;
pub mod markdown;
pub mod messages;
pub mod pattern;
pub mod promql;
pub mod time;
pub mod transform;

use frame::{Millis, Zone, Zones};

/// A check of one input.
pub type Check = fn(&[u8]);

/// Every check, by the name of its target and of its folder in `fuzz/corpus`.
pub const ALL: &[(&str, Check)] = &[
    ("config", config::check),
    ("decode", decode::check),
    ("documents", documents::check),
    ("format", format::check),
    ("import", import::check),
    ("interpolate", interpolate::check),
    ("json", json::check),
    ("links", links::check),
    ("markdown", markdown::check),
    ("messages", messages::check),
    ("pattern", pattern::check),
    ("promql", promql::check),
    ("time", time::check),
    ("transform", transform::check),
];

/// One zone serves: what others do is the browser's.
pub(crate) struct Utc;

impl Zones for Utc {
    fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
        0
    }
}
