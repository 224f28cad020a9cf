//! The one outcome of a request: what the server's status, its content type and the decoder have to say together.

use crate::{ApiError, DecodeError, parse_http_date};
use borsh::{BorshDeserialize, BorshSerialize};
use frame::Millis;
use std::fmt;

/// Everything that can go wrong with one request, as the user is told: `Display` gives the sentence,
/// [`advice`](Self::advice) the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// No answer at all: refused, reset, offline, not allowed by CORS. Browsers do not say which.
    Unreachable {
        /// What the browser or the operating system says.
        detail: String,
    },
    /// The time allowed passed before the answer was complete.
    TimedOut {
        /// How long was waited.
        after_secs: u32,
    },
    /// An HTTP status that says no, without an error from the API in the body.
    Status {
        /// The status code.
        code: u16,
        /// How long the server asks to be left alone, at most [`ResponseHead::MAX_RETRY_AFTER_SECS`].
        retry_after_secs: Option<u32>,
        /// The first line of a plain text body, may be empty.
        snippet: String,
    },
    /// A login page, or a status that asks for one.
    SignIn {
        /// The status code; login pages often come with 200.
        code: u16,
    },
    /// The server sends the browser to another one, as it does to have the user sign in, and that one does not let this page
    /// in.
    SentElsewhere,
    /// An answer that is not Prometheus'.
    NotPrometheus {
        /// What the answer says it is.
        content_type: String,
    },
    /// An answer that looked right and could not be read.
    Decode(DecodeError),
    /// The server understood the request and reports an error.
    Api {
        /// The HTTP status code it came with.
        code: u16,
        /// Its words.
        error: ApiError,
        /// As for [`Status`](Self::Status).
        retry_after_secs: Option<u32>,
    },
    /// Nobody wants the answer any more.
    Aborted,
}

/// What sort of trouble a [`FetchError`] is, to choose an icon, a colour or a place to show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, BorshSerialize, BorshDeserialize)]
pub enum ErrorKind {
    /// The server cannot be reached.
    Unreachable,
    /// The query takes too long, here or on the server.
    TimedOut,
    /// The server asks for fewer requests.
    Throttled,
    /// The server, or a proxy before it, is in trouble or starting up.
    Server,
    /// The user has to sign in.
    SignIn,
    /// The server refuses this request.
    Refused,
    /// Whatever answers is no Prometheus.
    NotPrometheus,
    /// The query is wrong, or too big to evaluate.
    Query,
    /// The answer is broken.
    Broken,
    /// Nobody waits for it.
    Aborted,
}

