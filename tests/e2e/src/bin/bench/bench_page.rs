//! The bench page: the decoder and the reduction alone, against the browser's own JSON parser.
//!
//! The page gets synthetic answers from its own origin below `/synthetic/` and sets `window.benchResult` to a JSON list
//! of figures when it is done, or `window.benchFailure` to a message.

use crate::Run;
use crate::figure::Figure;
use anyhow::{Context as _, Result, bail};
use axum::Router;
use std::time::Duration;
use tests_e2e::{Options, Page};
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;

const PATIENCE: Duration = Duration::from_secs(15 * 60);

pub fn run(run: &Run<'_>) -> Result<Vec<Figure>> {
    let files = run.world.serve(Router::new().fallback_service(ServeDir::new(run.page)));
    let runtime = Runtime::new()?;
    let server = runtime.block_on(faultd::spawn(&format!("http://127.0.0.1:{}", files.port), 0))?;
    let page = run.world.page_at(&server.url(), Options { size: (1440, 900), ..Options::default() });
    page.goto(&server.url());
    serde_json::from_str(&result(&page)?).context("window.benchResult is not a list of figures")
}

fn result(page: &Page) -> Result<String> {
    let ended = page.look(PATIENCE, || {
        page.eval::<Option<(Option<String>, Option<String>)>>(
            "const { benchFailure: failure = null, benchResult: result = null } = window;
            return failure ?? result ? [failure, result] : null",
        )
    });
    match ended {
        Some((_, Some(result))) => Ok(result),
        Some((failure, _)) => bail!("the bench page failed: {}", failure.unwrap_or_default()),
        None => bail!("the bench page has no result after {PATIENCE:?}:\n{}", page.complaints().join("\n")),
    }
}
