//! The shipped nginx.conf, run as it is: files, and the way to the servers.

use super::fleet::FLEET;
use serde_json::Value;
use std::path::Path;
use tests_e2e::{Client, NGINX_PATH, Options, Reply, Setup, State, World};

const PROMETHEUS: &str = "/pyrograph/prometheus/api/v1";
const ALERTMANAGER: &str = "/pyrograph/alertmanager/api/v2";

pub fn every_page_works_below_a_path(world: &World) {
    let nginx = world.nginx().start();
    let page = world.page_at(&nginx.url(), Options::default());
    for panel in page.open(FLEET).settled().iter().filter(|panel| panel.visualization != "text") {
        assert_eq!(panel.state, State::Ready, "{panel:#?}");
    }
    page.assert_no_complaints();
    for route in ["", "explore?expr=up", "alerts"] {
        page.open(route);
        page.assert_no_complaints();
    }
    page.wait("Alertmanager answers", || (page.count("[data-section=alertmanager]") > 0).then_some(()));
    page.goto(&nginx.url());
    page.wait("the app is found without its slash", || (page.app() == "ready").then_some(()));
}

pub fn files_come_compressed_and_are_kept_by_their_hash(world: &World) {
    let config = world.nginx();
    let brotli = config.has_brotli();
    let config = if brotli { config.with("brotli") } else { config };
    let nginx = config.file("site/parts/0123456789abcdef/part.bin", "").start();
    let client = Client::http(nginx.port());
    let check = |file: &str, kind: &str, kept: bool, twins: bool| {
        for accepted in ["br", "gzip"] {
            let reply = client.send("GET", &format!("{NGINX_PATH}/{file}"), &[("accept-encoding", accepted)], "");
            assert_eq!(reply.status, 200, "{file}");
            assert_eq!(reply.header("content-type"), Some(kind), "{file}");
            let cache = if kept { "public, max-age=31536000, immutable" } else { "no-cache" };
            assert_eq!(reply.header("cache-control"), Some(cache), "{file}");
            let sent = twins && (accepted == "gzip" || brotli);
            assert_eq!(reply.header("content-encoding"), sent.then_some(accepted), "{file}");
        }
    };
    check("", "text/html", false, true);
    check("index.html", "text/html", false, true);
    check("worker.js", "text/javascript", false, true);
    check(&world.built(|name| name.ends_with("_bg.bin")), "application/octet-stream", true, true);
    check(&world.built(|name| name.ends_with(".css")), "text/css", true, true);
    check(&world.built(|name| name.ends_with(".svg")), "image/svg+xml", true, true);
    check("parts/0123456789abcdef/part.bin", "application/octet-stream", true, false);
    // Edited where it lies: its twin would be the old one.
    check("config.json", "application/json", false, false);
    let dashboard = client.get("/pyrograph/dashboards/fleet-overview.json");
    assert_eq!((dashboard.status, dashboard.header("cache-control")), (200, Some("no-cache")));

    let missing = client.get("/pyrograph/pyrograph-0123456789abcdef.js");
    assert_eq!((missing.status, missing.header("cache-control")), (404, Some("no-cache")));
}

pub fn the_folder_lists_the_dashboards(world: &World) {
    let nginx = world.nginx().start();
    let reply = Client::http(nginx.port()).get("/pyrograph/dashboards/");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    for told in [r#""name":"fleet-overview.json""#, r#""type":"file""#] {
        assert!(reply.body.contains(told), "{}", reply.body);
    }

    // The page takes that list, too: a file's name stands for what is in it.
    let config =
        r#"{"dataSources": [{"uid": "p", "name": "P", "url": "prometheus"}], "dashboards": {"index": "dashboards/"}}"#;
    let nginx = world.nginx().file("site/config.json", config).start();
    let page = world.page_at(&nginx.url(), Options::default());
    page.open("");
    page.wait("the file is listed", || page.text().contains("fleet-overview").then_some(()));
    page.open("d/fleet-overview");
    page.wait("it is opened", || page.text().contains("Fleet overview").then_some(()));
}

