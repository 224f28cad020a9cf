//! Replays display lists on a 2D context.

use crate::dom::on_leave;
use chart::{Align, Color, Drawn, Paint, Point, Rect, Stroke, Surface, TextStyle, Weight};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};
use std::f64::consts::TAU;
use std::fmt;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// The 2D context of `canvas`, none where the browser gives none.
pub fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok().flatten()?.dyn_into().ok()
}

/// Gives back what `canvas` holds when the scope is left. The browser would keep it until it collects garbage, and would
/// have to collect it the sooner: a chart's pixels are a megabyte.
pub fn release_on_leave(canvas: HtmlCanvasElement) {
    on_leave(move || canvas.set_width(0));
}

/// A canvas refused to draw.
#[derive(Debug)]
pub struct CanvasError(String);

impl fmt::Display for CanvasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the canvas could not be drawn on: {}", self.0)
    }
}

impl std::error::Error for CanvasError {}

fn refused(error: JsValue) -> DrawingErrorKind<CanvasError> {
    DrawingErrorKind::DrawingError(CanvasError(format!("{error:?}")))
}

/// A 2D context as a surface, in device pixels.
///
/// Setting a style on a context costs a string; the styles in force are remembered.
pub struct CanvasSurface<'a> {
    context: &'a CanvasRenderingContext2d,
    size: (u32, u32),
    fill: Option<Color>,
    stroke: Option<Color>,
    line_width: f32,
    dashed: bool,
    font: Option<(u32, Weight)>,
}

impl<'a> CanvasSurface<'a> {
    /// A surface of `size` device pixels, cleared.
    pub fn new(context: &'a CanvasRenderingContext2d, size: (u32, u32)) -> Self {
        context.clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        context.set_line_join("round");
        context.set_line_cap("butt");
        context.set_text_baseline("alphabetic");
        // What the context remembers of former frames is not known here: nothing is taken as set.
        Self { context, size, fill: None, stroke: None, line_width: f32::NAN, dashed: true, font: None }
    }

    fn set_fill(&mut self, color: Color) {
        if self.fill != Some(color) {
            let text = color.to_string();
            self.context.set_fill_style_str(&text);
            self.fill = Some(color);
        }
    }

    fn set_paint(&mut self, paint: &Paint) -> Drawn<Self> {
        match *paint {
            Paint::Solid(color) => self.set_fill(color),
            Paint::Vertical { top, from, bottom, to } => {
                let gradient = self.context.create_linear_gradient(0.0, f64::from(top), 0.0, f64::from(bottom));
                for (offset, color) in [(0.0, from), (1.0, to)] {
                    gradient.add_color_stop(offset, &color.to_string()).map_err(refused)?;
                }
                self.context.set_fill_style_canvas_gradient(&gradient);
                self.fill = None;
            }
        }
        Ok(())
    }

    fn set_stroke(&mut self, stroke: &Stroke) -> Drawn<Self> {
        if self.stroke != Some(stroke.color) {
            let text = stroke.color.to_string();
            self.context.set_stroke_style_str(&text);
            self.stroke = Some(stroke.color);
        }
        if self.line_width.to_bits() != stroke.width.to_bits() {
            self.context.set_line_width(f64::from(stroke.width));
            self.line_width = stroke.width;
        }
        let solid = stroke.dash.is_solid();
        if self.dashed || !solid {
            let pattern = js_sys::Array::new();
            if !solid {
                pattern.push(&stroke.dash.on.into());
                pattern.push(&stroke.dash.off.into());
            }
            self.context.set_line_dash(&pattern).map_err(refused)?;
            self.dashed = !solid;
        }
        Ok(())
    }

    /// Adds `points` to a fresh path; a break starts anew.
    fn trace(&self, points: &[Point]) {
        self.context.begin_path();
        let mut pen_down = false;
        for point in points {
            if point.is_break() {
                pen_down = false;
            } else if pen_down {
                self.context.line_to(f64::from(point.x), f64::from(point.y));
            } else {
                self.context.move_to(f64::from(point.x), f64::from(point.y));
                pen_down = true;
            }
        }
    }
}

