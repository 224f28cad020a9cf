//! The demo: a simulated microservice fleet with real `/metrics` endpoints ([`fleet`]), a day of its past
//! ([`backfill`]), the real servers that watch it ([`stack`]), and the web server that puts the built app in front of
//! them ([`serve`]). The end-to-end tests use the same parts.
//!
//! Everything listens on the loopback interface only, and nothing outlives the process.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod backfill;
mod base_url;
pub mod fleet;
mod http;
pub mod serve;
pub mod stack;

pub use base_url::{BaseUrl, BaseUrlError};
