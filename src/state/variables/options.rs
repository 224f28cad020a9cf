//! What a variable offers: asked of a data source, listed in the file, or known from the configuration.

use crate::parts;
use crate::protocol::Texts;
use crate::state::session::Session;
use dashboard::interpolate::Scope;
use dashboard::model::{SourceRef, Variable, VariableKind, VariableOption};
use frame::TimeRange;
use std::cell::RefCell;
use std::future::ready;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

/// What a variable offers, or why it does not.
pub type Offered = Result<Vec<VariableOption>, Lack>;

/// Why a variable offers nothing.
#[derive(Clone, Debug)]
pub struct Lack {
    /// For the user.
    pub words: String,
    /// Whether asking again may help.
    pub passes: bool,
}

impl From<String> for Lack {
    /// What stays so.
    fn from(words: String) -> Self {
        Self { words, passes: false }
    }
}

/// Asks data sources, and remembers what they said: where one variable changes, the others are not asked again.
pub struct Asker {
    pub(super) session: Session,
    pub(super) answers: RefCell<Vec<Known>>,
}

/// What a data source said.
pub(super) struct Known {
    pub source: String,
    pub of: Texts,
    /// Over which range; none where that of the page makes no difference.
    pub range: Option<TimeRange>,
    pub texts: Vec<Arc<str>>,
}

impl Asker {
    pub fn new(session: Session) -> Self {
        Self { session, answers: RefCell::default() }
    }

    /// Forgets what was answered.
    pub fn forget(&self) {
        self.answers.borrow_mut().clear();
    }

    /// The uid of the configured data source that is meant.
    pub fn source(&self, source: &SourceRef, scope: &Scope) -> String {
        self.session.source_uid(source.resolve(scope).as_deref())
    }

    /// What `variable` offers, or why it does not; `say_loading` is called if that takes a while. Dropping it ends the
    /// question.
    pub fn options(
        self: Rc<Self>,
        variable: &Variable,
        scope: &Scope,
        range: TimeRange,
        say_loading: Box<dyn Fn()>,
    ) -> Pin<Box<dyn Future<Output = Offered>>> {
        let known = match &variable.kind {
            VariableKind::DataSource { plugin, .. } if !SourceRef::is_promql(plugin) => {
                Err(format!("No data source of the kind “{plugin}” is supported").into())
            }
            VariableKind::DataSource { regex, .. } if regex.is_empty() => Ok(self.data_sources(&|_| true)),
            VariableKind::Query { .. } | VariableKind::DataSource { .. } => {
                return Box::pin(self.asked(variable.clone(), scope.clone(), range, say_loading));
            }
            VariableKind::Unsupported { kind } => {
                Err(format!("Variables of the kind “{kind}” are not supported: its saved value is used").into())
            }
            _ => Ok(variable.options.clone()),
        };
        Box::pin(ready(known))
    }

    async fn asked(
        self: Rc<Self>,
        variable: Variable,
        scope: Scope,
        range: TimeRange,
        say_loading: Box<dyn Fn()>,
    ) -> Offered {
        match parts::asked_options(self, variable, scope, range, say_loading).await {
            Ok(offered) => offered.await,
            Err(_) => Err(format!("{}. {}", parts::MISSING, parts::MISSING_ADVICE).into()),
        }
    }

    /// The configured data sources of such names, the default one first.
    pub(super) fn data_sources(&self, is_meant: &dyn Fn(&str) -> bool) -> Vec<VariableOption> {
        self.session.config.with_value(|config| {
            let meant = config.default_source_first().filter(|source| is_meant(&source.name));
            meant.map(|source| VariableOption { label: source.name.clone(), value: source.uid.clone() }).collect()
        })
    }
}
