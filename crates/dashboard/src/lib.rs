//! Dashboards: the model, reading Grafana's JSON, variables, time expressions, intervals, the grid, links and texts.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod adhoc;
pub mod annotation;
pub mod choice;
pub mod data_point;
pub mod display;
pub mod export;
pub mod follow;
pub mod grid;
pub mod import;
pub mod interpolate;
pub mod interval;
pub mod link;
pub mod model;
pub mod month;
mod pattern;
pub mod repeat;
pub mod resolution;
pub mod series_name;
pub mod text;
pub mod time;
pub mod time_override;
mod time_text;
pub mod time_typed;
pub mod transform;
pub mod undrawn;
mod variable_format;
pub mod variable_options;
pub mod variable_query;
pub mod variables;

pub use import::{ImportError, Imported, Note, NoteKind, import, zone_name, zone_named};
pub use model::Dashboard;
pub use pattern::Patterns;

/// The first `max` bytes of a text, or a few less, so that no character is cut in two.
fn prefix(text: &str, max: usize) -> &str {
    let end = (0..=max.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}
