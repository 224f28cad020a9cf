//! What a data source is asked for a variable. Dashboards whose variables are all written down load none of this.

use super::options::{Asker, Known, Lack, Offered};
use crate::parts;
use crate::protocol::{Question, Reply, Texts};
use dashboard::interpolate::Scope;
use dashboard::model::{SourceRef, Variable, VariableKind};
use dashboard::resolution::follows_range;
use dashboard::variable_options::{self, Extract, filled_regex};
use dashboard::variable_query;
use frame::TimeRange;
use std::rc::Rc;
use std::sync::Arc;

/// So many answers are remembered.
const MOST_ANSWERS: usize = 50;

const AGAIN_BY_ITSELF: &str = "It is asked again by itself.";
const AGAIN_BY_HAND: &str = "“Refresh now” asks again.";

/// What `variable` offers, or why it does not; `say_loading` is called if that takes a while.
pub async fn offered(
    asker: Rc<Asker>,
    variable: Variable,
    scope: Scope,
    range: TimeRange,
    say_loading: Box<dyn Fn()>,
) -> Offered {
    match &variable.kind {
        VariableKind::Query { query, datasource, regex, sort, .. } => {
            check_source(datasource)?;
            let source = asker.source(datasource, &scope);
            let scope = variable_query::with_built_ins(&scope, range, asker.scrape_interval_millis(&source));
            let of = query.texts(&scope).ok_or_else(|| "It has no query".to_owned())?;
            let texts = asker.texts(source, of, range, follows_range(&variable), say_loading).await?;
            let extract = extract(&filled_regex(regex, &scope)).await?;
            let texts = texts.iter().map(|text| text.to_string());
            Ok(variable_options::from_texts(texts, extract.as_ref(), *sort))
        }
        VariableKind::DataSource { regex, .. } => {
            let extract = extract(&filled_regex(regex, &scope)).await?;
            let taken =
                |name: &str| variable_options::from_texts([name.to_owned()], extract.as_ref(), Default::default());
            Ok(asker.data_sources(&|name| !taken(name).is_empty()))
        }
        _ => Ok(variable.options),
    }
}

impl Asker {
    fn scrape_interval_millis(&self, source: &str) -> i64 {
        let configured = self.session.config.with_value(|config| {
            let source = config.data_sources.iter().find(|known| known.uid == source)?;
            i64::try_from(source.scrape_interval_millis).ok()
        });
        configured.unwrap_or(engine::SourceSettings::default().scrape_interval_millis)
    }

    /// The texts of a data source over `range`. What it said before does for any range, unless they are those `of_range`.
    async fn texts(
        &self,
        source: String,
        of: Texts,
        range: TimeRange,
        of_range: bool,
        say_loading: Box<dyn Fn()>,
    ) -> Result<Vec<Arc<str>>, Lack> {
        let kept_for = of_range.then_some(range);
        let is_known = |known: &&Known| known.source == source && known.of == of && known.range == kept_for;
        if let Some(known) = self.answers.borrow().iter().find(is_known) {
            return Ok(known.texts.clone());
        }
        say_loading();
        let question = Question::Texts { source: source.clone(), of: of.clone(), range };
        let texts = match self.session.ask(question).await {
            Ok(Reply::Texts(texts)) => texts,
            Ok(_) => Vec::new(),
            Err(error) => {
                let again = if error.retryable { AGAIN_BY_ITSELF } else { AGAIN_BY_HAND };
                let words = format!("{}: {} {} {again}", error.title, error.cause, error.advice);
                return Err(Lack { words, passes: error.retryable });
            }
        };
        let mut answers = self.answers.borrow_mut();
        if answers.len() == MOST_ANSWERS {
            answers.remove(0);
        }
        answers.push(Known { source, of, range: kept_for, texts: texts.clone() });
        Ok(texts)
    }
}

/// Whether a data source may be asked what a variable wants to know.
fn check_source(source: &SourceRef) -> Result<(), String> {
    match source {
        SourceRef::Named { kind, .. } if !SourceRef::is_promql(kind) => {
            Err(format!("It asks a data source of the kind “{kind}”, which is not supported: its saved value is used"))
        }
        SourceRef::Internal(name) => Err(format!("It asks {name}, which is not supported: its saved value is used")),
        _ => Ok(()),
    }
}

/// What `regex` takes of an answer; none for an empty one.
async fn extract(regex: &str) -> Result<Option<Extract>, String> {
    if regex.is_empty() {
        return Ok(None);
    }
    let extract = parts::extract(regex.to_owned()).await;
    extract.map_err(|_| format!("{}. {}", parts::MISSING, parts::MISSING_ADVICE))?.map(Some)
}
