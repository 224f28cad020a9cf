//! A dashboard's variables: their options asked for, their values chosen from the URL, the file, or the options.

use crate::parts;
use crate::protocol::{Question, Reply, Texts};
use crate::state::session::Session;
use dashboard::interpolate::Scope;
use dashboard::model::{ALL, Hide, Selection, Variable, VariableKind, VariableOption};
use dashboard::variable_options::Extract;
use dashboard::variable_query::VariableQuery;
use dashboard::{variable_options, variables};
use frame::TimeRange;
use leptos::prelude::WithValue;

/// A dashboard's variables with their options and what is chosen of them.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// In the order of the dashboard.
    pub variables: Vec<Choice>,
    /// The values that queries and titles get.
    pub scope: Scope,
}

/// One variable, as it is offered to the user.
#[derive(Clone, Debug)]
pub struct Choice {
    pub name: String,
    pub label: String,
    pub hide: Hide,
    pub options: Vec<VariableOption>,
    pub chosen: Selection,
    /// Why there are no options, for the user.
    pub problem: Option<String>,
}

impl Choice {
    /// Whether there is anything to choose.
    pub fn is_shown(&self) -> bool {
        self.hide != Hide::Variable && (!self.options.is_empty() || self.problem.is_some())
    }
}

/// Asks for the options of all `variables`, each after those it mentions. `asked` is what the URL says, one list per
/// variable.
pub async fn resolve(session: Session, variables: &[Variable], asked: &[Vec<String>], range: TimeRange) -> Resolved {
    let order = variables::resolution_order(variables);
    let mut scope = Scope::default();
    let mut choices: Vec<Option<Choice>> = variables.iter().map(|_| None).collect();
    for &index in order.order.iter().chain(&order.cyclic) {
        let (Some(variable), Some(asked), Some(place)) =
            (variables.get(index), asked.get(index), choices.get_mut(index))
        else {
            continue;
        };
        let cyclic = order.cyclic.contains(&index);
        let offered = if cyclic { Err(cycle(variable)) } else { options(session, variable, &scope, range).await };
        let (options, problem) = match offered {
            Ok(options) => (options, None),
            Err(problem) => (variable.options.clone(), Some(problem)),
        };
        let chosen = choose(variable, asked, &options);
        variables::put(&mut scope, variable, &options, &chosen, range.millis());
        *place = Some(Choice {
            name: variable.name.clone(),
            label: if variable.label.is_empty() { variable.name.clone() } else { variable.label.clone() },
            hide: variable.hide,
            options: with_all(variable, options),
            chosen,
            problem,
        });
    }
    Resolved { variables: choices.into_iter().flatten().collect(), scope }
}

fn cycle(variable: &Variable) -> String {
    format!("{} depends on itself through other variables: its saved value is used", variable.name)
}

async fn options(
    session: Session,
    variable: &Variable,
    scope: &Scope,
    range: TimeRange,
) -> Result<Vec<VariableOption>, String> {
    match &variable.kind {
        VariableKind::Query { query, datasource, regex, sort, .. } => {
            let of = texts(query, scope).ok_or_else(|| {
                format!("{}: queries for whole series are not supported yet; its saved value is used", variable.name)
            })?;
            let question =
                Question::Texts { source: session.source_uid(datasource.resolve(scope).as_deref()), of, range };
            let texts = match session.ask(question).await {
                Ok(Reply::Texts(texts)) => texts,
                Ok(_) => Vec::new(),
                Err(error) => return Err(format!("{}: {} {}", variable.name, error.cause, error.advice)),
            };
            let texts = texts.iter().map(|text| text.to_string());
            let regex = scope.interpolate(regex, "raw");
            let extract = match regex.is_empty() {
                true => None,
                false => Some(extract(regex).await.map_err(|error| format!("{}: {error}", variable.name))?),
            };
            Ok(variable_options::from_texts(texts, extract.as_ref(), *sort))
        }
        VariableKind::DataSource { .. } => Ok(session.config.with_value(|config| {
            let option =
                |source: &config::DataSource| VariableOption { label: source.name.clone(), value: source.uid.clone() };
            config.data_sources.iter().map(option).collect()
        })),
        _ => Ok(variable.options.clone()),
    }
}

/// What the data source is asked for; none for what it cannot be asked yet. Patterns of metric names match anywhere in
/// the name, as in Grafana.
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
        VariableQuery::Series { .. } => return None,
    })
}

/// What `regex` takes of an answer.
async fn extract(regex: String) -> Result<Extract, String> {
    parts::extract(regex).await.unwrap_or_else(|_| Err(format!("{}. {}", parts::MISSING, parts::MISSING_ADVICE)))
}

fn with_all(variable: &Variable, mut options: Vec<VariableOption>) -> Vec<VariableOption> {
    if variable.include_all && options.first().is_none_or(|first| first.value != ALL) {
        options.insert(0, VariableOption { label: "All".to_owned(), value: ALL.to_owned() });
    }
    options
}

/// The URL's values as they are, so that a link keeps its meaning; else the file's or the first that is offered.
fn choose(variable: &Variable, asked: &[String], options: &[VariableOption]) -> Selection {
    if asked.is_empty() {
        return variable_options::select(variable, options, &variable.current);
    }
    let value = |value: &String| if variable.include_all && value == "All" { ALL.to_owned() } else { value.clone() };
    Selection::of(asked.iter().map(value))
}