impl FetchError {
    /// What sort of trouble it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Unreachable { .. } => ErrorKind::Unreachable,
            Self::TimedOut { .. } => ErrorKind::TimedOut,
            Self::Status { code, .. } => match code {
                408 => ErrorKind::TimedOut,
                429 => ErrorKind::Throttled,
                400..500 => ErrorKind::Refused,
                _ => ErrorKind::Server,
            },
            Self::SignIn { .. } | Self::SentElsewhere => ErrorKind::SignIn,
            Self::NotPrometheus { .. } => ErrorKind::NotPrometheus,
            Self::Decode(_) => ErrorKind::Broken,
            Self::Api { code, error, .. } => match (error.kind.as_str(), code) {
                ("timeout", _) => ErrorKind::TimedOut,
                (_, 429) => ErrorKind::Throttled,
                ("unavailable" | "internal" | "canceled", _) | (_, 500..) => ErrorKind::Server,
                ("not_found", _) | (_, 403 | 404) => ErrorKind::Refused,
                _ => ErrorKind::Query,
            },
            Self::Aborted => ErrorKind::Aborted,
        }
    }

    /// Whether the same request may succeed a little later. Never for what the request or the user has to change:
    /// 400, 401, 403, 422, and a query the server gave up on for its length.
    #[must_use]
    pub fn retryable(&self) -> bool {
        match self {
            Self::Decode(error) => matches!(error, DecodeError::Truncated { .. }),
            Self::Api { .. } => matches!(self.kind(), ErrorKind::Throttled | ErrorKind::Server),
            _ => matches!(
                self.kind(),
                ErrorKind::Unreachable | ErrorKind::TimedOut | ErrorKind::Throttled | ErrorKind::Server
            ),
        }
    }

    /// Whether no other request would do better now: the server is out of reach, starting up, or asks for fewer of them.
    /// Not for a server that gave up on one query, or complains about it.
    #[must_use]
    pub fn is_of_all_requests(&self) -> bool {
        match self {
            Self::Status { code, .. } => matches!(code, 429 | 502 | 503 | 504),
            Self::Api { error, .. } => self.kind() == ErrorKind::Throttled || error.kind == "unavailable",
            _ => matches!(self, Self::Unreachable { .. } | Self::SignIn { .. } | Self::SentElsewhere),
        }
    }

    /// How long the server asks to be left alone, if it does.
    #[must_use]
    pub fn retry_after_secs(&self) -> Option<u32> {
        match self {
            Self::Status { retry_after_secs, .. } | Self::Api { retry_after_secs, .. } => *retry_after_secs,
            _ => None,
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        if let Self::Decode(DecodeError::OutOfMemory) = self {
            return "Narrow the query or shorten the time range, then reload the page.";
        }
        match self.kind() {
            ErrorKind::Unreachable => {
                "Check that the server runs and that this page may reach it: same origin, or allowed by its CORS setting."
            }
            ErrorKind::TimedOut => "Shorten the time range, enlarge the step, or narrow the query.",
            ErrorKind::Throttled => "Refresh less often, or show fewer panels; it is tried again by itself.",
            ErrorKind::Server => "Look at the server's log if this goes on; it is tried again by itself.",
            ErrorKind::SignIn => "Sign in, then reload the page.",
            ErrorKind::Refused => "Check the data source's URL, and what the proxy before it allows.",
            ErrorKind::NotPrometheus => {
                "Check the data source's URL: it must lead to a Prometheus API. Perhaps you have to sign in first."
            }
            ErrorKind::Query => "Correct the query.",
            ErrorKind::Broken => "Try again; if it stays so, look at the proxies between this page and the server.",
            ErrorKind::Aborted => "Refresh to ask again.",
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { detail } if detail.is_empty() => f.write_str("The server cannot be reached."),
            Self::Unreachable { detail } => write!(f, "The server cannot be reached: {detail}"),
            Self::TimedOut { after_secs } => write!(f, "The server gave no complete answer within {after_secs} s."),
            Self::Status { code, snippet, retry_after_secs } => {
                write!(f, "The server answered {code}{}", reason(*code))?;
                if let Some(secs) = retry_after_secs {
                    write!(f, " and asks to be left alone for {secs} s")?;
                }
                if snippet.is_empty() { f.write_str(".") } else { write!(f, ": {snippet}") }
            }
            Self::SignIn { code } => {
                write!(f, "The server wants you to sign in (it answered {code}{}).", reason(*code))
            }
            Self::SentElsewhere => {
                f.write_str("The server sends this page elsewhere, most likely to sign in, and may not be followed.")
            }
            Self::NotPrometheus { content_type } if content_type.is_empty() => {
                f.write_str("What answered is not Prometheus: it sent something else than JSON.")
            }
            Self::NotPrometheus { content_type } => {
                write!(f, "What answered is not Prometheus: it sent {content_type}.")
            }
            Self::Decode(error) => write!(f, "The server's answer cannot be read: {error}."),
            Self::Api { error, .. } => write!(f, "The server reports an error: {error}"),
            Self::Aborted => f.write_str("The request was given up, as nobody waits for it."),
        }
    }
}

impl std::error::Error for FetchError {}

/// The part of an HTTP response that [`judge`] looks at.
#[derive(Clone, Copy, Debug, Default)]
pub struct ResponseHead<'a> {
    /// The HTTP status code.
    pub status: u16,
    /// The `Content-Type` header, empty where there is none.
    pub content_type: &'a str,
    /// The `Retry-After` header.
    pub retry_after: Option<&'a str>,
    /// The `Date` header: what the server's clock shows.
    pub date: Option<Millis>,
    /// The first bytes of the body; of a page some thousands, or a field for a password is not seen.
    pub body_start: &'a [u8],
    /// Whether another address answered than the one that was asked.
    pub redirected: bool,
}

