//! What a configuration file may say, and what is told about one that says something else.

use config::{Access, Config, Credentials, DataSource, Limits, Problem, Resolution, ThemeChoice, parse};
use proptest::prelude::*;

const COMPLETE: &str = r#"{
  "dataSources": [
    {"uid": "prometheus", "name": "Prometheus", "url": "prometheus", "default": true},
    {"uid": "long", "url": "https://thanos.example:9090/", "resolution": "panel", "scrapeInterval": "1m",
     "timeout": "500ms", "maxSamples": 1000000, "maxSeries": 10, "maxBytes": 5000, "maxInFlight": 12, "method": "GET",
     "credentials": "include", "headers": {"X-Scope-OrgID": "team-a", "THANOS-TENANT": "a"},
     "params": {"dedup": "true", "storeMatch[]": ["{a=\"b\"}", "{c=\"d\"}"]},
     "exemplarTraceIdDestinations": [{"name": "trace_id", "url": "https://tempo/t?id=${__value.raw}"}]}
  ],
  "alertmanagers": [{"name": "Alertmanager", "url": "alertmanager", "headers": {"X-Scope-OrgID": "team-a"}}],
  "limits": {"maxSamples": 2000000},
  "debug": {"checkMerges": true},
  "dashboards": {"index": "dashboards/index.json"},
  "defaults": {"dashboard": "fleet-overview", "refresh": "10s", "from": "now-1h", "to": "now", "theme": "dark",
               "timezone": "browser"},
  "embed": {"origins": ["https://portal.example", "http://localhost:8080"]}
}"#;

#[test]
fn a_complete_file_is_read_without_a_word() {
    let (config, problems) = parse(COMPLETE);
    assert_eq!(problems, []);
    let [first, second] = config.data_sources.as_slice() else { panic!("two data sources") };
    assert_eq!((first.uid.as_str(), first.resolution, first.timeout_millis), ("prometheus", Resolution::Auto, 30_000));
    assert_eq!((second.name.as_str(), second.resolution), ("long", Resolution::Panel));
    assert_eq!((second.scrape_interval_millis, second.timeout_millis), (60_000, 500));
    let limits = Limits { max_bytes: Some(5_000), max_samples: Some(1_000_000), max_series: Some(10) };
    assert_eq!((second.limits, second.max_in_flight), (limits, Some(12)));
    assert_eq!((config.limits.max_samples, config.debug.check_merges), (Some(2_000_000), true));
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let params = [("dedup", "true"), ("storeMatch[]", "{a=\"b\"}"), ("storeMatch[]", "{c=\"d\"}")];
    let tenant = || pair(("X-Scope-OrgID", "team-a"));
    let access = Access {
        credentials: Credentials::Include,
        headers: vec![pair(("THANOS-TENANT", "a")), tenant()],
        params: params.map(pair).into(),
        only_get: true,
    };
    assert_eq!((&second.access, &first.access), (&access, &Access::default()));
    assert_eq!(config.alertmanagers[0].access.headers, [tenant()]);
    let [trace] = second.exemplar_links.as_slice() else { panic!("a link") };
    assert_eq!(
        (&*trace.label, &*trace.url, &*trace.title),
        ("trace_id", "https://tempo/t?id=${__value.raw}", "View trace")
    );
    assert_eq!(second.api_url("query_range"), "https://thanos.example:9090/api/v1/query_range");
    assert_eq!(config.alertmanagers[0].url, "alertmanager");
    assert_eq!(config.defaults.dashboard.as_deref(), Some("fleet-overview"));
    assert_eq!(config.defaults.theme, ThemeChoice::Dark);
    assert_eq!(config.embed.origins, ["https://portal.example", "http://localhost:8080"]);
}

