//! Which URLs a configuration may hold.

/// A URL that may be asked: relative to the page, or http(s) with a host and no credentials.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn check_url(url: &str) -> Result<(), &'static str> {
    if url.is_empty() {
        return Err("must not be empty");
    }
    // Browsers drop tabs and line ends inside a URL, so that "java\tscript:" becomes a scheme.
    if url.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("must not contain spaces or control characters");
    }
    if url.contains('\\') {
        return Err("must use slashes, not backslashes");
    }
    if url.contains(['?', '#']) {
        return Err("must not contain ? or #");
    }
    let lower = url.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://")) {
        let host = rest.split('/').next().unwrap_or_default();
        return match host {
            "" => Err("needs a host name"),
            _ if host.contains('@') => Err("must not contain credentials: this file is public"),
            _ => Ok(()),
        };
    }
    if url.starts_with("//") {
        return Err("must name its scheme, http or https");
    }
    let first_segment = url.split('/').next().unwrap_or_default();
    if first_segment.contains(':') {
        return Err("must be relative, or start with http:// or https://");
    }
    Ok(())
}

/// A URL that may be followed: as [`check_url`], with any parameters.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn check_link(url: &str) -> Result<(), &'static str> {
    match url.find(['?', '#']) {
        Some(0) => Err("must not be parameters alone"),
        Some(end) => check_url(url.get(..end).unwrap_or_default()),
        None => check_url(url),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_link, check_url};

    #[test]
    fn links_may_have_parameters() {
        for url in ["https://traces/t/${__value.raw}?a=b#c", "/jaeger/trace/${__value.raw}", "../t?id=${__value.raw}"] {
            assert_eq!(check_link(url), Ok(()), "{url}");
        }
        for url in ["", "?a=b", "#a", "javascript:alert(1)//?a", "https://u:p@h/?a", "//h?a", "a b?c"] {
            assert!(check_link(url).is_err(), "{url}");
        }
    }

    #[test]
    fn only_relative_and_http_urls_pass() {
        for url in ["prometheus", "../api", "/", "/a/b", ".", "http://h", "https://h:9090/p", "HTTP://h", "a/b:c"] {
            assert_eq!(check_url(url), Ok(()), "{url}");
        }
        let hostile = [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "java\tscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "//evil",
            "/\\evil",
            "\\\\evil",
            "ftp://h",
            "http://",
            "http://user:pass@h",
            "https://user@h/",
            "vbscript:x",
            "blob:x",
            "prometheus?token=x",
            "a b",
        ];
        for url in hostile {
            assert!(check_url(url).is_err(), "{url:?}");
        }
    }
}
