//! The colours of series: ten that stay apart for everybody, and lighter or darker ones of them beyond ten.
//!
//! The ten start from Okabe and Ito's ("Color Universal Design", 2008; the usual reference for colour-blind safe
//! charts) in hue and were moved, by simulated annealing, until the two most alike are as far apart as they can be in
//! Oklab for normal sight and under simulated protanopia, deuteranopia and tritanopia, with at least 3:1 contrast to
//! the panel of their theme. The tests below repeat that measurement.

use crate::Color;

/// On a dark panel: sky, orange, green, pink, yellow, blue, vermilion, violet, teal, brown.
const DARK: [Color; 10] = [
    Color::rgb(0x119ed7),
    Color::rgb(0xf99d02),
    Color::rgb(0x33d99b),
    Color::rgb(0xac498d),
    Color::rgb(0xf3ec58),
    Color::rgb(0x4e61e3),
    Color::rgb(0xe04508),
    Color::rgb(0xc6b9fd),
    Color::rgb(0xa9f4f2),
    Color::rgb(0xa58e87),
];

/// On a light panel, in the same order.
const LIGHT: [Color; 10] = [
    Color::rgb(0x2a97ed),
    Color::rgb(0xa16400),
    Color::rgb(0x198a72),
    Color::rgb(0xdc60b2),
    Color::rgb(0x989708),
    Color::rgb(0x0f2178),
    Color::rgb(0x9b2d26),
    Color::rgb(0x7842b8),
    Color::rgb(0x005b66),
    Color::rgb(0x4c1e10),
];

/// How far each round beyond the first ten goes towards black or white.
const ROUNDS: [(u32, f32); 4] = [(0x000000, 0.0), (0xffffff, 0.4), (0x000000, 0.3), (0xffffff, 0.65)];

/// The colour of the series at `index`; they repeat after forty.
#[must_use]
pub fn series_color(index: usize, dark: bool) -> Color {
    let palette = if dark { &DARK } else { &LIGHT };
    let base = palette.get(index % palette.len()).copied().unwrap_or(Color::TRANSPARENT);
    let (towards, share) = ROUNDS.get(index / palette.len() % ROUNDS.len()).copied().unwrap_or_default();
    base.mixed(Color::rgb(towards), share)
}

/// A colour for every name. A name has the same colour everywhere, whatever the order and whoever else is there,
/// unless two names of one chart want the same: then one of them takes the next that is free. Which one does depends
/// on the names alone, and the same name given twice keeps one colour.
#[must_use]
pub fn colors_for(names: &[&str], dark: bool) -> Vec<Color> {
    let mut order: Vec<(u64, &str)> = names.iter().map(|name| (hash(name), *name)).collect();
    frame::sort_by(&mut order, |a, b| a.cmp(b));
    order.dedup();
    let mut taken = vec![0_u32; DARK.len()];
    let mut found: Vec<(u64, &str, usize)> = Vec::with_capacity(order.len());
    for (hash, name) in order {
        let index = choose(hash, &mut taken);
        found.push((hash, name, index));
    }
    let color_of = |name: &&str| {
        let place = found.binary_search_by(|(known, other, _)| (*known, *other).cmp(&(hash(name), *name)));
        let index = place.ok().and_then(|place| found.get(place)).map_or(0, |(.., index)| *index);
        series_color(index, dark)
    };
    names.iter().map(color_of).collect()
}

/// The first of the least used colours, starting from the one the hash asks for.
fn choose(hash: u64, taken: &mut [u32]) -> usize {
    let colors = taken.len();
    let least = taken.iter().copied().min().unwrap_or(0);
    let wanted = (hash % colors as u64) as usize;
    let candidates = (wanted..colors).chain(0..wanted);
    for color in candidates {
        if let Some(uses) = taken.get_mut(color).filter(|uses| **uses == least) {
            *uses += 1;
            return color + colors * least as usize;
        }
    }
    wanted
}

/// The low bits alone are used, so they are mixed once more.
fn hash(name: &str) -> u64 {
    let hash = frame::hash(name.bytes());
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Theme;

    type Rgb = [f64; 3];

    fn linear(color: Color) -> Rgb {
        let [red, green, blue, _] = color.channels();
        [red, green, blue].map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn times(matrix: &[Rgb; 3], v: Rgb) -> Rgb {
        matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
    }

    /// Björn Ottosson's Oklab, in which equal distances look equally different.
    fn oklab(color: Rgb) -> Rgb {
        let cones = times(
            &[
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ],
            color,
        );
        times(
            &[
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ],
            cones.map(|cone| cone.max(0.0).cbrt()),
        )
    }

    /// Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency"
    /// (2009), at full severity.
    const SIGHTS: [(&str, [Rgb; 3]); 4] = [
        ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ),
        (
            "deuteranopia",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ),
        (
            "tritanopia",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ),
    ];

    fn distance(sight: &[Rgb; 3], a: Color, b: Color) -> f64 {
        let seen = |color| oklab(times(sight, linear(color)).map(|channel| channel.clamp(0.0, 1.0)));
        let squares = seen(a).into_iter().zip(seen(b)).map(|(a, b)| (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    }

    #[test]
    fn all_ten_stay_apart_for_everybody() {
        for palette in [DARK, LIGHT] {
            for (name, sight) in &SIGHTS {
                for (index, a) in palette.iter().enumerate() {
                    for b in &palette[..index] {
                        // Five times what is just noticeable side by side.
                        let distance = distance(sight, *a, *b);
                        assert!(distance > 0.095, "{a} and {b} under {name}: {distance:.3}");
                    }
                }
            }
        }
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let luminance = |color| times(&[[0.2126, 0.7152, 0.0722]; 3], linear(color))[0] + 0.05;
        let (a, b) = (luminance(a), luminance(b));
        (a / b).max(b / a)
    }

    #[test]
    fn colors_stand_out_from_the_panel() {
        for (palette, theme) in [(DARK, Theme::DARK), (LIGHT, Theme::LIGHT)] {
            for color in palette.into_iter().chain([theme.accent, theme.ok, theme.firing, theme.info]) {
                assert!(contrast(color, theme.panel) >= 3.0, "{color}: {:.2}", contrast(color, theme.panel));
            }
            for text in [theme.text, theme.second] {
                assert!(contrast(text, theme.panel) >= 4.5, "{text}: {:.2}", contrast(text, theme.panel));
            }
        }
    }

    #[test]
    fn a_name_keeps_its_color() {
        let alone = colors_for(&["checkout"], true);
        assert_eq!(alone, colors_for(&["checkout", "checkout"], true)[..1]);
        let names = ["checkout", "cart", "payment", "search"];
        let mut reversed = names;
        reversed.reverse();
        let (forward, mut backward) = (colors_for(&names, true), colors_for(&reversed, true));
        backward.reverse();
        assert_eq!(forward, backward);
        assert!(colors_for(&[], true).is_empty());
    }

    #[test]
    fn no_color_comes_twice_while_there_are_others() {
        let names: Vec<String> = (0..40).map(|index| format!("instance-{index}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for count in [10, 40] {
            for dark in [true, false] {
                let mut colors = colors_for(&names[..count], dark);
                colors.sort_unstable_by_key(|color| color.0);
                colors.dedup();
                assert_eq!(colors.len(), count);
            }
        }
    }
}
