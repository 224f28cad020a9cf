//! Every fault, as a client sees it.

#![allow(clippy::unwrap_used)]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::routing::any;
use faultd::{Fault, FaultHandle, Rule, Server, When};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

const TRUE_ANSWER: &str = "the true answer";

/// A server with a fault in front of one that always gives [`TRUE_ANSWER`].
async fn server(rules: Vec<Rule>) -> Server {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(any(|| async { TRUE_ANSWER }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let server = faultd::spawn(&upstream, 0).await.unwrap();
    server.faults().set(rules);
    server
}

/// What a client gets: status and body, or nothing where the connection broke. `Err` is the part before the break.
#[derive(Debug, PartialEq)]
enum Seen {
    Whole(u16, String),
    Broken(String),
    Nothing,
}

async fn ask(server: &Server, path: &str, body: &str) -> Seen {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let request = Request::post(server.url() + path).body(Body::from(body.to_owned())).unwrap();
    let Ok(response) = client.request(request).await else { return Seen::Nothing };
    let (head, mut body) = response.into_parts();
    let mut text = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Seen::Broken(String::from_utf8(text).unwrap()) };
        text.extend_from_slice(frame.data_ref().unwrap());
    }
    Seen::Whole(head.status.as_u16(), String::from_utf8(text).unwrap())
}

fn whole(code: u16, body: &str) -> Seen {
    Seen::Whole(code, body.to_owned())
}

#[tokio::test]
async fn faults_are_seen_by_the_client() {
    let check = async |fault: Fault, expected: Seen| {
        let server = server(vec![Rule::new(When::path("/bad"), fault.clone())]).await;
        assert_eq!(ask(&server, "/good", "").await, whole(200, TRUE_ANSWER), "others go on beside {fault:?}");
        assert_eq!(ask(&server, "/bad", "").await, expected, "{fault:?}");
        assert_eq!(ask(&server, "/good", "").await, whole(200, TRUE_ANSWER), "others go on after {fault:?}");
    };
    check(Fault::None, whole(200, TRUE_ANSWER)).await;
    check(Fault::Reset, Seen::Nothing).await;
    check(Fault::Cut { bytes: 8, clean: false }, Seen::Broken("the true".to_owned())).await;
    check(Fault::Cut { bytes: 8, clean: true }, whole(200, "the true")).await;
    check(Fault::Drip { bytes: 4, every_millis: 1 }, whole(200, TRUE_ANSWER)).await;
    check(Fault::status(503, "text/plain", "busy"), whole(503, "busy")).await;
    check(Fault::Redirect { to: "/login".to_owned() }, whole(302, "")).await;
    let none = r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#;
    check(Fault::Inflate { series: 0 }, whole(200, none)).await;
}

#[tokio::test]
async fn a_rule_can_look_into_the_body() {
    let server = server(vec![Rule::new(When::body("rate(x"), Fault::status(500, "text/plain", "broken"))]).await;
    assert_eq!(ask(&server, "/query", "query=rate%28x%5B5m%5D%29").await, whole(500, "broken"));
    assert_eq!(ask(&server, "/query", "query=up").await, whole(200, TRUE_ANSWER));
}

#[tokio::test]
async fn a_hanging_request_counts_as_in_flight_until_the_client_gives_up() {
    let server = server(vec![Rule::new(When::path("/bad"), Fault::Hang)]).await;
    let faults = server.faults().clone();
    let outcome = tokio::time::timeout(Duration::from_millis(100), ask(&server, "/bad", "")).await;
    assert!(outcome.is_err(), "it was answered: {outcome:?}");
    ends(&faults).await;
    assert_eq!(faults.max_in_flight(&When::default()), 1);
}

async fn ends(faults: &FaultHandle) {
    while faults.in_flight() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn requests_are_counted() {
    let server = server(Vec::new()).await;
    for path in ["/a", "/b?x=1", "/a"] {
        ask(&server, path, "").await;
    }
    assert_eq!(server.faults().count(&When::path("/a")), 2);
    assert_eq!(server.faults().requests()[1].query, "x=1");
    server.faults().clear();
    assert_eq!(server.faults().requests(), []);
}

#[tokio::test]
async fn chance_is_seeded() {
    let rule = Rule { chance: 0.5, ..Rule::new(When::default(), Fault::status(500, "text/plain", "")) };
    let server = server(vec![rule.clone()]).await;
    let mut runs = Vec::new();
    for _ in 0..2 {
        server.faults().set(vec![rule.clone()]);
        let mut seen = Vec::new();
        for _ in 0..20 {
            seen.push(ask(&server, "/", "").await == whole(200, TRUE_ANSWER));
        }
        runs.push(seen);
    }
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].contains(&true) && runs[0].contains(&false));
}

#[tokio::test]
async fn another_process_sets_rules_by_request() {
    let server = server(Vec::new()).await;
    let rules = r#"[{"when":{"path":"/x"},"fault":{"answer":{"code":418,"content_type":"text/plain","body":"no"}}}]"#;
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let request = Request::post(server.url() + "/-/rules").header(header::CONTENT_TYPE, "application/json");
    let response = client.request(request.body(Body::from(rules)).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(ask(&server, "/x", "").await, whole(418, "no"));
}

#[tokio::test]
async fn synthetic_answers_have_the_size_asked_for() {
    let server = server(Vec::new()).await;
    let Seen::Whole(200, text) = ask(&server, "/synthetic/api/v1/query_range?series=2&points=3&kind=int", "").await
    else {
        panic!("no answer");
    };
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["data"]["result"][1]["values"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn answers_are_dated_as_wanted() {
    let server = server(Vec::new()).await;
    let date = async || {
        let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
        let response = client.request(Request::get(server.url()).body(Body::empty()).unwrap()).await.unwrap();
        httpdate::parse_http_date(response.headers()[header::DATE].to_str().unwrap()).unwrap()
    };
    let before = date().await;
    server.faults().put_clock_ahead(Duration::from_secs(3_600));
    server.faults().put_clock_ahead(Duration::from_secs(3_600));
    assert!(date().await.duration_since(before).unwrap() >= Duration::from_secs(7_200));
}
