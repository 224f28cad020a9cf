//! A surface that writes SVG, for export and for goldens: short, and the same for the same picture on every machine.

use crate::list::{Align, Paint, Stroke, TextStyle, Weight};
use crate::{Color, Drawn, Point, Rect, Size, Surface};
use plotters_backend::{BackendColor, BackendCoord, DrawingBackend};
use std::convert::Infallible;
use std::fmt::{self, Write};

/// Coordinates are written to a tenth of a device pixel.
const PLACES: f32 = 10.0;

/// An SVG picture being drawn.
#[derive(Clone, Debug)]
pub struct SvgSurface {
    size: Size,
    body: String,
    gradients: u32,
    open_clips: u32,
}

impl SvgSurface {
    /// An empty picture, `size.width_px` by `size.height_px` units large and shown at CSS pixels, with `background`
    /// behind it.
    #[must_use]
    pub fn new(size: Size, background: Color) -> Self {
        let size = size.sane();
        let Size { width_px, height_px, ratio } = size;
        let mut surface = Self { size, body: String::new(), gradients: 0, open_clips: 0 };
        surface.write(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" \
             font-family=\"Helvetica,Arial,Liberation Sans,sans-serif\">\n",
            Number(width_px / ratio),
            Number(height_px / ratio),
            Number(width_px),
            Number(height_px),
        ));
        if !background.is_transparent() {
            surface.rect(size.rect(), &Paint::Solid(background));
        }
        surface
    }

    /// The finished document.
    #[must_use]
    pub fn finish(mut self) -> String {
        for _ in 0..self.open_clips {
            self.body.push_str("</svg>\n");
        }
        self.body.push_str("</svg>\n");
        self.body
    }

    fn write(&mut self, arguments: fmt::Arguments) {
        // Writing to a String cannot fail.
        let _ = self.body.write_fmt(arguments);
    }

    fn rect(&mut self, rect: Rect, paint: &Paint) {
        let fill = self.fill(paint);
        let (width, height) = (Number(rect.width()), Number(rect.height()));
        let (left, top) = (Number(rect.left), Number(rect.top));
        self.write(format_args!("<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"{fill}/>\n"));
    }

    /// The `fill` attributes for a paint, after its definition where it needs one.
    fn fill(&mut self, paint: &Paint) -> String {
        match paint {
            Paint::Solid(color) => Attribute("fill", *color).to_string(),
            Paint::Vertical { top, from, bottom, to } => {
                self.gradients += 1;
                let id = self.gradients;
                self.write(format_args!(
                    "<linearGradient id=\"g{id}\" gradientUnits=\"userSpaceOnUse\" x2=\"0\" y1=\"{}\" y2=\"{}\">\
                     <stop{}/><stop offset=\"1\"{}/></linearGradient>\n",
                    Number(*top),
                    Number(*bottom),
                    Attribute("stop", *from),
                    Attribute("stop", *to),
                ));
                format!(" fill=\"url(#g{id})\"")
            }
        }
    }

    fn path(&mut self, points: &[Point], close: bool) {
        self.body.push_str("<path d=\"");
        let mut pen: Option<(i64, i64)> = None;
        for point in points {
            let to = (tenths(point.x), tenths(point.y));
            match pen {
                _ if point.is_break() => {
                    if close && pen.is_some() {
                        self.body.push('z');
                    }
                    pen = None;
                    continue;
                }
                None => self.write(format_args!("M{} {}", Tenths(to.0), Tenths(to.1))),
                Some(from) => {
                    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
                    match (dx, dy) {
                        (0, dy) => self.write(format_args!("v{}", Tenths(dy))),
                        (dx, 0) => self.write(format_args!("h{}", Tenths(dx))),
                        // A minus separates numbers by itself.
                        (dx, dy) if dy < 0 => self.write(format_args!("l{}{}", Tenths(dx), Tenths(dy))),
                        (dx, dy) => self.write(format_args!("l{} {}", Tenths(dx), Tenths(dy))),
                    }
                }
            }
            pen = Some(to);
        }
        self.body.push('"');
    }
}

/// What a backend must have; all drawing comes through [`Surface`].
impl DrawingBackend for SvgSurface {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.width_px as u32, self.size.height_px as u32)
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

impl Surface for SvgSurface {
    fn stroke_path(&mut self, points: &[Point], stroke: &Stroke) -> Drawn<Self> {
        self.path(points, false);
        self.write(format_args!(
            " fill=\"none\"{} stroke-width=\"{}\" stroke-linejoin=\"round\"",
            Attribute("stroke", stroke.color),
            Number(stroke.width),
        ));
        if !stroke.dash.is_solid() {
            self.write(format_args!(" stroke-dasharray=\"{} {}\"", Number(stroke.dash.on), Number(stroke.dash.off)));
            if stroke.dash.is_dotted() {
                self.body.push_str(" stroke-linecap=\"round\"");
            }
        }
        self.body.push_str("/>\n");
        Ok(())
    }

    fn fill_path(&mut self, points: &[Point], paint: &Paint) -> Drawn<Self> {
        let fill = self.fill(paint);
        self.path(points, true);
        self.write(format_args!("{fill}/>\n"));
        Ok(())
    }

    fn fill_rect(&mut self, rect: Rect, paint: &Paint) -> Drawn<Self> {
        self.rect(rect, paint);
        Ok(())
    }

    /// Circles are the round caps of lines without length: a path for all of them.
    fn fill_circles(&mut self, centers: &[Point], radius: f32, color: Color) -> Drawn<Self> {
        self.body.push_str("<path d=\"");
        for center in centers {
            self.write(format_args!("M{} {}h0", Number(center.x), Number(center.y)));
        }
        let stroke = Attribute("stroke", color);
        self.write(format_args!("\"{stroke} stroke-width=\"{}\" stroke-linecap=\"round\"/>\n", Number(radius * 2.0)));
        Ok(())
    }

    fn fill_text(&mut self, text: &str, at: Point, style: &TextStyle) -> Drawn<Self> {
        let anchor = match style.align {
            Align::Left => "",
            Align::Center => " text-anchor=\"middle\"",
            Align::Right => " text-anchor=\"end\"",
        };
        let weight = if style.weight == Weight::Bold { " font-weight=\"600\"" } else { "" };
        self.write(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{anchor}{weight}{}>{}</text>\n",
            Number(at.x),
            Number(at.y),
            Number(style.size),
            Attribute("fill", style.color),
            Escaped(text),
        ));
        Ok(())
    }

    /// A nested `svg` element clips what is in it, and needs no name that other pictures on a page might share.
    fn push_clip(&mut self, rect: Rect) -> Drawn<Self> {
        self.open_clips += 1;
        let (left, top) = (Number(rect.left), Number(rect.top));
        let (width, height) = (Number(rect.width()), Number(rect.height()));
        self.write(format_args!(
            "<svg x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"{left} {top} {width} {height}\">\n"
        ));
        Ok(())
    }

    fn pop_clip(&mut self) -> Drawn<Self> {
        if self.open_clips > 0 {
            self.open_clips -= 1;
            self.body.push_str("</svg>\n");
        }
        Ok(())
    }
}

