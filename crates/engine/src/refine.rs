//! The finer answer behind the coarse one: whether to ask for it, and how fine.

use crate::answer::Answered;
use crate::plan::{MAX_POINTS, QueryPlan};
use crate::{Data, QueryData, Refine};
use dashboard::time::parse_duration;
use frame::{Grid, Step};
use std::sync::Arc;

/// A first answer slower than this is not followed by a bigger question.
const QUICK_MILLIS: i64 = 500;

/// What the server reads for a finer answer is at most so many times what it has read for the first one.
const MOST_TIMES: u64 = 4;

/// The queries of `data` at a finer step, or none where a finer answer is not to be had or not to be asked for.
///
/// The step divides the coarse one, so that every coarse point is among the finer ones; it is at least the scrape
/// interval, below which there is nothing to see, and keeps the answer within the server's limit and `max_samples`. Unless
/// all is wanted, what the server has to read keeps to that as well, and to [`MOST_TIMES`] what it has read.
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
    let scrape_interval = scrape_interval_millis.max(1);
    let mut max_growth = max_samples.checked_div(points)?;
    if mode == Refine::Auto {
        let read = data.queries.iter().map(|query| read_samples(query, scrape_interval)).sum::<u64>();
        max_growth = max_growth.min(MOST_TIMES).min(max_samples / read.max(1));
    }
    let divisor = divisor(grid, scrape_interval, max_growth)?;
    let finer = subdivided(grid, divisor);
    let plans = data.queries.iter().map(|query| query.plan(finer));
    Some((finer.step, plans.collect()))
}

/// How many samples the server has read for the answer: as it says, or about.
fn read_samples(query: &QueryData, scrape_interval: i64) -> u64 {
    query.answer.read_samples.unwrap_or_else(|| {
        // Every point is made of what lies in the longest window; of how many series it was made is not known.
        let per_point = longest_window(&query.expr) / scrape_interval;
        query.answer.points().saturating_mul(per_point.max(1).unsigned_abs())
    })
}

/// The longest of the durations that stand in brackets, in milliseconds.
fn longest_window(expr: &str) -> i64 {
    let windows = expr.split('[').skip(1).filter_map(|rest| parse_duration(rest.split([']', ':']).next()?));
    windows.max().unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_off_the_query() {
        for (expr, expected) in [
            ("up", 0),
            ("rate(a[5m])", 300_000),
            ("rate(a[1m15s]) + rate(b[ 1h ])", 3_600_000),
            ("max_over_time(rate(a[1m])[2h:15s])", 7_200_000),
            ("a{b='['} > c[", 0),
            ("a[1x] + b[30s]", 30_000),
        ] {
            assert_eq!(longest_window(expr), expected, "{expr}");
        }
    }
}
