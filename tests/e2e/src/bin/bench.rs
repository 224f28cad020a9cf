//! `bench FOLDER FILE`: runs the bench page in FOLDER in a browser, prints its table and writes FILE.
//!
//! The page gets synthetic answers from its own origin below `/synthetic/` and sets `window.benchResult` to a JSON list
//! of `{name, value, unit, target, holds}` when it is done, or `window.benchFailure` to a message.

use anyhow::{Context as _, Result, bail};
use axum::Router;
use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tests_e2e::{Browser, Options, Page};
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;

/// How long all benchmarks together may take.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// One figure.
#[derive(Deserialize, Serialize)]
struct Figure {
    name: String,
    value: f64,
    unit: String,
    /// What it is to be, in words such as `>= 8`.
    target: Option<String>,
    /// Whether it is.
    holds: bool,
}

fn main() -> Result<()> {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let (folder, file) = args.next().zip(args.next()).context("give the page's folder and the file for the figures")?;
    let program =
        |name: &str| std::env::var_os(name).with_context(|| format!("{name} is not set; run `cargo xtask bench`"));

    let runtime = Runtime::new()?;
    let (_synthetic, base) = runtime.block_on(serve(folder))?;
    let browser =
        Browser::start(program("CHROME")?.as_ref(), program("CHROMEDRIVER")?.as_ref(), runtime.handle().clone())?;
    let page = browser.open(&base, Options { size: (1440, 900), ..Options::default() })?;
    page.goto(&base);
    let figures: Vec<Figure> =
        serde_json::from_str(&result(&page)?).context("window.benchResult is not a list of figures")?;

    print(&figures);
    std::fs::write(&file, serde_json::to_string_pretty(&figures)? + "\n")
        .with_context(|| format!("{} cannot be written", file.display()))?;
    let missed: Vec<_> = figures.iter().filter(|figure| !figure.holds).map(|figure| figure.name.as_str()).collect();
    if !missed.is_empty() {
        bail!("missed: {}", missed.join(", "));
    }
    Ok(())
}

/// The page's files, and below `/synthetic/` made-up answers, on one origin.
async fn serve(folder: PathBuf) -> Result<(faultd::Server, String)> {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let files = format!("http://{}", listener.local_addr()?);
    let router = Router::new().fallback_service(ServeDir::new(folder));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let server = faultd::spawn(&files, 0).await?;
    let url = server.url();
    Ok((server, url))
}

fn result(page: &Page) -> Result<String> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(failure) = page.eval::<Option<String>>("return window.benchFailure ?? null") {
            bail!("the bench page failed: {failure}");
        }
        if let Some(result) = page.eval::<Option<String>>("return window.benchResult ?? null") {
            return Ok(result);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    bail!("the bench page has no result after {PATIENCE:?}:\n{}", page.complaints().join("\n"))
}

fn print(figures: &[Figure]) {
    let width = figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0);
    for Figure { name, value, unit, target, holds } in figures {
        let target = target.as_deref().unwrap_or_default();
        let verdict = if *holds { "" } else { "MISSED" };
        println!("{name:width$} {value:>12.3} {unit:8} {target:12} {verdict}");
    }
}
