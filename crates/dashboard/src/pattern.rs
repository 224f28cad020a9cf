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
    let (source, _) = source(text)?;
    pattern::Pattern::compile(&source).map_err(|error| unusable(text, &error))
}

fn refuse(text: &str) -> Result<pattern::Pattern, String> {
    Err(unusable(text, "patterns are not read here"))
}

pub(crate) fn unusable(text: &str, why: &str) -> String {
    format!("the pattern {} cannot be used: {why}", crate::prefix(text, 60))
}

/// The expression as the engine wants it, and whether every match counts.
///
/// # Errors
/// It begins with a slash, and nothing closes it.
pub(crate) fn source(text: &str) -> Result<(String, bool), String> {
    let (source, flags) = match text.strip_prefix('/').map(|rest| rest.rsplit_once('/')) {
        Some(Some((source, flags))) => (javascript::for_engine(source), flags),
        Some(None) => return Err(unusable(text, "it begins with a slash and does not end with one")),
        None => (javascript::for_engine(&format!("^{text}$")), ""),
    };
    let source = if flags.contains('i') { format!("(?i){source}") } else { source };
    Ok((source, flags.contains('g')))
}

/// Whether every match counts of what a text says, not the first only.
pub(crate) fn is_global(text: &str) -> bool {
    source(text).is_ok_and(|(_, is_global)| is_global)
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
        let (source, global) = source(text)?;
        match Regex::new(&source) {
            Ok(regex) => Ok(Self { regex, global }),
            Err(error) => Err(unusable(text, &error.to_string())),
        }
    }
}
