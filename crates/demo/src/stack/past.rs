//! Filling in what the fleet did while Prometheus did not watch.

use super::files::Layout;
use super::prometheus::{Config, Storage};
use super::watched::{self, Scrape};
use super::{StackError, Tools, prometheus};
use crate::backfill::{Backfill, Timetable, phase};
use crate::fleet::{self, Endpoint, PerService};
use frame::{Millis, TimeRange};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// A gap that is not worth a Prometheus of its own for the recording rules.
const SHORT_GAP_MILLIS: i64 = 15_000;

/// Prometheus is up a few seconds after its start, and spreads its first scrapes over an interval of 15 seconds.
const HANDOVER_MILLIS: i64 = 30_000;

/// How much less time the recording rules take than what they are evaluated over: ten seconds for a day.
const RULES_ARE_QUICKER: i64 = 8_640;

/// How long the past takes to move to the present's phases: so that no two scrapes are more than 1 % off.
const CHANGE_MILLIS: i64 = 25 * 60 * 1000;

/// Prometheus looks for targets every five seconds, and then takes up to an interval to scrape each.
const SIGHTING_PATIENCE: Duration = Duration::from_secs(40);

/// Fills in the time since Prometheus last watched the fleet, at most `most` of it: first the scrapes, and then, with a
/// Prometheus that does nothing else, its recording rules. Gives the last scrapes, which are in the near future: until
/// then the endpoints keep quiet.
pub async fn fill(
    tools: &Tools,
    layout: &Layout,
    most: Duration,
    fleet: &[Endpoint],
    progress: &impl Fn(&str),
) -> Result<PerService<Scrape>, StackError> {
    let before = watched::read(layout);
    if before.is_none() {
        // Blocks of a first start that was broken off would be there twice.
        layout.empty("tsdb")?;
    }
    let now = fleet::now();
    let earliest = now.plus(-i64::try_from(most.as_millis()).unwrap_or(i64::MAX));
    let last = before.map_or([earliest; _], |scrapes| scrapes.map(|scrape| scrape.at.max(earliest)));
    let start = last.into_iter().min().unwrap_or(earliest);
    let is_gap = now.since(start) >= SHORT_GAP_MILLIS;
    if is_gap {
        progress(&format!("filling in the last {} of the fleet", in_words(now.since(start))));
    }
    let began = Instant::now();
    let backfill = Arc::new(Backfill {
        promtool: tools.promtool.clone(),
        staging: layout.path("staging"),
        tsdb: layout.path("tsdb"),
    });

    let change = TimeRange { start: start.max(now.plus(-CHANGE_MILLIS)), end: now };
    let is_where_it_was = before
        .is_some_and(|scrapes| scrapes.iter().map(|scrape| scrape.port).eq(fleet.iter().map(|endpoint| endpoint.port)));
    let steady = Arc::new(Timetable::steady(last));
    let bulk = async { Ok(backfill.fill_scrapes(TimeRange { start, end: change.start }, &steady).await?) };
    let sight = async { if is_where_it_was { Ok(last.map(phase)) } else { sight(tools, layout, fleet).await } };
    let (mut samples, phases) = tokio::try_join!(bulk, sight)?;
    let timetable = Arc::new(Timetable::new(last, phases, change));
    // The past reaches to where every target has been scraped for the first time: a rate over a gap would dip, and so it
    // would where samples come twice. It is there before rules are: a Prometheus also evaluates them by itself.
    let rules_take = if is_gap { now.since(start) / RULES_ARE_QUICKER } else { 0 };
    let mut end = timetable.lull(fleet::now().plus(rules_take + HANDOVER_MILLIS));
    samples += backfill.fill_scrapes(TimeRange { start: change.start, end }, &timetable).await?;
    if is_gap {
        let mut prometheus = prometheus::start(tools, layout, Config::Past, Storage::Kept)?;
        prometheus.ready("/-/ready").await?;
        samples += backfill.fill_rules(&prometheus.url, TimeRange { start, end: now }).await?;
        prometheus.stop().await;
        // Where that took longer.
        let reached = end;
        end = end.max(timetable.lull(fleet::now().plus(HANDOVER_MILLIS)));
        samples += backfill.fill_scrapes(TimeRange { start: reached, end }, &timetable).await?;
    }
    for endpoint in fleet {
        endpoint.keep_quiet(end);
    }
    let last = timetable.last_before(end);
    let scrapes = std::array::from_fn(|index| Scrape { port: fleet[index].port, at: last[index] });
    watched::note(layout, &scrapes)?;
    if is_gap {
        progress(&format!("  {samples} samples in {:.1} s", began.elapsed().as_secs_f64()));
    }
    Ok(scrapes)
}

/// Sees when Prometheus scrapes the services where they are now: each in its own phase.
async fn sight(tools: &Tools, layout: &Layout, fleet: &[Endpoint]) -> Result<PerService<i64>, StackError> {
    let mut prometheus = prometheus::start(tools, layout, Config::Present, Storage::Thrown)?;
    prometheus.ready("/-/ready").await?;
    let deadline = Instant::now() + SIGHTING_PATIENCE;
    while fleet.iter().any(|endpoint| endpoint.last_scrape().is_none()) && Instant::now() < deadline {
        sleep(Duration::from_millis(100)).await;
    }
    prometheus.stop().await;
    // One that was not seen is scraped at another instant than its past: a dip, no more.
    Ok(std::array::from_fn(|index| phase(fleet[index].last_scrape().unwrap_or(Millis(0)))))
}

fn in_words(millis: i64) -> String {
    match millis / 60_000 {
        0 | 1 => "minute".to_owned(),
        minutes @ 2..120 => format!("{minutes} minutes"),
        minutes => format!("{} hours", (minutes + 30) / 60),
    }
}
