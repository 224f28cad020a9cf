//! What a variable offers: asked of a data source, listed in the file, or known from the configuration.

use crate::parts;
use crate::protocol::{Question, Reply, Texts};
use crate::state::session::Session;
use dashboard::interpolate::{Scope, Value};
use dashboard::model::{Refresh, SourceRef, Variable, VariableKind, VariableOption};
use dashboard::variable_options::{self, Extract};
use dashboard::variable_query::VariableQuery;
use frame::TimeRange;
use leptos::prelude::WithValue;
use std::cell::RefCell;
use std::sync::Arc;

/// Asks data sources, and remembers what they said: where one variable changes, the others are not asked again.
pub(super) struct Asker {
    session: Session,
    /// The range over which options are asked for that do not follow it.
    at_start: TimeRange,
    answers: RefCell<Vec<(Question, Vec<Arc<str>>)>>,
}

/// So many answers are remembered.
const MOST_ANSWERS: usize = 50;

impl Asker {
    pub fn new(session: Session, at_start: TimeRange) -> Self {
        Self { session, at_start, answers: RefCell::default() }
    }

    /// The uid of the configured data source that is meant.
    pub fn source(&self, source: &SourceRef, scope: &Scope) -> String {
        self.session.source_uid(source.resolve(scope).as_deref())
    }

    /// What `variable` offers, or why it does not; `say_loading` is called if that takes a while.
    pub async fn options(
        &self,
        variable: &Variable,
        scope: &Scope,
        range: TimeRange,
        say_loading: impl Fn(),
    ) -> Result<Vec<VariableOption>, String> {
        match &variable.kind {
            VariableKind::Query { query, datasource, regex, sort, refresh } => {
                check_source(datasource)?;
                let range = if *refresh == Refresh::OnTimeRange { range } else { self.at_start };
                let scope = &with_range(scope, range);
                let of = texts(query, scope).ok_or("It has no query")?;
                let source = self.source(datasource, scope);
                let texts = self.texts(Question::Texts { source, of, range }, say_loading).await?;
                let extract = extract(&scope.interpolate(regex, "raw")).await?;
                let texts = texts.iter().map(|text| text.to_string());
                Ok(variable_options::from_texts(texts, extract.as_ref(), *sort))
            }
            VariableKind::DataSource { plugin, regex } => {
                if !SourceRef::is_promql(plugin) {
                    return Err(format!("No data source of the kind “{plugin}” is supported"));
                }
                let extract = extract(&scope.interpolate(regex, "raw")).await?;
                Ok(self.data_sources(extract.as_ref()))
            }
            VariableKind::Unsupported { kind } => {
                Err(format!("Variables of the kind “{kind}” are not supported: its saved value is used"))
            }
            _ => Ok(variable.options.clone()),
        }
    }

    async fn texts(&self, question: Question, say_loading: impl Fn()) -> Result<Vec<Arc<str>>, String> {
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

    /// The configured data sources that `extract` matches by their name.
    fn data_sources(&self, extract: Option<&Extract>) -> Vec<VariableOption> {
        let matches = |name: &str| {
            let taken = || variable_options::from_texts([name.to_owned()], extract, Default::default());
            extract.is_none() || !taken().is_empty()
        };
        self.session.config.with_value(|config| {
            let matching = config.data_sources.iter().filter(|source| matches(&source.name));
            matching.map(|source| VariableOption { label: source.name.clone(), value: source.uid.clone() }).collect()
        })
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
