//! What goes with every request: headers, parameters, credentials.

use crate::read::{Object, Reader, is_secret, kind_name, shortened};
use crate::{Access, Credentials};
use serde_json::Value;

/// The keys of a server that are read here.
pub(crate) const ACCESS_KEYS: &[&str] = &["credentials", "headers", "params", "method"];

/// More headers or parameters than these are not read.
const MAX_PAIRS: usize = 20;
/// Longer names and values are refused.
const MAX_TEXT_BYTES: usize = 1_000;
/// What the page itself sends.
const OWN_PARAMS: &[&str] = &["query", "start", "end", "step", "time", "timeout", "match[]"];

impl Reader {
    pub(crate) fn access(&mut self, object: &Object<'_>) -> Access {
        let modes =
            [("same-origin", Credentials::SameOrigin), ("include", Credentials::Include), ("omit", Credentials::Omit)];
        Access {
            credentials: self.choice(object, "credentials", &modes).unwrap_or_default(),
            headers: self.pairs(object, "headers", header_problem),
            params: self.pairs(object, "params", param_problem),
            only_get: self.choice(object, "method", &[("GET", true), ("POST", false)]).unwrap_or_default(),
        }
    }

    /// Names with a text or a list of texts each; those that `problem` has something to say about are left out.
    fn pairs(
        &mut self,
        parent: &Object<'_>,
        key: &str,
        problem: fn(&str, &str) -> Option<&'static str>,
    ) -> Vec<(String, String)> {
        let Some(object) = self.object(parent, key) else { return Vec::new() };
        let mut pairs = Vec::new();
        for (name, value) in object.fields {
            let texts = match value {
                Value::Array(texts) => texts.as_slice(),
                one => std::slice::from_ref(one),
            };
            for text in texts {
                let path = object.path_of(&shortened(name));
                match text.as_str() {
                    None => self.problem(path, format!("must be a text, not {}", kind_name(text))),
                    Some(_) if pairs.len() == MAX_PAIRS => self.problem(path, format!("more than {MAX_PAIRS}")),
                    Some(text) => match problem(name, text) {
                        Some(what) => self.problem(path, what),
                        None => pairs.push((name.clone(), text.to_owned())),
                    },
                }
            }
        }
        pairs
    }
}

/// Headers that name a tenant are sent, nothing else: not what shows who asks, and not what a browser or a proxy sets.
fn header_problem(name: &str, value: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_custom = lower.starts_with("x-") && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
    let is_of_proxies =
        ["x-forwarded-", "x-real-", "x-webauth-", "x-http-method"].iter().any(|start| lower.starts_with(start));
    let is_plain = value.bytes().all(|c| (b' '..=b'~').contains(&c)) && value.trim() == value && !value.is_empty();
    if ["authorization", "cookie"].iter().any(|word| lower.contains(word)) || is_secret(name) {
        Some("refused: this file is public and must hold no secrets")
    } else if (!is_custom && lower != "thanos-tenant") || is_of_proxies {
        Some("is not sent: only X-… headers that name a tenant, and THANOS-TENANT, are")
    } else if !is_plain || value.len() > MAX_TEXT_BYTES {
        Some("must be a plain text in ASCII")
    } else {
        None
    }
}

fn param_problem(name: &str, value: &str) -> Option<&'static str> {
    if is_secret(name) {
        Some("refused: this file is public and must hold no secrets")
    } else if name.is_empty() || OWN_PARAMS.contains(&name) {
        Some("is what the page itself sends")
    } else if name.len() + value.len() > MAX_TEXT_BYTES {
        Some("is too long")
    } else {
        None
    }
}
