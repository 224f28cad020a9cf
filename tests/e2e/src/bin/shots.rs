//! `shots FOLDER [ROUTE…]`: pictures of every page (or of these routes), light and dark, wide and narrow.

use anyhow::{Context as _, Result};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tests_e2e::{Options, Page, Panel, Setup, State, Theme, World};

/// A desk and a phone, in CSS pixels.
const SIZES: &[(u32, u32)] = &[(1440, 900), (390, 844)];

/// A page is done when its text stays the same for so long.
const QUIET: Duration = Duration::from_millis(400);

/// A page that takes longer is shown as it is.
const PATIENCE: Duration = Duration::from_secs(15);

/// The machine itself has no past that could be filled in: its rates are there after a few scrapes.
const WARM_UP: Duration = Duration::from_secs(180);

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().context("give the folder for the pictures")?);
    let routes: Vec<String> = args.collect();
    let world = World::start(&Setup::from_env()?)?;
    warm_up(&world);
    let routes = if routes.is_empty() { world.routes() } else { routes };
    for theme in [Theme::Light, Theme::Dark] {
        for &size in SIZES {
            let page = world.page_with(Options { size, theme, ..Options::default() });
            for route in &routes {
                let file = folder.join(file_name(route, theme, size));
                shoot(&page, &with_theme(route, theme), &file);
                println!("{}", file.display());
                for complaint in page.complaints() {
                    println!("    {complaint}");
                }
            }
        }
    }
    Ok(())
}

/// Waits until everything is scraped and has rates.
fn warm_up(world: &World) {
    let page = world.page();
    page.open("d/node");
    page.look(WARM_UP, || {
        let panels = page.panels();
        let is_there = panels.iter().filter(|panel| panel.in_view).all(|panel| panel.state == State::Ready);
        (!panels.is_empty() && is_there).then_some(())
    });
}

fn shoot(page: &Page, route: &str, file: &Path) {
    page.open(route);
    let has_panels = route.starts_with("d/") || route.starts_with("explore");
    let panels_in_view = || page.panels().into_iter().filter(|panel| panel.in_view);
    let is_waiting = |panel: &Panel| !panel.state.is_settled();
    let settled = || (!has_panels || panels_in_view().next().is_some()) && !panels_in_view().any(|p| is_waiting(&p));
    if page.look(PATIENCE, || settled().then_some(())).is_none() {
        let waiting = panels_in_view().filter(is_waiting);
        waiting.for_each(|panel| println!("    {:?} is still {:?}", panel.title, panel.state));
    }
    page.look(PATIENCE, || {
        let before = page.text();
        std::thread::sleep(QUIET);
        (page.text() == before).then_some(())
    });
    page.screenshot(file);
}

fn with_theme(route: &str, theme: Theme) -> String {
    let mark = if route.contains('?') { '&' } else { '?' };
    format!("{route}{mark}theme={}", theme.name())
}

/// `d-fleet-overview-dark-1440.png`
fn file_name(route: &str, theme: Theme, (width, _): (u32, u32)) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = if route.is_empty() { "home".to_owned() } else { route.chars().map(kept).take(60).collect() };
    format!("{}-{}-{width}.png", name.trim_matches('-'), theme.name())
}
