//! What is offered where the caret is, best first.

use super::names::{Answer, Names};
use crate::protocol::{Help, Texts};
use frame::Labels;
use promql::complete::{Completion, Wanted};
use promql::functions::{AGGREGATIONS, FUNCTIONS, Function};
use promql::{is_plain_label, quoted, rank};
use std::sync::Arc;

/// More are not shown: another letter finds more than scrolling does.
const MOST: usize = 100;

/// Words behind an operand, with what they are for.
const WORDS: [(&str, &str); 13] = [
    ("by", "the labels that are kept"),
    ("without", "the labels that are dropped"),
    ("and", "series of the left that have a partner on the right"),
    ("or", "series of the left, and those of the right without a partner"),
    ("unless", "series of the left without a partner on the right"),
    ("on", "the labels to match by"),
    ("ignoring", "the labels not to match by"),
    ("group_left", "many on the left to one on the right"),
    ("group_right", "one on the left to many on the right"),
    ("offset", "look back from an earlier time"),
    ("bool", "0 or 1 instead of leaving out"),
    ("atan2", "arc tangent of left over right"),
    ("@ end()", "as of the end of the time range"),
];

const DURATIONS: [(&str, &str); 12] = [
    ("$__rate_interval", "four scrapes, or a step and a scrape, whichever is more"),
    ("$__interval", "the step"),
    ("$__range", "the whole time range"),
    ("1m", "a minute"),
    ("5m", "five minutes"),
    ("10m", "ten minutes"),
    ("15m", "a quarter of an hour"),
    ("30m", "half an hour"),
    ("1h", "an hour"),
    ("6h", "six hours"),
    ("1d", "a day"),
    ("7d", "a week"),
];

const UNITS: [(&str, &str); 6] =
    [("s", "seconds"), ("m", "minutes"), ("h", "hours"), ("d", "days"), ("w", "weeks"), ("ms", "milliseconds")];

const MATCH_OPERATORS: [(&str, &str); 4] =
    [("=", "is"), ("!=", "is not"), ("=~", "matches a regular expression"), ("!~", "matches no regular expression")];

/// Something to put in.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// What it is called.
    pub name: Arc<str>,
    /// What sort of thing it is, in a word.
    pub kind: String,
    /// What there is to know about it.
    pub detail: String,
    /// What is put in, and behind how many bytes of it the caret goes.
    pub insert: (String, usize),
    /// Whether something else is wanted where the caret then is.
    pub goes_on: bool,
}

/// What is offered, and whether more is on its way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offers {
    pub list: Vec<Offer>,
    pub is_awaited: bool,
}

/// The offers for `wanted`; `after` is the text behind what gives way.
pub fn offers(names: Names, wanted: &Completion, after: &str) -> Offers {
    let typed = wanted.typed.as_str();
    let mut found = Found { typed, is_awaited: false, list: Vec::new() };
    match &wanted.wanted {
        Wanted::Operand => {
            let has_bracket = after.trim_start().starts_with('(');
            found.add_all(FUNCTIONS.iter().map(|known| called(known, "function", has_bracket)));
            found.add_all(AGGREGATIONS.iter().map(|known| called(known, "aggregation", has_bracket)));
            let help = names.help();
            let metrics = found.wait_for(names.metrics(typed));
            // What is not among the offers in the end needs no words.
            found.add_all(metrics.iter().map(|name| plain(name, "metric", "")));
            found.best();
            if let Some(help) = help.there() {
                found
                    .list
                    .iter_mut()
                    .filter(|(_, offer)| offer.kind == "metric")
                    .for_each(|(_, offer)| explain(offer, help));
            }
        }
        Wanted::Operator => found.add_all(WORDS.iter().map(|(word, help)| plain(word, "", help))),
        Wanted::MatchOperator => found.add_all(MATCH_OPERATORS.iter().map(|(sign, help)| plain(sign, "", help))),
        Wanted::LabelName { selector, in_matchers } => {
            let labels = found.wait_for(names.texts(Texts::LabelNames { matcher: selector.clone() }));
            let begins_matcher = *in_matchers && !after.trim_start().starts_with(['=', '!']);
            let labels = labels.iter().filter(|name| &***name != Labels::METRIC_NAME);
            found.add_all(labels.map(|name| label(name, begins_matcher)));
        }
        Wanted::LabelValue { label, selector } => {
            let of = Texts::LabelValues { label: label.clone(), matcher: selector.clone() };
            let values = found.wait_for(names.texts(of));
            found.add_all(values.iter().map(|value| insert(value, "value", "", quoted(value))));
        }
        Wanted::Duration => {
            let is_number = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
            let units = UNITS.iter().filter(|_| is_number);
            found.add_all(units.map(|(unit, help)| plain(&format!("{typed}{unit}"), "", help)));
            if !is_number {
                found.add_all(DURATIONS.iter().map(|(duration, help)| plain(duration, "", help)));
            }
        }
    }
    found.finish()
}