impl ResponseHead<'_> {
    /// The longest `Retry-After` that is believed.
    pub const MAX_RETRY_AFTER_SECS: u32 = 300;

    /// As it says, or from its `Date` to the one that it names: both are of its own clock.
    fn retry_after_secs(&self) -> Option<u32> {
        let text = self.retry_after?.trim();
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let secs = match is_number {
            // More digits than fit are still a number, only a big one.
            true => text.parse().unwrap_or(u32::MAX),
            false => u32::try_from(parse_http_date(text)?.since(self.date?).max(0) / 1_000).unwrap_or(u32::MAX),
        };
        Some(secs.min(Self::MAX_RETRY_AFTER_SECS))
    }

    fn is_html(&self) -> bool {
        let sent_as = self.content_type.trim_start().to_ascii_lowercase();
        sent_as.starts_with("text/html")
            || sent_as.starts_with("application/xhtml")
            || self.body_start.trim_ascii_start().starts_with(b"<")
    }

    fn looks_like_login(&self) -> bool {
        /// Further on any page may have such words.
        const TITLE_BYTES: usize = 512;
        const WORDS: [&str; 6] = ["password", "login", "log in", "signin", "sign in", "oauth"];
        const FIELDS: [&str; 3] = ["type=\"password\"", "type='password'", "type=password"];
        let page = self.body_start.to_ascii_lowercase();
        let has = |part: &[u8], words: &[&str]| {
            let part = String::from_utf8_lossy(part);
            words.iter().any(|word| part.contains(word))
        };
        has(page.get(..TITLE_BYTES).unwrap_or(&page), &WORDS) || has(&page, &FIELDS)
    }

    /// The first line of a text body, without what is invisible; nothing of HTML.
    fn snippet(&self) -> String {
        const MAX_CHARS: usize = 200;
        if self.is_html() {
            return String::new();
        }
        let text = String::from_utf8_lossy(self.body_start);
        let line = text.trim().lines().next().unwrap_or_default();
        line.chars().filter(|c| !c.is_control()).take(MAX_CHARS).collect()
    }

    fn media_type(&self) -> String {
        let essence = self.content_type.split(';').next().unwrap_or_default().trim();
        essence.chars().filter(|c| !c.is_control()).take(100).collect()
    }
}

/// Whether a POST with this answer is worth a GET: the server, or a proxy before it, takes none, or `redirected` it, on which
/// way browsers make it a GET without parameters.
#[must_use]
pub fn refuses_post(status: u16, redirected: bool) -> bool {
    matches!(status, 405 | 501) || (redirected && matches!(status, 400 | 404))
}

/// Makes one outcome of a response's head and of what decoding its body gave.
///
/// # Errors
///
/// The error in the body counts before the status, and the status before everything else.
pub fn judge<T>(head: &ResponseHead<'_>, decoded: Result<T, DecodeError>) -> Result<T, FetchError> {
    let code = head.status;
    let is_success = (200..300).contains(&code);
    match decoded {
        _ if matches!(code, 401 | 407 | 300..=399) => Err(FetchError::SignIn { code }),
        Err(DecodeError::Api(error)) => Err(FetchError::Api { code, error, retry_after_secs: head.retry_after_secs() }),
        _ if !is_success => {
            Err(FetchError::Status { code, retry_after_secs: head.retry_after_secs(), snippet: head.snippet() })
        }
        Ok(answer) => Ok(answer),
        // Proxies that want a login send their page in the place of data, with status 200.
        Err(_) if head.is_html() && (head.redirected || head.looks_like_login()) => Err(FetchError::SignIn { code }),
        Err(_) if head.is_html() => Err(FetchError::NotPrometheus { content_type: "text/html".to_owned() }),
        Err(DecodeError::NotJson { .. }) => Err(FetchError::NotPrometheus { content_type: head.media_type() }),
        Err(error) => Err(FetchError::Decode(error)),
    }
}

