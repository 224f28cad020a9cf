//! What is marked on the time axes of a dashboard: asked like a panel that nobody sees, so that all that holds for panels
//! holds for it.

use crate::dom::RwSignal;
use crate::state::session::Session;
use dashboard::annotation::{Annotation, Event};
use dashboard::interpolate::Scope;
use dashboard::model::Dashboard;
use engine::{PanelId, PanelSpec, QuerySpec, Refine};
use frame::calcs::Calc;
use std::sync::Arc;

/// The annotations of the dashboard on the page.
#[derive(Clone)]
pub struct Annotations {
    pub list: Arc<Vec<Annotation>>,
    /// Whether each is shown.
    pub shown: Vec<RwSignal<bool>>,
    /// All that happened, as far as it is known.
    pub marks: RwSignal<Arc<Vec<Mark>>>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Which annotation tells it.
    pub source: usize,
    pub event: Event,
}

/// The server gives no more points than this.
const MOST_POINTS: u32 = 11_000;
/// The distance of points where the annotation does not say it; Grafana's.
const STEP: &str = "60s";

impl Annotations {
    /// Those of `dashboard`; none where it has none.
    pub fn of(dashboard: &Dashboard) -> Option<Self> {
        let list = &dashboard.annotations;
        (!list.is_empty()).then(|| Self {
            list: Arc::new(list.clone()),
            shown: list.iter().map(|annotation| RwSignal::new(annotation.enabled)).collect(),
            marks: RwSignal::default(),
        })
    }

    /// What the engine is asked for those that are shown.
    pub fn specs(&self, scope: &Scope, session: Session) -> Vec<PanelSpec> {
        let shown = self.list.iter().zip(&self.shown).enumerate().filter(|(_, (_, shown))| shown.get());
        shown.map(|(index, (annotation, _))| spec(index, annotation, scope, session)).collect()
    }
}

/// Names the panel nobody sees.
pub fn panel_id(index: usize) -> PanelId {
    PanelId::from(format!("annotations/{index}"))
}

fn spec(index: usize, annotation: &Annotation, scope: &Scope, session: Session) -> PanelSpec {
    let query = QuerySpec {
        ref_id: "Anno".to_owned(),
        expr: annotation.expr.clone(),
        interval: Some(annotation.step.clone().unwrap_or_else(|| STEP.to_owned())),
        ..QuerySpec::default()
    };
    PanelSpec {
        id: panel_id(index),
        source: session.source_uid(annotation.datasource.resolve(scope).as_deref()),
        queries: vec![query],
        max_data_points: Some(MOST_POINTS),
        // With a calc, the points are those of the step that is asked for and no others.
        calcs: vec![Calc::LastNotNull],
        refine: Some(Refine::Panel),
        ..PanelSpec::default()
    }
}
