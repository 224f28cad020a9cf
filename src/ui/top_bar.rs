//! The one line above every page: where I am, then the page's own tools.

use crate::route::{Page, Route};
use crate::state::session::{Session, Theme};
use crate::ui::icon::{Icon, Shape};
use crate::view::view;
use leptos::prelude::*;

/// The bar with `title` and whatever tools the page puts into it.
#[component]
pub fn TopBar(#[prop(into)] title: Signal<String>, #[prop(optional)] children: Option<Children>) -> impl IntoView {
    let session = Session::expect();
    let page = session.page();
    let at_home = move || page.get() == Page::Home;
    Effect::new(move |_| {
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            document.set_title(&format!("{} · Pyrograph", title.get()));
        }
    });
    view! {
        <header class="bar">
            <div class="where">
                {move || (!at_home()).then(|| view! {
                    <a href=format!("#{}", Route::to(Page::Home).hash())>"Home"</a><span class="hint" aria-hidden="true">"/"</span>
                })}
                <h1>{title}</h1>
            </div>
            <div class="tools">{children.map(|children| children())}<ThemeButton /></div>
        </header>
    }
}

/// Light, dark, or as the system has it.
#[component]
fn ThemeButton() -> impl IntoView {
    let session = Session::expect();
    let label = move || match session.theme.get() {
        Theme::Auto => "Colours follow the system",
        Theme::Light => "Light colours",
        Theme::Dark => "Dark colours",
    };
    let turn = move |_| {
        session.set_theme(match session.theme.get_untracked() {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        });
    };
    view! {
        <button class="button plain icon-only" type="button" aria-label=label title=label on:click=turn>
            <Icon shape=Shape::Theme />
        </button>
    }
}
