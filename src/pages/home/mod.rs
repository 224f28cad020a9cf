//! Home: what is wrong now, and the dashboards there are.

mod filters;
mod found;
mod list;
mod problems;

use crate::dom::{El, Memo, RwSignal, el, spawn};
use crate::pages::home::filters::{Filters, filters};
use crate::pages::home::list::list;
use crate::pages::home::problems::problems;
use crate::state::catalog::{self, Entry, Missing};
use crate::state::recent;
use crate::state::session::Session;
use crate::ui::drop;
use crate::ui::file_button::file_button;
use crate::ui::list_keys::list_keys;
use crate::ui::notice::problem;
use crate::ui::top_bar::top_bar;
use std::sync::Arc;

/// The dashboards, as soon as the list has come.
type Catalog = RwSignal<Option<Result<Arc<Vec<Entry>>, Missing>>>;

/// The page.
pub fn home() -> Vec<El> {
    let session = Session::expect();
    let catalog = load(session);
    let asked = Memo::new(move |_| session.route.with(|route| Filters::of(&route.params)));
    let recent = recent::DASHBOARDS.list();
    let no_source = session.config.with_value(|config| config.data_sources.is_empty()).then(|| {
        problem(
            "No data source is configured, and none was found on this origin",
            "Name one in config.json: {\"dataSources\": [{\"uid\": \"prometheus\", \"name\": \"Prometheus\", \"url\": \"prometheus\"}]}, where url is the address, relative to this page, below which api/v1 answers.",
        )
    });
    let content = move || {
        catalog.with(|catalog| match catalog {
            // As long as it is not known what is there, nothing is said to be missing.
            None => Vec::new(),
            Some(Ok(entries)) => vec![filters(session, asked, entries), list(session, asked, entries.clone(), &recent)],
            Some(Err(missing)) => vec![problem(&missing.title, &missing.advice)],
        })
    };
    let page = el("div").class("page narrow home").children(no_source).children(problems(session));
    let file = file_button("Open file", move |file| drop::open(session, file));
    // Arrow keys go through the rows, from the field on.
    vec![
        top_bar(
            || "Dashboards".to_owned(),
            [file.attr("title", "Open a dashboard's JSON, as dropping it on the page does")],
        ),
        list_keys(page, "a.row").children_with(content),
    ]
}

fn load(session: Session) -> Catalog {
    let list = RwSignal::new(None);
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    spawn(async move {
        list.set(Some(catalog::load(&index).await.map(Arc::new)));
    });
    list
}
