//! What to ask for: path and parameters of a call, without the server's address.

use frame::{Grid, Millis, TimeRange};

/// An HTTP method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Method {
    /// Parameters go into the URL's query.
    #[default]
    Get,
    /// Parameters go into a form body, which has no practical limit of length and needs no CORS preflight.
    Post,
}

/// One call of the API.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// How the parameters travel.
    pub method: Method,
    /// The path below the API's root (`/api/v1/` for Prometheus), without a leading slash.
    pub path: String,
    /// Names and values, unencoded, in order; a name may repeat.
    pub params: Vec<(String, String)>,
}

impl Request {
    /// `expr` over the instants of `grid`. The server gives up after `timeout_secs`.
    #[must_use]
    pub fn query_range(expr: &str, grid: Grid, timeout_secs: u32) -> Self {
        let end = grid.last().unwrap_or(grid.start);
        Self::post("query_range")
            .with("query", expr)
            .with("start", seconds(grid.start))
            .with("end", seconds(end))
            .with("step", seconds(Millis(grid.step.millis())))
            .with("timeout", format!("{timeout_secs}s"))
    }

    /// `expr` at one instant. The server gives up after `timeout_secs`.
    #[must_use]
    pub fn query(expr: &str, at: Millis, timeout_secs: u32) -> Self {
        Self::post("query").with("query", expr).with("time", seconds(at)).with("timeout", format!("{timeout_secs}s"))
    }

    /// The exemplars of the series that `expr` selects, in `range`; decode with [`crate::exemplars::decode`].
    #[must_use]
    pub fn query_exemplars(expr: &str, range: TimeRange) -> Self {
        let request = Self::post("query_exemplars").with("query", expr);
        request.with("start", seconds(range.start)).with("end", seconds(range.end))
    }

    /// The values the label `name` has in `range`, in series that match any of `matchers` (all series when empty).
    /// At most `limit`, where the server knows that parameter (Prometheus 2.51).
    ///
    /// There is no POST for this one, and the name is part of the path: a name that is no plain identifier travels in
    /// Prometheus' `U__` form (Prometheus 3.1), so it can hold nothing that means something in a path.
    #[must_use]
    pub fn label_values(name: &str, matchers: &[String], range: TimeRange, limit: u32) -> Self {
        Self::get(format!("label/{}/values", escape_label_name(name))).matching(matchers, range, limit)
    }

    /// The names of labels in `range`; parameters as in [`Request::label_values`].
    #[must_use]
    pub fn labels(matchers: &[String], range: TimeRange, limit: u32) -> Self {
        Self::post("labels").matching(matchers, range, limit)
    }

    /// The label sets of the series in `range` that match any of `matchers`. Without a matcher the server refuses.
    #[must_use]
    pub fn series(matchers: &[String], range: TimeRange, limit: u32) -> Self {
        Self::post("series").matching(matchers, range, limit)
    }

    /// All rule groups with their rules and alerts; decode as [`crate::rules::Rules`].
    #[must_use]
    pub fn rules() -> Self {
        Self::get("rules")
    }

    /// Type, help and unit of at most `limit` metrics; decode as [`crate::metadata::Metadata`].
    #[must_use]
    pub fn metadata(limit: u32) -> Self {
        Self::get("metadata").with("limit", limit.to_string())
    }

    /// The server's version; decode as [`crate::metadata::BuildInfo`].
    #[must_use]
    pub fn buildinfo() -> Self {
        Self::get("status/buildinfo")
    }

    /// What is scraped and what was dropped; decode as [`crate::targets::Targets`].
    #[must_use]
    pub fn targets() -> Self {
        Self::get("targets")
    }

    /// What makes the database large, at most `limit` of each kind (older servers send ten whatever they are asked);
    /// decode as [`crate::targets::DatabaseStatus`].
    #[must_use]
    pub fn database_status(limit: u32) -> Self {
        Self::get("status/tsdb").with("limit", limit.to_string())
    }

    /// The flags the server was started with; decode as [`crate::targets::Flags`].
    #[must_use]
    pub fn flags() -> Self {
        Self::get("status/flags")
    }

    /// The parameters as `application/x-www-form-urlencoded`: a form body, or what follows the `?` of a URL.
    #[must_use]
    pub fn encoded_params(&self) -> String {
        let mut encoded = String::new();
        for (name, value) in &self.params {
            if !encoded.is_empty() {
                encoded.push('&');
            }
            encode_into(&mut encoded, name);
            encoded.push('=');
            encode_into(&mut encoded, value);
        }
        encoded
    }

