//! A dashboard on the page: fetched, imported, and turned into what the engine is asked for.

use crate::parts;
use crate::state::catalog::{self, Missing};
use crate::state::sources::{self, source_of};
use config::Config;
use dashboard::import::{self, Document, ImportError, Imported, Kind, Note};
use dashboard::interpolate::Scope;
use dashboard::model::{Dashboard, GridPos, LegendFormat, Panel, PanelKind, QueryMode, Target};
use dashboard::{Patterns, grid};
use engine::{PanelId, PanelSpec, QuerySource, QuerySpec};
use frame::SortedSet;
use frame::calcs::Calc;
use std::sync::Arc;
use wasm_split_helpers::SplitLoaderError;

/// A dashboard, and what of its file is not supported.
pub struct Loaded {
    pub dashboard: Dashboard,
    notes: Vec<Note>,
}

impl Loaded {
    /// What of `panel` is not supported, each with its place in the file.
    pub fn notes_of(&self, panel: &Panel) -> Vec<String> {
        let inside = |note: &&Note| {
            let rest = note.path.strip_prefix(&panel.path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.notes.iter().filter(inside).map(|note| format!("{}: {}", note.path, note.what)).collect()
    }
}

/// Fetches and imports the dashboard `uid`.
pub async fn load(index: &str, uid: &str) -> Result<Arc<Loaded>, Missing> {
    let (entry, text) = catalog::load_dashboard(index, uid).await?;
    let document = import::parse(&text).map_err(|error| unreadable(&entry.file, &error))?;
    let imported = read(document)
        .await
        .map_err(|_| Missing { title: parts::MISSING.to_owned(), advice: parts::MISSING_ADVICE.to_owned() })?;
    Ok(Arc::new(Loaded { dashboard: imported.dashboard, notes: imported.notes }))
}

/// Reads a document of any schema. What lifts older ones and schema v2, and the engine for regular expressions, are
/// loaded when they are needed.
async fn read(mut document: Document) -> Result<Imported, SplitLoaderError> {
    if document.kind() == Kind::V2 {
        document = parts::migrate_v2(document).await?;
    }
    if document.kind() == Kind::Legacy {
        document = parts::migrate_legacy(document).await?;
    }
    let patterns = if document.has_patterns() { parts::patterns().await? } else { Patterns::NONE };
    Ok(import::read_with(document, patterns))
}

fn unreadable(file: &str, error: &ImportError) -> Missing {
    Missing {
        title: format!("{file} cannot be opened: {error}"),
        advice: "Correct the file, or export the dashboard from Grafana again.".to_owned(),
    }
}

/// The rows that the file has closed.
pub fn closed_rows(dashboard: &Dashboard) -> SortedSet<u32> {
    let rows = dashboard.panels.iter().filter(|panel| matches!(panel.kind, PanelKind::Row { collapsed: true }));
    rows.map(|row| row.id).collect()
}

/// The panels outside closed rows, or the one that is shown alone.
pub fn visible<'a>(dashboard: &'a Dashboard, closed: &SortedSet<u32>, solo: Option<u32>) -> Vec<&'a Panel> {
    if let Some(panel) = solo.and_then(|id| dashboard.panel(id)) {
        return vec![panel];
    }
    placed(dashboard, closed).into_iter().map(|(panel, _)| panel).collect()
}

/// The panels outside closed rows with their places.
pub fn placed<'a>(dashboard: &'a Dashboard, closed: &SortedSet<u32>) -> Vec<(&'a Panel, GridPos)> {
    let placed = grid::layout(&dashboard.panels, |row| closed.contains(&row.id));
    placed.iter().filter_map(|placed| Some((dashboard.panels.get(placed.index)?, placed.grid))).collect()
}

/// What the engine is asked for the panels `shown`, and for those whose results they show.
pub fn specs(dashboard: &Dashboard, shown: &[&Panel], scope: &Scope, config: &Config) -> Vec<PanelSpec> {
    let mut specs: Vec<PanelSpec> = shown.iter().filter_map(|panel| spec(panel, scope, config)).collect();
    let targets = shown.iter().flat_map(|panel| &panel.targets);
    let behind: SortedSet<u32> = targets.filter(|target| !target.hide).filter_map(|target| target.panel).collect();
    for panel in behind.iter().filter_map(|id| dashboard.panel(*id)) {
        let asked = asked(panel, Vec::new(), false, scope, config);
        if !specs.iter().any(|known| known.id == asked.id) {
            specs.push(asked);
        }
    }
    specs
}

/// What the engine is asked for `panel`; none for one without queries.
fn spec(panel: &Panel, scope: &Scope, config: &Config) -> Option<PanelSpec> {
    let (calcs, stack) = match &panel.kind {
        PanelKind::TimeSeries(options) => {
            let stacked = panel.fields.defaults.draw.stacking.mode != dashboard::model::StackingMode::None;
            (calcs(&options.legend.calcs), stacked)
        }
        PanelKind::Stat(options) => (calcs(&options.reduce.calcs), false),
        PanelKind::Table(_) => (vec![Calc::LastNotNull], false),
        _ => return None,
    };
    Some(asked(panel, calcs, stack, scope, config))
}

fn asked(panel: &Panel, calcs: Vec<Calc>, stack: bool, scope: &Scope, config: &Config) -> PanelSpec {
    let targets: Vec<&Target> = panel.targets.iter().filter(|target| !target.hide).collect();
    let instant =
        matches!(panel.kind, PanelKind::Table(_)) || targets.iter().all(|target| target.mode == QueryMode::Instant);
    PanelSpec {
        id: PanelId::from(panel.id.to_string()),
        source: sources::default_uid(config),
        queries: targets.iter().map(|target| query(target, source_of(panel, target, scope, config))).collect(),
        max_data_points: panel.max_data_points,
        min_interval: panel.interval.clone(),
        shape: if instant { engine::Shape::Instant } else { engine::Shape::Range },
        stack,
        calcs,
        refine: None,
    }
}

fn query(target: &Target, source: QuerySource) -> QuerySpec {
    QuerySpec {
        ref_id: target.ref_id.clone(),
        source,
        expr: target.expr.clone(),
        legend: match &target.legend {
            LegendFormat::Auto => "__auto".to_owned(),
            LegendFormat::Verbose => String::new(),
            LegendFormat::Template(template) => template.clone(),
        },
        instant: target.mode == QueryMode::Instant,
        interval: target.interval.clone(),
    }
}

fn calcs(ids: &[String]) -> Vec<Calc> {
    ids.iter().filter_map(|id| Calc::parse(id)).collect()
}

/// Heads of a legend's columns.
pub fn calc_names(ids: &[String]) -> Vec<String> {
    calcs(ids).into_iter().map(|calc| calc.label().into_owned()).collect()
}
