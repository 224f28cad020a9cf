//! Regular expressions behind a pointer.
//!
//! The engine that compiles and runs them weighs more than dates, units and colours together, and most dashboards need
//! none. What only uses a [`Pattern`] does not bring it along; what calls [`Pattern::compile`] does.

use regex_lite::Regex;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A compiled regular expression. Cheap to clone.
///
/// ```
/// let pattern = format::pattern::Pattern::compile("^web-([0-9]+)$")?;
/// assert!(pattern.is_match("web-7"));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone)]
pub struct Pattern(Arc<dyn Engine + Send + Sync>);

/// A match: where each group was found in the text, the whole match first.
pub type Groups = Vec<Option<Range<usize>>>;

trait Engine {
    fn source(&self) -> &str;
    fn is_match(&self, text: &str) -> bool;
    fn matches(&self, text: &str, most: usize) -> Vec<Groups>;
    fn group_names(&self) -> Vec<Option<String>>;
}

impl Engine for Regex {
    fn source(&self) -> &str {
        self.as_str()
    }

    fn is_match(&self, text: &str) -> bool {
        Regex::is_match(self, text)
    }

    fn matches(&self, text: &str, most: usize) -> Vec<Groups> {
        let groups = |found: regex_lite::Captures<'_>| found.iter().map(|group| Some(group?.range())).collect();
        self.captures_iter(text).take(most).map(groups).collect()
    }

    fn group_names(&self) -> Vec<Option<String>> {
        self.capture_names().map(|name| name.map(str::to_owned)).collect()
    }
}

impl Pattern {
    /// Compiles a regular expression.
    ///
    /// # Errors
    /// Why it cannot be used: it is not valid, or needs what a linear-time engine cannot do, such as looking around.
    pub fn compile(source: &str) -> Result<Self, String> {
        match Regex::new(source) {
            Ok(regex) => Ok(Self(Arc::new(regex))),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Whether it matches somewhere in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// The first matches in `text`, at most so many.
    #[must_use]
    pub fn matches(&self, text: &str, most: usize) -> Vec<Groups> {
        self.0.matches(text, most)
    }

    /// The names of the groups that have one; the first group is the whole match.
    #[must_use]
    pub fn group_names(&self) -> Vec<Option<String>> {
        self.0.group_names()
    }
}

/// As it was written.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.source())
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Regex").field(&self.0.source()).finish()
    }
}

/// What a group of a match found in `text`; nothing where it was not part of the match.
#[must_use]
pub fn group<'t>(text: &'t str, groups: &Groups, number: usize) -> &'t str {
    groups.get(number).cloned().flatten().and_then(|range| text.get(range)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_every_match_are_found() {
        let pattern = Pattern::compile("(?<key>[a-z])=([0-9])?").unwrap();
        let text = "a=1, b=, c=3";
        let found: Vec<_> =
            pattern.matches(text, 2).iter().map(|groups| [0, 1, 2].map(|number| group(text, groups, number))).collect();
        assert_eq!(found, [["a=1", "a", "1"], ["b=", "b", ""]]);
        assert_eq!(pattern.group_names(), [None, Some("key".to_owned()), None]);
        assert_eq!(pattern.to_string(), "(?<key>[a-z])=([0-9])?");
        assert!(Pattern::compile("(").is_err());
    }
}
