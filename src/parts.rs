//! The parts of the app that are loaded when they are first needed.
//!
//! What only a function marked `wasm_split` needs is not in the first load: it lies in a Wasm file of its own, which is
//! fetched at the first call. (`crates/xtask/src/bindgen.rs` cuts the module.)

use crate::browser::{embed, timing};
use crate::dom::{ArcRwSignal, El, Memo, RwSignal, el, on_leave, spawn_within};
use crate::pages;
use crate::pages::dashboard::annotations_bar;
use crate::pages::dashboard::filters_bar::{self, FiltersBar};
use crate::panels::chart::{self, Area, Plot};
use crate::panels::{self, links::Linked, table_panel::Settings as TableSettings};
use crate::state::annotations::Annotations;
use crate::state::catalog::{Entry, Missing};
use crate::state::dashboard::{self as state, Loaded};
use crate::state::foreign;
use crate::state::links::{Links, Namer};
use crate::state::panel::PanelView;
use crate::state::session::Session;
use crate::state::variables::asked;
use crate::state::variables::options::{Asker, Offered};
use crate::ui::listbox::{self, ListBox};
use crate::ui::{drop, keys, notice, range_form, tab};
use dashboard::Patterns;
use dashboard::import::{self, Document};
use dashboard::interpolate::Scope;
use dashboard::model::{TextOptions, Variable};
use dashboard::time::RawRange;
use dashboard::variable_options::Extract;
use engine::PanelId;
use format::Unit;
use frame::{TimeRange, Zone};
use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use wasm_split_helpers::{SplitLoaderError, wasm_split};
use web_sys::Event;

type Built = Result<Vec<El>, SplitLoaderError>;

/// What is said of a part that cannot be fetched.
pub const MISSING: &str = "A part of Pyrograph could not be loaded";
/// What can be done about it.
pub const MISSING_ADVICE: &str =
    "Check the connection and reload the page: a newer version may have been put on the server.";

/// The list of dashboards.
pub fn home() -> El {
    part(load_home(), home_page())
}

/// Queries by hand.
pub fn explore() -> El {
    part(load_explore(), explore_page())
}

/// Rules and alerts.
pub fn alerts() -> El {
    part(load_alerts(), alerts_page())
}

/// What is scraped, and how the servers are.
pub fn targets() -> El {
    part(load_targets(), targets_page())
}

/// What the user chooses.
pub fn settings() -> El {
    part(load_settings(), settings_page())
}

/// What opens under the time range.
pub fn range_form(range: Memo<RawRange>, open: RwSignal<bool>) -> El {
    part(load_range_form(), range_form_content(range, open))
}

/// A table of the fields of `view`.
pub fn table(id: PanelId, view: ArcRwSignal<PanelView>, settings: TableSettings) -> El {
    part(load_table(), table_panel(id, view, settings))
}

/// What stands in for the panel of this number, which is not drawn yet.
pub fn stand_in(loaded: Arc<Loaded>, panel: usize, id: PanelId, links: Links) -> El {
    part(load_table(), built_stand_in(loaded, panel, id, links))
}

#[wasm_split(table, fallible)]
fn built_stand_in(loaded: Arc<Loaded>, panel: usize, id: PanelId, links: Links) -> Built {
    let panel = loaded.dashboard.panels.get(panel);
    Ok(panel.map_or_else(Vec::new, |panel| panels::stand_in::stand_in(&id, panel, links)))
}

/// What the pointer does to a chart, from `first` on.
pub fn pointer(plot: Plot, first: Event) -> El {
    part(load_pointer(), chart_pointer(plot, first))
}

/// The switches of a dashboard's annotations.
pub fn annotations_bar(session: Session, annotations: Annotations) -> El {
    part(load_annotations(), built_annotations_bar(session, annotations))
}

#[wasm_split(annotations, fallible, preload(load_annotations))]
fn built_annotations_bar(session: Session, annotations: Annotations) -> Built {
    Ok(annotations_bar::annotations_bar(session, annotations))
}

/// What happened, above the chart of the panel with this id.
pub fn annotation_layer(session: Session, annotations: Annotations, panel: u32, area: RwSignal<Option<Area>>) -> El {
    part(load_annotations(), built_annotation_layer(session, annotations, panel, area))
}

#[wasm_split(annotations, fallible)]
fn built_annotation_layer(
    session: Session,
    annotations: Annotations,
    panel: u32,
    area: RwSignal<Option<Area>>,
) -> Built {
    Ok(chart::annotations::layer(session, annotations, panel, area))
}