/// One location without them would do: nginx inherits no header into a location that sets one.
pub fn every_location_sends_the_headers(world: &World) {
    let nginx = world.nginx().with("silences").start();
    let client = Client::http(nginx.port());
    let demo = Client::http(port(&world.url()));
    let files =
        ["/", "/pyrograph", "/pyrograph/", "/pyrograph/nothing", "/pyrograph/config.json", "/pyrograph/dashboards/"];
    let apis = [
        "/pyrograph/prometheus/",
        "/pyrograph/alertmanager/",
        &format!("{PROMETHEUS}/query?query=up"),
        &format!("{PROMETHEUS}/query"),
        &format!("{PROMETHEUS}/rules"),
        &format!("{PROMETHEUS}/label/job/values"),
        &format!("{ALERTMANAGER}/status"),
        &format!("{ALERTMANAGER}/silences"),
    ];
    let mut replies: Vec<(&str, Reply, Reply)> = Vec::new();
    replies.extend(files.map(|path| (path, client.get(path), demo.get("/"))));
    replies.extend(apis.map(|path| (path, client.get(path), demo.get("/prometheus/api/v1/rules"))));
    let refused = |method, path| client.send(method, path, &[], "");
    let silences = format!("{ALERTMANAGER}/silences");
    replies.push(("POST silences", refused("POST", &silences), demo.get("/prometheus/api/v1/rules")));
    let rules = format!("{PROMETHEUS}/rules");
    replies.push(("POST rules", refused("POST", &rules), demo.get("/prometheus/api/v1/rules")));
    for (path, reply, as_in_the_demo) in &replies {
        for name in ["content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy"] {
            assert!(reply.header(name).is_some(), "{path} has no {name}");
            assert_eq!(reply.header(name), as_in_the_demo.header(name), "{path}");
        }
        assert_eq!(reply.headers("server"), ["nginx"], "{path}");
        assert_eq!(reply.headers("access-control-allow-origin"), Vec::<&str>::new(), "{path}");
    }
}

/// Every endpoint that either file lists, asked for in both ways.
pub fn the_demo_passes_on_the_same(world: &World) {
    let shipped =
        std::fs::read_to_string(Setup::root().join("stack/nginx.conf")).unwrap_or_else(|error| panic!("{error}"));
    let nginx = world.nginx().start();
    let (nginx, demo) = (Client::http(nginx.port()), Client::http(port(&world.url())));
    let mut checked = 0;
    for line in shipped.lines().filter(|line| line.contains("(?<endpoint>")) {
        let (before, after) = line.split_once("(?<endpoint>").unwrap_or_default();
        let mount = before.split("^/pyrograph").nth(1).unwrap_or_default();
        let (endpoints, _) = after.split_once(")\\z").unwrap_or_default();
        for endpoint in endpoints.replace("[A-Za-z0-9_]+", "job").split('|').chain(["status/flags", "status/config"]) {
            for method in ["GET", "POST"] {
                let refused = |client: &Client, prefix: &str| {
                    let reply = client.send(method, &format!("{prefix}{mount}{endpoint}"), &[], "");
                    [403, 405].contains(&reply.status)
                };
                assert_eq!(refused(&nginx, "/pyrograph"), refused(&demo, ""), "{method} {mount}{endpoint}");
                checked += 1;
            }
        }
    }
    assert!(checked > 40, "{checked}");
}

/// What the guide says about other paths.
pub fn it_is_put_at_another_path_or_at_the_root(world: &World) {
    let elsewhere = world.nginx().set("/pyrograph/", "/metrics/ui/");
    let fallback = "    location / {\n        include pyrograph/page.conf;\n        return 404;\n    }\n";
    let slash =
        "    location = /pyrograph {\n        include pyrograph/page.conf;\n        return 301 /pyrograph/;\n    }\n";
    let root = world.nginx().set(fallback, "").set(slash, "");
    for (config, path) in [(elsewhere, "/metrics/ui"), (root.set("/pyrograph/", "/"), "")] {
        let nginx = config.start();
        let client = Client::http(nginx.port());
        let status = |below: &str| client.get(&format!("{path}{below}")).status;
        assert_eq!(status("/"), 200, "{path}");
        assert_eq!(status("/config.json"), 200, "{path}");
        assert_eq!(status("/dashboards/"), 200, "{path}");
        assert_eq!(status("/prometheus/api/v1/query?query=up"), 200, "{path}");
        assert_eq!(status("/prometheus/api/v1/status/config"), 403, "{path}");
        let page = world.page_at(&format!("http://127.0.0.1:{}{path}", nginx.port()), Options::default());
        page.open("explore?expr=up").settled();
        assert_eq!(page.panel("explore-graph").state, State::Ready);
    }
}

