//! The tab: its title and its icon.

use std::cell::OnceCell;
use web_sys::{Document, Element};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Sets the title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

thread_local! {
    /// The icon that the page came with.
    static PLAIN: OnceCell<Option<String>> = const { OnceCell::new() };
}

/// Shows an SVG text as the icon; none shows the one that the page came with.
pub fn set_icon(svg: Option<&str>) {
    let Some(link) = icon_link() else { return };
    let plain = PLAIN.with(|plain| plain.get_or_init(|| link.get_attribute("href")).clone());
    let drawn = svg.map(|svg| format!("data:image/svg+xml,{}", String::from(js_sys::encode_uri_component(svg))));
    let next = drawn.or(plain).unwrap_or_default();
    if link.get_attribute("href").as_ref() != Some(&next) {
        // A well-formed name is taken.
        let _ = link.set_attribute("href", &next);
    }
}

fn icon_link() -> Option<Element> {
    document()?.query_selector("link[rel~=icon]").ok().flatten()
}
