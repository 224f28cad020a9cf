//! A server between the page and real servers that makes faults by rule.
//!
//! Every request is passed on to the upstream server, unless a [`Rule`] matches it: then it is delayed, left hanging,
//! reset, cut off, dripped or answered otherwise. Rules are set through a [`FaultHandle`] or, from other processes, by
//! `POST /-/rules`; a log counts what arrived. `/synthetic/` is not passed on: there it is a Prometheus with made-up
//! answers to any query, faults and all.
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use faultd::{Fault, Rule, When};
//!
//! let server = faultd::spawn("http://127.0.0.1:9090", 0).await?;
//! server.faults().set(vec![Rule::new(When::body("http_errors"), Fault::status(500, "text/plain", "out of order"))]);
//! println!("{}", server.url());
//! # Ok(()) }
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
mod handle;
mod log;
mod rule;
mod serve;
mod synthetic;

pub use handle::FaultHandle;
pub use log::Entry;
pub use rule::{Fault, Rule, When};
pub use serve::{Server, spawn};
pub use synthetic::{Kind, Shape, query_range};
