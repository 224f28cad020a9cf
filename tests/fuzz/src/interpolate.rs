//! Variables in texts. The first line is a value, the rest the text.

use dashboard::interpolate::{Scope, Value, references};
use dashboard::link::SafeUrl;

/// Checks one input.
///
/// # Panics
/// Something does not hold.
pub fn check(body: &[u8]) {
    let input = String::from_utf8_lossy(body);
    let (value, text) = input.split_once('\n').unwrap_or((&input, ""));
    for name in references(text) {
        assert!(text.contains(name), "a reference stands in the text");
    }
    let empty = Scope::default();
    if references(text).next().is_none() {
        assert_eq!(empty.text(text), text, "a text without variables stays as it is");
    }
    let mut scope = Scope::default();
    scope.set("x", Value::One(value.to_owned()));
    scope.set("many", Value::Many(value.split(',').map(str::to_owned).collect()));
    for filled in [scope.text(text), scope.promql(text), scope.interpolate(text, "regex")] {
        let _ = promql::parse(&filled);
        let link = SafeUrl::parse(&filled);
        let is_script = |url: &SafeUrl| url.as_str().to_ascii_lowercase().starts_with("javascript:");
        assert!(!link.as_ref().is_some_and(is_script), "{filled:?} becomes a script");
    }
}
