//! Passes allowed requests on to Prometheus or Alertmanager and streams both bodies.

use super::allow::{Api, Refusal};
use crate::BaseUrl;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;

/// What goes upstream. A list of what may pass, so that cookies, credentials and tenant headers never do.
const REQUEST_HEADERS: [HeaderName; 4] =
    [header::ACCEPT, header::ACCEPT_ENCODING, header::CONTENT_TYPE, header::CONTENT_LENGTH];

/// What comes back: what describes the body, and what the page reads (`Date` tells it the server's clock).
const RESPONSE_HEADERS: [HeaderName; 9] = [
    header::CACHE_CONTROL,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::DATE,
    header::LOCATION,
    header::RETRY_AFTER,
    header::VARY,
    HeaderName::from_static("x-prometheus-stopping"),
];

/// The way to one server.
#[derive(Clone)]
pub struct Proxy {
    api: Api,
    base: Option<BaseUrl>,
    client: Client<HttpConnector, Body>,
}

impl Proxy {
    /// A proxy to the server at `base`; without one it says that there is none.
    #[must_use]
    pub fn new(api: Api, base: Option<BaseUrl>) -> Self {
        Self { api, base, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Answers one request. Dropping the future, as happens when the page aborts, closes the upstream request too.
    pub async fn handle(self, request: Request) -> Response {
        let Some(base) = &self.base else {
            return plain(StatusCode::NOT_FOUND, format!("There is no {} here.", self.api.name()));
        };
        match self.api.upstream_path(request.method(), request.uri().path()) {
            Ok(path) => self.forward(base, &path, request).await,
            Err(Refusal::Endpoint) => plain(StatusCode::FORBIDDEN, "This endpoint is not passed on."),
            Err(Refusal::Method) => {
                plain(StatusCode::METHOD_NOT_ALLOWED, "This endpoint is only passed on for reading.")
            }
        }
    }

    async fn forward(&self, base: &BaseUrl, path: &str, request: Request) -> Response {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        let (parts, body) = request.into_parts();
        let mut upstream = match Request::builder().method(parts.method).uri(base.join(path) + &query).body(body) {
            Ok(upstream) => upstream,
            Err(error) => return plain(StatusCode::BAD_REQUEST, error.to_string()),
        };
        *upstream.headers_mut() = only(&REQUEST_HEADERS, &parts.headers);
        match self.client.request(upstream).await {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                let mut response = Response::new(Body::new(body));
                *response.status_mut() = parts.status;
                *response.headers_mut() = only(&RESPONSE_HEADERS, &parts.headers);
                response
            }
            Err(error) => {
                let name = self.api.name();
                plain(StatusCode::BAD_GATEWAY, format!("{name} at {base} does not answer ({error}). Is it running?"))
            }
        }
    }
}

fn only(names: &[HeaderName], headers: &HeaderMap) -> HeaderMap {
    let pairs =
        names.iter().flat_map(|name| headers.get_all(name).iter().map(move |value| (name.clone(), value.clone())));
    pairs.collect()
}

fn plain(status: StatusCode, message: impl Into<String>) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], message.into()).into_response()
}
