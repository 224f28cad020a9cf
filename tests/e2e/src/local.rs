//! Small servers of a test's own: a folder, a page with a frame, something behind a proxy.

use anyhow::Result;
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use std::net::Ipv4Addr;
use std::path::Path;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// A server on a free port of the loopback interface; it stops when this is dropped.
pub struct Local {
    /// Where it listens.
    pub port: u16,
    task: JoinHandle<()>,
}

impl Local {
    /// Serves `router`.
    ///
    /// # Errors
    /// There is no free port.
    pub(crate) async fn start(router: Router) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(async move {
            // It ends with the test.
            _ = axum::serve(listener, router).await;
        });
        Ok(Self { port, task })
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A web server that knows nothing but files.
pub fn folder(dir: &Path) -> Router {
    Router::new().fallback_service(ServeDir::new(dir))
}

/// Someone else's page that frames the address behind its `#`, and notes in `sizes` what the frame says of its size.
pub fn page_that_listens() -> Router {
    let page = "<!doctype html><title>Portal</title><iframe width=\"800\" height=\"300\"></iframe><script>\
         const frame = document.querySelector('iframe'); globalThis.sizes = [];\
         const address = decodeURIComponent(location.hash.slice(1));\
         addEventListener('message', (event) => {\
           if (event.origin === new URL(address).origin && event.data?.type === 'pyrograph:size') sizes.push(event.data);\
         });\
         frame.src = address;</script>";
    Router::new().route("/", get(async move || Html(page)))
}

/// Someone else's page with `address` in a frame.
pub fn page_with_frame(address: &str) -> Router {
    let page = format!(
        "<!doctype html><title>Portal</title><body style=\"margin: 0\">\
         <iframe src=\"{address}\" width=\"800\" height=\"600\" style=\"border: 0\"></iframe>"
    );
    Router::new().route("/", get(async move || Html(page)))
}
