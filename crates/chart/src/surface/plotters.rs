//! Drawing on backends that know nothing but plotters' own trait.

use crate::list::{Align, Paint, Stroke, TextStyle, Weight};
use crate::marks::trace;
use crate::surface::clip;
use crate::{Color, Drawn, Measure, Point, Rect, Surface, TableMeasure};
use plotters_backend::text_anchor::{HPos, Pos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, FontFamily, FontStyle,
};
use std::convert::Infallible;

/// A surface on any plotters backend. Coordinates become whole pixels, gradients their middle colour; clips and
/// dashes are cut beforehand.
pub struct PlottersSurface<'a, B: DrawingBackend> {
    backend: &'a mut B,
    clips: Vec<Rect>,
}

impl<'a, B: DrawingBackend> PlottersSurface<'a, B> {
    /// Draws on `backend`.
    #[must_use]
    pub fn new(backend: &'a mut B) -> Self {
        Self { backend, clips: Vec::new() }
    }

    /// The part of the canvas that may be drawn on.
    fn visible(&self) -> Rect {
        let (width, height) = self.backend.get_size();
        self.clips.last().copied().unwrap_or(Rect::new(0.0, 0.0, width as f32, height as f32))
    }
}

impl<B: DrawingBackend> DrawingBackend for PlottersSurface<'_, B> {
    type ErrorType = B::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.backend.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn<Self> {
        self.backend.ensure_prepared()
    }

    fn present(&mut self) -> Drawn<Self> {
        self.backend.present()
    }

    fn draw_pixel(&mut self, at: BackendCoord, color: BackendColor) -> Drawn<Self> {
        self.backend.draw_pixel(at, color)
    }
}

impl<B: DrawingBackend> Surface for PlottersSurface<'_, B> {
    fn stroke_path(&mut self, points: &[Point], stroke: &Stroke) -> Drawn<Self> {
        let mut path = clip::lines(points, self.visible());
        if !stroke.dash.is_solid() {
            path = clip::dashes(&path, stroke.dash);
        }
        let style = Line { color: stroke.color.into(), width: stroke.width.round().max(1.0) as u32 };
        trace::runs(&path).try_for_each(|run| self.backend.draw_path(run.iter().map(pixel), &style))
    }

    fn fill_path(&mut self, points: &[Point], paint: &Paint) -> Drawn<Self> {
        let (color, visible) = (BackendColor::from(paint.average()), self.visible());
        trace::runs(points).try_for_each(|shape| {
            let shape = clip::polygon(shape, visible);
            if shape.is_empty() { Ok(()) } else { self.backend.fill_polygon(shape.iter().map(pixel), &color) }
        })
    }

    fn fill_rect(&mut self, rect: Rect, paint: &Paint) -> Drawn<Self> {
        let rect = rect.intersection(self.visible());
        let (left, top) = pixel(&Point::new(rect.left, rect.top));
        // Backends draw the last row and column too.
        let (right, bottom) = pixel(&Point::new(rect.right - 1.0, rect.bottom - 1.0));
        if right < left || bottom < top {
            return Ok(());
        }
        self.backend.draw_rect((left, top), (right, bottom), &BackendColor::from(paint.average()), true)
    }

    fn fill_circles(&mut self, centers: &[Point], radius: f32, color: Color) -> Drawn<Self> {
        let (visible, radius) = (self.visible(), radius.round().max(1.0) as u32);
        let mut inside = centers.iter().filter(|center| visible.contains(**center));
        inside.try_for_each(|center| self.backend.draw_circle(pixel(center), radius, &BackendColor::from(color), true))
    }

    fn fill_text(&mut self, text: &str, at: Point, style: &TextStyle) -> Drawn<Self> {
        // plotters places text by its middle: half a capital above the baseline.
        let middle = Point::new(at.x, at.y - style.size * 0.35);
        self.backend.draw_text(text, &Text(*style), pixel(&middle))
    }

    fn push_clip(&mut self, rect: Rect) -> Drawn<Self> {
        self.clips.push(rect.intersection(self.visible()));
        Ok(())
    }

    fn pop_clip(&mut self) -> Drawn<Self> {
        self.clips.pop();
        Ok(())
    }
}

