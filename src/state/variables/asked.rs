//! What a data source is asked for a variable. Dashboards whose variables are all written down load none of this.

use super::options::{Asker, Offered};
use crate::parts;
use crate::protocol::{Question, Reply, Texts};
use dashboard::interpolate::{Scope, Value};
use dashboard::model::{Refresh, SourceRef, Variable, VariableKind};
use dashboard::variable_options::{self, Extract};
use dashboard::variable_query::VariableQuery;
use frame::TimeRange;
use std::rc::Rc;
use std::sync::Arc;

/// So many answers are remembered.
const MOST_ANSWERS: usize = 50;

/// What `variable` offers, or why it does not; `say_loading` is called if that takes a while.
pub async fn offered(
    asker: Rc<Asker>,
    variable: Variable,
    scope: Scope,
    range: TimeRange,
    say_loading: Box<dyn Fn()>,
) -> Offered {
    match &variable.kind {
        VariableKind::Query { query, datasource, regex, sort, refresh } => {
            check_source(datasource)?;
            let range = if *refresh == Refresh::OnTimeRange { range } else { asker.at_start };
            let scope = &with_range(&scope, range);
            let of = texts(query, scope).ok_or("It has no query")?;
            let source = asker.source(datasource, scope);
            let texts = asker.texts(Question::Texts { source, of, range }, say_loading).await?;
            let extract = extract(&scope.interpolate(regex, "raw")).await?;
            let texts = texts.iter().map(|text| text.to_string());
            Ok(variable_options::from_texts(texts, extract.as_ref(), *sort))
        }
        VariableKind::DataSource { regex, .. } => {
            let extract = extract(&scope.interpolate(regex, "raw")).await?;
            let taken =
                |name: &str| variable_options::from_texts([name.to_owned()], extract.as_ref(), Default::default());
            Ok(asker.data_sources(&|name| !taken(name).is_empty()))
        }
        _ => Ok(variable.options),
    }
}

impl Asker {
    async fn texts(&self, question: Question, say_loading: Box<dyn Fn()>) -> Result<Vec<Arc<str>>, String> {
        let known = |(asked, _): &&(Question, Vec<Arc<str>>)| *asked == question;
        if let Some((_, texts)) = self.answers.borrow().iter().find(known) {
            return Ok(texts.clone());
        }
        say_loading();
        let texts = match self.session.ask(question.clone()).await {
            Ok(Reply::Texts(texts)) => texts,
            Ok(_) => Vec::new(),
            Err(error) => return Err(format!("{}: {} {}", error.title, error.cause, error.advice)),
        };
        let mut answers = self.answers.borrow_mut();
        if answers.len() == MOST_ANSWERS {
            answers.remove(0);
        }
        answers.push((question, texts.clone()));
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

/// The variables a query may use, with the length of the range.
fn with_range(scope: &Scope, range: TimeRange) -> Scope {
    let mut scope = scope.clone();
    let (millis, secs) = (range.millis(), (range.millis() + 500) / 1_000);
    for (name, value) in
        [("__range", format!("{secs}s")), ("__range_s", secs.to_string()), ("__range_ms", millis.to_string())]
    {
        scope.set(name, Value::One(value));
    }
    scope
}

/// What the data source is asked for; none for nothing. Patterns of metric names match anywhere in the name, as in
/// Grafana.
fn texts(query: &VariableQuery, scope: &Scope) -> Option<Texts> {
    let named = |pattern: &str| {
        let pattern = scope.promql(pattern).replace('\\', "\\\\").replace('"', "\\\"");
        format!("{{__name__=~\".*(?:{pattern}).*\"}}")
    };
    Some(match query {
        VariableQuery::LabelValues { label, selector } => Texts::LabelValues {
            label: scope.promql(label),
            matcher: selector.as_ref().map(|selector| scope.promql(selector)),
        },
        VariableQuery::LabelNames { metric_pattern } => {
            Texts::LabelNames { matcher: metric_pattern.as_deref().map(named) }
        }
        VariableQuery::Metrics { pattern } => {
            Texts::LabelValues { label: "__name__".to_owned(), matcher: Some(named(pattern)) }
        }
        VariableQuery::QueryResult { expr } => Texts::Result { expr: scope.promql(expr) },
        VariableQuery::Series { selector } if selector.trim().is_empty() => return None,
        VariableQuery::Series { selector } => Texts::Series { matcher: scope.promql(selector) },
    })
}

/// What `regex` takes of an answer; none for an empty one.
async fn extract(regex: &str) -> Result<Option<Extract>, String> {
    if regex.is_empty() {
        return Ok(None);
    }
    let extract = parts::extract(regex.to_owned()).await;
    extract.map_err(|_| format!("{}. {}", parts::MISSING, parts::MISSING_ADVICE))?.map(Some)
}
