//! A surface that writes down what it is asked to draw, one line a command: for tests to compare and people to read.

use crate::list::{Align, Paint, Stroke, TextStyle, Weight};
use crate::{Color, Drawn, Point, Rect, Surface};
use plotters_backend::{BackendColor, BackendCoord, DrawingBackend};
use std::convert::Infallible;
use std::fmt::{self, Write};

/// The record of a picture.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    text: String,
    depth: usize,
}

impl Recorder {
    /// An empty record.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was drawn, a line per command, indented inside clips, coordinates in tenths of pixels.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn line(&mut self, arguments: fmt::Arguments) -> Drawn<Self> {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(arguments);
        self.text.push('\n');
        Ok(())
    }
}

/// What a backend must have; all drawing comes through [`Surface`].
impl DrawingBackend for Recorder {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        // Paper without edges.
        (u32::MAX, u32::MAX)
    }

    fn ensure_prepared(&mut self) -> Drawn<Self> {
        Ok(())
    }

    fn present(&mut self) -> Drawn<Self> {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn<Self> {
        self.fill_rect(Rect::of_pixel(at), &Paint::Solid(color.into()))
    }
}

impl Surface for Recorder {
    fn stroke_path(&mut self, points: &[Point], stroke: &Stroke) -> Drawn<Self> {
        let Stroke { color, width, dash } = stroke;
        if dash.is_solid() {
            self.line(format_args!("stroke {color} {width:.1}:{}", Path(points)))
        } else {
            self.line(format_args!("stroke {color} {width:.1} dash {:.1} {:.1}:{}", dash.on, dash.off, Path(points)))
        }
    }

    fn fill_path(&mut self, points: &[Point], paint: &Paint) -> Drawn<Self> {
        self.line(format_args!("fill {}:{}", Filling(paint), Path(points)))
    }

    fn fill_rect(&mut self, rect: Rect, paint: &Paint) -> Drawn<Self> {
        self.line(format_args!("rect {}: {}", Filling(paint), Edges(rect)))
    }

    fn fill_circles(&mut self, centers: &[Point], radius: f32, color: Color) -> Drawn<Self> {
        self.line(format_args!("circles {color} {radius:.1}:{}", Path(centers)))
    }

    fn fill_text(&mut self, text: &str, at: Point, style: &TextStyle) -> Drawn<Self> {
        let align = match style.align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        };
        let weight = if style.weight == Weight::Bold { " bold" } else { "" };
        let TextStyle { color, size, .. } = style;
        self.line(format_args!("text {color} {size:.1} {align}{weight}: {:.1},{:.1} {text:?}", at.x, at.y))
    }

    fn push_clip(&mut self, rect: Rect) -> Drawn<Self> {
        self.line(format_args!("clip {}", Edges(rect)))?;
        self.depth += 1;
        Ok(())
    }

    fn pop_clip(&mut self) -> Drawn<Self> {
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}

struct Path<'a>(&'a [Point]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|point| {
            if point.is_break() { f.write_str(" |") } else { write!(f, " {:.1},{:.1}", point.x, point.y) }
        })
    }
}

struct Edges(Rect);

impl fmt::Display for Edges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rect { left, top, right, bottom } = self.0;
        write!(f, "{left:.1},{top:.1} to {right:.1},{bottom:.1}")
    }
}

struct Filling<'a>(&'a Paint);

impl fmt::Display for Filling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Paint::Solid(color) => write!(f, "{color}"),
            Paint::Vertical { top, from, bottom, to } => write!(f, "{from} at {top:.1} to {to} at {bottom:.1}"),
        }
    }
}
