//! The address of a server to read from.

use std::fmt;
use std::str::FromStr;

use axum::http::{Uri, uri::Scheme};

/// A plain HTTP base URL such as `http://127.0.0.1:9090` or `http://monitoring/prometheus`.
///
/// ```
/// # use demo::BaseUrl;
/// let url: BaseUrl = "http://localhost:9090/".parse()?;
/// assert_eq!(url.to_string(), "http://localhost:9090");
/// assert_eq!(url.join("/api/v1/query"), "http://localhost:9090/api/v1/query");
/// # Ok::<(), demo::BaseUrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

/// Why a text is no [`BaseUrl`].
#[derive(Debug, thiserror::Error)]
pub enum BaseUrlError {
    /// It is not a URL with a host.
    #[error("{0:?} is not an address; write it as http://host:port")]
    NotAUrl(String),
    /// It is a URL, but not a plain HTTP one.
    #[error("{0:?} is not plain http; put a local proxy in front of a server that speaks https")]
    NotHttp(String),
    /// It names a user, and so perhaps a password, which would be shown and logged.
    #[error("an address with a user name or password is not taken; put a local proxy in front that signs in")]
    Credentials,
    /// It has a part that a base URL cannot have.
    #[error("{0:?} has a query; give the address without the part after `?`")]
    Query(String),
}

impl BaseUrl {
    /// The base URL of a server on this machine.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        Self(format!("http://127.0.0.1:{port}"))
    }

    /// The URL below this one. `path` starts with a slash and may carry a query.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri: Uri = text.parse().map_err(|_| BaseUrlError::NotAUrl(text.to_owned()))?;
        let authority = uri.authority().ok_or_else(|| BaseUrlError::NotAUrl(text.to_owned()))?;
        match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTP => {}
            Some(_) => return Err(BaseUrlError::NotHttp(text.to_owned())),
            None => return Err(BaseUrlError::NotAUrl(text.to_owned())),
        }
        if authority.as_str().contains('@') {
            return Err(BaseUrlError::Credentials);
        }
        if uri.query().is_some() {
            return Err(BaseUrlError::Query(text.to_owned()));
        }
        Ok(Self(format!("http://{authority}{}", uri.path().trim_end_matches('/'))))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, &str>) {
        let parsed = text.parse::<BaseUrl>().map(|url| url.to_string()).map_err(|error| error.to_string());
        match expected {
            Ok(url) => assert_eq!(parsed.as_deref(), Ok(url), "{text}"),
            Err(part) => assert!(parsed.as_ref().is_err_and(|e| e.contains(part)), "{text}: {parsed:?}"),
        }
    }

    #[test]
    fn base_urls() {
        check("http://127.0.0.1:9090", Ok("http://127.0.0.1:9090"));
        check("http://127.0.0.1:9090/", Ok("http://127.0.0.1:9090"));
        check("http://host/prometheus/", Ok("http://host/prometheus"));
        check("http://[::1]:9090", Ok("http://[::1]:9090"));
        check("https://host", Err("plain http"));
        check("file:///etc/passwd", Err("not an address"));
        check("localhost:9090", Err("not an address"));
        check("", Err("not an address"));
        check("http://", Err("not an address"));
        check("http://me:secret@host", Err("password"));
        check("http://host/?a=b", Err("query"));
    }
}
