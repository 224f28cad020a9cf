//! Which colour a series gets: Grafana's colour modes and their palettes.

use crate::color::{self, Rgba, Theme};
use crate::color_maps;
use crate::shade::shade;

/// How a field's colour is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorMode {
    /// One colour for all.
    Fixed,
    /// Lighter and darker variants of one colour.
    Shades,
    /// The colour of the threshold a value has reached.
    Thresholds,
    /// A palette by the index of the series.
    #[default]
    Classic,
    /// A palette by a hash of the series' name, so that a series keeps its colour when others come and go.
    ClassicByName,
    /// Another palette by index.
    Palette(Palette),
    /// A gradient by value between the least and the greatest.
    Continuous(Gradient),
}

/// A palette of distinct colours, beside the classic one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Palette {
    Colorblind,
    CategoricalNext,
    CategoricalNext2,
    CategoricalNext3,
}

/// A gradient by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Gradient {
    Viridis,
    Magma,
    Plasma,
    Inferno,
    Cividis,
    GreenYellowRed,
    RedYellowGreen,
    BlueYellowRed,
    YellowRed,
    BluePurple,
    YellowBlue,
    Blues,
    Reds,
    Greens,
    Purples,
}

const MODES: &[(&str, ColorMode)] = &[
    ("fixed", ColorMode::Fixed),
    ("gradient", ColorMode::Fixed),
    ("shades", ColorMode::Shades),
    ("thresholds", ColorMode::Thresholds),
    ("palette-classic", ColorMode::Classic),
    ("palette-classic-by-name", ColorMode::ClassicByName),
    ("palette-colorblind", ColorMode::Palette(Palette::Colorblind)),
    ("palette-categorical-next", ColorMode::Palette(Palette::CategoricalNext)),
    ("palette-categorical-next-2", ColorMode::Palette(Palette::CategoricalNext2)),
    ("palette-categorical-next-3", ColorMode::Palette(Palette::CategoricalNext3)),
    ("continuous-viridis", ColorMode::Continuous(Gradient::Viridis)),
    ("continuous-magma", ColorMode::Continuous(Gradient::Magma)),
    ("continuous-plasma", ColorMode::Continuous(Gradient::Plasma)),
    ("continuous-inferno", ColorMode::Continuous(Gradient::Inferno)),
    ("continuous-cividis", ColorMode::Continuous(Gradient::Cividis)),
    ("continuous-GrYlRd", ColorMode::Continuous(Gradient::GreenYellowRed)),
    ("continuous-RdYlGr", ColorMode::Continuous(Gradient::RedYellowGreen)),
    ("continuous-BlYlRd", ColorMode::Continuous(Gradient::BlueYellowRed)),
    ("continuous-YlRd", ColorMode::Continuous(Gradient::YellowRed)),
    ("continuous-BlPu", ColorMode::Continuous(Gradient::BluePurple)),
    ("continuous-YlBl", ColorMode::Continuous(Gradient::YellowBlue)),
    ("continuous-blues", ColorMode::Continuous(Gradient::Blues)),
    ("continuous-reds", ColorMode::Continuous(Gradient::Reds)),
    ("continuous-greens", ColorMode::Continuous(Gradient::Greens)),
    ("continuous-purples", ColorMode::Continuous(Gradient::Purples)),
];

impl ColorMode {
    /// The mode Grafana calls `id`.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        MODES.iter().find(|(known, _)| *known == id).map(|(_, mode)| *mode)
    }

    /// Whether the colour follows the value rather than the series.
    #[must_use]
    pub fn is_by_value(self) -> bool {
        matches!(self, Self::Thresholds | Self::Continuous(_))
    }

    /// The colour of the series numbered `index` and called `name`. Modes by value have none of their own here: gray.
    ///
    /// `fixed` is the colour set beside the modes `Fixed` and `Shades`.
    #[must_use]
    pub fn series_color(self, index: usize, name: &str, fixed: &str, theme: Theme) -> Rgba {
        match self {
            Self::Fixed => color::parse_or_gray(fixed, theme),
            Self::Shades => shade(color::parse_or_gray(fixed, theme), index),
            Self::Classic => pick(CLASSIC, index, theme),
            Self::ClassicByName => by_name(name, theme),
            Self::Palette(palette) => palette_color(palette, index, theme),
            Self::Thresholds | Self::Continuous(_) => Rgba::GRAY,
        }
    }
}

/// The colour numbered `index` of the classic palette, which starts over at its end.
#[must_use]
pub fn classic(index: usize, theme: Theme) -> Rgba {
    pick(CLASSIC, index, theme)
}

fn pick(palette: &[&str], index: usize, theme: Theme) -> Rgba {
    let name = palette.get(index % palette.len().max(1)).copied().unwrap_or_default();
    color::parse_or_gray(name, theme)
}

