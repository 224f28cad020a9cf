//! The display list: everything a picture consists of, in device pixels, in painting order.
//!
//! Points and texts of all commands live in two arenas, so building a list allocates a handful of times, not once
//! per command, and a list can be kept and refilled.

use crate::{Color, Point, Rect};

/// How a line is drawn. Joins are always round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its width in device pixels.
    pub width: f32,
    /// Its dashes.
    pub dash: Dash,
}

impl Stroke {
    /// An unbroken line.
    #[must_use]
    pub const fn solid(color: Color, width: f32) -> Self {
        Self { color, width, dash: Dash::SOLID }
    }
}

/// The pattern of a line: `on` pixels drawn, `off` pixels left out. Dashes of no length are dots: round caps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dash {
    /// Length of a dash in device pixels.
    pub on: f32,
    /// Length of the space after it; nothing above 0 means an unbroken line.
    pub off: f32,
}

impl Dash {
    /// An unbroken line.
    pub const SOLID: Self = Self { on: 0.0, off: 0.0 };

    /// Whether the line has no spaces.
    #[must_use]
    pub fn is_solid(self) -> bool {
        // Written so that NaN counts as solid.
        !(self.off > 0.0 && self.on >= 0.0)
    }

    /// Whether the pattern is a row of dots.
    #[must_use]
    pub fn is_dotted(self) -> bool {
        !self.is_solid() && self.on == 0.0
    }

    /// The pattern for another pixel ratio.
    #[must_use]
    pub fn scaled(self, ratio: f32) -> Self {
        Self { on: self.on * ratio, off: self.off * ratio }
    }
}

/// What an area is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// One colour.
    Solid(Color),
    /// A gradient from top to bottom, constant beyond its ends.
    Vertical {
        /// The y the gradient starts at, in device pixels.
        top: f32,
        /// Its colour there.
        from: Color,
        /// The y it ends at.
        bottom: f32,
        /// Its colour there.
        to: Color,
    },
}

impl Paint {
    /// One colour for surfaces without gradients: the middle of the gradient.
    #[must_use]
    pub fn average(self) -> Color {
        match self {
            Self::Solid(color) => color,
            Self::Vertical { from, to, .. } => from.mixed(to, 0.5),
        }
    }
}

/// How heavy text is. There are two weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// 400.
    #[default]
    Regular,
    /// 600.
    Bold,
}

/// Where a text stands, horizontally, to the point it is drawn at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Align {
    /// The text starts at the point.
    Left,
    /// The point is in its middle.
    Center,
    /// The text ends at the point.
    Right,
}

/// How text is drawn: with its baseline at the point given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStyle {
    /// Its colour.
    pub color: Color,
    /// Font size in device pixels.
    pub size: f32,
    /// Its weight.
    pub weight: Weight,
    /// Its place beside its point.
    pub align: Align,
}

/// Points of a [`DisplayList`], made and read by the list only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(crate) const EMPTY: Self = Self { start: 0, end: 0 };

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// One thing to draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Command {
    /// Lines through points; a break ends one and starts the next.
    Stroke(Span, Stroke),
    /// Closed shapes, each ended by a break, filled by the nonzero rule.
    Fill(Span, Paint),
    /// A filled rectangle.
    Rect(Rect, Paint),
    /// Filled circles of one radius.
    Circles(Span, f32, Color),
    /// A line of text.
    Text(Span, Point, TextStyle),
    /// Draw only inside this rectangle, until the matching [`Command::Unclip`].
    Clip(Rect),
    /// Ends the innermost clip.
    Unclip,
}

/// A picture as commands.
#[derive(Clone, Debug, Default)]
pub struct DisplayList {
    commands: Vec<Command>,
    points: Vec<Point>,
    text: String,
}

impl DisplayList {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Empties the list and keeps its memory for the next picture.
    pub fn clear(&mut self) {
        self.commands.clear();
        self.points.clear();
        self.text.clear();
    }

    /// The commands, in painting order.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The points of a path or of circles of this list.
    #[must_use]
    pub fn points(&self, span: Span) -> &[Point] {
        self.points.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The text of a text command of this list.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// Makes a path of the points that `build` appends to those already there.
    pub(crate) fn path(&mut self, build: impl FnOnce(&mut Vec<Point>)) -> Span {
        let start = index(self.points.len());
        build(&mut self.points);
        Span { start, end: index(self.points.len()) }
    }

    /// Draws lines, unless nothing would be seen.
    pub fn stroke(&mut self, path: Span, stroke: Stroke) {
        if !path.is_empty() && stroke.width > 0.0 && !stroke.color.is_transparent() {
            self.commands.push(Command::Stroke(path, stroke));
        }
    }

    /// Fills shapes.
    pub fn fill(&mut self, path: Span, paint: Paint) {
        if !path.is_empty() {
            self.commands.push(Command::Fill(path, paint));
        }
    }

    /// Fills a rectangle.
    pub fn rect(&mut self, rect: Rect, paint: Paint) {
        self.commands.push(Command::Rect(rect, paint));
    }

    /// Draws filled circles.
    pub fn circles(&mut self, centers: Span, radius: f32, color: Color) {
        if !centers.is_empty() && radius > 0.0 {
            self.commands.push(Command::Circles(centers, radius, color));
        }
    }

    /// Draws a line of text beside `at`.
    pub fn label(&mut self, text: &str, at: Point, style: TextStyle) {
        if text.is_empty() {
            return;
        }
        let start = index(self.text.len());
        self.text.push_str(text);
        self.commands.push(Command::Text(Span { start, end: index(self.text.len()) }, at, style));
    }

    /// Draws what `inside` adds clipped to `rect`.
    pub fn clipped(&mut self, rect: Rect, inside: impl FnOnce(&mut Self)) {
        self.commands.push(Command::Clip(rect));
        inside(self);
        self.commands.push(Command::Unclip);
    }
}

/// Four billion points are beyond any memory this runs in; a list that long would only lose its tail.
fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
