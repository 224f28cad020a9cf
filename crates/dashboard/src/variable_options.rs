//! Options of variables: from a text, from a query's answer, and which of them are chosen.

use crate::interpolate::Scope;
use crate::model::{Selection, Sort, Variable, VariableKind, VariableOption};
use crate::pattern::{is_global, source, unusable};
use format::letters::{lower, lowercase};
use format::pattern::{Groups, Pattern, group};
use std::cmp::Ordering;
use std::collections::HashSet;

/// Options written as `a, b, label : value`; a comma in an option is written `\,`.
#[must_use]
pub fn from_list(text: &str) -> Vec<VariableOption> {
    split_escaped(text).iter().filter_map(|part| from_part(part.trim())).collect()
}

/// Splits at the commas that have no backslash before them, and takes the backslashes of the others away.
fn split_escaped(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            ',' => parts.push(std::mem::take(&mut part)),
            '\\' if letters.next_if_eq(&',').is_some() => part.push(','),
            _ => part.push(letter),
        }
    }
    parts.push(part);
    parts
}

fn from_part(part: &str) -> Option<VariableOption> {
    if part.is_empty() {
        return None;
    }
    let labelled = part.split_once(" : ").map(|(label, value)| (label.trim(), value.trim()));
    Some(match labelled {
        Some((label, value)) if !label.is_empty() && !value.is_empty() => {
            VariableOption { label: label.to_owned(), value: value.to_owned() }
        }
        _ => VariableOption::plain(part),
    })
}

/// Options written as a JSON list of objects with `text` and `value`. None where it is something else.
#[must_use]
pub fn from_json(text: &str) -> Vec<VariableOption> {
    let Ok(serde_json::Value::Array(items)) = json::parse(text) else {
        return Vec::new();
    };
    let read = |item: &serde_json::Value| {
        let part = |key: &str| match item.get(key)? {
            serde_json::Value::String(text) => Some(text.trim().to_owned()),
            serde_json::Value::Number(number) => Some(json::number_text(number)),
            _ => None,
        };
        let value = part("value")?;
        let label = part("text").filter(|label| !label.is_empty()).unwrap_or_else(|| value.clone());
        Some(VariableOption { label, value })
    };
    items.iter().filter_map(read).collect()
}

/// The intervals of an interval variable: `1m,10m, 1h`, quoted or not.
#[must_use]
pub fn from_intervals(text: &str) -> Vec<VariableOption> {
    let intervals = text.split(',').map(|part| part.trim().trim_matches(['"', '\'']));
    intervals.filter(|part| !part.is_empty() && *part != "auto").map(VariableOption::plain).collect()
}

/// The options made of the texts a query answered with: what `regex` takes of each, every value once, sorted.
///
/// Texts the pattern does not match are left out. Of the others its first group is the value, or the groups named `value`
/// and `text` are value and label; without a group the whole text stays. With the flag `g` every match counts.
///
/// # Errors
/// When the pattern is not valid, or needs what a linear-time engine cannot do, such as looking around.
pub fn from_answer(
    texts: impl IntoIterator<Item = String>,
    regex: &str,
    sort: Sort,
) -> Result<Vec<VariableOption>, String> {
    let extract = if regex.is_empty() { None } else { Some(Extract::parse(regex)?) };
    Ok(from_texts(texts, extract.as_ref(), sort))
}

/// The regular expression of a variable with the values of others in it, which are meant literally: several are
/// alternatives.
#[must_use]
pub fn filled_regex(regex: &str, scope: &Scope) -> String {
    scope.interpolate(regex, "regex")
}

/// What is taken of the texts that a query answered with.
#[derive(Clone, Debug)]
pub struct Extract {
    pattern: Pattern,
    names: Vec<Option<String>>,
    /// How many matches in a text count.
    most: usize,
}

impl Extract {
    /// What a variable's regular expression takes.
    ///
    /// # Errors
    /// When the pattern is not valid, or needs what a linear-time engine cannot do, such as looking around.
    pub fn parse(regex: &str) -> Result<Self, String> {
        let pattern = Pattern::compile(&source(regex)?).map_err(|error| unusable(regex, &error))?;
        Ok(Self { names: pattern.group_names(), pattern, most: if is_global(regex) { usize::MAX } else { 1 } })
    }
}

/// As [`from_answer`], with the pattern compiled before; without one every text stays as it is.
pub fn from_texts(
    texts: impl IntoIterator<Item = String>,
    extract: Option<&Extract>,
    sort: Sort,
) -> Vec<VariableOption> {
    let mut options = Vec::new();
    for text in texts {
        match extract {
            Some(extract) => extract.take(&text, &mut options),
            None => options.push(VariableOption::plain(text)),
        }
    }
    let mut seen = HashSet::new();
    options.retain(|option| seen.insert(option.value.clone()));
    sort_options(&mut options, sort);
    options
}

impl Extract {
    /// Adds the options that a text gives.
    fn take(&self, text: &str, options: &mut Vec<VariableOption>) {
        let matches = self.pattern.matches(text, self.most);
        let named = |name: &str| {
            let number = self.names.iter().position(|known| known.as_deref() == Some(name))?;
            let groups = matches.iter().find(|groups| groups.get(number).is_some_and(Option::is_some))?;
            Some(group(text, groups, number).to_owned())
        };
        let (value, label) = (named("value"), named("text"));
        if let Some(value) = value.or_else(|| label.clone()) {
            options.push(VariableOption { label: label.unwrap_or_else(|| value.clone()), value });
        } else if self.names.len() > 1 {
            let first_group = |groups: &Groups| {
                let number = groups.iter().skip(1).position(Option::is_some)? + 1;
                Some(VariableOption::plain(group(text, groups, number)))
            };
            options.extend(matches.iter().filter_map(first_group));
        } else if !matches.is_empty() {
            options.push(VariableOption::plain(text));
        }
    }
}