fn palette_color(palette: Palette, index: usize, theme: Theme) -> Rgba {
    match palette {
        Palette::Colorblind => match theme {
            Theme::Dark => pick(COLORBLIND_DARK, index, theme),
            Theme::Light => pick(COLORBLIND_LIGHT, index, theme),
        },
        Palette::CategoricalNext => pick(CATEGORICAL_NEXT, index, theme),
        Palette::CategoricalNext2 => pick(CATEGORICAL_NEXT_2, index, theme),
        Palette::CategoricalNext3 => pick(CATEGORICAL_NEXT_3, index, theme),
    }
}

/// Named colours first, which differ between the themes, then the same for both.
const CLASSIC: &[&str] = &[
    "green",
    "semi-dark-yellow",
    "blue",
    "orange",
    "red",
    "purple",
    "dark-green",
    "dark-yellow",
    "dark-blue",
    "dark-orange",
    "dark-red",
    "dark-purple",
    "super-light-green",
    "super-light-yellow",
    "super-light-blue",
    "super-light-orange",
    "super-light-red",
    "super-light-purple",
    "#447EBC",
    "#C15C17",
    "#890F02",
    "#0A437C",
    "#6D1F62",
    "#584477",
    "#B7DBAB",
    "#F4D598",
    "#70DBED",
    "#F9BA8F",
    "#F29191",
    "#82B5D8",
    "#E5A8E2",
    "#AEA2E0",
    "#629E51",
    "#E5AC0E",
    "#64B0C8",
    "#E0752D",
    "#BF1B00",
    "#0A50A1",
    "#962D82",
    "#614D93",
    "#9AC48A",
    "#F2C96D",
    "#65C5DB",
    "#F9934E",
    "#EA6460",
    "#5195CE",
    "#D683CE",
    "#806EB7",
    "#3F6833",
    "#967302",
    "#2F575E",
    "#99440A",
    "#58140C",
    "#052B51",
    "#511749",
    "#3F2B5B",
    "#E0F9D7",
    "#FCEACA",
    "#CFFAFF",
    "#F9E2D2",
    "#FCE2DE",
    "#BADFF4",
    "#F9D9F9",
    "#DEDAF7",
];

/// Okabe and Ito.
const COLORBLIND_DARK: &[&str] =
    &["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#FFFFFF"];

/// Those of them that show on white.
const COLORBLIND_LIGHT: &[&str] = &["#0072B2", "#009E73", "#CC79A7", "#D55E00", "#000000"];

/// Grafana 12, variant 1.
const CATEGORICAL_NEXT: &[&str] = &[
    "#D97E9B", "#FFC554", "#41CD94", "#64A6D8", "#F79CFF", "#E78A5F", "#C9E1A6", "#00CFE3", "#9B93DF", "#FFB2BE",
    "#CEA82E", "#9CF2D6", "#8FC3FF", "#CE84C1", "#FFC39D", "#89C862", "#41AEC7", "#CDB9FF", "#EF8488", "#E7DB98",
    "#00D8BE", "#759EE6", "#FFB1E1", "#EE9941", "#BAF2B8", "#54D3FF", "#B78EE2", "#FF645A", "#C0BD2F", "#8FFFF6",
    "#B4C7FF", "#EB85B5", "#FFD49F", "#58DB89", "#46ABDE", "#EABCFF", "#FF8E6F", "#DEED9F", "#00DFE5", "#959DF6",
];

/// Grafana 12, variant 2.
const CATEGORICAL_NEXT_2: &[&str] = &[
    "#63B564", "#DED188", "#84B1FF", "#FFDBBC", "#FFA8AA", "#C986E6", "#FFC4D4", "#9BCB35", "#D3EFFF", "#F8B4D2",
    "#A6B924", "#AFE8FF", "#FF97DA", "#AAA720", "#81E3FB", "#F386E2", "#FFE397", "#84D6E1", "#D784DF", "#FED283",
    "#00D4DA", "#F2E7FF", "#F3C48A", "#00C9C0", "#E4DAFF", "#FFAC74", "#00BEA7", "#D2CFFF", "#FF9767", "#9DFFDF",
    "#BDC4FF", "#FE8260", "#93F4C5", "#A4BAFF", "#EA796E", "#9FE3B3", "#74B6FF", "#FFD8DD", "#89E04D", "#3BAFFE",
];

