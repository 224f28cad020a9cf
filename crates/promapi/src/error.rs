//! What can be wrong with the bytes of an answer.

use std::fmt;

/// An error the server reports in its own words: the envelope with `"status": "error"`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApiError {
    /// Prometheus' `errorType`, such as `bad_data` or `execution`; compatible servers have kinds of their own.
    pub kind: String,
    /// The server's message, a text from outside.
    pub message: String,
}

impl ApiError {
    /// Line and column (from 1) the message names: `1:5` in `invalid parameter "query": 1:5: parse error: …`.
    ///
    /// ```
    /// let error = promapi::ApiError { kind: "bad_data".into(), message: "1:5: parse error: unexpected end".into() };
    /// assert_eq!(error.position(), Some((1, 5)));
    /// ```
    #[must_use]
    pub fn position(&self) -> Option<(u32, u32)> {
        let (before, _) = self.message.split_once(": parse error")?;
        let (head, column) = before.rsplit_once(':')?;
        let line = head.rsplit([' ', ':']).next()?;
        Some((line.parse().ok()?, column.parse().ok()?))
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind.as_str(), self.message.as_str()) {
            ("", "") => f.write_str("the server reports an error without saying which"),
            ("", text) | (text, "") => f.write_str(text),
            (kind, message) => write!(f, "{kind}: {message}"),
        }
    }
}

/// Why the bytes of a body are not an answer. Offsets count from the body's first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// A proper envelope that reports an error. Servers send it with HTTP status 4xx and 5xx, proxies also with 200.
    Api(ApiError),
    /// The body does not begin like JSON: HTML, plain text, a byte order mark.
    NotJson {
        /// The first byte that does not fit.
        offset: u64,
    },
    /// JSON, or the beginning of it, that is broken or not of the form the API promises.
    Malformed {
        /// Where.
        offset: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// The body ended before the document did.
    Truncated {
        /// The body's length.
        offset: u64,
    },
    /// Brackets nested deeper than any answer has them.
    TooDeep {
        /// The bracket that was too much.
        offset: u64,
    },
    /// The answer, though within its budget, did not fit into memory.
    OutOfMemory,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Api(error) => error.fmt(f),
            Self::NotJson { offset } => write!(f, "the answer is not JSON (byte {offset})"),
            Self::Malformed { offset, what } => write!(f, "the answer is malformed at byte {offset}: {what}"),
            Self::Truncated { offset: 0 } => f.write_str("the answer is empty"),
            Self::Truncated { offset } => write!(f, "the answer breaks off after {offset} bytes"),
            Self::TooDeep { offset } => write!(f, "the answer is nested too deeply (byte {offset})"),
            Self::OutOfMemory => f.write_str("the answer does not fit into memory"),
        }
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parse_error_names_its_place() {
        for (message, expected) in [
            (r#"invalid parameter "query": 1:5: parse error: unexpected end of input"#, Some((1, 5))),
            ("3:17: parse error: bad", Some((3, 17))),
            ("parse error: bad", None),
            ("query timed out", None),
            ("a:b: parse error", None),
            ("", None),
        ] {
            let error = ApiError { kind: "bad_data".into(), message: message.into() };
            assert_eq!(error.position(), expected, "{message}");
        }
    }
}
