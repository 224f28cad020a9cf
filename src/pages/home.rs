//! Home: the dashboards there are.

use crate::route::{Page, Route};
use crate::state::catalog::{self, Entry};
use crate::state::session::Session;
use crate::ui::notice::Notice;
use crate::ui::top_bar::TopBar;
use crate::view::view;
use leptos::prelude::*;

/// The list of dashboards, by folder.
#[component]
pub fn Home() -> impl IntoView {
    let session = Session::expect();
    let index = session.config.with_value(|config| config.dashboards.index.clone());
    let list = LocalResource::new(move || {
        let index = index.clone();
        async move { catalog::load(&index).await }
    });
    let sought = RwSignal::new(String::new());
    let no_source = session.config.with_value(|config| config.data_sources.is_empty());
    view! {
        <TopBar title="Dashboards">
            <input type="search" placeholder="Filter" aria-label="Filter dashboards" bind:value=sought />
        </TopBar>
        <div class="page narrow">
            {no_source.then(|| view! {
                <Notice
                    bad=true
                    title="No data source is configured, and none was found on this origin"
                    advice="Name one in config.json: {\"dataSources\": [{\"uid\": \"prometheus\", \"name\": \"Prometheus\", \"url\": \"prometheus\"}]}, where url is the address, relative to this page, below which api/v1 answers."
                />
            })}
            {move || list.get().map(|list| match list {
                Ok(entries) => view! { <List entries sought /> },
                Err(missing) => view! { <Notice bad=true title=missing.title advice=missing.advice /> },
            })}
        </div>
    }
}

#[component]
fn List(entries: Vec<Entry>, sought: RwSignal<String>) -> impl IntoView {
    let found = move || {
        let words = sought.get().to_lowercase();
        let matches = |entry: &&Entry| {
            let text = format!("{} {} {}", entry.title, entry.folder, entry.tags.join(" ")).to_lowercase();
            words.split_whitespace().all(|word| text.contains(word))
        };
        let mut found: Vec<Entry> = entries.iter().filter(matches).cloned().collect();
        frame::sort_by(&mut found, |a, b| (&a.folder, &a.title).cmp(&(&b.folder, &b.title)));
        found
    };
    view! {
        {move || {
            let found = found();
            if found.is_empty() {
                return view! { <p class="empty card">"No dashboard matches"</p> };
            }
            let folders = found.chunk_by(|a, b| a.folder == b.folder).map(folder).collect_view();
            folders.into_any()
        }}
    }
}

fn folder(entries: &[Entry]) -> impl IntoView + use<> {
    let name = entries.first().map(|entry| entry.folder.clone()).filter(|name| !name.is_empty());
    let rows = entries
        .iter()
        .map(|entry| {
            let href = format!("#{}", Route::to(Page::Dashboard(entry.uid.clone())).hash());
            let tags = entry.tags.iter().map(|tag| view! { <span class="tag">{tag.clone()}</span> }).collect_view();
            view! {
                <li><a class="row" href=href><span class="title">{entry.title.clone()}</span><span class="tags">{tags}</span></a></li>
            }
        })
        .collect_view();
    view! {
        <section>
            {name.map(|name| view! { <div class="section-title"><h2>{name}</h2></div> })}
            <ul class="list card">{rows}</ul>
        </section>
    }
}
