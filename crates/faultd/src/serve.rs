//! The listening socket and its connections.

use crate::answer::{Proxy, ResetConnection, answer};
use crate::handle::FaultHandle;
use crate::log::Entry;
use crate::rule::Rule;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::routing::{get, post};
use axum::{Json, Router};
use hyper::body::Incoming;
use hyper::service::Service as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running server; it stops when this is dropped.
pub struct Server {
    address: SocketAddr,
    faults: FaultHandle,
    task: JoinHandle<()>,
}

impl Server {
    /// Where it listens, such as `http://127.0.0.1:34567`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets its rules and reads its log.
    pub fn faults(&self) -> &FaultHandle {
        &self.faults
    }

    /// Runs until the process ends.
    pub async fn wait(mut self) {
        // The task never ends by itself, and its being aborted is no error here.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Starts a server on the loopback interface in front of `upstream`; port 0 takes a free one.
///
/// # Errors
/// `upstream` is no address, or the port is taken.
pub async fn spawn(upstream: &str, port: u16) -> io::Result<Server> {
    let upstream: Uri = upstream.parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    if upstream.authority().is_none() || upstream.scheme().is_none() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{upstream} is no http://host:port")));
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let faults = FaultHandle::default();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let router = router(Proxy { upstream, client, faults: faults.clone() });
    let task = tokio::spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => _ = tokio::spawn(connection(stream, router.clone())),
                // Out of file descriptors, most likely: connections that end give some back.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    });
    Ok(Server { address, faults, task })
}

fn router(proxy: Proxy) -> Router {
    Router::new().route("/-/rules", post(set_rules)).route("/-/log", get(read_log)).fallback(answer).with_state(proxy)
}

async fn set_rules(State(proxy): State<Proxy>, Json(rules): Json<Vec<Rule>>) -> StatusCode {
    proxy.faults.set(rules);
    StatusCode::NO_CONTENT
}

async fn read_log(State(proxy): State<Proxy>) -> Json<Vec<Entry>> {
    Json(proxy.faults.requests())
}

/// Serves one connection. Where a fault wants a reset, the socket is closed at once with nothing more sent (linger 0),
/// which the peer sees as a reset.
async fn connection(stream: TcpStream, router: Router) {
    let Ok(socket) = socket2::SockRef::from(&stream).try_clone().map(Arc::new) else { return };
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let response = router.call(request.map(Body::new));
        let socket = Arc::clone(&socket);
        async move {
            let Ok(response) = response.await;
            if response.extensions().get::<ResetConnection>().is_some() {
                socket.set_linger(Some(Duration::ZERO))?;
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            Ok(response)
        }
    });
    // A broken connection is what this server is for.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
