//! Colours: Grafana's named ones, CSS' named ones, `#hex`, `rgb()` and `hsl()`. Anything else is not a colour.

use crate::css_names::css_name;
use std::fmt;

/// An opaque or translucent colour, straight alpha.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rgba {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// 0 is transparent, 255 opaque.
    pub a: u8,
}

/// Which of the two variants of a named colour is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Theme {
    #[default]
    Dark,
    Light,
}

impl Rgba {
    /// What Grafana uses where no colour is set.
    pub const GRAY: Self = Self::opaque(0x80_80_80);

    /// An opaque colour from `0xRRGGBB`.
    #[must_use]
    pub const fn opaque(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self { r, g, b, a: 255 }
    }

    /// The same colour with another opacity from 0 to 1.
    #[must_use]
    pub fn with_opacity(self, opacity: f64) -> Self {
        Self { a: channel(opacity * 255.0), ..self }
    }

    /// The colour at `fraction` of the way from `self` to `to`, channel by channel.
    #[must_use]
    pub fn mix(self, to: Self, fraction: f64) -> Self {
        let mixed = |from: u8, to: u8| channel(f64::from(from) + (f64::from(to) - f64::from(from)) * fraction);
        Self { r: mixed(self.r, to.r), g: mixed(self.g, to.g), b: mixed(self.b, to.b), a: mixed(self.a, to.a) }
    }

    /// How much light it gives off, from 0 for black to 1 for white (WCAG 2, relative luminance).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { (((value + 0.055) / 1.055).ln() * 2.4).exp() }
        };
        0.2126 * linear(self.r) + 0.7152 * linear(self.g) + 0.0722 * linear(self.b)
    }

    /// How well it stands out from another colour, from 1 to 21 (WCAG 2, contrast ratio).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    /// The colour for a text on `ground`: the same, or as much nearer to black or white as makes it readable (WCAG 2 AA,
    /// a contrast of 4.5).
    #[must_use]
    pub fn readable_on(self, ground: Self) -> Self {
        let end = Self::opaque(if ground.is_light() { 0 } else { 0xff_ffff });
        let shades = (0..=10).map(|tenths| self.mix(end, f64::from(tenths) / 10.0));
        shades.into_iter().find(|shade| shade.contrast(ground) >= 4.5).unwrap_or(end)
    }

    /// Whether dark text reads better on this colour than light text.
    #[must_use]
    pub fn is_light(self) -> bool {
        self.contrast(Self::opaque(0)) > self.contrast(Self::opaque(0xff_ffff))
    }
}

/// Rounds and limits a channel computed as a fraction.
fn channel(value: f64) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}

/// `#rrggbb`, or `#rrggbbaa` where it is translucent: always safe to put into a style.
impl fmt::Display for Rgba {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { r, g, b, a } = *self;
        if a == 255 { write!(f, "#{r:02x}{g:02x}{b:02x}") } else { write!(f, "#{r:02x}{g:02x}{b:02x}{a:02x}") }
    }
}

/// The colour that `text` names in `theme`, or none where it is not a colour.
///
/// ```
/// use format::color::{Theme, parse};
/// assert_eq!(parse("green", Theme::Dark).map(|color| color.to_string()).as_deref(), Some("#73bf69"));
/// assert_eq!(parse("red;background:url(//evil)", Theme::Dark), None);
/// ```
#[must_use]
pub fn parse(text: &str, theme: Theme) -> Option<Rgba> {
    let text = text.trim();
    named(text, theme).or_else(|| parse_hex(text)).or_else(|| parse_function(text)).or_else(|| parse_name(text))
}

/// The colour that `text` names, or gray.
#[must_use]
pub fn parse_or_gray(text: &str, theme: Theme) -> Rgba {
    parse(text, theme).unwrap_or(Rgba::GRAY)
}

/// Six tones of each hue: the dark theme has the first five, the light theme the last five, one tone darker.
const HUES: [(&str, [u32; 6]); 6] = [
    ("red", [0xffa6b0, 0xff7383, 0xf2495c, 0xe02f44, 0xc4162a, 0xad0317]),
    ("orange", [0xffcb7d, 0xffb357, 0xff9830, 0xff780a, 0xfa6400, 0xe55400]),
    ("yellow", [0xfff899, 0xffee52, 0xfade2a, 0xf2cc0c, 0xe0b400, 0xcc9d00]),
    ("green", [0xc8f2c2, 0x96d98d, 0x73bf69, 0x56a64b, 0x37872d, 0x19730e]),
    ("blue", [0xc0d8ff, 0x8ab8ff, 0x5794f2, 0x3274d9, 0x1f60c4, 0x1250b0]),
    ("purple", [0xdeb6f2, 0xca95e5, 0xb877d9, 0xa352cc, 0x8f3bb8, 0x7c2ea3]),
];

/// Longer names first: each is a suffix of none before it.
const TONES: [(&str, usize); 4] = [("super-light-", 0), ("semi-dark-", 3), ("light-", 1), ("dark-", 4)];

