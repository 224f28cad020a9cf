//! Label sets, interned so that a name or a value that comes back in every series and every refresh is stored once.

use borsh::io::{Read, Result};
use borsh::{BorshDeserialize, BorshSerialize};
use rustc_hash::{FxBuildHasher, FxHashSet, FxHasher};
use std::fmt::{self, Write as _};
use std::hash::{BuildHasher as _, Hash, Hasher};
use std::sync::Arc;

/// A label set, sorted by name. Cheap to clone: the pairs are shared.
///
/// Equality is by content. The metric name is the ordinary label `__name__`.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, BorshSerialize)]
pub struct Labels(Arc<[(Arc<str>, Arc<str>)]>);

impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.content_hash());
    }
}

impl Labels {
    /// The name of the label that holds a series' metric name.
    pub const METRIC_NAME: &'static str = "__name__";

    /// A label set of these pairs, in any order. Of a name given twice the last value stays, as in JSON.
    #[must_use]
    pub fn new(mut pairs: Vec<(Arc<str>, Arc<str>)>) -> Self {
        if !pairs.is_sorted_by(|a, b| a.0 < b.0) {
            pairs.reverse();
            crate::sort_by(&mut pairs, |a, b| a.0.cmp(&b.0));
            pairs.dedup_by(|later, kept| later.0 == kept.0);
        }
        Self(pairs.into())
    }

    /// A function of its own: tables of label sets would each have its code several times.
    #[inline(never)]
    fn content_hash(&self) -> u64 {
        let mut hasher = FxHasher::default();
        for text in self.0.iter().flat_map(|(name, value)| [name, value]) {
            hasher.write_u64(FxBuildHasher.hash_one(text));
        }
        hasher.finish()
    }

