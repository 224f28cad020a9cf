//! The app around the pages: starts the session, listens to the worker, shows the page the address names.

use crate::browser::worker_client::{Arrival, WorkerClient};
use crate::browser::{clock, embed, observe, timing};
use crate::dom::{El, Memo, el, on_window, react, spawn_within, svg};
use crate::pages::dashboard::dashboard;
use crate::parts;
use crate::protocol::{ToPage, ToWorker};
use crate::route::{Page, Route};
use crate::state::panel::{self, Picture};
use crate::state::preferences;
use crate::state::session::Session;
use crate::state::setup;
use crate::ui::icon::{Shape, icon};
use crate::ui::notice;
use crate::ui::top_bar::top_bar;
use config::Problem;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::KeyboardEvent;

/// How long after the start that is loaded which stands around every page: when the first panels are there.
const AROUND_AFTER_MILLIS: i64 = 2_000;

/// Shows the app once config.json has been read.
pub fn mount(worker: web_sys::Worker) {
    // Refused only if it is there already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let client = Rc::new(WorkerClient::new(worker, arrive));
    wasm_bindgen_futures::spawn_local(async move {
        let waiting = RefCell::new(None::<El>);
        let wait = |why: Option<&str>| {
            let shown = why.map(|why| {
                let notice = notice::problem(why, "The page starts once it is there. It is tried again by itself.");
                el("main").class("page narrow").child(notice)
            });
            shown.iter().for_each(|shown| _ = El::body().child(shown.clone()));
            waiting.replace(shown).iter().for_each(El::remove);
        };
        let (config, problems) = setup::load_config(wait).await;
        let settings = preferences::kept_settings();
        client.send(&setup::configure(&config, &settings));
        let owner = Owner::new();
        owner.with(|| {
            let session = Session::start(client, config, settings);
            El::body().child(app(session, &problems));
        });
        // The app lives as long as the page.
        std::mem::forget(owner);
        El::root().attr("data-app", "ready");
    });
}

/// Takes in what the worker sends apart from answers.
fn arrive(arrival: Arrival) {
    match arrival.message {
        ToPage::Panel(id, phase, head) => {
            let picture = head.map(|head| Picture { head, times: arrival.times, values: arrival.values });
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
            if let Some(session) = Session::current() {
                session.shown.set(range);
            }
        }
        ToPage::Fetched(report) => {
            let panels = report.panels.iter().map(|panel| &*panel.0).collect::<Vec<&str>>().join(" ");
            let detail =
                timing::Detail { panel: &panels, bytes: report.bytes, series: report.series, samples: report.samples };
            timing::measure("query", report.query_millis, detail);
            timing::measure("decode", report.decode_millis, detail);
            if let Some(session) = Session::current() {
                session.fetched.set(Some(report));
            }
        }
        ToPage::Begun => {
            if let Some(session) = Session::current() {
                session.troubles.set(Vec::new());
                session.skew_millis.set(0);
            }
        }
        ToPage::Source { uid, trouble } => {
            if let Some(session) = Session::current() {
                session.report_source(uid, trouble);
            }
        }
        ToPage::Skew { millis } => {
            if let Some(session) = Session::current() {
                session.skew_millis.set(millis);
            }
        }
        ToPage::Answer(..) | ToPage::Outgrown => {}
    }
}

fn app(session: Session, problems: &[Problem]) -> El {
    react(move || {
        El::root().attr("data-theme", if session.dark.get() { "dark" } else { "light" });
    });
    watch_visibility(session);
    on_window("keydown", |event| press(event.unchecked_ref()));
    observe::on_pixel_ratio(move |ratio| session.send(&ToWorker::PixelRatio(ratio)));
    let page = session.page();
    let shown = move || {
        session.show_nothing();
        page_content(page.get())
    };
    let banners = el("div").class("part").children_with(move || banners(session));
    let content = el("main").class("content").child(banners).children(config_problems(problems)).children_with(shown);
    announce_size(session, content.clone());
    spawn_within(async {
        clock::sleep(AROUND_AFTER_MILLIS).await;
        // Without it the tab says less, and the page nothing less.
        let _ = parts::around().await;
    });
    El::root().flag_with("data-transparent", move || session.route.with(|route| route.params.is_on("transparent")));
    let shell = el("div").class("shell").flag_with("data-kiosk", move || session.kiosk());
    shell.child(rail(page)).child(content)
}