fn tenths(number: f32) -> i64 {
    // Saturates, and gives 0 for NaN.
    (number * PLACES).round() as i64
}

/// A number in as few characters as a tenth of a pixel needs.
struct Number(f32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Tenths(tenths(self.0)).fmt(f)
    }
}

struct Tenths(i64);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, tenth) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        match (whole, tenth) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (0, tenth) => write!(f, "{sign}.{tenth}"),
            (whole, tenth) => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// A colour as an attribute, with its opacity beside it: older viewers know no `#rrggbbaa`.
struct Attribute(&'static str, Color);

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name, color) = self;
        let alpha = color.channels()[3];
        let suffix = if *name == "stop" { "-color" } else { "" };
        write!(f, " {name}{suffix}=\"{}\"", Color(color.0 | 0xff))?;
        if alpha == 0xff {
            return Ok(());
        }
        write!(f, " {name}-opacity=\"{}\"", (f32::from(alpha) / 2.55).round() / 100.0)
    }
}

/// Text that cannot be mistaken for markup. Characters XML has no place for are left out.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '\t' | '\n' | '\r' => f.write_str(" ")?,
                '\0'..=' ' if character != ' ' => {}
                '\u{fffe}' | '\u{ffff}' => {}
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dash;

    const SIZE: Size = Size { width_px: 20.0, height_px: 10.0, ratio: 2.0 };

    fn check(draw: impl Fn(&mut SvgSurface) -> Drawn<SvgSurface>, expected: &str) {
        let mut surface = SvgSurface::new(SIZE, Color::TRANSPARENT);
        draw(&mut surface).unwrap();
        let svg = surface.finish();
        let body = svg.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert_eq!(body.strip_suffix("</svg>").unwrap().trim_end(), expected);
    }

    #[test]
    fn elements_are_short() {
        let path =
            [Point::new(1.0, 2.0), Point::new(3.25, 2.0), Point::new(3.25, -0.5), Point::BREAK, Point::new(7.0, 7.0)];
        let red = Color::rgb(0xff0000);
        check(
            |svg| svg.stroke_path(&path, &Stroke::solid(red, 1.5)),
            r##"<path d="M1 2h2.3v-2.5M7 7" fill="none" stroke="#ff0000" stroke-width="1.5" stroke-linejoin="round"/>"##,
        );
        let dotted = Stroke { dash: Dash { on: 0.0, off: 3.0 }, ..Stroke::solid(red, 1.0) };
        check(
            |svg| svg.stroke_path(&path[..2], &dotted),
            r##"<path d="M1 2h2.3" fill="none" stroke="#ff0000" stroke-width="1" stroke-linejoin="round" stroke-dasharray="0 3" stroke-linecap="round"/>"##,
        );
        check(
            |svg| svg.fill_path(&path[..4], &Paint::Solid(red.faded(0.1))),
            r##"<path d="M1 2h2.3v-2.5z" fill="#ff0000" fill-opacity="0.1"/>"##,
        );
        check(
            |svg| svg.fill_circles(&path[..1], 2.0, red),
            r##"<path d="M1 2h0" stroke="#ff0000" stroke-width="4" stroke-linecap="round"/>"##,
        );
        check(|svg| svg.draw_pixel((1, 2), red.into()), r##"<rect x="1" y="2" width="1" height="1" fill="#ff0000"/>"##);
    }

    #[test]
    fn text_is_never_markup() {
        let style = TextStyle { color: Color::rgb(0), size: 11.0, weight: Weight::Bold, align: Align::Right };
        check(
            |svg| svg.fill_text("<b onload=\"x\">&\u{0}\n\u{1b}é", Point::new(1.0, 2.0), &style),
            r##"<text x="1" y="2" font-size="11" text-anchor="end" font-weight="600" fill="#000000">&lt;b onload="x"&gt;&amp; é</text>"##,
        );
    }

    #[test]
    fn open_clips_are_closed() {
        check(
            |svg| svg.push_clip(Rect::new(1.0, 2.0, 5.0, 6.0)),
            "<svg x=\"1\" y=\"2\" width=\"4\" height=\"4\" viewBox=\"1 2 4 4\">\n</svg>",
        );
        check(SvgSurface::pop_clip, "");
    }
}
