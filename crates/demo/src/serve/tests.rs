//! The whole web server, over real connections, in front of a server that tells what it was asked.

use super::*;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Uri};
use std::fs;
use std::path::Path;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer as it came over the wire.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }
}

struct Fixture {
    served: Served,
    folder: PathBuf,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Fixture {
    async fn new(name: &str) -> Self {
        Self::in_front_of(name, upstream().await).await
    }

    async fn in_front_of(name: &str, prometheus: BaseUrl) -> Self {
        let folder = std::env::temp_dir().join(format!("pyrograph-serve-{name}-{}", std::process::id()));
        let (dist, dashboards) = (folder.join("dist"), folder.join("boards"));
        fs::create_dir_all(&dist).unwrap();
        fs::create_dir_all(&dashboards).unwrap();
        for (file, text) in [
            ("dist/index.html", "<!doctype html>"),
            ("dist/config.json", "the folder's own"),
            ("dist/app-0123456789abcdef.js", "plain"),
            ("dist/app-0123456789abcdef.js.br", "brotli twin"),
            ("dist/app-0123456789abcdef.js.gz", "gzip twin"),
            ("secret.txt", "outside of what is served"),
            ("boards/one.json", r#"{"uid":"one","title":"One"}"#),
        ] {
            fs::write(folder.join(file), text).unwrap();
        }
        let config_json = "the demo's".to_owned();
        let site = Site { dist, config_json, dashboards, prometheus, alertmanager: None };
        Self { served: spawn(site, 0).await.unwrap(), folder }
    }

    /// Sends `path` as it stands, which no HTTP client library would do with some of them.
    async fn raw(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let address = self.served.url.to_string().replace("http://", "");
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.raw("GET", path, "", "").await
    }
}

/// A server that answers with what it was asked.
async fn upstream() -> BaseUrl {
    async fn echo(uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
        let names: Vec<_> = headers.keys().map(|name| name.as_str()).collect();
        let told = format!("{uri}|{}|{}", names.join(" "), String::from_utf8_lossy(&body));
        let headers = [
            ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("content-encoding", "gzip"),
            ("content-type", "application/json"),
            ("set-cookie", "a=b"),
            ("x-powered-by", "echo"),
        ];
        (StatusCode::UNPROCESSABLE_ENTITY, headers, Body::from(told)).into_response()
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = BaseUrl::loopback(listener.local_addr().unwrap().port());
    let app = Router::new().fallback(echo);
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

#[tokio::test]
async fn files_come_with_their_headers() {
    let site = Fixture::new("files").await;
    let index = site.get("/").await;
    assert_eq!((index.status, index.body.as_str()), (200, "<!doctype html>"));
    assert_eq!(index.header("cache-control"), Some("no-cache"));
    let csp = index.header("content-security-policy").unwrap();
    assert!(csp.contains("script-src 'self' 'wasm-unsafe-eval'") && csp.contains("frame-ancestors 'self'"), "{csp}");
    assert_eq!(index.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(index.header("referrer-policy"), Some("no-referrer"));

    let script = site.get("/app-0123456789abcdef.js").await;
    assert!(script.header("cache-control").unwrap().contains("immutable"));
    assert_eq!(script.header("content-type"), Some("text/javascript"));
    let missing = site.get("/app-fedcba9876543210.js").await;
    assert_eq!((missing.status, missing.header("cache-control")), (404, Some("no-cache")));
}

#[tokio::test]
async fn twins_are_served_to_those_who_take_them() {
    let site = Fixture::new("twins").await;
    for (accepted, encoding, body) in
        [("br, gzip", Some("br"), "brotli twin"), ("gzip", Some("gzip"), "gzip twin"), ("identity", None, "plain")]
    {
        let headers = format!("accept-encoding: {accepted}\r\n");
        let answer = site.raw("GET", "/app-0123456789abcdef.js", &headers, "").await;
        assert_eq!((answer.header("content-encoding"), answer.body.as_str()), (encoding, body));
    }
}

#[tokio::test]
async fn the_demos_configuration_and_dashboards_come_first() {
    let site = Fixture::new("config").await;
    let config = site.get("/config.json").await;
    assert_eq!((config.body.as_str(), config.header("cache-control")), ("the demo's", Some("no-cache")));
    let index = site.get("/dashboards/index.json").await;
    assert_eq!(index.body, r#"[{"uid":"one","title":"One","tags":[],"folder":"","file":"one.json"}]"#);
    assert_eq!(site.get("/dashboards/one.json").await.body, r#"{"uid":"one","title":"One"}"#);
}

#[tokio::test]
async fn requests_are_passed_on_without_secrets() {
    let site = Fixture::new("proxy").await;
    let headers = "cookie: session=1\r\nauthorization: Bearer x\r\nx-scope-orgid: other\r\n\
                   content-type: application/x-www-form-urlencoded\r\naccept-encoding: gzip\r\n";
    let answer = site.raw("POST", "/prometheus/api/v1/query_range?a=%2Fb", headers, "query=up").await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body, "/api/v1/query_range?a=%2Fb|accept-encoding content-type content-length host|query=up");
    assert_eq!(answer.header("date"), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.header("set-cookie"), None);
    assert_eq!(answer.header("x-powered-by"), None);
    assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn nothing_else_is_passed_on() {
    let site = Fixture::new("refused").await;
    for path in [
        "/prometheus",
        "/prometheus/",
        "/prometheus/api/v1/status/config",
        "/prometheus/api/v1/admin/tsdb/snapshot",
        "/prometheus/api/v1/..%2fv1/status/config",
        "/prometheus/api/v1/query/../status/config",
        "/prometheus/api/v1//status/config",
        "/prometheus//api/v1/query",
        "//prometheus/api/v1/query",
        "/prometheus/../prometheus/-/quit",
        "/prometheus/%2e%2e/secret.txt",
        "/prometheus/api/v1/label/..%2f..%2fstatus%2fconfig/values",
        "/alertmanager/api/v2/alerts",
    ] {
        let answer = site.get(path).await;
        assert!([403, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert!(!answer.body.contains('|'), "{path} reached the server behind: {}", answer.body);
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        assert_eq!(site.raw(method, "/prometheus/api/v1/rules", "", "").await.status, 405, "{method}");
    }
}

#[tokio::test]
async fn files_outside_the_folder_are_not_served() {
    let site = Fixture::new("outside").await;
    assert!(Path::new(&site.folder).join("secret.txt").exists());
    for path in [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/dashboards/../secret.txt",
        "/dashboards/..%2f..%2fsecret.txt",
        "//secret.txt",
    ] {
        let answer = site.get(path).await;
        assert!([400, 404].contains(&answer.status), "{path}: {} {}", answer.status, answer.body);
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_named() {
    // A port that was free a moment ago, with nobody listening on it.
    let away = Port::take(0).await.unwrap().url;
    let site = Fixture::in_front_of("away", away.clone()).await;
    let answer = site.get("/prometheus/api/v1/query").await;
    assert_eq!(answer.status, 502);
    assert!(answer.body.contains(&format!("Prometheus at {away} does not answer")), "{}", answer.body);
}
