//! Which request gets which fault.

use serde::{Deserialize, Serialize};

/// A fault and the requests it befalls. The first rule that matches a request decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The requests it befalls.
    pub when: When,
    /// What happens to them.
    #[serde(default)]
    pub fault: Fault,
    /// How long to wait before anything happens.
    #[serde(default)]
    pub delay_millis: u64,
    /// The share of these requests that it befalls, from 0 to 1. Others are passed on. The choice is seeded.
    #[serde(default = "always")]
    pub chance: f64,
}

fn always() -> f64 {
    1.0
}

impl Rule {
    /// This fault, at once and always.
    pub fn new(when: When, fault: Fault) -> Self {
        Self { when, fault, delay_millis: 0, chance: always() }
    }

    /// The true answer, but late.
    pub fn late(when: When, delay_millis: u64) -> Self {
        Self { delay_millis, ..Self::new(when, Fault::None) }
    }
}

/// Requests by what stands in them. Each part that is given must be found, percent-decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Found in the path.
    #[serde(default)]
    pub path: Option<String>,
    /// Found in the query part of the address.
    #[serde(default)]
    pub query: Option<String>,
    /// Found in the body (a form, as Prometheus takes it).
    #[serde(default)]
    pub body: Option<String>,
}

impl When {
    /// Requests with this in their path.
    pub fn path(part: impl Into<String>) -> Self {
        Self { path: Some(part.into()), ..Self::default() }
    }

    /// Requests with this in their body.
    pub fn body(part: impl Into<String>) -> Self {
        Self { body: Some(part.into()), ..Self::default() }
    }

    /// And this in the path, too.
    #[must_use]
    pub fn and_path(self, part: impl Into<String>) -> Self {
        Self { path: Some(part.into()), ..self }
    }

    /// Whether a request, given in decoded text, is meant.
    pub fn matches(&self, path: &str, query: &str, body: &str) -> bool {
        let found = |part: &Option<String>, text: &str| part.as_ref().is_none_or(|part| text.contains(part));
        found(&self.path, path) && found(&self.query, query) && found(&self.body, body)
    }
}

/// What happens to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is passed on.
    #[default]
    None,
    /// It is accepted and never answered.
    Hang,
    /// The connection is reset.
    Reset,
    /// The answer ends after some bytes.
    Cut {
        /// How many bytes of the body arrive.
        bytes: usize,
        /// Whether the answer ends as if it were whole; otherwise the connection breaks.
        clean: bool,
    },
    /// The answer comes piece by piece.
    Drip {
        /// The size of a piece.
        bytes: usize,
        /// The time between two pieces.
        every_millis: u64,
    },
    /// The browser is sent elsewhere.
    Redirect {
        /// Where to.
        to: String,
    },
    /// A query is answered with so many series of one sample each, as fast as they are taken.
    Inflate {
        /// How many.
        series: u64,
    },
    /// Another answer instead.
    Answer {
        /// The HTTP status.
        code: u16,
        /// The content type.
        content_type: String,
        /// The body.
        body: String,
        /// Seconds in a `Retry-After` header; none without.
        #[serde(default)]
        retry_after_secs: Option<u32>,
    },
}

impl Fault {
    /// Another answer instead.
    pub fn status(code: u16, content_type: &str, body: &str) -> Self {
        Self::Answer { code, content_type: content_type.to_owned(), body: body.to_owned(), retry_after_secs: None }
    }

    /// The answer of a Prometheus API that refuses a request.
    pub fn api_error(code: u16, kind: &str, message: &str) -> Self {
        let body = serde_json::json!({ "status": "error", "errorType": kind, "error": message });
        Self::status(code, "application/json", &body.to_string())
    }

    /// A login page where an answer was expected.
    pub fn login_page() -> Self {
        Self::status(200, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title><form>password</form>")
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Rule, When};

    #[test]
    fn requests_are_matched_by_their_parts() {
        let check = |when: When, expected| {
            assert_eq!(when.matches("/api/v1/query_range", "debug=1", "query=rate(x[5m])"), expected, "{when:?}");
        };
        check(When::default(), true);
        check(When::path("query_range"), true);
        check(When::path("labels"), false);
        check(When::body("rate(x"), true);
        check(When::body("rate(x").and_path("/query"), true);
        check(When::body("rate(x").and_path("/rules"), false);
        check(When { query: Some("debug".into()), ..When::default() }, true);
    }

    #[test]
    fn rules_are_read_from_json() {
        let check = |text: &str, expected: Rule| {
            assert_eq!(serde_json::from_str::<Rule>(text).unwrap(), expected, "{text}");
        };
        check(r#"{"when":{"path":"x"},"fault":"hang"}"#, Rule::new(When::path("x"), Fault::Hang));
        check(r#"{"when":{"body":"y"},"delay_millis":20}"#, Rule::late(When::body("y"), 20));
        check(
            r#"{"when":{},"fault":{"answer":{"code":503,"content_type":"text/plain","body":"busy"}}}"#,
            Rule::new(When::default(), Fault::status(503, "text/plain", "busy")),
        );
        check(
            r#"{"when":{},"fault":{"cut":{"bytes":10,"clean":false}}}"#,
            Rule::new(When::default(), Fault::Cut { bytes: 10, clean: false }),
        );
    }
}