    /// The value of the label `name`. An absent label is none here, an empty text in PromQL.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.binary_search_by(|(candidate, _)| (**candidate).cmp(name)).ok()?;
        self.0.get(found).map(|(_, value)| &**value)
    }

    /// The metric name, if the series has one.
    #[must_use]
    pub fn metric_name(&self) -> Option<&str> {
        self.get(Self::METRIC_NAME)
    }

    /// Name and value of every label, in order of name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The label that is the only one in all these sets together, if there is one: then its value alone names a series.
    #[must_use]
    pub fn only_name<'a>(sets: impl IntoIterator<Item = &'a Self>) -> Option<&'a str> {
        let mut names = sets.into_iter().flat_map(|labels| labels.iter().map(|(name, _)| name));
        let first = names.next()?;
        names.all(|name| name == first).then_some(first)
    }

    /// How many labels there are, the metric name included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no label at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl BorshDeserialize for Labels {
    fn deserialize_reader<R: Read>(from: &mut R) -> Result<Self> {
        Vec::deserialize_reader(from).map(Self::new)
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Labels {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        Self::new(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// Prometheus' own notation: `name{a="x", b="y"}`, values escaped as Go's `%q` escapes quotes, backslashes and
/// line ends.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.metric_name();
        f.write_str(name.unwrap_or_default())?;
        let mut before = "{";
        for (name, value) in self.iter().filter(|(name, _)| *name != Self::METRIC_NAME) {
            f.write_str(before)?;
            f.write_str(name)?;
            f.write_str("=\"")?;
            for c in value.chars() {
                match c {
                    '"' | '\\' => f.write_char('\\').and_then(|()| f.write_char(c)),
                    '\n' => f.write_str("\\n"),
                    other => f.write_char(other),
                }?;
            }
            before = "\", ";
        }
        match (before, name) {
            ("{", Some(_)) => Ok(()),
            ("{", None) => f.write_str("{}"),
            _ => f.write_str("\"}"),
        }
    }
}

impl fmt::Debug for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Keeps one copy of every text, and of every label set, that it has seen.
#[derive(Default, Debug)]
pub struct Interner {
    // In a browser the hasher of the standard library is seeded alike each time: it is slower, and shuts nothing out.
    texts: FxHashSet<Arc<str>>,
    sets: FxHashSet<Labels>,
    /// How much stayed at the last sweep.
    swept: usize,
}

impl Interner {
    /// The one shared copy of `text`.
    pub fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let fresh: Arc<str> = text.into();
        self.texts.insert(fresh.clone());
        fresh
    }

    /// The one shared copy of `labels`, of shared texts: answers that name the same series share their names.
    pub fn intern_labels(&mut self, labels: &Labels) -> Labels {
        if let Some(known) = self.sets.get(labels) {
            return known.clone();
        }
        let shared = labels.0.iter().map(|(name, value)| (self.share(name), self.share(value)));
        // Collected first: the set cannot be changed while its texts are still looked up.
        let fresh = Labels(shared.collect::<Vec<_>>().into());
        self.sets.insert(fresh.clone());
        fresh
    }

    fn share(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        self.texts.insert(text.clone());
        text.clone()
    }

    /// Forgets every text and every label set that nobody else holds any more.
    pub fn sweep(&mut self) {
        self.sets.retain(|labels| Arc::strong_count(&labels.0) > 1);
        self.texts.retain(|text| Arc::strong_count(text) > 1);
        self.swept = self.texts.len() + self.sets.len();
    }

    /// Sweeps where as much has come since the last time as stayed then, so that it costs little per answer and what is
    /// kept stays within twice of what is used.
    pub fn sweep_if_grown(&mut self) {
        const NOT_WORTH_IT: usize = 1_000;
        if self.texts.len() + self.sets.len() > 2 * self.swept + NOT_WORTH_IT {
            self.sweep();
        }
    }

    /// How many texts are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no text is kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&str, &str)], expected: &str) {
        let labels: Labels = pairs.iter().copied().collect();
        assert_eq!(labels.to_string(), expected);
    }

    #[test]
    fn labels_print_as_prometheus_prints_them() {
        check(&[], "{}");
        check(&[("__name__", "up")], "up");
        check(&[("job", "node"), ("__name__", "up"), ("instance", "a:1")], r#"up{instance="a:1", job="node"}"#);
        check(&[("b", "x\"y\\z\nw")], r#"{b="x\"y\\z\nw"}"#);
    }

    #[test]
    fn the_only_label_is_that_of_all_sets_together() {
        let check = |sets: &[&[(&str, &str)]], expected: Option<&str>| {
            let sets: Vec<Labels> = sets.iter().map(|pairs| pairs.iter().copied().collect()).collect();
            assert_eq!(Labels::only_name(&sets), expected, "{sets:?}");
        };
        check(&[&[("a", "1")], &[("a", "2")]], Some("a"));
        check(&[&[("a", "1")], &[]], Some("a"));
        check(&[&[("a", "1")], &[("b", "2")]], None);
        check(&[&[("a", "1")], &[("a", "2"), ("b", "2")]], None);
        check(&[&[]], None);
        check(&[], None);
    }

    #[test]
    fn the_last_of_a_repeated_name_stays() {
        check(&[("a", "1"), ("b", "2"), ("a", "3")], r#"{a="3", b="2"}"#);
    }

    #[test]
    fn equal_label_sets_are_one_set() {
        let mut interner = Interner::default();
        let labels = || -> Labels { [("__name__", "up"), ("job", "node")].into_iter().collect() };
        let (first, again) = (interner.intern_labels(&labels()), interner.intern_labels(&labels()));
        assert!(first == labels() && Arc::ptr_eq(&first.0, &again.0));
        let other = interner.intern_labels(&[("job", "node")].into_iter().collect());
        assert!(Arc::ptr_eq(&first.0[1].1, &other.0[0].1), "different sets share their texts");
        drop((first, again));
        interner.sweep();
        assert_eq!((interner.sets.len(), interner.len()), (1, 2));
        drop(other);
        for _ in 0..5_000 {
            interner.sweep_if_grown();
            interner.intern("x");
            interner.intern(&interner.len().to_string());
        }
        assert!(interner.len() < 2_000);
    }

    #[test]
    fn texts_are_kept_once_and_swept_when_unused() {
        let mut interner = Interner::default();
        let first = interner.intern("checkout");
        assert!(Arc::ptr_eq(&first, &interner.intern("checkout")));
        interner.sweep();
        assert_eq!(interner.len(), 1);
        drop(first);
        interner.sweep();
        assert!(interner.is_empty());
    }
}