struct Found<'a> {
    typed: &'a str,
    is_awaited: bool,
    /// With how well each fits.
    list: Vec<(u32, Offer)>,
}

impl Found<'_> {
    fn add_all(&mut self, offers: impl Iterator<Item = Offer>) {
        let fitting = offers.filter_map(|offer| Some((rank::fit(&offer.name, self.typed)?, offer)));
        self.list.extend(fitting);
    }

    fn wait_for<T: Default>(&mut self, answer: Answer<T>) -> Arc<T> {
        self.is_awaited |= matches!(answer, Answer::Awaited);
        answer.there().cloned().unwrap_or_default()
    }

    /// Where nothing was typed all fit alike, and stay in their order.
    fn best(&mut self) {
        if !self.typed.is_empty() {
            frame::sort_by(&mut self.list, |a, b| b.0.cmp(&a.0));
        }
        self.list.truncate(MOST);
    }

    fn finish(mut self) -> Offers {
        self.best();
        Offers { list: self.list.into_iter().map(|(_, offer)| offer).collect(), is_awaited: self.is_awaited }
    }
}

fn insert(name: &str, kind: &str, detail: &str, text: String) -> Offer {
    let caret = text.len();
    Offer { name: name.into(), kind: kind.to_owned(), detail: detail.to_owned(), insert: (text, caret), goes_on: false }
}

fn plain(name: &str, kind: &str, detail: &str) -> Offer {
    insert(name, kind, detail, name.to_owned())
}

/// A function with its brackets, the caret between them, unless they are there.
fn called(known: &Function, kind: &str, has_bracket: bool) -> Offer {
    let detail = format!("{}{}\n{}", known.name, known.signature, known.help);
    if has_bracket {
        return plain(known.name, kind, &detail);
    }
    let text = format!("{}()", known.name);
    let caret = text.len() - usize::from(known.signature != "()");
    Offer { insert: (text, caret), ..plain(known.name, kind, &detail) }
}

/// A label's name, with the beginning of a matcher where one begins.
fn label(name: &str, begins_matcher: bool) -> Offer {
    let written = if is_plain_label(name) { name.to_owned() } else { quoted(name) };
    if !begins_matcher {
        return insert(name, "label", "", written);
    }
    let text = format!("{written}=\"\"");
    let caret = text.len() - 1;
    Offer { insert: (text, caret), goes_on: true, ..plain(name, "label", "") }
}

/// Says what is known of a metric.
fn explain(offer: &mut Offer, help: &[Help]) {
    if let Some((_, said)) = said_of(&offer.name, help) {
        offer.kind.clone_from(&said.kind);
        offer.detail.clone_from(&said.help);
    }
}

/// What is said of the metric `name`, or of the histogram, the summary or the counter whose series have an ending to
/// its name. `help` is in the order of names.
pub fn said_of<'a>(name: &str, help: &'a [Help]) -> Option<&'a Help> {
    let of = |name: &str| help.get(help.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?);
    let family = || ["_bucket", "_sum", "_count", "_total"].iter().find_map(|ending| name.strip_suffix(ending));
    of(name).or_else(|| of(family()?))
}
