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

/// `^(?!not).*$`: what does not begin so. The only way to look around that variables are seen to need, and one that takes
/// linear time.
struct Unless {
    source: String,
    not: Regex,
    regex: Regex,
}

impl Unless {
    fn parse(source: &str) -> Option<Self> {
        let (flags, anchored) = source.strip_prefix("(?i)").map_or(("", source), |rest| ("(?i)", rest));
        let behind = anchored.strip_prefix("^(?!")?;
        let (not, rest) = behind.split_at(closing(behind)?);
        let rest = rest.strip_prefix(')')?;
        // Of several alternatives only the first would be bound to the start.
        if closing(&format!("{rest})")) != Some(rest.len()) || has_alternatives(rest) {
            return None;
        }
        let compile = |pattern: String| Regex::new(&pattern).ok();
        Some(Self {
            source: source.to_owned(),
            not: compile(format!("{flags}^(?:{not})"))?,
            regex: compile(format!("{flags}^{rest}"))?,
        })
    }
}

/// The letters of a pattern that are no literals, each with its place and how many groups are open there.
fn operators(pattern: &str) -> impl Iterator<Item = (usize, char, i32)> + '_ {
    let (mut depth, mut in_class, mut escaped) = (0, false, false);
    pattern.char_indices().filter_map(move |(at, letter)| {
        if std::mem::take(&mut escaped) {
            return None;
        }
        match letter {
            '\\' => escaped = true,
            ']' => in_class = false,
            _ if in_class => return None,
            '[' => in_class = true,
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        Some((at, letter, depth))
    })
}

/// Where the group ends that `pattern` begins in.
fn closing(pattern: &str) -> Option<usize> {
    operators(pattern).find(|(_, letter, depth)| *letter == ')' && *depth < 0).map(|(at, ..)| at)
}

fn has_alternatives(pattern: &str) -> bool {
    operators(pattern).any(|(_, letter, depth)| letter == '|' && depth == 0)
}

impl Engine for Unless {
    fn source(&self) -> &str {
        &self.source
    }

    fn is_match(&self, text: &str) -> bool {
        !self.not.is_match(text) && self.regex.is_match(text)
    }

    fn matches(&self, text: &str, most: usize) -> Vec<Groups> {
        if self.not.is_match(text) { Vec::new() } else { Engine::matches(&self.regex, text, most) }
    }

    fn group_names(&self) -> Vec<Option<String>> {
        Engine::group_names(&self.regex)
    }
}

impl Pattern {
    /// Compiles a regular expression.
    ///
    /// # Errors
    /// Why it cannot be used: it is not valid, or needs what a linear-time engine cannot do, such as looking around, other
    /// than at the start for what must not be there.
    pub fn compile(source: &str) -> Result<Self, String> {
        match Regex::new(source) {
            Ok(regex) => Ok(Self(Arc::new(regex))),
            Err(error) => match Unless::parse(source) {
                Some(unless) => Ok(Self(Arc::new(unless))),
                None => Err(error.to_string()),
            },
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

    #[test]
    fn what_must_not_be_at_the_start() {
        let check = |source: &str, text: &str, expected: Option<bool>| {
            assert_eq!(
                Pattern::compile(source).ok().map(|pattern| pattern.is_match(text)),
                expected,
                "{source} {text}"
            );
        };
        check("^(?!web|db).*$", "web-1", Some(false));
        check("^(?!web|db).*$", "cache", Some(true));
        check("^(?!.*lo$)(a|b).*$", "a-lo", Some(false));
        check("^(?!.*lo$)(a|b).*$", "b-x", Some(true));
        check(r"^(?!a[)]|\)b(c)).+$", "a)", Some(false));
        check(r"^(?!a[)]|\)b(c)).+$", ")bc", Some(false));
        check(r"^(?!a[)]|\)b(c)).+$", ")b", Some(true));
        check("(?i)^(?!web).*$", "Web", Some(false));
        check("^(?!a)b|c$", "c", None);
        check("^(?!a", "c", None);
        check("^(?!a)b)", "c", None);
        check("^a(?!b)", "c", None);
        let pattern = Pattern::compile("^(?!x)(?<key>[a-z])").unwrap();
        assert_eq!(pattern.matches("ab", 9), [[Some(0..1), Some(0..1)]]);
        assert_eq!(pattern.group_names(), [None, Some("key".to_owned())]);
        assert_eq!(pattern.to_string(), "^(?!x)(?<key>[a-z])");
    }
}
