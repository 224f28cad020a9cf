//! Charts over time: from columns of samples to a display list to any plotters `DrawingBackend`.
//!
//! A [`TimeSeriesChart`] borrows columns and says how they shall look. `layout` finds the places (margins, scales,
//! ticks), `draw` makes the [`DisplayList`], [`paint()`] replays it on a [`Surface`]. All three are separate, so the
//! cursor can ask the layout without drawing, and one list can be shown, exported and tested.
//!
//! Coordinates are device pixels as f32, y downwards; lengths in styles are CSS pixels.
//!
//! ```
//! use chart::{AxisId, Series, SeriesStyle, Size, SvgSurface, TableMeasure, Theme, TimeSeriesChart, colors_for, paint};
//! use frame::{Millis, TimeRange, Zone, Zones};
//!
//! struct Utc;
//! impl Zones for Utc {
//!     fn offset_millis(&self, _: &Zone, _: Millis) -> i64 {
//!         0
//!     }
//! }
//!
//! let color = colors_for(&["up"], Theme::DARK.dark)[0];
//! let up = Series {
//!     times: &[0.0, 60_000.0, 120_000.0],
//!     values: &[1.0, 1.0, 0.0],
//!     baseline: None,
//!     style: SeriesStyle { color, ..SeriesStyle::default() },
//!     axis: AxisId::First,
//! };
//! let chart = TimeSeriesChart::new(TimeRange::new(0, 120_000), &Zone::Utc, std::slice::from_ref(&up));
//! let size = Size { width_px: 800.0, height_px: 400.0, ratio: 2.0 };
//! let layout = chart.layout(&size, &Theme::DARK, &TableMeasure, &Utc);
//! let mut svg = SvgSurface::new(size, Theme::DARK.panel);
//! paint(&chart.draw(&layout), &mut svg)?;
//! assert!(svg.finish().starts_with("<svg"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod axis;
mod color;
mod draw;
mod extent;
mod geometry;
mod hit;
mod layout;
mod list;
mod marks;
mod measure;
mod palette;
mod scene;
mod series;
mod sparkline;
mod surface;
mod theme;

pub use axis::bounds::{Limits, bounds};
pub use axis::scale::{Spread, TimeScale, ValueScale};
pub use axis::step::TickBase;
pub use axis::time_labels::{XLabel, XTick};
pub use axis::time_ticks::{TimeStep, TimeTick, time_ticks};
pub use axis::value_ticks::value_ticks;
pub use color::Color;
pub use geometry::{Point, Rect, Size};
pub use hit::{Hit, nearest_row};
pub use layout::{AxisLayout, Layout, UnitLabel, YTick};
pub use list::{Align, Command, Dash, DisplayList, Paint, Span, Stroke, TextStyle, Weight};
pub use marks::bands::{Band, bands};
pub use measure::{Measure, TableMeasure};
pub use palette::{colors_for, series_color};
pub use scene::{Annotation, GridLines, Region, Side, Threshold, TimeSeriesChart, ValueAxis};
pub use series::{AxisId, Bar, Draw, Gradient, Interpolation, Points, Series, SeriesStyle, SpanGaps};
pub use sparkline::sparkline;
pub use surface::plotters::PlottersSurface;
pub use surface::record::Recorder;
pub use surface::svg::SvgSurface;
pub use surface::{Drawn, Surface, paint};
pub use theme::Theme;

use frame::{Millis, TimeRange, Zone, Zones};
