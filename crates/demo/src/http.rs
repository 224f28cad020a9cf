//! The few requests the demo makes itself.

use axum::body::Bytes;
use axum::http::{StatusCode, Uri};
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address cannot be asked.
    #[error("{0:?} is not an address")]
    Address(String),
    /// Nothing answers there.
    #[error("{0}")]
    Unreachable(#[from] hyper_util::client::legacy::Error),
    /// The answer broke off.
    #[error("the answer broke off")]
    Broken,
    /// No answer came in time.
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
}

/// Asks for `url` and waits for the whole answer, at most `patience`.
///
/// # Errors
/// There is none.
pub async fn get(url: &str, patience: Duration) -> Result<(StatusCode, Bytes), HttpError> {
    let uri: Uri = url.parse().map_err(|_| HttpError::Address(url.to_owned()))?;
    let client = Client::builder(TokioExecutor::new()).build_http::<Empty<Bytes>>();
    let exchange = async {
        let answer = client.get(uri).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|_| HttpError::Broken)?;
        Ok((status, body.to_bytes()))
    };
    tokio::time::timeout(patience, exchange).await.map_err(|_| HttpError::TimedOut(patience))?
}