/// Exemplars above the chart of an instance of the panel of this number, once the page has time for them.
pub fn exemplar_layer(links: Links, panel: usize, id: PanelId, area: RwSignal<Option<Area>>) -> El {
    let load = async {
        timing::painted().await;
        load_exemplars().await
    };
    part(load, built_exemplar_layer(links, panel, id, area))
}

#[wasm_split(exemplars, fallible, preload(load_exemplars))]
fn built_exemplar_layer(links: Links, panel: usize, id: PanelId, area: RwSignal<Option<Area>>) -> Built {
    let loaded = links.loaded.clone();
    let panel = loaded.dashboard.panels.get(panel);
    Ok(panel.map_or_else(Vec::new, |panel| chart::exemplars::layer(links, id, panel, area)))
}

/// Links of a dashboard, a panel or a value.
pub fn links(of: Linked) -> El {
    part(load_links(), built_links(of))
}

#[wasm_split(links, fallible, preload(load_links))]
fn built_links(of: Linked) -> Built {
    Ok(of.build())
}

/// An instant, in milliseconds since the epoch, as `unit` writes it in `zone`.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(instants, fallible)]
pub fn instant_text(unit: Unit, millis: f64, zone: Zone) -> Result<String, SplitLoaderError> {
    Ok(panels::instant::text(Session::expect(), &unit, millis, &zone))
}

/// Keeps `filled` the title of a panel with what only its data and the time range tell, once it is painted.
pub fn keep_title(links: Links, id: PanelId, title: String, filled: RwSignal<Option<String>>) {
    spawn_within(async move {
        timing::painted().await;
        // Without the part the title stays as it is. The page may be gone by now.
        if filled.try_get_untracked().is_some() {
            let _ = kept_title(links, id, title, filled).await;
        }
    });
}

#[wasm_split(links, fallible)]
fn kept_title(
    links: Links,
    id: PanelId,
    title: String,
    filled: RwSignal<Option<String>>,
) -> Result<(), SplitLoaderError> {
    if filled.try_get_untracked().is_some() {
        panels::links::keep_title(links, &id, title, filled);
    }
    Ok(())
}

/// What calls series by texts with variables in them.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(links, fallible)]
pub fn namer() -> Result<Namer, SplitLoaderError> {
    Ok(panels::links::named)
}

/// What a file says of a panel that is kept, and by which nothing is drawn.
#[wasm_split(undrawn, fallible)]
pub fn undrawn(loaded: Arc<Loaded>, panel: usize) -> Result<Vec<String>, SplitLoaderError> {
    Ok(state::undrawn(&loaded, panel))
}

/// The text of a panel. Beside charts it leaves the line to them until the first is painted.
pub fn text(links: Links, text: TextOptions, beside_charts: bool) -> El {
    let load = async move {
        if beside_charts {
            timing::painted().await;
        }
        load_text().await
    };
    part(load, text_panel(links, text))
}

#[wasm_split(text, fallible, preload(load_text))]
fn text_panel(links: Links, text: TextOptions) -> Built {
    Ok(vec![panels::text::text(links, text)])
}

/// What opens the description of a panel. It leaves the line to what is seen first.
pub fn description(links: Links, text: String) -> El {
    let load = async move {
        timing::painted().await;
        load_description().await
    };
    part(load, built_description(links, text))
}

#[wasm_split(text, fallible, preload(load_description))]
fn built_description(links: Links, text: String) -> Built {
    Ok(vec![panels::text::description(links, text)])
}

/// What a variable offers whose data source has to be asked.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(asked, fallible)]
pub fn asked_options(
    asker: Rc<Asker>,
    variable: Variable,
    scope: Scope,
    range: TimeRange,
    say_loading: Box<dyn Fn()>,
) -> Result<Pin<Box<dyn Future<Output = Offered>>>, SplitLoaderError> {
    Ok(Box::pin(asked::offered(asker, variable, scope, range, say_loading)))
}

/// The filters of an ad hoc variable.
pub fn filters_bar(bar: FiltersBar) -> El {
    part(load_filters_bar(), built_filters_bar(bar))
}

#[wasm_split(filters_bar, fallible, preload(load_filters_bar))]
fn built_filters_bar(bar: FiltersBar) -> Built {
    Ok(filters_bar::filters_bar(bar))
}

/// A list to choose from.
pub fn listbox(list: ListBox) -> El {
    part(load_listbox(), built_listbox(list))
}

#[wasm_split(listbox, fallible, preload(load_listbox))]
fn built_listbox(list: ListBox) -> Built {
    Ok(listbox::listbox(list))
}

