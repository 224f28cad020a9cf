//! The finer answer behind the coarse one: whether to ask for it, and how fine.

use crate::answer::Answered;
use crate::plan::{MAX_POINTS, QueryPlan};
use crate::{Data, Refine};
use frame::{Grid, Step};
use std::sync::Arc;

/// A first answer slower than this is not followed by a bigger question.
const QUICK_MILLIS: i64 = 500;

/// The queries of `data` at a finer step, or none where a finer answer is not to be had or not to be asked for.
///
/// The step divides the coarse one, so that every coarse point is among the finer ones; it is at least the scrape
/// interval, below which there is nothing to see, and keeps the answer within the server's limit and `max_samples`.
pub(crate) fn plan(
    data: &Data,
    mode: Refine,
    scrape_interval_millis: i64,
    max_samples: u64,
) -> Option<(Step, Vec<QueryPlan>)> {
    let answers: Vec<&Arc<Answered>> = data.queries.iter().map(|query| &query.answer).collect();
    let is_quick = answers.iter().all(|answer| answer.took_millis < QUICK_MILLIS);
    if mode == Refine::Panel || (mode == Refine::Auto && !is_quick) || data.truncated.is_some() {
        return None;
    }
    let grids: Vec<Grid> = data.queries.iter().map(|query| query.key.grid()).collect::<Option<_>>()?;
    let grid = *grids.first()?;
    // Queries with steps of their own are drawn as they are.
    if grids.iter().any(|other| *other != grid) {
        return None;
    }
    let points = u64::from(grid.len) * data.series.len() as u64;
    let divisor = divisor(grid, scrape_interval_millis.max(1), max_samples.checked_div(points)?)?;
    let finer = subdivided(grid, divisor);
    let plans = data.queries.iter().map(|query| query.plan(finer));
    Some((finer.step, plans.collect()))
}

/// The largest number of parts that a step may be cut into.
fn divisor(grid: Grid, scrape_interval: i64, max_growth: u64) -> Option<i64> {
    let step = grid.step.millis();
    let coarse_intervals = i64::from(grid.len.max(2)) - 1;
    let most =
        (step / scrape_interval).min(MAX_POINTS / coarse_intervals).min(i64::try_from(max_growth).unwrap_or(i64::MAX));
    (2..=most).rev().find(|parts| step % parts == 0)
}

fn subdivided(grid: Grid, parts: i64) -> Grid {
    let len = i64::from(grid.len.saturating_sub(1)) * parts + 1;
    Grid {
        start: grid.start,
        step: Step::at_least_one(grid.step.millis() / parts),
        len: u32::try_from(len).unwrap_or(u32::MAX),
    }
}
