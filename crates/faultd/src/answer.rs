//! One request: logged, held against the rules, and answered or passed on.

use crate::handle::{FaultHandle, InFlight};
use crate::log::Entry;
use crate::rule::Fault;
use crate::synthetic;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header, request, uri};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::{self, StreamExt as _};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use percent_encoding::percent_decode_str;
use std::io;
use std::time::Duration;

/// Requests are small; an answer may be a whole bench.
const MAX_REQUEST: usize = 1 << 20;

/// Where requests go and what befalls them.
#[derive(Clone)]
pub struct Proxy {
    pub upstream: Uri,
    pub client: Client<HttpConnector, Body>,
    pub faults: FaultHandle,
}

/// Marks a response that is never sent: the connection is reset instead.
#[derive(Clone, Copy)]
pub struct ResetConnection;

/// Answers a request, with the fault that its rule wants.
pub async fn answer(State(proxy): State<Proxy>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_REQUEST).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the request is too large for faultd").into_response();
    };
    let entry = entry(&head.uri, &head.headers, &body);
    let rule = proxy.faults.rule_for(&entry);
    let in_flight = proxy.faults.begin(entry);
    let (fault, delay_millis) = rule.map_or((Fault::None, 0), |rule| (rule.fault, rule.delay_millis));
    tokio::time::sleep(Duration::from_millis(delay_millis)).await;
    let mut response = match fault {
        Fault::None => pass_on(&proxy, head, body).await,
        Fault::Hang => std::future::pending().await,
        Fault::Reset => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(ResetConnection);
            response
        }
        Fault::Cut { bytes, clean } => whole(&proxy, head, body).await.map(|text| cut(text, bytes, clean)),
        Fault::Drip { bytes, every_millis } => {
            whole(&proxy, head, body).await.map(|text| drip(text, bytes, Duration::from_millis(every_millis)))
        }
        Fault::Redirect { to } => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Fault::Inflate { series } => {
            let pieces = synthetic::many_series(series, &body).map(Ok::<_, io::Error>);
            ([(header::CONTENT_TYPE, "application/json")], Body::from_stream(stream::iter(pieces))).into_response()
        }
        Fault::Answer { code, content_type, body, retry_after_secs } => {
            other_answer(code, &content_type, body, retry_after_secs)
        }
    };
    let date = proxy.faults.date().and_then(|date| HeaderValue::from_str(&httpdate::fmt_http_date(date)).ok());
    if let Some(date) = date {
        response.headers_mut().insert(header::DATE, date);
    }
    response.map(|body| in_flight_until_sent(body, in_flight))
}

fn entry(uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Entry {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    Entry {
        path: decoded(uri.path()),
        query: decoded(uri.query().unwrap_or_default()),
        headers: headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap_or_default()))
            .collect(),
        body: decoded(&String::from_utf8_lossy(body)),
    }
}

async fn pass_on(proxy: &Proxy, mut head: request::Parts, body: Bytes) -> Response {
    if let Some(response) = synthetic::answer(&head.uri, &body) {
        return response;
    }
    let mut uri = uri::Parts::from(head.uri);
    uri.scheme = proxy.upstream.scheme().cloned();
    uri.authority = proxy.upstream.authority().cloned();
    let Ok(uri) = Uri::from_parts(uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    head.headers.remove(header::HOST);
    head.headers.remove(header::CONNECTION);
    head.uri = uri;
    match proxy.client.request(Request::from_parts(head, Body::from(body))).await {
        Ok(response) => response.map(Body::new),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{} gave no answer: {error}", proxy.upstream)).into_response(),
    }
}

/// The true answer with its whole body at hand, not compressed.
async fn whole(proxy: &Proxy, mut head: request::Parts, body: Bytes) -> Response<Bytes> {
    head.headers.remove(header::ACCEPT_ENCODING);
    let (mut head, body) = pass_on(proxy, head, body).await.into_parts();
    head.headers.remove(header::TRANSFER_ENCODING);
    head.headers.remove(header::CONTENT_LENGTH);
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Response::from_parts(head, body)
}

/// Ends after some bytes: as if that were all, or with a broken connection.
fn cut(text: Bytes, bytes: usize, clean: bool) -> Body {
    let text = text.slice(..bytes.min(text.len()));
    if clean {
        return Body::from(text);
    }
    let breaks = Err(io::Error::from(io::ErrorKind::ConnectionAborted));
    // The pause lets the bytes before the break reach the page: hyper drops what it has not sent when a body fails.
    let parts = stream::iter([Ok(text)]).chain(stream::once(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        breaks
    }));
    Body::from_stream(parts)
}

/// Comes in pieces with pauses between them.
fn drip(text: Bytes, bytes: usize, every: Duration) -> Body {
    let pieces = stream::unfold(text, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(every).await;
        let piece = rest.split_to(bytes.max(1).min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    });
    Body::from_stream(pieces)
}

fn other_answer(code: u16, content_type: &str, body: String, retry_after_secs: Option<u32>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    if let Some(secs) = retry_after_secs {
        response.headers_mut().insert(header::RETRY_AFTER, secs.into());
    }
    response
}

/// The request counts as in flight until its body is sent or the page is gone.
fn in_flight_until_sent(body: Body, in_flight: InFlight) -> Body {
    Body::new(body.map_frame(move |frame| {
        let _ = &in_flight;
        frame
    }))
}
