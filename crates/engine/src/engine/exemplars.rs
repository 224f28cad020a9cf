//! Which exemplars belong to what a panel shows.

use super::Engine;
use crate::PanelId;
use frame::{Step, TimeRange};

/// What a data source is to be asked for exemplars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExemplarQuery {
    /// Its uid.
    pub source: String,
    /// An expression that selects all series whose exemplars are wanted. It is for the selectors in it only.
    pub expr: String,
    /// The range that the panel shows.
    pub range: TimeRange,
    /// The distance between the points that the panel has asked for.
    pub step: Step,
}

impl Engine {
    /// What to ask for the exemplars behind the queries `ref_ids`, as far as they are answered, of the data source that
    /// has answered the first of them. None where nothing is shown yet.
    #[must_use]
    pub fn exemplar_query(&self, id: &PanelId, ref_ids: &[String]) -> Option<ExemplarQuery> {
        let data = self.find(id)?.state.data()?;
        let wanted = || data.queries.iter().filter(|query| ref_ids.contains(&query.ref_id));
        let source = &wanted().next()?.key.source;
        let mut exprs: Vec<&str> = Vec::new();
        for query in wanted().filter(|query| query.key.source == *source) {
            if !exprs.contains(&&*query.expr) {
                exprs.push(&query.expr);
            }
        }
        Some(ExemplarQuery { source: source.clone(), expr: sum(&exprs), range: data.range, step: data.step })
    }
}

/// One expression with the selectors of all: nothing is computed for exemplars, and a sum may be of numbers and vectors.
/// Each ends its line, as it may end in a comment.
fn sum(exprs: &[&str]) -> String {
    match exprs {
        [only] => (*only).to_owned(),
        several => several.iter().map(|expr| ["(", expr, "\n)"].concat()).collect::<Vec<_>>().join(" + "),
    }
}