/// Grafana 12, variant 3.
const CATEGORICAL_NEXT_3: &[&str] = &[
    "#63B564", "#88DDFE", "#CA94FF", "#FFD8D3", "#CFCB00", "#00BEB5", "#C7D5FF", "#FF8DC4", "#FFE5C7", "#9FDCB0",
    "#00BBFF", "#F0D0FF", "#FFA48B", "#9BAC32", "#7CE6E9", "#A3ABFF", "#FFDAE4", "#E1C18A", "#1DC58A", "#B7DFFF",
    "#F38EFC", "#FFE7DD", "#BED997", "#00C5D8", "#DEDCFF", "#FFA4B3", "#C79E00", "#8BEBCC", "#7DBBFF", "#FFDCF8",
    "#F5BB95", "#7DC053", "#9BEAFF", "#C5ADFF", "#EA777E", "#E0D287", "#00CEB5", "#D5E4FF", "#FFA1DC", "#E88E29",
];

/// Grafana's choice by name: those of the classic palette that stand out from the panel, and the hash of npm's
/// `string-hash`, which goes through the name backwards.
fn by_name(name: &str, theme: Theme) -> Rgba {
    const LEAST_CONTRAST: f64 = 3.0;
    let units: Vec<u16> = name.encode_utf16().collect();
    let hash = units.iter().rev().fold(5381u32, |hash, unit| hash.wrapping_mul(33) ^ u32::from(*unit));
    let panel = color::parse_or_gray("panel-bg", theme);
    let colors: Vec<Rgba> = (0..CLASSIC.len())
        .map(|index| classic(index, theme))
        .filter(|color| color.contrast(panel) >= LEAST_CONTRAST)
        .collect();
    colors.get(hash as usize % colors.len().max(1)).copied().unwrap_or(Rgba::GRAY)
}

impl Gradient {
    /// The colours that it blends, from the least value to the greatest; none of a perceptual colour map.
    #[must_use]
    pub fn stops(self) -> &'static [&'static str] {
        match self {
            Self::Viridis | Self::Magma | Self::Plasma | Self::Inferno | Self::Cividis => &[],
            Self::GreenYellowRed => &["green", "yellow", "red"],
            Self::RedYellowGreen => &["red", "yellow", "green"],
            Self::BlueYellowRed => &["dark-blue", "super-light-yellow", "dark-red"],
            Self::YellowRed => &["super-light-yellow", "dark-red"],
            Self::BluePurple => &["blue", "purple"],
            Self::YellowBlue => &["super-light-yellow", "dark-blue"],
            Self::Blues => &["panel-bg", "dark-blue"],
            Self::Reds => &["panel-bg", "dark-red"],
            Self::Greens => &["panel-bg", "dark-green"],
            Self::Purples => &["panel-bg", "dark-purple"],
        }
    }

    /// The colour at `fraction` from 0 to 1; black where it is no number.
    #[must_use]
    pub fn at(self, fraction: f64, theme: Theme) -> Rgba {
        let fraction = fraction.clamp(0.0, 1.0);
        match self {
            Self::Viridis => color_maps::step(&color_maps::VIRIDIS, fraction),
            Self::Magma => color_maps::step(&color_maps::MAGMA, fraction),
            Self::Plasma => color_maps::step(&color_maps::PLASMA, fraction),
            Self::Inferno => color_maps::step(&color_maps::INFERNO, fraction),
            Self::Cividis => color_maps::cividis(fraction),
            _ => self.blend(fraction, theme),
        }
    }

    /// On a uniform cubic B-spline through the stops, as d3's `interpolateRgbBasis`.
    fn blend(self, fraction: f64, theme: Theme) -> Rgba {
        let stops: Vec<Rgba> = self.stops().iter().map(|name| color::parse_or_gray(name, theme)).collect();
        let segments = stops.len().saturating_sub(1).max(1);
        let segment = ((fraction * segments as f64).floor() as usize).min(segments - 1);
        let within = fraction * segments as f64 - segment as f64;
        let channel = |pick: fn(&Rgba) -> u8| {
            let stop = |index: usize| stops.get(index).map_or(0.0, |color| f64::from(pick(color)));
            let (from, to) = (stop(segment), stop(segment + 1));
            let before = if segment > 0 { stop(segment - 1) } else { 2.0 * from - to };
            let after = if segment + 1 < segments { stop(segment + 2) } else { 2.0 * to - from };
            spline(within, [before, from, to, after]).round().clamp(0.0, 255.0) as u8
        };
        Rgba { r: channel(|color| color.r), g: channel(|color| color.g), b: channel(|color| color.b), a: 255 }
    }
}

/// A uniform cubic B-spline with these control points, at `t` from 0 to 1.
fn spline(t: f64, [a, b, c, d]: [f64; 4]) -> f64 {
    let (t2, t3) = (t * t, t * t * t);
    ((1.0 - 3.0 * t + 3.0 * t2 - t3) * a
        + (4.0 - 6.0 * t2 + 3.0 * t3) * b
        + (1.0 + 3.0 * t + 3.0 * t2 - 3.0 * t3) * c
        + t3 * d)
        / 6.0
}
