//! What the bench page measures of ours: the decoder and the reduction, called as the app calls them.

use frame::{Frame, Grid, Millis, Step, TimeRange, m4};
use js_sys::Uint8Array;
use promapi::{Answer, Budget, Decoder, Expect, QueryResult};
use wasm_bindgen::prelude::*;

/// No limit that a benchmark comes near.
const BUDGET: Budget = Budget { bytes: 1 << 30, samples: 1 << 26, series: 1 << 16 };

/// A piece of Wasm memory that chunks are copied into, as by the app's worker.
#[wasm_bindgen]
#[derive(Default)]
pub struct Scratch(Vec<u8>);

#[wasm_bindgen]
impl Scratch {
    /// An empty one.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Copies `chunk` to its start.
    pub fn fill(&mut self, chunk: &Uint8Array) {
        self.filled(chunk);
    }

    fn filled(&mut self, chunk: &Uint8Array) -> &[u8] {
        let length = chunk.length() as usize;
        if self.0.len() < length {
            self.0 = vec![0; length.next_power_of_two()];
        }
        let filled = self.0.get_mut(..length).unwrap_or_default();
        chunk.copy_to(filled);
        filled
    }
}

/// The answer to a range query on its way in.
#[wasm_bindgen]
pub struct Decoding {
    decoder: Decoder,
    scratch: Scratch,
}

#[wasm_bindgen]
impl Decoding {
    /// Expects samples at `points` instants, `step_secs` apart, from `start_secs` since the epoch on.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(start_secs: u32, step_secs: u32, points: u32) -> Self {
        let start = Millis(i64::from(start_secs) * 1_000);
        let grid = Grid { start, step: Step::at_least_one(i64::from(step_secs) * 1_000), len: points };
        Self { decoder: Decoder::new(Expect::Grid(grid), BUDGET), scratch: Scratch::new() }
    }

    /// Copies the next chunk of the body into Wasm memory and decodes it.
    ///
    /// # Errors
    /// It is not what Prometheus would send.
    pub fn push(&mut self, chunk: &Uint8Array) -> Result<(), JsError> {
        Ok(self.decoder.push(self.scratch.filled(chunk))?)
    }

    /// The columns, once the whole body was pushed.
    ///
    /// # Errors
    /// The body ended early, or its series are not all on the grid.
    pub fn finish(self) -> Result<Columns, JsError> {
        let Answer { result, truncated, .. } = self.decoder.finish()?;
        match (result, truncated) {
            (QueryResult::Matrix(frames), None) => match <[Frame; 1]>::try_from(frames) {
                Ok([frame]) => Ok(Columns(frame)),
                Err(frames) => Err(JsError::new(&format!("{} frames instead of a wide one", frames.len()))),
            },
            _ => Err(JsError::new("not a whole matrix")),
        }
    }
}

/// A decoded answer.
#[wasm_bindgen]
pub struct Columns(Frame);

#[wasm_bindgen]
impl Columns {
    /// The instants of the rows, in seconds since the epoch.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        let Some(times) = self.0.times() else { return Vec::new() };
        (0..times.len()).filter_map(|row| times.get(row)).map(|at| at.0 as f64 / 1_000.0).collect()
    }

    /// The values of a series; none beyond the last series.
    #[must_use]
    pub fn values(&self, series: usize) -> Option<Vec<f64>> {
        self.0.numbers().nth(series).map(|(_, values)| values.to_vec())
    }

    /// Reduces every series to what is drawn on `width_px` device pixels, and gives the number of points left.
    #[must_use]
    pub fn reduce(&self, width_px: u32) -> usize {
        let Some(times) = self.0.times() else { return 0 };
        let (first, last) = (times.get(0), times.get(times.len().saturating_sub(1)));
        let range = TimeRange { start: first.unwrap_or_default(), end: last.unwrap_or_default() };
        let mut points = m4::Points::default();
        for (_, values) in self.0.numbers() {
            m4::reduce(times, values, range, width_px, &mut points);
        }
        points.values.len()
    }
}
