//! `cargo xtask shots`: pictures of every page, to be looked at.

use crate::repo::Repo;
use crate::run::{self, say};
use crate::{dist, tools};
use anyhow::Result;

/// Takes the screenshots; what else is on the command line is handed on.
///
/// # Errors
/// Something that is needed cannot be set up, or a page does not get ready.
pub fn run(repo: &Repo, mut args: lexopt::Parser) -> Result<()> {
    let dist = dist::build(repo)?;
    let servers = tools::servers(repo)?;
    let browser = tools::browser(repo)?;
    let pictures = repo.reports().join("shots");
    say(format!("taking screenshots into {}", pictures.display()));
    let mut shots = run::cargo(repo.root());
    shots
        .args(["run", "--quiet", "--package", "tests-e2e", "--bin", "shots", "--"])
        .arg(pictures)
        .args(args.raw_args()?);
    shots.env("PYROGRAPH_DIST", dist).env("PYROGRAPH_TOOLS", servers);
    browser.tell(&mut shots);
    run::run(&mut shots)
}
