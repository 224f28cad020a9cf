//! Points, rectangles and the size of a canvas, all in device pixels, y downwards.

/// A point in device pixels. In a path, a point whose `y` is NaN ends the current line: see [`Point::BREAK`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// Pixels from the left edge.
    pub x: f32,
    /// Pixels from the top edge.
    pub y: f32,
}

impl Point {
    /// Ends a line inside a path; the next point starts another.
    pub const BREAK: Self = Self { x: f32::NAN, y: f32::NAN };

    /// The point at `x`, `y`.
    #[inline]
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Whether this is no point but the end of a line.
    #[inline]
    #[must_use]
    pub fn is_break(self) -> bool {
        self.y.is_nan()
    }
}

/// A rectangle in device pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Its left edge.
    pub left: f32,
    /// Its top edge.
    pub top: f32,
    /// Its right edge, not left of `left`.
    pub right: f32,
    /// Its bottom edge, not above `top`.
    pub bottom: f32,
}

impl Rect {
    /// The rectangle between these edges; edges that cross are pulled together.
    #[must_use]
    pub fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self { left, top, right: right.max(left), bottom: bottom.max(top) }
    }

    /// The place of one pixel, which plotters counts from 0.
    #[must_use]
    pub fn of_pixel((x, y): (i32, i32)) -> Self {
        Self::new(x as f32, y as f32, x as f32 + 1.0, y as f32 + 1.0)
    }

    /// Its width in pixels.
    #[must_use]
    pub fn width(self) -> f32 {
        self.right - self.left
    }

    /// Its height in pixels.
    #[must_use]
    pub fn height(self) -> f32 {
        self.bottom - self.top
    }

    /// Whether `point` lies in it, edges included.
    #[must_use]
    pub fn contains(self, point: Point) -> bool {
        self.left <= point.x && point.x <= self.right && self.top <= point.y && point.y <= self.bottom
    }

    /// What is inside both.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self::new(
            self.left.max(other.left),
            self.top.max(other.top),
            self.right.min(other.right),
            self.bottom.min(other.bottom),
        )
    }

    /// The rectangle grown by `by` on every side.
    #[must_use]
    pub fn grown(self, by: f32) -> Self {
        Self::new(self.left - by, self.top - by, self.right + by, self.bottom + by)
    }
}

/// How large the canvas is and how many device pixels make one CSS pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Width in device pixels.
    pub width_px: f32,
    /// Height in device pixels.
    pub height_px: f32,
    /// Device pixels per CSS pixel.
    pub ratio: f32,
}

impl Size {
    /// A size with impossible figures (zero, negative, NaN, beyond any canvas) brought to possible ones.
    #[must_use]
    pub fn sane(self) -> Self {
        // The comparisons are false for NaN.
        let side = |length: f32| if length > 1.0 { length.min(65_536.0) } else { 1.0 };
        let ratio = if self.ratio > 0.0 { self.ratio.clamp(0.25, 16.0) } else { 1.0 };
        Self { width_px: side(self.width_px), height_px: side(self.height_px), ratio }
    }

    /// The whole canvas.
    #[must_use]
    pub fn rect(self) -> Rect {
        Rect::new(0.0, 0.0, self.width_px, self.height_px)
    }
}