#[test]
fn exemplars_lead_where_a_link_may() {
    let check = |link: &str, problems: &[&str], titles: &[&str]| {
        let text =
            format!(r#"{{"dataSources": [{{"uid": "a", "url": "a", "exemplarTraceIdDestinations": [{link}]}}]}}"#);
        let (config, found) = parse(&text);
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), problems, "{link}");
        let links = &config.data_sources[0].exemplar_links;
        assert_eq!(links.iter().map(|link| format!("{} {}", link.label, link.title)).collect::<Vec<_>>(), titles);
    };
    let at = "dataSources[0].exemplarTraceIdDestinations[0]";
    check(r#"{"url": "/t/${__value.raw}", "urlDisplayLabel": "Trace"}"#, &[], &["traceID Trace"]);
    check("{}", &[&format!("{at}.url: is missing: where it is, relative to the page or http(s)")], &[]);
    let scheme = "must be relative, or start with http:// or https://";
    check(r#"{"url": "javascript:alert(1)"}"#, &[&format!("{at}.url: {scheme}")], &[]);
    let known = "unknown key, known are name, url, urlDisplayLabel";
    check(
        r#"{"url": "/t", "datasourceUid": "tempo"}"#,
        &[&format!("{at}.datasourceUid: {known}")],
        &["traceID View trace"],
    );
}

#[test]
fn origins_are_origins() {
    let wrong = "must be an origin such as https://portal.example, without a path";
    for origin in
        ["*", "portal.example", "https://", "https://portal.example/", "https://u:p@portal.example", "null", ""]
    {
        check(&format!(r#"{{"embed": {{"origins": ["{origin}"]}}}}"#), &[&format!("embed.origins[0]: {wrong}")]);
    }
    check(r#"{"embed": {"origins": "https://portal.example"}}"#, &["embed.origins: must be a list, not a text"]);
    check(r#"{"embed": {"origin": []}}"#, &["embed.origin: unknown key, did you mean origins?"]);
}

#[test]
fn only_what_names_a_tenant_is_sent_as_a_header() {
    let secret = "refused: this file is public and must hold no secrets";
    let other = "is not sent: only X-… headers that name a tenant, and THANOS-TENANT, are";
    let plain = "must be a plain text in ASCII";
    for (name, value, problem) in [
        ("Authorization", "Bearer x", secret),
        ("Proxy-Authorization", "x", secret),
        ("cookie", "x", secret),
        ("X-Api-Key", "x", secret),
        ("X-Auth-Token", "x", secret),
        ("X-Forwarded-For", "x", other),
        ("X-WEBAUTH-USER", "admin", other),
        ("Host", "x", other),
        ("Origin", "x", other),
        ("X Scope", "x", other),
        ("X-Scope-OrgID", "a\\nb", plain),
        ("X-Scope-OrgID", "ä", plain),
        ("X-Scope-OrgID", "", plain),
    ] {
        let text = format!(r#"{{"dataSources": [{{"uid": "a", "url": "a", "headers": {{"{name}": "{value}"}}}}]}}"#);
        check(&text, &[&format!("dataSources[0].headers.{name}: {problem}")]);
        assert_eq!(parse(&text).0.data_sources[0].access.headers, []);
    }
    check(
        r#"{"alertmanagers": [{"url": "a", "headers": {"X-Scope-OrgID": 5}, "credentials": "always", "method": "PUT"}]}"#,
        &[
            "alertmanagers[0].credentials: must be one of same-origin, include, omit",
            "alertmanagers[0].headers.X-Scope-OrgID: must be a text, not a number",
            "alertmanagers[0].method: must be one of GET, POST",
        ],
    );
}

#[test]
fn parameters_are_not_the_pages_own() {
    for (name, problem) in [
        ("query", "is what the page itself sends"),
        ("match[]", "is what the page itself sends"),
        ("access_token", "refused: this file is public and must hold no secrets"),
    ] {
        let text = format!(r#"{{"dataSources": [{{"uid": "a", "url": "a", "params": {{"{name}": "1"}}}}]}}"#);
        check(&text, &[&format!("dataSources[0].params.{name}: {problem}")]);
    }
    check(
        r#"{"dataSources": [{"uid": "a", "url": "a", "params": {"dedup": [true]}}], "limits": {"maxSamples": 0}}"#,
        &[
            "dataSources[0].params.dedup: must be a text, not true or false",
            "limits.maxSamples: must be a whole number above 0",
        ],
    );
    check(r#"{"debug": {"checkmerges": true}}"#, &["debug.checkmerges: unknown key, did you mean checkMerges?"]);
}

#[test]
fn data_sources_are_found_by_uid_or_name_and_by_default() {
    let (config, _) = parse(COMPLETE);
    let uid = |reference: &str| config.data_source(reference).map(|source| source.uid.as_str());
    assert_eq!(uid("long"), Some("long"));
    assert_eq!(uid("Prometheus"), Some("prometheus"));
    assert_eq!(uid("nobody"), None);
    assert_eq!(config.default_source().map(|source| source.uid.as_str()), Some("prometheus"));
}

#[test]
fn the_default_source_is_offered_first() {
    let check = |default: Option<usize>, expected: [&str; 3]| {
        let data_sources = ["a", "b", "c"].map(|uid| DataSource::new(uid, uid, "/")).to_vec();
        let mut config = Config { data_sources, ..Config::default() };
        if let Some(default) = default {
            config.data_sources[default].default = true;
        }
        assert!(config.default_source_first().map(|source| source.uid.as_str()).eq(expected), "{default:?}");
    };
    check(None, ["a", "b", "c"]);
    check(Some(0), ["a", "b", "c"]);
    check(Some(1), ["b", "a", "c"]);
    assert_eq!(Config::default().default_source_first().count(), 0);
}

#[test]
fn without_a_file_the_own_origin_is_tried() {
    let urls: Vec<String> = Config::default_for_origin()
        .iter()
        .filter_map(|config| config.default_source().map(|source| source.api_url("query")))
        .collect();
    assert_eq!(urls, ["../api/v1/query", "/api/v1/query", "/prometheus/api/v1/query"]);
}

/// The problems of a file, one a line.
fn check(text: &str, expected: &[&str]) {
    let problems: Vec<String> = parse(text).1.iter().map(Problem::to_string).collect();
    assert_eq!(problems, expected, "{text}");
}

#[test]
fn what_is_no_json_is_told_with_its_place() {
    check("", &["not JSON at line 1, column 0: EOF while parsing a value"]);
    check("{\n  \"dataSources\": [}\n", &["not JSON at line 2, column 19: expected value"]);
    check("[]", &["the file must hold a JSON object"]);
    check("\u{feff}{}", &[]);
}

#[test]
fn wrong_keys_and_values_are_told_with_their_path() {
    check(
        r#"{"dataSources": [{"uid": "a", "url": "a"}, {"uid": "b", "ulr": "b", "url": "b"}]}"#,
        &["dataSources[1].ulr: unknown key, did you mean url?"],
    );
    check(r#"{"datasources": []}"#, &["datasources: unknown key, did you mean dataSources?"]);
    check(
        r#"{"colour": 1}"#,
        &["colour: unknown key, known are dataSources, alertmanagers, dashboards, defaults, embed, limits, debug"],
    );
    check(r#"{"dataSources": {}}"#, &["dataSources: must be a list, not an object"]);
    check(r#"{"dataSources": [3]}"#, &["dataSources[0]: must be an object, not a number"]);
    check(
        r#"{"dataSources": [{"uid": "a"}]}"#,
        &["dataSources[0].url: is missing: where it is, relative to the page or http(s)"],
    );
    check(r#"{"dataSources": [{"url": "a"}]}"#, &["dataSources[0]: a data source needs a uid"]);
    check(
        r#"{"dataSources": [{"uid": "a", "url": "a"}, {"uid": "a", "url": "b"}]}"#,
        &["dataSources[1].uid: \"a\" is used twice"],
    );
    check(
        r#"{"dataSources": [{"uid": "a", "url": "a", "timeout": "soon", "maxSamples": 0, "resolution": "high"}]}"#,
        &[
            "dataSources[0].resolution: must be one of panel, auto, full",
            "dataSources[0].timeout: must be a duration such as 15s, 500ms or 1m",
            "dataSources[0].maxSamples: must be a whole number above 0",
        ],
    );
    check(r#"{"defaults": {"theme": 1}}"#, &["defaults.theme: must be a text, not a number"]);
}

#[test]
fn secrets_are_refused() {
    let refused = "refused: this file is public and must hold no secrets";
    for key in ["password", "basicAuthPassword", "token", "api_key", "Authorization", "clientSecret"] {
        let (config, problems) = parse(&format!(r#"{{"dataSources": [{{"uid": "a", "url": "a", "{key}": "x"}}]}}"#));
        assert_eq!(problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>(), [refused], "{key}");
        assert_eq!(config.data_sources.len(), 1);
    }
    check(
        r#"{"alertmanagers": [{"url": "https://user:pass@host/"}]}"#,
        &["alertmanagers[0].url: must not contain credentials: this file is public"],
    );
}

#[test]
fn a_source_with_a_bad_url_is_left_out() {
    for url in ["javascript:alert(1)", "//evil", "ftp://host", "a b", "prometheus?token=x"] {
        let (config, problems) = parse(&format!(r#"{{"dataSources": [{{"uid": "a", "url": "{url}"}}]}}"#));
        assert_eq!((config.data_sources.len(), problems.len()), (0, 1), "{url}");
    }
}

proptest! {
    #[test]
    fn any_text_gives_a_configuration(text in ".{0,200}") {
        let (config, problems) = parse(&text);
        prop_assert!(config == Config::default() || problems.is_empty());
    }

    #[test]
    fn any_damage_is_survived(at in any::<prop::sample::Index>(), inserted in "[\\[\\]{}\",:0-9a-z]{1,3}") {
        let at = at.index(COMPLETE.len());
        let _ = parse(&format!("{}{inserted}{}", &COMPLETE[..at], &COMPLETE[at..]));
    }
}
