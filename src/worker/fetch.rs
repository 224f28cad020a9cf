//! One request: bytes in, chunk by chunk, into a decoder, with no copy of the body kept.

use crate::browser::{clock, url};
use crate::protocol::Access;
use crate::worker::ask::Server;
use crate::worker::body::Body;
use frame::Millis;
use gloo_net::http::{self, RequestBuilder, Response};
use promapi::{Answer, DecodeError, Decoder, FetchError, Method, Request, ResponseHead, judge};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{AbortController, AbortSignal, RequestCredentials};

/// A body that is read as a whole is cut off beyond this. Rules of the largest servers take a tenth of it.
const MAX_WHOLE_BYTES: usize = 128 << 20;
/// For so long it is believed whether a server sends requests elsewhere.
const LOOK_AGAIN_MILLIS: f64 = 60_000.0;
/// So much of a body is kept to tell a login page or a proxy's message by.
const BODY_START_BYTES: usize = 16 << 10;

/// Ends a request when it is dropped, or when its time is up.
pub struct Abort {
    controller: AbortController,
    timed_out: Rc<Cell<bool>>,
    timeout_secs: u32,
    _deadline: clock::Timeout,
}

impl Abort {
    /// A handle whose request ends by itself after `timeout_millis`.
    ///
    /// # Errors
    ///
    /// Where the browser has no such thing.
    pub fn after(timeout_millis: i64) -> Result<Self, FetchError> {
        let none = |_| FetchError::Unreachable { detail: "this browser cannot give up a request".to_owned() };
        let controller = AbortController::new().map_err(none)?;
        let timed_out = Rc::new(Cell::new(false));
        let deadline = {
            let (controller, timed_out) = (controller.clone(), timed_out.clone());
            clock::Timeout::new(timeout_millis, move || {
                timed_out.set(true);
                controller.abort();
            })
        };
        let timeout_secs = u32::try_from(timeout_millis / 1_000).unwrap_or_default();
        Ok(Self { controller, timed_out, timeout_secs, _deadline: deadline })
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
    /// What the answer's `Date` header says, and when the request was sent.
    pub date: Option<(Millis, Millis)>,
    pub query_millis: f64,
    pub decode_millis: f64,
}

/// Sends a query and decodes its answer as it arrives.
pub async fn query(server: &Server, request: Request, decoder: Decoder, watch: &Watch) -> Outcome {
    let (started, sent_at) = (clock::ticks(), clock::now());
    let mut sink = Sink { decoder, failed: None, millis: 0.0 };
    let received = receive(server, request, watch, &mut |chunk| sink.push(chunk)).await;
    let decode_started = clock::ticks();
    let decoded = sink.failed.map_or_else(|| sink.decoder.finish(), Err);
    let decode_millis = sink.millis + clock::ticks() - decode_started;
    let date = received.as_ref().ok().and_then(|head| Some((head.date?, sent_at)));
    let result = received.and_then(|head| head.judge(decoded));
    Outcome { result, date, query_millis: clock::ticks() - started, decode_millis }
}

/// Sends a request whose answer is read as a whole: the response's head, and its body.
pub async fn whole(server: &Server, request: Request, watch: &Watch) -> Result<(Head, Vec<u8>), FetchError> {
    let mut body = Vec::new();
    let head = receive(server, request, watch, &mut |chunk| {
        body.extend_from_slice(chunk);
        body.len() <= MAX_WHOLE_BYTES
    })
    .await?;
    Ok((head, body))
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
pub struct Head {
    redirected: bool,
    status: u16,
    content_type: String,
    retry_after: Option<String>,
    date: Option<Millis>,
    body_start: Vec<u8>,
}

impl Head {
    /// The one outcome, from what decoding the body gave.
    pub fn judge<T>(&self, decoded: Result<T, DecodeError>) -> Result<T, FetchError> {
        let head = ResponseHead {
            status: self.status,
            content_type: &self.content_type,
            retry_after: self.retry_after.as_deref(),
            date: self.date,
            body_start: &self.body_start,
            redirected: self.redirected,
        };
        judge(&head, decoded)
    }
}

/// Takes a chunk of the body; false when more is of no use. Not a generic, which would double all code that awaits.
type Take<'a> = &'a mut dyn FnMut(&[u8]) -> bool;

/// Sends `request` and hands every chunk of the body to `take` until it says false.
async fn receive(server: &Server, request: Request, watch: &Watch, take: Take<'_>) -> Result<Head, FetchError> {
    let response = respond(server, request, watch).await?;
    let (mut body_start, mut is_wanted) = (Vec::new(), true);
    each_chunk(&response, watch, &mut |chunk| {
        let room = BODY_START_BYTES.saturating_sub(body_start.len());
        body_start.extend_from_slice(chunk.get(..room).unwrap_or(chunk));
        is_wanted = is_wanted && take(chunk);
        // A page in the place of data is of no use, but so much of it as tells whether one is to sign in.
        let is_page = body_start.trim_ascii_start().starts_with(b"<");
        is_wanted || (is_page && body_start.len() < BODY_START_BYTES)
    })
    .await?;
    Ok(Head {
        redirected: response.redirected(),
        status: response.status(),
        content_type: response.headers().get("content-type").unwrap_or_default(),
        retry_after: response.headers().get("retry-after"),
        date: response.headers().get("date").and_then(|date| clock::parse_date(&date)),
        body_start,
    })
}

/// Sends `request`: by GET where the server is known, or turns out, to take no POST.
async fn respond(server: &Server, request: Request, watch: &Watch) -> Result<Response, FetchError> {
    const URI_TOO_LONG: u16 = 414;
    let refuses_post = &server.found_out.refuses_post;
    let by_get = Request { method: Method::Get, ..request.clone() };
    if request.method == Method::Get || server.access.only_get {
        return send(server, by_get, watch).await;
    }
    if refuses_post.get() {
        let response = send(server, by_get.clone(), watch).await?;
        if response.status() != URI_TOO_LONG {
            return Ok(response);
        }
        // It may take POST by now.
        cancel(&response);
    }
    let response = send(server, request, watch).await?;
    if !promapi::refuses_post(response.status(), response.redirected()) {
        refuses_post.set(false);
        return Ok(response);
    }
    cancel(&response);
    let response = send(server, by_get, watch).await?;
    if response.ok() {
        // Otherwise it may take neither for now, as while it is maintained.
        refuses_post.set(true);
    }
    Ok(response)
}

async fn send(server: &Server, mut request: Request, watch: &Watch) -> Result<Response, FetchError> {
    let access = &*server.access;
    request.params.extend(access.params.iter().cloned());
    let params = request.encoded_params();
    let url = format!("{}/{}", server.base, request.path);
    let with_query = if params.is_empty() { url.clone() } else { format!("{url}?{params}") };
    let built = match request.method {
        Method::Get => prepared(http::Request::get(&with_query), access, watch).build(),
        Method::Post => prepared(http::Request::post(&url), access, watch)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(params),
    };
    let request = built.map_err(|error| unreachable_because(&error))?;
    let error = match request.send().await {
        Ok(response) if comes_from_elsewhere(&response, &url) => {
            cancel(&response);
            return Err(FetchError::SentElsewhere);
        }
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    if let Some(stopped) = stopped(watch) {
        return Err(stopped);
    }
    match sends_elsewhere(server, &url, watch).await {
        true => Err(FetchError::SentElsewhere),
        false => Err(unreachable_because(&error)),
    }
}

/// Whether another origin answered than the one of `url`, where the browser tells: one that nobody has configured, whatever
/// it says.
fn comes_from_elsewhere(response: &Response, url: &str) -> bool {
    response.redirected() && url::origin(&response.url()).is_some_and(|origin| Some(origin) != url::origin(url))
}

/// What is not read would keep a connection.
fn cancel(response: &Response) {
    drop(response.body().map(|body| body.cancel()));
}

/// Whether a server that seems not to be there answers, but with a redirection that the browser does not follow: to where the
/// user would sign in. It is asked once in a while only, and not in vain, as where it really is away.
async fn sends_elsewhere(server: &Server, url: &str, watch: &Watch) -> bool {
    if let Some((known, seen)) = server.found_out.sends_elsewhere.get()
        && clock::ticks() - seen < LOOK_AGAIN_MILLIS
    {
        return known;
    }
    let probe =
        prepared(http::Request::get(url), &server.access, watch).redirect(web_sys::RequestRedirect::Manual).build();
    let Ok(probe) = probe else { return false };
    let is_sent = probe.send().await.is_ok_and(|response| response.type_() == web_sys::ResponseType::Opaqueredirect);
    server.found_out.sends_elsewhere.set(Some((is_sent, clock::ticks())));
    is_sent
}

fn prepared(builder: RequestBuilder, access: &Access, watch: &Watch) -> RequestBuilder {
    let builder = builder
        .abort_signal(Some(&watch.signal))
        .redirect(web_sys::RequestRedirect::Follow)
        .credentials(match access.cookies {
            None => RequestCredentials::SameOrigin,
            Some(true) => RequestCredentials::Include,
            Some(false) => RequestCredentials::Omit,
        })
        .header("Accept", "application/json");
    access.headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value))
}

/// Hands every chunk of the body to `take` until it says false.
async fn each_chunk(response: &Response, watch: &Watch, take: Take<'_>) -> Result<(), FetchError> {
    let Some(body) = response.body() else { return Ok(()) };
    let mut body = Body::new(&body);
    let (mut scratch, mut received) = (Vec::new(), 0);
    loop {
        let chunk = match body.next(&mut scratch).await {
            Ok(None) => return Ok(()),
            Ok(Some(chunk)) => chunk,
            // The answer had begun: what is there now is a broken one, not an unreachable server.
            Err(_) => {
                return Err(stopped(watch).unwrap_or(FetchError::Decode(DecodeError::Truncated { offset: received })));
            }
        };
        received += chunk.len() as u64;
        if !take(chunk) {
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
