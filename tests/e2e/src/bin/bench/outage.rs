//! How often a server that is down is asked.

use crate::Run;
use crate::figure::Figure;
use crate::samples::is_query;
use anyhow::Result;
use faultd::{Fault, Rule, When};
use std::thread::sleep;
use std::time::Duration;
use tests_e2e::{Dashboard, State};

const PANELS: usize = 6;
const REFRESH: Duration = Duration::from_secs(5);

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let exprs: Vec<_> = (0..PANELS).map(|n| format!("up + {n}")).collect();
    let panels: Vec<_> = exprs.iter().map(|expr| ("Up", expr.as_str())).collect();
    let site = run.world.faulty().with(&Dashboard::of(&panels));
    let page = site.page();
    page.open(&format!("d/small?refresh={}s", REFRESH.as_secs()));
    page.panel_in("1", State::Ready);

    let count = || site.log().requests().iter().filter(|entry| is_query(entry)).count();
    site.set(&[Rule::new(When::path("/prometheus"), Fault::Reset)]);
    let before = count();
    sleep(run.endurance);
    let asked = (count() - before) as f64;
    let plain = run.endurance.as_secs_f64() / REFRESH.as_secs_f64() * PANELS as f64;
    let minutes = run.endurance.as_secs_f64() / 60.0;
    Ok(vec![
        Figure::at_most(1.0, "outage/requests-against-refreshes", asked / plain, "x"),
        Figure::known("outage/requests-per-minute", asked / minutes, ""),
    ])
}
