//! Regular expressions as Grafana's options write them.

use format::pattern;
use regex_lite::Regex;

mod javascript;

/// What compiles the regular expressions of a dashboard.
///
/// A function's address rather than a call, so that the engine is only part of a program that asks for [`Patterns::ALL`].
#[derive(Clone, Copy, Debug)]
pub struct Patterns(fn(&str) -> Result<pattern::Pattern, String>);

impl Patterns {
    /// All that are valid.
    pub const ALL: Self = Self(compile);
    /// None. For dashboards that have none: see [`Document::has_patterns`](crate::import::Document::has_patterns).
    pub const NONE: Self = Self(refuse);

    /// Reads a pattern between slashes with flags behind it, or one that must match the whole text.
    ///
    /// # Errors
    /// A sentence that says why it cannot be used.
    pub(crate) fn read(self, text: &str) -> Result<pattern::Pattern, String> {
        (self.0)(text)
    }
}

impl Default for Patterns {
    fn default() -> Self {
        Self::NONE
    }
}

fn compile(text: &str) -> Result<pattern::Pattern, String> {
    pattern::Pattern::compile(&source(text)?).map_err(|error| unusable(text, &error))
}

fn refuse(text: &str) -> Result<pattern::Pattern, String> {
    Err(unusable(text, "patterns are not read here"))
}

pub(crate) fn unusable(text: &str, why: &str) -> String {
    format!("the pattern {} cannot be used: {why}", crate::prefix(text, 60))
}

/// What stands between the slashes of a text that begins with one, and the flags behind them.
fn between_slashes(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('/')?.rsplit_once('/')
}

/// The expression as the engine wants it.
///
/// # Errors
/// It begins with a slash, and nothing closes it.
pub(crate) fn source(text: &str) -> Result<String, String> {
    match between_slashes(text) {
        Some((source, flags)) if flags.contains('i') => Ok(format!("(?i){}", javascript::for_engine(source))),
        Some((source, _)) => Ok(javascript::for_engine(source)),
        None if text.starts_with('/') => Err(unusable(text, "it begins with a slash and does not end with one")),
        None => Ok(javascript::for_engine(&format!("^{text}$"))),
    }
}

/// Whether every match counts of what a text says, not the first only.
pub(crate) fn is_global(text: &str) -> bool {
    between_slashes(text).is_some_and(|(_, flags)| flags.contains('g'))
}

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
        match Regex::new(&source(text)?) {
            Ok(regex) => Ok(Self { regex, global: is_global(text) }),
            Err(error) => Err(unusable(text, &error.to_string())),
        }
    }
}
