//! Variables in text: `$name`, `${name}`, `${name:format}`, `[[name]]` and `[[name:format]]`.
//!
//! One pass: a value that itself looks like a variable is not looked up again. A name the scope does not know stays as
//! written, so that a typing error is seen where it was made.

use crate::variable_format::{Arguments, Format};
use borsh::{BorshDeserialize, BorshSerialize};
use frame::split_once;
use std::borrow::Cow;
use std::sync::Arc;

/// What a variable stands for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Value {
    /// The value of a variable that has exactly one.
    One(String),
    /// The values of a variable that can have several, even if there is only one now: in PromQL they become a regular
    /// expression.
    Many(Arc<[String]>),
    /// A custom "all" value such as `.*`: used as it is, never escaped.
    Verbatim(String),
}

impl Value {
    /// The values as a list.
    #[must_use]
    pub fn parts(&self) -> &[String] {
        match self {
            Self::One(value) | Self::Verbatim(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// What people read instead of a variable's values.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Caption {
    /// "All", however many values that is.
    All,
    /// A text for each value.
    Each(Arc<[String]>),
}

/// The variables that a text may use. A copy shares the values of those that have many.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Scope {
    /// Name and value, in order of definition. Of a name given twice the last counts.
    pub values: Vec<(String, Value)>,
    /// What is shown instead of a value, for variables whose options have names of their own.
    pub captions: Vec<(String, Caption)>,
}

impl Scope {
    /// The value of the variable `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Gives `name` a value, replacing the one it had and forgetting its caption.
    pub fn set(&mut self, name: &str, value: Value) {
        self.captions.retain(|(known, _)| known != name);
        match self.values.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.values.push((name.to_owned(), value)),
        }
    }

    /// As [`Scope::set`], for a value that people read under another name.
    pub fn set_captioned(&mut self, name: &str, value: Value, caption: Caption) {
        self.set(name, value);
        self.captions.push((name.to_owned(), caption));
    }

    /// These variables with those of `other`, which count where both have one.
    #[must_use]
    pub fn with(&self, other: &Self) -> Cow<'_, Self> {
        if other.values.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut scope = self.clone();
        for (name, value) in &other.values {
            scope.set(name, value.clone());
        }
        scope.captions.extend(other.captions.iter().cloned());
        Cow::Owned(scope)
    }

    fn caption(&self, name: &str) -> Option<&Caption> {
        self.captions.iter().find(|(known, _)| known == name).map(|(_, caption)| caption)
    }

    /// `text` as a PromQL expression, values escaped for the string literal they stand in.
    ///
    /// ```
    /// # use dashboard::interpolate::{Scope, Value};
    /// let mut scope = Scope::default();
    /// scope.set("host", Value::Many(["a.b".into(), "c".into()].into()));
    /// assert_eq!(scope.promql(r#"up{host=~"$host"}"#), r#"up{host=~"(a\\.b|c)"}"#);
    /// ```
    #[must_use]
    pub fn promql(&self, text: &str) -> String {
        let mut quotes = Quotes::default();
        self.replace(text, &mut |written, reference, out| {
            quotes.pass(written);
            match reference.format {
                Some(format) => self.write(reference, format, out),
                None => write_promql(self.get(reference.name)?, quotes.quote(), out),
            }
        })
    }

    /// `text` for people to read, such as a title: option names instead of values, several joined by " + ".
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.interpolate(text, "text")
    }

    /// `text` with `default_format` for the variables that name no format of their own.
    #[must_use]
    pub fn interpolate(&self, text: &str, default_format: &str) -> String {
        self.replace(text, &mut |_, reference, out| {
            self.write(reference, reference.format.unwrap_or(default_format), out)
        })
    }

    /// Writes a variable in a format, or nothing and none if it is not known.
    pub(crate) fn write(&self, reference: &Reference<'_>, format: &str, out: &mut String) -> Option<()> {
        let value = self.get(reference.name)?;
        if let Some(path) = reference.path {
            out.push_str(element(value, path));
            return Some(());
        }
        reference.write(value, self.caption(reference.name), format, out);
        Some(())
    }

    /// Copies `text`, handing every reference to `write` together with the text since the one before it.
    pub(crate) fn replace(
        &self,
        text: &str,
        write: &mut dyn FnMut(&str, &Reference<'_>, &mut String) -> Option<()>,
    ) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut written = 0;
        while let Some(start) = rest.get(written..).and_then(|tail| tail.find(['$', '['])) {
            let start = written + start;
            let Some(reference) = Reference::parse(rest.get(start..).unwrap_or_default()) else {
                written = start + 1;
                continue;
            };
            let (before, tail) = rest.split_at(start);
            out.push_str(before);
            let (source, after) = tail.split_at(reference.source.len());
            if write(before, &reference, &mut out).is_none() {
                out.push_str(source);
            }
            rest = after;
            written = 0;
        }
        out.push_str(rest);
        out
    }
}