/// Hands on keys that mean something by themselves: none that a field or the browser takes.
fn press(event: &KeyboardEvent) {
    let in_field = event.target().is_some_and(|target| {
        let name = target.unchecked_into::<web_sys::Element>().tag_name();
        matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    });
    let key = event.key();
    let with_ctrl = event.ctrl_key() || event.meta_key();
    // Shift, Tab and the like say nothing, and load nothing.
    let is_said = key.chars().count() == 1 || matches!(key.as_str(), "ArrowLeft" | "ArrowRight");
    let is_palette = with_ctrl && key == "k";
    if is_palette {
        event.prevent_default();
    } else if !is_said || in_field || with_ctrl || event.alt_key() || event.default_prevented() {
        return;
    }
    leptos::task::spawn_local(async move {
        // Without the part a key does nothing; all it does can be clicked as well.
        let _ = parts::press(key, with_ctrl).await;
    });
}

/// In a frame, the page around may make room for the content.
fn announce_size(session: Session, content: El) {
    let origins = session.config.with_value(|config| config.embed.origins.clone());
    if !origins.is_empty() && embed::is_framed() {
        leptos::task::spawn_local(async move {
            // Without it the frame keeps the size it has.
            let _ = parts::announce_size(content, origins).await;
        });
    }
}

/// What a page consists of.
fn page_content(page: Page) -> Vec<El> {
    match page {
        Page::Home => vec![parts::home()],
        Page::Dashboard(uid) => dashboard(&uid),
        Page::Explore => vec![parts::explore()],
        Page::Alerts => vec![parts::alerts()],
        Page::Targets => vec![parts::targets()],
        Page::Settings => vec![parts::settings()],
        Page::Unknown(path) => {
            let words = format!("There is no page “{path}”");
            let notice = notice::notice(&words, "Home, explore, alerts, targets and settings are in the rail.");
            vec![top_bar(|| "Not found".to_owned(), []), el("div").class("page narrow").child(notice)]
        }
    }
}

/// What concerns all of a page: once, however many panels it concerns.
fn banners(session: Session) -> Vec<El> {
    let troubles = session.troubles.with(|troubles| {
        troubles.iter().map(|(uid, error)| (format!("{uid}: {}", error.title), error.cause.clone())).collect::<Vec<_>>()
    });
    let skew = session.skew_millis.get();
    let clock = (skew != 0).then(|| {
        let direction = if skew > 0 { "ahead of" } else { "behind" };
        let title = format!("The servers' clock is {} s {direction} this device's", skew.abs() / 1_000);
        (title, "Times shown are the servers'. Set this device's clock.".to_owned())
    });
    let banners = troubles.into_iter().chain(clock);
    banners.map(|(title, cause)| el("div").class("page banner").child(notice::notice(&title, &cause))).collect()
}

/// Everything wrong with config.json, each with its place in the file.
fn config_problems(problems: &[Problem]) -> Option<El> {
    (!problems.is_empty()).then(|| {
        let lines: Vec<String> =
            problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect();
        let notice = notice::notice("config.json has problems; the rest of it is used", &lines.join("; "));
        el("div").class("page").child(notice)
    })
}

fn rail(page: Memo<Page>) -> El {
    let item = |target: Page, shape: Shape, word: &str| {
        let href = format!("#{}", Route::to(target.clone()).hash());
        let here = move || (page.get() == target).then(|| "page".to_owned());
        let link = el("a").class("item").attr("href", &href).attr_with("aria-current", here).attr("title", word);
        link.child(icon(shape)).child(el("span").class("word").text(word))
    };
    el("nav")
        .class("rail")
        .attr("aria-label", "Pages")
        .child(brand())
        .child(item(Page::Home, Shape::Home, "Home"))
        .child(item(Page::Explore, Shape::Explore, "Explore"))
        .child(item(Page::Alerts, Shape::Alerts, "Alerts"))
        .child(item(Page::Targets, Shape::Targets, "Targets"))
        .child(el("span").class("spring"))
        .child(item(Page::Settings, Shape::Settings, "Settings"))
}

fn brand() -> El {
    let flame = "M3 25h5l3-6 4 4 3-9c1 3 4 4 4 8 3-3 3-9-1-13-1 2-2 3-3 3 0-4-1-7-4-9";
    let mark = svg("svg")
        .attr("viewBox", "0 0 32 32")
        .attr("fill", "none")
        .attr("stroke", "currentColor")
        .attr("stroke-width", "2.6")
        .attr("stroke-linecap", "round")
        .attr("stroke-linejoin", "round")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", flame));
    let link = el("a").class("brand").attr("href", "#/").attr("aria-label", "Pyrograph, home");
    link.child(mark).child(el("span").text("Pyrograph"))
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
