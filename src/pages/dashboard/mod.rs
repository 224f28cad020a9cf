//! A dashboard: its variables and time range in the bar, its panels in Grafana's grid.

pub mod annotations_bar;
pub mod filters_bar;
mod grid;
mod variables_bar;

use crate::browser::clock::Pauses;
use crate::dom::{El, Memo, RwSignal, StoredValue, el, react};
use crate::panels::links::Linked;
use crate::parts;
use crate::route::{Page, Route};
use crate::state::annotations::Annotations;
use crate::state::catalog;
use crate::state::dashboard::{self as state, Loaded, Shown, Turned};
use crate::state::links::Links;
use crate::state::preferences::Wishes;
use crate::state::session::Session;
use crate::state::variables::Variables;
use crate::ui::notice;
use crate::ui::time_picker::{refresh_picker, time_picker};
use crate::ui::top_bar::{Crumb, top_bar, top_bar_below};
use dashboard::interpolate::Scope;
use dashboard::repeat::Instance;
use dashboard::time::{RawRange, parse_duration};
use engine::View;
use grid::grid;
use std::sync::Arc;
use variables_bar::variables_bar;

/// The page of the dashboard `uid`.
pub fn dashboard(uid: &str) -> Vec<El> {
    let session = Session::expect();
    let loaded = RwSignal::new(None);
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    let uid = uid.to_owned();
    leptos::task::spawn_local(async move {
        let mut pauses = Pauses::default();
        loop {
            let result = state::load(&index, &uid).await;
            let passes = result.as_ref().is_err_and(|missing| missing.passes);
            let is_gone = loaded.try_set(Some(result)).is_some();
            if is_gone || !passes {
                return;
            }
            pauses.wait().await;
        }
    });
    let content = move || {
        loaded.with(|loaded| match loaded {
            None => vec![top_bar(|| "Dashboard".to_owned(), [])],
            Some(Ok(loaded)) => shown(session, loaded),
            Some(Err(missing)) => failed(missing),
        })
    };
    vec![el("div").class("part").children_with(content)]
}

fn failed(missing: &catalog::Missing) -> Vec<El> {
    let again = if missing.passes { " It is tried again by itself." } else { "" };
    let problem = notice::problem(&missing.title, &[&missing.advice, again].concat());
    vec![top_bar(|| "Dashboard".to_owned(), []), el("div").class("page narrow").child(problem)]
}

/// A dashboard that is open: what the parts of its page share.
#[derive(Clone)]
struct Open {
    session: Session,
    loaded: Arc<Loaded>,
    range: Memo<RawRange>,
    refresh: Memo<String>,
    variables: Variables,
    /// At first by what is known of the variables before any is asked for.
    expanded: Memo<Arc<Shown>>,
    turned: RwSignal<Turned>,
    /// Whether its panels, as they are by the values of all variables, were in the page before.
    has_opened: StoredValue<bool>,
    annotations: Option<Annotations>,
    /// The panel that is shown alone.
    solo: Memo<Option<String>>,
}

impl Open {
    fn new(session: Session, loaded: &Arc<Loaded>) -> Self {
        let dashboard = &loaded.dashboard;
        session.go_by(Wishes::of(dashboard));
        let own_range = dashboard.time.clone().unwrap_or_else(|| session.opening_range(RawRange::default()));
        let range = Memo::new(move |_| session.range_or(&own_range));
        let own_refresh = dashboard.refresh.clone();
        let refresh = Memo::new(move |_| session.refresh_or(own_refresh.as_deref()));
        let variables = Variables::start(session, &dashboard.variables, range);
        let solo = Memo::new(move |_| session.route.with(|route| route.params.get("viewPanel").map(instance_id)));
        let has_conditions = dashboard.panels.iter().any(|panel| panel.condition.is_some());
        let turned = RwSignal::new(Turned::new());
        let has_opened = StoredValue::new(false);
        let (read, resolved) = (loaded.clone(), variables.resolved);
        let expanded = Memo::new(move |before: Option<&Arc<Shown>>| {
            let mut millis = 0;
            if has_conditions {
                // What is in a closed row is not asked for, so whether it has data is known from then on.
                turned.track();
                millis = session.resolve(&range.get()).map_or(0, |range| range.millis());
            }
            resolved.with(|resolved| {
                let expanded = Arc::new(read.expand(resolved, millis));
                if !resolved.is_provisional && before == Some(&expanded) {
                    // What stands there already is not built anew.
                    has_opened.set_value(true);
                }
                expanded
            })
        });
        let annotations = Annotations::of(dashboard);
        let loaded = loaded.clone();
        Self { session, loaded, range, refresh, variables, expanded, turned, has_opened, annotations, solo }
    }

