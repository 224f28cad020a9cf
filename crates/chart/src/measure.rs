//! How wide text is.

use crate::Weight;

/// Measures text in the font the surface draws with.
pub trait Measure {
    /// The width of `text` in pixels at a font size of `size_px`.
    fn width(&self, text: &str, size_px: f32, weight: Weight) -> f32;
}

/// Measures by a table of advances: those of Helvetica, which Arial, Liberation Sans and Nimbus Sans share and most
/// interface fonts come close to.
#[derive(Clone, Copy, Debug, Default)]
pub struct TableMeasure;

/// Advances of the characters from space to `~`, in thousandths of the font size (Adobe's Helvetica.afm).
const ADVANCES: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
];

/// Bold text of the same font is about this much wider.
const BOLD: f32 = 1.06;

impl Measure for TableMeasure {
    fn width(&self, text: &str, size_px: f32, weight: Weight) -> f32 {
        let thousandths: u32 = text.chars().map(advance).sum();
        let width = thousandths as f32 / 1000.0 * size_px;
        if weight == Weight::Bold { width * BOLD } else { width }
    }
}

fn advance(character: char) -> u32 {
    let code = character as u32;
    match code.checked_sub(0x20).and_then(|index| ADVANCES.get(index as usize)) {
        Some(advance) => u32::from(*advance),
        // Chinese, Japanese, Korean and emoji fill a square; the rest of the world averages a little over half.
        None if (0x1100..0x1160).contains(&code) || (0x2e80..0xfb00).contains(&code) || code >= 0x1f000 => 1000,
        None => 580,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, weight: Weight, expected: f32) {
        let width = TableMeasure.width(text, 10.0, weight);
        assert!((width - expected).abs() < 0.01, "{text}: {width} instead of {expected}");
    }

    #[test]
    fn widths_of_helvetica() {
        check("", Weight::Regular, 0.0);
        check("100", Weight::Regular, 16.68);
        check("12:30", Weight::Regular, 25.02);
        check("il", Weight::Regular, 4.44);
        check("ms", Weight::Bold, 14.13);
        check("日", Weight::Regular, 10.0);
        check("µ", Weight::Regular, 5.8);
    }
}
