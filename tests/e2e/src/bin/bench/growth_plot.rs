//! The figures below `growth/` as a picture: time and memory against samples and series, both axes logarithmic.

use crate::figure::Figure;
use chart::{Align, Color, Paint, Point, Size, Stroke, Surface as _, SvgSurface, TextStyle, Weight};

const SIZE: Size = Size { width_px: 760.0, height_px: 260.0, ratio: 1.0 };
const INK: Color = Color::rgb(0x24_29_2f);
const FAINT: Color = Color::rgb(0xd8_dd_e3);
const LINES: [(&str, &str, Color); 3] = [
    ("decode", "decode, ms", Color::rgb(0x1f_77_b4)),
    ("reduce", "reduce, ms", Color::rgb(0x2c_a0_2c)),
    ("memory", "memory, MiB", Color::rgb(0xd6_27_28)),
];

/// From 10^-2 to 10^4 of either unit.
const DECADES: std::ops::RangeInclusive<i32> = -2..=4;

/// The document; none where nothing of it was measured.
pub fn draw(figures: &[Figure]) -> Option<String> {
    let mut svg = SvgSurface::new(SIZE, Color::rgb(0xff_ff_ff));
    let samples = Plot { prefix: "growth/samples/", title: "20 series, samples in all", left: 50.0, decades: (4, 7) };
    let series = Plot { prefix: "growth/series/", title: "series of 100 samples", left: 430.0, decades: (0, 4) };
    let drawn = samples.draw(&mut svg, figures) & series.draw(&mut svg, figures);
    drawn.then(|| svg.finish())
}

struct Plot {
    prefix: &'static str,
    title: &'static str,
    left: f32,
    decades: (i32, i32),
}

impl Plot {
    const WIDTH: f32 = 300.0;
    const TOP: f32 = 40.0;
    const HEIGHT: f32 = 180.0;

    fn x(&self, decade: f32) -> f32 {
        let (first, last) = self.decades;
        self.left + Self::WIDTH * (decade - first as f32) / (last - first) as f32
    }

    fn y(decade: f32) -> f32 {
        let (first, last) = (*DECADES.start() as f32, *DECADES.end() as f32);
        Self::TOP + Self::HEIGHT * (last - decade.clamp(first, last)) / (last - first)
    }

    /// Whether there was anything to draw. Drawing into a text cannot fail.
    fn draw(&self, svg: &mut SvgSurface, figures: &[Figure]) -> bool {
        let right = self.left + Self::WIDTH;
        write(svg, self.title, Point::new(self.left, 20.0), Align::Left, INK);
        for decade in DECADES {
            let y = Self::y(decade as f32);
            _ = svg.stroke_path(&[Point::new(self.left, y), Point::new(right, y)], &Stroke::solid(FAINT, 1.0));
            write(svg, &power(decade), Point::new(self.left - 6.0, y + 4.0), Align::Right, INK);
        }
        for decade in self.decades.0..=self.decades.1 {
            let at = Point::new(self.x(decade as f32), Self::TOP + Self::HEIGHT + 18.0);
            write(svg, &power(decade), at, Align::Center, INK);
        }
        LINES.iter().enumerate().fold(false, |drawn, (n, (what, label, color))| {
            let points: Vec<_> = figures.iter().filter_map(|figure| self.point(figure, what)).collect();
            _ = svg.stroke_path(&points, &Stroke::solid(*color, 2.0));
            for point in &points {
                let dot = chart::Rect::new(point.x - 2.5, point.y - 2.5, point.x + 2.5, point.y + 2.5);
                _ = svg.fill_rect(dot, &Paint::Solid(*color));
            }
            write(svg, label, Point::new(self.left + 8.0, Self::TOP + 14.0 + 15.0 * n as f32), Align::Left, *color);
            drawn | !points.is_empty()
        })
    }

    fn point(&self, figure: &Figure, what: &str) -> Option<Point> {
        let (size, of) = figure.name.strip_prefix(self.prefix)?.split_once('/')?;
        let size: f32 = size.parse().ok()?;
        (of == what).then(|| Point::new(self.x(size.log10()), Self::y(figure.value.max(1e-9).log10() as f32)))
    }
}

fn write(svg: &mut SvgSurface, text: &str, at: Point, align: Align, color: Color) {
    _ = svg.fill_text(text, at, &TextStyle { color, size: 12.0, weight: Weight::Regular, align });
}

/// `0.01`, `1`, `10k`.
fn power(decade: i32) -> String {
    match decade {
        ..0 => format!("{:.*}", decade.unsigned_abs() as usize, 10_f32.powi(decade)),
        0..3 => 10_i32.pow(decade.unsigned_abs()).to_string(),
        3..6 => format!("{}k", 10_i32.pow(decade.unsigned_abs() - 3)),
        _ => format!("{}M", 10_i32.pow(decade.unsigned_abs() - 6)),
    }
}