/// The standard's words for the codes one meets, with a space before them.
fn reason(code: u16) -> &'static str {
    match code {
        200 => " OK",
        301 => " Moved Permanently",
        302 => " Found",
        400 => " Bad Request",
        401 => " Unauthorized",
        403 => " Forbidden",
        404 => " Not Found",
        405 => " Method Not Allowed",
        408 => " Request Timeout",
        413 => " Content Too Large",
        414 => " URI Too Long",
        422 => " Unprocessable Content",
        429 => " Too Many Requests",
        500 => " Internal Server Error",
        502 => " Bad Gateway",
        503 => " Service Unavailable",
        504 => " Gateway Timeout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head<'a>(status: u16, content_type: &'a str, body: &'a str) -> ResponseHead<'a> {
        ResponseHead { status, content_type, body_start: body.as_bytes(), ..ResponseHead::default() }
    }

    fn api(kind: &str, message: &str) -> DecodeError {
        DecodeError::Api(ApiError { kind: kind.to_owned(), message: message.to_owned() })
    }

    const JSON: &str = "application/json";
    const NOT_JSON: DecodeError = DecodeError::NotJson { offset: 0 };

    /// What the user is told, of which kind it is, and whether it is tried again.
    fn check(head: &ResponseHead<'_>, decoded: DecodeError, kind: ErrorKind, retryable: bool, text: &str) {
        let error = judge::<()>(head, Err(decoded)).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.kind(), error.retryable()), (text, kind, retryable));
        assert!(error.advice().ends_with('.'));
    }

    #[test]
    fn answers_pass() {
        assert_eq!(judge(&head(200, JSON, "{}"), Ok(1)), Ok(1));
        assert!(judge(&head(500, JSON, "{}"), Ok(1)).is_err());
    }

    #[test]
    fn errors_of_the_api_keep_their_words() {
        use ErrorKind::{Query, Refused, Server, Throttled, TimedOut};
        for (status, kind, expected, retryable) in [
            (400, "bad_data", Query, false),
            (422, "execution", Query, false),
            (422, "422", Query, false),
            (503, "timeout", TimedOut, false),
            (499, "canceled", Server, true),
            (500, "internal", Server, true),
            (500, "unavailable", Server, true),
            (404, "not_found", Refused, false),
            (429, "too_many_requests", Throttled, true),
            (200, "bad_data", Query, false),
        ] {
            let text = format!("The server reports an error: {kind}: it says <why>");
            check(&head(status, JSON, "{"), api(kind, "it says <why>"), expected, retryable, &text);
        }
    }

    #[test]
    fn statuses_without_words_from_the_api() {
        use ErrorKind::{Refused, Server, SignIn, Throttled};
        for (status, kind, retryable, body, text) in [
            (
                503,
                Server,
                true,
                "Service Unavailable\n",
                "The server answered 503 Service Unavailable: Service Unavailable",
            ),
            (502, Server, true, "<html><h1>502</h1>", "The server answered 502 Bad Gateway."),
            (429, Throttled, true, "", "The server answered 429 Too Many Requests."),
            (404, Refused, false, "404 page not found\nx", "The server answered 404 Not Found: 404 page not found"),
            (403, Refused, false, "\u{1b}[1mno\u{7}", "The server answered 403 Forbidden: [1mno"),
            (418, Refused, false, "", "The server answered 418."),
            (401, SignIn, false, "{}", "The server wants you to sign in (it answered 401 Unauthorized)."),
            (302, SignIn, false, "", "The server wants you to sign in (it answered 302 Found)."),
        ] {
            check(&head(status, "text/plain", body), NOT_JSON, kind, retryable, text);
        }
    }

    #[test]
    fn a_401_wants_a_sign_in_even_in_the_words_of_the_api() {
        let text = "The server wants you to sign in (it answered 401 Unauthorized).";
        check(&head(401, JSON, "{"), api("unauthorized", "no"), ErrorKind::SignIn, false, text);
    }

    #[test]
    fn pages_in_the_place_of_data() {
        use ErrorKind::{NotPrometheus, SignIn};
        let long = format!("<html lang=de><title>Anmeldung</title>{}", "<link rel=stylesheet>".repeat(100));
        let field = format!("{long}<input name=kennwort TYPE='password'>");
        let words = format!("{long}You may sign in.");
        for (content_type, body, kind, text) in [
            (
                "text/html; charset=utf-8",
                "<!doctype html><form>Password",
                SignIn,
                "The server wants you to sign in (it answered 200 OK).",
            ),
            ("", "\n<html>Log in", SignIn, "The server wants you to sign in (it answered 200 OK)."),
            ("text/html", &field, SignIn, "The server wants you to sign in (it answered 200 OK)."),
            ("text/html", &words, NotPrometheus, "What answered is not Prometheus: it sent text/html."),
            ("TEXT/HTML", "<html>Welcome", NotPrometheus, "What answered is not Prometheus: it sent text/html."),
            ("text/plain; x", "hello", NotPrometheus, "What answered is not Prometheus: it sent text/plain."),
            ("", "hello", NotPrometheus, "What answered is not Prometheus: it sent something else than JSON."),
        ] {
            check(&head(200, content_type, body), NOT_JSON, kind, false, text);
        }
    }

    #[test]
    fn answers_from_elsewhere() {
        let sent_on =
            |status, content_type, body| ResponseHead { redirected: true, ..head(status, content_type, body) };
        let long_page = "<!doctype html><meta charset=utf-8>";
        let text = "The server wants you to sign in (it answered 200 OK).";
        check(&sent_on(200, "text/html", long_page), NOT_JSON, ErrorKind::SignIn, false, text);
        let text = "The server reports an error: bad_data: invalid parameter \"start\"";
        let invalid = api("bad_data", "invalid parameter \"start\"");
        check(&sent_on(400, JSON, "{"), invalid, ErrorKind::Query, false, text);
    }

    #[test]
    fn broken_answers() {
        let broken = |error, retryable, text| check(&head(200, JSON, "{"), error, ErrorKind::Broken, retryable, text);
        broken(
            DecodeError::Truncated { offset: 17 },
            true,
            "The server's answer cannot be read: the answer breaks off after 17 bytes.",
        );
        broken(
            DecodeError::Malformed { offset: 3, what: "a key is missing" },
            false,
            "The server's answer cannot be read: the answer is malformed at byte 3: a key is missing.",
        );
        broken(
            DecodeError::OutOfMemory,
            false,
            "The server's answer cannot be read: the answer does not fit into memory.",
        );
    }

    #[test]
    fn errors_without_an_answer() {
        for (error, retryable, text) in [
            (FetchError::Unreachable { detail: String::new() }, true, "The server cannot be reached."),
            (FetchError::Unreachable { detail: "offline".into() }, true, "The server cannot be reached: offline"),
            (FetchError::TimedOut { after_secs: 30 }, true, "The server gave no complete answer within 30 s."),
            (
                FetchError::SentElsewhere,
                false,
                "The server sends this page elsewhere, most likely to sign in, and may not be followed.",
            ),
            (FetchError::Aborted, false, "The request was given up, as nobody waits for it."),
        ] {
            assert_eq!((error.retryable(), error.to_string().as_str()), (retryable, text));
        }
    }

    #[test]
    fn retry_after_is_believed_within_reason() {
        for (header, expected) in [
            (None, None),
            (Some("5"), Some(5)),
            (Some(" 120 "), Some(120)),
            (Some("1000000000"), Some(300)),
            (Some("99999999999999999999"), Some(300)),
            (Some("-1"), None),
            (Some("1e9"), None),
            (Some("+5"), None),
            (Some(""), None),
            (Some("Wed, 21 Oct 2026 07:28:00 GMT"), Some(20)),
            (Some("Wed, 21 Oct 2026 07:27:00 GMT"), Some(0)),
            (Some("Thu, 22 Oct 2026 07:28:00 GMT"), Some(300)),
            (Some("Wed, 21 Oct 2026"), None),
        ] {
            let date = parse_http_date("Wed, 21 Oct 2026 07:27:40 GMT");
            let head = ResponseHead { retry_after: header, date, ..head(503, "", "") };
            assert_eq!(judge::<()>(&head, Err(NOT_JSON)).unwrap_err().retry_after_secs(), expected, "{header:?}");
            let without_date = judge::<()>(&ResponseHead { date: None, ..head }, Err(NOT_JSON)).unwrap_err();
            let is_date = header.is_some_and(|header| header.contains("GMT"));
            assert_eq!(without_date.retry_after_secs(), expected.filter(|_| !is_date), "{header:?}");
            let in_words = judge::<()>(&head, Err(api("too_many_requests", "later"))).unwrap_err();
            assert_eq!(in_words.retry_after_secs(), expected);
        }
    }

    #[test]
    fn retry_after_is_said() {
        for (body, text) in [
            ("", "The server answered 429 Too Many Requests and asks to be left alone for 30 s."),
            ("busy", "The server answered 429 Too Many Requests and asks to be left alone for 30 s: busy"),
        ] {
            let head = ResponseHead { retry_after: Some("30"), ..head(429, "text/plain", body) };
            check(&head, NOT_JSON, ErrorKind::Throttled, true, text);
        }
    }

    #[test]
    fn some_trouble_is_of_all_requests() {
        for (status, decoded, expected) in [
            (429, NOT_JSON, true),
            (429, api("too_many_requests", ""), true),
            (502, NOT_JSON, true),
            (503, NOT_JSON, true),
            (504, NOT_JSON, true),
            (401, NOT_JSON, true),
            (500, api("unavailable", "TSDB not ready"), true),
            (503, api("timeout", ""), false),
            (500, api("internal", ""), false),
            (500, NOT_JSON, false),
            (400, api("bad_data", ""), false),
            (404, NOT_JSON, false),
            (200, DecodeError::OutOfMemory, false),
        ] {
            let error = judge::<()>(&head(status, JSON, "{"), Err(decoded)).unwrap_err();
            assert_eq!(error.is_of_all_requests(), expected, "{error}");
        }
        assert!(FetchError::Unreachable { detail: String::new() }.is_of_all_requests());
        assert!(!FetchError::TimedOut { after_secs: 1 }.is_of_all_requests());
    }

    #[test]
    fn a_post_may_be_refused() {
        for (status, redirected, expected) in [
            (405, false, true),
            (501, false, true),
            (400, false, false),
            (403, false, false),
            (200, false, false),
            (400, true, true),
            (404, true, true),
            (405, true, true),
            (200, true, false),
            (503, true, false),
        ] {
            assert_eq!(refuses_post(status, redirected), expected, "{status}, redirected: {redirected}");
        }
    }
}
