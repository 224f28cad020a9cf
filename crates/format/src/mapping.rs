//! Value mappings: a text, a colour or an icon instead of a value.

use crate::number;
use crate::pattern::{Pattern, group};

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
    /// Texts that a pattern matches; `$1` in the text stands for its first group.
    Pattern {
        /// The pattern.
        pattern: Pattern,
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
                    Sample::Missing => return None,
                };
                let inside = from.is_none_or(|from| number >= from) && to.is_none_or(|to| number <= to);
                (inside && !number.is_nan()).then(|| shown.clone())
            }
            Self::Special { what, shown } => what.matches(sample).then(|| shown.clone()),
            Self::Pattern { pattern, shown } => {
                let text = text_of(sample)?;
                let groups = pattern.matches(&text, 1).pop()?;
                let mut shown = shown.clone();
                if let Some(template) = &mut shown.text {
                    let group = |number: usize| group(&text, &groups, number);
                    let expanded = expand(template, group);
                    *template = text.replacen(group(0), &expanded, 1);
                }
                Some(shown)
            }
        }
    }
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
            Self::True => sample == Sample::Text("true"),
            Self::False => sample == Sample::Text("false"),
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
        let mappings = [
            Mapping::Values(vec![("0".into(), shown("down")), ("up".into(), shown("UP"))]),
            Mapping::Range { from: Some(10.0), to: None, shown: shown("many") },
            Mapping::Special { what: Special::NullOrNaN, shown: shown("nothing") },
            Mapping::Pattern { pattern: Pattern::compile("^(.*)-([0-9]+)$").unwrap(), shown: shown("$2 of $1") },
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
        check(Sample::Number(3.0), None);
    }
}
