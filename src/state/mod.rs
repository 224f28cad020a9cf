//! What the page knows, in signals. Data flows one way: URL -> signals -> worker -> panel signals -> pictures.

pub mod annotations;
pub mod catalog;
pub mod course;
pub mod dashboard;
pub mod foreign;
pub mod links;
pub mod panel;
pub mod poll;
pub mod preferences;
pub mod recent;
pub mod scale;
pub mod served;
pub mod session;
pub mod setup;
pub mod shaping;
pub mod sources;
pub mod stand_in;
pub mod variables;
