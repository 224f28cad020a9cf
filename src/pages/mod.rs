//! The pages: each composes state, panels and controls, and draws nothing itself.

pub mod dashboard;
