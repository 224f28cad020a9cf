//! The files that are served beside the page: config.json, the lists of dashboards, dashboards.

use gloo_net::http::Request;

/// A server that has not answered by then is not waited for any more.
const LIMIT_MILLIS: u32 = 30_000;

/// Why a file could not be had.
#[derive(Clone, Debug)]
pub struct Unserved {
    /// For the user: which file, and what came instead.
    pub words: String,
    /// Whether it may be there a little later, as from a server that starts anew.
    pub passes: bool,
}

/// The text of `file`, relative to the page.
pub async fn fetch_text(file: &str) -> Result<String, Unserved> {
    let failed =
        |error: gloo_net::Error| Unserved { words: format!("{file} could not be fetched: {error}"), passes: true };
    let limit = web_sys::AbortSignal::timeout_with_u32(LIMIT_MILLIS);
    let response = Request::get(file).abort_signal(Some(&limit)).send().await.map_err(failed)?;
    if response.ok() {
        return response.text().await.map_err(failed);
    }
    let status = response.status();
    let words = format!("{file} answered {status} {}", response.status_text());
    Err(Unserved { words, passes: status >= 500 || matches!(status, 408 | 429) })
}
