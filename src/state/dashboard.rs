//! A dashboard on the page: fetched, imported, and turned into what the engine is asked for.

use crate::parts;
use crate::state::catalog::{self, Entry, Found, Missing};
use crate::state::links::Namer;
use crate::state::panel::{PanelView, use_panel};
use crate::state::sources::{self, foreign, source_of};
use crate::state::stand_in::StandIn;
use crate::state::variables::Resolved;
use crate::state::{course, shaping};
use config::Config;
use dashboard::grid::Cell;
use dashboard::import::{self, Document, ImportError, Imported, Kind, Note, Origins};
use dashboard::interpolate::Scope;
use dashboard::model::{Asked, Dashboard, GridPos, LegendFormat, Panel, PanelKind, StatOptions, Target, TargetFormat};
use dashboard::repeat::{self, Instance};
use dashboard::time_override::TimeOverride;
use dashboard::{Patterns, grid, undrawn};
use engine::{CalcsOf, PanelId, PanelSpec, QuerySource, QuerySpec, Refine};
use frame::SortedSet;
use frame::calcs::Calc;
use std::sync::Arc;
use wasm_split_helpers::SplitLoaderError;

/// A dashboard, and what of its file is not supported.
pub struct Loaded {
    pub dashboard: Dashboard,
    /// The folder it is listed in; empty for none.
    pub folder: String,
    /// All dashboards there are, for its links.
    pub listed: Vec<Entry>,
    /// What calls series as their configuration says, where that has variables in it.
    pub namer: Option<Namer>,
    notes: Vec<Note>,
    origins: Origins,
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

/// What the file says of the panel of this number that is kept, and by which nothing is drawn.
pub fn undrawn(loaded: &Loaded, panel: usize) -> Vec<String> {
    let panel = loaded.dashboard.panels.get(panel);
    panel.map(|panel| undrawn::paths_of(&loaded.dashboard, &loaded.origins, panel)).unwrap_or_default()
}

/// Fetches and imports the dashboard `uid`.
pub async fn load(index: &str, uid: &str) -> Result<Arc<Loaded>, Missing> {
    let Found { entry, text, mut listed } = catalog::load_dashboard(index, uid).await?;
    let document = import::parse(&text).map_err(|error| unreadable(&entry.file, &error))?;
    let imported = read(document).await.map_err(|_| Missing::new(parts::MISSING.to_owned(), parts::MISSING_ADVICE))?;
    if listed.is_empty() && imported.dashboard.has_links() {
        // Links to dashboards lead nowhere else where there is no list.
        listed = catalog::load(index).await.unwrap_or_default();
    }
    let dashboard = imported.dashboard;
    let has_templates = dashboard.panels.iter().any(|panel| panel.fields.has_name_templates());
    // Without it they are called as their answers have it.
    let namer = if has_templates { parts::namer().await.ok() } else { None };
    Ok(Arc::new(Loaded {
        dashboard,
        folder: entry.folder,
        listed,
        namer,
        notes: imported.notes,
        origins: imported.origins,
    }))
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
    let advice = "Correct the file, or export the dashboard from Grafana again.";
    Missing::new(format!("{file} cannot be opened: {error}"), advice)
}

/// The rows that the user has opened or closed, by the ids of their instances.
pub type Turned = SortedSet<String>;

/// The panels of a dashboard and the copies of those that are repeated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Those that are shown.
    pub instances: Vec<Instance>,
    /// Those that their data hide: they are asked for all the same.
    pub hidden_by_data: Vec<Instance>,
    /// How many copies there would be beyond those.
    pub left_out: usize,
}

