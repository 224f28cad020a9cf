//! The fleet's past: what Prometheus would have stored, had it been there, as blocks that it opens as its own.
//!
//! Samples are written as OpenMetrics text, in pieces of the two hours that a block spans, and `promtool` makes a block
//! of each, as many at a time as there are processors:
//!
//! - [`Backfill::fill_scrapes`] writes what the fleet's endpoints would have answered, before Prometheus starts;
//! - [`Backfill::fill_rules`] then asks Prometheus what its recording rules make of that, and writes the answers.

mod blocks;
mod rules;
mod scrapes;
mod timetable;

use crate::BaseUrl;
use crate::fleet::{QUANTUM_SECS, Simulation};
use crate::http::HttpError;
use frame::{Millis, TimeRange};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::process::Command;
use tokio::task::{JoinError, JoinSet, spawn_blocking};

pub use timetable::{Timetable, phase};

/// The time a block of Prometheus spans, in milliseconds. Pieces end where blocks do, so that each makes just one.
const BLOCK_MILLIS: i64 = 2 * 60 * 60 * 1000;
/// The distance of two samples. Prometheus scrapes as often, so the past looks like the present.
const STEP_MILLIS: i64 = QUANTUM_SECS * 1000;

/// Where the past is written.
#[derive(Clone, Debug)]
pub struct Backfill {
    /// The program `promtool`.
    pub promtool: PathBuf,
    /// A folder for work in progress, on the same file system as `tsdb`.
    pub staging: PathBuf,
    /// Prometheus' directory.
    pub tsdb: PathBuf,
}

