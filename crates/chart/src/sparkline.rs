//! A word-sized chart without axes.

use crate::axis::scale::{Spread, TimeScale, ValueScale};
use crate::extent::extent;
use crate::list::DisplayList;
use crate::marks::{self, Place};
use crate::series::Series;
use crate::{Rect, TimeRange};

/// Draws `series` over `range` into `rect`, from its lowest to its highest value; `ratio` is device pixels per CSS
/// pixel. A line without ups and downs lies in the middle.
pub fn sparkline(list: &mut DisplayList, series: &Series, range: TimeRange, rect: Rect, ratio: f32) {
    let series = std::slice::from_ref(series);
    let extent = extent(series, None, range, Spread::Linear);
    let style = series.first().map(|series| series.style).unwrap_or_default();
    let air = (style.line_width.max(style.point_size) * ratio / 2.0).min(rect.height() / 4.0);
    let plot = Rect::new(rect.left, rect.top + air, rect.right, rect.bottom - air);
    let (low, high) = match extent {
        Some((low, high)) if low < high => (low, high),
        Some((level, _)) => (level - 1.0, level + 1.0),
        None => (0.0, 1.0),
    };
    let y = ValueScale::new(Spread::Linear, low, high, plot.top, plot.bottom);
    let x = TimeScale::new(range, plot.left, plot.right);
    list.clipped(rect, |list| marks::draw(list, series, &Place { plot, ratio, x: &x, y: &y, y2: None }));
}
