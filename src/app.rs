//! The app around the pages: starts the session, listens to the worker, shows the page the address names.

use crate::browser::worker_client::{Arrival, WorkerClient};
use crate::browser::{observe, timing};
use crate::pages::{alerts::Alerts, dashboard::DashboardPage, explore::Explore, home::Home};
use crate::protocol::{ToPage, ToWorker};
use crate::route::{Page, Route};
use crate::state::panel::{self, Picture};
use crate::state::session::Session;
use crate::state::setup;
use crate::ui::icon::{Icon, Shape};
use crate::ui::notice::Notice;
use crate::ui::top_bar::TopBar;
use crate::view::view;
use config::Problem;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Shows the app once config.json has been read.
pub fn mount(worker: web_sys::Worker) {
    let client = Rc::new(WorkerClient::new(worker, arrive));
    wasm_bindgen_futures::spawn_local(async move {
        let (config, problems) = setup::load_config().await;
        client.send(&setup::configure(&config));
        leptos::mount::mount_to_body(move || {
            let session = Session::new(client.clone(), config.clone());
            SESSION.with_borrow_mut(|current| *current = Some(session));
            provide_context(session);
            view! { <App problems=problems.clone() /> }
        });
        mark_app("ready");
    });
}

thread_local! {
    /// For the worker's messages, which come from outside of any component.
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

/// Takes in what the worker sends apart from answers.
fn arrive(arrival: Arrival) {
    match arrival.message {
        ToPage::Panel(id, phase, head) => {
            let picture = head.map(|head| Picture {
                head,
                times: arrival.times,
                values: arrival.values,
                arrived: crate::browser::clock::now(),
            });
            if let Some(picture) = &picture {
                let detail = timing::Detail {
                    panel: &id.0,
                    bytes: 0,
                    series: picture.head.series.len() as u32,
                    samples: picture.head.samples,
                };
                timing::measure("reduce", picture.head.reduce_millis, detail);
            }
            panel::arrive(&id, phase, picture);
        }
        ToPage::Range(range) => {
            if let Some(session) = SESSION.with_borrow(|session| *session) {
                session.shown.set(range);
            }
        }
        ToPage::Fetched(report) => {
            let panels = report.panels.iter().map(|panel| &*panel.0).collect::<Vec<&str>>().join(" ");
            let detail =
                timing::Detail { panel: &panels, bytes: report.bytes, series: report.series, samples: report.samples };
            timing::measure("query", report.query_millis, detail);
            timing::measure("decode", report.decode_millis, detail);
        }
        ToPage::Answer(..) => {}
    }
}

/// Sets `<html data-app>`, which tools wait for.
fn mark_app(state: &str) {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root {
        // A valid name and a text cannot be refused.
        let _ = root.set_attribute("data-app", state);
    }
}

#[component]
fn App(problems: Vec<Problem>) -> impl IntoView {
    let session = Session::expect();
    let page = session.page();
    Effect::new(move |_| set_theme(session.dark.get()));
    watch_visibility(session);
    observe::on_pixel_ratio(move |ratio| session.send(&ToWorker::PixelRatio(ratio)));
    let shown = move || {
        session.show_nothing();
        page_view(page.get())
    };
    view! {
        <div class="shell" data-kiosk=move || session.kiosk().then_some("")>
            <Rail />
            <main class="content">
                <ConfigProblems problems />
                {shown}
            </main>
        </div>
    }
}

/// The view of a page.
fn page_view(page: Page) -> AnyView {
    match page {
        Page::Home => view! { <Home /> },
        Page::Dashboard(uid) => view! { <DashboardPage uid /> },
        Page::Explore => view! { <Explore /> },
        Page::Alerts => view! { <Alerts /> },
        Page::Unknown(path) => view! { <UnknownPage path /> },
    }
}

/// Everything wrong with config.json, each with its place in the file.
#[component]
fn ConfigProblems(problems: Vec<Problem>) -> impl IntoView {
    (!problems.is_empty()).then(|| {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect();
        let advice = lines.join("; ");
        view! {
            <div class="page">
                <Notice title="config.json has problems; the rest of it is used" advice />
            </div>
        }
    })
}

#[component]
fn UnknownPage(path: String) -> impl IntoView {
    view! {
        <TopBar title="Not found" />
        <div class="page narrow">
            <Notice title=format!("There is no page “{path}”") advice="Home, explore and alerts are in the rail." />
        </div>
    }
}

#[component]
fn Rail() -> impl IntoView {
    let session = Session::expect();
    let page = session.page();
    let item = move |target: Page, shape: Shape, word: &'static str| {
        let href = format!("#{}", Route::to(target.clone()).hash());
        let here = move || (page.get() == target).then_some("page");
        view! {
            <a class="item" href=href aria-current=here title=word><Icon shape /><span class="word">{word}</span></a>
        }
    };
    view! {
        <nav class="rail" aria-label="Pages">
            <a class="brand" href="#/" aria-label="Pyrograph, home">
                <svg viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                    <path d="M3 25h5l3-6 4 4 3-9c1 3 4 4 4 8 3-3 3-9-1-13-1 2-2 3-3 3 0-4-1-7-4-9" />
                </svg>
                <span>"Pyrograph"</span>
            </a>
            {item(Page::Home, Shape::Home, "Home")}
            {item(Page::Explore, Shape::Explore, "Explore")}
            {item(Page::Alerts, Shape::Alerts, "Alerts")}
        </nav>
    }
}

fn set_theme(dark: bool) {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(root) = root {
        let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
    }
}

/// A hidden tab asks for nothing.
fn watch_visibility(session: Session) {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    let watched = document.clone();
    let callback = Closure::<dyn Fn()>::new(move || session.send(&ToWorker::Hidden(watched.hidden())));
    document.set_onvisibilitychange(Some(callback.as_ref().unchecked_ref()));
    // The app lives as long as the page.
    callback.forget();
}
