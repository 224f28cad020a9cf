//! Shades of one colour, brighter and darker in turn, each with its hue turned a little: the mode "shades" of Grafana, which
//! computes them with tinycolor2, to the same rounding.

use crate::color::{Rgba, from_hsl};

/// So many there are, the colour itself among them; then they start over.
const SHADES: usize = 11;
/// The steps there are to either side, the last of which is not reached.
const STEPS: f64 = 6.0;
const MOST_DEGREES: f64 = 10.0;
/// By so much of white or black the last step would differ.
const MOST_LIGHT: f64 = 0.35;

/// The shade of `base` numbered `index`.
pub(crate) fn shade(base: Rgba, index: usize) -> Rgba {
    let index = index % SHADES;
    if index == 0 {
        return base;
    }
    let share = index.div_ceil(2) as f64 / STEPS;
    let rgb = [base.r, base.g, base.b].map(|channel| f64::from(channel) / 255.0);
    let rgb = match index % 2 {
        1 => {
            let light = (share * MOST_LIGHT * 255.0).round();
            turned(rgb, share * MOST_DEGREES, 0.0).map(|channel| ((channel * 255.0).round() + light) / 255.0)
        }
        _ => turned(turned(rgb, -share * MOST_DEGREES, 0.0), 0.0, -share * MOST_LIGHT),
    };
    let [r, g, b] = rgb.map(|channel| (channel * 255.0).round().clamp(0.0, 255.0) as u8);
    Rgba { r, g, b, ..base }
}

/// The colour with another hue and lightness, channels from 0 to 1.
fn turned(rgb: [f64; 3], degrees: f64, lightness: f64) -> [f64; 3] {
    let (hue, saturation, light) = hsl(rgb);
    let light = (light + lightness).clamp(0.0, 1.0);
    // There these are percentages with two places on the way.
    let cut = |share: f64| (share * 10_000.0).trunc() / 10_000.0;
    from_hsl(hue * 360.0 + degrees, cut(saturation), cut(light))
}

/// Hue, saturation and lightness from 0 to 1.
fn hsl([r, g, b]: [f64; 3]) -> (f64, f64, f64) {
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    let (light, spread) = ((max + min) / 2.0, max - min);
    if spread == 0.0 {
        return (0.0, 0.0, light);
    }
    let saturation = if light > 0.5 { spread / (2.0 - max - min) } else { spread / (max + min) };
    let sixths = if max == r {
        (g - b) / spread + if g < b { 6.0 } else { 0.0 }
    } else if max == g {
        (b - r) / spread + 2.0
    } else {
        (r - g) / spread + 4.0
    };
    (sixths / 6.0, saturation, light)
}
