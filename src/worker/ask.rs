//! Questions with one answer: label values, rules, alerts. Parsed by serde here, so that the page never waits for it.

use crate::protocol::{Endpoint, Question, Reply};
use crate::worker::fetch::{self, Watch};
use crate::worker::host::api_base;
use engine::ErrorCard;
use promapi::rules::Rules;
use promapi::{FetchError, Request, alertmanager};
use serde::de::DeserializeOwned;

/// How long a question may take.
pub const TIMEOUT_MILLIS: i64 = 30_000;
/// How many values are asked for at most: large servers have millions, and no list shows them.
const VALUES_LIMIT: u32 = 10_000;

/// Fetches and parses what `question` needs.
pub async fn answer(
    question: Question,
    sources: &[Endpoint],
    alertmanagers: &[Endpoint],
    watch: &Watch,
) -> Result<Reply, ErrorCard> {
    let reply = match question {
        Question::Values(..) => Ok(Reply::Values(None)),
        Question::LabelValues { source, label, matcher, range } => {
            let matchers: Vec<String> = matcher.into_iter().collect();
            let request = Request::label_values(&label, &matchers, range, VALUES_LIMIT);
            from_source(sources, &source, &request, watch).await.map(Reply::Texts)
        }
        Question::Rules { source } => {
            let rules: Result<Rules, FetchError> = from_source(sources, &source, &Request::rules(), watch).await;
            rules.map(|rules| Reply::Rules(rules.groups))
        }
        Question::AlertGroups { alertmanager } => match find(alertmanagers, &alertmanager) {
            Some(endpoint) => {
                let request = alertmanager::alert_groups();
                fetch::whole(&endpoint.url, &request, watch, alertmanager::decode).await.map(Reply::AlertGroups)
            }
            None => Err(unknown(&alertmanager)),
        },
    };
    reply.map_err(|error| ErrorCard::from(&error))
}

async fn from_source<T: DeserializeOwned>(
    sources: &[Endpoint],
    uid: &str,
    request: &Request,
    watch: &Watch,
) -> Result<T, FetchError> {
    let Some(endpoint) = find(sources, uid) else { return Err(unknown(uid)) };
    let decode = |body: &[u8]| promapi::decode_reply(body).map(|reply| reply.data);
    fetch::whole(&api_base(endpoint), request, watch, decode).await
}

fn find<'a>(endpoints: &'a [Endpoint], uid: &str) -> Option<&'a Endpoint> {
    endpoints.iter().find(|endpoint| endpoint.uid == uid)
}

/// There is nowhere to send the request to: as unreachable as it gets, with the reason.
pub fn unknown(uid: &str) -> FetchError {
    FetchError::Unreachable { detail: format!("config.json names no “{uid}”") }
}