fn named(name: &str, theme: Theme) -> Option<Rgba> {
    match (name, theme) {
        ("transparent", Theme::Dark) => return Some(Rgba::default()),
        ("transparent", Theme::Light) => return Some(Rgba::opaque(0xffffff).with_opacity(0.0)),
        ("panel-bg", Theme::Dark) => return Some(Rgba::opaque(0x181b1f)),
        ("panel-bg", Theme::Light) => return Some(Rgba::opaque(0xffffff)),
        ("text", Theme::Dark) => return Some(Rgba::opaque(0xccccdc)),
        ("text", Theme::Light) => return Some(Rgba::opaque(0x24292e)),
        _ => {}
    }
    let (hue, tone) =
        TONES.iter().find_map(|(prefix, tone)| Some((name.strip_prefix(prefix)?, *tone))).unwrap_or((name, 2));
    let (_, tones) = HUES.iter().find(|(known, _)| *known == hue)?;
    let tone = tone + usize::from(theme == Theme::Light);
    tones.get(tone).map(|rgb| Rgba::opaque(*rgb))
}

fn parse_hex(text: &str) -> Option<Rgba> {
    let digits = text.strip_prefix('#')?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [a, b, c, d] = value.to_be_bytes();
    // A short form doubles each digit: #abc is #aabbcc.
    let doubled = |shift: u32| ((value >> shift & 0xf) * 0x11) as u8;
    Some(match digits.len() {
        3 => Rgba { r: doubled(8), g: doubled(4), b: doubled(0), a: 255 },
        4 => Rgba { r: doubled(12), g: doubled(8), b: doubled(4), a: doubled(0) },
        6 => Rgba { r: b, g: c, b: d, a: 255 },
        8 => Rgba { r: a, g: b, b: c, a: d },
        _ => return None,
    })
}

/// `rgb()`, `rgba()`, `hsl()`, `hsla()`, with commas or spaces between the arguments.
fn parse_function(text: &str) -> Option<Rgba> {
    let (name, rest) = text.strip_suffix(')')?.split_once('(')?;
    let mut arguments = rest.split([',', '/', ' ']).map(str::trim).filter(|argument| !argument.is_empty());
    let mut next = || arguments.next().map(argument);
    let (x, y, z) = (next()??, next()??, next()??);
    let opacity = match next() {
        Some(alpha) => alpha?.of(1.0),
        None => 1.0,
    };
    if arguments.next().is_some() {
        return None;
    }
    let opaque = match name.trim().to_ascii_lowercase().as_str() {
        "rgb" | "rgba" => Rgba { r: channel(x.of(255.0)), g: channel(y.of(255.0)), b: channel(z.of(255.0)), a: 255 },
        "hsl" | "hsla" => {
            let share = |percent: f64| (percent / 100.0).clamp(0.0, 1.0);
            let [r, g, b] = from_hsl(x.number, share(y.number), share(z.number)).map(|part| channel(255.0 * part));
            Rgba { r, g, b, a: 255 }
        }
        _ => return None,
    };
    Some(opaque.with_opacity(opacity))
}

/// An argument of a colour function, `50%` or `127`.
struct Argument {
    number: f64,
    percent: bool,
}

impl Argument {
    fn of(&self, whole: f64) -> f64 {
        if self.percent { self.number / 100.0 * whole } else { self.number }
    }
}

fn argument(text: &str) -> Option<Argument> {
    let number = text.trim_end_matches('%').trim_end_matches("deg");
    let number = frame::decimal::parse(number).filter(|number| number.is_finite())?;
    Some(Argument { number, percent: text.ends_with('%') })
}

/// Red, green and blue from 0 to 1, of hue in degrees, saturation and lightness from 0 to 1 (CSS Color 4, section 7.1).
pub(crate) fn from_hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let chroma = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let twelfths = n + hue / 30.0;
        let k = twelfths - (twelfths / 12.0).floor() * 12.0;
        lightness - chroma * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

fn parse_name(text: &str) -> Option<Rgba> {
    let rgb = css_name(&text.to_ascii_lowercase())?;
    Some(Rgba::opaque(u32::from_str_radix(rgb, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::Rgba;

    #[test]
    fn a_text_is_readable_on_its_ground() {
        let check = |color: u32, ground: u32, expected: u32| {
            let readable = Rgba::opaque(color).readable_on(Rgba::opaque(ground));
            assert_eq!(readable, Rgba::opaque(expected), "{color:06x} on {ground:06x} is {readable:?}");
        };
        check(0xc4_16_2a, 0xff_ff_ff, 0xc4_16_2a);
        check(0x00_00_00, 0x00_00_00, 0x80_80_80);
        for color in (0..=0xff_ff_ff).step_by(0x10_1d_05) {
            for ground in [0xff_ff_ff, 0x15_1a_21, 0x73_bf_69, 0x80_80_80] {
                let ground = Rgba::opaque(ground);
                assert!(Rgba::opaque(color).readable_on(ground).contrast(ground) >= 4.5, "{color:06x} on {ground:?}");
            }
        }
    }
}
