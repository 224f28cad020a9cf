//! `bench PAGE FILE [--soak] [--only GROUP]`: what `cargo xtask bench` measures. Prints a table, writes FILE, and
//! `growth.svg` beside it.
//!
//! Every group compares within one run: what is compared takes turns, and the middle one of the ratios counts.

mod bench_page;
mod big;
mod cold;
mod figure;
mod growth_plot;
mod load;
mod outage;
mod rules;
mod samples;
mod soak;
mod worker;

use anyhow::{Context as _, Result, bail};
use figure::Figure;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tests_e2e::{Setup, World};

/// What is measured, and on how long it may take.
struct Run<'a> {
    world: &'a World,
    /// The folder of the bench page.
    page: &'a Path,
    /// How long what is about endurance goes on.
    endurance: Duration,
}

type Group = (&'static str, fn(&Run<'_>) -> Result<Vec<Figure>>);

const GROUPS: &[Group] = &[
    ("page", bench_page::run),
    ("worker", worker::run),
    ("cold", cold::run),
    ("load", load::run),
    ("big", big::run),
    ("rules", rules::run),
    ("outage", outage::run),
    ("soak", soak::run),
];

fn main() -> Result<()> {
    let options = Options::parse(std::env::args().skip(1))?;
    let world = World::start(&Setup::from_env()?)?;
    let run = Run { world: &world, page: &options.page, endurance: options.endurance };
    let mut figures = Vec::new();
    for (name, group) in GROUPS.iter().filter(|(name, _)| options.only.as_ref().is_none_or(|only| only == name)) {
        let start = Instant::now();
        figures.extend(group(&run).with_context(|| format!("{name} could not be measured"))?);
        eprintln!("{name}: {} s", start.elapsed().as_secs());
    }

    figure::print(&figures);
    std::fs::write(&options.file, serde_json::to_string_pretty(&figures)? + "\n")
        .with_context(|| format!("{} cannot be written", options.file.display()))?;
    if let Some(svg) = growth_plot::draw(&figures) {
        let file = options.file.with_file_name("growth.svg");
        std::fs::write(&file, svg).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    let missed: Vec<_> = figures.iter().filter(|figure| !figure.holds).map(|figure| figure.name.as_str()).collect();
    if !missed.is_empty() {
        bail!("missed: {}", missed.join(", "));
    }
    Ok(())
}

struct Options {
    page: PathBuf,
    file: PathBuf,
    only: Option<String>,
    endurance: Duration,
}

impl Options {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let (page, file) =
            args.next().zip(args.next()).context("give the bench page's folder and the file for the figures")?;
        let mut options = Self { page: page.into(), file: file.into(), only: None, endurance: Duration::from_secs(60) };
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--soak" => options.endurance = Duration::from_secs(600),
                "--only" => options.only = Some(args.next().context("--only needs the name of a group")?),
                _ => bail!("there is no option {arg}"),
            }
        }
        if let Some(only) = &options.only
            && !GROUPS.iter().any(|(name, _)| name == only)
        {
            let names: Vec<_> = GROUPS.iter().map(|(name, _)| *name).collect();
            bail!("there is no group {only}; there are {}", names.join(", "));
        }
        Ok(options)
    }
}
