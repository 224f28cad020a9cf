//! `cargo xtask demo`: the app on live data.

use crate::repo::Repo;
use crate::run::{self, say};
use crate::{dist, tools};
use anyhow::Result;
use lexopt::prelude::*;
use std::ffi::OsString;
use std::process::Command;

/// What is handed on to the demo server.
pub struct Options {
    args: Vec<OsString>,
    needs_servers: bool,
}

impl Options {
    /// # Errors
    /// An option that there is not, or one without its value.
    pub fn parse(mut args: lexopt::Parser) -> Result<Self> {
        let mut options = Self { args: Vec::new(), needs_servers: true };
        while let Some(arg) = args.next()? {
            let name = match arg {
                Long(name @ ("port" | "prometheus" | "alertmanager")) => format!("--{name}"),
                Short('h') | Long("help") => anyhow::bail!("{}", crate::HELP),
                other => return Err(other.unexpected().into()),
            };
            options.needs_servers &= name != "--prometheus";
            options.args.extend([name.into(), args.value()?]);
        }
        Ok(options)
    }
}

/// Builds the app, then becomes the demo server: Ctrl-C reaches that alone, and it stops what it started.
///
/// # Errors
/// Something that is needed cannot be set up, or the server fails.
pub fn run(repo: &Repo, options: Options) -> Result<()> {
    let bin = if options.needs_servers { tools::servers(repo)? } else { repo.bin() };
    let dist = dist::build(repo)?;
    say("starting the demo");
    let mut server = run::cargo(repo.root());
    server.args(["run", "--quiet", "--package", "demo", "--bin", "pyrograph-demo", "--"]);
    server.arg("--dist").arg(dist).arg("--tools").arg(bin).arg("--data").arg(repo.tools().join("data"));
    server.args(options.args);
    become_or_run(&mut server)
}

#[cfg(unix)]
fn become_or_run(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_or_run(command: &mut Command) -> Result<()> {
    run::run(command)
}
