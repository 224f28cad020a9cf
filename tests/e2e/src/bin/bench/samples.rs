//! What a query costs its server: the samples that Prometheus says it has looked at.

use anyhow::{Context as _, Result};
use faultd::Entry;
use serde_json::Value;
use std::fmt::Write as _;
use tests_e2e::Client;

/// Puts the range queries among `entries` once more to the server at `url` and adds up the samples they touch.
pub fn touched(url: &str, entries: &[Entry]) -> Result<f64> {
    let port = url.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok());
    let client = Client::http(port.with_context(|| format!("{url} names no port"))?);
    let mut sum = 0.0;
    for entry in entries.iter().filter(|entry| is_query(entry)) {
        let form = format!("{}&stats=all", encoded(&entry.body));
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let reply = client.send("POST", &entry.path, &headers, &form);
        let answer: Value =
            serde_json::from_str(&joined(&reply.body)).with_context(|| format!("{form}: {}", reply.status))?;
        let samples = answer["data"]["stats"]["samples"]["totalQueryableSamples"].as_f64();
        sum += samples.with_context(|| format!("{form}: the server does not say how many samples it touched"))?;
    }
    Ok(sum)
}

/// A body without the sizes of its chunks, if it came in such.
fn joined(body: &str) -> String {
    if body.starts_with('{') {
        return body.to_owned();
    }
    let (mut text, mut rest) = (String::new(), body);
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or_default();
        let Some((chunk, after)) = after.split_at_checked(size).filter(|_| size > 0) else { break };
        text.push_str(chunk);
        rest = after.trim_start_matches("\r\n");
    }
    text
}

/// Whether it is a range query.
pub fn is_query(entry: &Entry) -> bool {
    entry.path.ends_with("/query_range")
}

/// A form that was decoded, encoded again. None of the bench's own queries has an `&` in it.
fn encoded(form: &str) -> String {
    let mut text = String::new();
    for byte in form.bytes() {
        match byte {
            b'&' => text.push('&'),
            b'=' if !text.rsplit('&').next().unwrap_or_default().contains('=') => text.push('='),
            _ if byte.is_ascii_alphanumeric() => text.push(byte.into()),
            // Writing to a string cannot fail.
            _ => _ = write!(text, "%{byte:02X}"),
        }
    }
    text
}
