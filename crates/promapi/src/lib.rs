//! Prometheus' and Alertmanager's HTTP APIs on the wire: requests out, bytes in, typed answers and errors.
//!
//! - [`Request`] says what to ask for; where the server is and how bytes travel is the caller's business.
//! - [`Decoder`] turns the body of a query's answer into columns while it arrives, in chunks of any size.
//! - [`decode_names`] reads lists of names and values; [`decode_reply`] decodes everything else ([`rules`], [`metadata`]
//!   …), which is rare and small enough for an ordinary JSON parser; [`alertmanager`] has that server's own forms.
//! - [`judge`] makes one outcome of an HTTP status, a content type and what decoding said: the answer, or a
//!   [`FetchError`] that tells its user what happened and what to do.
//!
//! No browser, no clock, no network. Decoding never panics, whatever the bytes, and its memory has limits.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod alertmanager;
pub mod exemplars;
pub mod metadata;
pub mod rule_list;
pub mod rules;
pub mod targets;

mod answer;
mod decode;
mod error;
mod fetch;
mod http_date;
mod reply;
mod request;
mod wire;

pub use answer::{Answer, Notices, QueryResult, Truncated, Vector};
pub use decode::{Budget, Decoder, Expect, decode_names};
pub use error::{ApiError, DecodeError};
pub use fetch::{ErrorKind, FetchError, ResponseHead, judge, refuses_post};
pub use http_date::parse_http_date;
pub use reply::{Reply, decode_reply};
pub use request::{Method, Request};
pub use wire::parse_rfc3339;