impl Surface for CanvasSurface<'_> {
    fn stroke_path(&mut self, points: &[Point], stroke: &Stroke) -> Drawn<Self> {
        self.set_stroke(stroke)?;
        self.trace(points);
        self.context.stroke();
        Ok(())
    }

    fn fill_path(&mut self, points: &[Point], paint: &Paint) -> Drawn<Self> {
        self.set_paint(paint)?;
        self.trace(points);
        self.context.fill();
        Ok(())
    }

    fn fill_rect(&mut self, rect: Rect, paint: &Paint) -> Drawn<Self> {
        self.set_paint(paint)?;
        let [x, y, width, height] = [rect.left, rect.top, rect.width(), rect.height()].map(f64::from);
        self.context.fill_rect(x, y, width, height);
        Ok(())
    }

    fn fill_circles(&mut self, centers: &[Point], radius: f32, color: Color) -> Drawn<Self> {
        self.set_fill(color);
        self.context.begin_path();
        for center in centers {
            let (x, y, radius) = (f64::from(center.x), f64::from(center.y), f64::from(radius));
            self.context.move_to(x + radius, y);
            self.context.arc(x, y, radius, 0.0, TAU).map_err(refused)?;
        }
        self.context.fill();
        Ok(())
    }

    fn fill_text(&mut self, text: &str, at: Point, style: &TextStyle) -> Drawn<Self> {
        self.set_fill(style.color);
        if self.font != Some((style.size.to_bits(), style.weight)) {
            self.context.set_font(&super::font(style.size, style.weight));
            self.font = Some((style.size.to_bits(), style.weight));
        }
        self.context.set_text_align(match style.align {
            Align::Left => "left",
            Align::Center => "center",
            Align::Right => "right",
        });
        self.context.fill_text(text, f64::from(at.x), f64::from(at.y)).map_err(refused)
    }

    fn push_clip(&mut self, rect: Rect) -> Drawn<Self> {
        self.context.save();
        let [x, y, width, height] = [rect.left, rect.top, rect.width(), rect.height()].map(f64::from);
        self.context.begin_path();
        self.context.rect(x, y, width, height);
        self.context.clip();
        Ok(())
    }

    fn pop_clip(&mut self) -> Drawn<Self> {
        self.context.restore();
        // The context has the styles of before the clip again.
        self.fill = None;
        self.stroke = None;
        self.font = None;
        self.line_width = f32::NAN;
        self.dashed = true;
        Ok(())
    }
}

/// What plotters itself draws, for elements of its own: whole pixels, one style a call.
impl DrawingBackend for CanvasSurface<'_> {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn<Self> {
        Ok(())
    }

    fn present(&mut self) -> Drawn<Self> {
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn<Self> {
        let at = center(point);
        self.fill_rect(Rect::new(at.x - 0.5, at.y - 0.5, at.x + 0.5, at.y + 0.5), &Paint::Solid(packed(color)))
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn<Self> {
        let points: Vec<Point> = path.into_iter().map(center).collect();
        self.stroke_path(&points, &Stroke::solid(packed(style.color()), style.stroke_width() as f32))
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        corners: I,
        style: &S,
    ) -> Drawn<Self> {
        let points: Vec<Point> = corners.into_iter().map(center).collect();
        self.fill_path(&points, &Paint::Solid(packed(style.color())))
    }

    fn draw_text<T: BackendTextStyle>(&mut self, text: &str, style: &T, at: BackendCoord) -> Drawn<Self> {
        let style = TextStyle {
            color: packed(style.color()),
            size: style.size() as f32,
            weight: Weight::Regular,
            align: Align::Left,
        };
        self.fill_text(text, center(at), &style)
    }
}

fn center((x, y): BackendCoord) -> Point {
    Point { x: x as f32 + 0.5, y: y as f32 + 0.5 }
}

fn packed(color: BackendColor) -> Color {
    let (red, green, blue) = color.rgb;
    let rgb = u32::from(red) << 16 | u32::from(green) << 8 | u32::from(blue);
    Color::rgb(rgb).faded(color.alpha as f32)
}
