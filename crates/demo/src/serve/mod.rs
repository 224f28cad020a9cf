//! The web server in front of everything: the built app, its configuration and dashboards, and on the same origin a
//! reverse proxy to Prometheus and Alertmanager that passes reading on and nothing else.

mod allow;
mod config;
pub mod dashboards;
mod headers;
mod proxy;

pub use allow::Api;
pub use config::config_json;

use crate::BaseUrl;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use proxy::Proxy;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// What to serve.
#[derive(Clone, Debug)]
pub struct Site {
    /// The built app: a folder with `index.html`, each file perhaps with its `.br` and `.gz` twin.
    pub dist: PathBuf,
    /// What `/config.json` says, in place of the folder's own.
    pub config_json: String,
    /// The folder of dashboards, served below `/dashboards/` with a generated `index.json`.
    pub dashboards: PathBuf,
    /// The Prometheus behind `/prometheus/`.
    pub prometheus: BaseUrl,
    /// The Alertmanager behind `/alertmanager/`, if there is one.
    pub alertmanager: Option<BaseUrl>,
}

/// A running server; it stops when this is dropped.
#[derive(Debug)]
pub struct Served {
    /// Where it listens, such as `http://127.0.0.1:8080`.
    pub url: BaseUrl,
    task: JoinHandle<()>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The server cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port cannot be listened on.
    #[error("cannot listen on port {port}: {source}; choose another with --port")]
    Listen {
        /// The port asked for; 0 for any free one.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}

/// A port that is taken, with nothing to serve on it yet.
#[derive(Debug)]
pub struct Port {
    listener: TcpListener,
    url: BaseUrl,
}

impl Port {
    /// Takes `port` on this machine's loopback interface, or any free one when that is 0.
    ///
    /// # Errors
    /// The port is taken or not allowed.
    pub async fn take(port: u16) -> Result<Self, ServeError> {
        let listen = |source| ServeError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
        let url = BaseUrl::loopback(listener.local_addr().map_err(listen)?.port());
        Ok(Self { listener, url })
    }

    /// Starts serving `site` on it.
    #[must_use]
    pub fn serve(self, site: Site) -> Served {
        let Self { listener, url } = self;
        let task = tokio::spawn(async move {
            // Serving goes on through errors of single connections; it only ends with the task.
            let _ = axum::serve(listener, router(site)).await;
        });
        Served { url, task }
    }
}

/// Starts serving `site` on `port`, or on any free one when that is 0.
///
/// # Errors
/// As [`Port::take`].
pub async fn spawn(site: Site, port: u16) -> Result<Served, ServeError> {
    Ok(Port::take(port).await?.serve(site))
}

/// The whole site as a service.
fn router(site: Site) -> Router {
    let files = ServeDir::new(&site.dist).precompressed_br().precompressed_gzip();
    let dashboards = ServeDir::new(&site.dashboards).append_index_html_on_directories(false);
    let prometheus = Proxy::new(Api::Prometheus, Some(site.prometheus.clone()));
    let alertmanager = Proxy::new(Api::Alertmanager, site.alertmanager.clone());
    Router::new()
        .route("/config.json", get(config))
        .route("/dashboards/index.json", get(index))
        .nest_service("/dashboards", dashboards)
        .fallback_service(files)
        .with_state(Arc::new(site))
        .layer(middleware::from_fn(page_headers))
        .merge(api(Api::Prometheus, prometheus))
        .merge(api(Api::Alertmanager, alertmanager))
}

/// Everything below the API's mount goes through the allow-list, whatever else it looks like.
fn api(api: Api, proxy: Proxy) -> Router {
    let handler = any(move |request| proxy.clone().handle(request));
    Router::new()
        .route(api.mount(), handler.clone())
        .route(&format!("{}/{{*rest}}", api.mount()), handler)
        .layer(middleware::map_response(api_headers))
}

async fn config(State(site): State<Arc<Site>>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], site.config_json.clone()).into_response()
}

async fn index(State(site): State<Arc<Site>>) -> Response {
    let listed = dashboards::index(&site.dashboards).and_then(|entries| Ok(serde_json::to_vec(&entries)?));
    match listed {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => {
            let message = format!("The dashboards in {} cannot be read: {error}", site.dashboards.display());
            (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
        }
    }
}

async fn page_headers(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let none = response.status().is_client_error() || response.status().is_server_error();
    headers::set_page(response.headers_mut(), &path, none);
    response
}

async fn api_headers(mut response: Response) -> Response {
    headers::set_api(response.headers_mut());
    response
}

#[cfg(test)]
mod tests;
