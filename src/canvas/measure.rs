//! Text widths from the canvas itself, each measured once.

use chart::{Measure, Weight};
use frame::SortedMap;
use std::cell::RefCell;
use web_sys::CanvasRenderingContext2d;

/// Labels repeat from frame to frame; this many are remembered before the memory starts anew.
const REMEMBERED: usize = 4_096;

type Key = (u32, Weight);

thread_local! {
    static WIDTHS: RefCell<SortedMap<Key, SortedMap<String, f32>>> = RefCell::default();
}

/// Measures with a canvas' own `measureText`.
pub struct CanvasMeasure<'a>(pub &'a CanvasRenderingContext2d);

impl Measure for CanvasMeasure<'_> {
    fn width(&self, text: &str, size_px: f32, weight: Weight) -> f32 {
        WIDTHS.with_borrow_mut(|widths| {
            let known = widths.get_or_default((size_px.to_bits(), weight));
            if let Some(width) = known.get(text) {
                return *width;
            }
            self.0.set_font(&super::font(size_px, weight));
            // measureText does not fail; a browser that says otherwise gets labels without room.
            let width = self.0.measure_text(text).map_or(0.0, |metrics| metrics.width() as f32);
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(text.to_owned(), width);
            width
        })
    }
}
