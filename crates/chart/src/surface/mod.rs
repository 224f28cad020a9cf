//! Surfaces: what a display list is replayed on.

pub(crate) mod clip;
pub(crate) mod plotters;
pub(crate) mod record;
pub(crate) mod svg;

use crate::list::{Command, DisplayList, Paint, Stroke, TextStyle};
use crate::{Color, Point, Rect};
use plotters_backend::{DrawingBackend, DrawingErrorKind};

/// What drawing on a surface gives: nothing, or the backend's error.
pub type Drawn<S> = Result<(), DrawingErrorKind<<S as DrawingBackend>::ErrorType>>;

/// A plotters backend that also draws what plotters has no words for: between pixels, clipped, dashed, with
/// gradients. [`PlottersSurface`](crate::PlottersSurface) makes one of any backend that cannot.
///
/// Every method fails with the backend's own errors.
pub trait Surface: DrawingBackend {
    /// Strokes lines through `points`; a break ends one line and starts the next. Joins are round.
    fn stroke_path(&mut self, points: &[Point], stroke: &Stroke) -> Drawn<Self>;

    /// Fills closed shapes, each ended by a break or the end of `points`, by the nonzero rule.
    fn fill_path(&mut self, points: &[Point], paint: &Paint) -> Drawn<Self>;

    /// Fills a rectangle.
    fn fill_rect(&mut self, rect: Rect, paint: &Paint) -> Drawn<Self>;

    /// Fills circles.
    fn fill_circles(&mut self, centers: &[Point], radius: f32, color: Color) -> Drawn<Self>;

    /// Draws text, its baseline at `at`.
    fn fill_text(&mut self, text: &str, at: Point, style: &TextStyle) -> Drawn<Self>;

    /// Restricts drawing to `rect` until the matching [`Surface::pop_clip`].
    fn push_clip(&mut self, rect: Rect) -> Drawn<Self>;

    /// Ends the innermost clip.
    fn pop_clip(&mut self) -> Drawn<Self>;
}

/// Draws `list` on `surface` and presents it.
///
/// # Errors
///
/// The surface's first one; what was drawn before stays.
pub fn paint<S: Surface>(list: &DisplayList, surface: &mut S) -> Drawn<S> {
    surface.ensure_prepared()?;
    for command in list.commands() {
        match command {
            Command::Stroke(path, stroke) => surface.stroke_path(list.points(*path), stroke),
            Command::Fill(path, paint) => surface.fill_path(list.points(*path), paint),
            Command::Rect(rect, paint) => surface.fill_rect(*rect, paint),
            Command::Circles(centers, radius, color) => surface.fill_circles(list.points(*centers), *radius, *color),
            Command::Text(text, at, style) => surface.fill_text(list.text(*text), *at, style),
            Command::Clip(rect) => surface.push_clip(*rect),
            Command::Unclip => surface.pop_clip(),
        }?;
    }
    surface.present()
}