    /// Tells the worker what is shown, whenever that changes.
    fn ask_for_data(&self) {
        let open = self.clone();
        react(move || {
            let (resolved, expanded) = (open.variables.resolved.get(), open.expanded.get());
            if resolved.is_provisional {
                return;
            }
            let alone = open.alone(&expanded);
            let shown = match &alone {
                Some(instance) => vec![instance],
                None => open.turned.with(|turned| {
                    let placed = open.loaded.placed(&expanded.instances, turned);
                    let hidden = expanded.hidden_by_data.iter();
                    placed.into_iter().map(|(instance, _)| instance).chain(hidden).collect()
                }),
            };
            let dashboard = &open.loaded.dashboard;
            let panels = open.session.config.with_value(|config| open.loaded.specs(&shown, &resolved.scope, config));
            let marks = open.annotations.as_ref().map(|marks| marks.specs(&resolved.scope, open.session));
            open.session.show(View {
                range: open.range.get(),
                zone: open.session.zone(),
                calendar: open.session.calendar(),
                now_delay_millis: dashboard.time_picker.now_delay.as_deref().and_then(parse_duration).unwrap_or(0),
                refresh_millis: parse_duration(&open.refresh.get()).filter(|millis| *millis > 0),
                scope: resolved.scope.clone(),
                filters: resolved.filters.clone(),
                panels: panels.into_iter().chain(marks.into_iter().flatten()).collect(),
            });
        });
    }

    /// What the links of a panel go by that has these variables of its own.
    fn links(&self, local: &Scope) -> Links {
        Links {
            session: self.session,
            loaded: self.loaded.clone(),
            variables: self.variables.clone(),
            range: self.range,
            local: local.clone(),
        }
    }

    /// What the page is called: by the panel that is shown alone, or by the dashboard.
    fn title(&self) -> String {
        let alone = self.expanded.with(|expanded| self.alone(expanded));
        let panel = alone.and_then(|instance| {
            let panel = self.loaded.dashboard.panels.get(instance.index)?;
            Some(self.variables.text(&instance.local, &panel.title))
        });
        panel.unwrap_or_else(|| self.loaded.dashboard.title.clone())
    }

    /// What lies above it: its folder, and above a panel the dashboard.
    fn crumbs(&self) -> Vec<Crumb> {
        let folder = Some(&self.loaded.folder).filter(|folder| !folder.is_empty()).map(|folder| {
            let mut route = Route::to(Page::Home);
            route.params.set("q", [folder.clone()]);
            Crumb { words: folder.clone(), route }
        });
        let dashboard = self.solo.with(Option::is_some).then(|| {
            let mut route = self.session.route.get();
            route.params.set("viewPanel", []);
            Crumb { words: self.loaded.dashboard.title.clone(), route }
        });
        folder.into_iter().chain(dashboard).collect()
    }

    /// The instance that is shown alone, if one is.
    fn alone(&self, expanded: &Shown) -> Option<Instance> {
        let id = self.solo.get()?;
        expanded.instances.iter().find(|instance| instance.id == id).cloned()
    }
}

/// What `viewPanel=panel-3`, or `viewPanel=3`, means.
fn instance_id(param: &str) -> String {
    param.strip_prefix("panel-").unwrap_or(param).to_owned()
}

/// A dashboard that could be read.
fn shown(session: Session, loaded: &Arc<Loaded>) -> Vec<El> {
    let open = Open::new(session, loaded);
    open.ask_for_data();
    let dashboard = &loaded.dashboard;
    let picker = (!dashboard.time_picker.hidden).then(|| time_picker(session, open.range));
    let tools = picker.into_iter().chain([refresh_picker(session, open.refresh)]);
    let (above, below) = (open.clone(), open.clone());
    let bar = top_bar_below(move || above.crumbs(), move || below.title(), tools);
    let marks = open.annotations.clone().map(|annotations| parts::annotations_bar(session, annotations));
    let has_links = !dashboard.links.is_empty();
    let links = has_links.then(|| parts::links(Linked::Dashboard(open.links(&Scope::default()))));
    let choices = variables_bar(session, &dashboard.variables, &open.variables, marks.into_iter().chain(links));
    vec![bar, el("div").class("page").children(choices).child_with(move || grid(&open))]
}
