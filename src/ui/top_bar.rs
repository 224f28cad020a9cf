//! The one line above every page: where I am, then the page's own tools.

use crate::browser::tab;
use crate::dom::{El, el, react};
use crate::route::{Page, Route};
use crate::state::session::Session;
use crate::ui::icon::{Shape, icon_button};
use config::ThemeChoice;
use leptos::prelude::*;

/// A place above the page: what it is called, and where it is.
pub struct Crumb {
    pub words: String,
    pub route: Route,
}

/// The bar with a title that may change, and whatever tools the page puts into it.
pub fn top_bar(title: impl Fn() -> String + Clone + 'static, tools: impl IntoIterator<Item = El>) -> El {
    top_bar_below(Vec::new, title, tools)
}

/// The bar of a page that lies below other places than home.
pub fn top_bar_below(
    above: impl Fn() -> Vec<Crumb> + 'static,
    title: impl Fn() -> String + Clone + 'static,
    tools: impl IntoIterator<Item = El>,
) -> El {
    let session = Session::expect();
    let document_title = title.clone();
    let whole_title = title.clone();
    react(move || {
        let range = session.asked.with(|range| range.as_ref().map(|range| session.range_words(range)));
        let range = range.map_or_else(String::new, |words| format!(" · {}", decapitalized(&words)));
        tab::set_title(&format!("{}{range} · Pyrograph", document_title()));
    });
    let at_home = session.route.with_untracked(|route| route.page == Page::Home);
    let crumbs = move || {
        let home = (!at_home).then(|| Crumb { words: "Home".to_owned(), route: Route::to(Page::Home) });
        home.into_iter().chain(above()).flat_map(crumb).collect()
    };
    let heading = el("h1").attr_with("title", move || Some(whole_title())).text_with(title);
    let place = el("div").class("where").children_with(crumbs).child(heading);
    let tools = el("div").class("tools").children(tools).child(theme_button(session));
    el("header").class("bar").child(place).child(tools)
}

fn crumb(crumb: Crumb) -> [El; 2] {
    let link = el("a").attr("href", &format!("#{}", crumb.route.hash())).text(&crumb.words);
    [link, el("span").class("hint").attr("aria-hidden", "true").text("/")]
}

/// "last 6 hours", as it stands within a line.
fn decapitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

/// Light, dark, or as the system has it.
fn theme_button(session: Session) -> El {
    let label = move || {
        let words = match session.theme() {
            ThemeChoice::Auto => "Colours follow the system",
            ThemeChoice::Light => "Light colours",
            ThemeChoice::Dark => "Dark colours",
        };
        Some(words.to_owned())
    };
    let turn = move || {
        session.set_theme(match untrack(|| session.theme()) {
            ThemeChoice::Auto => ThemeChoice::Light,
            ThemeChoice::Light => ThemeChoice::Dark,
            ThemeChoice::Dark => ThemeChoice::Auto,
        });
    };
    let button = icon_button(Shape::Theme, "").class_if("plain", true);
    button.attr_with("aria-label", label).attr_with("title", label).on_click(turn)
}
