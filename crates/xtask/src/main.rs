//! The repository's own commands. `cargo xtask --help` lists them.
//!
//! Each command does all of its own set-up: what it needs and does not find is put into `.tools/`, which git ignores.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod alike;
mod bench;
mod bindgen;
mod demo;
mod dist;
mod fault_table;
mod functions;
mod layers;
mod naming;
mod packs;
mod repo;
mod rest;
mod run;
mod shots;
mod size;
mod source_rules;
mod spelling;
mod squeeze;
mod streams;
mod test;
mod tools;
mod twins;
mod types;

use anyhow::{Result, bail};
use lexopt::prelude::*;
use repo::Repo;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  demo [--port N]         build the app, start a microservice fleet with Prometheus and Alertmanager, print one URL
       [--prometheus URL]     use this Prometheus instead of starting one
       [--alertmanager URL]   use this Alertmanager instead of starting one
  test [--full]           formatting, lints, unit and wasm tests, layering, size budget, end-to-end tests;
                              --full adds more property cases, every dashboard of the corpus, and a minute of
                              fuzzing per target
       [--only STEP]          one step of it (`test --list` names them)
  dist                    the static bundle in dist/, with .br and .gz twins and a table of sizes
  bench [--only GROUP]    the benchmarks in a browser: a table, and target/bench.json
        [--soak]              what is about endurance goes on for ten minutes instead of one
  first-run               note in a browser which code the first load runs; `dist` lays the rest into a file of its own
  tools                   set up what the other commands need, and nothing else (each does it by itself, too)
  shots [ROUTE…]          screenshots of every page (or of these routes) in target/shots/

Whatever a command needs and does not find is put into .tools/; nothing is installed system-wide.";

fn main() -> ExitCode {
    match command() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command() -> Result<()> {
    let repo = Repo::find();
    let mut args = lexopt::Parser::from_env();
    match args.next()? {
        Some(Value(name)) => match name.to_str() {
            Some("demo") => demo::run(&repo, demo::Options::parse(args)?),
            Some("test") => test::run(&repo, &test::Options::parse(args)?),
            Some("dist") => no_more(args).and_then(|()| dist::run(&repo)),
            Some("bench") => bench::run(&repo, args),
            Some("tools") => no_more(args).and_then(|()| tools::all(&repo)),
            Some("bindgen") => bindgen::run(args), // for Trunk, not for people
            Some("first-run") => no_more(args).and_then(|()| rest::first_run(&repo)),
            Some("shots") => shots::run(&repo, args),
            _ => bail!("there is no command {name:?}\n\n{HELP}"),
        },
        None | Some(Short('h') | Long("help")) => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(other.unexpected().into()),
    }
}

/// Refuses what a command without options was given.
fn no_more(mut args: lexopt::Parser) -> Result<()> {
    match args.next()? {
        None => Ok(()),
        Some(Short('h') | Long("help")) => bail!("this command has no options\n\n{HELP}"),
        Some(other) => Err(other.unexpected().into()),
    }
}