#[wasm_split(home, fallible, preload(load_home))]
fn home_page() -> Built {
    Ok(pages::home::home())
}

#[wasm_split(explore, fallible, preload(load_explore))]
fn explore_page() -> Built {
    Ok(pages::explore::explore())
}

#[wasm_split(alerts, fallible, preload(load_alerts))]
fn alerts_page() -> Built {
    Ok(pages::alerts::alerts())
}

#[wasm_split(targets, fallible, preload(load_targets))]
fn targets_page() -> Built {
    Ok(pages::targets::targets())
}

#[wasm_split(settings, fallible, preload(load_settings))]
fn settings_page() -> Built {
    Ok(pages::settings::settings())
}

#[wasm_split(range_form, fallible, preload(load_range_form))]
fn range_form_content(range: Memo<RawRange>, open: RwSignal<bool>) -> Built {
    Ok(vec![range_form::range_form(Session::expect(), range, open)])
}

#[wasm_split(table, fallible, preload(load_table))]
fn table_panel(id: PanelId, view: ArcRwSignal<PanelView>, settings: TableSettings) -> Built {
    Ok(vec![panels::table_panel::table(&id, view, settings)])
}

#[wasm_split(pointer, fallible, preload(load_pointer))]
fn chart_pointer(plot: Plot, first: Event) -> Built {
    Ok(panels::chart::handle(plot, &first))
}

/// Lifts a dashboard of an old schema to the newest classic one.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(legacy, fallible)]
pub fn migrate_legacy(document: Document) -> Result<Document, SplitLoaderError> {
    Ok(import::migrate_legacy(document))
}

/// Lifts a dashboard of schema v2 to the newest classic one.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(schema_v2, fallible)]
pub fn migrate_v2(document: Document) -> Result<Document, SplitLoaderError> {
    Ok(import::migrate_v2(document))
}

/// Does what a key means.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(keys, fallible)]
pub fn press(key: String, with_ctrl: bool) -> Result<(), SplitLoaderError> {
    keys::press(Session::expect(), &key, with_ctrl);
    Ok(())
}

/// What stands around every page and is not needed at first: the tab's icon, the list of visits, files let go on the page.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(around, fallible)]
pub fn around() -> Result<(), SplitLoaderError> {
    let session = Session::expect();
    tab::follow(session);
    drop::take_files(session);
    Ok(())
}

/// A dashboard that is not in the list, with its JSON if that is at hand.
///
/// # Errors
/// The part cannot be fetched; within, there is no such dashboard.
#[wasm_split(foreign, fallible)]
pub fn find_foreign(uid: String) -> Result<Result<(Entry, Option<String>), Missing>, SplitLoaderError> {
    Ok(foreign::find(&uid))
}

/// Tells the page around, which is of one of `origins`, how large `content` is.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(embed, fallible)]
pub fn announce_size(content: El, origins: Vec<String>) -> Result<(), SplitLoaderError> {
    embed::announce_size(&content.node(), origins);
    Ok(())
}

/// The engine for regular expressions in a dashboard.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(patterns, fallible)]
pub fn patterns() -> Result<Patterns, SplitLoaderError> {
    Ok(Patterns::ALL)
}

/// What a variable's regular expression takes of its query's answer, or why it cannot be used.
///
/// # Errors
/// The part cannot be fetched.
#[wasm_split(patterns, fallible)]
pub fn extract(regex: String) -> Result<Result<Extract, String>, SplitLoaderError> {
    Ok(Extract::parse(&regex))
}

/// An element without a box of its own, which holds what `build` makes as soon as its code is there. A page that was
/// left by then is not built.
fn part(
    load: impl Future<Output = Result<(), SplitLoaderError>> + 'static,
    build: impl Future<Output = Built> + 'static,
) -> El {
    part_boxed(Box::pin(load), Box::pin(build))
}

fn part_boxed(
    load: Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>,
    build: Pin<Box<dyn Future<Output = Built>>>,
) -> El {
    let host = el("div").class("part");
    let place = host.clone();
    let wanted = Rc::new(Cell::new(true));
    on_leave({
        let wanted = wanted.clone();
        move || wanted.set(false)
    });
    spawn_within(async move {
        let loaded = load.await;
        if wanted.get() {
            let built = if loaded.is_ok() { build.await } else { Ok(vec![missing()]) };
            place.children(built.unwrap_or_else(|_| vec![missing()]));
        }
    });
    host
}

fn missing() -> El {
    notice::problem(MISSING, MISSING_ADVICE)
}
