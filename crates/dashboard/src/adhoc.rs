//! Ad hoc filters: conditions on labels that are added to every query of a data source.

use crate::interpolate::literal;
use borsh::{BorshDeserialize, BorshSerialize};

/// A condition on a label.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Filter {
    /// The label's name.
    pub label: String,
    /// How it is compared.
    pub op: FilterOp,
    /// With what: one text, or several for [`FilterOp::OneOf`] and [`FilterOp::NoneOf`].
    pub values: Vec<String>,
}

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
#[allow(missing_docs)]
pub enum FilterOp {
    Equal,
    NotEqual,
    Matches,
    DoesNotMatch,
    OneOf,
    NoneOf,
}

impl FilterOp {
    /// All there are, in the order they are offered.
    pub const ALL: [Self; 6] =
        [Self::Equal, Self::NotEqual, Self::OneOf, Self::NoneOf, Self::Matches, Self::DoesNotMatch];

    /// As Grafana writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Matches => "=~",
            Self::DoesNotMatch => "!~",
            Self::OneOf => "=|",
            Self::NoneOf => "!=|",
        }
    }

    /// The operator that Grafana writes as `text`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.as_str() == text)
    }

    /// Whether it compares with several values.
    #[must_use]
    pub fn takes_many(self) -> bool {
        matches!(self, Self::OneOf | Self::NoneOf)
    }
}

impl Filter {
    /// Reads a filter as it stands in the URL: `label|=|value`, or `label|=__gfp__|one|another`. None for anything else.
    ///
    /// ```
    /// use dashboard::adhoc::Filter;
    /// let filter = Filter::from_url("path|=|/a__gfp__b").unwrap();
    /// assert_eq!((filter.label.as_str(), filter.values[0].as_str()), ("path", "/a|b"));
    /// ```
    #[must_use]
    pub fn from_url(text: &str) -> Option<Self> {
        // Behind `#` Grafana says where a filter comes from.
        let text = text.split('#').next().unwrap_or_default();
        // Behind a comma it says how the part before is shown.
        let mut parts = text.split('|').map(|part| unescaped(part.split(',').next().unwrap_or_default()));
        let (label, op) = (parts.next()?, FilterOp::parse(&parts.next()?)?);
        let values: Vec<String> = parts.take(if op.takes_many() { usize::MAX } else { 1 }).collect();
        (!label.is_empty() && !values.is_empty()).then_some(Self { label, op, values })
    }

    /// The filter as it stands in the URL.
    #[must_use]
    pub fn to_url(&self) -> String {
        let parts = [self.label.as_str(), self.op.as_str()].into_iter().chain(self.values.iter().map(String::as_str));
        parts.map(escaped).collect::<Vec<_>>().join("|")
    }

    /// What the label's value is compared with in the queries that it is added to: several are the alternatives of a
    /// regular expression, each as it is written.
    #[must_use]
    pub fn operand(&self) -> String {
        self.joined(str::to_owned)
    }

    fn joined(&self, written: impl Fn(&str) -> String) -> String {
        match self.op.takes_many() {
            true => self.values.iter().map(|value| written(value)).collect::<Vec<_>>().join("|"),
            false => self.values.first().map(|value| written(value)).unwrap_or_default(),
        }
    }
}

/// What stands between parts of a filter in the URL, and what stands for it in a part.
const ESCAPES: [(&str, &str); 3] = [("|", "__gfp__"), (",", "__gfc__"), ("#", "__gfh__")];

fn escaped(part: &str) -> String {
    ESCAPES.iter().fold(part.to_owned(), |part, (plain, escape)| part.replace(plain, escape))
}

fn unescaped(part: &str) -> String {
    ESCAPES.iter().fold(part.to_owned(), |part, (plain, escape)| part.replace(escape, plain))
}

fn regex_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if "\\^$*+?.()|[]{}".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The filters of an ad hoc variable: those that the URL has `asked` for, else those of the file. An empty one in the URL
/// stands for none.
#[must_use]
pub fn chosen(of_file: &[Filter], asked: &[String]) -> Vec<Filter> {
    if asked.is_empty() { of_file.to_vec() } else { asked.iter().filter_map(|text| Filter::from_url(text)).collect() }
}

/// The filters as label matchers, for a query that mentions the variable itself: `job="a",env!="dev"`. For a
/// regular expression values are quoted there, as Grafana does.
#[must_use]
pub fn matchers(filters: &[Filter]) -> String {
    let matcher = |filter: &Filter| {
        let op = match filter.op {
            FilterOp::OneOf => FilterOp::Matches,
            FilterOp::NoneOf => FilterOp::DoesNotMatch,
            op => op,
        };
        let is_regex = !matches!(filter.op, FilterOp::Equal | FilterOp::NotEqual);
        let operand = if is_regex { filter.joined(regex_quoted) } else { filter.operand() };
        format!("{}{}{}", filter.label, op.as_str(), literal(&operand))
    };
    filters.iter().map(matcher).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_in_the_url() {
        let check = |text: &str, expected: Option<(&str, &str, &[&str], &str)>| {
            let filter = Filter::from_url(text);
            let read = filter.as_ref().map(|filter| {
                let values: Vec<&str> = filter.values.iter().map(String::as_str).collect();
                (filter.label.as_str(), filter.op.as_str(), values, filter.to_url())
            });
            let expected = expected.map(|(label, op, values, url)| (label, op, values.to_vec(), url.to_owned()));
            assert_eq!(read, expected, "{text}");
        };
        check("job|=|api", Some(("job", "=", &["api"], "job|=|api")));
        check("job|=~|a.*", Some(("job", "=~", &["a.*"], "job|=~|a.*")));
        check("job|!=|", Some(("job", "!=", &[""], "job|!=|")));
        check(
            "path|=|a__gfp__b__gfc__c__gfh__d",
            Some(("path", "=", &["a|b,c#d"], "path|=|a__gfp__b__gfc__c__gfh__d")),
        );
        check("job|=__gfp__|a|b", Some(("job", "=|", &["a", "b"], "job|=__gfp__|a|b")));
        check("job|!=__gfp__|a", Some(("job", "!=|", &["a"], "job|!=__gfp__|a")));
        check("job,Job|=|a,A", Some(("job", "=", &["a"], "job|=|a")));
        check("job|=|a#dashboard#x", Some(("job", "=", &["a"], "job|=|a")));
        for wrong in ["", "job", "job|=", "|=|a", "job|>|1", "job|==|a"] {
            check(wrong, None);
        }
    }

    #[test]
    fn what_queries_get() {
        let check = |text: &str, expected: &str| {
            assert_eq!(matchers(&[Filter::from_url(text).unwrap()]), expected, "{text}");
        };
        check("job|=|a\"b\\c", r#"job="a\"b\\c""#);
        check("job|=~|a.*|b", r#"job=~"a\\.\\*""#);
        check("job|=__gfp__|a.b|c", r#"job=~"a\\.b|c""#);
        check("job|!=__gfp__|a", r#"job!~"a""#);
        assert_eq!(matchers(&[]), "");
        assert_eq!(Filter::from_url("job|=__gfp__|a.b|c").unwrap().operand(), "a.b|c");
    }
}
