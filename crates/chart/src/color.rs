//! Colours as one packed number, so that a surface can compare and cache them cheaply.

use plotters_backend::BackendColor;
use std::fmt;

/// A colour with straight (not premultiplied) alpha, packed as `0xRRGGBBAA`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color(pub u32);

impl Color {
    /// Nothing at all.
    pub const TRANSPARENT: Self = Self(0);

    /// The opaque colour `0xRRGGBB`.
    #[must_use]
    pub const fn rgb(rgb: u32) -> Self {
        Self(rgb << 8 | 0xff)
    }

    /// Reads `#rgb`, `#rrggbb` or `#rrggbbaa`, in either case.
    #[must_use]
    pub fn parse_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let number = u32::from_str_radix(digits, 16).ok()?;
        match digits.len() {
            3 => {
                let (red, green, blue) = (number >> 8, number >> 4 & 0xf, number & 0xf);
                Some(Self::rgb((red << 16 | green << 8 | blue) * 0x11))
            }
            6 => Some(Self::rgb(number)),
            8 => Some(Self(number)),
            _ => None,
        }
    }

    /// Red, green, blue and alpha, 0 to 255 each.
    #[must_use]
    pub const fn channels(self) -> [u8; 4] {
        self.0.to_be_bytes()
    }

    /// The same colour with its own opacity multiplied by `factor`, which is cut to 0..=1.
    #[must_use]
    pub fn faded(self, factor: f32) -> Self {
        let alpha = (f32::from(self.channels()[3]) * factor.clamp(0.0, 1.0)).round();
        Self(self.0 & 0xffff_ff00 | alpha as u32)
    }

    /// The colour `share` of the way from `self` to `other`, channel by channel; `share` is cut to 0..=1.
    #[must_use]
    pub fn mixed(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        let (from, to) = (self.channels(), other.channels());
        let mut mixed = [0; 4];
        for ((out, from), to) in mixed.iter_mut().zip(from).zip(to) {
            *out = (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u8;
        }
        Self(u32::from_be_bytes(mixed))
    }

    /// The same colour with its hue turned on the RGB colour wheel by the angle of this sine and cosine, keeping its grey
    /// value nearly: the matrix of SVG's `feColorMatrix` of type `hueRotate`.
    #[must_use]
    pub fn spun(self, sin: f32, cos: f32) -> Self {
        let [red, green, blue, alpha] = self.channels();
        let (red, green, blue) = (f32::from(red), f32::from(green), f32::from(blue));
        let grey = 0.213 * red + 0.715 * green + 0.072 * blue;
        let channel = |own: f32, turn: f32| (grey + (own - grey) * cos + turn * sin).round().clamp(0.0, 255.0) as u8;
        Self(u32::from_be_bytes([
            channel(red, -0.213 * red - 0.715 * green + 0.928 * blue),
            channel(green, 0.143 * red + 0.140 * green - 0.283 * blue),
            channel(blue, -0.787 * red + 0.715 * green + 0.072 * blue),
            alpha,
        ]))
    }

    /// Whether nothing of it would be seen.
    #[must_use]
    pub const fn is_transparent(self) -> bool {
        self.0 & 0xff == 0
    }
}

/// CSS notation: `#rrggbb`, with alpha where there is some: `#rrggbbaa`.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 & 0xff {
            0xff => write!(f, "#{:06x}", self.0 >> 8),
            _ => write!(f, "#{:08x}", self.0),
        }
    }
}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Color> for BackendColor {
    fn from(color: Color) -> Self {
        let [red, green, blue, alpha] = color.channels();
        Self { alpha: f64::from(alpha) / 255.0, rgb: (red, green, blue) }
    }
}

impl From<BackendColor> for Color {
    fn from(color: BackendColor) -> Self {
        let (red, green, blue) = color.rgb;
        Self(u32::from_be_bytes([red, green, blue, (color.alpha * 255.0).round() as u8]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(Color::parse_hex(text).map(|color| color.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn hex_notation() {
        check("#73BF69", Some("#73bf69"));
        check("#f00", Some("#ff0000"));
        check("#abc", Some("#aabbcc"));
        check("#11223344", Some("#11223344"));
        check("#112233ff", Some("#112233"));
        check("112233", None);
        check("#12", None);
        check("#+12345", None);
        check("#éé", None);
        check("", None);
    }

    #[test]
    fn fading_and_mixing() {
        assert_eq!(Color::rgb(0x336699).faded(0.5).to_string(), "#33669980");
        assert_eq!(Color(0x3366_9980).faded(0.5).to_string(), "#33669940");
        assert_eq!(Color::rgb(0).faded(-1.0), Color::TRANSPARENT);
        assert_eq!(Color::rgb(0x000000).mixed(Color::rgb(0xffffff), 0.5).to_string(), "#808080");
    }
}
