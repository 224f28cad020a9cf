//! The headers every answer carries.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The page runs its own script and Wasm, talks to its own origin, and may be framed by it; nothing else.
const PAGE_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
    frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Should someone open an API answer as a page, it can do nothing, whatever a server put into it.
const API_CSP: &str = "default-src 'none'; sandbox";

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Headers of an API answer.
pub fn set_api(headers: &mut HeaderMap) {
    set_common(headers, API_CSP);
}

/// Headers of a file, which the page asked for as `path`, or of the message that there is `none` such. (No
/// Strict-Transport-Security: over plain http browsers ignore it.)
pub fn set_page(headers: &mut HeaderMap, path: &str, none: bool) {
    set_common(headers, PAGE_CSP);
    let cache = if none { "no-cache" } else { cache_control(path) };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
}

fn set_common(headers: &mut HeaderMap, csp: &'static str) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(csp));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static("camera=(), microphone=(), geolocation=()"));
}

/// A file whose name, or whose folder's name, holds a hash of its content never changes; any other is asked about each
/// time.
fn cache_control(path: &str) -> &'static str {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    if has_hash(file) || folders.split('/').any(is_hash) { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// Whether a folder is named by a hash, as in `snippets/8fc96b102a4c1c3a/`.
fn is_hash(folder: &str) -> bool {
    folder.len() == 16 && folder.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Whether a part of the file's name looks like Trunk's hash, as in `app-5f3a9c0d1e2b4a67_bg.bin`.
fn has_hash(file: &str) -> bool {
    file.split(['-', '_', '.']).skip(1).any(|part| {
        part.len() >= 8
            && part.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_files_are_immutable() {
        for (path, immutable) in [
            ("/", false),
            ("/index.html", false),
            ("/config.json", false),
            ("/boot.js", false),
            ("/dashboards/fleet-overview.json", false),
            ("/pyrograph-5f3a9c0d1e2b4a67_bg.bin", true),
            ("/pyrograph-5f3a9c0d1e2b4a67.js", true),
            ("/styles/app-0123456789abcdef.css", true),
            ("/snippets/8fc96b102a4c1c3a/parts.js", true),
            ("/snippets/parts.js", false),
            ("/deadbeefdeadbeef.js", false),
            ("/facade-defaced.css", false),
        ] {
            assert_eq!(cache_control(path).contains("immutable"), immutable, "{path}");
        }
    }
}
