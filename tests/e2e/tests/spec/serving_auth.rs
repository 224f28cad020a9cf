//! The parts of the shipped nginx.conf that are switched on by who needs them: https, signing in, silencing.

use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Html;
use axum::routing::get;
use faultd::{Rule, When};
use serde_json::{Value, json};
use std::ops::RangeInclusive;
use tests_e2e::{Authority, Client, Dashboard, Faulty, NginxConfig, Options, State, World};

const PAGE: &str = "/pyrograph/";
const QUERY: &str = "/pyrograph/prometheus/api/v1/query?query=up";
const SILENCES: &str = "/pyrograph/alertmanager/api/v2/silences";

/// What the app's own request to write a silence carries.
const FROM_THE_PAGE: [(&str, &str); 3] =
    [("content-type", "application/json"), ("sec-fetch-site", "same-origin"), ("x-requested-with", "pyrograph")];

fn with_tls(config: NginxConfig, authority: &Authority) -> NginxConfig {
    let identity = authority.sign("server").unwrap_or_else(|error| panic!("{error}"));
    config.with("tls").file("pyrograph.crt", identity.certificate_pem()).file("pyrograph.key", identity.key_pem())
}

fn authority() -> Authority {
    Authority::new().unwrap_or_else(|error| panic!("{error}"))
}

pub fn https_speaks_http_2(world: &World) {
    let authority = authority();
    let nginx = with_tls(world.nginx(), &authority).start();
    let page = world.page_at(&nginx.https_url(), Options::default());
    page.open("explore?expr=up").settled();
    let protocols: Vec<String> = page.eval(
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
            .map((entry) => entry.nextHopProtocol)",
    );
    assert!(protocols.len() > 3 && protocols.iter().all(|protocol| protocol == "h2"), "{protocols:?}");
    page.assert_no_complaints();

    let config = authority.client(None).unwrap_or_else(|error| panic!("{error}"));
    let client = Client::https(nginx.https_port(), config);
    for path in [PAGE, QUERY, "/pyrograph/prometheus/"] {
        assert_eq!(client.get(path).header("strict-transport-security"), Some("max-age=31536000"), "{path}");
    }
    let plain = Client::http(nginx.port()).get(PAGE);
    assert_eq!((plain.status, plain.header("location")), (301, Some("https://127.0.0.1/pyrograph/")));
}

/// Thirty panels on a slow server: over HTTP/1.1 six connections are all there is, and one of them stays free.
pub fn more_is_asked_at_a_time_over_http_2(world: &World) {
    let authority = authority();
    let slow = || {
        let site = world.faulty();
        site.set(&[Rule::late(When::path("/api/v"), 700)]);
        site
    };
    let in_front = |site: &Faulty| {
        let address = site.url().replace("http://", "");
        let below = "http://pyrograph_prometheus/prometheus/api/v1/";
        world.nginx_in_front_of(&address, &address).set("http://pyrograph_prometheus/api/v1/", below)
    };
    let check = |url: &str, site: &Faulty, expected: RangeInclusive<usize>, what: &str| {
        let page = world.page_at(url, Options::default());
        page.open("d/small");
        page.wait(&format!("all is there {what}"), || {
            let ready = page.panels().iter().filter(|panel| panel.state == State::Ready).count();
            (ready == 30).then_some(())
        });
        let most = site.log().max_in_flight(&When::path("/api/v"));
        assert!(expected.contains(&most), "{most} at a time {what}");
        page.assert_no_complaints();
    };

    let site = slow();
    let plain = with_thirty_panels(in_front(&site)).start();
    check(&plain.url(), &site, 3..=5, "over HTTP/1.1");

    let site = slow();
    let nginx = with_thirty_panels(with_tls(in_front(&site), &authority)).start();
    check(&nginx.https_url(), &site, 10..=30, "over HTTP/2");

    // To a page of another origin the browser says by which protocol it was answered only where the server allows it.
    for (header, expected) in [("", 3..=5), ("add_header Timing-Allow-Origin *;", 10..=30)] {
        let site = slow();
        let open = format!(
            "add_header Access-Control-Allow-Origin *;\n{header}\nproxy_hide_header Access-Control-Allow-Origin;\n"
        );
        let pass = "proxy_pass http://pyrograph_prometheus";
        let elsewhere = with_tls(in_front(&site), &authority).set(pass, &format!("{open}{pass}")).start();
        let source = format!("{}/prometheus", elsewhere.https_url());
        let config = json!({
            "dataSources": [{ "uid": "prometheus", "name": "Elsewhere", "url": source }],
            "dashboards": { "index": "dashboards/index.json" },
        });
        let nginx = with_thirty_panels(world.nginx())
            .set("connect-src 'self'", "connect-src 'self' https:")
            .file("site/config.json", config.to_string())
            .start();
        check(&nginx.url(), &site, expected, &format!("from another origin with {header:?}"));
    }
}