fn port(url: &str) -> u16 {
    url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("{url} has no port"))
}

pub fn what_is_not_listed_is_refused(world: &World) {
    let nginx = world.nginx().start();
    let client = Client::http(nginx.port());
    let check = |method: &str, path: &str| {
        let reply = client.send(method, &format!("/pyrograph{path}"), &[], "");
        assert_eq!(reply.status, 403, "{method} {path}: {}", reply.body);
    };
    for path in [
        "/prometheus/",
        "/prometheus/metrics",
        "/prometheus/-/quit",
        "/prometheus/debug/pprof/heap",
        "/prometheus/api/v1/",
        "/prometheus/api/v1/status/config",
        "/prometheus/api/v1/status/flags",
        "/prometheus/api/v1/admin/tsdb/snapshot",
        "/prometheus/api/v1/write",
        "/prometheus/api/v1/read",
        "/prometheus/api/v2/query",
        "/prometheus/api/v1/QUERY",
        "/prometheus/api/v1/query/",
        "/prometheus/api/v1/query;x",
        "/prometheus/api/v1/queryx",
        "/prometheus/api/v1/label//values",
        "/prometheus/api/v1/label/a/b/values",
        // What reached /api/v1/status/config through a careless proxy.
        "/prometheus/api/v1/..%2fv1/status/config",
        "/prometheus/api/v1/query/../status/config",
        "/prometheus/api/v1//status/config",
        "/prometheus//api/v1/status/config",
        "//prometheus/api/v1/status/config",
        "/x/../prometheus/api/v1/status/config",
        "/prometheus/api/v1/query%2f..%2fstatus%2fconfig",
        "/prometheus/api/v1/%2e%2e/v1/status/config",
        "/prometheus/api/v1/query/..%252fstatus%252fconfig",
        "/prometheus/api/v1/status%2fconfig",
        "/prometheus/api/v1/label/..%2f..%2fstatus%2fconfig%3f/values",
        "/prometheus/api/v1/label/..%2f..%2fstatus%2fconfig%23/values",
        "/prometheus/api/v1/query%0a",
        "/prometheus/api/v1/query%0d%0ax:%20y",
        "/prometheus/api/v1/query%3f",
        // Other spellings of what is listed.
        "/prometheus/api/v1//query",
        "/prometheus/api/v1/%71uery",
        "/prometheus/./api/v1/query",
        "/prometheus/api/v1/status/config/../../query",
        "/alertmanager/",
        "/alertmanager/-/reload",
        "/alertmanager/api/v1/alerts",
        "/alertmanager/api/v2/silence/0b0b0b0b",
        "/alertmanager/api/v2/alerts/../silence/0b0b0b0b",
    ] {
        check("GET", path);
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        for path in ["/prometheus/api/v1/rules", "/alertmanager/api/v2/alerts", "/alertmanager/api/v2/silences"] {
            check(method, path);
        }
    }
    for method in ["PUT", "DELETE", "OPTIONS"] {
        check(method, "/prometheus/api/v1/query");
        check(method, "/prometheus/api/v1/series");
    }
    // Nothing outside of the folder is a file of it.
    for path in ["/pyrograph../nginx.conf", "/pyrograph/../nginx.conf", "/pyrograph/dashboards../config.json"] {
        assert!([400, 404].contains(&client.get(path).status), "{path}");
    }
}

/// A server that says what it was asked, and more than it should.
fn echo() -> axum::Router {
    use axum::http::{HeaderMap, Method, Uri};
    async fn told(
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: String,
    ) -> ([(&'static str, &'static str); 6], String) {
        let names = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().into()));
        let headers: serde_json::Map<String, Value> = names.collect();
        let told =
            serde_json::json!({ "method": method.as_str(), "uri": uri.to_string(), "headers": headers, "body": body });
        let too_much = [
            ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("content-type", "application/json"),
            ("set-cookie", "upstream=1"),
            ("access-control-allow-origin", "*"),
            ("content-security-policy", "default-src *"),
            ("retry-after", "7"),
        ];
        (too_much, told.to_string())
    }
    axum::Router::new().fallback(told)
}