/// Why the past cannot be filled in.
#[derive(Debug, thiserror::Error)]
pub enum BackfillError {
    /// A file cannot be written, read or moved.
    #[error("cannot write the fleet's past to {}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `promtool` does not do its part.
    #[error("promtool cannot make blocks of the fleet's past: {0}")]
    Promtool(String),
    /// Prometheus cannot be asked about its recording rules.
    #[error("Prometheus does not evaluate its recording rules over the fleet's past: {0}")]
    Unreachable(#[from] HttpError),
    /// Prometheus' answer about its recording rules is not what it should be.
    #[error("Prometheus does not evaluate its recording rules over the fleet's past: {0}")]
    Answer(String),
    /// A part of the work was broken off.
    #[error("filling in the fleet's past was broken off: {0}")]
    Broken(#[from] JoinError),
}

impl BackfillError {
    fn io(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        let path = path.as_ref().to_owned();
        move |source| Self::Io { path, source }
    }
}

impl Backfill {
    /// Fills `range` with what the scrapes of `timetable` would have stored, the end left out, and says how many samples
    /// that were. Prometheus must not run on the directory meanwhile.
    ///
    /// # Errors
    /// A file cannot be written, or `promtool` fails.
    pub async fn fill_scrapes(
        self: &Arc<Self>,
        range: TimeRange,
        timetable: &Arc<Timetable>,
    ) -> Result<u64, BackfillError> {
        blocks::clear(&self.staging)?;
        let pieces = pieces(range);
        let mut tasks = JoinSet::new();
        // Each worker has a run of neighbouring pieces: its simulation counts up to the first and then just goes on.
        for run in pieces.chunks(pieces.len().div_ceil(workers()).max(1)) {
            tasks.spawn(Arc::clone(self).fill_run(run.to_vec(), Arc::clone(timetable)));
        }
        sum(tasks).await
    }

    async fn fill_run(
        self: Arc<Self>,
        pieces: Vec<TimeRange>,
        timetable: Arc<Timetable>,
    ) -> Result<u64, BackfillError> {
        let Some(start) = pieces.first().map(|piece| piece.start) else { return Ok(0) };
        let mut simulation = spawn_blocking(move || Simulation::new(start)).await?;
        let mut samples = 0;
        for piece in pieces {
            let scrapes = timetable.scrapes(piece);
            if scrapes.is_empty() {
                continue;
            }
            let text = self.staging.join(format!("{}.om", piece.start.0));
            let (path, written);
            (simulation, path, written) = spawn_blocking(move || {
                let written = scrapes::write(&mut simulation, &scrapes, &text);
                (simulation, text, written)
            })
            .await?;
            samples += written.map_err(BackfillError::io(&path))?;
            self.make_blocks(&path).await?;
        }
        Ok(samples)
    }

    /// Fills `range`, the end left out, with what the recording rules of `prometheus` make of the samples it has, and
    /// says how many samples that were. It sees them within a minute, or after a restart.
    ///
    /// # Errors
    /// Prometheus does not answer, a file cannot be written, or `promtool` fails.
    pub async fn fill_rules(self: &Arc<Self>, prometheus: &BaseUrl, range: TimeRange) -> Result<u64, BackfillError> {
        blocks::clear(&self.staging)?;
        let pieces = pieces(range);
        let texts = rules::evaluate(prometheus, &pieces).await?;
        let mut tasks = JoinSet::new();
        for run in texts.chunks(texts.len().div_ceil(workers()).max(1)) {
            tasks.spawn(Arc::clone(self).fill_texts(run.to_vec()));
        }
        sum(tasks).await
    }

    async fn fill_texts(self: Arc<Self>, texts: Vec<rules::Text>) -> Result<u64, BackfillError> {
        let mut samples = 0;
        for rules::Text { piece, lines, count } in texts.into_iter().filter(|text| text.count > 0) {
            let path = self.staging.join(format!("{}.om", piece.start.0));
            std::fs::write(&path, lines + "# EOF\n").map_err(BackfillError::io(&path))?;
            self.make_blocks(&path).await?;
            samples += count;
        }
        Ok(samples)
    }

    /// Makes blocks of a text and moves them into Prometheus' directory.
    async fn make_blocks(&self, text: &Path) -> Result<(), BackfillError> {
        let made = text.with_extension("blocks");
        let mut command = Command::new(&self.promtool);
        command.args(["tsdb", "create-blocks-from", "openmetrics", "--quiet"]).arg(text).arg(&made);
        let output = command.kill_on_drop(true).output().await.map_err(BackfillError::io(&self.promtool))?;
        if !output.status.success() {
            return Err(BackfillError::Promtool(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        std::fs::remove_file(text).map_err(BackfillError::io(text))?;
        blocks::adopt(&made, &self.tsdb)
    }
}

fn workers() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 4)
}

async fn sum(mut tasks: JoinSet<Result<u64, BackfillError>>) -> Result<u64, BackfillError> {
    let mut total = 0;
    while let Some(samples) = tasks.join_next().await {
        total += samples??;
    }
    Ok(total)
}

/// A range cut where blocks end. A piece's end is not part of it.
fn pieces(range: TimeRange) -> Vec<TimeRange> {
    let TimeRange { mut start, end } = range;
    let mut pieces = Vec::new();
    while start < end {
        let next = end.min(Millis((start.0.div_euclid(BLOCK_MILLIS) + 1) * BLOCK_MILLIS));
        pieces.push(TimeRange { start, end: next });
        start = next;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(start: i64, end: i64, expected: &[(i64, i64)]) {
        let found: Vec<_> = pieces(TimeRange::new(start, end)).iter().map(|p| (p.start.0, p.end.0)).collect();
        assert_eq!(found, expected, "{start}..{end}");
    }

    #[test]
    fn pieces_end_where_blocks_do() {
        const BLOCK: i64 = BLOCK_MILLIS;
        check(1, 15_000, &[(1, 15_000)]);
        check(100, 100, &[]);
        check(100, 50, &[]);
        check(BLOCK - 15_000, BLOCK, &[(BLOCK - 15_000, BLOCK)]);
        check(
            BLOCK - 30_000,
            2 * BLOCK + 15_000,
            &[(BLOCK - 30_000, BLOCK), (BLOCK, 2 * BLOCK), (2 * BLOCK, 2 * BLOCK + 15_000)],
        );
    }
}