fn with_thirty_panels(config: NginxConfig) -> NginxConfig {
    let exprs: Vec<String> = (0..30).map(|index| format!("up + {index}")).collect();
    let panels: Vec<_> = exprs.iter().map(|expr| (expr.as_str(), expr.as_str())).collect();
    let dashboard = Dashboard::of(&panels).with_panels("gridPos", json!({ "h": 3, "w": 4 }));
    let index = json!([{ "uid": Dashboard::UID, "title": "Small", "file": "small.json" }]);
    config.file("site/dashboards/small.json", dashboard.text()).file("site/dashboards/index.json", index.to_string())
}

pub fn only_who_shows_a_certificate_comes_in(world: &World) {
    let authority = authority();
    let nginx = with_tls(world.nginx(), &authority).with("mtls").file("pyrograph-clients.crt", authority.pem()).start();
    let alice = authority.sign("alice").unwrap_or_else(|error| panic!("{error}"));
    for (identity, status) in [(None, 400), (Some(&alice), 200)] {
        let config = authority.client(identity).unwrap_or_else(|error| panic!("{error}"));
        let client = Client::https(nginx.https_port(), config);
        for path in [PAGE, "/pyrograph/config.json", QUERY] {
            assert_eq!(client.get(path).status, status, "{path}");
        }
    }
}

/// A server elsewhere, by https, below a path of its own, that lets in only who shows a certificate: another nginx.
pub fn a_server_elsewhere_is_asked_with_a_certificate(world: &World) {
    let authority = authority();
    let elsewhere =
        with_tls(world.nginx(), &authority).with("mtls").file("pyrograph-clients.crt", authority.pem()).start();
    let address = format!("127.0.0.1:{}", elsewhere.https_port());
    let in_front = |certificate: &str| {
        let identity = authority.sign("nginx").unwrap_or_else(|error| panic!("{error}"));
        let settings = format!(
            "proxy_set_header Host localhost;\nproxy_ssl_server_name on;\nproxy_ssl_name localhost;\nproxy_ssl_verify on;\n\
             proxy_ssl_trusted_certificate authority.crt;\n{certificate}"
        );
        let config = world.nginx_in_front_of(&address, &address);
        let below = "https://pyrograph_prometheus/pyrograph/prometheus/api/v1/";
        let config = config.set("http://pyrograph_prometheus/api/v1/", below);
        let config = config.set("proxy_set_header Host $proxy_host;", &settings).file("authority.crt", authority.pem());
        config.file("nginx.crt", identity.certificate_pem()).file("nginx.key", identity.key_pem()).start()
    };
    for (certificate, status) in
        [("", 400), ("proxy_ssl_certificate nginx.crt; proxy_ssl_certificate_key nginx.key;", 200)]
    {
        let nginx = in_front(certificate);
        assert_eq!(Client::http(nginx.port()).get(QUERY).status, status, "{certificate}");
    }
}

const ALICE: (&str, &str) = ("authorization", "Basic YWxpY2U6b3BlbiBzZXNhbWU=");
const BOB: (&str, &str) = ("authorization", "Basic Ym9iOnN3b3JkZmlzaA==");
const PASSWORDS: &str = "alice:{PLAIN}open sesame\nbob:{PLAIN}swordfish\n";

pub fn only_who_has_a_password_comes_in(world: &World) {
    let nginx = world.nginx().with("basic").file("pyrograph.htpasswd", PASSWORDS).start();
    let client = Client::http(nginx.port());
    for path in [PAGE, "/pyrograph/config.json", "/pyrograph/dashboards/", QUERY] {
        assert_eq!(client.get(path).status, 401, "{path}");
        assert_eq!(client.send("GET", path, &[("authorization", "Basic Ym9iOmZpc2g=")], "").status, 401, "{path}");
        assert_eq!(client.send("GET", path, &[ALICE], "").status, 200, "{path}");
    }
}

