//! The label sets of series, interned.

use frame::{Interner, Labels};
use std::sync::Arc;

type Pair = (Arc<str>, Arc<str>);

/// Reads one label set after the other.
///
/// Series come sorted by their labels, so nearly every name and most values are those the series before had at the
/// same position: comparing with that comes first, hashing only after.
#[derive(Debug)]
pub(super) struct LabelReader {
    interner: Interner,
    previous: Vec<Pair>,
    pairs: Vec<Pair>,
    name: Option<Arc<str>>,
}

impl LabelReader {
    pub(super) fn new(interner: Interner) -> Self {
        Self { interner, previous: Vec::new(), pairs: Vec::new(), name: None }
    }

    /// Forgets what was read of the current set.
    pub(super) fn clear(&mut self) {
        self.pairs.clear();
        self.name = None;
    }

    /// The name of the next label.
    pub(super) fn name(&mut self, text: &str) {
        let previous = self.previous.get(self.pairs.len()).map(|(name, _)| name);
        self.name = Some(share(&mut self.interner, previous, text));
    }

    /// The value of the label just named.
    pub(super) fn value(&mut self, text: &str) {
        let Some(name) = self.name.take() else { return };
        let previous = self.previous.get(self.pairs.len()).map(|(_, value)| value);
        self.pairs.push((name, share(&mut self.interner, previous, text)));
    }

    /// The set just read. The next one begins.
    pub(super) fn finish(&mut self) -> Labels {
        self.previous = std::mem::take(&mut self.pairs);
        Labels::new(self.previous.clone())
    }

    pub(super) fn into_interner(self) -> Interner {
        self.interner
    }
}

fn share(interner: &mut Interner, previous: Option<&Arc<str>>, text: &str) -> Arc<str> {
    match previous {
        Some(previous) if **previous == *text => previous.clone(),
        _ => interner.intern(text),
    }
}