/// The names of the variables that `text` refers to, in order, repeated as often as they occur.
pub fn references(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(['$', '['])?;
            let tail = rest.get(start..)?;
            match Reference::parse(tail) {
                Some(reference) => {
                    rest = tail.get(reference.source.len()..)?;
                    return Some(reference.name);
                }
                None => rest = tail.get(1..)?,
            }
        }
    })
}

/// A variable as it stands in a text.
#[derive(Debug, PartialEq)]
pub(crate) struct Reference<'a> {
    pub(crate) name: &'a str,
    /// What follows a dot or stands in brackets: `0` in `${host.0}`.
    pub(crate) path: Option<&'a str>,
    pub(crate) format: Option<&'a str>,
    /// As it is written.
    pub(crate) source: &'a str,
}

impl<'a> Reference<'a> {
    /// The reference that `text` starts with.
    fn parse(text: &'a str) -> Option<Self> {
        if let Some(inner) = text.strip_prefix("${") {
            let inner = until(inner, "}")?;
            return Self::braced(inner, text.get(..inner.len() + 3)?);
        }
        if let Some(inner) = text.strip_prefix("[[") {
            let inner = until(inner, "]]")?;
            return Self::braced(inner, text.get(..inner.len() + 4)?).filter(|reference| reference.path.is_none());
        }
        let name = word(text.strip_prefix('$')?)?;
        Some(Self { name, path: None, format: None, source: text.get(..name.len() + 1)? })
    }

    /// What stands between the braces: a name, a path, a format.
    fn braced(inner: &'a str, source: &'a str) -> Option<Self> {
        let name = word(inner)?;
        let rest = inner.get(name.len()..)?;
        let (path, format) = match rest.split_once(':') {
            Some((_, "")) => return None,
            Some((path, format)) => (path, Some(format)),
            None => (rest, None),
        };
        let path = match path {
            "" => None,
            _ => Some(path.strip_prefix('.').or_else(|| path.strip_prefix('[')?.strip_suffix(']'))?),
        };
        Some(Self { name, path, format, source })
    }

    /// Writes what it stands for in a format.
    pub(crate) fn write(&self, value: &Value, caption: Option<&Caption>, format: &str, out: &mut String) {
        let (format, argument) = format.split_once(':').map_or((format, None), |(name, rest)| (name, Some(rest)));
        Format::named(format).write(&Arguments { name: self.name, value, caption, argument }, out);
    }
}

/// What stands before `end`, which must come soon: a text full of unclosed braces would be searched through for each.
fn until<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    const LONGEST: usize = 1_000;
    word(text)?;
    split_once(crate::prefix(text, LONGEST), end).map(|(before, _)| before)
}

/// The letters, digits and underscores that `text` starts with, at least one.
fn word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.get(..end).filter(|name| !name.is_empty())
}

/// One of several values by its number.
fn element<'a>(value: &'a Value, path: &str) -> &'a str {
    path.parse().ok().and_then(|index: usize| value.parts().get(index)).map_or("", String::as_str)
}

/// Where in a PromQL text the reader is.
#[derive(Clone, Copy, Default, PartialEq)]
enum Within {
    #[default]
    Code,
    /// From `#` to the end of the line.
    Comment,
    /// A string literal, by its quote.
    Literal(char),
}

/// Which string literal of a PromQL text the reader is in.
#[derive(Default)]
struct Quotes {
    within: Within,
    after_backslash: bool,
}

impl Quotes {
    fn pass(&mut self, text: &str) {
        for c in text.chars() {
            self.within = match self.within {
                Within::Code if matches!(c, '"' | '\'' | '`') => Within::Literal(c),
                Within::Code if c == '#' => Within::Comment,
                Within::Comment if matches!(c, '\n' | '\r') => Within::Code,
                Within::Literal(RAW) if c == '\\' => continue,
                Within::Literal(_) if self.after_backslash => {
                    self.after_backslash = false;
                    continue;
                }
                Within::Literal(_) if c == '\\' => {
                    self.after_backslash = true;
                    continue;
                }
                Within::Literal(quote) if quote == c => Within::Code,
                within => within,
            };
        }
    }

    /// The quote of the literal that a value comes into. Elsewhere, that of most.
    fn quote(&self) -> char {
        match self.within {
            Within::Literal(quote) => quote,
            Within::Code | Within::Comment => '"',
        }
    }
}

/// What quotes a literal in which nothing is escaped.
const RAW: char = '`';

