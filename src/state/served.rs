//! The files that are served beside the page: config.json, the lists of dashboards, dashboards.

use gloo_net::http::Request;

/// A server that has not answered by then is not waited for any more.
const LIMIT_MILLIS: u32 = 30_000;
/// How long after the first failure a file is asked for again. The pause doubles up to the longest one.
const FIRST_PAUSE_MILLIS: i64 = 2_000;
const LONGEST_PAUSE_MILLIS: i64 = 60_000;

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

/// How long to wait after so many failures in a row: a quarter less or more, so that many pages do not ask in step.
pub fn pause_millis(failures: u32) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS << failures.saturating_sub(1).min(10);
    let share = 0.75 + js_sys::Math::random() / 2.0;
    (doubled.min(LONGEST_PAUSE_MILLIS) as f64 * share) as i64
}
