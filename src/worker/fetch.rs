//! One request: bytes in, chunk by chunk, into a decoder, with no copy of the body kept.

use crate::browser::clock;
use crate::worker::body::Body;
use gloo_net::http::{Request, RequestBuilder, Response};
use promapi::{Answer, DecodeError, Decoder, FetchError, Method, ResponseHead, judge};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{AbortController, AbortSignal};

/// So much of a body is kept to tell a login page or a proxy's message by.
const BODY_START_BYTES: usize = 512;

/// Ends a request when it is dropped, or when its time is up.
pub struct Abort {
    controller: AbortController,
    timed_out: Rc<Cell<bool>>,
    timeout_secs: u32,
    _deadline: clock::Timeout,
}

impl Abort {
    /// A handle whose request ends by itself after `timeout_millis`; none where the browser cannot abort.
    pub fn after(timeout_millis: i64) -> Option<Self> {
        let controller = AbortController::new().ok()?;
        let timed_out = Rc::new(Cell::new(false));
        let deadline = {
            let (controller, timed_out) = (controller.clone(), timed_out.clone());
            clock::Timeout::new(timeout_millis, move || {
                timed_out.set(true);
                controller.abort();
            })
        };
        let timeout_secs = u32::try_from(timeout_millis / 1_000).unwrap_or_default();
        Some(Self { controller, timed_out, timeout_secs, _deadline: deadline })
    }

    /// What a running request has to watch.
    pub fn watch(&self) -> Watch {
        Watch { signal: self.controller.signal(), timed_out: self.timed_out.clone(), timeout_secs: self.timeout_secs }
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        self.controller.abort();
    }
}

/// A running request's view of its [`Abort`].
pub struct Watch {
    signal: AbortSignal,
    timed_out: Rc<Cell<bool>>,
    timeout_secs: u32,
}

/// What came of a query.
pub struct Outcome {
    pub result: Result<Answer, FetchError>,
    pub query_millis: f64,
    pub decode_millis: f64,
}

/// Sends a query and decodes its answer as it arrives.
pub async fn query(base: &str, request: &promapi::Request, decoder: Decoder, watch: &Watch) -> Outcome {
    let started = clock::ticks();
    let mut sink = Sink { decoder, failed: None, millis: 0.0 };
    let received = receive(base, request, watch, |chunk| sink.push(chunk)).await;
    let decode_started = clock::ticks();
    let decoded = sink.failed.map_or_else(|| sink.decoder.finish(), Err);
    let decode_millis = sink.millis + clock::ticks() - decode_started;
    let result = received.and_then(|head| judge(&head.borrowed(), decoded));
    Outcome { result, query_millis: clock::ticks() - started, decode_millis }
}

/// Sends a request whose answer is read as a whole, and parses it.
pub async fn whole<T>(
    base: &str,
    request: &promapi::Request,
    watch: &Watch,
    parse: impl FnOnce(&[u8]) -> Result<T, DecodeError>,
) -> Result<T, FetchError> {
    let mut body = Vec::new();
    let head = receive(base, request, watch, |chunk| {
        body.extend_from_slice(chunk);
        true
    })
    .await?;
    judge(&head.borrowed(), parse(&body))
}

/// Bytes on their way into the decoder, with the time that takes.
struct Sink {
    decoder: Decoder,
    failed: Option<DecodeError>,
    millis: f64,
}

impl Sink {
    /// Takes a chunk; false when more of the body is of no use.
    fn push(&mut self, chunk: &[u8]) -> bool {
        let started = clock::ticks();
        self.failed = self.decoder.push(chunk).err();
        self.millis += clock::ticks() - started;
        self.failed.is_none() && !self.decoder.is_done()
    }
}

/// What is known of a response apart from its decoded body.
struct Head {
    status: u16,
    content_type: String,
    retry_after: Option<String>,
    body_start: Vec<u8>,
}

impl Head {
    fn borrowed(&self) -> ResponseHead<'_> {
        ResponseHead {
            status: self.status,
            content_type: &self.content_type,
            retry_after: self.retry_after.as_deref(),
            body_start: &self.body_start,
        }
    }
}

/// Sends `request` and hands every chunk of the body to `take` until it says false.
async fn receive(
    base: &str,
    request: &promapi::Request,
    watch: &Watch,
    mut take: impl FnMut(&[u8]) -> bool,
) -> Result<Head, FetchError> {
    let response = send(base, request, watch).await?;
    let mut body_start = Vec::new();
    each_chunk(&response, watch, |chunk| {
        let wanted = BODY_START_BYTES.saturating_sub(body_start.len());
        body_start.extend(chunk.iter().take(wanted));
        take(chunk)
    })
    .await?;
    Ok(Head {
        status: response.status(),
        content_type: response.headers().get("content-type").unwrap_or_default(),
        retry_after: response.headers().get("retry-after"),
        body_start,
    })
}

async fn send(base: &str, request: &promapi::Request, watch: &Watch) -> Result<Response, FetchError> {
    let params = request.encoded_params();
    let url = format!("{base}/{}", request.path);
    let with_query = if params.is_empty() { url.clone() } else { format!("{url}?{params}") };
    let built = match request.method {
        Method::Get => prepared(Request::get(&with_query), watch).build(),
        Method::Post => prepared(Request::post(&url), watch)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(params),
    };
    let request = built.map_err(|error| unreachable_because(&error))?;
    request.send().await.map_err(|error| stopped(watch).unwrap_or_else(|| unreachable_because(&error)))
}

fn prepared(builder: RequestBuilder, watch: &Watch) -> RequestBuilder {
    builder
        .abort_signal(Some(&watch.signal))
        .redirect(web_sys::RequestRedirect::Follow)
        .header("Accept", "application/json")
}

/// Hands every chunk of the body to `take` until it says false.
async fn each_chunk(response: &Response, watch: &Watch, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), FetchError> {
    let Some(body) = response.body() else { return Ok(()) };
    let mut body = Body::new(&body);
    let mut scratch = Vec::new();
    let mut received = 0;
    loop {
        match body.next_into(&mut scratch).await {
            Ok(false) => return Ok(()),
            Ok(true) => received += scratch.len() as u64,
            // The answer had begun: what is there now is a broken one, not an unreachable server.
            Err(_) => {
                return Err(stopped(watch).unwrap_or(FetchError::Decode(DecodeError::Truncated { offset: received })));
            }
        }
        if !take(&scratch) {
            body.cancel();
            return Ok(());
        }
    }
}

/// Why a request ended that did not end by itself.
fn stopped(watch: &Watch) -> Option<FetchError> {
    if watch.timed_out.get() {
        Some(FetchError::TimedOut { after_secs: watch.timeout_secs })
    } else {
        watch.signal.aborted().then_some(FetchError::Aborted)
    }
}

fn unreachable_because(error: &gloo_net::Error) -> FetchError {
    FetchError::Unreachable { detail: error.to_string() }
}
