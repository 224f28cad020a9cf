use super::series::{Outcome, outcome};
use super::{Params, Refusal, answer, catalog, query};
use axum::http::Uri;
use serde_json::{Value, json};

/// The label sets of what `expr` evaluates to, each as `a=1,b=2`.
fn series_of(expr: &str) -> Vec<String> {
    let Outcome::Series { labels, .. } = outcome(&promql::parse(expr).ast) else { panic!("{expr} has no series") };
    let written = |(name, value): (&String, &String)| format!("{name}={value}");
    labels.iter().map(|labels| labels.iter().map(written).collect::<Vec<_>>().join(",")).collect()
}

#[test]
fn an_expression_says_which_series_it_has() {
    let check = |expr: &str, expected: &[&str]| assert_eq!(series_of(expr), expected, "{expr}");
    check(r#"up{job="a",instance="b"}"#, &["__name__=up,instance=b,job=a"]);
    check(r#"sum by (job) (up{job=~"a|b.*"})"#, &["job=a", "job=b1"]);
    check("sum(up)", &[""]);
    check(
        "sum by (service) (rate(http_requests_total[5m]))",
        &["service=service-1", "service=service-2", "service=service-3"],
    );
    check(r#"sum without (instance) (up{job="a"})"#, &["job=a"]);
    check(
        r#"sum by (le) (rate(x_bucket{job="a",instance="b"}[5m]))"#,
        &["le=0.05", "le=0.1", "le=0.5", "le=1", "le=5", "le=+Inf"],
    );
    check(r#"histogram_quantile(0.9, sum by (le, job) (rate(x_bucket{job="a"}[5m])))"#, &["job=a"]);
    check(r#"a{job="x",instance="y"} / on (job) b"#, &["job=x"]);
    check(r#"a{job="x",instance="y"} > 5"#, &["__name__=a,instance=y,job=x"]);
    check(r#"sum(a) or sum by (job) (b{job="x"})"#, &["", "job=x"]);
    check(r#"topk(2, sum by (pod) (a))"#, &["pod=pod-1", "pod=pod-2"]);
    check(r#"count_values("version", sum by (job) (a{job="x"}))"#, &["version=1", "version=2"]);
    check(
        r#"label_replace(a{job="x",instance="y"}, "host", "$1", "instance", "(.*)")"#,
        &["__name__=a,host=y,instance=y,job=x"],
    );
    check(r#"label_join(sum by (job) (a{job="x"}), "both", "-", "job", "job")"#, &["both=x-x,job=x"]);
    check("absent(up)", &[]);
    check("vector(1)", &[""]);
}

fn range(expr: &str, start: u32, end: u32) -> Vec<Value> {
    let params = Params::read(&format!("start={start}&end={end}&step=15"), format!("query={expr}").as_bytes());
    let Ok(data) = query::range(&params) else { panic!("{expr} is refused") };
    data["result"].as_array().unwrap().clone()
}

/// A part of a range says what the whole says of it.
#[test]
fn values_follow_from_the_time() {
    for expr in ["up", "rate(a_total[5m])", "a_bytes", "sum(a_seconds) by (job)", "a / b"] {
        let (whole, part) = (range(expr, 1_700_000_010, 1_700_003_610), range(expr, 1_700_003_010, 1_700_003_610));
        for (whole, part) in whole.iter().zip(&part) {
            let (whole, part) = (whole["values"].as_array().unwrap(), part["values"].as_array().unwrap());
            assert_eq!(whole[whole.len() - part.len()..], part[..], "{expr}");
        }
    }
}

#[test]
fn queries_are_answered_in_each_form() {
    let check = |expr: &str, kind: &str| {
        let params = Params::read(&format!("query={expr}&time=1700000000"), b"");
        let Ok(data) = query::instant(&params) else { panic!("{expr} is refused") };
        assert_eq!(data["resultType"], kind, "{expr}");
    };
    check("up", "vector");
    check("up[5m]", "matrix");
    check("1", "scalar");
    check("'a'", "string");
    check("sum by (", "vector");
    let refused = |query: &str| {
        let Err(Refusal(error)) = query::range(&Params::read(query, b"")) else { panic!("{query} is answered") };
        error
    };
    assert!(refused("query=up&start=0&end=11001&step=1").contains("11,000 points"));
    let longest = query::range(&Params::read("query=1&start=0&end=11000&step=1", b"")).ok();
    assert_eq!(longest.and_then(|data| Some(data["result"][0]["values"].as_array()?.len())), Some(11_001));
    assert!(refused("query=up[5m]&start=0&end=100&step=1").contains("range vector"));
    assert!(refused("query=up&start=0&end=100").contains("step"));
}

#[test]
fn the_catalog_answers() {
    let check = |path: &str, query: &str, expected: Value| {
        assert_eq!(catalog::answer(path, &Params::read(query, b"")), Some(expected), "{path}?{query}");
    };
    check("label/job/values", "match[]=up{job=~\"a|b\"}", json!(["a", "b"]));
    check("label/pod/values", "match[]=up", json!(["pod-1", "pod-2", "pod-3"]));
    check("label/colour/values", "", json!(["colour-1", "colour-2", "colour-3"]));
    check("format_query", "query=sum(up)by(job)", json!("sum by (job) (up)"));
    assert_eq!(catalog::answer("no/such/thing", &Params::read("", b"")), None);
    let other: Uri = "/prometheus/api/v1/query?query=up".parse().unwrap();
    assert!(answer(&other, b"").is_none(), "it answers for someone else");
}
