//! What stands in for a visualization that is not drawn yet: the answers to its queries all the same.

use dashboard::model::{GraphMode, QueryMode, TargetFormat};
use dashboard::model::{Panel, PanelKind, ReduceOptions, SourceRef, StatOptions, Target, ValueText, Visualization};

/// As what the answers are shown of a panel that cannot be drawn as it says.
#[derive(Clone, Debug, PartialEq)]
pub enum StandIn {
    /// As numbers: those that it would draw.
    Values(Box<StatOptions>),
    /// As a table.
    Table,
}

impl StandIn {
    /// What stands in for `panel`; none for one that can be drawn, or that asks no data source.
    pub fn of(panel: &Panel) -> Option<Self> {
        let PanelKind::Unsupported { kind } = &panel.kind else { return None };
        if !panel.targets.iter().any(|target| is_asked(panel, target)) {
            return None;
        }
        let reduce = match kind {
            Visualization::Gauge(options) => &options.reduce,
            Visualization::BarGauge(options) => &options.reduce,
            Visualization::PieChart(options) => &options.reduce,
            _ => return Some(Self::Table),
        };
        Some(Self::Values(Box::new(values(reduce))))
    }
}

/// Numbers with their names, and nothing around them.
fn values(reduce: &ReduceOptions) -> StatOptions {
    StatOptions {
        reduce: reduce.clone(),
        graph: GraphMode::None,
        text: ValueText::ValueAndName,
        ..StatOptions::default()
    }
}

/// Whether a query of the panel is one for Prometheus, or what another panel is answered.
fn is_asked(panel: &Panel, target: &Target) -> bool {
    !target.hide
        && match panel.source_of(target) {
            SourceRef::Internal(_) => target.panel.is_some() || target.expression.is_some(),
            SourceRef::Named { kind, .. } => SourceRef::is_promql(kind) && !target.expr.is_empty(),
            SourceRef::Default | SourceRef::Mixed => !target.expr.is_empty(),
        }
}

/// Whether a panel's answers are series over time, which make one table together.
pub fn is_over_time(panel: &Panel) -> bool {
    let is_series = |target: &Target| target.format != TargetFormat::Table && target.mode != QueryMode::Instant;
    panel.targets.iter().filter(|target| !target.hide).all(is_series)
}
