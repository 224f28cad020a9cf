//! Regular expressions as Grafana's options write them.

use regex_lite::Regex;

/// A pattern between slashes with flags behind it, or one that must match the whole text.
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    /// Every match counts, not the first only.
    pub(crate) global: bool,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used: it is not valid, or needs what a linear-time engine cannot do, such as
    /// looking around.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (source, flags) = match text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/')) {
            Some((source, flags)) => (source.to_owned(), flags),
            None => (format!("^{text}$"), ""),
        };
        let source = if flags.contains('i') { format!("(?i){source}") } else { source };
        match Regex::new(&source) {
            Ok(regex) => Ok(Self { regex, global: flags.contains('g') }),
            Err(error) => Err(format!("the pattern {} cannot be used: {error}", crate::prefix(text, 60))),
        }
    }
}