/// A value inside a PromQL string literal: one is matched literally, of several each is quoted for a regular expression
/// and they are alternatives.
///
/// This is what Grafana sends with `prometheusSpecialCharsInLabelValues` on: without it a quote in a value ends the literal.
fn write_promql(value: &Value, quote: char, out: &mut String) -> Option<()> {
    match value {
        Value::Verbatim(text) => out.push_str(text),
        Value::One(one) => escape_literal(one, quote, out),
        Value::Many(many) => match &**many {
            [one] => escape_regex_literal(one, quote, out),
            _ => {
                out.push('(');
                for (index, value) in many.iter().enumerate() {
                    if index > 0 {
                        out.push('|');
                    }
                    escape_regex_literal(value, quote, out);
                }
                out.push(')');
            }
        },
    }
    Some(())
}

/// A text as a string literal of PromQL.
pub(crate) fn literal(text: &str) -> String {
    let mut literal = String::from('"');
    escape_literal(text, '"', &mut literal);
    literal.push('"');
    // Those of a variable's value stay, as in Grafana.
    literal.replace('\n', "\\n")
}

fn escape_literal(value: &str, quote: char, out: &mut String) {
    for c in value.chars() {
        match c {
            RAW if quote == RAW => out.push(char::REPLACEMENT_CHARACTER),
            '\\' if quote != RAW => out.push_str("\\\\"),
            c if c == quote => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
}

fn escape_regex_literal(value: &str, quote: char, out: &mut String) {
    for c in value.chars() {
        let is_special =
            matches!(c, '\\' | '$' | '^' | '*' | '{' | '}' | '[' | ']' | '\'' | '+' | '?' | '.' | '(' | ')' | '|');
        if is_special || (c == quote && quote != RAW) {
            escape_literal("\\", quote, out);
        }
        escape_literal(c.encode_utf8(&mut [0; 4]), quote, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        let mut scope = Scope::default();
        scope.set("job", Value::One("node".into()));
        scope.set("quoted", Value::One("a\"b'c\\d".into()));
        scope.set("all_quoted", Value::Many(["a.b".into(), "c`".into()].into()));
        scope.set("host", Value::Many(["a.b".into(), "c".into()].into()));
        scope.set("single", Value::Many(["x+y".into()].into()));
        scope.set("all", Value::Verbatim(".+".into()));
        scope.set("nested", Value::One("$job".into()));
        scope.set_captioned("named", Value::One("k1".into()), Caption::Each(["Key One".into()].into()));
        scope.set_captioned("every", Value::Many(["x".into(), "y".into()].into()), Caption::All);
        scope
    }

    #[test]
    fn promql() {
        let check = |text: &str, expected: &str| assert_eq!(scope().promql(text), expected);
        check(r#"up{job="$job"}"#, r#"up{job="node"}"#);
        check(r#"up{host=~"$host"}"#, r#"up{host=~"(a\\.b|c)"}"#);
        check(r#"up{host=~"[[single]]"}"#, r#"up{host=~"x\\+y"}"#);
        check(r#"up{host=~"$all"}"#, r#"up{host=~".+"}"#);
        check(r#"up{a="$quoted"}"#, r#"up{a="a\"b'c\\d"}"#);
        check(r#"up{a='$quoted'}"#, r#"up{a='a"b\'c\\d'}"#);
        check(r#"up{a="it's $quoted"}"#, r#"up{a="it's a\"b'c\\d"}"#);
        // Comments have no literals, and literals no comments.
        check("# don't\nup{a=\"$quoted\"}", "# don't\nup{a=\"a\\\"b'c\\\\d\"}");
        check("# 5\" disks\nup{a='$quoted'}", "# 5\" disks\nup{a='a\"b\\'c\\\\d'}");
        check("up{b=\"#'\", a=\"$quoted\"}", "up{b=\"#'\", a=\"a\\\"b'c\\\\d\"}");
        // Nothing is escaped between back quotes, so there is no way to write one.
        check("up{a=`$quoted`}", "up{a=`a\"b'c\\d`}");
        check("up{a=~`$all_quoted`}", "up{a=~`(a\\.b|c\u{fffd})`}");
        check("${host:pipe} $nested $unknown ${", "a.b|c $job $unknown ${");
    }

    #[test]
    fn titles_show_names_and_not_values() {
        let check = |text: &str, expected: &str| assert_eq!(scope().text(text), expected);
        check("Hosts: $host", "Hosts: a.b + c");
        check("$named, $every, ${every:csv}, ${named:raw}", "Key One, All, x,y, k1");
    }

    #[test]
    fn names_in_a_text() {
        let names: Vec<&str> = references("$a ${b:csv} [[c]] $ ${d.e} ${} [[f g]] $a").collect();
        assert_eq!(names, ["a", "b", "c", "d", "a"]);
    }

    #[test]
    fn a_new_value_forgets_the_caption_of_the_old() {
        let mut scope = scope();
        scope.set("named", Value::One("k2".into()));
        assert_eq!(scope.text("$named"), "k2");
        assert_eq!(scope.values.iter().filter(|(name, _)| name == "named").count(), 1);
    }
}
