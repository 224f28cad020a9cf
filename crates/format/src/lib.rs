//! How values look: numbers with units, dates and durations, colours, thresholds, value mappings.
//!
//! Texts equal Grafana's, digit for digit, so that a dashboard brought over reads the same.
//!
//! ```
//! assert_eq!(format::value(1234.5, "reqps", None).to_string(), "1.23K req/s");
//! assert_eq!(format::value(0.25, "percentunit", Some(1)).to_string(), "25.0%");
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod color;
mod color_maps;
mod css_names;
pub mod date;
pub mod letters;
pub mod mapping;
pub mod number;
pub mod palette;
pub mod pattern;
mod shade;
mod span;
pub mod threshold;
mod unit;
mod unit_table;

pub use date::{DateStyle, datetime, duration, offset_text};
pub use unit::{Formatted, Unit};

/// `value` in the unit Grafana calls `unit`, with `decimals` places or as many as it needs.
///
/// For many values of one unit look it up once: [`Unit::new`].
#[must_use]
pub fn value(value: f64, unit: &str, decimals: Option<u8>) -> Formatted {
    Unit::new(unit).format(value, decimals)
}
