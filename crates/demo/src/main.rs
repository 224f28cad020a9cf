//! `pyrograph-demo`: the built app on live data, at one address.

use demo::BaseUrl;
use demo::serve::{self, Port, Site};
use demo::stack::{DAY, Stack, StackOptions};
use lexopt::prelude::*;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tokio::signal::unix::{SignalKind, signal};

const HELP: &str = "\
pyrograph-demo --dist DIR --tools DIR --data DIR [--port N] [--prometheus URL] [--alertmanager URL]

  --dist DIR          the built app
  --tools DIR         where prometheus, promtool, prometheus-alertmanager and prometheus-node-exporter are
  --data DIR          where everything is stored; a second start goes on from there
  --dashboards DIR    the dashboards to serve (default: those of the app)
  --port N            the port of the page (default: a free one)
  --prometheus URL    use this Prometheus and start nothing
  --alertmanager URL  use this Alertmanager, for reading only";

struct Options {
    dist: PathBuf,
    dashboards: PathBuf,
    port: u16,
    stack: StackOptions,
}

fn main() -> ExitCode {
    let options = match parse() {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("pyrograph-demo: {error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\npyrograph-demo: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let stopped = async {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
    };
    tokio::pin!(stopped);

    // Before anything is started: starting takes a while, and a port that is taken should be said at once.
    let port = Port::take(options.port).await?;
    let start = Stack::start(options.stack, |line| println!("{line}"));
    // Stopped while starting: what has been started so far is dropped, and with it ended.
    let stack = tokio::select! {
        stack = start => stack?,
        () = &mut stopped => return Ok(()),
    };
    let site = Site {
        dist: options.dist,
        config_json: serve::config_json(stack.alertmanager_url.is_some()),
        dashboards: options.dashboards,
        prometheus: stack.prometheus_url.clone(),
        alertmanager: stack.alertmanager_url.clone(),
    };
    let served = port.serve(site);
    println!("\n  {}/\n\nCtrl-C stops everything.", served.url);
    stopped.await;
    println!("\nstopping");
    drop(served);
    stack.stop().await;
    Ok(())
}

/// The options, or none when help was asked for.
fn parse() -> Result<Option<Options>, lexopt::Error> {
    let (mut dist, mut tools_dir, mut data_dir, mut dashboards) = (None, None, None, None);
    let (mut port, mut prometheus_url, mut alertmanager_url) = (0, None, None);
    let mut args = lexopt::Parser::from_env();
    while let Some(arg) = args.next()? {
        match arg {
            Long("dist") => dist = Some(PathBuf::from(args.value()?)),
            Long("tools") => tools_dir = Some(PathBuf::from(args.value()?)),
            Long("data") => data_dir = Some(PathBuf::from(args.value()?)),
            Long("dashboards") => dashboards = Some(PathBuf::from(args.value()?)),
            Long("port") => port = args.value()?.parse()?,
            Long("prometheus") => prometheus_url = Some(args.value()?.parse_with(str::parse::<BaseUrl>)?),
            Long("alertmanager") => alertmanager_url = Some(args.value()?.parse_with(str::parse::<BaseUrl>)?),
            Short('h') | Long("help") => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    let needed = |path: Option<PathBuf>, name: &str| path.ok_or_else(|| format!("--{name} is missing"));
    let dist = needed(dist, "dist")?;
    Ok(Some(Options {
        dashboards: dashboards.unwrap_or_else(|| dist.join(Path::new("dashboards"))),
        dist,
        port,
        stack: StackOptions {
            tools_dir: needed(tools_dir, "tools")?,
            data_dir: needed(data_dir, "data")?,
            prometheus_url,
            alertmanager_url,
            backfill: DAY,
        },
    }))
}