/// Descending order is ascending order backwards, also where options are equal: as in Grafana.
fn sort_options(options: &mut Vec<VariableOption>, sort: Sort) {
    let (compare, descending): (fn(&str, &str) -> Ordering, bool) = match sort {
        Sort::AsGiven => return,
        Sort::Alphabetical { descending, ignore_case: false } => (|a, b| a.cmp(b), descending),
        Sort::Alphabetical { descending, ignore_case: true } => (|a, b| lowercase(a).cmp(&lowercase(b)), descending),
        Sort::Numerical { descending } => (|a, b| first_number(a).total_cmp(&first_number(b)), descending),
        Sort::Natural { descending } => (natural, descending),
    };
    frame::sort_by(options, |a, b| compare(&a.label, &b.label));
    if descending {
        options.reverse();
    }
}

/// The first number in a text, -1 without one.
fn first_number(text: &str) -> f64 {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
        return -1.0;
    };
    let digits = text.get(start..).unwrap_or_default();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end).and_then(frame::decimal::parse).unwrap_or(-1.0)
}

/// Compares runs of digits as numbers: `web-2` comes before `web-10`.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let number = |letters: &mut std::iter::Peekable<std::str::Chars<'_>>| {
                    let mut digits = String::new();
                    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                        digits.push(digit);
                    }
                    digits.trim_start_matches('0').to_owned()
                };
                let (x, y) = (number(&mut a), number(&mut b));
                let order = x.len().cmp(&y.len()).then_with(|| x.cmp(&y));
                if order != Ordering::Equal {
                    return order;
                }
            }
            (Some(x), Some(y)) => {
                let order = lower(*x).cmp(&lower(*y));
                if order != Ordering::Equal {
                    return order;
                }
                a.next();
                b.next();
            }
        }
    }
}

/// What is chosen where nobody has said anything: the file's choice as far as it is `offered`, else all or the first. It
/// counts as it is where the options could not be had.
#[must_use]
pub fn at_first(variable: &Variable, offered: Option<&[VariableOption]>) -> Selection {
    let is_text = matches!(variable.kind, VariableKind::TextBox);
    match offered {
        Some(options) if !is_text || variable.current.values.is_empty() => select(variable, options, &variable.current),
        None if variable.current.values.is_empty() => select(variable, &variable.options, &variable.current),
        _ => variable.current.clone(),
    }
}

/// What stays chosen of `wanted` now that these are the options: what is still there, or else all or the first.
#[must_use]
pub fn select(variable: &Variable, options: &[VariableOption], wanted: &Selection) -> Selection {
    if variable.include_all && wanted.is_all() {
        return Selection::all();
    }
    let find = |(index, value): (usize, &String)| {
        let by_value = options.iter().find(|option| option.value == *value);
        // A single value that is gone may have kept its name.
        let label = wanted.labels.get(index).unwrap_or(value);
        let by_label = || options.iter().find(|option| !variable.multi && option.label == *label);
        by_value.or_else(by_label)
    };
    let limit = if variable.multi { usize::MAX } else { 1 };
    let kept: Vec<&VariableOption> = wanted.values.iter().enumerate().filter_map(find).take(limit).collect();
    let chosen = match (kept.is_empty(), options.first()) {
        (false, _) => kept,
        (true, _) if variable.include_all => return Selection::all(),
        (true, Some(first)) => vec![first],
        (true, None) => Vec::new(),
    };
    Selection {
        values: chosen.iter().map(|option| option.value.clone()).collect(),
        labels: chosen.iter().map(|option| option.label.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interpolate::Value;

    #[test]
    fn values_in_a_regular_expression_are_literal() {
        let check = |value: Value, text: &str, expected: Option<&str>| {
            let mut scope = Scope::default();
            scope.set("cluster", value);
            let regex = filled_regex("/pod=\"$cluster-([^\"]*)/", &scope);
            let options = from_answer([text.to_owned()], &regex, Sort::AsGiven).unwrap();
            assert_eq!(options.first().map(|option| &*option.value), expected, "{regex}");
        };
        let one = |text: &str| Value::One(text.to_owned());
        let many = || Value::Many(["a".to_owned(), "b.c".to_owned()].into());
        check(one("a"), "pod=\"a-0\"", Some("0"));
        check(one("a.b"), "pod=\"axb-0\"", None);
        check(one("a+b"), "pod=\"a+b-0\"", Some("0"));
        check(one("a(b"), "pod=\"a(b-0\"", Some("0"));
        check(Value::Verbatim(".*".to_owned()), "pod=\"any-0\"", Some("0"));
        check(Value::Many(["b.c".to_owned()].into()), "pod=\"b.c-0\"", Some("0"));
        // The alternatives are the first group, and the value: as in Grafana.
        check(many(), "pod=\"b.c-0\"", Some("b.c"));
        check(many(), "pod=\"bxc-0\"", None);
    }
}
