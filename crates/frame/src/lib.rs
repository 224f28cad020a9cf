//! Columns of samples: what every other layer of Pyrograph passes around.
//!
//! A [`Frame`] is a table of equally long [`Field`]s. A range query's answer is one *wide* frame: one time field
//! on a [`Grid`] (start, step, length: no timestamps are stored) and one number field per series. Series that are
//! off the grid, such as the raw samples of `metric[5m]`, come as a frame each, with explicit timestamps.
//!
//! This crate knows no browser, no clock, no network and no wire format.

pub mod calcs;
mod column;
mod date;
mod labels;
pub mod m4;
mod order;
pub mod stack;
mod time;

pub use column::{Column, Field, Frame, GAP, HistogramColumn, Times, is_gap};
pub use date::Date;
pub use labels::{Interner, Labels};
pub use order::sort_by;
pub use time::{Grid, Millis, Step, TimeRange, Zone, Zones};