/// The pixel a point falls on.
fn pixel(point: &Point) -> BackendCoord {
    // Float to int casts saturate; far away is far enough.
    (point.x.round() as i32, point.y.round() as i32)
}

struct Line {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for Line {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

/// Text as plotters' backends see it.
struct Text(TextStyle);

impl BackendTextStyle for Text {
    type FontError = Infallible;

    fn color(&self) -> BackendColor {
        self.0.color.into()
    }

    fn size(&self) -> f64 {
        f64::from(self.0.size)
    }

    fn style(&self) -> FontStyle {
        if self.0.weight == Weight::Bold { FontStyle::Bold } else { FontStyle::Normal }
    }

    fn anchor(&self) -> Pos {
        let h_pos = match self.0.align {
            Align::Left => HPos::Left,
            Align::Center => HPos::Center,
            Align::Right => HPos::Right,
        };
        Pos::new(h_pos, VPos::Center)
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::SansSerif
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Infallible> {
        let width = TableMeasure.width(text, self.0.size, self.0.weight);
        Ok(((0, 0), (width.ceil() as i32, self.0.size.ceil() as i32)))
    }

    /// Backends that cannot write ask the font for pixels. There is no font here: such backends show no text.
    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _: &str,
        _: BackendCoord,
        _: F,
    ) -> Result<Result<(), E>, Infallible> {
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dash;
    use crate::list::DisplayList;

    /// A backend that can set pixels and nothing else.
    struct Pixels {
        rows: Vec<Vec<char>>,
    }

    impl DrawingBackend for Pixels {
        type ErrorType = Infallible;

        fn get_size(&self) -> (u32, u32) {
            (16, 8)
        }

        fn ensure_prepared(&mut self) -> Result<(), plotters_backend::DrawingErrorKind<Infallible>> {
            Ok(())
        }

        fn present(&mut self) -> Result<(), plotters_backend::DrawingErrorKind<Infallible>> {
            Ok(())
        }

        fn draw_pixel(
            &mut self,
            (x, y): BackendCoord,
            color: BackendColor,
        ) -> Result<(), plotters_backend::DrawingErrorKind<Infallible>> {
            let row = usize::try_from(y).ok().and_then(|y| self.rows.get_mut(y));
            if let Some(pixel) = row.and_then(|row| row.get_mut(usize::try_from(x).ok()?))
                && color.alpha > 0.0
            {
                *pixel = if color.rgb.0 > 128 { '#' } else { '+' };
            }
            Ok(())
        }
    }

    fn check(fill: impl Fn(&mut DisplayList), expected: [&str; 8]) {
        let mut pixels = Pixels { rows: vec![vec!['.'; 16]; 8] };
        let mut list = DisplayList::new();
        fill(&mut list);
        crate::paint(&list, &mut PlottersSurface::new(&mut pixels)).unwrap();
        let rows: Vec<String> = pixels.rows.iter().map(|row| row.iter().collect()).collect();
        assert_eq!(rows, expected, "{rows:#?}");
    }

    #[test]
    fn plain_backends_get_pixels() {
        let white = Color::rgb(0xffffff);
        let grey = Paint::Vertical { top: 0.0, from: Color::rgb(0), bottom: 8.0, to: Color::rgb(0x808080) };
        check(
            |list| {
                list.rect(Rect::new(0.0, 6.0, 16.0, 8.0), grey);
                list.clipped(Rect::new(4.0, 0.0, 12.0, 5.0), |list| {
                    let line = list.path(|out| out.extend([Point::new(-9.0, 1.0), Point::new(99.0, 1.0)]));
                    list.stroke(line, Stroke::solid(white, 1.0));
                    let square = [(10.0, 3.0), (20.0, 3.0), (20.0, 20.0), (10.0, 20.0)];
                    let square = list.path(|out| out.extend(square.map(|(x, y)| Point::new(x, y))));
                    list.fill(square, Paint::Solid(white));
                });
                let dashed = list.path(|out| out.extend([Point::new(0.0, 7.0), Point::new(15.0, 7.0)]));
                list.stroke(dashed, Stroke { dash: Dash { on: 2.0, off: 3.0 }, ..Stroke::solid(white, 1.0) });
            },
            [
                "................",
                "....#########...",
                "................",
                "..........###...",
                "..........###...",
                "................",
                "++++++++++++++++",
                "###++###++###+++",
            ],
        );
    }
}
