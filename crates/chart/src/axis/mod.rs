//! Axes: which values and instants they show, where, and which of them are labelled.

pub(crate) mod bounds;
pub(crate) mod scale;
pub(crate) mod step;
pub(crate) mod time_labels;
pub(crate) mod time_ticks;
pub(crate) mod value_ticks;