    /// The same request with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self { method: Method::Get, path: path.into(), params: Vec::new() }
    }

    fn post(path: &str) -> Self {
        Self { method: Method::Post, path: path.to_owned(), params: Vec::new() }
    }

    fn matching(self, matchers: &[String], range: TimeRange, limit: u32) -> Self {
        let request = matchers.iter().fold(self, |request, matcher| request.with("match[]", matcher.clone()));
        request.with("start", seconds(range.start)).with("end", seconds(range.end)).with("limit", limit.to_string())
    }
}

/// Seconds as the API takes them, exact to the millisecond: `1700000000`, `0.25`.
fn seconds(at: Millis) -> String {
    let (sign, millis) = (if at.0 < 0 { "-" } else { "" }, at.0.unsigned_abs());
    let text = format!("{sign}{}.{:03}", millis / 1000, millis % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Prometheus' value encoding of names in paths (`model.ValueEncodingEscaping` in prometheus/common): `http.status`
/// is `U__http_2e_status`. Names of the classic form stay as they are.
fn escape_label_name(name: &str) -> String {
    let is_classic =
        |(index, c): (usize, char)| c == '_' || c.is_ascii_alphabetic() || (index > 0 && c.is_ascii_digit());
    if !name.is_empty() && name.chars().enumerate().all(is_classic) && !name.starts_with("U__") {
        return name.to_owned();
    }
    let mut escaped = String::from("U__");
    for (index, c) in name.chars().enumerate() {
        match c {
            '_' => escaped.push_str("__"),
            _ if is_classic((index, c)) => escaped.push(c),
            _ => escaped.push_str(&format!("_{:x}_", u32::from(c))),
        }
    }
    escaped
}

fn encode_into(encoded: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            _ => encoded.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use frame::Step;

    fn check(request: &Request, method: Method, path: &str, params: &str) {
        assert_eq!((request.method, request.path.as_str()), (method, path));
        assert_eq!(request.encoded_params(), params);
    }

    #[test]
    fn requests_are_spelled_as_the_api_wants_them() {
        let grid = Grid { start: Millis(1_700_000_000_000), step: Step::from_millis(15_000).unwrap(), len: 3 };
        check(
            &Request::query_range("rate(x[1m]) > 0", grid, 30),
            Method::Post,
            "query_range",
            "query=rate%28x%5B1m%5D%29+%3E+0&start=1700000000&end=1700000030&step=15&timeout=30s",
        );
        check(
            &Request::query("up{a=\"ü&b=c\"}", Millis(1_500), 5),
            Method::Post,
            "query",
            "query=up%7Ba%3D%22%C3%BC%26b%3Dc%22%7D&time=1.5&timeout=5s",
        );
        let range = TimeRange::new(-1_500, 2_050);
        check(&Request::query_exemplars("x", range), Method::Post, "query_exemplars", "query=x&start=-1.5&end=2.05");
        check(
            &Request::label_values("job", &["up".into(), "{a=\"b\"}".into()], range, 100),
            Method::Get,
            "label/job/values",
            "match%5B%5D=up&match%5B%5D=%7Ba%3D%22b%22%7D&start=-1.5&end=2.05&limit=100",
        );
        check(&Request::labels(&[], range, 7), Method::Post, "labels", "start=-1.5&end=2.05&limit=7");
        check(
            &Request::series(&["up".into()], range, 7),
            Method::Post,
            "series",
            "match%5B%5D=up&start=-1.5&end=2.05&limit=7",
        );
        check(&Request::rules(), Method::Get, "rules", "");
        check(&Request::metadata(10), Method::Get, "metadata", "limit=10");
        check(&Request::buildinfo(), Method::Get, "status/buildinfo", "");
    }

    #[test]
    fn label_names_cannot_leave_their_place_in_the_path() {
        for (name, expected) in [
            ("job", "job"),
            ("__name__", "__name__"),
            ("http.status", "U__http_2e_status"),
            ("a_b.c", "U__a__b_2e_c"),
            ("../../x", "U___2e__2e__2f__2e__2e__2f_x"),
            ("1a", "U___31_a"),
            ("ü", "U___fc_"),
            ("U__x", "U__U____x"),
            ("", "U__"),
        ] {
            assert_eq!(escape_label_name(name), expected);
        }
    }
}