impl Loaded {
    /// All that is shown, without what its conditions hide.
    pub fn expand(&self, resolved: &Resolved, range_millis: i64) -> Shown {
        let panels = &self.dashboard.panels;
        let repeat::Expanded { mut instances, left_out } = repeat::expand(panels, &resolved.chosen);
        let mut in_hidden_row = false;
        let mut hidden_by_data = Vec::new();
        instances.retain(|instance| {
            let Some(panel) = panels.get(instance.index) else { return false };
            in_hidden_row &= panel.in_row;
            let shows = panel.condition.as_ref().is_none_or(|condition| {
                let scope = resolved.scope.with(&instance.local);
                let shows = |has_data| condition.shows(&scope, has_data, range_millis);
                // Where data make no difference they are of no interest.
                if shows(Some(true)) == shows(Some(false)) {
                    return shows(None);
                }
                let shows = shows(has_data(&instance.id));
                if !shows && !in_hidden_row {
                    hidden_by_data.push(instance.clone());
                }
                shows
            });
            in_hidden_row |= panel.is_row() && !shows;
            shows && !in_hidden_row
        });
        Shown { instances, hidden_by_data, left_out }
    }

    /// The panel that an instance is of.
    pub fn panel(&self, instance: &Instance) -> Option<&Panel> {
        self.dashboard.panels.get(instance.index)
    }

    /// What of `instances` is not in a closed row, with its place.
    pub fn placed<'a>(&self, instances: &'a [Instance], turned: &Turned) -> Vec<(&'a Instance, GridPos)> {
        let cell = |instance: &Instance| {
            let panel = self.panel(instance)?;
            Some(Cell::of(panel, instance.grid, is_closed(panel, &instance.id, turned)))
        };
        let placed = grid::layout(instances.iter().filter_map(cell));
        placed.iter().filter_map(|placed| Some((instances.get(placed.index)?, placed.grid))).collect()
    }

    /// What the engine is asked for what is `shown`, and for the panels whose results it shows.
    pub fn specs(&self, shown: &[&Instance], scope: &Scope, config: &Config) -> Vec<PanelSpec> {
        let panels = || shown.iter().filter_map(|instance| Some((self.panel(instance)?, *instance)));
        let mut specs: Vec<PanelSpec> =
            panels().filter_map(|(panel, instance)| spec(panel, instance, scope, config)).collect();
        let targets = panels().flat_map(|(panel, _)| &panel.targets);
        let behind: SortedSet<u32> = targets.filter(|target| !target.hide).filter_map(|target| target.panel).collect();
        for panel in behind.iter().filter_map(|id| self.dashboard.panel(*id)) {
            let instance = Instance { id: panel.id.to_string(), ..Instance::default() };
            let asked = asked(panel, &instance, scope, config);
            if !specs.iter().any(|known| known.id == asked.id) {
                specs.push(asked);
            }
        }
        specs
    }
}

/// Whether a panel has data; none while that is not known.
fn has_data(id: &str) -> Option<bool> {
    let has_series = |view: &PanelView| view.picture().map(|picture| !picture.head.series.is_empty());
    use_panel(&PanelId::from(id)).with(has_series)
}

/// Whether a row is closed: as the file has it, unless the user has turned it.
pub fn is_closed(row: &Panel, id: &str, turned: &Turned) -> bool {
    matches!(row.kind, PanelKind::Row { collapsed } if collapsed != turned.contains(id))
}

/// How the time range of `panel` differs from the dashboard's.
pub fn time_of(panel: &Panel, scope: &Scope) -> TimeOverride {
    let filled = |text: &Option<String>| text.as_ref().map(|text| scope.interpolate(text, "raw"));
    TimeOverride { from: filled(&panel.time_from), shift: filled(&panel.time_shift) }
}

