//! Value mappings: a text, a colour or an icon instead of a value.

use crate::number;
use crate::pattern::{Groups, Pattern, group};

/// What is shown instead of a value. What is absent stays as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The text.
    pub text: Option<String>,
    /// The colour, as [`crate::color::parse`] reads it.
    pub color: Option<String>,
    /// The path of an icon.
    pub icon: Option<String>,
}

/// A rule that says what some values are shown as.
#[derive(Clone, Debug)]
pub enum Mapping {
    /// These very values, as text.
    Values(Vec<(String, Shown)>),
    /// Numbers between two, both included; an absent end is open.
    Range {
        /// The least.
        from: Option<f64>,
        /// The greatest.
        to: Option<f64>,
        /// What they are shown as.
        shown: Shown,
    },
    /// Values that are no ordinary numbers.
    Special {
        /// Which.
        what: Special,
        /// What they are shown as.
        shown: Shown,
    },
    /// Texts that a pattern matches, of which the match is replaced; `$1` stands for its first group.
    Pattern {
        /// The pattern.
        pattern: Pattern,
        /// Every match is replaced, not the first only.
        global: bool,
        /// What they are shown as.
        shown: Shown,
    },
}

/// Values that are no ordinary numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Special {
    Null,
    NaN,
    NullOrNaN,
    True,
    False,
    Empty,
}

/// A value that is looked up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample<'a> {
    /// A number; NaN is one.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// Yes or no.
    Bool(bool),
    /// No value.
    Missing,
}

/// What the first of `mappings` that covers `sample` shows it as.
#[must_use]
pub fn find(mappings: &[Mapping], sample: Sample<'_>) -> Option<Shown> {
    mappings.iter().find_map(|mapping| mapping.apply(sample))
}

impl Mapping {
    fn apply(&self, sample: Sample<'_>) -> Option<Shown> {
        match self {
            Self::Values(values) => {
                let text = text_of(sample)?;
                values.iter().find(|(value, _)| *value == text).map(|(_, shown)| shown.clone())
            }
            Self::Range { from, to, shown } => {
                let number = match sample {
                    Sample::Number(number) => number,
                    Sample::Text(text) => frame::decimal::parse(text.trim())?,
                    Sample::Bool(_) | Sample::Missing => return None,
                };
                let inside = from.is_none_or(|from| number >= from) && to.is_none_or(|to| number <= to);
                (inside && !number.is_nan()).then(|| shown.clone())
            }
            Self::Special { what, shown } => what.matches(sample).then(|| shown.clone()),
            Self::Pattern { pattern, global, shown } => {
                let text = text_of(sample).filter(|_| !matches!(sample, Sample::Bool(_)))?;
                let matches = pattern.matches(&text, if *global { usize::MAX } else { 1 });
                if matches.is_empty() {
                    return None;
                }
                let replaced = shown.text.as_deref().map(|template| replace(&text, &matches, template));
                Some(Shown { text: replaced, ..shown.clone() })
            }
        }
    }
}

/// A text in which a template stands in place of each match.
fn replace(text: &str, matches: &[Groups], template: &str) -> String {
    let mut out = String::new();
    let mut end = 0;
    for groups in matches {
        let Some(found) = groups.first().cloned().flatten() else { continue };
        out.push_str(text.get(end..found.start).unwrap_or_default());
        out.push_str(&expand(template, |number| group(text, groups, number)));
        end = found.end;
    }
    out + text.get(end..).unwrap_or_default()
}

/// A template with `$1` to `$9` and `$&` replaced by groups of a match, as JavaScript replaces them.
fn expand<'a>(template: &str, group: impl Fn(usize) -> &'a str) -> String {
    let mut out = String::new();
    let mut letters = template.chars().peekable();
    while let Some(letter) = letters.next() {
        let number = match letters.peek() {
            Some('&') if letter == '$' => Some(0),
            Some(next) if letter == '$' => next.to_digit(10).filter(|digit| *digit > 0),
            _ => None,
        };
        match number {
            Some(number) => {
                out.push_str(group(number as usize));
                letters.next();
            }
            None => out.push(letter),
        }
    }
    out
}

fn text_of(sample: Sample<'_>) -> Option<String> {
    match sample {
        Sample::Number(number) => Some(number::shortest(number)),
        Sample::Text(text) => Some(text.to_owned()),
        Sample::Bool(flag) => Some(flag.to_string()),
        Sample::Missing => None,
    }
}

impl Special {
    fn matches(self, sample: Sample<'_>) -> bool {
        let is_nan = matches!(sample, Sample::Number(number) if number.is_nan());
        let is_null = sample == Sample::Missing;
        match self {
            Self::Null => is_null,
            Self::NaN => is_nan,
            Self::NullOrNaN => is_null || is_nan,
            Self::True => matches!(sample, Sample::Text("true") | Sample::Bool(true)),
            Self::False => matches!(sample, Sample::Text("false") | Sample::Bool(false)),
            Self::Empty => sample == Sample::Text(""),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Shown {
        Shown { text: Some(text.into()), ..Shown::default() }
    }

    fn check(sample: Sample<'_>, expected: Option<&str>) {
        let pattern = |source: &str| Pattern::compile(source).unwrap();
        let mappings = [
            Mapping::Values(vec![("0".into(), shown("down")), ("up".into(), shown("UP"))]),
            Mapping::Range { from: Some(10.0), to: None, shown: shown("many") },
            Mapping::Special { what: Special::NullOrNaN, shown: shown("nothing") },
            Mapping::Pattern { pattern: pattern("^(.*)-([0-9]+)$"), global: false, shown: shown("$2 of $1") },
            Mapping::Pattern { pattern: pattern("[xy]"), global: true, shown: shown("<$&>") },
            Mapping::Pattern { pattern: pattern("v"), global: false, shown: shown("w") },
            Mapping::Special { what: Special::True, shown: shown("yes") },
        ];
        assert_eq!(find(&mappings, sample).and_then(|shown| shown.text).as_deref(), expected, "{sample:?}");
    }

    #[test]
    fn the_first_rule_that_covers_a_value_counts() {
        check(Sample::Number(0.0), Some("down"));
        check(Sample::Text("up"), Some("UP"));
        check(Sample::Number(10.0), Some("many"));
        check(Sample::Number(f64::INFINITY), Some("many"));
        check(Sample::Number(f64::NAN), Some("nothing"));
        check(Sample::Missing, Some("nothing"));
        check(Sample::Text("web-7"), Some("7 of web"));
        check(Sample::Text("axbyc"), Some("a<x>b<y>c"));
        check(Sample::Text("vvv"), Some("wvv"));
        check(Sample::Bool(true), Some("yes"));
        check(Sample::Bool(false), None);
        check(Sample::Number(3.0), None);
    }
}
