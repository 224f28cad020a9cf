//! Links that are safe to follow, and texts that are safe to show as such.

pub use crate::variable_format::percent_encode;

use std::fmt;

/// A URL that was checked: http, https, mailto, or relative to the page. The only thing a link is ever made of.
///
/// ```
/// use dashboard::link::SafeUrl;
/// assert!(SafeUrl::parse("https://example.org/a?b#c").is_some());
/// assert!(SafeUrl::parse("java\tscript:alert(1)").is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeUrl {
    href: String,
    external: bool,
}

/// Longer URLs are not followed.
const MAX_LENGTH: usize = 8_000;

impl SafeUrl {
    /// Checks a URL. Variables in it must be filled in before: a value could bring a scheme of its own.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c == ' ' || c.is_control());
        // Browsers drop line ends and tabs inside a URL, so what stands around them would join to something else.
        let is_strange = |c: char| c.is_control() || c.is_whitespace() || is_bidi_control(c);
        if text.is_empty() || text.len() > MAX_LENGTH || text.chars().any(is_strange) {
            return None;
        }
        // To a browser a backslash is a slash.
        let path_end = text.find(['?', '#']).unwrap_or(text.len());
        let (path, rest) = text.split_at(path_end);
        let href = format!("{}{rest}", path.replace('\\', "/"));
        let external = match scheme(&href) {
            Some(scheme) if scheme.eq_ignore_ascii_case("mailto") => true,
            Some(scheme) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => {
                has_plain_host(href.get(scheme.len() + 1..)?)?;
                true
            }
            Some(_) => return None,
            None if href.starts_with("//") => {
                has_plain_host(&href)?;
                true
            }
            None => false,
        };
        Some(Self { href, external })
    }

    /// The URL, for an `href` attribute.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.href
    }

    /// Whether it leads to another place than this page's, so that it is marked and opened without an opener.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.external
    }
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.href)
    }
}

/// What stands before the first colon, if that is where a browser sees a scheme.
fn scheme(url: &str) -> Option<&str> {
    let (before, _) = url.split_once(':')?;
    (!before.contains(['/', '?', '#'])).then_some(before)
}

/// After the scheme: two slashes and a host without credentials, which could make one host look like another.
fn has_plain_host(rest: &str) -> Option<()> {
    let authority = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
    (!authority.is_empty() && !authority.contains('@')).then_some(())
}

/// A title as it stood in Grafana's addresses before dashboards had uids.
#[must_use]
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.chars().map(format::letters::lower) {
        if letter.is_alphanumeric() {
            slug.push(letter);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Whether a character changes the direction of the text after it.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::SafeUrl;

    #[test]
    fn only_harmless_urls_pass() {
        let check = |text: &str, expected: Option<(&str, bool)>| {
            let url = SafeUrl::parse(text);
            assert_eq!(url.as_ref().map(|url| (url.as_str(), url.is_external())), expected, "{text:?}");
        };
        check("https://a.b/c", Some(("https://a.b/c", true)));
        check(" HTTP://a ", Some(("HTTP://a", true)));
        check("mailto:a@b.c", Some(("mailto:a@b.c", true)));
        check("#/d/fleet?from=now-1h", Some(("#/d/fleet?from=now-1h", false)));
        check("../a:b", Some(("../a:b", false)));
        check("?x=javascript:y", Some(("?x=javascript:y", false)));
        check("//evil", Some(("//evil", true)));
        check("/\\evil", Some(("//evil", true)));
        check("\\\\evil", Some(("//evil", true)));
        check("a?b=\\", Some(("a?b=\\", false)));
        for hostile in [
            "",
            " ",
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "java\tscript:x",
            "\u{1}javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "blob:x",
            "file:///etc",
            "/\t/evil",
            "http:",
            "http:x",
            "https://",
            "https://user@host/",
            "https:\\\\user:p@host",
            "https://a\u{202e}b",
        ] {
            check(hostile, None);
        }
    }
}