/// What the engine is asked for an instance of `panel`; none for one without queries.
fn spec(panel: &Panel, instance: &Instance, scope: &Scope, config: &Config) -> Option<PanelSpec> {
    if foreign(panel).is_some() {
        return None;
    }
    let asked = asked(panel, instance, scope, config);
    let is_chart = matches!(panel.kind, PanelKind::TimeSeries(_));
    let calcs = match &panel.kind {
        PanelKind::TimeSeries(options) => for_colors(calcs(&options.legend.calcs), panel),
        PanelKind::Stat(options) => for_colors(stat_calcs(options), panel),
        PanelKind::Table(_) => vec![Calc::LastNotNull],
        _ => match StandIn::of(panel)? {
            StandIn::Values(options) => for_colors(stat_calcs(&options), panel),
            StandIn::Table => vec![Calc::LastNotNull],
        },
    };
    let may_refine = is_chart && !course::is_of_steps(&panel.fields);
    let (course, course_changes) = match is_chart {
        true => (course::of(&panel.fields.defaults), course::changes(&panel.fields)),
        false => Default::default(),
    };
    Some(PanelSpec {
        calcs,
        calcs_of: if is_chart { CalcsOf::Steps } else { CalcsOf::Samples },
        course,
        course_changes,
        piecewise: is_chart,
        // A finer answer is for drawing only.
        refine: (!may_refine).then_some(Refine::Panel),
        shaping: shaping::of(panel),
        ..asked
    })
}

/// The queries of an instance of `panel`, with nothing said of what is made of the answers.
fn asked(panel: &Panel, instance: &Instance, scope: &Scope, config: &Config) -> PanelSpec {
    let queries = queries(panel);
    let instant = queries.iter().all(|asked| asked.instant);
    let scope = scope.with(&instance.local);
    PanelSpec {
        id: PanelId::from(instance.id.as_str()),
        source: sources::default_uid(config),
        local: instance.local.clone(),
        time: time_of(panel, &scope),
        queries: queries.iter().map(|asked| query(asked, source_of(panel, asked.target, &scope, config))).collect(),
        max_data_points: panel.max_data_points,
        min_interval: panel.interval.clone(),
        shape: if instant { engine::Shape::Instant } else { engine::Shape::Range },
        ..PanelSpec::default()
    }
}

/// The ref ids of the queries that are asked, in their order.
pub fn asked_ref_ids(panel: &Panel) -> Vec<String> {
    queries(panel).into_iter().map(|asked| asked.ref_id.into_owned()).collect()
}

/// The queries that are asked. Expressions may need hidden ones.
fn queries(panel: &Panel) -> Vec<Asked<'_>> {
    let computes = panel.targets.iter().any(|target| target.expression.is_some());
    let targets = panel.targets.iter().filter(|target| target.expression.is_none() && (computes || !target.hide));
    targets.flat_map(Target::asked).collect()
}

fn query(asked: &Asked<'_>, source: QuerySource) -> QuerySpec {
    let Asked { target, ref_id, instant, .. } = asked;
    QuerySpec {
        ref_id: ref_id.to_string(),
        source,
        expr: target.expr.clone(),
        legend: match &target.legend {
            LegendFormat::Auto => "__auto".to_owned(),
            LegendFormat::Verbose => String::new(),
            LegendFormat::Template(template) => template.clone(),
        },
        instant: *instant,
        format: match target.format {
            TargetFormat::Table => engine::Format::Table,
            TargetFormat::Heatmap => engine::Format::Heatmap,
            TargetFormat::TimeSeries => engine::Format::TimeSeries,
        },
        interval: target.interval.clone(),
        interval_factor: target.interval_factor,
    }
}

/// The numbers of a stat.
fn stat_calcs(options: &StatOptions) -> Vec<Calc> {
    let change = options.show_percent_change.then_some(Calc::DiffPerc);
    calcs(&options.reduce.calcs).into_iter().chain(change).collect()
}

/// What colours go by comes last.
fn for_colors(mut calcs: Vec<Calc>, panel: &Panel) -> Vec<Calc> {
    calcs.extend(panel.fields.color_calcs());
    calcs
}

/// The calculations with these of Grafana's ids.
pub fn calcs(ids: &[String]) -> Vec<Calc> {
    ids.iter().filter_map(|id| Calc::parse(id)).collect()
}