/// The tenant is who has signed in, never what the browser says.
pub fn the_tenant_follows_from_who_asks(world: &World) {
    let tenant = async |headers: HeaderMap| {
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("none").to_owned();
        format!("{} {}", said("x-scope-orgid"), said("authorization"))
    };
    let server = world.serve(Router::new().fallback(tenant));
    let address = format!("127.0.0.1:{}", server.port);
    let nginx = world
        .nginx_in_front_of(&address, &address)
        .with("basic")
        .file("pyrograph.htpasswd", PASSWORDS)
        .set("$pyrograph_tenant { default \"\"; }", "$pyrograph_tenant { default \"\"; alice team-a; }")
        .set("$pyrograph_authorization { default \"\"; }", "$pyrograph_authorization { default \"Bearer ours\"; }")
        .start();
    let client = Client::http(nginx.port());
    for (who, tenant) in [(ALICE, "team-a Bearer ours"), (BOB, "none Bearer ours")] {
        let reply = client.send("GET", QUERY, &[who, ("x-scope-orgid", "team-b")], "");
        assert_eq!((reply.status, reply.body.contains(tenant)), (200, true), "{}", reply.body);
    }
}

/// What oauth2-proxy answers: who has a session, and whether it is one of the group asked for.
fn oauth2_proxy() -> Router {
    async fn auth(RawQuery(query): RawQuery, headers: HeaderMap) -> (StatusCode, [(&'static str, &'static str); 1]) {
        let cookie = headers.get("cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let wants_group = query.unwrap_or_default().contains("allowed_groups=on-call");
        let status = match cookie {
            "__Host-session=on-call" => StatusCode::ACCEPTED,
            "__Host-session=reader" if wants_group => StatusCode::FORBIDDEN,
            "__Host-session=reader" => StatusCode::ACCEPTED,
            _ => StatusCode::UNAUTHORIZED,
        };
        (status, [("x-auth-request-user", "someone")])
    }
    let sign_in = async |uri: Uri| Html(format!("<!doctype html><title>Sign in</title>{uri}"));
    Router::new().route("/oauth2/auth", get(auth)).route("/oauth2/sign_in", get(sign_in))
}

const READER: (&str, &str) = ("cookie", "__Host-session=reader");
const ON_CALL: (&str, &str) = ("cookie", "__Host-session=on-call");

pub fn a_proxy_signs_in(world: &World) {
    let server = world.serve(oauth2_proxy());
    let nginx = world.nginx().with("oauth2").set("127.0.0.1:4180", &format!("127.0.0.1:{}", server.port)).start();
    let client = Client::http(nginx.port());
    let opened = client.send("GET", PAGE, &[("accept", "text/html,*/*;q=0.8")], "");
    assert_eq!((opened.status, opened.header("location")), (302, Some("/oauth2/sign_in?rd=/pyrograph/")));
    for path in [PAGE, "/pyrograph/config.json", QUERY, "/pyrograph/prometheus/api/v1/rules"] {
        // The page's own requests are told, and never led to a page.
        assert_eq!(client.send("GET", path, &[("accept", "*/*")], "").status, 401, "{path}");
        assert_eq!(client.send("GET", path, &[READER], "").status, 200, "{path}");
    }
    assert_eq!(client.get("/pyrograph/prometheus/api/v1/status/config").status, 403);
    assert_eq!(client.get("/oauth2/auth").status, 404, "the question about a session is not for browsers");

    let page = world.page_at(&nginx.url(), Options::default());
    page.load("");
    page.wait("the way in is shown", || page.text().contains("/oauth2/sign_in?rd=/pyrograph/").then_some(()));
}

/// Signed in when it was opened, and not any more: the page says so and stays.
pub fn a_session_that_ends_is_said(world: &World) {
    let server = world.serve(oauth2_proxy());
    let nginx = world.nginx().with("oauth2").set("127.0.0.1:4180", &format!("127.0.0.1:{}", server.port)).start();
    let page = world.page_at(&nginx.url(), Options::default());
    page.load("");
    // As oauth2-proxy would set it, but for http.
    let set_cookie =
        json!({ "name": "__Host-session", "value": "reader", "url": nginx.url(), "secure": true, "path": "/" });
    page.cdp("Network.setCookie", set_cookie);
    page.open("explore?expr=up&refresh=5s").settled();
    page.cdp("Network.clearBrowserCookies", json!({}));
    page.wait("the page says to sign in", || page.text().to_lowercase().contains("sign in").then_some(()));
    assert_eq!(page.app(), "ready");
}

/// A silence that silences nothing.
fn silence() -> String {
    json!({
        "matchers": [{ "name": "alertname", "value": "NoSuchAlert", "isRegex": false, "isEqual": true }],
        "startsAt": "2020-01-01T00:00:00Z", "endsAt": "2099-01-01T00:00:00Z",
        "createdBy": "tests", "comment": "made by a test",
    })
    .to_string()
}

pub fn alerts_are_silenced_by_those_who_may_only(world: &World) {
    let shipped = world.nginx().start();
    for headers in [&[][..], &FROM_THE_PAGE] {
        let reply = Client::http(shipped.port()).send("POST", SILENCES, headers, &silence());
        assert_eq!(reply.status, 403, "nobody has switched it on: {}", reply.body);
    }

    let nginx = world
        .nginx()
        .with("silences")
        .with("basic")
        .file("pyrograph.htpasswd", PASSWORDS)
        .set("$pyrograph_may_silence { default 0; }", "$pyrograph_may_silence { default 0; alice 1; }")
        .start();
    let client = Client::http(nginx.port());
    let post = |who, drop: &str, instead: Option<(&'static str, &'static str)>| {
        let page = FROM_THE_PAGE.into_iter().filter(|(name, _)| *name != drop);
        let headers: Vec<_> = page.chain(instead).chain([who]).collect();
        client.send("POST", SILENCES, &headers, &silence())
    };
    assert_eq!(post(BOB, "", None).status, 403, "bob may not");
    assert_eq!(post(("x-user", "alice"), "", None).status, 403, "nobody has signed in");
    assert_eq!(post(ALICE, "sec-fetch-site", None).status, 403, "it does not say where it comes from");
    assert_eq!(post(ALICE, "sec-fetch-site", Some(("sec-fetch-site", "cross-site"))).status, 403, "another page");
    assert_eq!(post(ALICE, "x-requested-with", None).status, 403, "a form could send this");
    let made = post(ALICE, "", None);
    assert_eq!(made.status, 200, "{}", made.body);

    let told: Value = made.body.parse().unwrap_or_else(|error| panic!("{error}: {}", made.body));
    let id = told["silenceID"].as_str().unwrap_or_else(|| panic!("{told}"));
    let listed = client.send("GET", SILENCES, &[BOB], "");
    assert!(listed.status == 200 && listed.body.contains(id), "everyone reads them: {}", listed.body);

    let one = format!("/pyrograph/alertmanager/api/v2/silence/{id}");
    let delete = |who| client.send("DELETE", &one, &[FROM_THE_PAGE[1], FROM_THE_PAGE[2], who], "").status;
    assert_eq!(delete(BOB), 403);
    assert_eq!(delete(ALICE), 200);
    let alerts = "/pyrograph/alertmanager/api/v2/alerts";
    let headers: Vec<_> = FROM_THE_PAGE.into_iter().chain([ALICE]).collect();
    assert_eq!(client.send("POST", alerts, &headers, "[]").status, 403, "alerts are Prometheus' to make");
}

/// With oauth2-proxy it is a group of the identity provider's.
pub fn a_group_silences(world: &World) {
    let server = world.serve(oauth2_proxy());
    let nginx = world
        .nginx()
        .with("oauth2")
        .with("silences")
        .set("# auth_request /oauth2/silence;", "auth_request /oauth2/silence;")
        .set("$pyrograph_may_silence { default 0; }", "$pyrograph_may_silence { default 1; }")
        .set("127.0.0.1:4180", &format!("127.0.0.1:{}", server.port))
        .start();
    let client = Client::http(nginx.port());
    for (who, status) in [(("x-user", "someone"), 401), (READER, 403), (ON_CALL, 200)] {
        let headers: Vec<_> = FROM_THE_PAGE.into_iter().chain([who]).collect();
        let reply = client.send("POST", SILENCES, &headers, &silence());
        assert_eq!(reply.status, status, "{who:?}: {}", reply.body);
    }
    assert_eq!(client.send("GET", SILENCES, &[READER], "").status, 200, "everyone reads them");
}
