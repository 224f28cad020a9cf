//! The pages: each composes state, panels and controls, and draws nothing itself.

pub mod alerts;
pub mod dashboard;
pub mod explore;
pub mod home;
pub mod settings;
pub mod targets;
