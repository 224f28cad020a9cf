//! Columns of samples: what every other layer of Pyrograph passes around.
//!
//! A [`Frame`] is a table of equally long [`Field`]s. A range query's answer is one *wide* frame: one time field
//! on a [`Grid`] (start, step, length: no timestamps are stored) and one number field per series. Series that are
//! off the grid, such as the raw samples of `metric[5m]`, come as a frame each, with explicit timestamps.
//!
//! Beside columns it has the few small tools that every layer uses instead of a larger one of the standard library:
//! [`decimal`], [`hash`], [`sort_by`], [`SortedMap`].
//!
//! This crate knows no browser, no clock, no network and no wire format.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod calcs;
mod column;
mod date;
pub mod decimal;
mod extremes;
pub mod float_bits;
mod hash;
mod labels;
pub mod m4;
mod order;
mod sorted;
pub mod stack;
mod text;
mod time;

pub use column::{Column, Field, Frame, GAP, HistogramColumn, Times, drawable, is_gap, without_gaps};
pub use date::Date;
pub use hash::hash;
pub use labels::{Interner, Labels};
pub use order::{sort_by, sorted_indices};
pub use sorted::{SortedMap, SortedSet};
pub use text::split_once;
pub use time::{Grid, Millis, Step, TimeRange, Zone, Zones, gap_between};
