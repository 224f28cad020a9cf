//! The fleet's `/metrics` endpoints: one HTTP server per service.

use super::exposition::{self, Format};
use super::simulation::Simulation;
use super::topology::{PerService, SERVICES, Service};
use crate::BaseUrl;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frame::Millis;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fmt, io};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A service's running endpoint; it ends when this is dropped.
#[derive(Debug)]
pub struct Endpoint {
    /// Where it listens: a port of the loopback interface.
    pub port: u16,
    /// The service.
    pub service: &'static Service,
    scrapes: Arc<Scrapes>,
    task: JoinHandle<()>,
}

/// What an endpoint knows of those who scrape it. Instants in milliseconds since the epoch.
#[derive(Debug, Default)]
struct Scrapes {
    /// When Prometheus last did; 0 before it ever does.
    last: AtomicI64,
    quiet_until: AtomicI64,
}

impl Endpoint {
    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> BaseUrl {
        BaseUrl::loopback(self.port)
    }

    /// When Prometheus last scraped it, if it did.
    #[must_use]
    pub fn last_scrape(&self) -> Option<Millis> {
        let last = self.scrapes.last.load(Ordering::Relaxed);
        (last > 0).then_some(Millis(last))
    }

    /// Has it answer with what its metrics are, but with no samples until then: those are in Prometheus' storage already.
    pub fn keep_quiet(&self, until: Millis) {
        self.scrapes.quiet_until.store(until.0, Ordering::Relaxed);
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An endpoint cannot be started.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on a port for the service {service}: {source}")]
pub struct EndpointError {
    service: &'static str,
    source: io::Error,
}

/// Starts an endpoint for every service, in their order, each on its port in `ports` if there is one and it is free, else
/// on any that is.
///
/// # Errors
/// There is no free port.
pub async fn spawn(ports: Option<PerService<u16>>) -> Result<Vec<Endpoint>, EndpointError> {
    let simulation = Arc::new(Mutex::new(Simulation::new(now())));
    let mut endpoints = Vec::with_capacity(SERVICES.len());
    for (index, service) in SERVICES.iter().enumerate() {
        let port = ports.map_or(0, |ports| ports[index]);
        let endpoint = serve(service, port, Arc::clone(&simulation)).await;
        endpoints.push(endpoint.map_err(|source| EndpointError { service: service.name, source })?);
    }
    Ok(endpoints)
}

async fn serve(service: &'static Service, port: u16, simulation: Arc<Mutex<Simulation>>) -> io::Result<Endpoint> {
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
    };
    let port = listener.local_addr()?.port();
    let scrapes = Arc::<Scrapes>::default();
    let app = Router::new().route("/metrics", get(metrics)).with_state((service, simulation, Arc::clone(&scrapes)));
    let task = tokio::spawn(async move {
        let _ = axum::serve(listener, app).await;
    });
    Ok(Endpoint { port, service, scrapes, task })
}

type Shared = (&'static Service, Arc<Mutex<Simulation>>, Arc<Scrapes>);

async fn metrics(State((service, simulation, scrapes)): State<Shared>, headers: HeaderMap) -> Response {
    let is_prometheus = |agent: &HeaderValue| agent.as_bytes().starts_with(b"Prometheus/");
    if headers.get(header::USER_AGENT).is_some_and(is_prometheus) {
        scrapes.last.store(now().0, Ordering::Relaxed);
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let format = Format::negotiate(accept);
    let snapshot = {
        // Taken under the lock: another request may have moved on to the next quantum before this one had its turn.
        let mut simulation = simulation.lock().unwrap_or_else(PoisonError::into_inner);
        let now = now();
        simulation.advance(now);
        simulation.snapshot(service.id, now)
    };
    let Some(snapshot) = snapshot else {
        return (StatusCode::SERVICE_UNAVAILABLE, "The process was killed and is starting again.").into_response();
    };
    let is_quiet = now() < Millis(scrapes.quiet_until.load(Ordering::Relaxed));
    // What is asked for is not what has to be answered, and without samples only text says what they would be.
    let format = if is_quiet { Format::Text } else { format };
    let encoded = match format {
        Format::Text if is_quiet => exposition::encode_descriptions(snapshot).map(String::into_bytes),
        Format::Text => exposition::encode_text(snapshot).map(String::into_bytes),
        Format::Protobuf => exposition::encode_protobuf(snapshot),
    };
    match encoded {
        Ok(body) => ([(header::CONTENT_TYPE, format.content_type())], body).into_response(),
        Err(fmt::Error) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The instant it is now.
#[must_use]
pub fn now() -> Millis {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
