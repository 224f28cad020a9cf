//! Filling in what the fleet did while Prometheus did not watch.

use super::files::Layout;
use super::{StackError, Tools, prometheus, watched};
use crate::backfill::Backfill;
use crate::fleet;
use frame::TimeRange;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A gap that is not worth filling in: two scrapes may be so far apart.
const SHORT_GAP_MILLIS: i64 = 15_000;

/// Prometheus is up a few seconds after its start, and spreads its first scrapes over an interval of 15 seconds.
const HANDOVER_MILLIS: i64 = 30_000;

/// Fills in the time since Prometheus last watched the fleet, at most `most` of it: first the scrapes, and then, with a
/// Prometheus that does nothing else, its recording rules.
pub async fn fill(tools: &Tools, layout: &Layout, most: Duration, progress: &impl Fn(&str)) -> Result<(), StackError> {
    let most = i64::try_from(most.as_millis()).unwrap_or(i64::MAX);
    let now = fleet::now();
    let until = watched::until(layout);
    if until.is_none() {
        // Blocks of a first start that was broken off would be there twice.
        layout.empty("tsdb")?;
    }
    let start = until.unwrap_or_default().max(now.plus(-most));
    if now.since(start) < SHORT_GAP_MILLIS {
        return Ok(());
    }
    let backfill = Arc::new(Backfill {
        promtool: tools.promtool.clone(),
        staging: layout.path("staging"),
        tsdb: layout.path("tsdb"),
    });
    progress(&format!("filling in the last {} of the fleet", in_words(now.since(start))));
    let began = Instant::now();
    let mut samples = backfill.fill_scrapes(TimeRange { start, end: now }).await?;
    let mut prometheus = prometheus::start(tools, layout, prometheus::Config::Past)?;
    prometheus.ready("/-/ready").await?;
    samples += backfill.fill_rules(&prometheus.url, TimeRange { start, end: now }).await?;
    prometheus.stop().await;
    // All that took a while. This is quick, and reaches to where every target has been scraped for the first time: a
    // rate over a gap would dip, and samples that come twice say the same.
    let end = fleet::now().plus(HANDOVER_MILLIS);
    samples += backfill.fill_scrapes(TimeRange { start: now, end }).await?;
    watched::note(layout, end)?;
    progress(&format!("  {samples} samples in {:.1} s", began.elapsed().as_secs_f64()));
    Ok(())
}

fn in_words(millis: i64) -> String {
    match millis / 60_000 {
        0 | 1 => "minute".to_owned(),
        minutes @ 2..120 => format!("{minutes} minutes"),
        minutes => format!("{} hours", (minutes + 30) / 60),
    }
}
