//! Home: the dashboards there are.

use crate::dom::{El, el, value_of};
use crate::pages::problems::problems;
use crate::route::{Page, Route};
use crate::state::catalog::{self, Entry, Missing};
use crate::state::session::Session;
use crate::ui::notice::problem;
use crate::ui::top_bar::top_bar;
use crate::ui::words::has_words;
use leptos::prelude::*;

/// The list of dashboards, by folder.
pub fn home() -> Vec<El> {
    let session = Session::expect();
    let list = load_list(session);
    let sought = RwSignal::new(String::new());
    let filter = el("input")
        .attr("type", "search")
        .attr("placeholder", "Filter")
        .attr("aria-label", "Filter dashboards")
        .on("input", move |event| sought.set(value_of(&event)));
    let no_source = session.config.with_value(|config| config.data_sources.is_empty()).then(|| {
        problem(
            "No data source is configured, and none was found on this origin",
            "Name one in config.json: {\"dataSources\": [{\"uid\": \"prometheus\", \"name\": \"Prometheus\", \"url\": \"prometheus\"}]}, where url is the address, relative to this page, below which api/v1 answers.",
        )
    });
    let page = el("div").class("page narrow").children(no_source).children(problems(session));
    let page = page.children_with(move || {
        list.with(|list| match list {
            None => Vec::new(),
            Some(Ok(entries)) => found(entries, &sought.get()),
            Some(Err(missing)) => vec![problem(&missing.title, &missing.advice)],
        })
    });
    vec![top_bar(|| "Dashboards".to_owned(), [filter]), page]
}

/// The list, as soon as it has come.
fn load_list(session: Session) -> RwSignal<Option<Result<Vec<Entry>, Missing>>> {
    let list = RwSignal::new(None);
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    leptos::task::spawn_local(async move {
        let loaded = catalog::load(&index).await;
        // The page may be gone by now.
        let _ = list.try_set(Some(loaded));
    });
    list
}

/// The dashboards that have every word of `sought` in them, a section for each folder.
fn found(entries: &[Entry], sought: &str) -> Vec<El> {
    let matches =
        |entry: &&Entry| has_words(&format!("{} {} {}", entry.title, entry.folder, entry.tags.join(" ")), sought);
    let mut found: Vec<&Entry> = entries.iter().filter(matches).collect();
    if found.is_empty() {
        return vec![el("p").class("empty card").text("No dashboard matches")];
    }
    frame::sort_by(&mut found, |a, b| (&a.folder, &a.title).cmp(&(&b.folder, &b.title)));
    found.chunk_by(|a, b| a.folder == b.folder).map(folder).collect()
}

fn folder(entries: &[&Entry]) -> El {
    let name = entries.first().map(|entry| entry.folder.as_str()).filter(|name| !name.is_empty());
    let title = name.map(|name| el("div").class("section-title").child(el("h2").text(name)));
    let rows = entries.iter().map(|entry| {
        let href = format!("#{}", Route::to(Page::Dashboard(entry.uid.clone())).hash());
        let tags = entry.tags.iter().map(|tag| el("span").class("tag").text(tag));
        let link = el("a").class("row").attr("href", &href).child(el("span").class("title").text(&entry.title));
        el("li").child(link.child(el("span").class("tags").children(tags)))
    });
    el("section").children(title).child(el("ul").class("list card").children(rows))
}
