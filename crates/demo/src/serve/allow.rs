//! What of the servers' APIs the page may reach: an allow-list of exact read endpoints.
//!
//! The path sent upstream is built from this list, never copied from the request, so that no spelling of a path
//! (`..%2f`, `//`, `/../`) reaches anything else.

use axum::http::Method;
use std::borrow::Cow;

/// One of the two servers behind the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// Prometheus, at `/prometheus/`.
    Prometheus,
    /// Alertmanager, at `/alertmanager/`.
    Alertmanager,
}

/// Why a request is not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The path is none of the listed endpoints.
    Endpoint,
    /// The endpoint is listed, but not for this method.
    Method,
}

/// Endpoints that take their parameters in the URL or, when there are many, in the body. Both only read.
const PROMETHEUS_GET_OR_POST: &[&str] =
    &["query", "query_range", "query_exemplars", "format_query", "parse_query", "labels", "series"];

const PROMETHEUS_GET: &[&str] = &[
    "alerts",
    "features",
    "metadata",
    "rules",
    "status/buildinfo",
    "status/runtimeinfo",
    "status/tsdb",
    "targets",
    "targets/metadata",
];

const ALERTMANAGER_GET: &[&str] = &["alerts", "alerts/groups", "receivers", "silences", "status"];

impl Api {
    /// Where the page finds the API on its own origin.
    #[must_use]
    pub const fn mount(self) -> &'static str {
        match self {
            Self::Prometheus => "/prometheus",
            Self::Alertmanager => "/alertmanager",
        }
    }

    /// The server's name, for messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "Prometheus",
            Self::Alertmanager => "Alertmanager",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            Self::Prometheus => "/api/v1/",
            Self::Alertmanager => "/api/v2/",
        }
    }

    /// The path to ask the server for, when `path` (as the request spells it, undecoded) may be read with `method`.
    ///
    /// # Errors
    /// The endpoint, or this method of it, is not on the list.
    pub fn upstream_path(self, method: &Method, path: &str) -> Result<String, Refusal> {
        let below = path
            .strip_prefix(self.mount())
            .and_then(|path| path.strip_prefix(self.prefix()))
            .ok_or(Refusal::Endpoint)?;
        let (endpoint, takes_post) = self.endpoint(below).ok_or(Refusal::Endpoint)?;
        match *method {
            Method::GET => {}
            Method::POST if takes_post => {}
            _ => return Err(Refusal::Method),
        }
        Ok(format!("{}{endpoint}", self.prefix()))
    }

    /// The listed endpoint that `below` names, and whether it takes POST.
    fn endpoint(self, below: &str) -> Option<(Cow<'static, str>, bool)> {
        let find = |list: &'static [&'static str]| list.iter().find(|listed| **listed == below).copied();
        match self {
            Self::Prometheus => find(PROMETHEUS_GET_OR_POST)
                .map(|listed| (listed.into(), true))
                .or_else(|| find(PROMETHEUS_GET).map(|listed| (listed.into(), false)))
                .or_else(|| label_values(below).map(|path| (path.into(), false))),
            Self::Alertmanager => find(ALERTMANAGER_GET).map(|listed| (listed.into(), false)),
        }
    }
}

/// `label/NAME/values`, where NAME is plain. UTF-8 names are plain too on the wire, as `U__…`.
fn label_values(below: &str) -> Option<String> {
    let name = below.strip_prefix("label/")?.strip_suffix("/values")?;
    let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    plain.then(|| format!("label/{name}/values"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: &Method, path: &str, expected: Result<&str, Refusal>) {
        let api = if path.contains("alertmanager") { Api::Alertmanager } else { Api::Prometheus };
        assert_eq!(api.upstream_path(method, path), expected.map(str::to_owned), "{method} {path}");
    }

    #[test]
    fn listed_endpoints_pass() {
        check(&Method::GET, "/prometheus/api/v1/query", Ok("/api/v1/query"));
        check(&Method::POST, "/prometheus/api/v1/query_range", Ok("/api/v1/query_range"));
        check(&Method::GET, "/prometheus/api/v1/label/service/values", Ok("/api/v1/label/service/values"));
        check(
            &Method::GET,
            "/prometheus/api/v1/label/U__http_2e_status/values",
            Ok("/api/v1/label/U__http_2e_status/values"),
        );
        check(&Method::GET, "/prometheus/api/v1/status/buildinfo", Ok("/api/v1/status/buildinfo"));
        check(&Method::GET, "/alertmanager/api/v2/alerts/groups", Ok("/api/v2/alerts/groups"));
    }

    #[test]
    fn writing_methods_are_refused() {
        check(&Method::POST, "/prometheus/api/v1/rules", Err(Refusal::Method));
        check(&Method::DELETE, "/prometheus/api/v1/series", Err(Refusal::Method));
        check(&Method::OPTIONS, "/prometheus/api/v1/query", Err(Refusal::Method));
        check(&Method::POST, "/alertmanager/api/v2/alerts", Err(Refusal::Method));
        check(&Method::POST, "/alertmanager/api/v2/silences", Err(Refusal::Method));
    }

    #[test]
    fn everything_else_is_refused() {
        for path in [
            "/prometheus/",
            "/prometheus/-/quit",
            "/prometheus/metrics",
            "/prometheus/api/v1/",
            "/prometheus/api/v1/status/config",
            "/prometheus/api/v1/status/flags",
            "/prometheus/api/v1/admin/tsdb/snapshot",
            "/prometheus/api/v1/write",
            "/prometheus/api/v1/query/",
            "/prometheus/api/v1//query",
            "/prometheus//api/v1/query",
            "/prometheus/api/v1/query/../status/config",
            "/prometheus/api/v1/../../-/quit",
            "/prometheus/api/v1/..%2fadmin%2ftsdb%2fsnapshot",
            "/prometheus/api/v1/query%2f..%2fstatus%2fconfig",
            "/prometheus/api/v1/%71uery",
            "/prometheus/api/v1/query%00",
            "/prometheus/api/v1/query;x",
            "/prometheus/api/v1/QUERY",
            "/prometheus/api/v1/label//values",
            "/prometheus/api/v1/label/../values",
            "/prometheus/api/v1/label/..%2f..%2fstatus%2fconfig%3f/values",
            "/prometheus/api/v1/label/a/b/values",
            "/alertmanager/api/v2/silence/0b0b0b0b",
            "/alertmanager/api/v1/alerts",
            "/alertmanager/-/reload",
        ] {
            check(&Method::GET, path, Err(Refusal::Endpoint));
        }
    }
}
