//! Everything but query results: the envelope around an ordinary serde type.

use crate::{ApiError, DecodeError, Notices};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// The data of an answer, with what the server had to say about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply<T> {
    /// The data.
    pub data: T,
    /// Warnings and infos.
    pub notices: Notices,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    status: String,
    /// Kept as text: what is in it depends on the status, and only one form of it is known here.
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(default, rename = "errorType", deserialize_with = "crate::wire::null_as_default")]
    error_type: String,
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    error: String,
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    warnings: Vec<String>,
    #[serde(default, deserialize_with = "crate::wire::null_as_default")]
    infos: Vec<String>,
}

/// Decodes a whole body that is not a query's result: lists of names (`T = Vec<String>`), label sets, rules, metadata.
/// The caller bounds the body's size. Missing data counts as null.
///
/// ```
/// let reply = promapi::decode_reply::<Vec<String>>(br#"{"status":"success","data":["job","instance"]}"#);
/// assert_eq!(reply.map(|reply| reply.data), Ok(vec!["job".to_owned(), "instance".to_owned()]));
/// ```
///
/// # Errors
///
/// [`DecodeError::Api`] when the envelope reports an error, the others when the body is no such answer.
pub fn decode_reply<T: DeserializeOwned>(body: &[u8]) -> Result<Reply<T>, DecodeError> {
    let envelope: Envelope<'_> = decode_json(body)?;
    match envelope.status.as_str() {
        "success" => {}
        "error" => return Err(DecodeError::Api(ApiError { kind: envelope.error_type, message: envelope.error })),
        _ => return Err(DecodeError::Malformed { offset: 0, what: "the status is neither success nor error" }),
    }
    let data = envelope.data.map_or("null", RawValue::get);
    let data = serde_json::from_str(data).map_err(|_| DecodeError::Malformed {
        offset: offset_in(body, data),
        what: "the data has an unexpected form",
    })?;
    Ok(Reply { data, notices: Notices { warnings: envelope.warnings, infos: envelope.infos } })
}

/// Decodes JSON, with this crate's errors.
pub(crate) fn decode_json<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, DecodeError> {
    use serde_json::error::Category;

    let first = body.trim_ascii_start();
    let leading = (body.len() - first.len()) as u64;
    match first.first() {
        None => return Err(DecodeError::Truncated { offset: body.len() as u64 }),
        // No API answers with a bare number or word, and proxies' texts begin like those.
        Some(b'{' | b'[' | b'"') => {}
        Some(_) => return Err(DecodeError::NotJson { offset: leading }),
    }
    serde_json::from_slice(body).map_err(|error| {
        let offset = offset_of(body, error.line(), error.column());
        match error.classify() {
            Category::Eof | Category::Io => DecodeError::Truncated { offset: body.len() as u64 },
            Category::Syntax => DecodeError::Malformed { offset, what: "not valid JSON" },
            Category::Data => DecodeError::Malformed { offset, what: "a value of an unexpected kind" },
        }
    })
}

/// The offset of serde_json's line and column, which count from 1.
fn offset_of(body: &[u8], line: usize, column: usize) -> u64 {
    let before: usize = body.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    (before + column.saturating_sub(1)) as u64
}

/// Where `part`, a slice of `body`, begins in it.
fn offset_in(body: &[u8], part: &str) -> u64 {
    (part.as_ptr().addr()).saturating_sub(body.as_ptr().addr()).min(body.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: Result<(&[&str], &[&str]), DecodeError>) {
        let reply = decode_reply::<Vec<String>>(body.as_bytes());
        let owned = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let expected = expected.map(|(data, warnings)| Reply {
            data: owned(data),
            notices: Notices { warnings: owned(warnings), infos: Vec::new() },
        });
        assert_eq!(reply, expected, "{body}");
    }

    #[test]
    fn the_envelope_is_opened_once() {
        let malformed = |offset, what| Err(DecodeError::Malformed { offset, what });
        let api = |kind: &str, message: &str| {
            Err(DecodeError::Api(ApiError { kind: kind.to_owned(), message: message.to_owned() }))
        };
        check(r#"{"status":"success","data":["a","b"]}"#, Ok((&["a", "b"], &[])));
        check(r#" {"data":[],"warnings":["w"],"status":"success","infos":null}"#, Ok((&[], &["w"])));
        check(r#"{"status":"error","data":{"x":1},"errorType":"bad_data","error":"e"}"#, api("bad_data", "e"));
        check(r#"{"status":"error"}"#, api("", ""));
        check(r#"{"status":"success","data":{"a":1}}"#, malformed(27, "the data has an unexpected form"));
        check(r#"{"status":"fine","data":[]}"#, malformed(0, "the status is neither success nor error"));
        check("{\n\"status\":5}", malformed(11, "a value of an unexpected kind"));
        check("{\"status\":\"success\",,}", malformed(20, "not valid JSON"));
        check("", Err(DecodeError::Truncated { offset: 0 }));
        check(r#"{"status":"succ"#, Err(DecodeError::Truncated { offset: 15 }));
        check(" <html>", Err(DecodeError::NotJson { offset: 1 }));
        check("Service Unavailable", Err(DecodeError::NotJson { offset: 0 }));
    }
}
