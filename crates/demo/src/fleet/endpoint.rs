//! The fleet's `/metrics` endpoints: one HTTP server per service.

use super::exposition::{self, Format};
use super::simulation::Simulation;
use super::topology::{SERVICES, Service};
use crate::BaseUrl;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frame::Millis;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fmt, io};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A service's running endpoint; it ends when this is dropped.
#[derive(Debug)]
pub struct Endpoint {
    /// Where it listens.
    pub url: BaseUrl,
    /// The service.
    pub service: &'static Service,
    task: JoinHandle<()>,
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

/// Starts an endpoint for every service, each on a free port of this machine.
///
/// # Errors
/// There is no free port.
pub async fn spawn() -> Result<Vec<Endpoint>, EndpointError> {
    let simulation = Arc::new(Mutex::new(Simulation::new(now())));
    let mut endpoints = Vec::with_capacity(SERVICES.len());
    for service in &SERVICES {
        let endpoint = serve(service, Arc::clone(&simulation)).await;
        endpoints.push(endpoint.map_err(|source| EndpointError { service: service.name, source })?);
    }
    Ok(endpoints)
}

async fn serve(service: &'static Service, simulation: Arc<Mutex<Simulation>>) -> io::Result<Endpoint> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = BaseUrl::loopback(listener.local_addr()?.port());
    let app = Router::new().route("/metrics", get(metrics)).with_state((service, simulation));
    let task = tokio::spawn(async move {
        let _ = axum::serve(listener, app).await;
    });
    Ok(Endpoint { url, service, task })
}

async fn metrics(
    State((service, simulation)): State<(&'static Service, Arc<Mutex<Simulation>>)>,
    headers: HeaderMap,
) -> Response {
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
    let encoded = match format {
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
