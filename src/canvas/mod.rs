//! The drawing surface of the page: plotters' `DrawingBackend`, and what it lacks, on a 2D canvas.

mod measure;
mod surface;

pub use measure::CanvasMeasure;
pub use surface::{CanvasSurface, context_of, release_on_leave};

use chart::Weight;

/// The page's own font: a canvas takes no CSS variable.
const FAMILY: &str =
    "system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", \"Liberation Sans\", sans-serif";

/// A font as a canvas wants it written.
fn font(size_px: f32, weight: Weight) -> String {
    let weight = match weight {
        Weight::Regular => 400,
        Weight::Bold => 600,
    };
    format!("{weight} {}px {FAMILY}", format::number::shortest(f64::from(size_px)))
}
