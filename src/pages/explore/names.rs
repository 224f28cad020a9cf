//! What a data source knows by name: metrics, labels, values. Asked when it is first wanted, and kept while the page is
//! open.

use super::asked::Asked;
use crate::browser::clock;
use crate::dom::{ArcRwSignal, StoredValue};
use crate::protocol::{Help, Metrics, Question, Reply, Texts};
use borsh::BorshDeserialize;
use engine::ErrorCard;
use frame::{Labels, Millis};
use promapi::metadata::LabelCounts;
use std::sync::Arc;

/// A list of this length was cut by the question's limit.
pub const MOST_NAMES: usize = 10_000;
/// The same of the series whose labels are counted.
pub const MOST_SERIES: u32 = 5_000;
/// Answers to more questions are not kept.
const MOST_KEPT: usize = 100;
/// Older answers are asked for again when they are wanted.
const FRESH_MILLIS: i64 = 5 * 60_000;

/// What came of a question.
#[derive(Clone, Debug)]
pub enum Answer<T> {
    Awaited,
    There(Arc<T>),
    Failed(ErrorCard),
}

impl<T> Answer<T> {
    /// What was answered, if something was.
    pub fn there(&self) -> Option<&Arc<T>> {
        match self {
            Self::There(there) => Some(there),
            Self::Awaited | Self::Failed(_) => None,
        }
    }
}

/// Names as a list.
pub type List = Vec<Arc<str>>;

/// What is known by name; copying it copies handles.
#[derive(Clone, Copy)]
pub struct Names {
    asked: Asked,
    texts: Kept<Texts, List>,
    help: Kept<(), Vec<Help>>,
    labels: Kept<String, LabelCounts>,
}

impl Names {
    /// Of the source that is chosen.
    pub fn new(asked: Asked) -> Self {
        Self { asked, texts: Kept::new(), help: Kept::new(), labels: Kept::new() }
    }

    /// The names of all metrics, or where they are too many of those with `typed` in them.
    pub fn metrics(self, typed: &str) -> Answer<List> {
        let named = |matcher| Texts::LabelValues { label: Labels::METRIC_NAME.to_owned(), matcher };
        let all = self.texts(named(None));
        let is_cut = matches!(&all, Answer::There(names) if names.len() >= MOST_NAMES);
        let is_word =
            typed.len() > 1 && typed.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte));
        if !is_cut || !is_word {
            return all;
        }
        let some = self.texts(named(Some(format!("{{__name__=~\"(?i:.*{typed}.*)\"}}"))));
        // What is there shows until the rest has come.
        if some.there().is_some() { some } else { all }
    }

    /// Names or values of labels.
    pub fn texts(self, of: Texts) -> Answer<List> {
        let range = self.asked.time_range();
        let question = |source: String| Question::Texts { source, of: of.clone(), range };
        let read = |reply| match reply {
            Reply::Texts(texts) => Some(texts),
            Reply::Values(_) | Reply::Encoded(_) => None,
        };
        self.texts.get(self.asked, of.clone(), question, read)
    }

    /// Type and help of the metrics.
    pub fn help(self) -> Answer<Vec<Help>> {
        let question = |source: String| Question::Metrics { source, of: Metrics::Help };
        self.help.get(self.asked, (), question, decoded)
    }

    /// The labels of the series that match `selector`.
    pub fn labels(self, selector: &str) -> Answer<LabelCounts> {
        let of = Metrics::Labels { selector: selector.to_owned(), range: self.asked.time_range() };
        let question = |source: String| Question::Metrics { source, of };
        self.labels.get(self.asked, selector.to_owned(), question, decoded)
    }
}

fn decoded<T: BorshDeserialize>(reply: Reply) -> Option<T> {
    match reply {
        Reply::Encoded(bytes) => borsh::from_slice(&bytes).ok(),
        Reply::Values(_) | Reply::Texts(_) => None,
    }
}

/// Answers by source and by what was asked.
struct Kept<K: 'static, T: Send + Sync + 'static>(StoredValue<Vec<Entry<K, T>>>);

struct Entry<K, T> {
    source: String,
    key: K,
    asked_at: Millis,
    answer: ArcRwSignal<Answer<T>>,
}

impl<K, T: Send + Sync> Clone for Kept<K, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, T: Send + Sync> Copy for Kept<K, T> {}

impl<K: PartialEq, T: Send + Sync> Kept<K, T> {
    fn new() -> Self {
        Self(StoredValue::new(Vec::new()))
    }

    /// The answer as it is now; who reads it in an effect is run again when it comes.
    fn get(
        self,
        asked: Asked,
        key: K,
        question: impl FnOnce(String) -> Question,
        read: impl FnOnce(Reply) -> Option<T> + 'static,
    ) -> Answer<T> {
        let source = asked.source.get();
        let now = clock::now();
        let found = self.0.try_update_value(|kept| {
            let known = kept.iter_mut().find(|entry| entry.source == source && entry.key == key);
            if let Some(known) = known {
                let is_old = now.since(known.asked_at) > FRESH_MILLIS;
                if is_old {
                    known.asked_at = now;
                }
                return (known.answer.clone(), is_old);
            }
            let answer = ArcRwSignal::new(Answer::Awaited);
            kept.truncate(MOST_KEPT - 1);
            kept.insert(0, Entry { source: source.clone(), key, asked_at: now, answer: answer.clone() });
            (answer, true)
        });
        // The page may be on its way out.
        let Some((answer, is_due)) = found else { return Answer::Awaited };
        if is_due {
            let question = question(source);
            let answer = answer.clone();
            leptos::task::spawn_local(async move {
                let came = match asked.session.ask(question).await {
                    Ok(reply) => read(reply).map(|there| Answer::There(Arc::new(there))),
                    Err(error) => Some(Answer::Failed(error)),
                };
                if let Some(came) = came {
                    answer.set(came);
                }
            });
        }
        answer.with(|answer| match answer {
            Answer::Awaited => Answer::Awaited,
            Answer::There(there) => Answer::There(there.clone()),
            Answer::Failed(error) => Answer::Failed(error.clone()),
        })
    }
}