/// Neither what the browser holds goes to the servers, nor theirs to the browser; what the page needs does.
pub fn only_the_question_is_passed_on(world: &World) {
    let server = world.serve(echo());
    let address = format!("127.0.0.1:{}", server.port);
    let nginx = world.nginx_in_front_of(&address, &address).with("silences").start();
    let client = Client::http(nginx.port());
    let sent = [
        ("cookie", "session=1"),
        ("authorization", "Bearer x"),
        ("x-scope-orgid", "someone-else"),
        ("x-forwarded-user", "admin"),
        ("origin", "https://evil.example"),
        ("accept", "application/json"),
        ("accept-encoding", "gzip"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let check = |method: &str, path: &str, uri: &str, body: &str| {
        let reply = client.send(method, path, &sent, body);
        assert_eq!(reply.status, 200, "{path}");
        let told: Value = serde_json::from_str(&reply.body).unwrap_or_else(|error| panic!("{error}: {}", reply.body));
        assert_eq!((&told["method"], &told["uri"], &told["body"]), (&method.into(), &uri.into(), &body.into()));
        let headers = told["headers"].as_object().into_iter().flat_map(|headers| headers.keys());
        let passed = ["accept", "accept-encoding", "content-length", "content-type", "host"];
        assert!(
            headers.clone().all(|name| passed.contains(&name.as_str())),
            "{path}: {:?}",
            headers.collect::<Vec<_>>()
        );
        assert_eq!(told["headers"]["accept-encoding"], "gzip");
        assert_eq!(reply.header("date"), Some("Thu, 01 Jan 1970 00:00:00 GMT"), "{path}");
        assert_eq!(reply.header("retry-after"), Some("7"), "{path}");
        assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'; sandbox"), "{path}");
        for gone in ["set-cookie", "access-control-allow-origin"] {
            assert_eq!(reply.header(gone), None, "{path}");
        }
    };
    check("POST", &format!("{PROMETHEUS}/query_range?a=%2Fb"), "/api/v1/query_range?a=%2Fb", "query=up");
    check("GET", &format!("{PROMETHEUS}/query?query=up"), "/api/v1/query?query=up", "");
    check("GET", &format!("{PROMETHEUS}/label/U__a_2e_b/values"), "/api/v1/label/U__a_2e_b/values", "");
    check("GET", &format!("{PROMETHEUS}/status/buildinfo"), "/api/v1/status/buildinfo", "");
    check("GET", &format!("{ALERTMANAGER}/alerts/groups"), "/api/v2/alerts/groups", "");
    check("GET", &format!("{ALERTMANAGER}/silences?filter=a"), "/api/v2/silences?filter=a", "");
}

/// Every block in the guide that names a file of stack/ is that file, or a part of it, word by word.
pub fn the_guide_quotes_the_files(_: &World) {
    let root = Setup::root();
    let read =
        |file: &Path| std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let guide = read(&root.join("docs/deploy.md"));
    let mut quoted = 0;
    for block in guide.split("```nginx\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap_or_else(|| panic!("a block has no end: {block}"));
        let (first, lines) = block.split_once('\n').unwrap_or_default();
        let name = first.strip_prefix("# stack/").unwrap_or_else(|| panic!("a block names no file: {block}"));
        let file = read(&root.join("stack").join(name));
        assert!(file.contains(lines.trim()), "docs/deploy.md quotes stack/{name} wrongly:\n{lines}");
        quoted += 1;
    }
    assert!(quoted >= 3, "the guide quotes {quoted} files");
    let csp = read(&root.join("stack/pyrograph/page.conf"));
    let csp = csp.lines().find(|line| line.contains("Content-Security-Policy")).unwrap_or_default();
    assert!(!csp.is_empty() && guide.contains(csp), "the guide does not quote the page's Content-Security-Policy");
}
